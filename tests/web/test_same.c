/* What stands on a page is in the API, and the other way round: every item of the starter library,
   the taxonomy and the search are read from both and held against each other. Row O16. */
#include "web.h"

#include "base/clock.h"
#include "base/embedded.h"
#include "base/vec.h"
#include "library/library.h"
#include "json/json.h"

static struct web *w;

static int begin(void **state)
{
    (void)state;
    w = web_begin();
    /* A second version of one item, and one that an editor has checked. */
    const struct embedded_file *file =
        embedded_find(&embedded_content, S("content/library/erfpacht.md"));
    struct arena *a = arena_new();
    web_save(
        w,
        str_fmt(a, "%.*s\nEn dit kwam er later bij.\n", (int)file->bytes.len, file->bytes.ptr).ptr);
    web_save(w,
             "---\nslug: nagekeken\ntitle: Nagekeken & <af>\ntype: kennis\nkind: onderzoek\n"
             "summary: Een \"proef\".\nphases: [\"0\",\"1\",\"2\",\"3\",\"4\",\"5\",\"6\",\"7\"]\n"
             "bottlenecks: [PRO]\nthemes: [grond]\nactors: [planoloog]\n"
             "relations:\n  builds_on: [erfpacht]\n  precondition: [grondexploitatie]\n"
             "sources:\n  - title: Bron\nlicence: CC-BY-4.0\nchecked: 2026-02-03\n"
             "certainty: gecontroleerd\nevidence: gemeten-enkele\n---\nTekst & meer.\n");
    arena_free(a);
    return 0;
}

static int end(void **state)
{
    (void)state;
    web_end(w);
    return 0;
}

/* ---- reading both ---- */

static str page_of(struct arena *a, const char *path)
{
    struct http_response rs = web_get(w, path);
    if (rs.status != 200)
        print_error("%s: %d\n", path, rs.status);
    CHECK_INT(rs.status, 200);
    return str_dup(a, web_body(&rs));
}

static const struct json_value *json_of(struct arena *a, const char *path)
{
    const struct json_value *v = NULL;
    struct ctx c = w->app.ctx;
    str body = page_of(a, path);
    c.arena = a;
    CHECK_OK(&c, json_parse(&c, body, 20, &v));
    return v;
}

static str text(const struct json_value *v, const char *key)
{
    return json_as_str(json_get(v, key));
}

static long long number(const struct json_value *v, const char *key)
{
    long long n = -1;
    CHECK(json_as_int(json_get(v, key), &n));
    return n;
}

/* Text as it stands in a page, without marks and escapes. */
static str plain(struct arena *a, str html)
{
    static const char *const escapes[][2] = {
        {"&amp;", "&"}, {"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&#39;", "'"}};
    struct buf b;
    buf_init(&b, a, html.len + 1);
    while (html.len) {
        if (html.ptr[0] == '<') {
            html = str_slice(html, str_find_byte(html, '>') + 1, html.len);
            continue;
        }
        size_t used = 0;
        for (size_t i = 0; i < COUNT_OF(escapes) && !used; i++)
            if (str_starts(html, str_from(escapes[i][0]))) {
                buf_addz(&b, escapes[i][1]);
                used = strlen(escapes[i][0]);
            }
        if (!used) {
            buf_add_byte(&b, html.ptr[0]);
            used = 1;
        }
        html = str_slice(html, used, html.len);
    }
    return buf_str(&b);
}

/* What stands between two pieces of a page; the empty str when they are not there. */
static str between(str page, const char *from, const char *to)
{
    size_t start = str_find(page, str_from(from));
    if (start == STR_NONE)
        return S("");
    page = str_slice(page, start + strlen(from), page.len);
    size_t stop = str_find(page, str_from(to));
    return stop == STR_NONE ? S("") : str_slice(page, 0, stop);
}

struct texts {
    str *items;
    size_t count, capacity;
};

