/* Measures the full-text index: building, size against the text, searches with facets, suggestions.

   index                  20,000 documents of made-up text
   index N                N documents of made-up text
   index FILE [COPIES]    one document per line: title, tab, text; COPIES > 1 repeats the file

   1,000 different queries of two or three words that occur together in a document, on one thread
   and on two. */
#include <pthread.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/vec.h"
#include "db/db.h"
#include "dutch/dutch.h"
#include "index/index.h"

enum { QUERIES = 1000, MAX_FILE = 512 * 1024 * 1024, MAX_THREADS = 8, SYNTHETIC = 20000 };

static const char *const facets[] = {"soort", "fase", "knelpunt", "thema", "rol"};
static const char *const values[] = {"een", "twee", "drie", "vier", "vijf", "zes", "zeven"};

/* What is indexed; an index source has no argument of its own. */
static struct {
    struct arena *arena;
    struct {
        struct index_document *items;
        size_t count, capacity;
    } documents;
    size_t bytes, words;
    str queries[QUERIES];
    unsigned long long seed;
} bench;

static size_t draw(size_t below)
{
    bench.seed = bench.seed * 6364136223846793005ULL + 1442695040888963407ULL;
    return (size_t)(bench.seed >> 33) % below;
}

static int load(struct ctx *c _unused_, long long id, struct index_document *ret)
{
    *ret = bench.documents.items[id - 1];
    return 0;
}

static int list(struct ctx *c, long long after, size_t limit, long long **ret, size_t *ret_count)
{
    long long *ids = arena_array(c->arena, limit, sizeof *ids);
    size_t count = 0;
    for (long long id = after < 0 ? 1 : after + 1;
         id <= (long long)bench.documents.count && count < limit; id++)
        ids[count++] = id;
    *ret = ids;
    *ret_count = count;
    return 0;
}

static const struct index_source source[] = {{"item", load, list}};

/* ---- documents ---- */

static const struct index_facet_values *some_facets(void)
{
    struct index_facet_values *f = arena_array(bench.arena, COUNT_OF(facets), sizeof *f);
    for (size_t i = 0; i < COUNT_OF(facets); i++) {
        size_t count = i ? 1 + draw(3) : 1;
        str *chosen = arena_array(bench.arena, count, sizeof *chosen);
        for (size_t k = 0; k < count; k++)
            chosen[k] = str_from(values[draw(COUNT_OF(values))]);
        f[i] = (struct index_facet_values){facets[i], chosen, count};
    }
    return f;
}

static void add_document(str title, str body)
{
    size_t number = bench.documents.count + 1;
    str word, rest = body;
    *vec_push(bench.arena, &bench.documents) = (struct index_document){
        .title = title,
        .body = body,
        .type = S("kennis"),
        .slug = str_fmt(bench.arena, "d%zu", number),
        .url = str_fmt(bench.arena, "/kennisbank/d%zu", number),
        .changed_at = (long long)draw(1000000),
        .facets = some_facets(),
        .facet_count = COUNT_OF(facets),
    };
    bench.bytes += title.len + body.len;
    while (dutch_next_word(&rest, &word))
        bench.words++;
}

static void read_documents(str text, long long copies)
{
    for (long long copy = 0; copy < copies; copy++) {
        str rest = text, line, title;
        while (str_line(&rest, &line))
            if (str_split(&line, '\t', &title))
                add_document(title, line.ptr ? line : S(""));
    }
}

/* Common words are much more common than rare ones; the rare ones are compounds. */
static str made_up_word(void)
{
    static const char *const pieces[] = {"woning",  "bouw",    "plan",     "gemeente", "vergunning",
                                         "grond",   "water",   "stikstof", "ruimte",   "markt",
                                         "huur",    "koop",    "proces",   "regel",    "recht",
                                         "project", "locatie", "wijk",     "stad",     "energie"};
    size_t n = COUNT_OF(pieces), rank = draw(n * n * 2);
    rank = rank * rank / (n * n * 2);
    if (draw(3) == 0)
        return S("de");
    if (rank < n)
        return str_from(pieces[rank]);
    return str_fmt(bench.arena, "%s%s%s", rank < n * n ? "" : pieces[draw(n)], pieces[rank % n],
                   pieces[rank / n % n]);
}

