/* What a Dutch search must find: inflection, compounds, typing mistakes, synonyms, phrases, fields.
 */
#include "index_demo.h"

static void inflected_forms_find_each_other(void **state)
{
    (void)state;
    static const char *const pairs[][2] = {
        {"plan", "plannen"},
        {"huis", "huizen"},
        {"locatie", "locaties"},
        {"bouwplan", "bouwplannen"},
        {"corporatie", "corporaties"},
        {"opgave", "opgaven"},
        {"procedure", "procedures"},
        {"gemeente", "gemeenten"},
        {"visie", "visies"},
        {"woonvisie", "woonvisies"},
        {"proces", "processen"},
        {"sessie", "sessies"},
        {"bouwvergunning", "bouwvergunningen"},
        {"ideeën", "idee"},
        {"coördinatie", "coordinatie"},
        {"planoloog", "planologen"},
    };
    for (size_t i = 0; i < COUNT_OF(pairs); i++) {
        long long id = (long long)i * 2 + 1;
        demo_text(id, str_fmt(demo.load.arena, "Onderwerp %lld", id).ptr,
                  str_fmt(demo.load.arena, "Dit gaat over %s in het algemeen.", pairs[i][0]).ptr);
        demo_text(id + 1, str_fmt(demo.load.arena, "Onderwerp %lld", id + 1).ptr,
                  str_fmt(demo.load.arena, "Dit gaat over %s in het algemeen.", pairs[i][1]).ptr);
    }
    demo_catch_up();
    for (size_t i = 0; i < COUNT_OF(pairs); i++)
        for (int way = 0; way < 2; way++) {
            long long id = (long long)i * 2 + 1;
            if (!demo_finds(pairs[i][way], id) || !demo_finds(pairs[i][way], id + 1))
                print_error("%s\n", pairs[i][way]);
            CHECK(demo_finds(pairs[i][way], id));
            CHECK(demo_finds(pairs[i][way], id + 1));
        }
}

static void a_part_finds_the_compound(void **state)
{
    (void)state;
    demo_text(1, "Eerste", "De omgevingsvergunningsaanvraag is ingediend.");
    demo_text(2, "Tweede", "Er is weinig stikstofruimte over.");
    demo_text(3, "Derde", "De woningbouwopgave is groot.");
    demo_text(4, "Vierde", "Huurwoningen in de stad.");
    demo_catch_up();
    CHECK(demo_finds("vergunning", 1));
    CHECK(demo_finds("vergunningen", 1));
    CHECK(demo_finds("omgevingsvergunning", 1));
    CHECK(demo_finds("aanvraag", 1));
    CHECK(demo_finds("stikstof", 2));
    CHECK(demo_finds("ruimte", 2));
    CHECK(demo_finds("opgave", 3));
    CHECK(demo_finds("woningbouw", 3));
    CHECK(demo_finds("woning", 4));
    CHECK(!demo_finds("stikstof", 1));
    CHECK(!demo_finds("aanvraag stikstof", 1));
}

static void three_ways_to_write_a_compound_are_one(void **state)
{
    (void)state;
    demo_text(1, "Eerste", "Een bouwvergunning aanvragen.");
    demo_text(2, "Tweede", "Een bouw-vergunning aanvragen.");
    demo_text(3, "Derde", "Een bouw vergunning aanvragen.");
    demo_text(4, "Vierde", "De vergunning voor de bouw is er.");
    demo_text(5, "Vijfde", "Twee bouwvergunningen verleend.");
    demo_catch_up();
    static const char *const forms[] = {"bouwvergunning", "bouw-vergunning", "bouw vergunning",
                                        "Bouwvergunningen", "bouw vergunningen"};
    for (size_t i = 0; i < COUNT_OF(forms); i++) {
        struct index_result r = demo_search(forms[i]);
        CHECK_INT(r.complete, 4);
        CHECK(!demo_has_complete(&r, 4));
        CHECK(demo_same_hits(forms[0], forms[i]));
    }
}

