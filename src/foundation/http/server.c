#include "base/clock.h"
#include "base/random.h"
#include "http/http_int.h"

enum { QUERIES_SHARE = 4 }; /* answers to targets with a query take this part of the cache */

/* ---- making ---- */

static int limits_check(struct ctx *c, const struct http_limits *l)
{
    bool sane = l->max_body > 0 && l->max_headers > 0 && l->max_fields > 0 && l->timeout_s > 0 &&
                l->max_connections > 0 && l->max_response >= 4096;
    return sane ? 0 : err_detail(c, ERR_INTERNAL, "http: a limit is missing");
}

static void free_cache(void *cache)
{
    http_cache_free(cache);
}

static struct http_cache *new_cache(struct ctx *c, size_t max_bytes)
{
    struct http_cache *cache = http_cache_new(max_bytes);
    arena_defer(c->arena, free_cache, cache);
    return cache;
}

int http_server_new(struct ctx *c, const struct http_server_options *options,
                    struct http_server **ret)
{
    struct http_server *server = arena_new_of(c->arena, struct http_server);
    server->options = *options;
    if (!options->hooks.authorize)
        return err_detail(c, ERR_INTERNAL, "http: the authorize hook is missing");
    TRY(limits_check(c, &options->limits));
    TRY(http_public_url_parse(c, str_dup(c->arena, options->public_url), server));
    TRY(http_trusted_parse(c, str_dup(c->arena, options->trusted_proxies), server));
    TRY(http_router_build(c, server));
    if (options->limits.cache && options->hooks.content_stamp) {
        size_t of_queries = options->limits.cache / QUERIES_SHARE;
        server->cache = new_cache(c, options->limits.cache - of_queries);
        server->cache_of_queries = new_cache(c, of_queries);
    }
    if (options->limits.per_minute)
        server->limiter = http_limiter_new(c->arena, options->limits.per_minute);
    *ret = server;
    return 0;
}

struct http_cache_status http_server_cache(const struct http_server *server)
{
    if (!server->cache)
        return (struct http_cache_status){0};
    struct http_cache_status all = http_cache_status(server->cache);
    struct http_cache_status queries = http_cache_status(server->cache_of_queries);
    return (struct http_cache_status){all.hits + queries.hits, all.misses + queries.misses,
                                      all.bytes + queries.bytes};
}

/* ---- serving ---- */

struct serving {
    const struct http_server *server;
    struct ctx *c;
    const struct http_raw *raw;
    struct http_request rq;
    struct http_response *rs;
    int status; /* of a failure when the code alone does not say it */
    bool close;
    str allow; /* of a 405 */
    struct http_allowance allowance;
    struct http_cache *cache; /* the one that it is for; NULL: none */
    str cache_key;
    long long stamp;
    bool finished; /* the answer came from the cache */
};

static const char *guard_words(int status)
{
    switch (status) {
    case 413:
        return "Wat u verstuurt, is te groot. Maak het kleiner en probeer het opnieuw.";
    case 414:
        return "Het adres van deze pagina is te lang. Begin opnieuw bij de startpagina.";
    case 431:
        return "Uw browser stuurt te veel gegevens mee. Verwijder de cookies van deze website en "
               "probeer het opnieuw.";
    case 501:
        return "Deze manier van opvragen kennen wij niet. Open de pagina in een gewone browser.";
    case 505:
        return "Uw browser gebruikt een versie van HTTP die wij niet kennen. Gebruik een andere "
               "browser.";
    default:
        return "Wij konden dit verzoek niet lezen. Controleer het adres of laad de pagina opnieuw.";
    }
}

static int refuse(struct serving *s, int status)
{
    s->status = status;
    s->close = true;
    return err_set(s->c, status == 413 || status == 431 ? ERR_LIMIT : ERR_INVALID, "%s",
                   guard_words(status));
}

/* What is known of a request even when it is refused. The path is "/" until it is decoded. */
static void request_begin(struct serving *s)
{
    const struct http_raw *raw = s->raw;
    s->rq = (struct http_request){
        .server = s->server,
        .method = http_method_of(raw->method),
        .target = raw->target,
        .path = S("/"),
        .query = S(""),
        .host = http_raw_header(raw, "Host"),
        .id = random_hex(s->c->arena, 8),
        .headers = raw->headers,
        .header_count = raw->header_count,
        .body = raw->body,
    };
    http_client_find(s->server, s->c, raw, &s->rq);
}

static int body_check(struct serving *s)
{
    str said = http_raw_header(s->raw, "Content-Length");
    long long n = 0;
    if (s->raw->body.len > s->server->options.limits.max_body)
        return refuse(s, 413);
    if (said.len &&
        (!str_int(said, 0, (long long)s->raw->body.len, &n) || (size_t)n != s->raw->body.len))
        return refuse(s, 400);
    return 0;
}

