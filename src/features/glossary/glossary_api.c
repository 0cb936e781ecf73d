#include "glossary/glossary_int.h"

#include "json/shape.h"

/* A term as the API gives it. */
struct record {
    struct glossary_term term;
    str url, self;
};

static const struct json_field source_fields[] = {
    {"name", JSON_TEXT(struct glossary_source, name), .help = "Naam van de bron"},
    {"url", JSON_URL(struct glossary_source, url), .optional = true, .help = "Webadres"},
    {"consulted", JSON_DATE(struct glossary_source, date), .optional = true,
     .help = "Dag waarop de bron is geraadpleegd"},
};
static const struct json_shape source_shape =
    JSON_SHAPE("GlossarySource", struct glossary_source, source_fields,
               "Waar de uitleg van een begrip op berust.");

static const struct json_field fields[] = {
    {"slug", JSON_TEXT(struct record, term.slug), .help = "Laatste deel van het adres"},
    {"name", JSON_TEXT(struct record, term.name), .help = "Het begrip, voluit"},
    {"abbreviations", JSON_TEXTS(struct record, term.abbreviations.items), .help = "Afkortingen"},
    {"forms", JSON_TEXTS(struct record, term.forms.items),
     .help = "Andere vormen, zoals het meervoud"},
    {"explanation", JSON_TEXT(struct record, term.explanation), .help = "Uitleg in een zin"},
    {"note", JSON_TEXT(struct record, term.note), .optional = true,
     .help = "Langere toelichting, in Markdown"},
    {"source", JSON_OBJECT(struct record, term.source, source_shape), .help = "Bron"},
    {"phases", JSON_TEXTS(struct record, term.related.phases.items),
     .help = "Codes van fasen waar het begrip bij hoort"},
    {"bottlenecks", JSON_TEXTS(struct record, term.related.bottlenecks.items),
     .help = "Codes van knelpunten waar het begrip bij hoort"},
    {"themes", JSON_TEXTS(struct record, term.related.themes.items),
     .help = "Codes van thema's waar het begrip bij hoort"},
    {"actors", JSON_TEXTS(struct record, term.related.actors.items),
     .help = "Codes van rollen waar het begrip bij hoort"},
    {"items", JSON_TEXTS(struct record, term.related.items.items),
     .help = "Laatste deel van het adres van kennisitems die erbij horen"},
    {"certainty", JSON_TEXT(struct record, term.certainty),
     .help = "Hoe zeker de tekst is; alles behalve gecontroleerd is nog door niemand nagekeken"},
    {"checked", JSON_DATE(struct record, term.checked), .optional = true,
     .help = "Dag waarop een redacteur de tekst nakeek"},
    {"changedAt", JSON_TIME(struct record, term.changed_at),
     .help = "Tijdstip van de laatste wijziging"},
    {"url", JSON_URL(struct record, url), .help = "Adres van de pagina"},
    {"self", JSON_URL(struct record, self), .help = "Adres in deze API"},
};
const struct json_shape glossary_shape =
    JSON_SHAPE("GlossaryTerm", struct record, fields, "Een begrip met zijn uitleg.");

static void fill(struct ctx *c, const struct glossary_term *t, struct record *ret)
{
    const char *slug = str_z(c->arena, t->slug);
    *ret = (struct record){
        .term = *t,
        .url = http_absolute(c, str_fmt(c->arena, "/begrippen/%s", slug)),
        .self = http_absolute(c, str_fmt(c->arena, HTTP_API_PREFIX "/glossary-terms/%s", slug)),
    };
}

int glossary_api_list(struct ctx *c, const struct http_request *rq, struct http_response *rs)
{
    const struct glossary *g;
    struct http_page page = http_page_of(rq);
    str words = http_text(rq, "q");
    size_t total = 0, count = 0;
    TRY(glossary_load(c, &g));
    struct record *records = arena_array(c->arena, page.size, sizeof *records);
    for (size_t i = 0; i < g->count; i++) {
        if (words.len && !glossary_fits(c->arena, &g->terms[i], words))
            continue;
        if (total >= page.offset && count < page.size)
            fill(c, &g->terms[i], &records[count++]);
        total++;
    }
    return http_reply_list(c, rq, rs, records, count, (long long)total);
}

int glossary_api_one(struct ctx *c, const struct http_request *rq, struct http_response *rs)
{
    const struct glossary *g;
    struct record record;
    TRY(glossary_load(c, &g));
    const struct glossary_term *t = glossary_by_slug(g, http_text(rq, "slug"));
    if (!t)
        return err_set(c, ERR_NOT_FOUND, "Dit begrip bestaat niet. Bekijk de lijst op %s.",
                       HTTP_API_PREFIX "/glossary-terms");
    fill(c, t, &record);
    return http_reply_one(c, rq, rs, &record);
}
