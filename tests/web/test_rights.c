/* Every route as every role: what the table says is what happens. */
#include "people.h"

static struct web *w;

static int begin(void **state)
{
    (void)state;
    w = web_begin();
    return 0;
}

static int end(void **state)
{
    (void)state;
    web_end(w);
    return 0;
}

/* A path that the route takes, with 1 or a word for each of its parameters. */
static str path_of(struct arena *a, const struct http_route *r)
{
    struct buf b;
    str rest = str_slice(str_from(r->pattern), 1, SIZE_MAX), segment;
    buf_init(&b, a, 1024);
    while (str_split(&rest, '/', &segment)) {
        buf_addz(&b, "/");
        const char *name = str_z(a, str_slice(segment, 1, segment.len));
        bool number = false;
        for (const struct http_param *p = r->params; p && p->name; p++)
            number = number || (p->type == PARAM_INT && strcmp(p->name, name) == 0);
        if (str_starts(segment, S(":")))
            buf_addz(&b, number ? "999999" : "proef");
        else if (str_eqz(segment, "*"))
            buf_addz(&b, "proef");
        else
            buf_add(&b, segment);
    }
    return b.len ? buf_str(&b) : S("/");
}

/* Says what came back when it is not what the table of roles says. */
static bool is_as_decided(struct browser *b, const struct http_route *r, bool allowed,
                          const char *who)
{
    struct arena *a = arena_new();
    str path = path_of(a, r);
    struct http_response rs = r->method == HTTP_GET
                                  ? browser_get(b, str_z(a, path))
                                  : BROWSER_POST(b, str_z(a, path), "onbekend", "x");
    /* Signing out would end the walk; nothing else of a form without its fields does anything. */
    bool good = (rs.status == 403) == !allowed;
    if (!good)
        print_error("%s as %s: %d, allowed %d\n", r->pattern, who, rs.status, allowed);
    arena_free(a);
    return good;
}

static struct actor actor_of(enum role role, struct scope scope, bool two_factor)
{
    static struct actor_role roles[1];
    roles[0] = (struct actor_role){role, scope};
    return (struct actor){.local = true,
                          .account = 1,
                          .confirmed = true,
                          .two_factor = two_factor,
                          .roles = roles,
                          .role_count = role > ROLE_MEMBER ? 1 : 0};
}

static bool ends_the_walk(const struct http_route *r)
{
    static const char *const patterns[] = {"/uitloggen", "/account/verwijderen",
                                           "/account/sessies/beeindigen"};
    for (size_t i = 0; i < COUNT_OF(patterns); i++)
        if (r->method == HTTP_POST && strcmp(r->pattern, patterns[i]) == 0)
            return true;
    return false;
}

static int walk(struct browser *b, const struct actor *actor, const char *who)
{
    int wrong = 0;
    const struct http_route *r;
    for (size_t i = 0; (r = http_server_route(w->server, i)) != NULL; i++)
        if (!ends_the_walk(r))
            wrong +=
                !is_as_decided(b, r, permission_allows(actor, (enum permission)r->permission), who);
    return wrong;
}

static void every_route_as_every_role(void **state)
{
    (void)state;
    for (int role = ROLE_VISITOR; role < ROLE_COUNT; role++)
        for (int two = 0; two < 2; two++) {
            struct actor actor = actor_of((enum role)role, (struct scope){0}, two);
            char address[64];
            (void)snprintf(address, sizeof address, "rol%d-%d@proef.nl", role, two);
            struct browser *b =
                role == ROLE_VISITOR
                    ? browser_new(w)
                    : people_signed_in(
                          w, people_add(w, address, "Rol", (enum role)role, (struct scope){0}),
                          two);
            if (role == ROLE_VISITOR)
                actor.account = 0;
            CHECK_INT(walk(b, &actor, role_name((enum role)role)), 0);
            browser_free(b);
        }
}

static void who_is_switched_off_or_loses_a_role_is_out_at_once(void **state)
{
    (void)state;
    struct ctx c = people_ctx(w);
    people_add(w, "blijft@proef.nl", "Blijft", ROLE_ADMIN, (struct scope){0});
    long long id = people_add(w, "gaat@proef.nl", "Gaat", ROLE_ADMIN, (struct scope){0});
    struct browser *b = people_signed_in(w, id, true);
    CHECK_INT(browser_get(b, "/beheer/accounts").status, 200);
    struct account_grant *grants;
    size_t count;
    CHECK_OK(&c, accounts_store_roles(&c, id, &grants, &count));
    CHECK_OK(&c, accounts_take_role(&c, id, grants[0].id));
    CHECK_INT(browser_get(b, "/beheer/accounts").status, 403);
    browser_free(b);
    b = people_signed_in(w, id, true);
    CHECK_INT(browser_get(b, "/account").status, 200);
    CHECK_OK(&c, accounts_change_state(&c, id, ACCOUNT_DISABLED));
    CHECK_INT(browser_get(b, "/account").status, 403);
    struct http_response rs =
        BROWSER_POST(b, "/inloggen", "mailadres", "gaat@proef.nl", "wachtwoord", PEOPLE_PASSWORD);
    CHECK_INT(rs.status, 400);
    browser_free(b);
    people_ctx_end(&c);
}

