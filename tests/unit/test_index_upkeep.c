/* Following the feed, rebuilding, leaks, facets, suggestions, bad input, many threads. */
#include "index_demo.h"

#include <stdatomic.h>

#include "base/clock.h"

/* ---- following ---- */

static void new_text_is_findable_after_a_catch_up(void **state)
{
    (void)state;
    struct index_status st;
    demo_catch_up();
    demo_text(1, "Grondexploitatie", "Rekenen aan de grond.");
    CHECK_INT(demo_search("grondexploitatie").total, 0);
    long long start = clock_monotonic_us();
    CHECK_INT(demo_catch_up(), 1);
    CHECK(demo_finds("grondexploitatie", 1));
    CHECK(clock_monotonic_us() - start < 1000000);
    CHECK_INT(demo_catch_up(), 0);
    CHECK_OK(&demo.c, index_status(&demo.c, demo.ix, &st));
    CHECK_INT(st.documents, 1);
    CHECK_INT(st.last_change, 1);
    CHECK(st.size_bytes > 0);
    demo_text(1, "Netcongestie", "Het stroomnet is vol.");
    demo_text(1, "Stikstof", "Er is geen ruimte.");
    CHECK_INT(demo_catch_up(), 1); /* one object, changed twice */
    CHECK_INT(demo_search("grondexploitatie").total, 0);
    CHECK(demo_finds("stikstof", 1));
}

static void the_first_catch_up_builds_from_the_sources(void **state)
{
    (void)state;
    demo_text(1, "Eerste", "Tekst.");
    CHECK_OK(&demo.c, db_exec(&demo.c, "DELETE FROM change"));
    db_lease_release(&demo.c);
    demo_catch_up();
    CHECK(demo_finds("eerste", 1));
}

static void an_index_survives_closing(void **state)
{
    (void)state;
    demo_text(1, "Eerste", "Tekst over parkeren.");
    demo_catch_up();
    index_close(demo.ix);
    demo_text(2, "Tweede", "Meer over parkeren.");
    demo_open_index();
    CHECK_INT(demo_search("parkeren").total, 1);
    CHECK_INT(demo_catch_up(), 1);
    CHECK_INT(demo_search("parkeren").total, 2);
}

static void a_damaged_index_is_built_anew(void **state)
{
    (void)state;
    demo_text(1, "Eerste", "Tekst over parkeren.");
    demo_catch_up();
    index_close(demo.ix);
    str *names;
    size_t count;
    CHECK_OK(&demo.c, file_list(&demo.c, demo.folder, S(""), 100, &names, &count));
    for (size_t i = 0; i < count; i++) {
        str file = str_fmt(demo.c.arena, "%s/%s/iamglass", demo.folder.ptr, names[i].ptr);
        if (file_exists(&demo.c, file))
            CHECK_OK(&demo.c, file_write(&demo.c, file, S("damaged")));
    }
    demo_open_index();
    demo_catch_up();
    CHECK(demo_finds("parkeren", 1));
}

static void a_rebuild_switches_and_cleans_up(void **state)
{
    (void)state;
    for (long long id = 1; id <= 30; id++)
        demo_text(id, "Titel", "Tekst over parkeren.");
    demo_catch_up();
    for (int i = 0; i < 3; i++) {
        CHECK_OK(&demo.c, index_rebuild(&demo.c, demo.ix, NULL, NULL));
        CHECK_INT(demo_search("parkeren").total, 30);
    }
    str *names;
    size_t count, generations = 0;
    CHECK_OK(&demo.c, file_list(&demo.c, demo.folder, S(""), 100, &names, &count));
    for (size_t i = 0; i < count; i++)
        generations += str_starts(names[i], S("gen-")) && !str_ends(names[i], S(".lock"));
    CHECK_INT(generations, 1);
    CHECK_INT(demo_catch_up(), 0);
    demo_remove(3);
    CHECK_INT(demo_catch_up(), 1);
    CHECK_INT(demo_search("parkeren").total, 29);
}

