/* What all answers of the public API have in common, on a small table of routes. */
#include "http_demo.h"
#include "json/shape.h"

struct thing {
    str name;
    long long size;
};
static const struct json_field thing_fields[] = {
    {"name", JSON_TEXT(struct thing, name), .help = "Naam"},
    {"size", JSON_INT(struct thing, size), .help = "Grootte"},
};
static const struct json_shape thing_shape =
    JSON_SHAPE("Thing", struct thing, thing_fields, "Een ding.");

enum { THINGS = 45 };

static int api_things(struct ctx *c, const struct http_request *rq, struct http_response *rs)
{
    struct thing things[THINGS] = {0};
    struct http_page page = http_page_of(rq);
    size_t count = page.offset >= THINGS ? 0 : THINGS - page.offset;
    count = count < page.size ? count : page.size;
    for (size_t i = 0; i < count; i++)
        things[i] = (struct thing){S("ding"), (long long)(page.offset + i)};
    return http_reply_list(c, rq, rs, things, count, THINGS);
}

static int api_thing(struct ctx *c, const struct http_request *rq, struct http_response *rs)
{
    const struct thing thing = {http_text(rq, "slug"), 7};
    if (str_eqz(thing.name, "weg"))
        return err_set(c, ERR_NOT_FOUND, "Dit ding is er niet.");
    if (str_eqz(thing.name, "oud")) {
        http_redirect(c, rs, 301, S("/api/v1/things/nieuw"));
        return 0;
    }
    return http_reply_one(c, rq, rs, &thing);
}

static const struct http_param list_params[] = {
    {"soort", PARAM_LIST, .max = 3, .optional = true, .help = "Soort", .choices = "huis|kade"},
    {"volgorde", PARAM_CHOICE, .optional = true, .help = "Volgorde", .choices = "naam|nieuwste"},
    {"q", PARAM_TEXT, .max = 2000, .optional = true, .help = "Zoekwoorden"},
    HTTP_PAGE_PARAMS,
    HTTP_KEYS_PARAM,
    {0},
};
static const struct http_param one_params[] = {
    {"slug", PARAM_SLUG, .help = "Kenmerk"}, HTTP_KEYS_PARAM, {0}};

enum { PERM_PUBLIC = DEMO_PUBLIC };
static const struct http_route api_routes[] = {
    HTTP_API("/things", api_things, list_params, "Things.", .shape = &thing_shape, .list = true,
             .group = "Dingen", .title = "Alle dingen", .help = "Geeft dingen."),
    HTTP_API("/things/:slug", api_thing, one_params, "A thing.", .shape = &thing_shape,
             .group = "Dingen", .title = "Een ding", .help = "Geeft een ding."),
};
static const struct http_table api_tables[] = {{api_routes, COUNT_OF(api_routes)},
                                               {demo_routes, COUNT_OF(demo_routes)}};

static struct ctx c;
static struct http_server *server;

static int begin(void **state)
{
    (void)state;
    struct http_server_options options = demo_options();
    options.tables = api_tables;
    options.table_count = COUNT_OF(api_tables);
    c.arena = arena_new();
    server = demo_server_of(&c, &options);
    return 0;
}

static int end(void **state)
{
    (void)state;
    arena_free(c.arena);
    return 0;
}

/* head: more header lines, each with its line end. */
static struct http_response ask(const char *method, const char *target, const char *head)
{
    struct http_response rs;
    str wire =
        str_fmt(c.arena, "%s %s HTTP/1.1\r\nHost: localhost\r\n%s\r\n", method, target, head);
    http_memory(server, &c, wire, &rs);
    return rs;
}

static void check_words(const char *target, int status, const char *words)
{
    struct http_response rs = ask("GET", target, "");
    CHECK_INT(rs.status, status);
    if (!str_has(demo_body(&rs), words))
        print_error("%s: %.*s\n", target, (int)demo_body(&rs).len, demo_body(&rs).ptr);
    CHECK(str_has(demo_body(&rs), words));
}

static void pages_are_linked(void **state)
{
    (void)state;
    struct http_response rs = ask("GET", "/api/v1/things?soort=huis&pagina=2&aantal=20", "");
    CHECK(str_has(demo_body(&rs), "{\"total\":45,\"page\":2,\"pageSize\":20,\"results\":["));
    CHECK_STR(demo_header_of(&rs, "Link"),
              S("</api/v1/things?soort=huis&aantal=20&pagina=1>; rel=\"first\", "
                "</api/v1/things?soort=huis&aantal=20&pagina=1>; rel=\"prev\", "
                "</api/v1/things?soort=huis&aantal=20&pagina=3>; rel=\"next\", "
                "</api/v1/things?soort=huis&aantal=20&pagina=3>; rel=\"last\""));
    rs = ask("GET", "/api/v1/things", "");
    CHECK(!str_has(demo_header_of(&rs, "Link"), "prev"));
    rs = ask("GET", "/api/v1/things?pagina=3", "");
    CHECK(!str_has(demo_header_of(&rs, "Link"), "next"));
    CHECK(str_has(demo_body(&rs), "\"size\":44}"));
    rs = ask("GET", "/api/v1/things?pagina=9", "");
    CHECK_INT(rs.status, 200);
    CHECK(str_has(demo_header_of(&rs, "Link"), "pagina=3>; rel=\"prev\""));
    CHECK(str_has(demo_body(&rs), "\"results\":[]"));
}

