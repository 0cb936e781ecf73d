/* The routes as a tree of path segments: a literal goes before a :name, a :name before the rest. */
#include "base/vec.h"
#include "http/http_int.h"
#include "json/shape.h"

struct http_node {
    str segment; /* of a literal */
    struct {
        struct http_node **items;
        size_t count, capacity;
    } literals;
    struct http_node *any;  /* :name */
    struct http_node *rest; /* * */
    const struct http_route *routes[HTTP_METHODS];
};

static struct http_node *literal_find(const struct http_node *node, str segment)
{
    for (size_t i = 0; i < node->literals.count; i++)
        if (str_eq(node->literals.items[i]->segment, segment))
            return node->literals.items[i];
    return NULL;
}

static struct http_node *node_descend(struct arena *a, struct http_node *node, str segment)
{
    struct http_node **slot;
    if (str_eq(segment, S("*")))
        slot = &node->rest;
    else if (str_starts(segment, S(":")))
        slot = &node->any;
    else {
        struct http_node *known = literal_find(node, segment);
        if (known)
            return known;
        slot = vec_push(a, &node->literals);
        *slot = NULL;
    }
    if (!*slot) {
        *slot = arena_new_of(a, struct http_node);
        (*slot)->segment = segment;
    }
    return *slot;
}

static bool is_name(str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (!((s.ptr[i] >= 'a' && s.ptr[i] <= 'z') || s.ptr[i] == '_' ||
              (i && s.ptr[i] >= '0' && s.ptr[i] <= '9')))
            return false;
    return s.len > 0;
}

/* A pattern begins with '/', has no empty segment except "/" itself, and a * only at the end. */
static bool pattern_is_sane(str pattern)
{
    str rest = str_slice(pattern, 1, pattern.len), segment;
    size_t count = 0;
    if (!str_starts(pattern, S("/")))
        return false;
    if (!rest.len)
        return true;
    while (str_split(&rest, '/', &segment)) {
        if (!segment.len || ++count > HTTP_MAX_SEGMENTS)
            return false;
        if (segment.ptr[0] == ':' && !is_name(str_slice(segment, 1, segment.len)))
            return false;
        if (str_eq(segment, S("*")) && rest.ptr)
            return false;
    }
    return true;
}

static int route_add(struct ctx *c, struct http_server *server, const struct http_route *route)
{
    str pattern = str_from(route->pattern), segment;
    if (!pattern_is_sane(pattern) || !route->handler || route->method >= HTTP_OTHER)
        return err_detail(c, ERR_INTERNAL, "route \"%.*s\": bad pattern, method or no handler",
                          (int)pattern.len, pattern.ptr);
    if (!route->help || !route->help[0] || route->permission == 0)
        return err_detail(c, ERR_INTERNAL, "route \"%s\" lacks help or permission", route->pattern);
    TRY(http_params_check(c, route));
    if (route->reply &&
        (!route->api || !route->reply->group || !route->reply->title || !route->reply->help))
        return err_detail(c, ERR_INTERNAL,
                          "route \"%s\": a reply without group, title, help or api",
                          route->pattern);
    if (route->reply && route->reply->shape)
        TRY(json_shape_check(c, route->reply->shape));
    struct http_node *node = server->root;
    str rest = str_slice(pattern, 1, pattern.len);
    if (rest.len)
        while (str_split(&rest, '/', &segment))
            node = node_descend(c->arena, node, segment);
    if (node->routes[route->method])
        return err_detail(c, ERR_INTERNAL, "route \"%s %s\" is there twice (also as \"%s\")",
                          http_method_name(route->method), route->pattern,
                          node->routes[route->method]->pattern);
    node->routes[route->method] = route;
    return 0;
}

int http_router_build(struct ctx *c, struct http_server *server)
{
    struct {
        const struct http_route **items;
        size_t count, capacity;
    } all = {0};
    server->root = arena_new_of(c->arena, struct http_node);
    for (size_t t = 0; t < server->options.table_count; t++) {
        const struct http_table *table = &server->options.tables[t];
        for (size_t i = 0; i < table->count; i++) {
            TRY(route_add(c, server, &table->routes[i]));
            *vec_push(c->arena, &all) = &table->routes[i];
        }
    }
    server->routes = all.items;
    server->route_count = all.count;
    return 0;
}

const struct http_route *http_server_route(const struct http_server *server, size_t i)
{
    return i < server->route_count ? server->routes[i] : NULL;
}

static bool node_take(const struct http_node *node, enum http_method method, size_t values,
                      struct http_match *m)
{
    for (int i = 0; i < HTTP_METHODS; i++)
        if (node->routes[i])
            m->allow |= 1U << i;
    if (node->routes[HTTP_GET])
        m->allow |= 1U << HTTP_HEAD;
    if (node->routes[HTTP_GET] && node->routes[HTTP_GET]->reply)
        m->allow |= 1U << HTTP_OPTIONS;
    const struct http_route *route = node->routes[method];
    if (!route && method == HTTP_HEAD)
        route = node->routes[HTTP_GET];
    if (!route)
        return false;
    m->route = route;
    m->count = values;
    return true;
}

/* rest.ptr is NULL when all segments are used. Goes no deeper than the longest pattern. */
static bool node_find(const struct http_node *node, enum http_method method, str rest,
                      size_t values, struct http_match *m)
{
    str whole = rest, segment;
    if (!str_split(&rest, '/', &segment))
        return node_take(node, method, values, m);
    const struct http_node *literal = literal_find(node, segment);
    if (literal && node_find(literal, method, rest, values, m))
        return true;
    if (!segment.len || values == HTTP_MAX_SEGMENTS)
        return false;
    m->values[values] = segment;
    if (node->any && node_find(node->any, method, rest, values + 1, m))
        return true;
    m->values[values] = whole;
    return node->rest && node_take(node->rest, method, values + 1, m);
}

void http_router_find(const struct http_server *server, enum http_method method, str path,
                      struct http_match *ret)
{
    str rest = str_slice(path, 1, path.len);
    *ret = (struct http_match){0};
    node_find(server->root, method, rest.len ? rest : (str){NULL, 0}, 0, ret);
}

static str first_segment(str path)
{
    str rest = str_slice(path, 1, path.len), segment = S("");
    (void)str_split(&rest, '/', &segment);
    return str_slice(segment, 0, str_find_byte(segment, '?'));
}

/* Below the first segment of the routes that are for programs. A request that was refused before
   its path was known is judged by its target. */
static bool is_below(const struct http_server *server, const struct http_request *rq,
                     bool published)
{
    str first = first_segment(str_eqz(rq->path, "/") ? rq->target : rq->path);
    for (size_t i = 0; first.len && i < server->route_count; i++) {
        const struct http_route *route = server->routes[i];
        if (route->api && (route->reply || !published) &&
            str_eq(first_segment(str_from(route->pattern)), first))
            return true;
    }
    return false;
}

bool http_router_api(const struct http_server *server, const struct http_request *rq)
{
    return rq->route ? rq->route->api : is_below(server, rq, false);
}

bool http_router_public(const struct http_server *server, const struct http_request *rq)
{
    return rq->route ? rq->route->reply != NULL : is_below(server, rq, true);
}
