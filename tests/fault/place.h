/* place.h - where calls come from, so that of many from one place not all need be tried. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Calls from the same place have the same functions above them, from the call to main. What shared
   values are built from (base/snapshot.h) is the same work whoever asks first: there the functions
   of the builder and those of who asks are told apart. */
struct place {
    uint64_t whole; /* of who asks, when a shared value is being built */
    uint64_t build; /* 0: no shared value is being built */
};

/* The place of the call that is being made now. Allocates nothing. */
struct place place_of_call(void);

enum { PLACE_MAX_CALLS = 1 << 19 };

/* Chooses among `count` calls: wanted[i] is set for the first and for one more of each place; with
   `few` for one. Of a builder whose place was chosen in an earlier loop with the same `few`, none
   for its own sake. Where that would be more than PLACE_MOST (of calls beyond PLACE_LONG, which
   take long: PLACE_MOST_LONG), every second, third ... of them. Which ones moves on by one with the
   seed, so that in so many days each had its turn. True: there were builders that no earlier loop
   met. */
enum { PLACE_MOST = 100, PLACE_MOST_LONG = 20, PLACE_LONG = 10000 };
bool place_choose(const struct place *places, size_t count, long seed, bool few, bool *wanted);
