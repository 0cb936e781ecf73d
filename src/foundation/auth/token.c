#include "auth/token.h"

#include "base/random.h"

str token_new(struct arena *a)
{
    return random_hex(a, TOKEN_LENGTH / 2);
}

bool token_is_sane(str token)
{
    for (size_t i = 0; i < token.len; i++)
        if (!((token.ptr[i] >= '0' && token.ptr[i] <= '9') ||
              (token.ptr[i] >= 'a' && token.ptr[i] <= 'f')))
            return false;
    return token.len == TOKEN_LENGTH;
}

str token_hash(struct arena *a, str token)
{
    return crypto_sha256_hex(a, token);
}

/* Below limit, each as likely as the others. */
static uint32_t random_below(uint32_t limit)
{
    uint32_t fair = UINT32_MAX - UINT32_MAX % limit, number;
    do
        random_bytes(&number, sizeof number);
    while (number >= fair);
    return number % limit;
}

str token_code(struct arena *a)
{
    return str_fmt(a, "%06u", (unsigned)random_below(1000000));
}

str token_code_hash(struct arena *a, const struct auth *auth, str purpose, str code)
{
    return crypto_keyed_hex(a, auth->code_key, str_join(a, (str[]){purpose, code}, 2, S("\n")));
}

str token_recovery(struct arena *a)
{
    /* Without what looks like something else: 0 and o, 1, i and l, u and v. */
    static const char letters[] = "abcdefghjkmnpqrstwxyz23456789";
    char code[11];
    for (int i = 0; i < 11; i++)
        code[i] = i == 5 ? '-' : letters[random_below(sizeof letters - 1)];
    return str_dup(a, str_of(code, sizeof code));
}

str token_recovery_plain(struct arena *a, str typed)
{
    char *plain = arena_alloc(a, typed.len + 1);
    str lower = str_lower_ascii(a, typed);
    size_t n = 0;
    for (size_t i = 0; i < lower.len; i++)
        if (lower.ptr[i] != ' ' && lower.ptr[i] != '-')
            plain[n++] = lower.ptr[i];
    return str_of(plain, n);
}
