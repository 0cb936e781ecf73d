/* reading.h - a query while it is being understood: shared by expand.c, compound.c and meaning.c.
 */
#pragma once

#include "index/index_int.h"

/* What each kind of evidence is worth beside a word of the query itself, which is 1. Tuned on half
   A of tests/relevance; docs/decisions/0015-ranking.md has the figures. */
#define WEIGHT_TITLE 1.0         /* the same word in title or keywords, on top */
#define WEIGHT_WRITTEN 0.3       /* written just so, on top */
#define WEIGHT_WHOLE 1.0         /* the object is called what was asked, on top */
#define WEIGHT_SYNONYM 0.8       /* another word for it */
#define WEIGHT_SYNONYM_WORD 0.25 /* one word of another wording of several */
#define WEIGHT_DERIVED 0.7       /* onteigening for onteigenen */
#define WEIGHT_RUN 0.6           /* of a compound: several parts together */
#define WEIGHT_PART 0.6          /* one part */
#define WEIGHT_LIGHT 0.3         /* of a word that says little */

enum { MAX_RUN = 3 };

struct reading {
    struct search *s;
    struct arena *a;
    const struct parsed *p;
    struct plan *plan;
    struct word word[INDEX_MAX_CLAUSES]; /* of the clauses that are words */
    bool joined[INDEX_MAX_CLAUSES];      /* belongs to the word before it, as one with it */
    str mended[INDEX_MAX_CLAUSES];       /* what a mistyped word became; empty: nothing */
    bool only_stop_words, only_light_words;
};

/* ---- expand.c ---- */

void reading_mark(struct reading *r, str key);
void reading_want(struct reading *r, struct want want);
int reading_frequency(struct reading *r, char prefix, str text, size_t *ret) _nodiscard_;
bool reading_plain_word(const struct reading *r, size_t i);
/* A key anywhere, with more weight in titles and keywords. */
const struct node *reading_key(struct reading *r, str key);

/* ---- compound.c ---- */

/* Words typed apart that are one word of the language or of the texts. *ret_count is how many words
   it takes; 0: none. */
int compound_join(struct reading *r, size_t i, struct word *ret, size_t *ret_count) _nodiscard_;
/* What has some of a compound: each of its pieces by its own weight. NULL: it is no compound. */
const struct node *compound_pieces(struct reading *r, const struct word *w);
/* Its pieces are marked in hits that may lack the whole. */
void compound_mark(struct reading *r, const struct word *w);
/* The compound in the texts: written apart, or else all its parts wherever they stand. frequency 0:
   not even that. *ret_parts: it was the parts. */
int compound_unseen(struct reading *r, const struct word *w, struct want *ret,
                    bool *ret_parts) _nodiscard_;

/* ---- meaning.c ---- */

/* The longest run of words at i that has another meaning; 0: none. */
size_t meaning_run(const struct reading *r, size_t i);
/* Adds to want what the words i .. i + count - 1 mean otherwise. */
int meaning_add(struct reading *r, size_t i, size_t count, struct want *want) _nodiscard_;
/* Adds words of the same stem and another kind: the noun of a verb, the noun of an adjective. */
int meaning_add_derived(struct reading *r, const struct word *w, struct want *want) _nodiscard_;
