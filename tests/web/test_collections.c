/* Collections as they are kept and shown: revisions, starter content that never overwrites, pages,
 * the pages of others, the API, search; and the list of what is missing. */
#include "web.h"

#include "base/embedded.h"
#include "collections/collections_int.h"
#include "db/db.h"
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

#define COLLECTION(slug, title, steps)                                                             \
    "slug: " slug "\ntitle: " title "\nkind: route\nsummary: Een proef.\n"                         \
    "introduction: Voor de proef.\nactors: [jurist]\nsteps:\n" steps                               \
    "licence: CC-BY-4.0\ncertainty: kennis-hoog\n"
#define STEP(item, why) "  - item: " item "\n    why: " why "\n"
#define ITEM(slug, title, extra, body)                                                             \
    "---\nslug: " slug "\ntitle: " title "\ntype: werkwijze\nsummary: Een proef.\n"                \
    "phases: [\"5\"]\nbottlenecks: [PRO]\nthemes: [grond]\nactors: [planoloog]\n" extra            \
    "sources:\n  - title: Bron\nlicence: CC-BY-4.0\nevidence: onvoldoende\n---\n" body "\n"

typedef int saver(struct ctx *c, const struct collection *k, enum collection_saved *ret);

static int save_own(struct ctx *c, const struct collection *k, enum collection_saved *ret)
{
    return collection_store_save(c, k, S("Test"), S("Test"), ret);
}

struct saving {
    saver *save;
    const char *document;
    enum collection_saved saved;
};

static int save_in_transaction(struct ctx *c, void *arg)
{
    struct saving *s = arg;
    struct collection k;
    TRY(collection_document_read(c, NULL, str_from(s->document), &k));
    return s->save(c, &k, &s->saved);
}

/* Saves the document, lets the index catch up, and says what came of it. */
static enum collection_saved save(saver *how, const char *document)
{
    struct saving s = {how, document, COLLECTION_SAME};
    size_t done;
    struct ctx c = web_call(w);
    CHECK_OK(&c, collection_store_transaction(&c, save_in_transaction, &s));
    CHECK_OK(&c, index_catch_up(&c, c.index, &done));
    arena_free(c.arena);
    return s.saved;
}

static long long number(const char *what, const char *slug)
{
    long long n;
    struct ctx c = web_call(w);
    if (strcmp(what, "revisions") == 0)
        CHECK_OK(&c, db_get_int(&c, &n,
                                "SELECT COUNT(*) FROM collection_revision r JOIN collection k "
                                "ON k.id = r.collection_id WHERE k.slug = $1",
                                str_from(slug)));
    else
        CHECK_OK(&c, db_get_int(&c, &n,
                                "SELECT COUNT(*) FROM collection_item i JOIN collection k "
                                "ON k.id = i.collection_id WHERE k.slug = $1",
                                str_from(slug)));
    arena_free(c.arena);
    return n;
}

/* ---- keeping ---- */

static void each_changed_text_is_a_revision(void **state)
{
    (void)state;
    CHECK_INT(save(save_own, COLLECTION("versies", "Versies", STEP("erfpacht", "Eerst."))),
              COLLECTION_NEW);
    CHECK_INT(save(save_own, COLLECTION("versies", "Versies", STEP("erfpacht", "Eerst."))),
              COLLECTION_SAME);
    CHECK_INT(save(save_own, COLLECTION("versies", "Versies",
                                        STEP("diwi", "Nu eerst.") STEP("erfpacht", "Dan."))),
              COLLECTION_CHANGED);
    CHECK_INT(number("revisions", "versies"), 2);
    CHECK_INT(number("items", "versies"), 2);
    struct http_response rs = web_get(w, "/collecties/versies");
    CHECK(web_has(&rs, ", versie 2</dd>"));
    str body = web_body(&rs);
    CHECK(str_find(body, S("href=\"/kennisbank/diwi\"")) <
          str_find(body, S("href=\"/kennisbank/erfpacht\"")));
    CHECK(!web_has(&rs, "Eerst.</p>"));
}

