/* search.h - one search box over everything that the index holds. */
#pragma once

#include "base/ctx.h"

extern const struct module search_module;

/* Loads the synonyms and protected words from the database into the index; again after each change
 * of them. */
int search_load_vocabulary(struct ctx *c) _nodiscard_;
