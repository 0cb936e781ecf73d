/* A search from text to hits: understand, ask, relax when nothing fits, count, show. */
#include "base/vec.h"
#include "index/index_int.h"

enum { MAX_LIMIT = 100, MAX_OFFSET = 10000, MAX_COMBINATIONS = 60 };

/* One search under way. */
struct run {
    struct search s;
    const struct index_query *q;
    struct plan plan;
    const struct node *filters[INDEX_MAX_FACETS]; /* by facet; NULL: none chosen */
    const struct node *core;                      /* without the chosen facets */
    const struct node *strict;                    /* what has all that was asked */
    struct filled filled;
};

/* ---- facets that were chosen ---- */

/* With the chosen facets, but for facet `without` (-1: all of them). */
static const struct node *with_facets(const struct run *r, const struct node *core, int without)
{
    const struct node *parts[INDEX_MAX_FACETS + 1];
    size_t count = 1;
    parts[0] = core;
    for (int i = 0; i < INDEX_MAX_FACETS; i++)
        if (r->filters[i] && i != without)
            parts[count++] = r->filters[i];
    return node_of(r->s.c->arena, NODE_FILTER, parts, count);
}

static int read_filters(struct run *r)
{
    struct arena *a = r->s.c->arena;
    for (size_t i = 0; i < r->q->filter_count; i++) {
        const struct index_filter *f = &r->q->filters[i];
        int facet = index_facet_number(r->s.ix, str_from(f->facet));
        if (facet < 0)
            return err_set(r->s.c, ERR_INVALID, "Op \"%s\" kan niet worden gefilterd.", f->facet);
        if (!f->count)
            continue;
        const struct node **values = arena_array(a, f->count + 1, sizeof *values);
        for (size_t k = 0; k < f->count; k++)
            values[k] = node_term(a, 0, terms_facet(a, facet, f->values[k]));
        const struct node *any = node_of(a, NODE_OR, values, f->count);
        r->filters[facet] = r->filters[facet] ? node_two(a, NODE_AND, r->filters[facet], any) : any;
    }
    return 0;
}

/* ---- asking ---- */

static unsigned facets_without_filter(const struct run *r)
{
    unsigned bits = 0;
    for (size_t i = 0; i < r->s.ix->facet_count; i++)
        if (!r->filters[i])
            bits |= 1U << i;
    return bits;
}

static int ask(struct run *r, const struct node *core, struct xap_result *ret)
{
    struct xap_request request = {
        .query = with_facets(r, core, -1),
        .newest_first = !r->plan.want_count,
        .offset = r->q->offset < MAX_OFFSET ? r->q->offset : MAX_OFFSET,
        .limit = r->q->limit < MAX_LIMIT ? r->q->limit : MAX_LIMIT,
        .check_at_least = INDEX_EXACT_COUNT + 1,
        .facets = facets_without_filter(r),
    };
    r->core = core;
    return xap_match(r->s.c, r->s.reader, &request, ret);
}

/* The next higher number with as many bits set. */
static unsigned long next_combination(unsigned long bits)
{
    unsigned long low = bits & -bits, next = bits + low;
    return next | (((bits ^ next) / low) >> 2);
}

/* Any `count` of the wants that occur at all; NULL when there are too many ways to choose. */
static const struct node *some_wants(const struct run *r, const size_t *present,
                                     size_t present_count, size_t count)
{
    const struct node *ways[MAX_COMBINATIONS];
    size_t n = 0;
    for (unsigned long bits = (1UL << count) - 1; bits < 1UL << present_count;
         bits = next_combination(bits)) {
        unsigned long wants = 0;
        if (n == MAX_COMBINATIONS)
            return NULL;
        for (size_t i = 0; i < present_count; i++)
            if (bits >> i & 1)
                wants |= 1UL << present[i];
        ways[n++] = tree_all(r->s.c->arena, &r->plan, wants);
    }
    return node_of(r->s.c->arena, NODE_OR, ways, n);
}

