/* PostgreSQL: the only file that knows libpq-fe.h.

   A connection that was lost outside a transaction is made again once. What had surely not been
   executed (the loss is seen before sending, or while preparing) or only reads is then repeated; a
   write that may have been executed gives ERR_BUSY, since running it twice would be worse. */
#include <errno.h>
#include <libpq-fe.h>
#include <locale.h>
#include <poll.h>

#include "base/buf.h"
#include "db/db_int.h"

enum {
    OID_BOOL = 16,
    OID_BYTEA = 17,
    OID_INT8 = 20,
    OID_TEXT = 25,
    OID_FLOAT8 = 701,
    STATEMENT_MS = 30000, /* a page that takes longer is broken */
    IDLE_MS = 60000,      /* a transaction whose program hangs */
    OLDEST_SERVER = 120000,
    MAX_COPY_ROW = 512 * 1024 * 1024,
    LOOK_MS = 20,
    UNREADABLE_MS = 1000,
    LOCK_SPACE = 0x41414E4A, /* first key of our advisory locks */
};

struct pg_shared {
    const char *conninfo;
    locale_t c_locale; /* numbers have a point, whatever the program's locale */
};

struct pg_conn {
    struct db_conn base;
    PGconn *pg;
    bool in_transaction;
    bool sent;  /* the statement itself was sent, not only prepared */
    bool stale; /* a prepared statement no longer fits the tables */
    bool leave; /* to be made again: it broke, or its server became read-only */
    struct db_cache cache;
};

static struct pg_conn *of(struct db_conn *conn)
{
    return (struct pg_conn *)(void *)conn;
}

/* ---- errors ---- */

static int away(struct ctx *c)
{
    return err_set(c, ERR_BUSY,
                   "De database is nu niet bereikbaar. Probeer het over een minuut opnieuw.");
}

static int refused(struct ctx *c)
{
    return err_set(c, ERR_DB,
                   "De database laat Aanjager dit niet doen. Controleer de gebruiker, het "
                   "wachtwoord en de rechten van de database.");
}

/* By SQLSTATE. */
static int cause(struct ctx *c, struct pg_conn *pc, str state)
{
    if (str_eqz(state, "23505") || str_eqz(state, "23503"))
        return err_detail(c, ERR_CONFLICT, "constraint");
    pc->base.again = pc->base.again || str_eqz(state, "40001") || str_eqz(state, "40P01");
    if (str_starts(state, S("40")) || str_eqz(state, "55P03"))
        return err_detail(c, ERR_BUSY, "another transaction was first");
    if (str_eqz(state, "57014"))
        return err_set(c, ERR_BUSY, "De database had te veel tijd nodig. Probeer het opnieuw.");
    if (str_eqz(state, "53100"))
        return err_set(c, ERR_BUSY, "De schijf van de database is vol. Maak ruimte vrij.");
    pc->leave = pc->leave || str_eqz(state, "25006");
    bool protocol = str_eqz(state, "08P01"); /* a wrong number of arguments is one too */
    if (str_starts(state, S("57P")) || (str_starts(state, S("08")) && !protocol) ||
        str_starts(state, S("53")) || str_eqz(state, "25006") || str_eqz(state, "25P03"))
        return away(c);
    if (str_eqz(state, "42501") || str_starts(state, S("28")))
        return refused(c);
    if (str_eqz(state, "22021"))
        return err_set(c, ERR_INVALID, "De tekst bevat een teken dat niet kan worden bewaard.");
    if (str_eqz(state, "XX001") || str_eqz(state, "XX002"))
        return err_set(c, ERR_DB, "De database is beschadigd. Zet een reservekopie terug.");
    pc->stale = str_eqz(state, "26000") || str_eqz(state, "0A000");
    pc->base.again = pc->base.again || (pc->stale && pc->in_transaction);
    return err_detail(c, ERR_DB, "postgres");
}

static bool is_lost(const struct pg_conn *pc)
{
    return pc->leave || PQstatus(pc->pg) != CONNECTION_OK;
}

/* The first line of the server's words; its details may hold values of rows and are left out. */
static str first_line(const char *text)
{
    str rest = str_from(text), line = {"", 0};
    (void)str_line(&rest, &line);
    return line;
}

