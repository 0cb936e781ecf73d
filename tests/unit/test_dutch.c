/* test_dutch.c - the Dutch engine: folding, words, bases, compounds, bounds. */
#include "test.h"

#include "dutch/dutch.h"

static str base_of(struct arena *a, const char *word)
{
    struct dutch_word w;
    dutch_analyse(a, NULL, str_from(word), &w);
    return w.base;
}

/* The bases of the parts, joined by plus signs. */
static str parts_of(struct arena *a, const struct dutch_extra *extra, str word)
{
    struct dutch_word w;
    str base[DUTCH_MAX_PARTS];
    dutch_analyse(a, extra, word, &w);
    for (size_t i = 0; i < w.part_count; i++)
        base[i] = w.part[i].base;
    return str_join(a, base, w.part_count, S("+"));
}

static void check_parts(struct arena *a, const char *word, const char *expected)
{
    str parts = parts_of(a, NULL, str_from(word));
    if (!str_eqz(parts, expected))
        print_error("%s: ", word);
    CHECK_STR(parts, str_from(expected));
}

/* Does a text with the word `text` match a query for `query`, when the index asks the query's parts
   as a phrase? */
static bool finds(struct arena *a, const char *query, const char *text)
{
    struct dutch_word q, t;
    dutch_analyse(a, NULL, str_from(query), &q);
    dutch_analyse(a, NULL, str_from(text), &t);
    for (size_t at = 0; at + q.part_count <= t.part_count; at++) {
        size_t same = 0;
        while (same < q.part_count && str_eq(q.part[same].base, t.part[at + same].base))
            same++;
        if (same == q.part_count)
            return true;
    }
    return false;
}

static void fold_drops_case_marks_and_joins(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    CHECK_STR(dutch_fold(a, S("Coördinatie")), S("coordinatie"));
    CHECK_STR(dutch_fold(a, S("auto's")), S("autos"));
    CHECK_STR(dutch_fold(a, S("auto\u2019s")), S("autos"));
    CHECK_STR(dutch_fold(a, S("IDEEËN")), S("ideeen"));
    CHECK_STR(dutch_fold(a, S("bouw-vergunning")), S("bouwvergunning"));
    CHECK_STR(dutch_fold(a, S("\u0133sbaan")), S("ijsbaan"));
    CHECK_STR(dutch_fold(a, S("Fryslân")), S("fryslan"));
    CHECK_STR(dutch_fold(a, S("e\u0301e\u0301n")), S("een"));
    CHECK_STR(dutch_fold(a, S("16.62")), S("16.62"));
    CHECK_STR(dutch_fold(a, S("e.d.")), S("ed"));
    CHECK_STR(dutch_fold(a, S("stra\u00DFe")), S("strasse"));
    CHECK_STR(dutch_fold(a, S("\xFF\xFE")), S(""));
    CHECK_STR(dutch_fold(a, S("")), S(""));
    arena_free(a);
}

static void words_are_found_with_their_place(void **state)
{
    (void)state;
    str text = S("\u201CDe coördinatie\u201D (art. 16.62), e.d. auto's; woon- en bouw-plan "
                 "'s-Gravenhage--x\n");
    const char *expected[] = {"De",   "coördinatie", "art",       "16.62",        "e.d", "auto's",
                              "woon", "en",          "bouw-plan", "s-Gravenhage", "x"};
    str rest = text, word;
    for (size_t i = 0; i < COUNT_OF(expected); i++) {
        CHECK(dutch_next_word(&rest, &word));
        CHECK_STR(word, str_from(expected[i]));
        CHECK(word.ptr > text.ptr && word.ptr + word.len <= text.ptr + text.len);
    }
    CHECK(!dutch_next_word(&rest, &word));
    CHECK_INT(rest.len, 0);
    rest = S(" \xFF-- ..' ");
    CHECK(!dutch_next_word(&rest, &word));
    rest = S("");
    CHECK(!dutch_next_word(&rest, &word));
}

