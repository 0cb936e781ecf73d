/* Organisations as JSON: the codes by which other programs name them. */
#include "organisations/organisations_int.h"

#include "json/shape.h"

struct record {
    struct organisation organisation;
    str full_name, self;
    struct {
        const str *items;
        size_t items_count;
    } members;
};

static const struct json_field fields[] = {
    {"code", JSON_TEXT(struct record, organisation.code),
     .help = "Vaste code: die van het CBS voor gemeenten en provincies"},
    {"slug", JSON_TEXT(struct record, organisation.slug), .help = "Laatste deel van het adres"},
    {"kind", JSON_TEXT(struct record, organisation.kind), .help = "Soort organisatie"},
    {"name", JSON_TEXT(struct record, full_name),
     .help = "Naam, bij een plaats met de soort ervoor"},
    {"province", JSON_TEXT(struct record, organisation.province), .optional = true,
     .help = "Code van de provincie"},
    {"members", JSON_TEXTS(struct record, members.items),
     .help = "Codes van de gemeenten van een woondealregio"},
    {"inhabitants", JSON_INT(struct record, organisation.inhabitants), .optional = true,
     .help = "Inwoners op 1 januari 2024 (CBS)"},
    {"urbanisation", JSON_INT(struct record, organisation.urbanisation), .optional = true,
     .help = "Stedelijkheid in 2021 (CBS), van 1, zeer sterk, tot 5, niet stedelijk"},
    {"self", JSON_URL(struct record, self), .help = "Adres in deze API"},
};
const struct json_shape organisation_shape =
    JSON_SHAPE("Organisation", struct record, fields, "Een organisatie die aan woningbouw werkt.");

static int fill(struct ctx *c, const struct organisation *o, struct record *ret)
{
    str *members;
    *ret = (struct record){
        .organisation = *o,
        .full_name = organisation_full_name(c->arena, o),
        .self = http_absolute(c, str_fmt(c->arena, HTTP_API_PREFIX "/organisations/%.*s",
                                         (int)o->slug.len, o->slug.ptr)),
    };
    if (!organisation_kind_of(o->kind)->members)
        return 0;
    TRY(organisations_store_members(c, o->id, &members, &ret->members.items_count));
    ret->members.items = members;
    return 0;
}

static bool is_asked(const struct organisation *o, str kind, str words)
{
    return (!kind.len || str_eq(o->kind, kind)) && (!words.len || organisation_fits(o, words));
}

int organisations_api_list(struct ctx *c, const struct http_request *rq, struct http_response *rs)
{
    const struct organisations *list;
    struct http_page page = http_page_of(rq);
    str kind = http_text(rq, "soort"), words = organisation_words(c->arena, http_text(rq, "q"));
    size_t total = 0, count = 0;
    TRY(organisations_load(c, &list));
    struct record *records = arena_array(c->arena, page.size, sizeof *records);
    for (size_t i = 0; i < list->count; i++) {
        if (!is_asked(&list->items[i], kind, words))
            continue;
        if (total >= page.offset && count < page.size)
            TRY(fill(c, &list->items[i], &records[count++]));
        total++;
    }
    return http_reply_list(c, rq, rs, records, count, (long long)total);
}

int organisations_api_one(struct ctx *c, const struct http_request *rq, struct http_response *rs)
{
    const struct organisations *list;
    struct record record;
    TRY(organisations_load(c, &list));
    const struct organisation *o = organisation_by_slug(list, http_text(rq, "slug"));
    if (!o)
        return err_set(c, ERR_NOT_FOUND, "Deze organisatie bestaat niet. Bekijk de lijst op %s.",
                       HTTP_API_PREFIX "/organisations");
    TRY(fill(c, o, &record));
    return http_reply_one(c, rq, rs, &record);
}
