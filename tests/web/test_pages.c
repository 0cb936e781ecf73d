/* Every page of the site, in memory: what it answers and what stands on it. */
#include "web.h"

#include "auth/permission.h"
#include "base/embedded.h"
#include "html/page.h"
#include "library/library.h"

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

static const char *const pages[] = {
    "/",
    "/kennisbank",
    "/kennisbank?soort=instrument&fase=voorbereiding&fase=ontwerp&knelpunt=procedures",
    "/kennisbank/buitenplanse-omgevingsplanactiviteit",
    "/kennisbank/buitenplanse-omgevingsplanactiviteit/versies",
    "/kennisbank/buitenplanse-omgevingsplanactiviteit/versies/1",
    "/kennisbank/buitenplanse-omgevingsplanactiviteit/vergelijk?van=1&naar=1",
    "/fasen",
    "/fasen/voorbereiding",
    "/knelpunten",
    "/knelpunten/procedures",
    "/themas",
    "/themas/grond-en-kostenverhaal",
    "/rollen",
    "/rollen/planoloog",
    "/over",
    "/over/beoordeling",
    "/toegankelijkheid",
    "/privacy",
    "/api",
    "/stijl",
    "/sitemap",
    "/zoeken",
    "/zoeken?q=vergunning",
    "/zoeken?q=zwabberhoutje",
    "/zoeken?q=vergunning&pagina=2",
};

static void every_page_answers_with_a_heading_and_all_headers(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(pages); i++) {
        struct http_response rs = web_get(w, pages[i]);
        if (rs.status != 200)
            print_error("%s: %d\n", pages[i], rs.status);
        CHECK_INT(rs.status, 200);
        CHECK(web_has(&rs, "<html lang=\"nl\">"));
        CHECK(web_has(&rs, "<h1"));
        CHECK(web_has(&rs, "Ga naar de inhoud"));
        CHECK(web_has(&rs, "</html>"));
        CHECK(!web_has(&rs, " style=\""));
        CHECK(!web_has(&rs, "<style"));
        CHECK(str_find(web_header(&rs, "Content-Security-Policy"), S("unsafe")) == STR_NONE);
        CHECK(web_header(&rs, "Content-Security-Policy").len > 0);
        CHECK_STR(web_header(&rs, "X-Content-Type-Options"), S("nosniff"));
    }
}

/* Every href of our own on a page leads to a page, and to the place on it that it names: a browser
 * keeps what follows the "#" to itself. */
static void check_links(const char *page)
{
    struct arena *a = arena_new();
    struct http_response rs = web_get(w, page);
    str body = str_dup(a, web_body(&rs));
    for (;;) {
        size_t at = str_find(body, S("href=\"/"));
        if (at == STR_NONE)
            break;
        body = str_slice(body, at + 6, body.len);
        str url = str_slice(body, 0, str_find_byte(body, '"'));
        char plain[1024];
        size_t n = 0;
        for (size_t i = 0; i < url.len && n < sizeof plain - 1; i++) {
            plain[n++] = url.ptr[i];
            if (str_starts(str_slice(url, i, url.len), S("&amp;")))
                i += 4;
        }
        plain[n] = '\0';
        str place = str_from(plain);
        (void)str_split(&place, '#', &url);
        plain[url.len] = '\0';
        struct http_response there = web_get(w, plain);
        if (there.status != 200)
            print_error("%s links to %s: %d\n", page, plain, there.status);
        CHECK_INT(there.status, 200);
        if (place.len)
            CHECK(web_has(&there, str_fmt(a, "id=\"%s\"", str_z(a, place)).ptr));
    }
    arena_free(a);
}

static void no_link_leads_nowhere(void **state)
{
    (void)state;
    check_links("/");
    check_links("/sitemap");
    check_links("/kennisbank/buitenplanse-omgevingsplanactiviteit");
    check_links("/kennisbank?knelpunt=procedures&knelpunt=grond&fase=ontwerp");
    check_links("/kennisbank/buitenplanse-omgevingsplanactiviteit/versies");
    check_links("/rollen/planoloog");
    check_links("/zoeken?q=zwabberhoutje");
}

