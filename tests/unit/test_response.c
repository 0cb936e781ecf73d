#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "http_demo.h"
#include "json/json.h"

static struct ctx c;
static struct http_server *server;

static int set_up(void **state)
{
    (void)state;
    c = (struct ctx){.arena = arena_new()};
    server = demo_server(&c);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_free(c.arena);
    return 0;
}

/* One request on a server; extra are header lines, each with its line end. */
static struct http_response ask_of(const struct http_server *s, const char *method,
                                   const char *target, const char *extra)
{
    struct http_response rs;
    str wire =
        str_fmt(c.arena, "%s %s HTTP/1.1\r\nHost: voorbeeld.nl\r\n%s\r\n", method, target, extra);
    http_memory(s, &c, wire, &rs);
    return rs;
}

static struct http_response ask(const char *method, const char *target, const char *extra)
{
    return ask_of(server, method, target, extra);
}

static void check_security(const struct http_response *rs)
{
    static const char *const expected[][2] = {
        {"Content-Security-Policy",
         "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src "
         "'self'; "
         "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
         "manifest-src 'self'"},
        {"X-Content-Type-Options", "nosniff"},
        {"Referrer-Policy", "same-origin"},
        {"X-Frame-Options", "DENY"},
        {"Permissions-Policy", "camera=(), microphone=(), geolocation=()"},
        {"Cross-Origin-Opener-Policy", "same-origin"},
        {"Cross-Origin-Resource-Policy", "same-origin"},
    };
    for (size_t i = 0; i < COUNT_OF(expected); i++)
        CHECK_STR(demo_header_of(rs, expected[i][0]), str_from(expected[i][1]));
}

static void security_headers_are_everywhere(void **state)
{
    (void)state;
    static const char *const targets[] = {
        "/",       "/weg", "/assets/a.css",   "/nergens", "/kapot",
        "/geheim", "/%00", "/api/v1/nergens", "/tag",     "/zoeken?page=x"};
    for (size_t i = 0; i < COUNT_OF(targets); i++) {
        struct http_response rs = ask("GET", targets[i], "");
        check_security(&rs);
        CHECK_STR(demo_header_of(&rs, "Strict-Transport-Security"), S(""));
    }
    struct http_response rs;
    http_memory(server, &c, S("nonsense"), &rs);
    CHECK_INT(rs.status, 400);
    check_security(&rs);
}

static void hsts_only_behind_https(void **state)
{
    (void)state;
    struct http_server_options options = demo_options();
    options.public_url = S("https://voorbeeld.nl/");
    struct http_response rs = ask_of(demo_server_of(&c, &options), "GET", "/", "");
    CHECK_INT(rs.status, 200);
    CHECK_STR(demo_header_of(&rs, "Strict-Transport-Security"), S("max-age=31536000"));
    options = demo_options();
    options.trusted_proxies = S("127.0.0.1");
    struct http_server *behind = demo_server_of(&c, &options);
    rs = ask_of(behind, "GET", "/", "X-Forwarded-Proto: https\r\n");
    CHECK_STR(demo_header_of(&rs, "Strict-Transport-Security"), S("max-age=31536000"));
    rs = ask_of(behind, "GET", "/", "X-Forwarded-Proto: http\r\n");
    CHECK_STR(demo_header_of(&rs, "Strict-Transport-Security"), S(""));
    rs = ask("GET", "/", "X-Forwarded-Proto: https\r\n"); /* nobody is trusted */
    CHECK_STR(demo_header_of(&rs, "Strict-Transport-Security"), S(""));
}

