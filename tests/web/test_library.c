/* The library as it is kept: addresses that stay whose they are, starter content that never
 * overwrites, versions that come back, and lists that stay right when the library grows. */
#include "web.h"

#include "db/db.h"
#include "library/library_int.h"

static struct web *w;

static int begin(void **state)
{
    (void)state;
    w = web_begin();
    return 0;
}

static int end(void **state)
{
    (void)state;
    web_end(w);
    return 0;
}

#define ITEM_OF(type, slug, title, extra, body)                                                    \
    "---\nslug: " slug "\ntitle: " title "\ntype: " type "\nsummary: Een proef.\n"                 \
    "phases: [\"5\"]\nbottlenecks: [PRO]\nthemes: [grond]\nactors: [planoloog]\n" extra            \
    "sources:\n  - title: Bron\nlicence: CC-BY-4.0\ncertainty: opgezocht\nevidence: "              \
    "onvoldoende\n---\n" body "\n"
#define ITEM(slug, title, extra, body) ITEM_OF("werkwijze", slug, title, extra, body)

typedef int saver(struct ctx *c, const struct item *item, enum library_saved *ret);

static int save_own(struct ctx *c, const struct item *item, enum library_saved *ret)
{
    return library_store_save(c, item, S("Test"), S("Test"), ret);
}

struct saving {
    saver *save;
    const char *document;
    enum library_saved saved;
};

static int save_in_transaction(struct ctx *c, void *arg)
{
    struct saving *s = arg;
    struct item item;
    TRY(library_document_read(c, NULL, str_from(s->document), &item));
    return s->save(c, &item, &s->saved);
}

/* The code of saving the document; *ret_saved says what came of it. */
static int save(saver *how, const char *document, enum library_saved *ret_saved)
{
    struct saving s = {how, document, LIBRARY_SAME};
    struct ctx c = w->app.ctx;
    c.arena = arena_new();
    c.lease = NULL;
    int code = library_store_transaction(&c, save_in_transaction, &s);
    *ret_saved = s.saved;
    arena_free(c.arena);
    return code;
}

/* 0 and the public text of the item at this address, or ERR_NOT_FOUND. */
static int text_of(struct arena *a, const char *slug, str *ret)
{
    struct item_row row;
    struct ctx c = w->app.ctx;
    c.arena = a;
    c.lease = NULL;
    int code = library_store_find(&c, str_from(slug), &row);
    *ret = code == 0 ? row.document : S("");
    return code;
}

static bool redirects(const char *from, const char *to)
{
    struct http_response rs = web_get(w, from);
    return rs.status == 301 && str_eqz(web_header(&rs, "Location"), to);
}

/* ---- addresses ---- */

static void a_file_of_before_a_renaming_does_not_take_the_address_back(void **state)
{
    (void)state;
    enum library_saved saved;
    web_save(w, ITEM("was-hier", "Verhuisd", "", "Tekst."));
    web_save(w, ITEM("is-daar", "Verhuisd", "former_slugs: [was-hier]\n", "Tekst."));
    CHECK(redirects("/kennisbank/was-hier", "/kennisbank/is-daar"));
    CHECK_INT(save(save_own, ITEM("was-hier", "Verhuisd", "", "Tekst."), &saved), ERR_CONFLICT);
    CHECK(redirects("/kennisbank/was-hier", "/kennisbank/is-daar"));
    /* The item itself may go back to its old address. */
    CHECK_INT(
        save(save_own, ITEM("was-hier", "Verhuisd", "former_slugs: [is-daar]\n", "Tekst."), &saved),
        0);
    CHECK_INT(saved, LIBRARY_CHANGED);
    CHECK(redirects("/kennisbank/is-daar", "/kennisbank/was-hier"));
}

static void an_item_cannot_claim_the_address_of_another(void **state)
{
    (void)state;
    enum library_saved saved;
    web_save(w, ITEM("van-een", "Een", "former_slugs: [eens-van-een]\n", "Tekst."));
    web_save(w, ITEM("van-twee", "Twee", "", "Tekst."));
    CHECK_INT(
        save(save_own, ITEM("van-twee", "Twee", "former_slugs: [van-een]\n", "Tekst."), &saved),
        ERR_CONFLICT);
    CHECK_INT(save(save_own, ITEM("van-twee", "Twee", "former_slugs: [eens-van-een]\n", "Tekst."),
                   &saved),
              ERR_CONFLICT);
    CHECK(redirects("/kennisbank/eens-van-een", "/kennisbank/van-een"));
}

/* ---- starter content ---- */