static void stop_words_are_known(void **state)
{
    (void)state;
    CHECK(dutch_is_stopword(S("de")));
    CHECK(dutch_is_stopword(S("worden")));
    CHECK(!dutch_is_stopword(S("woning")));
    CHECK(!dutch_is_stopword(S("")));
    CHECK(dutch_known(NULL, S("gemeente")));
    CHECK(!dutch_known(NULL, S("gemeentx")));
    CHECK(!dutch_known(NULL, S("scheeps"))); /* only inside longer words */
}

struct pair {
    const char *form, *base;
};

static void bases_come_from_the_lexicon(void **state)
{
    (void)state;
    static const struct pair pairs[] = {
        {"plannen", "plan"},         {"huizen", "huis"},
        {"locaties", "locatie"},     {"processen", "proces"},
        {"opgaven", "opgave"},       {"visies", "visie"},
        {"planologen", "planoloog"}, {"vergunningen", "vergunning"},
        {"procedures", "procedure"}, {"gemeenten", "gemeente"},
        {"woning", "woning"},        {"gemeente", "gemeente"},
        {"sessies", "sessie"},       {"corporaties", "corporatie"},
        {"steden", "stad"},          {"leden", "lid"},
        {"scholen", "school"},       {"studenten", "student"},
        {"besluiten", "besluit"},    {"kosten", "kosten"},
        {"huisje", "huis"},          {"mogelijkheden", "mogelijkheid"},
        {"criteria", "criterium"},   {"ideeën", "idee"},
        {"auto's", "auto"},          {"grote", "groot"},
        {"goedkoopste", "goedkoop"}, {"betaalbare", "betaalbaar"},
        {"sociale", "sociaal"},      {"zieken", "ziek"},
    };
    struct arena *a = arena_new();
    for (size_t i = 0; i < COUNT_OF(pairs); i++)
        CHECK_STR(base_of(a, pairs[i].form), str_from(pairs[i].base));
    arena_free(a);
}

/* The stem is what verbs show inside compounds: bouwen and gebouwd must meet bouwplan. */
static void verbs_have_their_stem_as_base(void **state)
{
    (void)state;
    static const struct pair pairs[] = {
        {"bouwen", "bouw"},          {"gebouwd", "bouw"},   {"bouwt", "bouw"},
        {"bouwde", "bouw"},          {"wonen", "woon"},     {"woonde", "woon"},
        {"gekocht", "koop"},         {"huurt", "huur"},     {"besliste", "beslis"},
        {"ontwikkeld", "ontwikkel"}, {"gebleken", "blijk"}, {"aangevraagd", "aanvraag"},
        {"verbouwd", "verbouw"},     {"wonende", "woon"},
    };
    struct arena *a = arena_new();
    for (size_t i = 0; i < COUNT_OF(pairs); i++)
        CHECK_STR(base_of(a, pairs[i].form), str_from(pairs[i].base));
    CHECK(finds(a, "wonen", "woonvisie"));
    CHECK(finds(a, "bouwen", "bouwvergunning"));
    arena_free(a);
}

static void known_false_friends_stay_apart(void **state)
{
    (void)state;
    static const struct pair pairs[] = {{"gevaren", "varen"},     {"gevallen", "vallen"},
                                        {"schilderij", "schild"}, {"geënt", "en"},
                                        {"geïnd", "in"},          {"woning", "woon"}};
    struct arena *a = arena_new();
    for (size_t i = 0; i < COUNT_OF(pairs); i++)
        CHECK(!str_eq(base_of(a, pairs[i].form), base_of(a, pairs[i].base)));
    arena_free(a);
}

static void unknown_words_follow_the_spelling(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    CHECK_STR(base_of(a, "blorpen"), S("blorp"));
    CHECK_STR(base_of(a, "vlonnen"), S("vlon"));
    CHECK_STR(base_of(a, "kwijzen"), S("kwijs"));
    CHECK_STR(base_of(a, "snorgingen"), S("snorging"));
    CHECK_STR(base_of(a, "blorplijke"), S("blorplijk"));
    CHECK_STR(base_of(a, "xyz"), S("xyz"));
    CHECK_STR(base_of(a, "αβγ"), S("αβγ"));
    arena_free(a);
}

