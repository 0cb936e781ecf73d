/* What the templates tmplc_good.html and tmplc_tag.html write, byte by byte. */
#include "test.h"
#include "tools/tmplc_views.h"

static const str aliases[] = {STR("snel <1>"), STR("vlug")};
static const struct tmplc_tag_view tags[] = {
    {.name = STR("a&b"), .aliases = aliases, .aliases_count = 2},
    {.name = STR("c")},
};
static const struct tmplc_owner owner = {STR("Ans")};

static struct tmplc_good_view view_full(void)
{
    return (struct tmplc_good_view){
        .title = S("Bouwen & \"wonen\" <snel>"),
        .url = S("/kennisbank/bopa?a=1&b=2"),
        .query = S("javascript:a b/é"),
        .kind = S("method"),
        .note = "it's",
        .body = (html){S("<i>ok</i>")},
        .open = true,
        .hits = 3,
        .homes = 69183,
        .owner = &owner,
        .card = {.name = S("kaart")},
        .tags = tags,
        .tags_count = 2,
        .years = {{2020, 2021, 2022}, 3},
    };
}

static void check_output(const struct tmplc_good_view *v, const char *expected)
{
    struct arena *a = arena_new();
    struct buf b;
    struct out o;
    out_begin(&o, &b, a, 100000);
    tmplc_good_html(&o, v);
    CHECK_STR(out_take(&o).s, str_from(expected));
    arena_free(a);
}

static void full_view(void **state)
{
    (void)state;
    struct tmplc_good_view v = view_full();
    check_output(
        &v,
        "<!DOCTYPE html>\n"
        "<title>Bouwen &amp; &quot;wonen&quot; &lt;snel&gt;</title>\n"
        "<p class=\"a method\" title='Bouwen &amp; &quot;wonen&quot; &lt;snel&gt;'>"
        "it&#39;s \"what?\?/\" \\ 100% é</p>\n"
        "<details open><summary>69.183</summary></details>\n"
        "<a href=\"/kennisbank/bopa?a=1&amp;b=2\">x</a>"
        "<a href=\"/zoeken?q=javascript%3Aa%20b%2F%C3%A9&amp;n=3\">x</a>\n"
        "<a href=\"/k?q=javascript%3Aa%20b%2F%C3%A9\">x</a>"
        "<a href=\"/kennisbank/bopa?a=1&amp;b=2?q=javascript%3Aa%20b%2F%C3%A9\">x</a>\n"
        "<a href=\"/a/javascript%3Aa%20b%2F%C3%A9\">x</a>\n"
        "<form action=\"?t=a%26b&amp;t=c&amp;\" hx-get=\"/kennisbank/bopa?a=1&amp;b=2\"></form>\n"
        "methode\n"
        "<i>ok</i>  Ans.\n"
        "<ul>\n"
        "    <li>1 a&amp;b, snel &lt;1&gt;, vlug\n"
        "<b>a&amp;b</b>\n"
        "    <hr>\n"
        "    <li class=\"last\">2 c (geen)\n"
        "<b>c</b>\n"
        "</ul>\n"
        "2020;2021;2022;\n"
        "<p><b>kaart</b>\n</p>\n"
        "<textarea>\nit&#39;s</textarea><script src=\"/assets/app.js?v=method\"></script>\n"
        "<img src=\"#\" alt=\"javascript:a b/é\" data-n=\"69.183\" hidden/>\n");
}

static void bare_view(void **state)
{
    (void)state;
    struct tmplc_good_view v = view_full();
    v.open = false;
    v.query = S("");
    v.kind = S("");
    v.hits = 1;
    v.body = (html){S("")};
    v.tags_count = 0;
    v.years.count = 1;
    check_output(&v, "<!DOCTYPE html>\n"
                     "<title>Bouwen &amp; &quot;wonen&quot; &lt;snel&gt;</title>\n"
                     "<p class=\"a \" title='Bouwen &amp; &quot;wonen&quot; &lt;snel&gt;'>"
                     "it&#39;s \"what?\?/\" \\ 100% é</p>\n"
                     "dicht\n"
                     "<a href=\"/kennisbank/bopa?a=1&amp;b=2\">x</a>"
                     "<a href=\"/zoeken?q=&amp;n=1\">x</a>\n"
                     "<a href=\"/k\">x</a><a href=\"/kennisbank/bopa?a=1&amp;b=2?q=\">x</a>\n"
                     "<a href=\"/b/\">x</a>\n"
                     "<form action=\"?\" hx-get=\"/kennisbank/bopa?a=1&amp;b=2\"></form>\n"
                     "eens\n"
                     "leeg  Ans.\n"
                     "<ul>\n"
                     "    <li>niets\n"
                     "</ul>\n"
                     "2020;\n"
                     "<p><b>kaart</b>\n</p>\n"
                     "<textarea>\nit&#39;s</textarea><script src=\"/assets/app.js?v=\"></script>\n"
                     "<img src=\"\" alt=\"\" data-n=\"69.183\" hidden/>\n");
}

TEST_MAIN(TEST(full_view), TEST(bare_view))
