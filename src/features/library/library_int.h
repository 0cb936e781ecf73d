/* library_int.h - structs shared inside the library feature.

   A revision is a document: the file text of docs/content-format.md, kept byte for byte. struct
   item is what it says; the rows of `item`, `item_term` and `item_relation` are derived from the
   public revision at every save. */
#pragma once

#include "glossary/glossary.h"
#include "html/page.h"
#include "library/library.h"
#include "module/module.h"
#include "taxonomy/taxonomy.h"

enum {
    LIBRARY_MAX_DOCUMENT = 128 * 1024, /* bytes */
    LIBRARY_MAX_FILES = 50000,
};

/* The words that some fields choose from. */
#define LIBRARY_TYPES "werkwijze|instrument|kennis"
#define LIBRARY_KINDS "handreiking|praktijkvoorbeeld|wet-en-regelgeving|onderzoek|model"
#define LIBRARY_EFFORTS "klein|middel|groot"
#define LIBRARY_CERTAINTIES "gecontroleerd|opgezocht|kennis-hoog|kennis-middel|kennis-laag"
#define LIBRARY_EVIDENCES "onvoldoende|praktijk|gemeten-enkele|gemeten-meerdere|onafhankelijk"

struct item_step {
    str title, text, who;
};
struct item_role {
    str who, task;
};
struct item_source {
    str title, url, date, note;
};
struct item_legal {
    str law, article, url, valid_from, valid_to, note;
};
struct item_texts {
    str *items;
    size_t items_count;
};

struct item {
    str slug, title, short_title, type, kind, catalogue, summary, effort, cost, introduction_time;
    str contact, owner, checked, review, licence, certainty, evidence;
    struct item_texts phases, bottlenecks, themes, actors; /* codes */
    struct item_texts keywords, when, when_not, risks, lessons, former_slugs;
    struct item_texts builds_on, alternative, precondition; /* slugs */
    struct item_step *steps;
    size_t steps_count;
    struct item_role *roles;
    size_t roles_count;
    struct item_source *templates;
    size_t templates_count;
    struct item_source *sources;
    size_t sources_count;
    struct item_legal *legal;
    size_t legal_count;
    str body;     /* Markdown */
    str document; /* the whole text */
};

/* Reads and checks a document. Its codes are checked against t, and whether its Markdown can be
   shown; NULL skips both (what is stored was checked when it was saved). ERR_INVALID or ERR_LIMIT
   with "regel N: reason". */
int library_document_read(struct ctx *c, const struct taxonomy *t, str document,
                          struct item *ret) _nodiscard_;
/* The document with another slug; its old one and `more` (NULL: none) are among its former_slugs.
 */
int library_document_rename(struct ctx *c, str document, str slug, const struct item_texts *more,
                            str *ret) _nodiscard_;
/* The same item, all of it in this arena. */
void library_item_copy(struct arena *a, const struct item *item, struct item *ret);
/* How much text it has, in words; and how many of its sources have a web address. */
long long library_body_words(const struct item *item);
long long library_web_sources(const struct item *item);
/* All readable words of an item except title, keywords and summary, for the index. */
int library_item_text(struct ctx *c, const struct item *item, str *ret) _nodiscard_;

/* "Alle fasen", "Voorbereiding", "Definitie tot en met Voorbereiding", or the names with commas. */
str library_phase_words(struct ctx *c, const struct taxonomy *t, const struct item_texts *codes);

/* What schema.org calls it: with steps a HowTo. */
enum page_kind library_page_kind(const struct item *item);

/* ---- store ---- */

enum { LIBRARY_AT_ONCE = 24 };

struct item_term_row {
    long long item_id;
    str kind, code;
    str certainty; /* of the item, the same in each row */
};
/* Phases and bottlenecks of at most LIBRARY_AT_ONCE items; the rows of one item stand together. */
int library_store_terms(struct ctx *c, const long long *ids, size_t count,
                        struct item_term_row **ret, size_t *ret_count) _nodiscard_;

struct item_row {
    long long id, number, changed_at, created_at; /* number of the public revision */
    str slug, title, document;
};
struct revision_row {
    long long number, created_at;
    str author, note, document;
};
struct item_link {
    str slug, title, relation;
};

int library_store_find(struct ctx *c, str slug, struct item_row *ret) _nodiscard_;
int library_store_head(struct ctx *c, str slug,
                       struct item_row *ret) _nodiscard_; /* without the document */
