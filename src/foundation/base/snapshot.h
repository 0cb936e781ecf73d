/* snapshot.h - values that are made from the database, shared by all calls, and made anew after a
   change.

   A value is never edited: it is built in an arena of its own, handed out to whoever asks while the
   generation is the same, and freed when the last of them is done and a newer one is there. For
   small things that many pages need (the taxonomy, counts); not for what one page shows. */
#pragma once

#include "base/ctx.h"

enum { SNAPSHOT_MAX = 32 }; /* names */

struct snapshots;

struct snapshots *snapshots_new(void);
void snapshots_free(struct snapshots *s); /* NULL allowed; after the last call that uses it */

/* Makes the value in c->arena, which lives as long as the value. c is a call of its own; what it
   opened it closes itself. */
typedef int snapshot_build(struct ctx *c, const void *arg, void **ret);

/* The value of this name (a literal) for this generation, built when it is not there yet. It may be
   used until c's arena is reset. Without c->snapshots it is built in c's own arena. The generation
   must have been read before anything that the builder reads. */
int snapshot_get(struct ctx *c, const char *name, long long generation, snapshot_build *build,
                 const void *arg, void **ret) _nodiscard_;
