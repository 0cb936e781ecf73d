/* The API of the whole program, by the rules of the Dutch API Design Rules that can hold on this
   machine: each test names its rule. On TLS (transport/tls) the proxy in front decides. */
#include "web.h"

#include "json/json.h"
#include "json/shape.h"

static struct web *w;

#define ITEM(slug, title, extra, body)                                                             \
    "---\nslug: " slug "\ntitle: " title "\ntype: werkwijze\nsummary: Een proef.\n"                \
    "phases: [\"5\"]\nbottlenecks: [PRO]\nthemes: [grond]\nactors: [planoloog]\n" extra            \
    "sources:\n  - title: Bron\nlicence: CC-BY-4.0\ncertainty: opgezocht\nevidence: "              \
    "onvoldoende\n---\n" body "\n"

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

/* The answer of a path that must succeed, read; it lives until the next call. */
static const struct json_value *ask(const char *path)
{
    const struct json_value *v = NULL;
    struct http_response rs = web_get(w, path);
    if (rs.status != 200)
        print_error("%s: %d %.*s\n", path, rs.status, (int)web_body(&rs).len, web_body(&rs).ptr);
    CHECK_INT(rs.status, 200);
    CHECK_OK(&w->ctx, json_parse(&w->ctx, web_body(&rs), 20, &v));
    return v;
}

static struct http_response send_with(const char *method, const char *path, const char *head)
{
    struct arena *a = arena_new();
    str wire = str_fmt(a, "%s %s HTTP/1.1\r\nHost: localhost:8080\r\n%s\r\n", method, path, head);
    struct http_response rs = web_send(w, wire);
    arena_free(a);
    return rs;
}

static str text(const struct json_value *v, const char *key)
{
    return json_as_str(json_get(v, key));
}

static long long number(const struct json_value *v, const char *key)
{
    long long n = -1;
    CHECK(json_as_int(json_get(v, key), &n));
    return n;
}

/* One of each kind of address, and of each kind of mistake. */
static const char *const good[] = {
    "/api/v1",
    "/api/v1/openapi.json",
    "/api/v1/items",
    "/api/v1/items/parallel-plannen",
    "/api/v1/items/parallel-plannen/versions",
    "/api/v1/items/parallel-plannen/versions/1",
    "/api/v1/phases",
    "/api/v1/phases/voorbereiding",
    "/api/v1/bottlenecks",
    "/api/v1/bottlenecks/stikstof",
    "/api/v1/themes",
    "/api/v1/themes/grond-en-kostenverhaal",
    "/api/v1/actors",
    "/api/v1/actors/planoloog",
    "/api/v1/search?q=vergunning",
};
static const struct {
    const char *method, *path, *head;
    int status;
} bad[] = {
    {"GET", "/api/v1/items?pagina=0", "", 400},
    {"GET", "/api/v1/items?pagina=501", "", 400},
    {"GET", "/api/v1/items?aantal=101", "", 400},
    {"GET", "/api/v1/items?aantal=veel", "", 400},
    {"GET", "/api/v1/items?soort=boek", "", 400},
    {"GET", "/api/v1/items?volgorde=achteruit", "", 400},
    {"GET", "/api/v1/items?fields=title,geheim", "", 400},
    {"GET", "/api/v1/items?onbekend=1", "", 400},
    {"GET", "/api/v1/items?fase=%FF", "", 400},
    {"GET", "/api/v1/items?fase=a%20b", "", 400},
    {"GET", "/api/v1/search?q=%00", "", 400},
    {"GET", "/api/v1/search?pagina=500&aantal=100", "", 400},
    {"GET", "/api/v1/nergens", "", 404},
    {"GET", "/api/v1/items/bestaat-niet", "", 404},
    {"GET", "/api/v1/items/Parallel_Plannen", "", 404},
    {"GET", "/api/v1/items/parallel-plannen/versions/99", "", 404},
    {"GET", "/api/v1/items/parallel-plannen/versions/x", "", 404},
    {"GET", "/api/v1/phases/bestaat-niet", "", 404},
    {"POST", "/api/v1/items", "Content-Length: 0\r\n", 405},
    {"PUT", "/api/v1/items/parallel-plannen", "Content-Length: 0\r\n", 405},
    {"DELETE", "/api/v1/items/parallel-plannen", "", 405},
    {"GET", "/api/v1/items", "Accept: text/html\r\n", 406},
    {"PATCH", "/api/v1/items", "Content-Length: 0\r\n", 501},
};