static int pg_error(struct ctx *c, struct pg_conn *pc, const PGresult *res, const char *sql)
{
    const char *state = res ? PQresultErrorField(res, PG_DIAG_SQLSTATE) : NULL;
    const char *constraint = res ? PQresultErrorField(res, PG_DIAG_CONSTRAINT_NAME) : NULL;
    const char *text = res ? PQresultErrorField(res, PG_DIAG_MESSAGE_PRIMARY) : NULL;
    /* Words without a state are libpq's own: the server did not answer. */
    pc->leave = pc->leave || !state;
    int code = state ? cause(c, pc, str_from(state)) : away(c);
    str line = first_line(text ? text : PQerrorMessage(pc->pg));
    err_context(c, "%.*s (%s %s) in: %.300s", (int)line.len, line.ptr, state ? state : "-",
                constraint ? constraint : "-", sql);
    return code;
}

static bool is_ok(const PGresult *res)
{
    ExecStatusType status = PQresultStatus(res);
    return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY;
}

/* ---- connecting ---- */

static void ignore_notice(void *arg _unused_, const PGresult *res _unused_) {}

/* Sends text without arguments; *ret (may be NULL) must be cleared by the caller when 0 comes back.
 */
static int simple(struct ctx *c, struct pg_conn *pc, const char *sql, PGresult **ret)
{
    PGresult *res = PQexec(pc->pg, sql);
    int code = is_ok(res) ? 0 : pg_error(c, pc, res, sql);
    if (code < 0 || !ret)
        PQclear(res);
    else
        *ret = res;
    return code;
}

static int wrong_address(const struct pg_conn *pc)
{
    return pc->base.pool->opened ? ERR_DB : ERR_INVALID;
}

static int connect_error(struct ctx *c, const struct pg_conn *pc)
{
    const char *text = PQerrorMessage(pc->pg);
    int code;
    if (PQconnectionNeedsPassword(pc->pg) || strstr(text, "authentication failed") ||
        strstr(text, "pg_hba.conf"))
        code = refused(c);
    else if (strstr(text, "does not exist") && strstr(text, "FATAL"))
        code = err_set(c, wrong_address(pc),
                       "De database of de gebruiker bestaat niet. Controleer het adres van de "
                       "database of maak de database eerst aan.");
    else
        code = err_set(c, ERR_BUSY,
                       "De database is nu niet bereikbaar. Controleer of de server draait en of "
                       "het adres klopt, of probeer het over een minuut opnieuw.");
    str line = first_line(text);
    err_context(c, "%.*s", (int)line.len, line.ptr);
    return code;
}

static int set_limits(struct ctx *c, struct pg_conn *pc)
{
    char sql[512];
    (void)snprintf(sql, sizeof sql,
                   "SET statement_timeout = %d; SET lock_timeout = %d; "
                   "SET idle_in_transaction_session_timeout = %d; "
                   "SET default_transaction_isolation = 'read committed'; "
                   "SET bytea_output = 'hex'; SET extra_float_digits = 1",
                   STATEMENT_MS, pc->base.pool->options.busy_timeout_ms, IDLE_MS);
    return simple(c, pc, sql, NULL);
}

static int set_up(struct ctx *c, struct pg_conn *pc)
{
    memset(&pc->cache, 0, sizeof pc->cache);
    pc->leave = pc->stale = false;
    if (is_lost(pc))
        return connect_error(c, pc);
    (void)PQsetNoticeReceiver(pc->pg, ignore_notice, NULL);
    const char *encoding = PQparameterStatus(pc->pg, "server_encoding");
    if (!encoding || strcmp(encoding, "UTF8") != 0 || PQserverVersion(pc->pg) < OLDEST_SERVER)
        return err_set(c, wrong_address(pc),
                       "De database is niet geschikt. Nodig is PostgreSQL 12 of nieuwer, met de "
                       "codering UTF8.");
    return set_limits(c, pc);
}

