#include "base/vec.h"

void *vec_grow_(struct arena *a, void *items, size_t count, size_t *capacity, size_t size)
{
    if (count < *capacity)
        return items;
    size_t grown = *capacity ? *capacity * 2 : 8, bytes;
    if (__builtin_mul_overflow(grown, size, &bytes))
        BUG("vec: overflow");
    items = arena_grow(a, items, *capacity * size, bytes);
    *capacity = grown;
    return items;
}
