/* Organisations as they are kept: the places that everybody starts with, imported regions, verified
 * mail domains. */
#include "web.h"

#include "db/db.h"
#include "organisations/organisations_int.h"

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

static const struct organisation *by_code(struct ctx *c, const char *code)
{
    const struct organisations *list;
    CHECK_OK(c, organisations_load(c, &list));
    return organisation_by_code(list, str_from(code));
}

struct importing {
    const struct organisation_line *lines;
    size_t count, saved[3];
};

static int import_all(struct ctx *c, void *arg)
{
    struct importing *im = arg;
    memset(im->saved, 0, sizeof im->saved);
    for (size_t i = 0; i < im->count; i++) {
        enum organisation_saved saved;
        TRY(organisations_store_save(c, &im->lines[i], &saved));
        im->saved[saved]++;
    }
    return 0;
}

/* The code of importing the text; *ret counts what came of the rows. */
static int import(struct ctx *c, const char *text, struct importing *ret)
{
    struct organisation_line *lines;
    *ret = (struct importing){0};
    TRY(organisations_read(c, str_from(text), &lines, &ret->count));
    ret->lines = lines;
    return organisations_store_transaction(c, import_all, ret);
}

static void starts_with_all_municipalities_and_provinces(void **state)
{
    (void)state;
    struct ctx c = web_call(w);
    const struct organisations *list;
    size_t municipalities = 0, provinces = 0;
    long long inhabitants = 0;
    CHECK_OK(&c, organisations_load(&c, &list));
    for (size_t i = 0; i < list->count; i++) {
        const struct organisation *o = &list->items[i];
        municipalities += str_eqz(o->kind, "gemeente");
        provinces += str_eqz(o->kind, "provincie");
        if (str_eqz(o->kind, "gemeente")) {
            inhabitants += o->inhabitants;
            CHECK(organisation_by_code(list, o->province) != NULL);
        }
    }
    CHECK_INT(municipalities, 342);
    CHECK_INT(provinces, 12);
    CHECK(inhabitants > 17900000 && inhabitants < 18000000); /* 1 January 2024: 17,942,942 */
    const struct organisation *o = by_code(&c, "GM0518");
    CHECK_STR(o->slug, S("gemeente-s-gravenhage"));
    CHECK_STR(organisation_full_name(c.arena, o), S("Gemeente 's-Gravenhage"));
    CHECK_STR(by_code(&c, "PV27")->slug, S("provincie-noord-holland"));
    arena_free(c.arena);
}

static void starting_again_keeps_what_somebody_changed(void **state)
{
    (void)state;
    struct ctx c = web_call(w);
    struct importing im;
    CHECK_OK(&c,
             import(&c, "soort,code,naam,provincie\ngemeente,GM0050,Zeewolde aan Zee,PV24\n", &im));
    CHECK_INT(im.saved[ORGANISATION_CHANGED], 1);
    CHECK_OK(&c, organisations_store_set_starter_hash(&c, 1));
    CHECK_OK(&c, organisations_start(&c));
    CHECK_STR(by_code(&c, "GM0050")->name, S("Zeewolde aan Zee"));
    CHECK_STR(by_code(&c, "GM0014")->name, S("Groningen"));
    arena_free(c.arena);
}