static void another_process_may_rebuild(void **state)
{
    (void)state;
    struct index *other;
    demo_text(1, "Eerste", "Tekst over parkeren.");
    demo_catch_up();
    CHECK_INT(demo_search("parkeren").total, 1);
    CHECK_OK(&demo.c, index_open(&demo.c, demo.folder, demo_sources, COUNT_OF(demo_sources),
                                 demo_facets, COUNT_OF(demo_facets), &other));
    demo_text(2, "Tweede", "Tekst over parkeren.");
    CHECK_OK(&demo.c, index_rebuild(&demo.c, other, NULL, NULL));
    CHECK_INT(demo_search("parkeren").total, 2);
    demo_text(3, "Derde", "Tekst over parkeren.");
    demo_catch_up();
    CHECK_INT(demo_search("parkeren").total, 3);
    index_close(other);
}

static void an_object_that_cannot_be_read_does_not_stop_the_rest(void **state)
{
    (void)state;
    size_t done;
    demo_catch_up();
    demo_text(1, "Eerste", "Tekst over parkeren.");
    demo.load_code = ERR_BUSY;
    CHECK_INT(index_catch_up(&demo.c, demo.ix, &done), ERR_BUSY);
    demo.load_code = 0;
    demo_catch_up();
    CHECK(demo_finds("parkeren", 1));
    demo_text(1, "Eerste", "Tekst over parkeren.");
    demo.load_code = ERR_INTERNAL;
    CHECK_INT(index_catch_up(&demo.c, demo.ix, &done), ERR_INTERNAL);
    demo.load_code = 0;
    CHECK_INT(demo_search("parkeren").total, 0); /* what cannot be read is not shown */
    CHECK_INT(demo_catch_up(), 0);
}

static void a_batch_that_fails_halfway_leaves_nothing(void **state)
{
    (void)state;
    size_t done;
    demo_catch_up();
    for (long long id = 1; id <= 5; id++)
        demo_text(id, "Titel", "Tekst over parkeren.");
    demo.failing = 4;
    CHECK_INT(index_catch_up(&demo.c, demo.ix, &done), ERR_BUSY);
    CHECK_INT(demo_search("parkeren").total, 0);
    demo.failing = 0;
    CHECK_INT(demo_catch_up(), 5);
    CHECK_INT(demo_search("parkeren").total, 5);
    demo.failing = 3;
    CHECK_INT(index_rebuild(&demo.c, demo.ix, NULL, NULL), ERR_BUSY);
    demo.failing = 0;
    CHECK_INT(demo_search("parkeren").total, 5);
    CHECK_OK(&demo.c, index_rebuild(&demo.c, demo.ix, NULL, NULL));
    CHECK_INT(demo_search("parkeren").total, 5);
}

static void much_is_followed_in_batches(void **state)
{
    (void)state;
    struct index_status st;
    demo_catch_up();
    for (long long id = 1; id <= 1200; id++)
        demo_text(id, "Titel", id % 2 ? "Tekst over parkeren." : "Tekst over bouwen.");
    CHECK_INT(demo_catch_up(), 1200);
    CHECK_INT(demo_search("parkeren").total, 600);
    CHECK_OK(&demo.c, index_status(&demo.c, demo.ix, &st));
    CHECK_INT(st.last_change, 1200);
}

/* ---- leaks ---- */

