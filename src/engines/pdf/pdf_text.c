/* Blocks of text: characters to glyphs, glyphs to lines, lines to the page. */
#include "pdf/pdf_int.h"

#include "base/utf8.h"
#include "base/vec.h"

enum { MAX_GLYPHS = 400000, NO_BREAK_SPACE = 0xA0, SOFT_HYPHEN = 0xAD };

const struct pdf_look pdf_looks[PDF_KINDS] = {
    [PDF_H1] = {"H1", 22, 27, 0, 8, PDF_BOLD, true},
    [PDF_H2] = {"H2", 15, 19, 16, 5, PDF_BOLD, true},
    [PDF_H3] = {"H3", 12, 16, 11, 3, PDF_BOLD, true},
    [PDF_H4] = {"H4", 10.5, 15, 9, 2, PDF_BOLD, true},
    [PDF_P] = {"P", 10.5, 15, 0, 7, PDF_REGULAR, false},
    [PDF_LEAD] = {"P", 12.5, 18, 0, 10, PDF_REGULAR, false},
    [PDF_SMALL] = {"P", 9, 12.5, 0, 5, PDF_REGULAR, false},
    [PDF_CODE] = {"P", 9.5, 13, 0, 7, PDF_REGULAR, false},
};
const struct pdf_look pdf_cell_look = {"TD", 9.5, 13, 0, 0, PDF_REGULAR, false};
const struct pdf_look pdf_head_look = {"TH", 9.5, 13, 0, 0, PDF_BOLD, false};
const struct pdf_look pdf_label_look = {"Lbl", 10.5, 15, 0, 0, PDF_REGULAR, false};

/* ---- characters to glyphs ---- */

void pdf_block_init(struct pdf *p _unused_, struct pdf_block *b, const struct pdf_look *look,
                    size_t element)
{
    *b = (struct pdf_block){.look = look, .element = element};
}

/* The first font that has the character: of the style, then the regular one. */
static bool find_glyph(struct pdf *p, enum pdf_style style, uint32_t character,
                       struct pdf_glyph *ret)
{
    const unsigned char styles[] = {(unsigned char)style, PDF_REGULAR};
    for (size_t s = 0; s < COUNT_OF(styles); s++)
        for (unsigned char k = 0; k < PDF_FILES; k++) {
            struct pdf_font *f = &p->fonts[styles[s]][k];
            unsigned glyph = f->file.len ? pdf_font_glyph(f, character) : 0;
            if (!glyph)
                continue;
            f->characters[glyph] = character;
            f->used = true;
            ret->glyph = (unsigned short)glyph;
            ret->style = styles[s];
            ret->file = k;
            ret->width = pdf_font_width(f, glyph);
            return true;
        }
    return false;
}

static bool breaks_after(uint32_t character)
{
    return character == '-' || character == '/' || character == 0x2013;
}

static void add_character(struct pdf *p, struct pdf_block *b, enum pdf_style style,
                          uint32_t character, size_t link)
{
    struct pdf_glyph g = {.link = link, .line_end = character == '\n'};
    if (character == SOFT_HYPHEN || character == '\r')
        return;
    if (character == '\t')
        character = ' ';
    uint32_t shown = character == NO_BREAK_SPACE ? ' ' : character;
    g.space = character == ' ';
    g.break_after = breaks_after(character);
    if (!g.line_end && !find_glyph(p, style, shown, &g) && !find_glyph(p, style, '?', &g))
        return;
    g.width *= b->look->size / 1000.0;
    *vec_push(p->arena, &b->glyphs) = g;
}

void pdf_block_add(struct pdf *p, struct pdf_block *b, enum pdf_style style, str text, str url)
{
    size_t link = 0;
    if (url.len) {
        *vec_push(p->arena, &b->urls) = str_dup(p->arena, url);
        link = b->urls.count;
    }
    if (style == PDF_REGULAR)
        style = b->look->style;
    while (text.len && b->glyphs.count < MAX_GLYPHS)
        add_character(p, b, style, utf8_next(&text), link);
    if (text.len)
        p->too_large = true;
}