static void errors_have_their_status(void **state)
{
    (void)state;
    static const struct {
        const char *target;
        int status, code;
        const char *words;
    } cases[] = {
        {"/kapot?hoe=conflict", 409, ERR_CONFLICT, "Dit is al gewijzigd."},
        {"/kapot?hoe=busy", 503, ERR_BUSY, "Probeer het over een minuut opnieuw."},
        {"/kapot?hoe=limit", 413, ERR_LIMIT, "Maak het kleiner."},
        {"/kapot?hoe=often", 429, ERR_LIMIT, "Wacht een minuut."},
        {"/kapot?hoe=wordless", 500, ERR_DB, "Er ging iets mis bij ons."},
        {"/kapot?hoe=positive", 500, ERR_INTERNAL, "Er ging iets mis bij ons."},
        {"/kapot?hoe=large", 500, ERR_INTERNAL, "Er ging iets mis bij ons."},
        {"/geheim", 403, ERR_FORBIDDEN, "Vraag de beheerder"},
        {"/nergens", 404, ERR_NOT_FOUND, "Controleer het adres"},
        {"/zoeken/", 404, ERR_NOT_FOUND, "Controleer het adres"},
        {"/zoeken?page=0", 400, ERR_INVALID, "Bladzijde"},
        {"/zoeken?q=%zz", 400, ERR_INVALID, "Controleer het adres"},
        {"/a%2fb", 400, ERR_INVALID, "Controleer het adres"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        int before = atomic_load(&demo_finished);
        struct http_response rs = ask("GET", cases[i].target, "");
        CHECK_INT(rs.status, cases[i].status);
        CHECK(str_has(demo_body(&rs), cases[i].words));
        CHECK(str_starts(demo_body(&rs), S("<h1>Fout")));
        CHECK(!str_has(demo_body(&rs), "half a page"));
        CHECK_STR(demo_header_of(&rs, "X-Half"), S(""));
        CHECK_STR(demo_header_of(&rs, "ETag"), S(""));
        CHECK_STR(demo_header_of(&rs, "Cache-Control"), S("no-store"));
        CHECK_INT(atomic_load(&demo_finished), before + 1);
        CHECK_INT(atomic_load(&demo_last_status), cases[i].status);
        CHECK_INT(atomic_load(&demo_last_code), cases[i].code);
        CHECK_INT(c.err.code, cases[i].code);
    }
    struct http_response rs = ask("GET", "/kapot?hoe=busy", "");
    CHECK_STR(demo_header_of(&rs, "Retry-After"), S("30"));
}

static void wrong_methods_are_told(void **state)
{
    (void)state;
    struct http_response rs = ask("PUT", "/kennisbank/x", "Sec-Fetch-Site: same-origin\r\n");
    CHECK_INT(rs.status, 405);
    CHECK_STR(demo_header_of(&rs, "Allow"), S("GET, HEAD, POST"));
    rs = ask("POST", "/", "");
    CHECK_INT(rs.status, 405);
    CHECK_STR(demo_header_of(&rs, "Allow"), S("GET, HEAD"));
    rs = ask("OPTIONS", "/echo", "");
    CHECK_INT(rs.status, 405);
    CHECK_STR(demo_header_of(&rs, "Allow"), S("POST"));
}

static void api_errors_are_problems(void **state)
{
    (void)state;
    static const struct {
        const char *target;
        int status;
    } cases[] = {{"/api/v1/geheim", 403},
                 {"/api/v1/dingen/x", 404},
                 {"/api/v1/nergens", 404},
                 {"/api/v1/dingen/1?velden=a%26b", 400}};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct http_response rs = ask("GET", cases[i].target, "");
        const struct json_value *v = NULL;
        long long status = 0;
        CHECK_INT(rs.status, cases[i].status);
        CHECK_STR(demo_header_of(&rs, "Content-Type"), S("application/problem+json"));
        CHECK_OK(&c, json_parse(&c, demo_body(&rs), 4, &v));
        CHECK(json_as_int(json_get(v, "status"), &status));
        CHECK_INT(status, cases[i].status);
        CHECK(json_as_str(json_get(v, "title")).len > 0);
        CHECK(json_as_str(json_get(v, "detail")).len > 0);
        CHECK_INT(json_as_str(json_get(v, "requestId")).len, 16);
    }
}

static void failing_error_page(struct ctx *cx, const struct http_request *rq,
                               struct http_response *rs)
{
    (void)rq;
    rs->status = 200;
    (void)err_set(cx, ERR_DB, "Iets anders.");
    for (int i = 0; i < 20000; i++)
        buf_addz(&rs->body, "too large again ");
}

