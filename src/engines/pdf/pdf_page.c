/* Pages, and the tree of the structure. */
#include "pdf/pdf_int.h"

#include "base/vec.h"

/* A4 in points. */
#define PAGE_WIDTH 595.28
#define PAGE_HEIGHT 841.89
#define MARGIN_SIDE 62.0
#define MARGIN_TOP 62.0
#define MARGIN_BOTTOM 70.0
#define INDENT_ITEM 18.0
#define INDENT_QUOTE 14.0
#define AFTER_LIST 4.0

size_t pdf_element_add(struct pdf *p, const char *tag, size_t parent)
{
    size_t number = p->elements.count;
    struct pdf_element *e = vec_push(p->arena, &p->elements);
    *e = (struct pdf_element){.tag = tag, .parent = parent};
    if (number) /* the document itself has no parent */
        *vec_push(p->arena, &p->elements.items[parent].kids) =
            (struct pdf_kid){KID_ELEMENT, 0, number};
    return number;
}

size_t pdf_parent(const struct pdf *p)
{
    return p->open.count ? p->open.items[p->open.count - 1].element : PDF_DOCUMENT;
}

struct pdf *pdf_new(struct arena *a, const struct pdf_options *options)
{
    struct pdf *p = arena_new_of(a, struct pdf);
    p->arena = a;
    p->options = *options;
    for (int s = 0; s < PDF_STYLES; s++)
        for (int k = 0; k < PDF_FILES; k++)
            if (options->fonts[s][k].len &&
                !pdf_font_read(a, options->fonts[s][k], &p->fonts[s][k]) && s == 0 && k == 0)
                return NULL;
    if (!p->fonts[PDF_REGULAR][0].file.len)
        return NULL;
    (void)pdf_element_add(p, "Document", PDF_DOCUMENT);
    pdf_page_add(p);
    return p;
}

void pdf_page_add(struct pdf *p)
{
    if (p->pages.count == PDF_MAX_PAGES) {
        p->too_large = true;
        p->y = PAGE_HEIGHT - MARGIN_TOP; /* goes on over the last page, which nobody gets to see */
        return;
    }
    struct pdf_page *page = vec_push(p->arena, &p->pages);
    *page = (struct pdf_page){0};
    buf_init(&page->content, p->arena, PDF_MAX_BYTES);
    p->now = p->pages.count - 1;
    p->y = PAGE_HEIGHT - MARGIN_TOP;
}

struct pdf_page *pdf_page_now(struct pdf *p)
{
    return &p->pages.items[p->now];
}

size_t pdf_pages(const struct pdf *p)
{
    return p->pages.count;
}

double pdf_left(const struct pdf *p)
{
    return MARGIN_SIDE + p->indent;
}

double pdf_right(void)
{
    return PAGE_WIDTH - MARGIN_SIDE;
}

void pdf_room(struct pdf *p, double height)
{
    if (p->y - height < MARGIN_BOTTOM)
        pdf_page_add(p);
}

void pdf_content_begin(struct pdf *p, size_t element)
{
    struct pdf_page *page = pdf_page_now(p);
    size_t number = page->contents.count;
    *vec_push(p->arena, &page->contents) = element;
    *vec_push(p->arena, &p->elements.items[element].kids) =
        (struct pdf_kid){KID_CONTENT, p->now, number};
    buf_fmt(&page->content, "/%s <</MCID %zu>> BDC\n", p->elements.items[element].tag, number);
}

void pdf_artifact_begin(struct pdf *p)
{
    buf_addz(&pdf_page_now(p)->content, "/Artifact BMC\n");
}

void pdf_content_end(struct pdf *p)
{
    buf_addz(&pdf_page_now(p)->content, "EMC\n");
}

void pdf_rule(struct pdf *p, double x0, double x1, double y, double grey)
{
    struct buf *b = &pdf_page_now(p)->content;
    pdf_artifact_begin(p);
    buf_fmt(b, "%.2f G 0.5 w %.2f %.2f m %.2f %.2f l S\n", grey, x0, y, x1, y);
    pdf_content_end(p);
}

/* ---- groups ---- */

static void push(struct pdf *p, const char *tag, double indent, bool item)
{
    size_t element = pdf_element_add(p, tag, pdf_parent(p));
    *vec_push(p->arena, &p->open) = (struct pdf_open){element, indent, item, false};
    p->indent += indent;
}

static void pop(struct pdf *p)
{
    p->indent -= p->open.items[--p->open.count].indent;
}

/* How far a group may stand to the right, so that room is left for words. */
#define MOST_INDENT 180.0

void pdf_open(struct pdf *p, enum pdf_group group)
{
    static const char *const tags[] = {
        [PDF_SECTION] = "Sect", [PDF_QUOTE] = "BlockQuote", [PDF_LIST] = "L"};
    bool indents = group == PDF_QUOTE && p->indent < MOST_INDENT;
    push(p, tags[group], indents ? INDENT_QUOTE : 0, false);
    p->open.items[p->open.count - 1].list = group == PDF_LIST;
}

void pdf_item(struct pdf *p, str label)
{
    push(p, "LI", 0, false);
    p->label_element = pdf_element_add(p, "Lbl", pdf_parent(p));
    push(p, "LBody", p->indent < MOST_INDENT ? INDENT_ITEM : 0, true);
    p->label = label;
}

void pdf_close(struct pdf *p)
{
    if (!p->open.count || p->block)
        BUG("pdf_close without an open group, or inside a block");
    struct pdf_open last = p->open.items[p->open.count - 1];
    pop(p);
    if (last.item)
        pop(p);
    p->label = S("");
    /* Its points stand close together; what comes after the whole of it is no point. */
    if (last.list && !(p->open.count && p->open.items[p->open.count - 1].item))
        p->y -= AFTER_LIST;
}