typedef void checker(const struct http_response *rs, const char *path);

static void each_answer(checker *check)
{
    for (size_t i = 0; i < COUNT_OF(good); i++) {
        struct http_response rs = web_get(w, good[i]);
        check(&rs, good[i]);
    }
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        struct http_response rs = send_with(bad[i].method, bad[i].path, bad[i].head);
        check(&rs, bad[i].path);
    }
}

/* Calls check for each path of the description. */
static void each_path(void (*check)(str path))
{
    for (size_t i = 0;; i++) {
        const struct http_route *r = http_server_route(w->server, i);
        if (!r)
            return;
        if (r->reply)
            check(str_from(r->pattern));
    }
}

/* ---- names ---- */

static void check_kebab(str path)
{
    str rest = path, segment;
    CHECK(str_starts(path, S("/api/v1")));
    while (str_split(&rest, '/', &segment))
        for (size_t i = 0; i < segment.len; i++) {
            char ch = segment.ptr[i];
            bool name = segment.ptr[0] == ':' || str_eqz(segment, "openapi.json");
            CHECK(name || (ch >= 'a' && ch <= 'z') || (ch >= '0' && ch <= '9') || ch == '-');
        }
}

static void path_segments_kebab_case(void **state)
{
    (void)state;
    each_path(check_kebab);
}

/* naming-resources, naming-collections: nouns, and in the plural when there are more. */
static void naming_collections(void **state)
{
    (void)state;
    for (size_t i = 0;; i++) {
        const struct http_route *r = http_server_route(w->server, i);
        if (!r)
            break;
        if (r->reply && r->reply->list)
            CHECK(str_ends(str_from(r->pattern), S("s")));
        if (r->reply)
            CHECK(r->method == HTTP_GET);
    }
}

/* nested-child: versions exist within an item only. */
static void nested_child(void **state)
{
    (void)state;
    CHECK_INT(number(ask("/api/v1/items/parallel-plannen/versions"), "total"), 1);
    CHECK_INT(web_get(w, "/api/v1/versions").status, 404);
}

/* resource-operations: what is no resource, searching, has an address of its own. */
static void resource_operations(void **state)
{
    (void)state;
    CHECK(number(ask("/api/v1/search?q=vergunning"), "total") > 0);
}

static void no_trailing_slash(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(good); i++) {
        char path[200];
        str plain = str_slice(str_from(good[i]), 0, str_find_byte(str_from(good[i]), '?'));
        (void)snprintf(path, sizeof path, "%.*s/", (int)plain.len, plain.ptr);
        struct http_response rs = web_get(w, path);
        CHECK_INT(rs.status, 404);
        CHECK_INT(web_header(&rs, "Location").len, 0);
    }
}

static bool is_camel(str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (!((s.ptr[i] >= 'a' && s.ptr[i] <= 'z') || (i && s.ptr[i] >= 'A' && s.ptr[i] <= 'Z') ||
              (i && s.ptr[i] >= '0' && s.ptr[i] <= '9')))
            return false;
    return s.len > 0;
}

static void query_keys_camel_case(void **state)
{
    (void)state;
    for (size_t i = 0;; i++) {
        const struct http_route *r = http_server_route(w->server, i);
        if (!r)
            break;
        for (const struct http_param *p = r->reply ? r->params : NULL; p && p->name; p++)
            CHECK(is_camel(str_from(p->name)));
    }
}

/* interface-language: what one sends is Dutch, as in the addresses of the site. */
static void interface_language(void **state)
{
    (void)state;
    static const char *const queries[] = {"fase=ontwerp", "soort=kennis&knelpunt=procedures",
                                          "thema=geld-en-subsidies&rol=jurist"};
    for (size_t i = 0; i < COUNT_OF(queries); i++) {
        char path[200];
        (void)snprintf(path, sizeof path, "/api/v1/items?%s", queries[i]);
        long long total = number(ask(path), "total");
        CHECK(total > 0 && total < 124);
        (void)snprintf(path, sizeof path, "/api/v1/search?%s", queries[i]);
        CHECK_INT(number(ask(path), "total"), total);
    }
}

/* ---- dates ---- */