int library_store_find_id(struct ctx *c, long long id, struct item_row *ret) _nodiscard_;
/* The present slug of an item that had this one before; ERR_NOT_FOUND. */
int library_store_redirect(struct ctx *c, str slug, str *ret) _nodiscard_;
/* The public items that were published or changed last; theme: only of the theme with this code. */
int library_store_latest(struct ctx *c, str theme, size_t limit, struct item_row **ret,
                         size_t *ret_count) _nodiscard_;
/* When the first item was made; 0 when there is none. */
int library_store_first(struct ctx *c, long long *ret) _nodiscard_;
/* The titles of these slugs, those that exist, former slugs resolved; in the order given. */
int library_store_titles(struct ctx *c, const struct item_texts *slugs, struct item_link **ret,
                         size_t *ret_count) _nodiscard_;
/* Items that name this item in their relations or text. */
int library_store_backlinks(struct ctx *c, long long id, struct item_link **ret,
                            size_t *ret_count) _nodiscard_;
int library_store_revisions(struct ctx *c, long long id, struct revision_row **ret,
                            size_t *ret_count) _nodiscard_;
int library_store_revision(struct ctx *c, long long id, long long number,
                           struct revision_row *ret) _nodiscard_;
/* Public documents after `after` by id, at most limit. */
int library_store_documents(struct ctx *c, long long after, size_t limit, struct item_row **ret,
                            size_t *ret_count) _nodiscard_;
/* Of the list of public items: which, in what order, from where. Each text is "|a|b|", or empty for
   all. */
struct library_filter {
    str types, phases, bottlenecks, themes, actors; /* codes */
    bool newest;                                    /* what changed last first; else by title */
    size_t offset, limit;
};
/* An item of the list (kind empty), followed by its terms (kind and code, nothing else). */
struct library_listed {
    long long place, total, id, number, changed_at;
    str kind, code;
    str slug, title, type, catalogue, summary, certainty, evidence, review;
};
int library_store_list(struct ctx *c, const struct library_filter *filter,
                       struct library_listed **ret, size_t *ret_count) _nodiscard_;
/* Items whose measures are not known yet, at most limit. */
int library_store_unmeasured(struct ctx *c, size_t limit, long long **ret,
                             size_t *ret_count) _nodiscard_;
int library_store_measure(struct ctx *c, long long id, const struct item *item) _nodiscard_;
int library_store_ids(struct ctx *c, long long after, size_t limit, long long **ret,
                      size_t *ret_count) _nodiscard_;

enum library_saved { LIBRARY_SAME, LIBRARY_NEW, LIBRARY_CHANGED };

/* Makes a new public revision unless the text is the same. The item is found by slug, then by
   former slugs. ERR_CONFLICT when an address of it, present or former, is or was another item's.
   Runs inside library_store_transaction. */
int library_store_save(struct ctx *c, const struct item *item, str author, str note,
                       enum library_saved *ret) _nodiscard_;
/* Saves starter content: a new item, or the next version of one that nobody has changed; else
 * nothing. */
int library_store_save_starter(struct ctx *c, const struct item *item,
                               enum library_saved *ret) _nodiscard_;
int library_store_transaction(struct ctx *c, int (*body)(struct ctx *c, void *arg),
                              void *arg) _nodiscard_;
/* Fingerprint of the starter content that was loaded last; 0 when none. */
int library_store_starter_hash(struct ctx *c, long long *ret) _nodiscard_;
int library_store_set_starter_hash(struct ctx *c, long long hash) _nodiscard_;

/* ---- reading.c: versions as they are shown, kept ---- */

struct library_texts_view {
    const html *items;
    size_t items_count;
};

struct library_reading {
    struct item item;
    html body; /* its Markdown as HTML */
};
int library_read(struct ctx *c, long long id, long long number,
                 const struct library_reading **ret) _nodiscard_;

/* The texts of the page with the glossary's terms explained in them, each term once. */
struct library_explained {
    html summary, body;
    struct library_texts_view when, when_not, steps, risks, lessons;
    struct glossary_explained_view terms; /* the list of what was explained */
};
int library_explain(struct ctx *c, long long id, long long number,
                    const struct library_reading *reading,
                    const struct library_explained **ret) _nodiscard_;

/* ---- views of the templates ---- */

struct library_list_row { /* a row of "name: value" words with links */
    const struct page_link *items;
    size_t items_count;
};

