/* embedded.h - files that the build put into the binary (tools/embed), sorted by path. */
#pragma once

#include "base/str.h"

struct embedded_file {
    str path; /* relative, as "content/library/parallel-plannen.md" or "app.css" */
    str bytes;
    const char *type; /* content type by extension */
    const char *hash; /* first 16 hex digits of the SHA-256 of the bytes */
};

struct embedded_set {
    const struct embedded_file *files;
    size_t count;
};

extern const struct embedded_set embedded_content; /* content/: starter library */
extern const struct embedded_set embedded_assets;  /* bundled CSS, JavaScript, fonts, icons */

/* NULL when there is no such file. */
const struct embedded_file *embedded_find(const struct embedded_set *set, str path);
