/* search.h - one search box over everything that the index holds. */
#pragma once

#include "base/ctx.h"

extern const struct module search_module;

/* Loads the synonyms, the protected words and what the glossary's terms are also called from the
   database into the index. The indexer does so every few seconds; the index sees by itself whether
   anything changed. */
int search_load_vocabulary(struct ctx *c) _nodiscard_;