static void what_is_withdrawn_is_gone_everywhere(void **state)
{
    (void)state;
    static const str secret[] = {STR("geheim")}, open[] = {STR("open")};
    static const struct index_facet_values f1[] = {{"thema", secret, 1}},
                                           f2[] = {{"thema", open, 1}};
    struct index_suggestion *suggestions;
    size_t count;
    demo_put(1, (struct index_document){.title = S("Zonneparkvergunning"),
                                        .body = S("Het kwartsvliegveld komt er."),
                                        .keywords = S("kwartsvliegveld"),
                                        .facets = f1,
                                        .facet_count = 1});
    demo_put(2, (struct index_document){.title = S("Ander onderwerp"),
                                        .body = S("De vergunning is er."),
                                        .facets = f2,
                                        .facet_count = 1});
    demo_catch_up();
    CHECK(demo_finds("kwartsvliegveld", 1));
    CHECK_STR(demo_search("kwartsvliegvled").corrected, S("kwartsvliegveld"));
    demo_remove(1);
    demo_catch_up();
    struct index_result r = demo_search("kwartsvliegveld");
    CHECK_INT(r.total, 0);
    CHECK(str_find(r.suggestion, S("kwarts")) == STR_NONE);
    r = demo_search("kwartsvliegvled");
    CHECK_STR(r.corrected, S(""));
    CHECK(str_find(r.suggestion, S("kwarts")) == STR_NONE);
    CHECK_INT(demo_search("vergunning").total, 1);
    r = demo_search("");
    CHECK_INT(r.total, 1);
    for (size_t i = 0; i < r.facet_count; i++)
        for (size_t k = 0; k < r.facets[i].count; k++)
            CHECK_STR(r.facets[i].counts[k].value, S("open"));
    CHECK_OK(&demo.c, index_suggest(&demo.c, demo.ix, S("kwarts"), 8, &suggestions, &count));
    CHECK_INT(count, 0);
    CHECK_OK(&demo.c, index_suggest(&demo.c, demo.ix, S("zonn"), 8, &suggestions, &count));
    CHECK_INT(count, 0);
}

/* ---- facets ---- */

enum { FACET_DOCUMENTS = 500 };

struct choice {
    int facet;
    const char *value;
};

static const char *const values[5][4] = {{"werkwijze", "instrument", "kennis", NULL},
                                         {"start", "ontwerp", "realisatie", "beheer"},
                                         {"stikstof", "geld", "mensen", "stroom"},
                                         {"grond", "recht", "samenwerken", "data"},
                                         {"planoloog", "jurist", "raadslid", "jurist-plus"}};

/* Which values a document has, as bits by facet and value. */
static unsigned bits_of[FACET_DOCUMENTS + 1];
static bool has_word[FACET_DOCUMENTS + 1];

static unsigned long long next_random(unsigned long long *seed)
{
    *seed = *seed * 6364136223846793005ULL + 1442695040888963407ULL;
    return *seed >> 33;
}

static void put_random(long long id, unsigned long long *seed)
{
    struct arena *a = demo.load.arena;
    struct index_facet_values *facets = arena_array(a, 5, sizeof *facets);
    bits_of[id] = 0;
    for (size_t f = 0; f < 5; f++) {
        str *chosen = arena_array(a, 4, sizeof *chosen);
        size_t count = 0;
        for (size_t v = 0; v < 4; v++)
            if (values[f][v] && next_random(seed) % 3 == 0) {
                chosen[count++] = str_from(values[f][v]);
                bits_of[id] |= 1U << (f * 4 + v);
            }
        facets[f] = (struct index_facet_values){demo_facets[f], chosen, count};
    }
    has_word[id] = next_random(seed) % 2;
    demo_put(id, (struct index_document){.title = S("Onderwerp"),
                                         .body = has_word[id] ? S("Over vergunningen.")
                                                              : S("Over geld."),
                                         .facets = facets,
                                         .facet_count = 5});
}

/* Does the document pass these filters, leaving out facet `without`? mask: wanted bits by facet. */
static bool passes(long long id, const unsigned mask[5], int without)
{
    for (int f = 0; f < 5; f++)
        if (f != without && mask[f] && !(bits_of[id] >> (f * 4) & mask[f]))
            return false;
    return true;
}

