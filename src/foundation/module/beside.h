/* beside.h - what a feature shows on the page of an object that is another's: the collections that
   an item is in, later who applies it and where it is taught. The feature whose page it is may not
   know the others, for they know it; so each names itself in its descriptor, and the page asks all
   of them. */
#pragma once

#include "base/ctx.h"

enum { BESIDE_MAX = 8 }; /* links of one source */

struct beside_link {
    str name, url;
};

struct beside_source {
    const char *kind;    /* of the object, as in the change feed: "item" */
    const char *heading; /* "Hoort bij" */
    /* slugs: the address of the object, then its former ones. At most BESIDE_MAX links. */
    int (*links)(struct ctx *c, const str *slugs, size_t count, struct beside_link **ret,
                 size_t *ret_count);
};

/* All sources of the program; ctx.besides. */
struct besides {
    const struct beside_source *const *sources;
    size_t count;
};

struct beside_block {
    str heading;
    const struct beside_link *links;
    size_t links_count;
};

/* What the others show beside this object, in the order of the features; a source without links is
   left out. */
int beside_blocks(struct ctx *c, const char *kind, const str *slugs, size_t count,
                  struct beside_block **ret, size_t *ret_count) _nodiscard_;
