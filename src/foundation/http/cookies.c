/* Reading the headers of a request; cookies. */
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

/* Over https as the visitor came, or as public_url says: a proxy may not tell. */
static bool is_secure(const struct http_request *rq)
{
    return rq->secure || (rq->server && rq->server->public_secure);
}

str http_own_cookie(const struct http_request *rq, const char *name)
{
    char own[64];
    (void)snprintf(own, sizeof own, "%s%s", is_secure(rq) ? "__Host-" : "", name);
    return http_cookie(rq, own);
}

void http_own_cookie_set(struct ctx *c, const struct http_request *rq, struct http_response *rs,
                         const char *name, str value, long long max_age_s)
{
    const char *prefix = is_secure(rq) ? "__Host-" : "";
    str age =
        max_age_s ? str_fmt(c->arena, "; Max-Age=%lld", max_age_s > 0 ? max_age_s : 0) : S("");
    http_header_add(c, rs, "Set-Cookie",
                    str_fmt(c->arena, "%s%s=%.*s; Path=/; HttpOnly; SameSite=Lax%.*s%s", prefix,
                            name, (int)value.len, value.ptr ? value.ptr : "", (int)age.len, age.ptr,
                            is_secure(rq) ? "; Secure" : ""));
}