/* Everything that can be wrong before we know what is asked. */
static int request_check(struct serving *s)
{
    str path;
    int status = s->raw->refused ? s->raw->refused : http_guard(&s->server->options.limits, s->raw);
    if (status)
        return refuse(s, status);
    if (http_raw_header(s->raw, "Transfer-Encoding").len)
        s->close = true; /* nobody can dispute where the next request begins when there is none */
    TRY(body_check(s));
    if (!http_host_known(s->server, s->rq.host, s->raw->port)) {
        s->status = 421;
        s->close = true;
        return err_set(s->c, ERR_INVALID, "Deze website heeft een ander adres. Ga naar %.*s.",
                       (int)s->server->public_origin.len, s->server->public_origin.ptr);
    }
    if (!http_target_split(s->raw->target, s->rq.host, &path, &s->rq.query) ||
        !http_path_decode(s->c->arena, path, &s->rq.path)) {
        s->rq.path = S("/");
        return refuse(s, 400);
    }
    return 0;
}

static str allow_list(struct arena *a, unsigned allow)
{
    str names[HTTP_METHODS];
    size_t count = 0;
    for (int i = 0; i < HTTP_METHODS; i++)
        if (allow & 1U << i)
            names[count++] = str_from(http_method_name((enum http_method)i));
    return str_join(a, names, count, S(", "));
}

static int route_find(struct serving *s, struct http_match *match)
{
    http_router_find(s->server, s->rq.method, s->rq.path, match);
    s->rq.route = match->route;
    if (match->route) {
        s->status = 406;
        TRY(http_api_accept(s->c, &s->rq));
        s->status = 0;
        return 0;
    }
    if (s->rq.method == HTTP_OPTIONS && match->allow & 1U << HTTP_OPTIONS) {
        http_api_preflight(s->c, s->rs, allow_list(s->c->arena, match->allow));
        return 0;
    }
    if (match->allow) {
        s->status = 405;
        s->allow = allow_list(s->c->arena, match->allow);
        return err_set(s->c, ERR_INVALID,
                       "Dit kan niet met deze pagina. Ga terug en probeer het op een andere "
                       "manier.");
    }
    return err_set(s->c, ERR_NOT_FOUND, "Controleer het adres of zoek op de website.");
}

/* ---- how often ---- */

bool http_is_loopback(str address)
{
    return str_starts(address, S("127.")) || str_eq(address, S("::1"));
}

/* The machine itself is not limited: there is the operator, or a proxy that we were not told of and
   that all visitors seem to be. */
static int allowance_take(struct serving *s)
{
    static const int costs[] = {[HTTP_COST_PAGE] = 1, [HTTP_COST_SEARCH] = 4, [HTTP_COST_FREE] = 0};
    if (!s->server->limiter || http_is_loopback(s->rq.remote))
        return 0;
    int cost = costs[s->rq.route ? s->rq.route->cost : HTTP_COST_PAGE];
    s->allowance = http_limiter_take(s->server->limiter, s->rq.remote, cost, clock_monotonic_us());
    if (s->allowance.allowed)
        return 0;
    s->status = 429;
    return err_set(s->c, ERR_LIMIT,
                   "U vraagt te veel in korte tijd. Wacht %d seconden en probeer het opnieuw.",
                   s->allowance.retry_s);
}

static void allowance_tell(struct serving *s)
{
    const struct http_allowance *left = &s->allowance;
    struct ctx *c = s->c;
    if (left->limit && (s->status == 429 || http_router_api(s->server, &s->rq))) {
        http_header_add(c, s->rs, "RateLimit-Limit", str_fmt(c->arena, "%d", left->limit));
        http_header_add(c, s->rs, "RateLimit-Remaining", str_fmt(c->arena, "%d", left->remaining));
        http_header_add(c, s->rs, "RateLimit-Reset", str_fmt(c->arena, "%d", left->reset_s));
    }
    if (left->retry_s)
        http_header_add(c, s->rs, "Retry-After", str_fmt(c->arena, "%d", left->retry_s));
}

/* ---- answers that are kept ---- */

/* Whoever brings a cookie or a key may get something of his own. */
static bool may_be_kept(const struct serving *s)
{
    const struct http_request *rq = &s->rq;
    return s->server->cache && rq->route->cached &&
           (rq->method == HTTP_GET || rq->method == HTTP_HEAD) &&
           !http_header_get(rq, "Cookie").len && !http_header_get(rq, "Authorization").len;
}

