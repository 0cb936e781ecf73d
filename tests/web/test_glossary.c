/* The glossary as it is kept and shown: words that belong to one term, starter content that never
 * overwrites, pages, terms in items, and what it adds to search. */
#include "web.h"

#include "db/db.h"
#include "glossary/glossary_int.h"
#include "library/library_int.h"
#include "search/search.h"
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

#define TERM(slug, name, extra, explanation)                                                       \
    "slug: " slug "\nname: " name "\n" extra "explanation: " explanation                           \
    "\nsource:\n  name: Bron van de proef\ncertainty: kennis-hoog\n"
#define ITEM(slug, title, summary, body)                                                           \
    "---\nslug: " slug "\ntitle: " title "\ntype: werkwijze\nsummary: " summary "\n"               \
    "phases: [\"7\"]\nbottlenecks: [BER]\nthemes: [ruimte]\nactors: [bouwer]\n"                    \
    "steps:\n  - title: Zoek de kwibusregeling op\n    text: De kwibusregeling geldt.\n"           \
    "sources:\n  - title: Bron\nlicence: CC-BY-4.0\ncertainty: opgezocht\nevidence: "              \
    "onvoldoende\n---\n" body "\n"

typedef int saver(struct ctx *c, const struct glossary_term *t, enum glossary_saved *ret);

struct saving {
    saver *save;
    const char *document;
    enum glossary_saved saved;
};

static int save_in_transaction(struct ctx *c, void *arg)
{
    struct saving *s = arg;
    struct glossary_term t;
    TRY(glossary_document_read(c, NULL, str_from(s->document), &t));
    return s->save(c, &t, &s->saved);
}

/* The code of saving the document; *ret_saved says what came of it, *ret_words of a refusal. */
static int save(saver *how, const char *document, enum glossary_saved *ret_saved)
{
    struct saving s = {how, document, GLOSSARY_SAME};
    struct ctx c = web_call(w);
    int code = glossary_store_transaction(&c, save_in_transaction, &s);
    if (code < 0)
        CHECK(c.err.msg.len > 0);
    *ret_saved = s.saved;
    arena_free(c.arena);
    return code;
}

/* Saves a term as the command line would, and does what the indexer does. */
static void add(const char *document)
{
    enum glossary_saved saved;
    size_t done;
    struct ctx c = web_call(w);
    CHECK_INT(save(glossary_store_save, document, &saved), 0);
    CHECK_OK(&c, search_load_vocabulary(&c));
    CHECK_OK(&c, index_catch_up(&c, c.index, &done));
    arena_free(c.arena);
}

static bool is_explained_as(const char *slug, const char *explanation)
{
    const struct glossary *g;
    struct ctx c = web_call(w);
    CHECK_OK(&c, glossary_load(&c, &g));
    const struct glossary_term *t = glossary_by_slug(g, str_from(slug));
    bool same = t && str_eqz(t->explanation, explanation);
    arena_free(c.arena);
    return same;
}

/* ---- keeping ---- */

static void a_word_belongs_to_one_term(void **state)
{
    (void)state;
    enum glossary_saved saved;
    CHECK_INT(save(glossary_store_save,
                   TERM("eerste", "eerste proefwoord", "abbreviations: [EPW]\n", "Zin."), &saved),
              0);
    CHECK_INT(saved, GLOSSARY_NEW);
    CHECK_INT(save(glossary_store_save,
                   TERM("tweede", "tweede proefwoord", "abbreviations: [EPW]\n", "Zin."), &saved),
              ERR_CONFLICT);
    CHECK_INT(save(glossary_store_save, TERM("tweede", "x", "forms: [eerste proefwoord]\n", "Zin."),
                   &saved),
              ERR_CONFLICT);
    CHECK(!is_explained_as("tweede", "Zin."));
    /* A word that its term gave up is free. */
    CHECK_INT(save(glossary_store_save, TERM("eerste", "eerste proefwoord", "", "Zin."), &saved),
              0);
    CHECK_INT(saved, GLOSSARY_CHANGED);
    CHECK_INT(save(glossary_store_save,
                   TERM("tweede", "tweede proefwoord", "abbreviations: [EPW]\n", "Zin."), &saved),
              0);
    CHECK_INT(save(glossary_store_save,
                   TERM("tweede", "tweede proefwoord", "abbreviations: [EPW]\n", "Zin."), &saved),
              0);
    CHECK_INT(saved, GLOSSARY_SAME);
}

