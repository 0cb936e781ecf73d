/* Tables: the widths of the columns follow from what is in them, so the rows wait until all are
 * there. */
#include "pdf/pdf_int.h"

#include "base/vec.h"

enum { MAX_ROWS = 2000, MOST_HEAD = 8 /* lines that are shown again on each page */ };
#define PADDING 4.0
#define LEAST_COLUMN 30.0

void pdf_table(struct pdf *p, size_t columns)
{
    p->table.columns = columns < PDF_MAX_COLUMNS ? columns : PDF_MAX_COLUMNS;
    p->table.rows.items = NULL;
    p->table.rows.count = p->table.rows.capacity = 0;
    p->table.element = pdf_element_add(p, "Table", pdf_parent(p));
}

void pdf_row(struct pdf *p, bool header)
{
    if (p->table.rows.count == MAX_ROWS) {
        p->too_large = true;
        p->table.rows.count--;
    }
    struct pdf_row *row = vec_push(p->arena, &p->table.rows);
    *row = (struct pdf_row){.header = header};
    row->element = pdf_element_add(p, "TR", p->table.element);
}

/* A cell past the last column is taken in, so that its spans have a place, and not shown. */
void pdf_cell(struct pdf *p)
{
    if (!p->table.rows.count)
        BUG("pdf_cell without a row");
    struct pdf_row *row = &p->table.rows.items[p->table.rows.count - 1];
    const struct pdf_look *look = row->header ? &pdf_head_look : &pdf_cell_look;
    p->in_cell = true;
    if (row->count >= p->table.columns) {
        p->block = arena_new_of(p->arena, struct pdf_block);
        pdf_block_init(p, p->block, look, 0);
        return;
    }
    struct pdf_cell *cell = &row->cells[row->count++];
    pdf_block_init(p, &cell->block, look, pdf_element_add(p, look->tag, row->element));
    p->elements.items[cell->block.element].column_header = row->header;
    p->block = &cell->block;
}

/* ---- widths ---- */

static double longest_word(const struct pdf_block *b)
{
    double longest = 0, word = 0;
    for (size_t i = 0; i < b->glyphs.count; i++) {
        const struct pdf_glyph *g = &b->glyphs.items[i];
        word = g->space || g->line_end ? 0 : word + g->width;
        longest = word > longest ? word : longest;
        if (g->break_after)
            word = 0;
    }
    return longest;
}

/* What the columns need at least, and what they would like to have. */
static void measure(const struct pdf *p, double *least, double *wanted)
{
    for (size_t k = 0; k < p->table.columns; k++)
        least[k] = wanted[k] = LEAST_COLUMN;
    for (size_t i = 0; i < p->table.rows.count; i++)
        for (size_t k = 0; k < p->table.rows.items[i].count; k++) {
            const struct pdf_block *b = &p->table.rows.items[i].cells[k].block;
            double word = longest_word(b) + 2 * PADDING;
            double whole = pdf_line_width(b, (struct pdf_line){0, b->glyphs.count}) + 2 * PADDING;
            least[k] = word > least[k] ? word : least[k];
            wanted[k] = whole > wanted[k] ? whole : wanted[k];
        }
}

/* Columns that want no more than an equal part of what is left get what they want; *width is left
 * for the others, who are `true` in ret_open. */
static size_t give_the_modest(size_t columns, const double *wanted, double *width, double *ret,
                              bool *ret_open)
{
    size_t open = columns, before;
    for (size_t k = 0; k < columns; k++)
        ret_open[k] = true;
    do {
        before = open;
        for (size_t k = 0; k < columns; k++) {
            if (!ret_open[k] || wanted[k] > *width / (double)open)
                continue;
            ret[k] = wanted[k];
            ret_open[k] = false;
            *width -= wanted[k];
            if (--open == 0)
                return 0;
        }
    } while (open < before);
    return open;
}