static void starter_content_replaces_only_what_nobody_changed(void **state)
{
    (void)state;
    saver *starter = collection_store_save_starter;
    CHECK_INT(save(starter, COLLECTION("start", "Start een", STEP("diwi", "Zo."))), COLLECTION_NEW);
    CHECK_INT(save(starter, COLLECTION("start", "Start twee", STEP("diwi", "Zo."))),
              COLLECTION_CHANGED);
    CHECK_INT(save(save_own, COLLECTION("start", "Van ons", STEP("diwi", "Zo."))),
              COLLECTION_CHANGED);
    CHECK_INT(save(starter, COLLECTION("start", "Start drie", STEP("diwi", "Zo."))),
              COLLECTION_SAME);
    struct http_response rs = web_get(w, "/collecties/start");
    CHECK(web_has(&rs, ">Van ons</h1>"));
}

static void starter_content_gives_way_to_what_is_there(void **state)
{
    (void)state;
    CHECK_INT(save(save_own, COLLECTION("eigen", "Van ons", STEP("diwi", "Zo."))), COLLECTION_NEW);
    CHECK_INT(save(collection_store_save_starter,
                   COLLECTION("eigen", "Uit de start", STEP("diwi", "Zo."))),
              COLLECTION_SAME);
}

/* An unknown item is refused with its place and its name, before anything is saved. */
static void a_step_must_be_in_the_library(void **state)
{
    (void)state;
    struct collection k;
    struct ctx c = web_call(w);
    CHECK_OK(&c,
             collection_document_read(
                 &c, NULL,
                 S(COLLECTION("fout", "Fout", STEP("diwi", "Zo.") STEP("staat-er-niet", "Zo."))),
                 &k));
    CHECK_INT(collection_check_items(&c, &k), ERR_INVALID);
    CHECK(str_find(c.err.msg, S("stap 2: \"staat-er-niet\" staat niet in de kennisbank")) !=
          STR_NONE);
    arena_free(c.arena);
}

/* One for each role and each bottleneck, of five to ten steps that exist, each with its own why. */
static void the_starter_collections_are_whole(void **state)
{
    (void)state;
    const struct taxonomy *t;
    size_t files = 0;
    struct ctx c = web_call(w);
    CHECK_OK(&c, taxonomy_load(&c, &t));
    struct collection *all = arena_array(c.arena, embedded_content.count, sizeof *all);
    for (size_t i = 0; i < embedded_content.count; i++) {
        const struct embedded_file *file = &embedded_content.files[i];
        if (!str_starts(file->path, S("content/collections/")))
            continue;
        struct collection *k = &all[files++];
        CHECK_OK(&c, collection_document_read(&c, t, file->bytes, k));
        CHECK_OK(&c, collection_check_items(&c, k));
        CHECK(k->steps_count >= 5 && k->steps_count <= 10);
        for (size_t n = 0; n < files; n++)
            for (size_t a = 0; a < k->steps_count; a++)
                for (size_t b = 0; b < all[n].steps_count; b++)
                    CHECK((&all[n] == k && a == b) ||
                          !str_eq(k->steps[a].why, all[n].steps[b].why));
    }
    CHECK_INT(files, 2 + t->list[TAXONOMY_ACTOR].count + t->list[TAXONOMY_BOTTLENECK].count);
    arena_free(c.arena);
    struct http_response rs = web_get(w, "/api/v1/gaps?soort=geen-collectie");
    CHECK(web_has(&rs, "\"total\":0"));
}

/* ---- pages ---- */

static void the_list_has_three_shelves(void **state)
{
    (void)state;
    struct http_response rs = web_get(w, "/collecties");
    CHECK_INT(rs.status, 200);
    CHECK(web_has(&rs, "<h2 id=\"beginnen\">Om te beginnen</h2>"));
    CHECK(web_has(&rs, "<h2 id=\"rollen\">Voor uw rol</h2>"));
    CHECK(web_has(&rs, "<h2 id=\"knelpunten\">Voor uw knelpunt</h2>"));
    CHECK(web_has(&rs, "<a href=\"/collecties/van-initiatief-tot-vergunning\">Van initiatief tot "
                       "vergunning</a>"));
    CHECK(web_has(&rs, "10 stappen"));
}