static void a_failing_error_page_is_replaced(void **state)
{
    (void)state;
    struct http_server_options options = demo_options();
    options.hooks.error_page = failing_error_page;
    struct http_response rs =
        ask_of(demo_server_of(&c, &options), "GET", "/kapot?hoe=conflict", "");
    CHECK_INT(rs.status, 409);
    CHECK(str_has(demo_body(&rs), "Laad de pagina &lt;opnieuw&gt;."));
    CHECK(!str_has(demo_body(&rs), "too large"));
    CHECK_INT(atomic_load(&demo_last_code), ERR_CONFLICT);
    options.hooks.error_page = NULL;
    rs = ask_of(demo_server_of(&c, &options), "GET", "/nergens", "");
    CHECK_INT(rs.status, 404);
    CHECK(str_has(demo_body(&rs), "<h1>Niet gevonden</h1>"));
}

static void caching(void **state)
{
    (void)state;
    struct http_response rs = ask("GET", "/", "");
    CHECK_STR(demo_header_of(&rs, "Cache-Control"), S("no-store"));
    rs = ask("GET", "/tag", "");
    CHECK_STR(demo_header_of(&rs, "Cache-Control"), S("no-cache"));
    CHECK_STR(demo_header_of(&rs, "ETag"), S("\"v7\""));
    rs = ask("GET", "/assets/x.css", "");
    CHECK_STR(demo_header_of(&rs, "Cache-Control"), S("public, max-age=31536000, immutable"));
    CHECK_STR(demo_header_of(&rs, "Content-Type"), S("text/css"));
    CHECK_STR(demo_body(&rs), S("body { color: black }"));
}

static void etags_are_compared(void **state)
{
    (void)state;
    static const struct {
        const char *header;
        int status;
    } cases[] = {
        {"If-None-Match: \"v7\"\r\n", 304},
        {"If-None-Match: W/\"v7\"\r\n", 304},
        {"If-None-Match: \"a\", \"v7\"\r\n", 304},
        {"If-None-Match: *\r\n", 304},
        {"If-None-Match: \"v8\"\r\n", 200},
        {"If-None-Match: v7\r\n", 200},
        {"If-None-Match: \"v7\r\n", 200},
        {"If-None-Match: \"\"\r\n", 200},
        {"If-None-Match: \"\r\n", 200},
        {"If-None-Match:\r\n", 200},
        {"If-Modified-Since: Tue, 24 Nov 2026 00:42:36 GMT\r\n", 304},
        {"If-Modified-Since: Tue, 24 Nov 2026 00:42:37 GMT\r\n", 200},
        {"If-Modified-Since: 1\r\n", 200},
        {"If-Modified-Since:\r\n", 200},
        /* The tag decides when both are there. */
        {"If-Modified-Since: Tue, 24 Nov 2026 00:42:36 GMT\r\nIf-None-Match: \"v8\"\r\n", 200},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct http_response rs = ask("GET", "/tag", cases[i].header);
        CHECK_INT(rs.status, cases[i].status);
        CHECK_STR(demo_body(&rs), cases[i].status == 304 ? S("") : S("page with a tag"));
        CHECK_STR(demo_header_of(&rs, "ETag"), S("\"v7\""));
        CHECK_STR(demo_header_of(&rs, "Cache-Control"), S("no-cache"));
        CHECK_INT(demo_header_of(&rs, "Content-Type").len == 0, cases[i].status == 304);
    }
    struct http_response rs = ask("GET", "/assets/a", "If-None-Match: \"abc123\"\r\n");
    CHECK_INT(rs.status, 304);
    rs = ask("HEAD", "/tag", "If-None-Match: \"v7\"\r\n");
    CHECK_INT(rs.status, 304);
}

static void redirects(void **state)
{
    (void)state;
    struct http_response rs = ask("GET", "/weg", "");
    CHECK_INT(rs.status, 303);
    CHECK_STR(demo_header_of(&rs, "Location"), S("/kennisbank/nieuw"));
    CHECK_STR(demo_body(&rs), S(""));
}

