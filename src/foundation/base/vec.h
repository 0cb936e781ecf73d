/* vec.h - a growable array in an arena, typed by macro.

       struct { struct hit *items; size_t count, capacity; } hits = {0};
       *vec_push(arena, &hits) = (struct hit){...};
*/
#pragma once

#include "base/arena.h"

void *vec_grow_(struct arena *a, void *items, size_t count, size_t *capacity, size_t size);

#define vec_push(a, v)                                                                             \
    ((v)->items = vec_grow_((a), (v)->items, (v)->count, &(v)->capacity, sizeof *(v)->items),      \
     &(v)->items[(v)->count++])