static void a_collection_has_its_page(void **state)
{
    (void)state;
    save(save_own,
         COLLECTION("teken", "\"Met <b> & zo\"", STEP("erfpacht", "\"Omdat <i> & meer.\"")));
    struct http_response rs = web_get(w, "/collecties/teken");
    CHECK_INT(rs.status, 200);
    CHECK(web_has(&rs, "<h1 class=\"aj-item__title\">Met &lt;b&gt; &amp; zo</h1>"));
    CHECK(web_has(&rs, "Omdat &lt;i&gt; &amp; meer."));
    CHECK(web_has(&rs, "1 stap</p>"));
    CHECK(web_has(&rs, "Nog te controleren"));
    CHECK(web_has(&rs, "Werk om in te voeren: groot"));
    CHECK(web_has(&rs, "<li>Definitie tot en met Realisatie</li>"));
    CHECK(web_has(&rs, "<a href=\"/rollen/jurist\">Jurist</a>"));
    CHECK(web_has(&rs, "\"@type\":\"ItemList\""));
    CHECK(web_has(&rs, "\"numberOfItems\":1"));
    rs = web_get(w, "/collecties/bestaat-niet");
    CHECK_INT(rs.status, 404);
    CHECK(web_has(&rs, "Deze collectie is er niet."));
}

/* The item keeps its place when it gets another address, and leaves the page when it goes. */
static void a_step_follows_its_item(void **state)
{
    (void)state;
    web_save(w, ITEM("oud-adres", "Verhuist", "certainty: opgezocht\n", "Tekst."));
    web_save(w, ITEM("verdwijnt", "Verdwijnt", "certainty: opgezocht\n", "Tekst."));
    save(save_own,
         COLLECTION("volgt", "Volgt", STEP("oud-adres", "Eerst.") STEP("verdwijnt", "Dan.")));
    web_save(w, ITEM("nieuw-adres", "Verhuist", "former_slugs: [oud-adres]\ncertainty: opgezocht\n",
                     "Tekst."));
    struct ctx c = web_call(w);
    CHECK_OK(&c, db_exec(&c, "UPDATE item SET public_revision = 0 WHERE slug = 'verdwijnt'"));
    struct http_response rs = web_get(w, "/collecties/volgt");
    CHECK(web_has(&rs, "href=\"/kennisbank/nieuw-adres\""));
    CHECK(web_has(&rs, "id=\"stap-nieuw-adres\"")); /* where the page of the item leads to */
    CHECK(!web_has(&rs, "Dan.</p>"));
    CHECK(web_has(&rs, "1 stap</p>"));
    rs = web_get(w, "/kennisbank/nieuw-adres");
    CHECK(web_has(&rs, "<a href=\"/collecties/volgt#stap-nieuw-adres\">Volgt</a>"));
    arena_free(c.arena);
}

static void other_pages_lead_to_it(void **state)
{
    (void)state;
    struct http_response rs = web_get(w, "/kennisbank/intaketafel");
    CHECK(web_has(&rs, "<dt>Staat in de collectie</dt>"));
    CHECK(web_has(&rs, "<a href=\"/collecties/van-initiatief-tot-vergunning#stap-intaketafel\">"));
    rs = web_get(w, "/kennisbank/woningregister");
    CHECK(!web_has(&rs, "Staat in de collectie"));
    rs = web_get(w, "/rollen/planoloog");
    CHECK(web_has(&rs, "href=\"/collecties/planoloog\""));
    CHECK(web_has(&rs, "href=\"/collecties/van-initiatief-tot-vergunning\""));
    CHECK(!web_has(&rs, "href=\"/collecties/grond\""));
    rs = web_get(w, "/knelpunten/grond");
    CHECK(web_has(&rs, "href=\"/collecties/grond\""));
    rs = web_get(w, "/");
    CHECK(web_has(&rs, "href=\"/collecties/startpakket-programmamanager\""));
    rs = web_get(w, "/sitemap.xml");
    CHECK(web_has(&rs, "/collecties/stikstof</loc>"));
}

/* ---- search ---- */

static void search_finds_it_after_the_items(void **state)
{
    (void)state;
    struct http_response rs = web_get(w, "/zoeken?q=startpakket");
    CHECK(web_has(&rs, "href=\"/collecties/startpakket-programmamanager\""));
    CHECK(web_has(&rs, "<span class=\"aj-eyebrow__type\">Collectie</span>"));
    rs = web_get(w, "/zoeken?q=stikstof");
    str body = web_body(&rs);
    size_t item = str_find(body, S("href=\"/kennisbank/stikstof-voortoets-en-intern-salderen\""));
    size_t collection = str_find(body, S("href=\"/collecties/stikstof\""));
    CHECK(item != STR_NONE && (collection == STR_NONE || item < collection));
    rs = web_get(w, "/zoeken?q=stikstof&soort=collectie");
    CHECK(web_has(&rs, "href=\"/collecties/stikstof\""));
    CHECK(!web_has(&rs, "href=\"/kennisbank/stikstof-"));
    rs = web_get(w, "/kennisbank?q=startpakket");
    CHECK(!web_has(&rs, "/collecties/startpakket"));
    CHECK(!web_has(&rs, "id=\"soort-collectie\""));
}

