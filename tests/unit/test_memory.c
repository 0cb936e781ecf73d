/* Requests as text through the whole way, without sockets. */
#include "http_demo.h"

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

static struct http_response ask(str wire)
{
    struct http_response rs;
    http_memory(server, &c, wire, &rs);
    return rs;
}

static void pages_are_served(void **state)
{
    (void)state;
    struct http_response rs = ask(S("GET / HTTP/1.1\r\nHost: x\r\n\r\n"));
    CHECK_INT(rs.status, 200);
    CHECK_STR(demo_body(&rs), S("<h1>Start</h1>"));
    rs = ask(S("GET /kennisbank/een HTTP/1.0\r\n\r\n"));
    CHECK_STR(demo_body(&rs), S("item een"));
    rs = ask(S("GET http://x/kennisbank/een?a=b HTTP/1.1\r\nHost: x\r\n\r\n"));
    CHECK_STR(demo_body(&rs), S("item een"));
    rs = ask(S("GET /over HTTP/1.1\r\nHost:x:80  \r\nCookie:\tsessie=q \r\n\r\n"));
    CHECK(str_has(demo_body(&rs), "remote=127.0.0.1 secure=0 host=x:80 id=16 cookie=q"));
}

static void head_has_no_body(void **state)
{
    (void)state;
    struct http_response rs = ask(S("HEAD / HTTP/1.1\r\nHost: x\r\n\r\n"));
    CHECK_INT(rs.status, 200);
    CHECK_STR(demo_body(&rs), S(""));
    CHECK_STR(demo_header_of(&rs, "Content-Type"), S("text/html; charset=utf-8"));
    rs = ask(S("HEAD /assets/x HTTP/1.1\r\nHost: x\r\n\r\n"));
    CHECK_STR(demo_body(&rs), S(""));
}

#define POST "POST /echo HTTP/1.1\r\nHost: x\r\nSec-Fetch-Site: none\r\n"

static void bodies(void **state)
{
    (void)state;
    struct http_response rs = ask(S(POST "Content-Length: 4\r\n\r\na\0b\n"));
    CHECK_STR(demo_body(&rs), S("4:a\0b\n"));
    rs = ask(S(POST "\r\n"));
    CHECK_STR(demo_body(&rs), S("0:"));
    rs = ask(
        S(POST "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nA;x=y\r\n0123456789\r\n0\r\n\r\n"));
    CHECK_STR(demo_body(&rs), S("13:abc0123456789"));
}

