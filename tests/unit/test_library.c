/* The documents of the library: what is read, what is refused with which words, renaming. */
#include "test.h"

#include "library/library_int.h"

static const char good[] =
    "---\n"
    "slug: mijn-item\n"
    "title: Mijn item\n"
    "type: kennis\n"
    "kind: onderzoek\n"
    "catalogue: C036\n"
    "summary: Een zin.\n"
    "phases: [\"0\", \"5\"]\n"
    "bottlenecks: [PRO]\n"
    "themes: [grond]\n"
    "actors: [planoloog]\n"
    "when:\n  - het past\n"
    "steps:\n  - title: Doe dit\n    text: Zo.\n    who: planoloog\n"
    "legal:\n  - law: Omgevingswet\n    article: \"5.1\"\n    valid_from: 2024-01-01\n"
    "sources:\n  - title: Bron\n"
    "relations:\n  alternative: [ander-item]\n"
    "licence: CC-BY-4.0\n"
    "certainty: opgezocht\n"
    "evidence: onvoldoende\n"
    "---\n\n## Kop\n\nTekst.\n";

static void reads_every_field(void **state)
{
    (void)state;
    struct ctx c = {.arena = arena_new()};
    struct item item;
    CHECK_OK(&c, library_document_read(&c, NULL, str_from(good), &item));
    CHECK_STR(item.slug, S("mijn-item"));
    CHECK_INT(item.phases.items_count, 2);
    CHECK_STR(item.phases.items[1], S("5"));
    CHECK_STR(item.steps[0].who, S("planoloog"));
    CHECK_STR(item.legal[0].valid_from, S("2024-01-01"));
    CHECK_STR(item.alternative.items[0], S("ander-item"));
    CHECK_STR(item.body, S("\n## Kop\n\nTekst.\n"));
    CHECK_STR(item.document, str_from(good));
    arena_free(c.arena);
}

static void a_copy_stands_by_itself(void **state)
{
    (void)state;
    struct ctx c = {.arena = arena_new()};
    struct arena *a = arena_new();
    struct item item, copy;
    CHECK_OK(&c, library_document_read(&c, NULL, str_dup(c.arena, str_from(good)), &item));
    library_item_copy(a, &item, &copy);
    arena_free(c.arena); /* from here on the address sanitizer sees what was not copied */
    CHECK_STR(copy.title, S("Mijn item"));
    CHECK_STR(copy.phases.items[1], S("5"));
    CHECK_STR(copy.when.items[0], S("het past"));
    CHECK_STR(copy.steps[0].text, S("Zo."));
    CHECK_STR(copy.legal[0].valid_from, S("2024-01-01"));
    CHECK_STR(copy.sources[0].title, S("Bron"));
    CHECK_STR(copy.alternative.items[0], S("ander-item"));
    CHECK_STR(copy.body, S("\n## Kop\n\nTekst.\n"));
    CHECK_STR(copy.document, str_from(good));
    arena_free(a);
}

/* The good document with `from` replaced by `to` must be refused with these words. */
static void refuses(struct ctx *c, const char *from, const char *to, const char *words)
{
    struct item item;
    str document = str_from(good);
    size_t at = str_find(document, str_from(from));
    CHECK(at != STR_NONE);
    str parts[] = {str_slice(document, 0, at), str_from(to),
                   str_slice(document, at + strlen(from), document.len)};
    CHECK(library_document_read(c, NULL, str_join(c->arena, parts, 3, S("")), &item) < 0);
    if (str_find(c->err.msg, str_from(words)) == STR_NONE)
        print_error("said: %.*s\n", (int)c->err.msg.len, c->err.msg.ptr);
    CHECK(str_find(c->err.msg, str_from(words)) != STR_NONE);
    CHECK(str_find(c->err.msg, S("regel ")) != STR_NONE);
}

