/* migrations.h - all migrations of all rooms and features, out of the binary. */
#pragma once

#include "db/db.h"

/* All of them, in the arena of c; returns how many. */
size_t migrations_list(struct ctx *c, const struct migration **ret);
/* Applies what the database does not have yet. */
int migrations_apply(struct ctx *c) _nodiscard_;