static void a_compound_written_apart_need_not_be_a_known_word(void **state)
{
    (void)state;
    demo_text(1, "Eerste", "De woningbouwopgavekaart is klaar.");
    demo_text(2, "Tweede", "De woningbouw opgavekaart is klaar.");
    demo_text(3, "Derde", "De woningbouwopgave kaart is klaar.");
    demo_text(4, "Vierde", "De kaart van de opgave voor woningbouw.");
    demo_text(5, "Vijfde", "De omgevings vergunning en het bestuurs akkoord zijn er.");
    demo_catch_up();
    CHECK_INT(demo_search("woningbouwopgavekaart").complete, 3);
    CHECK(demo_same_hits("woningbouwopgavekaart", "woningbouwopgave kaart"));
    CHECK(demo_same_hits("woningbouwopgavekaart", "woningbouwopgave-kaarten"));
    CHECK(demo_finds("omgevingsvergunning", 5));
    CHECK(demo_finds("bestuursakkoord", 5));
    CHECK_INT(demo_search("kaart -woningbouwopgavekaart").total, 1);
    demo_text(6, "Zesde", "Een stikstof ruimte plan.");
    demo_catch_up();
    CHECK(demo_finds("stikstofruimteplan", 6)); /* in three words, and nowhere else */
}

static void an_unseen_compound_is_asked_for_by_its_parts(void **state)
{
    (void)state;
    demo_text(1, "Eerste", "De procedure voor stikstof.");
    demo_text(2, "Tweede", "De procedure voor iets.");
    demo_catch_up();
    struct index_result r = demo_search("stikstofprocedure");
    CHECK(r.relaxed && !r.complete);
    CHECK_INT(r.total, 2);
    CHECK_INT(r.hits[0].id, 1);
    CHECK_INT(demo_search("stikstof procedure").hits[0].id, 1);
    r = demo_search("stikstofruimte"); /* only one of the parts occurs */
    CHECK(r.suggestion.len || r.relaxed);
}

static void words_that_are_no_compounds_stay_whole(void **state)
{
    (void)state;
    demo_text(1, "Eerste", "Het accessoire ligt klaar.");
    demo_text(2, "Tweede", "De voorraad is groot.");
    demo_text(3, "Derde", "De gemeente beslist.");
    demo_text(4, "Vierde", "De raad en de armoire.");
    demo_catch_up();
    CHECK(demo_finds("accessoire", 1));
    CHECK(!demo_finds("armoire", 1));
    CHECK(demo_finds("voorraad", 2));
    CHECK(!demo_finds("raad", 2));
    CHECK(demo_finds("raad", 4));
    CHECK(demo_finds("gemeenten", 3));
}

static str corrected(const char *text, long long id)
{
    struct index_result r = demo_search(text);
    if (!demo_has(&r, id))
        print_error("%s does not find %lld\n", text, id);
    CHECK(demo_has(&r, id));
    return r.corrected;
}

static void typing_mistakes_are_mended(void **state)
{
    (void)state;
    demo_text(1, "Eerste", "De omgevingsvergunning en de bouwvergunning voor huizen.");
    demo_text(2, "Tweede", "Gemeente Houten heeft een plan voor participatie.");
    demo_text(3, "Derde", "Over de stikstof en de natuur, en een mer.");
    demo_catch_up();
    CHECK_STR(corrected("huzien", 1), S("huizen")); /* swap */
    CHECK_STR(corrected("huizn", 1), S("huizen"));  /* one, five letters */
    CHECK_STR(corrected("gemeete", 2), S("gemeente"));
    CHECK_STR(corrected("participatei", 2), S("participatie"));
    CHECK_STR(corrected("partisipaite", 2), S("participatie")); /* two, from nine letters */
    CHECK_STR(corrected("omgevingsvergunnig", 1), S("omgevingsvergunning"));
    CHECK_STR(corrected("plan gemeete", 2), S("plan gemeente"));
    CHECK_INT(demo_search("plam").total, 0); /* four letters: no */
    CHECK_STR(demo_search("plam").corrected, S(""));
    CHECK_STR(demo_search("steden").corrected, S("")); /* a right word without hits */
    CHECK_STR(demo_search("houten").corrected, S("")); /* what occurs is never mended */
    CHECK(demo_finds("houten", 2));
}

