/* The escaping writer: what comes out for each kind of text, URL and number. */
#include <limits.h>

#include "html/html.h"
#include "test.h"

struct desk {
    struct arena *arena;
    struct buf buf;
    struct out out;
};

static struct out *open_desk(struct desk *d, size_t max)
{
    d->arena = arena_new();
    out_begin(&d->out, &d->buf, d->arena, max);
    return &d->out;
}

/* What `call` writes; o is the writer. */
#define CHECK_OUT(call, expected)                                                                  \
    do {                                                                                           \
        struct desk d;                                                                             \
        struct out *o = open_desk(&d, 1000);                                                       \
        call;                                                                                      \
        CHECK_STR(out_take(o).s, S(expected));                                                     \
        arena_free(d.arena);                                                                       \
    } while (0)

static void text_is_escaped(void **state)
{
    (void)state;
    CHECK_OUT(out(o, S("")), "");
    CHECK_OUT(out(o, ((str){NULL, 0})), "");
    CHECK_OUT(out(o, S("gewoon")), "gewoon");
    CHECK_OUT(out(o, S("<b a=\"x\" c='y'>&amp;")),
              "&lt;b a=&quot;x&quot; c=&#39;y&#39;&gt;&amp;amp;");
    CHECK_OUT(out(o, "één €\n"), "één €\n");
    CHECK_OUT(out(o, (const char *)NULL), "");
    CHECK_OUT(out_attr(o, S("\"><script>")), "&quot;&gt;&lt;script&gt;");
}

