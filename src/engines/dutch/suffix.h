/* suffix.h - inflections undone by spelling rules alone, for words that the lexicon lacks. */
#pragma once

#include "base/str.h"

enum { SUFFIX_MAX = 100, SUFFIX_CANDIDATES = 24 };

enum suffix_kind { SUFFIX_PLURAL, SUFFIX_DIMINUTIVE, SUFFIX_ADJECTIVE, SUFFIX_VERB };

struct suffix_candidate {
    char text[SUFFIX_MAX];
    size_t len;
    enum suffix_kind kind;
};

/* Every word of which the folded form could be an inflection, the likeliest first; at most
   SUFFIX_CANDIDATES. Whether they exist is for the caller to find out. */
size_t suffix_candidates(str folded, struct suffix_candidate *ret);

/* The base by rule alone: the plural, diminutive or adjective ending off, the spelling repaired.
   Writes to out (room for SUFFIX_MAX) and returns the length. Words under five letters stay. */
size_t suffix_base(str folded, char *out);
