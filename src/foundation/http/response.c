#include "base/vec.h"
#include "http/http_int.h"
#include "json/shape.h"

enum { PROBLEM_MAX = 16 * 1024, IMMUTABLE_FROM = 31536000 };

/* The one place where an error becomes a status. */
static const struct {
    int code, status;
} statuses[] = {
    {ERR_INVALID, 400}, {ERR_NOT_FOUND, 404}, {ERR_FORBIDDEN, 403}, {ERR_CONFLICT, 409},
    {ERR_LIMIT, 413},   {ERR_BUSY, 503},      {ERR_DB, 500},        {ERR_INTERNAL, 500},
};

/* chosen: the status that the handler left; only 429 instead of 413 is its choice. */
int http_status_of(int code, int chosen)
{
    if (code == ERR_LIMIT && chosen == 429)
        return 429;
    for (size_t i = 0; i < COUNT_OF(statuses); i++)
        if (statuses[i].code == code)
            return statuses[i].status;
    return 500;
}

const char *http_status_title(int status)
{
    static const struct {
        int status;
        const char *title;
    } titles[] = {
        {400, "Ongeldig verzoek"},  {401, "Niet aangemeld"},
        {403, "Geen toegang"},      {404, "Niet gevonden"},
        {405, "Dit kan hier niet"}, {409, "Intussen gewijzigd"},
        {406, "Niet in deze vorm"}, {413, "Te groot"},
        {414, "Adres te lang"},     {417, "Verwachting niet mogelijk"},
        {421, "Verkeerd adres"},    {429, "Te vaak"},
        {431, "Te veel gegevens"},  {500, "Er ging iets mis"},
        {501, "Onbekende methode"}, {503, "Nu niet bereikbaar"},
        {505, "Onbekende versie"},
    };
    for (size_t i = 0; i < COUNT_OF(titles); i++)
        if (titles[i].status == status)
            return titles[i].title;
    return status < 400 ? "Gelukt" : "Er ging iets mis";
}

void http_response_init(struct http_response *rs, struct arena *a, size_t max)
{
    *rs = (struct http_response){
        .status = 200, .content_type = "text/html; charset=utf-8", .max_age = -1};
    buf_init(&rs->body, a, max);
}

static bool header_value_is_clean(str value)
{
    for (size_t i = 0; i < value.len; i++)
        if ((unsigned char)value.ptr[i] < 0x20 || value.ptr[i] == 0x7F)
            return false;
    return true;
}

void http_header_add(struct ctx *c, struct http_response *rs, const char *name, str value)
{
    if (!http_is_token(str_from(name)))
        BUG("a header name that is no token");
    if (!header_value_is_clean(value))
        return; /* an outsider's line break never becomes a header: the header is left out */
    *vec_push(c->arena, &rs->headers) =
        (struct http_header){str_from(name), str_dup(c->arena, value)};
}

static bool is_own_path(str path)
{
    for (size_t i = 0; i < path.len; i++) {
        unsigned char byte = (unsigned char)path.ptr[i];
        if (byte <= 0x20 || byte >= 0x7F || byte == '\\')
            return false;
    }
    return str_starts(path, S("/")) && !str_starts(path, S("//"));
}

void http_redirect(struct ctx *c, struct http_response *rs, int status, str path)
{
    if ((status != 303 && status != 301) || !is_own_path(path))
        BUG("http_redirect: 303 or 301 to a path of our own, encoded");
    rs->status = status;
    rs->body.len = 0;
    rs->static_body = S("");
    rs->etag = S("");
    rs->content_type = "text/plain; charset=utf-8";
    http_header_add(c, rs, "Location", path);
}

/* ---- errors ---- */

void http_response_problem(struct ctx *c, const struct http_request *rq, struct http_response *rs)
{
    struct json j;
    struct buf b;
    buf_init(&b, c->arena, PROBLEM_MAX);
    const struct http_problem problem = {rs->status, str_from(http_status_title(rs->status)),
                                         err_words(&c->err), rq->id};
    json_begin(&j, &b);
    json_shape_write(&j, &http_problem_shape, &problem, 0);
    rs->body.len = 0;
    rs->content_type = "application/problem+json";
    buf_add(&rs->body, buf_ok(&b) ? buf_str(&b) : S("{}"));
}

