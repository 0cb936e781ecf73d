#include "admin/admin_int.h"

int admin_refresh_statistics(struct ctx *c, str argument _unused_)
{
    return admin_store_analyze(c);
}
