/* Making query trees. */
#include "index/index_int.h"

const struct node node_none = {.kind = NODE_NONE}, node_all = {.kind = NODE_ALL};

const struct node *node_of(struct arena *a, enum node_kind kind, const struct node *const *child,
                           size_t count)
{
    if (count == 0)
        return &node_none;
    if (count == 1)
        return child[0];
    const struct node **copy = arena_array(a, count, sizeof *copy);
    for (size_t i = 0; i < count; i++)
        copy[i] = child[i];
    struct node *n = arena_new_of(a, struct node);
    *n = (struct node){.kind = kind, .child = copy, .count = count};
    return n;
}

const struct node *node_two(struct arena *a, enum node_kind kind, const struct node *first,
                            const struct node *second)
{
    return node_of(a, kind, (const struct node *[]){first, second}, 2);
}

const struct node *node_term(struct arena *a, char prefix, str text)
{
    struct node *n = arena_new_of(a, struct node);
    *n = (struct node){.kind = NODE_TERM, .term = xap_name(a, prefix, text)};
    return n;
}

const struct node *node_scale(struct arena *a, const struct node *n, double scale)
{
    const struct node **child = arena_new_of(a, const struct node *);
    struct node *scaled = arena_new_of(a, struct node);
    *child = n;
    *scaled = (struct node){.kind = NODE_SCALE, .scale = scale, .child = child, .count = 1};
    return scaled;
}

const struct node *node_phrase(struct arena *a, const struct phrase *p)
{
    struct node *n = arena_new_of(a, struct node);
    *n = (struct node){.kind = NODE_PHRASE, .phrase = p};
    return n;
}
