#include "base/str.h"

#include <stdarg.h>

#include "base/arena.h"

str str_from(const char *z)
{
    return z ? (str){z, strlen(z)} : S("");
}

str str_of(const char *ptr, size_t len)
{
    return (str){ptr, len};
}

str str_dup(struct arena *a, str s)
{
    char *p = arena_alloc(a, s.len + 1);
    if (s.len)
        memcpy(p, s.ptr, s.len);
    return (str){p, s.len};
}

const char *str_z(struct arena *a, str s)
{
    return str_dup(a, s).ptr;
}

str str_fmt(struct arena *a, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    int n = vsnprintf(NULL, 0, fmt, args);
    va_end(args);
    if (n < 0)
        BUG("str_fmt: format");
    char *p = arena_alloc(a, (size_t)n + 1);
    va_start(args, fmt);
    (void)vsnprintf(p, (size_t)n + 1, fmt, args);
    va_end(args);
    return (str){p, (size_t)n};
}

str str_join(struct arena *a, const str *parts, size_t count, str separator)
{
    size_t len = 0;
    for (size_t i = 0; i < count; i++)
        len += parts[i].len + (i ? separator.len : 0);
    char *p = arena_alloc(a, len + 1), *at = p;
    for (size_t i = 0; i < count; i++) {
        if (i && separator.len) {
            memcpy(at, separator.ptr, separator.len);
            at += separator.len;
        }
        if (parts[i].len)
            memcpy(at, parts[i].ptr, parts[i].len);
        at += parts[i].len;
    }
    return (str){p, len};
}

bool str_eq(str a, str b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

bool str_eqz(str a, const char *b)
{
    return str_eq(a, str_from(b));
}

static char lower_ascii(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool str_eq_nocase(str a, str b)
{
    if (a.len != b.len)
        return false;
    for (size_t i = 0; i < a.len; i++)
        if (lower_ascii(a.ptr[i]) != lower_ascii(b.ptr[i]))
            return false;
    return true;
}

int str_cmp(str a, str b)
{
    size_t common = a.len < b.len ? a.len : b.len;
    int order = common ? memcmp(a.ptr, b.ptr, common) : 0;
    return order ? order : (a.len > b.len) - (a.len < b.len);
}

bool str_starts(str s, str prefix)
{
    return s.len >= prefix.len && str_eq(str_of(s.ptr, prefix.len), prefix);
}

bool str_ends(str s, str suffix)
{
    return s.len >= suffix.len && str_eq(str_slice(s, s.len - suffix.len, s.len), suffix);
}

size_t str_find(str s, str needle)
{
    if (!needle.len)
        return 0;
    const char *hit = s.len ? memmem(s.ptr, s.len, needle.ptr, needle.len) : NULL;
    return hit ? (size_t)(hit - s.ptr) : STR_NONE;
}

size_t str_find_byte(str s, char byte)
{
    const char *hit = s.len ? memchr(s.ptr, byte, s.len) : NULL;
    return hit ? (size_t)(hit - s.ptr) : STR_NONE;
}

str str_slice(str s, size_t from, size_t to)
{
    if (to > s.len)
        to = s.len;
    if (from > to)
        from = to;
    return (str){s.ptr ? s.ptr + from : "", to - from};
}

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

str str_trim(str s)
{
    size_t from = 0, to = s.len;
    while (from < to && is_space(s.ptr[from]))
        from++;
    while (to > from && is_space(s.ptr[to - 1]))
        to--;
    return str_slice(s, from, to);
}

bool str_split(str *rest, char separator, str *ret_part)
{
    if (!rest->ptr)
        return false;
    size_t at = str_find_byte(*rest, separator);
    if (at == STR_NONE) {
        *ret_part = *rest;
        *rest = (str){NULL, 0};
        return true;
    }
    *ret_part = str_slice(*rest, 0, at);
    *rest = str_slice(*rest, at + 1, rest->len);
    return true;
}

bool str_line(str *rest, str *ret_line)
{
    if (!rest->len || !str_split(rest, '\n', ret_line))
        return false;
    if (ret_line->len && ret_line->ptr[ret_line->len - 1] == '\r')
        ret_line->len--;
    return true;
}

bool str_int(str s, long long min, long long max, long long *ret)
{
    bool negative = s.len && s.ptr[0] == '-';
    size_t i = negative ? 1 : 0;
    long long n = 0;
    if (i == s.len)
        return false;
    for (; i < s.len; i++) {
        int digit = s.ptr[i] - '0';
        if (digit < 0 || digit > 9 || __builtin_mul_overflow(n, 10LL, &n) ||
            __builtin_sub_overflow(n, (long long)digit, &n))
            return false;
    }
    /* n holds the negative value: its range is the larger one. */
    if (!negative && __builtin_sub_overflow(0LL, n, &n))
        return false;
    if (n < min || n > max)
        return false;
    *ret = n;
    return true;
}

str str_lower_ascii(struct arena *a, str s)
{
    char *p = arena_alloc(a, s.len + 1);
    for (size_t i = 0; i < s.len; i++)
        p[i] = lower_ascii(s.ptr[i]);
    return (str){p, s.len};
}

/* FNV-1a, 64 bits. */
uint64_t str_hash(str s)
{
    uint64_t h = 14695981039346656037ULL;
    for (size_t i = 0; i < s.len; i++)
        h = (h ^ (unsigned char)s.ptr[i]) * 1099511628211ULL;
    return h;
}

/* One to seven bytes in one number, each of them at least once. */
static uint64_t last_bytes(const char *p, size_t len)
{
    uint32_t first, last;
    if (len < 4)
        return (uint64_t)(unsigned char)p[0] | (uint64_t)(unsigned char)p[len / 2] << 8 |
               (uint64_t)(unsigned char)p[len - 1] << 16;
    memcpy(&first, p, 4);
    memcpy(&last, p + len - 4, 4);
    return first | (uint64_t)last << 32;
}

static uint64_t hash_mixed(uint64_t h, uint64_t part)
{
    h = (h ^ part) * 0x9E3779B97F4A7C15ULL;
    return h ^ h >> 29;
}

/* Eight bytes at a time. */
uint64_t str_hash_fast(str s)
{
    uint64_t h = s.len * 0xFF51AFD7ED558CCDULL, part;
    size_t i = 0;
    for (; s.len - i >= 8; i += 8) {
        memcpy(&part, s.ptr + i, 8);
        h = hash_mixed(h, part);
    }
    if (i < s.len)
        h = hash_mixed(h, last_bytes(s.ptr + i, s.len - i));
    return h ^ h >> 32;
}
