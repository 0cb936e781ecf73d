/* mark.h - puts elements around some words of finished markup, such as links around terms that are
   explained elsewhere. Takes html and gives html: what goes in was escaped before, and what is
   added is written by the same writer.

   Words are looked for in the text of elements, never across the borders of one, and never inside
   links, headings, code, buttons, abbreviations or form fields. */
#pragma once

#include "html/html.h"

enum { MARK_MAX_ADDED = 1024 * 1024 }; /* bytes that marks may add to one text */

struct mark_hit {
    size_t start, end; /* bytes in the text that was asked about */
    const void *what;  /* the finder's, for the writer */
};

struct marker {
    /* The first words to mark at or after `from`; false when there are none. text is plain: its
     * escapes are undone. A hit is not empty and begins at or after `from`. */
    bool (*next)(void *arg, str text, size_t from, struct mark_hit *ret);
    /* Writes the words, with what belongs around them. */
    void (*write)(void *arg, struct out *o, html words, const void *what);
    void *arg;
};

/* The markup with marks; as it was when they would add more than MARK_MAX_ADDED. */
html html_mark(struct arena *a, html source, const struct marker *m);
