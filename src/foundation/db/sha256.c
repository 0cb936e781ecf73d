#include <sodium/crypto_hash_sha256.h>

#include "db/db_int.h"

str db_sha256_hex(struct arena *a, str bytes)
{
    static const char digits[] = "0123456789abcdef";
    unsigned char hash[crypto_hash_sha256_BYTES];
    char *hex = arena_alloc(a, 2 * sizeof hash + 1);
    (void)crypto_hash_sha256(hash, (const unsigned char *)(bytes.len ? bytes.ptr : ""), bytes.len);
    for (size_t i = 0; i < sizeof hash; i++) {
        hex[2 * i] = digits[hash[i] >> 4];
        hex[2 * i + 1] = digits[hash[i] & 15];
    }
    return str_of(hex, 2 * sizeof hash);
}
