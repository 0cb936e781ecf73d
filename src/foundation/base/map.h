/* map.h - a hash map from text to a pointer, in an arena. Keys are not copied: they must live as
 * long. */
#pragma once

#include "base/str.h"

struct map;

struct map *map_new(struct arena *a, size_t expected);
void map_put(struct map *m, str key, void *value); /* replaces */
void *map_get(const struct map *m, str key);       /* NULL when absent */
size_t map_count(const struct map *m);
