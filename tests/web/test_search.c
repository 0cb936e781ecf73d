/* Search through the site and the API, on the starter library and on items of its own. Rows S1-S21
 * of the features. */
#include "web.h"

#include "base/clock.h"
#include "db/db.h"
#include "json/json.h"

static struct web *w;

#define ITEM(slug, title, summary, body)                                                           \
    "---\nslug: " slug "\ntitle: " title "\ntype: werkwijze\nsummary: " summary "\n"               \
    "phases: [\"7\"]\nbottlenecks: [BER]\nthemes: [ruimte]\nactors: [bouwer]\n"                    \
    "sources:\n  - title: Bron\nlicence: CC-BY-4.0\ncertainty: opgezocht\nevidence: "              \
    "onvoldoende\n---\n" body "\n"

static int begin(void **state)
{
    (void)state;
    w = web_begin();
    web_save(w, ITEM("t-plannen", "Zesduizend plannen", "De plannen van huizen op locaties.",
                     "Corporaties en opgaven, door een planoloog."));
    web_save(w, ITEM("t-aanvraag", "Omgevingsvergunningsaanvraag indienen", "Over stikstofruimte.",
                     "Tekst."));
    web_save(w, ITEM("t-los", "Een bouw vergunning apart", "Xyzzy met spatie.", "Tekst."));
    web_save(w, ITEM("t-vast", "Een bouwvergunning aaneen", "Xyzzy aaneen.", "Tekst."));
    web_save(w,
             ITEM("t-streep", "Een bouw-vergunning met streepje", "Xyzzy met streepje.", "Tekst."));
    web_save(
        w, ITEM("t-coordinatie", "Coördinatie van ideeën", "Over geïntegreerde zaken.", "Tekst."));
    web_save(w, ITEM("t-houten", "Werkwijze uit Houten", "Gemeente Houten bouwt.", "Tekst."));
    web_save(w, ITEM("t-hout", "Bouwen met hout", "Hout is een materiaal.", "Tekst."));
    return 0;
}

static int end(void **state)
{
    (void)state;
    web_end(w);
    return 0;
}

/* The API's answer for a query, already encoded. */
static const struct json_value *ask(const char *query)
{
    const struct json_value *v = NULL;
    struct arena *a = arena_new();
    str path = str_fmt(a, "/api/v1/search?q=%s", query);
    struct http_response rs = web_get(w, path.ptr);
    arena_free(a);
    CHECK_INT(rs.status, 200);
    CHECK_OK(&w->ctx, json_parse(&w->ctx, buf_str(&rs.body), 20, &v));
    return v;
}

static bool finds(const char *query, const char *slug)
{
    const struct json_value *results = json_get(ask(query), "results");
    for (size_t i = 0; i < json_count(results); i++)
        if (str_eqz(json_as_str(json_get(json_at(results, i), "slug")), slug))
            return true;
    return false;
}

static void check_finds(const char *query, const char *slug)
{
    if (!finds(query, slug))
        print_error("\"%s\" does not find %s\n", query, slug);
    CHECK(finds(query, slug));
}

static void s0_the_main_job(void **state)
{
    (void)state;
    check_finds("vergunning", "buitenplanse-omgevingsplanactiviteit");
    const struct json_value *first = json_at(json_get(ask("bopa"), "results"), 0);
    CHECK_STR(json_as_str(json_get(first, "slug")), S("buitenplanse-omgevingsplanactiviteit"));
    CHECK_STR(json_as_str(json_get(first, "catalogue")), S("C036"));
    CHECK_STR(json_as_str(json_get(first, "type")), S("instrument"));
}

static void s1_inflections_both_ways(void **state)
{
    (void)state;
    check_finds("zesduizend+plan", "t-plannen");
    check_finds("zesduizend+huis", "t-plannen");
    check_finds("zesduizend+locatie", "t-plannen");
    check_finds("zesduizend+corporatie", "t-plannen");
    check_finds("zesduizend+opgave", "t-plannen");
    check_finds("planologen+zesduizend", "t-plannen");
}

static void s2_parts_of_compounds(void **state)
{
    (void)state;
    check_finds("vergunning+indienen", "t-aanvraag");
    check_finds("stikstof+indienen", "t-aanvraag");
    check_finds("aanvraag+indienen", "t-aanvraag");
}

static void s3_one_word_two_words_hyphen(void **state)
{
    (void)state;
    static const char *const ways[] = {"bouwvergunning+xyzzy", "bouw+vergunning+xyzzy",
                                       "bouw-vergunning+xyzzy"};
    for (size_t i = 0; i < COUNT_OF(ways); i++) {
        check_finds(ways[i], "t-los");
        check_finds(ways[i], "t-vast");
        check_finds(ways[i], "t-streep");
    }
}

