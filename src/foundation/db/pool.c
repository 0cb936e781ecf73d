/* Connections, who holds them, and the way of every query to its driver. */
#include "db/db_int.h"

#include "base/clock.h"
#include "base/utf8.h"

/* ---- the gate: a bounded number of connections, first come first served ---- */

/* Takes a place; *ret is NULL when the place has no connection yet. */
static bool gate_take(struct db_pool *pool, struct db_gate *g, struct db_conn **ret)
{
    bool granted = true;
    void *conn = NULL;
    (void)pthread_mutex_lock(&pool->mutex);
    if (!g->turns.first && g->idle) {
        conn = g->idle;
        g->idle = g->idle->next;
        g->used++;
    } else if (!g->turns.first && g->open < g->max) {
        g->open++;
        g->used++;
    } else {
        granted = turns_wait(&g->turns, &pool->mutex, pool->options.busy_timeout_ms, &conn);
    }
    (void)pthread_mutex_unlock(&pool->mutex);
    *ret = conn;
    return granted;
}

/* conn NULL: the place has no connection. The next in the queue gets it as it is. */
static void gate_give(struct db_pool *pool, struct db_gate *g, struct db_conn *conn)
{
    if (conn && conn->broken) {
        pool->driver->close(conn);
        conn = NULL;
    }
    (void)pthread_mutex_lock(&pool->mutex);
    if (!turns_give(&g->turns, conn)) {
        g->used--;
        if (conn) {
            conn->next = g->idle;
            g->idle = conn;
        } else {
            g->open--;
        }
    }
    (void)pthread_mutex_unlock(&pool->mutex);
}

static int take_conn(struct ctx *c, struct db_gate *g, bool writer, struct db_conn **ret)
{
    struct db_pool *pool = c->pool;
    struct db_conn *conn;
    if (!gate_take(pool, g, &conn))
        return err_detail(c, ERR_BUSY, "no database connection within %d ms",
                          pool->options.busy_timeout_ms);
    if (!conn) {
        int code = pool->driver->connect(c, pool, writer, &conn);
        if (code < 0) {
            gate_give(pool, g, NULL);
            return code;
        }
    }
    *ret = conn;
    return 0;
}

/* ---- leases ---- */

/* In the call's arena: its deferred call finds the lease, unless that was released before. */
struct db_lease_hold {
    struct db_lease *lease;
};

static void lease_free(struct db_lease *lease)
{
    if (lease->depth)
        BUG("a lease ends inside its transaction");
    if (lease->main)
        gate_give(lease->pool, &lease->pool->read, lease->main);
    lease->main = NULL;
    lease->hold->lease = NULL;
    lease->hold = NULL;
    atomic_store(&lease->owner, NULL);
}

static void hold_end(void *object)
{
    struct db_lease_hold *hold = object;
    if (hold->lease)
        lease_free(hold->lease);
}

/* The lease of this arena; a copied ctx shares it. Otherwise a free one, or a new one. */
static struct db_lease *find_lease(struct db_pool *pool, struct arena *arena, bool *ret_found)
{
    struct db_lease *unused = NULL, *lease;
    for (lease = pool->leases; lease; lease = lease->next) {
        struct arena *owner = atomic_load(&lease->owner);
        *ret_found = owner == arena;
        if (*ret_found)
            return lease;
        if (!owner)
            unused = lease;
    }
    *ret_found = false;
    if (!unused) {
        unused = arena_new_of(pool->arena, struct db_lease);
        unused->pool = pool;
        unused->next = pool->leases;
        pool->leases = unused;
    }
    return unused;
}

static struct db_lease *lease_take(struct ctx *c)
{
    struct db_pool *pool = c->pool;
    bool found;
    (void)pthread_mutex_lock(&pool->mutex);
    struct db_lease *lease = find_lease(pool, c->arena, &found);
    if (!found)
        atomic_store(&lease->owner, c->arena);
    (void)pthread_mutex_unlock(&pool->mutex);
    c->lease = lease;
    if (found)
        return lease;
    lease->hold = arena_new_of(c->arena, struct db_lease_hold);
    *lease->hold = (struct db_lease_hold){lease};
    arena_defer(c->arena, hold_end, lease->hold);
    return lease;
}