/* Each text between the two pieces, plain, in order. */
static struct texts all_between(struct arena *a, str page, const char *from, const char *to)
{
    struct texts found = {0};
    for (;;) {
        size_t start = str_find(page, str_from(from));
        if (start == STR_NONE)
            return found;
        page = str_slice(page, start + strlen(from), page.len);
        size_t stop = str_find(page, str_from(to));
        CHECK(stop != STR_NONE);
        *vec_push(a, &found) = plain(a, str_slice(page, 0, stop));
    }
}

static size_t times(str page, const char *what)
{
    size_t n = 0;
    for (size_t at; (at = str_find(page, str_from(what))) != STR_NONE; n++)
        page = str_slice(page, at + strlen(what), page.len);
    return n;
}

static bool has_text(const struct texts *texts, str text_)
{
    for (size_t i = 0; i < texts->count; i++)
        if (str_eq(texts->items[i], text_))
            return true;
    return false;
}

/* ---- items ---- */

#define FACTS "<dl class=\"aj-facts\">"

/* The names in a row of facts are those of the terms or items, each once. */
static void check_names(struct arena *a, str page, const char *label, const struct json_value *list,
                        const char *key)
{
    str facts = between(page, FACTS, "</dl>");
    str row = between(facts, str_fmt(a, "<dt>%s</dt><dd>", label).ptr, "</dd>");
    struct texts names = all_between(a, row, "<a href=\"", "</a>");
    for (size_t i = 0; i < names.count; i++) /* what follows the address */
        names.items[i] =
            str_slice(names.items[i], str_find_byte(names.items[i], '>') + 1, names.items[i].len);
    CHECK_INT(names.count, json_count(list));
    for (size_t i = 0; i < json_count(list); i++) {
        str name = text(json_at(list, i), key);
        if (!has_text(&names, name))
            print_error("%s: \"%.*s\" is not on the page\n", label, (int)name.len, name.ptr);
        CHECK(has_text(&names, name));
    }
}

static void check_terms(struct arena *a, str page, const struct json_value *item)
{
    const struct json_value *phases = json_get(item, "phases");
    check_names(a, page, "Helpt bij", json_get(item, "bottlenecks"), "name");
    check_names(a, page, "Wie", json_get(item, "actors"), "name");
    check_names(a, page, "Thema", json_get(item, "themes"), "name");
    if (str_find(page, S("<a href=\"/fasen\">Alle fasen</a>")) == STR_NONE)
        check_names(a, page, "Fase", phases, "name");
    else
        CHECK_INT(json_count(phases), 8);
    CHECK_INT(times(page, "aj-phases__step--on"), json_count(phases));
}

static void check_relations(struct arena *a, str page, const struct json_value *item)
{
    check_names(a, page, "Bouwt voort op", json_get(item, "buildsOn"), "title");
    check_names(a, page, "Alternatief", json_get(item, "alternative"), "title");
    check_names(a, page, "Nodig vooraf", json_get(item, "precondition"), "title");
    str named = between(page, "id=\"deel-genoemd\">", "</section>");
    CHECK_INT(times(named, "<li>"), json_count(json_get(item, "namedBy")));
}

static void check_judgement(struct arena *a, str page, const struct json_value *item)
{
    static const char *const words[][2] = {
        {"opgezocht", "De feiten zijn opgezocht"},
        {"kennis-hoog", "waarschijnlijk juist"},
        {"kennis-middel", "kan onvolledig zijn"},
        {"kennis-laag", "De tekst is onzeker"},
    };
    str certainty = text(item, "certainty"),
        notice = between(page, "<strong>Nog te controleren.</strong>", "</p>");
    CHECK_INT(notice.len == 0, str_eqz(certainty, "gecontroleerd"));
    for (size_t i = 0; i < COUNT_OF(words); i++)
        CHECK_INT(str_find(notice, str_from(words[i][1])) != STR_NONE,
                  str_eqz(certainty, words[i][0]));
    str evidence =
        plain(a, between(between(page, FACTS, "</dl>"), "<dt>Bewijs</dt><dd>", "<a href"));
    CHECK_STR(evidence, library_evidence_name(text(item, "evidence")));
}

/* The Dutch day of a time in the API. */
static str day_of(struct arena *a, str time)
{
    struct tm tm = {0};
    CHECK(strptime(str_z(a, time), "%Y-%m-%dT%H:%M:%SZ", &tm) != NULL);
    return clock_date_dutch(a, clock_date(a, (long long)timegm(&tm)));
}

