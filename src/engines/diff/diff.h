/* diff.h - what changed between two texts, by lines and, inside changed lines, by words. Pure. */
#pragma once

#include "base/arena.h"
#include "base/str.h"

enum diff_kind { DIFF_SAME, DIFF_REMOVED, DIFF_ADDED };

struct diff_piece {
    enum diff_kind kind;
    str text; /* a run of bytes of the old text (same, removed) or the new one (added) */
};

/* The shortest edit script between the units (lines or words) of both texts, as runs in reading
   order: within a change the removed run comes before the added one. Longest common subsequence by
   dynamic programming after common ends are cut off; more than 4 million cells are not compared and
   give one removed and one added run, so time and memory stay bounded. */
void diff_lines(struct arena *a, str old_text, str new_text, struct diff_piece **ret,
                size_t *ret_count);
void diff_words(struct arena *a, str old_text, str new_text, struct diff_piece **ret,
                size_t *ret_count);
