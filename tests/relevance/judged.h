/* judged.h - the queries of queries.tsv with their judgements, and what a ranked list is worth. */
#pragma once

#include "base/ctx.h"

enum { JUDGED_DEPTH = 10 }; /* of the list that is measured */

struct judgement {
    str name;       /* slug of an item, or of a term */
    bool is_term;   /* stands in the file as begrip:SLUG */
    unsigned grade; /* 1 to 3 */
};
struct judged {
    str id, half, kind, text;
    const struct judgement *judgements;
    size_t count;
};

/* All queries of the file, in its order. ERR_INVALID names the line that is wrong: columns, half,
   kind, an id or a judgement that stands there twice. */
int judged_read(struct ctx *c, str text, struct judged **ret, size_t *ret_count) _nodiscard_;

/* Should this query find nothing, or little? It has no judgements. */
bool judged_has_no_answer(const struct judged *q);

/* The grade of an item or a term for this query; 0 when it is not named. */
unsigned judged_grade(const struct judged *q, bool is_term, str name);

/* The normalised discounted cumulative gain of a list with these grades, best first in the list's
   own order: gain 2^grade - 1, discount log2(rank + 1), against the best order of everything that
   is judged. Without terms the judgements of terms do not count. Below 0: nothing has grade 3. */
double judged_ndcg(const struct judged *q, bool with_terms, const unsigned *grades, size_t count);
