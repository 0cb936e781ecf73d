#include "base/utf8.h"
#include "http/http_int.h"

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Decodes %XX once, so that what was encoded twice stays literal. *ret_len bytes are written to
   out, which has room for in.len. */
static bool decode_bytes(str in, bool plus, char *out, size_t *ret_len)
{
    size_t n = 0;
    for (size_t i = 0; i < in.len; i++) {
        char c = in.ptr[i];
        if (c == '%') {
            int high = i + 2 < in.len ? hex_value(in.ptr[i + 1]) : -1;
            int low = i + 2 < in.len ? hex_value(in.ptr[i + 2]) : -1;
            if (high < 0 || low < 0)
                return false;
            c = (char)(unsigned char)(high * 16 + low);
            i += 2;
        } else if (c == '+' && plus) {
            c = ' ';
        }
        if (c == '\0')
            return false;
        out[n++] = c;
    }
    *ret_len = n;
    return true;
}

bool http_url_decode(struct arena *a, str in, bool plus, str *ret)
{
    char *out = arena_alloc(a, in.len + 1);
    size_t len;
    if (!decode_bytes(in, plus, out, &len) || !utf8_valid(str_of(out, len)))
        return false;
    *ret = str_of(out, len);
    return true;
}

static bool is_unreserved(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

str http_url_encode(struct arena *a, str in)
{
    static const char digits[] = "0123456789ABCDEF";
    char *out = arena_array(a, in.len + 1, 3);
    size_t n = 0;
    for (size_t i = 0; i < in.len; i++) {
        unsigned char byte = (unsigned char)in.ptr[i];
        if (is_unreserved(in.ptr[i])) {
            out[n++] = in.ptr[i];
            continue;
        }
        out[n++] = '%';
        out[n++] = digits[byte >> 4];
        out[n++] = digits[byte & 15];
    }
    return str_of(out, n);
}

bool http_text_clean(str s)
{
    if (!utf8_valid(s))
        return false;
    for (size_t i = 0; i < s.len; i++) {
        unsigned char byte = (unsigned char)s.ptr[i];
        if (byte < 0x20 || byte == 0x7F)
            return false;
        /* U+0080 to U+009F; valid UTF-8 has a byte after 0xC2 */
        if (byte == 0xC2 && (unsigned char)s.ptr[i + 1] < 0xA0)
            return false;
    }
    return true;
}

static bool has_encoded_slash(str in)
{
    for (size_t i = 0; i + 2 < in.len; i++)
        if (in.ptr[i] == '%' && hex_value(in.ptr[i + 1]) == 2 && hex_value(in.ptr[i + 2]) == 15)
            return true;
    return false;
}

static bool has_dot_segment(str path)
{
    str part;
    while (str_split(&path, '/', &part))
        if (str_eq(part, S(".")) || str_eq(part, S("..")))
            return true;
    return false;
}

bool http_path_decode(struct arena *a, str in, str *ret)
{
    str path;
    if (!in.len || in.ptr[0] != '/' || has_encoded_slash(in))
        return false;
    if (!http_url_decode(a, in, false, &path) || !http_text_clean(path) || has_dot_segment(path))
        return false;
    *ret = path;
    return true;
}