static bool is_digits(str s, const char *form)
{
    if (s.len != strlen(form))
        return false;
    for (size_t i = 0; i < s.len; i++)
        if (form[i] == '9' ? s.ptr[i] < '0' || s.ptr[i] > '9' : s.ptr[i] != form[i])
            return false;
    return true;
}

/* date-time/format, date-time/timezone, date-time/date-omit-time-portion */
static void dates_and_times(void **state)
{
    (void)state;
    web_save(w, ITEM("api-datum", "Datum", "review: 2027-06-01\n", "Tekst."));
    const struct json_value *item = ask("/api/v1/items/api-datum");
    CHECK(is_digits(text(item, "changedAt"), "9999-99-99T99:99:99Z"));
    CHECK(is_digits(text(item, "createdAt"), "9999-99-99T99:99:99Z"));
    CHECK_STR(text(item, "review"), S("2027-06-01"));
    CHECK(json_get(item, "checked") == NULL);
}

/* ---- methods and statuses ---- */

static void http_methods(void **state)
{
    (void)state;
    static const char *const refused[] = {"POST", "PUT", "DELETE"};
    for (size_t i = 0; i < COUNT_OF(refused); i++) {
        struct http_response rs =
            send_with(refused[i], "/api/v1/items/parallel-plannen", "Content-Length: 0\r\n");
        CHECK_INT(rs.status, 405);
        CHECK_STR(web_header(&rs, "Allow"), S("GET, HEAD, OPTIONS"));
    }
    for (size_t i = 0; i < COUNT_OF(good); i++)
        CHECK_INT(send_with("HEAD", good[i], "").status, 200);
}

/* http-safety: reading twice gives the same. */
static void http_safety(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(good); i++) {
        struct http_response rs = web_get(w, good[i]);
        uint64_t first = str_hash(web_body(&rs));
        rs = web_get(w, good[i]);
        CHECK(str_hash(web_body(&rs)) == first);
    }
}

/* http-response-code, error-handling/invalid-input: 400 and not 422. */
static void http_response_code(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        struct http_response rs = send_with(bad[i].method, bad[i].path, bad[i].head);
        if (rs.status != bad[i].status)
            print_error("%s %s: %d\n", bad[i].method, bad[i].path, rs.status);
        CHECK_INT(rs.status, bad[i].status);
    }
}

/* error-handling/problem-details, on every failure, those before the address is known too. */
static void problem_details(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    str wires[COUNT_OF(bad) + 3];
    size_t count = 0;
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        wires[count++] = str_fmt(a, "%s %s HTTP/1.1\r\nHost: x\r\n%s\r\n", bad[i].method,
                                 bad[i].path, bad[i].head);
    wires[count++] = str_fmt(a, "GET /api/v1/items?q=%09000d HTTP/1.1\r\nHost: x\r\n\r\n", 1);
    wires[count++] = str_fmt(a, "GET /api/v1 HTTP/1.1\r\nHost: x\r\nX: %060000d\r\n\r\n", 1);
    wires[count++] = S("GET /api/v1/%00 HTTP/1.1\r\nHost: x\r\n\r\n");
    for (size_t i = 0; i < count; i++) {
        struct http_response rs = web_send(w, wires[i]);
        const struct json_value *v = NULL;
        CHECK(rs.status >= 400);
        CHECK_STR(str_from(rs.content_type), S("application/problem+json"));
        CHECK_OK(&w->ctx, json_parse(&w->ctx, web_body(&rs), 4, &v));
        CHECK_INT(number(v, "status"), rs.status);
        CHECK(text(v, "title").len > 0 && text(v, "detail").len > 0);
        CHECK(str_find(web_body(&rs), S("SELECT")) == STR_NONE);
        CHECK(str_find(web_body(&rs), S(".c:")) == STR_NONE);
    }
    arena_free(a);
}

/* error-handling/all-errors: what is wrong comes together. */
static void all_errors(void **state)
{
    (void)state;
    struct http_response rs = web_get(w, "/api/v1/items?pagina=0&aantal=0&kleur=rood");
    CHECK(web_has(&rs, "“pagina”") && web_has(&rs, "“aantal”") && web_has(&rs, "“kleur”"));
}

/* ---- documentation ---- */

