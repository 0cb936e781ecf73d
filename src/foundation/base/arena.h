/* arena.h - memory with one lifetime: a request, a job, a command.

   arena_alloc never returns NULL, and zeroes. That is acceptable because every size that an
   outsider controls is bounded before. When the C library has no memory, the arena takes what it
   needs from a reserve that all arenas share (docs/decisions/0007-memory-reserve.md) and is
   strained until it is reset: what it holds is right, but who owns it must end with ERR_BUSY soon.
   http_serve, db_transaction, jobs and commands see to that; what lives long (a connection, a
   vocabulary) is not kept in a strained arena. Only when the reserve is used up too, it aborts.
   Nothing is freed singly: everything goes at arena_reset or arena_free, after the deferred calls
   have run, last registered first. An arena belongs to one thread at a time. Unused space is
   poisoned for AddressSanitizer. */
#pragma once

#include "base/base.h"

struct arena;

struct arena *arena_new(void);
void arena_free(struct arena *a);  /* NULL allowed */
void arena_reset(struct arena *a); /* runs the deferred calls, keeps the first block for reuse */

void *arena_alloc(struct arena *a, size_t size) __attribute__((malloc, alloc_size(2)));
void *arena_array(struct arena *a, size_t count,
                  size_t size); /* aborts on overflow of count * size */
/* Room for new_size bytes holding the first old_size bytes of old; grows in place when old was the
 * last. */
void *arena_grow(struct arena *a, void *old, size_t old_size, size_t new_size);

#define arena_new_of(a, type) ((type *)arena_alloc((a), sizeof(type)))

/* Calls close(object) at reset. Register at the moment of opening. */
void arena_defer(struct arena *a, void (*close)(void *), void *object);

size_t arena_used(const struct arena *a); /* bytes handed out since the last reset */
/* memory that it takes, but for what is still free in its newest block */
size_t arena_held(const struct arena *a);

/* Gives the system back what arenas no longer use; after work that took much, since it takes
   milliseconds. */
void arena_give_back(void);

bool arena_strained(const struct arena *a); /* there was no memory since the last reset */
size_t arena_reserve_used(void);            /* bytes of the reserve that all arenas hold now */
