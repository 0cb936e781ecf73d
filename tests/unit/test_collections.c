/* The documents of collections: what is read, what is refused with which words. */
#include "test.h"

#include "collections/collections_int.h"

static const char good[] = "slug: mijn-collectie\n"
                           "title: Mijn collectie\n"
                           "short: Kort\n"
                           "kind: rol\n"
                           "summary: Waar het over gaat.\n"
                           "introduction: Voor wie. Wat u daarna hebt.\n"
                           "phases: [\"0\"]\n"
                           "actors: [jurist]\n"
                           "steps:\n"
                           "  - item: een-item\n    why: Hier begint het.\n"
                           "  - item: ander-item\n    why: Daarna dit.\n"
                           "owner: Redactie\n"
                           "review: 2027-06-01\n"
                           "licence: CC-BY-4.0\n"
                           "certainty: kennis-hoog\n";

static const struct taxonomy_term phases[] = {{.code = STR("0")}};
static const struct taxonomy_term bottlenecks[] = {{.code = STR("GRO")}, {.code = STR("PRO")}};
static const struct taxonomy_term actors[] = {{.code = STR("jurist")}, {.code = STR("hr")}};
static const struct taxonomy taxonomy = {{[TAXONOMY_PHASE] = {phases, 1},
                                          [TAXONOMY_BOTTLENECK] = {bottlenecks, 2},
                                          [TAXONOMY_ACTOR] = {actors, 2}}};

static void reads_every_field(void **state)
{
    (void)state;
    struct ctx c = {.arena = arena_new()};
    struct collection k;
    CHECK_OK(&c, collection_document_read(&c, &taxonomy, str_from(good), &k));
    CHECK_STR(k.slug, S("mijn-collectie"));
    CHECK_STR(k.title, S("Mijn collectie"));
    CHECK_STR(k.short_title, S("Kort"));
    CHECK_STR(k.kind, S("rol"));
    CHECK_STR(k.introduction, S("Voor wie. Wat u daarna hebt."));
    CHECK_STR(k.actors.items[0], S("jurist"));
    CHECK_INT(k.themes.items_count, 0);
    CHECK_INT(k.steps_count, 2);
    CHECK_STR(k.steps[1].item, S("ander-item"));
    CHECK_STR(k.steps[1].why, S("Daarna dit."));
    CHECK_STR(k.review, S("2027-06-01"));
    CHECK_STR(k.document, str_from(good));
    CHECK_STR(collection_text(&c, &k),
              S("Voor wie. Wat u daarna hebt.\nHier begint het.\nDaarna dit."));
    arena_free(c.arena);
}

static str replaced(struct ctx *c, const char *from, const char *to)
{
    str document = str_from(good);
    size_t at = str_find(document, str_from(from));
    CHECK(at != STR_NONE);
    str parts[] = {str_slice(document, 0, at), str_from(to),
                   str_slice(document, at + strlen(from), document.len)};
    return str_join(c->arena, parts, 3, S(""));
}

/* The good document with `from` replaced by `to` must be refused with these words. */
static void refuses(struct ctx *c, const char *from, const char *to, const char *words)
{
    struct collection k;
    CHECK_INT(collection_document_read(c, &taxonomy, replaced(c, from, to), &k), ERR_INVALID);
    if (str_find(c->err.msg, str_from(words)) == STR_NONE)
        print_error("said: %.*s\n", (int)c->err.msg.len, c->err.msg.ptr);
    CHECK(str_find(c->err.msg, str_from(words)) != STR_NONE);
    CHECK(str_find(c->err.msg, S("regel ")) != STR_NONE);
}

static void names_what_is_wrong_and_where(void **state)
{
    (void)state;
    struct ctx c = {.arena = arena_new()};
    refuses(&c, "title: Mijn collectie\n", "", "\"title\" ontbreekt");
    refuses(&c, "slug: mijn-collectie", "slug: Mijn Collectie", "kleine letters");
    refuses(&c, "kind: rol", "kind: reeks", "een van deze zijn: route|rol|knelpunt");
    refuses(&c, "introduction: Voor wie. Wat u daarna hebt.\n", "", "\"introduction\" ontbreekt");
    refuses(&c, "[jurist]", "[koning]", "kent de code \"koning\" niet");
    refuses(&c, "[jurist]", "[jurist, hr]", "\"actors\" heeft bij kind rol precies één code");
    refuses(&c, "kind: rol", "kind: knelpunt", "\"bottlenecks\" heeft bij kind knelpunt");
    refuses(&c, "    why: Daarna dit.\n", "", "\"why\" ontbreekt");
    refuses(&c, "    why: Daarna dit.\n", "    waarom: x\n", "Wel bekend: item, why.");
    refuses(&c, "item: ander-item", "item: Ander Item", "\"item\" mag alleen kleine letters");
    refuses(&c, "item: ander-item", "item: een-item", "\"steps\" noemt \"een-item\" twee keer");
    refuses(&c, "certainty: kennis-hoog", "certainty: gecontroleerd", "\"checked\"");
    refuses(&c, "owner: Redactie", "eigenaar: Redactie", "\"eigenaar\" is hier geen bekende");
    arena_free(c.arena);
}

static void a_path_has_steps_but_not_too_many(void **state)
{
    (void)state;
    struct ctx c = {.arena = arena_new()};
    struct buf b;
    buf_init(&b, c.arena, 8 * 1024);
    refuses(&c,
            "  - item: een-item\n    why: Hier begint het.\n  - item: ander-item\n    why: "
            "Daarna dit.\n",
            "", "\"steps\" ontbreekt");
    buf_addz(&b, "steps:\n");
    for (int i = 0; i <= COLLECTION_MAX_STEPS; i++)
        buf_fmt(&b, "  - {item: stap-%d, why: Zo.}\n", i);
    refuses(&c, "steps:\n", str_z(c.arena, buf_str(&b)), "ten hoogste 30");
    arena_free(c.arena);
}

static void every_size_has_a_bound(void **state)
{
    (void)state;
    struct ctx c = {.arena = arena_new()};
    struct collection k;
    char *large = arena_alloc(c.arena, COLLECTION_MAX_DOCUMENT + 1);
    memset(large, '#', COLLECTION_MAX_DOCUMENT + 1);
    CHECK_INT(collection_document_read(&c, NULL, str_of(large, COLLECTION_MAX_DOCUMENT + 1), &k),
              ERR_LIMIT);
    char *sentence = arena_alloc(c.arena, 330);
    memset(sentence, 'a', 329);
    refuses(&c, "Hier begint het.", sentence, "ten hoogste 320");
    arena_free(c.arena);
}

static void is_for_what_it_says(void **state)
{
    (void)state;
    struct ctx c = {.arena = arena_new()};
    struct collection k;
    CHECK_OK(&c, collection_document_read(&c, &taxonomy, str_from(good), &k));
    CHECK(collection_is_for(&k, "rol", S("jurist")));
    CHECK(collection_is_for(&k, "fase", S("0")));
    CHECK(!collection_is_for(&k, "rol", S("hr")));
    CHECK(!collection_is_for(&k, "thema", S("jurist")));
    CHECK(!collection_is_for(&k, "niets", S("jurist")));
    arena_free(c.arena);
}

TEST_MAIN(TEST(reads_every_field), TEST(names_what_is_wrong_and_where),
          TEST(a_path_has_steps_but_not_too_many), TEST(every_size_has_a_bound),
          TEST(is_for_what_it_says))
