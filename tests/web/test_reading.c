/* Versions that were read are kept: what is shown must still follow the items and the glossary. */
#include "web.h"

#include "base/kept.h"
#include "glossary/glossary_int.h"
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

#define ITEM(slug, title, body)                                                                    \
    "---\nslug: " slug "\ntitle: " title "\ntype: werkwijze\nsummary: Over de zwiepregeling.\n"    \
    "phases: [\"5\"]\nbottlenecks: [PRO]\nthemes: [grond]\nactors: [planoloog]\n"                  \
    "sources:\n  - title: Bron\nlicence: CC-BY-4.0\ncertainty: opgezocht\nevidence: "              \
    "onvoldoende\n---\n" body "\n"
#define TERM(explanation)                                                                          \
    "slug: zwiepregeling\nname: zwiepregeling\nexplanation: " explanation                          \
    "\nsource:\n  name: Bron van de proef\ncertainty: kennis-hoog\n"

/* A visitor with a cookie gets no finished page, so the page is made anew. */
static struct http_response visit(const char *path)
{
    struct arena *a = arena_new();
    struct http_response rs = web_send(
        w, str_fmt(a, "GET %s HTTP/1.1\r\nHost: localhost:8080\r\nCookie: proef=1\r\n\r\n", path));
    arena_free(a);
    return rs;
}

static int save_term(struct ctx *c, void *arg)
{
    struct glossary_term t;
    enum glossary_saved saved;
    TRY(glossary_document_read(c, NULL, str_from(arg), &t));
    return glossary_store_save(c, &t, &saved);
}

static void explain_as(const char *document)
{
    struct ctx c = web_call(w);
    CHECK_OK(&c, glossary_store_transaction(&c, save_term, (void *)(uintptr_t)document));
    arena_free(c.arena);
}

static void a_version_is_read_once(void **state)
{
    (void)state;
    web_save(w, ITEM("t-lezen", "Lezen", "Een tekst."));
    CHECK_INT(visit("/kennisbank/t-lezen").status, 200);
    struct kept_status before = kept_status(w->app.ctx.kept);
    CHECK(before.count > 0 && before.bytes > 0);
    web_save(w, ITEM("t-ander", "Ander", "Een andere tekst."));
    struct http_response rs = visit("/kennisbank/t-lezen");
    CHECK(web_has(&rs, "Een tekst."));
    struct kept_status after = kept_status(w->app.ctx.kept);
    CHECK_INT((long long)(after.misses - before.misses), 0); /* another item changed: no matter */
    CHECK_INT((long long)(after.hits - before.hits), 2);
    CHECK_INT(visit("/api/v1/items/t-lezen").status, 200); /* from the same reading */
    CHECK_INT((long long)(kept_status(w->app.ctx.kept).misses - before.misses), 0);
}

static void a_changed_item_is_shown_as_it_is_now(void **state)
{
    (void)state;
    web_save(w, ITEM("t-versie", "Versie", "De eerste tekst."));
    struct http_response rs = visit("/kennisbank/t-versie");
    CHECK(web_has(&rs, "De eerste tekst."));
    web_save(w, ITEM("t-versie", "Versie", "De tweede tekst."));
    rs = visit("/kennisbank/t-versie");
    CHECK(web_has(&rs, "De tweede tekst.") && !web_has(&rs, "De eerste tekst."));
    rs = visit("/kennisbank/t-versie/versies/1");
    CHECK(web_has(&rs, "De eerste tekst.") && !web_has(&rs, "De tweede tekst."));
    rs = visit("/api/v1/items/t-versie/versions/1");
    CHECK(web_has(&rs, "De eerste tekst.") && !web_has(&rs, "De tweede tekst."));
}

static void a_kept_item_follows_the_glossary(void **state)
{
    (void)state;
    web_save(w, ITEM("t-begrip", "Begrip", "Hier geldt niets."));
    struct http_response rs = visit("/kennisbank/t-begrip");
    CHECK(web_has(&rs, "Over de zwiepregeling."));
    explain_as(TERM("Zo heet het eerst."));
    rs = visit("/kennisbank/t-begrip");
    CHECK(web_has(&rs, "href=\"/begrippen/zwiepregeling\""));
    CHECK(web_has(&rs, "Zo heet het eerst."));
    explain_as(TERM("Zo heet het later."));
    rs = visit("/kennisbank/t-begrip");
    CHECK(web_has(&rs, "Zo heet het later.") && !web_has(&rs, "Zo heet het eerst."));
}

static int save_read_and_fail(struct ctx *c, void *arg)
{
    struct item item;
    struct item_row row;
    enum library_saved saved;
    const struct library_reading *reading;
    TRY(library_document_read(c, NULL, str_from(arg), &item));
    TRY(library_store_save(c, &item, S("Test"), S("Test"), &saved));
    TRY(library_store_head(c, item.slug, &row));
    TRY(library_read(c, row.id, row.number, &reading));
    CHECK(str_find(reading->body.s, S("Verworpen.")) != STR_NONE); /* it sees its own rows */
    return err_set(c, ERR_CONFLICT, "Toch niet.");
}

static void a_version_that_was_rolled_back_is_not_kept(void **state)
{
    (void)state;
    static const char refused[] = ITEM("t-terug", "Terug", "Verworpen.");
    struct ctx c = web_call(w);
    struct kept *kept = c.kept;
    web_save(w, ITEM("t-terug", "Terug", "Het begin."));
    CHECK_INT(library_store_transaction(&c, save_read_and_fail, (void *)(uintptr_t)refused),
              ERR_CONFLICT);
    CHECK(c.kept == kept);
    web_save(w, ITEM("t-terug", "Terug", "Aangenomen."));
    struct http_response rs = visit("/kennisbank/t-terug");
    CHECK(web_has(&rs, "Aangenomen.") && !web_has(&rs, "Verworpen."));
    arena_free(c.arena);
}

static void pages_are_the_same_with_and_without_room(void **state)
{
    (void)state;
    struct kept *kept = w->app.ctx.kept;
    struct arena *a = arena_new();
    CHECK_INT(visit("/kennisbank/anterieure-overeenkomst").status, 200);
    struct http_response rs = visit("/kennisbank/anterieure-overeenkomst");
    str with = str_dup(a, web_body(&rs));
    w->app.ctx.kept = NULL;
    rs = visit("/kennisbank/anterieure-overeenkomst");
    w->app.ctx.kept = kept;
    CHECK_STR(web_body(&rs), with);
    CHECK(with.len > 10000);
    arena_free(a);
}

/* What takes milliseconds to make takes as much of an allowance as a search. */
static void what_is_dear_counts_as_a_search(void **state)
{
    (void)state;
    static const char *const dear[] = {HTTP_API_PREFIX "/items", "/kennisbank/feed.atom",
                                       "/themas/:slug/feed.atom"};
    const struct http_table *table = &library_module.routes;
    size_t found = 0;
    for (size_t i = 0; i < table->count; i++)
        for (size_t k = 0; k < COUNT_OF(dear); k++)
            if (strcmp(table->routes[i].pattern, dear[k]) == 0) {
                CHECK_INT(table->routes[i].cost, HTTP_COST_SEARCH);
                found++;
            }
    CHECK_INT(found, COUNT_OF(dear));
}

TEST_MAIN_WITH(begin, end, TEST(a_version_is_read_once), TEST(a_changed_item_is_shown_as_it_is_now),
               TEST(a_kept_item_follows_the_glossary),
               TEST(a_version_that_was_rolled_back_is_not_kept),
               TEST(pages_are_the_same_with_and_without_room),
               TEST(what_is_dear_counts_as_a_search))
