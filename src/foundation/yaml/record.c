#include "yaml/record.h"

#include "base/clock.h"
#include "base/utf8.h"

enum { FEW_KEYS = 8 };

static int refuse(const struct record_reader *r, int line, const char *key, const char *reason)
{
    return err_set(r->c, ERR_INVALID, "regel %d: \"%s\" %s", line, key, reason);
}

static int line_of(const struct yaml *y, const struct yaml *map)
{
    return yaml_line(y ? y : map);
}

int record_refuse(const struct record_reader *r, const struct yaml *map, const char *key,
                  const char *reason)
{
    return refuse(r, line_of(yaml_get(map, key), map), key, reason);
}

static void *member(void *record, size_t offset)
{
    return (char *)record + offset;
}

/* Nothing after the colon is as good as no key. */
static bool is_empty(const struct yaml *y)
{
    return yaml_kind(y) == YAML_TEXT && !str_trim(yaml_text(y)).len;
}

/* ---- values ---- */

bool record_slug_valid(str slug)
{
    if (!slug.len || slug.len > 100 || slug.ptr[0] == '-' || slug.ptr[slug.len - 1] == '-')
        return false;
    for (size_t i = 0; i < slug.len; i++) {
        char ch = slug.ptr[i];
        if (!((ch >= 'a' && ch <= 'z') || (ch >= '0' && ch <= '9') || ch == '-'))
            return false;
    }
    return str_find(slug, S("--")) == STR_NONE;
}

static bool is_web_address(str s)
{
    return (str_starts(s, S("https://")) || str_starts(s, S("http://"))) &&
           str_find_byte(s, ' ') == STR_NONE;
}

static bool is_choice(str value, const char *choices)
{
    str rest = str_from(choices), choice;
    while (str_split(&rest, '|', &choice))
        if (str_eq(choice, value))
            return true;
    return false;
}

/* NULL when the value fits the form, else what is wrong with it. */
static const char *form_problem(enum record_form form, str value)
{
    if (form == RECORD_SLUG && !record_slug_valid(value))
        return "mag alleen kleine letters, cijfers en losse streepjes hebben, ten hoogste 100.";
    if (form == RECORD_DATE && !clock_date_valid(value))
        return "moet een datum zijn, zoals 2026-11-24.";
    if (form == RECORD_URL && !is_web_address(value))
        return "moet een webadres zijn dat met https:// of http:// begint.";
    if (form != RECORD_ANY && str_find_byte(value, '\n') != STR_NONE)
        return "moet op één regel staan.";
    return NULL;
}

/* What is wrong with a value that is not empty; NULL: nothing. */
static const char *value_problem(const struct record_reader *r, const struct record_field *f,
                                 str value)
{
    const char *problem = form_problem(f->form, value);
    if (problem)
        return problem;
    if (f->choices && !is_choice(value, f->choices))
        return str_fmt(r->c->arena, "moet een van deze zijn: %s.", f->choices).ptr;
    return f->check && r->check ? r->check(r, f->check, value) : NULL;
}

static int read_value(const struct record_reader *r, const struct yaml *y,
                      const struct record_field *f, str *ret)
{
    str value = str_trim(yaml_text(y));
    if (yaml_kind(y) != YAML_TEXT)
        return refuse(r, yaml_line(y), f->key, "moet tekst zijn, geen lijst.");
    if (!utf8_valid(value) || utf8_has_control(value))
        return refuse(r, yaml_line(y), f->key, "heeft tekens die geen leesbare tekst zijn.");
    if (utf8_length(value) > f->max)
        return refuse(r, yaml_line(y), f->key,
                      str_fmt(r->c->arena, "is te lang: ten hoogste %zu tekens.", f->max).ptr);
    const char *problem = value.len ? value_problem(r, f, value) : NULL;
    if (problem)
        return refuse(r, yaml_line(y), f->key, problem);
    *ret = value.len ? value : S("");
    return 0;
}

/* ---- fields ---- */

static int check_list(const struct record_reader *r, const struct yaml *y,
                      const struct record_field *f)
{
    if (yaml_kind(y) != YAML_LIST && !is_empty(y))
        return refuse(r, yaml_line(y), f->key, "moet een lijst zijn.");
    if (yaml_count(y) > f->max_items)
        return refuse(
            r, yaml_line(y), f->key,
            str_fmt(r->c->arena, "heeft te veel regels: ten hoogste %zu.", f->max_items).ptr);
    return 0;
}

static int read_texts(const struct record_reader *r, const struct yaml *y,
                      const struct record_field *f, void *record)
{
    size_t count = yaml_count(y);
    TRY(check_list(r, y, f));
    str *items = arena_array(r->c->arena, count + 1, sizeof *items);
    for (size_t i = 0; i < count; i++) {
        TRY(read_value(r, yaml_at(y, i), f, &items[i]));
        if (!items[i].len)
            return refuse(r, yaml_line(yaml_at(y, i)), f->key, "heeft een lege regel.");
    }
    *(str **)member(record, f->offset) = items;
    *(size_t *)member(record, f->count_offset) = count;
    return 0;
}

