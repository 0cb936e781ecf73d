/* Who may do what, from the table of roles and the tables of routes themselves: it cannot say
   anything else than what is checked. */
#include "accounts/accounts_int.h"

#include "base/vec.h"

static str method_name(enum http_method method)
{
    static const char *const names[] = {"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "?"};
    return str_from(names[method]);
}

static void routes_of(struct ctx *c, const struct http_request *rq, enum permission permission,
                      struct accounts_right_view *ret)
{
    struct {
        struct accounts_route_view *items;
        size_t count, capacity;
    } routes = {0};
    const struct http_route *r;
    for (size_t i = 0; (r = http_server_route(rq->server, i)) != NULL; i++)
        if (r->permission == (int)permission)
            *vec_push(c->arena, &routes) = (struct accounts_route_view){
                method_name(r->method), str_from(r->pattern), str_from(r->help)};
    ret->routes = routes.items;
    ret->routes_count = routes.count;
}

/* What somebody with only this role may, asked of the one function that decides. */
static bool may(enum role role, enum permission permission)
{
    const struct actor_role roles[] = {{role, {0}}};
    const struct actor actor = {.account = role == ROLE_VISITOR ? 0 : 1,
                                .confirmed = true,
                                .two_factor = true,
                                .roles = roles,
                                .role_count = role > ROLE_MEMBER ? 1 : 0};
    return permission_allows(&actor, permission);
}

int accounts_rights(struct ctx *c, const struct http_request *rq, struct http_response *rs)
{
    struct accounts_right_view *rights = arena_array(c->arena, PERM_COUNT, sizeof *rights);
    str *heads = arena_array(c->arena, ROLE_COUNT, sizeof *heads);
    struct accounts_rights_view v = {.rights = rights, .heads = heads, .heads_count = ROLE_COUNT};
    struct buf b;
    struct out o;
    for (int i = 0; i < ROLE_COUNT; i++)
        heads[i] = str_from(role_words((enum role)i));
    for (int p = PERM_PUBLIC; p < PERM_COUNT; p++) {
        struct accounts_right_view *r = &rights[v.rights_count++];
        bool *roles = arena_array(c->arena, ROLE_COUNT, sizeof *roles);
        for (int i = 0; i < ROLE_COUNT; i++)
            roles[i] = may((enum role)i, (enum permission)p);
        *r = (struct accounts_right_view){.name = str_from(permission_name((enum permission)p)),
                                          .words = str_from(permission_words((enum permission)p)),
                                          .roles = roles,
                                          .roles_count = ROLE_COUNT};
        routes_of(c, rq, (enum permission)p, r);
    }
    out_begin(&o, &b, c->arena, ACCOUNTS_MAX_HTML);
    accounts_rights_html(&o, &v);
    return accounts_send(c, rq, rs, S("Wie mag wat"), &o);
}
