/* split.h - finds where a compound falls apart. */
#pragma once

#include "dutch/dutch.h"
#include "dutch/lexicon.h"

enum { SPLIT_MAX_UNITS = 12 };

/* One part: letters start .. end of the folded word, and the same with its linking letters. */
struct split_unit {
    size_t start, end, full_end;
    const struct dutch_class *class; /* of the form at start .. form_end; NULL when unknown */
    size_t form_end;
    bool lost_n; /* zonne(n): the class is that of the form with n after it */
};

struct split {
    struct split_unit unit[SPLIT_MAX_UNITS];
    size_t count;
    double score; /* of the weakest seam */
};

/* The most likely way to split the folded word in two or more; count is 0 when there is none at
   all. Whether it is likely enough is for the caller: compare score with a threshold. whole is the
   class of the whole word, NULL when the lexicon lacks it. */
void split_find(const struct dutch_extra *extra, str folded, const struct dutch_class *whole,
                struct split *ret);

/* The class of a folded word in the lexicon or in extra; NULL when neither has it. */
const struct dutch_class *split_known(const struct dutch_extra *extra, str folded);
