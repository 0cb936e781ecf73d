/* db.h - one SQL text on SQLite and PostgreSQL.

   SQL text is a literal: building it at run time does not compile. Placeholders are $1, $2 ... in
   any order, each usable more than once. Times are integer seconds UTC, booleans 0/1 integers, ids
   BIGINT. Arguments are int, long, long long, size_t, bool, double, str (NULL pointer with len 0
   gives SQL NULL), char * or a struct db_value (DB_NULL, db_blob).

   A call (struct ctx) takes a read connection at its first query and gives it back when its arena
   is reset. Inside db_transaction everything goes through one write connection; SQLite has one
   writer (BEGIN IMMEDIATE), PostgreSQL a pool. Rows are copied into the arena. All functions return
   0 or ERR_*; ERR_BUSY when the database is away or locked too long, ERR_CONFLICT when a unique or
   foreign key refuses, ERR_LIMIT when more than DB_MAX_ROWS rows come, ERR_INVALID for text that is
   not UTF-8 or has a NUL byte. LIKE minds case on both; the order of NULLs and of text with accents
   differs between the two: write NULLS FIRST or NULLS LAST. */
#pragma once

#include "base/snapshot.h"

enum { DB_MAX_ROWS = 200000, DB_MAX_ARGS = 40 };

enum db_type { DB_TYPE_NULL, DB_INT, DB_DOUBLE, DB_STR, DB_BLOB, DB_BOOL };

struct db_value {
    enum db_type type;
    union {
        long long i;
        double d;
        str s;
    };
};

#define DB_NULL ((struct db_value){.type = DB_TYPE_NULL})
struct db_value db_blob(str bytes);
struct db_value db_of_int(long long i);
struct db_value db_of_double(double d);
struct db_value db_of_str(str s);
struct db_value db_of_z(const char *z);
struct db_value db_of_value(struct db_value v);
static inline struct db_value db_of_size(unsigned long n)
{
    return db_of_int((long long)n);
}

#define DB_VALUE(x)                                                                                \
    _Generic((x), str: db_of_str, char *: db_of_z, const char *: db_of_z, double: db_of_double,    \
             struct db_value: db_of_value, unsigned long: db_of_size, default: db_of_int)(x)

/* How a column lands in a struct: DB_INT -> long long, DB_DOUBLE -> double, DB_STR and DB_BLOB ->
   str, DB_BOOL -> bool. SQL NULL gives 0, 0.0, the empty str (ptr NULL), false. A column that the
   row does not have is a BUG. */
struct db_field {
    const char *column;
    enum db_type type;
    size_t offset;
};

/* Runs a statement without rows. ret_changed (may be NULL) gets the number of rows that it touched.
 */
#define db_exec(c, sql, ...) db_exec_((c), NULL, "" sql "", DB_ARGS(__VA_ARGS__))
#define db_exec_count(c, ret_changed, sql, ...)                                                    \
    db_exec_((c), (ret_changed), "" sql "", DB_ARGS(__VA_ARGS__))
/* The first row into *ret (a struct); ERR_NOT_FOUND without words when there is none. */
#define db_one(c, fields, ret, sql, ...)                                                           \
    db_one_((c), (fields), COUNT_OF(fields), (ret), "" sql "", DB_ARGS(__VA_ARGS__))
/* All rows: *ret_items is an array of *ret_count structs in the arena. */
#define db_all(c, fields, ret_items, ret_count, sql, ...)                                          \
    db_all_((c), (fields), COUNT_OF(fields), sizeof(**(ret_items)), (void **)(ret_items),          \
            (ret_count), "" sql "", DB_ARGS(__VA_ARGS__))
/* The first column of the first row; ERR_NOT_FOUND when there is no row. */
#define db_get_int(c, ret, sql, ...) db_get_int_((c), (ret), "" sql "", DB_ARGS(__VA_ARGS__))
#define db_get_str(c, ret, sql, ...) db_get_str_((c), (ret), "" sql "", DB_ARGS(__VA_ARGS__))

