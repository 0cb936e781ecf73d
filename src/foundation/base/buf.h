/* buf.h - bytes that grow in an arena up to a declared maximum.

   Past the maximum nothing is added and `overflow` stays set: write freely, check once with buf_ok.
 */
#pragma once

#include "base/str.h"

struct buf {
    struct arena *arena;
    char *ptr;
    size_t len, capacity, max;
    bool overflow;
};

void buf_init(struct buf *b, struct arena *a, size_t max);
void buf_add(struct buf *b, str s);
void buf_addz(struct buf *b, const char *z);
void buf_add_byte(struct buf *b, char byte);
void buf_fmt(struct buf *b, const char *fmt, ...) _printf_(2, 3);
static inline bool buf_ok(const struct buf *b)
{
    return !b->overflow;
}
static inline str buf_str(const struct buf *b)
{
    return (str){b->len ? b->ptr : "", b->len};
}
