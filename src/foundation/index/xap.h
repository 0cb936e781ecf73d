/* xap.h - the small part of Xapian that the index needs, in C. xap.cc is the only file that knows
   Xapian.

   No exception leaves it: ERR_CONFLICT when the index was changed too often while it was being read
   (refresh the reader and ask again), ERR_BUSY when another process writes, ERR_INTERNAL for the
   rest, each with log words. Readers and writers belong to one thread at a time. Results live in
   the ctx's arena. */
#pragma once

#include "base/ctx.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { XAP_MAX_TERM = 200, XAP_MAX_FACETS = 8 };

/* ---- what is asked ---- */

enum node_kind {
    NODE_NONE, /* finds nothing */
    NODE_ALL,  /* finds everything */
    NODE_TERM,
    NODE_AND,
    NODE_OR,
    NODE_MAYBE,  /* child 0 must be there, the others only add weight */
    NODE_FILTER, /* all children must be there, only child 0 gives weight */
    NODE_NOT,    /* child 0 without what any of the others finds */
    NODE_SCALE,  /* child 0 with its weight times scale */
    NODE_PHRASE, /* documents that have the words next to each other; no weight */
    NODE_PREFIX, /* terms that begin with term, at most limit of them */
};

/* Words next to each other: `tokens` in this order in the document's token stream, under the mask.
   When verify is set it has the last word, given the document's data. */
struct phrase {
    const str *terms; /* every document that has the phrase has all of these */
    size_t term_count;
    const uint16_t *tokens;
    size_t token_count;
    uint16_t mask;
    bool (*verify)(void *arg, str data);
    void *arg;
};

struct node {
    enum node_kind kind;
    str term;
    double scale;
    size_t limit;
    const struct phrase *phrase;
    const struct node *const *child;
    size_t count;
};

struct xap_request {
    const struct node *query;
    bool newest_first; /* else by weight */
    bool any_order;    /* no weights: the first that fit will do */
    size_t offset, limit;
    size_t check_at_least; /* counts are exact up to here */
    unsigned facets;       /* bit i: count the values of facet i */
    const char *prefixes;  /* not NULL: of each hit no data, but its terms that begin so */
};

struct xap_hit {
    unsigned long long document;
    double weight;
    str data;
    const str *terms; /* with prefixes: in their order */
    size_t term_count;
};
struct xap_count {
    unsigned facet;
    str value;
    size_t count;
};
struct xap_result {
    size_t total;
    bool exact;
    double best_weight; /* no document can weigh more for this query */
    const struct xap_hit *hits;
    size_t hit_count;
    const struct xap_count *counts; /* facet by facet, most frequent first, then by value */
    size_t count_count;
};

/* ---- reading ---- */

struct xap_reader;

int xap_reader_open(struct ctx *c, const char *path, struct xap_reader **ret) _nodiscard_;
void xap_reader_close(struct xap_reader *r); /* NULL allowed */
/* Moves to the newest commit. */
int xap_reader_refresh(struct ctx *c, struct xap_reader *r) _nodiscard_;

int xap_match(struct ctx *c, struct xap_reader *r, const struct xap_request *q,
              struct xap_result *ret) _nodiscard_;
/* Number of documents with this term. */
int xap_frequency(struct ctx *c, struct xap_reader *r, str term, size_t *ret) _nodiscard_;
/* The word of the index nearest to this one, the most frequent of the nearest; empty: none. */
int xap_nearest_word(struct ctx *c, struct xap_reader *r, str word, unsigned max_edits,
                     str *ret) _nodiscard_;
/* Terms that begin with prefix and come at or after `from` in byte order, at most limit. */
int xap_terms(struct ctx *c, struct xap_reader *r, str prefix, str from, size_t limit, str **ret,
              size_t *ret_count) _nodiscard_;
/* Values of a facet that stand in the index or once did. */
int xap_facet_values(struct ctx *c, struct xap_reader *r, unsigned facet, str **ret,
                     size_t *ret_count) _nodiscard_;
int xap_metadata(struct ctx *c, struct xap_reader *r, const char *key, str *ret) _nodiscard_;
size_t xap_document_count(struct xap_reader *r);

/* ---- writing ---- */

struct xap_term {
    str term;
    unsigned wdf; /* weight within the document; 0: only there to be found */
};
struct xap_facet_value {
    unsigned facet;
    str value;
};
struct xap_document {
    str id; /* a term that only this document has */
    const struct xap_term *terms;
    size_t term_count;
    const struct xap_facet_value *values;
    size_t value_count;
    str tokens; /* 16-bit hashes in the machine's byte order */
    str data;
    long long changed_at;
};

struct xap_writer;

enum { XAP_CREATE = 1, XAP_QUICK = 2 }; /* QUICK: no fsync per commit; for building beside */
int xap_writer_open(struct ctx *c, const char *path, unsigned flags,
                    struct xap_writer **ret) _nodiscard_;
void xap_writer_close(struct xap_writer *w); /* drops what was not committed; NULL allowed */
/* Adds or replaces the document with this id. */
int xap_writer_put(struct ctx *c, struct xap_writer *w, const struct xap_document *d) _nodiscard_;
int xap_writer_remove(struct ctx *c, struct xap_writer *w, str id) _nodiscard_;
int xap_writer_set_metadata(struct ctx *c, struct xap_writer *w, const char *key,
                            str value) _nodiscard_;
int xap_writer_metadata(struct ctx *c, struct xap_writer *w, const char *key, str *ret) _nodiscard_;
/* ERR_BUSY when it could not be written: the index is then as it was. After it, good or not, the
   writer can only be closed. */
int xap_writer_commit(struct ctx *c, struct xap_writer *w) _nodiscard_;

/* Writes a compact copy; `to` must not exist. */
int xap_compact(struct ctx *c, const char *from, const char *to) _nodiscard_;

/* A term that Xapian takes: long ones are cut and end in a hash. */
str xap_name(struct arena *a, char prefix, str text);

#ifdef __cplusplus
}
#endif
