/* index.h - full-text index over everything that can be found, fed from the change feed.

   Derived data: each node keeps its own copy in a folder, catches up with the `change` table, and
   can be rebuilt while the old one keeps answering. Only published text enters it, so nothing else
   can leak from hits, counts, suggestions or snippets. Xapian stays behind index/xapian.cc. */
#pragma once

#include "base/ctx.h"

enum { INDEX_MAX_FACETS = 8, INDEX_MAX_QUERY = 300, INDEX_EXACT_COUNT = 10000 };

struct index_facet_values {
    const char *facet; /* "soort", "fase", "knelpunt", "thema", "rol": the name in the URL */
    const str *values; /* codes */
    size_t count;
};

/* What a feature hands over for one object. */
struct index_document {
    str title;
    str short_title; /* empty: none */
    str keywords;    /* what people call it, commas between; weighs nearly as the title */
    str summary;
    str body; /* plain text */
    str url;  /* path of its page */
    str slug;
    str type;      /* code of the type tab and facet "soort" */
    str catalogue; /* id in the catalogue; empty: none */
    long long changed_at;
    const struct index_facet_values *facets;
    size_t facet_count;
    const str *related; /* addresses (as url) of what belongs with it; 100 count */
    size_t related_count;
    bool secondary; /* names or explains something: stands after what has more about it */
};

/* One kind of object in the change feed. */
struct index_source {
    const char *kind; /* as in db_change */
    /* Fills *ret, or returns ERR_NOT_FOUND when the object is gone or not public: it is then
     * removed. */
    int (*load)(struct ctx *c, long long id, struct index_document *ret);
    /* Ids of all public objects after `after`, rising, at most limit; for a rebuild. */
    int (*list)(struct ctx *c, long long after, size_t limit, long long **ret_ids,
                size_t *ret_count);
};

struct index_synonym {
    str from, to; /* words or phrases as typed */
    bool both;    /* also the other way */
};
struct index_vocabulary {
    const struct index_synonym *synonyms;
    size_t synonym_count;
    const str *protect; /* never split or reduced */
    size_t protect_count;
};

/* Opens (or makes) the index in the folder. Sources and facet names stay the caller's. */
int index_open(struct ctx *c, str folder, const struct index_source *sources, size_t source_count,
               const char *const *facets, size_t facet_count, struct index **ret) _nodiscard_;
void index_close(struct index *ix); /* NULL allowed */

/* Replaces synonyms and protected words; queries that start after this use them. Does nothing when
   they are the same as before, so it may be called often. A changed protect list needs a rebuild,
   which the next catch-up does. */
int index_set_vocabulary(struct ctx *c, struct index *ix,
                         const struct index_vocabulary *v) _nodiscard_;

/* Takes in what changed since the last call, in batches; *ret_done counts objects. One thread at a
 * time (the indexer). */
int index_catch_up(struct ctx *c, struct index *ix, size_t *ret_done) _nodiscard_;
/* Builds a fresh index beside the current one and switches; progress may be NULL. Searching goes on
 * meanwhile. */
typedef void index_progress(void *arg, size_t done);
int index_rebuild(struct ctx *c, struct index *ix, index_progress *progress, void *arg) _nodiscard_;

/* ---- asking ---- */

struct index_filter {
    const char *facet;
    const str *values; /* several values: OR */
    size_t count;
};

struct index_query {
    str text; /* as typed; empty: everything that fits the filters, newest first */
    const struct index_filter *filters; /* different facets: AND */
    size_t filter_count;
    size_t offset, limit; /* limit at most 100; offset at most 10000 */
    bool explain;
};

struct index_span {
    size_t start, end;
};                  /* bytes */
struct index_text { /* text with the matched parts marked */
    str text;
    const struct index_span *spans; /* rising, not overlapping */
    size_t span_count;
};

struct index_hit {
    str kind;
    long long id;
    double score; /* 0..100, relative to the best possible of this query */
    bool partial; /* has only some of the words, or belongs with a hit that fits well */
    str slug, url, type, catalogue;
    struct index_text title, snippet; /* snippet from summary or body */
    str explanation;                  /* with explain: one line per matched term and its weight */
};

struct index_count {
    str value;
    size_t count;
};
struct index_facet {
    const char *name;
    const struct index_count
        *counts; /* most frequent first; counts as if this facet had no filter */
    size_t count;
};

struct index_result {
    size_t total;
    bool total_exact; /* exact up to INDEX_EXACT_COUNT */
    const struct index_hit *hits;
    size_t hit_count;
    const struct index_facet *facets;
    size_t facet_count;
    size_t complete; /* how many hits have all that was asked */
    bool relaxed;    /* not all hits have: some are partial */
    str corrected; /* the query as it was really asked, when a typing mistake was mended; else empty
                    */
    str suggestion; /* with no hits: another query that has hits; else empty */
};

/* Query language: words; "exact phrase"; -word; field:word with field titel, soort, fase, knelpunt,
   thema, rol, catalogus. Hits have all words; when these are few, others are added that have some
   of them or belong with the best, and all are ranked together (docs/decisions/0015-ranking.md).
   ERR_INVALID past INDEX_MAX_QUERY bytes. */
int index_search(struct ctx *c, struct index *ix, const struct index_query *q,
                 struct index_result *ret) _nodiscard_;

struct index_suggestion {
    str text; /* title of an object */
    str url, type;
};
/* As you type: objects whose title or keywords have the words, the last one as a prefix. At most
 * limit. */
int index_suggest(struct ctx *c, struct index *ix, str text, size_t limit,
                  struct index_suggestion **ret, size_t *ret_count) _nodiscard_;

struct index_status {
    size_t documents;
    long long last_change; /* id in the change feed */
    long long size_bytes;
};
int index_status(struct ctx *c, struct index *ix, struct index_status *ret) _nodiscard_;
