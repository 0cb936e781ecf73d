#include "json/shape.h"

#include <string.h>

#include "base/clock.h"

enum { DECIMALS = 2 };

static const struct json_field list_fields[] = {
    {"total", JSON_INT(struct json_list, total), .help = "Aantal in de hele lijst"},
    {"page", JSON_INT(struct json_list, page), .help = "Nummer van deze pagina, vanaf 1"},
    {"pageSize", JSON_INT(struct json_list, page_size), .help = "Hoeveel er op een pagina passen"},
};
const struct json_shape json_list_shape =
    JSON_SHAPE("Page", struct json_list, list_fields, "Een pagina van een lijst.");

/* ---- the tables themselves ---- */

static bool is_camel(const char *key, char first, char last)
{
    if (*key < first || *key > last)
        return false;
    for (; *key; key++)
        if (!((*key >= 'a' && *key <= 'z') || (*key >= 'A' && *key <= 'Z') ||
              (*key >= '0' && *key <= '9')))
            return false;
    return true;
}

static bool has_before(const struct json_shape *shape, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (strcmp(shape->fields[k].key, shape->fields[i].key) == 0)
            return true;
    return false;
}

static bool is_nested(const struct json_field *f)
{
    return f->kind == JSON_KIND_OBJECT || f->kind == JSON_KIND_OBJECTS;
}

static int shape_check(struct ctx *c, const struct json_shape *shape, int depth)
{
    if (!shape->name || !is_camel(shape->name, 'A', 'Z') || !shape->help || !shape->count ||
        shape->count > JSON_MAX_FIELDS || depth > JSON_MAX_NESTING)
        return err_detail(c, ERR_INTERNAL, "json shape %s: no name or help, too large or too deep",
                          shape->name ? shape->name : "?");
    for (size_t i = 0; i < shape->count; i++) {
        const struct json_field *f = &shape->fields[i];
        if (!f->key || !is_camel(f->key, 'a', 'z') || !f->help || !f->help[0] ||
            has_before(shape, i))
            return err_detail(c, ERR_INTERNAL, "json shape %s: field %zu lacks a key of its own",
                              shape->name, i);
        if (!is_nested(f))
            continue;
        if (!f->shape || f->size != f->shape->size)
            return err_detail(c, ERR_INTERNAL,
                              "json shape %s: %s has another struct than its shape", shape->name,
                              f->key);
        TRY(shape_check(c, f->shape, depth + 1));
    }
    return 0;
}

int json_shape_check(struct ctx *c, const struct json_shape *shape)
{
    return shape_check(c, shape, 1);
}

bool json_shape_keys(const struct json_shape *shape, str names, json_keys *ret, str *ret_unknown)
{
    json_keys keys = 0;
    str name;
    while (str_split(&names, ',', &name)) {
        size_t i = 0;
        while (i < shape->count && !str_eqz(name, shape->fields[i].key))
            i++;
        if (i == shape->count) {
            *ret_unknown = name;
            return false;
        }
        keys |= 1ULL << i;
    }
    *ret = keys;
    *ret_unknown = S("");
    return keys != 0;
}

/* ---- writing ---- */

static const void *at(const void *record, size_t offset)
{
    return (const char *)record + offset;
}

static bool is_left_out(const struct json_field *f, const void *record)
{
    if (!f->optional)
        return false;
    if (f->kind == JSON_KIND_TEXT || f->kind == JSON_KIND_DATE || f->kind == JSON_KIND_URL)
        return ((const str *)at(record, f->offset))->len == 0;
    return f->kind == JSON_KIND_TIME && *(const long long *)at(record, f->offset) == 0;
}

static void write_records(struct json *j, const struct json_shape *shape, const void *records,
                          size_t count, json_keys only)
{
    json_array_begin(j);
    for (size_t i = 0; i < count; i++)
        json_shape_write(j, shape, at(records, i * shape->size), only);
    json_array_end(j);
}

static void write_list(struct json *j, const struct json_field *f, const void *record)
{
    const void *items = *(const void *const *)at(record, f->offset);
    size_t count = *(const size_t *)at(record, f->count_offset);
    if (f->kind == JSON_KIND_OBJECTS) {
        write_records(j, f->shape, items, count, 0);
        return;
    }
    json_array_begin(j);
    for (size_t i = 0; i < count; i++)
        json_str(j, ((const str *)items)[i]);
    json_array_end(j);
}

static void write_value(struct json *j, const struct json_field *f, const void *record)
{
    const void *value = at(record, f->offset);
    switch (f->kind) {
    case JSON_KIND_TEXT:
    case JSON_KIND_DATE:
    case JSON_KIND_URL:
        json_str(j, *(const str *)value);
        break;
    case JSON_KIND_TIME:
        json_str(j, clock_rfc3339(j->buf->arena, *(const long long *)value));
        break;
    case JSON_KIND_INT:
        json_int(j, *(const long long *)value);
        break;
    case JSON_KIND_NUMBER:
        json_double(j, *(const double *)value, DECIMALS);
        break;
    case JSON_KIND_BOOL:
        json_bool(j, *(const bool *)value);
        break;
    case JSON_KIND_OBJECT:
        json_shape_write(j, f->shape, value, 0);
        break;
    case JSON_KIND_TEXTS:
    case JSON_KIND_OBJECTS:
        write_list(j, f, record);
        break;
    }
}

static void write_fields(struct json *j, const struct json_shape *shape, const void *record,
                         json_keys only)
{
    for (size_t i = 0; i < shape->count; i++) {
        const struct json_field *f = &shape->fields[i];
        if ((only && !(only & 1ULL << i)) || is_left_out(f, record))
            continue;
        json_key(j, f->key);
        write_value(j, f, record);
    }
}

void json_shape_write(struct json *j, const struct json_shape *shape, const void *record,
                      json_keys only)
{
    json_object_begin(j);
    write_fields(j, shape, record, only);
    json_object_end(j);
}

void json_list_write(struct json *j, const struct json_shape *shape, const struct json_list *list,
                     json_keys only)
{
    json_object_begin(j);
    write_fields(j, &json_list_shape, list, 0);
    json_key(j, "results");
    write_records(j, shape, list->records, list->count, only);
    json_object_end(j);
}
