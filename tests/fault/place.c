#include "place.h"

#include <string.h>
#include <unwind.h>

#include "base/err.h"
#include "base/snapshot.h"

/* ---- the functions above a call ---- */

static uint64_t mix(uint64_t hash, uint64_t more)
{
    hash = (hash ^ more) * 0x9E3779B97F4A7C15U;
    return hash ^ hash >> 29;
}

static _Unwind_Reason_Code add_frame(struct _Unwind_Context *frame, void *arg)
{
    struct place *p = arg;
    p->whole = mix(p->whole, _Unwind_GetIP(frame));
    if (!p->build && _Unwind_GetRegionStart(frame) == (uintptr_t)snapshot_get) {
        p->build = p->whole;
        p->whole = 0;
    }
    return _URC_NO_REASON;
}

struct place place_of_call(void)
{
    struct place p = {0};
    (void)_Unwind_Backtrace(add_frame, &p);
    return p;
}

/* ---- choosing ---- */

enum { MAX_PLACES = 1 << 16 };

struct tally {
    uint64_t place;
    long calls, met;
    bool done; /* in an earlier loop */
};

struct tallies {
    size_t count;
    struct tally items[MAX_PLACES];
};

static struct tallies builders[2], callers;

static struct tally *tally_of(struct tallies *all, uint64_t place)
{
    size_t i = place % MAX_PLACES;
    while (all->items[i].place && all->items[i].place != place)
        i = (i + 1) % MAX_PLACES;
    if (!all->items[i].place && all->count++ > MAX_PLACES / 2)
        BUG("more places than MAX_PLACES");
    all->items[i].place = place;
    return &all->items[i];
}

/* Whether the call that is met now is one of those of its place to try. */
static bool is_chosen(struct tally *t, long seed, bool few)
{
    long offset = seed + (long)(t->place >> 40), at = t->met++;
    if (t->done)
        return false;
    if (few || t->calls == 1)
        return at == offset % t->calls;
    return at == 0 || at == 1 + offset % (t->calls - 1);
}

/* Takes their turn away from so many that few enough are left. */
static void thin_out(bool *wanted, size_t count, long seed)
{
    size_t most = count > PLACE_LONG ? PLACE_MOST_LONG : PLACE_MOST, all = 0;
    for (size_t i = 0; i < count; i++)
        all += wanted[i];
    size_t stride = (all + most - 1) / most, number = (size_t)seed;
    for (size_t i = 0; i < count && stride > 1; i++)
        if (wanted[i])
            wanted[i] = number++ % stride == 0;
}

/* Makes the tallies ready for the next loop. True: some places were met for the first time. */
static bool note_done(struct tallies *all)
{
    bool fresh = false;
    for (size_t i = 0; i < MAX_PLACES; i++) {
        struct tally *t = &all->items[i];
        fresh = fresh || (t->calls && !t->done);
        t->done = t->done || t->calls;
        t->calls = t->met = 0;
    }
    return fresh;
}

bool place_choose(const struct place *places, size_t count, long seed, bool few, bool *wanted)
{
    struct tallies *shared = &builders[few];
    memset(&callers, 0, sizeof callers);
    for (size_t i = 0; i < count; i++) {
        tally_of(&callers, places[i].whole)->calls++;
        if (places[i].build)
            tally_of(shared, places[i].build)->calls++;
    }
    for (size_t i = 0; i < count; i++) {
        wanted[i] = is_chosen(tally_of(&callers, places[i].whole), seed, few);
        if (places[i].build && is_chosen(tally_of(shared, places[i].build), seed, few))
            wanted[i] = true;
    }
    thin_out(wanted, count, seed);
    return note_done(shared);
}