static void a_right_word_without_hits_is_not_mended(void **state)
{
    (void)state;
    demo_text(1, "Eerste", "Wij houden vol.");
    demo_catch_up();
    struct index_result r = demo_search("houten");
    CHECK_INT(r.total, 0);
    CHECK_STR(r.corrected, S(""));
    CHECK_STR(r.suggestion, S("houden"));
}

static void withdrawn_words_do_not_stand_in_the_way_of_mending(void **state)
{
    (void)state;
    for (long long id = 1; id <= 3; id++)
        demo_text(id, "Titel", "Over de brabbelar.");
    demo_text(4, "Titel", "Over de brabbelaar.");
    demo_catch_up();
    CHECK_STR(corrected("brabbellar", 1), S("brabbelar"));
    for (long long id = 1; id <= 3; id++)
        demo_remove(id);
    demo_catch_up();
    CHECK_STR(corrected("brabbellar", 4), S("brabbelaar"));
}

static void a_phrase_is_taken_as_written(void **state)
{
    (void)state;
    demo_text(1, "Eerste", "Er zijn plannetjes van aanpak. De plannen zijn klaar.");
    demo_text(2, "Tweede", "De plannen van aanpak zijn klaar.");
    demo_catch_up();
    CHECK_INT(demo_search("\"plannen van aanpak\"").total, 1);
    CHECK(demo_finds("\"plannen van aanpak\"", 2));
    CHECK(demo_finds("\"Plannetjes van aanpak\"", 1));
    CHECK_INT(demo_search("\"aanpak de plannen\"").total, 1); /* punctuation does not count */
}

static void a_mistake_in_a_part_of_a_compound_is_mended(void **state)
{
    (void)state;
    demo_text(1, "Eerste",
              "De bouw kreeg een vergunning. Het bouwplan is klaar; een bouwvergunning is er ook.");
    demo_text(2, "Tweede", "De procedure voor woningen en de stikstof.");
    demo_catch_up();
    struct index_result r = demo_search("stikstofprosedure");
    CHECK(demo_has(&r, 2));
    CHECK_STR(r.corrected, S("stikstofprocedure"));
}

static void set_words(const struct index_synonym *synonyms, size_t count, const str *protect,
                      size_t protect_count)
{
    struct index_vocabulary v = {synonyms, count, protect, protect_count};
    CHECK_OK(&demo.c, index_set_vocabulary(&demo.c, demo.ix, &v));
}

