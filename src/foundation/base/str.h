/* str.h - text as pointer and length.

   A str never owns its bytes: they live in an arena, a literal or the caller's buffer. ptr may be
   NULL only when len is 0. The bytes need not end with NUL; str_z makes a C string. Text is UTF-8
   unless said. */
#pragma once

#include "base/base.h"

struct arena;

typedef struct str {
    const char *ptr;
    size_t len;
} str;

/* A str of a literal; usable in initialisers of static tables. */
#define STR(literal)                                                                               \
    {                                                                                              \
        ("" literal ""), sizeof(literal) - 1                                                       \
    }
#define S(literal) ((str)STR(literal))

str str_from(const char *z);               /* of a C string; NULL gives the empty str */
str str_of(const char *ptr, size_t len);   /* of bytes */
str str_dup(struct arena *a, str s);       /* copy into the arena, NUL after it */
const char *str_z(struct arena *a, str s); /* C string copy; never NULL */
str str_fmt(struct arena *a, const char *fmt, ...) _printf_(2, 3);
str str_join(struct arena *a, const str *parts, size_t count, str separator);

static inline bool str_empty(str s)
{
    return s.len == 0;
}
bool str_eq(str a, str b);
bool str_eqz(str a, const char *b);
bool str_eq_nocase(str a, str b); /* ASCII letters only */
int str_cmp(str a, str b);        /* by bytes, as memcmp then length */
bool str_starts(str s, str prefix);
bool str_ends(str s, str suffix);

#define STR_NONE ((size_t)-1)
size_t str_find(str s, str needle); /* offset of the first, STR_NONE when absent */
size_t str_find_byte(str s, char byte);
str str_slice(str s, size_t from, size_t to); /* clamped to s */
str str_trim(str s);                          /* without ASCII white space at both ends */

/* Takes the part before the separator off the front of *rest and returns it; false when *rest is
   used up. "a,,b" gives "a", "", "b". Start with rest.ptr != NULL. */
bool str_split(str *rest, char separator, str *ret_part);
/* The same by lines; understands \n and \r\n. */
bool str_line(str *rest, str *ret_line);

/* Whole s as a decimal integer within [min, max]; false otherwise (sign allowed, no white space).
 */
bool str_int(str s, long long min, long long max, long long *ret);

str str_lower_ascii(struct arena *a, str s);
uint64_t str_hash(str s); /* byte by byte; may be stored */
/* Several times as fast for long texts. Not to be stored: another machine may give another number.
 */
uint64_t str_hash_fast(str s);
