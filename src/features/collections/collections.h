/* collections.h - ordered paths through the library, with a sentence why for each item: what other
   features may ask. */
#pragma once

#include "base/ctx.h"

#define COLLECTION_KIND "collectie" /* in the change feed, of the index and its facet "soort" */

struct collection_words {
    const str *items;
    size_t items_count;
};
struct collection_step {
    str item, why; /* slug of the item */
};

struct collection {
    long long id, number, created_at, changed_at; /* number of the public revision */
    str slug, title, short_title, kind;           /* kind: route, rol or knelpunt */
    str summary, introduction;
    struct collection_words phases, bottlenecks, themes, actors; /* codes that it is for */
    const struct collection_step *steps;
    size_t steps_count;
    str owner, licence, certainty, checked, review; /* as an item's */
    str document;                                   /* the file text of docs/content-format.md */
};

struct collections {
    const struct collection *items; /* by title */
    size_t count;
};

/* All collections, made once per change and shared; they stay until c's arena is reset. */
int collections_load(struct ctx *c, const struct collections **ret) _nodiscard_;
const struct collection *collections_by_slug(const struct collections *all, str slug); /* or NULL */

enum { COLLECTIONS_OF_TERM = 3 };
struct collection_card {
    str url, title, summary, count_words; /* "8 stappen" */
};
/* What the page of a term shows: what was made for it, then the routes that it is on; at most
   COLLECTIONS_OF_TERM. kind: "rol", "knelpunt", "fase" or "thema". */
int collections_of_term(struct ctx *c, const char *kind, str code, struct collection_card **ret,
                        size_t *ret_count) _nodiscard_;
/* Those of one kind, by title. */
int collections_of_kind(struct ctx *c, const char *kind, struct collection_card **ret,
                        size_t *ret_count) _nodiscard_;

/* Of these codes of a taxonomy kind ("rol", "knelpunt"), those that no collection of that kind is
 * for. */
int collections_missing(struct ctx *c, const char *kind, const str *codes, size_t count,
                        const str **ret, size_t *ret_count) _nodiscard_;

extern const struct module collections_module;