static int read_maps(const struct record_reader *r, const struct yaml *y,
                     const struct record_field *f, void *record)
{
    size_t count = yaml_count(y);
    TRY(check_list(r, y, f));
    char *records = arena_array(r->c->arena, count + 1, f->size);
    for (size_t i = 0; i < count; i++)
        TRY(record_read(r, yaml_at(y, i), f->shape, records + i * f->size));
    *(void **)member(record, f->offset) = records;
    *(size_t *)member(record, f->count_offset) = count;
    return 0;
}

static int read_switch(const struct record_reader *r, const struct yaml *y,
                       const struct record_field *f, bool *ret)
{
    str value = yaml_text(y);
    *ret = !str_eqz(value, "false");
    if (!y || str_eqz(value, "true") || str_eqz(value, "false"))
        return 0;
    return refuse(r, yaml_line(y), f->key, "moet true of false zijn.");
}

static int read_fields(const struct record_reader *r, const struct yaml *map,
                       const struct record_shape *shape, void *record);

static int read_field(const struct record_reader *r, const struct yaml *map,
                      const struct record_field *f, void *record)
{
    const struct yaml *y = yaml_get(map, f->key);
    bool nothing = is_empty(y) || (yaml_kind(y) != YAML_TEXT && !yaml_count(y));
    if (f->required && map && nothing)
        return refuse(r, line_of(y, map), f->key, "ontbreekt of is leeg.");
    switch (f->kind) {
    case RECORD_KIND_TEXT:
        return read_value(r, y, f, member(record, f->offset));
    case RECORD_KIND_TEXTS:
        return read_texts(r, y, f, record);
    case RECORD_KIND_SWITCH:
        return read_switch(r, y, f, member(record, f->offset));
    case RECORD_KIND_MAP:
        return nothing ? read_fields(r, NULL, f->shape, member(record, f->offset))
                       : record_read(r, y, f->shape, member(record, f->offset));
    case RECORD_KIND_MAPS:
        return read_maps(r, y, f, record);
    }
    BUG("a record field is of no known kind");
}

/* map: NULL for one that is left out; then all its fields are empty, required or not. */
static int read_fields(const struct record_reader *r, const struct yaml *map,
                       const struct record_shape *shape, void *record)
{
    for (size_t i = 0; i < shape->count; i++)
        TRY(read_field(r, map, &shape->fields[i], record));
    return 0;
}

static bool is_known(const struct record_shape *shape, str key)
{
    for (size_t i = 0; i < shape->count; i++)
        if (str_eqz(key, shape->fields[i].key))
            return true;
    return false;
}

/* Where there are few, their names help more than the manual does. */
static const char *unknown_words(const struct record_reader *r, const struct record_shape *shape)
{
    str names[FEW_KEYS];
    if (shape->count > FEW_KEYS)
        return "is hier geen bekende sleutel.";
    for (size_t i = 0; i < shape->count; i++)
        names[i] = str_from(shape->fields[i].key);
    return str_fmt(r->c->arena, "is hier geen bekende sleutel. Wel bekend: %s.",
                   str_z(r->c->arena, str_join(r->c->arena, names, shape->count, S(", "))))
        .ptr;
}

int record_read(const struct record_reader *r, const struct yaml *map,
                const struct record_shape *shape, void *record)
{
    if (yaml_kind(map) != YAML_MAP)
        return refuse(r, yaml_line(map), shape->name,
                      "moet regels met \"sleutel: waarde\" hebben.");
    for (size_t i = 0; i < yaml_count(map); i++)
        if (!is_known(shape, yaml_key_at(map, i)))
            return refuse(r, yaml_line(yaml_at(map, i)), str_z(r->c->arena, yaml_key_at(map, i)),
                          unknown_words(r, shape));
    return read_fields(r, map, shape, record);
}

/* ---- copying ---- */

static void copy_texts(struct arena *a, str **texts, size_t count)
{
    str *copies = arena_array(a, count + 1, sizeof *copies);
    for (size_t i = 0; i < count; i++)
        copies[i] = str_dup(a, (*texts)[i]);
    *texts = copies;
}

static void copy_maps(struct arena *a, const struct record_field *f, void **maps, size_t count)
{
    char *copies = arena_array(a, count + 1, f->size);
    if (count)
        memcpy(copies, *maps, count * f->size);
    for (size_t i = 0; i < count; i++)
        record_copy(a, f->shape, copies + i * f->size);
    *maps = copies;
}

static void copy_field(struct arena *a, const struct record_field *f, void *record)
{
    void *at = member(record, f->offset);
    size_t count = f->count_offset ? *(size_t *)member(record, f->count_offset) : 0;
    switch (f->kind) {
    case RECORD_KIND_TEXT:
        *(str *)at = str_dup(a, *(str *)at);
        break;
    case RECORD_KIND_TEXTS:
        copy_texts(a, at, count);
        break;
    case RECORD_KIND_SWITCH:
        break;
    case RECORD_KIND_MAP:
        record_copy(a, f->shape, at);
        break;
    case RECORD_KIND_MAPS:
        copy_maps(a, f, at, count);
        break;
    }
}

void record_copy(struct arena *a, const struct record_shape *shape, void *record)
{
    for (size_t i = 0; i < shape->count; i++)
        copy_field(a, &shape->fields[i], record);
}
