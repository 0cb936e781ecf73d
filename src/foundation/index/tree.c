/* From the plan of a query to the trees that are asked of Xapian. */
#include "index/index_int.h"

/* With what no hit must have, but what gives weight. */
static const struct node *with_extras(struct arena *a, const struct plan *plan,
                                      const struct node *wanted, const struct node *const *bonus,
                                      size_t bonus_count)
{
    const struct node *parts[2 * INDEX_MAX_CLAUSES + 2];
    size_t count = 0;
    parts[count++] = wanted;
    for (size_t i = 0; i < bonus_count; i++)
        parts[count++] = bonus[i];
    for (size_t i = 0; i < plan->extra_count; i++)
        parts[count++] = plan->extra[i];
    if (plan->whole)
        parts[count++] = plan->whole;
    return node_of(a, NODE_MAYBE, parts, count);
}

const struct node *tree_all(struct arena *a, const struct plan *plan, unsigned long bits)
{
    const struct node *required[INDEX_MAX_CLAUSES], *bonus[INDEX_MAX_CLAUSES];
    size_t count = 0, bonuses = 0;
    for (size_t i = 0; i < plan->want_count; i++) {
        if (!(bits >> i & 1))
            continue;
        required[count++] = plan->wants[i].node;
        if (plan->wants[i].bonus)
            bonus[bonuses++] = plan->wants[i].bonus;
    }
    return with_extras(a, plan, node_of(a, NODE_AND, required, count), bonus, bonuses);
}

/* A want, all of it or some of it. */
static const struct node *any_of_want(struct arena *a, const struct want *w)
{
    const struct node *ways[3] = {w->node};
    size_t count = 1;
    if (w->bonus)
        ways[count++] = w->bonus;
    if (w->loose)
        ways[count++] = w->loose;
    return node_of(a, NODE_OR, ways, count);
}

const struct node *tree_some(struct arena *a, const struct plan *plan)
{
    const struct node *some[INDEX_MAX_CLAUSES], *required[INDEX_MAX_CLAUSES + 1];
    size_t count = 0, musts = 1;
    for (size_t i = 0; i < plan->want_count; i++) {
        if (plan->wants[i].must)
            required[musts++] = plan->wants[i].node;
        else
            some[count++] = any_of_want(a, &plan->wants[i]);
    }
    if (!count)
        return NULL;
    required[0] = with_extras(a, plan, node_of(a, NODE_OR, some, count), NULL, 0);
    return node_of(a, NODE_FILTER, required, musts);
}

const struct node *tree_conditions(struct arena *a, const struct plan *plan,
                                   const struct node *wanted)
{
    const struct node *parts[INDEX_MAX_CLAUSES + 1];
    size_t count = 1;
    parts[0] = wanted;
    for (size_t i = 0; i < plan->filter_count; i++)
        parts[count++] = plan->filters[i];
    parts[0] = node_of(a, NODE_FILTER, parts, count);
    for (count = 1; count <= plan->excluded_count; count++)
        parts[count] = plan->excluded[count - 1];
    return node_of(a, NODE_NOT, parts, count);
}
