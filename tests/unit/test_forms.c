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

static void check_pairs(str in, size_t count, const str *pairs)
{
    struct http_field *fields;
    size_t n;
    CHECK(http_parse_urlencoded(c.arena, in, 16, &fields, &n));
    CHECK_INT(n, count);
    for (size_t i = 0; i < count; i++) {
        CHECK_STR(fields[i].name, pairs[2 * i]);
        CHECK_STR(fields[i].value, pairs[2 * i + 1]);
        CHECK(!fields[i].file_name.len && !fields[i].content_type.len);
    }
}

static void pairs_are_read(void **state)
{
    (void)state;
    check_pairs(S(""), 0, NULL);
    check_pairs(S("&&"), 0, NULL);
    check_pairs(S("a=1"), 1, (str[]){S("a"), S("1")});
    check_pairs(S("a=1&b=2&a=3"), 3, (str[]){S("a"), S("1"), S("b"), S("2"), S("a"), S("3")});
    check_pairs(S("&a=&b&"), 2, (str[]){S("a"), S(""), S("b"), S("")});
    check_pairs(S("a=b=c"), 1, (str[]){S("a"), S("b=c")});
    check_pairs(S("na%20am=caf%C3%A9+open%2B"), 1, (str[]){S("na am"), S("café open+")});
    check_pairs(S("a=%26b%3D2"), 1, (str[]){S("a"), S("&b=2")});
    check_pairs(S("a=1\n2"), 1, (str[]){S("a"), S("1\n2")});
}

static void malformed_pairs_are_refused(void **state)
{
    (void)state;
    static const str bad[] = {STR("=x"),   STR("a=%"),   STR("a=%zz"), STR("a=%00"),
                              STR("a=\0"), STR("%ff=1"), STR("a=%c3"), STR("a=1&=2")};
    struct http_field *fields;
    size_t n;
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        CHECK(!http_parse_urlencoded(c.arena, bad[i], 16, &fields, &n));
}

static void the_number_of_fields_is_bounded(void **state)
{
    (void)state;
    struct http_field *fields;
    size_t n;
    CHECK(http_parse_urlencoded(c.arena, S("a&b&c"), 3, &fields, &n));
    CHECK_INT(n, 3);
    CHECK(!http_parse_urlencoded(c.arena, S("a&b&c&d"), 3, &fields, &n));
    CHECK(http_parse_urlencoded(c.arena, S("a&&&b&&&c"), 3, &fields, &n));
    CHECK(!http_parse_urlencoded(c.arena, S("a"), 0, &fields, &n));
}

static str ask(const struct http_server *server, const char *wire, struct http_response *rs)
{
    http_memory(server, &c, str_from(wire), rs);
    return demo_body(rs);
}

static void query_and_form_count_together(void **state)
{
    (void)state;
    struct http_server_options options = demo_options();
    struct http_response rs;
    options.limits.max_fields = 3;
    struct http_server *server = demo_server_of(&c, &options);
    (void)ask(server,
              "POST /kennisbank/x?a=1&b=2 HTTP/1.1\r\nHost: x\r\nSec-Fetch-Site: same-origin\r\n"
              "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 11\r\n\r\n"
              "title=titel",
              &rs);
    CHECK_INT(rs.status, 200);
    str words = ask(server,
                    "POST /kennisbank/x?a=1&b=2 HTTP/1.1\r\nHost: x\r\n"
                    "Sec-Fetch-Site: same-origin\r\n"
                    "Content-Type: application/x-www-form-urlencoded; charset=utf-8\r\n"
                    "Content-Length: 15\r\n\r\ntitle=titel&c=3",
                    &rs);
    CHECK_INT(rs.status, 400);
    CHECK(str_has(words, "laad de pagina opnieuw"));
    (void)ask(server, "GET /zoeken?a=1&b=2&c=3&d=4 HTTP/1.1\r\nHost: x\r\n\r\n", &rs);
    CHECK_INT(rs.status, 400);
}

static void a_body_that_is_no_form_is_left_to_the_handler(void **state)
{
    (void)state;
    struct http_response rs;
    str words = ask(demo_server(&c),
                    "POST /echo HTTP/1.1\r\nHost: x\r\nSec-Fetch-Site: none\r\n"
                    "Content-Type: application/json\r\nContent-Length: 8\r\n\r\n{\"a\":%%}",
                    &rs);
    CHECK_INT(rs.status, 200);
    CHECK_STR(words, S("8:{\"a\":%%}"));
}

#define T(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

TEST_MAIN(T(pairs_are_read), T(malformed_pairs_are_refused), T(the_number_of_fields_is_bounded),
          T(query_and_form_count_together), T(a_body_that_is_no_form_is_left_to_the_handler))