/* Runs body in a transaction: commits when it returns 0, else rolls back and passes its code on.
   Nested calls join the outer one (a failure of the inner body undoes only the inner part, by
   savepoint). On ERR_BUSY at the start or a PostgreSQL serialisation failure the outermost body is
   run again, at most 5 times: it must have no effect outside the database.

   A transaction sees one state of the database (REPEATABLE READ on PostgreSQL). After a statement
   in it failed (ERR_NOT_FOUND is no failure), all that follow give ERR_DB: to go on after an
   expected ERR_CONFLICT, put that statement in an inner transaction. */
#define db_transaction(c, body, arg) db_transaction_((c), (body), (arg), __FILE__, __LINE__)
typedef int db_body(struct ctx *c, void *arg);

/* Runs body at the end of the transaction, just before its commit; not when the (inner) transaction
   that asked for it fails. Between this and their commit only one transaction is at a time, so that
   a body may go on from what the one before it wrote (PostgreSQL: under an advisory lock; who finds
   that its state of the database is older than that runs again). Must be called inside
   db_transaction; arg lives as long as the ctx. */
void db_at_commit(struct ctx *c, db_body *body, void *arg);

/* Notes in the change feed, in the same transaction, that something changed; jobs and the index
   follow it. Ids rise in commit order on both databases (PostgreSQL: under an advisory lock until
   commit). Must be called inside db_transaction. */
int db_change(struct ctx *c, const char *kind, long long object_id) _nodiscard_;
struct db_change_row {
    long long id;
    str kind;
    long long object_id;
    long long at;
};
/* Changes after `after`, oldest first, at most limit. */
int db_changes(struct ctx *c, long long after, size_t limit, struct db_change_row **ret,
               size_t *ret_count) _nodiscard_;

/* A number that is another one after each commit that noted changes: at once for commits of this
   process, for those of others when db_generation_look has been called. For what is kept of pages.
 */
long long db_generation(const struct ctx *c);
int db_generation_look(struct ctx *c) _nodiscard_;
/* A small value made from the database and shared by all calls until the generation is another one;
   see base/snapshot.h. In a transaction it is built anew, for that call. */
int db_snapshot(struct ctx *c, const char *name, snapshot_build *build, const void *arg,
                void **ret) _nodiscard_;

/* ---- bulk data: staged in bounded batches, visible by one short version switch ---- */

/* A data set is a name with a current version. Rows of a table that belongs to a data set carry its
   version in a column `version`; readers join the table `dataset` (name, version) in the same
   statement, or read db_dataset_version and the rows in one transaction. Give `version` an index;
   on SQLite not WITHOUT ROWID. db_bulk_begin makes a new, invisible version. */
struct db_bulk;
/* columns: names of the table's columns, without `version`, which is filled in. Rows are sent in
   batches (COPY on PostgreSQL, one short transaction per batch on SQLite), so that others keep
   writing. */
int db_bulk_begin(struct ctx *c, const char *dataset, const char *table, const char *const *columns,
                  size_t column_count, struct db_bulk **ret) _nodiscard_;
int db_bulk_row(struct ctx *c, struct db_bulk *b, const struct db_value *values) _nodiscard_;
/* Flushes and makes the new version current in one short transaction, then removes older rows in
 * batches. */
int db_bulk_publish(struct ctx *c, struct db_bulk *b) _nodiscard_;
/* Drops what was staged. Also done by the next db_bulk_begin after a crash. */
int db_bulk_abandon(struct ctx *c, struct db_bulk *b) _nodiscard_;
int db_dataset_version(struct ctx *c, const char *dataset,
                       long long *ret) _nodiscard_; /* 0: none yet */

/* ---- opening, migrations ---- */

