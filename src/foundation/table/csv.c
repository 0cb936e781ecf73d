#include "table/csv.h"

#include <csv.h>

#include "base/vec.h"

struct reading {
    struct ctx *c;
    size_t max_rows;
    bool too_many;
    struct {
        str *items;
        size_t count, capacity;
    } cells;
    struct {
        struct csv_row *items;
        size_t count, capacity;
    } rows;
};

static void on_cell(void *text, size_t len, void *arg)
{
    struct reading *r = arg;
    *vec_push(r->c->arena, &r->cells) = str_dup(r->c->arena, str_of(text, len));
}

static void on_row(int end _unused_, void *arg)
{
    struct reading *r = arg;
    if (r->rows.count >= r->max_rows) {
        r->too_many = true;
        return;
    }
    *vec_push(r->c->arena, &r->rows) = (struct csv_row){r->cells.items, r->cells.count};
    r->cells.items = NULL;
    r->cells.count = r->cells.capacity = 0;
}

static str skip_comments(str text)
{
    while (text.len && text.ptr[0] == '#') {
        size_t end = str_find_byte(text, '\n');
        text = str_slice(text, end == STR_NONE ? text.len : end + 1, text.len);
    }
    return text;
}

int csv_read(struct ctx *c, str text, size_t max_rows, struct csv *ret)
{
    struct reading r = {.c = c, .max_rows = max_rows};
    struct csv_parser parser;
    text = skip_comments(text);
    if (csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI) != 0)
        return err_memory(c, "libcsv");
    bool good = csv_parse(&parser, text.ptr, text.len, on_cell, on_row, &r) == text.len &&
                csv_fini(&parser, on_cell, on_row, &r) == 0;
    bool no_memory = csv_error(&parser) == CSV_ENOMEM;
    csv_free(&parser);
    if (no_memory)
        return err_memory(c, "libcsv");
    if (r.too_many)
        return err_set(c, ERR_LIMIT, "De tabel heeft meer dan %zu regels.", max_rows);
    if (!good)
        return err_set(c, ERR_INVALID, "Regel %zu van de tabel is geen geldige CSV.",
                       r.rows.count + 1);
    *ret = (struct csv){r.rows.items, r.rows.count};
    return 0;
}

int csv_column(const struct csv *t, const char *name)
{
    for (size_t i = 0; t->count && i < t->rows[0].count; i++)
        if (str_eqz(t->rows[0].cells[i], name))
            return (int)i;
    return -1;
}

str csv_cell(const struct csv *t, size_t row, int column)
{
    if (column < 0 || row >= t->count || (size_t)column >= t->rows[row].count)
        return S("");
    return t->rows[row].cells[column];
}