static void check_dates(struct arena *a, str page, const struct json_value *item)
{
    str changed = str_fmt(a, "%s, versie %lld", str_z(a, day_of(a, text(item, "changedAt"))),
                          number(item, "version"));
    CHECK_STR(plain(a, between(page, "<dt>Laatst gewijzigd</dt><dd>", "</dd>")), changed);
    CHECK_STR(between(page, "Opnieuw nakijken vóór</dt><dd><time datetime=\"", "\""),
              text(item, "review"));
    str checked = text(item, "checked");
    CHECK_STR(between(page, "<dt>Laatst nagekeken</dt><dd>", "</dd>"),
              clock_date_dutch(a, checked));
}

/* The page without the links that explain a term: the API gives the text as it was written. */
static str without_marks(struct arena *a, str page)
{
    struct buf b;
    buf_init(&b, a, page.len + 1);
    for (size_t at; (at = str_find(page, S("<a class=\"aj-term"))) != STR_NONE;) {
        buf_add(&b, str_slice(page, 0, at));
        page = str_slice(page, at, page.len);
        size_t open = str_find_byte(page, '>') + 1, end = str_find(page, S("</a>"));
        CHECK(end != STR_NONE && open <= end);
        buf_add(&b, str_slice(page, open, end));
        page = str_slice(page, end + 4, page.len);
    }
    buf_add(&b, page);
    return buf_str(&b);
}

static void check_parts(struct arena *a, str page, const struct json_value *item)
{
    CHECK_INT(times(page, "<li class=\"aj-steps__item\">"), json_count(json_get(item, "steps")));
    CHECK_INT(times(page, "<li class=\"aj-legal__item\">"), json_count(json_get(item, "legal")));
    CHECK_INT(times(page, "<div class=\"aj-pairs__row\">"), json_count(json_get(item, "roles")));
    CHECK_INT(times(between(page, "<ol class=\"aj-sources\">", "</ol>"), "<li>"),
              json_count(json_get(item, "sources")));
    CHECK(str_find(without_marks(a, page), text(item, "bodyHtml")) != STR_NONE);
    CHECK_STR(plain(a, between(page, "<dt>Nummer</dt><dd>", "</dd>")), text(item, "catalogue"));
    CHECK_STR(plain(a, between(page, "<dt>Eigenaar</dt><dd>", "</dd>")), text(item, "owner"));
}

static void check_versions(struct arena *a, str slug)
{
    str page = page_of(a, str_fmt(a, "/kennisbank/%s/versies", slug.ptr).ptr);
    const struct json_value *list =
        json_of(a, str_fmt(a, "/api/v1/items/%s/versions", slug.ptr).ptr);
    const struct json_value *results = json_get(list, "results");
    struct texts days = all_between(a, page, "<time datetime=\"", "\"");
    struct texts notes = all_between(a, page, "<span class=\"aj-compare__note\">", "</span>");
    CHECK_INT(times(page, "\">Versie "), number(list, "total"));
    CHECK_INT(days.count, json_count(results));
    for (size_t i = 0; i < json_count(results); i++) {
        const struct json_value *version = json_at(results, i);
        CHECK_STR(clock_date_dutch(a, days.items[i]), day_of(a, text(version, "createdAt")));
        CHECK_STR(notes.items[i], text(version, "note"));
    }
}

static void check_item(struct arena *a, str slug)
{
    str page = page_of(a, str_fmt(a, "/kennisbank/%s", slug.ptr).ptr);
    const struct json_value *item = json_of(a, str_fmt(a, "/api/v1/items/%s", slug.ptr).ptr);
    CHECK_STR(plain(a, between(page, "<h1 class=\"aj-item__title\">", "</h1>")),
              text(item, "title"));
    CHECK_STR(plain(a, between(page, "<p class=\"aj-lead\">", "</p>")), text(item, "summary"));
    str kind = text(item, "kind");
    CHECK_STR(plain(a, between(page, "<span class=\"aj-eyebrow__type\">", "</span>")),
              kind.len ? library_kind_name(kind) : library_type_name(text(item, "type")));
    check_terms(a, page, item);
    check_relations(a, page, item);
    check_judgement(a, page, item);
    check_dates(a, page, item);
    check_parts(a, page, item);
    check_versions(a, slug);
}

