#pragma once

#include "taxonomy/taxonomy.h"

/* All terms of all kinds, ordered by kind and position. */
int taxonomy_store_all(struct ctx *c, struct taxonomy_term **ret, size_t *ret_count) _nodiscard_;
/* Inserts the term, or replaces it when its row is still as the starter content left it; a row that
 * somebody changed stays. */
int taxonomy_store_starter(struct ctx *c, const struct taxonomy_term *term) _nodiscard_;

/* Runs body in one transaction. */
int taxonomy_store_transaction(struct ctx *c, int (*body)(struct ctx *c, void *arg)) _nodiscard_;

/* Fingerprint of what the starter content sets. */
long long taxonomy_hash(struct ctx *c, const struct taxonomy_term *term);

/* Reads one starter file (a list of maps) into terms. ERR_INVALID with file and line. */
int taxonomy_read(struct ctx *c, enum taxonomy_kind kind, str file_name, str text,
                  struct taxonomy_term **ret, size_t *ret_count) _nodiscard_;