static void errors_have_words_and_no_insides(void **state)
{
    (void)state;
    static const struct {
        const char *path;
        int status;
    } cases[] = {{"/bestaat-niet", 404},
                 {"/kennisbank/bestaat-niet", 404},
                 {"/kennisbank/bopa/", 404},
                 {"/fasen/bestaat-niet", 404},
                 {"/kennisbank/parallel-plannen/versies/99", 404},
                 {"/kennisbank/parallel-plannen/vergelijk?van=x&naar=1", 400},
                 {"/kennisbank/parallel-plannen/vergelijk", 400},
                 {"/zoeken?q=%00", 400},
                 {"/zoeken?q=a&pagina=99999", 400},
                 {"/kennisbank/%2e%2e/%2e%2e/etc/passwd", 404}};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct http_response rs = web_get(w, cases[i].path);
        if (rs.status != cases[i].status && !(cases[i].status == 404 && rs.status == 400))
            print_error("%s: %d\n", cases[i].path, rs.status);
        CHECK(rs.status == cases[i].status || (cases[i].status == 404 && rs.status == 400));
        CHECK(web_has(&rs, "<h1"));
        CHECK(!web_has(&rs, ".c:"));
        CHECK(!web_has(&rs, "SELECT"));
    }
}

static void search_text_cannot_become_markup(void **state)
{
    (void)state;
    struct http_response rs = web_get(w, "/zoeken?q=%3Cscript%3Ealert(1)%3C/script%3E%22%27");
    CHECK_INT(rs.status, 200);
    CHECK(!web_has(&rs, "<script>alert"));
    rs = web_get(w, "/zoeken/suggesties?q=%3Cimg%20src=x%3E");
    CHECK(!web_has(&rs, "<img"));
}

static void an_item_shows_owner_check_sources_and_licence(void **state)
{
    (void)state;
    struct http_response rs = web_get(w, "/kennisbank/buitenplanse-omgevingsplanactiviteit");
    static const char *const words[] = {"Nog te controleren", "Eigenaar",           "Bronnen",
                                        "CC BY 4.0",          "Onvoldoende bewijs", "C036",
                                        "Past goed als",      "Past niet als",      "Omgevingswet",
                                        "Zo pakt u het aan",  "Wordt genoemd bij"};
    for (size_t i = 0; i < COUNT_OF(words); i++) {
        if (!web_has(&rs, words[i]))
            print_error("missing: %s\n", words[i]);
        CHECK(web_has(&rs, words[i]));
    }
}

#define ITEM(slug, title, extra, body)                                                             \
    "---\nslug: " slug "\ntitle: " title "\ntype: werkwijze\nsummary: Een proef.\n"                \
    "phases: [\"5\"]\nbottlenecks: [PRO]\nthemes: [grond]\nactors: [planoloog]\n" extra            \
    "sources:\n  - title: Bron\nlicence: CC-BY-4.0\ncertainty: opgezocht\nevidence: "              \
    "onvoldoende\n---\n" body "\n"

