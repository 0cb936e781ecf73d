/* What the editors must still do: terms are counted against the taxonomy, items by the library. */
#include "site/site_gaps_int.h"

#include "base/vec.h"

struct subjects {
    struct site_gap_subject *items;
    size_t count, capacity;
};

const char *site_gap_code(enum site_gap gap)
{
    static const char *const codes[SITE_GAPS] = {
        [LIBRARY_GAP_UNCHECKED] = "niet-nagekeken",
        [LIBRARY_GAP_OVERDUE] = "verouderd",
        [LIBRARY_GAP_THIN] = "kort",
        [LIBRARY_GAP_SOURCE] = "geen-webadres",
        [SITE_GAP_FEW] = "te-weinig",
        [SITE_GAP_COLLECTION] = "geen-collectie",
    };
    return codes[gap];
}

static struct site_gap_subject subject_of(struct ctx *c, enum taxonomy_kind kind,
                                          const struct taxonomy_term *term)
{
    return (struct site_gap_subject){
        .kind = str_from(taxonomy_kind_name(kind)),
        .slug = term->slug,
        .name = term->name,
        .url = str_fmt(c->arena, "/%s/%.*s", taxonomy_kind_folder(kind), (int)term->slug.len,
                       term->slug.ptr),
    };
}

/* ---- terms with few items ---- */

static int add_few(struct ctx *c, const struct taxonomy *t, enum taxonomy_kind kind,
                   struct subjects *subjects)
{
    struct site_term_view *terms;
    TRY(site_terms(c, t, kind, &terms));
    for (size_t i = 0; i < t->list[kind].count; i++) {
        if (terms[i].count >= SITE_FEW_ITEMS)
            continue;
        struct site_gap_subject subject = subject_of(c, kind, &t->list[kind].terms[i]);
        subject.counted = true;
        subject.items = terms[i].count;
        *vec_push(c->arena, subjects) = subject;
    }
    return 0;
}

/* ---- terms without a collection ---- */

static int add_without(struct ctx *c, const struct taxonomy *t, enum taxonomy_kind kind,
                       struct subjects *subjects)
{
    const struct taxonomy_list *list = &t->list[kind];
    const str *missing;
    size_t count;
    str *codes = arena_array(c->arena, list->count + 1, sizeof *codes);
    for (size_t i = 0; i < list->count; i++)
        codes[i] = list->terms[i].code;
    TRY(collections_missing(c, taxonomy_kind_name(kind), codes, list->count, &missing, &count));
    for (size_t i = 0; i < count; i++)
        *vec_push(c->arena, subjects) = subject_of(c, kind, taxonomy_by_code(t, kind, missing[i]));
    return 0;
}

/* Of the gaps that are about terms: there are some 60 terms, so all at once. */
static int term_subjects(struct ctx *c, enum site_gap gap, struct subjects *ret)
{
    const struct taxonomy *t;
    TRY(taxonomy_load(c, &t));
    if (gap == SITE_GAP_COLLECTION) {
        TRY(add_without(c, t, TAXONOMY_ACTOR, ret));
        return add_without(c, t, TAXONOMY_BOTTLENECK, ret);
    }
    for (int kind = 0; kind < TAXONOMY_KINDS; kind++)
        TRY(add_few(c, t, (enum taxonomy_kind)kind, ret));
    return 0;
}

/* ---- items ---- */

static int item_subjects(struct ctx *c, enum library_gap gap, size_t offset, size_t limit,
                         struct subjects *ret)
{
    struct library_link *items;
    size_t count;
    TRY(library_gap_items(c, gap, offset, limit, &items, &count));
    for (size_t i = 0; i < count; i++)
        *vec_push(c->arena, ret) = (struct site_gap_subject){
            .kind = S("item"),
            .slug = items[i].slug,
            .name = items[i].title,
            .url = str_fmt(c->arena, "/kennisbank/%s", str_z(c->arena, items[i].slug)),
        };
    return 0;
}

static bool is_of_items(enum site_gap gap)
{
    return (int)gap < LIBRARY_GAPS;
}

int site_gap_count(struct ctx *c, enum site_gap gap, long long *ret)
{
    struct subjects subjects = {0};
    if (is_of_items(gap))
        return library_gap_count(c, (enum library_gap)gap, ret);
    TRY(term_subjects(c, gap, &subjects));
    *ret = (long long)subjects.count;
    return 0;
}

int site_gap_subjects(struct ctx *c, enum site_gap gap, size_t offset, size_t limit,
                      struct site_gap_subject **ret, size_t *ret_count)
{
    struct subjects subjects = {0};
    if (is_of_items(gap)) {
        TRY(item_subjects(c, (enum library_gap)gap, offset, limit, &subjects));
        offset = 0; /* the library has passed over the first already */
    } else {
        TRY(term_subjects(c, gap, &subjects));
    }
    size_t from = offset < subjects.count ? offset : subjects.count;
    *ret = subjects.items + from;
    *ret_count = subjects.count - from < limit ? subjects.count - from : limit;
    return 0;
}
