/* Transactions: the outermost is one of the database, inner ones are savepoints.

   On PostgreSQL they are REPEATABLE READ. A body then sees one state of the database, as it does on
   SQLite, and a body that reads a value and writes a new one cannot lose somebody else's update, as
   it silently would under READ COMMITTED; the price is a serialisation failure, which is answered
   here by running the body again. */
#include "base/clock.h"
#include "base/random.h"
#include "base/vec.h"
#include "db/db_int.h"

struct attempt {
    db_body *body;
    void *arg;
    const char *file;
    int line;
    bool begun; /* the body has run */
    bool race;  /* it failed only because of another transaction */
    bool ends;  /* it asked for something at the end */
};

static int check_end(struct ctx *c, struct db_lease *lease, int code)
{
    if (code != 0 || !lease->failed)
        return code;
    return err_detail(c, ERR_DB, "the transaction of %s:%d passed over a failed statement",
                      lease->file, lease->line);
}

/* ---- inner: savepoints ---- */

static int savepoint(struct ctx *c, const char *verb, int depth)
{
    char sql[64];
    (void)snprintf(sql, sizeof sql, "%s s%d", verb, depth);
    return db_script(c, sql);
}

static void undo_inner(struct ctx *c, struct db_lease *lease, int depth, size_t changes,
                       size_t endings)
{
    struct err kept = c->err;
    lease->changes.count = changes;
    lease->endings.count = endings;
    bool undone = savepoint(c, "ROLLBACK TO", depth) == 0 && savepoint(c, "RELEASE", depth) == 0;
    lease->failed = !undone;
    c->err = kept;
}

static int run_inner(struct ctx *c, struct db_lease *lease, db_body *body, void *arg)
{
    int depth = lease->depth;
    size_t changes = lease->changes.count, endings = lease->endings.count;
    if (depth == DB_MAX_DEPTH)
        BUG("transactions nested too deep");
    if (lease->failed)
        return err_detail(c, ERR_DB, "transaction inside the failed one of %s:%d", lease->file,
                          lease->line);
    TRY(savepoint(c, "SAVEPOINT", depth));
    lease->depth++;
    int code = check_end(c, lease, body(c, arg));
    lease->depth--;
    if (code == 0)
        return savepoint(c, "RELEASE", depth);
    undo_inner(c, lease, depth, changes, endings);
    return code;
}

/* ---- what is done at the end ---- */

void db_at_commit(struct ctx *c, db_body *body, void *arg)
{
    if (!db_in_transaction(c))
        BUG("db_at_commit outside db_transaction");
    *vec_push(c->arena, &c->lease->endings) = (struct db_ending){body, arg};
}

/* An ending may add another. */
static int run_endings(struct ctx *c, struct db_lease *lease, struct db_conn *conn)
{
    if (!lease->endings.count)
        return 0;
    TRY(c->pool->driver->lock(c, conn, DB_LOCK_END));
    for (size_t i = 0; i < lease->endings.count; i++) {
        struct db_ending e = lease->endings.items[i];
        TRY(check_end(c, lease, e.body(c, e.arg)));
    }
    return 0;
}

/* ---- the outermost ---- */

static int begin(struct ctx *c, struct db_lease *lease, struct attempt *t, struct db_conn **ret)
{
    TRY(db_lease_take_writer(c, lease));
    int code = db_lease_conn(c, lease, ret);
    if (code == 0) {
        (*ret)->again = false;
        code = c->pool->driver->begin(c, *ret);
    }
    if (code < 0) {
        db_lease_give_writer(c, lease);
        return code;
    }
    lease->depth = 1;
    lease->failed = false;
    lease->file = t->file;
    lease->line = t->line;
    t->begun = true;
    return 0;
}

static void end(struct ctx *c, struct db_lease *lease)
{
    lease->depth = 0;
    lease->failed = false;
    lease->changes.items = NULL;
    lease->changes.count = lease->changes.capacity = 0;
    lease->endings.items = NULL;
    lease->endings.count = lease->endings.capacity = 0;
    db_lease_give_writer(c, lease);
}