static void a_region_has_the_municipalities_of_its_row(void **state)
{
    (void)state;
    struct ctx c = web_call(w);
    struct importing im;
    str *members;
    size_t count;
    CHECK_OK(&c,
             import(&c, "soort,code,naam,leden\nwoondealregio,WDR-A,Proef A,GM0014 GM0037 GM0014\n",
                    &im));
    CHECK_OK(&c, organisations_store_members(&c, by_code(&c, "WDR-A")->id, &members, &count));
    CHECK_INT(count, 2);
    CHECK_STR(members[1], S("GM0037"));
    CHECK_OK(&c,
             import(&c, "soort,code,naam,leden\nwoondealregio,WDR-A,Proef A,GM0014 GM0047\n", &im));
    CHECK_INT(im.saved[ORGANISATION_CHANGED], 1);
    CHECK_OK(&c,
             import(&c, "soort,code,naam,leden\nwoondealregio,WDR-A,Proef A,GM0047 GM0014\n", &im));
    CHECK_INT(im.saved[ORGANISATION_SAME], 1);
    /* Without the column the members stay. */
    CHECK_OK(&c, import(&c, "soort,code,naam\nwoondealregio,WDR-A,Proef A\n", &im));
    CHECK_OK(&c, organisations_store_members(&c, by_code(&c, "WDR-A")->id, &members, &count));
    CHECK_INT(count, 2);
    arena_free(c.arena);
}

