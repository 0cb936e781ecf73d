/* Copies of a whole database, on both kinds alike.

   A copy is one SQLite file with the same tables, whatever it is a copy of: read in one snapshot
   while others keep writing, and readable for as long as SQLite is. The table backup_table in it
   says how many rows each table has and the sum of their hashes, so that who puts it back, or
   proves that it can be put back, sees each lost or changed row. */
#include "base/buf.h"
#include "base/clock.h"
#include "base/file.h"
#include "db/db_int.h"

enum { BATCH_ROWS = 1000, BATCH_BYTES = 1024 * 1024, MAX_COLUMNS = DB_MAX_ARGS, MAX_SQL = 8192 };

struct column {
    str name, type;
};

struct table {
    str name;
    struct column *columns;
    size_t column_count;
    bool numbered; /* has a column id, which fills itself */
    bool placed;   /* in the order: its parents stand before it */
    const char *select, *insert, *copy, *clear;
    long long rows;
    uint64_t sum;
};

struct tables {
    struct table *items; /* a table comes after those that its foreign keys name */
    size_t count;
};

/* ---- what there is: asked of the SQLite file ---- */

static enum db_type type_of(const struct column *col)
{
    /* SQLite's rules of affinity, for the types that migrations use. */
    if (str_find(col->type, S("INT")) != STR_NONE)
        return DB_INT;
    if (str_find(col->type, S("BLOB")) != STR_NONE)
        return DB_BLOB;
    if (str_find(col->type, S("DOUB")) != STR_NONE || str_find(col->type, S("REAL")) != STR_NONE)
        return DB_DOUBLE;
    return DB_STR;
}

static str column_list(struct arena *a, const struct table *t)
{
    str *names = arena_array(a, t->column_count, sizeof *names);
    for (size_t i = 0; i < t->column_count; i++)
        names[i] = t->columns[i].name;
    return str_join(a, names, t->column_count, S(", "));
}

static str placeholders(struct arena *a, size_t count)
{
    struct buf b;
    buf_init(&b, a, MAX_SQL);
    for (size_t i = 1; i <= count; i++)
        buf_fmt(&b, i == 1 ? "$%zu" : ", $%zu", i);
    return buf_str(&b);
}

/* By id, so that a row that names another of its own table comes after it. */
static void make_statements(struct arena *a, struct table *t)
{
    const char *name = str_z(a, t->name), *columns = str_z(a, column_list(a, t));
    t->select =
        str_fmt(a, "SELECT %s FROM %s%s", columns, name, t->numbered ? " ORDER BY id" : "").ptr;
    t->insert = str_fmt(a, "INSERT INTO %s (%s) VALUES (%s)", name, columns,
                        str_z(a, placeholders(a, t->column_count)))
                    .ptr;
    t->copy = str_fmt(a, "COPY %s (%s) FROM STDIN", name, columns).ptr;
    t->clear = str_fmt(a, "DELETE FROM %s", name).ptr;
}

static int read_table(struct ctx *file, struct table *t)
{
    static const struct db_field fields[] = {
        {"name", DB_STR, offsetof(struct column, name)},
        {"type", DB_STR, offsetof(struct column, type)},
    };
    TRY(db_all(file, fields, &t->columns, &t->column_count,
               "SELECT name, UPPER(type) AS type FROM pragma_table_info($1) ORDER BY cid",
               t->name));
    if (!t->column_count || t->column_count > MAX_COLUMNS)
        return err_detail(file, ERR_INTERNAL, "table %s has %zu columns",
                          str_z(file->arena, t->name), t->column_count);
    bool ok = db_name_ok(str_z(file->arena, t->name));
    for (size_t i = 0; i < t->column_count; i++) {
        ok = ok && db_name_ok(str_z(file->arena, t->columns[i].name));
        t->numbered = t->numbered || str_eqz(t->columns[i].name, "id");
    }
    if (!ok)
        return err_detail(file, ERR_INTERNAL, "a name in table %s", str_z(file->arena, t->name));
    make_statements(file->arena, t);
    return 0;
}

static struct table *find_table(const struct tables *all, str name)
{
    for (size_t i = 0; i < all->count; i++)
        if (str_eq(all->items[i].name, name))
            return &all->items[i];
    return NULL;
}

