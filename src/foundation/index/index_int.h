/* index_int.h - structs shared inside the index.

   Terms in Xapian, by first letter (keys and folded words are lower-case):
     (none)  key of a word or of a piece of a compound, anywhere in the text
     S       a word as written (folded), where that is not its key
     T       key of a word or piece in the title, the short title or the keywords
     E       a name as a whole: title, short title or one of the keywords, by the keys of its words
     A       the address of the object, R the address of one that belongs with it
     U       such a word as written, from the start of each of its parts to its end:
   omgevingsvergunning gives Uomgevingsvergunning and Uvergunning; for prefixes while typing F facet
   number and value           C  catalogue id, lower-case K       kind:id, the one document */
#pragma once

#include <pthread.h>

#include "index/index.h"
#include "index/words.h"
#include "index/xap.h"

enum {
    INDEX_FORMAT = 3,            /* another number: the index is built anew */
    INDEX_MAX_TEXT = 256 * 1024, /* bytes of a body that are searched and kept for snippets */
    INDEX_MAX_CLAUSES = 24,      /* words, phrases and fields of a query that count */
    INDEX_READERS = 16,          /* idle readers that are kept */
};

/* ---- vocabulary: what the editors manage, ready for use ---- */

/* One side of a synonym means the other: a run of words, by key. */
struct meaning {
    const str *from; /* keys */
    size_t from_count;
    const str *to;
    size_t to_count;
    str to_text;
};

/* Made once, then only read; freed when the last user lets go. */
struct vocabulary {
    struct arena *arena;
    struct analyser *analyser;
    const struct meaning *meanings;
    size_t meaning_count;
    str protect_mark; /* hash of the protected words; another one in the index means a rebuild */
    uint64_t hash;    /* of all that it was made from */
    size_t users;     /* guarded by index->lock */
};

uint64_t vocabulary_hash(const struct index_vocabulary *v);
int vocabulary_new(struct ctx *c, const struct index_vocabulary *v,
                   struct vocabulary **ret) _nodiscard_;
void vocabulary_free(struct vocabulary *v);

/* ---- the index ---- */

/* One folder gen-N. Its lock file is held shared while anybody reads it. */
struct generation {
    long long number;
    str path;
    int lock_fd;
    size_t users; /* readers lent out, and 1 while it is the current one */
    struct xap_reader *idle[INDEX_READERS];
    size_t idle_count;
};

struct index {
    struct arena *arena; /* for what lives as long as the index */
    str folder;
    const struct index_source *sources;
    size_t source_count;
    const char *const *facets;
    size_t facet_count;
    pthread_mutex_t lock;       /* guards what follows and the generations */
    struct generation *current; /* NULL: none yet */
    long long current_stamp[3]; /* inode and time of FOLDER/current when it was read */
    struct vocabulary *vocabulary;
};

/* Facet number by name, or -1. */
int index_facet_number(const struct index *ix, str name);
struct vocabulary *index_vocabulary_take(struct index *ix);
void index_vocabulary_give(struct index *ix, struct vocabulary *v);

/* ---- folder.c: generations and who reads them ---- */

struct lent_reader {
    struct generation *generation;
    struct xap_reader *reader;
};
/* A reader on the newest commit of the current generation. */
int folder_reader_take(struct ctx *c, struct index *ix, struct lent_reader *ret) _nodiscard_;
void folder_reader_give(struct index *ix, struct lent_reader *lent);
void folder_close(struct index *ix);
str folder_path(struct arena *a, const struct index *ix, const char *name);
str folder_generation(struct arena *a, const struct index *ix, long long number);
long long folder_free_number(struct ctx *c, const struct index *ix);
/* Number in FOLDER/current; 0: none. */
int folder_current(struct ctx *c, const struct index *ix, long long *ret) _nodiscard_;
int folder_switch(struct ctx *c, struct index *ix, long long number) _nodiscard_;
/* Removes the generations that are neither current nor read by anybody. */
void folder_clean(struct ctx *c, struct index *ix);
/* An exclusive lock on FOLDER/name, across processes; ERR_BUSY after wait_ms. Give back with
 * folder_unlock. */
int folder_lock(struct ctx *c, const struct index *ix, const char *name, int wait_ms,
                int *ret_fd) _nodiscard_;
void folder_unlock(int fd);

/* ---- terms.c and data.c ---- */

/* What is kept of a document for showing it. */
struct stored {
    str kind;
    long long id;
    str slug, url, type, catalogue, title, name, keywords, summary, body; /* name: short title */
};
str stored_pack(struct arena *a, const struct stored *s);
bool stored_unpack(str data, struct stored *ret);

void terms_of(struct arena *a, const struct index *ix, struct analyser *an, str kind, long long id,
              const struct index_document *d, struct xap_document *ret);
/* What stands for words as a whole name, by their keys, leaving out what says little. */
str terms_whole(struct arena *a, const str *keys, size_t count);
str terms_id(struct arena *a, str kind, long long id);
str terms_facet(struct arena *a, int facet, str value);

/* ---- query.c: what was typed ---- */

enum clause_kind { CLAUSE_WORD, CLAUSE_PHRASE, CLAUSE_FIELD };
enum { FIELD_TITLE = -1, FIELD_CATALOGUE = -2 };

struct clause {
    enum clause_kind kind;
    bool excluded;
    bool quoted;
    int field; /* facet number or FIELD_ */
    str text; /* of a word: the word; of a phrase or field: what is inside it; points into the query
               */
};
struct parsed {
    str text;
    struct clause clause[INDEX_MAX_CLAUSES];
    size_t count;
};
void query_parse(const struct index *ix, str text, struct parsed *ret);

