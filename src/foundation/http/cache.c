/* Finished answers that are the same for everybody, kept until something public changes.

   An entry belongs to a stamp: the number that says how far public content had changed when its
   making began. The stamp is read before the handler reads the database, so an answer from before a
   change can never pass for one from after it. What goes out is not copied: an entry lives until
   the last request that sends it is over. */
#include <pthread.h>
#include <stdatomic.h>

#include "http/http_int.h"

enum {
    CACHE_CHAINS = 1024,
    CACHE_KEY_MAX = 1024,
    CACHE_SHARE = 8, /* one answer takes at most this part of the whole */
};

struct entry {
    struct entry *chain;         /* with the same hash */
    struct entry *newer, *older; /* by last use */
    atomic_int users;            /* the table is one */
    uint64_t hash;
    long long stamp;
    size_t bytes;
    str key, body, etag;
    const char *content_type;
    struct http_header *headers;
    size_t header_count;
    int status;
    _Alignas(max_align_t) char memory[]; /* what the pointers above point to */
};

struct http_cache {
    pthread_mutex_t mutex;
    size_t bytes, max_bytes;
    struct entry *newest, *oldest;
    struct entry *chains[CACHE_CHAINS];
    atomic_ullong hits, misses;
};

struct http_cache *http_cache_new(size_t max_bytes)
{
    struct http_cache *cache = calloc(1, sizeof *cache);
    if (!cache || pthread_mutex_init(&cache->mutex, NULL) != 0)
        BUG("no memory for the cache of pages");
    cache->max_bytes = max_bytes;
    return cache;
}

static void give_back(void *object)
{
    struct entry *e = object;
    if (atomic_fetch_sub_explicit(&e->users, 1, memory_order_acq_rel) == 1)
        free(e);
}

/* ---- the list by last use, and the table; under the mutex ---- */

static void list_remove(struct http_cache *cache, struct entry *e)
{
    *(e->newer ? &e->newer->older : &cache->newest) = e->older;
    *(e->older ? &e->older->newer : &cache->oldest) = e->newer;
}

static void list_put_first(struct http_cache *cache, struct entry *e)
{
    e->newer = NULL;
    e->older = cache->newest;
    *(e->older ? &e->older->newer : &cache->oldest) = e;
    cache->newest = e;
}

static struct entry **place_of(struct http_cache *cache, uint64_t hash, str key)
{
    struct entry **at = &cache->chains[hash % CACHE_CHAINS];
    while (*at && ((*at)->hash != hash || !str_eq((*at)->key, key)))
        at = &(*at)->chain;
    return at;
}

static void drop(struct http_cache *cache, struct entry *e)
{
    struct entry **at = place_of(cache, e->hash, e->key);
    *at = e->chain;
    list_remove(cache, e);
    cache->bytes -= e->bytes;
    give_back(e);
}

void http_cache_free(struct http_cache *cache)
{
    if (!cache)
        return;
    while (cache->newest)
        drop(cache, cache->newest);
    (void)pthread_mutex_destroy(&cache->mutex);
    free(cache);
}

/* ---- taking out ---- */

static struct entry *borrow(struct http_cache *cache, str key, long long stamp)
{
    uint64_t hash = str_hash(key);
    (void)pthread_mutex_lock(&cache->mutex);
    struct entry *e = *place_of(cache, hash, key);
    if (e && e->stamp != stamp) {
        drop(cache, e);
        e = NULL;
    }
    if (e) {
        atomic_fetch_add_explicit(&e->users, 1, memory_order_relaxed);
        list_remove(cache, e);
        list_put_first(cache, e);
    }
    (void)pthread_mutex_unlock(&cache->mutex);
    return e;
}

bool http_cache_find(struct http_cache *cache, struct arena *a, str key, long long stamp,
                     struct http_response *rs)
{
    struct entry *e = key.len <= CACHE_KEY_MAX ? borrow(cache, key, stamp) : NULL;
    atomic_fetch_add_explicit(e ? &cache->hits : &cache->misses, 1, memory_order_relaxed);
    if (!e)
        return false;
    arena_defer(a, give_back, e);
    rs->status = e->status;
    rs->static_body = e->body;
    rs->etag = e->etag;
    rs->content_type = e->content_type;
    rs->headers.items = arena_array(a, e->header_count + 1, sizeof *e->headers);
    memcpy(rs->headers.items, e->headers, e->header_count * sizeof *e->headers);
    rs->headers.count = e->header_count;
    rs->headers.capacity = e->header_count + 1;
    return true;
}

/* ---- putting in ---- */

static size_t size_of(const struct http_response *rs, str key)
{
    size_t n = key.len + http_response_body(rs).len + rs->etag.len +
               rs->headers.count * sizeof(struct http_header) + sizeof(max_align_t);
    for (size_t i = 0; i < rs->headers.count; i++)
        n += rs->headers.items[i].name.len + rs->headers.items[i].value.len;
    return n;
}

static str copy(char **at, str s)
{
    char *to = *at;
    if (s.len)
        memcpy(to, s.ptr, s.len);
    *at += s.len;
    return str_of(to, s.len);
}

static void fill(struct entry *e, const struct http_response *rs, str key)
{
    char *at = e->memory + rs->headers.count * sizeof *e->headers;
    e->headers = (struct http_header *)(void *)e->memory;
    e->header_count = rs->headers.count;
    for (size_t i = 0; i < rs->headers.count; i++)
        e->headers[i] = (struct http_header){copy(&at, rs->headers.items[i].name),
                                             copy(&at, rs->headers.items[i].value)};
    e->key = copy(&at, key);
    e->etag = copy(&at, rs->etag);
    e->body = copy(&at, http_response_body(rs));
    e->content_type = rs->content_type;
    e->status = rs->status;
}

void http_cache_put(struct http_cache *cache, str key, long long stamp,
                    const struct http_response *rs)
{
    size_t bytes = sizeof(struct entry) + size_of(rs, key);
    if (key.len > CACHE_KEY_MAX || bytes > cache->max_bytes / CACHE_SHARE)
        return;
    struct entry *e = calloc(1, bytes);
    if (!e)
        return;
    e->bytes = bytes;
    e->hash = str_hash(key);
    e->stamp = stamp;
    atomic_init(&e->users, 1);
    fill(e, rs, key);
    (void)pthread_mutex_lock(&cache->mutex);
    struct entry *old = *place_of(cache, e->hash, key);
    if (old)
        drop(cache, old);
    while (cache->oldest && cache->bytes + bytes > cache->max_bytes)
        drop(cache, cache->oldest);
    struct entry **chain = &cache->chains[e->hash % CACHE_CHAINS];
    e->chain = *chain;
    *chain = e;
    list_put_first(cache, e);
    cache->bytes += bytes;
    (void)pthread_mutex_unlock(&cache->mutex);
}

struct http_cache_status http_cache_status(struct http_cache *cache)
{
    struct http_cache_status status = {.hits = atomic_load(&cache->hits),
                                       .misses = atomic_load(&cache->misses)};
    (void)pthread_mutex_lock(&cache->mutex);
    status.bytes = cache->bytes;
    (void)pthread_mutex_unlock(&cache->mutex);
    return status;
}
