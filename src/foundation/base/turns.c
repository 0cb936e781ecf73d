#include "base/turns.h"

#include <time.h>

struct turn {
    pthread_cond_t wake;
    bool granted;
    void *given;
    struct turn *next;
};

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

static void join(struct turns *t, struct turn *own)
{
    *(t->last ? &t->last->next : &t->first) = own;
    t->last = own;
}

static void leave(struct turns *t, struct turn *own)
{
    struct turn **at = &t->first, *before = NULL;
    while (*at && *at != own) {
        before = *at;
        at = &(*at)->next;
    }
    if (!*at)
        return;
    *at = own->next;
    if (t->last == own)
        t->last = before;
}

bool turns_wait(struct turns *t, pthread_mutex_t *mutex, int ms, void **ret_given)
{
    struct turn own = {.granted = false};
    struct timespec until = deadline_in(ms);
    pthread_condattr_t attr;
    (void)pthread_condattr_init(&attr);
    (void)pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    (void)pthread_cond_init(&own.wake, &attr);
    (void)pthread_condattr_destroy(&attr);
    join(t, &own);
    int late = 0;
    while (!own.granted && !late)
        late = pthread_cond_timedwait(&own.wake, mutex, &until);
    if (!own.granted)
        leave(t, &own);
    (void)pthread_cond_destroy(&own.wake);
    if (ret_given)
        *ret_given = own.given;
    return own.granted;
}

bool turns_give(struct turns *t, void *given)
{
    struct turn *next = t->first;
    if (!next)
        return false;
    t->first = next->next;
    if (!t->first)
        t->last = NULL;
    next->given = given;
    next->granted = true;
    (void)pthread_cond_signal(&next->wake);
    return true;
}
