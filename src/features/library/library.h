/* library.h - the knowledge library: what other features may ask of it. */
#pragma once

#include "base/ctx.h"

/* An item as it stands in a list. */
struct library_card {
    long long id;
    str slug, title, summary, type, certainty, evidence;
    long long changed_at;
    long long of_type; /* library_by_term only: how many items of this type carry the term */
};

/* Public items that carry a taxonomy term (kind "fase", "knelpunt", "thema" or "rol"), by type; of
   each type the first per_type, those with the fewest terms of the kind before the others, then by
   title. */
int library_by_term(struct ctx *c, const char *kind, str code, size_t per_type,
                    struct library_card **ret, size_t *ret_count) _nodiscard_;
/* Public items that were published or changed last, at most limit. */
int library_recent(struct ctx *c, size_t limit, struct library_card **ret,
                   size_t *ret_count) _nodiscard_;

/* What stands around an item's title in a list: "Definitie tot en met Voorbereiding"; the names of
 * its bottlenecks. */
struct library_words {
    str phases;
    str *bottlenecks;
    size_t bottlenecks_count;
    bool unchecked;
    bool known; /* false: the item is gone, and all else is empty */
};
struct taxonomy;
/* Of each of these items, in their order. */
int library_words(struct ctx *c, const struct taxonomy *t, const long long *ids, size_t count,
                  struct library_words *ret) _nodiscard_;

/* What stands of an item where others lead to it. */
struct library_brief {
    bool known; /* false: there is no such item, and all else is empty */
    bool unchecked;
    str slug, title, summary, type, type_name; /* slug: its present address */
    str phases, effort;                        /* in words; effort may be empty */
    str certainty, evidence;
};
/* Of the items at these addresses, present or former, in the order given. */
int library_briefs(struct ctx *c, const struct taxonomy *t, const str *slugs, size_t count,
                   struct library_brief *ret) _nodiscard_;

struct library_link {
    str slug, title;
};
/* The public items at these addresses, present or former, in the order given. */
int library_links(struct ctx *c, const str *slugs, size_t count, struct library_link **ret,
                  size_t *ret_count) _nodiscard_;

struct library_term_count {
    str kind, code;
    long long count;
};
/* How many public items carry each term of a kind. */
int library_term_counts(struct ctx *c, const char *kind, const struct library_term_count **ret,
                        size_t *ret_count) _nodiscard_;
int library_count(struct ctx *c, long long *ret) _nodiscard_; /* public items */
/* What the editors must still do to the public items. */
enum library_gap {
    LIBRARY_GAP_UNCHECKED, /* never checked by an editor */
    LIBRARY_GAP_OVERDUE,   /* past the day before which it must be checked again */
    LIBRARY_GAP_THIN,      /* less text than LIBRARY_THIN_WORDS: no full guide */
    LIBRARY_GAP_SOURCE,    /* no source with a web address */
    LIBRARY_GAPS,
};
enum { LIBRARY_THIN_WORDS = 300 };
int library_gap_count(struct ctx *c, enum library_gap gap, long long *ret) _nodiscard_;
/* By title, from offset, at most limit. */
int library_gap_items(struct ctx *c, enum library_gap gap, size_t offset, size_t limit,
                      struct library_link **ret, size_t *ret_count) _nodiscard_;

/* How many relations and links name an item that does not exist. */
int library_broken_relations(struct ctx *c, long long *ret) _nodiscard_;

/* The feed of all items: its name and address, for the head of a page. */
#define LIBRARY_FEED_NAME "Nieuw en gewijzigd in de kennisbank"
#define LIBRARY_FEED_URL "/kennisbank/feed.atom"

/* Words of the interface for the codes in an item. */
str library_type_name(str type);         /* "Werkwijze" */
str library_kind_name(str kind);         /* "Handreiking" */
str library_evidence_name(str evidence); /* "Onvoldoende bewijs" */
str library_effort_name(str effort);     /* "Gemiddeld" */
str library_licence_name(str id);        /* "CC BY 4.0", or the id itself */
str library_licence_url(str id);         /* empty when not known */
bool library_is_checked(str certainty);

extern const struct module library_module;