/* publish-openapi, doc-openapi, doc-openapi-contact, doc-language, semver */
static void publish_openapi(void **state)
{
    (void)state;
    struct http_response rs = web_get(w, "/api/v1/openapi.json");
    CHECK_STR(web_header(&rs, "Access-Control-Allow-Origin"), S("*"));
    CHECK_STR(str_from(rs.content_type), S("application/json"));
    const struct json_value *v = ask("/api/v1/openapi.json"), *info = json_get(v, "info");
    CHECK_STR(text(v, "openapi"), S("3.0.3"));
    CHECK(is_digits(text(info, "version"), "9.9.9"));
    CHECK(text(json_get(info, "contact"), "name").len > 0);
    CHECK(text(json_get(info, "contact"), "url").len > 0);
    CHECK(str_find(text(info, "description"), S("woningbouw")) != STR_NONE);
    CHECK_STR(text(json_at(json_get(v, "servers"), 0), "url"), S("/api/v1"));
}

/* A server with these settings: they are read when it is made. */
static void set_public(const char *contact, const char *public_url)
{
    struct ctx *c = &w->app.ctx;
    CHECK_OK(c, config_set(c, w->app.config, S("contact"), str_from(contact), CONFIG_COMMAND_LINE));
    CHECK_OK(c, config_set(c, w->app.config, S("public_url"), str_from(public_url),
                           CONFIG_COMMAND_LINE));
    CHECK_OK(c, app_make_server(&w->app, &w->server));
}

static const struct json_value *ask_public(const char *path, struct http_response *ret_rs)
{
    const struct json_value *v = NULL;
    struct arena *a = arena_new();
    *ret_rs =
        web_send(w, str_fmt(a, "GET %s HTTP/1.1\r\nHost: aanjager.voorbeeld.nl\r\n\r\n", path));
    CHECK_OK(&w->ctx, json_parse(&w->ctx, web_body(ret_rs), 20, &v));
    arena_free(a);
    return v;
}

/* The addresses and the contact are those of the settings. */
static void doc_openapi_contact(void **state)
{
    (void)state;
    struct http_response rs;
    set_public("mailto:beheer@voorbeeld.nl", "https://aanjager.voorbeeld.nl");
    const struct json_value *v = ask_public("/api/v1/openapi.json", &rs);
    const struct json_value *contact = json_get(json_get(v, "info"), "contact");
    CHECK_STR(text(contact, "email"), S("beheer@voorbeeld.nl"));
    CHECK_STR(text(contact, "url"), S("https://aanjager.voorbeeld.nl/over"));
    CHECK_STR(text(json_at(json_get(v, "servers"), 0), "url"),
              S("https://aanjager.voorbeeld.nl/api/v1"));
    v = ask_public("/api/v1/items/parallel-plannen", &rs);
    CHECK_STR(text(v, "url"), S("https://aanjager.voorbeeld.nl/kennisbank/parallel-plannen"));
    (void)ask_public("/api/v1/items", &rs);
    CHECK(str_starts(web_header(&rs, "Link"), S("<https://aanjager.voorbeeld.nl/api/v1/items?")));
    set_public("", "");
}

/* ---- versions and headers ---- */

static void check_version(const struct http_response *rs, const char *path)
{
    (void)path;
    CHECK_STR(web_header(rs, "API-Version"), S(HTTP_API_VERSION));
}

/* version-header, uri-version */
static void version_header(void **state)
{
    (void)state;
    each_answer(check_version);
    struct http_response rs = send_with("OPTIONS", "/api/v1/items", "");
    check_version(&rs, "");
    CHECK_STR(text(json_get(ask("/api/v1/openapi.json"), "info"), "version"), S(HTTP_API_VERSION));
    CHECK(HTTP_API_VERSION[0] == HTTP_API_PREFIX[sizeof HTTP_API_PREFIX - 2]);
}

static void check_security(const struct http_response *rs, const char *path)
{
    (void)path;
    CHECK(str_find(web_header(rs, "Content-Security-Policy"), S("frame-ancestors 'none'")) !=
          STR_NONE);
    CHECK_STR(web_header(rs, "X-Content-Type-Options"), S("nosniff"));
    CHECK_STR(web_header(rs, "X-Frame-Options"), S("DENY"));
    CHECK(web_header(rs, "Content-Type").len > 0);
    /* Public data may be kept if one asks again; a failure may not. */
    CHECK_STR(web_header(rs, "Cache-Control"), rs->status < 400 ? S("no-cache") : S("no-store"));
    CHECK_STR(web_header(rs, "Access-Control-Allow-Origin"), S("*"));
}