/* ---- glyphs to lines ---- */

static struct pdf_line trimmed(const struct pdf_block *b, size_t from, size_t to)
{
    while (to > from && b->glyphs.items[to - 1].space)
        to--;
    return (struct pdf_line){from, to};
}

bool pdf_block_line(const struct pdf_block *b, double width, size_t *from, struct pdf_line *ret)
{
    const struct pdf_glyph *g = b->glyphs.items;
    double used = 0;
    size_t count = b->glyphs.count, start = *from, fits = 0;
    while (start < count && g[start].space)
        start++;
    if (start >= count)
        return false;
    for (size_t i = start; i < count; i++) {
        if (g[i].line_end) {
            *ret = trimmed(b, start, i);
            *from = i + 1;
            return true;
        }
        used += g[i].width;
        if (used > width && !g[i].space && i > start) {
            size_t end = fits ? fits : i; /* a word wider than the line breaks anywhere */
            *ret = trimmed(b, start, end);
            *from = end;
            return true;
        }
        if (g[i].space || g[i].break_after)
            fits = i + 1;
    }
    *ret = trimmed(b, start, count);
    *from = count;
    return true;
}

double pdf_line_width(const struct pdf_block *b, struct pdf_line line)
{
    double width = 0;
    for (size_t i = line.from; i < line.to; i++)
        width += b->glyphs.items[i].width;
    return width;
}

/* ---- lines to the page ---- */

static size_t element_of(struct pdf *p, struct pdf_block *b, size_t link)
{
    if (!link)
        return b->element;
    if (!b->link_elements)
        b->link_elements = arena_array(p->arena, b->urls.count + 1, sizeof *b->link_elements);
    if (!b->link_elements[link])
        b->link_elements[link] = pdf_element_add(p, "Link", b->element);
    return b->link_elements[link];
}

/* Glyphs of one font with their left end at x. */
static void show_run(struct pdf *p, const struct pdf_block *b, size_t from, size_t to, double x,
                     double y)
{
    struct buf *out = &pdf_page_now(p)->content;
    const struct pdf_glyph *g = b->glyphs.items;
    const char *colour = g[from].link      ? "0.05 0.29 0.42 rg"
                         : b->look->accent ? "0.04 0.30 0.22 rg"
                                           : "0.09 0.15 0.12 rg";
    buf_fmt(out, "BT %s /F%d %.2f Tf %.2f %.2f Td <", colour,
            g[from].style * PDF_FILES + g[from].file, b->look->size, x, y);
    for (size_t i = from; i < to; i++)
        buf_fmt(out, "%04X", g[i].glyph);
    buf_addz(out, "> Tj ET\n");
}

static void show_runs(struct pdf *p, const struct pdf_block *b, size_t from, size_t to, double x,
                      double y)
{
    const struct pdf_glyph *g = b->glyphs.items;
    while (from < to) {
        double width = 0;
        size_t end = from;
        while (end < to && g[end].style == g[from].style && g[end].file == g[from].file)
            width += g[end++].width;
        show_run(p, b, from, end, x, y);
        x += width;
        from = end;
    }
}

/* The words of a link, the line under them, and the place where one may click. */
static void show_link(struct pdf *p, struct pdf_block *b, struct pdf_line piece, double x, double y)
{
    size_t link = b->glyphs.items[piece.from].link, element = element_of(p, b, link);
    double end = x + pdf_line_width(b, piece);
    struct pdf_page *page = pdf_page_now(p);
    pdf_content_begin(p, element);
    show_runs(p, b, piece.from, piece.to, x, y);
    pdf_content_end(p);
    pdf_rule(p, x, end, y - 1.5, 0.45);
    *vec_push(p->arena, &p->elements.items[element].kids) =
        (struct pdf_kid){KID_ANNOTATION, p->now, page->links.count};
    *vec_push(p->arena, &page->links) =
        (struct pdf_link){b->urls.items[link - 1], element, x, y - 3, end, y + b->look->size};
}

