/* site_gaps_int.h - what the editors must still do: one list for the page and the API. */
#pragma once

#include "library/library.h"
#include "site/site_int.h"

/* The first are those of the library: enum library_gap. */
enum site_gap {
    SITE_GAP_FEW = LIBRARY_GAPS, /* terms with too few items */
    SITE_GAP_COLLECTION,         /* roles and bottlenecks without a collection */
    SITE_GAPS,
};
enum { SITE_FEW_ITEMS = 4 };

struct site_gap_subject {
    str kind, slug, name, url; /* kind: item, fase, knelpunt, thema, rol */
    bool counted;              /* of a term: how many items it has */
    long long items;
};

const char *site_gap_code(enum site_gap gap); /* "te-weinig", in the API */
int site_gap_count(struct ctx *c, enum site_gap gap, long long *ret) _nodiscard_;
/* From offset, at most limit. */
int site_gap_subjects(struct ctx *c, enum site_gap gap, size_t offset, size_t limit,
                      struct site_gap_subject **ret, size_t *ret_count) _nodiscard_;

struct site_gaps_view {
    str date, finding, contact; /* contact: of who runs the site; may be empty */
    long long total;
    const struct site_gap_view {
        str id, heading, intro, count_words, more_words;
        long long count;
        bool folded; /* a long list, behind a summary */
        const struct site_gap_subject *subjects;
        size_t subjects_count;
    } * gaps;
    size_t gaps_count;
};
void site_gaps_html(struct out *o, const struct site_gaps_view *v);

#define SITE_GAP_CODES "niet-nagekeken|verouderd|kort|geen-webadres|te-weinig|geen-collectie"
extern const struct json_shape site_gap_shape;
http_handler site_gaps, site_gaps_api;
