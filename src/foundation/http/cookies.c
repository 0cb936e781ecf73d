/* Reading the headers of a request. */
#include "http/http_int.h"

str http_header_get(const struct http_request *rq, const char *name)
{
    for (size_t i = 0; i < rq->header_count; i++)
        if (str_eq_nocase(rq->headers[i].name, str_from(name)))
            return rq->headers[i].value;
    return S("");
}

/* Looks for name in one Cookie header; the first wins. */
static bool cookie_find(str header, str name, str *ret)
{
    str pair;
    while (str_split(&header, ';', &pair)) {
        pair = str_trim(pair);
        size_t equals = str_find_byte(pair, '=');
        if (equals == STR_NONE || !str_eq(str_slice(pair, 0, equals), name))
            continue;
        str value = str_slice(pair, equals + 1, pair.len);
        bool quoted = value.len >= 2 && value.ptr[0] == '"' && value.ptr[value.len - 1] == '"';
        *ret = quoted ? str_slice(value, 1, value.len - 1) : value;
        return true;
    }
    return false;
}

str http_cookie(const struct http_request *rq, const char *name)
{
    str value;
    for (size_t i = 0; i < rq->header_count; i++)
        if (str_eq_nocase(rq->headers[i].name, S("Cookie")) &&
            cookie_find(rq->headers[i].value, str_from(name), &value))
            return value;
    return S("");
}
