/* Records of content files: what a table lets through, and which line is named when it does not. */
#include "test.h"

#include "yaml/record.h"

struct tree {
    str name, kind;
};
struct street {
    str slug, name, note, since, url, size;
    struct {
        const str *items;
        size_t items_count;
    } squares;
    struct tree oldest, first;
    struct tree *trees;
    size_t trees_count;
    bool paved;
};

enum { CHECK_SHORT = 1 };

static const struct record_field tree_fields[] = {
    {"name", RECORD_TEXT(struct tree, name), .max = 10, .required = true},
    {"kind", RECORD_TEXT(struct tree, kind), .max = 10, .choices = "eik|linde"},
};
static const struct record_shape tree_shape = RECORD_SHAPE("boom", tree_fields);

static const struct record_field fields[] = {
    {"slug", RECORD_TEXT(struct street, slug), .max = 100, .required = true, .form = RECORD_SLUG},
    {"name", RECORD_TEXT(struct street, name), .max = 10, .required = true, .form = RECORD_LINE},
    {"note", RECORD_TEXT(struct street, note), .max = 40},
    {"since", RECORD_TEXT(struct street, since), .max = 10, .form = RECORD_DATE},
    {"url", RECORD_TEXT(struct street, url), .max = 60, .form = RECORD_URL},
    {"size", RECORD_TEXT(struct street, size), .max = 20, .check = CHECK_SHORT},
    {"squares", RECORD_TEXTS(struct street, squares.items), .max = 10, .max_items = 2,
     .check = CHECK_SHORT},
    {"oldest", RECORD_MAP(struct street, oldest, tree_shape)},
    {"first", RECORD_MAP(struct street, first, tree_shape)},
    {"trees", RECORD_MAPS(struct street, trees, tree_shape), .max_items = 3},
    {"paved", RECORD_SWITCH(struct street, paved)},
};
static const struct record_shape shape = RECORD_SHAPE("straat", fields);

static const char *at_most_four(const struct record_reader *r, int what, str value)
{
    CHECK_INT(what, CHECK_SHORT);
    return value.len > *(const size_t *)r->arg ? "is te veel van het goede." : NULL;
}

static int read(struct ctx *c, const char *text, struct street *ret)
{
    static const size_t four = 4;
    const struct record_reader r = {c, at_most_four, &four};
    const struct yaml *root;
    *ret = (struct street){0};
    TRY(yaml_parse(c, str_from(text), 1, &root));
    return record_read(&r, root, &shape, ret);
}

static void reads_what_the_table_says(void **state)
{
    (void)state;
    struct ctx c = {.arena = arena_new()};
    struct street s;
    CHECK_OK(&c, read(&c,
                      "slug: kade\nname: \" Kade \"\nnote: |\n  Een.\n  Twee.\nsince: 1990-05-01\n"
                      "url: https://voorbeeld.nl\nsize: kort\nsquares: [a, b]\n"
                      "oldest:\n  name: Dikke\n  kind: eik\n"
                      "trees:\n  - name: Een\n  - {name: Twee, kind: linde}\npaved: false\n",
                      &s));
    CHECK_STR(s.slug, S("kade"));
    CHECK_STR(s.name, S("Kade"));
    CHECK_STR(s.note, S("Een.\nTwee."));
    CHECK_STR(s.since, S("1990-05-01"));
    CHECK_INT(s.squares.items_count, 2);
    CHECK_STR(s.squares.items[1], S("b"));
    CHECK_STR(s.oldest.kind, S("eik"));
    CHECK_INT(s.trees_count, 2);
    CHECK_STR(s.trees[0].kind, S(""));
    CHECK_STR(s.trees[1].name, S("Twee"));
    CHECK(!s.paved);
    arena_free(c.arena);
}

/* Nothing after the colon is as good as no key; a map that is left out asks nothing. */
static void what_is_left_out_is_empty(void **state)
{
    (void)state;
    struct ctx c = {.arena = arena_new()};
    struct street s;
    CHECK_OK(&c, read(&c, "slug: kade\nname: Kade\nsquares:\noldest:\n", &s));
    CHECK_INT(s.squares.items_count + s.trees_count + s.note.len + s.oldest.name.len, 0);
    CHECK(s.paved && s.squares.items && s.trees);
    arena_free(c.arena);
}

static void refuses(struct ctx *c, const char *text, const char *words)
{
    struct street s;
    CHECK_INT(read(c, text, &s), ERR_INVALID);
    if (str_find(c->err.msg, str_from(words)) == STR_NONE)
        print_error("said: %.*s\n", (int)c->err.msg.len, c->err.msg.ptr);
    CHECK(str_find(c->err.msg, str_from(words)) != STR_NONE);
}