static void a_change_is_seen_at_once_and_disturbs_no_reader(void **state)
{
    (void)state;
    const struct glossary *old;
    enum glossary_saved saved;
    struct ctx c = web_call(w);
    CHECK_INT(save(glossary_store_save, TERM("wissel", "wisselwoord", "", "Eerst dit."), &saved),
              0);
    CHECK_OK(&c, glossary_load(&c, &old));
    const struct glossary_term *t = glossary_by_slug(old, S("wissel"));
    CHECK_INT(save(glossary_store_save, TERM("wissel", "wisselwoord", "", "Dan dat."), &saved), 0);
    CHECK(is_explained_as("wissel", "Dan dat."));
    CHECK_STR(t->explanation, S("Eerst dit."));
    arena_free(c.arena);
}

static void readers_share_one_glossary(void **state)
{
    (void)state;
    const struct glossary *one, *two;
    struct ctx a = web_call(w), b = web_call(w);
    CHECK_OK(&a, glossary_load(&a, &one));
    CHECK_OK(&b, glossary_load(&b, &two));
    CHECK(one == two);
    arena_free(a.arena);
    arena_free(b.arena);
}

static void a_failed_save_leaves_nothing(void **state)
{
    (void)state;
    long long rows, changes, later;
    enum glossary_saved saved;
    struct ctx c = web_call(w);
    CHECK_OK(&c, db_get_int(&c, &changes, "SELECT COUNT(*) FROM change"));
    CHECK_INT(save(glossary_store_save,
                   TERM("half", "half woord", "forms: [omgevingsplan]\n", "Zin."), &saved),
              ERR_CONFLICT);
    CHECK_OK(&c,
             db_get_int(&c, &rows, "SELECT COUNT(*) FROM glossary_word WHERE word = 'half woord'"));
    CHECK_INT(rows, 0);
    CHECK_OK(&c, db_get_int(&c, &later, "SELECT COUNT(*) FROM change"));
    CHECK_INT(later, changes);
    arena_free(c.arena);
}

static void starter_content_replaces_only_what_nobody_changed(void **state)
{
    (void)state;
    enum glossary_saved saved;
    CHECK_INT(save(glossary_store_save_starter, TERM("start", "startwoord", "", "Een."), &saved),
              0);
    CHECK_INT(saved, GLOSSARY_NEW);
    CHECK_INT(save(glossary_store_save_starter, TERM("start", "startwoord", "", "Twee."), &saved),
              0);
    CHECK_INT(saved, GLOSSARY_CHANGED);
    CHECK_INT(save(glossary_store_save, TERM("start", "startwoord", "", "Van ons."), &saved), 0);
    CHECK_INT(save(glossary_store_save_starter, TERM("start", "startwoord", "", "Drie."), &saved),
              0);
    CHECK_INT(saved, GLOSSARY_SAME);
    CHECK(is_explained_as("start", "Van ons."));
}

static void starter_content_gives_way_to_what_is_there(void **state)
{
    (void)state;
    enum glossary_saved saved;
    CHECK_INT(save(glossary_store_save, TERM("eigen", "eigen woord", "", "Van ons."), &saved), 0);
    CHECK_INT(save(glossary_store_save_starter, TERM("eigen", "ander woord", "", "Start."), &saved),
              0);
    CHECK_INT(saved, GLOSSARY_SAME);
    CHECK_INT(save(glossary_store_save_starter, TERM("nieuw", "eigen woord", "", "Start."), &saved),
              0);
    CHECK_INT(saved, GLOSSARY_SAME);
    CHECK(is_explained_as("eigen", "Van ons."));
    CHECK(!is_explained_as("nieuw", "Start."));
}