static void every_item_is_the_same_on_its_page(void **state)
{
    (void)state;
    size_t count = 0;
    for (size_t i = 0; i < embedded_content.count; i++) {
        str path = embedded_content.files[i].path;
        if (!str_starts(path, S("content/library/")) || !str_ends(path, S(".md")))
            continue;
        struct arena *a = arena_new();
        check_item(a, str_dup(a, str_slice(path, sizeof "content/library/" - 1, path.len - 3)));
        arena_free(a);
        count++;
    }
    CHECK_INT(count, 124);
    struct arena *a = arena_new();
    check_item(a, S("nagekeken"));
    arena_free(a);
}

static void check_refs(const struct json_value *one, const struct json_value *other)
{
    CHECK_INT(json_count(one), json_count(other));
    for (size_t i = 0; i < json_count(one); i++)
        CHECK_STR(text(json_at(one, i), "code"), text(json_at(other, i), "code"));
}

static void the_list_says_the_same_as_the_items(void **state)
{
    (void)state;
    static const char *const keys[] = {"title",    "type",   "catalogue", "summary", "certainty",
                                       "evidence", "review", "changedAt", "url",     "self"};
    struct arena *a = arena_new();
    size_t count = 0;
    for (int page = 1; page <= 2; page++) {
        const struct json_value *results = json_get(
            json_of(a, str_fmt(a, "/api/v1/items?aantal=100&pagina=%d", page).ptr), "results");
        for (size_t i = 0; i < json_count(results); i++, count++) {
            const struct json_value *entry = json_at(results, i);
            const struct json_value *item = json_of(a, str_z(a, text(entry, "self")));
            for (size_t k = 0; k < COUNT_OF(keys); k++)
                CHECK_STR(text(entry, keys[k]), text(item, keys[k]));
            CHECK_INT(number(entry, "version"), number(item, "version"));
            check_refs(json_get(entry, "phases"), json_get(item, "phases"));
            check_refs(json_get(entry, "bottlenecks"), json_get(item, "bottlenecks"));
            check_refs(json_get(entry, "themes"), json_get(item, "themes"));
            check_refs(json_get(entry, "actors"), json_get(item, "actors"));
        }
    }
    CHECK_INT(count, 125);
    arena_free(a);
}

/* ---- the taxonomy ---- */

static long long digits(str s)
{
    long long n = 0;
    for (size_t i = 0; i < s.len; i++)
        if (s.ptr[i] >= '0' && s.ptr[i] <= '9')
            n = n * 10 + (s.ptr[i] - '0');
    return n;
}

static void check_term_page(struct arena *a, const struct json_value *term)
{
    str page = page_of(a, str_z(a, text(term, "url")));
    CHECK_STR(plain(a, between(page, "<h1>", "</h1>")), text(term, "name"));
    CHECK_STR(plain(a, between(page, "<p class=\"aj-lead\">", "</p>")), text(term, "summary"));
    CHECK_INT(digits(between(page, "\">Bekijk en filter ", "</a>")), number(term, "itemCount"));
    CHECK(str_find(plain(a, page), text(term, "formal")) != STR_NONE);
    CHECK(str_find(plain(a, page), text(term, "text")) != STR_NONE);
    CHECK(str_find(plain(a, page), text(term, "endsWith")) != STR_NONE);
}

