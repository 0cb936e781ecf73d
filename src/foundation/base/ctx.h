/* ctx.h - what a call needs from the outside. Made by a request, a job or the command line; lives
   as long as its arena. base knows only the names of the things it points to. */
#pragma once

#include "base/arena.h"
#include "base/err.h"

struct actor;     /* auth/permission.h: who asks */
struct auth;      /* auth/auth.h: what signing in shares */
struct besides;   /* module/beside.h */
struct config;    /* base/config.h */
struct db_pool;   /* db/db.h */
struct db_lease;  /* db: the connections that this call holds */
struct index;     /* index/index.h */
struct kept;      /* base/kept.h */
struct metrics;   /* base/metrics.h */
struct snapshots; /* base/snapshot.h */

struct ctx {
    struct arena *arena;
    struct err err;
    const struct actor *actor;
    const struct config *config;
    struct db_pool *pool;
    struct db_lease *lease; /* taken at the first query, given back when the arena is reset */
    struct index *index;
    const struct besides *besides; /* NULL: nothing is shown beside anything */
    struct metrics *metrics;
    struct auth *auth;           /* NULL: nobody can sign in */
    struct snapshots *snapshots; /* NULL: nothing is shared between calls */
    struct kept *kept;           /* NULL: nothing is kept, also in a transaction */
};

/* A call within a call: the same surroundings, an arena and a connection of its own. */
struct ctx ctx_child(const struct ctx *parent);
/* Ends it: passes the words of a failure (code < 0) on to the parent, frees the arena; returns
 * code. */
int ctx_child_end(struct ctx *parent, struct ctx *child, int code);
