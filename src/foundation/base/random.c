#include "base/random.h"

#include <sys/random.h>

#include "base/arena.h"

void random_bytes(void *ret, size_t size)
{
    char *at = ret;
    while (size) {
        ssize_t n = getrandom(at, size, 0);
        if (n < 0)
            BUG("getrandom");
        at += n;
        size -= (size_t)n;
    }
}

str random_hex(struct arena *a, size_t bytes)
{
    static const char digits[] = "0123456789abcdef";
    unsigned char *raw = arena_alloc(a, bytes);
    char *hex = arena_alloc(a, bytes * 2 + 1);
    random_bytes(raw, bytes);
    for (size_t i = 0; i < bytes; i++) {
        hex[2 * i] = digits[raw[i] >> 4];
        hex[2 * i + 1] = digits[raw[i] & 15];
    }
    return (str){hex, bytes * 2};
}
