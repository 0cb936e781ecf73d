#include "http/http_int.h"
#include "test.h"

static const struct http_limits limits = {.max_body = 1000, .max_headers = 8};

#define H(name, value)                                                                             \
    {                                                                                              \
        STR(name), STR(value)                                                                      \
    }

static int guard(const char *method, const char *target, const char *version,
                 const struct http_header *headers, size_t count)
{
    struct http_raw raw = {.method = str_from(method),
                           .target = str_from(target),
                           .version = str_from(version),
                           .headers = headers,
                           .header_count = count};
    return http_guard(&limits, &raw);
}

static int guard_with(const struct http_header *more, size_t count)
{
    struct http_header headers[16] = {H("Host", "x")};
    for (size_t i = 0; i < count; i++)
        headers[i + 1] = more[i];
    return guard("POST", "/", "HTTP/1.1", headers, count + 1);
}

#define WITH(...)                                                                                  \
    guard_with((const struct http_header[]){__VA_ARGS__},                                          \
               COUNT_OF(((const struct http_header[]){__VA_ARGS__})))

static int guard_line(const char *method, const char *target, const char *version)
{
    static const struct http_header host[] = {H("Host", "x")};
    return guard(method, target, version, host, 1);
}

static void methods(void **state)
{
    (void)state;
    static const char *const good[] = {"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"};
    static const char *const bad[] = {"", "G T", "G\001T", "GET:", "G\x80T", "(GET)", "GET\t"};
    static const char *const unknown[] = {"get", "PATCH", "TRACE", "CONNECT", "BREW", "OTHER"};
    for (size_t i = 0; i < COUNT_OF(good); i++)
        CHECK_INT(guard_line(good[i], "/", "HTTP/1.1"), 0);
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        CHECK_INT(guard_line(bad[i], "/", "HTTP/1.1"), 400);
    for (size_t i = 0; i < COUNT_OF(unknown); i++)
        CHECK_INT(guard_line(unknown[i], "/", "HTTP/1.1"), 501);
}

static void versions(void **state)
{
    (void)state;
    CHECK_INT(guard_line("GET", "/", "HTTP/1.0"), 0);
    CHECK_INT(guard_line("GET", "/", "HTTP/9.9"), 505);
    CHECK_INT(guard_line("GET", "/", "HTTP/2.0"), 505);
    CHECK_INT(guard_line("GET", "/", "HTTP/1.2"), 505);
    CHECK_INT(guard_line("GET", "/", "http/1.1"), 400);
    CHECK_INT(guard_line("GET", "/", "HTTP/1.10"), 400);
    CHECK_INT(guard_line("GET", "/", "HTTP/1"), 400);
    CHECK_INT(guard_line("GET", "/", ""), 400);
}

static void targets(void **state)
{
    (void)state;
    static const char *const good[] = {"/",        "/a/b?c=d",  "/%20",     "/...",
                                       "/a..b",    "http://x/", "http://X", "https://x/a?b",
                                       "/?a=../b", "//a"};
    static const char *const bad[] = {
        "",          "*",        "a",        "/a b",        "/a\tb",        "/\xc3\xa9",
        "/a#b",      "/a%00b",   "/../a",    "/a/..",       "/./a",         "/a/.",
        "http://y/", "http:///", "ftp://x/", "http://x@y/", "http://x:80/", "/\x7f",
        "http://",   "?a"};
    for (size_t i = 0; i < COUNT_OF(good); i++)
        CHECK_INT(guard_line("GET", good[i], "HTTP/1.1"), 0);
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        if (guard_line("GET", bad[i], "HTTP/1.1") != 400)
            print_error("not refused: %s\n", bad[i]);
        CHECK_INT(guard_line("GET", bad[i], "HTTP/1.1"), 400);
    }
    char longest[HTTP_MAX_TARGET + 2];
    memset(longest, 'a', sizeof longest);
    longest[0] = '/';
    longest[HTTP_MAX_TARGET + 1] = '\0';
    CHECK_INT(guard_line("GET", longest, "HTTP/1.1"), 414);
    longest[HTTP_MAX_TARGET] = '\0';
    CHECK_INT(guard_line("GET", longest, "HTTP/1.1"), 0);
}