static int parents_placed(struct ctx *file, const struct tables *all, const struct table *t,
                          bool *ret)
{
    static const struct db_field name[] = {{"parent", DB_STR, 0}};
    str *parents;
    size_t count;
    TRY(db_all(file, name, &parents, &count,
               "SELECT DISTINCT \"table\" AS parent FROM pragma_foreign_key_list($1)", t->name));
    *ret = true;
    for (size_t i = 0; i < count; i++) {
        const struct table *parent = find_table(all, parents[i]);
        if (parent && parent != t && !parent->placed)
            *ret = false;
    }
    return 0;
}

static int put_in_order(struct ctx *file, struct tables *all)
{
    struct table *ordered = arena_array(file->arena, all->count + 1, sizeof *ordered);
    size_t count = 0, before;
    do {
        before = count;
        for (size_t i = 0; i < all->count; i++) {
            struct table *t = &all->items[i];
            bool ready = false;
            if (!t->placed)
                TRY(parents_placed(file, all, t, &ready));
            if (ready) {
                t->placed = true;
                ordered[count++] = *t;
            }
        }
    } while (count > before);
    if (count < all->count)
        return err_detail(file, ERR_INTERNAL, "foreign keys of the tables go round");
    all->items = ordered;
    return 0;
}

static int list_tables(struct ctx *file, struct tables *ret)
{
    static const struct db_field name[] = {{"name", DB_STR, 0}};
    str *names;
    TRY(db_all(
        file, name, &names, &ret->count,
        "SELECT name FROM sqlite_master WHERE type = 'table' AND substr(name, 1, 7) <> 'sqlite_' "
        "AND name NOT IN ('schema_migration', 'backup_table') ORDER BY name"));
    ret->items = arena_array(file->arena, ret->count + 1, sizeof *ret->items);
    for (size_t i = 0; i < ret->count; i++) {
        ret->items[i].name = names[i];
        TRY(read_table(file, &ret->items[i]));
    }
    return put_in_order(file, ret);
}

/* ---- one table, row by row ---- */

struct copying {
    struct ctx *from, *to; /* to NULL: only counts and sums */
    struct arena *batch;   /* the values of the rows that wait */
    struct db_value *values;
    size_t row_count;
};

static uint64_t hash_value(const struct db_value *v)
{
    switch (v->type) {
    case DB_INT:
        return str_hash(str_of((const char *)&v->i, sizeof v->i)) + 1;
    case DB_DOUBLE:
        return str_hash(str_of((const char *)&v->d, sizeof v->d)) + 2;
    case DB_STR:
    case DB_BLOB:
        return str_hash(v->s) + 3;
    default:
        return 4;
    }
}

/* The sum over rows does not depend on their order. */
static uint64_t hash_row(const struct db_value *values, size_t count)
{
    uint64_t hash = 1469598103934665603U;
    for (size_t i = 0; i < count; i++)
        hash = (hash ^ hash_value(&values[i])) * 1099511628211U;
    return hash;
}

/* The failure of either side becomes the words of c, who asked. */
static int pass_on(struct ctx *c, struct ctx *other, int code)
{
    if (code < 0 && other != c)
        err_pass(c, other);
    return code;
}

static int send_batch(struct ctx *to, const struct db_batch *batch)
{
    struct db_conn *conn;
    TRY(db_lease_conn(to, to->lease, &conn));
    return to->pool->driver->copy(to, conn, batch);
}

static int send(struct copying *w, const struct table *t)
{
    struct db_batch batch = {t->insert, t->copy, w->values, t->column_count, w->row_count};
    if (w->row_count && w->to)
        TRY(pass_on(w->from, w->to, send_batch(w->to, &batch)));
    w->row_count = 0;
    arena_reset(w->batch);
    return 0;
}

static int take_row(struct copying *w, struct table *t, const struct db_cursor *cur)
{
    struct db_value *row = w->values + w->row_count * t->column_count;
    for (size_t i = 0; i < t->column_count; i++)
        row[i] = w->from->pool->driver->column(cur, i, type_of(&t->columns[i]), w->batch);
    if (arena_strained(w->batch))
        return err_memory(w->from, "a batch of rows");
    t->rows++;
    t->sum += hash_row(row, t->column_count);
    w->row_count++;
    return w->row_count == BATCH_ROWS || arena_used(w->batch) > BATCH_BYTES ? send(w, t) : 0;
}

