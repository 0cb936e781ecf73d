#include "html/html.h"

#include "base/utf8.h"

html html_dup(struct arena *a, html markup)
{
    return (html){str_dup(a, markup.s)};
}

/* What a byte needs in text: nothing, an escape, or a look at the sequence that it starts. */
enum { PLAIN, SPECIAL, WIDE };

static const unsigned char kinds[256] = {
    ['&'] = SPECIAL,  ['<'] = SPECIAL,  ['>'] = SPECIAL,        ['"'] = SPECIAL,
    ['\''] = SPECIAL, ['\0'] = SPECIAL, [0x80 ... 0xFF] = WIDE,
};

static const str replacement = STR("\xEF\xBF\xBD");

static str escape_of(char byte)
{
    switch (byte) {
    case '&':
        return S("&amp;");
    case '<':
        return S("&lt;");
    case '>':
        return S("&gt;");
    case '"':
        return S("&quot;");
    case '\'':
        return S("&#39;");
    default:
        return replacement;
    }
}

/* Bytes of the valid sequence at the front of s; 0 when it is not well-formed. */
static size_t wide_length(str s)
{
    str rest = s;
    bool replaced = utf8_next(&rest) == 0xFFFD;
    size_t taken = s.len - rest.len;
    return replaced && !str_starts(s, replacement) ? 0 : taken;
}

/* Bytes at the front of s that can go out as they are. */
static size_t safe_span(str s)
{
    size_t i = 0;
    while (i < s.len) {
        int kind = kinds[(unsigned char)s.ptr[i]];
        if (kind == SPECIAL)
            return i;
        size_t step = kind == PLAIN ? 1 : wide_length(str_slice(s, i, s.len));
        if (!step)
            return i;
        i += step;
    }
    return i;
}

void out_lit_(struct out *o, const char *literal, size_t len)
{
    buf_add(o->buf, (str){literal, len});
}

void out_text(struct out *o, str text)
{
    while (text.len) {
        size_t n = safe_span(text);
        buf_add(o->buf, str_slice(text, 0, n));
        if (n < text.len)
            buf_add(o->buf, escape_of(text.ptr[n]));
        text = str_slice(text, n + 1, text.len);
    }
}

void out_textz(struct out *o, const char *text)
{
    out_text(o, str_from(text));
}

void out_html(struct out *o, html markup)
{
    buf_add(o->buf, markup.s);
}

void out_int(struct out *o, long long n)
{
    buf_fmt(o->buf, "%lld", n);
}

void out_size(struct out *o, unsigned long long n)
{
    buf_fmt(o->buf, "%llu", n);
}

void out_number(struct out *o, long long n)
{
    char digits[24];
    int len = snprintf(digits, sizeof digits, "%llu",
                       n < 0 ? 0ULL - (unsigned long long)n : (unsigned long long)n);
    if (n < 0)
        buf_add_byte(o->buf, '-');
    for (int i = 0; i < len; i++) {
        if (i && (len - i) % 3 == 0)
            buf_add_byte(o->buf, '.');
        buf_add_byte(o->buf, digits[i]);
    }
}

str out_number_words(struct arena *a, long long n)
{
    struct buf b;
    struct out o;
    out_begin(&o, &b, a, 32);
    out_number(&o, n);
    return str_dup(a, buf_str(&b));
}

/* ---- URLs ---- */

/* Browsers drop tabs and line feeds anywhere in a URL and controls at its start. */
static bool has_control(str s)
{
    for (size_t i = 0; i < s.len; i++)
        if ((unsigned char)s.ptr[i] < 0x20 || s.ptr[i] == 0x7F)
            return true;
    return false;
}

/* Offset of the first of the bytes, or s.len. */
static size_t find_any(str s, const char *bytes)
{
    size_t i = 0;
    while (i < s.len && !(s.ptr[i] && strchr(bytes, s.ptr[i])))
        i++;
    return i;
}

/* The scheme with its colon; empty for a relative URL. */
static str scheme_of(str url)
{
    size_t at = find_any(url, ":/?#");
    return at < url.len && url.ptr[at] == ':' ? str_slice(url, 0, at + 1) : S("");
}

bool out_url_outside(str url)
{
    str scheme = scheme_of(str_trim(url));
    return str_eq_nocase(scheme, S("http:")) || str_eq_nocase(scheme, S("https:"));
}

bool out_url_allowed(str url)
{
    url = str_trim(url);
    /* A browser reads \ as / in the part before the query, so "/\host" is protocol-relative. */
    str front = str_slice(url, 0, find_any(url, "?#"));
    if (has_control(url) || str_find_byte(front, '\\') != STR_NONE || str_starts(url, S("//")))
        return false;
    str scheme = scheme_of(url);
    return !scheme.len || out_url_outside(url) || str_eq_nocase(scheme, S("mailto:")) ||
           str_eq_nocase(scheme, S("tel:"));
}

void out_url(struct out *o, str url)
{
    if (!out_url_allowed(url)) {
        buf_add_byte(o->buf, '#');
        return;
    }
    str part, rest = str_trim(url);
    for (bool first = true; str_split(&rest, ' ', &part); first = false) {
        if (!first)
            buf_add(o->buf, S("%20"));
        out_text(o, part);
    }
}

static bool is_unreserved(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= '0' && byte <= '9') || (byte && strchr("-._~@", byte));
}

static void add_percent(struct buf *b, str bytes)
{
    static const char hex[] = "0123456789ABCDEF";
    for (size_t i = 0; i < bytes.len; i++) {
        unsigned char byte = (unsigned char)bytes.ptr[i];
        buf_add(b, (str){(char[]){'%', hex[byte >> 4], hex[byte & 15]}, 3});
    }
}

void out_url_part(struct out *o, str value)
{
    while (value.len) {
        if (is_unreserved(value.ptr[0])) {
            buf_add_byte(o->buf, value.ptr[0]);
            value = str_slice(value, 1, value.len);
            continue;
        }
        char bytes[4];
        size_t len = utf8_encode(utf8_next(&value), bytes);
        add_percent(o->buf, (str){bytes, len});
    }
}

void out_urlz(struct out *o, const char *url)
{
    out_url(o, str_from(url));
}

void out_url_partz(struct out *o, const char *value)
{
    out_url_part(o, str_from(value));
}

/* ---- conditions ---- */

bool out_truthy_str(str s)
{
    return s.len > 0;
}

bool out_truthy_html(html h)
{
    return h.s.len > 0;
}

bool out_truthy_bool(bool b)
{
    return b;
}

bool out_truthy_z(const char *z)
{
    return z && *z;
}

bool out_truthy_int(long long n)
{
    return n != 0;
}

bool out_truthy_size(unsigned long long n)
{
    return n != 0;
}

bool out_truthy_pointer(const void *p)
{
    return p != NULL;
}

/* ---- capture ---- */

void out_begin(struct out *o, struct buf *b, struct arena *a, size_t max)
{
    buf_init(b, a, max);
    o->buf = b;
}

html out_take(struct out *o)
{
    return (html){buf_ok(o->buf) ? buf_str(o->buf) : S("")};
}
