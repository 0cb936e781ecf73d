/* slots.h - so many at once, and the others wait their turn: hashing a password takes 64 MiB, and
   many people may sign in at the same moment. First come, first served. */
#pragma once

#include "base/ctx.h"

struct slots;

struct slots *slots_new(struct arena *a, int count, int wait_ms);
/* Waits for a place; ERR_BUSY with words when there is none in time. Give it back with slots_give.
 */
int slots_take(struct ctx *c, struct slots *s) _nodiscard_;
void slots_give(struct slots *s);
int slots_most_used(struct slots *s); /* so far, at once */
