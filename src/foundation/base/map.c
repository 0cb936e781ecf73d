#include "base/map.h"

#include "base/arena.h"

struct map_slot {
    str key;
    void *value;
    uint64_t hash;
};

struct map {
    struct arena *arena;
    struct map_slot *slots; /* open addressing; size is a power of two, at most half full */
    size_t size, count;
};

struct map *map_new(struct arena *a, size_t expected)
{
    struct map *m = arena_new_of(a, struct map);
    m->arena = a;
    m->size = 16;
    while (m->size < expected * 2)
        m->size *= 2;
    m->slots = arena_array(a, m->size, sizeof *m->slots);
    return m;
}

/* The slot that holds the key, or the free one where it belongs. */
static struct map_slot *map_slot(struct map_slot *slots, size_t size, str key, uint64_t hash)
{
    size_t i = (size_t)hash & (size - 1);
    while (slots[i].key.ptr && !(slots[i].hash == hash && str_eq(slots[i].key, key)))
        i = (i + 1) & (size - 1);
    return &slots[i];
}

static void map_double(struct map *m)
{
    size_t size = m->size * 2;
    struct map_slot *slots = arena_array(m->arena, size, sizeof *slots);
    for (size_t i = 0; i < m->size; i++)
        if (m->slots[i].key.ptr)
            *map_slot(slots, size, m->slots[i].key, m->slots[i].hash) = m->slots[i];
    m->slots = slots;
    m->size = size;
}

void map_put(struct map *m, str key, void *value)
{
    if (m->count * 2 >= m->size)
        map_double(m);
    if (!key.ptr)
        key = S("");
    uint64_t hash = str_hash(key);
    struct map_slot *slot = map_slot(m->slots, m->size, key, hash);
    if (!slot->key.ptr)
        m->count++;
    *slot = (struct map_slot){key, value, hash};
}

void *map_get(const struct map *m, str key)
{
    if (!key.ptr)
        key = S("");
    return map_slot(m->slots, m->size, key, str_hash(key))->value;
}

size_t map_count(const struct map *m)
{
    return m->count;
}
