/* Feeds and what pages tell other programs, on both databases. That a feed is Atom and a page's
   data is JSON is tested with parsers of others, in tests/browser/outward.test.mjs. */
#include "web.h"

#include "library/library_int.h"
#include "json/json.h"

static struct web *w;

static int begin(void **state)
{
    (void)state;
    w = web_begin();
    return 0;
}

static int end(void **state)
{
    (void)state;
    web_end(w);
    return 0;
}

#define ITEM(slug, title, extra, body)                                                             \
    "---\nslug: " slug "\ntitle: " title "\ntype: werkwijze\nsummary: Een proef.\n"                \
    "phases: [\"5\"]\nbottlenecks: [PRO]\nthemes: [grond]\nactors: [planoloog]\n" extra            \
    "sources:\n  - title: Bron\nlicence: CC-BY-4.0\ncertainty: opgezocht\nevidence: "              \
    "onvoldoende\n---\n" body "\n"

/* While the program runs this does not change, so pages that it keeps do not mind it: what is asked
 * after it has an address of its own. */
static void public_url(const char *url)
{
    CHECK_OK(&w->app.ctx, config_set(&w->app.ctx, w->app.config, S("public_url"), str_from(url),
                                     CONFIG_COMMAND_LINE));
}

static size_t occurrences(str s, const char *needle)
{
    size_t count = 0;
    for (size_t at; (at = str_find(s, str_from(needle))) != STR_NONE; count++)
        s = str_slice(s, at + 1, s.len);
    return count;
}

/* What stands between the marks, the first time after `from`. */
static str between(str s, const char *from, const char *open, const char *close)
{
    size_t at = str_find(s, str_from(from));
    CHECK(at != STR_NONE);
    s = str_slice(s, at, s.len);
    at = str_find(s, str_from(open));
    CHECK(at != STR_NONE);
    s = str_slice(s, at + strlen(open), s.len);
    return str_slice(s, 0, str_find(s, str_from(close)));
}

/* The entry of the item with this title, whole. */
static str entry_of(str feed, const char *title)
{
    size_t at = str_find(feed, str_from(title)), begin_at = 0;
    CHECK(at != STR_NONE);
    for (size_t i = 0; i < at; i++)
        if (str_starts(str_slice(feed, i, feed.len), S("<entry>")))
            begin_at = i;
    str rest = str_slice(feed, begin_at, feed.len);
    return str_slice(rest, 0, str_find(rest, S("</entry>")));
}

static void a_new_item_comes_first_and_the_feed_is_bounded(void **state)
{
    (void)state;
    web_save(w, ITEM("vers", "Vers van de pers", "", "Tekst."));
    struct http_response rs = web_get(w, "/kennisbank/feed.atom");
    CHECK_INT(rs.status, 200);
    CHECK_STR(str_from(rs.content_type), S("application/atom+xml; charset=utf-8"));
    CHECK_INT(occurrences(web_body(&rs), "<entry>"), 50);
    CHECK_STR(between(web_body(&rs), "<entry>", "<title>", "</title>"), S("Vers van de pers"));
    rs = web_get(w, "/themas/grond-en-kostenverhaal/feed.atom");
    CHECK_INT(rs.status, 200);
    CHECK(web_has(&rs, "Vers van de pers"));
    CHECK(occurrences(web_body(&rs), "<entry>") > 5);
    CHECK(occurrences(web_body(&rs), "<entry>") <= 50);
    CHECK_INT(occurrences(web_body(&rs), "<entry>"),
              occurrences(web_body(&rs), "term=\"grond-en-kostenverhaal\""));
    CHECK_INT(web_get(w, "/themas/bestaat-niet/feed.atom").status, 404);
    CHECK_INT(web_get(w, "/themas/feed.atom").status, 404);
}

static void an_id_stays_when_the_address_changes(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    web_save(w, ITEM("eerste-adres", "Verhuist", "", "Een."));
    struct http_response rs = web_get(w, "/kennisbank/feed.atom");
    str before = str_dup(a, between(entry_of(web_body(&rs), "Verhuist"), "<id>", "<id>", "</id>"));
    web_save(w, ITEM("tweede-adres", "Verhuist", "former_slugs: [eerste-adres]\n", "Twee."));
    rs = web_get(w, "/kennisbank/feed.atom");
    str entry = entry_of(web_body(&rs), "Verhuist");
    CHECK_STR(between(entry, "<id>", "<id>", "</id>"), before);
    CHECK(str_find(entry, S("/kennisbank/tweede-adres")) != STR_NONE);
    CHECK(str_find(entry, S("/kennisbank/eerste-adres")) == STR_NONE);
    CHECK_INT(occurrences(web_body(&rs), str_z(a, before)), 1);
    arena_free(a);
}

