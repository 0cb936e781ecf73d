#include "admin/admin_int.h"

#include "db/db.h"

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
