/* Does the search rank well? Measured with the judged queries of queries.tsv over the whole program
   in memory: the starter library and its glossary as they are embedded, found by the function that
   the search page uses.

   The figure that counts is the mean nDCG@10 of the list that a visitor sees: items and terms
   together. Other kinds of objects have not been judged; they are taken out of the list. Half A was
   tuned on; half B says whether that holds for other queries.

   AANJAGER_QUERIES names the file. RELEVANCE_SHOW=A prints the list of each query of half A. Do not
   look at B's queries one by one: then it says nothing any more. */
#include "web.h"

#include "base/file.h"
#include "judged.h"
#include "search/search_int.h"

enum { MAX_QUERIES_FILE = 4 * 1024 * 1024, MAX_KINDS = 20, ASKED = 4 * JUDGED_DEPTH };

/* Fail below these. */
static const double floor_of_a = 0.85, floor_of_b = 0.80;

static struct {
    struct web *web;
    struct judged *queries;
    size_t count;
    const char *shown; /* half whose lists are printed; NULL: none */
} suite;

static int begin(void **state)
{
    (void)state;
    str text;
    const char *path = getenv("AANJAGER_QUERIES");
    suite.shown = getenv("RELEVANCE_SHOW");
    suite.web = web_begin();
    struct ctx *c = &suite.web->app.ctx;
    CHECK(path);
    CHECK_OK(c, file_read(c, str_from(path), MAX_QUERIES_FILE, &text));
    CHECK_OK(c, judged_read(c, text, &suite.queries, &suite.count));
    return 0;
}

static int end(void **state)
{
    (void)state;
    web_end(suite.web);
    return 0;
}

/* ---- one query ---- */

static struct index_result search(struct ctx *c, const struct judged *q, bool with_terms)
{
    struct index_result found;
    struct search_request request = {.text = q->text, .page = 1, .size = ASKED};
    CHECK_OK(c, search_run(c, &request, !with_terms, &found));
    return found;
}

static bool is_term(const struct index_hit *hit)
{
    return str_eqz(hit->kind, "begrip");
}

static bool is_judged(const struct index_hit *hit)
{
    return is_term(hit) || str_eqz(hit->kind, "item");
}

/* The first ten of what has been judged. */
static struct index_result only_judged(struct ctx *c, const struct index_result *found)
{
    struct index_result kept = *found;
    struct index_hit *hits = arena_array(c->arena, JUDGED_DEPTH, sizeof *hits);
    kept.hits = hits;
    kept.hit_count = 0;
    for (size_t i = 0; i < found->hit_count && kept.hit_count < JUDGED_DEPTH; i++)
        if (is_judged(&found->hits[i]))
            hits[kept.hit_count++] = found->hits[i];
    return kept;
}

static void show(const struct judged *q, const struct index_result *found, double worth)
{
    if (!suite.shown || !str_eqz(q->half, suite.shown))
        return;
    printf("# %.*s %.3f %.*s: %.*s (%zu%s%s%.*s)\n", (int)q->id.len, q->id.ptr, worth,
           (int)q->kind.len, q->kind.ptr, (int)q->text.len, q->text.ptr, found->total,
           found->relaxed ? ", relaxed" : "", found->corrected.len ? ", corrected: " : "",
           (int)found->corrected.len, found->corrected.ptr);
    for (size_t i = 0; i < found->hit_count; i++) {
        const struct index_hit *hit = &found->hits[i];
        printf("#     %u %5.1f %s%.*s\n", judged_grade(q, is_term(hit), hit->slug), hit->score,
               is_term(hit) ? "begrip:" : "", (int)hit->slug.len, hit->slug.ptr);
    }
    for (size_t i = 0; i < q->count; i++) {
        bool there = false;
        for (size_t k = 0; k < found->hit_count; k++)
            there = there || (is_term(&found->hits[k]) == q->judgements[i].is_term &&
                              str_eq(found->hits[k].slug, q->judgements[i].name));
        if (!there && q->judgements[i].grade > 1)
            printf("#     missing %u %s%.*s\n", q->judgements[i].grade,
                   q->judgements[i].is_term ? "begrip:" : "", (int)q->judgements[i].name.len,
                   q->judgements[i].name.ptr);
    }
}

