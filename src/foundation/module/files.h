/* files.h - the verbs import and check of a feature whose contents are files: one file, or all in a
   folder. A file that is not right is named on standard error and the others go on; a failure of
   the database ends the whole. */
#pragma once

#include "base/ctx.h"

struct files_run;

/* What a feature brings. */
struct files_kind {
    const char *feature, *suffix; /* "glossary", ".yaml" */
    size_t max_bytes, max_files;
    /* Reads the document, and refuses it, with words that name the line. */
    int (*read)(struct ctx *c, struct files_run *run, str document, void *ret_record);
    size_t record_size;
    str (*slug)(const void *record); /* must be the name of the file */
    /* Runs inside an inner transaction. *ret_saved: 0 the same, 1 new, 2 changed. */
    int (*save)(struct ctx *c, const void *record, int *ret_saved);
    int (*transaction)(struct ctx *c, int (*body)(struct ctx *c, void *arg), void *arg);
    void (*restart)(struct ctx *c, struct files_run *run); /* a repeated transaction; NULL: none */
};

struct files_run {
    const struct files_kind *kind;
    void *arg; /* of the feature */
    bool check_only;
    str folder; /* with "/" at the end, or empty */
    str *names; /* sorted */
    size_t count;
    bool whole;  /* all there is, so that files may name each other */
    str present; /* the name of the file at hand */
    size_t saved[3], refused;
};

/* "aanjager FEATURE import PLACE": saves, and prints how many of which. ERR_CONFLICT when a file
   was refused, ERR_INVALID for wrong use. */
int files_import(struct ctx *c, const struct files_kind *kind, void *arg, int argc,
                 const char *const *argv) _nodiscard_;
/* "aanjager FEATURE check PLACE": only looks. */
int files_check(struct ctx *c, const struct files_kind *kind, void *arg, int argc,
                const char *const *argv) _nodiscard_;
/* Is there a file for this slug in the folder? */
bool files_has(const struct files_run *run, str slug);