static PGconn *open_connection(const struct db_pool *pool)
{
    const struct pg_shared *shared = pool->shared;
    char seconds[16], options[128] = "";
    (void)snprintf(seconds, sizeof seconds, "%d", 2 + pool->options.busy_timeout_ms / 1000);
    if (pool->options.schema)
        (void)snprintf(options, sizeof options, "-c search_path=%s", pool->options.schema);
    /* What stands before dbname may be changed in the address; what stands after it may not. */
    const char *const names[] = {
        "connect_timeout",  "keepalives_idle", "tcp_user_timeout",          "dbname",
        "application_name", "client_encoding", *options ? "options" : NULL, NULL};
    const char *const values[] = {seconds,    "30",   "30000", shared->conninfo,
                                  "aanjager", "UTF8", options, NULL};
    return PQconnectdbParams(names, values, 1);
}

static int reconnect(struct ctx *c, struct pg_conn *pc)
{
    PQfinish(pc->pg);
    pc->pg = open_connection(pc->base.pool);
    pc->in_transaction = false;
    return set_up(c, pc);
}

static void pg_close(struct db_conn *conn)
{
    PQfinish(of(conn)->pg);
    arena_free(conn->arena);
}

static int pg_connect(struct ctx *c, struct db_pool *pool, bool writer _unused_,
                      struct db_conn **ret)
{
    struct arena *a = arena_new();
    struct pg_conn *pc = arena_new_of(a, struct pg_conn);
    pc->base = (struct db_conn){.arena = a, .pool = pool};
    int code = arena_strained(a) ? err_memory(c, "a connection") : 0;
    if (code == 0) {
        pc->pg = open_connection(pool);
        code = set_up(c, pc);
    }
    if (code < 0) {
        pg_close(&pc->base);
        return code;
    }
    *ret = &pc->base;
    return 0;
}

/* An idle connection has nothing to say, unless the server has gone: seen here, a restart in a
   quiet hour costs no request its answer. */
static bool is_alive(struct pg_conn *pc)
{
    if (is_lost(pc))
        return false;
    struct pollfd p = {.fd = PQsocket(pc->pg), .events = POLLIN};
    /* Twice: the first may only bring the words with which the server says goodbye. */
    for (int i = 0; i < 2; i++) {
        if (poll(&p, 1, 0) == 0)
            return true;
        if (!PQconsumeInput(pc->pg) || is_lost(pc))
            return false;
    }
    return true;
}

static int ensure_alive(struct ctx *c, struct pg_conn *pc)
{
    return pc->in_transaction || is_alive(pc) ? 0 : reconnect(c, pc);
}

int db_postgres_init(struct ctx *c, struct db_pool *pool, str url)
{
    struct pg_shared *shared = arena_new_of(pool->arena, struct pg_shared);
    pool->shared = shared;
    shared->c_locale = newlocale(LC_NUMERIC_MASK, "C", (locale_t)0);
    if (!shared->c_locale)
        return err_detail(c, ERR_INTERNAL, "no C locale");
    bool is_uri = str_find(url, S("://")) == str_find_byte(url, ':');
    str info = is_uri ? url : str_slice(url, str_find_byte(url, ':') + 1, url.len);
    shared->conninfo = str_z(pool->arena, info);
    PQconninfoOption *options = PQconninfoParse(shared->conninfo, NULL);
    if (!options)
        return err_set(c, ERR_INVALID,
                       "Het adres van de database klopt niet. Een voorbeeld: "
                       "postgresql://gebruiker@server/aanjager");
    PQconninfoFree(options);
    return 0;
}

static void pg_forget(struct db_pool *pool)
{
    struct pg_shared *shared = pool->shared;
    if (shared && shared->c_locale)
        freelocale(shared->c_locale);
}

/* ---- statements ---- */

struct pg_args {
    const char *values[DB_MAX_ARGS];
    int lengths[DB_MAX_ARGS], formats[DB_MAX_ARGS];
    Oid types[DB_MAX_ARGS];
    uint64_t numbers[DB_MAX_ARGS]; /* in network order */
    uint64_t signature;
};

static const char *network_order(uint64_t *at, uint64_t value)
{
    *at = __builtin_bswap64(value);
    return (const char *)at;
}

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "network_order swaps");

