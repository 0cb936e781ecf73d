/* Deadlines of connections: who sends or reads too slowly may not keep a place.

   The library closes a connection that is silent, but a client that sends or takes one byte now and
   then is never silent. So each state of a connection has a time in which it must be over, and a
   thread shuts the socket down when it is not. The fuller the house, the shorter the time; a
   connection whose handler runs is never cut. */
#include <limits.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "http/http_int.h"

enum {
    TICK_MS = 50,
    MIN_RATE = 8192,      /* bytes a second, unless the limits say otherwise */
    CROWDED_PERCENT = 75, /* from here on times are a quarter, and rates four times as high */
    FULL_PERCENT = 90,    /* from here on only quick clients keep their place */
    FULL_WAIT_MS = 300,   /* more than a round trip around the world */
};

struct http_watch {
    pthread_mutex_t mutex; /* guards the list and the descriptors in it */
    pthread_t thread;
    const struct http_limits *limits;
    struct http_watched *first;
    int count;
    atomic_bool stop;
};

/* State and the moment it began in one number, so that they are never read apart. */
static long long packed(enum http_phase phase)
{
    return (clock_monotonic_us() / 1000) << 2 | (long long)phase;
}

void http_watch_phase(struct http_watched *w, enum http_phase phase, size_t bytes)
{
    atomic_store_explicit(&w->bytes, bytes, memory_order_relaxed);
    atomic_store_explicit(&w->state, packed(phase), memory_order_release);
}

void http_watch_progress(struct http_watched *w, size_t bytes)
{
    atomic_fetch_add_explicit(&w->bytes, bytes, memory_order_relaxed);
}

/* How long so many bytes may be on their way. */
static long long moving_ms(const struct http_limits *limits, size_t bytes, bool crowded)
{
    long long rate = (limits->min_rate ? limits->min_rate : MIN_RATE) * (crowded ? 4 : 1);
    return (long long)bytes * 1000 / rate;
}

long long http_watch_allowed_ms(const struct http_limits *limits, enum http_phase phase,
                                size_t bytes, int open)
{
    long long patience = 1000LL * limits->timeout_s, percent = 100LL * open;
    bool crowded = percent >= (long long)CROWDED_PERCENT * limits->max_connections;
    bool full = percent >= (long long)FULL_PERCENT * limits->max_connections;
    if (phase == HTTP_WORKING)
        return LLONG_MAX;
    if (full)
        patience = FULL_WAIT_MS;
    else if (crowded)
        patience /= 4;
    return phase == HTTP_WAITING ? patience : patience + moving_ms(limits, bytes, crowded);
}

static bool is_over(const struct http_limits *limits, const struct http_watched *w, long long now,
                    int open)
{
    long long state = atomic_load_explicit(&w->state, memory_order_acquire);
    size_t bytes = atomic_load_explicit(&w->bytes, memory_order_relaxed);
    enum http_phase phase = (enum http_phase)(state & 3);
    long long allowed = http_watch_allowed_ms(limits, phase, bytes, open);
    return allowed != LLONG_MAX && now - (state >> 2) > allowed;
}

/* Its thread wakes up and closes it. */
static void cut(struct http_watched *w)
{
    w->cut = true;
    (void)shutdown(w->fd, SHUT_RDWR);
}

static void look(struct http_watch *watch)
{
    long long now = clock_monotonic_us() / 1000;
    (void)pthread_mutex_lock(&watch->mutex);
    for (struct http_watched *w = watch->first; w; w = w->next)
        if (!w->cut && is_over(watch->limits, w, now, watch->count))
            cut(w);
    (void)pthread_mutex_unlock(&watch->mutex);
}

/* The moment until which a client was quick enough; LLONG_MAX when we are at work for it. */
static long long quick_until(const struct http_limits *limits, const struct http_watched *w)
{
    long long state = atomic_load_explicit(&w->state, memory_order_acquire);
    size_t bytes = atomic_load_explicit(&w->bytes, memory_order_relaxed);
    switch ((enum http_phase)(state & 3)) {
    case HTTP_WORKING:
        return LLONG_MAX;
    case HTTP_WAITING:
        return state >> 2;
    default:
        return (state >> 2) + moving_ms(limits, bytes, true);
    }
}

/* A newcomer in a full house gets the place of the one that is silent longest, in whatever it was
   to say or to take: who is quick keeps his. */
static void make_room(struct http_watch *watch)
{
    struct http_watched *longest = NULL;
    long long since = LLONG_MAX;
    for (struct http_watched *w = watch->first; w; w = w->next) {
        long long until = quick_until(watch->limits, w);
        if (!w->cut && until < since) {
            longest = w;
            since = until;
        }
    }
    if (longest)
        cut(longest);
}

static void *run(void *arg)
{
    struct http_watch *watch = arg;
    const struct timespec tick = {.tv_nsec = TICK_MS * 1000000L};
    while (!atomic_load(&watch->stop)) {
        (void)nanosleep(&tick, NULL);
        look(watch);
    }
    return NULL;
}

int http_watch_start(struct ctx *c, const struct http_limits *limits, struct http_watch **ret)
{
    struct http_watch *watch = arena_new_of(c->arena, struct http_watch);
    watch->limits = limits;
    if (pthread_mutex_init(&watch->mutex, NULL) != 0)
        BUG("pthread_mutex_init");
    if (pthread_create(&watch->thread, NULL, run, watch) != 0)
        return err_detail(c, ERR_INTERNAL, "no thread for the deadlines of connections");
    *ret = watch;
    return 0;
}

void http_watch_stop(struct http_watch *watch)
{
    atomic_store(&watch->stop, true);
    (void)pthread_join(watch->thread, NULL);
    (void)pthread_mutex_destroy(&watch->mutex);
}

void http_watch_add(struct http_watch *watch, struct http_watched *w, int fd)
{
    w->fd = fd;
    http_watch_phase(w, HTTP_WAITING, 0);
    (void)pthread_mutex_lock(&watch->mutex);
    if (watch->count >= watch->limits->max_connections)
        make_room(watch);
    w->next = watch->first;
    if (w->next)
        w->next->back = &w->next;
    w->back = &watch->first;
    watch->first = w;
    watch->count++;
    (void)pthread_mutex_unlock(&watch->mutex);
}

void http_watch_remove(struct http_watch *watch, struct http_watched *w)
{
    (void)pthread_mutex_lock(&watch->mutex);
    *w->back = w->next;
    if (w->next)
        w->next->back = w->back;
    watch->count--;
    (void)pthread_mutex_unlock(&watch->mutex);
}
