#include "http/http_int.h"
#include "http_demo.h"

static struct ctx c;

static int set_up(void **state)
{
    (void)state;
    c = (struct ctx){.arena = arena_new()};
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_free(c.arena);
    return 0;
}

static const struct http_param two_params[] = {{"a", PARAM_SLUG, .help = "A"},
                                               {"b", PARAM_TEXT, .max = 9, .help = "B"},
                                               {"*", PARAM_TEXT, .max = 99, .help = "Rest"},
                                               {0}};

#define ROUTE(method, pattern)                                                                     \
    {                                                                                              \
        method, pattern, demo_home, DEMO_PUBLIC, two_params, .help = "Help."                       \
    }

static const struct http_route routes[] = {
    ROUTE(HTTP_GET, "/"),
    ROUTE(HTTP_GET, "/x"),
    ROUTE(HTTP_POST, "/x"),
    ROUTE(HTTP_GET, "/x/:a"),
    ROUTE(HTTP_DELETE, "/x/:a"),
    ROUTE(HTTP_GET, "/x/nieuw"),
    ROUTE(HTTP_GET, "/x/:a/deel/:b"),
    ROUTE(HTTP_GET, "/x/nieuw/deel/vast"),
    ROUTE(HTTP_GET, "/files/*"),
    ROUTE(HTTP_GET, "/files/een/twee"),
    ROUTE(HTTP_HEAD, "/eigen"),
    ROUTE(HTTP_GET, "/eigen"),
};

static struct http_server *server_of(const struct http_route *list, size_t count, int *ret_code)
{
    struct http_table *table = arena_new_of(c.arena, struct http_table);
    struct http_server_options options = demo_options();
    struct http_server *server = NULL;
    *table = (struct http_table){list, count};
    options.tables = table;
    options.table_count = 1;
    *ret_code = http_server_new(&c, &options, &server);
    return server;
}

static struct http_match find(const struct http_server *server, enum http_method method,
                              const char *path)
{
    struct http_match m;
    http_router_find(server, method, str_from(path), &m);
    return m;
}

static void check_route(const struct http_server *server, enum http_method method, const char *path,
                        const char *pattern)
{
    struct http_match m = find(server, method, path);
    if (!m.route || strcmp(m.route->pattern, pattern) != 0)
        print_error("%s gives %s\n", path, m.route ? m.route->pattern : "nothing");
    CHECK(m.route && strcmp(m.route->pattern, pattern) == 0);
}

static void routes_are_found(void **state)
{
    (void)state;
    int code;
    struct http_server *s = server_of(routes, COUNT_OF(routes), &code);
    CHECK_OK(&c, code);
    check_route(s, HTTP_GET, "/", "/");
    check_route(s, HTTP_GET, "/x", "/x");
    check_route(s, HTTP_POST, "/x", "/x");
    check_route(s, HTTP_HEAD, "/x", "/x");
    check_route(s, HTTP_GET, "/x/y", "/x/:a");
    check_route(s, HTTP_GET, "/x/nieuw", "/x/nieuw"); /* a literal goes first */
    check_route(s, HTTP_DELETE, "/x/nieuw", "/x/:a"); /* but does not hide another method */
    check_route(s, HTTP_GET, "/x/1/deel/2", "/x/:a/deel/:b");
    check_route(s, HTTP_GET, "/x/nieuw/deel/vast", "/x/nieuw/deel/vast");
    check_route(s, HTTP_GET, "/x/nieuw/deel/anders", "/x/:a/deel/:b");
    check_route(s, HTTP_GET, "/files/a", "/files/*");
    check_route(s, HTTP_GET, "/files/a/b/c.css", "/files/*");
    check_route(s, HTTP_GET, "/files/een/twee", "/files/een/twee");
    check_route(s, HTTP_GET, "/files/een/drie", "/files/*");
    CHECK(find(s, HTTP_HEAD, "/eigen").route->method == HTTP_HEAD);
}

static void values_are_taken(void **state)
{
    (void)state;
    int code;
    struct http_server *s = server_of(routes, COUNT_OF(routes), &code);
    struct http_match m = find(s, HTTP_GET, "/x/een/deel/twee drie");
    CHECK_INT(m.count, 2);
    CHECK_STR(m.values[0], S("een"));
    CHECK_STR(m.values[1], S("twee drie"));
    m = find(s, HTTP_GET, "/x/nieuw/deel/anders");
    CHECK_STR(m.values[0], S("nieuw"));
    m = find(s, HTTP_GET, "/files/een/drie");
    CHECK_INT(m.count, 1);
    CHECK_STR(m.values[0], S("een/drie"));
}

static void nothing_is_found(void **state)
{
    (void)state;
    int code;
    struct http_server *s = server_of(routes, COUNT_OF(routes), &code);
    static const char *const missing[] = {
        "/y",     "/x/",     "/x/y/",  "//",         "//x",           "/x//", "/X",
        "/files", "/files/", "/x/y/z", "/x/1/deel/", "/x/1/deel/2/3", "/:a",  "/*"};
    for (size_t i = 0; i < COUNT_OF(missing); i++) {
        struct http_match m = find(s, HTTP_GET, missing[i]);
        if (m.route || m.allow)
            print_error("%s is found\n", missing[i]);
        CHECK(!m.route && !m.allow);
    }
    char deep[4000];
    for (size_t i = 0; i < sizeof deep; i++)
        deep[i] = i % 2 ? 'a' : '/';
    deep[sizeof deep - 1] = '\0';
    CHECK(!find(s, HTTP_GET, deep).route);
}

