#include "crypto/crypto.h"

#include <sodium.h>

_Static_assert(CRYPTO_KEY == crypto_secretbox_KEYBYTES, "one size of key for everything");
_Static_assert(CRYPTO_KEY == crypto_generichash_KEYBYTES, "one size of key for everything");

/* May be called again and from several threads: it chooses what is fastest on this machine. */
static void start(void)
{
    if (sodium_init() < 0)
        BUG("libsodium cannot start");
}

static const unsigned char *bytes_of(str s)
{
    return (const unsigned char *)(s.len ? s.ptr : "");
}

static str hex_of(struct arena *a, const unsigned char *bytes, size_t count)
{
    char *hex = arena_alloc(a, 2 * count + 1);
    (void)sodium_bin2hex(hex, 2 * count + 1, bytes, count);
    return str_of(hex, 2 * count);
}

str crypto_sha256_hex(struct arena *a, str bytes)
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    (void)crypto_hash_sha256(hash, bytes_of(bytes), bytes.len);
    return hex_of(a, hash, sizeof hash);
}

str crypto_keyed_hex(struct arena *a, const unsigned char key[CRYPTO_KEY], str text)
{
    unsigned char hash[crypto_generichash_BYTES];
    start();
    (void)crypto_generichash(hash, sizeof hash, bytes_of(text), text.len, key, CRYPTO_KEY);
    return hex_of(a, hash, sizeof hash);
}

void crypto_subkey(const unsigned char key[CRYPTO_KEY], str purpose, unsigned char ret[CRYPTO_KEY])
{
    start();
    (void)crypto_generichash(ret, CRYPTO_KEY, bytes_of(purpose), purpose.len, key, CRYPTO_KEY);
}

bool crypto_same(str a, str b)
{
    return a.len == b.len && (!a.len || sodium_memcmp(a.ptr, b.ptr, a.len) == 0);
}

/* ---- texts that only we can read ---- */

str crypto_seal(struct arena *a, const unsigned char key[CRYPTO_KEY], str plain)
{
    size_t size = crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES + plain.len;
    unsigned char *box = arena_alloc(a, size);
    start();
    randombytes_buf(box, crypto_secretbox_NONCEBYTES);
    (void)crypto_secretbox_easy(box + crypto_secretbox_NONCEBYTES, bytes_of(plain), plain.len, box,
                                key);
    return hex_of(a, box, size);
}

bool crypto_unseal(struct arena *a, const unsigned char key[CRYPTO_KEY], str sealed, str *ret)
{
    const size_t head = crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES;
    unsigned char *box = arena_alloc(a, sealed.len / 2 + 1);
    size_t size;
    start();
    if (sodium_hex2bin(box, sealed.len / 2 + 1, sealed.len ? sealed.ptr : "", sealed.len, NULL,
                       &size, NULL) != 0 ||
        size < head || 2 * size != sealed.len)
        return false;
    unsigned char *plain = arena_alloc(a, size - head + 1);
    if (crypto_secretbox_open_easy(plain, box + crypto_secretbox_NONCEBYTES,
                                   size - crypto_secretbox_NONCEBYTES, box, key) != 0)
        return false;
    *ret = str_of((const char *)plain, size - head);
    return true;
}

bool crypto_key_read(str hex, unsigned char ret[CRYPTO_KEY])
{
    unsigned char key[CRYPTO_KEY];
    size_t size;
    if (hex.len != 2 * CRYPTO_KEY ||
        sodium_hex2bin(key, sizeof key, hex.ptr, hex.len, NULL, &size, NULL) != 0 ||
        size != sizeof key)
        return false;
    memcpy(ret, key, sizeof key);
    return true;
}

/* ---- passwords ---- */

int crypto_password_hash(struct ctx *c, str password, struct crypto_cost cost, str *ret)
{
    char *hash = arena_alloc(c->arena, crypto_pwhash_STRBYTES);
    start();
    if (crypto_pwhash_str_alg(hash, password.len ? password.ptr : "", password.len,
                              (unsigned long long)cost.passes, cost.memory_kb * 1024,
                              crypto_pwhash_ALG_ARGON2ID13) != 0)
        return err_memory(c, "argon2id");
    *ret = str_from(hash);
    return 0;
}

static bool hash_copy(str hash, char ret[crypto_pwhash_STRBYTES])
{
    if (hash.len >= crypto_pwhash_STRBYTES)
        return false;
    memset(ret, 0, crypto_pwhash_STRBYTES);
    memcpy(ret, hash.len ? hash.ptr : "", hash.len);
    return true;
}

bool crypto_password_verify(str hash, str password)
{
    char z[crypto_pwhash_STRBYTES];
    start();
    return hash_copy(hash, z) &&
           crypto_pwhash_str_verify(z, password.len ? password.ptr : "", password.len) == 0;
}

bool crypto_password_outdated(str hash, struct crypto_cost cost)
{
    char z[crypto_pwhash_STRBYTES];
    return !hash_copy(hash, z) || crypto_pwhash_str_needs_rehash(z, (unsigned long long)cost.passes,
                                                                 cost.memory_kb * 1024) != 0;
}

str crypto_password_nobody(struct arena *a, struct crypto_cost cost)
{
    enum { VARIANT = sodium_base64_VARIANT_ORIGINAL_NO_PADDING, SALT = 16, HASH = 32 };
    unsigned char random[HASH];
    char salt[sodium_base64_ENCODED_LEN(SALT, VARIANT)],
        hash[sodium_base64_ENCODED_LEN(HASH, VARIANT)];
    start();
    randombytes_buf(random, sizeof random);
    (void)sodium_bin2base64(salt, sizeof salt, random, SALT, VARIANT);
    randombytes_buf(random, sizeof random);
    (void)sodium_bin2base64(hash, sizeof hash, random, HASH, VARIANT);
    return str_fmt(a, "$argon2id$v=19$m=%zu,t=%d,p=1$%s$%s", cost.memory_kb, cost.passes, salt,
                   hash);
}

void crypto_forget(void *secret, size_t size)
{
    sodium_memzero(secret, size);
}
