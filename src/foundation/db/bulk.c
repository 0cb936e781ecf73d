/* Bulk data: staged in batches, each in a short transaction; visible by one switch of the version.

   dataset.staged is the fence: a loader whose number is no longer there was overtaken by a later
   db_bulk_begin and gets ERR_CONFLICT, so that after a crash the next one may simply begin. */
#include "base/buf.h"
#include "db/db_int.h"

enum {
    BATCH_ROWS = 1000,
    BATCH_BYTES = 1024 * 1024, /* of text; one row may go over it */
    DELETE_ROWS = 5000,
    MAX_SQL = 8192,
    MAX_VALUE = 64 * 1024 * 1024,
};

struct db_bulk {
    const char *dataset;
    long long version, current; /* ours, and the visible one when we began */
    const char *insert, *copy, *remove;
    size_t column_count; /* version included */
    struct arena *batch; /* the texts of the rows that wait */
    struct db_value *values;
    size_t row_count, bytes;
    bool done;
};

static void free_batch(void *arena)
{
    arena_free(arena);
}

/* ---- the statements: names are checked, so that they may be put together ---- */

static void add_columns(struct buf *b, const char *const *columns, size_t count)
{
    for (size_t i = 0; i < count; i++)
        buf_fmt(b, "%s, ", columns[i]);
    buf_addz(b, "version");
}

static const char *make_insert(struct ctx *c, const char *table, const char *const *columns,
                               size_t count)
{
    struct buf b;
    buf_init(&b, c->arena, MAX_SQL);
    buf_fmt(&b, "INSERT INTO %s (", table);
    add_columns(&b, columns, count);
    buf_addz(&b, ") VALUES (");
    for (size_t i = 1; i <= count; i++)
        buf_fmt(&b, "$%zu, ", i);
    buf_fmt(&b, "$%zu)", count + 1);
    return str_z(c->arena, buf_str(&b));
}

static const char *make_copy(struct ctx *c, const char *table, const char *const *columns,
                             size_t count)
{
    struct buf b;
    buf_init(&b, c->arena, MAX_SQL);
    buf_fmt(&b, "COPY %s (", table);
    add_columns(&b, columns, count);
    buf_addz(&b, ") FROM STDIN");
    return str_z(c->arena, buf_str(&b));
}

/* Rows with $1 <= version < $2, a bounded number of them. */
static const char *make_remove(struct ctx *c, const char *table)
{
    struct buf b;
    buf_init(&b, c->arena, MAX_SQL);
    bool postgres = db_is_postgres(c);
    buf_fmt(&b, "DELETE FROM %s WHERE %s", table,
            postgres ? "ctid = ANY (ARRAY(SELECT ctid" : "rowid IN (SELECT rowid");
    buf_fmt(&b, " FROM %s WHERE version >= $1 AND version < $2 LIMIT %d)", table, DELETE_ROWS);
    if (postgres)
        buf_add_byte(&b, ')');
    return str_z(c->arena, buf_str(&b));
}

static int remove_rows(struct ctx *c, const char *sql, long long from, long long to)
{
    long long removed = DELETE_ROWS;
    struct db_value args[] = {db_of_int(from), db_of_int(to)};
    while (removed == DELETE_ROWS)
        TRY(db_exec_(c, &removed, sql, args, COUNT_OF(args)));
    return 0;
}

/* ---- begin ---- */

static int check_names(struct ctx *c, const char *table, const char *const *columns, size_t count)
{
    bool ok = db_name_ok(table) && count > 0 && count < DB_MAX_ARGS;
    for (size_t i = 0; ok && i < count; i++)
        ok = db_name_ok(columns[i]);
    return ok ? 0 : err_detail(c, ERR_INTERNAL, "bulk: wrong names for table %.60s", table);
}

static int begin_version(struct ctx *c, void *arg)
{
    struct db_bulk *b = arg;
    TRY(db_exec(c,
                "INSERT INTO dataset (name, version, staged, last_version) VALUES ($1, 0, 0, 0) "
                "ON CONFLICT (name) DO NOTHING",
                b->dataset));
    TRY(db_exec(c,
                "UPDATE dataset SET staged = last_version + 1, last_version = last_version + 1 "
                "WHERE name = $1",
                b->dataset));
    TRY(db_get_int(c, &b->version, "SELECT staged FROM dataset WHERE name = $1", b->dataset));
    return db_get_int(c, &b->current, "SELECT version FROM dataset WHERE name = $1", b->dataset);
}