static void methods_are_told(void **state)
{
    (void)state;
    int code;
    struct http_server *s = server_of(routes, COUNT_OF(routes), &code);
    struct http_match m = find(s, HTTP_PUT, "/x");
    CHECK(!m.route);
    CHECK_INT(m.allow, 1 << HTTP_GET | 1 << HTTP_HEAD | 1 << HTTP_POST);
    m = find(s, HTTP_POST, "/x/nieuw"); /* of both patterns */
    CHECK_INT(m.allow, 1 << HTTP_GET | 1 << HTTP_HEAD | 1 << HTTP_DELETE);
}

static void bad_tables_are_refused(void **state)
{
    (void)state;
    static const struct http_param no_help[] = {{"q", PARAM_TEXT, .max = 5}, {0}};
    static const struct http_param no_max[] = {{"q", PARAM_TEXT, .help = "Q"}, {0}};
    static const struct http_param no_range[] = {{"q", PARAM_INT, .help = "Q"}, {0}};
    static const struct http_param twice[] = {
        {"q", PARAM_SLUG, .help = "Q"}, {"q", PARAM_FLAG, .help = "Q"}, {0}};
    const struct http_route bad[] = {
        {HTTP_GET, "x", demo_home, DEMO_PUBLIC, NULL, .help = "Help."},
        {HTTP_GET, "", demo_home, DEMO_PUBLIC, NULL, .help = "Help."},
        {HTTP_GET, "/x/", demo_home, DEMO_PUBLIC, NULL, .help = "Help."},
        {HTTP_GET, "/x//y", demo_home, DEMO_PUBLIC, NULL, .help = "Help."},
        {HTTP_GET, "/*/x", demo_home, DEMO_PUBLIC, two_params, .help = "Help."},
        {HTTP_GET, "/:", demo_home, DEMO_PUBLIC, two_params, .help = "Help."},
        {HTTP_GET, "/:A", demo_home, DEMO_PUBLIC, two_params, .help = "Help."},
        {HTTP_GET, "/:undeclared", demo_home, DEMO_PUBLIC, two_params, .help = "Help."},
        {HTTP_GET, "/:a", demo_home, DEMO_PUBLIC, NULL, .help = "Help."},
        {HTTP_OTHER, "/x", demo_home, DEMO_PUBLIC, NULL, .help = "Help."},
        {HTTP_GET, "/x", NULL, DEMO_PUBLIC, NULL, .help = "Help."},
        {HTTP_GET, "/x", demo_home, 0, NULL, .help = "Help."},
        {HTTP_GET, "/x", demo_home, DEMO_PUBLIC, NULL, .help = NULL},
        {HTTP_GET, "/x", demo_home, DEMO_PUBLIC, NULL, .help = ""},
        {HTTP_GET, "/x", demo_home, DEMO_PUBLIC, no_help, .help = "Help."},
        {HTTP_GET, "/x", demo_home, DEMO_PUBLIC, no_max, .help = "Help."},
        {HTTP_GET, "/x", demo_home, DEMO_PUBLIC, no_range, .help = "Help."},
        {HTTP_GET, "/x", demo_home, DEMO_PUBLIC, twice, .help = "Help."},
    };
    int code;
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        CHECK(!server_of(&bad[i], 1, &code));
        CHECK_INT(code, ERR_INTERNAL);
        CHECK(c.err.detail.len > 0);
    }
    const struct http_route same[] = {ROUTE(HTTP_GET, "/x/:a"), ROUTE(HTTP_GET, "/x/:b")};
    CHECK(!server_of(same, 2, &code));
    CHECK_INT(code, ERR_INTERNAL);
}

static void bad_options_are_refused(void **state)
{
    (void)state;
    struct http_server *server = NULL;
    struct http_server_options options = demo_options();
    options.hooks.authorize = NULL;
    CHECK_INT(http_server_new(&c, &options, &server), ERR_INTERNAL);
    options = demo_options();
    options.limits.max_fields = 0;
    CHECK_INT(http_server_new(&c, &options, &server), ERR_INTERNAL);
    static const char *const urls[] = {"voorbeeld.nl", "ftp://voorbeeld.nl",
                                       "https://",     "https://voorbeeld.nl/pad",
                                       "https://a b",  "https://a@b"};
    for (size_t i = 0; i < COUNT_OF(urls); i++) {
        options = demo_options();
        options.public_url = str_from(urls[i]);
        CHECK_INT(http_server_new(&c, &options, &server), ERR_INVALID);
        CHECK(str_has(c.err.msg, "public_url"));
    }
    static const char *const proxies[] = {"localhost", "1.2.3.4/33",  "::1/129",  "1.2.3",
                                          "::1, x",    "10.0.0.0/-1", "10.0.0.0/"};
    for (size_t i = 0; i < COUNT_OF(proxies); i++) {
        options = demo_options();
        options.trusted_proxies = str_from(proxies[i]);
        CHECK_INT(http_server_new(&c, &options, &server), ERR_INVALID);
        CHECK(str_has(c.err.msg, "trusted_proxies"));
    }
    CHECK(!server);
}

static void routes_can_be_listed(void **state)
{
    (void)state;
    struct http_server *s = demo_server(&c);
    size_t count = COUNT_OF(demo_routes) + COUNT_OF(demo_api_routes);
    for (size_t i = 0; i < count; i++)
        CHECK(http_server_route(s, i) && http_server_route(s, i)->help);
    CHECK(http_server_route(s, 0) == &demo_routes[0]);
    CHECK(http_server_route(s, count - 1) == &demo_api_routes[1]);
    CHECK(!http_server_route(s, count));
}

#define T(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

TEST_MAIN(T(routes_are_found), T(values_are_taken), T(nothing_is_found), T(methods_are_told),
          T(bad_tables_are_refused), T(bad_options_are_refused), T(routes_can_be_listed))
