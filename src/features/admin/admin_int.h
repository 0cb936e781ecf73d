#pragma once

#include "admin/admin.h"
#include "audit/audit.h"
#include "module/module.h"

struct admin_database {
    bool up;
    long long size_bytes;
    int connections_used, connections_max;
    unsigned long long queries, errors;
};
int admin_store_database(struct ctx *c, struct admin_database *ret) _nodiscard_;

/* Refreshes what the database knows of its tables, so that it keeps choosing the right indexes. */
int admin_store_analyze(struct ctx *c) _nodiscard_;
int admin_refresh_statistics(struct ctx *c, str argument);

/* ---- copies of the database ---- */

struct admin_copied {
    size_t tables;
    long long rows;
};
/* As db_backup and db_prove. */
int admin_store_backup(struct ctx *c, str path, struct admin_copied *ret) _nodiscard_;
int admin_store_prove(struct ctx *c, str path, struct admin_copied *ret) _nodiscard_;

struct admin_backup { /* a row of backup_run */
    str file, failure;
    long long made_at, bytes, row_count, proven_at;
};
int admin_store_note_backup(struct ctx *c, const struct admin_backup *run) _nodiscard_;
/* The last that was made, and when one was last proven; zeroes when there is none. */
int admin_store_last_backup(struct ctx *c, struct admin_backup *ret,
                            long long *ret_proven) _nodiscard_;
int admin_make_backup(struct ctx *c, str argument);

enum { ADMIN_COMMAND_COUNT = 5 };
extern const struct command admin_commands[ADMIN_COMMAND_COUNT];

http_handler admin_health, admin_metrics, admin_asset;
