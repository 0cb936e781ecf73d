#include "auth/totp.h"

#include <liboath/oath.h>

#include "base/buf.h"
#include "base/random.h"
#include "crypto/crypto.h"

enum { DIGITS = 6, MOST_DIGITS = 8 };

str totp_secret(struct arena *a)
{
    char *secret = arena_alloc(a, TOTP_SECRET);
    random_bytes(secret, TOTP_SECRET);
    return str_of(secret, TOTP_SECRET);
}

str totp_base32(struct ctx *c, str secret)
{
    char *text = NULL;
    size_t size = 0;
    if (oath_base32_encode(secret.ptr, secret.len, &text, &size) != OATH_OK)
        return S("");
    str copy = str_dup(c->arena, str_of(text, size));
    free(text);
    while (str_ends(copy, S("=")))
        copy.len--;
    return copy;
}

static void add_encoded(struct buf *b, str s)
{
    static const char digits[] = "0123456789ABCDEF";
    for (size_t i = 0; i < s.len; i++) {
        unsigned char byte = (unsigned char)s.ptr[i];
        bool plain = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
                     (byte >= '0' && byte <= '9') || strchr("-._~@", byte);
        if (plain && byte) {
            buf_add_byte(b, (char)byte);
            continue;
        }
        buf_add_byte(b, '%');
        buf_add_byte(b, digits[byte >> 4]);
        buf_add_byte(b, digits[byte & 15]);
    }
}

str totp_uri(struct ctx *c, str secret, str issuer, str name)
{
    struct buf b;
    buf_init(&b, c->arena, 2048);
    buf_addz(&b, "otpauth://totp/");
    add_encoded(&b, issuer);
    buf_addz(&b, ":");
    add_encoded(&b, name);
    buf_addz(&b, "?secret=");
    buf_add(&b, totp_base32(c, secret));
    buf_addz(&b, "&issuer=");
    add_encoded(&b, issuer);
    return buf_str(&b);
}

str totp_code(struct ctx *c, str secret, long long now_s, unsigned digits)
{
    char code[MOST_DIGITS + 1];
    if (digits > MOST_DIGITS || !secret.len ||
        oath_totp_generate(secret.ptr, secret.len, (time_t)now_s, TOTP_STEP_S, 0, digits, code) !=
            OATH_OK)
        return S("");
    return str_dup(c->arena, str_from(code));
}

bool totp_check(struct ctx *c, str secret, str code, long long now_s, long long used,
                long long *ret_step)
{
    char typed[DIGITS];
    size_t n = 0;
    for (size_t i = 0; i < code.len; i++) {
        if (code.ptr[i] == ' ')
            continue;
        if (n == DIGITS)
            return false;
        typed[n++] = code.ptr[i];
    }
    long long now = now_s / TOTP_STEP_S, found = -1;
    for (long long step = now - 1; step <= now + 1; step++)
        if (step > used && n == DIGITS &&
            crypto_same(totp_code(c, secret, step * TOTP_STEP_S, DIGITS), str_of(typed, n)))
            found = step;
    if (found < 0)
        return false;
    *ret_step = found;
    return true;
}