/* What the starter terms name, is there. */
static void starter_terms_lead_somewhere(void **state)
{
    (void)state;
    const struct glossary *g;
    struct library_link *links;
    size_t count;
    struct ctx c = web_call(w);
    CHECK_OK(&c, glossary_load(&c, &g));
    CHECK(g->count >= 40);
    for (size_t i = 0; i < g->count; i++) {
        const struct glossary_related *r = &g->terms[i].related;
        CHECK_OK(&c, library_links(&c, r->items.items, r->items.items_count, &links, &count));
        CHECK_INT(count, r->items.items_count);
        for (size_t k = 0; k < r->terms.items_count; k++)
            CHECK(glossary_by_slug(g, r->terms.items[k]));
    }
    arena_free(c.arena);
}

/* ---- pages ---- */

static void the_list_goes_from_a_to_z(void **state)
{
    (void)state;
    add(TERM("escape", "woord <b> & zo", "", "\"Zin met <i> & teken.\""));
    struct http_response rs = web_get(w, "/begrippen");
    CHECK_INT(rs.status, 200);
    CHECK(web_has(&rs, "<a class=\"aj-az__letter\" href=\"#letter-o\">O</a>"));
    CHECK(web_has(&rs, "id=\"letter-o\">O</h2>"));
    CHECK(web_has(&rs, "<a href=\"/begrippen/omgevingswet\">Omgevingswet (Ow)</a>"));
    CHECK(web_has(&rs, "Woord &lt;b&gt; &amp; zo"));
    CHECK(web_has(&rs, "Zin met &lt;i&gt; &amp; teken."));
    str body = web_body(&rs);
    CHECK(str_find(body, S("/begrippen/aerius")) < str_find(body, S("/begrippen/omgevingswet")));
    CHECK(str_find(body, S("/begrippen/omgevingswet")) <
          str_find(body, S("/begrippen/zienswijze")));
}

static void the_list_is_filtered(void **state)
{
    (void)state;
    struct http_response rs = web_get(w, "/begrippen?q=canon");
    CHECK(web_has(&rs, "2 begrippen</strong> met <strong>canon</strong>"));
    CHECK(web_has(&rs, "/begrippen/erfpacht\"") && !web_has(&rs, "/begrippen/onteigening\""));
    CHECK(web_has(&rs, "content=\"noindex\""));
    rs = web_get(w, "/begrippen?q=%3Cscript%3E");
    CHECK(web_has(&rs, "Geen begrippen</strong> met <strong>&lt;script&gt;"));
    rs = web_get(w, "/begrippen?q=spuk");
    CHECK(web_has(&rs, "1 begrip</strong>"));
    rs = web_get(w, "/begrippen?q=%FF");
    CHECK_INT(rs.status, 400);
}

static void a_term_has_its_page(void **state)
{
    (void)state;
    struct http_response rs = web_get(w, "/begrippen/wet-kwaliteitsborging-voor-het-bouwen");
    CHECK_INT(rs.status, 200);
    CHECK(web_has(&rs, "<h1 class=\"aj-item__title\">Wet kwaliteitsborging voor het bouwen (Wkb)"));
    CHECK(web_has(&rs, "Nog te controleren"));
    CHECK(web_has(&rs, "<dt>Afkorting</dt><dd>Wkb</dd>"));
    CHECK(web_has(&rs, "<a href=\"/kennisbank/kwaliteitsborging\">"));
    CHECK(web_has(&rs, "href=\"/begrippen/kwaliteitsborger\" aria-describedby="));
    CHECK(!web_has(&rs, "href=\"/begrippen/wet-kwaliteitsborging-voor-het-bouwen\" aria-"));
    rs = web_get(w, "/begrippen/didam-arrest");
    CHECK(web_has(&rs, "Hoge Raad, arrest Didam I, 26 november 2021"));
    rs = web_get(w, "/begrippen/bestaat-niet");
    CHECK_INT(rs.status, 404);
}

static void leads_to(const char *path, const char *place)
{
    struct http_response rs = web_get(w, path);
    CHECK_INT(rs.status, 301);
    CHECK_STR(web_header(&rs, "Location"), str_from(place));
}