/* What outsiders write may not end an element, and XML has fewer characters than Unicode. Control
   characters are refused when an item is saved. */
static void text_of_an_item_stays_text(void **state)
{
    (void)state;
    web_save(w, ITEM("gevaarlijk", "\"</title><script>&]]>\"", "",
                     "<script>alert(1)</script> a\xEF\xBF\xBFz [x](javascript:alert(2))"));
    struct http_response rs = web_get(w, "/kennisbank/feed.atom");
    CHECK_INT(rs.status, 200);
    CHECK(!web_has(&rs, "<script"));
    CHECK(!web_has(&rs, "]]>"));
    CHECK(!web_has(&rs, "href=\"javascript"));
    CHECK(web_has(&rs, "&lt;/title&gt;&lt;script&gt;&amp;"));
    CHECK(!web_has(&rs, "\xEF\xBF\xBF"));
    CHECK(web_has(&rs, "a\xEF\xBF\xBDz"));
}

static void links_are_whole(void **state)
{
    (void)state;
    static const char document[] =
        ITEM("met-links", "Met links", "",
             "[a](/kennisbank/parallel-plannen) [b](#kop) [c](buur) [d](https://elders.nl/x)");
    public_url("https://proef.voorbeeld.nl/");
    web_save(w, document);
    struct http_response rs = web_get(w, "/kennisbank/feed.atom");
    static const char *const links[] = {
        "href=&quot;https://proef.voorbeeld.nl/kennisbank/parallel-plannen&quot;",
        "href=&quot;https://proef.voorbeeld.nl/kennisbank/met-links#kop&quot;",
        "href=&quot;https://proef.voorbeeld.nl/kennisbank/buur&quot;",
        "href=&quot;https://elders.nl/x&quot;",
        ("rel=\"self\" type=\"application/atom+xml\" "
         "href=\"https://proef.voorbeeld.nl/kennisbank/feed.atom\""),
        "<id>tag:proef.voorbeeld.nl,",
    };
    for (size_t i = 0; i < COUNT_OF(links); i++) {
        if (!web_has(&rs, links[i]))
            print_error("missing: %s\n", links[i]);
        CHECK(web_has(&rs, links[i]));
    }
    CHECK(!web_has(&rs, "href=&quot;/"));
    public_url("");
    rs = web_get(w, "/kennisbank/feed.atom?zonder");
    CHECK(web_has(&rs, "href=\"http://localhost:8080/kennisbank/feed.atom\""));
    CHECK(web_has(&rs, "<id>tag:localhost,"));
}

static int status_with(const char *header, str value)
{
    struct arena *a = arena_new();
    str wire = str_fmt(a, "GET /kennisbank/feed.atom HTTP/1.1\r\nHost: x\r\n%s: %s\r\n\r\n", header,
                       str_z(a, value));
    int status = web_send(w, wire).status;
    arena_free(a);
    return status;
}

static void a_reader_that_has_it_gets_304(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct http_response rs =
        web_send(w, S("GET /kennisbank/feed.atom HTTP/1.1\r\nHost: x\r\n\r\n"));
    str tag = str_dup(a, web_header(&rs, "ETag")),
        date = str_dup(a, web_header(&rs, "Last-Modified"));
    CHECK(tag.len > 10 && date.len == 29);
    CHECK_INT(status_with("If-None-Match", tag), 304);
    CHECK_INT(status_with("If-Modified-Since", date), 304);
    CHECK_INT(status_with("If-Modified-Since", S("Thu, 01 Jan 1970 00:00:00 GMT")), 200);
    web_save(w, ITEM("nog-een", "Nog een", "", "Tekst."));
    CHECK_INT(status_with("If-None-Match", tag), 200);
    arena_free(a);
}

