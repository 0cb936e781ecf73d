#include "base/embedded.h"

const struct embedded_file *embedded_find(const struct embedded_set *set, str path)
{
    size_t low = 0, high = set->count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = str_cmp(set->files[middle].path, path);
        if (order == 0)
            return &set->files[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}
