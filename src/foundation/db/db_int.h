/* db_int.h - shared inside db/: the driver's table of functions, connections, leases, the pool. */
#pragma once

#include <pthread.h>
#include <stdatomic.h>

#include "base/turns.h"
#include "db/db.h"

enum {
    DB_WANTS_WRITER =
        1,             /* a driver's answer to a write on a read connection: nothing was done yet */
    DB_MAX_DEPTH = 20, /* savepoints inside each other */
    DB_TRANSACTION_TRIES = 5,
};

enum db_lock {
    DB_LOCK_CHANGE,  /* until commit: orders the ids of the change feed */
    DB_LOCK_RETRY,   /* until unlock: transactions that lost a race run again one by one */
    DB_LOCK_MIGRATE, /* until unlock: one node migrates; no time limit */
    DB_LOCK_END,     /* until commit: bodies of db_at_commit follow each other */
    DB_LOCK_ENDS,    /* the same lock, until unlock */
};

struct db_query {
    const char *sql;
    const struct db_value *args;
    size_t count;
    bool write; /* surely no read: may go to the writer at once */
    bool many;  /* the caller reads all rows, so that they need not be in memory at once */
};

/* The rows of a query that runs; from run to finish. */
struct db_cursor {
    struct db_conn *conn;
    void *handle; /* the driver's */
    bool row;     /* there is a row to read now */
    bool many;    /* as in the query */
    size_t at;
    long long changed; /* rows touched; known when row is false or after finish */
};

/* A batch of rows for one table; the text and the names were checked. */
struct db_batch {
    const char *insert;            /* INSERT INTO t (a, b, version) VALUES ($1, $2, $3) */
    const char *copy;              /* COPY t (a, b, version) FROM STDIN */
    const struct db_value *values; /* row_count * column_count, version included */
    size_t column_count, row_count;
};

/* All return 0 or ERR_* with the words set, unless said. */
struct db_driver {
    bool postgres;
    bool one_writer; /* writes and transactions go over one connection of their own */
    int (*connect)(struct ctx *c, struct db_pool *pool, bool writer, struct db_conn **ret);
    void (*close)(struct db_conn *conn);
    void (*forget)(struct db_pool *pool); /* after the last connection; NULL: nothing to do */

    /* Runs up to the first row. May return DB_WANTS_WRITER. Every run that gave 0 needs a finish.
     */
    int (*run)(struct ctx *c, struct db_conn *conn, const struct db_query *q,
               struct db_cursor *ret);
    int (*step)(struct ctx *c, struct db_cursor *cur); /* to the next row: cur->row tells */
    /* Ends the query; a write is carried through to its end. */
    int (*finish)(struct ctx *c, struct db_cursor *cur);
    size_t (*column_count)(const struct db_cursor *cur);
    const char *(*column_name)(const struct db_cursor *cur, size_t i);
    /* The value as `want` (never DB_TYPE_NULL), text and bytes copied into the arena, NUL after it;
       SQL NULL gives DB_TYPE_NULL. */
    struct db_value (*column)(const struct db_cursor *cur, size_t i, enum db_type want,
                              struct arena *a);

    int (*script)(struct ctx *c, struct db_conn *conn, const char *sql); /* several statements */
    int (*begin)(struct ctx *c, struct db_conn *conn);
    int (*commit)(struct ctx *c, struct db_conn *conn);
    void (*rollback)(struct db_conn *conn);
    /* Between nodes; see enum db_lock. */
    int (*lock)(struct ctx *c, struct db_conn *conn, enum db_lock lock);
    void (*unlock)(struct db_conn *conn, enum db_lock lock);

    int (*copy)(struct ctx *c, struct db_conn *conn, const struct db_batch *batch);
    int (*size)(struct ctx *c, struct db_conn *conn, long long *ret_bytes);
    int (*check)(struct ctx *c, struct db_conn *conn);
};

/* ---- statements of one connection ---- */

enum { DB_CACHE_SETS = 32, DB_CACHE_WAYS = 4 };

struct db_cached {
    const char
        *sql; /* the literal's address; its text must be compared too, or be in the signature */
    uint64_t signature;
    void *statement; /* NULL: free */
};
struct db_cache {
    struct db_cached entries[DB_CACHE_SETS][DB_CACHE_WAYS];
    unsigned char turn[DB_CACHE_SETS]; /* the way that is replaced next */
};
/* The statement's place; NULL when it is not there. */
struct db_cached *db_cache_find(struct db_cache *cache, const char *sql, uint64_t signature);
/* A place for a new one; when its statement is not NULL, the caller ends that one first. */
struct db_cached *db_cache_place(struct db_cache *cache, const char *sql);

/* ---- connections, leases, the pool ---- */

