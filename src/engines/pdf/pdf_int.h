/* pdf_int.h - shared inside the engine: fonts, pages, the tree of the structure, blocks that are
 * being laid out. */
#pragma once

#include "base/buf.h"
#include "pdf/pdf.h"

/* ---- fonts ---- */

struct pdf_font {
    str file;
    str name; /* of the object: "F1" */
    long units, ascent, descent;
    long box[4];
    size_t glyphs, widths; /* how many there are; how many have a width of their own */
    size_t hmtx, cmap;     /* offsets in the file; cmap: of the format 4 table */
    size_t cmap_length;
    uint32_t *characters; /* by glyph: what it was used for; 0: not used */
    bool used;
};

bool pdf_font_read(struct arena *a, str file, struct pdf_font *ret);
unsigned pdf_font_glyph(const struct pdf_font *f, uint32_t character); /* 0: it has none */
/* In thousandths of the size. */
double pdf_font_width(const struct pdf_font *f, unsigned glyph);

/* ---- the structure ---- */

struct pdf_kid {
    enum { KID_ELEMENT, KID_CONTENT, KID_ANNOTATION } kind;
    size_t page,
        number; /* element; page and number of its content; page and number of its annotation */
};

struct pdf_element {
    const char *tag; /* "P" */
    size_t parent;
    str alternative;
    bool column_header;
    struct {
        struct pdf_kid *items;
        size_t count, capacity;
    } kids;
};

struct pdf_link {
    str url;
    size_t element;
    double x0, y0, x1, y1;
};

struct pdf_page {
    struct buf content;
    struct {
        size_t *items; /* by number of the content: its element */
        size_t count, capacity;
    } contents;
    struct {
        struct pdf_link *items;
        size_t count, capacity;
    } links;
};

/* ---- text that is being laid out ---- */

struct pdf_glyph {
    unsigned short glyph;
    unsigned char style, file;
    bool space;       /* a line may break here, and it is not shown there */
    bool break_after; /* a line may break after it */
    bool line_end;    /* a forced break: shows nothing */
    size_t link;      /* number of the span's link in the block, from 1; 0: none */
    double width;     /* points */
};

struct pdf_look { /* of a kind of block */
    const char *tag;
    double size, leading, before, after;
    enum pdf_style style;
    bool accent; /* in the colour of headings */
};

struct pdf_block {
    const struct pdf_look *look;
    struct {
        struct pdf_glyph *items;
        size_t count, capacity;
    } glyphs;
    struct {
        str *items; /* addresses */
        size_t count, capacity;
    } urls;
    size_t *link_elements; /* made when the first piece of a link is shown */
    size_t element;
};

struct pdf_line {
    size_t from, to; /* glyphs; spaces at the end are left out */
};

struct pdf_cell {
    struct pdf_block block;
    struct {
        struct pdf_line *items;
        size_t count, capacity;
    } lines;
};

struct pdf_row {
    bool header;
    struct pdf_cell cells[PDF_MAX_COLUMNS];
    size_t count, element;
};

struct pdf {
    struct arena *arena;
    struct pdf_options options;
    struct pdf_font fonts[PDF_STYLES][PDF_FILES];
    struct {
        struct pdf_element *items;
        size_t count, capacity;
    } elements; /* the first is the document */
    struct {
        struct pdf_page *items;
        size_t count, capacity;
    } pages;
    struct {
        struct pdf_open {
            size_t element;
            double indent; /* that it added */
            bool item, list;
        } * items;
        size_t count, capacity;
    } open;
    size_t now; /* the page that is written on */
    double indent, y;
    str label; /* of an item whose first line is not there yet */
    size_t label_element;
    struct pdf_block *block; /* that spans go into; NULL: none */
    bool in_cell;
    struct {
        size_t columns, element;
        struct {
            struct pdf_row *items;
            size_t count, capacity;
        } rows;
    } table;
    bool too_large;
};

enum { PDF_DOCUMENT = 0 };
extern const struct pdf_look pdf_looks[PDF_KINDS], pdf_cell_look, pdf_head_look, pdf_label_look;

/* pdf_page.c */
size_t pdf_element_add(struct pdf *p, const char *tag, size_t parent);
size_t pdf_parent(const struct pdf *p); /* the element that new ones go into */
void pdf_page_add(struct pdf *p);
struct pdf_page *pdf_page_now(struct pdf *p);
double pdf_left(const struct pdf *p), pdf_right(void);
/* Goes to a new page when there are no `height` points left on this one. */
void pdf_room(struct pdf *p, double height);
/* Begins and ends content of the element on this page; an artifact is for the eye only. */
void pdf_content_begin(struct pdf *p, size_t element);
void pdf_artifact_begin(struct pdf *p);
void pdf_content_end(struct pdf *p);
void pdf_rule(struct pdf *p, double x0, double x1, double y, double grey);

/* pdf_text.c */
void pdf_block_init(struct pdf *p, struct pdf_block *b, const struct pdf_look *look,
                    size_t element);
void pdf_block_add(struct pdf *p, struct pdf_block *b, enum pdf_style style, str text, str url);
/* The next line from *from on, within width; false at the end. */
bool pdf_block_line(const struct pdf_block *b, double width, size_t *from, struct pdf_line *ret);
/* Shows a line with its baseline at y. artifact: not as content of the block. */
void pdf_show_line(struct pdf *p, struct pdf_block *b, struct pdf_line line, double x, double y,
                   bool artifact);
double pdf_line_width(const struct pdf_block *b, struct pdf_line line);