/* The name and the address of a law stand once, however many of its articles an item names. */
static void the_articles_of_a_law_stand_together(void **state)
{
    (void)state;
    web_save(w, ITEM("wetten", "Met wetten",
                     "legal:\n  - law: Proefwet\n    article: \"5.1\"\n    note: Eerste.\n"
                     "  - law: Andere wet\n    note: Als geheel.\n"
                     "  - law: Proefwet\n    article: afdeling 2\n    note: Tweede.\n"
                     "    url: https://wetten.overheid.nl/proef\n    valid_from: 2024-01-01\n",
                     "Tekst."));
    struct http_response rs = web_get(w, "/kennisbank/wetten");
    str body = web_body(&rs);
    size_t law = str_find(body, S("<a href=\"https://wetten.overheid.nl/proef\""));
    CHECK(law != STR_NONE);
    CHECK_INT(str_find(str_slice(body, law + 30, body.len), S("wetten.overheid.nl/proef")),
              STR_NONE);
    size_t first = str_find(body, S("artikel 5.1</span> <span class=\"aj-legal__note\">Eerste."));
    size_t second = str_find(body, S("afdeling 2</span> <span class=\"aj-legal__note\">Tweede. "
                                     "<span class=\"aj-legal__valid\">(geldig vanaf 1 januari "
                                     "2024)"));
    size_t other = str_find(body, S("Andere wet</h3>"));
    CHECK(law < first && first < second && second < other && other != STR_NONE);
}

/* What the warning at the top says is not said again at the end. */
static void the_end_says_when_somebody_checked(void **state)
{
    (void)state;
    web_save(w,
             "---\nslug: nagekeken\ntitle: Nagekeken\ntype: werkwijze\nsummary: Een proef.\n"
             "phases: [\"5\"]\nbottlenecks: [PRO]\nthemes: [grond]\nactors: [planoloog]\n"
             "sources:\n  - title: Bron\n    date: 2026-09-01\nlicence: CC-BY-4.0\n"
             "checked: 2026-10-05\ncertainty: gecontroleerd\nevidence: onvoldoende\n---\nTekst.\n");
    web_save(w, ITEM("niet-nagekeken", "Niet nagekeken", "", "Tekst."));
    struct http_response rs = web_get(w, "/kennisbank/nagekeken");
    CHECK(web_has(&rs, "<dt>Laatst nagekeken</dt><dd>5 oktober 2026</dd>"));
    CHECK(web_has(&rs, "<li>Bron, 1 september 2026</li>"));
    rs = web_get(w, "/kennisbank/niet-nagekeken");
    CHECK(web_has(&rs, "<strong>Nog te controleren.</strong>"));
    CHECK(!web_has(&rs, "Laatst nagekeken"));
}

/* On a phone the facts come last, so a few of them stand at the top too. */
static void the_facts_are_named_in_brief(void **state)
{
    (void)state;
    struct http_response rs = web_get(w, "/kennisbank/buitenplanse-omgevingsplanactiviteit");
    CHECK(web_has(&rs, "<dt>Helpt bij</dt><dd>Procedures</dd>"));
    CHECK(web_has(&rs, "<dd>Vergunningverlener · Planoloog en nog 3</dd>"));
    CHECK(web_has(&rs, "<a href=\"#deel-feiten\">Alle feiten</a>"));
    CHECK(web_has(&rs, "id=\"deel-feiten\""));
}

static void versions_are_kept_compared_and_linked(void **state)
{
    (void)state;
    web_save(w, ITEM("proefitem", "Proefitem", "", "Acht weken."));
    web_save(w, ITEM("proefitem", "Proefitem", "", "Zes weken."));
    struct http_response rs = web_get(w, "/kennisbank/proefitem");
    CHECK(web_has(&rs, "Zes weken."));
    CHECK(web_has(&rs, "versie 2"));
    rs = web_get(w, "/kennisbank/proefitem/versies/1");
    CHECK(web_has(&rs, "Acht weken."));
    CHECK(web_has(&rs, "Oude versie"));
    rs = web_get(w, "/kennisbank/proefitem/vergelijk?van=1&naar=2");
    CHECK(web_has(&rs, "<del>"));
    CHECK(web_has(&rs, "<ins>"));
    rs = web_get(w, "/kennisbank/proefitem/versies");
    CHECK(web_has(&rs, "Versie 1"));
    CHECK(web_has(&rs, "Versie 2"));
}