static void make_documents(long long count)
{
    enum { WORDS = 120, TITLE = 6 };
    for (long long i = 0; i < count; i++) {
        str words[WORDS];
        for (size_t w = 0; w < WORDS; w++)
            words[w] = made_up_word();
        add_document(str_join(bench.arena, words, TITLE, S(" ")),
                     str_join(bench.arena, words + TITLE, WORDS - TITLE, S(" ")));
    }
}

/* ---- queries ---- */

static bool is_content(str word)
{
    return word.len > 3 && !dutch_is_stopword(dutch_fold(bench.arena, word));
}

static str make_query(void)
{
    const struct index_document *d = &bench.documents.items[draw(bench.documents.count)];
    str words[200], rest = d->body, chosen[3];
    size_t count = 0, n = 2 + draw(2);
    while (count < COUNT_OF(words) && dutch_next_word(&rest, &words[count]))
        count += is_content(words[count]);
    for (size_t i = 0; i < n; i++)
        chosen[i] = count ? words[draw(count)] : S("vergunning");
    return str_join(bench.arena, chosen, n, S(" "));
}

static void make_queries(void)
{
    for (size_t i = 0, tries = 0; i < QUERIES && tries < 100 * QUERIES; tries++) {
        str q = make_query();
        bool again = q.len > INDEX_MAX_QUERY;
        for (size_t k = 0; k < i && !again; k++)
            again = str_eq(bench.queries[k], q);
        if (!again)
            bench.queries[i++] = q;
    }
}

/* ---- measuring ---- */

enum kind { SEARCH, SUGGEST, BROWSE };

struct worker {
    struct ctx c;
    size_t from, step;
    long long *times; /* by query */
    size_t hits, relaxed, corrected, inexact, failed;
    enum kind kind;
};

static void ask(struct worker *w, size_t i)
{
    struct index_result r;
    struct index_suggestion *s;
    size_t count;
    struct index_query q = {.text = bench.queries[i], .limit = 20};
    if (w->kind == SUGGEST) {
        w->failed +=
            index_suggest(&w->c, w->c.index, str_slice(q.text, 0, 2 + i % 12), 8, &s, &count) < 0;
        w->hits += count;
        return;
    }
    str chosen = str_from(values[i % COUNT_OF(values)]);
    struct index_filter filter = {facets[i % COUNT_OF(facets)], &chosen, 1};
    if (w->kind == BROWSE) {
        q.text = S("");
        q.filters = &filter;
        q.filter_count = i % 2;
    }
    w->failed += index_search(&w->c, w->c.index, &q, &r) < 0;
    w->hits += r.total;
    w->relaxed += r.relaxed;
    w->corrected += r.corrected.len > 0;
    w->inexact += !r.total_exact;
}

static void *work(void *arg)
{
    struct worker *w = arg;
    for (size_t i = w->from; i < QUERIES; i += w->step) {
        long long start = clock_monotonic_us();
        ask(w, i);
        w->times[i] = clock_monotonic_us() - start;
        arena_reset(w->c.arena);
    }
    return NULL;
}

static int compare_times(const void *a, const void *b)
{
    long long x = *(const long long *)a, y = *(const long long *)b;
    return x < y ? -1 : x > y;
}

static void print_times(const char *what, size_t threads, long long times[QUERIES], double seconds,
                        const struct worker *sum)
{
    qsort(times, QUERIES, sizeof *times, compare_times);
    printf("%s, %zu thread%s: p50 %.2f, p95 %.2f, p99 %.2f, max %.2f ms; %.0f/s; %.0f hits, %zu "
           "relaxed, "
           "%zu corrected, %zu inexact, %zu failed\n",
           what, threads, threads == 1 ? "" : "s", (double)times[QUERIES / 2] / 1000,
           (double)times[QUERIES * 95 / 100] / 1000, (double)times[QUERIES * 99 / 100] / 1000,
           (double)times[QUERIES - 1] / 1000, QUERIES / seconds, (double)sum->hits / QUERIES,
           sum->relaxed, sum->corrected, sum->inexact, sum->failed);
    fflush(stdout);
}