static void add_escaped(struct buf *b, str s)
{
    for (size_t i = 0; i < s.len; i++) {
        switch (s.ptr[i]) {
        case '<':
            buf_addz(b, "&lt;");
            break;
        case '>':
            buf_addz(b, "&gt;");
            break;
        case '&':
            buf_addz(b, "&amp;");
            break;
        default:
            buf_add_byte(b, s.ptr[i]);
        }
    }
}

/* For when there is no error page, or it failed itself. */
void http_response_plain_error(struct ctx *c, const struct http_request *rq,
                               struct http_response *rs)
{
    struct buf *b = &rs->body;
    b->len = 0;
    b->overflow = false;
    rs->content_type = "text/html; charset=utf-8";
    buf_fmt(b, "<!doctype html><html lang=\"nl\"><title>%s</title><h1>%s</h1><p>",
            http_status_title(rs->status), http_status_title(rs->status));
    add_escaped(b, err_words(&c->err));
    buf_fmt(b, "</p><p>Kenmerk: %.*s</p></html>\n", (int)rq->id.len, rq->id.ptr);
}

str http_response_body(const struct http_response *rs)
{
    return rs->static_body.len ? rs->static_body : buf_str(&rs->body);
}

/* ---- finishing ---- */

static bool has_header(const struct http_response *rs, const char *name)
{
    for (size_t i = 0; i < rs->headers.count; i++)
        if (str_eq_nocase(rs->headers.items[i].name, str_from(name)))
            return true;
    return false;
}

/* A handler's own value of a header goes before ours. */
static void add_unless_set(struct ctx *c, struct http_response *rs, const char *name,
                           const char *value)
{
    if (!has_header(rs, name))
        http_header_add(c, rs, name, str_from(value));
}

static void add_security(const struct http_server *server, struct ctx *c,
                         const struct http_request *rq, struct http_response *rs)
{
    static const char *const always[][2] = {
        {"Content-Security-Policy",
         "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
         "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
         "frame-ancestors 'none'; manifest-src 'self'"},
        {"X-Content-Type-Options", "nosniff"},
        {"Referrer-Policy", "same-origin"},
        {"X-Frame-Options", "DENY"},
        {"Permissions-Policy", "camera=(), microphone=(), geolocation=()"},
        {"Cross-Origin-Opener-Policy", "same-origin"},
        {"Cross-Origin-Resource-Policy", "same-origin"},
    };
    for (size_t i = 0; i < COUNT_OF(always); i++)
        add_unless_set(c, rs, always[i][0], always[i][1]);
    if (rq->secure || server->public_secure)
        add_unless_set(c, rs, "Strict-Transport-Security", "max-age=31536000");
}

static void add_caching(struct ctx *c, struct http_response *rs)
{
    str value = S("no-store");
    if (rs->max_age == 0)
        value = S("no-cache");
    else if (rs->max_age > 0)
        value = str_fmt(c->arena, "public, max-age=%lld%s", rs->max_age,
                        rs->max_age >= IMMUTABLE_FROM ? ", immutable" : "");
    add_unless_set(c, rs, "Cache-Control", str_z(c->arena, value));
    if (rs->status == 503)
        add_unless_set(c, rs, "Retry-After", "30");
    if (rs->etag.len)
        http_header_add(c, rs, "ETag",
                        str_fmt(c->arena, "\"%.*s\"", (int)rs->etag.len, rs->etag.ptr));
}

/* If-None-Match against our tag: weak comparison, * matches. */
static bool etag_matches(const struct http_request *rq, str etag)
{
    str list = http_header_get(rq, "If-None-Match"), item;
    while (str_split(&list, ',', &item)) {
        item = str_trim(item);
        if (str_eq(item, S("*")))
            return true;
        if (str_starts(item, S("W/")))
            item = str_slice(item, 2, item.len);
        if (item.len >= 2 && item.ptr[0] == '"' && item.ptr[item.len - 1] == '"' &&
            str_eq(str_slice(item, 1, item.len - 1), etag))
            return true;
    }
    return false;
}