/* Below 0: does not count. */
static double worth_of(const struct judged *q, bool with_terms)
{
    struct ctx c = suite.web->app.ctx;
    unsigned grades[JUDGED_DEPTH];
    c.arena = arena_new();
    c.lease = NULL;
    struct index_result all = search(&c, q, with_terms), found = only_judged(&c, &all);
    for (size_t i = 0; i < found.hit_count; i++)
        grades[i] = judged_grade(q, is_term(&found.hits[i]), found.hits[i].slug);
    double worth = judged_ndcg(q, with_terms, grades, found.hit_count);
    if (with_terms)
        show(q, &found, worth);
    arena_free(c.arena);
    return worth;
}

/* ---- means ---- */

struct mean {
    double sum;
    size_t count;
};

static double mean_of(const struct mean *m)
{
    return m->count ? m->sum / (double)m->count : 0;
}

static void add(struct mean *m, double worth)
{
    if (worth < 0)
        return;
    m->sum += worth;
    m->count++;
}

struct kind_mean {
    str kind;
    struct mean mean;
};

static struct mean *mean_of_kind(struct kind_mean kinds[MAX_KINDS], str kind)
{
    size_t i = 0;
    while (i < MAX_KINDS - 1 && kinds[i].kind.len && !str_eq(kinds[i].kind, kind))
        i++;
    kinds[i].kind = kind;
    return &kinds[i].mean;
}

/* Only of half A are the kinds told apart: see the top. */
static double measure(const char *half, bool with_terms)
{
    struct mean all = {0}, part[2] = {0};
    struct kind_mean kinds[MAX_KINDS] = {0};
    for (size_t i = 0; i < suite.count; i++) {
        const struct judged *q = &suite.queries[i];
        if (!str_eqz(q->half, half) || judged_has_no_answer(q))
            continue;
        double worth = worth_of(q, with_terms);
        add(&all, worth);
        add(&part[(i / 2) % 2], worth);
        add(mean_of_kind(kinds, q->kind), worth);
    }
    printf("# nDCG@10 of half %s, %s: %.3f over %zu queries (one in two %.3f, the others %.3f)\n",
           half, with_terms ? "items and terms" : "items only", mean_of(&all), all.count,
           mean_of(&part[0]), mean_of(&part[1]));
    for (size_t i = 0; i < MAX_KINDS && kinds[i].kind.len && str_eqz(S("A"), half); i++)
        printf("#     %-16.*s %.3f over %zu\n", (int)kinds[i].kind.len, kinds[i].kind.ptr,
               mean_of(&kinds[i].mean), kinds[i].mean.count);
    return mean_of(&all);
}

static void the_tuned_half_is_ranked_well(void **state)
{
    (void)state;
    CHECK(measure("A", true) >= floor_of_a);
    CHECK(measure("A", false) >= floor_of_a);
}

static void the_other_half_is_ranked_well(void **state)
{
    (void)state;
    if (getenv("RELEVANCE_ONLY_A"))
        skip();
    CHECK(measure("B", true) >= floor_of_b);
    CHECK(measure("B", false) >= floor_of_b);
}

/* ---- what is not in the library ---- */

/* A visitor must not take a list for an answer: there is none, or the page says that nothing has
   all the words. */
static bool says_so(struct ctx *c, const struct judged *q)
{
    struct index_result found = search(c, q, true);
    show(q, &found, 0);
    return !found.total || found.relaxed || found.corrected.len;
}

