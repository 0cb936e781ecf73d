/* words.h - one word as the index sees it: its key, and the keys of the pieces of a compound.

   The *key* of a word is its base form, or for a compound the base forms of its parts with "+"
   between them: bouwvergunning, bouw-vergunning and bouwvergunningen have the key bouw+vergunning,
   whatever letters link the parts. A *piece* is a part or a run of parts short of the whole:
   woningbouwopgave has woning, bouw, opgave, woning+bouw and bouw+opgave. */
#pragma once

#include "dutch/dutch.h"

enum { WORD_MAX_PIECES = 40, WORD_MAX_BYTES = 128 };

struct piece {
    str key;
    size_t start, end; /* bytes in the word as written */
};

struct word {
    str folded; /* empty: nothing that can be searched */
    str key;
    bool is_stop;
    bool is_protected;
    size_t part_count;
    size_t piece_count;
    struct piece piece[WORD_MAX_PIECES];
};

/* Analyses words with the domain's own words, remembering what it saw; safe from many threads. */
struct analyser;
/* NULL: there is no memory. */
struct analyser *analyser_new(struct arena *a, const struct dutch_extra *extra);
/* Strings in *ret live in `a`. */
void analyser_word(struct analyser *an, struct arena *a, str text, struct word *ret);

/* Can the word have one of these keys, itself, as written (folded) or in a piece? traits: of the
   keys. True also for a word that was not seen lately; false is sure, and costs nearly nothing. */
bool analyser_may_have(struct analyser *an, str text, const uint32_t *traits, size_t count);
uint32_t word_trait(str key);

/* Do these two, written as one, make a compound with the seam between them (bouw vergunning)? Then
 *ret is that compound. */
bool analyser_join(struct analyser *an, struct arena *a, str left, str right, struct word *ret);
/* The same for words in running text, where most pairs are no compound: the left word must be as it
   is in front of a compound (nieuwe woningen is none), unless the lexicon has the whole. */
bool analyser_join_text(struct analyser *an, struct arena *a, str left,
                        const struct word *left_word, str right, struct word *ret);
bool analyser_known(const struct analyser *an, str folded);

/* A word in the token stream: 15 bits of its key, and the lowest bit says that it is written like
   its key. Never 0, which stands between fields. */
enum { TOKEN_BY_KEY = 0xFFFE, TOKEN_AS_WRITTEN = 0xFFFF };
uint16_t word_token(str key, str folded);
