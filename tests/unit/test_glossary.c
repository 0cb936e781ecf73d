/* The documents of the glossary: what is read, what is refused with which words; order, filter, and
 * terms in a text. */
#include "test.h"

#include "glossary/glossary_int.h"

static const char good[] =
    "slug: mijn-begrip\n"
    "name: mijn begrip\n"
    "abbreviations: [MB]\n"
    "forms: [mijn begrippen, \"MB's\"]\n"
    "explanation: Een zin.\n"
    "note: Meer **uitleg**.\n"
    "source:\n  name: Bron\n  url: https://voorbeeld.nl\n  date: 2024-01-01\n"
    "related:\n  items: [een-item]\n  terms: [ander-begrip]\n  bottlenecks: [PRO]\n"
    "explain_in_text: true\n"
    "feeds_search: false\n"
    "certainty: opgezocht\n";

static const struct taxonomy_term bottlenecks[] = {{.code = STR("PRO")}};
static const struct taxonomy taxonomy = {{[TAXONOMY_BOTTLENECK] = {bottlenecks, 1}}};

static void reads_every_field(void **state)
{
    (void)state;
    struct ctx c = {.arena = arena_new()};
    struct glossary_term t;
    CHECK_OK(&c, glossary_document_read(&c, &taxonomy, str_from(good), &t));
    CHECK_STR(t.slug, S("mijn-begrip"));
    CHECK_STR(t.name, S("mijn begrip"));
    CHECK_INT(t.abbreviations.items_count, 1);
    CHECK_STR(t.forms.items[1], S("MB's"));
    CHECK_STR(t.explanation, S("Een zin."));
    CHECK_STR(t.note, S("Meer **uitleg**."));
    CHECK_STR(t.source.name, S("Bron"));
    CHECK_STR(t.source.url, S("https://voorbeeld.nl"));
    CHECK_STR(t.source.date, S("2024-01-01"));
    CHECK_STR(t.related.items.items[0], S("een-item"));
    CHECK_STR(t.related.terms.items[0], S("ander-begrip"));
    CHECK_STR(t.related.bottlenecks.items[0], S("PRO"));
    CHECK_INT(t.related.themes.items_count, 0);
    CHECK(t.explained && !t.searched);
    CHECK_STR(t.certainty, S("opgezocht"));
    CHECK_STR(t.document, str_from(good));
    arena_free(c.arena);
}

static void what_may_be_left_out_has_its_default(void **state)
{
    (void)state;
    struct ctx c = {.arena = arena_new()};
    struct glossary_term t;
    CHECK_OK(&c, glossary_document_read(&c, &taxonomy,
                                        S("slug: a\nname: a\nexplanation: Zin.\nsource: {name: b}\n"
                                          "certainty: kennis-hoog\n"),
                                        &t));
    CHECK(t.explained && t.searched);
    CHECK_INT(t.abbreviations.items_count + t.forms.items_count + t.note.len, 0);
    arena_free(c.arena);
}

/* The good document with `from` replaced by `to` must be refused with these words. */
static void refuses(struct ctx *c, const char *from, const char *to, const char *words)
{
    struct glossary_term t;
    str document = str_from(good);
    size_t at = str_find(document, str_from(from));
    CHECK(at != STR_NONE);
    str parts[] = {str_slice(document, 0, at), str_from(to),
                   str_slice(document, at + strlen(from), document.len)};
    CHECK(glossary_document_read(c, &taxonomy, str_join(c->arena, parts, 3, S("")), &t) < 0);
    if (str_find(c->err.msg, str_from(words)) == STR_NONE)
        print_error("said: %.*s\n", (int)c->err.msg.len, c->err.msg.ptr);
    CHECK(str_find(c->err.msg, str_from(words)) != STR_NONE);
    CHECK(str_find(c->err.msg, S("regel ")) != STR_NONE);
}