/* ---- the API ---- */

static const struct json_value *json_of(struct arena *a, const char *path)
{
    const struct json_value *v = NULL;
    struct ctx c = w->app.ctx;
    struct http_response rs = web_get(w, path);
    CHECK_INT(rs.status, 200);
    c.arena = a;
    CHECK_OK(&c, json_parse(&c, str_dup(a, web_body(&rs)), 20, &v));
    return v;
}

static str text(const struct json_value *v, const char *key)
{
    return json_as_str(json_get(v, key));
}

/* What stands on the pages is in the API, and the other way round. */
static void the_api_says_the_same(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    const struct json_value *list =
        json_get(json_of(a, "/api/v1/collections?aantal=100"), "results");
    CHECK(json_count(list) >= 35);
    for (size_t i = 0; i < json_count(list); i++) {
        const char *slug = str_z(a, text(json_at(list, i), "slug"));
        const struct json_value *one = json_of(a, str_fmt(a, "/api/v1/collections/%s", slug).ptr);
        const struct json_value *steps = json_get(one, "steps");
        struct http_response rs = web_get(w, str_fmt(a, "/collecties/%s", slug).ptr);
        str page = web_body(&rs);
        CHECK_STR(text(one, "title"), text(json_at(list, i), "title"));
        for (size_t k = 0; k < json_count(steps); k++) {
            const char *link =
                str_fmt(a, "<a href=\"/kennisbank/%s\">", str_z(a, text(json_at(steps, k), "slug")))
                    .ptr;
            size_t at = str_find(page, str_from(link));
            CHECK(at != STR_NONE);
            page = str_slice(page, at + 1, page.len); /* in the same order */
        }
    }
    arena_free(a);
}

static void the_api_chooses_by_role_and_bottleneck(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    const struct json_value *list = json_get(
        json_of(a, "/api/v1/collections?rol=planoloog&knelpunt=procedures&aantal=100"), "results");
    CHECK(json_count(list) >= 2);
    struct http_response rs = web_get(w, "/api/v1/collections?rol=koning");
    CHECK(web_has(&rs, "\"total\":0"));
    rs = web_get(w, "/api/v1/collections/bestaat-niet");
    CHECK_INT(rs.status, 404);
    CHECK(web_has(&rs, "Deze collectie bestaat niet."));
    arena_free(a);
}

/* ---- what is missing ---- */

static long long total_of(const char *path)
{
    long long n = -1;
    struct arena *a = arena_new();
    CHECK(json_as_int(json_get(json_of(a, path), "total"), &n));
    arena_free(a);
    return n;
}

static long long missing(const char *gap)
{
    struct arena *a = arena_new();
    long long n = total_of(str_fmt(a, "/api/v1/gaps?soort=%s", gap).ptr);
    arena_free(a);
    return n;
}

static void what_is_missing_is_counted(void **state)
{
    (void)state;
    static const char *const gaps[] = {"niet-nagekeken", "verouderd", "kort", "geen-webadres"};
    long long before[COUNT_OF(gaps)], words = 0;
    struct buf body;
    struct arena *a = arena_new();
    for (size_t i = 0; i < COUNT_OF(gaps); i++)
        before[i] = missing(gaps[i]);
    web_save(w, ITEM("gat", "Vol gaten", "review: 2020-01-01\ncertainty: opgezocht\n", "Kort."));
    for (size_t i = 0; i < COUNT_OF(gaps); i++)
        CHECK_INT(missing(gaps[i]), before[i] + 1);
    /* The same item, mended: each gap is gone. */
    buf_init(&body, a, 16 * 1024);
    buf_addz(&body, "---\nslug: gat\ntitle: Vol gaten\ntype: werkwijze\nsummary: Een proef.\n"
                    "phases: [\"5\"]\nbottlenecks: [PRO]\nthemes: [grond]\nactors: [planoloog]\n"
                    "sources:\n  - title: Bron\n    url: https://voorbeeld.nl\n"
                    "licence: CC-BY-4.0\nevidence: onvoldoende\nreview: 2100-01-01\n"
                    "checked: 2026-01-01\ncertainty: gecontroleerd\n---\n");
    for (; words < LIBRARY_THIN_WORDS; words++)
        buf_addz(&body, "woord ");
    buf_addz(&body, "\n");
    web_save(w, str_z(a, buf_str(&body)));
    for (size_t i = 0; i < COUNT_OF(gaps); i++)
        CHECK_INT(missing(gaps[i]), before[i]);
    arena_free(a);
}

