/* Items as PDF: each can be made, and one is what a screen reader needs. */
#include "ask.h"
#include "web.h"

#include "base/buf.h"
#include "db/db.h"
#include "library/library_int.h"

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

static void an_item_is_a_tagged_pdf(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct http_response rs = web_get(w, "/kennisbank/parallel-plannen/pdf");
    CHECK_INT(rs.status, 200);
    CHECK_STR(str_from(rs.content_type), S("application/pdf"));
    CHECK_STR(web_header(&rs, "Content-Disposition"),
              S("inline; filename=\"parallel-plannen.pdf\""));
    CHECK(str_find(ask(a, web_body(&rs), "qpdf --check $FILE"),
                   S("No syntax or stream encoding errors")) != STR_NONE);
    str info = ask(a, web_body(&rs), "pdfinfo $FILE");
    CHECK(str_find(info, S("Title:           Parallel plannen")) != STR_NONE);
    CHECK(str_find(info, S("Tagged:          yes")) != STR_NONE);
    str tree = ask(a, web_body(&rs), "pdfinfo -struct-text $FILE");
    static const char *const wanted[] = {
        "H1 ",
        "\"Parallel plannen\"",
        "\"Past goed als\"",
        "\"Zo pakt u het aan\"",
        "LI",
        "LBody",
        "Table",
        "TH",
        "\"Wettelijke grondslag\"",
        "Link",
        "\"Omgevingswet\"",
        "\"Bronnen\"",
    };
    for (size_t i = 0; i < COUNT_OF(wanted); i++)
        if (str_find(tree, str_from(wanted[i])) == STR_NONE)
            CHECK_STR(str_from("missing in the structure"), str_from(wanted[i]));
    arena_free(a);
}

/* A print lives on without its page: what makes one careful must be in it. */
static void it_says_how_far_it_can_be_trusted(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct http_response rs = web_get(w, "/kennisbank/parallel-plannen/pdf");
    str text = ask(a, web_body(&rs), "pdftotext -enc UTF-8 $FILE - | tr '\\n' ' '");
    static const char *const wanted[] = {
        "Nog te controleren.",
        "Controleer artikelen en termijnen voordat u ze gebruikt.",
        "Opnieuw nakijken vóór",
        "Nummer",
    };
    for (size_t i = 0; i < COUNT_OF(wanted); i++)
        if (str_find(text, str_from(wanted[i])) == STR_NONE)
            CHECK_STR(text, str_from(wanted[i]));
    arena_free(a);
}

static void every_item_has_one(void **state)
{
    (void)state;
    struct ctx c = w->app.ctx;
    struct item_row *rows;
    size_t count;
    c.arena = arena_new();
    c.lease = NULL;
    CHECK_OK(&c, library_store_documents(&c, 0, 500, &rows, &count));
    CHECK(count > 100);
    for (size_t i = 0; i < count; i++) {
        struct http_response rs =
            web_get(w, str_fmt(c.arena, "/kennisbank/%s/pdf", str_z(c.arena, rows[i].slug)).ptr);
        CHECK_INT(rs.status, 200);
        CHECK(str_starts(web_body(&rs), S("%PDF-1.7\n")));
        CHECK(str_ends(web_body(&rs), S("%%EOF\n")));
        CHECK(web_body(&rs).len < 400 * 1024);
    }
    arena_free(c.arena);
}

/* Each is as large as five pages and its making takes two milliseconds: who takes them all must not
 * make the pages slow. */
static void pushes_no_page_out_of_what_is_kept(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    CHECK_INT(web_get(w, "/kennisbank/parallel-plannen").status, 200);
    size_t before = http_server_cache(w->server).bytes;
    CHECK(before > 0);
    struct http_response rs = web_get(w, "/kennisbank/parallel-plannen/pdf");
    CHECK_INT(http_server_cache(w->server).bytes, before);
    CHECK_STR(web_header(&rs, "Cache-Control"), S("no-cache"));
    str tag = str_dup(a, web_header(&rs, "ETag"));
    rs = web_send(
        w, str_fmt(a,
                   "GET /kennisbank/parallel-plannen/pdf HTTP/1.1\r\nHost: localhost:8080\r\n"
                   "If-None-Match: %s\r\n\r\n",
                   str_z(a, tag)));
    CHECK_INT(rs.status, 304);
    arena_free(a);
}

#define ITEM(text)                                                                                 \
    "---\nslug: proef\ntitle: Proef\ntype: werkwijze\nsummary: Een proef.\n"                       \
    "phases: [\"5\"]\nbottlenecks: [PRO]\nthemes: [grond]\nactors: [planoloog]\n"                  \
    "sources:\n  - title: Bron\nlicence: CC-BY-4.0\ncertainty: opgezocht\n"                        \
    "evidence: onvoldoende\n---\n" text "\n"

static void addresses_in_it_are_whole(void **state)
{
    (void)state;
    static const char *const wanted[] = {"/kennisbank/proef#kop)", "/kennisbank/andere)",
                                         "/zoeken?q=a:b)", "(mailto:a@b.nl)",
                                         "(https://x.example/e)"};
    web_save(w, ITEM("[a](#kop) [b](andere) [c](/zoeken?q=a:b) [d](mailto:a@b.nl) "
                     "[e](https://x.example/e)"));
    struct http_response rs = web_get(w, "/kennisbank/proef/pdf");
    CHECK_INT(rs.status, 200);
    for (size_t i = 0; i < COUNT_OF(wanted); i++)
        if (!web_has(&rs, wanted[i]))
            CHECK_STR(str_from("missing"), str_from(wanted[i]));
    CHECK(web_has(&rs, "(http://localhost:8080/kennisbank/andere)"));
}

/* More than an answer may hold, and less than the engine would write. */
static void one_that_is_too_large_is_refused_with_words(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct buf b;
    buf_init(&b, a, 128 * 1024);
    buf_addz(&b, ITEM(""));
    while (b.len < 120000)
        buf_addz(&b, "[a](/b) ");
    buf_addz(&b, "\n");
    web_save(w, str_z(a, buf_str(&b)));
    struct http_response rs = web_get(w, "/kennisbank/proef/pdf");
    CHECK_INT(rs.status, 413);
    CHECK(web_has(&rs, "te lang voor een PDF"));
    arena_free(a);
}

static void an_address_that_is_none_gets_a_page(void **state)
{
    (void)state;
    CHECK_INT(web_get(w, "/kennisbank/bestaat-niet/pdf").status, 404);
}

TEST_MAIN_WITH(begin, end, TEST(an_item_is_a_tagged_pdf), TEST(it_says_how_far_it_can_be_trusted),
               TEST(every_item_has_one), TEST(pushes_no_page_out_of_what_is_kept),
               TEST(addresses_in_it_are_whole), TEST(one_that_is_too_large_is_refused_with_words),
               TEST(an_address_that_is_none_gets_a_page))
