/* What all answers of the public API have in common: version, CORS, tags, pages, problems. */
#include "base/config.h"
#include "http/http_int.h"
#include "json/shape.h"

enum {
    MAX_LINK =
        700, /* of one address: four fit in the 4 kB that proxies often have for all headers */
    MAX_PREFLIGHT_AGE = 86400,
};

/* ---- problems ---- */

static const struct json_field problem_fields[] = {
    {"status", JSON_INT(struct http_problem, status), .help = "De statuscode van HTTP"},
    {"title", JSON_TEXT(struct http_problem, title), .help = "Wat voor fout het is"},
    {"detail", JSON_TEXT(struct http_problem, detail),
     .help = "Wat er mis is en wat u kunt doen; alle fouten in uw verzoek samen"},
    {"requestId", JSON_TEXT(struct http_problem, id),
     .help = "Kenmerk van dit verzoek, om naar te verwijzen"},
};
const struct json_shape http_problem_shape =
    JSON_SHAPE("Problem", struct http_problem, problem_fields,
               "Waarom een verzoek niet lukte, volgens RFC 9457.");

/* In the order of the documentation. */
static const struct {
    int status;
    const char *when;
} failures[] = {
    {400, "Een parameter klopt niet of bestaat niet."},
    {404, "Wat u vraagt, is er niet. Een adres met een schuine streep aan het eind bestaat nooit."},
    {405, "Deze methode kan hier niet. De header Allow noemt wat wel kan."},
    {406, "U vraagt in de header Accept om iets anders dan JSON."},
    {414, "Het adres is te lang."},
    {429, "U vraagt te veel in korte tijd. De header Retry-After zegt hoelang u wacht."},
    {431, "Uw verzoek heeft te veel of te lange headers."},
    {500, "Er ging bij ons iets mis."},
    {503, "De gegevens zijn even niet bereikbaar. De header Retry-After zegt hoelang u wacht."},
};

bool http_api_failure(size_t i, struct http_failure *ret)
{
    if (i >= COUNT_OF(failures))
        return false;
    *ret = (struct http_failure){failures[i].status, http_status_title(failures[i].status),
                                 failures[i].when};
    return true;
}

/* ---- what a request says ---- */

/* JSON itself, a range that has it, and any type that ends in json; a range with q=0 refuses. */
static bool range_takes_json(str range)
{
    str type, parameter;
    (void)str_split(&range, ';', &type);
    type = str_trim(type);
    while (str_split(&range, ';', &parameter)) {
        parameter = str_trim(parameter);
        if (str_eqz(parameter, "q=0") || str_eqz(parameter, "q=0.0") ||
            str_eqz(parameter, "q=0.00") || str_eqz(parameter, "q=0.000"))
            return false;
    }
    return str_eqz(type, "*/*") || str_eq_nocase(type, S("application/*")) ||
           (type.len >= 4 && str_eq_nocase(str_slice(type, type.len - 4, type.len), S("json")));
}

int http_api_accept(struct ctx *c, const struct http_request *rq)
{
    str accept = http_header_get(rq, "Accept"), range;
    if (!rq->route || !rq->route->reply || !str_trim(accept).len)
        return 0;
    while (str_split(&accept, ',', &range))
        if (range_takes_json(range))
            return 0;
    return err_set(c, ERR_INVALID, "Wij antwoorden hier in JSON. Vraag om application/json.");
}

struct http_page http_page_of(const struct http_request *rq)
{
    size_t number = (size_t)http_int(rq, "pagina", 1);
    size_t size = (size_t)http_int(rq, "aantal", HTTP_PAGE_SIZE);
    return (struct http_page){number, size, (number - 1) * size};
}

static json_keys keys_of(const struct http_request *rq)
{
    for (size_t i = 0; i < rq->param_count; i++)
        if (rq->params[i].param->type == PARAM_KEYS && rq->params[i].present)
            return (json_keys)rq->params[i].number;
    return 0;
}

/* ---- answers ---- */

str http_public_origin(const struct ctx *c)
{
    str url = c->config ? config_text(c->config, "public_url") : S("");
    while (str_ends(url, S("/")))
        url.len--;
    return url;
}

str http_absolute(struct ctx *c, str path)
{
    str origin = http_public_origin(c);
    return origin.len ? str_join(c->arena, (str[]){origin, path}, 2, S("")) : path;
}

void http_reply_json(struct http_response *rs)
{
    rs->content_type = "application/json";
    rs->max_age = 0;
}