static void another_word_for_a_term_leads_to_its_page(void **state)
{
    (void)state;
    const char *mer = "/begrippen/milieueffectrapportage";
    leads_to("/begrippen/bopa", "/begrippen/buitenplanse-omgevingsplanactiviteit");
    leads_to("/begrippen/BOPA", "/begrippen/buitenplanse-omgevingsplanactiviteit");
    leads_to("/begrippen/plan-mer", mer);
    leads_to("/begrippen/m.e.r.", mer);
    leads_to("/begrippen/mer", mer);
    leads_to("/begrippen/MER", "/begrippen/milieueffectrapport");
    CHECK_INT(web_get(w, "/begrippen/-").status, 404);
    CHECK_INT(web_get(w, "/begrippen/%00").status, 400);
}

static void a_term_says_which_items_use_it(void **state)
{
    (void)state;
    add(TERM("kwibus", "kwibusregeling", "abbreviations: [KWR]\n", "Regeling van de proef."));
    web_save(w, ITEM("k-naam", "Met de naam", "Zonder.", "Over de kwibusregeling."));
    web_save(w, ITEM("k-kort", "Met de afkorting", "Over de KWR.", "Tekst."));
    struct http_response rs = web_get(w, "/begrippen/kwibus");
    CHECK(web_has(&rs, "Staat in de tekst van"));
    CHECK(web_has(&rs, "<a href=\"/kennisbank/k-naam\">Met de naam</a>"));
    CHECK(web_has(&rs, "<a href=\"/kennisbank/k-kort\">Met de afkorting</a>"));
}

static void terms_are_in_the_sitemap(void **state)
{
    (void)state;
    struct http_response rs = web_get(w, "/sitemap.xml");
    CHECK(web_has(&rs, "/begrippen</loc>"));
    CHECK(web_has(&rs, "/begrippen/omgevingswet</loc>"));
}

/* ---- in the text of items ---- */

static void an_item_explains_each_term_once(void **state)
{
    (void)state;
    add(TERM("zwik", "zwikwoord", "abbreviations: [ZWK]\n", "Wat een zwikwoord is."));
    web_save(w,
             ITEM("z-item", "Item met zwik", "Met een ZWK.",
                  "## Het zwikwoord\n\nEen [zwikwoord](/over), `zwikwoord` en ZWK & netcongestie."
                  "\n\nNog eens netcongestie en AERIUS."));
    struct http_response rs = web_get(w, "/kennisbank/z-item");
    CHECK(web_has(&rs, "<p class=\"aj-lead\">Met een <a class=\"aj-term\" href=\"/begrippen/zwik\" "
                       "aria-describedby=\"begrip-zwik\">ZWK</a>.</p>"));
    CHECK(web_has(&rs, ">Het zwikwoord</h2>"));
    CHECK(web_has(&rs, "<a href=\"/over\">zwikwoord</a>, <code>zwikwoord</code> en ZWK &amp; "
                       "<a class=\"aj-term\" href=\"/begrippen/netcongestie\""));
    CHECK(web_has(&rs, "Nog eens netcongestie en <a class=\"aj-term\" href=\"/begrippen/aerius\""));
    CHECK(web_has(&rs, "<dd id=\"begrip-zwik\">Wat een zwikwoord is.</dd>"));
    CHECK(web_has(&rs, "<summary>Toon de uitleg van "));
    str body = web_body(&rs);
    CHECK(str_find(body, S("id=\"begrip-aerius\"")) <
          str_find(body, S("id=\"begrip-netcongestie\"")));
    CHECK(str_find(body, S("id=\"begrip-netcongestie\"")) <
          str_find(body, S("id=\"begrip-zwik\"")));
    CHECK(web_has(&rs, "content=\"Een proef.\"") || web_has(&rs, "content=\"Met een ZWK.\""));
    rs = web_get(w, "/kennisbank/z-item/versies/1");
    CHECK(web_has(&rs, "aria-describedby=\"begrip-zwik\""));
}