/* Nothing of the query stands in the header as it came, and no header grows without end. */
static void links_carry_no_text_of_an_outsider(void **state)
{
    (void)state;
    struct http_response rs = ask("GET", "/api/v1/things?q=a%3E%22%20%3B%0Db", "");
    CHECK_INT(rs.status, 400); /* a control character */
    rs = ask("GET", "/api/v1/things?q=%3E%3B%20rel%3D%22next%22", "");
    CHECK(str_has(demo_header_of(&rs, "Link"), "q=%3E%3B%20rel%3D%22next%22&pagina=2>"));
    str q = str_fmt(c.arena, "/api/v1/things?q=%0650d", 1);
    rs = ask("GET", q.ptr, "");
    CHECK(demo_header_of(&rs, "Link").len > 1300 && demo_header_of(&rs, "Link").len < 4000);
    q = str_fmt(c.arena, "/api/v1/things?q=%0690d", 1);
    rs = ask("GET", q.ptr, "");
    CHECK_INT(rs.status, 200);
    CHECK_INT(demo_header_of(&rs, "Link").len, 0);
}

static void fields_are_chosen(void **state)
{
    (void)state;
    check_words("/api/v1/things/kade?fields=size", 200, "{\"size\":7}");
    check_words("/api/v1/things?aantal=1&fields=name", 200, "\"results\":[{\"name\":\"ding\"}]");
    check_words("/api/v1/things/kade?fields=", 200, "{\"name\":\"kade\",\"size\":7}");
    check_words("/api/v1/things/kade?fields=size,huis", 400, "Het veld “fields” noemt “huis”");
    check_words("/api/v1/things/kade?fields=,", 400, "Het veld “fields” noemt “”");
}

static void all_that_is_wrong_is_said_at_once(void **state)
{
    (void)state;
    const char *target = "/api/v1/things?soort=boot&volgorde=oud&pagina=0&aantal=101&kleur=rood";
    check_words(target, 400, "Het veld “soort” klopt niet. Kies uit: huis, kade.");
    check_words(target, 400, "Het veld “volgorde” klopt niet. Kies uit: naam, nieuwste.");
    check_words(target, 400, "Het veld “pagina” klopt niet.");
    check_words(target, 400, "Het veld “aantal” klopt niet.");
    check_words(target, 400, "De parameter “kleur” bestaat niet.");
    check_words("/api/v1/things/kade?slug=x", 400, "De parameter “slug” bestaat niet.");
    check_words("/zoeken?kleur=rood", 200, "q="); /* pages do not mind */
}

static void every_answer_has_version_and_cors(void **state)
{
    (void)state;
    static const struct {
        const char *method, *target, *head;
        int status;
    } cases[] = {
        {"GET", "/api/v1/things", "", 200},
        {"HEAD", "/api/v1/things", "", 200},
        {"OPTIONS", "/api/v1/things", "", 204},
        {"GET", "/api/v1/things/oud", "", 301},
        {"GET", "/api/v1/things?x=1", "", 400},
        {"GET", "/api/v1/things/weg", "", 404},
        {"GET", "/api/v1/nergens", "", 404},
        {"GET", "/api/nergens", "", 404},
        {"GET", "/api/v1/things/", "", 404},
        {"OPTIONS", "/api/v1/nergens", "", 404},
        {"DELETE", "/api/v1/things", "", 405},
        {"GET", "/api/v1/things", "Accept: text/html\r\n", 406},
        {"GET", "/api/v1/things", "Bad Name: x\r\n", 400},
        {"PATCH", "/api/v1/things", "", 501},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct http_response rs = ask(cases[i].method, cases[i].target, cases[i].head);
        if (rs.status != cases[i].status)
            print_error("%s %s: %d\n", cases[i].method, cases[i].target, rs.status);
        CHECK_INT(rs.status, cases[i].status);
        CHECK_STR(demo_header_of(&rs, "API-Version"), S(HTTP_API_VERSION));
        CHECK_STR(demo_header_of(&rs, "Access-Control-Allow-Origin"), S("*"));
        CHECK_STR(demo_header_of(&rs, "Cross-Origin-Resource-Policy"), S("cross-origin"));
        if (rs.status >= 400)
            CHECK_STR(demo_header_of(&rs, "Content-Type"), S("application/problem+json"));
        if (rs.status >= 400)
            CHECK_STR(demo_header_of(&rs, "Cache-Control"), S("no-store"));
    }
}