/* Nothing has all words, and nothing could be added: as many of them as possible, then. */
static int relax(struct run *r, struct xap_result *ret)
{
    size_t present[INDEX_MAX_CLAUSES], count = 0;
    for (size_t i = 0; i < r->plan.want_count; i++)
        if (r->plan.wants[i].frequency)
            present[count++] = i;
    size_t most = count < r->plan.want_count ? count : count ? count - 1 : 0;
    for (size_t n = most; n > 0 && !ret->total; n--) {
        const struct node *some = some_wants(r, present, count, n);
        if (!some)
            continue;
        TRY(ask(r, tree_conditions(r->s.c->arena, &r->plan, some), ret));
        r->plan.relaxed = true;
    }
    return 0;
}

/* ---- facets ---- */

static void add_facet(const struct run *r, const struct xap_result *found, size_t facet,
                      struct index_facet *ret)
{
    struct index_count *counts = arena_array(r->s.c->arena, found->count_count + 1, sizeof *counts);
    size_t n = 0;
    for (size_t i = 0; i < found->count_count; i++)
        if (found->counts[i].facet == facet)
            counts[n++] = (struct index_count){found->counts[i].value, found->counts[i].count};
    *ret = (struct index_facet){r->s.ix->facets[facet], counts, n};
}

/* A facet with a filter is counted in a question of its own without that filter. */
static int count_facets(struct run *r, const struct xap_result *found, struct index_result *ret)
{
    size_t count = r->s.ix->facet_count;
    struct index_facet *facets = arena_array(r->s.c->arena, count + 1, sizeof *facets);
    for (size_t i = 0; i < count; i++) {
        struct xap_result other;
        struct xap_request request = {.query = with_facets(r, r->core, (int)i),
                                      .check_at_least = INDEX_EXACT_COUNT + 1,
                                      .facets = 1U << i};
        if (r->filters[i])
            TRY(xap_match(r->s.c, r->s.reader, &request, &other));
        add_facet(r, r->filters[i] ? &other : found, i, &facets[i]);
    }
    ret->facets = facets;
    ret->facet_count = count;
    return 0;
}

/* ---- showing ---- */

static bool is_complete(const struct run *r, unsigned long long document)
{
    for (size_t i = 0; i < r->filled.complete_count; i++)
        if (r->filled.complete[i] == document)
            return !r->plan.relaxed;
    return !r->filled.query && !r->plan.relaxed;
}

static int show_hit(struct run *r, struct arena *scratch, const struct xap_result *found,
                    const struct xap_hit *x, struct index_hit *ret)
{
    struct stored d;
    if (!stored_unpack(x->data, &d))
        return 0; /* of another format: a rebuild is under way */
    *ret = (struct index_hit){.kind = d.kind,
                              .id = d.id,
                              .slug = d.slug,
                              .url = d.url,
                              .type = d.type,
                              .catalogue = d.catalogue,
                              .partial = !is_complete(r, x->document)};
    r->plan.marks_of_parts = ret->partial;
    if (found->best_weight > 0)
        ret->score = 100 * x->weight / found->best_weight;
    highlight_title(&r->s, &r->plan, scratch, d.title, &ret->title);
    highlight_snippet(&r->s, &r->plan, scratch, &d, &ret->snippet);
    if (r->q->explain)
        return explain(&r->s, r->core, d.kind, d.id, &ret->explanation);
    return 0;
}

static int show_hits(struct run *r, const struct xap_result *found, struct index_result *ret)
{
    struct arena *scratch = arena_new();
    struct index_hit *hits = arena_array(r->s.c->arena, found->hit_count + 1, sizeof *hits);
    int code = 0;
    for (size_t i = 0; i < COUNT_OF(r->plan.unmarked); i++)
        r->plan.unmarked[i] = arena_array(r->s.c->arena, HIGHLIGHT_UNMARKED, sizeof(uint32_t));
    for (size_t i = 0; i < found->hit_count && code == 0; i++) {
        code = show_hit(r, scratch, found, &found->hits[i], &hits[ret->hit_count]);
        if (hits[ret->hit_count].kind.len)
            ret->hit_count++;
        arena_reset(scratch);
    }
    arena_free(scratch);
    ret->hits = hits;
    return code;
}