static void names_the_line_and_the_key(void **state)
{
    (void)state;
    struct ctx c = {.arena = arena_new()};
#define STREET "slug: kade\nname: Kade\n"
    refuses(&c, "- kade\n", "regel 1: \"straat\" moet regels met \"sleutel: waarde\"");
    refuses(&c, "slug: kade\n", "regel 1: \"name\" ontbreekt of is leeg.");
    refuses(&c, "slug: kade\nname:\n", "regel 2: \"name\" ontbreekt of is leeg.");
    refuses(&c, STREET "kleur: rood\n", "regel 3: \"kleur\" is hier geen bekende sleutel.");
    refuses(&c, "slug: De Kade\nname: Kade\n", "regel 1: \"slug\" mag alleen kleine letters");
    refuses(&c, "slug: kade\nname: [Kade]\n", "regel 2: \"name\" moet tekst zijn, geen lijst.");
    refuses(&c, "slug: kade\nname: Een lange kade\n", "is te lang: ten hoogste 10 tekens.");
    refuses(&c, "slug: kade\nname: \"a\\nb\"\n", "\"name\" moet op één regel staan.");
    refuses(&c, "slug: kade\nname: \"a\\x01\"\n", "tekens die geen leesbare tekst zijn.");
    refuses(&c, STREET "since: 2023-02-29\n", "moet een datum zijn");
    refuses(&c, STREET "url: voorbeeld.nl\n", "moet een webadres zijn");
    refuses(&c, STREET "url: \"https://a.nl\\nb\"\n", "moet op één regel staan.");
    refuses(&c, STREET "size: groter\n", "\"size\" is te veel van het goede.");
    refuses(&c, STREET "squares: plein\n", "regel 3: \"squares\" moet een lijst zijn.");
    refuses(&c, STREET "squares: {a: b}\n", "\"squares\" moet een lijst zijn.");
    refuses(&c, STREET "squares: [a, b, c]\n", "te veel regels: ten hoogste 2.");
    refuses(&c, STREET "squares: [a, \"\"]\n", "\"squares\" heeft een lege regel.");
    refuses(&c, STREET "squares: [groter]\n", "\"squares\" is te veel van het goede.");
    refuses(&c, STREET "oldest: eik\n", "\"boom\" moet regels met");
    refuses(&c, STREET "oldest:\n  kind: eik\n", "regel 4: \"name\" ontbreekt");
    refuses(&c, STREET "trees:\n  - name: A\n    kind: den\n",
            "moet een van deze zijn: eik|linde.");
    refuses(&c, STREET "trees:\n  - naam: A\n",
            "regel 4: \"naam\" is hier geen bekende sleutel. Wel bekend: name, kind.");
    refuses(&c, STREET "trees: [{name: A}, {name: B}, {name: C}, {name: D}]\n", "ten hoogste 3.");
    refuses(&c, STREET "paved: ja\n", "\"paved\" moet true of false zijn.");
    arena_free(c.arena);
}

/* What was read outlives its document when it is copied. */
static void a_copy_stands_alone(void **state)
{
    (void)state;
    struct ctx c = {.arena = arena_new()};
    struct arena *own = arena_new();
    struct street s;
    CHECK_OK(&c, read(&c,
                      "slug: kade\nname: Kade\nsquares: [a, b]\noldest:\n  name: Dikke\n"
                      "trees:\n  - {name: Twee, kind: linde}\npaved: false\n",
                      &s));
    record_copy(own, &shape, &s);
    arena_free(c.arena); /* a pointer that was left behind is found by the address sanitizer */
    CHECK_STR(s.name, S("Kade"));
    CHECK_STR(s.squares.items[1], S("b"));
    CHECK_STR(s.oldest.name, S("Dikke"));
    CHECK_INT(s.trees_count, 1);
    CHECK_STR(s.trees[0].kind, S("linde"));
    CHECK(!s.paved);
    arena_free(own);
}

static void a_slug_is_small_letters_digits_and_single_hyphens(void **state)
{
    (void)state;
    CHECK(record_slug_valid(S("a-1")));
    CHECK(!record_slug_valid(S("")) && !record_slug_valid(S("-a")) && !record_slug_valid(S("a-")));
    CHECK(!record_slug_valid(S("a--b")) && !record_slug_valid(S("A")) &&
          !record_slug_valid(S("a b")));
}

TEST_MAIN(TEST(reads_what_the_table_says), TEST(what_is_left_out_is_empty),
          TEST(names_the_line_and_the_key), TEST(a_copy_stands_alone),
          TEST(a_slug_is_small_letters_digits_and_single_hyphens))
