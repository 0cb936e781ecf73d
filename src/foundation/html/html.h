/* html.h - the writer that escapes unless the type says "already HTML".

   Templates (tools/tmplc) generate calls to this writer, so both share one escaping. There is no
   raw form: an html value comes only from out_take and the Markdown renderer. */
#pragma once

#include "base/buf.h"

typedef struct html {
    str s;
} html; /* finished, trusted markup */

html html_dup(struct arena *a, html markup);

struct out {
    struct buf *buf; /* where it goes; bounded */
};

/* Literals only: out_lit(o, user_input) does not compile. */
#define out_lit(o, literal) out_lit_((o), ("" literal ""), sizeof(literal) - 1)
void out_lit_(struct out *o, const char *literal, size_t len);

/* Escapes by type: text for element content and quoted attributes, html as it is, integers as
 * digits. */
#define out(o, x)                                                                                  \
    _Generic((x), str: out_text, char *: out_textz, const char *: out_textz, html: out_html,       \
             int: out_int, long: out_int, long long: out_int, unsigned: out_int,                   \
             unsigned long: out_size, unsigned long long: out_size)((o), (x))
/* The same without html: for attribute values, <title> and <textarea>, where markup would end the
 * value. */
#define out_attr(o, x)                                                                             \
    _Generic((x), str: out_text, char *: out_textz, const char *: out_textz, int: out_int,         \
             long: out_int, long long: out_int, unsigned: out_int, unsigned long: out_size,        \
             unsigned long long: out_size)((o), (x))
void out_text(struct out *o, str text); /* invalid UTF-8 and NUL become U+FFFD */
void out_textz(struct out *o, const char *text);
void out_html(struct out *o, html markup);
void out_int(struct out *o, long long n);
void out_size(struct out *o, unsigned long long n);

/* In href, src, action: escapes, and replaces javascript:, data:, protocol-relative and
   control-character URLs by "#". Allowed: /path, #fragment, ?query, relative, http:, https:,
   mailto:, tel:. */
void out_url(struct out *o, str url);
bool out_url_allowed(str url); /* would out_url leave it? */
bool out_url_outside(str url); /* an http: or https: address */
/* One value inside a URL's path or query: percent-encodes all but letters, digits and -._~@ */
void out_url_part(struct out *o, str value);
/* What templates write: out_url for text only, out_url_part also for numbers. */
#define out_url_of(o, x)                                                                           \
    _Generic((x), str : out_url, char * : out_urlz, const char * : out_urlz)((o), (x))
#define out_url_part_of(o, x)                                                                      \
    _Generic((x), str: out_url_part, char *: out_url_partz, const char *: out_url_partz,           \
             int: out_int, long: out_int, long long: out_int, unsigned: out_int,                   \
             unsigned long: out_size, unsigned long long: out_size)((o), (x))
void out_urlz(struct out *o, const char *url);
void out_url_partz(struct out *o, const char *value);
/* 69183 -> 69.183 */
void out_number(struct out *o, long long n);

/* Is it set? Used by {{#if}}: non-empty text or html, non-zero number, true, non-NULL pointer. */
#define out_truthy(x)                                                                              \
    _Generic((x), str: out_truthy_str, html: out_truthy_html, bool: out_truthy_bool,               \
             char *: out_truthy_z, const char *: out_truthy_z, int: out_truthy_int,                \
             long: out_truthy_int, long long: out_truthy_int, unsigned: out_truthy_size,           \
             unsigned long: out_truthy_size, unsigned long long: out_truthy_size,                  \
             default: out_truthy_pointer)(x)
bool out_truthy_str(str s);
bool out_truthy_html(html h);
bool out_truthy_bool(bool b);
bool out_truthy_z(const char *z);
bool out_truthy_int(long long n);
bool out_truthy_size(unsigned long long n);
bool out_truthy_pointer(const void *p);

/* "69.183": a whole number as it is written in a sentence, NUL after it. */
str out_number_words(struct arena *a, long long n);

/* Captures markup as a value: out_begin, write, out_take. Past max bytes out_take gives nothing, so
   that half an element is never shown; buf_ok(b) tells. */
void out_begin(struct out *o, struct buf *b, struct arena *a, size_t max);
html out_take(struct out *o);

/* Makes what all texts share; at the start of the program, since the library behind it ends the
   program when there is no memory for that. Without it the first text does it. */
void markdown_prepare(void);

/* Markdown (CommonMark with tables, strikethrough and autolinks), raw HTML off, headings shifted so
   that the highest is <h2> and carrying ids (slugs, unique within the text), links checked as in
   out_url (a refused one keeps only its words), rel="nofollow" on outside links, outside images
   become links. Past MARKDOWN_MAX_BYTES: ERR_LIMIT. */
struct ctx;
enum { MARKDOWN_MAX_BYTES = 256 * 1024 };
int markdown_render(struct ctx *c, str source, html *ret) _nodiscard_;
/* The same for text that is read elsewhere, as in a feed: its addresses of our own are made whole.
   origin is https://voorbeeld.nl; page the path that the text stands on, for #fragments. */
int markdown_render_at(struct ctx *c, str source, str origin, str page, html *ret) _nodiscard_;
/* The readable text without markup, for the index and summaries. */
int markdown_text(struct ctx *c, str source, str *ret) _nodiscard_;

/* What a text is made of, for those who write something else than HTML. In reading order; a part is
   closed before the next of its kind is opened, and text comes only inside a heading, paragraph,
   code or cell. */
enum markdown_part {
    MARKDOWN_HEADING, /* number: 1 for the highest level in this text, then 2 and so on */
    MARKDOWN_PARAGRAPH,
    MARKDOWN_QUOTE,
    MARKDOWN_LIST,
    MARKDOWN_ITEM, /* number: its place in an ordered list; 0: not ordered */
    MARKDOWN_CODE,
    MARKDOWN_TABLE, /* number: of columns */
    MARKDOWN_ROW,   /* number: 1 for the head */
    MARKDOWN_CELL,
};
struct markdown_visitor {
    void *arg;
    void (*open)(void *arg, enum markdown_part part, int number);
    void (*close)(void *arg, enum markdown_part part);
    /* url: as it is written, already allowed; empty: no link. An image gives its alternative text.
     */
    void (*text)(void *arg, bool strong, bool emphasis, str text, str url);
};
/* The visitor may not use Markdown itself. ERR_LIMIT with words as markdown_render. */
int markdown_walk(struct ctx *c, str source, const struct markdown_visitor *visitor) _nodiscard_;

/* A QR code as <svg>, with a label for who does not see it; text of at most 1,000 bytes. Its
 * colours are classes: aj-qr, aj-qr__paper, aj-qr__ink. */
int qr_svg(struct ctx *c, str text, str label, html *ret) _nodiscard_;