/* All values go as bytes, not as text: nothing to escape, nothing to print. */
static void set_arg(struct pg_args *p, size_t i, const struct db_value *v)
{
    uint64_t bits;
    p->formats[i] = 1;
    p->lengths[i] = sizeof bits;
    switch (v->type) {
    case DB_INT:
    case DB_BOOL:
        p->types[i] = OID_INT8;
        p->values[i] = network_order(&p->numbers[i], (uint64_t)v->i);
        break;
    case DB_DOUBLE:
        p->types[i] = OID_FLOAT8;
        memcpy(&bits, &v->d, sizeof bits);
        p->values[i] = network_order(&p->numbers[i], bits);
        break;
    case DB_STR:
    case DB_BLOB:
        p->types[i] = v->type == DB_STR ? OID_TEXT : OID_BYTEA;
        p->values[i] = v->s.ptr;
        p->lengths[i] = (int)v->s.len;
        break;
    case DB_TYPE_NULL:
        p->types[i] = 0; /* the server finds out */
        p->values[i] = NULL;
    }
}

static int set_args(struct ctx *c, struct pg_args *p, const struct db_query *q)
{
    uint64_t h = str_hash(str_from(q->sql));
    for (size_t i = 0; i < q->count; i++) {
        bool is_bytes = q->args[i].type == DB_STR || q->args[i].type == DB_BLOB;
        if (is_bytes && q->args[i].s.len > MAX_COPY_ROW)
            return err_detail(c, ERR_DB, "an argument of %zu bytes", q->args[i].s.len);
        set_arg(p, i, &q->args[i]);
        h = (h ^ p->types[i]) * 1099511628211ULL;
    }
    p->signature = h;
    return 0;
}

struct statement_name {
    char z[16];
};

static struct statement_name name_of(struct pg_conn *pc, const struct db_cached *at)
{
    struct statement_name name;
    (void)snprintf(name.z, sizeof name.z, "s%d", (int)(at - &pc->cache.entries[0][0]));
    return name;
}

static int prepare(struct ctx *c, struct pg_conn *pc, const struct db_query *q,
                   const struct pg_args *p, struct statement_name *ret)
{
    struct db_cached *at = db_cache_place(&pc->cache, q->sql);
    *ret = name_of(pc, at);
    if (db_is_transaction_word(q->sql))
        return err_detail(c, ERR_INTERNAL, "transactions go by db_transaction only: %.60s", q->sql);
    if (at->statement) {
        char sql[32];
        (void)snprintf(sql, sizeof sql, "DEALLOCATE %s", ret->z);
        at->statement = NULL;
        TRY(simple(c, pc, sql, NULL));
    }
    PGresult *res = PQprepare(pc->pg, ret->z, q->sql, (int)q->count, p->types);
    int code = is_ok(res) ? 0 : pg_error(c, pc, res, q->sql);
    PQclear(res);
    if (code == 0)
        *at = (struct db_cached){q->sql, p->signature, pc};
    return code;
}

static int find_statement(struct ctx *c, struct pg_conn *pc, const struct db_query *q,
                          const struct pg_args *p, struct statement_name *ret)
{
    struct db_cached *at = db_cache_find(&pc->cache, q->sql, p->signature);
    if (!at)
        return prepare(c, pc, q, p, ret);
    *ret = name_of(pc, at);
    return 0;
}

/* ---- running ---- */

static void drain(struct pg_conn *pc)
{
    PGresult *res;
    while ((res = PQgetResult(pc->pg)))
        PQclear(res);
}

/* Takes the next result of a query whose rows come one by one. */
static int next_result(struct ctx *c, struct db_cursor *cur, const char *sql)
{
    struct pg_conn *pc = of(cur->conn);
    PQclear(cur->handle);
    cur->handle = PQgetResult(pc->pg);
    cur->at = 0;
    cur->row = PQresultStatus(cur->handle) == PGRES_SINGLE_TUPLE;
    if (cur->row || is_ok(cur->handle))
        return 0;
    int code = pg_error(c, pc, cur->handle, sql);
    drain(pc);
    return code;
}

