/* extra.h - the inside of struct dutch_extra. */
#pragma once

#include "base/map.h"
#include "dutch/dutch.h"
#include "dutch/lexicon.h"

struct dutch_extra {
    struct map *words; /* folded word to its struct dutch_class */
    size_t longest;    /* bytes of the longest folded word */
    double threshold;
};

/* NULL when the word is not in extra, or extra is NULL. */
const struct dutch_class *extra_find(const struct dutch_extra *extra, str folded);
double extra_threshold(const struct dutch_extra *extra);