static void check_kind(const char *site, const char *api, const char *facet)
{
    struct arena *a = arena_new();
    str page = page_of(a, site);
    const struct json_value *list = json_of(a, str_fmt(a, "%s?aantal=100", api).ptr);
    struct texts names = all_between(a, page, "<h2 class=\"aj-termlist__name\">", "</h2>");
    if (!names.count)
        names = all_between(a, page, "<h3 class=\"aj-termlist__name\">", "</h3>");
    struct texts summaries = all_between(a, page, "<p class=\"aj-termlist__text\">", "</p>");
    struct texts counts = all_between(a, page, "<p class=\"aj-termlist__count\">", "</p>");
    const struct json_value *results = json_get(list, "results");
    CHECK_INT(names.count, json_count(results));
    CHECK_INT(number(list, "total"), names.count);
    for (size_t i = 0; i < names.count; i++) {
        const struct json_value *term = json_at(results, i);
        CHECK_STR(names.items[i], text(term, "name"));
        CHECK_STR(summaries.items[i], text(term, "summary"));
        CHECK_INT(digits(counts.items[i]), number(term, "itemCount"));
        const char *slug = str_z(a, text(term, "slug"));
        const struct json_value *items =
            json_of(a, str_fmt(a, "/api/v1/items?%s=%s&aantal=1", facet, slug).ptr);
        CHECK_INT(number(items, "total"), number(term, "itemCount"));
        check_term_page(a, json_of(a, str_fmt(a, "%s/%s", api, slug).ptr));
    }
    arena_free(a);
}

static void the_taxonomy_is_the_same(void **state)
{
    (void)state;
    check_kind("/fasen", "/api/v1/phases", "fase");
    check_kind("/knelpunten", "/api/v1/bottlenecks", "knelpunt");
    check_kind("/themas", "/api/v1/themes", "thema");
    check_kind("/rollen", "/api/v1/actors", "rol");
}

/* ---- searching ---- */

/* The count that the page shows for a value of a facet; -1 when it shows none. */
static long long shown_count(struct arena *a, str page, const char *facet, str value)
{
    str option = between(page, str_fmt(a, "name=\"%s\" value=\"%s\"", facet, str_z(a, value)).ptr,
                         "</label>");
    str count = between(option, "<span class=\"aj-facet__count\">", "<span");
    return option.len ? digits(count) : -1;
}

static void check_facet(struct arena *a, str page, const struct json_value *facets,
                        const char *facet)
{
    const struct json_value *counts = json_get(facets, facet);
    size_t shown = 0;
    for (size_t i = 0; i < json_count(counts); i++) {
        const struct json_value *one = json_at(counts, i);
        /* The library's own page offers neither collections nor terms of the glossary. */
        str value = text(one, "value");
        bool others = str_eqz(value, "begrip") || str_eqz(value, "collectie");
        bool offered = !others || shown_count(a, page, facet, value) >= 0;
        if (number(one, "count") == 0 || !offered)
            continue;
        CHECK_INT(shown_count(a, page, facet, text(one, "value")), number(one, "count"));
        shown++;
    }
    /* A chosen value without hits stays on the page, with 0. */
    str rest = page;
    const char *name = str_fmt(a, "name=\"%s\" value=\"", facet).ptr;
    for (size_t at; (at = str_find(rest, str_from(name))) != STR_NONE;) {
        rest = str_slice(rest, at + strlen(name), rest.len);
        str value = str_slice(rest, 0, str_find_byte(rest, '"'));
        shown -= shown_count(a, page, facet, value) > 0;
    }
    CHECK_INT(shown, 0);
}

static void check_search(const char *site, const char *query)
{
    static const char *const names[] = {"soort", "fase", "knelpunt", "thema", "rol"};
    struct arena *a = arena_new();
    str page = page_of(a, str_fmt(a, "%s?%s", site, query).ptr);
    const struct json_value *found = json_of(a, str_fmt(a, "/api/v1/search?%s", query).ptr);
    const struct json_value *results = json_get(found, "results");
    struct texts urls = all_between(a, page, "<h3 class=\"aj-result__title\"><a href=\"", "\"");
    struct texts titles = all_between(a, page, "<h3 class=\"aj-result__title\">", "</h3>");
    struct texts snippets = all_between(a, page, "<p class=\"aj-result__text\">", "</p>");
    str heading = between(page, "id=\"aantal\"><strong>", "</strong>");
    CHECK_INT(digits(heading), number(found, "total"));
    CHECK_INT(str_starts(heading, S("ongeveer")), !json_as_bool(json_get(found, "totalExact")));
    CHECK_INT(urls.count, json_count(results));
    for (size_t i = 0; i < urls.count; i++) {
        CHECK_STR(urls.items[i], text(json_at(results, i), "url"));
        CHECK_STR(titles.items[i], text(json_at(results, i), "title"));
        CHECK_STR(snippets.items[i], text(json_at(results, i), "snippet"));
    }
    for (size_t i = 0; i < COUNT_OF(names); i++)
        check_facet(a, page, json_get(found, "facets"), names[i]);
    CHECK_STR(plain(a, between(page, "Er is gezocht op <strong>", "</strong>")),
              text(found, "corrected"));
    arena_free(a);
}

