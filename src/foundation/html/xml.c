#include "html/xml.h"

#include "base/utf8.h"

void xml_begin(struct xml *x, struct buf *b)
{
    *x = (struct xml){.buf = b};
    buf_add(b, S("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"));
}

/* Ends a start tag that is still open. */
static void tag_end(struct xml *x)
{
    if (x->in_tag)
        buf_add_byte(x->buf, '>');
    x->in_tag = false;
}

void xml_open_(struct xml *x, const char *name)
{
    if (x->depth == (int)COUNT_OF(x->open))
        BUG("xml: nested too deeply");
    tag_end(x);
    buf_add_byte(x->buf, '<');
    buf_addz(x->buf, name);
    x->open[x->depth++] = name;
    x->in_tag = true;
}

void xml_close(struct xml *x)
{
    if (!x->depth)
        BUG("xml: an end without its beginning");
    const char *name = x->open[--x->depth];
    if (x->in_tag) {
        buf_add(x->buf, S("/>\n"));
        x->in_tag = false;
        return;
    }
    buf_add(x->buf, S("</"));
    buf_addz(x->buf, name);
    buf_add(x->buf, S(">\n"));
}

static bool is_xml_char(uint32_t cp)
{
    return cp >= 0x20 ? cp != 0xFFFE && cp != 0xFFFF : cp == '\t' || cp == '\n' || cp == '\r';
}

/* Tab and line ends are written as references: in an attribute a reader makes spaces of them, and a
 * bare carriage return is lost everywhere. */
static str escape_of(uint32_t cp, bool attribute)
{
    switch (cp) {
    case '&':
        return S("&amp;");
    case '<':
        return S("&lt;");
    case '>':
        return S("&gt;");
    case '"':
        return S("&quot;");
    case '\r':
        return S("&#13;");
    case '\n':
        return attribute ? S("&#10;") : S("");
    case '\t':
        return attribute ? S("&#9;") : S("");
    default:
        return S("");
    }
}

static void add_escaped(struct buf *b, str text, bool attribute)
{
    char bytes[4];
    while (text.len) {
        uint32_t cp = utf8_next(&text);
        str escape = escape_of(cp, attribute);
        if (escape.len)
            buf_add(b, escape);
        else
            buf_add(b, str_of(bytes, utf8_encode(is_xml_char(cp) ? cp : 0xFFFD, bytes)));
    }
}

void xml_attr_(struct xml *x, const char *name, str value)
{
    if (!x->in_tag)
        BUG("xml: an attribute outside a start tag");
    buf_add_byte(x->buf, ' ');
    buf_addz(x->buf, name);
    buf_add(x->buf, S("=\""));
    add_escaped(x->buf, value, true);
    buf_add_byte(x->buf, '"');
}

void xml_text(struct xml *x, str text)
{
    if (!x->depth)
        BUG("xml: text outside the root");
    tag_end(x);
    add_escaped(x->buf, text, false);
}

void xml_markup(struct xml *x, html markup)
{
    xml_text(x, markup.s);
}

void xml_element_(struct xml *x, const char *name, str text)
{
    xml_open_(x, name);
    xml_text(x, text);
    xml_close(x);
}