/* Whether a call stops the program, as a programming mistake must: tried in a child. */
static bool stops(void (*call)(void))
{
    int status = 0;
    pid_t child = fork();
    if (child == 0) {
        const struct rlimit none = {0};
        (void)setrlimit(RLIMIT_CORE, &none);
        (void)close(STDERR_FILENO);
        (void)signal(SIGABRT, SIG_DFL); /* not the test framework's */
        call();
        _exit(0);
    }
    return child > 0 && waitpid(child, &status, 0) == child && WIFSIGNALED(status) &&
           WTERMSIG(status) == SIGABRT;
}

static struct http_response redirect_rs;

static void redirect_elsewhere(void)
{
    http_redirect(&c, &redirect_rs, 303, S("https://evil.example/"));
}

static void redirect_protocol_relative(void)
{
    http_redirect(&c, &redirect_rs, 303, S("//evil.example/"));
}

static void redirect_backslash(void)
{
    http_redirect(&c, &redirect_rs, 303, S("/\\evil.example/"));
}

static void redirect_line_break(void)
{
    http_redirect(&c, &redirect_rs, 303, S("/a\r\nSet-Cookie: a=b"));
}

static void redirect_302(void)
{
    http_redirect(&c, &redirect_rs, 302, S("/"));
}

static void redirect_well(void)
{
    http_redirect(&c, &redirect_rs, 301, S("/a?b=c#d"));
}

static void header_name_with_blank(void)
{
    http_header_add(&c, &redirect_rs, "X A", S("b"));
}

static void undeclared_parameter(void)
{
    struct http_request rq = {0};
    (void)http_text(&rq, "nergens");
}

static void mistakes_stop_the_program(void **state)
{
    (void)state;
    redirect_rs = (struct http_response){.status = 200};
    CHECK(stops(redirect_elsewhere));
    CHECK(stops(redirect_protocol_relative));
    CHECK(stops(redirect_backslash));
    CHECK(stops(redirect_line_break));
    CHECK(stops(redirect_302));
    CHECK(stops(header_name_with_blank));
    CHECK(stops(undeclared_parameter));
    CHECK(!stops(redirect_well));
}

static void header_values_cannot_inject(void **state)
{
    (void)state;
    struct http_response rs = ask("GET", "/kop?v=waarde%C3%A9", "");
    CHECK_STR(demo_header_of(&rs, "X-Demo"), S("waardeé"));
    CHECK_STR(demo_header_of(&rs, "X-Bad"), S(""));
    for (size_t i = 0; i < rs.headers.count; i++)
        for (size_t k = 0; k < rs.headers.items[i].value.len; k++)
            CHECK((unsigned char)rs.headers.items[i].value.ptr[k] >= 0x20);
    rs = ask("GET", "/kop?v=a%0D%0Ab", "");
    CHECK_INT(rs.status, 400);
}

/* ---- where a request comes from ---- */

static void forms_from_elsewhere_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *headers;
        int status;
    } cases[] = {
        {"Sec-Fetch-Site: same-origin\r\n", 200},
        {"Sec-Fetch-Site: none\r\n", 200},
        {"Sec-Fetch-Site: same-site\r\n", 403},
        {"Sec-Fetch-Site: cross-site\r\n", 403},
        {"Sec-Fetch-Site: Same-Origin\r\n", 403},
        {"", 403},
        {"Origin: http://voorbeeld.nl\r\n", 200},
        {"Origin: HTTP://voorbeeld.nl\r\n", 403},
        {"Origin: http://voorbeeld.nl:80\r\n", 200},
        {"Origin: https://voorbeeld.nl\r\n", 403},
        {"Origin: http://voorbeeld.nl:8080\r\n", 403},
        {"Origin: http://voorbeeld.nl.evil.example\r\n", 403},
        {"Origin: null\r\n", 403},
        {"Origin: \r\n", 403},
        {"Referer: http://voorbeeld.nl/\r\n", 403},
        {"Origin: http://voorbeeld.nl\r\nSec-Fetch-Site: cross-site\r\n", 403},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        int before = atomic_load(&demo_handled);
        struct http_response rs = ask("POST", "/echo", cases[i].headers);
        CHECK_INT(rs.status, cases[i].status);
        CHECK_INT(atomic_load(&demo_handled) - before, cases[i].status == 200);
    }
    struct http_response rs = ask("GET", "/", "Sec-Fetch-Site: cross-site\r\n");
    CHECK_INT(rs.status, 200); /* a link from elsewhere is welcome */
}