static void what_is_not_there_is_not_pretended(void **state)
{
    (void)state;
    size_t asked = 0, honest = 0;
    for (size_t i = 0; i < suite.count; i++) {
        struct ctx c = suite.web->app.ctx;
        if (!judged_has_no_answer(&suite.queries[i]))
            continue;
        c.arena = arena_new();
        c.lease = NULL;
        asked++;
        honest += says_so(&c, &suite.queries[i]);
        arena_free(c.arena);
    }
    printf("# queries without an answer: %zu, of which %zu find nothing or say that nothing has "
           "all words\n",
           asked, honest);
    CHECK(asked > 0);
    CHECK(honest * 10 >= asked * 8);
}

/* ---- the file ---- */

static bool exists(struct ctx *c, const struct judgement *j)
{
    struct http_response rs;
    str path = str_fmt(c->arena, "/%s/%s", j->is_term ? "begrippen" : "kennisbank",
                       str_z(c->arena, j->name));
    rs = web_get(suite.web, path.ptr);
    return rs.status == 200;
}

static void every_judged_name_is_there(void **state)
{
    (void)state;
    struct ctx c = {.arena = arena_new()};
    for (size_t i = 0; i < suite.count; i++)
        for (size_t k = 0; k < suite.queries[i].count; k++) {
            const struct judgement *j = &suite.queries[i].judgements[k];
            bool there = exists(&c, j);
            if (!there)
                print_error("%.*s names %.*s, which is not there\n", (int)suite.queries[i].id.len,
                            suite.queries[i].id.ptr, (int)j->name.len, j->name.ptr);
            CHECK(there);
        }
    arena_free(c.arena);
}

static void the_measure_is_right(void **state)
{
    (void)state;
    struct ctx c = {.arena = arena_new()};
    struct judged *q;
    size_t count;
    str text =
        S("# x\nq1\tA\tfase\twoord\ta b\tbegrip:c\td\nq2\tB\tgeen-antwoord\tniets\t-\t-\t-\n");
    CHECK_OK(&c, judged_read(&c, text, &q, &count));
    CHECK_INT(count, 2);
    CHECK_INT(judged_grade(&q[0], false, S("b")), 3);
    CHECK_INT(judged_grade(&q[0], true, S("c")), 2);
    CHECK_INT(judged_grade(&q[0], false, S("c")), 0);
    const unsigned best[] = {3, 3, 2, 1}, turned[] = {0, 3, 0, 0};
    CHECK(judged_ndcg(&q[0], true, best, 4) == 1);
    /* 7/log2(3) of 7 + 7/log2(3) + 3/2 + 1/log2(5) */
    double expected = 4.416508 / (7 + 4.416508 + 1.5 + 0.430677);
    double worth = judged_ndcg(&q[0], true, turned, 4);
    CHECK(worth > expected - 1e-6 && worth < expected + 1e-6);
    expected = 4.416508 / (7 + 4.416508 + 0.5); /* without the term d is third */
    worth = judged_ndcg(&q[0], false, turned, 4);
    CHECK(worth > expected - 1e-6 && worth < expected + 1e-6);
    CHECK(judged_ndcg(&q[1], true, NULL, 0) < 0);
    CHECK_INT(judged_read(&c, S("q1\tA\tfase\twoord\ta\ta\t-\n"), &q, &count), ERR_INVALID);
    CHECK_INT(judged_read(&c, S("q1\tC\tfase\twoord\ta\t-\t-\n"), &q, &count), ERR_INVALID);
    CHECK_INT(judged_read(&c, S("q1\tA\tfase\twoord\ta\t-\n"), &q, &count), ERR_INVALID);
    CHECK_INT(judged_read(&c, S("q1\tA\tfase\twoord\t-\t-\t-\n"), &q, &count), ERR_INVALID);
    arena_free(c.arena);
}

TEST_MAIN_WITH(begin, end, TEST(the_measure_is_right), TEST(every_judged_name_is_there),
               TEST(the_tuned_half_is_ranked_well), TEST(the_other_half_is_ranked_well),
               TEST(what_is_not_there_is_not_pretended))
