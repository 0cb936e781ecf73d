/* The figures of the home page: numbers, words, bars. */
#include "test.h"

#include "site/site_int.h"

static void figures_are_those_of_the_file(void **state)
{
    (void)state;
    struct ctx c = {.arena = arena_new()};
    struct site_figures_data f;
    CHECK_OK(&c, site_figures_read(&c, &f));
    CHECK_INT(f.years_count, 11);
    CHECK_INT(f.years[0].year, 2015);
    CHECK_INT(f.years[10].completions, 69183);
    CHECK_STR(f.years[10].median_months, S("23,4"));
    CHECK_INT(f.years[10].median_tenths, 234);
    CHECK_STR(f.vintage, S("peildatum vierde kwartaal 2025"));
    arena_free(c.arena);
}

static void bars_are_in_proportion(void **state)
{
    (void)state;
    struct ctx c = {.arena = arena_new()};
    struct site_year years[] = {{.year = 2020, .completions = 50},
                                {.year = 2021, .completions = 100},
                                {.year = 2022, .completions = 0}};
    struct site_figures_data f = {.years = years, .years_count = 3};
    struct site_bar *bars;
    CHECK_INT(site_bars(&c, &f, &bars), 3);
    CHECK_INT(bars[1].height, 160);
    CHECK_INT(bars[0].height, 80);
    CHECK_INT(bars[2].height, 0);
    CHECK_INT(bars[0].y + bars[0].height, 188);
    CHECK(bars[1].valued);
    CHECK(bars[2].last);
    CHECK_STR(bars[1].x, S("36.66%"));
    f.years_count = 0;
    CHECK_INT(site_bars(&c, &f, &bars), 0);
    arena_free(c.arena);
}

TEST_MAIN(TEST(figures_are_those_of_the_file), TEST(bars_are_in_proportion))