static void measure(const struct ctx *c, const char *what, size_t threads, enum kind kind)
{
    long long times[QUERIES];
    struct worker w[MAX_THREADS] = {0}, sum = {0};
    pthread_t id[MAX_THREADS];
    long long start = clock_monotonic_us();
    for (size_t i = 0; i < threads; i++) {
        w[i] = (struct worker){.c = *c, .from = i, .step = threads, .times = times, .kind = kind};
        w[i].c.arena = arena_new();
        if (pthread_create(&id[i], NULL, work, &w[i]) != 0)
            BUG("no thread");
    }
    for (size_t i = 0; i < threads; i++) {
        pthread_join(id[i], NULL);
        sum.hits += w[i].hits;
        sum.relaxed += w[i].relaxed;
        sum.corrected += w[i].corrected;
        sum.inexact += w[i].inexact;
        sum.failed += w[i].failed;
        arena_free(w[i].c.arena);
    }
    print_times(what, threads, times, (double)(clock_monotonic_us() - start) / 1e6, &sum);
}

static int build(struct ctx *c, str folder)
{
    struct index_status st;
    TRY(index_open(c, folder, source, COUNT_OF(source), facets, COUNT_OF(facets), &c->index));
    long long start = clock_monotonic_us();
    TRY(index_rebuild(c, c->index, NULL, NULL));
    double seconds = (double)(clock_monotonic_us() - start) / 1e6;
    TRY(index_status(c, c->index, &st));
    printf("%zu documents, %.1f MB, %zu words: built in %.1f s, %.0f words/s; index %.1f MB, %.2f "
           "times the text\n",
           st.documents, (double)bench.bytes / 1e6, bench.words, seconds,
           (double)bench.words / seconds, (double)st.size_bytes / 1e6,
           (double)st.size_bytes / (double)bench.bytes);
    fflush(stdout);
    return 0;
}

static int read_arguments(struct ctx *c, int argc, char **argv)
{
    long long n = SYNTHETIC, copies = 1;
    str text;
    if (argc == 1 || (argc == 2 && str_int(str_from(argv[1]), 1, 10000000, &n))) {
        make_documents(n);
        return 0;
    }
    if (argc > 3 || (argc == 3 && !str_int(str_from(argv[2]), 1, 1000, &copies)))
        return err_set(c, ERR_INVALID, "Gebruik: index [AANTAL | BESTAND [KEREN]]");
    TRY(file_read(c, str_from(argv[1]), MAX_FILE, &text));
    read_documents(text, copies);
    return bench.documents.count
               ? 0
               : err_set(c, ERR_INVALID, "Er staan geen documenten in het bestand.");
}

/* Only the change feed is needed of the database. */
static int open_database(struct ctx *c)
{
    struct db_options options = {.max_connections = 4, .busy_timeout_ms = 1000};
    TRY(db_pool_open(c, S("sqlite::memory:"), &options, &c->pool));
    int code =
        db_exec(c, "CREATE TABLE change (id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, "
                   "object_id BIGINT NOT NULL, at BIGINT NOT NULL)");
    db_lease_release(c);
    return code;
}

static int run(struct ctx *c, int argc, char **argv, str folder)
{
    bench.arena = c->arena;
    bench.seed = 1;
    TRY(read_arguments(c, argc, argv));
    make_queries();
    TRY(open_database(c));
    TRY(build(c, folder));
    measure(c, "search, cold", 1, SEARCH);
    measure(c, "search", 1, SEARCH);
    measure(c, "search", 2, SEARCH);
    measure(c, "suggest", 1, SUGGEST);
    measure(c, "suggest", 2, SUGGEST);
    measure(c, "browse", 2, BROWSE);
    return 0;
}

int main(int argc, char **argv)
{
    char folder[] = "/tmp/bench_index_XXXXXX";
    struct ctx c = {.arena = arena_new()};
    if (!mkdtemp(folder))
        return 1;
    int code = run(&c, argc, argv, str_from(folder));
    if (code < 0) {
        str words = err_words(&c.err);
        fprintf(stderr, "%.*s %.*s\n", (int)words.len, words.ptr, (int)c.err.detail.len,
                c.err.detail.len ? c.err.detail.ptr : "");
    }
    index_close(c.index);
    if (file_remove_tree(&c, str_from(folder)) < 0)
        fprintf(stderr, "%s stays\n", folder);
    db_lease_release(&c);
    db_pool_close(c.pool);
    arena_free(c.arena);
    return code < 0;
}
