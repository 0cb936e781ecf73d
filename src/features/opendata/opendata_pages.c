/* The API explained to people. Addresses and parameters come from the route tables. */
#include "opendata/opendata_int.h"

#include "base/config.h"
#include "base/vec.h"

enum { MAX_HTML = 512 * 1024 };

static void view_params(struct ctx *c, const struct http_route *r, struct opendata_resource_view *v)
{
    struct {
        struct opendata_param_view *items;
        size_t count, capacity;
    } params = {0};
    for (const struct http_param *p = r->params; p && p->name; p++)
        if (!opendata_in_path(r->pattern, p->name))
            *vec_push(c->arena, &params) = (struct opendata_param_view){
                str_from(p->name), opendata_value_words(c->arena, p), str_from(p->help)};
    v->params = params.items;
    v->params_count = params.count;
}

static struct opendata_resource_view view_resource(struct ctx *c, const struct http_route *r)
{
    struct opendata_resource_view v = {
        .title = str_from(r->reply->title),
        .help = str_from(r->reply->help),
        .path = str_join(c->arena, (str[]){S(HTTP_API_PREFIX), opendata_path(c->arena, r->pattern)},
                         2, S("")),
    };
    if (str_ends(v.path, S("/")))
        v.path = S(HTTP_API_PREFIX);
    view_params(c, r, &v);
    return v;
}

struct groups {
    struct opendata_group_view *items;
    size_t count, capacity;
};

static bool is_known(const struct groups *groups, const char *name)
{
    for (size_t i = 0; i < groups->count; i++)
        if (str_eqz(groups->items[i].name, name))
            return true;
    return false;
}

static void add_group(struct ctx *c, const struct http_server *server, const char *name,
                      struct groups *groups)
{
    struct {
        struct opendata_resource_view *items;
        size_t count, capacity;
    } resources = {0};
    const struct http_route *r;
    for (size_t i = 0; (r = http_server_route(server, i)); i++)
        if (r->reply && str_eqz(str_from(name), r->reply->group))
            *vec_push(c->arena, &resources) = view_resource(c, r);
    *vec_push(c->arena, groups) =
        (struct opendata_group_view){str_from(name), resources.items, resources.count};
}

static void view_groups(struct ctx *c, const struct http_server *server,
                        struct opendata_api_page_view *v)
{
    struct groups groups = {0};
    const struct http_route *r;
    for (size_t i = 0; (r = http_server_route(server, i)); i++)
        if (r->reply && !is_known(&groups, r->reply->group))
            add_group(c, server, r->reply->group, &groups);
    v->groups = groups.items;
    v->groups_count = groups.count;
}

static void view_failures(struct ctx *c, struct opendata_api_page_view *v)
{
    struct {
        struct opendata_failure_view *items;
        size_t count, capacity;
    } failures = {0};
    struct http_failure f;
    for (size_t i = 0; http_api_failure(i, &f); i++)
        *vec_push(c->arena, &failures) = (struct opendata_failure_view){f.status, str_from(f.when)};
    v->failures = failures.items;
    v->failures_count = failures.count;
}

/* The address to use in examples: as others see this site. */
static str base_url(struct ctx *c, const struct http_request *rq)
{
    str url = http_absolute(c, S(HTTP_API_PREFIX));
    if (url.ptr[0] != '/')
        return url;
    return str_fmt(c->arena, "%s://%.*s" HTTP_API_PREFIX, rq->secure ? "https" : "http",
                   (int)rq->host.len, rq->host.ptr);
}

int opendata_page(struct ctx *c, const struct http_request *rq, struct http_response *rs)
{
    struct buf b;
    struct out o;
    struct opendata_api_page_view v = {
        .base = base_url(c, rq),
        .document = S(HTTP_API_PREFIX "/openapi.json"),
        .version = S(HTTP_API_VERSION),
        .contact = config_text(c->config, "contact"),
        .licence_name = S(OPENDATA_LICENCE_NAME),
        .licence_url = S(OPENDATA_LICENCE_URL),
        .max_page_size = HTTP_MAX_PAGE_SIZE,
    };
    view_groups(c, rq->server, &v);
    view_failures(c, &v);
    out_begin(&o, &b, c->arena, MAX_HTML);
    opendata_api_page_html(&o, &v);
    struct page page = {
        .title = S("API en open data"),
        .description = S("Alle kennis van Aanjager als open data, voor uw eigen programma."),
        .section = S("over"),
        .canonical = rq->path,
        .body = out_take(&o),
    };
    return page_send(c, rq, rs, &page);
}
