/* A whole request as it comes over the wire: guard, router, parameters, handler, compression,
   answer; each twice, so that the second may be a kept answer, which must be the same. */
#include "fuzz.h"

#include "http_demo.h"

enum { MAX_ROUTES = 40 };

static struct http_server *server;

static long long stamp;

static long long stamp_now(const struct ctx *c)
{
    (void)c;
    return stamp;
}

/* Those that wait or send megabytes. */
static bool is_slow(const struct http_route *route)
{
    return route->handler == demo_slow || route->handler == demo_large;
}

/* The answer depends on nothing but the target. */
static bool may_be_kept(const struct http_route *route)
{
    return route->method == HTTP_GET &&
           (route->handler == demo_home || route->handler == demo_item ||
            route->handler == demo_search);
}

/* The demo's routes without the slow ones. */
static void server_begin(void)
{
    static struct http_route quick[MAX_ROUTES];
    static struct http_table tables[2];
    static struct ctx c; /* lives as long as the server */
    size_t count = 0;
    c.arena = arena_new();
    for (size_t i = 0; i < COUNT_OF(demo_routes); i++)
        if (!is_slow(&demo_routes[i])) {
            quick[count] = demo_routes[i];
            quick[count].cached = may_be_kept(&demo_routes[i]);
            count++;
        }
    tables[0] = (struct http_table){quick, count};
    tables[1] = demo_tables[1];
    struct http_server_options options = demo_options();
    options.tables = tables;
    options.public_url = S("https://voorbeeld.nl");
    options.trusted_proxies = S("127.0.0.1");
    options.limits.cache = 256 * 1024;
    options.hooks.content_stamp = stamp_now;
    server = demo_server_of(&c, &options);
}

/* ---- what the wire says, read by another way than the adapter and the guard do ---- */

struct head {
    size_t hosts, lengths, codings;
    str target;
};

static bool line_is(str line, const char *name)
{
    str start = str_slice(line, 0, strlen(name));
    return str_eq_nocase(start, str_from(name));
}

static struct head head_of(str wire)
{
    struct head h = {0};
    size_t end = str_find(wire, S("\r\n\r\n"));
    str rest = end == STR_NONE ? wire : str_slice(wire, 0, end), line = S("");
    if (rest.len && str_line(&rest, &line)) {
        (void)str_split(&line, ' ', &h.target);
        (void)str_split(&line, ' ', &h.target);
    }
    while (rest.len && str_line(&rest, &line)) {
        h.hosts += line_is(line, "Host:");
        h.lengths += line_is(line, "Content-Length:");
        h.codings += line_is(line, "Transfer-Encoding:");
    }
    return h;
}

/* Nothing that two readers could understand differently reaches a handler. */
static void check_handled(str wire)
{
    struct head h = head_of(wire);
    HOLDS(h.hosts <= 1);
    HOLDS(h.lengths + h.codings <= 1);
    size_t mark = str_find_byte(h.target, '?');
    str path = str_slice(h.target, 0, mark);
    HOLDS(str_find(path, S("%00")) == STR_NONE);
    HOLDS(str_find(path, S("/../")) == STR_NONE);
    for (size_t i = 0; i < h.target.len; i++)
        HOLDS((unsigned char)h.target.ptr[i] > 0x20 && (unsigned char)h.target.ptr[i] < 0x7F);
}

/* ---- the answer ---- */

static void check_headers(const struct http_response *rs)
{
    size_t types = 0;
    for (size_t i = 0; i < rs->headers.count; i++) {
        const struct http_header *h = &rs->headers.items[i];
        HOLDS(h->name.len && str_find_byte(h->name, '\n') == STR_NONE);
        for (size_t k = 0; k < h->value.len; k++)
            HOLDS((unsigned char)h->value.ptr[k] >= 0x20 && h->value.ptr[k] != 0x7F);
        types += str_eq_nocase(h->name, S("Content-Type"));
        if (str_eq_nocase(h->name, S("Location")))
            HOLDS(str_starts(h->value, S("/")) && !str_starts(h->value, S("//")));
    }
    HOLDS(types == (rs->status != 304));
    HOLDS(demo_header_of(rs, "Content-Security-Policy").len);
    HOLDS(str_eqz(demo_header_of(rs, "X-Content-Type-Options"), "nosniff"));
    HOLDS(str_eqz(demo_header_of(rs, "Strict-Transport-Security"), "max-age=31536000"));
}

static void check_status(const struct http_response *rs)
{
    static const int possible[] = {200, 303, 304, 400, 403, 404, 405, 409, 413,
                                   414, 417, 421, 429, 431, 500, 501, 503, 505};
    bool known = false;
    for (size_t i = 0; i < COUNT_OF(possible); i++)
        known = known || rs->status == possible[i];
    HOLDS(known);
    HOLDS(atomic_load(&demo_last_status) == rs->status);
    if (rs->status >= 400 && demo_body(rs).len)
        HOLDS(utf8_valid(demo_body(rs)) || rs->status == 500);
}

/* Error pages name the request, so only good answers are the same bytes. */
static void check_same(const struct http_response *a, const struct http_response *b)
{
    HOLDS(a->status == b->status);
    if (a->status != 200)
        return;
    HOLDS(str_eq(demo_body(a), demo_body(b)));
    HOLDS(str_eq(demo_header_of(a, "Content-Type"), demo_header_of(b, "Content-Type")));
    HOLDS(str_eq(demo_header_of(a, "Content-Encoding"), demo_header_of(b, "Content-Encoding")));
}

static void serve(struct ctx *c, str in, struct http_response *rs)
{
    int finished = atomic_load(&demo_finished), handled = atomic_load(&demo_handled);
    http_memory(server, c, in, rs);
    HOLDS(atomic_load(&demo_finished) == finished + 1);
    check_status(rs);
    check_headers(rs);
    HOLDS(buf_str(&rs->body).len <= demo_options().limits.max_response);
    if (atomic_load(&demo_handled) != handled)
        check_handled(in);
}

void fuzz_input(struct ctx *c, str in)
{
    struct http_response first, second;
    if (!server)
        server_begin();
    stamp++; /* nothing kept from the inputs before */
    serve(c, in, &first);
    serve(c, in, &second);
    check_same(&first, &second);
}
