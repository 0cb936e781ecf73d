/* The description of the API follows the route tables: what is in them is in it, and what is in it
   is whole. tests/browser/api.test.mjs holds it to the schema of OpenAPI, and the answers to it. */
#include "test.h"

#include "app/modules.h"
#include "opendata/opendata_int.h"
#include "json/json.h"

static struct arena *arena;
static const struct json_value *document;
static const struct http_route *routes[256];
static size_t route_count;

static int begin(void **state)
{
    (void)state;
    struct buf b;
    arena = arena_new();
    struct ctx c = {.arena = arena};
    for (size_t i = 0; i < module_count; i++)
        for (size_t k = 0; k < modules[i]->routes.count; k++)
            routes[route_count++] = &modules[i]->routes.routes[k];
    buf_init(&b, arena, OPENDATA_MAX_DOCUMENT);
    CHECK_OK(&c, opendata_openapi(&c, routes, route_count, &b));
    CHECK_OK(&c, json_parse(&c, buf_str(&b), 32, &document));
    return 0;
}

static int end(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

/* The value at "info/contact/name". */
static const struct json_value *at(const struct json_value *v, const char *path)
{
    str rest = str_from(path), key;
    while (str_split(&rest, '/', &key))
        v = json_get(v, str_z(arena, key));
    return v;
}

static str text_at(const char *path)
{
    return json_as_str(at(document, path));
}

/* Keys with a slash in them are asked for by themselves. */
static const struct json_value *operation_of(const struct http_route *r)
{
    const struct json_value *paths = json_get(document, "paths");
    return json_get(json_get(paths, opendata_path(arena, r->pattern).ptr), "get");
}

static void says_what_it_is(void **state)
{
    (void)state;
    CHECK_STR(text_at("openapi"), S("3.0.3"));
    CHECK_STR(text_at("info/version"), S(HTTP_API_VERSION));
    CHECK_STR(text_at("info/license/name"), S("CC BY 4.0"));
    CHECK(text_at("info/title").len && text_at("info/description").len);
    CHECK(text_at("info/contact/name").len && text_at("info/contact/url").len);
    CHECK_STR(json_as_str(json_get(json_at(json_get(document, "servers"), 0), "url")),
              S("/api/v1"));
}

static void every_route_with_a_reply_is_described(void **state)
{
    (void)state;
    size_t described = 0;
    for (size_t i = 0; i < route_count; i++) {
        const struct json_value *operation = operation_of(routes[i]);
        if (!routes[i]->reply) {
            CHECK(!str_starts(str_from(routes[i]->pattern), S(HTTP_API_PREFIX)));
            continue;
        }
        described++;
        CHECK(operation != NULL);
        CHECK_STR(json_as_str(json_get(operation, "summary")), str_from(routes[i]->reply->title));
        CHECK(json_as_str(json_get(operation, "operationId")).len > 3);
        CHECK_INT(json_count(json_get(operation, "tags")), 1);
        for (size_t k = 0; k < i; k++)
            CHECK(!routes[k]->reply || !str_eq(opendata_operation_id(arena, routes[k]->pattern),
                                               opendata_operation_id(arena, routes[i]->pattern)));
    }
    CHECK(described >= 15);
}

static void check_param(const struct http_route *r, const struct http_param *p,
                        const struct json_value *v)
{
    const struct json_value *schema = json_get(v, "schema");
    bool in_path = opendata_in_path(r->pattern, p->name);
    long long n;
    CHECK_STR(json_as_str(json_get(v, "name")), str_from(p->name));
    CHECK_STR(json_as_str(json_get(v, "in")), in_path ? S("path") : S("query"));
    CHECK_INT(json_as_bool(json_get(v, "required")), in_path || !p->optional);
    CHECK_STR(json_as_str(json_get(v, "description")), str_from(p->help));
    if (p->type == PARAM_INT) {
        CHECK(json_as_int(json_get(schema, "minimum"), &n) && n == p->min);
        CHECK(json_as_int(json_get(schema, "maximum"), &n) && n == p->max);
    }
    if (p->type == PARAM_TEXT)
        CHECK(json_as_int(json_get(schema, "maxLength"), &n) && n == p->max);
    if (p->type == PARAM_KEYS)
        CHECK_INT(json_count(at(schema, "items/enum")), r->reply->shape->count);
    if (p->type == PARAM_CHOICE)
        CHECK(json_count(json_get(schema, "enum")) > 1);
}

static void parameters_have_type_bounds_and_words(void **state)
{
    (void)state;
    for (size_t i = 0; i < route_count; i++) {
        if (!routes[i]->reply)
            continue;
        const struct json_value *list = json_get(operation_of(routes[i]), "parameters");
        size_t count = 0;
        for (const struct http_param *p = routes[i]->params; p && p->name; p++)
            check_param(routes[i], p, json_at(list, count++));
        CHECK_INT(json_count(list), count);
    }
}

static void every_operation_says_how_it_fails(void **state)
{
    (void)state;
    static const char *const always[] = {"200", "304", "400", "406", "429", "431", "500", "503"};
    for (size_t i = 0; i < route_count; i++) {
        if (!routes[i]->reply)
            continue;
        const struct json_value *responses = json_get(operation_of(routes[i]), "responses");
        for (size_t k = 0; k < COUNT_OF(always); k++)
            CHECK(json_get(responses, always[k]) != NULL);
        CHECK((json_get(responses, "404") != NULL) == opendata_has_path_params(routes[i]->pattern));
        CHECK((json_get(responses, "301") != NULL) == routes[i]->reply->moves);
        CHECK(at(responses, "200/headers/API-Version") != NULL);
        CHECK((at(responses, "200/headers/Link") != NULL) == opendata_is_paged(routes[i]));
    }
}

static void check_schema(const struct json_shape *shape)
{
    const struct json_value *schema = at(document, "components/schemas");
    schema = json_get(schema, shape->name);
    size_t required = 0;
    for (size_t i = 0; i < shape->count; i++) {
        const struct json_value *property =
            json_get(json_get(schema, "properties"), shape->fields[i].key);
        CHECK(property != NULL);
        required += !shape->fields[i].optional;
        if (shape->fields[i].kind == JSON_KIND_TIME)
            CHECK_STR(json_as_str(json_get(property, "format")), S("date-time"));
        if (shape->fields[i].kind == JSON_KIND_DATE)
            CHECK_STR(json_as_str(json_get(property, "format")), S("date"));
        if (shape->fields[i].kind == JSON_KIND_OBJECTS)
            CHECK_STR(json_as_str(at(property, "items/$ref")),
                      str_fmt(arena, "#/components/schemas/%s", shape->fields[i].shape->name));
        if (shape->fields[i].shape)
            check_schema(shape->fields[i].shape);
    }
    CHECK_INT(json_count(json_get(schema, "required")), required);
}

static void schemas_follow_the_shapes(void **state)
{
    (void)state;
    for (size_t i = 0; i < route_count; i++)
        if (routes[i]->reply && routes[i]->reply->shape)
            check_schema(routes[i]->reply->shape);
    check_schema(&http_problem_shape);
}

static void names_follow_from_patterns(void **state)
{
    (void)state;
    CHECK_STR(opendata_path(arena, "/api/v1"), S("/"));
    CHECK_STR(opendata_path(arena, "/api/v1/items/:slug/versions"), S("/items/{slug}/versions"));
    CHECK_STR(opendata_operation_id(arena, "/api/v1"), S("getIndex"));
    CHECK_STR(opendata_operation_id(arena, "/api/v1/items/:slug/versions/:nummer"),
              S("getItemsBySlugVersionsByNummer"));
    CHECK_STR(opendata_operation_id(arena, "/api/v1/openapi.json"), S("getOpenapiJson"));
    CHECK(opendata_in_path("/a/:slug", "slug"));
    CHECK(!opendata_in_path("/a/:slugs", "slug"));
}

static void too_little_room_is_an_error(void **state)
{
    (void)state;
    struct ctx c = {.arena = arena_new()};
    struct buf b;
    buf_init(&b, c.arena, 1000);
    CHECK_INT(opendata_openapi(&c, routes, route_count, &b), ERR_INTERNAL);
    arena_free(c.arena);
}

TEST_MAIN_WITH(begin, end, TEST(says_what_it_is), TEST(every_route_with_a_reply_is_described),
               TEST(parameters_have_type_bounds_and_words), TEST(every_operation_says_how_it_fails),
               TEST(schemas_follow_the_shapes), TEST(names_follow_from_patterns),
               TEST(too_little_room_is_an_error))