static void malformed_requests(void **state)
{
    (void)state;
    static const struct {
        str wire;
        int status;
    } cases[] = {
        {STR(""), 400},
        {STR("\r\n"), 400},
        {STR("GET / HTTP/1.1"), 400},
        {STR("GET / HTTP/1.1\r\n"), 400},
        {STR("GET / HTTP/1.1\r\n\r\n"), 400},
        {STR("GET / HTTP/1.1\r\nHost: x\r\n"), 400},
        {STR("GET /  HTTP/1.1\r\nHost: x\r\n\r\n"), 400},
        {STR("GET / HTTP/1.1 \r\nHost: x\r\n\r\n"), 400},
        {STR("GET /\r\nHost: x\r\n\r\n"), 400},
        {STR(" GET / HTTP/1.1\r\nHost: x\r\n\r\n"), 400},
        {STR("GET / HTTP/1.1\r\nHost: x\r\nHost: x\r\n\r\n"), 400},
        {STR("GET / HTTP/1.1\r\nHost: x\r\nnonsense\r\n\r\n"), 400},
        {STR("GET / HTTP/1.1\r\nHost: x\r\nA: b\r\n c\r\n\r\n"), 400},
        {STR("GET / HTTP/1.1\r\nHost : x\r\n\r\n"), 400},
        {STR("GET / HTTP/1.1\nHost: x\n\n"), 400},
        {STR("GET / HTTP/1.1\r\nHost: x\nA: b\r\n\r\n"), 400},
        {STR("GET / HTTP/1.1\r\nHost: x\r\nA: b\0c\r\n\r\n"), 400},
        {STR("GET / http/1.1\r\nHost: x\r\n\r\n"), 400},
        {STR("GET / HTTP/9.9\r\nHost: x\r\n\r\n"), 505},
        {STR("G\001T / HTTP/1.1\r\nHost: x\r\n\r\n"), 400},
        {STR("BREW / HTTP/1.1\r\nHost: x\r\n\r\n"), 501},
        {STR("GET /../../etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n"), 400},
        {STR("GET /%00 HTTP/1.1\r\nHost: x\r\n\r\n"), 400},
        {STR("GET http://y/ HTTP/1.1\r\nHost: x\r\n\r\n"), 400},
        {STR("GET / HTTP/1.1\r\nHost: x\r\n\r\nmore"), 400},
        {STR(POST "Content-Length: 5\r\n\r\nabc"), 400},
        {STR(POST "Content-Length: 2\r\n\r\nabc"), 400},
        {STR(POST "Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello"), 400},
        {STR(POST "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"), 400},
        {STR(POST "Content-Length: 9000\r\n\r\n"), 413},
        {STR(POST "Transfer-Encoding: gzip\r\n\r\n"), 501},
        {STR(POST "Transfer-Encoding: chunked\r\n\r\n"), 400},
        {STR(POST "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"), 400},
        {STR(POST "Transfer-Encoding: chunked\r\n\r\n5\r\nhello0\r\n\r\n"), 400},
        {STR(POST "Transfer-Encoding: chunked\r\n\r\n5\nhello\r\n0\r\n\r\n"), 400},
        {STR(POST "Transfer-Encoding: chunked\r\n\r\n5;a\nhello\r\n0\r\n\r\n"), 400},
        {STR(POST "Transfer-Encoding: chunked\r\n\r\n-1\r\nhello\r\n0\r\n\r\n"), 400},
        {STR(POST "Transfer-Encoding: chunked\r\n\r\n2x\r\nhe\r\n0\r\n\r\n"), 400},
        {STR(POST "Transfer-Encoding: chunked\r\n\r\n\r\nhe\r\n0\r\n\r\n"), 400},
        {STR(POST "Transfer-Encoding: chunked\r\n\r\n10000000000000005\r\nhello\r\n0\r\n\r\n"),
         400},
        {STR(POST "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET / HTTP/1.1\r\n\r\n"), 400},
        {STR(POST "Expect: tea\r\n\r\n"), 417},
    };
    int before = atomic_load(&demo_handled);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct http_response rs = ask(cases[i].wire);
        if (rs.status != cases[i].status)
            print_error("case %zu: %.*s\n", i, (int)cases[i].wire.len, cases[i].wire.ptr);
        CHECK_INT(rs.status, cases[i].status);
        CHECK(str_has(demo_body(&rs), "<h1>Fout"));
    }
    CHECK_INT(atomic_load(&demo_handled), before);
}

static void sizes_are_bounded(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, c.arena, 300000);
    buf_addz(&b, "GET / HTTP/1.1\r\nHost: x\r\n");
    for (int i = 0; i < 2000; i++)
        buf_addz(&b, "A: b\r\n");
    buf_addz(&b, "\r\n");
    CHECK_INT(ask(buf_str(&b)).status, 431);
    b.len = 0;
    buf_addz(&b, "GET / HTTP/1.1\r\nHost: x\r\nA: ");
    for (int i = 0; i < 65536; i++)
        buf_add_byte(&b, 'a');
    buf_addz(&b, "\r\n\r\n");
    CHECK_INT(ask(buf_str(&b)).status, 431);
    b.len = 0;
    buf_addz(&b, "GET /");
    for (int i = 0; i < 9000; i++)
        buf_add_byte(&b, 'a');
    buf_addz(&b, " HTTP/1.1\r\nHost: x\r\n\r\n");
    CHECK_INT(ask(buf_str(&b)).status, 414);
    b.len = 0;
    buf_addz(&b, POST "Transfer-Encoding: chunked\r\n\r\n");
    for (int i = 0; i < 600; i++)
        buf_addz(&b, "10\r\n0123456789abcdef\r\n");
    buf_addz(&b, "0\r\n\r\n");
    CHECK_INT(ask(buf_str(&b)).status, 413);
}

/* ---- random bytes ---- */

static uint64_t next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

