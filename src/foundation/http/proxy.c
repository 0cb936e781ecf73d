/* Whose word is believed about the client's address and about https. */
#include <arpa/inet.h>

#include "base/vec.h"
#include "http/http_int.h"

enum { MAX_HOPS = 32, ADDRESS_TEXT = 64 };

/* Reads an IPv4 or IPv6 address; IPv4 becomes ::ffff:a.b.c.d. *ret_v4 tells which it was. */
static bool address_parse(str text, unsigned char ret[16], bool *ret_v4)
{
    char z[ADDRESS_TEXT];
    if (!text.len || text.len >= sizeof z)
        return false;
    memcpy(z, text.ptr, text.len);
    z[text.len] = '\0';
    static const unsigned char mapped[12] = {[10] = 0xFF, [11] = 0xFF};
    *ret_v4 = inet_pton(AF_INET, z, ret + 12) == 1;
    if (*ret_v4)
        memcpy(ret, mapped, sizeof mapped);
    return *ret_v4 || inet_pton(AF_INET6, z, ret) == 1;
}

static bool net_parse(str text, struct http_net *ret)
{
    bool v4;
    long long bits;
    size_t slash = str_find_byte(text, '/');
    str address = slash == STR_NONE ? text : str_slice(text, 0, slash);
    if (!address_parse(address, ret->address, &v4))
        return false;
    int most = v4 ? 32 : 128;
    if (slash == STR_NONE)
        bits = most;
    else if (!str_int(str_slice(text, slash + 1, text.len), 0, most, &bits))
        return false;
    ret->bits = (unsigned)bits + (v4 ? 96 : 0);
    return true;
}

int http_trusted_parse(struct ctx *c, str list, struct http_server *server)
{
    struct {
        struct http_net *items;
        size_t count, capacity;
    } nets = {0};
    str part;
    while (str_split(&list, ',', &part)) {
        struct http_net net = {0};
        part = str_trim(part);
        if (!part.len)
            continue;
        if (!net_parse(part, &net))
            return err_set(c, ERR_INVALID,
                           "De instelling trusted_proxies klopt niet bij “%.*s”. Gebruik "
                           "adressen zoals 127.0.0.1, 10.0.0.0/8 of ::1, met komma's ertussen.",
                           (int)part.len, part.ptr);
        *vec_push(c->arena, &nets) = net;
    }
    server->trusted = nets.items;
    server->trusted_count = nets.count;
    return 0;
}

static bool net_has(const struct http_net *net, const unsigned char address[16])
{
    unsigned whole = net->bits / 8, rest = net->bits % 8;
    if (memcmp(net->address, address, whole) != 0)
        return false;
    return !rest || (net->address[whole] ^ address[whole]) >> (8 - rest) == 0;
}

static bool is_trusted(const struct http_server *server, str text)
{
    unsigned char address[16];
    bool v4;
    if (!address_parse(text, address, &v4))
        return false;
    for (size_t i = 0; i < server->trusted_count; i++)
        if (net_has(&server->trusted[i], address))
            return true;
    return false;
}

/* An element of X-Forwarded-For without its port: 1.2.3.4, 1.2.3.4:80, ::1, [::1], [::1]:80. Empty
 * when it is no address. */
static str hop_address(str hop)
{
    unsigned char address[16];
    bool v4;
    hop = str_trim(hop);
    if (str_starts(hop, S("["))) {
        size_t end = str_find_byte(hop, ']');
        hop = end == STR_NONE ? S("") : str_slice(hop, 1, end);
    } else {
        size_t colon = str_find_byte(hop, ':');
        if (colon != STR_NONE && str_find_byte(str_slice(hop, colon + 1, hop.len), ':') == STR_NONE)
            hop = str_slice(hop, 0, colon);
    }
    return address_parse(hop, address, &v4) ? hop : S("");
}

/* The last MAX_HOPS elements of all X-Forwarded-For headers, in order; returns how many. */
static size_t hops_collect(const struct http_request *rq, str hops[MAX_HOPS])
{
    size_t count = 0;
    for (size_t i = 0; i < rq->header_count; i++) {
        str rest = rq->headers[i].value, part;
        if (!str_eq_nocase(rq->headers[i].name, S("X-Forwarded-For")))
            continue;
        while (str_split(&rest, ',', &part)) {
            if (count == MAX_HOPS) {
                memmove(hops, hops + 1, (MAX_HOPS - 1) * sizeof *hops);
                count--;
            }
            hops[count++] = part;
        }
    }
    return count;
}

/* What the nearest proxy says about https: the last element of the last X-Forwarded-Proto. */
static bool proto_is_https(const struct http_request *rq)
{
    str last = S("");
    for (size_t i = 0; i < rq->header_count; i++) {
        str rest = rq->headers[i].value, part;
        if (str_eq_nocase(rq->headers[i].name, S("X-Forwarded-Proto")))
            while (str_split(&rest, ',', &part))
                last = str_trim(part);
    }
    return str_eq_nocase(last, S("https"));
}

void http_client_find(const struct http_server *server, struct ctx *c, const struct http_raw *raw,
                      struct http_request *rq)
{
    str hops[MAX_HOPS];
    rq->remote = raw->peer;
    rq->secure = false;
    if (!is_trusted(server, raw->peer))
        return;
    rq->secure = proto_is_https(rq);
    /* From the nearest hop outwards, as long as the one who told is trusted itself. */
    for (size_t i = hops_collect(rq, hops); i > 0 && is_trusted(server, rq->remote); i--) {
        str address = hop_address(hops[i - 1]);
        if (!address.len)
            return;
        rq->remote = str_dup(c->arena, address);
    }
}