/* Whether c->lease is of this call and not left over from an earlier life of the ctx or copied from
 * a template. */
static bool lease_is_ours(const struct ctx *c)
{
    return c->lease && c->lease->pool == c->pool &&
           atomic_load_explicit(&c->lease->owner, memory_order_acquire) == c->arena;
}

struct db_lease *db_lease(struct ctx *c)
{
    if (!c->pool)
        BUG("a query without a database pool in the ctx");
    return lease_is_ours(c) ? c->lease : lease_take(c);
}

void db_lease_release(struct ctx *c)
{
    if (c->pool && lease_is_ours(c))
        lease_free(c->lease);
    c->lease = NULL;
}

bool db_in_transaction(const struct ctx *c)
{
    return c->pool && lease_is_ours(c) && c->lease->depth > 0;
}

int db_lease_conn(struct ctx *c, struct db_lease *lease, struct db_conn **ret)
{
    if (lease->writer) {
        *ret = lease->writer;
        return 0;
    }
    if (!lease->main)
        TRY(take_conn(c, &c->pool->read, false, &lease->main));
    *ret = lease->main;
    return 0;
}

int db_lease_take_writer(struct ctx *c, struct db_lease *lease)
{
    if (!c->pool->driver->one_writer) {
        struct db_conn *conn;
        return db_lease_conn(c, lease, &conn);
    }
    return take_conn(c, &c->pool->write, true, &lease->writer);
}

void db_lease_give_writer(struct ctx *c, struct db_lease *lease)
{
    if (lease->writer)
        gate_give(c->pool, &c->pool->write, lease->writer);
    lease->writer = NULL;
}

/* ---- one query ---- */

static int check_text(struct ctx *c, str s)
{
    if (s.len && (memchr(s.ptr, 0, s.len) || !utf8_valid(s)))
        return err_set(c, ERR_INVALID, "De tekst bevat een teken dat niet kan worden bewaard.");
    return 0;
}

int db_check_values(struct ctx *c, const struct db_value *values, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (values[i].type == DB_STR)
            TRY(check_text(c, values[i].s));
    return 0;
}

static int run_on(struct ctx *c, struct db_lease *lease, const struct db_query *q,
                  struct db_cursor *ret)
{
    const struct db_driver *driver = c->pool->driver;
    struct db_conn *conn;
    int code = DB_WANTS_WRITER;
    if (lease->writer || !driver->one_writer || !q->write) {
        TRY(db_lease_conn(c, lease, &conn));
        code = driver->run(c, conn, q, ret);
    }
    if (code != DB_WANTS_WRITER)
        return code;
    TRY(db_lease_take_writer(c, lease));
    code = driver->run(c, lease->writer, q, ret);
    if (code < 0 && !lease->depth)
        db_lease_give_writer(c, lease);
    return code;
}

/* The rule that makes both databases alike: after a failed statement only a rollback helps. */
static int note_failure(struct ctx *c, int code)
{
    if (code >= 0)
        return 0;
    atomic_fetch_add_explicit(&c->pool->errors, 1, memory_order_relaxed);
    if (c->lease->depth)
        c->lease->failed = true;
    return code;
}

int db_query_begin(struct ctx *c, const struct db_query *q, struct db_cursor *ret)
{
    if (q->count > DB_MAX_ARGS)
        BUG("a query with too many arguments");
    struct db_lease *lease = db_lease(c);
    if (lease->failed)
        return err_detail(c, ERR_DB, "statement after a failed one in the transaction of %s:%d",
                          lease->file, lease->line);
    if (arena_strained(c->arena))
        return note_failure(c, err_memory(c, "no more queries"));
    TRY(db_check_values(c, q->args, q->count));
    atomic_fetch_add_explicit(&c->pool->queries, 1, memory_order_relaxed);
    *ret = (struct db_cursor){0};
    return note_failure(c, run_on(c, lease, q, ret));
}

