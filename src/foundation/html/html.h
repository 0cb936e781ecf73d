/* html.h - the writer that escapes unless the type says "already HTML".

   Templates (tools/tmplc) generate calls to this writer, so both share one escaping. There is no raw form: an html value
   comes only from out_take and the Markdown renderer. */
#pragma once

#include "base/buf.h"

typedef struct html {
    str s;
} html; /* finished, trusted markup */

struct out {
    struct buf *buf; /* where it goes; bounded */
};

/* Literals only: out_lit(o, user_input) does not compile. */
#define out_lit(o, literal) out_lit_((o), ("" literal ""), sizeof(literal) - 1)
void out_lit_(struct out *o, const char *literal, size_t len);

/* Escapes by type: text for element content and quoted attributes, html as it is, integers as digits. */
#define out(o, x)                                                                                  \
    _Generic((x), str: out_text, char *: out_textz, const char *: out_textz, html: out_html,       \
             int: out_int, long: out_int, long long: out_int, unsigned: out_int,                   \
             unsigned long: out_size, unsigned long long: out_size)((o), (x))
void out_text(struct out *o, str text);
void out_textz(struct out *o, const char *text);
void out_html(struct out *o, html markup);
void out_int(struct out *o, long long n);
void out_size(struct out *o, unsigned long long n);

/* In href, src, action: escapes, and replaces javascript:, data:, protocol-relative and control-character URLs by "#".
   Allowed: /path, #fragment, ?query, relative, http:, https:, mailto:, tel:. */
void out_url(struct out *o, str url);
/* One value inside a URL's path or query: percent-encodes, then escapes. */
void out_url_part(struct out *o, str value);
/* 69183 -> 69.183 */
void out_number(struct out *o, long long n);

/* Is it set? Used by {{#if}}: non-empty text or html, non-zero number, true, non-NULL pointer. */
#define out_truthy(x)                                                                              \
    _Generic((x), str: out_truthy_str, html: out_truthy_html, bool: out_truthy_bool,               \
             char *: out_truthy_z, const char *: out_truthy_z, int: out_truthy_int,                \
             long: out_truthy_int, long long: out_truthy_int, unsigned long: out_truthy_size,      \
             default: out_truthy_pointer)(x)
bool out_truthy_str(str s);
bool out_truthy_html(html h);
bool out_truthy_bool(bool b);
bool out_truthy_z(const char *z);
bool out_truthy_int(long long n);
bool out_truthy_size(unsigned long n);
bool out_truthy_pointer(const void *p);

/* Captures markup as a value: out_begin, write, out_take. */
void out_begin(struct out *o, struct buf *b, struct arena *a, size_t max);
html out_take(struct out *o);

/* Markdown (CommonMark with tables, strikethrough and autolinks), raw HTML off, headings shifted so that the highest is
   <h2>, links checked as in out_url, rel="nofollow" on outside links. Size of the input is bounded by max_bytes: past it ERR_LIMIT. */
struct ctx;
int markdown_render(struct ctx *c, str source, html *ret) _nodiscard_;
/* The readable text without markup, for the index and summaries. */
int markdown_text(struct ctx *c, str source, str *ret) _nodiscard_;
