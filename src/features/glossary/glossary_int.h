/* glossary_int.h - structs shared inside the glossary. */
#pragma once

#include "glossary/glossary.h"
#include "html/html.h"
#include "module/module.h"
#include "taxonomy/taxonomy.h"
#include "terms/terms.h"

enum {
    GLOSSARY_MAX_DOCUMENT = 16 * 1024, /* bytes */
    GLOSSARY_MAX_TERMS = 2000,
};

/* Reads and checks a document. The codes in it are checked against t, and whether its note can be
   shown; NULL skips both (what is stored was checked when it was saved). ERR_INVALID or ERR_LIMIT
   with "regel N: reason". */
int glossary_document_read(struct ctx *c, const struct taxonomy *t, str document,
                           struct glossary_term *ret) _nodiscard_;

/* The words of a term: its name, abbreviations and forms. */
struct glossary_words glossary_words_of(struct arena *a, const struct glossary_term *t);
/* Puts the terms in order and makes the matcher, all in the arena. */
void glossary_make(struct arena *a, struct glossary_term *terms, size_t count,
                   struct glossary *ret);

/* ---- store ---- */

struct glossary_row {
    long long id, changed_at;
    str slug, document;
};

int glossary_store_all(struct ctx *c, struct glossary_row **ret, size_t *ret_count) _nodiscard_;
int glossary_store_find(struct ctx *c, str slug, struct glossary_row *ret) _nodiscard_;
int glossary_store_find_id(struct ctx *c, long long id, struct glossary_row *ret) _nodiscard_;
int glossary_store_ids(struct ctx *c, long long after, size_t limit, long long **ret,
                       size_t *ret_count) _nodiscard_;
int glossary_store_starter_hash(struct ctx *c, long long *ret) _nodiscard_;
int glossary_store_set_starter_hash(struct ctx *c, long long hash) _nodiscard_;

enum glossary_saved { GLOSSARY_SAME, GLOSSARY_NEW, GLOSSARY_CHANGED };

/* Saves a term under its slug. ERR_CONFLICT when one of its words is another term's. Runs inside
 * glossary_store_transaction. */
int glossary_store_save(struct ctx *c, const struct glossary_term *t,
                        enum glossary_saved *ret) _nodiscard_;
/* Saves starter content: a new term, or the next version of one that nobody has changed; else
 * nothing. */
int glossary_store_save_starter(struct ctx *c, const struct glossary_term *t,
                                enum glossary_saved *ret) _nodiscard_;
int glossary_store_transaction(struct ctx *c, int (*body)(struct ctx *c, void *arg),
                               void *arg) _nodiscard_;

/* ---- what the API gives ---- */

struct json_shape;
extern const struct json_shape glossary_shape;
http_handler glossary_api_list, glossary_api_one;

/* ---- jobs and commands ---- */

int glossary_start(struct ctx *c);
int glossary_index_load(struct ctx *c, long long id, struct index_document *ret);
int glossary_index_list(struct ctx *c, long long after, size_t limit, long long **ret,
                        size_t *ret_count);
enum { GLOSSARY_COMMAND_COUNT = 3 };
extern const struct command glossary_commands[GLOSSARY_COMMAND_COUNT];
