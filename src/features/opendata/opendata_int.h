#pragma once

#include "html/page.h"
#include "module/module.h"
#include "opendata/opendata.h"
#include "json/shape.h"

#define OPENDATA_LICENCE_NAME "CC BY 4.0"
#define OPENDATA_LICENCE_URL "https://creativecommons.org/licenses/by/4.0/deed.nl"

enum { OPENDATA_MAX_DOCUMENT = 2 * 1024 * 1024 };

/* ---- rules ---- */

/* "/items/{slug}" for "/api/v1/items/:slug"; "/" for the entry point. */
str opendata_path(struct arena *a, const char *pattern);
/* "getItemsBySlug", unique because patterns are. */
str opendata_operation_id(struct arena *a, const char *pattern);
bool opendata_in_path(const char *pattern, const char *name); /* is it a :name of the pattern? */
bool opendata_has_path_params(const char *pattern);
bool opendata_is_paged(const struct http_route *route);
/* "een getal van 1 tot en met 500", for people. */
str opendata_value_words(struct arena *a, const struct http_param *p);

/* ---- schemas ---- */

struct opendata_shapes { /* each once, in the order in which they are met */
    const struct json_shape **items;
    size_t count, capacity;
};
void opendata_shapes_add(struct arena *a, struct opendata_shapes *shapes,
                         const struct json_shape *shape);
void opendata_write_schema(struct json *j, const struct json_shape *shape);
/* A page of a list of them. */
void opendata_write_page_schema(struct json *j, const struct json_shape *shape);
void opendata_write_reference(struct json *j, const char *folder, const char *name);
/* What a parameter may be; keys: the shape that a PARAM_KEYS chooses from. */
void opendata_write_param_schema(struct json *j, const struct http_param *p,
                                 const struct json_shape *keys);
void opendata_write_choices(struct json *j, const char *choices);

/* ---- the page for people ---- */

struct opendata_param_view {
    str name, words, help;
};
struct opendata_resource_view {
    str title, help, path;
    const struct opendata_param_view *params;
    size_t params_count;
};
struct opendata_group_view {
    str name;
    const struct opendata_resource_view *resources;
    size_t resources_count;
};
struct opendata_failure_view {
    long long status;
    str when;
};
struct opendata_api_page_view {
    const struct opendata_group_view *groups;
    size_t groups_count;
    const struct opendata_failure_view *failures;
    size_t failures_count;
    str base, document, version, contact, licence_name, licence_url;
    long long max_page_size;
};
void opendata_api_page_html(struct out *o, const struct opendata_api_page_view *v);

http_handler opendata_api, opendata_document, opendata_page;
extern const struct json_shape opendata_entry_shape;
