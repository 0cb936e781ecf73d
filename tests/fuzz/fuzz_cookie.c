/* The name of a cookie is everything before the first 0x01; the rest is one or more Cookie headers,
   a line each. */
#include "fuzz.h"
#include "http/http_int.h"

enum { MAX_HEADERS = 8 };

/* The value of the first pair with this name, read by another way; false when there is none. */
static bool find_slowly(str header, str name, str *ret)
{
    size_t at = 0;
    while (at <= header.len) {
        size_t end = at;
        while (end < header.len && header.ptr[end] != ';')
            end++;
        str pair = str_trim(str_slice(header, at, end));
        if (pair.len > name.len && str_starts(pair, name) && pair.ptr[name.len] == '=') {
            *ret = str_slice(pair, name.len + 1, pair.len);
            return true;
        }
        at = end + 1;
    }
    return false;
}

static str unquoted(str value)
{
    bool quoted = value.len >= 2 && str_starts(value, S("\"")) && str_ends(value, S("\""));
    return quoted ? str_slice(value, 1, value.len - 1) : value;
}

void fuzz_input(struct ctx *c, str in)
{
    struct http_header headers[MAX_HEADERS];
    size_t count = 0;
    str name = str_from(str_z(c->arena, fuzz_part(&in))), line, expected = S("");
    bool found = false;
    if (!http_is_token(name))
        name = S("sessie");
    while (count < MAX_HEADERS && str_line(&in, &line)) {
        headers[count] = (struct http_header){count % 2 ? S("cookie") : S("Cookie"), line};
        count++;
        found = found || find_slowly(line, name, &expected);
    }
    struct http_request rq = {.headers = headers, .header_count = count};
    str value = http_cookie(&rq, str_z(c->arena, name));
    HOLDS(str_eq(value, found ? unquoted(expected) : S("")));
    HOLDS(str_find_byte(value, ';') == STR_NONE);
}