/* transport/security-headers, transport/cors */
static void security_headers(void **state)
{
    (void)state;
    each_answer(check_security);
    struct http_response rs =
        send_with("OPTIONS", "/api/v1/search",
                  "Origin: https://elders.nl\r\nAccess-Control-Request-Method: GET\r\n");
    CHECK_INT(rs.status, 204);
    CHECK_STR(web_header(&rs, "Access-Control-Allow-Methods"), S("GET, HEAD, OPTIONS"));
}

static void check_nothing_shows(const struct http_response *rs, const char *path)
{
    (void)path;
    CHECK_INT(web_header(rs, "Server").len, 0);
    CHECK_INT(web_header(rs, "X-Powered-By").len, 0);
    CHECK_INT(web_header(rs, "Set-Cookie").len, 0);
}

/* hide-implementation, stateless: no server, no session, no suffix; no numbers of rows. */
static void hide_implementation_and_stateless(void **state)
{
    (void)state;
    each_answer(check_nothing_shows);
    CHECK_INT(web_get(w, "/api/v1/items.json").status, 404);
    CHECK(json_get(ask("/api/v1/items/parallel-plannen"), "id") == NULL);
    CHECK(json_get(json_at(json_get(ask("/api/v1/items"), "results"), 0), "id") == NULL);
}

/* no-sensitive-uris: nothing to sign in with is asked for. */
static void no_sensitive_uris(void **state)
{
    (void)state;
    static const char *const words[] = {"key", "token", "sleutel", "wachtwoord", "mail", "bsn"};
    for (size_t i = 0;; i++) {
        const struct http_route *r = http_server_route(w->server, i);
        if (!r)
            break;
        for (const struct http_param *p = r->reply ? r->params : NULL; p && p->name; p++)
            for (size_t k = 0; k < COUNT_OF(words); k++)
                CHECK(str_find(str_from(p->name), str_from(words[k])) == STR_NONE);
    }
}

/* ---- O5: tags, pages, fields ---- */

static void a_tag_changes_with_the_content(void **state)
{
    (void)state;
    web_save(w, ITEM("api-tag", "Tag", "", "Eerst."));
    struct http_response rs = web_get(w, "/api/v1/items/api-tag");
    char head[100];
    str tag = web_header(&rs, "ETag");
    CHECK(tag.len > 4 && tag.ptr[0] == '"'); /* strong */
    (void)snprintf(head, sizeof head, "If-None-Match: %.*s\r\n", (int)tag.len, tag.ptr);
    rs = send_with("GET", "/api/v1/items/api-tag", head);
    CHECK_INT(rs.status, 304);
    web_save(w, ITEM("api-tag", "Tag", "", "Later."));
    rs = send_with("GET", "/api/v1/items/api-tag", head);
    CHECK_INT(rs.status, 200);
    CHECK(web_has(&rs, "Later."));
}

/* The address after rel="next", or empty. */
static str next_of(const struct http_response *rs, struct arena *a)
{
    str link = web_header(rs, "Link"), part;
    while (str_split(&link, ',', &part))
        if (str_ends(part, S("rel=\"next\""))) {
            size_t from = str_find_byte(part, '<') + 1, to = str_find_byte(part, '>');
            return str_dup(a, str_slice(part, from, to));
        }
    return S("");
}

static void following_next_finds_every_item_once(void **state)
{
    (void)state;
    static const char *const orders[] = {"titel", "nieuwste"};
    for (size_t k = 0; k < COUNT_OF(orders); k++) {
        struct arena *a = arena_new();
        str path = str_fmt(a, "/api/v1/items?aantal=30&volgorde=%s", orders[k]), before = S("");
        str seen[300];
        size_t count = 0, pages = 0;
        long long total = 0;
        while (path.len) {
            struct http_response rs = web_get(w, path.ptr);
            path = next_of(&rs, a);
            const struct json_value *v = NULL;
            CHECK_OK(&w->ctx, json_parse(&w->ctx, web_body(&rs), 20, &v));
            const struct json_value *results = json_get(v, "results");
            total = number(v, "total");
            for (size_t i = 0; i < json_count(results); i++) {
                const struct json_value *item = json_at(results, i);
                CHECK(json_count(json_get(item, "phases")) > 0);
                seen[count] = str_dup(a, text(item, "slug"));
                for (size_t n = 0; n < count; n++)
                    CHECK(!str_eq(seen[n], seen[count]));
                count++;
                str key = text(item, "changedAt");
                CHECK(k == 0 || !before.len || str_cmp(key, before) <= 0);
                before = str_dup(a, key);
            }
            pages++;
        }
        CHECK_INT(count, total);
        CHECK_INT(pages, (total + 29) / 30);
        arena_free(a);
    }
}