struct db_conn { /* first member of the driver's own struct */
    struct arena *arena;
    struct db_pool *pool;
    struct db_conn *next; /* in the gate's list of idle ones */
    bool again;           /* a transaction failed on a race and may be run again */
    bool broken;          /* of no use any more: closed when it is given back */
};

/* At most max connections; who comes first is served first, so that a busy loop cannot starve
 * others. */
struct db_gate {
    int max, open, used;
    struct db_conn *idle;
    struct turns turns;
};

/* Asked for by db_at_commit. */
struct db_ending {
    db_body *body;
    void *arg;
};

struct db_change_note {
    str kind;
    long long object_id;
};

/* What one call holds. Lives in the pool's memory, so that a ctx that was copied may look at an old
 * one safely. */
struct db_lease {
    _Atomic(struct arena *) owner; /* NULL: free */
    struct db_pool *pool;
    struct db_lease_hold *hold;
    struct db_lease *next;
    struct db_conn *main;   /* for reads; on PostgreSQL for everything */
    struct db_conn *writer; /* SQLite: inside a transaction or during one write */
    int depth;              /* 0: no transaction; above 1: savepoints */
    bool failed;            /* a statement failed: only a rollback (to the savepoint) helps */
    const char *file;       /* who opened the transaction */
    int line;
    struct {
        struct db_change_note *items;
        size_t count, capacity;
    } changes; /* written just before the commit */
    struct {
        struct db_ending *items;
        size_t count, capacity;
    } endings; /* run before that */
};

struct db_pool {
    struct arena *arena; /* under the mutex */
    const struct db_driver *driver;
    struct db_options options;
    void *shared; /* the driver's */
    pthread_mutex_t mutex;
    struct db_gate read, write;
    struct db_lease *leases;
    const char *url;
    const struct migration *migrations; /* the last that were applied or found applied */
    size_t migration_count;
    bool opened; /* the address was right once: what goes wrong later is nobody's input */
    _Atomic unsigned long long queries, errors;
    _Atomic long long generation;
    _Atomic long long newest_change; /* as db_generation_look saw it last */
    _Atomic bool ending_sites[64];   /* by place in the code: see transaction.c */
};

extern const struct db_driver db_sqlite_driver, db_postgres_driver;
/* Prepare pool->shared from the address; no connection is made yet. */
int db_sqlite_init(struct ctx *c, struct db_pool *pool, str path) _nodiscard_;
int db_postgres_init(struct ctx *c, struct db_pool *pool, str conninfo) _nodiscard_;

struct db_lease *db_lease(struct ctx *c);
/* The connection for reads, or the transaction's. */
int db_lease_conn(struct ctx *c, struct db_lease *lease, struct db_conn **ret) _nodiscard_;
int db_lease_take_writer(struct ctx *c, struct db_lease *lease) _nodiscard_;
void db_lease_give_writer(struct ctx *c, struct db_lease *lease);
bool db_in_transaction(const struct ctx *c);

/* One query from run to finish, with routing, counting and the rule that a failure ends the
 * transaction. */
int db_query_begin(struct ctx *c, const struct db_query *q, struct db_cursor *ret) _nodiscard_;
int db_query_step(struct ctx *c, struct db_cursor *cur) _nodiscard_;
int db_query_end(struct ctx *c, struct db_cursor *cur,
                 int code) _nodiscard_; /* code: of the caller so far */
/* Text without arguments on the transaction's connection. */
int db_script(struct ctx *c, const char *sql) _nodiscard_;

/* How many migrations were applied; makes their table when there is none. */
int db_migrations_applied(struct ctx *c, long long *ret) _nodiscard_;
/* ERR_CONFLICT with words when the database has one that is not in the list, or with another text.
 */
int db_check_migrations(struct ctx *c, const struct migration *list, size_t count) _nodiscard_;

/* An empty database of the same kind as like: a file of its own, or a schema beside the tables. */
int db_scratch_open(struct ctx *c, const struct db_pool *like, struct db_pool **ret) _nodiscard_;
void db_scratch_close(struct db_pool *pool); /* removes it */

/* Writes the noted changes; just before the commit. */
int db_write_changes(struct ctx *c, struct db_lease *lease) _nodiscard_;

struct buf;
/* A row as COPY reads it, with the line's end. */
void db_copy_row(struct buf *b, const struct db_value *values, size_t count);

/* Text that both databases store: valid UTF-8 without NUL. */
int db_check_values(struct ctx *c, const struct db_value *values, size_t count) _nodiscard_;
bool db_name_ok(const char *name); /* [a-z_][a-z0-9_]*, at most 60 */
/* BEGIN, COMMIT and their kin go by db_transaction only. */
bool db_is_transaction_word(const char *sql);
