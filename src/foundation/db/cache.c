/* Prepared statements by the address of their text: set-associative, so that its size is bounded
 * and no list is walked. */
#include "db/db_int.h"

static size_t set_of(const char *sql)
{
    uint64_t h = (uint64_t)(uintptr_t)sql * 0x9E3779B97F4A7C15ULL;
    return (size_t)(h >> 59); /* 5 bits */
}

_Static_assert(DB_CACHE_SETS == 1 << 5, "set_of gives 5 bits");

struct db_cached *db_cache_find(struct db_cache *cache, const char *sql, uint64_t signature)
{
    struct db_cached *set = cache->entries[set_of(sql)];
    for (size_t i = 0; i < DB_CACHE_WAYS; i++)
        if (set[i].statement && set[i].sql == sql && set[i].signature == signature)
            return &set[i];
    return NULL;
}

struct db_cached *db_cache_place(struct db_cache *cache, const char *sql)
{
    size_t s = set_of(sql);
    struct db_cached *set = cache->entries[s];
    for (size_t i = 0; i < DB_CACHE_WAYS; i++)
        if (!set[i].statement)
            return &set[i];
    cache->turn[s] = (unsigned char)((cache->turn[s] + 1) % DB_CACHE_WAYS);
    return &set[cache->turn[s]];
}
