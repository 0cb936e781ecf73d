/* Which hits come first, what is added when there are few, and how that is counted and explained.
 */
#include "index_demo.h"

static bool finds_first(const char *text, long long id)
{
    struct index_result r = demo_search(text);
    return r.hit_count && r.hits[0].id == id;
}

static void words_that_say_little_need_not_be_there(void **state)
{
    (void)state;
    demo_text(1, "Eerste", "De leges voor bouwplannen.");
    demo_text(2, "Tweede", "Zoeken en vinden in de stad.");
    demo_catch_up();
    CHECK(demo_finds("waar vind ik de leges", 1));
    CHECK(finds_first("waar vind ik de leges", 1));
    CHECK(demo_finds("vind", 2)); /* but alone they are what is asked */
}

static void words_of_the_same_stem_find_each_other(void **state)
{
    (void)state;
    demo_text(1, "Eerste", "Over onteigening van grond.");
    demo_text(2, "Tweede", "Wij transformeren kantoren.");
    demo_text(3, "Derde", "Het is betaalbaar.");
    demo_catch_up();
    CHECK(demo_finds("onteigenen", 1));
    CHECK(demo_finds("transformatie", 2));
    CHECK(demo_finds("betaalbaarheid", 3));
}

static void a_word_of_the_texts_may_be_typed_apart(void **state)
{
    (void)state;
    demo_text(1, "Eerste", "De snelkookpan is een werkvorm.");
    demo_text(2, "Tweede", "Snel koken in een pan.");
    demo_text(3, "Derde", "De doelgroepenverordening.");
    demo_catch_up();
    CHECK(demo_finds("snel kook pan", 1));
    CHECK(demo_finds("doel groepen verordening", 3));
}

static void what_is_called_just_so_comes_first(void **state)
{
    (void)state;
    demo_put(1, (struct index_document){.title = S("Canon van de erfpacht"),
                                        .keywords = S("canon, erfpacht, canon herzien"),
                                        .body = S("Canon, canon en nog eens canon."),
                                        .type = S("kennis")});
    demo_put(2, (struct index_document){.title = S("Jaarlijkse vergoeding"),
                                        .keywords = S("grond van de gemeente huren"),
                                        .body = S("Erfpacht en canon."),
                                        .type = S("kennis")});
    demo_put(3, (struct index_document){.title = S("Gemeente"),
                                        .body = S("Grond huren, gemeente. Huren. Grond."),
                                        .type = S("kennis")});
    demo_catch_up();
    CHECK(finds_first("grond huren van gemeente", 2) || finds_first("grond gemeente huren", 2));
    CHECK(finds_first("grond van de gemeente huren", 2));
    CHECK(finds_first("canon", 1));
}

/* One document has both words; others have one of them, in a title or not. */
static void put_few(void)
{
    static const str one[] = {STR("een")}, two[] = {STR("twee")};
    static const char *const bodies[] = {
        "Over parkeren bij de kade.",     "Over parkeren.",    "Over de kade.",
        "Parkeren en nog eens parkeren.", "Over iets anders.", "Lopen langs de kade."};
    for (size_t i = 0; i < COUNT_OF(bodies); i++) {
        struct index_facet_values *facet = arena_new_of(demo.load.arena, struct index_facet_values);
        *facet = (struct index_facet_values){"thema", i % 2 ? two : one, 1};
        demo_put((long long)i + 1, (struct index_document){.title = S("Onderwerp"),
                                                           .body = str_from(bodies[i]),
                                                           .type = S("kennis"),
                                                           .facets = facet,
                                                           .facet_count = 1});
    }
    demo_catch_up();
}

static void few_hits_are_filled_up_and_it_is_said(void **state)
{
    (void)state;
    put_few();
    struct index_result r = demo_search("parkeren kade");
    CHECK_INT(r.total, 5);
    CHECK_INT(r.complete, 1);
    CHECK(r.relaxed);
    CHECK_INT(r.hits[0].id, 1);
    for (size_t i = 0; i < r.hit_count; i++)
        CHECK(r.hits[i].partial == (r.hits[i].id != 1));
    CHECK(!demo_has(&r, 5));
    r = demo_search("parkeren");
    CHECK(!r.relaxed);
    CHECK_INT(r.complete, 3);
    CHECK_INT(demo_search("\"parkeren bij\" kade").total, 1); /* a phrase is not given up */
    CHECK_INT(demo_search("parkeren kade -lopen").total, 4);
}

static void added_hits_are_counted_as_choosing_shows(void **state)
{
    (void)state;
    put_few();
    struct index_result all = demo_search("parkeren kade"), chosen;
    size_t sum = 0, complete = 0;
    for (size_t i = 0; i < all.facet_count; i++)
        for (size_t k = 0; k < all.facets[i].count; k++) {
            const struct index_count *count = &all.facets[i].counts[k];
            struct index_filter filter = {all.facets[i].name, &count->value, 1};
            struct index_query q = {.text = S("parkeren kade"), .limit = 100};
            q.filters = &filter;
            q.filter_count = 1;
            CHECK_OK(&demo.c, index_search(&demo.c, demo.ix, &q, &chosen));
            CHECK_INT(chosen.total, count->count);
            sum += chosen.total;
            complete += chosen.complete;
        }
    CHECK_INT(sum, all.total);
    CHECK_INT(complete, all.complete);
}

