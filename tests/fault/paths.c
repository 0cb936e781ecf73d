#include "paths.h"

#include "base/vec.h"

/* ---- which route an address belongs to ---- */

static bool has_query(str path)
{
    return str_find_byte(path, '?') != STR_NONE;
}

static bool has_params(const char *pattern)
{
    return strpbrk(pattern, ":*") != NULL;
}

static bool matches(const char *pattern, str path)
{
    str rest = str_from(pattern), part, segment;
    while (str_split(&rest, '/', &part)) {
        if (str_eqz(part, "*"))
            return path.len > 0;
        if (!str_split(&path, '/', &segment))
            return false;
        bool any = str_starts(part, S(":")) && segment.len;
        if (!any && !str_eq(part, segment))
            return false;
    }
    return path.ptr == NULL;
}

/* As the router: what is written out goes before a :name. */
static const struct http_route *route_of(const struct http_server *server, str path)
{
    const struct http_route *r, *best = NULL;
    (void)str_split(&(str){path.ptr, path.len}, '?', &path);
    for (size_t i = 0; (r = http_server_route(server, i)); i++) {
        if (r->method != HTTP_GET || !matches(r->pattern, path))
            continue;
        if (!best || (has_params(best->pattern) && !has_params(r->pattern)))
            best = r;
    }
    return best;
}

/* ---- links ---- */

/* The next text between double quotes that begins with a slash: an attribute, or a text of JSON. */
static bool next_link(struct arena *a, str *rest, str *ret)
{
    size_t start = str_find(*rest, S("\"/"));
    if (start == STR_NONE)
        return false;
    *rest = str_slice(*rest, start + 1, rest->len);
    str link = str_slice(*rest, 0, str_find_byte(*rest, '"')), part;
    str parts[20];
    size_t count = 0;
    *rest = str_slice(*rest, link.len, rest->len);
    (void)str_split(&link, '#', &part);
    for (link = part; link.len && count < COUNT_OF(parts);) {
        size_t mark = str_find(link, S("&amp;"));
        parts[count++] = str_slice(link, 0, mark);
        link = mark == STR_NONE ? S("") : str_slice(link, mark + 5, link.len);
    }
    *ret = str_join(a, parts, count, S("&"));
    return true;
}

static bool is_known(const struct paths *all, const struct http_route *route, bool query)
{
    for (size_t i = 0; i < all->count; i++)
        if (all->items[i].route == route && has_query(all->items[i].path) == query)
            return true;
    return false;
}

static void add(struct web *w, struct paths *all, const struct http_route *route, str path)
{
    *vec_push(w->app.arena, all) = (struct path){route, str_dup(w->app.arena, path)};
}

/* given: the address was written down by somebody, who knows what it answers. */
static void follow(struct web *w, struct http_server *server, struct paths *all, size_t at,
                   bool given)
{
    struct arena *a = arena_new();
    struct http_response rs;
    str link, wire = str_fmt(a, "GET %s HTTP/1.1\r\nHost: localhost:8080\r\n\r\n",
                             all->items[at].path.ptr);
    w->ctx = w->app.ctx;
    w->ctx.arena = a;
    http_memory(server, &w->ctx, wire, &rs);
    const struct http_route *from = all->items[at].route;
    bool good = given || rs.status == 200 || !from || !has_params(from->pattern);
    if (!good || rs.status == 429 || rs.status >= 500)
        fail_msg("%s: %d", all->items[at].path.ptr, rs.status);
    for (str rest = web_body(&rs); next_link(a, &rest, &link);) {
        const struct http_route *route = route_of(server, link);
        if (route && !is_known(all, route, has_query(link)))
            add(w, all, route, link);
    }
    arena_free(a);
}

/* ---- */

static void check_complete(const struct http_server *server, const struct paths *all)
{
    const struct http_route *r;
    bool complete = true;
    for (size_t i = 0; (r = http_server_route(server, i)); i++) {
        if (r->method != HTTP_GET || is_known(all, r, false) || is_known(all, r, true))
            continue;
        print_error("GET %s: no link leads there, so give an address\n", r->pattern);
        complete = false;
    }
    CHECK(complete);
}

void paths_find(struct web *w, struct http_server *server, const char *const *more,
                struct paths *ret)
{
    const struct http_route *r;
    size_t given;
    *ret = (struct paths){0};
    for (; *more; more++)
        add(w, ret, route_of(server, str_from(*more)), str_from(*more));
    given = ret->count;
    for (size_t i = 0; (r = http_server_route(server, i)); i++)
        if (r->method == HTTP_GET && !has_params(r->pattern))
            add(w, ret, r, str_from(r->pattern));
    for (size_t i = 0; i < ret->count; i++)
        follow(w, server, ret, i, i < given);
    check_complete(server, ret);
}
