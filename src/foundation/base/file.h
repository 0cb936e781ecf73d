/* file.h - whole files and folders, with bounds. Writing is atomic: a temporary file beside it,
 * fsync, rename. */
#pragma once

#include "base/str.h"

struct ctx;

int file_read(struct ctx *c, str path, size_t max,
              str *ret) _nodiscard_; /* ERR_NOT_FOUND, ERR_LIMIT, ERR_INVALID (a folder), ... */
int file_write(struct ctx *c, str path, str content) _nodiscard_;
int file_write_private(struct ctx *c, str path, str content) _nodiscard_; /* mode 0600 */
/* Moves a file to another name in the same folder, over what is there; kept when the power fails.
 */
int file_rename(struct ctx *c, str from, str to) _nodiscard_;
int file_size(struct ctx *c, str path, long long *ret_bytes) _nodiscard_;
int file_make_dirs(struct ctx *c, str path) _nodiscard_; /* mode 0700 for what it creates */
bool file_exists(struct ctx *c, str path);
/* Names in the folder that end with suffix, sorted by bytes; not recursive; at most max. */
int file_list(struct ctx *c, str folder, str suffix, size_t max, str **ret_names,
              size_t *ret_count) _nodiscard_;
int file_remove_tree(struct ctx *c, str path) _nodiscard_;