static const struct json_shape *shape_of(const struct http_request *rq)
{
    if (!rq->route->reply || !rq->route->reply->shape)
        BUG("a record for a route without the shape of its reply");
    return rq->route->reply->shape;
}

int http_reply_one(struct ctx *c _unused_, const struct http_request *rq, struct http_response *rs,
                   const void *record)
{
    struct json j;
    json_begin(&j, &rs->body);
    json_shape_write(&j, shape_of(rq), record, keys_of(rq));
    http_reply_json(rs);
    return 0;
}

int http_reply_list(struct ctx *c, const struct http_request *rq, struct http_response *rs,
                    const void *records, size_t count, long long total)
{
    struct http_page page = http_page_of(rq);
    struct json_list list = {records, count, total, (long long)page.number, (long long)page.size};
    struct json j;
    json_begin(&j, &rs->body);
    json_list_write(&j, shape_of(rq), &list, keys_of(rq));
    http_reply_json(rs);
    http_page_links(c, rq, rs, total);
    return 0;
}

/* This request for another page. The fields are written anew, so that nothing of an outsider stands
   in a header as it came. */
static str page_url(struct ctx *c, const struct http_request *rq, size_t page)
{
    struct buf b;
    buf_init(&b, c->arena, MAX_LINK);
    buf_add(&b, http_absolute(c, rq->path));
    for (size_t i = 0; i < rq->field_count; i++) {
        const struct http_field *f = &rq->fields[i];
        if (str_eqz(f->name, "pagina") || !f->value.len)
            continue;
        buf_add_byte(&b, str_find_byte(buf_str(&b), '?') == STR_NONE ? '?' : '&');
        buf_add(&b, http_url_encode(c->arena, f->name));
        buf_add_byte(&b, '=');
        buf_add(&b, http_url_encode(c->arena, f->value));
    }
    buf_add_byte(&b, str_find_byte(buf_str(&b), '?') == STR_NONE ? '?' : '&');
    buf_fmt(&b, "pagina=%zu", page);
    return buf_ok(&b) ? buf_str(&b) : S("");
}

void http_page_links(struct ctx *c, const struct http_request *rq, struct http_response *rs,
                     long long reachable)
{
    struct http_page page = http_page_of(rq);
    size_t last = reachable > 0 ? ((size_t)reachable + page.size - 1) / page.size : 1;
    last = last > HTTP_MAX_PAGE ? HTTP_MAX_PAGE : last;
    const struct {
        const char *rel;
        size_t page;
    } links[] = {{"first", 1},
                 {"prev", page.number > last ? last : page.number - 1},
                 {"next", page.number < last ? page.number + 1 : 0},
                 {"last", last}};
    str parts[COUNT_OF(links)];
    size_t count = 0;
    for (size_t i = 0; i < COUNT_OF(links); i++) {
        str url = links[i].page ? page_url(c, rq, links[i].page) : S("");
        if (url.len)
            parts[count++] =
                str_fmt(c->arena, "<%s>; rel=\"%s\"", str_z(c->arena, url), links[i].rel);
    }
    if (count)
        http_header_add(c, rs, "Link", str_join(c->arena, parts, count, S(", ")));
}

/* ---- headers ---- */

void http_api_preflight(struct ctx *c, struct http_response *rs, str allow)
{
    rs->status = 204;
    http_header_add(c, rs, "Allow", allow);
    http_header_add(c, rs, "Access-Control-Allow-Methods", allow);
    http_header_add(c, rs, "Access-Control-Allow-Headers", S("Accept, If-None-Match"));
    http_header_add(c, rs, "Access-Control-Max-Age", str_fmt(c->arena, "%d", MAX_PREFLIGHT_AGE));
}

void http_api_finish(const struct http_server *server, struct ctx *c, const struct http_request *rq,
                     struct http_response *rs)
{
    static const char *const always[][2] = {
        {"API-Version", HTTP_API_VERSION},
        {"Access-Control-Allow-Origin", "*"},
        {"Access-Control-Expose-Headers",
         "API-Version, ETag, Link, Location, Allow, Retry-After, RateLimit-Limit, "
         "RateLimit-Remaining, RateLimit-Reset"},
        {"Cross-Origin-Resource-Policy", "cross-origin"},
        {"Vary", "Accept"},
    };
    if (!http_router_public(server, rq))
        return;
    for (size_t i = 0; i < COUNT_OF(always); i++)
        http_header_add(c, rs, always[i][0], str_from(always[i][1]));
    if (rs->status == 200 && !rs->etag.len)
        rs->etag =
            str_fmt(c->arena, "%016llx", (unsigned long long)str_hash_fast(http_response_body(rs)));
}
