#include "base/snapshot.h"

#include <pthread.h>
#include <stdatomic.h>

struct snapshot {
    struct arena *arena; /* holds the snapshot itself, too */
    void *value;
    long long generation;
    atomic_int users; /* the table is one */
};

struct snapshots {
    pthread_mutex_t mutex;
    const char *names[SNAPSHOT_MAX];
    struct snapshot *current[SNAPSHOT_MAX];
};

struct snapshots *snapshots_new(void)
{
    struct snapshots *s = calloc(1, sizeof *s);
    if (!s || pthread_mutex_init(&s->mutex, NULL) != 0)
        BUG("no memory for snapshots");
    return s;
}

static void give_back(void *object)
{
    struct snapshot *one = object;
    if (one && atomic_fetch_sub_explicit(&one->users, 1, memory_order_acq_rel) == 1)
        arena_free(one->arena);
}

void snapshots_free(struct snapshots *s)
{
    if (!s)
        return;
    for (int i = 0; i < SNAPSHOT_MAX; i++)
        give_back(s->current[i]);
    (void)pthread_mutex_destroy(&s->mutex);
    free(s);
}

/* Under the mutex. */
static int place_of(struct snapshots *s, const char *name)
{
    for (int i = 0; i < SNAPSHOT_MAX; i++) {
        if (!s->names[i])
            s->names[i] = name;
        if (strcmp(s->names[i], name) == 0)
            return i;
    }
    BUG("more snapshots than SNAPSHOT_MAX");
}

static struct snapshot *borrow(struct snapshots *s, const char *name, long long generation)
{
    (void)pthread_mutex_lock(&s->mutex);
    struct snapshot *one = s->current[place_of(s, name)];
    if (one && one->generation != generation)
        one = NULL;
    if (one)
        atomic_fetch_add_explicit(&one->users, 1, memory_order_relaxed);
    (void)pthread_mutex_unlock(&s->mutex);
    return one;
}

/* An older generation never takes the place of a newer one: its builder was slow. */
static void publish(struct snapshots *s, const char *name, struct snapshot *fresh)
{
    (void)pthread_mutex_lock(&s->mutex);
    struct snapshot **at = &s->current[place_of(s, name)], *old = *at;
    bool newer = !old || old->generation < fresh->generation;
    if (newer) {
        *at = fresh;
        atomic_fetch_add_explicit(&fresh->users, 1, memory_order_relaxed);
    }
    (void)pthread_mutex_unlock(&s->mutex);
    if (newer)
        give_back(old);
}

static int make(struct ctx *c, long long generation, snapshot_build *build, const void *arg,
                struct snapshot **ret)
{
    struct ctx child = ctx_child(c);
    struct snapshot *fresh = arena_new_of(child.arena, struct snapshot);
    int code = build(&child, arg, &fresh->value);
    if (code == 0 && arena_strained(child.arena))
        code = err_memory(&child, "a snapshot");
    if (code < 0)
        return ctx_child_end(c, &child, code);
    fresh->arena = child.arena;
    fresh->generation = generation;
    atomic_init(&fresh->users, 1);
    *ret = fresh;
    return 0;
}

int snapshot_get(struct ctx *c, const char *name, long long generation, snapshot_build *build,
                 const void *arg, void **ret)
{
    if (!c->snapshots)
        return build(c, arg, ret);
    struct snapshot *one = borrow(c->snapshots, name, generation);
    if (!one) {
        TRY(make(c, generation, build, arg, &one));
        publish(c->snapshots, name, one);
    }
    arena_defer(c->arena, give_back, one);
    *ret = one->value;
    return 0;
}