static void pages_are_not_of_the_api(void **state)
{
    (void)state;
    static const char *const targets[] = {"/", "/zoeken", "/nergens", "/apis"};
    for (size_t i = 0; i < COUNT_OF(targets); i++) {
        struct http_response rs = ask("GET", targets[i], "");
        CHECK_INT(demo_header_of(&rs, "API-Version").len, 0);
        CHECK_INT(demo_header_of(&rs, "Access-Control-Allow-Origin").len, 0);
        CHECK_STR(demo_header_of(&rs, "Cross-Origin-Resource-Policy"), S("same-origin"));
    }
    struct http_response rs = ask("OPTIONS", "/zoeken", "");
    CHECK_INT(rs.status, 405);
}

static void a_preflight_says_what_may(void **state)
{
    (void)state;
    struct http_response rs =
        ask("OPTIONS", "/api/v1/things/kade",
            "Origin: https://elders.nl\r\nAccess-Control-Request-Method: GET\r\n"
            "Access-Control-Request-Headers: if-none-match\r\n");
    CHECK_INT(rs.status, 204);
    CHECK_INT(demo_body(&rs).len, 0);
    CHECK_STR(demo_header_of(&rs, "Allow"), S("GET, HEAD, OPTIONS"));
    CHECK_STR(demo_header_of(&rs, "Access-Control-Allow-Methods"), S("GET, HEAD, OPTIONS"));
    CHECK(str_has(demo_header_of(&rs, "Access-Control-Allow-Headers"), "If-None-Match"));
    CHECK(demo_header_of(&rs, "Access-Control-Max-Age").len > 0);
}

static void json_is_what_there_is(void **state)
{
    (void)state;
    static const struct {
        const char *accept;
        int status;
    } cases[] = {
        {"application/json", 200},
        {"*/*", 200},
        {"text/html, application/*;q=0.1", 200},
        {"APPLICATION/JSON", 200},
        {"application/vnd.oai.openapi+json", 200},
        {"", 200},
        {"text/html", 406},
        {"application/json;q=0", 406},
        {"text/*, application/xml", 406},
        {";;;,,,", 406},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct http_response rs =
            ask("GET", "/api/v1/things", str_fmt(c.arena, "Accept: %s\r\n", cases[i].accept).ptr);
        if (rs.status != cases[i].status)
            print_error("Accept: %s: %d\n", cases[i].accept, rs.status);
        CHECK_INT(rs.status, cases[i].status);
        CHECK_STR(demo_header_of(&rs, "Vary"), S("Accept"));
    }
}

static void the_tag_is_of_what_is_sent(void **state)
{
    (void)state;
    struct http_response rs = ask("GET", "/api/v1/things", "");
    str tag = demo_header_of(&rs, "ETag");
    CHECK(tag.len > 2 && tag.ptr[0] == '"');
    CHECK_STR(demo_header_of(&rs, "Cache-Control"), S("no-cache"));
    const char *same = str_fmt(c.arena, "If-None-Match: %.*s\r\n", (int)tag.len, tag.ptr).ptr;
    rs = ask("GET", "/api/v1/things", same);
    CHECK_INT(rs.status, 304);
    CHECK_STR(demo_header_of(&rs, "API-Version"), S(HTTP_API_VERSION));
    rs = ask("GET", "/api/v1/things?pagina=2", same);
    CHECK_INT(rs.status, 200);
}

static const struct http_param some_keys[] = {HTTP_KEYS_PARAM, {0}};
static const struct http_route wrong_routes[] = {
    HTTP_API("/a", api_things, list_params, "Things.", .shape = &thing_shape, .group = "Dingen",
             .help = "Geeft dingen."),
    {HTTP_GET, "/a", api_things, PERM_PUBLIC, some_keys, .help = "Keys of nothing.", .api = true},
    {HTTP_GET, "/a", api_things, PERM_PUBLIC, NULL, .help = "Not for programs.",
     .reply = &(const struct http_reply){.group = "A", .title = "B", .help = "C"}},
};

static void a_route_without_words_for_the_documentation_does_not_start(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(wrong_routes); i++) {
        struct http_server_options options = demo_options();
        struct http_table table = {&wrong_routes[i], 1};
        struct http_server *refused = NULL;
        options.tables = &table;
        options.table_count = 1;
        CHECK_INT(http_server_new(&c, &options, &refused), ERR_INTERNAL);
    }
}

TEST_MAIN_WITH(begin, end, TEST(pages_are_linked), TEST(links_carry_no_text_of_an_outsider),
               TEST(fields_are_chosen), TEST(all_that_is_wrong_is_said_at_once),
               TEST(every_answer_has_version_and_cors), TEST(pages_are_not_of_the_api),
               TEST(a_preflight_says_what_may), TEST(json_is_what_there_is),
               TEST(the_tag_is_of_what_is_sent),
               TEST(a_route_without_words_for_the_documentation_does_not_start))
