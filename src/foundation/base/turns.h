/* turns.h - who waits for something scarce is served first come, first served. The owner of the
   scarce thing has a mutex; every function is called with it held. */
#pragma once

#include <pthread.h>

#include "base/base.h"

struct turn; /* one who waits; lives on the stack of its thread */

struct turns {
    struct turn *first, *last; /* zeroes: nobody waits */
};

/* Waits, with the mutex given up meanwhile, until turns_give serves this thread. False when that
 *took more than ms milliseconds; ret_given (may be NULL) is what was given. */
bool turns_wait(struct turns *t, pthread_mutex_t *mutex, int ms, void **ret_given);
/* Serves who waits longest: the thing goes straight to that one, so that nobody jumps the queue.
 * False when nobody waits. */
bool turns_give(struct turns *t, void *given);
