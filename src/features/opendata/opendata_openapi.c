/* The OpenAPI 3.0 document, made from the route tables. 3.0 and not 3.1: that is what the Dutch API
   Design Rules ask for. */
#include "opendata/opendata_int.h"

#include "base/config.h"

struct document {
    struct ctx *c;
    struct json *j;
    const struct http_route *const *routes;
    size_t count;
};

static const char description[] =
    "Kennis en hulp voor gemeentelijke woningbouw: werkwijzen, instrumenten en kennis, de fasen, "
    "knelpunten, thema's en rollen waarop ze zijn geordend, en het zoeken. De antwoorden komen uit "
    "dezelfde functies als de pagina's van de site. Zonder sleutel te gebruiken.";

/* ---- who, where ---- */

static void write_contact(struct document *d)
{
    struct json *j = d->j;
    str contact = d->c->config ? config_text(d->c->config, "contact") : S("");
    bool mail = str_starts(contact, S("mailto:"));
    json_key(j, "contact");
    json_object_begin(j);
    json_kstr(j, "name", S("Beheer van Aanjager"));
    json_kstr(j, "url", contact.len && !mail ? contact : http_absolute(d->c, S("/over")));
    if (mail)
        json_kstr(j, "email", str_slice(contact, sizeof "mailto:" - 1, contact.len));
    json_object_end(j);
}

static void write_info(struct document *d)
{
    struct json *j = d->j;
    json_key(j, "info");
    json_object_begin(j);
    json_kstr(j, "title", S("API van Aanjager"));
    json_kstr(j, "description", str_from(description));
    json_kstr(j, "version", S(HTTP_API_VERSION));
    write_contact(d);
    json_key(j, "license");
    json_object_begin(j);
    json_kstr(j, "name", S(OPENDATA_LICENCE_NAME));
    json_kstr(j, "url", S(OPENDATA_LICENCE_URL));
    json_object_end(j);
    json_object_end(j);
}

static void write_servers(struct document *d)
{
    json_key(d->j, "servers");
    json_array_begin(d->j);
    json_object_begin(d->j);
    json_kstr(d->j, "url", http_absolute(d->c, S(HTTP_API_PREFIX)));
    json_kstr(d->j, "description", S("Deze site"));
    json_object_end(d->j);
    json_array_end(d->j);
    json_key(d->j, "externalDocs");
    json_object_begin(d->j);
    json_kstr(d->j, "description", S("Uitleg voor mensen"));
    json_kstr(d->j, "url", http_absolute(d->c, S("/api")));
    json_object_end(d->j);
}

static bool group_is_new(const struct document *d, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (d->routes[k]->reply &&
            str_eqz(str_from(d->routes[k]->reply->group), d->routes[i]->reply->group))
            return false;
    return true;
}

static void write_tags(struct document *d)
{
    json_key(d->j, "tags");
    json_array_begin(d->j);
    for (size_t i = 0; i < d->count; i++) {
        if (!d->routes[i]->reply || !group_is_new(d, i))
            continue;
        json_object_begin(d->j);
        json_kstr(d->j, "name", str_from(d->routes[i]->reply->group));
        json_object_end(d->j);
    }
    json_array_end(d->j);
}

/* ---- operations ---- */

static void write_parameters(struct document *d, const struct http_route *r)
{
    struct json *j = d->j;
    json_key(j, "parameters");
    json_array_begin(j);
    for (const struct http_param *p = r->params; p && p->name; p++) {
        bool in_path = opendata_in_path(r->pattern, p->name);
        json_object_begin(j);
        json_kstr(j, "name", str_from(p->name));
        json_kstr(j, "in", in_path ? S("path") : S("query"));
        json_kbool(j, "required", in_path || !p->optional);
        json_kstr(j, "description", str_from(p->help));
        if (!in_path && (p->type == PARAM_LIST || p->type == PARAM_KEYS)) {
            json_kstr(j, "style", S("form"));
            json_kbool(j, "explode", p->type == PARAM_LIST);
        }
        json_key(j, "schema");
        opendata_write_param_schema(j, p, r->reply->shape);
        json_object_end(j);
    }
    json_array_end(j);
}

static const struct {
    const char *name, *help;
    bool paged; /* only of lists */
} headers[] = {
    {"API-Version", "Volledig versienummer van de API", false},
    {"Access-Control-Allow-Origin", "Elke site mag dit antwoord lezen", false},
    {"ETag", "Kenmerk van deze inhoud, voor If-None-Match", false},
    {"Link", "Adressen van de eerste, vorige, volgende en laatste pagina", true},
};

static void write_header_references(struct json *j, bool paged)
{
    json_key(j, "headers");
    json_object_begin(j);
    for (size_t i = 0; i < COUNT_OF(headers); i++) {
        if (headers[i].paged && !paged)
            continue;
        json_key(j, headers[i].name);
        opendata_write_reference(j, "headers", headers[i].name);
    }
    json_object_end(j);
}

static void write_content_begin(struct json *j, const char *type)
{
    json_key(j, "content");
    json_object_begin(j);
    json_key(j, type);
    json_object_begin(j);
    json_key(j, "schema");
}

static void write_content_end(struct json *j)
{
    json_object_end(j);
    json_object_end(j);
}

static void write_success(struct json *j, const struct http_route *r)
{
    const struct json_shape *shape = r->reply->shape;
    json_key(j, "200");
    json_object_begin(j);
    json_kstr(j, "description", str_from(r->reply->title));
    write_header_references(j, opendata_is_paged(r));
    write_content_begin(j, "application/json");
    if (!shape) {
        json_object_begin(j);
        json_kstr(j, "type", S("object"));
        json_object_end(j);
    } else if (r->reply->list) {
        opendata_write_page_schema(j, shape);
    } else {
        opendata_write_reference(j, "schemas", shape->name);
    }
    write_content_end(j);
    json_object_end(j);
}