static void renaming_redirects_and_backlinks_follow(void **state)
{
    (void)state;
    web_save(w, ITEM("oud-adres", "Hernoemd item", "", "Tekst."));
    web_save(w, ITEM("wijst-ernaar", "Wijst ernaar", "relations:\n  builds_on: [oud-adres]\n",
                     "Tekst."));
    web_save(w, ITEM("linkt-ernaar", "Linkt ernaar", "", "Zie [dit](/kennisbank/oud-adres)."));
    web_save(w, ITEM("nieuw-adres", "Hernoemd item", "former_slugs: [oud-adres]\n", "Tekst."));
    struct http_response rs = web_get(w, "/kennisbank/oud-adres");
    CHECK_INT(rs.status, 301);
    CHECK_STR(web_header(&rs, "Location"), S("/kennisbank/nieuw-adres"));
    rs = web_get(w, "/kennisbank/nieuw-adres");
    CHECK_INT(rs.status, 200);
    CHECK(web_has(&rs, "Wijst ernaar"));
    CHECK(web_has(&rs, "Linkt ernaar"));
    rs = web_get(w, "/kennisbank/wijst-ernaar");
    CHECK(web_has(&rs, "/kennisbank/nieuw-adres"));
}

/* Markup past its bounds comes out empty: that must not be sent as if it were a page. */
static void a_page_without_a_body_is_an_error(void **state)
{
    (void)state;
    struct ctx c = w->app.ctx;
    struct http_request rq = {.path = S("/proef")};
    struct http_response rs = {.status = 200};
    struct page page = {.title = S("Proef")};
    c.arena = arena_new();
    buf_init(&rs.body, c.arena, 65536);
    CHECK_INT(page_send(&c, &rq, &rs, &page), ERR_INTERNAL);
    CHECK_INT(rs.body.len, 0);
    arena_free(c.arena);
}

static void markup_in_an_item_stays_text(void **state)
{
    (void)state;
    web_save(w, ITEM("gevaar", "\"<script>alert(1)</script>\"", "",
                     "<script>alert(2)</script>\n\n[x](javascript:alert(3)) **vet**"));
    struct http_response rs = web_get(w, "/kennisbank/gevaar");
    CHECK(!web_has(&rs, "<script>alert"));
    CHECK(!web_has(&rs, "href=\"javascript:"));
    CHECK(web_has(&rs, "<strong>vet</strong>"));
}

static void machine_addresses_answer(void **state)
{
    (void)state;
    struct http_response rs = web_get(w, "/health");
    CHECK_INT(rs.status, 200);
    CHECK(web_has(&rs, "\"status\":\"ok\""));
    rs = web_get(w, "/robots.txt");
    CHECK(web_has(&rs, "Sitemap: "));
    rs = web_get(w, "/sitemap.xml");
    CHECK(web_has(&rs, "/kennisbank/parallel-plannen"));
    rs = web_get(w, "/.well-known/security.txt");
    CHECK(web_has(&rs, "Contact: "));
    CHECK(web_has(&rs, "Expires: "));
    rs = web_get(w, "/cijfers/nieuwbouw.csv");
    CHECK(web_has(&rs, "2025,69183"));
    rs = web_get(w, "/assets/app.css");
    CHECK_INT(rs.status, 200);
    CHECK_STR(str_from(rs.content_type), S("text/css; charset=utf-8"));
    /* A made-up query is not compressed and kept anew: it is sent to the one address. */
    rs = web_get(w, "/assets/app.css?x=1");
    CHECK_INT(rs.status, 301);
    CHECK(str_starts(web_header(&rs, "Location"), S("/assets/app.css?v=")));
    rs = web_get(w, str_z(w->app.arena, web_header(&rs, "Location")));
    CHECK_INT(rs.status, 200);
    CHECK(str_find(web_header(&rs, "Cache-Control"), S("immutable")) != STR_NONE);
    rs = web_get(w, "/assets/../app.css");
    CHECK(rs.status == 400 || rs.status == 404);
}