static void names_what_is_wrong_and_where(void **state)
{
    (void)state;
    struct ctx c = {.arena = arena_new()};
    refuses(&c, "title: Mijn item\n", "", "\"title\" ontbreekt");
    refuses(&c, "title: Mijn item\n", "title: Mijn item\ntitel: x\n", "regel 4: \"titel\"");
    refuses(&c, "slug: mijn-item", "slug: Mijn_Item", "kleine letters");
    refuses(&c, "slug: mijn-item", "slug: mijn--item", "kleine letters");
    refuses(&c, "type: kennis", "type: boek", "werkwijze|instrument|kennis");
    refuses(&c, "kind: onderzoek\n", "", "\"kind\"");
    refuses(&c, "sources:\n  - title: Bron\n", "", "\"sources\" ontbreekt");
    refuses(&c, "certainty: opgezocht\n", "", "\"certainty\" ontbreekt");
    refuses(&c, "certainty: opgezocht", "certainty: gecontroleerd", "\"checked\"");
    refuses(&c, "catalogue: C036", "catalogue: 36", "catalogusnummer");
    refuses(&c, "valid_from: 2024-01-01", "valid_from: 2024-02-30", "datum");
    refuses(&c, "  - title: Bron\n", "  - title: Bron\n    url: javascript:x\n", "webadres");
    refuses(&c, "  - title: Bron\n", "  - title: Bron\n    adres: x\n", "geen bekende sleutel");
    refuses(&c, "phases: [\"0\", \"5\"]", "phases: 5", "lijst");
    refuses(&c, "alternative: [ander-item]", "vervangt: [ander-item]",
            "Wel bekend: builds_on, alternative, precondition.");
    refuses(&c, "---\nslug", "slug", "beginnen met");
    refuses(&c, "---\n\n## Kop", "\n## Kop", "afsluit");
    refuses(&c, "Tekst.\n", "Tekst.\x01\n", "leesbare tekst");
    refuses(&c, "Tekst.\n", "Tekst.\xFF\n", "UTF-8");
    arena_free(c.arena);
}

static void codes_must_be_in_the_taxonomy(void **state)
{
    (void)state;
    struct ctx c = {.arena = arena_new()};
    struct item item;
    static const struct taxonomy_term phases[] = {{.code = STR("0")}, {.code = STR("5")}};
    static const struct taxonomy_term bottlenecks[] = {{.code = STR("PRO")}};
    static const struct taxonomy_term themes[] = {{.code = STR("grond")}};
    static const struct taxonomy_term actors[] = {{.code = STR("jurist")}};
    struct taxonomy t = {{{phases, 2}, {bottlenecks, 1}, {themes, 1}, {actors, 1}}};
    CHECK_INT(library_document_read(&c, &t, str_from(good), &item), ERR_INVALID);
    CHECK(str_find(c.err.msg, S("\"planoloog\"")) != STR_NONE);
    arena_free(c.arena);
}

static void renaming_keeps_the_rest_and_the_old_address(void **state)
{
    (void)state;
    struct ctx c = {.arena = arena_new()};
    struct item item;
    str once, twice, back;
    CHECK_OK(&c, library_document_rename(&c, str_from(good), S("nieuw"), NULL, &once));
    CHECK_OK(&c, library_document_read(&c, NULL, once, &item));
    CHECK_STR(item.slug, S("nieuw"));
    CHECK_STR(item.former_slugs.items[0], S("mijn-item"));
    CHECK_OK(&c, library_document_rename(&c, once, S("nieuwer"), NULL, &twice));
    CHECK_OK(&c, library_document_read(&c, NULL, twice, &item));
    CHECK_INT(item.former_slugs.items_count, 2);
    CHECK_OK(&c, library_document_rename(&c, twice, S("mijn-item"), NULL, &back));
    CHECK_OK(&c, library_document_read(&c, NULL, back, &item));
    CHECK_STR(item.slug, S("mijn-item"));
    CHECK_INT(item.former_slugs.items_count, 2);
    CHECK_STR(item.body, S("\n## Kop\n\nTekst.\n"));
    arena_free(c.arena);
}

/* The good document with something before its key "licence" and after its text. */
static str good_with(struct ctx *c, const char *front, const char *body)
{
    str document = str_from(good);
    size_t at = str_find(document, S("licence:"));
    return str_join(c->arena,
                    (str[]){str_slice(document, 0, at), str_from(front),
                            str_slice(document, at, document.len), str_from(body)},
                    4, S(""));
}