static void steps_explain_but_their_titles_do_not(void **state)
{
    (void)state;
    add(TERM("kwibus", "kwibusregeling", "abbreviations: [KWR]\n", "Regeling van de proef."));
    web_save(w, ITEM("k-stap", "Met stappen", "Zonder.", "Tekst."));
    struct http_response rs = web_get(w, "/kennisbank/k-stap");
    CHECK(web_has(&rs, ">Zoek de kwibusregeling op</h3>"));
    CHECK(web_has(&rs, "De <a class=\"aj-term\" href=\"/begrippen/kwibus\""));
}

static void an_item_does_not_explain_what_it_is_about(void **state)
{
    (void)state;
    struct http_response rs = web_get(w, "/kennisbank/erfpacht");
    CHECK_INT(rs.status, 200);
    CHECK(!web_has(&rs, "aria-describedby=\"begrip-erfpacht\""));
}

static void a_term_may_keep_out_of_texts(void **state)
{
    (void)state;
    add(TERM("stil", "stilwoord", "explain_in_text: false\n", "Zin."));
    web_save(w, ITEM("s-item", "Stil item", "Met stilwoord.", "Tekst."));
    struct http_response rs = web_get(w, "/kennisbank/s-item");
    CHECK(web_has(&rs, "<p class=\"aj-lead\">Met stilwoord.</p>"));
}

/* ---- search ---- */

/* With all the words. */
static bool finds(const char *query, const char *url)
{
    const struct json_value *v = NULL;
    struct arena *a = arena_new();
    struct http_response rs = web_get(w, str_fmt(a, "/api/v1/search?q=%s", query).ptr);
    arena_free(a);
    CHECK_INT(rs.status, 200);
    CHECK_OK(&w->ctx, json_parse(&w->ctx, buf_str(&rs.body), 20, &v));
    const struct json_value *results = json_get(v, "results");
    for (size_t i = 0; i < json_count(results); i++) {
        const struct json_value *hit = json_at(results, i);
        if (str_eqz(json_as_str(json_get(hit, "url")), url))
            return !json_as_bool(json_get(hit, "partial"));
    }
    return false;
}

static void s8_abbreviation_and_name_find_each_other(void **state)
{
    (void)state;
    web_save(w,
             ITEM("v-naam", "Alleen voluit", "De vlinderstruiknorm voor tuinen geldt.", "Tekst."));
    web_save(w, ITEM("v-kort", "Alleen kort", "De VSN geldt.", "Tekst."));
    CHECK(!finds("VSN", "/kennisbank/v-naam"));
    add(TERM("vlinder", "vlinderstruiknorm voor tuinen",
             "abbreviations: [VSN]\nforms: [tuinstruikregel]\n", "Norm van de proef."));
    CHECK(finds("VSN", "/kennisbank/v-naam"));
    CHECK(finds("vsn", "/kennisbank/v-naam"));
    CHECK(finds("VSN", "/kennisbank/v-kort"));
    CHECK(finds("vlinderstruiknorm+voor+tuinen", "/kennisbank/v-kort"));
    CHECK(finds("tuinstruikregel", "/kennisbank/v-naam"));
    CHECK(finds("VSN", "/begrippen/vlinder"));
    /* What the term gives up, search forgets. */
    add(TERM("vlinder", "vlinderstruiknorm voor tuinen",
             "abbreviations: [VSN]\nfeeds_search: false\n", "Norm van de proef."));
    CHECK(!finds("VSN", "/kennisbank/v-naam"));
}

static void s8_holds_for_the_starter_terms(void **state)
{
    (void)state;
    CHECK(finds("Wkb", "/begrippen/wet-kwaliteitsborging-voor-het-bouwen"));
    CHECK(finds("Bbl", "/begrippen/besluit-bouwwerken-leefomgeving"));
    CHECK(finds("BOPA", "/kennisbank/buitenplanse-omgevingsplanactiviteit"));
    CHECK(finds("buitenplanse+omgevingsplanactiviteit", "/kennisbank/voorkeursrecht-vestigen"));
    CHECK(finds("Woo", "/begrippen/wet-open-overheid"));
    CHECK(finds("wet+open+overheid", "/begrippen/wet-open-overheid"));
    CHECK(finds("SPUK", "/begrippen/specifieke-uitkering"));
    CHECK(finds("grexen", "/kennisbank/grondexploitatie"));
}