static const str seeds[] = {
    STR("GET /kennisbank/een?q=a%20b&page=3 HTTP/1.1\r\nHost: x\r\nCookie: sessie=abc; a=b\r\n"
        "If-None-Match: \"v7\", W/\"x\"\r\nX-Forwarded-For: 1.1.1.1, ::1\r\n\r\n"),
    STR("POST /kennisbank/een HTTP/1.1\r\nHost: x\r\nOrigin: http://x\r\nContent-Type: "
        "application/x-www-form-urlencoded\r\nContent-Length: 31\r\n\r\n"
        "title=abc&year=2000&note=%0D%0A"),
    STR("POST /upload HTTP/1.1\r\nHost: x\r\nSec-Fetch-Site: none\r\nContent-Type: "
        "multipart/form-data; boundary=q\r\nContent-Length: 89\r\n\r\n--q\r\nContent-Disposition: "
        "form-data; name=\"bestand\"; filename=\"a\"\r\n\r\nabc\r\n--q--\r\n"),
    STR("POST /echo HTTP/1.1\r\nHost: x\r\nSec-Fetch-Site: none\r\nTransfer-Encoding: "
        "chunked\r\n\r\n5;a=b\r\nhello\r\n0\r\n\r\n"),
    STR("GET /api/v1/dingen/12?velden=a HTTP/1.1\r\nHost: x\r\nAccept: application/json\r\n\r\n"),
    STR("GET http://x/%C3%A9 HTTP/1.1\r\nHost: x\r\n\r\n"),
    STR("GET /kop?v=%0D HTTP/1.1\r\nHost: [::1]:80\r\nCookie: sessie=\"\r\n\r\n"),
};

/* A seed with a few bytes changed, cut, doubled or replaced by one that means something. */
static str mutate(struct arena *a, str seed, uint64_t *r)
{
    static const char telling[] = "\r\n\0 :;,=&%/?#\"-.*[]\t\x7f\x80\xff"
                                  "0A";
    char *p = arena_alloc(a, seed.len * 2 + 1);
    size_t len = seed.len;
    memcpy(p, seed.ptr, seed.len);
    for (uint64_t n = next_random(r) % 6; n > 0 && len > 1; n--) {
        size_t at = next_random(r) % len;
        switch (next_random(r) % 4) {
        case 0:
            p[at] = (char)next_random(r);
            break;
        case 1:
            p[at] = telling[next_random(r) % (sizeof telling - 1)];
            break;
        case 2:
            memmove(p + at, p + at + 1, len - at - 1);
            len--;
            break;
        default:
            if (len < seed.len * 2) {
                memmove(p + at + 1, p + at, len - at);
                len++;
            }
        }
    }
    return str_of(p, len);
}

static void check_answer(const struct http_response *rs)
{
    CHECK(rs->status >= 200 && rs->status <= 599);
    CHECK(demo_header_of(rs, "Content-Security-Policy").len > 0);
    for (size_t i = 0; i < rs->headers.count; i++) {
        str v = rs->headers.items[i].value;
        for (size_t k = 0; k < v.len; k++)
            CHECK((unsigned char)v.ptr[k] >= 0x20 && v.ptr[k] != 0x7F);
    }
}

static void twenty_thousand_random_requests(void **state)
{
    (void)state;
    struct http_server_options options = demo_options();
    options.trusted_proxies = S("127.0.0.1");
    struct http_server *s = demo_server_of(&c, &options);
    struct ctx each = {.arena = arena_new()};
    uint64_t r = 0x9E3779B97F4A7C15ULL;
    size_t good = 0, bad = 0;
    int before = atomic_load(&demo_finished);
    for (int i = 0; i < 20000; i++) {
        arena_reset(each.arena);
        str wire = mutate(each.arena, seeds[(size_t)i % COUNT_OF(seeds)], &r);
        if (i % 10 == 9) { /* every tenth has no form at all */
            char *p = arena_alloc(each.arena, 301);
            wire = str_of(p, next_random(&r) % 300);
            for (size_t k = 0; k < wire.len; k++)
                p[k] = (char)next_random(&r);
        }
        /* A copy of exactly the size, so that reading past the end is seen. */
        char *exact = malloc(wire.len + !wire.len);
        CHECK(exact != NULL);
        memcpy(exact, wire.ptr, wire.len);
        struct http_response rs;
        http_memory(s, &each, str_of(exact, wire.len), &rs);
        check_answer(&rs);
        good += rs.status < 400;
        bad += rs.status >= 400;
        free(exact);
    }
    arena_free(each.arena);
    CHECK(good > 1000 && bad > 1000); /* both ways were walked */
    CHECK_INT(atomic_load(&demo_finished), before + 20000);
}

#define T(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

TEST_MAIN(T(pages_are_served), T(head_has_no_body), T(bodies), T(malformed_requests),
          T(sizes_are_bounded), T(twenty_thousand_random_requests))