struct db_options {
    int max_connections; /* read connections on SQLite, all connections on PostgreSQL */
    int busy_timeout_ms;
    bool warn_full_scans; /* SQLite, debug builds: log queries that scan a table without index */
    bool one_file;        /* SQLite: no log beside the file; for copies, which one program uses */
    const char *schema;   /* PostgreSQL: where the tables are; NULL: as the address says */
};

/* url: sqlite:PATH, sqlite::memory: (tests), postgresql:... (any libpq connection string or URI).
   Errors are Dutch sentences: no right, disk full, wrong address. The pool outlives every ctx that
   uses it; close after the last. */
int db_pool_open(struct ctx *c, str url, const struct db_options *options,
                 struct db_pool **ret) _nodiscard_;
void db_pool_close(struct db_pool *pool); /* NULL allowed */
void db_lease_release(struct ctx *c);     /* gives the connection back before the arena is reset */
bool db_is_postgres(const struct ctx *c);

struct migration {
    int number;
    const char *name;
    const char *sql; /* sections by lines: -- @both (default), -- @sqlite, -- @postgres; words @id,
                        @blob: see migrate.c */
};
/* Applies what is not applied yet, in order, each in one transaction; records number, name, sha256,
   time. A changed text of an applied migration, or a database newer than the program, is
   ERR_CONFLICT with words. Two nodes at once: one waits. */
int db_migrate(struct ctx *c, const struct migration *list, size_t count) _nodiscard_;

/* ---- copies of the whole database ---- */

struct db_copied {
    size_t tables;
    long long rows;
};
/* Writes all tables to a new SQLite file, whichever database this is, as they are at one moment;
   others go on reading and writing. The file appears under its name when it is complete.
   ERR_CONFLICT when there is one. Not in a transaction; after db_migrate. */
int db_backup(struct ctx *c, str path, struct db_copied *ret) _nodiscard_;
/* Fills the empty database of c from such a file, of this version or an older one, and compares
   what came with what the file says of itself. list: all migrations. ERR_CONFLICT when there are
   tables already, ERR_INVALID when it is no copy, ERR_DB when the copy is damaged. */
int db_restore(struct ctx *c, str path, const struct migration *list, size_t count,
               struct db_copied *ret) _nodiscard_;
/* Restores the file into a scratch place of the same kind of database, and removes that. */
int db_prove(struct ctx *c, str path, struct db_copied *ret) _nodiscard_;

struct db_health {
    bool up;
    long long size_bytes;
    int connections_used, connections_max;
    unsigned long long queries, errors;
};
int db_health(struct ctx *c, struct db_health *ret) _nodiscard_;
int db_integrity_check(struct ctx *c)
    _nodiscard_; /* SQLite: PRAGMA integrity_check and foreign_key_check */

/* ---- the macros' other half; not for direct use ---- */

#define DB_ARGS(...) (const struct db_value[]){DB_MAP_(__VA_ARGS__) DB_NULL}, DB_COUNT_(__VA_ARGS__)

int db_exec_(struct ctx *c, long long *ret_changed, const char *sql, const struct db_value *args,
             size_t count) _nodiscard_;
int db_one_(struct ctx *c, const struct db_field *fields, size_t field_count, void *ret,
            const char *sql, const struct db_value *args, size_t count) _nodiscard_;
int db_all_(struct ctx *c, const struct db_field *fields, size_t field_count, size_t item_size,
            void **ret_items, size_t *ret_count, const char *sql, const struct db_value *args,
            size_t count) _nodiscard_;
int db_get_int_(struct ctx *c, long long *ret, const char *sql, const struct db_value *args,
                size_t count) _nodiscard_;
int db_get_str_(struct ctx *c, str *ret, const char *sql, const struct db_value *args,
                size_t count) _nodiscard_;
int db_transaction_(struct ctx *c, db_body *body, void *arg, const char *file,
                    int line) _nodiscard_;

#include "db/db_args.h" /* DB_MAP_ and DB_COUNT_ for up to DB_MAX_ARGS arguments */
