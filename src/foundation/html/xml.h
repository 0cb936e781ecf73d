/* xml.h - a writer of XML for other programs: what it makes is well-formed by construction.

   Names are literals and values are escaped: xml_text(x, user_input) is the only way in for text,
   and there is no raw form. An element is closed by the writer itself; wrong nesting is a BUG. */
#pragma once

#include "html/html.h"

struct xml {
    struct buf *buf;
    int depth;
    bool in_tag; /* the start tag is still open: attributes may come */
    const char *open[16];
};

/* The declaration, then the root: begin it with xml_open. */
void xml_begin(struct xml *x, struct buf *b);

/* Literals only: xml_open(x, user_input) does not compile. */
#define xml_open(x, name) xml_open_((x), ("" name ""))
#define xml_attr(x, name, value) xml_attr_((x), ("" name ""), (value))
#define xml_element(x, name, text) xml_element_((x), ("" name ""), (text))
void xml_open_(struct xml *x, const char *name);
void xml_attr_(struct xml *x, const char *name, str value); /* right after xml_open */
void xml_element_(struct xml *x, const char *name, str text);
void xml_close(struct xml *x); /* the element that was opened last */

/* Characters that XML does not have (controls, U+FFFE, U+FFFF) and invalid UTF-8 become U+FFFD. */
void xml_text(struct xml *x, str text);
void xml_markup(struct xml *x, html markup); /* HTML as text: the reader unescapes it once */
