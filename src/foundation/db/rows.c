/* Values to and from C; rows into structs by descriptor. */
#include <math.h>

#include "db/db_int.h"

/* ---- arguments ---- */

struct db_value db_blob(str bytes)
{
    return (struct db_value){.type = DB_BLOB, .s = bytes};
}

struct db_value db_of_int(long long i)
{
    return (struct db_value){.type = DB_INT, .i = i};
}

struct db_value db_of_double(double d)
{
    /* SQLite has no NaN; PostgreSQL would keep it and sort it last. */
    return isnan(d) ? DB_NULL : (struct db_value){.type = DB_DOUBLE, .d = d};
}

struct db_value db_of_str(str s)
{
    return (struct db_value){.type = DB_STR, .s = s};
}

struct db_value db_of_z(const char *z)
{
    return db_of_str(str_of(z, z ? strlen(z) : 0));
}

struct db_value db_of_value(struct db_value v)
{
    return v;
}

/* ---- rows ---- */

/* Which column each field reads; usually they are in the same order. */
static void map_columns(const struct db_driver *driver, const struct db_cursor *cur,
                        const struct db_field *fields, size_t count, size_t *ret)
{
    size_t columns = driver->column_count(cur);
    for (size_t f = 0; f < count; f++) {
        size_t tried = 0, at = f < columns ? f : 0;
        while (tried < columns && strcmp(driver->column_name(cur, at), fields[f].column) != 0) {
            at = at + 1 < columns ? at + 1 : 0;
            tried++;
        }
        if (tried == columns)
            base_bug(fields[f].column, 0, "a row does not have this column");
        ret[f] = at;
    }
}

static void store(char *at, enum db_type type, const struct db_value *v)
{
    bool null = v->type == DB_TYPE_NULL;
    switch (type) {
    case DB_INT:
        *(long long *)(void *)at = null ? 0 : v->i;
        break;
    case DB_DOUBLE:
        *(double *)(void *)at = null ? 0.0 : v->d;
        break;
    case DB_STR:
    case DB_BLOB:
        *(str *)(void *)at = null ? str_of(NULL, 0) : v->s;
        break;
    case DB_BOOL:
        *(bool *)(void *)at = !null && v->i != 0;
        break;
    case DB_TYPE_NULL:
        BUG("a field cannot have the type NULL");
    }
}

static void fill(struct ctx *c, const struct db_cursor *cur, const struct db_field *fields,
                 size_t count, const size_t *columns, char *ret)
{
    const struct db_driver *driver = c->pool->driver;
    for (size_t f = 0; f < count; f++) {
        struct db_value v = driver->column(cur, columns[f], fields[f].type, c->arena);
        store(ret + fields[f].offset, fields[f].type, &v);
    }
}

enum { MAX_FIELDS = 64 };

static void check_fields(size_t count)
{
    if (count > MAX_FIELDS)
        BUG("a row descriptor with more than 64 fields");
}

int db_one_(struct ctx *c, const struct db_field *fields, size_t field_count, void *ret,
            const char *sql, const struct db_value *args, size_t count)
{
    struct db_cursor cur;
    size_t columns[MAX_FIELDS];
    check_fields(field_count);
    TRY(db_query_begin(c, &(struct db_query){.sql = sql, .args = args, .count = count}, &cur));
    map_columns(c->pool->driver, &cur, fields, field_count, columns);
    bool found = cur.row;
    if (found)
        fill(c, &cur, fields, field_count, columns, ret);
    return db_query_end(c, &cur, found ? 0 : ERR_NOT_FOUND);
}

struct rows {
    char *items;
    size_t count, capacity, size;
};

static char *rows_add(struct ctx *c, struct rows *r)
{
    if (r->count == r->capacity) {
        size_t grown = r->capacity ? r->capacity * 2 : 8;
        r->items = arena_grow(c->arena, r->items, r->capacity * r->size, grown * r->size);
        r->capacity = grown;
    }
    return r->items + r->size * r->count++;
}

static int read_all(struct ctx *c, struct db_cursor *cur, const struct db_field *fields,
                    size_t field_count, struct rows *r)
{
    size_t columns[MAX_FIELDS];
    map_columns(c->pool->driver, cur, fields, field_count, columns);
    while (cur->row) {
        if (r->count == DB_MAX_ROWS)
            return err_detail(c, ERR_LIMIT, "more than %d rows", DB_MAX_ROWS);
        fill(c, cur, fields, field_count, columns, rows_add(c, r));
        TRY(db_query_step(c, cur));
    }
    return 0;
}

int db_all_(struct ctx *c, const struct db_field *fields, size_t field_count, size_t item_size,
            void **ret_items, size_t *ret_count, const char *sql, const struct db_value *args,
            size_t count)
{
    struct db_cursor cur;
    struct rows r = {.size = item_size};
    struct db_query q = {.sql = sql, .args = args, .count = count, .many = true};
    check_fields(field_count);
    TRY(db_query_begin(c, &q, &cur));
    TRY(db_query_end(c, &cur, read_all(c, &cur, fields, field_count, &r)));
    *ret_items = r.items;
    *ret_count = r.count;
    return 0;
}

int db_exec_(struct ctx *c, long long *ret_changed, const char *sql, const struct db_value *args,
             size_t count)
{
    struct db_cursor cur;
    struct db_query q = {.sql = sql, .args = args, .count = count, .write = true};
    TRY(db_query_begin(c, &q, &cur));
    TRY(db_query_end(c, &cur, 0));
    if (ret_changed)
        *ret_changed = cur.changed;
    return 0;
}

static int get(struct ctx *c, enum db_type type, struct db_value *ret, const char *sql,
               const struct db_value *args, size_t count)
{
    struct db_cursor cur;
    TRY(db_query_begin(c, &(struct db_query){.sql = sql, .args = args, .count = count}, &cur));
    bool found = cur.row;
    if (found)
        *ret = c->pool->driver->column(&cur, 0, type, c->arena);
    return db_query_end(c, &cur, found ? 0 : ERR_NOT_FOUND);
}

int db_get_int_(struct ctx *c, long long *ret, const char *sql, const struct db_value *args,
                size_t count)
{
    struct db_value v;
    TRY(get(c, DB_INT, &v, sql, args, count));
    *ret = v.type == DB_TYPE_NULL ? 0 : v.i;
    return 0;
}

int db_get_str_(struct ctx *c, str *ret, const char *sql, const struct db_value *args, size_t count)
{
    struct db_value v;
    TRY(get(c, DB_STR, &v, sql, args, count));
    *ret = v.type == DB_TYPE_NULL ? str_of(NULL, 0) : v.s;
    return 0;
}
