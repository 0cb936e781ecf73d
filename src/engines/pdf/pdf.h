/* pdf.h - writes a tagged PDF: text that flows over A4 pages, with the structure that a screen
   reader needs (PDF/UA-1: title, language, headings, lists, tables, links; ISO 32000-1 chapter 14).
   Pure: fonts, time and text come from the caller, the same input gives the same bytes.

   The caller opens groups (a section, a list, an item of it) and writes blocks of text into them,
   in reading order; a block is made of spans. Sizes are bounded by PDF_MAX_BYTES: past that
   pdf_finish says ERR_LIMIT by giving false.

       pdf_open(p, PDF_LIST);
       pdf_item(p, S("1."));
       pdf_block(p, PDF_P);
       pdf_span(p, PDF_REGULAR, S("Nodig iedereen uit, zie "), S(""));
       pdf_span(p, PDF_REGULAR, S("de werkwijze"), S("https://www.voorbeeld.nl/"));
       pdf_end(p);
       pdf_close(p);
       pdf_close(p); */
#pragma once

#include "base/arena.h"
#include "base/str.h"

enum {
    PDF_MAX_BYTES = 16 * 1024 * 1024,
    PDF_MAX_PAGES = 400,
    PDF_MAX_COLUMNS = 8, /* of a table */
};

enum pdf_style { PDF_REGULAR, PDF_BOLD, PDF_ITALIC, PDF_STYLES };
enum { PDF_FILES = 2 }; /* of a style: the second for characters that the first does not have */

struct pdf_options {
    str title, author, subject; /* subject: one sentence; author and subject may be empty */
    str language;               /* "nl" */
    str footer;           /* at the foot of each page, left of the page number; may be empty */
    str page_words;       /* "Pagina": before the number */
    str of_words;         /* "van": before the number of pages */
    long long created_at; /* seconds UTC */
    str fonts[PDF_STYLES]
             [PDF_FILES]; /* TrueType files with glyf outlines; bold and italic may be empty */
};

struct pdf;

/* NULL when the regular font cannot be read. */
struct pdf *pdf_new(struct arena *a, const struct pdf_options *options);

/* ---- groups ---- */

enum pdf_group { PDF_SECTION, PDF_QUOTE, PDF_LIST };
void pdf_open(struct pdf *p, enum pdf_group group);
void pdf_item(struct pdf *p,
              str label);      /* of a list: opens it; the label stands before its first line */
void pdf_close(struct pdf *p); /* the last group or item that is open */

/* ---- blocks ---- */

enum pdf_kind { PDF_H1, PDF_H2, PDF_H3, PDF_H4, PDF_P, PDF_LEAD, PDF_SMALL, PDF_CODE, PDF_KINDS };
void pdf_block(struct pdf *p, enum pdf_kind kind);
/* Line feeds break the line. url: absolute; empty for ordinary text. Both are copied. */
void pdf_span(struct pdf *p, enum pdf_style style, str text, str url);
void pdf_end(struct pdf *p);
/* A block of one span. */
void pdf_text(struct pdf *p, enum pdf_kind kind, str text);

/* ---- tables: their cells are blocks of text ---- */

void pdf_table(struct pdf *p,
               size_t columns); /* at most PDF_MAX_COLUMNS; cells past them are left out */
void pdf_row(struct pdf *p, bool header);
void pdf_cell(struct pdf *p); /* then pdf_span, pdf_end */
void pdf_table_end(struct pdf *p);

/* The document; false when it is too large. Nothing may be open. */
bool pdf_finish(struct pdf *p, str *ret);
size_t pdf_pages(const struct pdf *p);
