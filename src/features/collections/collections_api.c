/* Collections as JSON. What is in it comes from the same functions as the pages. */
#include "collections/collections_int.h"

#include "json/shape.h"

#define COLLECTIONS HTTP_API_PREFIX "/collections"

struct step {
    long long position;
    struct library_brief item;
    str why, url, self;
};
struct record { /* in a list: without the steps */
    struct collection collection;
    const struct step *steps;
    size_t steps_count;
    long long count;
    str url, self;
};

static const struct json_field step_fields[] = {
    {"position", JSON_INT(struct step, position), .help = "Plaats in de volgorde, vanaf 1"},
    {"slug", JSON_TEXT(struct step, item.slug),
     .help = "Laatste deel van het adres van het kennisitem"},
    {"title", JSON_TEXT(struct step, item.title), .help = "Titel van het kennisitem"},
    {"type", JSON_TEXT(struct step, item.type), .help = "Soort kennis"},
    {"why", JSON_TEXT(struct step, why), .help = "Waarom het hier staat"},
    {"certainty", JSON_TEXT(struct step, item.certainty),
     .help = "Hoe zeker de tekst van het kennisitem is"},
    {"evidence", JSON_TEXT(struct step, item.evidence), .help = "Hoe sterk het bewijs is"},
    {"url", JSON_URL(struct step, url), .help = "Adres van de pagina van het kennisitem"},
    {"self", JSON_URL(struct step, self), .help = "Adres van het kennisitem in deze API"},
};
static const struct json_shape step_shape =
    JSON_SHAPE("CollectionStep", struct step, step_fields, "Een stap van een collectie.");

#define ENTRY_FIELDS                                                                               \
    {"slug", JSON_TEXT(struct record, collection.slug), .help = "Laatste deel van het adres"},     \
        {"title", JSON_TEXT(struct record, collection.title), .help = "Titel"},                    \
        {"kind", JSON_TEXT(struct record, collection.kind), .choices = COLLECTION_KINDS,           \
         .help = "Waar de collectie voor is: een route, een rol of een knelpunt"},                 \
        {"summary", JSON_TEXT(struct record, collection.summary), .help = "Samenvatting"},         \
        {"phases", JSON_TEXTS(struct record, collection.phases.items),                             \
         .help = "Codes van fasen waar de collectie voor is"},                                     \
        {"bottlenecks", JSON_TEXTS(struct record, collection.bottlenecks.items),                   \
         .help = "Codes van knelpunten waar de collectie voor is"},                                \
        {"themes", JSON_TEXTS(struct record, collection.themes.items),                             \
         .help = "Codes van thema's waar de collectie voor is"},                                   \
        {"actors", JSON_TEXTS(struct record, collection.actors.items),                             \
         .help = "Codes van rollen waar de collectie voor is"},                                    \
        {"certainty", JSON_TEXT(struct record, collection.certainty),                              \
         .help = "Hoe zeker de tekst is; alles behalve gecontroleerd is nog door niemand "         \
                 "nagekeken"},                                                                     \
        {"changedAt", JSON_TIME(struct record, collection.changed_at),                             \
         .help = "Tijdstip van de laatste wijziging"},                                             \
        {"url", JSON_URL(struct record, url), .help = "Adres van de pagina"},                      \
    {                                                                                              \
        "self", JSON_URL(struct record, self), .help = "Adres in deze API"                         \
    }

static const struct json_field entry_fields[] = {
    ENTRY_FIELDS,
    {"steps", JSON_INT(struct record, count), .help = "Aantal stappen"},
};
const struct json_shape collections_entry_shape =
    JSON_SHAPE("CollectionEntry", struct record, entry_fields, "Een collectie in een lijst.");

