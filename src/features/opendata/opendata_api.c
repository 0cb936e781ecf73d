/* The entry point of the API and its description. */
#include "opendata/opendata_int.h"

#include "base/vec.h"

struct entry_resource {
    str title, self;
};
struct entry {
    str title, version, documentation, description, licence;
    const struct entry_resource *resources;
    size_t resources_count;
};

static const struct json_field resource_fields[] = {
    {"title", JSON_TEXT(struct entry_resource, title), .help = "Wat er staat"},
    {"self", JSON_URL(struct entry_resource, self), .help = "Adres in deze API"},
};
static const struct json_shape resource_shape =
    JSON_SHAPE("Resource", struct entry_resource, resource_fields, "Een adres om te beginnen.");

static const struct json_field entry_fields[] = {
    {"title", JSON_TEXT(struct entry, title), .help = "Naam van deze API"},
    {"version", JSON_TEXT(struct entry, version), .help = "Volledig versienummer"},
    {"documentation", JSON_URL(struct entry, documentation), .help = "Uitleg voor mensen"},
    {"description", JSON_URL(struct entry, description), .help = "Beschrijving als OpenAPI 3.0"},
    {"licence", JSON_URL(struct entry, licence), .help = "Licentie van de inhoud"},
    {"resources", JSON_OBJECTS(struct entry, resources, resource_shape),
     .help = "Adressen zonder keuze in het pad"},
};
const struct json_shape opendata_entry_shape =
    JSON_SHAPE("Index", struct entry, entry_fields, "Waar de API begint.");

int opendata_api(struct ctx *c, const struct http_request *rq, struct http_response *rs)
{
    struct {
        struct entry_resource *items;
        size_t count, capacity;
    } list = {0};
    const struct http_route *r;
    for (size_t i = 0; (r = http_server_route(rq->server, i)); i++)
        if (r->reply && r->reply->shape && r != rq->route && !opendata_has_path_params(r->pattern))
            *vec_push(c->arena, &list) = (struct entry_resource){
                str_from(r->reply->title), http_absolute(c, str_from(r->pattern))};
    const struct entry entry = {
        .title = S("API van Aanjager"),
        .version = S(HTTP_API_VERSION),
        .documentation = http_absolute(c, S("/api")),
        .description = http_absolute(c, S(HTTP_API_PREFIX "/openapi.json")),
        .licence = S(OPENDATA_LICENCE_URL),
        .resources = list.items,
        .resources_count = list.count,
    };
    return http_reply_one(c, rq, rs, &entry);
}

int opendata_document(struct ctx *c, const struct http_request *rq, struct http_response *rs)
{
    struct {
        const struct http_route **items;
        size_t count, capacity;
    } routes = {0};
    const struct http_route *r;
    for (size_t i = 0; (r = http_server_route(rq->server, i)); i++)
        *vec_push(c->arena, &routes) = r;
    http_reply_json(rs);
    return opendata_openapi(c, routes.items, routes.count, &rs->body);
}
