/* organisations.h - who works on housing: municipalities, provinces, housing regions, the state,
   corporations, market parties, knowledge institutes. Accounts belong to one; plans, questions and
   trajectories will be of one. */
#pragma once

#include "base/ctx.h"

#define ORGANISATION_KIND "organisatie" /* in the change feed */

enum {
    ORGANISATION_MAX_NAME = 120, /* characters */
    ORGANISATION_MAX_DOMAIN = 253,
};

struct organisation {
    long long id;
    str kind; /* "gemeente": code of a kind */
    str code, slug, name;
    str province;                        /* code of a province, or empty */
    long long inhabitants, urbanisation; /* 0: not known; urbanisation 1 (very urban) to 5 */
    long long starter_hash;
    str words; /* organisation_words of the full name; empty outside organisations_load */
};

struct organisations {
    const struct organisation *items; /* by kind, then by name as a dictionary does */
    size_t count;
};

/* What an organisation can be. */
struct organisation_kind {
    const char *code, *name, *plural;
    bool market;  /* earns by building or advising: its contributions show its interest */
    bool members; /* is made of municipalities */
};
extern const struct organisation_kind organisation_kinds[];
extern const size_t organisation_kind_count;
const struct organisation_kind *organisation_kind_of(str code); /* or NULL */

/* All of them, made once per change and shared; it stays until c's arena is reset. */
int organisations_load(struct ctx *c, const struct organisations **ret) _nodiscard_;
const struct organisation *organisation_by_code(const struct organisations *list,
                                                str code); /* or NULL */
const struct organisation *organisation_by_slug(const struct organisations *list,
                                                str slug); /* or NULL */
const struct organisation *organisation_by_id(const struct organisations *list,
                                              long long id); /* or NULL */
/* "Gemeente Groningen", "Provincie Groningen"; the name alone for other kinds. */
str organisation_full_name(struct arena *a, const struct organisation *o);
/* As names are compared: without capitals, accents and marks. */
str organisation_words(struct arena *a, str text);
/* Has its full name these words? words: from organisation_words. */
bool organisation_fits(const struct organisation *o, str words);

/* The organisation whose verified domain the mail address is in; 0 when there is none. Exact: an
 * address in a subdomain is not in the domain. */
int organisation_of_address(struct ctx *c, str address, long long *ret_id) _nodiscard_;

extern const struct module organisations_module;
