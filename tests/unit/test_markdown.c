/* Markdown to HTML and to plain text: the forms, the refusals and the texts that are made to be
 * slow. */
#include <time.h>

#include "base/buf.h"
#include "html/html.h"
#include "test.h"

static struct ctx open_ctx(void)
{
    return (struct ctx){.arena = arena_new()};
}

static void check_html(const char *source, const char *expected)
{
    struct ctx c = open_ctx();
    html h = {0};
    CHECK_OK(&c, markdown_render(&c, str_from(source), &h));
    CHECK_STR(h.s, str_from(expected));
    arena_free(c.arena);
}

static void check_text(const char *source, const char *expected)
{
    struct ctx c = open_ctx();
    str text = {0};
    CHECK_OK(&c, markdown_text(&c, str_from(source), &text));
    CHECK_STR(text, str_from(expected));
    arena_free(c.arena);
}

static void ordinary_forms(void **state)
{
    (void)state;
    check_html("", "");
    check_html("Een *korte* **tekst**\nmet `code` & ~~fout~~.",
               "<p>Een <em>korte</em> <strong>tekst</strong>\nmet <code>code</code> &amp; "
               "<del>fout</del>.</p>\n");
    check_html("een  \ntwee", "<p>een<br>\ntwee</p>\n");
    check_html("> citaat", "<blockquote>\n<p>citaat</p>\n</blockquote>\n");
    check_html("---", "<hr>\n");
    check_html("```c bla\na < b\n```", "<pre><code class=\"language-c\">a &lt; b\n</code></pre>\n");
    check_html("    a\n", "<pre><code>a\n</code></pre>\n");
}

static void lists(void **state)
{
    (void)state;
    check_html("- a\n- b\n  - c\n",
               "<ul>\n<li>a</li>\n<li>b\n<ul>\n<li>c</li>\n</ul>\n</li>\n</ul>\n");
    check_html("3. a\n\n4. b\n",
               "<ol start=\"3\">\n<li><p>a</p>\n</li>\n<li><p>b</p>\n</li>\n</ol>\n");
    check_html("1. a", "<ol>\n<li>a</li>\n</ol>\n");
}

#define TABLE_BOX "<div class=\"aj-table\" role=\"group\" aria-label=\"Tabel\" tabindex=\"0\">\n"

static void tables(void **state)
{
    (void)state;
    check_html("| a | b | c |\n|---|--:|:-:|\n| 1 | 2 | x*y* |\n| 3 |\n",
               TABLE_BOX "<table>\n<thead>\n<tr><th scope=\"col\">a</th>"
                         "<th scope=\"col\" class=\"align-right\">b</th>"
                         "<th scope=\"col\" class=\"align-center\">c</th></tr>\n</thead>\n<tbody>\n"
                         "<tr><td>1</td><td class=\"align-right\">2</td>"
                         "<td class=\"align-center\">x<em>y</em></td></tr>\n"
                         "<tr><td>3</td><td class=\"align-right\"></td>"
                         "<td class=\"align-center\"></td></tr>\n"
                         "</tbody>\n</table>\n</div>\n");
    check_html("| a |\n|---|\n", TABLE_BOX
               "<table>\n<thead>\n<tr><th scope=\"col\">a</th></tr>\n</thead>\n</table>\n</div>\n");
}

static void headings_are_shifted(void **state)
{
    (void)state;
    check_html("# Kop\n## Onder\n###### Diep",
               "<h2 id=\"kop\">Kop</h2>\n<h3 id=\"onder\">Onder</h3>\n<h6 id=\"diep\">Diep</h6>\n");
    check_html("### Een\n#### Twee", "<h2 id=\"een\">Een</h2>\n<h3 id=\"twee\">Twee</h3>\n");
    check_html("## Één *gesprek*, `2` wegen!",
               "<h2 id=\"een-gesprek-2-wegen\">Één <em>gesprek</em>, <code>2</code> wegen!</h2>\n");
    check_html("# A\n# a!\n# A 2\n# A\n# !!!",
               "<h2 id=\"a\">A</h2>\n<h2 id=\"a-2\">a!</h2>\n<h2 id=\"a-2-2\">A 2</h2>\n"
               "<h2 id=\"a-3\">A</h2>\n<h2 id=\"kop\">!!!</h2>\n");
}