static void synonyms_and_abbreviations_work_both_ways(void **state)
{
    (void)state;
    static const struct index_synonym synonyms[] = {
        {STR("BOPA"), STR("buitenplanse omgevingsplanactiviteit"), true},
        {STR("Wkb"), STR("Wet kwaliteitsborging voor het bouwen"), true},
        {STR("Wkb"), STR("kwaliteitsborging"), true},
        {STR("RvS"), STR("Raad van State"), true},
        {STR("bouwvergunning"), STR("omgevingsvergunning"), false},
        {STR("prefab"), STR("fabrieksmatig bouwen"), true},
    };
    demo_text(1, "Eerste", "Een bopa is nodig.");
    demo_text(2, "Tweede", "Een buitenplanse omgevingsplanactiviteit is nodig.");
    demo_text(3, "Derde", "De Wkb geldt.");
    demo_text(4, "Vierde", "De Wet kwaliteitsborging voor het bouwen geldt.");
    demo_text(5, "Vijfde", "Uitspraak van de Raad van State.");
    demo_text(6, "Zesde", "De gemeenteraad gaf een statement over de state.");
    demo_text(7, "Zevende", "Een bouwvergunning.");
    demo_text(8, "Achtste", "Een omgevingsvergunning.");
    demo_text(9, "Negende", "Fabrieksmatig bouwen gaat snel.");
    demo_catch_up();
    CHECK_INT(demo_search("rvs").total, 0);
    set_words(synonyms, COUNT_OF(synonyms), NULL, 0);
    CHECK(demo_finds("bopa", 1) && demo_finds("bopa", 2));
    CHECK(demo_finds("buitenplanse omgevingsplanactiviteit", 1));
    CHECK(demo_finds("buitenplanse omgevingsplanactiviteiten", 2));
    CHECK(demo_finds("wkb", 3) && demo_finds("WKB", 4));
    CHECK(demo_finds("Wet kwaliteitsborging voor het bouwen", 3));
    CHECK(demo_finds("kwaliteitsborging", 3));
    CHECK(demo_finds("rvs", 5) && !demo_finds("rvs", 6));
    CHECK(demo_finds("bouwvergunning", 8) && demo_finds("bouwvergunning", 7));
    CHECK(demo_finds("omgevingsvergunning", 8) && !demo_finds("omgevingsvergunning", 7));
    CHECK(demo_finds("prefab", 9));
    CHECK(demo_finds("rvs uitspraak", 5));
    CHECK(demo_same_hits("bouwvergunning", "bouw vergunning"));
    set_words(NULL, 0, NULL, 0);
    CHECK_INT(demo_search("rvs").total, 0);
}

static void place_names_are_not_reduced(void **state)
{
    (void)state;
    demo_text(1, "Eerste", "De gemeente Houten bouwt.");
    demo_text(2, "Tweede", "Bouwen met hout.");
    demo_text(3, "Derde", "De gemeente Bergen bouwt.");
    demo_text(4, "Vierde", "Een huis op een berg.");
    demo_catch_up();
    CHECK(demo_finds("Houten", 1) && !demo_finds("Houten", 2));
    CHECK(demo_finds("Bergen", 3) && !demo_finds("Bergen", 4));
}

static void protected_words_of_editors_are_kept_whole(void **state)
{
    (void)state;
    static const str words[] = {STR("woningbouwimpuls")};
    demo_text(1, "Eerste", "De woningbouwimpuls helpt.");
    demo_catch_up();
    CHECK(demo_finds("impuls", 1));
    set_words(NULL, 0, words, 1);
    demo_catch_up(); /* another list of protected words: built anew */
    CHECK(!demo_finds("impuls", 1));
    CHECK(demo_finds("woningbouwimpuls", 1));
    set_words(NULL, 0, NULL, 0);
    demo_catch_up();
    CHECK(demo_finds("impuls", 1));
}

