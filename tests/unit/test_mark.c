/* Marks in finished markup: only in text, never inside what is a link or a heading already. */
#include "test.h"

#include "html/mark.h"

/* Marks every x of the plain text, and every & as one character. */
static bool next_x(void *arg, str text, size_t from, struct mark_hit *ret)
{
    size_t *count = arg;
    for (size_t i = from; i < text.len; i++)
        if (text.ptr[i] == 'x' || text.ptr[i] == '&') {
            *ret = (struct mark_hit){i, i + 1, text.ptr[i] == 'x' ? "ex" : "en"};
            ++*count;
            return true;
        }
    return false;
}

static void write_x(void *arg, struct out *o, html words, const void *what)
{
    (void)arg;
    out_lit(o, "<b title=\"");
    out_attr(o, (const char *)what);
    out_lit(o, "\">");
    out(o, words);
    out_lit(o, "</b>");
}

static str marked(struct arena *a, const char *markup)
{
    size_t count = 0;
    struct marker m = {next_x, write_x, &count};
    /* A test may say what markup is; the program gets it from its writers only. */
    return html_mark(a, (html){str_from(markup)}, &m).s;
}

#define EX "<b title=\"ex\">x</b>"

static void marks_text_only(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    CHECK_STR(marked(a, "x"), S(EX));
    CHECK_STR(marked(a, "<p class=\"x\">axbx</p>"), S("<p class=\"x\">a" EX "b" EX "</p>"));
    CHECK_STR(marked(a, "<img alt=\"a > x\" src=\"/x\">x"), S("<img alt=\"a > x\" src=\"/x\">" EX));
    CHECK_STR(marked(a, "niets"), S("niets"));
    CHECK_STR(marked(a, ""), S(""));
    CHECK_STR(marked(a, "<p>geen eind x"), S("<p>geen eind " EX));
    CHECK_STR(marked(a, "x<p"), S(EX "<p"));
    arena_free(a);
}

static void leaves_links_headings_and_code(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    static const char *const closed[] = {
        "<a href=\"/\">x</a>",          "<h2 id=\"x\">x</h2>",  "<code>x</code>",
        "<pre><code>x</code></pre>",    "<abbr>x</abbr>",       "<button>x</button>",
        "<a href=\"/\"><em>x</em></a>", "<h3>x<em>x</em></h3>",
    };
    for (size_t i = 0; i < COUNT_OF(closed); i++) {
        CHECK_STR(marked(a, closed[i]), str_from(closed[i]));
        const char *more = str_fmt(a, "%s<i>x</i>", closed[i]).ptr;
        CHECK_STR(marked(a, more), str_fmt(a, "%s<i>" EX "</i>", closed[i]));
    }
    CHECK_STR(marked(a, "<address>x</address>"), S("<address>" EX "</address>"));
    arena_free(a);
}

static void an_escape_is_one_character_and_stays_whole(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    CHECK_STR(marked(a, "a &amp; b"), S("a <b title=\"en\">&amp;</b> b"));
    CHECK_STR(marked(a, "&lt;x&gt; &#39;x&#39; &quot;"),
              S("&lt;" EX "&gt; &#39;" EX "&#39; &quot;"));
    CHECK_STR(marked(a, "&amp;amp;"), S("<b title=\"en\">&amp;</b>amp;"));
    CHECK_STR(marked(a, "&onbekend; x"), S("<b title=\"en\">&</b>onbekend; " EX));
    CHECK_STR(marked(a, "\xC3\xA9x&amp;\xC3\xA9"),
              S("\xC3\xA9" EX "<b title=\"en\">&amp;</b>\xC3\xA9"));
    arena_free(a);
}

static void too_many_marks_leave_the_text_as_it_was(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    size_t count = 0, len = 100000;
    char *many = arena_alloc(a, len);
    memset(many, 'x', len);
    struct marker m = {next_x, write_x, &count};
    html source = {str_of(many, len)};
    CHECK_STR(html_mark(a, source, &m).s, source.s);
    arena_free(a);
}

static void all_that_markdown_gives_keeps_its_shape(void **state)
{
    (void)state;
    struct ctx c = {.arena = arena_new()};
    html rendered;
    const char *text =
        "# Kop x\n\nEen x en `x` en [x](/x) en **x**.\n\n| x | y |\n|---|---|\n| x | "
        "z |\n\n> x\n\n```\nx\n```\n\n- x\n";
    CHECK_OK(&c, markdown_render(&c, str_from(text), &rendered));
    str out = marked(c.arena, str_z(c.arena, rendered.s));
    CHECK(str_find(out, S("<h2 id=\"kop-x\">Kop x</h2>")) != STR_NONE);
    CHECK(str_find(out, S("<p>Een " EX " en <code>x</code> en <a href=\"/x\">x</a> en "
                          "<strong>" EX "</strong>.</p>")) != STR_NONE);
    CHECK(str_find(out, S("<td>" EX "</td>")) != STR_NONE);
    CHECK(str_find(out, S("<pre><code>x")) != STR_NONE);
    arena_free(c.arena);
}

TEST_MAIN(TEST(marks_text_only), TEST(leaves_links_headings_and_code),
          TEST(an_escape_is_one_character_and_stays_whole),
          TEST(too_many_marks_leave_the_text_as_it_was),
          TEST(all_that_markdown_gives_keeps_its_shape))