int db_query_step(struct ctx *c, struct db_cursor *cur)
{
    return c->pool->driver->step(c, cur);
}

int db_query_end(struct ctx *c, struct db_cursor *cur, int code)
{
    struct err kept = c->err;
    int ended = c->pool->driver->finish(c, cur);
    if (!c->lease->depth)
        db_lease_give_writer(c, c->lease);
    if (code < 0)
        c->err = kept;
    if (code == ERR_NOT_FOUND || code == ERR_LIMIT)
        return code;
    return note_failure(c, code < 0 ? code : ended);
}

int db_script(struct ctx *c, const char *sql)
{
    struct db_lease *lease = db_lease(c);
    struct db_conn *conn;
    TRY(db_lease_conn(c, lease, &conn));
    return note_failure(c, c->pool->driver->script(c, conn, sql));
}

bool db_is_transaction_word(const char *sql)
{
    static const char *const words[] = {"BEGIN",     "COMMIT",  "ROLLBACK", "END",
                                        "SAVEPOINT", "RELEASE", "START"};
    str s = str_trim(str_from(sql));
    for (size_t i = 0; i < COUNT_OF(words); i++) {
        size_t n = strlen(words[i]);
        bool whole =
            s.len == n || (s.len > n && !((s.ptr[n] | 32) >= 'a' && (s.ptr[n] | 32) <= 'z'));
        if (whole && str_eq_nocase(str_slice(s, 0, n), str_from(words[i])))
            return true;
    }
    return false;
}

bool db_name_ok(const char *name)
{
    size_t n = strlen(name);
    if (n == 0 || n > 60 || (name[0] >= '0' && name[0] <= '9'))
        return false;
    return strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_") == n;
}

/* ---- opening and closing ---- */

static int choose_driver(struct ctx *c, struct db_pool *pool, str url)
{
    if (str_starts(url, S("sqlite:"))) {
        pool->driver = &db_sqlite_driver;
        return db_sqlite_init(c, pool, str_slice(url, 7, url.len));
    }
    if (str_starts(url, S("postgresql:")) || str_starts(url, S("postgres:"))) {
        pool->driver = &db_postgres_driver;
        return db_postgres_init(c, pool, url);
    }
    return err_set(c, ERR_INVALID,
                   "Het adres van de database klopt niet. Het begint met sqlite: of postgresql:.");
}

static int clamp(int value, int low, int high)
{
    return value < low ? low : value > high ? high : value;
}

static struct db_pool *pool_new(const struct db_options *options)
{
    struct arena *a = arena_new();
    struct db_pool *pool = arena_new_of(a, struct db_pool);
    pool->arena = a;
    pool->options = *options;
    pool->options.max_connections = clamp(options->max_connections, 1, 1000);
    pool->options.busy_timeout_ms = clamp(options->busy_timeout_ms, 1, 600000);
    pool->read.max = pool->options.max_connections;
    pool->write.max = 1;
    if (pthread_mutex_init(&pool->mutex, NULL) != 0)
        BUG("pthread_mutex_init");
    return pool;
}

/* Makes the first connections at once, so that a wrong address shows at the start. */
static int pool_try(struct ctx *c, struct db_pool *pool)
{
    struct ctx probe = {.arena = c->arena, .pool = pool};
    struct db_lease *lease = db_lease(&probe);
    struct db_conn *conn;
    int code = db_lease_take_writer(&probe, lease);
    db_lease_give_writer(&probe, lease);
    if (code == 0)
        code = db_lease_conn(&probe, lease, &conn);
    db_lease_release(&probe);
    if (code < 0)
        c->err = probe.err;
    return code;
}