static void phrases_exclusion_and_fields(void **state)
{
    (void)state;
    static const str fase[] = {STR("haalbaarheid")}, fase2[] = {STR("realisatie")};
    static const struct index_facet_values f1[] = {{"fase", fase, 1}}, f2[] = {{"fase", fase2, 1}};
    demo_put(1, (struct index_document){.title = S("Plan van aanpak"),
                                        .body = S("Over parkeren bij huizen."),
                                        .type = S("werkwijze"),
                                        .catalogue = S("C036"),
                                        .facets = f1,
                                        .facet_count = 1});
    demo_put(2, (struct index_document){.title = S("Parkeren"),
                                        .body = S("De plannen van aanpak zijn er."),
                                        .type = S("kennis"),
                                        .facets = f2,
                                        .facet_count = 1});
    demo_put(3, (struct index_document){.title = S("Aanpak"),
                                        .body = S("Het plan, en later de aanpak van parkeren."),
                                        .type = S("kennis"),
                                        .facets = f2,
                                        .facet_count = 1});
    demo_catch_up();
    CHECK_INT(demo_search("plan aanpak").total, 3);
    CHECK_INT(demo_search("\"plan van aanpak\"").total, 1);
    CHECK(demo_finds("\"plan van aanpak\"", 1));
    CHECK(demo_finds("“plannen van aanpak”", 2) && !demo_finds("“plannen van aanpak”", 1));
    CHECK_INT(demo_search("\"van aanpak\"").total, 2);
    CHECK_INT(demo_search("\"plannen\"").total, 1);
    CHECK_INT(demo_search("\"plan\"").total, 2);
    CHECK_INT(demo_search("\"aanpak parkeren\"").total, 0);
    CHECK_INT(demo_search("parkeren -plannen").total, 0);
    CHECK_INT(demo_search("parkeren -huizen").total, 2);
    CHECK_INT(demo_search("parkeren -\"van aanpak\"").total, 1);
    CHECK_INT(demo_search("-huis").total, 2);
    CHECK_INT(demo_search("titel:parkeren").total, 1);
    CHECK(demo_finds("titel:parkeren", 2));
    CHECK_INT(demo_search("titel:\"plan van aanpak\"").total, 1);
    CHECK_INT(demo_search("-titel:parkeren aanpak").total, 2);
    CHECK_INT(demo_search("fase:realisatie parkeren").total, 2);
    CHECK_INT(demo_search("fase:Haalbaarheid").total, 1);
    CHECK_INT(demo_search("fase:onbekend").total, 0);
    CHECK_INT(demo_search("catalogus:C036").total, 1);
    CHECK_INT(demo_search("catalogus:c036 parkeren").total, 1);
    CHECK_INT(demo_search("C036").total, 1);
}

static void diacritics_fold_and_reduce_together(void **state)
{
    (void)state;
    demo_text(1, "Eerste", "Goede ideeën voor coördinatie, geïntegreerde aanpak.");
    demo_catch_up();
    CHECK(demo_finds("idee", 1) && demo_finds("ideeen", 1) && demo_finds("IDEEËN", 1));
    CHECK(demo_finds("coordinatie", 1) && demo_finds("coördinaties", 1));
    CHECK(demo_finds("geintegreerd", 1));
}

static void only_the_matched_part_is_marked(void **state)
{
    (void)state;
    struct arena *a = demo.load.arena;
    demo_text(1, "De omgevingsvergunningsaanvraag",
              "Een coöperatieve stikstofruimte-kaart, en een bouw vergunning.");
    demo_catch_up();
    struct index_result r = demo_search("vergunning");
    CHECK_INT(r.total, 1);
    CHECK_STR(demo_marked(a, &r.hits[0].title), S("De omgevings[vergunning]saanvraag"));
    r = demo_search("omgevingsvergunning");
    CHECK_STR(demo_marked(a, &r.hits[0].title), S("De [omgevingsvergunning]saanvraag"));
    r = demo_search("omgevingsvergunningsaanvragen");
    CHECK_STR(demo_marked(a, &r.hits[0].title), S("De [omgevingsvergunningsaanvraag]"));
    r = demo_search("stikstof");
    CHECK_STR(demo_marked(a, &r.hits[0].snippet),
              S("Een coöperatieve [stikstof]ruimte-kaart, en een bouw vergunning."));
    r = demo_search("bouwvergunning");
    CHECK_STR(demo_marked(a, &r.hits[0].snippet),
              S("Een coöperatieve stikstofruimte-kaart, en een [bouw vergunning]."));
}

