#include <pthread.h>

#include "base/snapshot.h"
#include "test.h"

static int builds;
static bool build_fails;

static int build(struct ctx *c, const void *arg, void **ret)
{
    __atomic_fetch_add(&builds, 1, __ATOMIC_RELAXED);
    if (build_fails)
        return err_set(c, ERR_BUSY, "De database is even weg.");
    *ret = arena_alloc(c->arena, 100);
    (void)snprintf(*ret, 100, "%s", (const char *)arg);
    return 0;
}

static const char *get(struct ctx *c, const char *name, long long generation)
{
    void *value = NULL;
    CHECK_OK(c, snapshot_get(c, name, generation, build, "waarde", &value));
    return value;
}

static void is_built_once_for_a_generation(void **state)
{
    (void)state;
    struct snapshots *s = snapshots_new();
    struct ctx c = {.arena = arena_new(), .snapshots = s};
    builds = 0;
    const char *first = get(&c, "a", 1);
    CHECK(get(&c, "a", 1) == first);
    CHECK_INT(builds, 1);
    const char *second = get(&c, "a", 2);
    CHECK(second != first);
    CHECK_STR(str_from(first), S("waarde")); /* whoever had it keeps it */
    CHECK(get(&c, "b", 2) != second);
    CHECK_INT(builds, 3);
    (void)get(&c, "a", 1); /* a slow caller's older generation is for itself only */
    CHECK(get(&c, "a", 2) == second);
    arena_free(c.arena);
    snapshots_free(s);
}

static void a_failure_is_passed_on_and_not_kept(void **state)
{
    (void)state;
    struct snapshots *s = snapshots_new();
    struct ctx c = {.arena = arena_new(), .snapshots = s};
    void *value = NULL;
    build_fails = true;
    CHECK_INT(snapshot_get(&c, "a", 1, build, "x", &value), ERR_BUSY);
    CHECK_STR(c.err.msg, S("De database is even weg."));
    build_fails = false;
    (void)get(&c, "a", 1);
    arena_free(c.arena);
    snapshots_free(s);
}

static void without_a_table_each_call_builds_its_own(void **state)
{
    (void)state;
    struct ctx c = {.arena = arena_new()};
    builds = 0;
    CHECK(get(&c, "a", 1) != get(&c, "a", 1));
    CHECK_INT(builds, 2);
    arena_free(c.arena);
}

static void *use(void *arg)
{
    for (int i = 0; i < 500; i++) {
        struct ctx c = {.arena = arena_new(), .snapshots = arg};
        CHECK_STR(str_from(get(&c, i % 2 ? "a" : "b", i / 10)), S("waarde"));
        arena_free(c.arena);
    }
    return NULL;
}

static void many_threads_share_and_replace(void **state)
{
    (void)state;
    struct snapshots *s = snapshots_new();
    pthread_t threads[8];
    for (size_t i = 0; i < COUNT_OF(threads); i++)
        CHECK_INT(pthread_create(&threads[i], NULL, use, s), 0);
    for (size_t i = 0; i < COUNT_OF(threads); i++)
        CHECK_INT(pthread_join(threads[i], NULL), 0);
    snapshots_free(s);
}

TEST_MAIN(TEST(is_built_once_for_a_generation), TEST(a_failure_is_passed_on_and_not_kept),
          TEST(without_a_table_each_call_builds_its_own), TEST(many_threads_share_and_replace))
