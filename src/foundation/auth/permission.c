#include "auth/permission.h"

bool permission_allows(const struct actor *actor, enum permission permission)
{
    switch (permission) {
    case PERM_PUBLIC:
        return true;
    case PERM_METRICS:
        return actor && actor->local;
    case PERM_NOBODY:
    case PERM_COUNT:
        break;
    }
    return false;
}

const char *permission_name(enum permission permission)
{
    static const char *const names[PERM_COUNT] = {"niemand", "iedereen", "meetwaarden"};
    return (int)permission >= 0 && permission < PERM_COUNT ? names[permission] : "onbekend";
}
