/* Is this request meant for us (Host), and does it come from our own pages (Origin,
 * Sec-Fetch-Site)? */
#include "http/http_int.h"

int http_public_url_parse(struct ctx *c, str url, struct http_server *server)
{
    while (str_ends(url, S("/")))
        url.len--;
    if (!url.len)
        return 0;
    bool secure = str_starts(url, S("https://"));
    str host = S("");
    if (secure || str_starts(url, S("http://")))
        host = str_slice(url, secure ? 8 : 7, url.len);
    bool sane = host.len > 0;
    for (size_t i = 0; i < host.len; i++)
        sane = sane && host.ptr[i] > ' ' && !strchr("/?#@\\", host.ptr[i]) && host.ptr[i] != 0x7F;
    if (!sane)
        return err_set(c, ERR_INVALID,
                       "De instelling public_url klopt niet. Vul het adres van de website in "
                       "zonder pad, bijvoorbeeld https://www.voorbeeld.nl.");
    server->public_origin = str_lower_ascii(c->arena, url);
    server->public_host = str_lower_ascii(c->arena, host);
    server->public_secure = secure;
    return 0;
}

static str without_default_port(str host, bool secure)
{
    str port = secure ? S(":443") : S(":80");
    return str_ends(host, port) ? str_slice(host, 0, host.len - port.len) : host;
}

/* Host and port apart; an IPv6 address keeps its brackets. */
static void host_split(str host, str *ret_name, str *ret_port)
{
    size_t from = str_find_byte(host, ']');
    size_t colon = from == STR_NONE ? str_find_byte(host, ':') : from + 1;
    if (colon == STR_NONE || colon >= host.len)
        colon = host.len;
    *ret_name = str_slice(host, 0, colon);
    *ret_port = str_slice(host, colon, host.len);
}

static bool host_is_loopback(str host, int port)
{
    str name, port_text;
    long long n;
    host_split(host, &name, &port_text);
    if (!str_eq_nocase(name, S("localhost")) && !str_eq(name, S("127.0.0.1")) &&
        !str_eq(name, S("[::1]")))
        return false;
    if (!port_text.len)
        return port == 0 || port == 80;
    return str_int(str_slice(port_text, 1, port_text.len), 1, 65535, &n) &&
           (port == 0 || n == port);
}

bool http_host_known(const struct http_server *server, str host, int port)
{
    if (!server->public_host.len)
        return true;
    return str_eq_nocase(without_default_port(host, server->public_secure),
                         without_default_port(server->public_host, server->public_secure)) ||
           host_is_loopback(host, port);
}

/* Origin is scheme://host; equal to public_url or to the host that was asked, which is a known one.
 */
static bool origin_is_own(const struct http_server *server, const struct http_request *rq,
                          str origin)
{
    bool secure = str_starts(origin, S("https://"));
    if (!secure && !str_starts(origin, S("http://")))
        return false;
    str host = without_default_port(str_slice(origin, secure ? 8 : 7, origin.len), secure);
    if (server->public_host.len && secure == server->public_secure &&
        str_eq_nocase(host, without_default_port(server->public_host, secure)))
        return true;
    return secure == rq->secure && rq->host.len &&
           str_eq_nocase(host, without_default_port(rq->host, secure));
}

int http_origin_check(const struct http_server *server, struct ctx *c,
                      const struct http_request *rq)
{
    str site = http_header_get(rq, "Sec-Fetch-Site");
    str origin = http_header_get(rq, "Origin");
    bool own = site.len ? str_eq(site, S("same-origin")) || str_eq(site, S("none"))
                        : origin_is_own(server, rq, origin);
    if (own)
        return 0;
    err_set(c, ERR_FORBIDDEN,
            "Dit formulier kwam niet van deze website. Ga naar de pagina met het formulier en "
            "verstuur het daar opnieuw.");
    err_context(c, "cross-site request: sec-fetch-site \"%.*s\", origin \"%.*s\"", (int)site.len,
                site.ptr, (int)origin.len, origin.ptr);
    return ERR_FORBIDDEN;
}