static void check_counts(const struct index_result *r, const unsigned mask[5], bool word)
{
    size_t total = 0;
    for (long long id = 1; id <= FACET_DOCUMENTS; id++)
        total += (!word || has_word[id]) && passes(id, mask, -1);
    CHECK_INT(r->total, total);
    CHECK(r->total_exact);
    CHECK_INT(r->facet_count, 5);
    for (int f = 0; f < 5; f++) {
        size_t listed = 0;
        for (size_t v = 0; v < 4; v++) {
            size_t expected = 0, counted = 0;
            for (long long id = 1; values[f][v] && id <= FACET_DOCUMENTS; id++)
                expected += (!word || has_word[id]) && passes(id, mask, f) &&
                            (bits_of[id] >> (f * 4 + (int)v) & 1);
            for (size_t k = 0; values[f][v] && k < r->facets[f].count; k++)
                if (str_eqz(r->facets[f].counts[k].value, values[f][v]))
                    counted = r->facets[f].counts[k].count;
            CHECK_INT(counted, expected);
            listed += expected > 0;
        }
        CHECK_INT(r->facets[f].count, listed);
        for (size_t k = 1; k < r->facets[f].count; k++)
            CHECK(r->facets[f].counts[k - 1].count >= r->facets[f].counts[k].count);
    }
}

static void facet_counts_equal_counting_by_hand(void **state)
{
    (void)state;
    unsigned long long seed = 42;
    for (long long id = 1; id <= FACET_DOCUMENTS; id++)
        put_random(id, &seed);
    demo_catch_up();
    for (int round = 0; round < 60; round++) {
        unsigned mask[5] = {0};
        struct index_filter filters[5];
        str chosen[5][4];
        size_t count = 0;
        for (int f = 0; f < 5; f++) {
            size_t n = 0;
            for (size_t v = 0; v < 4; v++)
                if (values[f][v] && next_random(&seed) % 6 == 0) {
                    chosen[f][n++] = str_from(values[f][v]);
                    mask[f] |= 1U << v;
                }
            if (n)
                filters[count++] = (struct index_filter){demo_facets[f], chosen[f], n};
        }
        bool word = round % 2;
        struct index_result r;
        struct index_query q = {.text = word ? S("vergunning") : S(""),
                                .filters = filters,
                                .filter_count = count,
                                .limit = 10};
        CHECK_OK(&demo.c, index_search(&demo.c, demo.ix, &q, &r));
        check_counts(&r, mask, word);
    }
}

static void an_unknown_filter_is_refused_and_an_unknown_value_finds_nothing(void **state)
{
    (void)state;
    struct index_result r;
    str value = S("bestaat-niet");
    struct index_filter unknown = {"kleur", &value, 1}, known = {"fase", &value, 1};
    struct index_query q = {.filters = &unknown, .filter_count = 1, .limit = 10};
    demo_text(1, "Eerste", "Tekst.");
    demo_catch_up();
    CHECK_INT(index_search(&demo.c, demo.ix, &q, &r), ERR_INVALID);
    q.filters = &known;
    CHECK_OK(&demo.c, index_search(&demo.c, demo.ix, &q, &r));
    CHECK_INT(r.total, 0);
}

/* ---- order, pages, explanation ---- */

static void without_words_the_newest_comes_first(void **state)
{
    (void)state;
    for (long long id = 1; id <= 25; id++)
        demo_put(id,
                 (struct index_document){.title = S("Titel"), .changed_at = (id * 7) % 25 + 1000});
    demo_catch_up();
    struct index_result r;
    struct index_query q = {.limit = 10, .offset = 10};
    CHECK_OK(&demo.c, index_search(&demo.c, demo.ix, &q, &r));
    CHECK_INT(r.total, 25);
    CHECK_INT(r.hit_count, 10);
    for (size_t i = 0; i < r.hit_count; i++)
        CHECK_INT((r.hits[i].id * 7) % 25, 14 - (long long)i);
    q.offset = 1000;
    CHECK_OK(&demo.c, index_search(&demo.c, demo.ix, &q, &r));
    CHECK_INT(r.hit_count, 0);
}