static void links(void **state)
{
    (void)state;
    check_html("[a](/kennisbank/bopa \"Een \\\"titel\\\"\")",
               "<p><a href=\"/kennisbank/bopa\" title=\"Een &quot;titel&quot;\">a</a></p>\n");
    check_html("[a](#kop) [b](mailto:x@y.nl)",
               "<p><a href=\"#kop\">a</a> <a href=\"mailto:x@y.nl\">b</a></p>\n");
    check_html("[a](https://x.nl/?a=1&b=2) www.x.nl",
               "<p><a href=\"https://x.nl/?a=1&amp;b=2\" rel=\"nofollow\">a</a> "
               "<a href=\"http://www.x.nl\" rel=\"nofollow\">www.x.nl</a></p>\n");
    check_html("<https://x.nl/>",
               "<p><a href=\"https://x.nl/\" rel=\"nofollow\">https://x.nl/</a></p>\n");
}

static void refused_links_keep_their_words(void **state)
{
    (void)state;
    check_html("[a](javascript:alert(1)) [b](JAVASCRIPT:x) [c](data:text/html,x) [d](//x.nl)",
               "<p>a b c d</p>\n");
    check_html("[a](java&#115;cript:x) [b](&#1;javascript:x) [c](/\\\\x.nl) [d]()",
               "<p>a b c d</p>\n");
    check_html("[a][r]\n\n[r]: vbscript:x", "<p>a</p>\n");
    check_html("<javascript:alert(1)>", "<p>javascript:alert(1)</p>\n");
}

static void images(void **state)
{
    (void)state;
    check_html("![een *mooie* \"wijk\" `x`](/assets/wijk.png)",
               "<p><img src=\"/assets/wijk.png\" alt=\"een mooie &quot;wijk&quot; x\" "
               "loading=\"lazy\"></p>\n");
    check_html("![wijk](https://x.nl/a.png)",
               "<p><a href=\"https://x.nl/a.png\" rel=\"nofollow\">wijk</a></p>\n");
    check_html("[![wijk](https://x.nl/a.png)](/b)", "<p><a href=\"/b\">wijk</a></p>\n");
    check_html("![a](javascript:x) ![b](data:image/png;base64,x)", "<p>a b</p>\n");
}

