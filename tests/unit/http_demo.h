/* http_demo.h - a small table of routes that the tests of foundation/http share. */
#pragma once

#include <stdatomic.h>

#include "http/http.h"
#include "test.h"

enum { DEMO_PUBLIC = 1, DEMO_SECRET = 2 };

static atomic_int demo_finished;    /* calls of the finished hook */
static atomic_int demo_last_status; /* of the last of them */
static atomic_int demo_last_code;   /* its error code, 0 when all went well */
static atomic_int demo_handled;     /* times that a handler ran */

static int demo_home(struct ctx *c, const struct http_request *rq, struct http_response *rs)
{
    (void)c;
    (void)rq;
    atomic_fetch_add(&demo_handled, 1);
    buf_addz(&rs->body, "<h1>Start</h1>");
    return 0;
}

static int demo_item(struct ctx *c, const struct http_request *rq, struct http_response *rs)
{
    (void)c;
    atomic_fetch_add(&demo_handled, 1);
    buf_addz(&rs->body, "item ");
    buf_add(&rs->body, http_text(rq, "slug"));
    return 0;
}

static int demo_new(struct ctx *c, const struct http_request *rq, struct http_response *rs)
{
    (void)c;
    (void)rq;
    buf_addz(&rs->body, "new form");
    return 0;
}

static int demo_save(struct ctx *c, const struct http_request *rq, struct http_response *rs)
{
    const str *tags;
    size_t count = http_list(rq, "tags", &tags);
    (void)c;
    atomic_fetch_add(&demo_handled, 1);
    buf_fmt(&rs->body, "year=%lld agree=%d tags=%zu title=", http_int(rq, "year", -1),
            http_flag(rq, "agree"), count);
    buf_add(&rs->body, http_text(rq, "title"));
    buf_addz(&rs->body, " note=");
    buf_add(&rs->body, http_text(rq, "note"));
    return 0;
}

static int demo_search(struct ctx *c, const struct http_request *rq, struct http_response *rs)
{
    (void)c;
    buf_addz(&rs->body, "q=");
    buf_add(&rs->body, http_text(rq, "q"));
    buf_fmt(&rs->body, " page=%lld", http_int(rq, "page", 1));
    return 0;
}

static int demo_asset(struct ctx *c, const struct http_request *rq, struct http_response *rs)
{
    (void)c;
    (void)rq;
    rs->static_body = S("body { color: black }");
    rs->content_type = "text/css";
    rs->max_age = 31536000;
    rs->etag = S("abc123");
    return 0;
}

static int demo_tagged(struct ctx *c, const struct http_request *rq, struct http_response *rs)
{
    (void)rq;
    buf_addz(&rs->body, "page with a tag");
    rs->max_age = 0;
    rs->etag = S("v7");
    http_header_add(c, rs, "Last-Modified", S("Tue, 24 Nov 2026 00:42:36 GMT"));
    return 0;
}

static int demo_redirect(struct ctx *c, const struct http_request *rq, struct http_response *rs)
{
    (void)rq;
    http_redirect(c, rs, 303, S("/kennisbank/nieuw"));
    return 0;
}

/* Fails in the way that ?hoe= asks, after writing half a page. */
static int demo_fail(struct ctx *c, const struct http_request *rq, struct http_response *rs)
{
    str how = http_text(rq, "hoe");
    buf_addz(&rs->body, "half a page");
    http_header_add(c, rs, "X-Half", S("yes"));
    rs->etag = S("half");
    if (str_eq(how, S("conflict")))
        return err_set(c, ERR_CONFLICT, "Dit is al gewijzigd. Laad de pagina <opnieuw>.");
    if (str_eq(how, S("busy")))
        return err_detail(c, ERR_BUSY, "database is away");
    if (str_eq(how, S("limit")))
        return err_set(c, ERR_LIMIT, "Dit is te groot. Maak het kleiner.");
    if (str_eq(how, S("often"))) {
        rs->status = 429;
        return err_set(c, ERR_LIMIT, "Dit is te vaak. Wacht een minuut.");
    }
    if (str_eq(how, S("wordless")))
        return ERR_DB;
    if (str_eq(how, S("positive")))
        return 7;
    for (int i = 0; i < 20000; i++)
        buf_addz(&rs->body, "much too large ");
    return 0;
}

static int demo_header(struct ctx *c, const struct http_request *rq, struct http_response *rs)
{
    http_header_add(c, rs, "X-Demo", http_text(rq, "v"));
    http_header_add(c, rs, "X-Bad", S("a\r\nSet-Cookie: stolen=1"));
    http_header_add(c, rs, "X-Bad", S("a\nb"));
    http_header_add(c, rs, "X-Bad", str_of("a\0b", 3));
    return 0;
}