/* 405 is never the answer to a GET of an address that is there; 404 only where a part of it is
   chosen. */
static bool may_fail_with(const struct http_route *r, int status)
{
    return status != 405 && (status != 404 || opendata_has_path_params(r->pattern));
}

static const char *failure_name(struct arena *a, int status)
{
    return str_fmt(a, "Problem%d", status).ptr;
}

static void write_responses(struct document *d, const struct http_route *r)
{
    struct json *j = d->j;
    struct http_failure f;
    json_key(j, "responses");
    json_object_begin(j);
    write_success(j, r);
    if (r->reply->moves) {
        json_key(j, "301");
        opendata_write_reference(j, "responses", "Moved");
    }
    json_key(j, "304");
    opendata_write_reference(j, "responses", "NotModified");
    for (size_t i = 0; http_api_failure(i, &f); i++) {
        if (!may_fail_with(r, f.status))
            continue;
        json_key(j, str_fmt(d->c->arena, "%d", f.status).ptr);
        opendata_write_reference(j, "responses", failure_name(d->c->arena, f.status));
    }
    json_object_end(j);
}

static void write_paths(struct document *d)
{
    struct json *j = d->j;
    json_key(j, "paths");
    json_object_begin(j);
    for (size_t i = 0; i < d->count; i++) {
        const struct http_route *r = d->routes[i];
        if (!r->reply)
            continue;
        json_key(j, opendata_path(d->c->arena, r->pattern).ptr);
        json_object_begin(j);
        json_key(j, "get");
        json_object_begin(j);
        json_kstr(j, "operationId", opendata_operation_id(d->c->arena, r->pattern));
        json_key(j, "tags");
        json_array_begin(j);
        json_str(j, str_from(r->reply->group));
        json_array_end(j);
        json_kstr(j, "summary", str_from(r->reply->title));
        json_kstr(j, "description", str_from(r->reply->help));
        write_parameters(d, r);
        write_responses(d, r);
        json_object_end(j);
        json_object_end(j);
    }
    json_object_end(j);
}

/* ---- components ---- */

static void write_schemas(struct document *d)
{
    struct opendata_shapes shapes = {0};
    for (size_t i = 0; i < d->count; i++)
        if (d->routes[i]->reply && d->routes[i]->reply->shape)
            opendata_shapes_add(d->c->arena, &shapes, d->routes[i]->reply->shape);
    opendata_shapes_add(d->c->arena, &shapes, &http_problem_shape);
    json_key(d->j, "schemas");
    json_object_begin(d->j);
    for (size_t i = 0; i < shapes.count; i++) {
        json_key(d->j, shapes.items[i]->name);
        opendata_write_schema(d->j, shapes.items[i]);
    }
    json_object_end(d->j);
}

static void write_headers(struct document *d)
{
    json_key(d->j, "headers");
    json_object_begin(d->j);
    for (size_t i = 0; i < COUNT_OF(headers); i++) {
        json_key(d->j, headers[i].name);
        json_object_begin(d->j);
        json_kstr(d->j, "description", str_from(headers[i].help));
        json_key(d->j, "schema");
        json_object_begin(d->j);
        json_kstr(d->j, "type", S("string"));
        json_object_end(d->j);
        json_object_end(d->j);
    }
    json_object_end(d->j);
}

static void write_bare_response(struct document *d, const char *name, str words)
{
    json_key(d->j, name);
    json_object_begin(d->j);
    json_kstr(d->j, "description", words);
    write_header_references(d->j, false);
    json_object_end(d->j);
}

static void write_shared_responses(struct document *d)
{
    struct json *j = d->j;
    struct http_failure f;
    json_key(j, "responses");
    json_object_begin(j);
    write_bare_response(d, "NotModified", S("Niets veranderd sinds de ETag in If-None-Match."));
    write_bare_response(d, "Moved", S("Een vroeger adres; de header Location noemt het nieuwe."));
    for (size_t i = 0; http_api_failure(i, &f); i++) {
        json_key(j, failure_name(d->c->arena, f.status));
        json_object_begin(j);
        json_kstr(j, "description", str_fmt(d->c->arena, "%s. %s", f.title, f.when));
        json_key(j, "headers");
        json_object_begin(j);
        json_key(j, "API-Version");
        opendata_write_reference(j, "headers", "API-Version");
        json_object_end(j);
        write_content_begin(j, "application/problem+json");
        opendata_write_reference(j, "schemas", http_problem_shape.name);
        write_content_end(j);
        json_object_end(j);
    }
    json_object_end(j);
}

int opendata_openapi(struct ctx *c, const struct http_route *const *routes, size_t count,
                     struct buf *b)
{
    struct json j;
    struct document d = {c, &j, routes, count};
    json_begin(&j, b);
    json_object_begin(&j);
    json_kstr(&j, "openapi", S("3.0.3"));
    write_info(&d);
    write_servers(&d);
    write_tags(&d);
    write_paths(&d);
    json_key(&j, "components");
    json_object_begin(&j);
    write_schemas(&d);
    write_headers(&d);
    write_shared_responses(&d);
    json_object_end(&j);
    json_object_end(&j);
    return buf_ok(b) ? 0
                     : err_detail(c, ERR_INTERNAL, "the OpenAPI document passes %zu bytes", b->max);
}
