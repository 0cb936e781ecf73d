/* The XML writer: what it escapes, what it replaces, and that nesting is its own care. */
#include "html/xml.h"
#include "test.h"

#define HEAD "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"

struct desk {
    struct arena *arena;
    struct buf buf;
    struct xml x;
};

static struct xml *open_desk(struct desk *d)
{
    d->arena = arena_new();
    buf_init(&d->buf, d->arena, 1000);
    xml_begin(&d->x, &d->buf);
    return &d->x;
}

static void check_element(str text, str expected)
{
    struct desk d;
    struct xml *x = open_desk(&d);
    xml_element(x, "a", text);
    CHECK_STR(buf_str(&d.buf),
              str_join(d.arena, (str[]){S(HEAD "<a>"), expected, S("</a>\n")}, 3, S("")));
    arena_free(d.arena);
}

static void text_is_escaped(void **state)
{
    (void)state;
    check_element(S("gewoon"), S("gewoon"));
    check_element(S(""), S(""));
    check_element(S("<b a=\"x\" c='y'>&amp;"), S("&lt;b a=&quot;x&quot; c='y'&gt;&amp;amp;"));
    check_element(S("]]>"), S("]]&gt;"));
    check_element(S("één €\n\t"), S("één €\n\t"));
    check_element(S("a\rb"), S("a&#13;b"));
}

static void characters_that_xml_lacks_are_replaced(void **state)
{
    (void)state;
    check_element(S("a\0b"), S("a\xEF\xBF\xBD"
                               "b"));
    for (char control = 1; control < 0x20; control++) {
        bool allowed = control == '\t' || control == '\n' || control == '\r';
        if (!allowed)
            check_element(str_of(&control, 1), S("\xEF\xBF\xBD"));
    }
    check_element(S("\xEF\xBF\xBE"), S("\xEF\xBF\xBD"));                         /* U+FFFE */
    check_element(S("\xEF\xBF\xBF"), S("\xEF\xBF\xBD"));                         /* U+FFFF */
    check_element(S("\xED\xA0\x80"), S("\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD")); /* a surrogate */
    check_element(S("\xFF"), S("\xEF\xBF\xBD"));
    check_element(S("\xF0\x9F\x8F\xA0"), S("\xF0\x9F\x8F\xA0"));
}

static void attributes_keep_their_value(void **state)
{
    (void)state;
    struct desk d;
    struct xml *x = open_desk(&d);
    xml_open(x, "a");
    xml_attr(x, "b", S("\"><script>&"));
    xml_attr(x, "c", S("een\ntwee\tdrie\r"));
    xml_close(x);
    CHECK_STR(buf_str(&d.buf), S(HEAD "<a b=\"&quot;&gt;&lt;script&gt;&amp;\" "
                                      "c=\"een&#10;twee&#9;drie&#13;\"/>\n"));
    arena_free(d.arena);
}

static void elements_close_by_themselves(void **state)
{
    (void)state;
    struct desk d;
    struct xml *x = open_desk(&d);
    xml_open(x, "a");
    xml_open(x, "b");
    xml_attr(x, "c", S("d"));
    xml_text(x, S("e"));
    xml_close(x);
    xml_open(x, "f");
    xml_close(x);
    xml_close(x);
    CHECK_STR(buf_str(&d.buf), S(HEAD "<a><b c=\"d\">e</b>\n<f/>\n</a>\n"));
    CHECK_INT(x->depth, 0);
    arena_free(d.arena);
}

static void markup_is_text_once_more(void **state)
{
    (void)state;
    struct desk d, other;
    struct out o;
    struct xml *x = open_desk(&d);
    other.arena = arena_new();
    out_begin(&o, &other.buf, other.arena, 100);
    out_lit(&o, "<p>");
    out(&o, S("a < b"));
    out_lit(&o, "</p>");
    xml_open(x, "content");
    xml_markup(x, out_take(&o));
    xml_close(x);
    CHECK_STR(buf_str(&d.buf), S(HEAD "<content>&lt;p&gt;a &amp;lt; b&lt;/p&gt;</content>\n"));
    arena_free(other.arena);
    arena_free(d.arena);
}

TEST_MAIN(TEST(text_is_escaped), TEST(characters_that_xml_lacks_are_replaced),
          TEST(attributes_keep_their_value), TEST(elements_close_by_themselves),
          TEST(markup_is_text_once_more))