static void a_term_with_few_items_is_named(void **state)
{
    (void)state;
    struct http_response rs = web_get(w, "/over/wat-ontbreekt");
    CHECK_INT(rs.status, 200);
    CHECK(web_has(&rs, "<a href=\"/knelpunten/flora-en-fauna\">Flora en fauna</a> (knelpunt, 2 "
                       "onderwerpen)"));
    CHECK(!web_has(&rs, "<a href=\"/knelpunten/procedures\">"));
    CHECK(web_has(&rs, "Voor elke rol en elk knelpunt is er een collectie."));
    CHECK(web_has(&rs, "onderwerpen zijn er ") || web_has(&rs, "is er nog geen enkel nagekeken"));
    web_save(w, "---\nslug: vos\ntitle: De vos\ntype: werkwijze\nsummary: Een proef.\n"
                "phases: [\"5\"]\nbottlenecks: [FLO]\nthemes: [grond]\nactors: [planoloog]\n"
                "sources:\n  - title: Bron\nlicence: CC-BY-4.0\ncertainty: opgezocht\n"
                "evidence: onvoldoende\n---\nTekst.\n");
    rs = web_get(w, "/over/wat-ontbreekt");
    CHECK(web_has(&rs, "Flora en fauna</a> (knelpunt, 3 onderwerpen)"));
    CHECK(web_has(&rs, "<a href=\"/kennisbank/vos\">De vos</a>"));
}

/* Walking the pages of the list gives each row once. */
static void the_gaps_are_paged(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    const struct json_value *all = json_of(a, "/api/v1/gaps?aantal=100");
    long long total = total_of("/api/v1/gaps"), seen = 0;
    for (int page = 1; page < 100; page++) {
        const struct json_value *results = json_get(
            json_of(a, str_fmt(a, "/api/v1/gaps?aantal=7&pagina=%d", page).ptr), "results");
        seen += (long long)json_count(results);
        if (!json_count(results))
            break;
        if (page == 2) /* the eighth row is where the whole list has it */
            CHECK_STR(text(json_at(results, 0), "slug"),
                      text(json_at(json_get(all, "results"), 7), "slug"));
    }
    CHECK_INT(seen, total);
    struct http_response rs = web_get(w, "/api/v1/gaps?soort=onzin");
    CHECK_INT(rs.status, 400);
    arena_free(a);
}

/* An item from before the measures is measured at the next start. */
static void old_items_are_measured_at_start(void **state)
{
    (void)state;
    long long before = missing("geen-webadres"), n;
    struct ctx c = web_call(w);
    CHECK_OK(&c, db_exec(&c, "UPDATE item SET body_words = -1, web_sources = -1"));
    CHECK_OK(&c, library_start(&c));
    CHECK_OK(&c, db_get_int(&c, &n,
                            "SELECT COUNT(*) FROM item WHERE body_words < 0 AND "
                            "public_revision > 0"));
    CHECK_INT(n, 0);
    CHECK_INT(missing("geen-webadres"), before);
    arena_free(c.arena);
}

TEST_MAIN_WITH(begin, end, TEST(each_changed_text_is_a_revision),
               TEST(starter_content_replaces_only_what_nobody_changed),
               TEST(starter_content_gives_way_to_what_is_there),
               TEST(a_step_must_be_in_the_library), TEST(the_starter_collections_are_whole),
               TEST(the_list_has_three_shelves), TEST(a_collection_has_its_page),
               TEST(a_step_follows_its_item), TEST(other_pages_lead_to_it),
               TEST(search_finds_it_after_the_items), TEST(the_api_says_the_same),
               TEST(the_api_chooses_by_role_and_bottleneck), TEST(what_is_missing_is_counted),
               TEST(a_term_with_few_items_is_named), TEST(the_gaps_are_paged),
               TEST(old_items_are_measured_at_start))