/* If-Modified-Since, of a client that has no tag: it sends back the date that it got. Another date,
 * newer or older, is answered in full. */
static bool date_matches(const struct http_request *rq, const struct http_response *rs)
{
    str since = http_header_get(rq, "If-Modified-Since");
    if (!since.len || http_header_get(rq, "If-None-Match").len)
        return false;
    for (size_t i = 0; i < rs->headers.count; i++)
        if (str_eqz(rs->headers.items[i].name, "Last-Modified"))
            return str_eq(rs->headers.items[i].value, since);
    return false;
}

static bool etag_is_sane(str etag)
{
    for (size_t i = 0; i < etag.len; i++) {
        unsigned char byte = (unsigned char)etag.ptr[i];
        if (byte <= 0x20 || byte == '"' || byte >= 0x7F)
            return false;
    }
    return etag.len <= 128;
}

/* Another coding is another representation, so it has another tag. */
static const struct {
    const char *name, *tag;
} codings[] = {
    [HTTP_IDENTITY] = {NULL, ""}, [HTTP_GZIP] = {"gzip", "-gz"}, [HTTP_BROTLI] = {"br", "-br"}};

static void add_coding(struct ctx *c, const struct http_request *rq, struct http_response *rs,
                       bool thorough)
{
    enum http_coding coding = http_coding_choose(http_header_get(rq, "Accept-Encoding"));
    str small;
    if (has_header(rs, "Content-Encoding") || !http_compressible(str_from(rs->content_type)))
        return;
    http_header_add(c, rs, "Vary", S("Accept-Encoding"));
    if (!http_compress(c->arena, coding, http_response_body(rs), thorough, &small))
        return;
    rs->static_body = small;
    http_header_add(c, rs, "Content-Encoding", str_from(codings[coding].name));
    if (rs->etag.len)
        rs->etag =
            str_fmt(c->arena, "%.*s%s", (int)rs->etag.len, rs->etag.ptr, codings[coding].tag);
}

/* What is kept for everybody may be kept by browsers too, if they ask each time. */
static void add_tag(struct ctx *c, struct http_response *rs)
{
    if (rs->etag.len || rs->max_age != -1)
        return;
    rs->max_age = 0;
    rs->etag =
        str_fmt(c->arena, "%016llx", (unsigned long long)str_hash_fast(http_response_body(rs)));
}

void http_response_finish(const struct http_server *server, struct ctx *c,
                          const struct http_request *rq, struct http_response *rs, bool thorough)
{
    bool kept = rq->route && rq->route->cached && rs->status == 200 &&
                !http_own_cookie(rq, HTTP_SESSION).len;
    http_api_finish(server, c, rq, rs);
    if (!etag_is_sane(rs->etag))
        rs->etag = S("");
    if (kept)
        add_tag(c, rs);
    add_coding(c, rq, rs, thorough);
    if (rs->status != 204)
        add_unless_set(c, rs, "Content-Type", rs->content_type);
    add_caching(c, rs);
    add_security(server, c, rq, rs);
}

void http_response_revalidate(const struct http_request *rq, struct http_response *rs)
{
    bool reading = rq->method == HTTP_GET || rq->method == HTTP_HEAD;
    bool known = (rs->etag.len && etag_matches(rq, rs->etag)) || date_matches(rq, rs);
    if (!reading || rs->status != 200 || !known)
        return;
    rs->status = 304;
    size_t kept = 0;
    for (size_t i = 0; i < rs->headers.count; i++)
        if (!str_eq_nocase(rs->headers.items[i].name, S("Content-Type")) &&
            !str_eq_nocase(rs->headers.items[i].name, S("Content-Encoding")))
            rs->headers.items[kept++] = rs->headers.items[i];
    rs->headers.count = kept;
}
