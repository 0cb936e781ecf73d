#include "test.h"

#include "yaml/yaml.h"

static void reads_texts_lists_and_maps_with_lines(void **state)
{
    (void)state;
    struct ctx c = {.arena = arena_new()};
    const struct yaml *y;
    CHECK_OK(&c, yaml_parse(
                     &c, S("title: \"Een: twee\"\nlijst:\n  - a\n  - b: 1\ncodes: [X, Y]\nleeg:\n"),
                     2, &y));
    CHECK_STR(yaml_text(yaml_get(y, "title")), S("Een: twee"));
    CHECK_INT(yaml_count(yaml_get(y, "lijst")), 2);
    CHECK_STR(yaml_text(yaml_get(yaml_at(yaml_get(y, "lijst"), 1), "b")), S("1"));
    CHECK_INT(yaml_line(yaml_at(yaml_get(y, "lijst"), 1)), 5);
    CHECK_STR(yaml_text(yaml_at(yaml_get(y, "codes"), 1)), S("Y"));
    CHECK_STR(yaml_text(yaml_get(y, "leeg")), S(""));
    CHECK(yaml_get(y, "niets") == NULL);
    CHECK_STR(yaml_text(yaml_get(NULL, "x")), S(""));
    arena_free(c.arena);
}

static void refuses(struct ctx *c, str text, const char *words)
{
    const struct yaml *y;
    CHECK_INT(yaml_parse(c, text, 1, &y), ERR_INVALID);
    if (str_find(c->err.msg, str_from(words)) == STR_NONE)
        print_error("said: %.*s\n", (int)c->err.msg.len, c->err.msg.ptr);
    CHECK(str_find(c->err.msg, str_from(words)) != STR_NONE);
}

static void names_the_line_of_a_mistake(void **state)
{
    (void)state;
    struct ctx c = {.arena = arena_new()};
    refuses(&c, S("a: 1\nb: [\n"), "regel 3");
    refuses(&c, S("a: 1\na: 2\n"), "twee keer");
    refuses(&c, S("a: &x 1\n"), "verwijzingen");
    refuses(&c, S("a: *x\n"), "regel 1");
    refuses(&c, S("a: 1\n---\nb: 2\n"), "één document");
    refuses(&c, S(""), "niets");
    refuses(&c, S("[1, 2]: x\n"), "één woord");
    arena_free(c.arena);
}

static void deep_and_long_input_is_bounded(void **state)
{
    (void)state;
    struct ctx c = {.arena = arena_new()};
    struct arena *a = c.arena;
    char *deep = arena_alloc(a, 20000);
    memset(deep, '[', 20000);
    refuses(&c, str_of(deep, 20000), "genest");
    char *wide = arena_alloc(a, 60002);
    wide[0] = '[';
    for (size_t i = 0; i < 30000; i++) {
        wide[1 + 2 * i] = '1';
        wide[2 + 2 * i] = ',';
    }
    wide[60001] = ']';
    refuses(&c, str_of(wide, 60002), "te lang");
    arena_free(c.arena);
}

TEST_MAIN(TEST(reads_texts_lists_and_maps_with_lines), TEST(names_the_line_of_a_mistake),
          TEST(deep_and_long_input_is_bounded))
