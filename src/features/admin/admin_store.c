#include "admin/admin_int.h"

#include "db/db.h"

enum { BACKUP_ROWS = 100 };

int admin_store_database(struct ctx *c, struct admin_database *ret)
{
    struct db_health h;
    TRY(db_health(c, &h));
    *ret = (struct admin_database){h.up,      h.size_bytes, h.connections_used, h.connections_max,
                                   h.queries, h.errors};
    return 0;
}

int admin_store_analyze(struct ctx *c)
{
    return db_exec(c, "ANALYZE");
}

/* ---- copies ---- */

int admin_store_backup(struct ctx *c, str path, struct admin_copied *ret)
{
    struct db_copied copied;
    TRY(db_backup(c, path, &copied));
    *ret = (struct admin_copied){copied.tables, copied.rows};
    return 0;
}

int admin_store_prove(struct ctx *c, str path, struct admin_copied *ret)
{
    struct db_copied copied;
    TRY(db_prove(c, path, &copied));
    *ret = (struct admin_copied){copied.tables, copied.rows};
    return 0;
}

int admin_store_note_backup(struct ctx *c, const struct admin_backup *run)
{
    TRY(db_exec(c, "DELETE FROM backup_run WHERE id <= (SELECT MAX(id) FROM backup_run) - $1",
                BACKUP_ROWS));
    return db_exec(c,
                   "INSERT INTO backup_run (file, made_at, bytes, row_count, proven_at, failure) "
                   "VALUES ($1, $2, $3, $4, $5, $6)",
                   run->file, run->made_at, run->bytes, run->row_count, run->proven_at,
                   run->failure);
}

int admin_store_last_backup(struct ctx *c, struct admin_backup *ret, long long *ret_proven)
{
    static const struct db_field fields[] = {
        {"file", DB_STR, offsetof(struct admin_backup, file)},
        {"failure", DB_STR, offsetof(struct admin_backup, failure)},
        {"made_at", DB_INT, offsetof(struct admin_backup, made_at)},
        {"bytes", DB_INT, offsetof(struct admin_backup, bytes)},
        {"row_count", DB_INT, offsetof(struct admin_backup, row_count)},
        {"proven_at", DB_INT, offsetof(struct admin_backup, proven_at)},
    };
    TRY(db_get_int(c, ret_proven, "SELECT COALESCE(MAX(proven_at), 0) AS proven FROM backup_run"));
    int code = db_one(c, fields, ret,
                      "SELECT file, failure, made_at, bytes, row_count, proven_at FROM backup_run "
                      "ORDER BY id DESC LIMIT 1");
    if (code != ERR_NOT_FOUND)
        return code;
    *ret = (struct admin_backup){0};
    return 0;
}
