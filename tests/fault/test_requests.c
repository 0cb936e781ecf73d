/* Every kind of request, with each allocation, query and file write failing in turn. */
#include "loop.h"

static struct web *w;

#define ITEM(text)                                                                                 \
    "---\nslug: fout-lus\ntitle: Proef\ntype: werkwijze\nsummary: Een proef.\n"                    \
    "phases: [\"5\"]\nbottlenecks: [PRO]\nthemes: [grond]\nactors: [planoloog]\n"                  \
    "sources:\n  - title: Bron\nlicence: CC-BY-4.0\ncertainty: opgezocht\n"                        \
    "evidence: onvoldoende\n---\n" text "\n"

static int begin(void **state _unused_)
{
    w = web_begin();
    web_save(w, ITEM("Wat er eerst stond."));
    web_save(w, ITEM("Wat er daarna stond."));
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

/* Something has changed: the page is made anew, and with it what pages share. */
static void forget_kept(struct web *web, void *arg _unused_)
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
    http_memory(web->server, &web->ctx, q->wire, &rs);
    keep(&q->last, &rs);
    arena_reset(web->page);
}

static bool is_hex(char ch)
{
    return (ch >= '0' && ch <= '9') || (ch >= 'a' && ch <= 'f');
}

/* The number of the request is different each time; so are counters, where that is said. */
static void level(struct answer *a, bool numbers)
{
    size_t to = 0;
    for (size_t i = 0; i < a->len;) {
        size_t run = 0, digits = 0;
        while (i + run < a->len && is_hex(a->text[i + run]))
            run++;
        while (i + digits < a->len && a->text[i + digits] >= '0' && a->text[i + digits] <= '9')
            digits++;
        if (run == 16 || (numbers && digits)) {
            a->text[to++] = '#';
            i += run == 16 ? run : digits;
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
        return a->status < 500 ? LOOP_RIGHT : LOOP_WRONG;
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

static const struct {
    const char *name, *path;
    bool numbers, searches;
    long most;
} requests[] = {
    {"item page", "/kennisbank/anterieure-overeenkomst", false, false, 100},
    {"list with facets", "/kennisbank?fase=voorbereiding", false, true, 100},
    {"search", "/zoeken?q=anterieure+overeenkomst", false, true, 100},
    {"search with a mistake", "/zoeken?q=netcongstie", false, true, 100},
    {"suggestions", "/zoeken/suggesties?q=anter", false, true, 100},
    {"api search", "/api/v1/search?q=grond", false, true, 100},
    {"phase page", "/fasen/voorbereiding", false, false, 100},
    {"history", "/kennisbank/anterieure-overeenkomst/versies", false, false, 100},
    {"diff", "/kennisbank/fout-lus/vergelijk?van=1&naar=2", false, false, 100},
    {"health", "/health", true, false, 100},
    {"metrics", "/metrics", true, false, 100},
    {"page that is not there", "/er-is-hier-niets", false, false, 100},
    {"api address that is not there", "/api/v1/niets", false, false, 100},
    {"static file", "/assets/app.css", false, false, 100},
    {"sitemap", "/sitemap.xml", false, false, 100},
    {"home", "/", false, false, 100},
    {"api items", "/api/v1/items?limit=5", false, false, 60},
    {"api item", "/api/v1/items/anterieure-overeenkomst", false, false, 60},
    {"feed", "/kennisbank/feed.atom", false, false, 60},
    {"glossary", "/begrippen", false, false, 60},
    {"collection", "/collecties/grond", false, false, 60},
    {"what is missing", "/over/wat-ontbreekt", false, false, 60},
    {"openapi", "/api/v1/openapi.json", false, false, 60},
};

enum { MADE_ANEW, ON_NEW_CONNECTIONS, KEPT };

static void run_request(size_t i, int how)
{
    static struct asking q;
    q.wire =
        str_fmt(w->app.arena, "GET %s HTTP/1.1\r\nHost: localhost:8080\r\n\r\n", requests[i].path);
    q.numbers = requests[i].numbers;
    q.has_first = false;
    struct loop_work work = {
        .name = requests[i].name,
        .begin = how == KEPT ? NULL : forget_kept,
        .run = ask,
        .judge = judge,
        .arg = &q,
        .cold = how == ON_NEW_CONNECTIONS,
        .reads = true,
        .may_lose = requests[i].searches ? XAPIAN_LOSES : 0,
        .most = requests[i].most,
    };
    loop_run(w, &work);
}

/* Two programs share the work: FAULT_PART 0 and 1. */
static size_t part(void)
{
    const char *text = getenv("FAULT_PART");
    return text && *text == '1' ? 1 : 0;
}

static void every_request(void **state _unused_)
{
    for (size_t i = part(); i < COUNT_OF(requests); i += 2)
        run_request(i, MADE_ANEW);
}

static void with_new_connections(void **state _unused_)
{
    run_request(part() ? 0 : 2, ON_NEW_CONNECTIONS);
}

static void kept_pages(void **state _unused_)
{
    run_request(part() ? 0 : 2, KEPT);
}

TEST_MAIN_WITH(begin, end, TEST(every_request), TEST(with_new_connections), TEST(kept_pages))
