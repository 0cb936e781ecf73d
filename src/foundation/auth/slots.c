#include "auth/slots.h"

#include <pthread.h>
#include <time.h>

/* One who waits; lives on the stack of its thread. */
struct waiter {
    pthread_cond_t wake;
    bool granted;
    struct waiter *next;
};

struct slots {
    pthread_mutex_t mutex;
    int count, used, most, wait_ms;
    struct waiter *first, *last;
};

struct slots *slots_new(struct arena *a, int count, int wait_ms)
{
    struct slots *s = arena_new_of(a, struct slots);
    s->count = count;
    s->wait_ms = wait_ms;
    if (pthread_mutex_init(&s->mutex, NULL) != 0)
        BUG("pthread_mutex_init");
    return s;
}

static struct timespec deadline_in(int ms)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    t.tv_sec += ms / 1000;
    t.tv_nsec += (long)(ms % 1000) * 1000000;
    if (t.tv_nsec >= 1000000000) {
        t.tv_nsec -= 1000000000;
        t.tv_sec++;
    }
    return t;
}

static void leave_queue(struct slots *s, struct waiter *w)
{
    struct waiter **at = &s->first, *before = NULL;
    while (*at && *at != w) {
        before = *at;
        at = &(*at)->next;
    }
    if (!*at)
        return;
    *at = w->next;
    if (s->last == w)
        s->last = before;
}

/* With the mutex held. */
static bool wait_turn(struct slots *s)
{
    struct waiter w = {.granted = false};
    struct timespec until = deadline_in(s->wait_ms);
    pthread_condattr_t attr;
    (void)pthread_condattr_init(&attr);
    (void)pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    (void)pthread_cond_init(&w.wake, &attr);
    (void)pthread_condattr_destroy(&attr);
    *(s->last ? &s->last->next : &s->first) = &w;
    s->last = &w;
    int late = 0;
    while (!w.granted && !late)
        late = pthread_cond_timedwait(&w.wake, &s->mutex, &until);
    if (!w.granted)
        leave_queue(s, &w);
    (void)pthread_cond_destroy(&w.wake);
    return w.granted;
}

int slots_take(struct ctx *c, struct slots *s)
{
    bool granted = true;
    (void)pthread_mutex_lock(&s->mutex);
    if (!s->first && s->used < s->count)
        s->used++;
    else
        granted = wait_turn(s);
    if (s->used > s->most)
        s->most = s->used;
    (void)pthread_mutex_unlock(&s->mutex);
    if (granted)
        return 0;
    return err_set(c, ERR_BUSY,
                   "Er loggen nu veel mensen tegelijk in. Probeer het over een minuut opnieuw.");
}

/* The place goes straight to the next in the queue, so that nobody jumps it. */
void slots_give(struct slots *s)
{
    (void)pthread_mutex_lock(&s->mutex);
    struct waiter *w = s->first;
    if (w) {
        s->first = w->next;
        if (!s->first)
            s->last = NULL;
        w->granted = true;
        (void)pthread_cond_signal(&w->wake);
    } else {
        s->used--;
    }
    (void)pthread_mutex_unlock(&s->mutex);
}

int slots_most_used(struct slots *s)
{
    (void)pthread_mutex_lock(&s->mutex);
    int most = s->most;
    (void)pthread_mutex_unlock(&s->mutex);
    return most;
}