static void a_page_past_the_end_is_empty_and_knows_the_total(void **state)
{
    (void)state;
    long long total = number(ask("/api/v1/items"), "total");
    const struct json_value *v = ask("/api/v1/items?pagina=400&aantal=100");
    CHECK_INT(number(v, "total"), total);
    CHECK_INT(json_count(json_get(v, "results")), 0);
    v = ask("/api/v1/items?fase=bestaat-niet");
    CHECK_INT(number(v, "total"), 0);
    v = ask("/api/v1/phases?pagina=2&aantal=5");
    CHECK_INT(number(v, "total"), 8);
    CHECK_INT(json_count(json_get(v, "results")), 3);
}

static void only_the_fields_asked_for(void **state)
{
    (void)state;
    struct http_response rs = web_get(w, "/api/v1/items/parallel-plannen?fields=title");
    CHECK_STR(web_body(&rs), S("{\"title\":\"Parallel plannen\"}"));
    rs = web_get(w, "/api/v1/phases?fields=code&aantal=2");
    CHECK(web_has(&rs, "\"results\":[{\"code\":\"0\"},{\"code\":\"1\"}]"));
    rs = web_get(w, "/api/v1/search?q=erfpacht&fields=total,page");
    CHECK(str_starts(web_body(&rs), S("{\"total\":")) && !web_has(&rs, "results"));
}

/* ---- items ---- */

static void an_item_has_all_that_its_file_has(void **state)
{
    (void)state;
    web_save(w, ITEM("api-heel", "Heel",
                     "short: Kort\ncatalogue: C999\nkeywords: [een, twee]\neffort: klein\n"
                     "cost: Niets.\nintroduction_time: Een week.\nwhen: [het past]\n"
                     "when_not: [het knelt]\nrisks: [Het valt tegen.]\nlessons: [Begin klein.]\n"
                     "steps:\n  - title: Stap\n    text: Zet hem.\n    who: planoloog\n"
                     "roles:\n  - who: planoloog\n    task: Stapt.\n"
                     "templates:\n  - title: Sjabloon\n    url: https://voorbeeld.nl/s\n"
                     "legal:\n  - law: Wet\n    article: \"1\"\n    valid_from: 2024-01-01\n"
                     "relations:\n  builds_on: [erfpacht]\nowner: Redactie\ncontact: Loket\n"
                     "review: 2027-01-02\n",
                     "## Kop\n\n**Vet** & meer."));
    const struct json_value *v = ask("/api/v1/items/api-heel");
    static const char *const texts[][2] = {{"short", "Kort"},
                                           {"catalogue", "C999"},
                                           {"effort", "klein"},
                                           {"cost", "Niets."},
                                           {"introductionTime", "Een week."},
                                           {"owner", "Redactie"},
                                           {"contact", "Loket"},
                                           {"review", "2027-01-02"},
                                           {"licence", "CC-BY-4.0"}};
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        CHECK_STR(text(v, texts[i][0]), str_from(texts[i][1]));
    CHECK(str_find(text(v, "body"), S("**Vet** & meer.")) != STR_NONE);
    CHECK(str_find(text(v, "bodyHtml"), S("<strong>Vet</strong> &amp; meer.")) != STR_NONE);
    CHECK_STR(json_as_str(json_at(json_get(v, "keywords"), 1)), S("twee"));
    CHECK_STR(text(json_at(json_get(v, "steps"), 0), "who"), S("planoloog"));
    CHECK_STR(text(json_at(json_get(v, "legal"), 0), "validFrom"), S("2024-01-01"));
    CHECK_STR(text(json_at(json_get(v, "templates"), 0), "url"), S("https://voorbeeld.nl/s"));
    CHECK_STR(text(json_at(json_get(v, "buildsOn"), 0), "self"), S("/api/v1/items/erfpacht"));
    v = json_get(ask("/api/v1/items/erfpacht"), "namedBy");
    bool named = false;
    for (size_t i = 0; i < json_count(v); i++)
        named = named || str_eqz(text(json_at(v, i), "slug"), "api-heel");
    CHECK(named);
}