int db_pool_open(struct ctx *c, str url, const struct db_options *options, struct db_pool **ret)
{
    struct db_pool *pool = pool_new(options);
    struct err kept = c->err;
    pool->url = str_z(pool->arena, url);
    int code = choose_driver(c, pool, url);
    if (code == 0)
        code = pool_try(c, pool);
    if (code == 0 && arena_strained(pool->arena))
        code = err_memory(c, "the database pool");
    if (code < 0) {
        db_pool_close(pool);
        return code;
    }
    pool->opened = true;
    c->err = kept;
    c->lease = NULL; /* of another pool, if any; its arena gives it back */
    *ret = pool;
    return 0;
}

static void close_idle(struct db_pool *pool, struct db_gate *g)
{
    while (g->idle) {
        struct db_conn *conn = g->idle;
        g->idle = conn->next;
        pool->driver->close(conn);
    }
}

void db_pool_close(struct db_pool *pool)
{
    if (!pool)
        return;
    for (struct db_lease *lease = pool->leases; lease; lease = lease->next)
        if (atomic_load(&lease->owner))
            lease_free(lease);
    close_idle(pool, &pool->read);
    close_idle(pool, &pool->write);
    if (pool->driver && pool->driver->forget)
        pool->driver->forget(pool);
    (void)pthread_mutex_destroy(&pool->mutex);
    arena_free(pool->arena);
}

/* ---- a place to try things ---- */

#define SCRATCH_SCHEMA "aanjager_proef"

static int run_script(struct db_pool *pool, const char *sql, struct ctx *c)
{
    struct ctx own = {.arena = arena_new(), .pool = pool};
    int code = db_script(&own, sql);
    db_lease_release(&own);
    return ctx_child_end(c, &own, code);
}

int db_scratch_open(struct ctx *c, const struct db_pool *like, struct db_pool **ret)
{
    struct db_options options = like->options;
    bool postgres = like->driver->postgres;
    options.max_connections = 2;
    options.schema = postgres ? SCRATCH_SCHEMA : NULL;
    TRY(db_pool_open(c, postgres ? str_from(like->url) : S("sqlite::memory:"), &options, ret));
    int code = 0;
    if (postgres)
        code = run_script(*ret,
                          "DROP SCHEMA IF EXISTS " SCRATCH_SCHEMA " CASCADE; "
                          "CREATE SCHEMA " SCRATCH_SCHEMA,
                          c);
    if (code < 0)
        db_pool_close(*ret);
    return code;
}

void db_scratch_close(struct db_pool *pool)
{
    struct ctx c = {.arena = arena_new()};
    /* What cannot be dropped now is dropped by the next one. */
    if (pool->driver->postgres)
        (void)run_script(pool, "DROP SCHEMA IF EXISTS " SCRATCH_SCHEMA " CASCADE", &c);
    arena_free(c.arena);
    db_pool_close(pool);
}

bool db_is_postgres(const struct ctx *c)
{
    return c->pool->driver->postgres;
}

/* ---- health ---- */

int db_health(struct ctx *c, struct db_health *ret)
{
    struct db_pool *pool = c->pool;
    struct db_health h = {.connections_max = pool->read.max};
    struct db_conn *conn;
    struct err kept = c->err;
    int code = db_lease_conn(c, db_lease(c), &conn);
    if (code == 0)
        code = pool->driver->size(c, conn, &h.size_bytes);
    h.up = code == 0;
    if (h.up)
        c->err = kept;
    (void)pthread_mutex_lock(&pool->mutex);
    h.connections_used = pool->read.used + pool->write.used;
    (void)pthread_mutex_unlock(&pool->mutex);
    h.queries = atomic_load(&pool->queries);
    h.errors = atomic_load(&pool->errors);
    *ret = h;
    return 0;
}

int db_integrity_check(struct ctx *c)
{
    struct db_conn *conn;
    TRY(db_lease_conn(c, db_lease(c), &conn));
    return c->pool->driver->check(c, conn);
}
