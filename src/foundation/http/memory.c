/* One request from text, for tests and fuzzers: the same way as over a socket. */
#include "base/vec.h"
#include "http/http_int.h"

/* A line ended by CRLF; false when there is none. */
static bool wire_line(str *rest, str *ret)
{
    size_t end = str_find(*rest, S("\r\n"));
    if (end == STR_NONE)
        return false;
    *ret = str_slice(*rest, 0, end);
    *rest = str_slice(*rest, end + 2, rest->len);
    return true;
}

static bool request_line(str line, struct http_raw *raw)
{
    return str_split(&line, ' ', &raw->method) && str_split(&line, ' ', &raw->target) &&
           str_split(&line, ' ', &raw->version) && !line.ptr && raw->target.len;
}

static str trim_blank(str s)
{
    while (s.len && (s.ptr[0] == ' ' || s.ptr[0] == '\t'))
        s = str_slice(s, 1, s.len);
    while (s.len && (s.ptr[s.len - 1] == ' ' || s.ptr[s.len - 1] == '\t'))
        s.len--;
    return s;
}

static bool wire_headers(struct ctx *c, str *rest, struct http_raw *raw)
{
    struct {
        struct http_header *items;
        size_t count, capacity;
    } headers = {0};
    str line;
    for (;;) {
        if (!wire_line(rest, &line))
            return false;
        if (!line.len)
            break;
        size_t colon = str_find_byte(line, ':');
        if (colon == STR_NONE || line.ptr[0] == ' ' || line.ptr[0] == '\t')
            return false;
        *vec_push(c->arena, &headers) = (struct http_header){
            str_slice(line, 0, colon), trim_blank(str_slice(line, colon + 1, line.len))};
    }
    raw->headers = headers.items;
    raw->header_count = headers.count;
    return true;
}

/* The size in front of a chunk: hexadecimal digits, then nothing or an extension. */
static bool chunk_size(str line, size_t most, size_t *ret)
{
    size_t n = 0, i = 0;
    for (; i < line.len && line.ptr[i] != ';'; i++) {
        const char *digits = "0123456789abcdef";
        char ch = line.ptr[i] >= 'A' && line.ptr[i] <= 'F' ? (char)(line.ptr[i] + 32) : line.ptr[i];
        const char *at = ch ? strchr(digits, ch) : NULL;
        if (!at || n > most)
            return false;
        n = n * 16 + (size_t)(at - digits);
    }
    *ret = n;
    return i > 0 && n <= most && str_find_byte(line, '\n') == STR_NONE;
}

static bool chunked_body(struct ctx *c, str rest, struct http_raw *raw)
{
    struct buf body;
    str line;
    size_t size;
    buf_init(&body, c->arena, rest.len);
    for (;;) {
        if (!wire_line(&rest, &line) || !chunk_size(line, rest.len, &size))
            return false;
        if (!size)
            break;
        buf_add(&body, str_slice(rest, 0, size));
        rest = str_slice(rest, size, rest.len);
        if (!str_starts(rest, S("\r\n")))
            return false;
        rest = str_slice(rest, 2, rest.len);
    }
    raw->body = buf_str(&body);
    return str_eq(rest, S("\r\n"));
}

static bool wire_parse(struct ctx *c, str wire, struct http_raw *raw)
{
    str line, rest = wire;
    if (!wire_line(&rest, &line) || !request_line(line, raw) || !wire_headers(c, &rest, raw))
        return false;
    if (str_eq_nocase(http_raw_header(raw, "Transfer-Encoding"), S("chunked")))
        return chunked_body(c, rest, raw);
    raw->body = rest;
    return !rest.len || http_raw_header(raw, "Content-Length").len;
}

void http_memory(const struct http_server *server, struct ctx *c, str wire,
                 struct http_response *ret_rs)
{
    struct http_raw raw = {.peer = S("127.0.0.1")};
    if (!wire_parse(c, wire, &raw))
        raw.refused = 400;
    (void)http_serve(server, c, &raw, ret_rs);
    if (http_method_of(raw.method) == HTTP_HEAD || ret_rs->status == 304) {
        ret_rs->body.len = 0;
        ret_rs->static_body = S("");
    }
}