static int copy_table(struct copying *w, struct table *t)
{
    struct db_query q = {.sql = t->select, .many = true};
    struct db_cursor cur;
    t->rows = 0;
    t->sum = 0;
    w->row_count = 0;
    w->values = arena_array(w->from->arena, BATCH_ROWS * t->column_count, sizeof *w->values);
    TRY(db_query_begin(w->from, &q, &cur));
    int code = 0;
    while (code == 0 && cur.row) {
        code = take_row(w, t, &cur);
        if (code == 0)
            code = db_query_step(w->from, &cur);
    }
    code = db_query_end(w->from, &cur, code);
    return code == 0 ? send(w, t) : code;
}

/* What fails on either side is told by `from`. */
static int copy_all(struct ctx *from, struct ctx *to, struct tables *all)
{
    struct copying w = {.from = from, .to = to, .batch = arena_new()};
    int code = 0;
    for (size_t i = 0; code == 0 && i < all->count; i++)
        code = copy_table(&w, &all->items[i]);
    arena_free(w.batch);
    return code;
}

/* ---- one state of the database, while others write ---- */

struct snapshot_call {
    db_body *body;
    void *arg;
};

static int in_snapshot(struct ctx *c, void *arg)
{
    const struct snapshot_call *call = arg;
    TRY(db_script(c, "SET LOCAL statement_timeout = 0"));
    return call->body(c, call->arg);
}

/* Reads see one state. SQLite: on a connection for reading, so that its one writer stays free. */
static int with_snapshot(struct ctx *c, db_body *body, void *arg)
{
    struct snapshot_call call = {body, arg};
    if (db_is_postgres(c))
        return db_transaction(c, in_snapshot, &call);
    TRY(db_script(c, "BEGIN"));
    int code = body(c, arg);
    struct err kept = c->err;
    int ended = db_script(c, "COMMIT");
    if (code < 0)
        c->err = kept;
    return code < 0 ? code : ended;
}

/* ---- the file ---- */

struct file { /* the copy, opened as a database of its own */
    struct ctx ctx;
    struct tables tables;
};

static int file_open(struct ctx *c, str url, struct file *f)
{
    static const struct db_options options = {
        .max_connections = 1, .busy_timeout_ms = 5000, .one_file = true};
    f->ctx = ctx_child(c);
    f->ctx.pool = NULL;
    f->ctx.lease = NULL;
    f->ctx.snapshots = NULL;
    return db_pool_open(&f->ctx, url, &options, &f->ctx.pool);
}

static int file_close(struct ctx *c, struct file *f, int code)
{
    if (f->ctx.pool)
        db_lease_release(&f->ctx);
    struct db_pool *pool = f->ctx.pool;
    code = ctx_child_end(c, &f->ctx, code);
    db_pool_close(pool);
    return code;
}

static int write_notes(struct ctx *file, const struct tables *all)
{
    TRY(db_script(file,
                  "CREATE TABLE backup_table (name TEXT PRIMARY KEY, row_count BIGINT NOT NULL, "
                  "hash_sum BIGINT NOT NULL, made_at BIGINT NOT NULL)"));
    for (size_t i = 0; i < all->count; i++)
        TRY(db_exec(file,
                    "INSERT INTO backup_table (name, row_count, hash_sum, made_at) "
                    "VALUES ($1, $2, $3, $4)",
                    all->items[i].name, all->items[i].rows, (long long)all->items[i].sum,
                    clock_now()));
    return 0;
}

static int clear_all(struct ctx *c, const struct tables *all)
{
    for (size_t i = all->count; i-- > 0;) {
        struct db_query q = {.sql = all->items[i].clear, .write = true};
        struct db_cursor cur;
        TRY(db_query_begin(c, &q, &cur));
        TRY(db_query_end(c, &cur, 0));
    }
    return 0;
}

static struct db_copied total_of(const struct tables *all)
{
    struct db_copied total = {.tables = all->count};
    for (size_t i = 0; i < all->count; i++)
        total.rows += all->items[i].rows;
    return total;
}