static void a_title_weighs_more_and_a_score_can_be_explained(void **state)
{
    (void)state;
    demo_text(1, "Iets anders", "Over de vergunning en nog veel meer woorden in een tekst.");
    demo_text(2, "De vergunning", "Over iets met nog veel meer woorden in een tekst.");
    demo_text(3, "Nog iets", "Over de omgevingsvergunning en nog veel meer woorden in een tekst.");
    demo_catch_up();
    struct index_result r;
    struct index_query q = {.text = S("vergunning"), .limit = 10, .explain = true};
    CHECK_OK(&demo.c, index_search(&demo.c, demo.ix, &q, &r));
    CHECK_INT(r.hit_count, 3);
    CHECK_INT(r.hits[0].id, 2);
    CHECK_INT(r.hits[1].id, 1);
    CHECK_INT(r.hits[2].id, 3);
    CHECK(r.hits[0].score > r.hits[1].score && r.hits[1].score > r.hits[2].score &&
          r.hits[2].score > 0);
    CHECK(r.hits[0].score <= 100);
    CHECK(str_find(r.hits[0].explanation, S("vergunning (in titel of trefwoorden)")) != STR_NONE);
    CHECK(str_find(r.hits[1].explanation, S("titel")) == STR_NONE);
}

/* ---- nothing fits ---- */

static void a_query_is_relaxed_or_another_is_offered(void **state)
{
    (void)state;
    demo_text(1, "Eerste", "Parkeren en fietsen bij woningen.");
    demo_text(2, "Tweede", "Parkeren in de stad.");
    demo_text(3, "Participatie", "Meepraten met bewoners.");
    demo_catch_up();
    struct index_result r = demo_search("parkeren fietsen stad");
    CHECK(r.relaxed);
    CHECK_INT(r.total, 2);
    r = demo_search("parkeren kwantummechanica");
    CHECK(r.relaxed);
    CHECK_INT(r.total, 2);
    static const char *const without[] = {"kwantummechanica",     "partxxipatie",
                                          "\"fietsen parkeren\"", "parkeren -parkeren",
                                          "fase:start parkeren",  "participanten"};
    for (size_t i = 0; i < COUNT_OF(without); i++) {
        r = demo_search(without[i]);
        if (r.total)
            continue;
        if (i == 0)
            continue;
        CHECK(r.suggestion.len > 0);
        struct index_result other = demo_search(str_z(demo.c.arena, r.suggestion));
        CHECK(other.complete > 0 && !other.corrected.len);
    }
}

/* ---- as you type ---- */

static bool suggests(const char *text, long long id)
{
    struct index_suggestion *s;
    size_t count;
    str url = str_fmt(demo.c.arena, "/kennisbank/%lld", id);
    CHECK_OK(&demo.c, index_suggest(&demo.c, demo.ix, str_from(text), 8, &s, &count));
    CHECK(count <= 8);
    for (size_t i = 0; i < count; i++)
        if (str_eq(s[i].url, url))
            return true;
    return false;
}

static void suggestions_while_typing(void **state)
{
    (void)state;
    demo_text(1, "De omgevingsvergunning", "Tekst.");
    demo_text(2, "Gebiedsontwikkeling bij stations", "Vergunning in de tekst telt niet.");
    demo_put(3, (struct index_document){.title = S("Strategische grondaankoop"),
                                        .short_title = S("Grondbank"),
                                        .keywords = S("onteigening, minnelijk"),
                                        .type = S("instrument")});
    demo_catch_up();
    CHECK(suggests("omgev", 1) && suggests("vergun", 1) && suggests("vergunningen", 1));
    CHECK(!suggests("vergun", 2));
    CHECK(suggests("gebiedsontw", 2) && suggests("ontwikk", 2) && suggests("bij st", 2));
    CHECK(suggests("gebiedsontwikkeling st", 2) && !suggests("gebiedsontwikkeling gr", 2));
    CHECK(suggests("grondb", 3) && suggests("onteig", 3) && suggests("strategische gr", 3));
    CHECK(suggests("omgevinsgver", 1));
    CHECK(!suggests("", 1) && !suggests("!!", 1));
}

