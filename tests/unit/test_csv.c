#include "test.h"

#include "table/csv.h"

static void reads_cells_and_skips_comments(void **state)
{
    (void)state;
    struct ctx c = {.arena = arena_new()};
    struct csv t;
    CHECK_OK(&c, csv_read(&c, S("# source: x\nyear,name\n2025,\"a, \"\"b\"\"\"\n"), 10, &t));
    CHECK_INT(t.count, 2);
    CHECK_STR(csv_cell(&t, 1, csv_column(&t, "name")), S("a, \"b\""));
    CHECK_STR(csv_cell(&t, 1, csv_column(&t, "none")), S(""));
    CHECK_STR(csv_cell(&t, 9, 0), S(""));
    arena_free(c.arena);
}

static void is_bounded_and_strict(void **state)
{
    (void)state;
    struct ctx c = {.arena = arena_new()};
    struct csv t;
    CHECK_INT(csv_read(&c, S("a\n1\n2\n3\n"), 2, &t), ERR_LIMIT);
    CHECK_INT(csv_read(&c, S("a\n\"open\n"), 9, &t), ERR_INVALID);
    arena_free(c.arena);
}

static void what_is_not_there_is_empty(void **state)
{
    (void)state;
    struct ctx c = {.arena = arena_new()};
    struct csv t;
    CHECK_OK(&c, csv_read(&c, S("# only remarks, and no line after them"), 9, &t));
    CHECK_INT(t.count, 0);
    CHECK_INT(csv_column(&t, "year"), -1);
    CHECK_STR(csv_cell(&t, 0, 0), S(""));
    CHECK_OK(&c, csv_read(&c, S("a,b\n1"), 9, &t));
    CHECK_STR(csv_cell(&t, 1, 0), S("1"));
    CHECK_STR(csv_cell(&t, 1, 1), S(""));
    CHECK_STR(csv_cell(&t, 1, -1), S(""));
    CHECK_INT(csv_read(&c, S("a\n\"b\"c\n"), 9, &t), ERR_INVALID);
    arena_free(c.arena);
}

TEST_MAIN(TEST(reads_cells_and_skips_comments), TEST(is_bounded_and_strict),
          TEST(what_is_not_there_is_empty))
