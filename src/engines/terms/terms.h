/* terms.h - finds many words and phrases in a text in one pass. Pure.

   For a glossary: whole words only, the longest phrase that begins at a place, and a rule for
   capitals. The time depends on the length of the text, not on the number of phrases.

   A word is a run of letters and digits (UTF-8). White space in a phrase, no-break spaces too,
   stands for any white space in the text; ' and U+2019 are one character; all else must be as it is
   written. A phrase is whole when no letter or digit touches it, and no letter or digit is joined
   to it by - ' . _ or @ (so not in "mede-eigenaar", "foto's" or "voorbeeld.nl").

   Capitals: an abbreviation only as it is written. In other phrases a small first letter also
   stands for its capital (beginning of a sentence); all else as it is written. The first letter is
   understood for a-z and U+00E0 to U+00FE. */
#pragma once

#include "base/arena.h"
#include "base/str.h"

enum { TERMS_MAX_UNITS = 64 }; /* words and signs of a phrase; a longer one is never found */

struct terms_phrase {
    str text;
    bool abbreviation; /* exactly as written; also before a hyphen, as in BOPA-procedure */
    size_t id;         /* the caller's; several phrases may have the same */
};

/* Can it be found? Not without a letter or digit at its start, and not when it is too long. */
bool terms_is_phrase(str text);

struct terms;
/* The texts are copied. Of equal phrases the first counts; what is no phrase is left out. */
struct terms *terms_new(struct arena *a, const struct terms_phrase *phrases, size_t count);

struct terms_hit {
    size_t start, end; /* bytes in the text */
    size_t id;
};
/* The first hit that begins at `from` or later; false when there is none. What stands before `from`
   still decides whether a word is whole. */
bool terms_next(const struct terms *t, str text, size_t from, struct terms_hit *ret);
