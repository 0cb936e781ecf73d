/* What features show on the pages of others. */
#include "test.h"

#include "module/beside.h"

static int two_links(struct ctx *c, const str *slugs, size_t count, struct beside_link **ret,
                     size_t *ret_count)
{
    CHECK_INT(count, 2);
    CHECK_STR(slugs[0], S("nu"));
    CHECK_STR(slugs[1], S("vroeger"));
    *ret = arena_array(c->arena, 2, sizeof **ret);
    (*ret)[0] = (struct beside_link){S("Een"), S("/een")};
    (*ret)[1] = (struct beside_link){S("Twee"), S("/twee")};
    *ret_count = 2;
    return 0;
}

static int no_links(struct ctx *c _unused_, const str *slugs _unused_, size_t count _unused_,
                    struct beside_link **ret _unused_, size_t *ret_count)
{
    *ret_count = 0;
    return 0;
}

static int broken(struct ctx *c, const str *slugs _unused_, size_t count _unused_,
                  struct beside_link **ret _unused_, size_t *ret_count _unused_)
{
    return err_set(c, ERR_BUSY, "Even geduld.");
}

static const struct beside_source first = {"item", "Hoort bij", two_links},
                                  empty = {"item", "Leeg", no_links},
                                  other = {"plan", "Van een plan", two_links},
                                  failing = {"item", "Kapot", broken};
static const str slugs[] = {STR("nu"), STR("vroeger")};

static void shows_what_there_is_for_the_kind(void **state)
{
    (void)state;
    const struct beside_source *const sources[] = {&empty, &other, &first};
    const struct besides all = {sources, COUNT_OF(sources)};
    struct ctx c = {.arena = arena_new(), .besides = &all};
    struct beside_block *blocks;
    size_t count;
    CHECK_OK(&c, beside_blocks(&c, "item", slugs, COUNT_OF(slugs), &blocks, &count));
    CHECK_INT(count, 1);
    CHECK_STR(blocks[0].heading, S("Hoort bij"));
    CHECK_INT(blocks[0].links_count, 2);
    CHECK_STR(blocks[0].links[1].url, S("/twee"));
    CHECK_OK(&c, beside_blocks(&c, "begrip", slugs, COUNT_OF(slugs), &blocks, &count));
    CHECK_INT(count, 0);
    arena_free(c.arena);
}

static void nothing_is_shown_where_nobody_shows(void **state)
{
    (void)state;
    struct ctx c = {.arena = arena_new()};
    struct beside_block *blocks;
    size_t count = 7;
    CHECK_OK(&c, beside_blocks(&c, "item", slugs, COUNT_OF(slugs), &blocks, &count));
    CHECK_INT(count, 0);
    arena_free(c.arena);
}

static void a_failure_is_passed_on(void **state)
{
    (void)state;
    const struct beside_source *const sources[] = {&first, &failing};
    const struct besides all = {sources, COUNT_OF(sources)};
    struct ctx c = {.arena = arena_new(), .besides = &all};
    struct beside_block *blocks;
    size_t count;
    CHECK_INT(beside_blocks(&c, "item", slugs, COUNT_OF(slugs), &blocks, &count), ERR_BUSY);
    CHECK_STR(c.err.msg, S("Even geduld."));
    arena_free(c.arena);
}

TEST_MAIN(TEST(shows_what_there_is_for_the_kind), TEST(nothing_is_shown_where_nobody_shows),
          TEST(a_failure_is_passed_on))