/* Items as large as they may be must not make the feed fail: their text is left out, not they. */
static void a_feed_of_large_items_still_answers(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    size_t size = 120 * 1024;
    char *body = arena_alloc(a, size + 1);
    for (size_t i = 0; i < size; i++)
        body[i] = "\"<> &\n"[i % 6];
    for (int i = 0; i < 30; i++)
        web_save(w, str_fmt(a, ITEM("groot-%d", "Groot %d", "", "%s"), i, i, body).ptr);
    struct http_response rs = web_get(w, "/kennisbank/feed.atom");
    CHECK_INT(rs.status, 200);
    CHECK_INT(occurrences(web_body(&rs), "<entry>"), 50);
    CHECK(occurrences(web_body(&rs), "<content ") < 50);
    arena_free(a);
}

/* ---- pages for other programs ---- */

static const struct json_value *schema_of(struct ctx *c, const struct http_response *rs)
{
    const struct json_value *v;
    str text = between(web_body(rs), "<script type=\"application/ld+json\">",
                       "<script type=\"application/ld+json\">", "</script>");
    CHECK_OK(c, json_parse(c, text, 10, &v));
    return json_get(v, "@graph");
}

static void a_title_cannot_end_the_script(void **state)
{
    (void)state;
    struct ctx c = {.arena = arena_new()};
    web_save(w, ITEM("einde", "\"</script><script>alert(1)</script><!-- \\u2028\"",
                     "steps:\n  - title: \"</script>\"\n    text: \"<!--<script>\"\n", "Tekst."));
    struct http_response rs = web_get(w, "/kennisbank/einde");
    CHECK_INT(rs.status, 200);
    CHECK(!web_has(&rs, "<script>"));
    const struct json_value *item = json_at(schema_of(&c, &rs), 0);
    CHECK_STR(json_as_str(json_get(item, "headline")),
              S("</script><script>alert(1)</script><!-- \xE2\x80\xA8"));
    CHECK_STR(json_as_str(json_get(item, "@type")), S("HowTo"));
    CHECK_STR(json_as_str(json_get(json_at(json_get(item, "step"), 0), "text")), S("<!--<script>"));
    arena_free(c.arena);
}

static void whole_addresses_only_when_they_are_known(void **state)
{
    (void)state;
    struct http_response rs = web_get(w, "/kennisbank/parallel-plannen");
    CHECK(!web_has(&rs, "rel=\"canonical\""));
    CHECK(!web_has(&rs, "og:url"));
    CHECK(!web_has(&rs, "localhost"));
    CHECK(web_has(&rs, "\"url\":\"/kennisbank/parallel-plannen\""));
    public_url("https://proef.voorbeeld.nl");
    rs = web_get(w, "/kennisbank/parallel-plannen?met");
    CHECK(web_has(&rs, "<link rel=\"canonical\" "
                       "href=\"https://proef.voorbeeld.nl/kennisbank/parallel-plannen\">"));
    CHECK(web_has(&rs, "<meta property=\"og:url\" "
                       "content=\"https://proef.voorbeeld.nl/kennisbank/parallel-plannen\">"));
    CHECK(web_has(&rs, "\"url\":\"https://proef.voorbeeld.nl/kennisbank/parallel-plannen\""));
    public_url("");
}

static void old_versions_are_not_for_search_engines(void **state)
{
    (void)state;
    struct ctx c = {.arena = arena_new()};
    web_save(w, ITEM("oud-en-nieuw", "Oud en nieuw", "", "Een."));
    web_save(w, ITEM("oud-en-nieuw", "Oud en nieuw", "", "Twee."));
    struct http_response rs = web_get(w, "/kennisbank/oud-en-nieuw/versies/1");
    CHECK(web_has(&rs, "content=\"noindex\""));
    const struct json_value *graph = schema_of(&c, &rs);
    CHECK_INT(json_count(graph), 1);
    CHECK_STR(json_as_str(json_get(json_at(graph, 0), "@type")), S("BreadcrumbList"));
    arena_free(c.arena);
}

TEST_MAIN_WITH(begin, end, TEST(a_new_item_comes_first_and_the_feed_is_bounded),
               TEST(an_id_stays_when_the_address_changes), TEST(text_of_an_item_stays_text),
               TEST(links_are_whole), TEST(a_reader_that_has_it_gets_304),
               TEST(a_title_cannot_end_the_script), TEST(whole_addresses_only_when_they_are_known),
               TEST(old_versions_are_not_for_search_engines),
               TEST(a_feed_of_large_items_still_answers))