static bool cache_find(struct serving *s)
{
    struct ctx *c = s->c;
    if (!may_be_kept(s))
        return false;
    const struct http_request *rq = &s->rq;
    str host = str_lower_ascii(c->arena, rq->host);
    /* HSTS depends on how the visitor came; some addresses in feeds and maps on the host. A path
       has no line break, so the parts cannot run into each other. */
    s->cache_key = str_fmt(c->arena, "%d%d\n%.*s\n%.*s\n%.*s",
                           http_coding_choose(http_header_get(rq, "Accept-Encoding")), rq->secure,
                           (int)host.len, host.ptr, (int)rq->path.len, rq->path.ptr,
                           (int)rq->query.len, rq->query.ptr);
    s->cache = rq->query.len ? s->server->cache_of_queries : s->server->cache;
    s->stamp = s->server->options.hooks.content_stamp(c);
    s->finished = http_cache_find(s->cache, c->arena, s->cache_key, s->stamp, s->rs);
    return s->finished;
}

/* Care takes much longer: for files and pages, of which there are so many, and not for what
   is asked with a cookie or with a query that will not come back. */
static bool is_worth_care(const struct serving *s)
{
    return s->cache && s->rs->status == 200 && (!s->rq.query.len || s->rs->static_body.len);
}

static void cache_put(struct serving *s)
{
    if (s->cache && !s->finished && s->rs->status == 200)
        http_cache_put(s->cache, s->cache_key, s->stamp, s->rs);
}

/* ---- the way of a request ---- */

static bool changes_things(enum http_method method)
{
    return method != HTTP_GET && method != HTTP_HEAD && method != HTTP_OPTIONS;
}

static int request_dispatch(struct serving *s)
{
    struct http_match match;
    struct ctx *c = s->c;
    TRY(request_check(s));
    int found = route_find(s, &match);
    TRY(allowance_take(s));
    TRY(found);
    if (!match.route)
        return 0; /* a preflight, answered */
    TRY(s->server->options.hooks.authorize(c, &s->rq));
    if (cache_find(s))
        return 0;
    if (changes_things(s->rq.method))
        TRY(http_origin_check(s->server, c, &s->rq));
    TRY(http_fields_read(s->server, c, &s->rq));
    TRY(http_params_read(c, &s->rq, &match));
    int code = s->rq.route->handler(c, &s->rq, s->rs);
    if (code != 0)
        return code < 0 ? code : err_detail(c, ERR_INTERNAL, "the handler returned %d", code);
    if (!buf_ok(&s->rs->body))
        return err_detail(c, ERR_INTERNAL, "the page is larger than %zu bytes", s->rs->body.max);
    return 0;
}

/* An answer for the failure in c->err, whatever the handler wrote before it failed. */
static void failure_answer(struct serving *s, int code)
{
    struct ctx *c = s->c;
    const struct http_server *server = s->server;
    if (c->err.code != code)
        c->err = (struct err){.code = code, .detail = S("failed without words")};
    struct err kept = c->err;
    int status = s->status ? s->status : http_status_of(code, s->rs->status);
    http_response_init(s->rs, c->arena, server->options.limits.max_response);
    s->rs->status = status;
    if (http_router_api(server, &s->rq))
        http_response_problem(c, &s->rq, s->rs);
    else if (server->options.hooks.error_page && !arena_strained(c->arena))
        server->options.hooks.error_page(c, &s->rq, s->rs);
    c->err = kept;
    if (!http_response_body(s->rs).len || !buf_ok(&s->rs->body))
        http_response_plain_error(c, &s->rq, s->rs);
    s->rs->status = status;
    s->rs->max_age = -1;
    s->rs->etag = S("");
    if (s->allow.len)
        http_header_add(c, s->rs, "Allow", s->allow);
}

bool http_serve(const struct http_server *server, struct ctx *c, const struct http_raw *raw,
                struct http_response *ret_rs)
{
    long long begin = clock_monotonic_us();
    struct arena *arena = c->arena;
    *c = server->options.base;
    c->arena = arena;
    struct serving s = {.server = server, .c = c, .raw = raw, .rs = ret_rs};
    http_response_init(ret_rs, arena, server->options.limits.max_response);
    request_begin(&s);
    int code = request_dispatch(&s);
    if (arena_strained(arena)) {
        s.status = 0;
        s.finished = false;
        code = err_memory(c, "the answer is thrown away");
    }
    if (code != 0)
        failure_answer(&s, code);
    if (!s.finished) {
        http_response_finish(server, c, &s.rq, ret_rs, is_worth_care(&s));
        cache_put(&s);
    }
    http_response_revalidate(&s.rq, ret_rs);
    allowance_tell(&s);
    if (server->options.hooks.finished)
        server->options.hooks.finished(c, &s.rq, ret_rs, code ? &c->err : NULL,
                                       clock_monotonic_us() - begin);
    return s.close;
}