static int run_once(struct ctx *c, struct db_lease *lease, struct attempt *t)
{
    struct db_conn *conn;
    TRY(begin(c, lease, t, &conn));
    int code = check_end(c, lease, t->body(c, t->arg));
    t->ends = lease->endings.count > 0;
    if (code == 0)
        code = run_endings(c, lease, conn);
    if (code == 0)
        code = db_write_changes(c, lease);
    if (code == 0 && arena_strained(c->arena))
        code = err_memory(c, "nothing is committed");
    if (code == 0)
        code = c->pool->driver->commit(c, conn);
    if (code != 0)
        c->pool->driver->rollback(conn);
    t->race = code != 0 && conn->again;
    /* Also after a commit that failed: it may have been done before the connection broke. */
    if (lease->changes.count)
        atomic_fetch_add_explicit(&c->pool->generation, 1, memory_order_release);
    end(c, lease);
    return code;
}

/* Grows with each try, by chance, so that two that met do not meet again. */
static void pause_before(int attempt)
{
    unsigned char chance;
    random_bytes(&chance, 1);
    long ms = (1 + chance % 8) << attempt;
    (void)nanosleep(&(struct timespec){ms / 1000, ms % 1000 * 1000000}, NULL);
}

/* Whether transactions of this place in the code asked for something at the end before; for another
 * place that falls on the same bit it costs only time. */
static _Atomic bool *ending_site(struct ctx *c, const struct attempt *t)
{
    size_t site = (size_t)(uintptr_t)t->file / 8 + (size_t)t->line;
    return &c->pool->ending_sites[site % COUNT_OF(c->pool->ending_sites)];
}

/* With the lock on endings taken before its state of the database is: nobody can get in between,
 * and nothing is run in vain. */
static int run_ahead(struct ctx *c, struct db_lease *lease, struct attempt *t)
{
    struct db_conn *conn;
    if (!t->ends || c->pool->driver->one_writer)
        return run_once(c, lease, t);
    TRY(db_lease_conn(c, lease, &conn));
    TRY(c->pool->driver->lock(c, conn, DB_LOCK_ENDS));
    int code = run_once(c, lease, t);
    c->pool->driver->unlock(conn, DB_LOCK_ENDS);
    return code;
}

/* From the second race on, the losers of one database run one by one. */
static int run_alone(struct ctx *c, struct db_lease *lease, struct attempt *t)
{
    struct db_conn *conn;
    TRY(db_lease_conn(c, lease, &conn));
    TRY(c->pool->driver->lock(c, conn, DB_LOCK_RETRY));
    int code = run_ahead(c, lease, t);
    c->pool->driver->unlock(conn, DB_LOCK_RETRY);
    return code;
}

static int run_outermost(struct ctx *c, struct db_lease *lease, db_body *body, void *arg,
                         const char *file, int line)
{
    struct err before = c->err;
    long long give_up = clock_monotonic_us() + 1000LL * c->pool->options.busy_timeout_ms;
    struct attempt t = {.body = body, .arg = arg, .file = file, .line = line};
    t.ends = atomic_load_explicit(ending_site(c, &t), memory_order_relaxed);
    int code = run_ahead(c, lease, &t);
    for (int i = 1; i < DB_TRANSACTION_TRIES && code != 0; i++) {
        bool busy = code == ERR_BUSY && !t.begun && clock_monotonic_us() < give_up;
        if (!t.race && !busy)
            break;
        pause_before(i);
        c->err = before;
        bool alone = t.race;
        t.begun = t.race = false;
        code = alone ? run_alone(c, lease, &t) : run_ahead(c, lease, &t);
    }
    if (t.ends)
        atomic_store_explicit(ending_site(c, &t), true, memory_order_relaxed);
    return code;
}

int db_transaction_(struct ctx *c, db_body *body, void *arg, const char *file, int line)
{
    struct db_lease *lease = db_lease(c);
    struct kept *kept = c->kept;
    if (lease->depth)
        return run_inner(c, lease, body, arg);
    c->kept = NULL; /* what the body reads may be rolled back */
    int code = run_outermost(c, lease, body, arg, file, line);
    c->kept = kept;
    return code;
}