/* ---- bad input ---- */

static void no_query_breaks_it(void **state)
{
    (void)state;
    static const char *const pieces[] = {
        "\"",   "-",    ":", "titel:", "fase:",      "“",  "vergunning", "bouw", " ",  "*",
        "\xff", "\xc3", "é", "a",      "catalogus:", "\n", "plan",       "(",    "OR", "\0x"};
    unsigned long long seed = 7;
    demo_text(1, "De omgevingsvergunning", "Tekst over de bouw van huizen en een plan.");
    demo_text(2, "Het plan", "Vergunning.");
    demo_catch_up();
    struct ctx c = demo.c;
    c.arena = arena_new();
    for (int i = 0; i < 20000; i++) {
        char text[INDEX_MAX_QUERY + 20];
        size_t len = 0, count = next_random(&seed) % 12;
        for (size_t k = 0; k < count && len < 250; k++) {
            if (next_random(&seed) % 3 == 0) {
                text[len++] = (char)next_random(&seed);
                continue;
            }
            const char *piece = pieces[next_random(&seed) % COUNT_OF(pieces)];
            memcpy(text + len, piece, strlen(piece));
            len += strlen(piece);
        }
        struct index_result r;
        struct index_suggestion *s;
        size_t found;
        struct index_query q = {
            .text = str_of(text, len), .limit = next_random(&seed) % 5, .explain = i % 50 == 0};
        CHECK_OK(&c, index_search(&c, demo.ix, &q, &r));
        if (i % 4 == 0)
            CHECK_OK(&c, index_suggest(&c, demo.ix, q.text, 5, &s, &found));
        arena_reset(c.arena);
    }
    char long_text[INDEX_MAX_QUERY + 1];
    struct index_result r;
    memset(long_text, 'a', sizeof long_text);
    struct index_query q = {.text = str_of(long_text, sizeof long_text), .limit = 5};
    CHECK_INT(index_search(&c, demo.ix, &q, &r), ERR_INVALID);
    q.text.len--;
    CHECK_OK(&c, index_search(&c, demo.ix, &q, &r));
    arena_free(c.arena);
}

static void strange_documents_are_taken(void **state)
{
    (void)state;
    size_t len = 400000;
    char *bytes = arena_alloc(demo.load.arena, len), *letters = arena_alloc(demo.load.arena, len);
    unsigned long long seed = 3;
    for (size_t i = 0; i < len; i++)
        bytes[i] = (char)next_random(&seed);
    memset(letters, 'b', len);
    demo_put(1, (struct index_document){.title = str_of(bytes, len),
                                        .body = str_of(bytes, len),
                                        .keywords = S("parkeren")});
    demo_put(2, (struct index_document){.title = S("Titel"),
                                        .body = str_of(letters, len),
                                        .keywords = S("parkeren"),
                                        .url = str_of(bytes, 100)});
    demo_put(3, (struct index_document){.keywords = S("parkeren")});
    demo_catch_up();
    CHECK_INT(demo_search("parkeren").total, 3);
    CHECK_OK(&demo.c, index_rebuild(&demo.c, demo.ix, NULL, NULL));
    CHECK_INT(demo_search("parkeren").total, 3);
}

/* ---- threads ---- */

static atomic_bool stop;
static atomic_size_t searches;

struct searcher {
    struct ctx c;
    size_t failures;
};