static void starter_content_follows_a_renaming(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    enum library_saved saved;
    str text;
    CHECK_INT(save(library_store_save_starter, ITEM("begin-a", "Begin", "", "Een."), &saved), 0);
    CHECK_INT(save(library_store_save_starter,
                   ITEM("begin-b", "Begin", "former_slugs: [begin-a]\n", "Twee."), &saved),
              0);
    CHECK_INT(saved, LIBRARY_CHANGED);
    CHECK(redirects("/kennisbank/begin-a", "/kennisbank/begin-b"));
    CHECK_INT(save(library_store_save_starter,
                   ITEM("begin-b", "Begin", "former_slugs: [begin-a]\n", "Drie."), &saved),
              0);
    CHECK_INT(saved, LIBRARY_CHANGED);
    CHECK_INT(text_of(a, "begin-b", &text), 0);
    CHECK(str_find(text, S("Drie.")) != STR_NONE);
    arena_free(a);
}

static void starter_content_leaves_what_somebody_changed(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    enum library_saved saved;
    str text;
    CHECK_INT(save(library_store_save_starter, ITEM("begin-c", "Begin", "", "Een."), &saved), 0);
    web_save(w, ITEM("begin-c", "Begin", "", "Van ons."));
    CHECK_INT(save(library_store_save_starter, ITEM("begin-c", "Begin", "", "Twee."), &saved), 0);
    CHECK_INT(saved, LIBRARY_SAME);
    CHECK_INT(save(library_store_save_starter,
                   ITEM("begin-d", "Begin", "former_slugs: [begin-c]\n", "Drie."), &saved),
              0);
    CHECK_INT(saved, LIBRARY_SAME);
    CHECK_INT(text_of(a, "begin-c", &text), 0);
    CHECK(str_find(text, S("Van ons.")) != STR_NONE);
    CHECK_INT(text_of(a, "begin-d", &text), ERR_NOT_FOUND);
    arena_free(a);
}

/* Were this an error, the program would not start after an upgrade. */
static void starter_content_gives_way_when_its_new_address_is_taken(void **state)
{
    (void)state;
    enum library_saved saved;
    CHECK_INT(save(library_store_save_starter, ITEM("begin-e", "Begin", "", "Een."), &saved), 0);
    web_save(w, ITEM("begin-f", "Van ons", "", "Van ons."));
    CHECK_INT(save(library_store_save_starter,
                   ITEM("begin-f", "Begin", "former_slugs: [begin-e]\n", "Twee."), &saved),
              0);
    CHECK_INT(saved, LIBRARY_SAME);
    web_save(w, ITEM("begin-h", "Van ons", "former_slugs: [begin-g]\n", "Van ons."));
    CHECK_INT(save(library_store_save_starter,
                   ITEM("begin-e", "Begin", "former_slugs: [begin-g]\n", "Drie."), &saved),
              0);
    CHECK_INT(saved, LIBRARY_SAME);
    CHECK(redirects("/kennisbank/begin-g", "/kennisbank/begin-h"));
}

/* ---- the command line ---- */

static int command(const char *name, const char *first, const char *second)
{
    const char *argv[] = {first, second};
    struct ctx c = w->app.ctx;
    c.arena = arena_new();
    c.lease = NULL;
    int code = ERR_INTERNAL;
    for (size_t i = 0; i < LIBRARY_COMMAND_COUNT; i++)
        if (str_eqz(str_from(name), library_commands[i].name))
            code = library_commands[i].run(&c, second ? 2 : 1, argv);
    arena_free(c.arena);
    return code;
}

static void an_old_version_comes_back_with_all_addresses(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    str text;
    web_save(w, ITEM("eerst", "Terug", "", "Een."));
    CHECK_INT(command("library rename", "eerst", "daarna"), 0);
    CHECK_INT(command("library rename", "daarna", "nu"), 0);
    CHECK_INT(command("library restore", "nu", "1"), 0);
    CHECK_INT(text_of(a, "nu", &text), 0);
    CHECK(str_find(text, S("eerst")) != STR_NONE);
    CHECK(str_find(text, S("daarna")) != STR_NONE);
    CHECK(redirects("/kennisbank/eerst", "/kennisbank/nu"));
    CHECK(redirects("/kennisbank/daarna", "/kennisbank/nu"));
    CHECK_INT(command("library rename", "nu", "nu"), ERR_CONFLICT);
    CHECK_INT(command("library rename", "is-er-niet", "x"), ERR_NOT_FOUND);
    CHECK_INT(command("library restore", "nu", "99"), ERR_NOT_FOUND);
    arena_free(a);
}

/* ---- text that cannot be shown ---- */

