/* brake.h - slows down who guesses: after some failures each next one costs a longer wait.

   What is counted is named by a text: a network, a network with an account, a device. The memory is
   fixed; of the names that share a place, the one with the fewest failures makes way, so that
   nobody rubs out his own by making up others. Each node counts for itself. */
#pragma once

#include "base/ctx.h"

struct brake_rule {
    const char *kind; /* keeps the names of different rules apart */
    int free;         /* failures that cost nothing */
    int first_s;      /* the wait after the next one; doubles with each after it */
    int most_s;       /* until it is this long */
    int forget_s;     /* without a failure for so long, it begins anew */
};

struct brake;

struct brake *brake_new(struct arena *a);
/* Seconds that must pass before the next try; 0: now. now_s: clock_now(). */
int brake_wait(struct brake *b, const struct brake_rule *rule, str name, long long now_s);
void brake_failed(struct brake *b, const struct brake_rule *rule, str name, long long now_s);
/* It was the owner after all. */
void brake_release(struct brake *b, const struct brake_rule *rule, str name);