static void show_piece(struct pdf *p, struct pdf_block *b, struct pdf_line piece, double x,
                       double y, bool artifact)
{
    if (b->glyphs.items[piece.from].link && !artifact) {
        show_link(p, b, piece, x, y);
        return;
    }
    if (artifact)
        pdf_artifact_begin(p);
    else
        pdf_content_begin(p, b->element);
    show_runs(p, b, piece.from, piece.to, x, y);
    pdf_content_end(p);
}

void pdf_show_line(struct pdf *p, struct pdf_block *b, struct pdf_line line, double x, double y,
                   bool artifact)
{
    const struct pdf_glyph *g = b->glyphs.items;
    for (size_t from = line.from; from < line.to;) {
        struct pdf_line piece = {from, from};
        while (piece.to < line.to && g[piece.to].link == g[from].link)
            piece.to++;
        show_piece(p, b, piece, x, y, artifact);
        x += pdf_line_width(b, piece);
        from = piece.to;
    }
}

/* ---- blocks ---- */

/* Before the first line of an item, in the margin that its indent made. */
static void show_label(struct pdf *p, double y)
{
    struct pdf_block b;
    struct pdf_line line;
    size_t from = 0;
    pdf_block_init(p, &b, &pdf_label_look, p->label_element);
    pdf_block_add(p, &b, PDF_REGULAR, p->label, S(""));
    p->label = S("");
    if (pdf_block_line(&b, 1000, &from, &line))
        pdf_show_line(p, &b, line, pdf_left(p) - 18, y, false);
}

void pdf_block(struct pdf *p, enum pdf_kind kind)
{
    if (p->block)
        BUG("pdf_block inside a block");
    p->block = arena_new_of(p->arena, struct pdf_block);
    pdf_block_init(p, p->block, &pdf_looks[kind], 0);
}

void pdf_span(struct pdf *p, enum pdf_style style, str text, str url)
{
    if (!p->block)
        BUG("pdf_span outside a block");
    pdf_block_add(p, p->block, style, text, url);
}

/* Points of a list stand closer together than paragraphs. */
#define CLOSER 0.45

static bool in_item(const struct pdf *p)
{
    return p->open.count && p->open.items[p->open.count - 1].item;
}

/* The first line does not stay alone at the foot of a page: it may be what the rest is about. */
static double least_height(struct pdf_block *b, double width)
{
    size_t from = 0;
    struct pdf_line line;
    bool two = pdf_block_line(b, width, &from, &line) && pdf_block_line(b, width, &from, &line);
    return b->look->leading * (two ? 2 : 1);
}

static void show_block(struct pdf *p, struct pdf_block *b)
{
    double left = pdf_left(p), width = pdf_right() - left;
    size_t from = 0;
    struct pdf_line line;
    bool top = p->y > 770, first = true;
    p->y -= top ? 0 : b->look->before;
    if (b->look->accent) /* a heading stays with the first lines below it */
        pdf_room(p, b->look->leading * 2 + 36);
    pdf_room(p, least_height(b, width));
    while (pdf_block_line(b, width, &from, &line)) {
        pdf_room(p, b->look->leading);
        p->y -= b->look->leading;
        if (first && p->label.len)
            show_label(p, p->y);
        pdf_show_line(p, b, line, left, p->y, false);
        first = false;
    }
    p->y -= in_item(p) ? b->look->after * CLOSER : b->look->after;
}

/* An empty block leaves nothing behind. */
void pdf_end(struct pdf *p)
{
    struct pdf_block *b = p->block;
    if (!b)
        BUG("pdf_end outside a block");
    p->block = NULL;
    if (p->in_cell) {
        p->in_cell = false;
        return;
    }
    size_t from = 0;
    struct pdf_line line;
    if (!pdf_block_line(b, 1000, &from, &line))
        return;
    b->element = pdf_element_add(p, b->look->tag, pdf_parent(p));
    show_block(p, b);
}

void pdf_text(struct pdf *p, enum pdf_kind kind, str text)
{
    pdf_block(p, kind);
    pdf_span(p, PDF_REGULAR, text, S(""));
    pdf_end(p);
}
