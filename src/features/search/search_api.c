/* The same search as on the site, as JSON. */
#include "library/library.h"
#include "search/search_int.h"
#include "json/shape.h"

/* Paging goes as far as the index counts exactly. */
enum { MAX_OFFSET = 10000 };

struct api_hit {
    str kind, slug, title, type, catalogue, url, snippet;
    double score;
    bool partial;
};
struct api_count {
    str value, name;
    long long count;
};
struct api_counts {
    const struct api_count *items;
    size_t items_count;
};
struct api_facets {
    struct api_counts type, phase, bottleneck, theme, actor;
};
struct api_result {
    str query, corrected, suggestion;
    bool total_exact, relaxed;
    long long complete;
    struct json_list page;
    const struct api_hit *hits;
    size_t hits_count;
    struct api_facets facets;
};

static const struct json_field hit_fields[] = {
    {"kind", JSON_TEXT(struct api_hit, kind), .help = "Waar de treffer bij hoort, zoals item"},
    {"slug", JSON_TEXT(struct api_hit, slug), .help = "Laatste deel van het adres"},
    {"title", JSON_TEXT(struct api_hit, title), .help = "Titel"},
    {"type", JSON_TEXT(struct api_hit, type), .help = "Soort"},
    {"catalogue", JSON_TEXT(struct api_hit, catalogue), .optional = true,
     .help = "Nummer in de catalogus"},
    {"score", JSON_NUMBER(struct api_hit, score),
     .help = "Hoe goed de treffer past, van 0 tot 100"},
    {"partial", JSON_BOOL(struct api_hit, partial),
     .help = "Of de treffer maar een deel van uw woorden heeft, of daarbij hoort"},
    {"snippet", JSON_TEXT(struct api_hit, snippet), .help = "Stuk tekst rond de gevonden woorden"},
    {"url", JSON_URL(struct api_hit, url), .help = "Adres van de pagina"},
};
static const struct json_shape hit_shape =
    JSON_SHAPE("SearchHit", struct api_hit, hit_fields, "Een treffer.");

static const struct json_field count_fields[] = {
    {"value", JSON_TEXT(struct api_count, value), .help = "Waarde om op te filteren"},
    {"name", JSON_TEXT(struct api_count, name), .help = "Naam op de site"},
    {"count", JSON_INT(struct api_count, count),
     .help = "Aantal treffers met deze waarde, als op dit kenmerk niet was gefilterd"},
};
static const struct json_shape count_shape =
    JSON_SHAPE("FacetCount", struct api_count, count_fields, "Hoe vaak een waarde voorkomt.");

static const struct json_field facet_fields[] = {
    {"soort", JSON_OBJECTS(struct api_facets, type.items, count_shape), .help = "Per soort"},
    {"fase", JSON_OBJECTS(struct api_facets, phase.items, count_shape), .help = "Per fase"},
    {"knelpunt", JSON_OBJECTS(struct api_facets, bottleneck.items, count_shape),
     .help = "Per knelpunt"},
    {"thema", JSON_OBJECTS(struct api_facets, theme.items, count_shape), .help = "Per thema"},
    {"rol", JSON_OBJECTS(struct api_facets, actor.items, count_shape), .help = "Per rol"},
};
static const struct json_shape facets_shape =
    JSON_SHAPE("Facets", struct api_facets, facet_fields,
               "Aantallen per filter. De namen zijn die van de parameters.");

static const struct json_field result_fields[] = {
    {"query", JSON_TEXT(struct api_result, query), .help = "Wat u zocht"},
    {"total", JSON_INT(struct api_result, page.total), .help = "Aantal treffers"},
    {"totalExact", JSON_BOOL(struct api_result, total_exact),
     .help = "Of dat aantal geteld is; anders is het geschat"},
    {"relaxed", JSON_BOOL(struct api_result, relaxed),
     .help = "Of er treffers bij zijn met maar een deel van uw woorden, of die daarbij horen"},
    {"complete", JSON_INT(struct api_result, complete),
     .help = "Aantal treffers met al uw woorden"},
    {"corrected", JSON_TEXT(struct api_result, corrected), .optional = true,
     .help = "Waarop is gezocht, als een tikfout is hersteld"},
    {"suggestion", JSON_TEXT(struct api_result, suggestion), .optional = true,
     .help = "Een andere zoekvraag die wel iets vindt, als er niets is gevonden"},
    {"page", JSON_INT(struct api_result, page.page), .help = "Nummer van deze pagina, vanaf 1"},
    {"pageSize", JSON_INT(struct api_result, page.page_size),
     .help = "Hoeveel er op een pagina passen"},
    {"results", JSON_OBJECTS(struct api_result, hits, hit_shape), .help = "De treffers"},
    {"facets", JSON_OBJECT(struct api_result, facets, facets_shape), .help = "Aantallen"},
};
const struct json_shape search_result_shape =
    JSON_SHAPE("SearchResult", struct api_result, result_fields, "Wat het zoeken opleverde.");