static int demo_upload(struct ctx *c, const struct http_request *rq, struct http_response *rs)
{
    (void)c;
    buf_fmt(&rs->body, "bytes=%zu", http_text(rq, "bestand").len);
    return 0;
}

static int demo_echo(struct ctx *c, const struct http_request *rq, struct http_response *rs)
{
    (void)c;
    atomic_fetch_add(&demo_handled, 1);
    buf_fmt(&rs->body, "%zu:", rq->body.len);
    buf_add(&rs->body, str_slice(rq->body, 0, 1000));
    return 0;
}

static int demo_slow(struct ctx *c, const struct http_request *rq, struct http_response *rs)
{
    long long ms = http_int(rq, "ms", 300);
    const struct timespec wait = {.tv_nsec = ms * 1000 * 1000};
    (void)c;
    (void)nanosleep(&wait, NULL);
    buf_addz(&rs->body, "slow but done");
    return 0;
}

enum { DEMO_LARGE = 12 * 1024 * 1024 };

static int demo_large(struct ctx *c, const struct http_request *rq, struct http_response *rs)
{
    (void)rq;
    rs->content_type = "application/octet-stream";
    rs->static_body = str_of(arena_alloc(c->arena, DEMO_LARGE), DEMO_LARGE);
    return 0;
}

/* Tells what the request looks like to a handler. */
static int demo_about(struct ctx *c, const struct http_request *rq, struct http_response *rs)
{
    http_header_add(c, rs, "X-Arena", str_fmt(c->arena, "%zu", arena_used(c->arena)));
    buf_fmt(&rs->body, "remote=%.*s secure=%d host=%.*s id=%zu cookie=%.*s", (int)rq->remote.len,
            rq->remote.ptr, rq->secure, (int)rq->host.len, rq->host.ptr, rq->id.len,
            (int)http_cookie(rq, "sessie").len, http_cookie(rq, "sessie").ptr);
    return 0;
}

static const struct http_param demo_item_params[] = {{"slug", PARAM_SLUG, .help = "Kenmerk"}, {0}};
static const struct http_param demo_save_params[] = {
    {"slug", PARAM_SLUG, .help = "Kenmerk"},
    {"title", PARAM_TEXT, .min = 3, .max = 20, .help = "Titel"},
    {"year", PARAM_INT, .min = 1990, .max = 2100, .optional = true, .help = "Jaar"},
    {"tags", PARAM_LIST, .max = 3, .optional = true, .help = "Onderwerpen"},
    {"agree", PARAM_FLAG, .help = "Akkoord"},
    {"note", PARAM_LINES, .max = 100, .optional = true, .help = "Toelichting"},
    {0}};
static const struct http_param demo_search_params[] = {
    {"q", PARAM_TEXT, .max = 50, .optional = true, .help = "Zoekwoorden"},
    {"page", PARAM_INT, .min = 1, .max = 100, .optional = true, .help = "Bladzijde"},
    {0}};
static const struct http_param demo_asset_params[] = {
    {"*", PARAM_TEXT, .max = 200, .help = "Bestand"}, {0}};
static const struct http_param demo_fail_params[] = {
    {"hoe", PARAM_TEXT, .max = 20, .optional = true, .help = "Manier"}, {0}};
static const struct http_param demo_header_params[] = {
    {"v", PARAM_TEXT, .max = 200, .optional = true, .help = "Waarde"}, {0}};
static const struct http_param demo_upload_params[] = {
    {"bestand", PARAM_FILE, .max = 2048, .help = "Bijlage"}, {0}};
static const struct http_param demo_slow_params[] = {
    {"ms", PARAM_INT, .min = 1, .max = 999, .optional = true, .help = "Milliseconden"}, {0}};
static const struct http_param demo_thing_params[] = {
    {"id", PARAM_INT, .min = 1, .max = 1000000, .help = "Nummer"},
    {"velden", PARAM_LIST, .optional = true, .help = "Velden"},
    {0}};

static int demo_thing(struct ctx *c, const struct http_request *rq, struct http_response *rs)
{
    (void)c;
    rs->content_type = "application/json";
    buf_fmt(&rs->body, "{\"id\":%lld}", http_int(rq, "id", 0));
    return 0;
}

