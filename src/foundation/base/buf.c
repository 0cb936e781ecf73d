#include "base/buf.h"

#include <stdarg.h>

#include "base/arena.h"

void buf_init(struct buf *b, struct arena *a, size_t max)
{
    *b = (struct buf){.arena = a, .max = max};
}

/* Room for `more` bytes after len; false and overflow when that passes the maximum. */
static bool buf_reserve(struct buf *b, size_t more)
{
    if (b->overflow || more > b->max - b->len) {
        b->overflow = true;
        return false;
    }
    if (b->capacity - b->len >= more)
        return true;
    size_t capacity = b->capacity ? b->capacity * 2 : 256;
    while (capacity < b->len + more)
        capacity *= 2;
    if (capacity > b->max)
        capacity = b->max;
    b->ptr = arena_grow(b->arena, b->ptr, b->capacity, capacity);
    b->capacity = capacity;
    return true;
}

void buf_add(struct buf *b, str s)
{
    if (!s.len || !buf_reserve(b, s.len))
        return;
    memcpy(b->ptr + b->len, s.ptr, s.len);
    b->len += s.len;
}

void buf_addz(struct buf *b, const char *z)
{
    buf_add(b, str_from(z));
}

void buf_add_byte(struct buf *b, char byte)
{
    buf_add(b, (str){&byte, 1});
}

void buf_fmt(struct buf *b, const char *fmt, ...)
{
    char small[256];
    va_list args;
    va_start(args, fmt);
    int n = vsnprintf(small, sizeof small, fmt, args);
    va_end(args);
    if (n < 0)
        BUG("buf_fmt: format");
    if ((size_t)n < sizeof small) {
        buf_add(b, (str){small, (size_t)n});
        return;
    }
    char *large = arena_alloc(b->arena, (size_t)n + 1);
    va_start(args, fmt);
    (void)vsnprintf(large, (size_t)n + 1, fmt, args);
    va_end(args);
    buf_add(b, (str){large, (size_t)n});
}
