#include "base/kept.h"

#include <pthread.h>
#include <stdatomic.h>

enum { KEPT_CHAINS = 1024 };

struct value {
    struct value *chain;         /* with the same hash */
    struct value *newer, *older; /* by last use */
    struct arena *arena;         /* holds this struct, too */
    void *made;
    str key;
    uint64_t hash;
    size_t bytes;
    atomic_int users; /* the table is one */
};

struct kept {
    pthread_mutex_t mutex;
    size_t bytes, max_bytes, count;
    struct value *newest, *oldest;
    struct value *chains[KEPT_CHAINS];
    atomic_ullong hits, misses;
};

struct kept *kept_new(size_t max_bytes)
{
    if (!max_bytes)
        return NULL;
    struct kept *k = calloc(1, sizeof *k);
    if (!k || pthread_mutex_init(&k->mutex, NULL) != 0)
        BUG("no memory for kept values");
    k->max_bytes = max_bytes;
    return k;
}

static void give_back(void *object)
{
    struct value *v = object;
    if (atomic_fetch_sub_explicit(&v->users, 1, memory_order_acq_rel) == 1)
        arena_free(v->arena);
}

/* ---- the list by last use, and the table; under the mutex ---- */

static void list_remove(struct kept *k, struct value *v)
{
    *(v->newer ? &v->newer->older : &k->newest) = v->older;
    *(v->older ? &v->older->newer : &k->oldest) = v->newer;
}

static void list_put_first(struct kept *k, struct value *v)
{
    v->newer = NULL;
    v->older = k->newest;
    *(v->older ? &v->older->newer : &k->oldest) = v;
    k->newest = v;
}

static struct value **place_of(struct kept *k, uint64_t hash, str key)
{
    struct value **at = &k->chains[hash % KEPT_CHAINS];
    while (*at && ((*at)->hash != hash || !str_eq((*at)->key, key)))
        at = &(*at)->chain;
    return at;
}

/* Takes it out; the caller gives it back, outside the mutex when it can. */
static void take_out(struct kept *k, struct value *v)
{
    struct value **at = place_of(k, v->hash, v->key);
    *at = v->chain;
    list_remove(k, v);
    k->bytes -= v->bytes;
    k->count--;
}

void kept_empty(struct kept *k)
{
    if (!k)
        return;
    (void)pthread_mutex_lock(&k->mutex);
    for (struct value *v; (v = k->newest);) {
        take_out(k, v);
        give_back(v);
    }
    (void)pthread_mutex_unlock(&k->mutex);
}

void kept_free(struct kept *k)
{
    if (!k)
        return;
    kept_empty(k);
    (void)pthread_mutex_destroy(&k->mutex);
    free(k);
}

/* ---- taking out ---- */

static struct value *borrow(struct kept *k, str key)
{
    uint64_t hash = str_hash(key);
    (void)pthread_mutex_lock(&k->mutex);
    struct value *v = *place_of(k, hash, key);
    if (v) {
        atomic_fetch_add_explicit(&v->users, 1, memory_order_relaxed);
        list_remove(k, v);
        list_put_first(k, v);
    }
    (void)pthread_mutex_unlock(&k->mutex);
    return v;
}

bool kept_find(struct ctx *c, str key, void **ret)
{
    if (!c->kept)
        return false;
    struct value *v = borrow(c->kept, key);
    atomic_fetch_add_explicit(v ? &c->kept->hits : &c->kept->misses, 1, memory_order_relaxed);
    if (!v)
        return false;
    arena_defer(c->arena, give_back, v);
    *ret = v->made;
    return true;
}

/* ---- putting in ---- */

/* Two may have made the same value at the same time: the first one stays. */
static void put(struct kept *k, struct value *v)
{
    struct value *old = NULL; /* those that make room, in a row */
    (void)pthread_mutex_lock(&k->mutex);
    if (!*place_of(k, v->hash, v->key)) {
        while (k->oldest && k->bytes + v->bytes > k->max_bytes) {
            struct value *last = k->oldest;
            take_out(k, last);
            last->chain = old;
            old = last;
        }
        struct value **chain = &k->chains[v->hash % KEPT_CHAINS];
        v->chain = *chain;
        *chain = v;
        list_put_first(k, v);
        k->bytes += v->bytes;
        k->count++;
        atomic_fetch_add_explicit(&v->users, 1, memory_order_relaxed);
    }
    (void)pthread_mutex_unlock(&k->mutex);
    while (old) {
        struct value *next = old->chain;
        give_back(old);
        old = next;
    }
}

static int make(struct ctx *c, str key, kept_build *build, const void *arg, struct value **ret)
{
    struct ctx child = ctx_child(c);
    struct value *v = arena_new_of(child.arena, struct value);
    v->key = str_dup(child.arena, key);
    int code = build(&child, arg, &v->made);
    if (code == 0 && arena_strained(child.arena))
        code = err_memory(&child, "a kept value");
    if (code < 0)
        return ctx_child_end(c, &child, code);
    v->arena = child.arena;
    v->hash = str_hash(key);
    v->bytes = arena_held(child.arena);
    atomic_init(&v->users, 1);
    *ret = v;
    return 0;
}

int kept_make(struct ctx *c, str key, kept_build *build, const void *arg, void **ret)
{
    struct value *v = NULL;
    if (!c->kept)
        return build(c, arg, ret);
    if (key.len > KEPT_MAX_KEY)
        BUG("the key of a kept value is too long");
    TRY(make(c, key, build, arg, &v));
    if (v->bytes <= c->kept->max_bytes / KEPT_SHARE)
        put(c->kept, v);
    arena_defer(c->arena, give_back, v);
    *ret = v->made;
    return 0;
}

struct kept_status kept_status(struct kept *k)
{
    if (!k)
        return (struct kept_status){0};
    struct kept_status status = {.hits = atomic_load(&k->hits), .misses = atomic_load(&k->misses)};
    (void)pthread_mutex_lock(&k->mutex);
    status.bytes = k->bytes;
    status.count = k->count;
    (void)pthread_mutex_unlock(&k->mutex);
    return status;
}
