/* The change feed. */
#include "base/clock.h"
#include "base/vec.h"
#include "db/db_int.h"

int db_change(struct ctx *c, const char *kind, long long object_id)
{
    if (!db_in_transaction(c))
        BUG("db_change outside db_transaction");
    /* Written at the commit only: on PostgreSQL the lock that orders the ids is then held shortly,
       and always taken last, so that it is seldom half of a deadlock. */
    struct db_change_note note = {str_dup(c->arena, str_from(kind)), object_id};
    *vec_push(c->arena, &c->lease->changes) = note;
    return 0;
}

int db_write_changes(struct ctx *c, struct db_lease *lease)
{
    struct db_conn *conn;
    if (!lease->changes.count)
        return 0;
    TRY(db_lease_conn(c, lease, &conn));
    TRY(c->pool->driver->lock(c, conn, DB_LOCK_CHANGE));
    for (size_t i = 0; i < lease->changes.count; i++)
        TRY(db_exec(c, "INSERT INTO change (kind, object_id, at) VALUES ($1, $2, $3)",
                    lease->changes.items[i].kind, lease->changes.items[i].object_id, clock_now()));
    return 0;
}

int db_changes(struct ctx *c, long long after, size_t limit, struct db_change_row **ret,
               size_t *ret_count)
{
    static const struct db_field fields[] = {
        {"id", DB_INT, offsetof(struct db_change_row, id)},
        {"kind", DB_STR, offsetof(struct db_change_row, kind)},
        {"object_id", DB_INT, offsetof(struct db_change_row, object_id)},
        {"at", DB_INT, offsetof(struct db_change_row, at)},
    };
    return db_all(c, fields, ret, ret_count,
                  "SELECT id, kind, object_id, at FROM change WHERE id > $1 ORDER BY id LIMIT $2",
                  after, limit < DB_MAX_ROWS ? limit : (size_t)DB_MAX_ROWS);
}

long long db_generation(const struct ctx *c)
{
    return atomic_load_explicit(&c->pool->generation, memory_order_acquire);
}

int db_generation_look(struct ctx *c)
{
    long long newest;
    TRY(db_get_int(c, &newest, "SELECT coalesce(max(id), 0) FROM change"));
    if (atomic_exchange(&c->pool->newest_change, newest) != newest)
        atomic_fetch_add(&c->pool->generation, 1);
    return 0;
}

struct building {
    snapshot_build *build;
    const void *arg;
};

static int build_and_release(struct ctx *c, const void *arg, void **ret)
{
    const struct building *b = arg;
    int code = b->build(c, b->arg, ret);
    db_lease_release(c); /* the arena stays, the connection does not */
    return code;
}

int db_snapshot(struct ctx *c, const char *name, snapshot_build *build, const void *arg, void **ret)
{
    const struct building b = {build, arg};
    if (db_in_transaction(c) || !c->snapshots)
        return build(c, arg, ret);
    return snapshot_get(c, name, db_generation(c), build_and_release, &b, ret);
}
