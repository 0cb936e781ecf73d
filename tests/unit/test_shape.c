/* What a JSON object holds, said once in a table. */
#include "test.h"

#include "json/shape.h"

struct home {
    str kind;
    double rent;
};
struct street {
    str name, nickname, built, url;
    long long homes, changed_at;
    bool quiet;
    const str *words;
    size_t words_count;
    struct home first;
    const struct home *list;
    size_t list_count;
};

static const struct json_field home_fields[] = {
    {"kind", JSON_TEXT(struct home, kind), .help = "Soort"},
    {"rent", JSON_NUMBER(struct home, rent), .help = "Huur"},
};
static const struct json_shape home_shape =
    JSON_SHAPE("Home", struct home, home_fields, "Een woning.");
static const struct json_field street_fields[] = {
    {"name", JSON_TEXT(struct street, name), .help = "Naam"},
    {"nickname", JSON_TEXT(struct street, nickname), .optional = true, .help = "Bijnaam"},
    {"built", JSON_DATE(struct street, built), .optional = true, .help = "Bouwdag"},
    {"url", JSON_URL(struct street, url), .optional = true, .help = "Adres"},
    {"homes", JSON_INT(struct street, homes), .help = "Aantal"},
    {"changedAt", JSON_TIME(struct street, changed_at), .optional = true, .help = "Tijdstip"},
    {"quiet", JSON_BOOL(struct street, quiet), .help = "Of het er stil is"},
    {"words", JSON_TEXTS(struct street, words), .help = "Woorden"},
    {"first", JSON_OBJECT(struct street, first, home_shape), .help = "De eerste"},
    {"list", JSON_OBJECTS(struct street, list, home_shape), .help = "Alle"},
};
static const struct json_shape street_shape =
    JSON_SHAPE("Street", struct street, street_fields, "Een straat.");

static str write_street(struct arena *a, const struct street *s, json_keys only)
{
    static struct buf b;
    struct json j;
    buf_init(&b, a, 4096);
    json_begin(&j, &b);
    json_shape_write(&j, &street_shape, s, only);
    return buf_str(&b);
}

static void writes_every_kind_of_value(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    const str words[] = {S("a"), S("\"b\"")};
    const struct home homes[] = {{S("huur"), 812.5}, {S("koop"), 0}};
    const struct street s = {
        .name = S("Kade"),
        .built = S("1998-03-01"),
        .homes = 12,
        .changed_at = 1764126156,
        .quiet = true,
        .words = words,
        .words_count = COUNT_OF(words),
        .first = {S("huur"), 1},
        .list = homes,
        .list_count = COUNT_OF(homes),
    };
    CHECK_STR(
        write_street(a, &s, 0),
        S("{\"name\":\"Kade\",\"built\":\"1998-03-01\",\"homes\":12,"
          "\"changedAt\":\"2025-11-26T03:02:36Z\",\"quiet\":true,\"words\":[\"a\",\"\\\"b\\\"\"],"
          "\"first\":{\"kind\":\"huur\",\"rent\":1.00},"
          "\"list\":[{\"kind\":\"huur\",\"rent\":812.50},{\"kind\":\"koop\",\"rent\":0.00}]}"));
    arena_free(a);
}

static void leaves_out_only_what_is_optional_and_empty(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    CHECK_STR(write_street(a, &(struct street){0}, 0),
              S("{\"name\":\"\",\"homes\":0,\"quiet\":false,\"words\":[],"
                "\"first\":{\"kind\":\"\",\"rent\":0.00},\"list\":[]}"));
    arena_free(a);
}

static void writes_only_the_chosen_keys(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    json_keys keys = 0;
    str unknown;
    CHECK(json_shape_keys(&street_shape, S("homes,name"), &keys, &unknown));
    CHECK_STR(write_street(a, &(struct street){.name = S("Kade")}, keys),
              S("{\"name\":\"Kade\",\"homes\":0}"));
    arena_free(a);
}

static void an_unknown_key_is_named(void **state)
{
    (void)state;
    static const struct {
        const char *names, *unknown;
    } cases[] = {{"name,huis", "huis"},
                 {"", ""},
                 {"name,", ""},
                 {"name, homes", " homes"},
                 {"Name", "Name"}};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        json_keys keys = 7;
        str unknown = S("?");
        CHECK(!json_shape_keys(&street_shape, str_from(cases[i].names), &keys, &unknown));
        CHECK_STR(unknown, str_from(cases[i].unknown));
    }
}

static void a_page_says_where_it_stands(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct buf b;
    struct json j;
    const struct home homes[] = {{S("huur"), 1}};
    const struct json_list list = {homes, 1, 41, 3, 20};
    buf_init(&b, a, 4096);
    json_begin(&j, &b);
    json_list_write(&j, &home_shape, &list, 1);
    CHECK_STR(buf_str(&b), S("{\"total\":41,\"page\":3,\"pageSize\":20,"
                             "\"results\":[{\"kind\":\"huur\"}]}"));
    arena_free(a);
}

/* A table that is not in order is found before a record is written by it. */
static void a_table_that_is_wrong_is_refused(void **state)
{
    (void)state;
    static const struct json_field no_help[] = {{"name", JSON_TEXT(struct street, name)}};
    static const struct json_field odd_key[] = {
        {"odd_key", JSON_TEXT(struct street, name), .help = "Naam"}};
    static const struct json_field twice[] = {
        {"name", JSON_TEXT(struct street, name), .help = "Naam"},
        {"name", JSON_TEXT(struct street, nickname), .help = "Naam"}};
    static const struct json_field other_struct[] = {
        {"list", JSON_OBJECTS(struct street, list, street_shape), .help = "Alle"}};
    const struct json_shape wrong[] = {
        JSON_SHAPE("Wrong", struct street, no_help, "Fout."),
        JSON_SHAPE("Wrong", struct street, odd_key, "Fout."),
        JSON_SHAPE("Wrong", struct street, twice, "Fout."),
        JSON_SHAPE("Wrong", struct street, other_struct, "Fout."),
        JSON_SHAPE("wrong_name", struct street, street_fields, "Fout."),
        {"Empty", "Leeg.", street_fields, 0, sizeof(struct street)},
    };
    struct ctx c = {.arena = arena_new()};
    CHECK_OK(&c, json_shape_check(&c, &street_shape));
    for (size_t i = 0; i < COUNT_OF(wrong); i++)
        CHECK_INT(json_shape_check(&c, &wrong[i]), ERR_INTERNAL);
    arena_free(c.arena);
}

TEST_MAIN(TEST(writes_every_kind_of_value), TEST(leaves_out_only_what_is_optional_and_empty),
          TEST(writes_only_the_chosen_keys), TEST(an_unknown_key_is_named),
          TEST(a_page_says_where_it_stands), TEST(a_table_that_is_wrong_is_refused))
