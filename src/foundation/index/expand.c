/* From what was typed to what is asked of Xapian: compounds, synonyms, typing mistakes, fields. */
#include "base/buf.h"
#include "base/vec.h"
#include "index/index_int.h"

enum { MAX_PHRASE = 24 };
static const double synonym_weight = 0.8, title_weight = 0.7, written_weight = 0.3;

/* A query while it is being understood. */
struct reading {
    struct search *s;
    struct arena *a;
    const struct parsed *p;
    struct plan *plan;
    struct word word[INDEX_MAX_CLAUSES]; /* of the clauses that are words */
    str mended[INDEX_MAX_CLAUSES];       /* what a mistyped word became; empty: nothing */
    bool only_stop_words;
};

static void add_mark(struct reading *r, str key, bool whole)
{
    *vec_push(r->a, &(struct { struct mark *items; size_t count, capacity; } *){0}) = (struct mark){key, whole};
}
