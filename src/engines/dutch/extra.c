#include "dutch/extra.h"

#include "dutch/fold.h"

static const struct dutch_class protected_class = {.flags = DUTCH_PROTECTED | DUTCH_NOUN};
static const struct dutch_class known_class = {
    .flags = DUTCH_NOUN | DUTCH_FIRST | DUTCH_LAST, .first = 4, .first_s = 2, .last = 4};

static void put_all(struct dutch_extra *e, struct arena *a, const str *words, size_t count,
                    const struct dutch_class *c)
{
    for (size_t i = 0; i < count; i++) {
        str folded = dutch_fold(a, words[i]);
        if (!folded.len || folded.len > DUTCH_MAX_WORD)
            continue;
        map_put(e->words, folded, (void *)(uintptr_t)c);
        if (folded.len > e->longest)
            e->longest = folded.len;
    }
}

struct dutch_extra *dutch_extra_new(struct arena *a, const str *protect, size_t protect_count,
                                    const str *known, size_t known_count)
{
    struct dutch_extra *e = arena_new_of(a, struct dutch_extra);
    e->threshold = DUTCH_THRESHOLD;
    e->words = map_new(a, protect_count + known_count);
    put_all(e, a, known, known_count, &known_class);
    put_all(e, a, protect, protect_count, &protected_class);
    return e;
}

void dutch_extra_set_threshold(struct dutch_extra *extra, double threshold)
{
    extra->threshold = threshold;
}

const struct dutch_class *extra_find(const struct dutch_extra *extra, str folded)
{
    if (!extra || folded.len > extra->longest)
        return NULL;
    return map_get(extra->words, folded);
}

double extra_threshold(const struct dutch_extra *extra)
{
    return extra ? extra->threshold : DUTCH_THRESHOLD;
}
