/* kept.h - many values that cost work to make and never change under their key, in bounded memory.

   The key says everything that the value was made from ("item 12, version 3, glossary 9f2c"), so no
   value is ever stale: what changes gets another key, and the old one makes room when it is needed,
   the one that was used longest ago first. A value is built in an arena of its own, is never
   edited, and is freed when it has left the table and the last call that has it is done.

   What depends on the state of the database and not on a version belongs in a snapshot
   (base/snapshot.h) or a finished page. Inside db_transaction nothing is found and nothing kept:
   what is read there may be rolled back. */
#pragma once

#include "base/ctx.h"

enum {
    KEPT_MAX_KEY = 128, /* bytes */
    KEPT_SHARE = 8,     /* one value takes at most this part of the whole */
};

struct kept;

/* NULL when max_bytes is 0: nothing is kept. */
struct kept *kept_new(size_t max_bytes);
void kept_empty(struct kept *k); /* drops all that it has; who uses a value goes on with it */
void kept_free(struct kept *k);  /* NULL allowed; after the last call that uses it */

/* The value of this key, if it is there; it may be used until c's arena is reset. */
bool kept_find(struct ctx *c, str key, void **ret);

/* Makes the value in c->arena, which lives as long as the value. c is a call of its own; everything
   that the value points to is copied into that arena. Asks the database nothing: whoever waits for
   a second connection while holding one may wait for ever. */
typedef int kept_build(struct ctx *c, const void *arg, void **ret);

/* Builds the value and keeps it under the key, unless it is too large. It may be used until c's
   arena is reset. */
int kept_make(struct ctx *c, str key, kept_build *build, const void *arg, void **ret) _nodiscard_;

struct kept_status {
    unsigned long long hits, misses;
    size_t bytes, count;
};
struct kept_status kept_status(struct kept *k); /* NULL allowed */