static void html_is_text(void **state)
{
    (void)state;
    check_html("a <b onclick=x>c</b>", "<p>a &lt;b onclick=x&gt;c&lt;/b&gt;</p>\n");
    check_html("<script>alert(1)</script>\n", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n");
    check_html("![<b x=\"](/a)",
               "<p><img src=\"/a\" alt=\"&lt;b x=&quot;\" loading=\"lazy\"></p>\n");
    check_html("```\"><script>\nx\n```",
               "<pre><code class=\"language-&quot;&gt;&lt;script&gt;\">x\n</code></pre>\n");
    check_html("a\xFF", "<p>a\xEF\xBF\xBD</p>\n");
}

static void plain_text(void **state)
{
    (void)state;
    check_text("# Kop\n\nEen *korte* [link](/x)\nen `code`.\n\n- a\n- b\n\n![alt](/y)",
               "Kop\nEen korte link en code.\na\nb\nalt");
    check_text("| a | b |\n|---|---|\n| c | d |\n", "a; b\nc; d");
    check_text("```\ncode\n```\na <b>vet</b>", "code\na vet");
    check_text("", "");
}

static void on_open(void *arg _unused_, enum markdown_part part _unused_, int number _unused_) {}
static void on_close(void *arg _unused_, enum markdown_part part _unused_) {}
static void on_text(void *arg _unused_, bool strong _unused_, bool emphasis _unused_,
                    str text _unused_, str url _unused_)
{
}

/* What a text of `count` times `unit` gives, within a second of processor time: 0, or ERR_LIMIT
 * with words. */
static int quick_text(struct ctx *c, str source)
{
    static const struct markdown_visitor visitor = {NULL, on_open, on_close, on_text};
    html h = {0};
    str text = {0};
    c->err = (struct err){0};
    clock_t start = clock();
    int code = markdown_render(c, source, &h);
    CHECK(clock() - start < CLOCKS_PER_SEC);
    CHECK_INT(markdown_text(c, source, &text), code);
    start = clock();
    CHECK_INT(markdown_walk(c, source, &visitor), code);
    CHECK(clock() - start < CLOCKS_PER_SEC);
    CHECK((code == 0) == (h.s.len > 0));
    CHECK((code == ERR_LIMIT) == (c->err.msg.len > 0));
    return code;
}

static int quick(const char *unit, size_t count)
{
    struct ctx c = open_ctx();
    struct buf b;
    buf_init(&b, c.arena, 4 * MARKDOWN_MAX_BYTES);
    for (size_t i = 0; i < count; i++)
        buf_addz(&b, unit);
    int code = quick_text(&c, buf_str(&b));
    arena_free(c.arena);
    return code;
}

static void deep_texts_are_quick(void **state)
{
    (void)state;
    CHECK_INT(quick("[", 50000), 0);
    CHECK_INT(quick("*", 50000), 0);
    CHECK_INT(quick("> ", 32), 0);
    CHECK_INT(quick(">", 50000), ERR_LIMIT);
    CHECK_INT(quick("- ", 50000), ERR_LIMIT);
    CHECK_INT(quick("1. ", 50000), ERR_LIMIT);
    CHECK_INT(quick("**a ", 50000), 0);
    CHECK_INT(quick("*a_ ", 50000), 0);
    CHECK_INT(quick("[a](", 50000), 0);
    CHECK_INT(quick("`", 50000), 0);
    CHECK_INT(quick("&", 50000), 0);
    CHECK_INT(quick("# a\n", 50000), 0);
    CHECK_INT(quick("1. a\n", 40000), 0);
    CHECK_INT(quick("<!--", 50000), ERR_LIMIT);
}

/* Each took 1 to 36 seconds for 256 KiB before the guard. */
static void slow_texts_are_refused(void **state)
{
    (void)state;
    CHECK_INT(quick("a<?", 80000), ERR_LIMIT);
    CHECK_INT(quick("a<!A", 60000), ERR_LIMIT);
    CHECK_INT(quick("![[]()", 40000), ERR_LIMIT);
    CHECK_INT(quick("www._", 50000), ERR_LIMIT);
    CHECK_INT(quick("WWW.a.b)))))))))))))))))", 10000), ERR_LIMIT);
    CHECK_INT(quick("a@b.c", 50000), ERR_LIMIT);
    CHECK_INT(quick("|", 200000), ERR_LIMIT);
    CHECK_INT(quick("x|a|\n|-|\n:", 20000), ERR_LIMIT);
    CHECK_INT(quick("é~)é", 40000), ERR_LIMIT);
}

/* Each use of a definition copies its address: 28,000 uses of 30 kB took 25 seconds and 550 MB. */
static void few_definitions_may_be_used_often(void **state)
{
    (void)state;
    struct ctx c = open_ctx();
    struct buf b;
    buf_init(&b, c.arena, MARKDOWN_MAX_BYTES);
    buf_addz(&b, "[a]: /");
    for (size_t i = 0; i < 30000; i++)
        buf_addz(&b, "u");
    buf_addz(&b, "\n\n");
    for (size_t i = 0; i < 28000; i++)
        buf_addz(&b, "[a]");
    CHECK_INT(quick_text(&c, buf_str(&b)), ERR_LIMIT);
    buf_init(&b, c.arena, MARKDOWN_MAX_BYTES);
    for (size_t i = 0; i < 200; i++)
        buf_addz(&b, "Zie [de wet](https://wetten.overheid.nl/x) en [a].\n\n");
    for (size_t i = 0; i < 100; i++)
        buf_fmt(&b, "[a%zu]: https://voorbeeld.nl/een/gewoon/adres \"Titel\"\n", i);
    CHECK_INT(quick_text(&c, buf_str(&b)), 0);
    arena_free(c.arena);
}

static void wide_table_is_refused(void **state)
{
    (void)state;
    struct ctx c = open_ctx();
    struct buf b;
    html h;
    buf_init(&b, c.arena, MARKDOWN_MAX_BYTES);
    for (int row = 0; row < 2; row++) {
        for (int i = 0; i < 150; i++)
            buf_addz(&b, row ? "|-" : "|a");
        buf_addz(&b, "|\n");
    }
    CHECK_OK(&c, markdown_render(&c, buf_str(&b), &h));
    for (int i = 0; i < 100000; i++)
        buf_addz(&b, "|\n");
    CHECK_INT(markdown_render(&c, buf_str(&b), &h), ERR_LIMIT);
    arena_free(c.arena);
}

static void size_is_bounded(void **state)
{
    (void)state;
    struct ctx c = open_ctx();
    char *text = arena_alloc(c.arena, MARKDOWN_MAX_BYTES + 1);
    html h;
    memset(text, 'a', MARKDOWN_MAX_BYTES + 1);
    CHECK_OK(&c, markdown_render(&c, str_of(text, MARKDOWN_MAX_BYTES), &h));
    CHECK_INT(h.s.len, MARKDOWN_MAX_BYTES + 8);
    CHECK_INT(markdown_render(&c, str_of(text, MARKDOWN_MAX_BYTES + 1), &h), ERR_LIMIT);
    arena_free(c.arena);
}

static size_t occurrences(str s, str needle)
{
    size_t count = 0;
    for (size_t at; (at = str_find(s, needle)) != STR_NONE; count++)
        s = str_slice(s, at + 1, s.len);
    return count;
}

/* Elements beyond a depth keep their text only, and what opens also closes. */
static void depth_is_bounded(void **state)
{
    (void)state;
    struct ctx c = open_ctx();
    struct buf b;
    html h;
    buf_init(&b, c.arena, MARKDOWN_MAX_BYTES);
    for (int depth = 0; depth < 200; depth++) {
        for (int i = 0; i < depth; i++)
            buf_addz(&b, "  ");
        buf_addz(&b, "- a\n");
    }
    CHECK_OK(&c, markdown_render(&c, buf_str(&b), &h));
    CHECK_INT(occurrences(h.s, S("<ul>")), occurrences(h.s, S("</ul>")));
    CHECK_INT(occurrences(h.s, S("<li>")), occurrences(h.s, S("</li>")));
    CHECK(occurrences(h.s, S("<ul>")) < 40);
    CHECK_INT(occurrences(h.s, S("a")), 200);
    arena_free(c.arena);
}

/* For a feed: addresses of our own get the origin, those of others stay. */
static void links_can_be_made_whole(void **state)
{
    (void)state;
    static const struct {
        const char *address, *expected;
    } cases[] = {
        {"/kennisbank/x?y=1", "https://a.nl/kennisbank/x?y=1"},
        {"#kop", "https://a.nl/kennisbank/item#kop"},
        {"?q=1", "https://a.nl/kennisbank/item?q=1"},
        {"buur", "https://a.nl/kennisbank/buur"},
        {"https://b.nl/", "https://b.nl/"},
        {"HTTP://b.nl/", "HTTP://b.nl/"},
        {"mailto:a@b.nl", "mailto:a@b.nl"},
        {"MAILTO:a@b.nl", "MAILTO:a@b.nl"},
        {"tel:112", "tel:112"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct ctx c = open_ctx();
        html h;
        CHECK_OK(&c, markdown_render_at(&c, str_fmt(c.arena, "[x](%s)", cases[i].address),
                                        S("https://a.nl"), S("/kennisbank/item"), &h));
        str want = str_fmt(c.arena, "<a href=\"%s\"", cases[i].expected);
        if (str_find(h.s, want) == STR_NONE)
            print_error("%s: %.*s\n", cases[i].address, (int)h.s.len, h.s.ptr);
        CHECK(str_find(h.s, want) != STR_NONE);
        arena_free(c.arena);
    }
    struct ctx c = open_ctx();
    html h;
    CHECK_OK(&c, markdown_render_at(&c, S("![k](/assets/k.png) [x](javascript:1) [y](//z.nl/)"),
                                    S("https://a.nl"), S("/p"), &h));
    CHECK(str_find(h.s, S("<img src=\"https://a.nl/assets/k.png\"")) != STR_NONE);
    CHECK(str_find(h.s, S("href")) == STR_NONE);
    arena_free(c.arena);
}

struct numbers {
    struct arena *arena;
    str all;
};

static void on_item(void *arg, enum markdown_part part, int number)
{
    struct numbers *n = arg;
    if (part == MARKDOWN_ITEM)
        n->all = str_fmt(n->arena, "%s %d", str_z(n->arena, n->all), number);
}

static void a_walk_numbers_the_items_of_each_list(void **state)
{
    (void)state;
    struct ctx c = open_ctx();
    struct numbers n = {c.arena, S("")};
    const struct markdown_visitor visitor = {&n, on_item, on_close, on_text};
    CHECK_OK(&c,
             markdown_walk(&c,
                           S("3. a\n4. b\n   - x\n   - y\n     1. p\n     2. q\n5. c\n\ntekst\n\n"
                             "1) d\n2) e\n"),
                           &visitor));
    CHECK_STR(n.all, S(" 3 4 0 0 1 2 5 1 2"));
    arena_free(c.arena);
}

TEST_MAIN(TEST(a_walk_numbers_the_items_of_each_list), TEST(links_can_be_made_whole),
          TEST(ordinary_forms), TEST(lists), TEST(tables), TEST(headings_are_shifted), TEST(links),
          TEST(refused_links_keep_their_words), TEST(images), TEST(html_is_text), TEST(plain_text),
          TEST(deep_texts_are_quick), TEST(slow_texts_are_refused),
          TEST(few_definitions_may_be_used_often), TEST(wide_table_is_refused),
          TEST(size_is_bounded), TEST(depth_is_bounded))