static void hosts(void **state)
{
    (void)state;
    static const char *const good[] = {"x", "voorbeeld.nl:8080", "[::1]:80", "a_b-c.nl", "1.2.3.4"};
    static const char *const bad[] = {"", "x y", "x/y", "x@y", "x,y", "x\"", "x\xc3", "x?y"};
    for (size_t i = 0; i < COUNT_OF(good); i++) {
        struct http_header h = {S("hOST"), str_from(good[i])};
        CHECK_INT(guard("GET", "/", "HTTP/1.1", &h, 1), 0);
    }
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        struct http_header h = {S("Host"), str_from(bad[i])};
        CHECK_INT(guard("GET", "/", "HTTP/1.1", &h, 1), 400);
        CHECK_INT(guard("GET", "/", "HTTP/1.0", &h, 1), 400);
    }
    CHECK_INT(guard("GET", "/", "HTTP/1.1", NULL, 0), 400);
    CHECK_INT(guard("GET", "/", "HTTP/1.0", NULL, 0), 0);
    CHECK_INT(WITH(H("Host", "x")), 400);
    CHECK_INT(WITH(H("HOST", "y")), 400);
}

static void header_names_and_values(void **state)
{
    (void)state;
    CHECK_INT(WITH(H("X-A", "a b\tc \xc3\xa9")), 0);
    CHECK_INT(WITH(H("X-A", "")), 0);
    CHECK_INT(WITH(H("", "a")), 400);
    CHECK_INT(WITH(H("X A", "a")), 400);
    CHECK_INT(WITH(H("X-A ", "a")), 400);
    CHECK_INT(WITH(H("X\0A", "a")), 400);
    CHECK_INT(WITH(H("X\xc3\xa9", "a")), 400);
    CHECK_INT(WITH(H("X-A", "a\0b")), 400);
    CHECK_INT(WITH(H("X-A", "a\rb")), 400);
    CHECK_INT(WITH(H("X-A", "a\nb")), 400);
    CHECK_INT(WITH(H("X-A", "a\x7f")), 400);
    CHECK_INT(WITH(H("Transfer-Encoding ", "chunked")), 400);
}

static void body_lengths(void **state)
{
    (void)state;
    CHECK_INT(WITH(H("Content-Length", "0")), 0);
    CHECK_INT(WITH(H("Content-Length", "1000")), 0);
    CHECK_INT(WITH(H("Content-Length", "1001")), 413);
    CHECK_INT(WITH(H("Content-Length", "99999999999999999999999")), 413);
    static const char *const bad[] = {"", "0, 31", "+31", "-1", "0x1f", " 5", "5 ", "5;", "1e3"};
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        struct http_header h = {S("content-length"), str_from(bad[i])};
        CHECK_INT(guard_with(&h, 1), 400);
    }
    CHECK_INT(WITH(H("Content-Length", "5"), H("Content-Length", "5")), 400);
    CHECK_INT(WITH(H("Content-Length", "5"), H("content-length", "6")), 400);
    CHECK_INT(WITH(H("Transfer-Encoding", "chunked")), 0);
    CHECK_INT(WITH(H("transfer-encoding", "Chunked")), 0);
    CHECK_INT(WITH(H("Transfer-Encoding", "xchunked")), 501);
    CHECK_INT(WITH(H("Transfer-Encoding", "gzip, chunked")), 501);
    CHECK_INT(WITH(H("Transfer-Encoding", "")), 501);
    CHECK_INT(WITH(H("Transfer-Encoding", "chunked"), H("Transfer-Encoding", "chunked")), 400);
    CHECK_INT(WITH(H("Transfer-Encoding", "chunked"), H("Content-Length", "5")), 400);
    CHECK_INT(WITH(H("Content-Length", "0"), H("Transfer-Encoding", "xchunked")), 400);
    static const struct http_header old[] = {H("Transfer-Encoding", "chunked")};
    CHECK_INT(guard("POST", "/", "HTTP/1.0", old, 1), 400);
}

static void expectations(void **state)
{
    (void)state;
    CHECK_INT(WITH(H("Expect", "100-Continue")), 0);
    CHECK_INT(WITH(H("Expect", "tea")), 417);
    CHECK_INT(WITH(H("Expect", "100-continue"), H("Expect", "100-continue")), 417);
}

static void sizes(void **state)
{
    (void)state;
    struct http_header many[9] = {H("Host", "x")};
    static char large[HTTP_MAX_HEAD];
    memset(large, 'a', sizeof large);
    for (size_t i = 1; i < 9; i++)
        many[i] = (struct http_header)H("X", "y");
    CHECK_INT(guard("GET", "/", "HTTP/1.1", many, 8), 0);
    CHECK_INT(guard("GET", "/", "HTTP/1.1", many, 9), 431);
    many[1].value = str_of(large, sizeof large - 6); /* with Host, x and X exactly the limit */
    CHECK_INT(guard("GET", "/", "HTTP/1.1", many, 2), 0);
    many[1].value = str_of(large, sizeof large - 5);
    CHECK_INT(guard("GET", "/", "HTTP/1.1", many, 2), 431);
}

TEST_MAIN(TEST(methods), TEST(versions), TEST(targets), TEST(hosts), TEST(header_names_and_values),
          TEST(body_lengths), TEST(expectations), TEST(sizes))
