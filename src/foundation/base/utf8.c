#include "base/utf8.h"

static const uint32_t replacement = 0xFFFD;

/* Length of the sequence that this first byte announces; 0 for a byte that cannot be first. */
static size_t sequence_length(unsigned char first)
{
    if (first < 0x80)
        return 1;
    if (first >= 0xC2 && first <= 0xDF)
        return 2;
    if (first >= 0xE0 && first <= 0xEF)
        return 3;
    return first >= 0xF0 && first <= 0xF4 ? 4 : 0;
}

/* Decodes the sequence at the front of s; false when it is not well-formed. */
static bool decode(str s, uint32_t *ret, size_t *ret_len)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    unsigned char first = (unsigned char)s.ptr[0];
    size_t len = sequence_length(first);
    if (!len || len > s.len)
        return false;
    uint32_t cp = len == 1 ? first : first & (0xFFU >> (len + 1));
    for (size_t i = 1; i < len; i++) {
        unsigned char byte = (unsigned char)s.ptr[i];
        if ((byte & 0xC0) != 0x80)
            return false;
        cp = cp << 6 | (byte & 0x3FU);
    }
    if (cp < least[len] || cp > 0x10FFFF || (cp >= 0xD800 && cp <= 0xDFFF))
        return false;
    *ret = cp;
    *ret_len = len;
    return true;
}

uint32_t utf8_next(str *s)
{
    uint32_t cp = replacement;
    size_t len = 1;
    if (!decode(*s, &cp, &len))
        cp = replacement;
    *s = str_slice(*s, len, s->len);
    return cp;
}

size_t utf8_encode(uint32_t cp, char ret[4])
{
    if (cp < 0x80) {
        ret[0] = (char)cp;
        return 1;
    }
    if (cp < 0x800) {
        ret[0] = (char)(0xC0 | cp >> 6);
        ret[1] = (char)(0x80 | (cp & 0x3F));
        return 2;
    }
    if (cp < 0x10000) {
        ret[0] = (char)(0xE0 | cp >> 12);
        ret[1] = (char)(0x80 | (cp >> 6 & 0x3F));
        ret[2] = (char)(0x80 | (cp & 0x3F));
        return 3;
    }
    ret[0] = (char)(0xF0 | (cp >> 18 & 7));
    ret[1] = (char)(0x80 | (cp >> 12 & 0x3F));
    ret[2] = (char)(0x80 | (cp >> 6 & 0x3F));
    ret[3] = (char)(0x80 | (cp & 0x3F));
    return 4;
}

bool utf8_valid(str s)
{
    while (s.len) {
        uint32_t cp;
        size_t len;
        if ((unsigned char)s.ptr[0] < 0x80)
            len = 1;
        else if (!decode(s, &cp, &len))
            return false;
        s = str_slice(s, len, s.len);
    }
    return true;
}

bool utf8_has_control(str s)
{
    for (size_t i = 0; i < s.len; i++) {
        unsigned char byte = (unsigned char)s.ptr[i];
        if ((byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r') || byte == 0x7F)
            return true;
    }
    return false;
}

size_t utf8_length(str s)
{
    size_t n = 0;
    for (size_t i = 0; i < s.len; i++)
        n += ((unsigned char)s.ptr[i] & 0xC0) != 0x80;
    return n;
}

str utf8_cut(str s, size_t max_bytes)
{
    if (s.len <= max_bytes)
        return s;
    size_t end = max_bytes;
    while (end && ((unsigned char)s.ptr[end] & 0xC0) == 0x80)
        end--;
    return str_slice(s, 0, end);
}