/* The others have at least their longest word, and share what is left by how much more they would
 * like. */
static void divide(const struct pdf *p, double width, double *ret)
{
    double least[PDF_MAX_COLUMNS], wanted[PDF_MAX_COLUMNS], sum_least = 0, sum_more = 0;
    bool open[PDF_MAX_COLUMNS];
    measure(p, least, wanted);
    for (size_t k = 0; k < p->table.columns; k++)
        wanted[k] = wanted[k] > width ? width : wanted[k];
    if (!give_the_modest(p->table.columns, wanted, &width, ret, open))
        return;
    for (size_t k = 0; k < p->table.columns; k++) {
        sum_least += open[k] ? least[k] : 0;
        sum_more += open[k] ? wanted[k] - least[k] : 0;
    }
    for (size_t k = 0; k < p->table.columns; k++)
        if (open[k] && sum_least > width)
            ret[k] = least[k] * width / sum_least;
        else if (open[k])
            ret[k] = least[k] +
                     (sum_more > 0 ? (wanted[k] - least[k]) / sum_more : 0) * (width - sum_least);
}

/* ---- rows ---- */

static size_t break_lines(struct pdf *p, struct pdf_row *row, const double *widths)
{
    size_t most = 0;
    for (size_t k = 0; k < row->count; k++) {
        struct pdf_cell *cell = &row->cells[k];
        struct pdf_line line;
        size_t from = 0;
        cell->lines.count = 0;
        while (pdf_block_line(&cell->block, widths[k] - 2 * PADDING, &from, &line))
            *vec_push(p->arena, &cell->lines) = line;
        most = cell->lines.count > most ? cell->lines.count : most;
    }
    return most;
}

static void show_row_line(struct pdf *p, struct pdf_row *row, const double *widths, size_t i,
                          bool artifact)
{
    double x = pdf_left(p);
    for (size_t k = 0; k < row->count; k++) {
        struct pdf_cell *cell = &row->cells[k];
        if (i < cell->lines.count)
            pdf_show_line(p, &cell->block, cell->lines.items[i], x + PADDING, p->y, artifact);
        x += widths[k];
    }
}

/* A row that fits on a page is not broken; a longer one goes on over the next. The head is shown
 * again, for the eye. */
static void show_row(struct pdf *p, struct pdf_row *row, struct pdf_row *head, const double *widths)
{
    double leading = pdf_cell_look.leading, height;
    size_t count = break_lines(p, row, widths), before = p->pages.count;
    height = (double)count * leading + 2 * PADDING;
    pdf_room(p, height < 600 ? height : leading * 2);
    for (size_t i = 0; i < count; i++) {
        pdf_room(p, leading + PADDING);
        if (p->pages.count > before && head && head != row) {
            size_t lines = break_lines(p, head, widths);
            for (size_t k = 0; k < lines; k++) {
                p->y -= leading;
                show_row_line(p, head, widths, k, true);
            }
            p->y -= PADDING;
            pdf_rule(p, pdf_left(p), pdf_right(), p->y, 0.3);
        }
        before = p->pages.count;
        p->y -= leading + (i ? 0 : PADDING / 2);
        show_row_line(p, row, widths, i, false);
    }
    p->y -= PADDING;
    pdf_rule(p, pdf_left(p), pdf_right(), p->y, row->header ? 0.3 : 0.75);
}

void pdf_table_end(struct pdf *p)
{
    double widths[PDF_MAX_COLUMNS];
    struct pdf_row *rows = p->table.rows.items;
    struct pdf_row *head = p->table.rows.count && rows[0].header ? &rows[0] : NULL;
    divide(p, pdf_right() - pdf_left(p), widths);
    if (head && break_lines(p, head, widths) > MOST_HEAD)
        head = NULL;
    for (size_t i = 0; i < p->table.rows.count; i++)
        show_row(p, &rows[i], head, widths);
    p->y -= 9;
}