static void *search_on(void *arg)
{
    static const char *const queries[] = {"parkeren", "vergunning bouw", "\"de bouw\"", "parkeeren",
                                          "",         "geen hits"};
    struct searcher *me = arg;
    struct ctx c = me->c;
    c.arena = arena_new();
    for (size_t i = 0; !atomic_load(&stop); i++) {
        struct index_result r;
        struct index_suggestion *s;
        size_t count;
        struct index_query q = {.text = str_from(queries[i % COUNT_OF(queries)]), .limit = 20};
        me->failures += index_search(&c, demo.ix, &q, &r) != 0;
        /* Documents 1 to 50 always have the word. */
        me->failures += i % COUNT_OF(queries) == 0 && r.total < 50;
        me->failures += index_suggest(&c, demo.ix, S("tit"), 8, &s, &count) != 0;
        atomic_fetch_add(&searches, 1);
        arena_reset(c.arena);
    }
    arena_free(c.arena);
    return NULL;
}

static void searching_goes_on_while_the_index_changes(void **state)
{
    (void)state;
    pthread_t threads[4];
    struct searcher searchers[4] = {0};
    for (long long id = 1; id <= 200; id++)
        demo_text(id, "Titel", "Tekst over parkeren en de bouw.");
    demo_catch_up();
    atomic_store(&stop, false);
    for (size_t i = 0; i < 4; i++) {
        searchers[i].c = demo.c;
        searchers[i].c.lease = NULL;
    }
    for (size_t i = 0; i < 4; i++)
        CHECK_INT(pthread_create(&threads[i], NULL, search_on, &searchers[i]), 0);
    for (int round = 0; round < 25; round++) {
        for (long long id = 51 + round; id <= 90 + round; id++)
            demo_text(id, "Titel",
                      round % 2 ? "Een vergunning voor de bouw." : "Tekst over parkeren.");
        demo_remove(190 - round);
        demo_catch_up();
        if (round % 5 == 0)
            CHECK_OK(&demo.c, index_rebuild(&demo.c, demo.ix, NULL, NULL));
        if (round % 7 == 0)
            CHECK_OK(&demo.c,
                     index_set_vocabulary(&demo.c, demo.ix, &(struct index_vocabulary){0}));
    }
    atomic_store(&stop, true);
    for (size_t i = 0; i < 4; i++) {
        pthread_join(threads[i], NULL);
        CHECK_INT(searchers[i].failures, 0);
    }
    CHECK(atomic_load(&searches) > 20);
}

#define WITH_INDEX(f) cmocka_unit_test_setup_teardown(f, demo_begin, demo_end)

TEST_MAIN(WITH_INDEX(new_text_is_findable_after_a_catch_up),
          WITH_INDEX(the_first_catch_up_builds_from_the_sources),
          WITH_INDEX(an_index_survives_closing), WITH_INDEX(a_damaged_index_is_built_anew),
          WITH_INDEX(a_rebuild_switches_and_cleans_up), WITH_INDEX(another_process_may_rebuild),
          WITH_INDEX(an_object_that_cannot_be_read_does_not_stop_the_rest),
          WITH_INDEX(a_batch_that_fails_halfway_leaves_nothing),
          WITH_INDEX(much_is_followed_in_batches), WITH_INDEX(what_is_withdrawn_is_gone_everywhere),
          WITH_INDEX(facet_counts_equal_counting_by_hand),
          WITH_INDEX(an_unknown_filter_is_refused_and_an_unknown_value_finds_nothing),
          WITH_INDEX(without_words_the_newest_comes_first),
          WITH_INDEX(a_title_weighs_more_and_a_score_can_be_explained),
          WITH_INDEX(a_query_is_relaxed_or_another_is_offered),
          WITH_INDEX(suggestions_while_typing), WITH_INDEX(no_query_breaks_it),
          WITH_INDEX(strange_documents_are_taken),
          WITH_INDEX(searching_goes_on_while_the_index_changes))
