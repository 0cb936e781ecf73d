#include "auth/slots.h"

#include "base/turns.h"

struct slots {
    pthread_mutex_t mutex;
    int count, used, most, wait_ms;
    struct turns turns;
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

int slots_take(struct ctx *c, struct slots *s)
{
    bool granted = true;
    (void)pthread_mutex_lock(&s->mutex);
    if (!s->turns.first && s->used < s->count)
        s->used++;
    else
        granted = turns_wait(&s->turns, &s->mutex, s->wait_ms, NULL);
    if (s->used > s->most)
        s->most = s->used;
    (void)pthread_mutex_unlock(&s->mutex);
    if (granted)
        return 0;
    return err_set(c, ERR_BUSY,
                   "Er loggen nu veel mensen tegelijk in. Probeer het over een minuut opnieuw.");
}

void slots_give(struct slots *s)
{
    (void)pthread_mutex_lock(&s->mutex);
    if (!turns_give(&s->turns, NULL))
        s->used--;
    (void)pthread_mutex_unlock(&s->mutex);
}

int slots_most_used(struct slots *s)
{
    (void)pthread_mutex_lock(&s->mutex);
    int most = s->most;
    (void)pthread_mutex_unlock(&s->mutex);
    return most;
}