static void renaming_touches_the_address_only(void **state)
{
    (void)state;
    struct ctx c = {.arena = arena_new()};
    struct item item;
    str renamed;
    const char *body = "\nformer_slugs: [gewone tekst]\nslug: ook-tekst\n---\n";
    CHECK_OK(&c, library_document_rename(&c, good_with(&c, "", body), S("nieuw"), NULL, &renamed));
    CHECK_OK(&c, library_document_read(&c, NULL, renamed, &item));
    CHECK(str_ends(item.body, str_from(body)));
    CHECK_STR(item.slug, S("nieuw"));
    arena_free(c.arena);
}

/* Whatever way of YAML the author used. */
static void renaming_reads_every_way_of_writing_a_list(void **state)
{
    (void)state;
    struct ctx c = {.arena = arena_new()};
    static const char *const ways[] = {
        "former_slugs: [oud, ouder]\n",        "former_slugs: [\n  oud,\n  ouder\n]\n",
        "former_slugs:\n  - oud\n  - ouder\n", "former_slugs:\n- oud\n# waarom\n- ouder\n",
        "\"former_slugs\" : [oud, ouder]\n",
    };
    for (size_t i = 0; i < COUNT_OF(ways); i++) {
        struct item item;
        str renamed;
        CHECK_OK(&c, library_document_rename(&c, good_with(&c, ways[i], ""), S("nieuw"), NULL,
                                             &renamed));
        CHECK_OK(&c, library_document_read(&c, NULL, renamed, &item));
        CHECK_STR(item.slug, S("nieuw"));
        CHECK_INT(item.former_slugs.items_count, 3);
        CHECK_STR(item.licence, S("CC-BY-4.0"));
    }
    arena_free(c.arena);
}

static void renaming_never_says_done_when_it_is_not(void **state)
{
    (void)state;
    struct ctx c = {.arena = arena_new()};
    struct item item;
    str document = str_from(good), renamed;
    str quoted = str_join(c.arena,
                          (str[]){S("---\n'slug': mijn-item\n"),
                                  str_slice(document, sizeof "---\nslug: mijn-item", document.len)},
                          2, S(""));
    CHECK_OK(&c, library_document_read(&c, NULL, quoted, &item));
    CHECK_OK(&c, library_document_rename(&c, quoted, S("nieuw"), NULL, &renamed));
    CHECK_OK(&c, library_document_read(&c, NULL, renamed, &item));
    CHECK_STR(item.slug, S("nieuw"));
    str explicit =
        str_join(c.arena,
                 (str[]){S("---\n? slug\n: mijn-item\n"),
                         str_slice(document, sizeof "---\nslug: mijn-item", document.len)},
                 2, S(""));
    CHECK_OK(&c, library_document_read(&c, NULL, explicit, &item));
    CHECK_INT(library_document_rename(&c, explicit, S("nieuw"), NULL, &renamed), ERR_INVALID);
    arena_free(c.arena);
}

static void too_large_is_refused(void **state)
{
    (void)state;
    struct ctx c = {.arena = arena_new()};
    struct item item;
    char *big = arena_alloc(c.arena, LIBRARY_MAX_DOCUMENT + 1);
    memset(big, 'a', LIBRARY_MAX_DOCUMENT + 1);
    CHECK_INT(library_document_read(&c, NULL, str_of(big, LIBRARY_MAX_DOCUMENT + 1), &item),
              ERR_LIMIT);
    CHECK_INT(library_document_read(&c, NULL, S(""), &item), ERR_INVALID);
    CHECK_INT(library_document_read(&c, NULL, S("---\n---\n"), &item), ERR_INVALID);
    arena_free(c.arena);
}

TEST_MAIN(TEST(reads_every_field), TEST(a_copy_stands_by_itself),
          TEST(names_what_is_wrong_and_where), TEST(codes_must_be_in_the_taxonomy),
          TEST(renaming_keeps_the_rest_and_the_old_address),
          TEST(renaming_touches_the_address_only), TEST(renaming_reads_every_way_of_writing_a_list),
          TEST(renaming_never_says_done_when_it_is_not), TEST(too_large_is_refused))