static void the_last_admin_stays(void **state)
{
    (void)state;
    struct web *outer = w;
    w = web_begin();
    struct ctx c = people_ctx(w);
    long long id = people_add(w, "enige@proef.nl", "Enige", ROLE_ADMIN, (struct scope){0});
    struct account_grant *grants;
    size_t count;
    CHECK_OK(&c, accounts_store_roles(&c, id, &grants, &count));
    CHECK_INT(accounts_take_role(&c, id, grants[0].id), ERR_CONFLICT);
    CHECK_INT(accounts_change_state(&c, id, ACCOUNT_DISABLED), ERR_CONFLICT);
    CHECK_INT(accounts_erase(&c, id), ERR_CONFLICT);
    struct browser *b = people_signed_in(w, id, true);
    struct http_response rs =
        BROWSER_POST(b, "/account/verwijderen", "wachtwoord", PEOPLE_PASSWORD);
    CHECK_INT(rs.status, 400);
    CHECK(web_has(&rs, "laatste beheerder"));
    browser_free(b);
    people_ctx_end(&c);
    web_end(w);
    w = outer;
}

static void an_admin_gives_roles_and_invites(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    long long admin = people_add(w, "geeft@proef.nl", "Geeft", ROLE_ADMIN, (struct scope){0});
    long long id = people_add(w, "krijgt@proef.nl", "Krijgt", ROLE_MEMBER, (struct scope){0});
    struct browser *b = people_signed_in(w, admin, true);
    const char *path = str_fmt(a, "/beheer/accounts/%lld/rol", id).ptr;
    struct http_response rs =
        BROWSER_POST(b, path, "rol", "redacteur", "bereik", "thema", "welke", "");
    CHECK_INT(rs.status, 400);
    rs = BROWSER_POST(b, path, "rol", "bezoeker", "bereik", "alles");
    CHECK_INT(rs.status, 400);
    rs = BROWSER_POST(b, path, "rol", "redacteur", "bereik", "thema", "welke", "grond");
    CHECK_INT(rs.status, 303);
    rs = browser_get(b, str_fmt(a, "/beheer/accounts/%lld", id).ptr);
    CHECK(web_has(&rs, "thema grond"));
    rs = browser_get(b, "/beheer/accounts?q=KRIJGT");
    CHECK(web_has(&rs, "1 account"));
    rs = browser_get(b, "/beheer/accounts?q=100%25_");
    CHECK(web_has(&rs, "0 accounts"));
    CHECK_INT(browser_get(b, "/beheer/accounts/424242").status, 404);
    rs = BROWSER_POST(b, "/beheer/accounts/uitnodigen", "naam", "Gast", "mailadres",
                      "gast@proef.nl", "rol", "expert");
    CHECK_INT(rs.status, 303);
    people_run_jobs(w);
    str link = people_link(a, people_mail(w, a, "gast@proef.nl"));
    struct browser *guest = browser_new(w);
    rs = BROWSER_POST(guest, link.ptr, "naam", "Gast Gastman", "wachtwoord", PEOPLE_PASSWORD);
    CHECK_INT(rs.status, 303);
    rs = browser_get(guest, "/account");
    CHECK(web_has(&rs, "expert"));
    browser_free(guest);
    browser_free(b);
    arena_free(a);
}

static void who_views_as_another_changes_nothing_and_is_seen(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    long long admin = people_add(w, "kijkt@proef.nl", "Kijkt Mee", ROLE_ADMIN, (struct scope){0});
    long long id =
        people_add(w, "bekeken@proef.nl", "Bekeken Persoon", ROLE_MEMBER, (struct scope){0});
    struct browser *b = people_signed_in(w, admin, true), *self = people_signed_in(w, id, false);
    const char *path = str_fmt(a, "/beheer/accounts/%lld/bekijk-als", id).ptr;
    struct http_response rs = BROWSER_POST(b, path, "reden", "");
    CHECK_INT(rs.status, 400);
    rs = BROWSER_POST(self, path, "reden", "nieuwsgierig");
    CHECK_INT(rs.status, 403);
    rs = BROWSER_POST(b, path, "reden", "melding 12");
    CHECK_INT(rs.status, 303);
    rs = browser_get(b, "/account");
    CHECK(web_has(&rs, "bekeken@proef.nl"));
    CHECK(web_has(&rs, "Stop met bekijken als"));
    CHECK_INT(browser_get(b, "/beheer/accounts").status, 403);
    CHECK_INT(browser_get(b, "/account/wachtwoord").status, 403);
    CHECK_INT(browser_get(b, "/account/export").status, 403);
    rs = BROWSER_POST(b, "/account/gegevens", "naam", "Boef");
    CHECK_INT(rs.status, 403);
    rs = browser_get(self, "/account");
    CHECK(web_has(&rs, "Kijkt Mee"));
    CHECK(web_has(&rs, "melding 12"));
    rs = BROWSER_POST(b, ACCOUNTS_STOP_VIEW, "x", "y");
    CHECK_INT(rs.status, 303);
    CHECK_INT(browser_get(b, "/beheer/accounts").status, 200);
    browser_free(b);
    browser_free(self);
    arena_free(a);
}

static void the_matrix_lists_every_right_and_route(void **state)
{
    (void)state;
    long long id = people_add(w, "matrix@proef.nl", "Matrix", ROLE_MEMBER, (struct scope){0});
    struct browser *b = people_signed_in(w, id, false);
    struct http_response rs = browser_get(b, "/beheer/rechten");
    CHECK_INT(rs.status, 200);
    const struct http_route *r;
    for (size_t i = 0; (r = http_server_route(w->server, i)) != NULL; i++)
        CHECK(web_has(&rs, r->pattern));
    for (int p = PERM_PUBLIC; p < PERM_COUNT; p++)
        CHECK(web_has(&rs, permission_words((enum permission)p)));
    browser_free(b);
}

TEST_MAIN_WITH(begin, end, TEST(every_route_as_every_role),
               TEST(who_is_switched_off_or_loses_a_role_is_out_at_once), TEST(the_last_admin_stays),
               TEST(an_admin_gives_roles_and_invites),
               TEST(who_views_as_another_changes_nothing_and_is_seen),
               TEST(the_matrix_lists_every_right_and_route))