static void a_snippet_shows_where_the_words_are(void **state)
{
    (void)state;
    char text[4000];
    size_t n = 0;
    for (int i = 0; i < 40; i++)
        n += (size_t)snprintf(text + n, sizeof text - n,
                              "Dit is gewone zin nummer %d zonder nieuws. ", i);
    n += (size_t)snprintf(text + n, sizeof text - n,
                          "Hier staat de grondexploitatie met een tekort. ");
    for (int i = 0; i < 20; i++)
        n += (size_t)snprintf(text + n, sizeof text - n, "Ook zin %d is gewoon. ", i);
    demo_text(1, "Lang", text);
    demo_catch_up();
    struct index_result r = demo_search("tekort grondexploitatie");
    CHECK_INT(r.hit_count, 1);
    const struct index_text *t = &r.hits[0].snippet;
    CHECK_INT(t->span_count, 2);
    CHECK(t->text.len <= 220);
    CHECK(str_starts(t->text, S("… ")) && str_ends(t->text, S(" …")));
    CHECK(str_find(demo_marked(demo.load.arena, t), S("de [grondexploitatie] met een [tekort]")) !=
          STR_NONE);
}

/* The text is read up to the first place that has all words, and no further than what is shown. */
static void a_snippet_is_the_first_place_with_all_words(void **state)
{
    (void)state;
    char text[4000];
    size_t n = (size_t)snprintf(text, sizeof text, "Eerst alleen het tekort. ");
    for (int i = 0; i < 20; i++)
        n += (size_t)snprintf(text + n, sizeof text - n, "Ook zin %d is heel gewoon. ", i);
    n += (size_t)snprintf(text + n, sizeof text - n,
                          "Een tekort in de grondexploitatie is een tekort op de begroting. ");
    for (int i = 0; i < 20; i++)
        n += (size_t)snprintf(text + n, sizeof text - n, "Zin %d doet er niet toe. ", i);
    (void)snprintf(text + n, sizeof text - n,
                   "Weer een tekort in de grondexploitatie, de grondexploitatie met een tekort.");
    demo_text(1, "Lang", text);
    demo_catch_up();
    struct index_result r = demo_search("tekort grondexploitatie");
    str shown = demo_marked(demo.load.arena, &r.hits[0].snippet);
    CHECK(str_find(shown, S("Een [tekort] in de [grondexploitatie] is een [tekort] op")) !=
          STR_NONE);
    r = demo_search("begroting tekort"); /* only one place has both */
    CHECK_INT(r.hits[0].snippet.span_count, 3);
    r = demo_search("tekort");
    CHECK(str_starts(r.hits[0].snippet.text, S("Eerst alleen het tekort.")));
}

static void stop_words_alone_look_in_titles(void **state)
{
    (void)state;
    demo_text(1, "Wie doet wat", "Rollen.");
    demo_text(2, "Iets anders", "Wie doet wat en waarom.");
    demo_catch_up();
    CHECK(demo_finds("wie doet wat", 1));
}

#define WITH_INDEX(f) cmocka_unit_test_setup_teardown(f, demo_begin, demo_end)

TEST_MAIN(
    WITH_INDEX(inflected_forms_find_each_other), WITH_INDEX(a_part_finds_the_compound),
    WITH_INDEX(three_ways_to_write_a_compound_are_one),
    WITH_INDEX(words_that_are_no_compounds_stay_whole),
    WITH_INDEX(a_compound_written_apart_need_not_be_a_known_word),
    WITH_INDEX(an_unseen_compound_is_asked_for_by_its_parts),
    WITH_INDEX(typing_mistakes_are_mended), WITH_INDEX(a_mistake_in_a_part_of_a_compound_is_mended),
    WITH_INDEX(a_right_word_without_hits_is_not_mended),
    WITH_INDEX(withdrawn_words_do_not_stand_in_the_way_of_mending),
    WITH_INDEX(a_phrase_is_taken_as_written), WITH_INDEX(synonyms_and_abbreviations_work_both_ways),
    WITH_INDEX(place_names_are_not_reduced), WITH_INDEX(protected_words_of_editors_are_kept_whole),
    WITH_INDEX(phrases_exclusion_and_fields), WITH_INDEX(diacritics_fold_and_reduce_together),
    WITH_INDEX(only_the_matched_part_is_marked), WITH_INDEX(a_snippet_shows_where_the_words_are),
    WITH_INDEX(a_snippet_is_the_first_place_with_all_words),
    WITH_INDEX(stop_words_alone_look_in_titles))
