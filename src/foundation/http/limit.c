/* How often one address may ask: a bucket that fills with time and from which each request takes.

   The memory is fixed: an address has its place in a small set of the table, and the place that was
   touched longest ago makes way. A newcomer begins with a full bucket, so making many addresses
   costs the others nothing but a fresh start. An IPv6 network of 64 bits is one address. */
#include <arpa/inet.h>
#include <pthread.h>

#include "base/clock.h"
#include "base/random.h"
#include "http/http_int.h"

enum { LIMIT_SETS = 2048, LIMIT_WAYS = 4, LIMIT_LOCKS = 16, ADDRESS_BYTES = 8 };

struct bucket {
    unsigned char address[ADDRESS_BYTES];
    bool used;
    double tokens;
    long long at_us; /* when tokens was right */
};

struct http_limiter {
    int per_minute;
    uint64_t seed; /* nobody can choose addresses that meet in one set */
    pthread_mutex_t locks[LIMIT_LOCKS];
    struct bucket buckets[LIMIT_SETS][LIMIT_WAYS];
};

struct http_limiter *http_limiter_new(struct arena *a, int per_minute)
{
    struct http_limiter *limiter = arena_new_of(a, struct http_limiter);
    limiter->per_minute = per_minute;
    random_bytes(&limiter->seed, sizeof limiter->seed);
    for (int i = 0; i < LIMIT_LOCKS; i++)
        if (pthread_mutex_init(&limiter->locks[i], NULL) != 0)
            BUG("pthread_mutex_init");
    return limiter;
}

/* IPv4 in the last four bytes, also when it is written as IPv6; the first half of IPv6; false for
   what is no address. */
static bool address_read(str text, unsigned char ret[ADDRESS_BYTES])
{
    static const unsigned char mapped[12] = {[10] = 0xFF, [11] = 0xFF};
    char z[INET6_ADDRSTRLEN];
    unsigned char six[16];
    if (!text.len || text.len >= sizeof z)
        return false;
    memcpy(z, text.ptr, text.len);
    z[text.len] = '\0';
    memset(ret, 0, ADDRESS_BYTES);
    if (inet_pton(AF_INET, z, ret + 4) == 1)
        return true;
    if (inet_pton(AF_INET6, z, six) != 1)
        return false;
    if (memcmp(six, mapped, sizeof mapped) == 0)
        memcpy(ret + 4, six + sizeof mapped, 4);
    else
        memcpy(ret, six, ADDRESS_BYTES);
    return true;
}

static struct bucket *bucket_of(struct bucket *set, const unsigned char *address, double full,
                                long long now)
{
    struct bucket *oldest = set;
    for (int i = 0; i < LIMIT_WAYS; i++) {
        if (set[i].used && memcmp(set[i].address, address, ADDRESS_BYTES) == 0)
            return &set[i];
        if (!set[i].used || (oldest->used && set[i].at_us < oldest->at_us))
            oldest = &set[i];
    }
    *oldest = (struct bucket){.used = true, .tokens = full, .at_us = now};
    memcpy(oldest->address, address, ADDRESS_BYTES);
    return oldest;
}

static struct http_allowance take(struct bucket *b, int per_minute, int cost, long long now)
{
    double full = per_minute, a_second = per_minute / 60.0;
    double tokens = b->tokens + (double)(now - b->at_us) / 1e6 * a_second;
    b->tokens = tokens > full ? full : tokens;
    b->at_us = now;
    struct http_allowance left = {.limit = per_minute, .allowed = b->tokens >= cost};
    if (left.allowed)
        b->tokens -= cost;
    left.remaining = (int)b->tokens;
    left.reset_s = (int)((full - b->tokens) / a_second + 0.999);
    left.retry_s = left.allowed ? 0 : (int)((cost - b->tokens) / a_second + 0.999);
    if (!left.allowed && left.retry_s < 1)
        left.retry_s = 1;
    return left;
}

struct http_allowance http_limiter_take(struct http_limiter *limiter, str address, int cost,
                                        long long now_us)
{
    unsigned char key[ADDRESS_BYTES];
    if (!limiter->per_minute || !cost || !address_read(address, key))
        return (struct http_allowance){.allowed = true};
    uint64_t hash =
        (str_hash(str_of((const char *)key, sizeof key)) ^ limiter->seed) * 0x9E3779B97F4A7C15ULL;
    size_t set = (size_t)(hash >> 32) % LIMIT_SETS;
    pthread_mutex_t *lock = &limiter->locks[set % LIMIT_LOCKS];
    (void)pthread_mutex_lock(lock);
    struct bucket *b = bucket_of(limiter->buckets[set], key, limiter->per_minute, now_us);
    struct http_allowance left = take(b, limiter->per_minute, cost, now_us);
    (void)pthread_mutex_unlock(lock);
    return left;
}