/* The 16 pairs that PostgreSQL's dutch matches 3 of, both ways where both are single words. */
static void the_sixteen_pairs_match(void **state)
{
    (void)state;
    static const struct pair pairs[] = {
        {"plan", "plannen"},
        {"huis", "huizen"},
        {"locatie", "locaties"},
        {"woning", "huurwoningen"},
        {"vergunning", "bouwvergunning"},
        {"bouwvergunning", "bouwvergunningen"},
        {"corporatie", "corporaties"},
        {"opgave", "opgaven"},
        {"opgave", "woningbouwopgave"},
        {"procedure", "procedures"},
        {"gemeente", "gemeenten"},
        {"visie", "visies"},
        {"woonvisie", "woonvisies"},
        {"proces", "processen"},
        {"sessie", "sessies"},
        {"stikstof", "stikstofruimte"},
        {"bouwplan", "bouwplannen"},
    };
    struct arena *a = arena_new();
    for (size_t i = 0; i < COUNT_OF(pairs); i++) {
        if (!finds(a, pairs[i].form, pairs[i].base))
            print_error("%s does not find %s\n", pairs[i].form, pairs[i].base);
        CHECK(finds(a, pairs[i].form, pairs[i].base));
    }
    CHECK(finds(a, "plannen", "plan"));
    CHECK(finds(a, "bouwplannen", "bouwplan"));
    CHECK(finds(a, "vergunning", "omgevingsvergunningsaanvraag"));
    CHECK(finds(a, "woningbouw", "woningbouwopgaven"));
    arena_free(a);
}

static void one_word_two_words_and_hyphen_agree(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct dutch_word joined, hyphen;
    dutch_analyse(a, NULL, S("bouwvergunningen"), &joined);
    dutch_analyse(a, NULL, S("bouw-vergunningen"), &hyphen);
    CHECK_STR(joined.base, S("bouwvergunning"));
    CHECK_STR(hyphen.base, S("bouwvergunning"));
    check_parts(a, "bouwvergunning", "bouw+vergunning");
    check_parts(a, "bouw-vergunning", "bouw+vergunning");
    check_parts(a, "bouw", "bouw");
    check_parts(a, "vergunning", "vergunning");
    check_parts(a, "omgevings-vergunning", "omgeving+vergunning");
    check_parts(a, "Noord-Holland", "noord+holland");
    check_parts(a, "Houten-Bergen", "houten+bergen");
    check_parts(a, "e-mail", "email");
    arena_free(a);
}

static void derived_words_stay_whole(void **state)
{
    (void)state;
    static const char *const words[] = {
        "accessoire",  "voorraad",     "gemeente",    "aanbidding", "aanvraag",    "overleg",
        "beoordeling", "ontwikkeling", "verordening", "woning",     "eigendom",    "wetenschap",
        "betaalbaar",  "ruimtelijk",   "uitspraak",   "onderzoek",  "toepassing",  "stikstof",
        "vaststellen", "aangewezen",   "verzoeker",   "uitwerken",  "huisvesting", "samenwerking",
        "gebeurtenis", "financiering", "organisatie", "duurzaam",
    };
    struct arena *a = arena_new();
    for (size_t i = 0; i < COUNT_OF(words); i++) {
        struct dutch_word w;
        dutch_analyse(a, NULL, str_from(words[i]), &w);
        if (w.part_count != 1)
            print_error("%s is split\n", words[i]);
        CHECK_INT(w.part_count, 1);
    }
    arena_free(a);
}

static void linking_letters_belong_to_no_part(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    check_parts(a, "omgevingsvergunningsaanvraag", "omgeving+vergunning+aanvraag");
    check_parts(a, "pannenkoek", "pan+koek");
    check_parts(a, "schapenvlees", "schaap+vlees");
    check_parts(a, "duivenhok", "duif+hok");
    check_parts(a, "kookboek", "kook+boek");
    check_parts(a, "slavenhandel", "slaaf+handel");
    check_parts(a, "muizennest", "muis+nest");
    check_parts(a, "zonnepaneel", "zon+paneel");
    check_parts(a, "kinderopvang", "kind+opvang");
    check_parts(a, "bestuursakkoord", "bestuur+akkoord");
    check_parts(a, "scheepsbouwer", "schip+bouwer");
    struct dutch_word w;
    str word = S("Omgevingsvergunningen");
    dutch_analyse(a, NULL, word, &w);
    CHECK_INT(w.part_count, 2);
    CHECK_STR(str_slice(word, w.part[0].start, w.part[0].end), S("Omgeving"));
    CHECK_STR(str_slice(word, w.part[1].start, w.part[1].end), S("vergunningen"));
    arena_free(a);
}

