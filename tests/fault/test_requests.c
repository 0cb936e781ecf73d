/* Every kind of request, with allocations, queries and file writes failing in turn. */
#include "loop.h"
#include "paths.h"

#include "base/kept.h"

static struct web *w;
/* All answers of the one are made anew; the other keeps them. */
static struct http_server *making, *keeping;
static struct paths paths;

#define ITEM(text)                                                                                 \
    "---\nslug: fout-lus\ntitle: Proef\ntype: werkwijze\nsummary: Een proef.\n"                    \
    "phases: [\"5\"]\nbottlenecks: [PRO]\nthemes: [grond]\nactors: [planoloog]\n"                  \
    "sources:\n  - title: Bron\nlicence: CC-BY-4.0\ncertainty: opgezocht\n"                        \
    "evidence: onvoldoende\n---\n" text "\n"

/* Addresses of which a link does not lead to the most telling. The first two are asked on new
   connections, too. */
static const char *const more[] = {
    "/kennisbank/anterieure-overeenkomst",
    "/zoeken?q=netcongstie", /* with a mistake */
    "/zoeken?q=anterieure+overeenkomst",
    "/zoeken/suggesties?q=anter",
    "/api/v1/search?q=grond",
    "/kennisbank?fase=voorbereiding",
    "/kennisbank/fout-lus/versies/1",
    "/kennisbank/fout-lus/vergelijk?van=1&naar=2",
    "/er-is-hier-niets",
    /* What a visitor may not see, or has no key for. */
    "/bevestigen/0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
    "/beheer/accounts/1",
    "/beheer/post/1",
    "/api/v1/niets",
    NULL,
};

/* Numbers in these answers differ from run to run. */
static const char *const counting[] = {"/health", "/metrics"};

static void set(const char *name, const char *value)
{
    CHECK_OK(&w->app.ctx, config_set(&w->app.ctx, w->app.config, str_from(name), str_from(value),
                                     CONFIG_COMMAND_LINE));
}

static int begin(void **state _unused_)
{
    w = web_begin();
    web_save(w, ITEM("Wat er eerst stond."));
    web_save(w, ITEM("Wat er daarna stond."));
    set("requests_per_minute", "0");
    CHECK_OK(&w->app.ctx, app_make_server(&w->app, &keeping));
    set("page_cache_kb", "0");
    CHECK_OK(&w->app.ctx, app_make_server(&w->app, &making));
    paths_find(w, making, more, &paths);
    return 0;
}

static int end(void **state _unused_)
{
    web_end(w);
    return 0;
}

/* ---- an answer as text, so that two can be compared ---- */

enum { ANSWER_MAX = 1024 * 1024 };

struct answer {
    int status;
    size_t body_at, len;
    char text[ANSWER_MAX];
};

struct asking {
    const struct http_server *server;
    str wire;
    bool numbers; /* numbers in the answer may differ from run to run */
    struct answer first, last;
    bool has_first;
};

static void put(struct answer *a, str s)
{
    if (s.len > ANSWER_MAX - a->len)
        BUG("an answer larger than 1 MiB");
    if (s.len)
        memcpy(a->text + a->len, s.ptr, s.len);
    a->len += s.len;
}

/* Allocates nothing: faults are still armed. */
static void keep(struct answer *a, const struct http_response *rs)
{
    a->status = rs->status;
    a->len = 0;
    for (size_t i = 0; i < rs->headers.count; i++) {
        put(a, rs->headers.items[i].name);
        put(a, S(": "));
        put(a, rs->headers.items[i].value);
        put(a, S("\n"));
    }
    a->body_at = a->len;
    put(a, web_body(rs));
}

static int change_body(struct ctx *c, void *arg _unused_)
{
    return db_change(c, "fault", 0);
}

/* So that the page is made anew, and with it what pages share. */
static void note_change(struct web *web, void *arg _unused_)
{
    struct ctx c = ctx_child(&web->app.ctx);
    CHECK_OK(&c, db_transaction(&c, change_body, NULL));
    arena_free(c.arena);
}

static void ask(struct web *web, void *arg)
{
    struct asking *q = arg;
    struct http_response rs;
    web->ctx = web->app.ctx;
    web->ctx.arena = web->page;
    http_memory(q->server, &web->ctx, q->wire, &rs);
    keep(&q->last, &rs);
    arena_reset(web->page);
}

static bool is_hex(char ch)
{
    return (ch >= '0' && ch <= '9') || (ch >= 'a' && ch <= 'f');
}

/* The number of the request and what else was drawn by chance is different each time; so are
   counters, where that is said. */
static void level(struct answer *a, bool numbers)
{
    size_t to = 0;
    for (size_t i = 0; i < a->len;) {
        size_t run = 0, digits = 0;
        while (i + run < a->len && is_hex(a->text[i + run]))
            run++;
        while (i + digits < a->len && a->text[i + digits] >= '0' && a->text[i + digits] <= '9')
            digits++;
        if (run >= 16 || (numbers && digits)) {
            a->text[to++] = '#';
            i += run >= 16 ? run : digits;
        } else {
            a->text[to++] = a->text[i++];
        }
    }
    a->len = to;
}

static str head_of(const struct answer *a)
{
    return str_of(a->text, a->body_at);
}

static str body_of(const struct answer *a)
{
    return str_of(a->text + a->body_at, a->len - a->body_at);
}