/* ---- making a copy ---- */

struct filling {
    struct ctx *from;
    struct file *file;
};

static int fill_file(struct ctx *file, void *arg)
{
    struct filling *f = arg;
    TRY(clear_all(file, &f->file->tables));
    TRY(pass_on(file, f->from, copy_all(f->from, file, &f->file->tables)));
    return write_notes(file, &f->file->tables);
}

static int fill_from_snapshot(struct ctx *c, void *arg)
{
    struct filling *f = arg;
    return pass_on(c, &f->file->ctx, db_transaction(&f->file->ctx, fill_file, f));
}

static int make_file(struct ctx *c, str path, struct db_copied *ret)
{
    struct file f;
    struct filling filling = {c, &f};
    int code = file_open(c, str_fmt(c->arena, "sqlite:%s", str_z(c->arena, path)), &f);
    if (code == 0)
        code = db_migrate(&f.ctx, c->pool->migrations, c->pool->migration_count);
    if (code == 0)
        code = list_tables(&f.ctx, &f.tables);
    if (code == 0)
        code = pass_on(&f.ctx, c, with_snapshot(c, fill_from_snapshot, &filling));
    if (code == 0)
        code = db_integrity_check(&f.ctx);
    if (code == 0)
        *ret = total_of(&f.tables);
    return file_close(c, &f, code);
}

int db_backup(struct ctx *c, str path, struct db_copied *ret)
{
    str unfinished = str_fmt(c->arena, "%s.deel", str_z(c->arena, path));
    if (db_in_transaction(c) || !c->pool->migration_count)
        BUG("db_backup inside db_transaction, or before db_migrate");
    if (file_exists(c, path))
        return err_set(c, ERR_CONFLICT,
                       "Het bestand \"%s\" is er al. Kies een andere naam, zodat er niets verloren "
                       "gaat.",
                       str_z(c->arena, path));
    TRY(file_remove_tree(c, unfinished)); /* of a copy that was cut off */
    int code = make_file(c, unfinished, ret);
    if (code == 0)
        return file_rename(c, unfinished, path);
    struct err kept = c->err;
    if (file_remove_tree(c, unfinished) < 0)
        c->err = kept;
    return code;
}

/* ---- putting it back ---- */

#define NOT_A_COPY "\"%s\" is geen reservekopie van Aanjager."

static int check_is_copy(struct ctx *file, const char *path)
{
    long long there;
    TRY(db_get_int(file, &there,
                   "SELECT COUNT(*) AS count FROM sqlite_master WHERE name = 'backup_table'"));
    if (there)
        return 0;
    return err_set(file, ERR_INVALID, NOT_A_COPY, path);
}

static int check_notes(struct ctx *file, const struct tables *all, const char *what)
{
    struct note {
        long long rows, sum;
    } note;
    static const struct db_field fields[] = {
        {"row_count", DB_INT, offsetof(struct note, rows)},
        {"hash_sum", DB_INT, offsetof(struct note, sum)},
    };
    for (size_t i = 0; i < all->count; i++) {
        const struct table *t = &all->items[i];
        int code = db_one(file, fields, &note,
                          "SELECT row_count, hash_sum FROM backup_table WHERE name = $1", t->name);
        if (code == ERR_NOT_FOUND)
            return err_set(file, ERR_DB,
                           "De reservekopie klopt niet: over de tabel %s is niets genoteerd. "
                           "Gebruik een andere kopie.",
                           str_z(file->arena, t->name));
        TRY(code);
        if (note.rows != t->rows || note.sum != (long long)t->sum)
            return err_set(
                file, ERR_DB,
                "De reservekopie klopt niet: in de tabel %s %s %lld rijen in plaats van de "
                "%lld die erin horen, of ze zijn veranderd. Gebruik een andere kopie.",
                str_z(file->arena, t->name), what, t->rows, note.rows);
    }
    return 0;
}

