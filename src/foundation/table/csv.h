/* csv.h - reading and writing of CSV (RFC 4180; libcsv behind csv.c). Lines that begin with '#'
   before the header are comments: our own data files name source, vintage and licence there. */
#pragma once

#include "base/ctx.h"

struct csv_row {
    const str *cells;
    size_t count;
};

struct csv {
    const struct csv_row *rows; /* the first is the header */
    size_t count;
};

/* Whole text; at most max_rows rows. ERR_INVALID with the number of the line, ERR_LIMIT. */
int csv_read(struct ctx *c, str text, size_t max_rows, struct csv *ret) _nodiscard_;
/* Column of this name in the header, or -1. */
int csv_column(const struct csv *t, const char *name);
str csv_cell(const struct csv *t, size_t row, int column); /* empty when there is none */
