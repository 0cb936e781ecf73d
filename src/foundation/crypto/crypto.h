/* crypto.h - what is computed with secrets, all of it by libsodium behind crypto.c. Nothing here is
   of our own making. */
#pragma once

#include "base/ctx.h"

enum { CRYPTO_KEY = 32 }; /* bytes */

str crypto_sha256_hex(struct arena *a, str bytes);

/* A hash that only who has the key can make: for codes so short that all of them can be tried. Hex,
 * 64 characters. */
str crypto_keyed_hex(struct arena *a, const unsigned char key[CRYPTO_KEY], str text);
/* A key for one purpose, from the one key. */
void crypto_subkey(const unsigned char key[CRYPTO_KEY], str purpose, unsigned char ret[CRYPTO_KEY]);

/* Takes as long for a wrong last byte as for a wrong first one. */
bool crypto_same(str a, str b);

/* Hex of a text that only who has the key can read; twice the same text gives two results. */
str crypto_seal(struct arena *a, const unsigned char key[CRYPTO_KEY], str plain);
/* False when it was made with another key or changed. */
bool crypto_unseal(struct arena *a, const unsigned char key[CRYPTO_KEY], str sealed, str *ret);

/* Hex of 32 bytes; false when it is something else. */
bool crypto_key_read(str hex, unsigned char ret[CRYPTO_KEY]);

/* What a password costs to check, and so to guess. */
struct crypto_cost {
    size_t memory_kb;
    int passes;
};
/* argon2id, as the text that begins with $argon2id$. ERR_BUSY when there is no memory for it. */
int crypto_password_hash(struct ctx *c, str password, struct crypto_cost cost,
                         str *ret) _nodiscard_;
bool crypto_password_verify(str hash, str password);
bool crypto_password_outdated(str hash, struct crypto_cost cost);
/* A hash that no password fits, and that takes as long to check as a real one. */
str crypto_password_nobody(struct arena *a, struct crypto_cost cost);

void crypto_forget(void *secret, size_t size);
