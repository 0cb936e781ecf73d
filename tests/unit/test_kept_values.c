#include <pthread.h>

#include "base/kept.h"
#include "test.h"

enum { SMALL = 100, LARGE = 60 * 1024, ROOM = 1024 * 1024 };

static int builds;

struct wanted {
    const char *text;
    size_t size;
    bool fails;
};

static int build(struct ctx *c, const void *arg, void **ret)
{
    const struct wanted *w = arg;
    __atomic_fetch_add(&builds, 1, __ATOMIC_RELAXED);
    if (w->fails)
        return err_set(c, ERR_INVALID, "Dit kan niet worden gelezen.");
    *ret = arena_alloc(c->arena, w->size);
    (void)snprintf(*ret, w->size, "%s", w->text);
    return 0;
}

static const char *get(struct ctx *c, str key, const char *text, size_t size)
{
    const struct wanted w = {text, size, false};
    void *value = NULL;
    if (!kept_find(c, key, &value))
        CHECK_OK(c, kept_make(c, key, build, &w, &value));
    return value;
}

static bool is_there(struct ctx *c, str key)
{
    void *value;
    return kept_find(c, key, &value);
}

static struct ctx begin(size_t room)
{
    builds = 0;
    return (struct ctx){.arena = arena_new(), .kept = kept_new(room)};
}

static void end(struct ctx *c)
{
    arena_free(c->arena);
    kept_free(c->kept);
}

static void a_value_is_built_once_for_its_key(void **state)
{
    (void)state;
    struct ctx c = begin(ROOM);
    const char *first = get(&c, S("a"), "een", SMALL);
    CHECK(get(&c, S("a"), "iets anders", SMALL) == first);
    CHECK_STR(str_from(first), S("een"));
    CHECK_STR(str_from(get(&c, S("b"), "twee", SMALL)), S("twee"));
    CHECK_INT(builds, 2);
    struct kept_status status = kept_status(c.kept);
    CHECK_INT(status.count, 2);
    CHECK_INT((long long)status.hits, 1);
    CHECK_INT((long long)status.misses, 2);
    end(&c);
}

static void what_was_used_longest_ago_makes_room(void **state)
{
    (void)state;
    struct ctx c = begin(ROOM), other = c;
    other.arena = arena_new();
    const char *first = get(&other, S("0"), "nul", LARGE);
    for (int i = 1; i < 40; i++) {
        (void)get(&c, str_fmt(c.arena, "%d", i), "later", LARGE);
        CHECK(is_there(&c, S("1"))); /* is used all the time */
        CHECK(kept_status(c.kept).bytes <= ROOM);
    }
    CHECK(!is_there(&c, S("0")));
    CHECK(!is_there(&c, S("2")));
    CHECK(is_there(&c, S("39")));
    CHECK(kept_status(c.kept).count < 20);
    CHECK_STR(str_from(first), S("nul")); /* whoever has it keeps it */
    arena_free(other.arena);
    end(&c);
}

static void a_value_that_takes_too_much_is_for_its_call_only(void **state)
{
    (void)state;
    struct ctx c = begin(ROOM);
    CHECK_STR(str_from(get(&c, S("a"), "groot", ROOM / KEPT_SHARE)), S("groot"));
    CHECK(!is_there(&c, S("a")));
    CHECK_INT(kept_status(c.kept).bytes, 0);
    end(&c);
}

static void a_failure_is_passed_on_and_not_kept(void **state)
{
    (void)state;
    struct ctx c = begin(ROOM);
    const struct wanted w = {"", SMALL, true};
    void *value;
    CHECK_INT(kept_make(&c, S("a"), build, &w, &value), ERR_INVALID);
    CHECK_STR(c.err.msg, S("Dit kan niet worden gelezen."));
    CHECK(!is_there(&c, S("a")));
    CHECK_STR(str_from(get(&c, S("a"), "goed", SMALL)), S("goed"));
    end(&c);
}

static void without_room_each_call_builds_its_own(void **state)
{
    (void)state;
    struct ctx c = begin(0);
    CHECK(!c.kept);
    CHECK(get(&c, S("a"), "een", SMALL) != get(&c, S("a"), "een", SMALL));
    CHECK_INT(builds, 2);
    CHECK_INT(kept_status(c.kept).count, 0);
    end(&c);
}

static void the_first_of_two_makers_stays(void **state)
{
    (void)state;
    struct ctx c = begin(ROOM);
    const struct wanted one = {"een", SMALL, false}, two = {"twee", SMALL, false};
    void *first = NULL, *second = NULL, *found = NULL;
    CHECK_OK(&c, kept_make(&c, S("a"), build, &one, &first));
    CHECK_OK(&c, kept_make(&c, S("a"), build, &two, &second));
    CHECK_STR(str_from(second), S("twee"));
    CHECK(kept_find(&c, S("a"), &found) && found == first);
    CHECK_INT(kept_status(c.kept).count, 1);
    end(&c);
}

static void *use(void *arg)
{
    for (int i = 0; i < 1000; i++) {
        struct ctx c = {.arena = arena_new(), .kept = arg};
        str key = str_fmt(c.arena, "%d", i % 40);
        CHECK_STR(str_from(get(&c, key, key.ptr, LARGE)), key);
        arena_free(c.arena);
    }
    return NULL;
}

static void many_threads_share_and_push_out(void **state)
{
    (void)state;
    struct kept *k = kept_new(ROOM);
    pthread_t threads[8];
    for (size_t i = 0; i < COUNT_OF(threads); i++)
        CHECK_INT(pthread_create(&threads[i], NULL, use, k), 0);
    for (size_t i = 0; i < COUNT_OF(threads); i++)
        CHECK_INT(pthread_join(threads[i], NULL), 0);
    CHECK(kept_status(k).bytes <= ROOM);
    kept_free(k);
}

TEST_MAIN(TEST(a_value_is_built_once_for_its_key), TEST(what_was_used_longest_ago_makes_room),
          TEST(a_value_that_takes_too_much_is_for_its_call_only),
          TEST(a_failure_is_passed_on_and_not_kept), TEST(without_room_each_call_builds_its_own),
          TEST(the_first_of_two_makers_stays), TEST(many_threads_share_and_push_out))