static void metrics_stay_at_home(void **state)
{
    (void)state;
    struct http_response rs = web_send(
        w, S("GET /metrics HTTP/1.1\r\nHost: localhost:8080\r\nX-Forwarded-For: 9.9.9.9\r\n\r\n"));
    CHECK_INT(rs.status, 403);
    CHECK(!web_has(&rs, "aanjager_requests_total"));
}

/* Every route of the program: has help, a permission that is decided, and declared parameters with
 * help. */
static void every_route_is_declared_whole(void **state)
{
    (void)state;
    size_t routes = 0;
    for (const struct http_route *r; (r = http_server_route(w->server, routes)) != NULL; routes++) {
        CHECK(r->help && strlen(r->help) > 10);
        CHECK(r->permission > PERM_NOBODY && r->permission < PERM_COUNT);
        for (const struct http_param *p = r->params; p && p->name; p++)
            CHECK(p->help && strlen(p->help) > 3);
    }
    CHECK(routes > 20);
}

/* Every job that the program registers runs, on the database that is there. */
static void every_job_runs(void **state)
{
    (void)state;
    size_t jobs = 0;
    for (size_t i = 0; i < module_count; i++)
        for (size_t k = 0; k < modules[i]->job_count; k++, jobs++) {
            struct ctx c = w->app.ctx;
            c.arena = arena_new();
            c.lease = NULL;
            CHECK(modules[i]->jobs[k].help != NULL);
            CHECK_OK(&c, modules[i]->jobs[k].run(&c, S("")));
            arena_free(c.arena);
        }
    CHECK(jobs > 0);
}

static void home_shows_the_figures_of_the_data_file(void **state)
{
    (void)state;
    struct http_response rs = web_get(w, "/");
    CHECK(web_has(&rs, "69.183"));
    CHECK(web_has(&rs, "74.070"));
    CHECK(web_has(&rs, "CBS 86260NED"));
    CHECK(web_has(&rs, "peildatum vierde kwartaal 2025"));
    CHECK(web_has(&rs, "transformatie en splitsing"));
}

/* Starter content: every item is there, has sources and a certainty, and no relation leads nowhere.
 */
static void the_starter_library_is_whole(void **state)
{
    (void)state;
    size_t items = 0;
    for (size_t i = 0; i < embedded_content.count; i++) {
        const struct embedded_file *f = &embedded_content.files[i];
        if (!str_starts(f->path, S("content/library/")))
            continue;
        items++;
        CHECK(str_find(f->bytes, S("\nsources:\n")) != STR_NONE);
        CHECK(str_find(f->bytes, S("\ncertainty: ")) != STR_NONE);
        CHECK(str_find(f->bytes, S("\ncatalogue: C")) != STR_NONE);
    }
    CHECK_INT(items, 124);
    long long broken;
    struct ctx c = w->app.ctx;
    c.arena = arena_new();
    c.lease = NULL;
    CHECK_OK(&c, library_broken_relations(&c, &broken));
    CHECK_INT(broken, 0);
    arena_free(c.arena);
}

TEST_MAIN_WITH(begin, end, TEST(every_page_answers_with_a_heading_and_all_headers),
               TEST(no_link_leads_nowhere), TEST(errors_have_words_and_no_insides),
               TEST(search_text_cannot_become_markup),
               TEST(an_item_shows_owner_check_sources_and_licence),
               TEST(the_articles_of_a_law_stand_together), TEST(the_end_says_when_somebody_checked),
               TEST(the_facts_are_named_in_brief), TEST(the_starter_library_is_whole),
               TEST(versions_are_kept_compared_and_linked),
               TEST(renaming_redirects_and_backlinks_follow),
               TEST(a_page_without_a_body_is_an_error), TEST(markup_in_an_item_stays_text),
               TEST(machine_addresses_answer), TEST(metrics_stay_at_home), TEST(every_job_runs),
               TEST(every_route_is_declared_whole), TEST(home_shows_the_figures_of_the_data_file))
