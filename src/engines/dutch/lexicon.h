/* lexicon.h - looking words up in the packed lexicon. */
#pragma once

#include "base/str.h"
#include "dutch/table.h"

/* A place in the automaton while letters go in one by one. */
struct lexicon_walk {
    uint32_t state;  /* first edge of the state; 0: no way on */
    uint32_t number; /* forms that sort before what has been walked */
};

struct lexicon_walk lexicon_begin(void);
/* Goes on with one letter; false when no form continues so. *ret_class is the class of the form
   that ends with this letter, NULL when none does. */
bool lexicon_step(struct lexicon_walk *walk, char letter, const struct dutch_class **ret_class);

/* The class of a folded form; NULL when the lexicon lacks it. */
const struct dutch_class *lexicon_find(str folded);

/* The base of a form of this class: writes to out (room for form.len + 64), returns the length. */
size_t lexicon_base(const struct dutch_class *c, str form, char *out);

/* How many letters at the end of the form its base lacks; 0 when the base is no mere front of it.
 */
size_t lexicon_cut(const struct dutch_class *c);