static void names_what_is_wrong_and_where(void **state)
{
    (void)state;
    struct ctx c = {.arena = arena_new()};
    refuses(&c, "name: mijn begrip\n", "", "\"name\" ontbreekt");
    refuses(&c, "name: mijn begrip\n", "name: [a, b]\n", "regel 2: \"name\" moet tekst zijn");
    refuses(&c, "name: mijn begrip\n", "name: \"- begrip\"\n", "letter of cijfer beginnen");
    refuses(&c, "name: mijn begrip\n", "name: mijn begrip\nnaam: x\n", "regel 3: \"naam\"");
    refuses(&c, "slug: mijn-begrip", "slug: Mijn_Begrip", "kleine letters");
    refuses(&c, "[MB]", "[A, B, C, D, E, F]", "ten hoogste 5");
    refuses(&c, "[MB]", "[EenAfkortingDieVeelTeLangIs]", "te lang: ten hoogste 20");
    refuses(&c, "[MB]", "MB", "moet een lijst zijn");
    refuses(&c, "[MB]", "[\"\"]", "lege regel");
    refuses(&c, "Een zin.", "Een zin", "punt eindigt");
    refuses(&c, "explanation: Een zin.\n", "", "\"explanation\" ontbreekt");
    refuses(&c, "  name: Bron\n", "", "\"name\" ontbreekt");
    refuses(&c, "https://voorbeeld.nl", "javascript:x", "webadres");
    refuses(&c, "2024-01-01", "2024-02-30", "datum");
    refuses(&c, "items: [een-item]", "items: [Een Item]", "kleine letters");
    refuses(&c, "items: [een-item]", "dingen: [een-item]", "regel 12: \"dingen\"");
    refuses(&c, "[PRO]", "[XYZ]", "kent de code \"XYZ\" niet");
    refuses(&c, "explain_in_text: true", "explain_in_text: ja", "true of false");
    refuses(&c, "certainty: opgezocht", "certainty: zeker", "een van deze");
    refuses(&c, "certainty: opgezocht", "certainty: gecontroleerd", "\"checked\"");
    refuses(&c, "Een zin.", "Een \xFF zin.", "geldige YAML");
    refuses(&c, "Een zin.", "\"Een \\x01 zin.\"", "leesbare tekst");
    arena_free(c.arena);
}

static void every_size_has_a_bound(void **state)
{
    (void)state;
    struct ctx c = {.arena = arena_new()};
    struct glossary_term t;
    char *large = arena_alloc(c.arena, GLOSSARY_MAX_DOCUMENT + 1);
    memset(large, '#', GLOSSARY_MAX_DOCUMENT + 1);
    CHECK_INT(glossary_document_read(&c, NULL, str_of(large, GLOSSARY_MAX_DOCUMENT + 1), &t),
              ERR_LIMIT);
    char *sentence = arena_alloc(c.arena, 400);
    memset(sentence, 'a', 399);
    refuses(&c, "Een zin.", sentence, "ten hoogste 320");
    arena_free(c.arena);
}

/* ---- a glossary of four ---- */

static struct glossary make(struct arena *a)
{
    static const str bopa[] = {STR("BOPA")};
    struct glossary_term *terms = arena_array(a, 4, sizeof *terms);
    struct glossary g;
    terms[0] = (struct glossary_term){.slug = S("plan"),
                                      .name = S("omgevingsplan"),
                                      .explanation = S("Regels van de gemeente."),
                                      .certainty = S("gecontroleerd"),
                                      .explained = true};
    terms[1] = (struct glossary_term){.slug = S("bopa"),
                                      .name = S("buitenplanse omgevingsplanactiviteit"),
                                      .abbreviations = {bopa, 1},
                                      .explanation = S("Past niet, mag toch & blijft."),
                                      .certainty = S("kennis-hoog"),
                                      .explained = true};
    terms[2] = (struct glossary_term){
        .slug = S("stil"), .name = S("Ägide"), .explanation = S("Wordt niet uitgelegd.")};
    terms[3] = (struct glossary_term){
        .slug = S("klasse"), .name = S("1e klasse"), .explanation = S("Een cijfer.")};
    glossary_make(a, terms, 4, &g);
    return g;
}

static void terms_stand_in_the_order_of_a_dictionary(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct glossary g = make(a);
    CHECK_STR(g.terms[0].slug, S("klasse"));
    CHECK_INT(g.terms[0].letter, '#');
    CHECK_STR(g.terms[1].slug, S("stil"));
    CHECK_INT(g.terms[1].letter, 'a');
    CHECK_STR(g.terms[2].slug, S("bopa"));
    CHECK_STR(glossary_full_name(a, &g.terms[2]), S("Buitenplanse omgevingsplanactiviteit (BOPA)"));
    CHECK_STR(glossary_full_name(a, &g.terms[3]), S("Omgevingsplan"));
    CHECK(!glossary_by_slug(&g, S("nergens")));
    arena_free(a);
}