static void a_wrong_file_is_refused_with_the_row_and_the_reason(void **state)
{
    (void)state;
    static const struct {
        const char *text, *words;
    } cases[] = {
        {"", "leeg"},
        {"naam,code\nX,Y\n", "kolommen soort, code en naam"},
        {"soort,code,naam\ndorp,D1,Dorp\n", "rij 2: de soort \"dorp\""},
        {"soort,code,naam\nrijk,r1,Ministerie\n", "rij 2: een code"},
        {"soort,code,naam\nrijk,R1,\n", "rij 2: vul een naam"},
        {"soort,code,naam\nrijk,R1,---\n", "rij 2: schrijf de naam"},
        {"soort,code,naam\nrijk,R1,Минстрой\n", "rij 2: schrijf de naam"},
        {"soort,code,naam,inwoners\nrijk,R1,Ministerie,veel\n", "rij 2: inwoners"},
        {"soort,code,naam,leden\nrijk,R1,Ministerie,GM0014\n", "alleen een woondealregio"},
        {"soort,code,naam,leden\nwoondealregio,WDR-X,X,GM9999\n", "geen gemeente met code GM9999"},
        {"soort,code,naam,provincie\ngemeente,GM8888,Nieuw,PV99\n", "geen provincie met code PV99"},
        {"soort,code,naam\ngemeente,GM8888,Groningen\n", "al van de organisatie met code GM0014"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct ctx c = web_call(w);
        struct importing im;
        int code = import(&c, cases[i].text, &im);
        CHECK(code == ERR_INVALID || code == ERR_CONFLICT);
        if (str_find(c.err.msg, str_from(cases[i].words)) == STR_NONE)
            CHECK_STR(c.err.msg, str_from(cases[i].words));
        CHECK(by_code(&c, "GM8888") == NULL);
        arena_free(c.arena);
    }
}

static void a_domain_belongs_to_one_organisation(void **state)
{
    (void)state;
    struct ctx c = web_call(w);
    long long id;
    const struct organisation *first = by_code(&c, "GM0014"), *second = by_code(&c, "GM0034");
    CHECK_OK(&c, organisation_of_address(&c, S("iemand@proefstad.nl"), &id));
    CHECK_INT(id, 0);
    CHECK_OK(&c, organisations_store_add_domain(&c, first, S("proefstad.nl"), S("proef")));
    CHECK_OK(&c, organisations_store_add_domain(&c, first, S("proefstad.nl"), S("proef")));
    CHECK_INT(organisations_store_add_domain(&c, second, S("proefstad.nl"), S("proef")),
              ERR_CONFLICT);
    CHECK_OK(&c, organisation_of_address(&c, S("Iemand@Proefstad.NL"), &id));
    CHECK_INT(id, first->id);
    /* Not what only looks like it. */
    static const char *const others[] = {"a@x.proefstad.nl", "a@proefstad.nl.example",
                                         "proefstad.nl", "a@b@proefstad.nl", "a@"};
    for (size_t i = 0; i < COUNT_OF(others); i++) {
        CHECK_OK(&c, organisation_of_address(&c, str_from(others[i]), &id));
        CHECK_INT(id, 0);
    }
    CHECK_OK(&c, organisations_store_remove_domain(&c, S("proefstad.nl")));
    CHECK_INT(organisations_store_remove_domain(&c, S("proefstad.nl")), ERR_NOT_FOUND);
    CHECK_OK(&c, organisation_of_address(&c, S("iemand@proefstad.nl"), &id));
    CHECK_INT(id, 0);
    arena_free(c.arena);
}

static void a_domain_where_anybody_has_an_address_is_refused(void **state)
{
    (void)state;
    struct ctx c = web_call(w);
    str domain;
    CHECK_OK(&c, organisation_domain_read(&c, S(" Gemeente.NL "), &domain));
    CHECK_STR(domain, S("gemeente.nl"));
    static const char *const wrong[] = {"gmail.com",   "GMAIL.com",  "nl",    "",
                                        "a..nl",       "-a.nl",      "a.nl.", "iemand@gemeente.nl",
                                        "gemeente nl", "geméénte.nl"};
    for (size_t i = 0; i < COUNT_OF(wrong); i++)
        CHECK_INT(organisation_domain_read(&c, str_from(wrong[i]), &domain), ERR_INVALID);
    arena_free(c.arena);
}

static void the_api_finds_by_kind_and_words(void **state)
{
    (void)state;
    struct http_response rs = web_get(w, "/api/v1/organisations?soort=provincie");
    CHECK(web_has(&rs, "\"total\":12") || web_has(&rs, "\"total\": 12"));
    rs = web_get(w, "/api/v1/organisations?q=fryslan");
    CHECK(web_has(&rs, "Gemeente Súdwest-Fryslân") && web_has(&rs, "Provincie Fryslân"));
    rs = web_get(w, "/api/v1/organisations/gemeente-groningen");
    CHECK_INT(rs.status, 200);
    CHECK(web_has(&rs, "\"province\":\"PV20\"") || web_has(&rs, "\"province\": \"PV20\""));
    CHECK_INT(web_get(w, "/api/v1/organisations/gemeente-nergens").status, 404);
    CHECK_INT(web_get(w, "/api/v1/organisations?soort=dorp").status, 400);
}

static long long count_of(struct ctx *c, const char *code)
{
    long long count;
    CHECK_OK(c, db_get_int(c, &count, "SELECT COUNT(*) FROM organisation WHERE code = $1", code));
    return count;
}

/* Starter content of a newer version meets what somebody made meanwhile: the program must start. */
static void starts_when_somebody_has_the_address_of_a_new_place(void **state)
{
    (void)state;
    struct ctx c = web_call(w);
    CHECK_OK(&c, db_exec(&c, "UPDATE organisation SET code = 'EIGEN-1' WHERE code = 'GM0193'"));
    CHECK_OK(&c, db_exec(&c, "UPDATE organisation SET kind = 'overheid' WHERE code = 'PV23'"));
    CHECK_OK(&c, organisations_store_set_starter_hash(&c, 1));
    CHECK_OK(&c, organisations_start(&c));
    CHECK_INT(count_of(&c, "EIGEN-1"), 1);
    CHECK_INT(count_of(&c, "GM0193"), 0);
    CHECK_INT(count_of(&c, "GM0150"), 1);
    db_lease_release(&c);
    arena_free(c.arena);
}

TEST_MAIN_WITH(begin, end, TEST(starts_with_all_municipalities_and_provinces),
               TEST(starting_again_keeps_what_somebody_changed),
               TEST(a_region_has_the_municipalities_of_its_row),
               TEST(a_wrong_file_is_refused_with_the_row_and_the_reason),
               TEST(a_domain_belongs_to_one_organisation),
               TEST(a_domain_where_anybody_has_an_address_is_refused),
               TEST(the_api_finds_by_kind_and_words),
               TEST(starts_when_somebody_has_the_address_of_a_new_place))