static const struct json_field record_fields[] = {
    ENTRY_FIELDS,
    {"introduction", JSON_TEXT(struct record, collection.introduction),
     .help = "Voor wie de collectie is en wat die oplevert"},
    {"steps", JSON_OBJECTS(struct record, steps, step_shape), .help = "De stappen, op volgorde"},
    {"version", JSON_INT(struct record, collection.number), .help = "Nummer van de versie"},
    {"owner", JSON_TEXT(struct record, collection.owner), .optional = true, .help = "Eigenaar"},
    {"checked", JSON_DATE(struct record, collection.checked), .optional = true,
     .help = "Dag waarop een redacteur de collectie nakeek"},
    {"review", JSON_DATE(struct record, collection.review), .optional = true,
     .help = "Dag waarvóór de collectie opnieuw wordt nagekeken"},
    {"licence", JSON_TEXT(struct record, collection.licence), .help = "Licentie"},
};
const struct json_shape collections_record_shape =
    JSON_SHAPE("Collection", struct record, record_fields, "Een collectie met haar stappen.");

static void fill(struct ctx *c, const struct collection *k, struct record *ret)
{
    *ret = (struct record){
        .collection = *k,
        .count = (long long)k->steps_count,
        .url = http_absolute(c, collection_url(c, k->slug)),
        .self =
            http_absolute(c, str_fmt(c->arena, COLLECTIONS "/%.*s", (int)k->slug.len, k->slug.ptr)),
    };
}

static int fill_steps(struct ctx *c, const struct collection *k, struct record *ret)
{
    const struct taxonomy *t;
    size_t n = k->steps_count;
    str *slugs = arena_array(c->arena, n + 1, sizeof *slugs);
    struct library_brief *items = arena_array(c->arena, n + 1, sizeof *items);
    struct step *steps = arena_array(c->arena, n + 1, sizeof *steps);
    for (size_t i = 0; i < n; i++)
        slugs[i] = k->steps[i].item;
    TRY(taxonomy_load(c, &t));
    TRY(library_briefs(c, t, slugs, n, items));
    for (size_t i = 0; i < n; i++) {
        if (!items[i].known)
            continue;
        const char *slug = str_z(c->arena, items[i].slug);
        steps[ret->steps_count] = (struct step){
            .position = (long long)ret->steps_count + 1,
            .item = items[i],
            .why = k->steps[i].why,
            .url = http_absolute(c, str_fmt(c->arena, "/kennisbank/%s", slug)),
            .self = http_absolute(c, str_fmt(c->arena, HTTP_API_PREFIX "/items/%s", slug)),
        };
        ret->steps_count++;
    }
    ret->steps = steps;
    return 0;
}

/* The slug of the term in the request stands for its code; one that is no term finds nothing. */
static bool fits(const struct http_request *rq, const struct taxonomy *t, enum taxonomy_kind kind,
                 const struct collection *k)
{
    const char *name = taxonomy_kind_name(kind);
    str slug = http_text(rq, name);
    if (!slug.len)
        return true;
    const struct taxonomy_term *term = taxonomy_by_slug(t, kind, slug);
    return term && collection_is_for(k, name, term->code);
}

int collections_api_list(struct ctx *c, const struct http_request *rq, struct http_response *rs)
{
    const struct collections *all;
    const struct taxonomy *t;
    struct http_page page = http_page_of(rq);
    size_t total = 0, count = 0;
    TRY(collections_load(c, &all));
    TRY(taxonomy_load(c, &t));
    struct record *records = arena_array(c->arena, page.size, sizeof *records);
    for (size_t i = 0; i < all->count; i++) {
        if (!fits(rq, t, TAXONOMY_ACTOR, &all->items[i]) ||
            !fits(rq, t, TAXONOMY_BOTTLENECK, &all->items[i]))
            continue;
        if (total >= page.offset && count < page.size)
            fill(c, &all->items[i], &records[count++]);
        total++;
    }
    return http_reply_list(c, rq, rs, records, count, (long long)total);
}

int collections_api_one(struct ctx *c, const struct http_request *rq, struct http_response *rs)
{
    const struct collections *all;
    struct record record;
    TRY(collections_load(c, &all));
    const struct collection *k = collections_by_slug(all, http_text(rq, "slug"));
    if (!k)
        return err_set(c, ERR_NOT_FOUND, "Deze collectie bestaat niet. Bekijk de lijst op %s.",
                       COLLECTIONS);
    fill(c, k, &record);
    TRY(fill_steps(c, k, &record));
    return http_reply_one(c, rq, rs, &record);
}
