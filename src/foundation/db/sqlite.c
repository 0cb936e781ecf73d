/* SQLite: the only file that knows sqlite3.h. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sqlite3.h>
#include <unistd.h>

#include "base/log.h"
#include "db/db_int.h"

enum {
    READER_CACHE_KB = 1024, /* times the number of readers: what the page caches may grow to */
    WRITER_CACHE_KB = 4096,
    JOURNAL_LIMIT = 64 * 1024 * 1024, /* the WAL is cut to this after a checkpoint */
    SCAN_WARNING = 1000,              /* rows looked at without an index */
};

struct sqlite_shared {
    const char *path;
    const char *folder; /* of a database for tests, to be removed; NULL: a real one */
};

struct sqlite_statement {
    sqlite3_stmt *stmt;
    bool read_only;
    bool warned;
    unsigned char count;                /* of arguments it names */
    unsigned char arg[DB_MAX_ARGS + 1]; /* bind position -> argument, both from 1 */
};

struct sqlite_conn {
    struct db_conn base;
    sqlite3 *db;
    bool writer;
    bool no_memory; /* a value could not be read: known at the end of its query */
    struct db_cache cache;
    struct sqlite_statement statements[DB_CACHE_SETS * DB_CACHE_WAYS];
};

static struct sqlite_conn *of(struct db_conn *conn)
{
    return (struct sqlite_conn *)(void *)conn;
}

/* ---- errors: words for the user by cause, SQLite's own for the log ---- */

static int disk_full(struct ctx *c)
{
    return err_set(c, ERR_BUSY, "De schijf is vol. Maak ruimte vrij en probeer het opnieuw.");
}

/* Not ERR_FORBIDDEN: it is we who lack the right, not who asks. */
static int no_right(struct ctx *c)
{
    return err_set(c, ERR_DB,
                   "Aanjager mag niet schrijven in de map of het bestand van de database. "
                   "Controleer de rechten.");
}

static int damaged(struct ctx *c)
{
    return err_set(c, ERR_DB,
                   "Het bestand van de database is beschadigd, of het is geen database. "
                   "Zet een reservekopie terug of kies een ander bestand.");
}

static int system_error(struct ctx *c, int number)
{
    switch (number) {
    case EACCES:
    case EPERM:
    case EROFS:
        return no_right(c);
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
        return disk_full(c);
    default:
        return err_set(c, ERR_DB,
                       "De database kan niet worden gelezen of geschreven. Controleer de schijf.");
    }
}

/* At the start, when it may be the address that is wrong. */
static int place_error(struct ctx *c, int number)
{
    if (number != ENOENT && number != ENOTDIR && number != EISDIR)
        return system_error(c, number);
    return err_set(c, ERR_INVALID,
                   "Het bestand van de database kan niet worden gemaakt. Controleer of het "
                   "adres van de database klopt en of de map bestaat.");
}

static int constraint_code(int rc)
{
    switch (rc) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID:
    case SQLITE_CONSTRAINT_FOREIGNKEY:
        return ERR_CONFLICT;
    default:
        return ERR_DB;
    }
}

static int cause(struct ctx *c, sqlite3 *db, int rc)
{
    if (rc == SQLITE_IOERR_NOMEM)
        return err_memory(c, "sqlite");
    switch (rc & 0xFF) {
    case SQLITE_NOMEM:
        return err_memory(c, "sqlite");
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return err_detail(c, ERR_BUSY, "locked too long");
    case SQLITE_FULL:
        return disk_full(c);
    case SQLITE_READONLY:
    case SQLITE_PERM:
        return no_right(c);
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return damaged(c);
    case SQLITE_CANTOPEN:
    case SQLITE_IOERR:
        return system_error(c, sqlite3_system_errno(db));
    case SQLITE_CONSTRAINT:
        return err_detail(c, constraint_code(rc), "constraint");
    default:
        return err_detail(c, ERR_DB, "sqlite");
    }
}

static int sqlite_error(struct ctx *c, sqlite3 *db, const char *sql)
{
    int rc = sqlite3_extended_errcode(db);
    int code = cause(c, db, rc);
    err_context(c, "%s (%d) in: %.300s", sqlite3_errmsg(db), rc, sql);
    return code;
}

static int sqlite_script(struct ctx *c, struct db_conn *conn, const char *sql)
{
    struct sqlite_conn *sc = of(conn);
    if (sqlite3_exec(sc->db, sql, NULL, NULL, NULL) != SQLITE_OK)
        return sqlite_error(c, sc->db, sql);
    return 0;
}