static bool has(str s, const char *part)
{
    return str_find(s, str_from(part)) != STR_NONE;
}

/* A whole page or problem+json with words for people, that nobody may keep. */
static bool is_clean_error(const struct answer *a)
{
    str head = head_of(a), body = str_trim(body_of(a));
    bool kept_by_none = has(head, "Cache-Control: no-store\n") && !has(head, "ETag:");
    bool guarded = has(head, "Content-Security-Policy: ") && has(head, "nosniff");
    bool retry = a->status != 503 || has(head, "Retry-After: ");
    bool words = a->status == 503   ? (has(body, "Even geduld") || has(body, "Nu niet bereikbaar"))
                 : a->status == 500 ? has(body, "ging iets mis")
                                    : a->status == 404;
    bool whole = str_ends(body, S("</html>")) && has(head, "text/html; charset=utf-8\n");
    bool problem = has(head, "application/problem+json\n") && str_starts(body, S("{\"status\":")) &&
                   str_ends(body, S("\"}")) && has(body, "requestId");
    /* /health tells it in its own way. */
    bool health =
        a->status == 503 && str_starts(body, S("{\"status\":\"down\"")) && str_ends(body, S("}"));
    return kept_by_none && guarded && retry && ((words && (whole || problem)) || health);
}

/* Metrics that cannot be read now are left out, line by line. */
static bool is_part_of(str part, str whole)
{
    str line;
    while (str_line(&part, &line))
        if (str_find(whole, line) == STR_NONE)
            return false;
    return true;
}

static enum loop_outcome judge(struct web *web _unused_, void *arg)
{
    struct asking *q = arg;
    struct answer *a = &q->last;
    bool clean = is_clean_error(a);
    level(a, q->numbers);
    if (!q->has_first) {
        q->first = *a;
        q->has_first = true;
        return a->status < 500 && a->status != 429 ? LOOP_RIGHT : LOOP_WRONG;
    }
    const struct answer *first = &q->first;
    bool same = a->status == first->status && a->body_at == first->body_at &&
                str_eq(str_of(a->text, a->len), str_of(first->text, first->len));
    if (same)
        return LOOP_RIGHT;
    if (a->status == 200 && q->numbers && is_part_of(body_of(a), body_of(first)))
        return LOOP_CLEAN;
    if (clean && (a->status == 500 || a->status == 503 || a->status == first->status))
        return LOOP_CLEAN;
    print_error("status %d: %.*s\n", a->status, (int)(a->len < 3000 ? a->len : 3000), a->text);
    return LOOP_WRONG;
}

/* ---- the requests ---- */

/* Xapian 1.4 loses what it has built of a search, with its block cache, when memory fails in one of
   three places. Its files are closed all the same. */
enum { XAPIAN_LOSES = 4 * 1024 * 1024 };

static bool is_counting(str path)
{
    for (size_t i = 0; i < COUNT_OF(counting); i++)
        if (str_eqz(path, counting[i]))
            return true;
    return false;
}

static bool searches(const struct path *p)
{
    return str_starts(p->path, S("/zoeken")) || (p->route && p->route->cost == HTTP_COST_SEARCH);
}

static void run_request(const struct path *p, const struct loop_work *how,
                        const struct http_server *server)
{
    static struct asking q;
    struct loop_work work = *how;
    q.server = server;
    q.wire = str_fmt(w->app.arena, "GET %s HTTP/1.1\r\nHost: localhost:8080\r\n\r\n", p->path.ptr);
    q.numbers = is_counting(p->path);
    q.has_first = false;
    work.name = str_fmt(w->app.arena, "%s%s", p->path.ptr, how->name).ptr;
    work.run = ask;
    work.judge = judge;
    work.arg = &q;
    work.reads = true;
    work.may_lose = searches(p) ? XAPIAN_LOSES : 0;
    loop_run(w, &work);
}

/* Two programs share the work: FAULT_PART 0 and 1. */
static size_t part(void)
{
    const char *text = getenv("FAULT_PART");
    return text && *text == '1' ? 1 : 0;
}

/* So that what follows from versions of items is read anew. */
static void forget_read(struct web *web, void *arg _unused_)
{
    kept_empty(web->app.ctx.kept); /* the servers have this same one */
}

static void every_request(void **state _unused_)
{
    for (size_t i = part(); i < paths.count; i += 2)
        run_request(&paths.items[i], &(struct loop_work){.name = "", .begin = forget_read}, making);
}

/* With what pages share made anew. */
static void after_a_change(void **state _unused_)
{
    for (size_t i = part(); i < paths.count; i += 2)
        run_request(
            &paths.items[i],
            &(struct loop_work){.name = " after a change", .begin = note_change, .builders = true},
            keeping);
}

static void on_new_connections(void **state _unused_)
{
    run_request(&paths.items[part()],
                &(struct loop_work){.name = " on new connections", .cold = true}, making);
}

static void kept_answers(void **state _unused_)
{
    for (size_t i = part(); i < paths.count; i += 2)
        if (paths.items[i].route && paths.items[i].route->cached)
            run_request(&paths.items[i], &(struct loop_work){.name = ", kept"}, keeping);
}

TEST_MAIN_WITH(begin, end, TEST(every_request), TEST(after_a_change), TEST(on_new_connections),
               TEST(kept_answers))