int db_bulk_begin(struct ctx *c, const char *dataset, const char *table, const char *const *columns,
                  size_t column_count, struct db_bulk **ret)
{
    if (db_in_transaction(c))
        BUG("bulk data inside db_transaction");
    TRY(check_names(c, table, columns, column_count));
    struct db_bulk *b = arena_new_of(c->arena, struct db_bulk);
    b->dataset = str_z(c->arena, str_from(dataset));
    b->insert = make_insert(c, table, columns, column_count);
    b->copy = make_copy(c, table, columns, column_count);
    b->remove = make_remove(c, table);
    b->column_count = column_count + 1;
    b->values = arena_array(c->arena, BATCH_ROWS * b->column_count, sizeof *b->values);
    b->batch = arena_new();
    arena_defer(c->arena, free_batch, b->batch);
    TRY(db_transaction(c, begin_version, b));
    /* What a crash left behind, on both sides of the visible version. */
    TRY(remove_rows(c, b->remove, 0, b->current));
    TRY(remove_rows(c, b->remove, b->current + 1, b->version));
    *ret = b;
    return 0;
}

/* ---- rows ---- */

static int check_fence(struct ctx *c, const struct db_bulk *b, long long changed)
{
    if (changed == 1)
        return 0;
    (void)err_set(c, ERR_CONFLICT,
                  "Iemand anders is intussen met dezelfde gegevens begonnen. "
                  "Wacht tot dat klaar is en probeer het opnieuw.");
    err_context(c, "bulk: version %lld of %s was overtaken", b->version, b->dataset);
    return ERR_CONFLICT;
}

static int send_batch(struct ctx *c, void *arg)
{
    const struct db_bulk *b = arg;
    long long changed;
    struct db_conn *conn;
    TRY(db_exec_count(c, &changed, "UPDATE dataset SET staged = $2 WHERE name = $1 AND staged = $2",
                      b->dataset, b->version));
    TRY(check_fence(c, b, changed));
    struct db_batch batch = {b->insert, b->copy, b->values, b->column_count, b->row_count};
    TRY(db_lease_conn(c, c->lease, &conn));
    return c->pool->driver->copy(c, conn, &batch);
}

static int flush(struct ctx *c, struct db_bulk *b)
{
    if (!b->row_count)
        return 0;
    TRY(db_transaction(c, send_batch, b));
    b->row_count = b->bytes = 0;
    arena_reset(b->batch);
    return 0;
}

static int check_open(struct ctx *c, const struct db_bulk *b)
{
    return b->done ? err_detail(c, ERR_INTERNAL, "bulk: already published or abandoned") : 0;
}

int db_bulk_row(struct ctx *c, struct db_bulk *b, const struct db_value *values)
{
    struct db_value *to = b->values + b->row_count * b->column_count;
    TRY(check_open(c, b));
    TRY(db_check_values(c, values, b->column_count - 1));
    for (size_t i = 0; i + 1 < b->column_count; i++) {
        to[i] = values[i];
        if (values[i].type != DB_STR && values[i].type != DB_BLOB)
            continue;
        if (values[i].s.len > MAX_VALUE)
            return err_detail(c, ERR_LIMIT, "bulk: a value of %zu bytes", values[i].s.len);
        if (values[i].s.ptr)
            to[i].s = str_dup(b->batch, values[i].s);
        b->bytes += values[i].s.len;
    }
    to[b->column_count - 1] = db_of_int(b->version);
    b->row_count++;
    return b->row_count == BATCH_ROWS || b->bytes >= BATCH_BYTES ? flush(c, b) : 0;
}

/* ---- the end ---- */

static int switch_version(struct ctx *c, void *arg)
{
    const struct db_bulk *b = arg;
    long long changed;
    TRY(db_exec_count(c, &changed,
                      "UPDATE dataset SET version = $2, staged = 0 WHERE name = $1 AND staged = $2",
                      b->dataset, b->version));
    return check_fence(c, b, changed);
}

int db_bulk_publish(struct ctx *c, struct db_bulk *b)
{
    TRY(check_open(c, b));
    TRY(flush(c, b));
    TRY(db_transaction(c, switch_version, b));
    b->done = true;
    /* The new version is there for all to see; older rows that cannot go now, go at the next begin.
     */
    struct err kept = c->err;
    if (remove_rows(c, b->remove, 0, b->version) < 0)
        c->err = kept;
    return 0;
}

int db_bulk_abandon(struct ctx *c, struct db_bulk *b)
{
    TRY(check_open(c, b));
    b->done = true;
    b->row_count = 0;
    TRY(db_exec(c, "UPDATE dataset SET staged = 0 WHERE name = $1 AND staged = $2", b->dataset,
                b->version));
    return remove_rows(c, b->remove, b->version, b->version + 1);
}

int db_dataset_version(struct ctx *c, const char *dataset, long long *ret)
{
    long long version = 0;
    int code = db_get_int(c, &version, "SELECT version FROM dataset WHERE name = $1", dataset);
    if (code < 0 && code != ERR_NOT_FOUND)
        return code;
    *ret = version;
    return 0;
}