/* ---- opening ---- */

/* A database for tests is a file in a folder of its own, because SQLite's own databases in memory
   have no WAL: readers would wait for a writer, and tests would see other behaviour than users. It
   is not synced, so nearly as quick. */
static int make_private(struct ctx *c, struct db_pool *pool, struct sqlite_shared *shared)
{
    const char *base = getenv("TMPDIR");
    str folder = str_fmt(pool->arena, "%s/aanjager-XXXXXX", base && *base ? base : "/tmp");
    char *made = mkdtemp((char *)(uintptr_t)folder.ptr);
    if (!made)
        return place_error(c, errno);
    shared->folder = made;
    shared->path = str_fmt(pool->arena, "%s/memory.db", made).ptr;
    return 0;
}

/* Only the owner may read it: it holds personal data. SQLite gives its other files the same rights.
 */
static int make_file(struct ctx *c, const char *path)
{
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0) {
        int number = errno;
        int code = place_error(c, number);
        err_context(c, "open %s: error %d", path, number);
        return code;
    }
    (void)close(fd);
    return 0;
}

/* Its statistics of memory would put every allocation of every thread behind one lock. */
static void configure_library(void)
{
    (void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

int db_sqlite_init(struct ctx *c, struct db_pool *pool, str path)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    (void)pthread_once(&once, configure_library);
    struct sqlite_shared *shared = arena_new_of(pool->arena, struct sqlite_shared);
    pool->shared = shared;
    if (path.len == 0 || path.len >= PATH_MAX || memchr(path.ptr, 0, path.len))
        return err_set(c, ERR_INVALID,
                       "Het adres van de database klopt niet. Schrijf sqlite: en dan het bestand.");
    if (str_eqz(path, ":memory:"))
        TRY(make_private(c, pool, shared));
    else
        shared->path = str_z(pool->arena, path);
    return make_file(c, shared->path);
}

static void sqlite_forget(struct db_pool *pool)
{
    struct sqlite_shared *shared = pool->shared;
    if (!shared || !shared->folder)
        return;
    /* The last connection has removed the -wal and -shm files. */
    (void)unlink(shared->path);
    (void)rmdir(shared->folder);
}

/* Makes SQLite behave as PostgreSQL where it can: no text in double quotes, LIKE minds case. */
static int set_up(struct ctx *c, struct sqlite_conn *sc)
{
    const struct sqlite_shared *shared = sc->base.pool->shared;
    char sql[512];
    (void)sqlite3_db_config(sc->db, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
    (void)sqlite3_db_config(sc->db, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
    (void)sqlite3_db_config(sc->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    (void)sqlite3_db_config(sc->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    (void)sqlite3_extended_result_codes(sc->db, 1);
    (void)sqlite3_busy_timeout(sc->db, sc->base.pool->options.busy_timeout_ms);
    /* No mmap: it would count in every connection's share of the resident memory again. */
    (void)snprintf(sql, sizeof sql,
                   "%sPRAGMA synchronous=%s; PRAGMA foreign_keys=ON; "
                   "PRAGMA case_sensitive_like=ON; PRAGMA cache_size=-%d; PRAGMA mmap_size=0; "
                   "PRAGMA journal_size_limit=%d; PRAGMA temp_store=MEMORY; PRAGMA query_only=%s;",
                   sc->base.pool->options.one_file ? "" : "PRAGMA journal_mode=WAL; ",
                   shared->folder ? "OFF" : "FULL", sc->writer ? WRITER_CACHE_KB : READER_CACHE_KB,
                   JOURNAL_LIMIT, sc->writer ? "OFF" : "ON");
    return sqlite_script(c, &sc->base, sql);
}

static void sqlite_close(struct db_conn *conn)
{
    struct sqlite_conn *sc = of(conn);
    for (size_t i = 0; i < COUNT_OF(sc->statements); i++)
        (void)sqlite3_finalize(sc->statements[i].stmt);
    if (sqlite3_close(sc->db) != SQLITE_OK)
        BUG("a statement was left open");
    arena_free(conn->arena);
}

static int sqlite_connect(struct ctx *c, struct db_pool *pool, bool writer, struct db_conn **ret)
{
    const struct sqlite_shared *shared = pool->shared;
    struct arena *a = arena_new();
    struct sqlite_conn *sc = arena_new_of(a, struct sqlite_conn);
    sc->base = (struct db_conn){.arena = a, .pool = pool};
    sc->writer = writer;
    int code = arena_strained(a) ? err_memory(c, "a connection") : 0;
    if (code == 0 &&
        sqlite3_open_v2(shared->path, &sc->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL))
        code = sqlite_error(c, sc->db, "open");
    if (code == 0 && sqlite3_db_readonly(sc->db, "main"))
        code = no_right(c);
    if (code == 0)
        code = set_up(c, sc);
    if (code < 0) {
        sqlite_close(&sc->base);
        return code;
    }
    *ret = &sc->base;
    return 0;
}

/* ---- statements ---- */

/* $1 is bound by name: SQLite numbers parameters in the order in which they appear. */
static int read_parameters(struct ctx *c, struct sqlite_statement *s, const char *sql)
{
    int count = sqlite3_bind_parameter_count(s->stmt);
    if (count > DB_MAX_ARGS)
        return err_detail(c, ERR_DB, "too many parameters in: %.300s", sql);
    s->count = 0;
    for (int i = 1; i <= count; i++) {
        const char *name = sqlite3_bind_parameter_name(s->stmt, i);
        long long number;
        if (!name || name[0] != '$' || !str_int(str_from(name + 1), 1, DB_MAX_ARGS, &number))
            return err_detail(c, ERR_DB, "parameters are $1, $2 ... in: %.300s", sql);
        s->arg[i] = (unsigned char)number;
        if (s->count < s->arg[i])
            s->count = s->arg[i];
    }
    return 0;
}

static int prepare(struct ctx *c, struct sqlite_conn *sc, const char *sql,
                   struct sqlite_statement *s)
{
    const char *rest = "";
    if (db_is_transaction_word(sql))
        return err_detail(c, ERR_INTERNAL, "transactions go by db_transaction only: %.60s", sql);
    if (sqlite3_prepare_v3(sc->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &s->stmt, &rest))
        return sqlite_error(c, sc->db, sql);
    s->read_only = sqlite3_stmt_readonly(s->stmt) != 0;
    s->warned = false;
    int code = 0;
    if (!s->stmt || str_trim(str_from(rest)).len)
        code = err_detail(c, ERR_DB, "not one statement: %.300s", sql);
    if (code == 0)
        code = read_parameters(c, s, sql);
    if (code < 0) {
        (void)sqlite3_finalize(s->stmt);
        s->stmt = NULL;
    }
    return code;
}

static int find_statement(struct ctx *c, struct sqlite_conn *sc, const char *sql,
                          struct sqlite_statement **ret)
{
    struct db_cached *at = db_cache_find(&sc->cache, sql, 0);
    if (at) {
        *ret = at->statement;
        /* The same address may hold other text when it is no literal. */
        if (strcmp(sqlite3_sql((*ret)->stmt), sql) == 0)
            return 0;
    } else {
        at = db_cache_place(&sc->cache, sql);
    }
    struct sqlite_statement *s = &sc->statements[at - &sc->cache.entries[0][0]];
    (void)sqlite3_finalize(s->stmt);
    s->stmt = NULL;
    at->statement = NULL;
    TRY(prepare(c, sc, sql, s));
    *at = (struct db_cached){sql, 0, s};
    *ret = s;
    return 0;
}

static int bind_value(sqlite3_stmt *stmt, int at, const struct db_value *v)
{
    switch (v->type) {
    case DB_INT:
    case DB_BOOL:
        return sqlite3_bind_int64(stmt, at, v->i);
    case DB_DOUBLE:
        return sqlite3_bind_double(stmt, at, v->d);
    case DB_STR:
        return sqlite3_bind_text64(stmt, at, v->s.ptr, v->s.len, SQLITE_STATIC, SQLITE_UTF8);
    case DB_BLOB:
        if (v->s.ptr && !v->s.len)
            return sqlite3_bind_zeroblob(stmt, at, 0);
        return sqlite3_bind_blob64(stmt, at, v->s.ptr, v->s.len, SQLITE_STATIC);
    default:
        return sqlite3_bind_null(stmt, at);
    }
}

static int bind(struct ctx *c, struct sqlite_conn *sc, const struct sqlite_statement *s,
                const struct db_value *args, size_t count)
{
    int n = sqlite3_bind_parameter_count(s->stmt);
    if (s->count > count)
        return err_detail(c, ERR_DB, "$%d without an argument in: %.300s", s->count,
                          sqlite3_sql(s->stmt));
    for (int i = 1; i <= n; i++)
        if (bind_value(s->stmt, i, &args[s->arg[i] - 1]) != SQLITE_OK)
            return sqlite_error(c, sc->db, sqlite3_sql(s->stmt));
    return 0;
}

/* ---- running ---- */

static int sqlite_step(struct ctx *c, struct db_cursor *cur)
{
    struct sqlite_statement *s = cur->handle;
    int rc = sqlite3_step(s->stmt);
    cur->row = rc == SQLITE_ROW;
    if (rc == SQLITE_ROW || rc == SQLITE_DONE)
        return 0;
    return sqlite_error(c, of(cur->conn)->db, sqlite3_sql(s->stmt));
}

static int sqlite_run(struct ctx *c, struct db_conn *conn, const struct db_query *q,
                      struct db_cursor *cur)
{
    struct sqlite_conn *sc = of(conn);
    struct sqlite_statement *s;
    TRY(find_statement(c, sc, q->sql, &s));
    if (!s->read_only && !sc->writer)
        return DB_WANTS_WRITER;
    TRY(bind(c, sc, s, q->args, q->count));
    cur->conn = conn;
    cur->handle = s;
    cur->changed = sqlite3_total_changes64(sc->db);
    int code = sqlite_step(c, cur);
    if (code < 0)
        (void)sqlite3_reset(s->stmt);
    return code;
}

static void warn_scan(const struct sqlite_conn *sc, struct sqlite_statement *s)
{
    int steps = sqlite3_stmt_status(s->stmt, SQLITE_STMTSTATUS_FULLSCAN_STEP, 1);
    if (steps < SCAN_WARNING || s->warned || !sc->base.pool->options.warn_full_scans)
        return;
    s->warned = true;
    log_text(LOG_WARNING, "full_scan", "%d rows without an index: %.600s", steps,
             sqlite3_sql(s->stmt));
}

static int sqlite_finish(struct ctx *c, struct db_cursor *cur)
{
    struct sqlite_conn *sc = of(cur->conn);
    struct sqlite_statement *s = cur->handle;
    int code = 0;
    while (!s->read_only && cur->row && code == 0)
        code = sqlite_step(c, cur);
    warn_scan(sc, s);
    (void)sqlite3_reset(s->stmt);
    if (code == 0 && sc->no_memory)
        code = err_memory(c, "a value of a row");
    sc->no_memory = false;
    bool touched = !s->read_only && sqlite3_total_changes64(sc->db) != cur->changed;
    cur->changed = touched ? sqlite3_changes64(sc->db) : 0;
    return code;
}

static size_t sqlite_column_count(const struct db_cursor *cur)
{
    const struct sqlite_statement *s = cur->handle;
    return (size_t)sqlite3_column_count(s->stmt);
}

static const char *sqlite_column_name(const struct db_cursor *cur, size_t i)
{
    const struct sqlite_statement *s = cur->handle;
    return sqlite3_column_name(s->stmt, (int)i);
}

static struct db_value sqlite_column(const struct db_cursor *cur, size_t i, enum db_type want,
                                     struct arena *a)
{
    sqlite3_stmt *stmt = ((const struct sqlite_statement *)cur->handle)->stmt;
    int at = (int)i;
    if (sqlite3_column_type(stmt, at) == SQLITE_NULL)
        return DB_NULL;
    struct db_value v = {.type = want};
    const void *bytes;
    switch (want) {
    case DB_DOUBLE:
        v.d = sqlite3_column_double(stmt, at);
        break;
    case DB_STR:
    case DB_BLOB:
        bytes = want == DB_STR ? sqlite3_column_text(stmt, at) : sqlite3_column_blob(stmt, at);
        if (!bytes && sqlite3_errcode(sqlite3_db_handle(stmt)) == SQLITE_NOMEM)
            of(cur->conn)->no_memory = true;
        v.s = str_dup(a, str_of(bytes, (size_t)sqlite3_column_bytes(stmt, at)));
        break;
    default:
        v.i = sqlite3_column_int64(stmt, at);
    }
    return v;
}

/* ---- transactions ---- */

static int sqlite_commit(struct ctx *c, struct db_conn *conn)
{
    if (sqlite3_get_autocommit(of(conn)->db))
        return err_detail(c, ERR_INTERNAL, "the transaction was ended by another way");
    return sqlite_script(c, conn, "COMMIT");
}

static void sqlite_rollback(struct db_conn *conn)
{
    /* After some failures (a full disk) SQLite has rolled back by itself. Where it cannot, for lack
       of memory, closing the connection does. */
    sqlite3 *db = of(conn)->db;
    if (!sqlite3_get_autocommit(db) && sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL) != SQLITE_OK)
        conn->broken = true;
}

static int sqlite_begin(struct ctx *c, struct db_conn *conn)
{
    int code = sqlite_script(c, conn, "BEGIN IMMEDIATE");
    if (code < 0)
        sqlite_rollback(conn);
    return code;
}

/* One writer: BEGIN IMMEDIATE is all the locks. */
static int sqlite_lock(struct ctx *c _unused_, struct db_conn *conn _unused_,
                       enum db_lock lock _unused_)
{
    return 0;
}

static void sqlite_unlock(struct db_conn *conn _unused_, enum db_lock lock _unused_) {}

/* ---- bulk, size, check ---- */

static int insert_row(struct ctx *c, struct sqlite_conn *sc, struct sqlite_statement *s,
                      const struct db_value *values, size_t count)
{
    TRY(bind(c, sc, s, values, count));
    int code = 0;
    if (sqlite3_step(s->stmt) != SQLITE_DONE)
        code = sqlite_error(c, sc->db, sqlite3_sql(s->stmt));
    (void)sqlite3_reset(s->stmt);
    return code;
}

static int sqlite_copy(struct ctx *c, struct db_conn *conn, const struct db_batch *batch)
{
    struct sqlite_conn *sc = of(conn);
    struct sqlite_statement *s;
    TRY(find_statement(c, sc, batch->insert, &s));
    for (size_t i = 0; i < batch->row_count; i++)
        TRY(insert_row(c, sc, s, batch->values + i * batch->column_count, batch->column_count));
    return 0;
}

/* The first column of the first row; *ret is NULL when there is no row. */
static int pragma(struct ctx *c, struct sqlite_conn *sc, const char *sql, const char **ret)
{
    sqlite3_stmt *stmt;
    if (sqlite3_prepare_v2(sc->db, sql, -1, &stmt, NULL) != SQLITE_OK)
        return sqlite_error(c, sc->db, sql);
    int rc = sqlite3_step(stmt), code = 0;
    if (rc == SQLITE_ROW) {
        const char *text = (const char *)sqlite3_column_text(stmt, 0);
        *ret = str_z(c->arena, str_from(text));
    } else if (rc == SQLITE_DONE) {
        *ret = NULL;
    } else {
        code = sqlite_error(c, sc->db, sql);
    }
    (void)sqlite3_finalize(stmt);
    return code;
}

static int sqlite_size(struct ctx *c, struct db_conn *conn, long long *ret)
{
    const char *text = NULL;
    TRY(pragma(c, of(conn),
               "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size", &text));
    if (!text || !str_int(str_from(text), 0, LLONG_MAX, ret))
        return err_detail(c, ERR_DB, "no size of the database");
    return 0;
}

static int sqlite_check(struct ctx *c, struct db_conn *conn)
{
    const char *found = NULL;
    TRY(pragma(c, of(conn), "PRAGMA integrity_check(1)", &found));
    if (!found || strcmp(found, "ok") != 0) {
        (void)damaged(c);
        err_context(c, "integrity_check: %.300s", found ? found : "nothing");
        return ERR_DB;
    }
    TRY(pragma(c, of(conn), "PRAGMA foreign_key_check", &found));
    if (found) {
        (void)damaged(c);
        err_context(c, "foreign_key_check: table %.100s", found);
        return ERR_DB;
    }
    return 0;
}

const struct db_driver db_sqlite_driver = {
    .postgres = false,
    .one_writer = true,
    .connect = sqlite_connect,
    .close = sqlite_close,
    .forget = sqlite_forget,
    .run = sqlite_run,
    .step = sqlite_step,
    .finish = sqlite_finish,
    .column_count = sqlite_column_count,
    .column_name = sqlite_column_name,
    .column = sqlite_column,
    .script = sqlite_script,
    .begin = sqlite_begin,
    .commit = sqlite_commit,
    .rollback = sqlite_rollback,
    .lock = sqlite_lock,
    .unlock = sqlite_unlock,
    .copy = sqlite_copy,
    .size = sqlite_size,
    .check = sqlite_check,
};
