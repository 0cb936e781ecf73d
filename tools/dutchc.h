/* dutchc.h - what the files of tools/dutchc share: the words, and who adds to them.

   dutchc runs once in a build: it reads hunspell-nl, wdutch and our own lists, and writes the
   packed lexicon that engines/dutch looks words up in. */
#pragma once

#include "base/arena.h"
#include "base/str.h"
#include "dutch/table.h"

/* How good a reason for a base is; the lowest wins, equal ones are settled by words_link. */
enum {
    LINK_CURATED = 0,
    LINK_LEMMA = 10, /* the word is a dictionary noun itself */
    LINK_PLURAL = 20,
    LINK_BARE = 25, /* a noun by its compounding flags alone */
    LINK_ADJECTIVE = 30,
    LINK_DIMINUTIVE = 40,
    LINK_ADJECTIVE_FORM = 50,
    LINK_NOUN_IN_E = 55, /* zieke, oude: rather the adjective, when there is one */
    LINK_INFINITIVE = 60,
    LINK_VERB = 70,
    LINK_GUESS = 80,
    LINK_NONE = 1000,
};

struct word {
    str text; /* folded */
    struct word *base;
    uint32_t flags;
    int link;
    bool bare;           /* an entry that only compounds: no plural, no diminutive of its own */
    bool real;           /* stands in a word list, not only generated */
    bool capital, small; /* seen with, without a capital */
    uint32_t first, first_s, last; /* how many longer words it begins and ends */
    uint16_t class_id;
};

struct words {
    struct arena *arena;
    struct word **slots;
    size_t mask, count;
};

void words_init(struct words *w, struct arena *a);
struct word *words_find(const struct words *w, str text); /* NULL when absent */
struct word *words_findz(const struct words *w, const char *z);
struct word *words_add(struct words *w, str folded); /* the text is copied */
/* Folds text and adds it with flags; NULL when nothing of a-z0-9 remains or it holds other letters.
 */
struct word *words_put(struct words *w, str text, uint32_t flags);
void words_link(struct word *form, struct word *base, int link);
struct word **words_sorted(const struct words *w);

/* Reads a whole file or ends the program with a message. */
str read_file(struct arena *a, const char *path);
_Noreturn void fail(const char *what, const char *path);

void hunspell_read(struct words *w, str aff, str dic);
void verbs_inflect(struct words *w, str strong);
void guess_bases(struct words *w);
void families_count(struct words *w);
void table_write(struct words *w, const char *blob_path);