static void origin_is_public_url_behind_a_proxy(void **state)
{
    (void)state;
    struct http_server_options options = demo_options();
    options.public_url = S("https://Voorbeeld.nl");
    struct http_server *s = demo_server_of(&c, &options);
    CHECK_INT(ask_of(s, "POST", "/echo", "Origin: https://voorbeeld.nl\r\n").status, 200);
    CHECK_INT(ask_of(s, "POST", "/echo", "Origin: https://voorbeeld.nl:443\r\n").status, 200);
    CHECK_INT(ask_of(s, "POST", "/echo", "Origin: https://evil.example\r\n").status, 403);
}

static int status_for_host(const struct http_server *s, const char *host, int port)
{
    struct http_header h = {S("Host"), str_from(host)};
    struct http_raw raw = {.method = S("GET"),
                           .target = S("/"),
                           .version = S("HTTP/1.1"),
                           .headers = &h,
                           .header_count = 1,
                           .peer = S("127.0.0.1"),
                           .port = port};
    struct http_response rs;
    bool close = http_serve(s, &c, &raw, &rs);
    CHECK_INT(close, rs.status != 200);
    return rs.status;
}

static void unknown_hosts_are_refused(void **state)
{
    (void)state;
    struct http_server_options options = demo_options();
    options.public_url = S("https://voorbeeld.nl");
    struct http_server *s = demo_server_of(&c, &options);
    CHECK_INT(status_for_host(s, "voorbeeld.nl", 8080), 200);
    CHECK_INT(status_for_host(s, "VOORBEELD.nl:443", 8080), 200);
    CHECK_INT(status_for_host(s, "localhost:8080", 8080), 200);
    CHECK_INT(status_for_host(s, "127.0.0.1:8080", 8080), 200);
    CHECK_INT(status_for_host(s, "[::1]:8080", 8080), 200);
    CHECK_INT(status_for_host(s, "localhost", 80), 200);
    static const char *const bad[] = {"evil.example",
                                      "localhost:8081",
                                      "localhost",
                                      "127.0.0.1",
                                      "[::1]:1",
                                      "voorbeeld.nl:80",
                                      "x.voorbeeld.nl",
                                      "localhost.evil.example:8080",
                                      "127.0.0.1:8080:8080",
                                      "[::1]x:8080",
                                      "localhost:"};
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        if (status_for_host(s, bad[i], 8080) != 421)
            print_error("host %s\n", bad[i]);
        CHECK_INT(status_for_host(s, bad[i], 8080), 421);
        CHECK(str_has(c.err.msg, "Ga naar https://voorbeeld.nl."));
    }
    CHECK_INT(status_for_host(server, "whatever.example", 8080), 200); /* no public_url */
}

static str remote_of(const struct http_server *s, const char *peer, const char *forwarded,
                     const char *proto)
{
    struct http_header h[] = {{S("Host"), S("x")},
                              {S("X-Forwarded-For"), str_from(forwarded)},
                              {S("X-Forwarded-Proto"), str_from(proto)}};
    struct http_raw raw = {.method = S("GET"),
                           .target = S("/over"),
                           .version = S("HTTP/1.1"),
                           .headers = h,
                           .header_count = COUNT_OF(h),
                           .peer = str_from(peer)};
    struct http_response rs;
    (void)http_serve(s, &c, &raw, &rs);
    str rest = demo_body(&rs), word;
    CHECK(str_split(&rest, ' ', &word) && str_starts(word, S("remote=")));
    return str_join(c.arena, (str[]){str_slice(word, 7, word.len), str_slice(rest, 7, 8)}, 2,
                    S("/"));
}