static void a_former_address_moves(void **state)
{
    (void)state;
    web_save(w, ITEM("api-oud", "Adres", "", "Tekst."));
    web_save(w, ITEM("api-nieuw", "Adres", "former_slugs: [api-oud]\n", "Tekst."));
    static const char *const rests[] = {"", "/versions", "/versions/1"};
    for (size_t i = 0; i < COUNT_OF(rests); i++) {
        char from[100], to[100];
        (void)snprintf(from, sizeof from, "/api/v1/items/api-oud%s", rests[i]);
        (void)snprintf(to, sizeof to, "/api/v1/items/api-nieuw%s", rests[i]);
        struct http_response rs = web_get(w, from);
        CHECK_INT(rs.status, 301);
        CHECK_STR(web_header(&rs, "Location"), str_from(to));
        CHECK_STR(web_header(&rs, "API-Version"), S(HTTP_API_VERSION));
        CHECK_INT(web_get(w, to).status, 200);
    }
}

static void versions_are_listed_and_kept(void **state)
{
    (void)state;
    web_save(w, ITEM("api-versie", "Versie", "", "Acht weken."));
    web_save(w, ITEM("api-versie", "Versie", "", "Zes weken."));
    const struct json_value *v = ask("/api/v1/items/api-versie/versions");
    const struct json_value *first = json_at(json_get(v, "results"), 0);
    CHECK_INT(number(v, "total"), 2);
    CHECK_INT(number(first, "number"), 2);
    CHECK(json_as_bool(json_get(first, "current")));
    CHECK_STR(text(first, "self"), S("/api/v1/items/api-versie/versions/2"));
    v = ask("/api/v1/items/api-versie/versions/1");
    CHECK_INT(number(v, "version"), 1);
    CHECK(str_find(text(v, "body"), S("Acht weken.")) != STR_NONE);
    CHECK_INT(number(ask("/api/v1/items/api-versie"), "version"), 2);
}

static void the_entry_point_leads_on(void **state)
{
    (void)state;
    const struct json_value *list = json_get(ask("/api/v1"), "resources");
    str paths[20];
    size_t count = json_count(list);
    struct arena *a = arena_new();
    CHECK(count >= 6 && count <= COUNT_OF(paths));
    for (size_t i = 0; i < count; i++)
        paths[i] = str_dup(a, text(json_at(list, i), "self"));
    for (size_t i = 0; i < count; i++)
        (void)ask(str_z(a, paths[i]));
    arena_free(a);
}

/* A list of a hundred costs a handful of queries, as a list of one does. */
static void a_list_is_a_handful_of_queries(void **state)
{
    (void)state;
    unsigned long long own = web_queries(w), counting = web_queries(w) - own; /* of asking itself */
    static const char *const paths[] = {"/api/v1/items?aantal=1", "/api/v1/items?aantal=100",
                                        "/api/v1/actors?aantal=100",
                                        "/api/v1/search?q=grond&aantal=100"};
    for (size_t i = 0; i < COUNT_OF(paths); i++) {
        unsigned long long before = web_queries(w);
        (void)ask(paths[i]);
        CHECK(web_queries(w) - before - counting <= 3);
    }
}

TEST_MAIN_WITH(begin, end, TEST(path_segments_kebab_case), TEST(naming_collections),
               TEST(nested_child), TEST(resource_operations), TEST(no_trailing_slash),
               TEST(query_keys_camel_case), TEST(interface_language), TEST(dates_and_times),
               TEST(http_methods), TEST(http_safety), TEST(http_response_code),
               TEST(problem_details), TEST(all_errors), TEST(publish_openapi),
               TEST(doc_openapi_contact), TEST(version_header), TEST(security_headers),
               TEST(hide_implementation_and_stateless), TEST(no_sensitive_uris),
               TEST(a_tag_changes_with_the_content), TEST(following_next_finds_every_item_once),
               TEST(a_page_past_the_end_is_empty_and_knows_the_total),
               TEST(only_the_fields_asked_for), TEST(an_item_has_all_that_its_file_has),
               TEST(a_former_address_moves), TEST(versions_are_listed_and_kept),
               TEST(the_entry_point_leads_on), TEST(a_list_is_a_handful_of_queries))