/* ---- expand.c: what it means ---- */

/* One thing that a hit must have. */
struct want {
    const struct node *node;
    const struct node *bonus; /* more weight, NULL: none */
    const struct node *loose; /* has only some of it, as parts of a compound; NULL: none */
    size_t frequency;         /* about how many documents have it */
    bool must;                /* also where some of the others will do: a phrase, a field */
};
/* A key that is marked in titles and snippets. */
struct mark {
    str key;
    bool whole; /* only whole words, not pieces of compounds */
};
struct plan {
    const struct parsed *parsed;
    struct want wants[INDEX_MAX_CLAUSES];
    size_t want_count;
    const struct node *extra[INDEX_MAX_CLAUSES]; /* weight for what has it, but nothing must */
    size_t extra_count;
    const struct node *whole; /* weight for what is called just this; NULL: nothing is */
    const struct node *filters[INDEX_MAX_CLAUSES]; /* no weight, but required */
    size_t filter_count;
    const struct node *excluded[INDEX_MAX_CLAUSES];
    size_t excluded_count;
    struct {
        struct mark *items;
        size_t count, capacity;
    } marks;
    struct {
        struct mark *items;
        size_t count, capacity;
    } parts;             /* marks of the parts of compounds, for hits that may lack the whole */
    bool marks_of_parts; /* of the hit that is shown: count those too */
    bool has_compound;   /* one of the marks is a compound, which may be written apart */
    bool relaxed;        /* a compound is asked for by its parts */
    str corrected;       /* empty: nothing was mended */
    /* Halves of hashes of written words that were found to bear no mark, without and with the marks
       of parts; HIGHLIGHT_UNMARKED places each. */
    uint32_t *unmarked[2];
};

/* What a search works with. */
struct search {
    struct ctx *c;
    struct index *ix;
    struct vocabulary *vocabulary;
    struct xap_reader *reader;
    str path; /* of the generation */
};
/* Runs body with a reader and the vocabulary in use, again on a newer state when a commit takes
   away the pages that it was reading. ERR_BUSY when that keeps happening. */
typedef int search_body(struct search *s, void *arg);
int index_with_reader(struct ctx *c, struct index *ix, search_body *body, void *arg) _nodiscard_;

int expand(struct search *s, const struct parsed *p, struct plan *ret) _nodiscard_;
/* light.c: a word that questions need and that says little about their subject, by its key. */
bool light_word(str key);
/* Words next to each other, in this order: as written when folded is given, else by key. */
const struct node *phrase_node(struct search *s, const str *keys, const str *folded, size_t count,
                               bool in_title);

/* nodes */
const struct node *node_of(struct arena *a, enum node_kind kind, const struct node *const *child,
                           size_t count);
const struct node *node_two(struct arena *a, enum node_kind kind, const struct node *first,
                            const struct node *second);
const struct node *node_term(struct arena *a, char prefix, str text);
const struct node *node_scale(struct arena *a, const struct node *n, double scale);
const struct node *node_phrase(struct arena *a, const struct phrase *p);
extern const struct node node_none, node_all;

/* ---- tree.c: from the plan to what is asked ---- */

/* All wants whose bit is set, with what gives them more weight. */
const struct node *tree_all(struct arena *a, const struct plan *plan, unsigned long bits);
/* Some of what is wanted, each for its weight; NULL when only all will do. */
const struct node *tree_some(struct arena *a, const struct plan *plan);
/* Under the fields and exclusions of the query. */
const struct node *tree_conditions(struct arena *a, const struct plan *plan,
                                   const struct node *wanted);

/* ---- fill.c: too few have all that was asked ---- */

enum { FILL_FEW = 20 }; /* with so many it is not needed */

struct filled {
    const struct node *query;              /* those that have all, and what was added */
    unsigned long long complete[FILL_FEW]; /* documents that have all */
    size_t complete_count;
};
/* strict: what has all, under the conditions. ret->query NULL: nothing was added. */
int fill_few(struct search *s, const struct plan *plan, const struct node *strict,
             struct filled *ret) _nodiscard_;

/* ---- typo.c ---- */

/* How many mistakes a word of this length may have: 1 from 5 letters, 2 from 9. */
unsigned typo_allowed(size_t letters);
/* A word of the index that this one is a mistyping of; empty: none. */
int typo_mend(struct search *s, str folded, str *ret) _nodiscard_;
/* Insertions, deletions, replacements and swaps of neighbours; at most limit + 1. */
unsigned typo_distance(str a, str b, unsigned limit);

/* ---- highlight.c ---- */

enum { HIGHLIGHT_UNMARKED = 8192 };

/* scratch: emptied by the caller after each hit. plan->unmarked must be there. */
void highlight_title(struct search *s, const struct plan *plan, struct arena *scratch, str title,
                     struct index_text *ret);
void highlight_snippet(struct search *s, const struct plan *plan, struct arena *scratch,
                       const struct stored *d, struct index_text *ret);

/* ---- explain.c, other.c, search.c ---- */

/* One line for each thing that gave the document weight, heaviest first as they were asked: weight,
   words, where. The lines add up to its weight. asked: the query without the chosen facets. */
int explain(struct search *s, const struct node *asked, str kind, long long id,
            str *ret) _nodiscard_;
/* Another query that has hits with the same filters; empty: none found. */
int suggest_other(struct search *s, const struct index_query *q, const struct plan *plan,
                  str *ret) _nodiscard_;
/* Number of hits of a query as it stands, neither mended nor relaxed. */
int index_has_hits(struct search *s, const struct index_query *q, size_t *ret_total) _nodiscard_;
