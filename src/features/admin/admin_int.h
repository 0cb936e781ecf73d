#pragma once

#include "admin/admin.h"
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

http_handler admin_health, admin_metrics, admin_asset;