static int start_many(struct ctx *c, struct pg_conn *pc, const struct statement_name *name,
                      const struct db_query *q, const struct pg_args *p, struct db_cursor *cur)
{
    if (!PQsendQueryPrepared(pc->pg, name->z, (int)q->count, p->values, p->lengths, p->formats, 0))
        return pg_error(c, pc, NULL, q->sql);
    (void)PQsetSingleRowMode(pc->pg);
    cur->many = true;
    return next_result(c, cur, q->sql);
}

static int execute(struct ctx *c, struct pg_conn *pc, const struct db_query *q,
                   const struct pg_args *p, struct db_cursor *cur)
{
    struct statement_name name;
    pc->sent = pc->stale = false;
    TRY(find_statement(c, pc, q, p, &name));
    *cur = (struct db_cursor){.conn = &pc->base};
    pc->sent = true;
    int code = 0;
    if (q->many) {
        code = start_many(c, pc, &name, q, p, cur);
    } else {
        cur->handle =
            PQexecPrepared(pc->pg, name.z, (int)q->count, p->values, p->lengths, p->formats, 0);
        cur->row = PQntuples(cur->handle) > 0;
        if (!is_ok(cur->handle))
            code = pg_error(c, pc, cur->handle, q->sql);
    }
    if (code < 0) {
        PQclear(cur->handle);
        cur->handle = NULL;
    }
    return code;
}

static bool is_read(const char *sql)
{
    str s = str_trim(str_from(sql));
    return str_eq_nocase(str_slice(s, 0, 7), S("SELECT "));
}

static int pg_run(struct ctx *c, struct db_conn *conn, const struct db_query *q,
                  struct db_cursor *cur)
{
    struct pg_conn *pc = of(conn);
    struct pg_args p;
    struct err before = c->err;
    TRY(set_args(c, &p, q));
    TRY(ensure_alive(c, pc));
    int code = execute(c, pc, q, &p, cur);
    if (code == 0 || pc->in_transaction)
        return code;
    bool lost = is_lost(pc) && (!pc->sent || is_read(q->sql));
    if (!lost && !pc->stale)
        return code;
    c->err = before;
    TRY(reconnect(c, pc));
    return execute(c, pc, q, &p, cur);
}

static int pg_step(struct ctx *c, struct db_cursor *cur)
{
    if (cur->many)
        return next_result(c, cur, "(rows)");
    cur->at++;
    cur->row = (int)cur->at < PQntuples(cur->handle);
    return 0;
}

/* Rows that nobody wants are not waited for; inside a transaction they are, since a cancel would
 * end that. */
static void stop_rows(struct pg_conn *pc)
{
    char text[256];
    PGcancel *cancel = pc->in_transaction ? NULL : PQgetCancel(pc->pg);
    if (cancel)
        (void)PQcancel(cancel, text, sizeof text);
    PQfreeCancel(cancel);
}

static int pg_finish(struct ctx *c _unused_, struct db_cursor *cur)
{
    struct pg_conn *pc = of(cur->conn);
    const char *status = cur->handle ? PQcmdStatus(cur->handle) : "";
    bool is_select = strncmp(status, "SELECT", 6) == 0;
    long long changed = 0;
    if (!is_select && cur->handle)
        (void)str_int(str_from(PQcmdTuples(cur->handle)), 0, INT64_MAX, &changed);
    cur->changed = changed;
    PQclear(cur->handle);
    cur->handle = NULL;
    if (cur->many && cur->row)
        stop_rows(pc);
    if (cur->many)
        drain(pc);
    return 0;
}

/* ---- values ---- */

static size_t pg_column_count(const struct db_cursor *cur)
{
    return (size_t)PQnfields(cur->handle);
}

static const char *pg_column_name(const struct db_cursor *cur, size_t i)
{
    return PQfname(cur->handle, (int)i);
}

static unsigned hex_digit(char digit)
{
    return (unsigned)(digit <= '9' ? digit - '0' : (digit | 32) - 'a' + 10);
}

/* \x and two digits a byte. */
static str decode_bytes(struct arena *a, const char *text, size_t len)
{
    size_t n = len >= 2 ? (len - 2) / 2 : 0;
    char *bytes = arena_alloc(a, n + 1);
    for (size_t i = 0; i < n; i++)
        bytes[i] = (char)(hex_digit(text[2 + 2 * i]) << 4 | hex_digit(text[3 + 2 * i]));
    return str_of(bytes, n);
}

