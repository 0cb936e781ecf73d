/* markdown_guard.h - refuses the shapes of text on which the Markdown library needs quadratic time.

   Debian 12's cmark-gfm (0.29.0.gfm.6) lacks the fixes of CVE-2023-22483, -22484, -22486, -24824
   and -26485. The bounds are far above anything that people write; below them 256 KiB takes well
   under a second (bench figures in the tests). */
#pragma once

#include "base/str.h"

struct markdown_refusal {
    size_t line;       /* from 1 */
    const char *words; /* Dutch, what to do */
};

/* True when the text may be parsed. */
bool markdown_guard(str source, struct markdown_refusal *ret);
