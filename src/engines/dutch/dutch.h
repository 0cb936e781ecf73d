/* dutch.h - Dutch text analysis: normalise, find words, split compounds, give base forms.

   Pure: no files, no allocation beyond what the caller hands in, no globals but the constant
   lexicon that the build compiles from hunspell-nl and wdutch into the binary. Safe to call from
   many threads. Offsets are bytes in the caller's original text, so that the matched part of a
   compound can be marked.

   Vocabulary: the *folded* form of a word is lower-case without diacritics or joining marks
   (Coördinatie
   -> coordinatie, auto's -> autos). Its *base* is the dictionary form of a noun or adjective
   (plannen -> plan, huizen -> huis, grote -> groot) and the stem of a verb (bouwen, gebouwd ->
   bouw), which is the form that verbs have inside compounds: so wonen finds woonvisie. It comes
   from the lexicon, else from spelling rules. A *compound* splits into parts, each with its own
   base; linking letters (s, en, e, er) belong to no part. Protected words and place names (Houten,
   Best, Bergen) are never split nor reduced, whatever their capitals, so that query and text agree.

   A word has the same parts alone and inside a longer word. So an index that stores the bases of
   the parts at successive positions, and asks a compound in a query as a phrase of its parts'
   bases, finds woningbouw in woningbouwopgave, and bouw vergunning, bouwvergunning and
   bouw-vergunning alike. */
#pragma once

#include "base/arena.h"
#include "base/str.h"

enum {
    DUTCH_MAX_WORD = 96, /* bytes; a longer run of letters is taken as it is, unsplit */
    DUTCH_MAX_PARTS = 8,
};

/* How sure the splitter must be. Lower splits more: more compounds found, more other words broken.
 */
#define DUTCH_THRESHOLD (-0.5)

struct dutch_part {
    size_t start, end; /* bytes in the word as given to dutch_analyse, without linking letters */
    str base;          /* base form of this part, folded */
};

struct dutch_word {
    str folded; /* of the whole word */
    str base; /* of the whole word: folded, its last part as base form (bouw-plannen -> bouwplan) */
    size_t part_count; /* 1 when it is no compound; then part[0] is the whole */
    struct dutch_part part[DUTCH_MAX_PARTS];
    bool is_protected; /* place name, own name, abbreviation: neither split nor reduced */
    bool known;        /* the whole word stands in the lexicon */
};

/* Words of the domain on top of the lexicon, made once and then only read. */
struct dutch_extra;
/* Each list holds folded or unfolded words; protect: never split or reduce; known: may be a part of
   a compound. NULL-safe: every function takes extra == NULL. */
struct dutch_extra *dutch_extra_new(struct arena *a, const str *protect, size_t protect_count,
                                    const str *known, size_t known_count);
/* Instead of DUTCH_THRESHOLD; for measuring. Before other threads see extra. */
void dutch_extra_set_threshold(struct dutch_extra *extra, double threshold);

/* Analyses one word (letters, digits, inner hyphens and apostrophes). Strings in *ret live in the
   arena or the lexicon. A hyphen always separates parts (bouw-vergunning has the same base and
   parts as bouwvergunning). */
void dutch_analyse(struct arena *a, const struct dutch_extra *extra, str word,
                   struct dutch_word *ret);

/* Takes the next word off the front of *text; false at the end. ret_word points into the text. A
   word is a run of letters, digits and, between them, hyphen, apostrophe, full stop between digits
   or single letters (e.d., 16.62). */
bool dutch_next_word(str *text, str *ret_word);

str dutch_fold(struct arena *a, str word);
bool dutch_is_stopword(str folded);

/* Is this folded word in the lexicon or in extra? */
bool dutch_known(const struct dutch_extra *extra, str folded);