static void places_and_names_are_left_alone(void **state)
{
    (void)state;
    static const char *const names[] = {"Houten", "Bergen",   "Best",        "Haren",
                                        "bergen", "Zuidplas", "IJsselstein", "'s-Hertogenbosch",
                                        "Buren",  "BOPA",     "Wkb"};
    struct arena *a = arena_new();
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        struct dutch_word w;
        dutch_analyse(a, NULL, str_from(names[i]), &w);
        CHECK(w.is_protected);
        CHECK_INT(w.part_count, 1);
        CHECK_STR(w.base, dutch_fold(a, str_from(names[i])));
    }
    CHECK_STR(base_of(a, "BOPA's"), S("bopa"));
    CHECK_STR(base_of(a, "Huizen"), S("huis")); /* here nearly always the plural */
    arena_free(a);
}

static void extra_words_protect_and_extend(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    str protect[] = {S("Bouwplannen"), S("Zwolsche")}, known[] = {S("gridbox"), S("flexpoot")};
    struct dutch_extra *e = dutch_extra_new(a, protect, 2, known, 2);
    CHECK_STR(parts_of(a, e, S("bouwplannen")), S("bouwplannen"));
    CHECK_STR(parts_of(a, e, S("gridboxvergunningen")), S("gridbox+vergunning"));
    CHECK_STR(parts_of(a, e, S("gridboxen")), S("gridbox"));
    CHECK(dutch_known(e, S("gridbox")));
    CHECK(!dutch_known(NULL, S("gridbox")));
    dutch_extra_set_threshold(e, 1e6);
    CHECK_STR(parts_of(a, e, S("bouwkavel")), S("bouwkavel"));
    arena_free(a);
}

static void offsets_count_bytes_of_the_original(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct dutch_word w;
    str word = S("Coördinatie\u2010overleg");
    dutch_analyse(a, NULL, word, &w);
    CHECK_INT(w.part_count, 2);
    CHECK_STR(str_slice(word, w.part[0].start, w.part[0].end), S("Coördinatie"));
    CHECK_STR(str_slice(word, w.part[1].start, w.part[1].end), S("overleg"));
    word = S("IDEEËNbus");
    dutch_analyse(a, NULL, word, &w);
    CHECK_INT(w.part_count, 2);
    CHECK_STR(w.part[0].base, S("idee"));
    CHECK_INT(w.part[0].start, 0);
    CHECK_STR(str_slice(word, w.part[1].start, w.part[1].end), S("bus"));
    arena_free(a);
}

/* Parts in order, inside the word, not across a character. */
static void check_sane(str word, const struct dutch_word *w)
{
    size_t at = 0;
    CHECK(w->part_count >= 1 && w->part_count <= DUTCH_MAX_PARTS);
    for (size_t i = 0; i < w->part_count; i++) {
        const struct dutch_part *p = &w->part[i];
        CHECK(p->start >= at && p->start <= p->end && p->end <= word.len);
        CHECK(p->start == 0 || p->start == word.len ||
              ((unsigned char)word.ptr[p->start] & 0xC0) != 0x80);
        at = p->end;
    }
}

static uint32_t next_random(uint32_t *seed)
{
    *seed = *seed * 1664525U + 1013904223U;
    return *seed >> 8;
}