static struct db_value pg_column(const struct db_cursor *cur, size_t i, enum db_type want,
                                 struct arena *a)
{
    const PGresult *res = cur->handle;
    int row = (int)cur->at, at = (int)i;
    if (PQgetisnull(res, row, at))
        return DB_NULL;
    const struct pg_shared *shared = cur->conn->pool->shared;
    const char *text = PQgetvalue(res, row, at);
    size_t len = (size_t)PQgetlength(res, row, at);
    struct db_value v = {.type = want};
    switch (want) {
    case DB_DOUBLE:
        v.d = strtod_l(text, NULL, shared->c_locale);
        break;
    case DB_STR:
    case DB_BLOB:
        v.s = PQftype(res, at) == OID_BYTEA ? decode_bytes(a, text, len)
                                            : str_dup(a, str_of(text, len));
        break;
    default:
        v.i = PQftype(res, at) == OID_BOOL ? text[0] == 't' : strtoll(text, NULL, 10);
    }
    return v;
}

/* ---- transactions and locks ---- */

static int pg_script(struct ctx *c, struct db_conn *conn, const char *sql)
{
    struct pg_conn *pc = of(conn);
    TRY(ensure_alive(c, pc));
    return simple(c, pc, sql, NULL);
}

static int pg_begin(struct ctx *c, struct db_conn *conn)
{
    static const char sql[] = "BEGIN ISOLATION LEVEL REPEATABLE READ";
    struct pg_conn *pc = of(conn);
    TRY(ensure_alive(c, pc));
    struct err before = c->err;
    int code = simple(c, pc, sql, NULL);
    if (code < 0 && is_lost(pc)) {
        c->err = before;
        TRY(reconnect(c, pc));
        code = simple(c, pc, sql, NULL);
    }
    pc->in_transaction = code == 0;
    return code;
}

static int pg_commit(struct ctx *c, struct db_conn *conn)
{
    struct pg_conn *pc = of(conn);
    PGresult *res;
    if (PQtransactionStatus(pc->pg) == PQTRANS_IDLE)
        return err_detail(c, ERR_INTERNAL, "the transaction was ended by another way");
    TRY(simple(c, pc, "COMMIT", &res));
    bool done = strcmp(PQcmdStatus(res), "COMMIT") == 0;
    PQclear(res);
    if (!done)
        return err_detail(c, ERR_DB, "PostgreSQL rolled back instead of committing");
    pc->in_transaction = false;
    return 0;
}

static void pg_rollback(struct db_conn *conn)
{
    struct pg_conn *pc = of(conn);
    pc->in_transaction = false;
    if (is_lost(pc) || PQtransactionStatus(pc->pg) == PQTRANS_IDLE)
        return;
    PQclear(PQexec(pc->pg, "ROLLBACK"));
    if (pc->stale)
        pc->leave = true; /* its statements are of no use any more */
}

/* One lock may be held until commit or longer. */
static int lock_key(enum db_lock lock)
{
    return lock == DB_LOCK_ENDS ? (int)DB_LOCK_END : (int)lock;
}

static int pg_lock(struct ctx *c, struct db_conn *conn, enum db_lock lock)
{
    char sql[160];
    bool until_commit = lock == DB_LOCK_CHANGE || lock == DB_LOCK_END;
    const char *before =
        lock == DB_LOCK_MIGRATE ? "SET lock_timeout = 0; SET statement_timeout = 0; " : "";
    (void)snprintf(sql, sizeof sql, "%sSELECT pg_advisory_%slock(%d, %d)", before,
                   until_commit ? "xact_" : "", LOCK_SPACE, lock_key(lock));
    return pg_script(c, conn, sql);
}

static void pg_unlock(struct db_conn *conn, enum db_lock lock)
{
    struct pg_conn *pc = of(conn);
    struct arena *a = arena_new();
    struct ctx c = {.arena = a};
    char sql[80];
    (void)snprintf(sql, sizeof sql, "SELECT pg_advisory_unlock(%d, %d)", LOCK_SPACE,
                   lock_key(lock));
    /* When this fails the connection is lost, and the lock with it. */
    bool ok = !is_lost(pc) && simple(&c, pc, sql, NULL) == 0;
    if (ok && lock == DB_LOCK_MIGRATE)
        (void)set_limits(&c, pc);
    arena_free(a);
}

