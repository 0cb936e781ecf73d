/* Measures the full-text index: building, size against the text, searches with facets, suggestions.

       bench_index [COUNT [FILE]]

   COUNT documents (20,000 unless said). FILE has one document per line: title, tab, text; what it
   has too few is made of its own sentences, drawn at random, in the lengths of its documents.
   Without a file the words are drawn by Zipf's law (the n-th most common one 1/n as often as the
   first) from a part of the word list of the Debian package wdutch.

   1,000 different queries of two or three words that occur together in a document, one after
   another and on two threads. Prints lines of JSON, times in milliseconds: passed, and spent by the
   processor on them (cpu), which the other work of the machine hardly changes. */
#include <math.h>
#include <pthread.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/vec.h"
#include "db/db.h"
#include "dutch/dutch.h"
#include "index/index.h"

enum {
    QUERIES = 1000,
    MAX_FILE = 512 * 1024 * 1024,
    MAX_THREADS = 8,
    SYNTHETIC = 20000,
    MAX_DOCUMENTS = 1000000
};

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

struct texts {
    str *items;
    size_t count, capacity;
};

static void read_documents(str text, size_t limit)
{
    str line, title;
    while (bench.documents.count < limit && str_line(&text, &line))
        if (str_split(&line, '\t', &title) && line.ptr)
            add_document(title, line);
}

static void split_sentences(struct texts *ret)
{
    for (size_t i = 0; i < bench.documents.count; i++) {
        str rest = bench.documents.items[i].body;
        for (size_t at; (at = str_find(rest, S(". "))) != STR_NONE;) {
            *vec_push(bench.arena, ret) = str_slice(rest, 0, at + 1);
            rest = str_slice(rest, at + 2, rest.len);
        }
        *vec_push(bench.arena, ret) = rest;
    }
}

/* As many sentences as the text of some document is long. */
static str drawn_text(const struct texts *sentences, size_t length)
{
    enum { MOST = 400 };
    str chosen[MOST];
    size_t count = 0;
    for (size_t bytes = 0; count < MOST && (!count || bytes < length); count++) {
        chosen[count] = sentences->items[draw(sentences->count)];
        bytes += chosen[count].len + 1;
    }
    return str_join(bench.arena, chosen, count, S(" "));
}

static void compose_documents(size_t limit)
{
    struct texts sentences = {0};
    size_t real = bench.documents.count;
    split_sentences(&sentences);
    while (bench.documents.count < limit) {
        str title = bench.documents.items[draw(real)].title;
        add_document(title, drawn_text(&sentences, bench.documents.items[draw(real)].body.len));
    }
}

/* Words in the order of how common they are: first those that hold sentences together, then some
   of the list in an order of chance. So many as a collection of this size has different words: the
   root of the number of documents times what acts on housing have. */
static void rank_words(str list, size_t documents, struct texts *ret)
{
    static const char *const common[] = {"de", "van", "het",  "een", "in",  "en",  "is", "op",
                                         "te", "met", "voor", "die", "dat", "aan", "of", "bij"};
    str word;
    while (str_line(&list, &word))
        if (word.len > 2 && word.len < 40)
            *vec_push(bench.arena, ret) = word;
    for (size_t i = ret->count; i > 1; i--) {
        size_t other = draw(i);
        word = ret->items[i - 1];
        ret->items[i - 1] = ret->items[other];
        ret->items[other] = word;
    }
    for (size_t i = 0; i < COUNT_OF(common) && i < ret->count; i++)
        ret->items[i] = str_from(common[i]);
    size_t wanted = (size_t)(280 * sqrt((double)documents));
    ret->count = wanted < ret->count ? wanted : ret->count;
}

/* A rank with a chance of about 1 / rank. */
static str zipf_word(const struct texts *words)
{
    double chance = (double)draw(1U << 30) / (double)(1U << 30);
    size_t rank = (size_t)exp(chance * log((double)words->count + 1)) - 1;
    return words->items[rank < words->count ? rank : words->count - 1];
}