static void invalid_bytes_are_replaced(void **state)
{
    (void)state;
    CHECK_OUT(out(o, S("a\xFF"
                       "b")),
              "a\xEF\xBF\xBD"
              "b");
    CHECK_OUT(out(o, S("\xC0\xAF")), "\xEF\xBF\xBD\xEF\xBF\xBD");
    CHECK_OUT(out(o, S("\xE2\x82")), "\xEF\xBF\xBD\xEF\xBF\xBD");
    CHECK_OUT(out(o, S("\xE2\x82<")), "\xEF\xBF\xBD\xEF\xBF\xBD&lt;");
    CHECK_OUT(out(o, S("\xED\xA0\x80")), "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
    CHECK_OUT(out(o, S("\xEF\xBF\xBD")), "\xEF\xBF\xBD");
    CHECK_OUT(out(o, S("a\0b")), "a\xEF\xBF\xBD"
                                 "b");
    CHECK_OUT(out(o, S("\xF0\x9F\x8F\xA0")), "\xF0\x9F\x8F\xA0");
}

static void other_types(void **state)
{
    (void)state;
    CHECK_OUT(out(o, ((html){S("<b>")})), "<b>");
    CHECK_OUT(out_lit(o, "<b>"), "<b>");
    CHECK_OUT(out(o, -5), "-5");
    CHECK_OUT(out(o, 7U), "7");
    CHECK_OUT(out(o, LLONG_MIN), "-9223372036854775808");
    CHECK_OUT(out(o, SIZE_MAX), "18446744073709551615");
}

static void numbers_have_points(void **state)
{
    (void)state;
    CHECK_OUT(out_number(o, 0), "0");
    CHECK_OUT(out_number(o, 999), "999");
    CHECK_OUT(out_number(o, 69183), "69.183");
    CHECK_OUT(out_number(o, 1000000), "1.000.000");
    CHECK_OUT(out_number(o, -1234), "-1.234");
    CHECK_OUT(out_number(o, -123), "-123");
    CHECK_OUT(out_number(o, LLONG_MIN), "-9.223.372.036.854.775.808");
}

static void urls_that_stay(void **state)
{
    (void)state;
    CHECK_OUT(out_url(o, S("/kennisbank/bopa?a=1&b=\"2\"#x")),
              "/kennisbank/bopa?a=1&amp;b=&quot;2&quot;#x");
    CHECK_OUT(out_url(o, S("#boven")), "#boven");
    CHECK_OUT(out_url(o, S("?pagina=2")), "?pagina=2");
    CHECK_OUT(out_url(o, S("bopa/bewerken")), "bopa/bewerken");
    CHECK_OUT(out_url(o, S("?tijd=10:30")), "?tijd=10:30");
    CHECK_OUT(out_url(o, S("?pad=a\\b")), "?pad=a\\b");
    CHECK_OUT(out_url(o, S("HTTPS://voorbeeld.nl/a b")), "HTTPS://voorbeeld.nl/a%20b");
    CHECK_OUT(out_url(o, S("  http://voorbeeld.nl  ")), "http://voorbeeld.nl");
    CHECK_OUT(out_url(o, S("mailto:info@voorbeeld.nl")), "mailto:info@voorbeeld.nl");
    CHECK_OUT(out_url(o, S("tel:+31701234567")), "tel:+31701234567");
    CHECK_OUT(out_url(o, S("")), "");
    CHECK_OUT(out_url_of(o, "/a"), "/a");
}

static void urls_that_go(void **state)
{
    (void)state;
    static const str refused[] = {
        STR("javascript:alert(1)"),
        STR("JaVaScRiPt:alert(1)"),
        STR(" javascript:alert(1)"),
        STR("\tjavascript:alert(1)"),
        STR("java\nscript:alert(1)"),
        STR("\001javascript:alert(1)"),
        STR("data:text/html,x"),
        STR("vbscript:x"),
        STR("file:///etc/passwd"),
        STR("//elders.nl"),
        STR("/\\elders.nl"),
        STR("\\\\elders.nl"),
        STR("https:\\\\elders.nl"),
        STR("/a\0b"),
        STR("blob:x"),
        STR("1:2"),
        STR(":x"),
    };
    for (size_t i = 0; i < COUNT_OF(refused); i++) {
        CHECK_OUT(out_url(o, refused[i]), "#");
        CHECK(!out_url_allowed(refused[i]));
    }
    CHECK(out_url_outside(S("HTTP://x.nl")));
    CHECK(!out_url_outside(S("/http://x.nl")));
    CHECK(!out_url_outside(S("mailto:a@x.nl")));
}

static void url_parts(void **state)
{
    (void)state;
    CHECK_OUT(out_url_part(o, S("bopa-2_a.~@")), "bopa-2_a.~@");
    CHECK_OUT(out_url_part(o, S("a b/c?d&e=f#g:h\\\"'<>+%")),
              "a%20b%2Fc%3Fd%26e%3Df%23g%3Ah%5C%22%27%3C%3E%2B%25");
    CHECK_OUT(out_url_part(o, S("één")), "%C3%A9%C3%A9n");
    CHECK_OUT(out_url_part(o, S("\xFF")), "%EF%BF%BD");
    CHECK_OUT(out_url_part(o, S("\0")), "%00");
    CHECK_OUT(out_url_part_of(o, 12), "12");
    CHECK_OUT(out_url_part_of(o, "a b"), "a%20b");
}

static void conditions(void **state)
{
    (void)state;
    const int *nothing = NULL;
    int number = 0;
    CHECK(out_truthy(S("x")) && !out_truthy(S("")));
    CHECK(out_truthy((html){S("x")}) && !out_truthy((html){S("")}));
    CHECK(out_truthy((bool)true) && !out_truthy((bool)false));
    CHECK(out_truthy("x") && !out_truthy(""));
    CHECK(out_truthy(-1) && !out_truthy(0));
    CHECK(out_truthy(1U) && !out_truthy(0U));
    CHECK(out_truthy((size_t)1) && !out_truthy((size_t)0));
    CHECK(out_truthy(1LL << 40) && out_truthy(1ULL << 40));
    CHECK(!out_truthy(nothing) && out_truthy(&number));
}

static void too_long_gives_nothing(void **state)
{
    (void)state;
    struct desk d;
    struct out *o = open_desk(&d, 10);
    out_lit(o, "<p>");
    out(o, S("te lange tekst"));
    CHECK(!buf_ok(&d.buf));
    CHECK_STR(out_take(o).s, S(""));
    arena_free(d.arena);
}

TEST_MAIN(TEST(text_is_escaped), TEST(invalid_bytes_are_replaced), TEST(other_types),
          TEST(numbers_have_points), TEST(urls_that_stay), TEST(urls_that_go), TEST(url_parts),
          TEST(conditions), TEST(too_long_gives_nothing))