/* ---- bulk ---- */

static int put_row(struct ctx *c, struct pg_conn *pc, struct buf *b, const struct db_value *values,
                   size_t count)
{
    b->len = 0;
    db_copy_row(b, values, count);
    if (!buf_ok(b))
        return err_detail(c, ERR_DB, "a row is too long for COPY");
    if (PQputCopyData(pc->pg, b->ptr, (int)b->len) != 1)
        return pg_error(c, pc, NULL, "COPY");
    return 0;
}

static int put_rows(struct ctx *c, struct pg_conn *pc, const struct db_batch *batch)
{
    struct arena *a = arena_new();
    struct buf b;
    int code = 0;
    buf_init(&b, a, MAX_COPY_ROW);
    for (size_t i = 0; i < batch->row_count && code == 0; i++)
        code = put_row(c, pc, &b, batch->values + i * batch->column_count, batch->column_count);
    arena_free(a);
    return code;
}

/* libpq takes lack of memory at the start of a COPY for an answer that is not whole yet, and would
   wait for ever for the rest: so it is asked again whether it can read what came. */
static bool await_copy(struct pg_conn *pc)
{
    struct pollfd p = {.fd = PQsocket(pc->pg), .events = POLLIN};
    for (int ms = -STATEMENT_MS; PQisBusy(pc->pg); ms += LOOK_MS) {
        if (poll(&p, 1, LOOK_MS) > 0)
            ms = 0; /* since the last that came */
        if (ms > UNREADABLE_MS || !PQconsumeInput(pc->pg))
            return false;
    }
    return true;
}

static int begin_copy(struct ctx *c, struct pg_conn *pc, const char *sql)
{
    if (!PQsendQuery(pc->pg, sql) || !await_copy(pc))
        return pg_error(c, pc, NULL, sql);
    PGresult *res = PQgetResult(pc->pg);
    int code = PQresultStatus(res) == PGRES_COPY_IN ? 0 : pg_error(c, pc, res, sql);
    PQclear(res);
    if (code < 0)
        drain(pc);
    return code;
}

static int pg_copy(struct ctx *c, struct db_conn *conn, const struct db_batch *batch)
{
    struct pg_conn *pc = of(conn);
    PGresult *res;
    TRY(begin_copy(c, pc, batch->copy));
    int code = put_rows(c, pc, batch);
    if (PQputCopyEnd(pc->pg, code < 0 ? "stopped" : NULL) != 1)
        return pg_error(c, pc, NULL, batch->copy);
    while ((res = PQgetResult(pc->pg))) {
        if (code == 0 && !is_ok(res))
            code = pg_error(c, pc, res, batch->copy);
        PQclear(res);
    }
    return code;
}

/* ---- size, check ---- */

static int pg_size(struct ctx *c, struct db_conn *conn, long long *ret)
{
    struct pg_conn *pc = of(conn);
    PGresult *res;
    TRY(ensure_alive(c, pc));
    TRY(simple(c, pc, "SELECT pg_database_size(current_database())", &res));
    *ret = strtoll(PQgetvalue(res, 0, 0), NULL, 10);
    PQclear(res);
    return 0;
}

static int pg_check(struct ctx *c, struct db_conn *conn)
{
    return pg_script(c, conn, "SELECT 1");
}

const struct db_driver db_postgres_driver = {
    .postgres = true,
    .one_writer = false,
    .connect = pg_connect,
    .close = pg_close,
    .forget = pg_forget,
    .run = pg_run,
    .step = pg_step,
    .finish = pg_finish,
    .column_count = pg_column_count,
    .column_name = pg_column_name,
    .column = pg_column,
    .script = pg_script,
    .begin = pg_begin,
    .commit = pg_commit,
    .rollback = pg_rollback,
    .lock = pg_lock,
    .unlock = pg_unlock,
    .copy = pg_copy,
    .size = pg_size,
    .check = pg_check,
};
