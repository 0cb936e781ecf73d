/* Which calls the loops try. */
#include "place.h"
#include "test.h"

#include "base/snapshot.h"

enum { MANY = 3000 };

static struct place places[MANY];
static bool wanted[MANY];

static size_t count_wanted(size_t count)
{
    size_t n = 0;
    for (size_t i = 0; i < count; i++)
        n += wanted[i];
    return n;
}

/* Each call from one of so many places in turn. */
static void lay_out(size_t count, size_t different)
{
    for (size_t i = 0; i < count; i++)
        places[i] = (struct place){.whole = 1 + i % different};
}

static void the_first_of_each_place_and_another_are_tried(void **state _unused_)
{
    lay_out(100, 10);
    CHECK(!place_choose(places, 100, 5, false, wanted));
    CHECK_INT(count_wanted(100), 20);
    for (size_t i = 0; i < 10; i++)
        CHECK(wanted[i]);
}

static void with_the_seeds_every_call_has_its_turn(void **state _unused_)
{
    bool tried[100] = {0};
    lay_out(100, 10);
    for (long seed = 0; seed < 9; seed++) {
        (void)place_choose(places, 100, seed, false, wanted);
        for (size_t i = 0; i < 100; i++)
            tried[i] = tried[i] || wanted[i];
    }
    for (size_t i = 0; i < 100; i++)
        CHECK(tried[i]);
}

static void where_there_are_too_many_places_they_take_turns(void **state _unused_)
{
    bool tried[MANY] = {0};
    lay_out(MANY, MANY);
    for (long seed = 0; seed < MANY / PLACE_MOST; seed++) {
        (void)place_choose(places, MANY, seed, false, wanted);
        CHECK_INT(count_wanted(MANY), PLACE_MOST);
        for (size_t i = 0; i < MANY; i++)
            tried[i] = tried[i] || wanted[i];
    }
    for (size_t i = 0; i < MANY; i++)
        CHECK(tried[i]);
}

/* What one request had to build is not tried again for the next; that who asks passes the failure
   on, is. */
static void shared_values_are_tried_once(void **state _unused_)
{
    for (size_t i = 0; i < 60; i++)
        places[i] = (struct place){.whole = 7, .build = 1000 + i};
    CHECK(place_choose(places, 60, 3, false, wanted));
    CHECK_INT(count_wanted(60), 60);
    CHECK(!place_choose(places, 60, 3, false, wanted));
    CHECK_INT(count_wanted(60), 2);
    CHECK(place_choose(places, 60, 3, true, wanted));
}

static struct place here(void)
{
    return place_of_call();
}

static void calls_from_one_place_are_alike(void **state _unused_)
{
    struct place one[2], other;
    for (int i = 0; i < 2; i++)
        one[i] = here();
    other = here();
    CHECK(one[0].whole == one[1].whole);
    CHECK(one[0].whole != other.whole);
    CHECK_INT(one[0].build, 0);
}

static int build(struct ctx *c, const void *arg _unused_, void **ret)
{
    struct place *p = arena_new_of(c->arena, struct place);
    *p = here();
    *ret = p;
    return 0;
}

static struct place place_in_builder(void)
{
    void *value = NULL;
    struct ctx c = {.arena = arena_new(), .snapshots = snapshots_new()};
    CHECK_OK(&c, snapshot_get(&c, "proef", 1, build, NULL, &value));
    struct place p = *(struct place *)value;
    arena_free(c.arena);
    snapshots_free(c.snapshots);
    return p;
}

static void builders_are_alike_whoever_asks(void **state _unused_)
{
    struct place one = place_in_builder(), other = place_in_builder();
    CHECK(one.build != 0);
    CHECK(one.build == other.build);
    CHECK(one.whole != other.whole);
}

TEST_MAIN(TEST(the_first_of_each_place_and_another_are_tried),
          TEST(with_the_seeds_every_call_has_its_turn),
          TEST(where_there_are_too_many_places_they_take_turns), TEST(shared_values_are_tried_once),
          TEST(calls_from_one_place_are_alike), TEST(builders_are_alike_whoever_asks))
