/* permission.h - rights, and the one function that decides. A right is not a role: roles are sets
 * of rights. */
#pragma once

#include "base/ctx.h"

enum permission {
    PERM_NOBODY = 0, /* a forgotten permission denies */
    PERM_PUBLIC,     /* everybody, signed in or not */
    PERM_METRICS,    /* the machine itself: /metrics from a loopback address, not through a proxy */
    PERM_COUNT,
};

/* Who asks. */
struct actor {
    bool local; /* the request comes straight from this machine */
};

bool permission_allows(const struct actor *actor, enum permission permission);
const char *permission_name(enum permission permission);