static void make_documents(str list, size_t limit)
{
    enum { WORDS = 170, TITLE = 6 }; /* a document of the acts has 170 words on average */
    struct texts ranked = {0};
    rank_words(list, limit, &ranked);
    while (bench.documents.count < limit) {
        str words[WORDS];
        for (size_t w = 0; w < WORDS; w++)
            words[w] = zipf_word(&ranked);
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

enum kind { SEARCH, FILTERED, SUGGEST, BROWSE };

struct worker {
    struct ctx c;
    size_t from, step;
    long long *times, *cpu; /* by query: passed, and spent by the processor */
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
    if (w->kind == BROWSE)
        q.text = S("");
    if (w->kind != SEARCH) {
        q.filters = &filter;
        q.filter_count = w->kind == FILTERED || i % 2;
    }
    w->failed += index_search(&w->c, w->c.index, &q, &r) < 0;
    w->hits += r.total;
    w->relaxed += r.relaxed;
    w->corrected += r.corrected.len > 0;
    w->inexact += !r.total_exact;
}

static long long thread_cpu_us(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (long long)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static void *work(void *arg)
{
    struct worker *w = arg;
    for (size_t i = w->from; i < QUERIES; i += w->step) {
        long long start = clock_monotonic_us(), cpu = thread_cpu_us();
        ask(w, i);
        w->cpu[i] = thread_cpu_us() - cpu;
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

static void print_times(const char *what, size_t threads, double seconds, const struct worker *sum)
{
    long long *times = sum->times, *cpu = sum->cpu;
    qsort(times, QUERIES, sizeof *times, compare_times);
    qsort(cpu, QUERIES, sizeof *cpu, compare_times);
    printf("{\"what\": \"%s\", \"threads\": %zu, \"p50\": %.2f, \"p95\": %.2f, \"p99\": %.2f, "
           "\"max\": %.2f, \"cpu_p50\": %.2f, \"cpu_p95\": %.2f, \"rate\": %.0f, \"hits\": %.1f, "
           "\"relaxed\": %zu, \"corrected\": %zu, \"inexact\": %zu, \"failed\": %zu}\n",
           what, threads, (double)times[QUERIES / 2] / 1000,
           (double)times[QUERIES * 95 / 100] / 1000, (double)times[QUERIES * 99 / 100] / 1000,
           (double)times[QUERIES - 1] / 1000, (double)cpu[QUERIES / 2] / 1000,
           (double)cpu[QUERIES * 95 / 100] / 1000, QUERIES / seconds, (double)sum->hits / QUERIES,
           sum->relaxed, sum->corrected, sum->inexact, sum->failed);
    fflush(stdout);
}

static void measure(const struct ctx *c, const char *what, size_t threads, enum kind kind)
{
    long long times[QUERIES], cpu[QUERIES];
    struct worker w[MAX_THREADS] = {0}, sum = {.times = times, .cpu = cpu};
    pthread_t id[MAX_THREADS];
    long long start = clock_monotonic_us();
    for (size_t i = 0; i < threads; i++) {
        w[i] = sum;
        w[i].c = *c;
        w[i].from = i;
        w[i].step = threads;
        w[i].kind = kind;
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
    print_times(what, threads, (double)(clock_monotonic_us() - start) / 1e6, &sum);
}

static int build(struct ctx *c, str folder)
{
    struct index_status st;
    TRY(index_open(c, folder, source, COUNT_OF(source), facets, COUNT_OF(facets), &c->index));
    long long start = clock_monotonic_us();
    TRY(index_rebuild(c, c->index, NULL, NULL));
    double seconds = (double)(clock_monotonic_us() - start) / 1e6;
    TRY(index_status(c, c->index, &st));
    printf("{\"what\": \"build\", \"documents\": %zu, \"text_mb\": %.1f, \"words\": %zu, "
           "\"seconds\": %.1f, \"words_s\": %.0f, \"index_mb\": %.1f, \"times_text\": %.3f}\n",
           st.documents, (double)bench.bytes / 1e6, bench.words, seconds,
           (double)bench.words / seconds, (double)st.size_bytes / 1e6,
           (double)st.size_bytes / (double)bench.bytes);
    fflush(stdout);
    return 0;
}

static int read_arguments(struct ctx *c, int argc, char **argv)
{
    const str list = S("/usr/share/dict/dutch");
    long long count = SYNTHETIC;
    str text;
    if (argc > 3 || (argc > 1 && !str_int(str_from(argv[1]), 1, MAX_DOCUMENTS, &count)))
        return err_set(c, ERR_INVALID, "Gebruik: bench_index [AANTAL [BESTAND]]");
    if (argc < 3) {
        TRY(file_read(c, list, MAX_FILE, &text));
        make_documents(text, (size_t)count);
        return 0;
    }
    TRY(file_read(c, str_from(argv[2]), MAX_FILE, &text));
    read_documents(text, (size_t)count);
    if (!bench.documents.count)
        return err_set(c, ERR_INVALID, "Er staan geen documenten in het bestand.");
    compose_documents((size_t)count);
    return 0;
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
    measure(c, "first", 1, SEARCH);
    measure(c, "search", 1, SEARCH);
    measure(c, "search", 2, SEARCH);
    measure(c, "filtered", 1, FILTERED);
    measure(c, "suggest", 1, SUGGEST);
    measure(c, "suggest", 2, SUGGEST);
    measure(c, "browse", 1, BROWSE);
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
