/* collections_int.h - structs shared inside the feature. */
#pragma once

#include "collections/collections.h"
#include "html/page.h"
#include "library/library.h"
#include "module/module.h"
#include "taxonomy/taxonomy.h"

enum {
    COLLECTION_MAX_DOCUMENT = 32 * 1024, /* bytes */
    COLLECTION_MAX_STEPS = 30,
    COLLECTIONS_MAX = 500,
};

#define COLLECTION_KINDS "route|rol|knelpunt"

/* Reads and checks a document. Its codes are checked against t; NULL skips that (what is stored was
   checked when it was saved). ERR_INVALID or ERR_LIMIT with "regel N: reason". */
int collection_document_read(struct ctx *c, const struct taxonomy *t, str document,
                             struct collection *ret) _nodiscard_;
/* Every step names an item of the library, or a former address of one; ERR_INVALID names the first
 * that does not. */
int collection_check_items(struct ctx *c, const struct collection *collection) _nodiscard_;

/* The introduction and all sentences, for the index. */
str collection_text(struct ctx *c, const struct collection *collection);
str collection_url(struct ctx *c, str slug);
str collection_count_words(struct ctx *c, size_t steps); /* "8 stappen" */
bool collection_is_for(const struct collection *collection, const char *kind, str code);

/* ---- store ---- */

struct collection_row {
    long long id, number, created_at, changed_at;
    str slug, document;
};

int collection_store_all(struct ctx *c, struct collection_row **ret, size_t *ret_count) _nodiscard_;
int collection_store_find_id(struct ctx *c, long long id, struct collection_row *ret) _nodiscard_;
int collection_store_ids(struct ctx *c, long long after, size_t limit, long long **ret,
                         size_t *ret_count) _nodiscard_;
/* The codes of a taxonomy kind that a collection of that kind is for. */
int collection_store_codes(struct ctx *c, const char *kind, str **ret,
                           size_t *ret_count) _nodiscard_;
int collection_store_starter_hash(struct ctx *c, long long *ret) _nodiscard_;
int collection_store_set_starter_hash(struct ctx *c, long long hash) _nodiscard_;

enum collection_saved { COLLECTION_SAME, COLLECTION_NEW, COLLECTION_CHANGED };

/* Makes a new public revision under the collection's slug unless the text is the same. Runs inside
 * collection_store_transaction. */
int collection_store_save(struct ctx *c, const struct collection *collection, str author, str note,
                          enum collection_saved *ret) _nodiscard_;
/* Saves starter content: a new collection, or the next version of one that nobody has changed; else
 * nothing. */
int collection_store_save_starter(struct ctx *c, const struct collection *collection,
                                  enum collection_saved *ret) _nodiscard_;
int collection_store_transaction(struct ctx *c, int (*body)(struct ctx *c, void *arg),
                                 void *arg) _nodiscard_;

/* ---- views ---- */

struct collections_list_view {
    const struct collections_group_view {
        str heading, id, intro;
        const struct collection_card *cards;
        size_t cards_count;
    } * groups;
    size_t groups_count;
};
void collections_list_html(struct out *o, const struct collections_list_view *v);

struct collections_links_view {
    const struct page_link *items;
    size_t items_count;
};
struct collections_show_view {
    const struct collection *collection;
    str label, count_words, others_heading; /* "Voor een rol", "8 stappen" */
    const struct collections_step_view {
        str slug, url, title, type_name, phases, why;
        const str *facts; /* "Werk om in te voeren: gemiddeld", "Nog te controleren" */
        size_t facts_count;
    } * steps;
    size_t steps_count;
    struct collections_links_view actors, bottlenecks, phases, themes, others;
    bool unchecked, overdue;
    str checked_words, review_words, changed_words, licence_name, licence_url;
};
void collections_show_html(struct out *o, const struct collections_show_view *v);

http_handler collections_list, collections_show, collections_api_list, collections_api_one;
extern const struct json_shape collections_entry_shape, collections_record_shape;

/* ---- jobs and commands ---- */

int collections_start(struct ctx *c);
int collections_index_load(struct ctx *c, long long id, struct index_document *ret);
int collections_index_list(struct ctx *c, long long after, size_t limit, long long **ret,
                           size_t *ret_count);
/* The collections that an item is in. */
int collections_beside(struct ctx *c, const str *slugs, size_t count, struct beside_link **ret,
                       size_t *ret_count);
enum { COLLECTIONS_COMMAND_COUNT = 3 };
extern const struct command collections_commands[COLLECTIONS_COMMAND_COUNT];