static void what_belongs_with_the_best_is_added(void **state)
{
    (void)state;
    static const str first[] = {STR("/kennisbank/1")};
    demo_text(1, "Erfpacht", "Grond huren.");
    demo_put(2, (struct index_document){.title = S("Canon"),
                                        .body = S("Een vergoeding."),
                                        .type = S("kennis"),
                                        .related = first,
                                        .related_count = 1});
    demo_text(3, "Stikstof", "Iets heel anders.");
    demo_catch_up();
    struct index_result r = demo_search("erfpacht");
    CHECK_INT(r.total, 2);
    CHECK_INT(r.complete, 1);
    CHECK_INT(r.hits[0].id, 1);
    CHECK(r.hits[1].id == 2 && r.hits[1].partial);
    CHECK_INT(demo_search("erfpacht -vergoeding").total, 1);
    CHECK_INT(demo_search("\"erfpacht\"").total, 1);
}

static double sum_of_lines(str lines)
{
    str line;
    double sum = 0;
    while (str_line(&lines, &line))
        sum += strtod(str_z(demo.c.arena, line), NULL);
    return sum;
}

/* The score of a hit is a fixed part of its weight. */
static void the_lines_of_an_explanation_add_up(void **state)
{
    (void)state;
    static const char *const queries[] = {"parkeren kade", "parkeren", "waar vind ik de kade",
                                          "kadeparkeren", "\"de kade\" parkeren"};
    put_few();
    for (size_t i = 0; i < COUNT_OF(queries); i++) {
        struct index_result r;
        struct index_query q = {.text = str_from(queries[i]), .limit = 10, .explain = true};
        CHECK_OK(&demo.c, index_search(&demo.c, demo.ix, &q, &r));
        if (!r.hit_count)
            print_error("%s finds nothing\n", queries[i]);
        CHECK(r.hit_count > 0);
        double part = r.hits[0].score / sum_of_lines(r.hits[0].explanation);
        for (size_t k = 0; k < r.hit_count; k++) {
            double expected = part * sum_of_lines(r.hits[k].explanation);
            double difference = r.hits[k].score - expected;
            if (difference > 1 || difference < -1)
                print_error("%s: %f instead of %f\n", queries[i], expected, r.hits[k].score);
            CHECK(difference <= 1 && difference >= -1); /* the lines have two decimals */
        }
    }
}

/* Synonyms of words that many documents have, in queries of which no document has all: with
   alternatives as OP_MAX, Xapian 1.4 ended the program on some of these. */
static void many_alternatives_do_not_end_the_program(void **state)
{
    (void)state;
    static const char *const words[] = {"kade",   "haven", "brug",  "sluis", "dijk",   "polder",
                                        "gemaal", "sloot", "vaart", "molen", "strand", "duin"};
    struct index_synonym synonyms[COUNT_OF(words)];
    struct index_vocabulary v = {.synonyms = synonyms, .synonym_count = COUNT_OF(words)};
    unsigned long long seed = 7;
    for (size_t i = 0; i < COUNT_OF(words); i++)
        synonyms[i] = (struct index_synonym){str_from(words[i]),
                                             str_from(words[(i + 5) % COUNT_OF(words)]), false};
    CHECK_OK(&demo.c, index_set_vocabulary(&demo.c, demo.ix, &v));
    for (long long id = 1; id <= 400; id++) {
        seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
        demo_text(id, words[(seed >> 33) % COUNT_OF(words)],
                  str_fmt(demo.load.arena, "%s %s en tekst", words[(seed >> 40) % COUNT_OF(words)],
                          words[(seed >> 50) % COUNT_OF(words)])
                      .ptr);
    }
    demo_catch_up();
    for (size_t i = 0; i < COUNT_OF(words); i++)
        for (size_t k = 0; k < COUNT_OF(words); k++) {
            struct index_result r = demo_search(str_fmt(demo.c.arena, "%s %s %s kwarts", words[i],
                                                        words[k], words[(i + k) % COUNT_OF(words)])
                                                    .ptr);
            CHECK(r.total > 0);
        }
}

#define WITH_INDEX(f) cmocka_unit_test_setup_teardown(f, demo_begin, demo_end)

TEST_MAIN(WITH_INDEX(words_that_say_little_need_not_be_there),
          WITH_INDEX(words_of_the_same_stem_find_each_other),
          WITH_INDEX(a_word_of_the_texts_may_be_typed_apart),
          WITH_INDEX(what_is_called_just_so_comes_first),
          WITH_INDEX(few_hits_are_filled_up_and_it_is_said),
          WITH_INDEX(added_hits_are_counted_as_choosing_shows),
          WITH_INDEX(what_belongs_with_the_best_is_added),
          WITH_INDEX(the_lines_of_an_explanation_add_up),
          WITH_INDEX(many_alternatives_do_not_end_the_program))