static void forwarded_addresses(void **state)
{
    (void)state;
    struct http_server_options options = demo_options();
    options.trusted_proxies = S(" 127.0.0.1, 10.0.0.0/8 ,::1,2001:db8::/33");
    struct http_server *s = demo_server_of(&c, &options);
    CHECK_STR(remote_of(s, "9.9.9.9", "1.1.1.1", "https"), S("9.9.9.9/0"));
    CHECK_STR(remote_of(s, "127.0.0.1", "1.1.1.1", "https"), S("1.1.1.1/1"));
    CHECK_STR(remote_of(s, "127.0.0.1", "6.6.6.6, 1.1.1.1", "http"), S("1.1.1.1/0"));
    CHECK_STR(remote_of(s, "127.0.0.1", "6.6.6.6, 1.1.1.1, 10.2.3.4", "https"), S("1.1.1.1/1"));
    CHECK_STR(remote_of(s, "10.255.0.1", "11.0.0.1", "https"), S("11.0.0.1/1"));
    CHECK_STR(remote_of(s, "11.0.0.1", "1.1.1.1", "https"), S("11.0.0.1/0"));
    CHECK_STR(remote_of(s, "::1", "10.0.0.1, 10.0.0.2", "http"), S("10.0.0.1/0"));
    CHECK_STR(remote_of(s, "::1", "nonsense", ""), S("::1/0"));
    CHECK_STR(remote_of(s, "::1", "1.1.1.1, nonsense", "https, http"), S("::1/0"));
    CHECK_STR(remote_of(s, "::1", "1.1.1.1:5555", "HTTPS"), S("1.1.1.1/1"));
    CHECK_STR(remote_of(s, "::1", "[2001:db9::1]:5", ""), S("2001:db9::1/0"));
    CHECK_STR(remote_of(s, "2001:db8:7fff::1", "2001:db8:8000::1", ""), S("2001:db8:8000::1/0"));
    CHECK_STR(remote_of(s, "2001:db8:8000::1", "1.1.1.1", ""), S("2001:db8:8000::1/0"));
    CHECK_STR(remote_of(s, "::ffff:127.0.0.1", "1.1.1.1", ""), S("1.1.1.1/0"));
    CHECK_STR(remote_of(s, "", "1.1.1.1", "https"), S("/0"));
    CHECK_STR(remote_of(s, "::1", "", ""), S("::1/0"));
}

static void cookies(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"Cookie: sessie=abc\r\n", "abc"},
        {"Cookie: a=b; sessie=abc ;c=d\r\n", "abc"},
        {"Cookie: a=b\r\nCookie: sessie=abc\r\n", "abc"},
        {"Cookie: sessie=\"abc\"\r\n", "abc"},
        {"Cookie: sessie=a=b\r\n", "a=b"},
        {"Cookie: xsessie=abc; Sessie=x\r\n", ""},
        {"Cookie: sessie\r\n", ""},
        {"Cookie: sessie=een; sessie=twee\r\n", "een"},
        {"Cookie: sessie=\"\r\n", "\""},
        {"", ""},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct http_response rs = ask("GET", "/over", cases[i][0]);
        str expected = str_fmt(c.arena, "cookie=%s", cases[i][1]);
        CHECK(str_ends(demo_body(&rs), expected));
    }
}

#define T(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

TEST_MAIN(T(security_headers_are_everywhere), T(hsts_only_behind_https),
          T(errors_have_their_status), T(wrong_methods_are_told), T(api_errors_are_problems),
          T(a_failing_error_page_is_replaced), T(caching), T(etags_are_compared), T(redirects),
          T(mistakes_stop_the_program), T(header_values_cannot_inject),
          T(forms_from_elsewhere_are_refused), T(origin_is_public_url_behind_a_proxy),
          T(unknown_hosts_are_refused), T(forwarded_addresses), T(cookies))