static const struct http_route demo_routes[] = {
    {HTTP_GET, "/", demo_home, DEMO_PUBLIC, NULL, .help = "Home."},
    {HTTP_GET, "/kennisbank/:slug", demo_item, DEMO_PUBLIC, demo_item_params, .help = "One item."},
    {HTTP_POST, "/kennisbank/:slug", demo_save, DEMO_PUBLIC, demo_save_params, .help = "Save."},
    {HTTP_GET, "/kennisbank/nieuw", demo_new, DEMO_PUBLIC, NULL, .help = "A new item."},
    {HTTP_GET, "/zoeken", demo_search, DEMO_PUBLIC, demo_search_params, .help = "Search."},
    {HTTP_GET, "/assets/*", demo_asset, DEMO_PUBLIC, demo_asset_params, .help = "Files."},
    {HTTP_GET, "/tag", demo_tagged, DEMO_PUBLIC, NULL, .help = "A page with an ETag."},
    {HTTP_GET, "/weg", demo_redirect, DEMO_PUBLIC, NULL, .help = "Elsewhere."},
    {HTTP_GET, "/kapot", demo_fail, DEMO_PUBLIC, demo_fail_params, .help = "Fails."},
    {HTTP_GET, "/kop", demo_header, DEMO_PUBLIC, demo_header_params, .help = "Headers."},
    {HTTP_GET, "/geheim", demo_home, DEMO_SECRET, NULL, .help = "Not for you."},
    {HTTP_POST, "/upload", demo_upload, DEMO_PUBLIC, demo_upload_params, .help = "A file."},
    {HTTP_POST, "/echo", demo_echo, DEMO_PUBLIC, NULL, .help = "Says what it heard."},
    {HTTP_GET, "/traag", demo_slow, DEMO_PUBLIC, demo_slow_params, .help = "Takes its time."},
    {HTTP_GET, "/groot", demo_large, DEMO_PUBLIC, NULL, .help = "Very much."},
    {HTTP_GET, "/over", demo_about, DEMO_PUBLIC, NULL, .help = "About the request."},
};

static const struct http_route demo_api_routes[] = {
    {HTTP_GET, "/api/v1/dingen/:id", demo_thing, DEMO_PUBLIC, demo_thing_params, .help = "A thing.",
     .api = true},
    {HTTP_GET, "/api/v1/geheim", demo_home, DEMO_SECRET, NULL, .help = "Not for you.", .api = true},
};

static const struct http_table demo_tables[] = {{demo_routes, COUNT_OF(demo_routes)},
                                                {demo_api_routes, COUNT_OF(demo_api_routes)}};

static int demo_authorize(struct ctx *c, const struct http_request *rq)
{
    if (rq->route->permission == DEMO_PUBLIC)
        return 0;
    return err_set(c, ERR_FORBIDDEN, "U hebt geen toegang. Vraag de beheerder om toegang.");
}

static void demo_error_page(struct ctx *c, const struct http_request *rq, struct http_response *rs)
{
    buf_fmt(&rs->body, "<h1>Fout %d</h1><p>", rs->status);
    buf_add(&rs->body, err_words(&c->err));
    buf_addz(&rs->body, "</p>");
    (void)rq;
}

static void demo_count(struct ctx *c, const struct http_request *rq, const struct http_response *rs,
                       const struct err *e, long long microseconds)
{
    (void)c;
    if (rq->id.len != 16 || microseconds < 0)
        BUG("finished: the request is not filled");
    atomic_fetch_add(&demo_finished, 1);
    atomic_store(&demo_last_status, rs->status);
    atomic_store(&demo_last_code, e ? e->code : 0);
}

static inline struct http_server_options demo_options(void)
{
    return (struct http_server_options){
        .tables = demo_tables,
        .table_count = COUNT_OF(demo_tables),
        .hooks = {.authorize = demo_authorize,
                  .error_page = demo_error_page,
                  .finished = demo_count},
        .limits = {.max_body = 8192,
                   .max_headers = 64,
                   .max_fields = 16,
                   .timeout_s = 20,
                   .max_connections = 128,
                   .max_response = 64 * 1024},
    };
}

static inline struct http_server *demo_server_of(struct ctx *c,
                                                 const struct http_server_options *options)
{
    struct http_server *server = NULL;
    CHECK_OK(c, http_server_new(c, options, &server));
    return server;
}

static inline struct http_server *demo_server(struct ctx *c)
{
    struct http_server_options options = demo_options();
    return demo_server_of(c, &options);
}

static inline str demo_header_of(const struct http_response *rs, const char *name)
{
    for (size_t i = 0; i < rs->headers.count; i++)
        if (str_eq_nocase(rs->headers.items[i].name, str_from(name)))
            return rs->headers.items[i].value;
    return S("");
}

static inline str demo_body(const struct http_response *rs)
{
    return rs->static_body.len ? rs->static_body : buf_str(&rs->body);
}

static inline bool str_has(str s, const char *part)
{
    return str_find(s, str_from(part)) != STR_NONE;
}
