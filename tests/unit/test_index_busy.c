/* One index used by many at once: sixteen search and ask for suggestions while another takes in
   changes and rebuilds, and a third replaces the vocabulary. Run under the thread sanitizer by
   ./check tsan. */
#include "index_demo.h"

#include <stdatomic.h>

enum { SEARCHERS = 16, DOCUMENTS = 150, STABLE = 40, CHANGES = 12 };

static atomic_bool stop;
static atomic_int searches, replacements;

struct worker {
    struct ctx c;
    int number, failures;
};

static const char *const queries[] = {
    "parkeren", "vergunning bouw", "\"de bouw\"", "parkeeren",         "",
    "wagen",    "parkeren -bouw",  "titel:titel", "geen hits kwantum", "bouwvergunning"};

static int search_once(struct ctx *c, int turn)
{
    struct index_result r;
    struct index_suggestion *s;
    size_t count;
    const char *text = queries[turn % (int)COUNT_OF(queries)];
    struct index_query q = {.text = str_from(text), .limit = 10, .explain = turn % 9 == 0};
    TRY(index_search(c, demo.ix, &q, &r));
    /* The first documents have this word from the beginning and keep it. */
    if (turn % (int)COUNT_OF(queries) == 0 && r.total < STABLE)
        return ERR_INTERNAL;
    TRY(index_suggest(c, demo.ix, S("tit"), 8, &s, &count));
    return count ? 0 : ERR_INTERNAL;
}

static void *search_on(void *arg)
{
    struct worker *me = arg;
    for (int turn = me->number; !atomic_load(&stop); turn++) {
        me->failures += search_once(&me->c, turn) != 0;
        atomic_fetch_add(&searches, 1);
        arena_reset(me->c.arena);
    }
    return NULL;
}

/* Two vocabularies by turns; the words of one are gone when the other is there. */
static void *replace_on(void *arg)
{
    struct worker *me = arg;
    for (int turn = 0; !atomic_load(&stop); turn++) {
        struct arena *a = arena_new();
        struct index_synonym synonym = {str_dup(a, S("wagen")), str_dup(a, S("parkeren")), true};
        str protect = str_dup(a, S("Houten"));
        struct index_vocabulary v = {&synonym, 1, &protect, 1};
        if (turn % 2)
            v = (struct index_vocabulary){0};
        me->failures += index_set_vocabulary(&me->c, demo.ix, &v) != 0;
        arena_free(a);
        atomic_fetch_add(&replacements, 1);
        (void)nanosleep(&(struct timespec){.tv_nsec = 500000}, NULL);
    }
    return NULL;
}

static struct worker worker_of(int number)
{
    struct worker w = {.c = demo.c, .number = number};
    w.c.arena = arena_new();
    w.c.lease = NULL;
    return w;
}

/* What the one indexer of a node does: change, catch up, now and then rebuild. */
static void change_on(void)
{
    struct index_status status;
    for (int round = 0; round < CHANGES; round++) {
        for (long long id = STABLE + 1 + round; id <= STABLE + 20 + round; id++)
            demo_text(id, "Titel", round % 2 ? "Een vergunning voor de bouw." : "Over parkeren.");
        demo_remove(DOCUMENTS - round);
        (void)demo_catch_up();
        if (round % 4 == 0)
            CHECK_OK(&demo.c, index_rebuild(&demo.c, demo.ix, NULL, NULL));
        CHECK_OK(&demo.c, index_status(&demo.c, demo.ix, &status));
        CHECK_INT(status.documents, DOCUMENTS - round - 1);
    }
}

static void everybody_may_use_the_index_at_once(void **state)
{
    (void)state;
    pthread_t threads[SEARCHERS + 1];
    struct worker workers[SEARCHERS + 1];
    for (long long id = 1; id <= DOCUMENTS; id++)
        demo_text(id, "Titel", "Tekst over parkeren en de bouw.");
    (void)demo_catch_up();
    atomic_store(&stop, false);
    for (int i = 0; i <= SEARCHERS; i++)
        workers[i] = worker_of(i);
    for (int i = 0; i <= SEARCHERS; i++)
        CHECK_INT(
            pthread_create(&threads[i], NULL, i < SEARCHERS ? search_on : replace_on, &workers[i]),
            0);
    change_on();
    atomic_store(&stop, true);
    for (int i = 0; i <= SEARCHERS; i++)
        pthread_join(threads[i], NULL);
    for (int i = 0; i <= SEARCHERS; i++) {
        CHECK_INT(workers[i].failures, 0);
        arena_free(workers[i].c.arena);
    }
    CHECK(atomic_load(&searches) >= SEARCHERS && atomic_load(&replacements) >= 4);
}

TEST_MAIN(cmocka_unit_test_setup_teardown(everybody_may_use_the_index_at_once, demo_begin,
                                          demo_end))