static void s7_the_vocabulary_is_exchanged_only_when_it_changed(void **state)
{
    (void)state;
    struct ctx c = web_call(w);
    CHECK_OK(&c, search_load_vocabulary(&c));
    CHECK_OK(&c, db_exec(&c, "INSERT INTO search_synonym (from_words, to_words, both_ways, "
                             "starter) VALUES ('qwertzuiop', 'netcongestie', 1, 0)"));
    CHECK(!finds("qwertzuiop", "/begrippen/netcongestie"));
    CHECK_OK(&c, search_load_vocabulary(&c));
    CHECK(finds("qwertzuiop", "/begrippen/netcongestie"));
    arena_free(c.arena);
}

static void a_term_is_a_kind_of_result(void **state)
{
    (void)state;
    struct http_response rs = web_get(w, "/zoeken?q=canon&soort=begrip");
    CHECK(web_has(&rs, "<span class=\"aj-eyebrow__type\">Begrip</span>"));
    CHECK(web_has(&rs, "href=\"/begrippen/canon\""));
    CHECK(!web_has(&rs, "href=\"/kennisbank/erfpacht\""));
    CHECK(web_has(&rs, "Soort: Begrip"));
    rs = web_get(w, "/zoeken?q=canon");
    CHECK(web_has(&rs, "id=\"soort-begrip\""));
    rs = web_get(w, "/zoeken/suggesties?q=stikstofdep");
    CHECK(web_has(&rs, "Stikstofdepositie"));
    CHECK(web_has(&rs, ">Begrip</span>"));
}

static void an_item_stands_before_the_term_of_the_same_name(void **state)
{
    (void)state;
    struct http_response rs = web_get(w, "/zoeken?q=erfpacht");
    str body = web_body(&rs);
    size_t item = str_find(body, S("href=\"/kennisbank/erfpacht\""));
    size_t term = str_find(body, S("href=\"/begrippen/erfpacht\""));
    CHECK(item != STR_NONE && term != STR_NONE && item < term);
    rs = web_get(w, "/zoeken/suggesties?q=anterieure");
    body = web_body(&rs);
    item = str_find(body, S("href=\"/kennisbank/anterieure-overeenkomst\""));
    term = str_find(body, S("href=\"/begrippen/anterieure-overeenkomst\""));
    CHECK(item != STR_NONE && term != STR_NONE && item < term);
}

static void the_library_page_has_no_terms(void **state)
{
    (void)state;
    struct http_response rs = web_get(w, "/kennisbank?q=canon");
    CHECK(web_has(&rs, "href=\"/kennisbank/erfpacht\""));
    CHECK(!web_has(&rs, "href=\"/begrippen/canon\""));
    CHECK(!web_has(&rs, "id=\"soort-begrip\""));
}

TEST_MAIN_WITH(begin, end, TEST(a_word_belongs_to_one_term),
               TEST(a_change_is_seen_at_once_and_disturbs_no_reader),
               TEST(readers_share_one_glossary), TEST(a_failed_save_leaves_nothing),
               TEST(starter_content_replaces_only_what_nobody_changed),
               TEST(starter_content_gives_way_to_what_is_there), TEST(starter_terms_lead_somewhere),
               TEST(the_list_goes_from_a_to_z), TEST(the_list_is_filtered),
               TEST(a_term_has_its_page), TEST(another_word_for_a_term_leads_to_its_page),
               TEST(a_term_says_which_items_use_it), TEST(terms_are_in_the_sitemap),
               TEST(an_item_explains_each_term_once), TEST(steps_explain_but_their_titles_do_not),
               TEST(an_item_does_not_explain_what_it_is_about), TEST(a_term_may_keep_out_of_texts),
               TEST(s8_abbreviation_and_name_find_each_other), TEST(s8_holds_for_the_starter_terms),
               TEST(s7_the_vocabulary_is_exchanged_only_when_it_changed),
               TEST(a_term_is_a_kind_of_result),
               TEST(an_item_stands_before_the_term_of_the_same_name),
               TEST(the_library_page_has_no_terms))
