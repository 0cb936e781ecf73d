/* starter.h - content in the binary that is loaded once: again only when the binary brings other
   files than were loaded last. What somebody changed since is for the feature to leave alone. */
#pragma once

#include "base/embedded.h"

struct ctx;

struct starter {
    const char *folder, *suffix; /* what paths begin and end with: "content/library/", ".md" */
    /* Fingerprint of the files that were loaded last; 0 when none were. */
    int (*loaded)(struct ctx *c, long long *ret);
    int (*set_loaded)(struct ctx *c, long long fingerprint);
    int (*load)(struct ctx *c, const void *arg, str bytes); /* one file */
    int (*transaction)(struct ctx *c, int (*body)(struct ctx *c, void *arg), void *arg);
};

/* Loads all files in one transaction, or does nothing. A file that is refused is a mistake in the
 * binary: ERR_INTERNAL, with its name in the words for the log. */
int starter_load(struct ctx *c, const struct starter *s, const void *arg) _nodiscard_;
