/* Shapes and parameters as the schemas of OpenAPI 3.0. */
#include "opendata/opendata_int.h"

#include "base/vec.h"

void opendata_shapes_add(struct arena *a, struct opendata_shapes *shapes,
                         const struct json_shape *shape)
{
    for (size_t i = 0; i < shapes->count; i++)
        if (shapes->items[i] == shape)
            return;
    *vec_push(a, shapes) = shape;
    for (size_t i = 0; i < shape->count; i++)
        if (shape->fields[i].shape)
            opendata_shapes_add(a, shapes, shape->fields[i].shape);
}

void opendata_write_reference(struct json *j, const char *folder, const char *name)
{
    json_object_begin(j);
    json_kstr(j, "$ref", str_fmt(j->buf->arena, "#/components/%s/%s", folder, name));
    json_object_end(j);
}

void opendata_write_choices(struct json *j, const char *choices)
{
    str rest = str_from(choices), choice;
    json_key(j, "enum");
    json_array_begin(j);
    while (str_split(&rest, '|', &choice))
        json_str(j, choice);
    json_array_end(j);
}

/* ---- what comes back ---- */

static void write_list(struct json *j, const struct json_field *f)
{
    json_kstr(j, "type", S("array"));
    json_kstr(j, "description", str_from(f->help));
    json_key(j, "items");
    if (f->kind == JSON_KIND_OBJECTS) {
        opendata_write_reference(j, "schemas", f->shape->name);
        return;
    }
    json_object_begin(j);
    json_kstr(j, "type", S("string"));
    json_object_end(j);
}

static void write_scalar(struct json *j, const struct json_field *f)
{
    static const struct {
        const char *type, *format;
    } kinds[] = {
        [JSON_KIND_TEXT] = {"string", NULL},           [JSON_KIND_DATE] = {"string", "date"},
        [JSON_KIND_URL] = {"string", "uri-reference"}, [JSON_KIND_TIME] = {"string", "date-time"},
        [JSON_KIND_INT] = {"integer", "int64"},        [JSON_KIND_NUMBER] = {"number", NULL},
        [JSON_KIND_BOOL] = {"boolean", NULL},
    };
    json_kstr(j, "type", str_from(kinds[f->kind].type));
    if (kinds[f->kind].format)
        json_kstr(j, "format", str_from(kinds[f->kind].format));
    json_kstr(j, "description", str_from(f->help));
    if (f->choices)
        opendata_write_choices(j, f->choices);
}

static void write_property(struct json *j, const struct json_field *f)
{
    json_key(j, f->key);
    if (f->kind == JSON_KIND_OBJECT) {
        opendata_write_reference(j, "schemas", f->shape->name);
        return;
    }
    json_object_begin(j);
    if (f->kind == JSON_KIND_TEXTS || f->kind == JSON_KIND_OBJECTS)
        write_list(j, f);
    else
        write_scalar(j, f);
    json_object_end(j);
}

/* Optional fields may be absent; the others are always there. At least one is: an empty list of
   required keys is not allowed. */
static void write_required(struct json *j, const struct json_shape *shape, const char *also)
{
    bool any = also != NULL;
    for (size_t i = 0; i < shape->count; i++)
        any = any || !shape->fields[i].optional;
    if (!any)
        return;
    json_key(j, "required");
    json_array_begin(j);
    for (size_t i = 0; i < shape->count; i++)
        if (!shape->fields[i].optional)
            json_str(j, str_from(shape->fields[i].key));
    if (also)
        json_str(j, str_from(also));
    json_array_end(j);
}

static void write_properties(struct json *j, const struct json_shape *shape)
{
    for (size_t i = 0; i < shape->count; i++)
        write_property(j, &shape->fields[i]);
}

void opendata_write_schema(struct json *j, const struct json_shape *shape)
{
    json_object_begin(j);
    json_kstr(j, "type", S("object"));
    json_kstr(j, "description", str_from(shape->help));
    write_required(j, shape, NULL);
    json_key(j, "properties");
    json_object_begin(j);
    write_properties(j, shape);
    json_object_end(j);
    json_object_end(j);
}

void opendata_write_page_schema(struct json *j, const struct json_shape *shape)
{
    json_object_begin(j);
    json_kstr(j, "type", S("object"));
    json_kstr(j, "description", str_from(json_list_shape.help));
    write_required(j, &json_list_shape, "results");
    json_key(j, "properties");
    json_object_begin(j);
    write_properties(j, &json_list_shape);
    json_key(j, "results");
    json_object_begin(j);
    json_kstr(j, "type", S("array"));
    json_key(j, "items");
    opendata_write_reference(j, "schemas", shape->name);
    json_object_end(j);
    json_object_end(j);
    json_object_end(j);
}

/* ---- what is asked ---- */

static void write_text_type(struct json *j, const char *pattern, long long least, long long most)
{
    json_kstr(j, "type", S("string"));
    if (pattern)
        json_kstr(j, "pattern", str_from(pattern));
    if (least)
        json_kint(j, "minLength", least);
    if (most)
        json_kint(j, "maxLength", most);
}

static void write_list_type(struct json *j, const struct http_param *p)
{
    json_kstr(j, "type", S("array"));
    json_kint(j, "maxItems", p->max ? p->max : 20);
    json_key(j, "items");
    json_object_begin(j);
    if (p->choices) {
        json_kstr(j, "type", S("string"));
        opendata_write_choices(j, p->choices);
    } else {
        write_text_type(j, "^[A-Za-z0-9]+(-[A-Za-z0-9]+)*$", 0, 100);
    }
    json_object_end(j);
}

static void write_keys_type(struct json *j, const struct json_shape *shape)
{
    json_kstr(j, "type", S("array"));
    json_kint(j, "minItems", 1);
    json_key(j, "items");
    json_object_begin(j);
    json_kstr(j, "type", S("string"));
    json_key(j, "enum");
    json_array_begin(j);
    for (size_t i = 0; i < shape->count; i++)
        json_str(j, str_from(shape->fields[i].key));
    json_array_end(j);
    json_object_end(j);
}

void opendata_write_param_schema(struct json *j, const struct http_param *p,
                                 const struct json_shape *keys)
{
    json_object_begin(j);
    switch (p->type) {
    case PARAM_TEXT:
    case PARAM_LINES:
    case PARAM_FILE:
        write_text_type(j, NULL, p->min, p->max);
        break;
    case PARAM_SLUG:
        write_text_type(j, "^[a-z0-9]+(-[a-z0-9]+)*$", 0, p->max ? p->max : 100);
        break;
    case PARAM_INT:
        json_kstr(j, "type", S("integer"));
        json_kint(j, "minimum", p->min);
        json_kint(j, "maximum", p->max);
        break;
    case PARAM_CHOICE:
        json_kstr(j, "type", S("string"));
        opendata_write_choices(j, p->choices);
        break;
    case PARAM_LIST:
        write_list_type(j, p);
        break;
    case PARAM_KEYS:
        write_keys_type(j, keys);
        break;
    case PARAM_FLAG:
        json_kstr(j, "type", S("boolean"));
        break;
    }
    json_object_end(j);
}