static const char *unreadable(struct arena *a)
{
    size_t size = 60000;
    char *body = arena_alloc(a, size + 1);
    for (size_t i = 0; i < size; i++)
        body[i] = "www.a.nl/"[i % 9];
    return str_fmt(a, ITEM("onleesbaar", "Onleesbaar", "", "%s"), body).ptr;
}

static void what_cannot_be_shown_is_refused(void **state)
{
    (void)state;
    struct ctx c = w->app.ctx;
    const struct taxonomy *t;
    struct item item;
    c.arena = arena_new();
    c.lease = NULL;
    CHECK_OK(&c, taxonomy_load(&c, &t));
    CHECK(library_document_read(&c, t, str_from(unreadable(c.arena)), &item) < 0);
    CHECK(str_find(c.err.msg, S("tekst")) != STR_NONE);
    arena_free(c.arena);
}

/* However it came into the database: the others must be found, and the program must start. */
static void one_bad_item_does_not_keep_the_program_from_starting(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct web *first = w;
    enum library_saved saved;
    w = web_begin();
    CHECK_INT(save(save_own, unreadable(a), &saved), 0);
    CHECK_INT(save(save_own, ITEM("leesbaar", "Leesbaar", "", "Kwikstaart."), &saved), 0);
    index_close(w->app.ctx.index);
    CHECK_OK(&w->app.ctx, app_open_index(&w->app));
    CHECK_OK(&w->app.ctx, app_make_server(&w->app, &w->server));
    struct http_response rs = web_get(w, "/api/v1/search?q=kwikstaart");
    CHECK(web_has(&rs, "\"leesbaar\""));
    web_end(w);
    w = first;
    arena_free(a);
}

/* ---- pages ---- */

static void a_page_past_the_last_is_not_there(void **state)
{
    (void)state;
    CHECK_INT(web_get(w, "/kennisbank?pagina=2").status, 200);
    CHECK_INT(web_get(w, "/kennisbank?pagina=500").status, 404);
    CHECK_INT(web_get(w, "/zoeken?q=vergunning&pagina=400").status, 404);
    CHECK_INT(web_get(w, "/kennisbank?pagina=501").status, 400);
    /* Nothing found at all is an answer. */
    CHECK_INT(web_get(w, "/zoeken?q=xkqwzvrt&pagina=2").status, 200);
    CHECK_INT(web_get(w, "/api/v1/search?pagina=500").status, 200);
}

static int save_many(struct ctx *c, void *arg)
{
    const int *count = arg;
    for (int i = 0; i < *count; i++) {
        struct item item;
        enum library_saved saved;
        str document =
            str_fmt(c->arena,
                    "---\nslug: veel-%d\ntitle: Veel %d\ntype: instrument\nsummary: Een proef.\n"
                    "phases: [\"5\"]\nbottlenecks: [PRO]\nthemes: [grond]\nactors: [planoloog]\n"
                    "sources:\n  - title: Bron\nlicence: CC-BY-4.0\ncertainty: opgezocht\n"
                    "evidence: onvoldoende\n---\nTekst.\n",
                    i, i);
        TRY(library_document_read(c, NULL, document, &item));
        TRY(library_store_save(c, &item, S("Test"), S("Test"), &saved));
    }
    return 0;
}

/* More of one kind than a page can show must not push the other kinds out, nor change the counts.
 */
static void a_large_library_is_counted_and_shown_whole(void **state)
{
    (void)state;
    int count = 1200;
    size_t done;
    struct ctx c = w->app.ctx;
    c.arena = arena_new();
    c.lease = NULL;
    CHECK_OK(&c, library_store_transaction(&c, save_many, &count));
    CHECK_OK(&c, index_catch_up(&c, c.index, &done));
    arena_free(c.arena);
    struct http_response rs = web_get(w, "/fasen/voorbereiding");
    CHECK_INT(rs.status, 200);
    CHECK(web_has(&rs, "Werkwijzen"));
    CHECK(!web_has(&rs, "1.000 onderwerpen"));
    CHECK(!web_has(&rs, "Bekijk alle 1000"));
    CHECK(web_has(&rs, "Bekijk alle 1."));
    rs = web_get(w, "/kennisbank?soort=instrument");
    CHECK(web_has(&rs, "<strong>1."));
    CHECK_INT(web_get(w, "/sitemap").status, 200);
}

/* ---- the lists of a term ---- */

struct listed {
    long long id, of_type;
};

/* What library_by_term must give, sorted by the database instead of read in the order of an index.
 */