static void s5_typos(void **state)
{
    (void)state;
    check_finds("vergunnign", "buitenplanse-omgevingsplanactiviteit"); /* swap */
    check_finds("erfpcht", "erfpacht");
    check_finds("onteigenig", "onteigening");
    check_finds("omgevingsvizie", "omgevingsvisie");
}

static void s6_diacritics(void **state)
{
    (void)state;
    check_finds("coordinatie+ideeen", "t-coordinatie");
    check_finds("co%C3%B6rdinatie+idee", "t-coordinatie");
    check_finds("geintegreerd+idee", "t-coordinatie");
}

static void s8_abbreviations_both_ways(void **state)
{
    (void)state;
    check_finds("wkb", "kwaliteitsborging");
    check_finds("grex", "grondexploitatie");
    check_finds("buitenplanse+omgevingsplanactiviteit", "buitenplanse-omgevingsplanactiviteit");
    check_finds("pps", "joint-venture-op-overeenkomst");
}

static void s10_facets_count_and_combine(void **state)
{
    (void)state;
    struct http_response rs = web_get(w, "/kennisbank?fase=nazorg&knelpunt=bereikbaarheid");
    CHECK(web_has(&rs, "/kennisbank/t-plannen"));
    rs = web_get(w, "/kennisbank?fase=nazorg&fase=beleid&soort=instrument");
    CHECK(web_has(&rs, "Verwijder filter"));
    CHECK(!web_has(&rs, "/kennisbank/t-plannen"));
    rs = web_get(w, "/kennisbank?fase=bestaat-niet");
    CHECK_INT(rs.status, 200);
    CHECK(web_has(&rs, "Niets gevonden"));
}

static void s11_the_part_of_a_compound_is_marked(void **state)
{
    (void)state;
    struct http_response rs = web_get(w, "/zoeken?q=vergunning+indienen");
    CHECK(web_has(&rs, "Omgevings<mark class=\"nl-mark\">vergunning</mark>saanvraag"));
}

static void s12_phrase_exclusion_field(void **state)
{
    (void)state;
    CHECK(finds("%22anterieure+overeenkomst%22", "anterieure-overeenkomst"));
    CHECK(!finds("%22overeenkomst+anterieure%22", "anterieure-overeenkomst"));
    CHECK(finds("hout", "t-hout"));
    CHECK(!finds("bouwen+-materiaal", "t-hout"));
    CHECK(finds("titel:erfpacht", "erfpacht"));
    CHECK(!finds("titel:erfpacht", "grondprijsbrief"));
    CHECK(finds("catalogus:C036", "buitenplanse-omgevingsplanactiviteit"));
}

static void s13_no_hits_lead_somewhere(void **state)
{
    (void)state;
    struct http_response rs = web_get(w, "/zoeken?q=zwabberhoutje");
    CHECK_INT(rs.status, 200);
    CHECK(web_has(&rs, "Niets gevonden") || web_has(&rs, "aj-results__item"));
    rs = web_get(w, "/zoeken?q=parkeernorm+zwabberhoutje");
    CHECK(web_has(&rs, "een deel ervan"));
    CHECK(web_has(&rs, "parkeernorm-en-mobiliteitshub"));
}

static void s14_place_names_stay_whole(void **state)
{
    (void)state;
    CHECK(finds("Houten", "t-houten"));
    CHECK(!finds("Houten", "t-hout"));
    CHECK(!finds("hout", "t-houten"));
}

static void s16_what_is_not_public_does_not_leak(void **state)
{
    (void)state;
    web_save(w, ITEM("t-geheim", "Kwibuskwabbel", "Kwibuskwabbel.", "Kwibuskwabbel."));
    CHECK(finds("kwibuskwabbel", "t-geheim"));
    web_save(w, ITEM("t-geheim", "Iets anders", "Nu anders.", "Nu anders."));
    CHECK(!finds("kwibuskwabbel", "t-geheim"));
    CHECK(json_as_str(json_get(ask("kwibuskwabbol"), "corrected")).len == 0);
}

static void s19_findable_at_once(void **state)
{
    (void)state;
    long long from = clock_monotonic_us();
    web_save(w, ITEM("t-nieuw", "Vers verschenen flapdrol", "Nieuw.", "Nieuw."));
    CHECK(finds("flapdrol", "t-nieuw"));
    CHECK(clock_monotonic_us() - from < 1000000);
}

static void s9_s21_suggestions_and_plain_form(void **state)
{
    (void)state;
    struct http_response rs = web_get(w, "/zoeken/suggesties?q=vergun");
    CHECK_INT(rs.status, 200);
    CHECK(web_has(&rs, "role=\"option\""));
    rs = web_get(w, "/zoeken/suggesties?q=grondexpl");
    CHECK(web_has(&rs, "/kennisbank/grondexploitatie"));
    rs = web_get(w, "/zoeken?q=erfpacht");
    CHECK(web_has(&rs, "/kennisbank/erfpacht"));
    CHECK(web_has(&rs, "method=\"get\""));
}

