/* The guard sees a request before its body is read and refuses what two readers could understand
   differently. It is stricter than RFC 9112 asks: no proxy or browser sends what is refused here.
 */
#include "http/http_int.h"

static bool is_token_byte(unsigned char c)
{
    static const char others[] = "!#$%&'*+-.^_`|~";
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c && strchr(others, c));
}

bool http_is_token(str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (!is_token_byte((unsigned char)s.ptr[i]))
            return false;
    return s.len > 0;
}

static const char *const method_names[HTTP_METHODS] = {
    [HTTP_GET] = "GET",       [HTTP_HEAD] = "HEAD",       [HTTP_POST] = "POST",  [HTTP_PUT] = "PUT",
    [HTTP_DELETE] = "DELETE", [HTTP_OPTIONS] = "OPTIONS", [HTTP_OTHER] = "OTHER"};

enum http_method http_method_of(str name)
{
    for (int i = 0; i < HTTP_OTHER; i++)
        if (str_eqz(name, method_names[i]))
            return (enum http_method)i;
    return HTTP_OTHER;
}

const char *http_method_name(enum http_method method)
{
    return method_names[method];
}

str http_raw_header(const struct http_raw *raw, const char *name)
{
    for (size_t i = 0; i < raw->header_count; i++)
        if (str_eq_nocase(raw->headers[i].name, str_from(name)))
            return raw->headers[i].value;
    return S("");
}

static size_t header_times(const struct http_raw *raw, const char *name)
{
    size_t n = 0;
    for (size_t i = 0; i < raw->header_count; i++)
        n += str_eq_nocase(raw->headers[i].name, str_from(name));
    return n;
}

/* Visible bytes, spaces, tabs and bytes above ASCII; no control character. */
static bool value_is_clean(str value)
{
    for (size_t i = 0; i < value.len; i++) {
        unsigned char byte = (unsigned char)value.ptr[i];
        if ((byte < 0x20 && byte != '\t') || byte == 0x7F)
            return false;
    }
    return true;
}

static int guard_headers(const struct http_limits *limits, const struct http_raw *raw)
{
    size_t bytes = 0;
    if (raw->header_count > limits->max_headers)
        return 431;
    for (size_t i = 0; i < raw->header_count; i++) {
        const struct http_header *h = &raw->headers[i];
        bytes += h->name.len + h->value.len;
        if (bytes > HTTP_MAX_HEAD)
            return 431;
        if (!http_is_token(h->name) || !value_is_clean(h->value))
            return 400;
    }
    return 0;
}

/* HTTP/1.0 and 1.1 are served; another number is 505, anything else no HTTP at all. */
static int guard_version(str version)
{
    if (str_eq(version, S("HTTP/1.1")) || str_eq(version, S("HTTP/1.0")))
        return 0;
    bool shaped = version.len == 8 && str_starts(version, S("HTTP/")) && version.ptr[6] == '.' &&
                  version.ptr[5] >= '0' && version.ptr[5] <= '9' && version.ptr[7] >= '0' &&
                  version.ptr[7] <= '9';
    return shaped ? 505 : 400;
}

static bool host_is_sane(str host)
{
    for (size_t i = 0; i < host.len; i++) {
        unsigned char c = (unsigned char)host.ptr[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!letter && !(c && strchr("-._:[]", c)))
            return false;
    }
    return host.len > 0 && host.len <= 255;
}

static int guard_host(const struct http_raw *raw)
{
    size_t times = header_times(raw, "Host");
    if (times == 0)
        return str_eq(raw->version, S("HTTP/1.0")) ? 0 : 400;
    return times == 1 && host_is_sane(http_raw_header(raw, "Host")) ? 0 : 400;
}

bool http_target_split(str target, str host, str *ret_path, str *ret_query)
{
    str rest = target;
    if (!str_starts(target, S("/"))) {
        size_t scheme = str_starts(target, S("http://"))    ? 7
                        : str_starts(target, S("https://")) ? 8
                                                            : 0;
        if (!scheme)
            return false;
        rest = str_slice(target, scheme, target.len);
        size_t end = 0;
        while (end < rest.len && rest.ptr[end] != '/' && rest.ptr[end] != '?')
            end++;
        if (!end || !str_eq_nocase(str_slice(rest, 0, end), host))
            return false;
        rest = str_slice(rest, end, rest.len);
    }
    size_t mark = str_find_byte(rest, '?');
    str path = mark == STR_NONE ? rest : str_slice(rest, 0, mark);
    *ret_path = path.len ? path : S("/");
    *ret_query = mark == STR_NONE ? S("") : str_slice(rest, mark + 1, rest.len);
    return true;
}

static bool path_has_nul_or_dots(str path)
{
    if (str_find(path, S("%00")) != STR_NONE)
        return true;
    str part;
    while (str_split(&path, '/', &part))
        if (str_eq(part, S("..")) || str_eq(part, S(".")))
            return true;
    return false;
}

static int guard_target(const struct http_raw *raw)
{
    str path, query;
    if (raw->target.len > HTTP_MAX_TARGET)
        return 414;
    for (size_t i = 0; i < raw->target.len; i++) {
        unsigned char c = (unsigned char)raw->target.ptr[i];
        if (c <= 0x20 || c >= 0x7F || c == '#')
            return 400;
    }
    if (!http_target_split(raw->target, http_raw_header(raw, "Host"), &path, &query))
        return 400;
    return path_has_nul_or_dots(path) ? 400 : 0;
}

/* How long the body is must be said once, in one way. */
static int guard_length(const struct http_limits *limits, const struct http_raw *raw)
{
    size_t lengths = header_times(raw, "Content-Length");
    size_t codings = header_times(raw, "Transfer-Encoding");
    if (lengths + codings == 0)
        return 0;
    if (lengths + codings > 1)
        return 400;
    if (codings) {
        if (!str_eq(raw->version, S("HTTP/1.1")))
            return 400;
        return str_eq_nocase(http_raw_header(raw, "Transfer-Encoding"), S("chunked")) ? 0 : 501;
    }
    str text = http_raw_header(raw, "Content-Length");
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] < '0' || text.ptr[i] > '9')
            return 400;
    if (!text.len)
        return 400;
    long long n;
    return str_int(text, 0, (long long)limits->max_body, &n) ? 0 : 413;
}

static int guard_expect(const struct http_raw *raw)
{
    size_t times = header_times(raw, "Expect");
    bool known = times == 1 && str_eq_nocase(http_raw_header(raw, "Expect"), S("100-continue"));
    return times == 0 || known ? 0 : 417;
}

int http_guard(const struct http_limits *limits, const struct http_raw *raw)
{
    int status;
    if (!http_is_token(raw->method))
        return 400;
    if ((status = guard_version(raw->version)) || (status = guard_headers(limits, raw)) ||
        (status = guard_host(raw)))
        return status;
    if (http_method_of(raw->method) == HTTP_OTHER)
        return 501;
    if ((status = guard_target(raw)) || (status = guard_length(limits, raw)))
        return status;
    return guard_expect(raw);
}