static int listed_by_sorting(struct ctx *c, str kind, str code, size_t per_type,
                             struct listed **ret, size_t *ret_count)
{
    static const struct db_field fields[] = {
        {"id", DB_INT, offsetof(struct listed, id)},
        {"of_type", DB_INT, offsetof(struct listed, of_type)},
    };
    return db_all(c, fields, ret, ret_count,
                  "SELECT id, of_type FROM (SELECT i.id, i.type, COUNT(*) OVER (PARTITION BY "
                  "i.type) AS of_type, ROW_NUMBER() OVER (PARTITION BY i.type ORDER BY "
                  "(SELECT COUNT(*) FROM item_term x WHERE x.item_id = i.id AND x.kind = $1), "
                  "i.title, i.id) AS place FROM item_term t JOIN item i ON i.id = t.item_id "
                  "WHERE t.kind = $1 AND t.code = $2 AND i.public_revision > 0) AS ranked "
                  "WHERE place <= $3 ORDER BY type, place",
                  kind, code, per_type);
}

struct term {
    str kind, code;
};

static void lists_of_terms_are_in_their_order(void **state)
{
    (void)state;
    static const struct db_field fields[] = {{"kind", DB_STR, offsetof(struct term, kind)},
                                             {"code", DB_STR, offsetof(struct term, code)}};
    struct ctx c = w->app.ctx;
    struct term *terms;
    size_t term_count;
    enum library_saved saved;
    c.arena = arena_new();
    c.lease = NULL;
    CHECK_INT(save(save_own, ITEM("t-lijst", "Aa", "", "Tekst."), &saved), 0);
    CHECK_INT(save(save_own, ITEM("t-lijst", "Zz", "", "Tekst."), &saved),
              0); /* moves to the end */
    CHECK_OK(&c, db_all(&c, fields, &terms, &term_count,
                        "SELECT DISTINCT kind, code FROM item_term ORDER BY kind, code"));
    CHECK(term_count > 40);
    for (size_t i = 0; i < term_count; i++) {
        struct library_card *cards;
        struct listed *expected;
        size_t count, expected_count;
        CHECK_OK(&c, library_by_term(&c, str_z(c.arena, terms[i].kind), terms[i].code, 9, &cards,
                                     &count));
        CHECK_OK(
            &c, listed_by_sorting(&c, terms[i].kind, terms[i].code, 9, &expected, &expected_count));
        CHECK_INT(count, expected_count);
        for (size_t k = 0; k < count; k++) {
            CHECK_INT(cards[k].id, expected[k].id);
            CHECK_INT(cards[k].of_type, expected[k].of_type);
        }
    }
    arena_free(c.arena);
}

static void rows_of_terms_say_what_their_item_says(void **state)
{
    (void)state;
    struct ctx c = w->app.ctx;
    enum library_saved saved;
    long long wrong = -1;
    c.arena = arena_new();
    c.lease = NULL;
    static const char twice[] = "---\nslug: t-dubbel\ntitle: Dubbel\ntype: instrument\n"
                                "summary: Een proef.\nphases: [\"5\", \"5\", \"4\"]\n"
                                "bottlenecks: [PRO]\nthemes: [grond]\nactors: [planoloog]\n"
                                "sources:\n  - title: Bron\nlicence: CC-BY-4.0\n"
                                "certainty: opgezocht\nevidence: onvoldoende\n---\nTekst.\n";
    CHECK_INT(save(save_own, twice, &saved), 0);
    CHECK_OK(&c, db_get_int(&c, &wrong,
                            "SELECT COUNT(*) FROM item_term t JOIN item i ON i.id = t.item_id "
                            "WHERE t.type <> i.type OR t.title <> i.title OR t.of_kind <> "
                            "(SELECT COUNT(*) FROM item_term x WHERE x.item_id = t.item_id "
                            "AND x.kind = t.kind)"));
    CHECK_INT(wrong, 0);
    arena_free(c.arena);
}

TEST_MAIN_WITH(begin, end, TEST(a_file_of_before_a_renaming_does_not_take_the_address_back),
               TEST(an_item_cannot_claim_the_address_of_another),
               TEST(starter_content_follows_a_renaming),
               TEST(starter_content_leaves_what_somebody_changed),
               TEST(starter_content_gives_way_when_its_new_address_is_taken),
               TEST(an_old_version_comes_back_with_all_addresses),
               TEST(what_cannot_be_shown_is_refused),
               TEST(one_bad_item_does_not_keep_the_program_from_starting),
               TEST(a_page_past_the_last_is_not_there), TEST(lists_of_terms_are_in_their_order),
               TEST(rows_of_terms_say_what_their_item_says),
               TEST(a_large_library_is_counted_and_shown_whole))
