/* What is hashed, and the forms in which the log leaves. */
#include <arpa/inet.h>

#include "audit/audit_int.h"
#include "crypto/crypto.h"

enum { MAX_ROW_BYTES = 64 * 1024, HASH_LEN = 64 };

/* With its length before it, so that no two rows have the same bytes. */
static void add(struct buf *b, str s)
{
    buf_fmt(b, "%zu:", s.len);
    buf_add(b, s);
    buf_add_byte(b, ',');
}

static void add_number(struct buf *b, long long n)
{
    char digits[24];
    int len = snprintf(digits, sizeof digits, "%lld", n);
    add(b, str_of(digits, (size_t)len));
}

/* docs/modules/audit.md tells others how to compute the same. */
str audit_hash(struct arena *a, str before, const struct audit_row *row)
{
    struct buf b;
    buf_init(&b, a, MAX_ROW_BYTES);
    add(&b, before);
    add_number(&b, row->number);
    add_number(&b, row->at);
    add_number(&b, row->account);
    add(&b, row->who);
    add(&b, row->verb);
    add(&b, row->object);
    add_number(&b, row->object_id);
    add(&b, row->details);
    add(&b, row->origin);
    /* A row that somebody made too long cannot be one of ours. */
    return buf_ok(&b) ? crypto_sha256_hex(a, buf_str(&b)) : S("");
}

str audit_cut_details(struct arena *a, long long number, str hash)
{
    return str_fmt(a, "{\"through\":%lld,\"hash\":\"%.*s\"}", number, (int)hash.len, hash.ptr);
}

bool audit_head_parse(str text, struct audit_head *ret)
{
    str number;
    if (!text.ptr || !str_split(&text, ':', &number) || !text.ptr || text.len != HASH_LEN)
        return false;
    ret->hash = text;
    for (size_t i = 0; i < text.len; i++)
        if (!strchr("0123456789abcdef", text.ptr[i]) || !text.ptr[i])
            return false;
    return str_int(number, 1, INT64_MAX, &ret->number);
}

/* ---- CSV ---- */

/* A spreadsheet takes what begins so for a formula. */
static bool is_formula(str s)
{
    return s.len && s.ptr[0] && strchr("=+-@\t\r", s.ptr[0]);
}

static void add_cell(struct buf *b, str s)
{
    buf_addz(b, is_formula(s) ? "\"'" : "\"");
    for (size_t i = 0; i < s.len; i++) {
        if (s.ptr[i] == '"')
            buf_add_byte(b, '"');
        buf_add_byte(b, s.ptr[i]);
    }
    buf_add_byte(b, '"');
}

void audit_csv(struct buf *b, const struct audit_row *row)
{
    if (!row) {
        buf_addz(b, "nummer,tijd,account,naam,handeling,soort,object,gegevens,herkomst,hash\r\n");
        return;
    }
    buf_fmt(b, "%lld,%lld,%lld,", row->number, row->at, row->account);
    add_cell(b, row->who);
    buf_add_byte(b, ',');
    add_cell(b, row->verb);
    buf_add_byte(b, ',');
    add_cell(b, row->object);
    buf_fmt(b, ",%lld,", row->object_id);
    add_cell(b, row->details);
    buf_add_byte(b, ',');
    add_cell(b, row->origin);
    buf_add_byte(b, ',');
    add_cell(b, row->hash);
    buf_addz(b, "\r\n");
}

/* ---- networks ---- */

static str masked(struct arena *a, int family, unsigned char *bytes, size_t kept, size_t size)
{
    char text[INET6_ADDRSTRLEN];
    memset(bytes + kept, 0, size - kept);
    if (!inet_ntop(family, bytes, text, sizeof text))
        return S("");
    return str_fmt(a, "%s/%zu", text, kept * 8);
}

str audit_network(struct arena *a, str address)
{
    unsigned char bytes[16];
    const char *z = str_z(a, address);
    if (inet_pton(AF_INET, z, bytes) == 1)
        return masked(a, AF_INET, bytes, 3, 4);
    if (inet_pton(AF_INET6, z, bytes) != 1)
        return S("");
    static const unsigned char mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
    if (memcmp(bytes, mapped, sizeof mapped) == 0)
        return masked(a, AF_INET, bytes + 12, 3, 4);
    return masked(a, AF_INET6, bytes, 6, 16);
}