/* ---- the whole ---- */

/* Few have all words: then what has some of them counts too, each by what it has. */
static int ask_words(struct run *r, struct xap_result *ret)
{
    const struct node *strict =
        tree_conditions(r->s.c->arena, &r->plan, tree_all(r->s.c->arena, &r->plan, ~0UL));
    TRY(fill_few(&r->s, &r->plan, strict, &r->filled));
    TRY(ask(r, r->filled.query ? r->filled.query : strict, ret));
    r->strict = strict;
    return ret->total ? 0 : relax(r, ret);
}

static int ask_query(struct run *r, const struct parsed *p, struct xap_result *ret)
{
    if (r->plan.want_count)
        return ask_words(r, ret);
    bool all = p->count || !str_trim(r->q->text).len;
    return ask(r, tree_conditions(r->s.c->arena, &r->plan, all ? &node_all : &node_none), ret);
}

/* How many of the hits have all that was asked. */
static int count_complete(struct run *r, size_t total, size_t *ret)
{
    struct xap_result found;
    struct xap_request request = {.check_at_least = INDEX_EXACT_COUNT + 1};
    *ret = r->plan.relaxed ? 0 : r->filled.query ? r->filled.complete_count : total;
    if (!*ret || !r->filled.query || !r->q->filter_count)
        return 0;
    request.query = with_facets(r, r->strict, -1);
    TRY(xap_match(r->s.c, r->s.reader, &request, &found));
    *ret = found.total;
    return 0;
}

static int search_once(struct run *r, struct index_result *ret)
{
    struct parsed *p = arena_new_of(r->s.c->arena, struct parsed);
    struct xap_result found = {0};
    *ret = (struct index_result){0};
    query_parse(r->s.ix, r->q->text, p);
    TRY(expand(&r->s, p, &r->plan));
    TRY(read_filters(r));
    TRY(ask_query(r, p, &found));
    TRY(count_facets(r, &found, ret));
    TRY(show_hits(r, &found, ret));
    TRY(count_complete(r, found.total, &ret->complete));
    ret->total = found.total;
    ret->total_exact = found.exact;
    ret->relaxed = ret->complete < found.total;
    ret->corrected = r->plan.corrected;
    return 0;
}

static bool any_word(str text)
{
    str word;
    return dutch_next_word(&text, &word);
}

struct question {
    const struct index_query *q;
    struct index_result *ret;
};

static int answer(struct search *s, void *arg)
{
    const struct question *question = arg;
    struct run *r = arena_new_of(s->c->arena, struct run);
    r->s = *s;
    r->q = question->q;
    TRY(search_once(r, question->ret));
    if (question->ret->total || !any_word(question->q->text))
        return 0;
    return suggest_other(s, question->q, &r->plan, &question->ret->suggestion);
}

int index_has_hits(struct search *s, const struct index_query *q, size_t *ret_total)
{
    struct index_result found;
    struct run *r = arena_new_of(s->c->arena, struct run);
    struct index_query bare = *q;
    bare.limit = 0;
    bare.explain = false;
    r->s = *s;
    r->q = &bare;
    TRY(search_once(r, &found));
    *ret_total = found.corrected.len ? 0 : found.complete;
    return 0;
}

int index_search(struct ctx *c, struct index *ix, const struct index_query *q,
                 struct index_result *ret)
{
    struct question question = {q, ret};
    *ret = (struct index_result){0};
    if (q->text.len > INDEX_MAX_QUERY)
        return err_set(c, ERR_INVALID, "Uw zoekvraag is te lang: ten hoogste %d tekens.",
                       INDEX_MAX_QUERY);
    return index_with_reader(c, ix, answer, &question);
}
