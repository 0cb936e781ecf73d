#include "http/http_int.h"
#include "test.h"

static struct arena *arena;

static int set_up(void **state)
{
    (void)state;
    arena = arena_new();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

static void check_decoded(str in, bool plus, str expected)
{
    str out;
    CHECK(http_url_decode(arena, in, plus, &out));
    CHECK_STR(out, expected);
}

static void decodes_once(void **state)
{
    (void)state;
    check_decoded(S(""), false, S(""));
    check_decoded(S("a%20b%2Bc"), false, S("a b+c"));
    check_decoded(S("a+b"), false, S("a+b"));
    check_decoded(S("a+b%2b"), true, S("a b+"));
    check_decoded(S("%C3%A9%e2%82%ac"), false, S("é€"));
    check_decoded(S("%2541"), false, S("%41")); /* encoded twice stays literal */
    check_decoded(S("100%25"), false, S("100%"));
}

static void refuses_what_is_no_text(void **state)
{
    (void)state;
    static const str bad[] = {STR("%"),           STR("%4"),   STR("%zz"), STR("%4g"),
                              STR("a%00b"),       STR("a\0b"), STR("%ff"), STR("%c0%80"),
                              STR("%ed%a0%80"),   STR("%c3"),  STR("%+1"), STR("a%"),
                              STR("%f4%90%80%80")};
    str out = S("untouched");
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        CHECK(!http_url_decode(arena, bad[i], false, &out));
    CHECK_STR(out, S("untouched"));
}

static void encoding_and_decoding_are_inverse(void **state)
{
    (void)state;
    CHECK_STR(http_url_encode(arena, S("a b/ü&=+?#%")), S("a%20b%2F%C3%BC%26%3D%2B%3F%23%25"));
    CHECK_STR(http_url_encode(arena, S("Az09-._~")), S("Az09-._~"));
    CHECK_STR(http_url_encode(arena, S("")), S(""));
    for (unsigned cp = 1; cp < 0x80; cp++) {
        char byte = (char)cp;
        check_decoded(http_url_encode(arena, str_of(&byte, 1)), false, str_of(&byte, 1));
        check_decoded(http_url_encode(arena, str_of(&byte, 1)), true, str_of(&byte, 1));
    }
}

static void paths_are_decoded(void **state)
{
    (void)state;
    static const str good[][2] = {
        {STR("/"), STR("/")},
        {STR("/a/b"), STR("/a/b")},
        {STR("/a%20b"), STR("/a b")},
        {STR("/a+b"), STR("/a+b")},
        {STR("/%25%32%65"), STR("/%2e")}, /* %252e: literal */
        {STR("/..."), STR("/...")},
        {STR("/a..b/.c"), STR("/a..b/.c")},
        {STR("//"), STR("//")},
        {STR("/a/"), STR("/a/")},
    };
    for (size_t i = 0; i < COUNT_OF(good); i++) {
        str out;
        CHECK(http_path_decode(arena, good[i][0], &out));
        CHECK_STR(out, good[i][1]);
    }
}

static void dangerous_paths_are_refused(void **state)
{
    (void)state;
    static const str bad[] = {STR(""),          STR("a"),      STR("/../x"),     STR("/a/.."),
                              STR("/."),        STR("/a/./b"), STR("/%2e%2E/x"), STR("/.%2e"),
                              STR("/a%2fb"),    STR("/a%2Fb"), STR("/a%00b"),    STR("/a%0ab"),
                              STR("/a%0d%0ab"), STR("/a%7f"),  STR("/%ff"),      STR("/%c2%85"),
                              STR("/%"),        STR("/a%2"),   STR("/a\0b"),     STR("*")};
    str out;
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        if (http_path_decode(arena, bad[i], &out))
            print_error("taken: %.*s\n", (int)bad[i].len, bad[i].ptr);
        CHECK(!http_path_decode(arena, bad[i], &out));
    }
}

static void clean_text(void **state)
{
    (void)state;
    CHECK(http_text_clean(S("Élan – 100 € 🏠")));
    CHECK(http_text_clean(S("")));
    CHECK(!http_text_clean(S("a\tb")));
    CHECK(!http_text_clean(S("a\nb")));
    CHECK(!http_text_clean(S("a\0b")));
    CHECK(!http_text_clean(S("a\x7f")));
    CHECK(!http_text_clean(S("a\xc2\x9f")));
    CHECK(http_text_clean(S("a\xc2\xa0")));
    CHECK(!http_text_clean(S("a\xc2")));
}

#define T(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

TEST_MAIN(T(decodes_once), T(refuses_what_is_no_text), T(encoding_and_decoding_are_inverse),
          T(paths_are_decoded), T(dangerous_paths_are_refused), T(clean_text))
