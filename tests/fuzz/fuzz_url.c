/* Percent-decoding, paths, request targets, names and values of a query. */
#include "fuzz.h"
#include "http/http_int.h"

static int hex(char ch)
{
    const char *digits = "0123456789abcdef";
    const char *at = ch ? strchr(digits, ch >= 'A' && ch <= 'F' ? ch + 32 : ch) : NULL;
    return at ? (int)(at - digits) : -1;
}

/* Decoding by another way, one character at a time; -1 when it must be refused. */
static long decode_slowly(str in, char *out)
{
    long n = 0;
    for (size_t i = 0; i < in.len; i++) {
        int byte = (unsigned char)in.ptr[i];
        if (byte == '%') {
            if (in.len - i < 3 || hex(in.ptr[i + 1]) < 0 || hex(in.ptr[i + 2]) < 0)
                return -1;
            byte = hex(in.ptr[i + 1]) << 4 | hex(in.ptr[i + 2]);
            i += 2;
        }
        if (!byte)
            return -1;
        out[n++] = (char)byte;
    }
    return n;
}

static void check_decoding(struct ctx *c, str in)
{
    str decoded, again;
    char *slow = arena_alloc(c->arena, in.len + 1);
    long expected = decode_slowly(in, slow);
    bool good = http_url_decode(c->arena, in, false, &decoded);
    HOLDS(good == (expected >= 0 && utf8_valid(str_of(slow, (size_t)expected))));
    if (!good)
        return;
    HOLDS(str_eq(decoded, str_of(slow, (size_t)expected)));
    str encoded = http_url_encode(c->arena, decoded);
    HOLDS(http_url_decode(c->arena, encoded, false, &again) && str_eq(again, decoded));
    HOLDS(http_url_decode(c->arena, encoded, true, &again) && str_eq(again, decoded));
}

static void check_path(struct ctx *c, str in)
{
    str path, part;
    if (!http_path_decode(c->arena, in, &path))
        return;
    HOLDS(path.len && path.len <= in.len && path.ptr[0] == '/');
    HOLDS(utf8_valid(path) && !utf8_has_control(path) && http_text_clean(path));
    HOLDS(str_find_byte(path, '\0') == STR_NONE);
    /* As many segments as were sent: no slash comes out of a %2F. */
    size_t before = 0, after = 0;
    for (size_t i = 0; i < in.len; i++)
        before += in.ptr[i] == '/';
    for (size_t i = 0; i < path.len; i++)
        after += path.ptr[i] == '/';
    HOLDS(before == after);
    while (str_split(&path, '/', &part))
        HOLDS(!str_eqz(part, ".") && !str_eqz(part, ".."));
}

static void check_target(str target, str host)
{
    str path, query;
    if (!http_target_split(target, host, &path, &query))
        return;
    HOLDS(path.len && str_find_byte(path, '?') == STR_NONE);
    if (str_starts(target, S("/"))) {
        HOLDS(path.ptr == target.ptr && fuzz_within(query, target));
        HOLDS(path.len + query.len + (path.len < target.len) == target.len);
    } else {
        HOLDS(str_starts(target, S("http")) && target.len >= 7 + host.len);
        HOLDS(path.ptr[0] == '/' && path.len + query.len < target.len);
    }
}

static void check_pairs(struct ctx *c, str in)
{
    enum { MAX = 20 };
    struct http_field *fields;
    size_t count;
    if (!http_parse_urlencoded(c->arena, in, MAX, &fields, &count))
        return;
    HOLDS(count <= MAX);
    struct buf b;
    buf_init(&b, c->arena, 8 * in.len + 64);
    for (size_t i = 0; i < count; i++) {
        HOLDS(fields[i].name.len && utf8_valid(fields[i].name) && utf8_valid(fields[i].value));
        HOLDS(!fields[i].file_name.len && !fields[i].content_type.len);
        HOLDS(str_find_byte(fields[i].name, '\0') == STR_NONE);
        if (i)
            buf_add_byte(&b, '&');
        buf_add(&b, http_url_encode(c->arena, fields[i].name));
        buf_add_byte(&b, '=');
        buf_add(&b, http_url_encode(c->arena, fields[i].value));
    }
    struct http_field *again;
    size_t count_again;
    HOLDS(buf_ok(&b));
    HOLDS(http_parse_urlencoded(c->arena, buf_str(&b), MAX, &again, &count_again));
    HOLDS(count_again == count);
    for (size_t i = 0; i < count; i++)
        HOLDS(str_eq(again[i].name, fields[i].name) && str_eq(again[i].value, fields[i].value));
}

void fuzz_input(struct ctx *c, str in)
{
    check_decoding(c, in);
    check_path(c, in);
    check_target(in, S("voorbeeld.nl"));
    check_pairs(c, in);
}
