/* When few objects have all that was asked: what has some of it is added, and what belongs with the
   best of those. All are then ranked by what they have, so that an object that is about most of the
   words comes before one that happens to have them all somewhere.

   What is added does not depend on the chosen facets, so that their counts hold. */
#include "index/index_int.h"

enum {
    MOST_ADDED = 15,
    BEST = 3,         /* hits whose relatives are added */
    MAX_RELATED = 40, /* of one hit */
};
/* As parts of the weight of the best hit. */
static const double least_weight = 0.05, least_of_best = 0.6;
/* What an address that is named counts, beside the words: by a relative that names the hit, and by
   the hit itself. */
static const double names_hit = 1.4, named_by_hit = 0.7;

struct relatives {
    struct search *s;
    const struct node *node[BEST * (MAX_RELATED + 1)];
    size_t count;
};

/* An address that no document has costs a search nothing, but for asking whether it is there. */
static int add_address(struct relatives *r, char prefix, str address, double weight)
{
    struct arena *a = r->s->c->arena;
    str name = xap_name(a, prefix, address);
    size_t found;
    TRY(xap_frequency(r->s->c, r->s->reader, name, &found));
    if (found && r->count < COUNT_OF(r->node))
        r->node[r->count++] = node_scale(a, node_term(a, 0, name), weight);
    return 0;
}

/* hit->terms: its address with A before it, and those that it names, with R. */
static int add_relatives(struct relatives *r, const struct xap_hit *hit, double weight)
{
    for (size_t i = 0; i < hit->term_count && i < MAX_RELATED; i++) {
        str address = str_slice(hit->terms[i], 1, hit->terms[i].len);
        if (hit->terms[i].ptr[0] == 'A')
            TRY(add_address(r, 'R', address, weight * names_hit));
        else if (hit->terms[i].ptr[0] == 'R')
            TRY(add_address(r, 'A', address, weight * named_by_hit));
    }
    return 0;
}

/* NULL: there are none. */
static int relatives_of(struct search *s, const struct xap_result *found, const struct node **ret)
{
    struct relatives *r = arena_new_of(s->c->arena, struct relatives);
    r->s = s;
    for (size_t i = 0; i < found->hit_count && i < BEST; i++) {
        double part = found->hits[i].weight / found->hits[0].weight;
        if (part >= least_of_best)
            TRY(add_relatives(r, &found->hits[i], part));
    }
    *ret = r->count ? node_of(s->c->arena, NODE_OR, r->node, r->count) : NULL;
    return 0;
}

static bool has_must(const struct plan *plan)
{
    for (size_t i = 0; i < plan->want_count; i++)
        if (plan->wants[i].must)
            return true;
    return false;
}

/* The best of what has some of it; with the names of its terms that say who it is. */
static int ask_some(struct search *s, const struct node *some, struct xap_result *ret)
{
    struct xap_request request = {.query = some, .limit = MOST_ADDED, .prefixes = "AKR"};
    return xap_match(s->c, s->reader, &request, ret);
}

static int find_complete(struct search *s, const struct node *strict, struct filled *ret)
{
    struct xap_result found;
    struct xap_request request = {.query = strict, .limit = FILL_FEW, .prefixes = ""};
    TRY(xap_match(s->c, s->reader, &request, &found));
    for (size_t i = 0; i < found.hit_count; i++)
        ret->complete[i] = found.hits[i].document;
    ret->complete_count = found.hit_count;
    return 0;
}

/* The term that only this document has. */
static str id_of(const struct xap_hit *hit)
{
    for (size_t i = 0; i < hit->term_count; i++)
        if (hit->terms[i].ptr[0] == 'K')
            return hit->terms[i];
    return S("");
}

/* One of the documents that were found, or one that has all. */
static const struct node *members(struct arena *a, const struct xap_result *found,
                                  const struct node *strict)
{
    const struct node *nodes[MOST_ADDED + 1];
    size_t count = 0;
    nodes[count++] = strict;
    for (size_t i = 0; i < found->hit_count; i++)
        if (found->hits[i].weight >= least_weight * found->hits[0].weight)
            nodes[count++] = node_term(a, 0, id_of(&found->hits[i]));
    return node_of(a, NODE_OR, nodes, count);
}

int fill_few(struct search *s, const struct plan *plan, const struct node *strict,
             struct filled *ret)
{
    struct arena *a = s->c->arena;
    struct xap_result found;
    const struct node *some = tree_some(a, plan), *related = NULL;
    *ret = (struct filled){0};
    if (!some)
        return 0;
    TRY(find_complete(s, strict, ret));
    if (ret->complete_count == FILL_FEW)
        return 0;
    TRY(ask_some(s, tree_conditions(a, plan, some), &found));
    if (!has_must(plan))
        TRY(relatives_of(s, &found, &related));
    if (related) {
        some = node_two(a, NODE_OR, some, related);
        TRY(ask_some(s, tree_conditions(a, plan, some), &found));
    }
    if (found.hit_count)
        ret->query =
            node_two(a, NODE_FILTER, tree_conditions(a, plan, some), members(a, &found, strict));
    return 0;
}
