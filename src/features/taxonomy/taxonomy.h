/* taxonomy.h - the words that all features share. A bottleneck in an item, on a plan, in a question
   and in a scenario is the same row here. */
#pragma once

#include "base/ctx.h"

enum taxonomy_kind {
    TAXONOMY_PHASE,
    TAXONOMY_BOTTLENECK,
    TAXONOMY_THEME,
    TAXONOMY_ACTOR,
    TAXONOMY_KINDS,
};

struct taxonomy_term {
    long long id;
    str kind; /* fase, knelpunt, thema, rol: also the name of the facet and of the URL parameter */
    str code, slug, name, formal, summary, text, ends_with, section, planmonitor;
    long long position, starter_hash;
};

struct taxonomy_list {
    const struct taxonomy_term *terms; /* in order of position */
    size_t count;
};

struct taxonomy {
    struct taxonomy_list list[TAXONOMY_KINDS];
};

/* The whole taxonomy, some 60 rows, into the ctx's arena. */
int taxonomy_load(struct ctx *c, const struct taxonomy **ret) _nodiscard_;

/* NULL when there is no such term. */
const struct taxonomy_term *taxonomy_by_code(const struct taxonomy *t, enum taxonomy_kind kind,
                                             str code);
const struct taxonomy_term *taxonomy_by_slug(const struct taxonomy *t, enum taxonomy_kind kind,
                                             str slug);

struct taxonomy_codes {
    const str *items;
    size_t count;
};
struct index_document; /* index/index.h */
/* Gives the document its facets: type ("soort") and the slugs of its codes, by kind; an unknown
   code is left out. */
void taxonomy_facets(struct arena *a, const struct taxonomy *t, str type,
                     const struct taxonomy_codes codes[TAXONOMY_KINDS], struct index_document *ret);

/* Codes in the documents of others: what record_read asks about them, and the answer: NULL, or what
   is wrong with the code. t: NULL checks nothing. */
enum { TAXONOMY_CHECKS = TAXONOMY_KINDS + 1 }; /* where a caller's own checks begin */
#define TAXONOMY_CHECK(kind) ((int)(kind) + 1)
const char *taxonomy_check(struct ctx *c, const struct taxonomy *t, int check, str code);

struct page_link; /* html/page.h */
/* "/fasen/ontwerp", the page of a term. */
str taxonomy_url(struct arena *a, enum taxonomy_kind kind, const struct taxonomy_term *term);
/* The names and pages of these codes; an unknown code is left out. */
const struct page_link *taxonomy_links(struct arena *a, const struct taxonomy *t,
                                       enum taxonomy_kind kind, const str *codes, size_t count,
                                       size_t *ret_count);

const char *taxonomy_kind_name(enum taxonomy_kind kind);   /* "fase": facet and URL parameter */
const char *taxonomy_kind_folder(enum taxonomy_kind kind); /* "fasen": the pages' address */
const char *taxonomy_kind_label(enum taxonomy_kind kind);  /* "Fase": heading of a facet */

extern const struct module taxonomy_module;