/* The migrations that the copy had, so that its rows fit; the newer ones follow after the rows. */
static int migrate_as_copy(struct ctx *c, struct ctx *file, const struct migration *list,
                           size_t count)
{
    static const struct db_field number_field[] = {{"number", DB_INT, 0}};
    struct migration *had = arena_array(c->arena, count + 1, sizeof *had);
    long long *numbers;
    size_t number_count, had_count = 0;
    TRY(pass_on(c, file,
                db_all(file, number_field, &numbers, &number_count,
                       "SELECT number FROM schema_migration ORDER BY number")));
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < number_count; k++)
            if (list[i].number == numbers[k])
                had[had_count++] = list[i];
    TRY(pass_on(c, file, db_check_migrations(file, list, count)));
    return db_migrate(c, had, had_count);
}

/* Ids that fill themselves go on after the highest. */
static int set_sequences(struct ctx *c, const struct tables *all)
{
    for (size_t i = 0; i < all->count && db_is_postgres(c); i++) {
        const char *name = str_z(c->arena, all->items[i].name);
        if (!all->items[i].numbered)
            continue;
        str sql =
            str_fmt(c->arena,
                    "SELECT setval(pg_get_serial_sequence('%s', 'id'), COALESCE(MAX(id), 0) + 1, "
                    "false) FROM %s",
                    name, name);
        TRY(db_script(c, sql.ptr));
    }
    return 0;
}

static int put_back(struct ctx *c, void *arg)
{
    struct file *f = arg;
    if (db_is_postgres(c))
        TRY(db_script(c, "SET LOCAL statement_timeout = 0"));
    TRY(clear_all(c, &f->tables));
    TRY(pass_on(c, &f->ctx, copy_all(&f->ctx, c, &f->tables)));
    TRY(pass_on(c, &f->ctx, check_notes(&f->ctx, &f->tables, "staan")));
    TRY(copy_all(c, NULL, &f->tables)); /* what is there now, counted anew */
    TRY(pass_on(c, &f->ctx, check_notes(&f->ctx, &f->tables, "kwamen")));
    return set_sequences(c, &f->tables);
}

static int check_empty(struct ctx *c)
{
    long long applied;
    TRY(db_migrations_applied(c, &applied));
    if (!applied)
        return 0;
    return err_set(c, ERR_CONFLICT,
                   "In deze database staan al gegevens. Zet de reservekopie terug in een lege "
                   "database, zodat er niets verloren gaat.");
}

static int restore_file(struct ctx *c, struct file *f, const struct migration *list, size_t count)
{
    TRY(pass_on(c, &f->ctx, db_integrity_check(&f->ctx)));
    TRY(pass_on(c, &f->ctx, list_tables(&f->ctx, &f->tables)));
    TRY(check_empty(c));
    TRY(migrate_as_copy(c, &f->ctx, list, count));
    TRY(db_transaction(c, put_back, f));
    TRY(db_integrity_check(c));
    return db_migrate(c, list, count);
}

int db_restore(struct ctx *c, str path, const struct migration *list, size_t count,
               struct db_copied *ret)
{
    struct file f;
    const char *name = str_z(c->arena, path);
    if (!file_exists(c, path))
        return err_set(c, ERR_NOT_FOUND, "Het bestand \"%s\" is er niet.", name);
    int code = file_open(c, str_fmt(c->arena, "sqlite:%s", name), &f);
    if (code == ERR_DB) /* no database at all */
        code = err_set(&f.ctx, ERR_INVALID, NOT_A_COPY, name);
    if (code == 0)
        code = check_is_copy(&f.ctx, name);
    if (code == 0)
        code = pass_on(&f.ctx, c, restore_file(c, &f, list, count));
    if (code == 0)
        *ret = total_of(&f.tables);
    return file_close(c, &f, code);
}

/* ---- proving ---- */

int db_prove(struct ctx *c, str path, struct db_copied *ret)
{
    struct ctx scratch = ctx_child(c);
    scratch.snapshots = NULL;
    scratch.lease = NULL;
    int code = db_scratch_open(&scratch, c->pool, &scratch.pool);
    if (code < 0) {
        scratch.pool = NULL;
        return ctx_child_end(c, &scratch, code);
    }
    code = db_restore(&scratch, path, c->pool->migrations, c->pool->migration_count, ret);
    struct db_pool *pool = scratch.pool;
    db_lease_release(&scratch);
    code = ctx_child_end(c, &scratch, code);
    db_scratch_close(pool);
    return code;
}