static void random_bytes_do_no_harm(void **state)
{
    (void)state;
    static const char letters[] = "enstringbouwvaaklijkhedgpmdz-'.\xC3\xAB\xFF";
    struct arena *a = arena_new();
    uint32_t seed = 20261124;
    for (size_t round = 0; round < 20000; round++) {
        size_t len = next_random(&seed) % (round % 100 ? 40 : 400);
        char *bytes = arena_alloc(a, len); /* exactly as long, so that overruns are seen */
        for (size_t i = 0; i < len; i++)
            bytes[i] = round % 3 ? letters[next_random(&seed) % (sizeof letters - 1)]
                                 : (char)(next_random(&seed) & 0xFF);
        struct dutch_word w;
        str text = str_of(bytes, len), word;
        dutch_analyse(a, NULL, text, &w);
        check_sane(text, &w);
        while (dutch_next_word(&text, &word)) {
            CHECK(word.len > 0);
            dutch_analyse(a, NULL, word, &w);
            check_sane(word, &w);
        }
        arena_reset(a);
    }
    arena_free(a);
}

static void huge_words_are_taken_whole(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    size_t len = 1 << 20;
    char *bytes = arena_alloc(a, len);
    memset(bytes, 'A', len);
    str text = str_of(bytes, len), word;
    struct dutch_word w;
    CHECK(dutch_next_word(&text, &word));
    CHECK_INT(word.len, len);
    dutch_analyse(a, NULL, word, &w);
    CHECK_INT(w.part_count, 1);
    CHECK_INT(w.base.len, len);
    CHECK_INT(w.part[0].end, len);
    dutch_analyse(a, NULL, S(""), &w);
    CHECK_INT(w.part_count, 1);
    CHECK_INT(w.base.len, 0);
    arena_free(a);
}

#ifndef HOUSING_LIST
#define HOUSING_LIST NULL
#endif

/* Beside this file, wherever the test is run from the folder it was compiled in. */
static FILE *open_housing_list(struct arena *a)
{
    const char *given = HOUSING_LIST;
    if (given)
        return fopen(given, "r");
    str here = str_from(__FILE__);
    size_t slash = here.len;
    while (slash && here.ptr[slash - 1] != '/')
        slash--;
    str path = str_fmt(a, "%.*s../relevance/housing_compounds.tsv", (int)slash, here.ptr);
    return fopen(str_z(a, path), "r");
}

static void housing_compounds_fall_apart(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    FILE *f = open_housing_list(a);
    CHECK(f != NULL);
    char line[256];
    size_t right = 0, count = 0;
    while (fgets(line, sizeof line, f)) {
        str rest = str_trim(str_from(line)), word;
        if (!rest.len || rest.ptr[0] == '#' || !str_split(&rest, '\t', &word))
            continue;
        str parts = parts_of(a, NULL, word);
        count++;
        if (str_eq(parts, rest))
            right++;
        else
            print_message("# %.*s: %.*s instead of %.*s\n", (int)word.len, word.ptr, (int)parts.len,
                          parts.ptr, (int)rest.len, rest.ptr);
    }
    fclose(f);
    CHECK(count >= 200);
    CHECK(right * 100 >= count * 95);
    arena_free(a);
}

static void a_character_of_two_letters_belongs_to_one_part(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct dutch_word w;
    str word = S("huißtraat"); /* huis + straat */
    dutch_analyse(a, NULL, word, &w);
    CHECK_INT(w.part_count, 2);
    CHECK_STR(str_slice(word, w.part[0].start, w.part[0].end), S("huiß"));
    CHECK_STR(str_slice(word, w.part[1].start, w.part[1].end), S("traat"));
    CHECK_STR(w.part[1].base, S("straat"));
    arena_free(a);
}

TEST_MAIN(TEST(a_character_of_two_letters_belongs_to_one_part),
          TEST(fold_drops_case_marks_and_joins), TEST(words_are_found_with_their_place),
          TEST(stop_words_are_known), TEST(bases_come_from_the_lexicon),
          TEST(verbs_have_their_stem_as_base), TEST(known_false_friends_stay_apart),
          TEST(unknown_words_follow_the_spelling), TEST(the_sixteen_pairs_match),
          TEST(one_word_two_words_and_hyphen_agree), TEST(derived_words_stay_whole),
          TEST(linking_letters_belong_to_no_part), TEST(places_and_names_are_left_alone),
          TEST(extra_words_protect_and_extend), TEST(offsets_count_bytes_of_the_original),
          TEST(random_bytes_do_no_harm), TEST(huge_words_are_taken_whole),
          TEST(housing_compounds_fall_apart))