const struct http_param search_api_params[] = {
    {"q", PARAM_TEXT, 0, INDEX_MAX_QUERY, true, "Wat u zoekt; leeg: alles"},
    {"soort", PARAM_LIST, 0, 0, true, "Soort: werkwijze, instrument, kennis, collectie of begrip"},
    {"fase", PARAM_LIST, 0, 0, true, "Fase van het plan, met de slug uit /phases"},
    {"knelpunt", PARAM_LIST, 0, 0, true, "Knelpunt, met de slug uit /bottlenecks"},
    {"thema", PARAM_LIST, 0, 0, true, "Thema, met de slug uit /themes"},
    {"rol", PARAM_LIST, 0, 0, true, "Rol, met de slug uit /actors"},
    HTTP_PAGE_PARAMS,
    HTTP_KEYS_PARAM,
    {0},
};

static void read_hits(struct ctx *c, const struct index_result *found, struct api_result *r)
{
    struct api_hit *hits = arena_array(c->arena, found->hit_count + 1, sizeof *hits);
    for (size_t i = 0; i < found->hit_count; i++) {
        const struct index_hit *hit = &found->hits[i];
        hits[i] = (struct api_hit){
            .kind = hit->kind,
            .slug = hit->slug,
            .title = hit->title.text,
            .type = hit->type,
            .catalogue = hit->catalogue,
            .score = hit->score,
            .partial = hit->partial,
            .snippet = hit->snippet.text,
            .url = http_absolute(c, hit->url),
        };
    }
    r->hits = hits;
    r->hits_count = found->hit_count;
}

static void read_facets(struct ctx *c, const struct taxonomy *t, const struct index_result *found,
                        struct api_facets *f)
{
    struct api_counts *const into[SEARCH_FACETS] = {&f->type, &f->phase, &f->bottleneck, &f->theme,
                                                    &f->actor};
    for (size_t i = 0; i < found->facet_count; i++) {
        const struct index_facet *facet = &found->facets[i];
        struct api_count *counts = arena_array(c->arena, facet->count + 1, sizeof *counts);
        for (size_t k = 0; k < facet->count; k++)
            counts[k] = (struct api_count){
                facet->counts[k].value, search_value_name(t, facet->name, facet->counts[k].value),
                (long long)facet->counts[k].count};
        for (size_t k = 0; k < SEARCH_FACETS; k++)
            if (str_eqz(str_from(search_facets[k]), facet->name))
                *into[k] = (struct api_counts){counts, facet->count};
    }
}

int search_api(struct ctx *c, const struct http_request *rq, struct http_response *rs)
{
    struct search_request request;
    struct index_result found;
    const struct taxonomy *t;
    struct http_page page = http_page_of(rq);
    if (page.offset > MAX_OFFSET)
        return err_set(c, ERR_INVALID,
                       "Zo ver bladeren kan niet. Maak uw zoekvraag preciezer; na %d treffers is "
                       "het op.",
                       MAX_OFFSET);
    search_request_read(rq, &request);
    request.size = page.size;
    TRY(taxonomy_load(c, &t));
    TRY(search_run(c, &request, false, &found));
    struct api_result r = {
        .query = request.text,
        .corrected = found.corrected,
        .suggestion = found.suggestion,
        .total_exact = found.total_exact,
        .relaxed = found.relaxed,
        .complete = (long long)found.complete,
        .page = {.total = (long long)found.total,
                 .page = (long long)page.number,
                 .page_size = (long long)page.size},
    };
    read_hits(c, &found, &r);
    read_facets(c, t, &found, &r.facets);
    http_page_links(c, rq, rs, r.page.total < MAX_OFFSET ? r.page.total : MAX_OFFSET);
    return http_reply_one(c, rq, rs, &r);
}