struct library_step_view {
    str title;
    html text;
    str who, who_url;
};
struct library_mark_view { /* one step of a scale */
    bool on;
};
struct library_role_view {
    str who, url, task;
};
struct library_source_view {
    str title, url, date, note;
};
struct library_article_view {
    str article, valid, note;
};
struct library_law_view { /* one law, with all that the item says of it */
    str law, url;
    bool listed; /* its address stands among the sources too */
    struct {
        struct library_article_view *items;
        size_t count, capacity;
    } articles;
};

struct library_place_view { /* a part of the page that one can jump to */
    str url;
    html name;
};
struct library_show_view {
    const struct item *item;
    str type_name, phase_words; /* "Instrument", "Definitie tot Voorbereiding" */
    bool unchecked, overdue, has_fit, has_cost, all_phases;
    bool guide, close_set; /* on paper: long, so in two columns of small type; very long: closer */
    str brief_help, brief_actors; /* of a phone, where the facts come last */
    const struct library_mark_view *phase_steps, *evidence_bars;
    size_t phase_steps_count, evidence_bars_count;
    str certainty_words, evidence_name;
    str effort_words, checked_words, review_words, changed_words, licence_name, licence_url;
    html summary, body;
    struct library_texts_view when, when_not, risks, lessons;
    struct glossary_explained_view explained; /* the terms in all these and in the steps */
    const struct library_step_view *steps;
    size_t steps_count;
    const struct library_role_view *roles;
    size_t roles_count;
    const struct library_source_view *sources;
    size_t sources_count;
    const struct library_law_view *laws;
    size_t laws_count;
    struct library_list_row phases, bottlenecks, themes, actors;
    struct library_list_row builds_on, alternative, precondition, backlinks;
    const struct library_place_view *places; /* in the order of the page */
    size_t places_count;
    long long version;
    str history_url, pdf_url;
    str address; /* of this page, whole, for paper; empty when public_url is not set */
    const struct beside_block *beside; /* what other features show here */
    size_t beside_count;
    str old_notice; /* when an old version is shown: which, with a link to the present one */
    str present_url;
};
void library_show_html(struct out *o, const struct library_show_view *v);
/* All of the view but version and changed_words, which the caller sets first, and old_notice. */
int library_view_item(struct ctx *c, const struct item_row *row,
                      struct library_show_view *v) _nodiscard_;

struct library_feed_view { /* the text of an item in a feed */
    const struct item *item;
    bool unchecked;
    html body;
};
void library_feed_html(struct out *o, const struct library_feed_view *v);

struct library_version_view {
    long long number;
    str day, date, author, note, url; /* day: YYYY-MM-DD */
    bool is_public, is_from, is_to;   /* from, to: chosen for comparing at first */
};
struct library_history_view {
    str title, url;
    const struct library_version_view *versions;
    size_t versions_count;
    str action; /* of the form that compares any two */
    bool can_compare;
};
void library_history_html(struct out *o, const struct library_history_view *v);

struct library_diff_piece {
    bool added, removed;
    str text;
};
struct library_diff_line {
    bool added, removed, changed; /* changed: pieces show which words */
    str text;
    const struct library_diff_piece *pieces;
    size_t pieces_count;
    bool gap; /* unchanged lines were left out here */
};
struct library_diff_view {
    str title, url, history_url;
    long long from, to;
    const struct library_diff_line *lines;
    size_t lines_count;
    bool same;
};
void library_diff_html(struct out *o, const struct library_diff_view *v);

/* ---- jobs and commands ---- */

int library_start(struct ctx *c);
enum { LIBRARY_COMMAND_COUNT = 7 };
extern const struct command library_commands[LIBRARY_COMMAND_COUNT];
http_handler library_show, library_history, library_version, library_compare, library_feed,
    library_theme_feed, library_pdf;
/* The row without its document, or a redirect to its present address below base (then row->id is
   0). */
int library_find_or_redirect(struct ctx *c, const struct http_request *rq, struct http_response *rs,
                             const char *base, const char *rest, struct item_row *ret) _nodiscard_;
int library_find_version(struct ctx *c, long long id, long long number,
                         struct revision_row *ret) _nodiscard_;
int library_index_load(struct ctx *c, long long id, struct index_document *ret);
int library_index_list(struct ctx *c, long long after, size_t limit, long long **ret,
                       size_t *ret_count);