static void searching_finds_the_same(void **state)
{
    (void)state;
    static const char *const queries[] = {
        "q=vergunning",
        "q=stikstof",
        "q=te+weinig+planologen",
        "q=grond&pagina=2",
        "q=vergunnign",
        "q=grond&fase=ontwerp&fase=definitie&soort=instrument",
        "q=grond&knelpunt=stikstof",
        "q=parkeernorm+zwabberhoutje",
        "q=qqqxxzzyqq",
        "q=gemeente&rol=jurist&thema=grond-en-kostenverhaal",
    };
    for (size_t i = 0; i < COUNT_OF(queries); i++)
        check_search("/zoeken", queries[i]);
}

static void browsing_counts_the_same(void **state)
{
    (void)state;
    static const char *const queries[] = {"fase=ontwerp",
                                          "soort=kennis",
                                          "knelpunt=procedures&knelpunt=grond&fase=ontwerp",
                                          "rol=planoloog&soort=werkwijze&soort=kennis",
                                          "thema=geld-en-subsidies&pagina=2",
                                          "pagina=1"};
    for (size_t i = 0; i < COUNT_OF(queries); i++) {
        struct arena *a = arena_new();
        check_search("/kennisbank", queries[i]);
        const struct json_value *items = json_of(a, str_fmt(a, "/api/v1/items?%s", queries[i]).ptr);
        const struct json_value *found =
            json_of(a, str_fmt(a, "/api/v1/search?%s", queries[i]).ptr);
        CHECK_INT(number(items, "total"), number(found, "total"));
        arena_free(a);
    }
}

static void the_glossary_is_the_same(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    const struct json_value *list = json_of(a, "/api/v1/glossary-terms?aantal=100");
    const struct json_value *terms = json_get(list, "results");
    CHECK(json_count(terms) > 0);
    for (size_t i = 0; i < json_count(terms); i++) {
        const struct json_value *term = json_at(terms, i);
        const char *slug = str_z(a, text(term, "slug"));
        str page = page_of(a, str_fmt(a, "/begrippen/%s", slug).ptr);
        const struct json_value *one =
            json_of(a, str_fmt(a, "/api/v1/glossary-terms/%s", slug).ptr);
        CHECK_STR(text(one, "explanation"), text(term, "explanation"));
        CHECK(str_find(plain(a, page), text(term, "explanation")) != STR_NONE);
        CHECK(str_find(plain(a, page), text(json_get(term, "source"), "name")) != STR_NONE);
        for (size_t k = 0; k < json_count(json_get(term, "abbreviations")); k++)
            CHECK(str_find(plain(a, page),
                           json_as_str(json_at(json_get(term, "abbreviations"), k))) != STR_NONE);
    }
    arena_free(a);
}

static void the_number_of_items_on_pages_is_that_of_the_api(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    long long total = number(json_of(a, "/api/v1/items?aantal=1"), "total");
    CHECK_INT(digits(between(page_of(a, "/over"), "U vindt hier ", " werkwijzen")), total);
    CHECK_INT(digits(between(page_of(a, "/"), "Zoek in ", " onderwerpen")), total);
    arena_free(a);
}

TEST_MAIN_WITH(begin, end, TEST(every_item_is_the_same_on_its_page),
               TEST(the_list_says_the_same_as_the_items), TEST(the_taxonomy_is_the_same),
               TEST(searching_finds_the_same), TEST(browsing_counts_the_same),
               TEST(the_glossary_is_the_same),
               TEST(the_number_of_items_on_pages_is_that_of_the_api))