static void site_and_api_give_the_same_hits(void **state)
{
    (void)state;
    static const char *const queries[] = {"vergunning", "stikstof", "te+weinig+planologen",
                                          "grond"};
    for (size_t q = 0; q < COUNT_OF(queries); q++) {
        struct arena *a = arena_new();
        const struct json_value *results = json_get(ask(queries[q]), "results");
        str urls[20];
        size_t count = json_count(results);
        for (size_t i = 0; i < count; i++)
            urls[i] = str_fmt(a, "href=\"%s\"",
                              str_z(a, json_as_str(json_get(json_at(results, i), "url"))));
        struct http_response rs = web_get(w, str_fmt(a, "/zoeken?q=%s", queries[q]).ptr);
        str page = web_body(&rs);
        for (size_t i = 0; i < count; i++) {
            size_t at = str_find(page, urls[i]);
            CHECK(at != STR_NONE);
            page = str_slice(page, at, page.len);
        }
        arena_free(a);
    }
}

static void words_of_the_site_find_what_they_stand_for(void **state)
{
    (void)state;
    check_finds("draagvlak", "omgevingstafel");
    check_finds("onrendabele+top", "woningbouwimpuls");
    check_finds("ambtelijke+capaciteit", "regionale-flexpool");
}

static void a_whole_question_finds_its_subject_first(void **state)
{
    (void)state;
    static const char *const questions[] = {"bopa", "hoe+lang+duurt+een+bopa", "wat+is+een+bopa",
                                            "wanneer+moet+ik+een+bopa+doen"};
    for (size_t i = 0; i < COUNT_OF(questions); i++) {
        const struct json_value *first = json_at(json_get(ask(questions[i]), "results"), 0);
        CHECK_STR(json_as_str(json_get(first, "slug")), S("buitenplanse-omgevingsplanactiviteit"));
    }
}

static int forget(struct ctx *c, void *arg _unused_)
{
    TRY(db_exec(
        c, "DELETE FROM change WHERE object_id = (SELECT id FROM item WHERE slug = 't-spook')"));
    TRY(db_exec(
        c, "DELETE FROM item_term WHERE item_id = (SELECT id FROM item WHERE slug = 't-spook')"));
    TRY(db_exec(
        c,
        "DELETE FROM item_revision WHERE item_id = (SELECT id FROM item WHERE slug = 't-spook')"));
    return db_exec(c, "DELETE FROM item WHERE slug = 't-spook'");
}

/* A backup was put back: the index has seen changes that the database does not have. */
static void an_index_of_another_database_is_built_anew(void **state)
{
    (void)state;
    size_t done;
    struct ctx c = w->app.ctx;
    web_save(w, ITEM("t-spook", "Spookitem wiebelzwam", "Spook.", "Spook."));
    CHECK(finds("wiebelzwam", "t-spook"));
    c.arena = arena_new();
    c.lease = NULL;
    CHECK_OK(&c, db_transaction(&c, forget, NULL));
    CHECK_OK(&c, index_catch_up(&c, c.index, &done));
    CHECK(!finds("wiebelzwam", "t-spook"));
    arena_free(c.arena);
    web_save(w, ITEM("t-na", "Item na herstel klapwiek", "Na.", "Na."));
    CHECK(finds("klapwiek", "t-na"));
}

static void strange_queries_are_answered(void **state)
{
    (void)state;
    static const char *const queries[] = {
        "%22",           "-",      "%22%22",     "titel:",     "((((", "%2B%2B",      "a",
        "%C3%A9%C3%A9n", "-grond", "AND+OR+NOT", "soort:boek", "*",    "%F0%9F%8F%A0"};
    for (size_t i = 0; i < COUNT_OF(queries); i++)
        (void)ask(queries[i]);
    struct http_response rs = web_get(w, "/api/v1/search?q=%FF");
    CHECK_INT(rs.status, 400);
    CHECK_STR(str_from(rs.content_type), S("application/problem+json"));
}

TEST_MAIN_WITH(begin, end, TEST(s0_the_main_job), TEST(s1_inflections_both_ways),
               TEST(s2_parts_of_compounds), TEST(s3_one_word_two_words_hyphen), TEST(s5_typos),
               TEST(s6_diacritics), TEST(s8_abbreviations_both_ways),
               TEST(s10_facets_count_and_combine), TEST(s11_the_part_of_a_compound_is_marked),
               TEST(s12_phrase_exclusion_field), TEST(s13_no_hits_lead_somewhere),
               TEST(s14_place_names_stay_whole), TEST(s16_what_is_not_public_does_not_leak),
               TEST(s19_findable_at_once), TEST(s9_s21_suggestions_and_plain_form),
               TEST(site_and_api_give_the_same_hits),
               TEST(words_of_the_site_find_what_they_stand_for),
               TEST(a_whole_question_finds_its_subject_first),
               TEST(an_index_of_another_database_is_built_anew), TEST(strange_queries_are_answered))