static void the_filter_minds_no_capitals_or_accents(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct glossary g = make(a);
    const struct glossary_term *bopa = glossary_by_slug(&g, S("bopa"));
    CHECK(glossary_fits(a, bopa, S("BUITENPLANSE")));
    CHECK(glossary_fits(a, bopa, S("bopa")));
    CHECK(glossary_fits(a, bopa,
                        S("mag t\xC3\xB3"
                          "ch")));
    CHECK(!glossary_fits(a, bopa, S("gemeente")));
    CHECK(!glossary_fits(a, bopa, S("...")));
    CHECK(glossary_fits(a, glossary_by_slug(&g, S("stil")), S("agide")));
    arena_free(a);
}

#define LINK(slug, words)                                                                          \
    "<a class=\"aj-term\" href=\"/begrippen/" slug "\" aria-describedby=\"begrip-" slug            \
    "\">" words "</a>"

static void a_term_is_explained_where_it_first_stands(void **state)
{
    (void)state;
    struct ctx c = {.arena = arena_new()};
    struct glossary g = make(c.arena);
    struct glossary_reader *r = glossary_reader_new(&c, &g);
    CHECK_STR(
        glossary_explain_text(r, S("Een BOPA & een <omgevingsplan>.")).s,
        S("Een " LINK("bopa", "BOPA") " &amp; een &lt;" LINK("plan", "omgevingsplan") "&gt;."));
    CHECK_STR(glossary_explain_text(r, S("Nog een BOPA, omgevingsplan, \xC3\x84gide.")).s,
              S("Nog een BOPA, omgevingsplan, \xC3\x84gide."));
    struct glossary_explained_view list = glossary_reader_list(r);
    CHECK_INT(list.terms_count, 2);
    CHECK_STR(list.terms[0].id, S("begrip-bopa"));
    CHECK_STR(list.terms[0].name, S("Buitenplanse omgevingsplanactiviteit (BOPA)"));
    CHECK(list.unchecked);
    arena_free(c.arena);
}

static void what_the_page_is_about_is_not_explained(void **state)
{
    (void)state;
    struct ctx c = {.arena = arena_new()};
    struct glossary g = make(c.arena);
    struct glossary_reader *r = glossary_reader_new(&c, &g);
    glossary_reader_skip(r, S("BOPA"));
    glossary_reader_skip(r, S("Over het omgevingsplan"));
    CHECK_STR(glossary_explain_text(r, S("Buitenplanse omgevingsplanactiviteit")).s,
              S("Buitenplanse omgevingsplanactiviteit"));
    CHECK_STR(glossary_explain_text(r, S("omgevingsplan")).s, S(LINK("plan", "omgevingsplan")));
    CHECK(!glossary_reader_list(r).unchecked);
    arena_free(c.arena);
}

static void the_list_is_escaped_and_left_out_when_empty(void **state)
{
    (void)state;
    struct ctx c = {.arena = arena_new()};
    struct glossary g = make(c.arena);
    struct glossary_reader *r = glossary_reader_new(&c, &g);
    struct buf b;
    struct out o;
    struct glossary_explained_view list = glossary_reader_list(r);
    out_begin(&o, &b, c.arena, 65536);
    glossary_explained_html(&o, &list);
    CHECK_STR(str_trim(buf_str(&b)), S(""));
    (void)glossary_explain_text(r, S("BOPA"));
    list = glossary_reader_list(r);
    glossary_explained_html(&o, &list);
    CHECK(str_find(buf_str(&b),
                   S("<dd id=\"begrip-bopa\">Past niet, mag toch &amp; blijft.</dd>")) != STR_NONE);
    CHECK(str_find(buf_str(&b), S("nagekeken")) != STR_NONE);
    arena_free(c.arena);
}

TEST_MAIN(TEST(reads_every_field), TEST(what_may_be_left_out_has_its_default),
          TEST(names_what_is_wrong_and_where), TEST(every_size_has_a_bound),
          TEST(terms_stand_in_the_order_of_a_dictionary),
          TEST(the_filter_minds_no_capitals_or_accents),
          TEST(a_term_is_explained_where_it_first_stands),
          TEST(what_the_page_is_about_is_not_explained),
          TEST(the_list_is_escaped_and_left_out_when_empty))
