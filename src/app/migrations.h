/* migrations.h - all migrations of all rooms and features, out of the binary. */
#pragma once

#include "base/ctx.h"

/* Applies what the database does not have yet. */
int migrations_apply(struct ctx *c) _nodiscard_;
