/* multipart/form-data as browsers send it (RFC 7578), no more: no preamble, no nested parts, no
   transfer encodings. The values point into the body. */
#include "base/utf8.h"
#include "base/vec.h"
#include "http/http_int.h"

enum { MAX_BOUNDARY = 70, MAX_PART_HEAD = 2048, MAX_PART_LINES = 8 };

/* ---- parameters of a header value: ; name=token or ; name="quoted" ---- */

static str skip_blank(str s)
{
    while (s.len && (s.ptr[0] == ' ' || s.ptr[0] == '\t'))
        s = str_slice(s, 1, s.len);
    return s;
}

static bool quoted_take(str *rest, str *ret)
{
    size_t end = str_find_byte(str_slice(*rest, 1, rest->len), '"');
    if (end == STR_NONE)
        return false;
    *ret = str_slice(*rest, 1, end + 1);
    *rest = str_slice(*rest, end + 2, rest->len);
    return true;
}

static bool token_take(str *rest, str *ret)
{
    size_t end = 0;
    while (end < rest->len && !strchr("; \t\"", rest->ptr[end]))
        end++;
    *ret = str_slice(*rest, 0, end);
    *rest = str_slice(*rest, end, rest->len);
    return end > 0;
}

/* Takes "; name=value" off the front. False when *rest is not of that form. */
static bool parameter_take(str *rest, str *ret_name, str *ret_value)
{
    str s = skip_blank(*rest);
    if (!str_starts(s, S(";")))
        return false;
    s = skip_blank(str_slice(s, 1, s.len));
    size_t equals = str_find_byte(s, '=');
    if (equals == STR_NONE || !http_is_token(str_slice(s, 0, equals)))
        return false;
    *ret_name = str_slice(s, 0, equals);
    s = str_slice(s, equals + 1, s.len);
    if (str_starts(s, S("\"")) ? !quoted_take(&s, ret_value) : !token_take(&s, ret_value))
        return false;
    *rest = s;
    return true;
}

/* The value before the first parameter; *rest keeps the parameters. */
static str value_take(str *rest)
{
    size_t end = str_find_byte(*rest, ';');
    str value = str_trim(end == STR_NONE ? *rest : str_slice(*rest, 0, end));
    *rest = end == STR_NONE ? S("") : str_slice(*rest, end, rest->len);
    return value;
}

static bool boundary_is_sane(str boundary)
{
    for (size_t i = 0; i < boundary.len; i++) {
        char c = boundary.ptr[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!letter && !(c && strchr("'()+_,-./:=? ", c)))
            return false;
    }
    return boundary.len > 0 && boundary.len <= MAX_BOUNDARY &&
           boundary.ptr[boundary.len - 1] != ' ';
}

static bool boundary_find(str content_type, str *ret)
{
    str name, value;
    size_t found = 0;
    if (!str_eq_nocase(value_take(&content_type), S("multipart/form-data")))
        return false;
    while (skip_blank(content_type).len) {
        if (!parameter_take(&content_type, &name, &value))
            return false;
        if (str_eq_nocase(name, S("boundary"))) {
            *ret = value;
            found++;
        }
    }
    return found == 1 && boundary_is_sane(*ret);
}

/* ---- one part ---- */

/* Browsers write a quote and line breaks in a name as %22, %0D and %0A, and nothing else that way.
 */
static str name_decode(struct arena *a, str in)
{
    char *out = arena_alloc(a, in.len + 1);
    size_t n = 0;
    for (size_t i = 0; i < in.len; i++) {
        str three = str_slice(in, i, i + 3);
        bool known = true;
        if (str_eq(three, S("%22")))
            out[n++] = '"';
        else if (str_eq_nocase(three, S("%0D")))
            out[n++] = '\r';
        else if (str_eq_nocase(three, S("%0A")))
            out[n++] = '\n';
        else
            known = false;
        if (known)
            i += 2;
        else
            out[n++] = in.ptr[i];
    }
    return str_of(out, n);
}

/* Without the folders that some browsers send along. */
static str base_name(str path)
{
    for (size_t i = path.len; i > 0; i--)
        if (path.ptr[i - 1] == '/' || path.ptr[i - 1] == '\\')
            return str_slice(path, i, path.len);
    return path;
}

static bool disposition_read(struct arena *a, str value, struct http_field *f)
{
    str name, text;
    bool has_name = false, has_file = false;
    if (!str_eq_nocase(value_take(&value), S("form-data")))
        return false;
    while (skip_blank(value).len) {
        if (!parameter_take(&value, &name, &text))
            return false;
        if (str_eq_nocase(name, S("name")) && !has_name) {
            has_name = true;
            f->name = name_decode(a, text);
        } else if (str_eq_nocase(name, S("filename")) && !has_file) {
            has_file = true;
            f->file_name = base_name(name_decode(a, text));
        } else {
            return false; /* twice, or filename*, which RFC 7578 forbids */
        }
    }
    return f->name.len && http_text_clean(f->name) && http_text_clean(f->file_name) &&
           f->file_name.len <= HTTP_MAX_FILE_NAME;
}

static bool part_header_read(struct arena *a, str line, struct http_field *f, bool *seen)
{
    size_t colon = str_find_byte(line, ':');
    if (colon == STR_NONE || !http_is_token(str_slice(line, 0, colon)))
        return false;
    str name = str_slice(line, 0, colon);
    str value = str_trim(str_slice(line, colon + 1, line.len));
    if (!http_text_clean(value))
        return false;
    if (str_eq_nocase(name, S("Content-Disposition"))) {
        bool first = !*seen;
        *seen = true;
        return first && disposition_read(a, value, f);
    }
    if (str_eq_nocase(name, S("Content-Type")))
        f->content_type = value;
    if (str_eq_nocase(name, S("Content-Transfer-Encoding")))
        return str_eq_nocase(value, S("binary")) || str_eq_nocase(value, S("8bit")) ||
               str_eq_nocase(value, S("7bit"));
    return true;
}

/* The head of a part: lines, then an empty one. *rest is at the content after it. */
static bool part_head_read(struct arena *a, str *rest, struct http_field *f)
{
    bool seen = false;
    str window = str_slice(*rest, 0, MAX_PART_HEAD), line;
    for (int lines = 0; lines <= MAX_PART_LINES; lines++) {
        size_t end = str_find(window, S("\r\n"));
        if (end == STR_NONE)
            return false;
        line = str_slice(window, 0, end);
        window = str_slice(window, end + 2, window.len);
        if (!line.len) {
            *rest = str_slice(*rest, (size_t)(window.ptr - rest->ptr), rest->len);
            return seen;
        }
        if (!part_header_read(a, line, f, &seen))
            return false;
    }
    return false;
}

static bool part_read(struct arena *a, str *rest, str delimiter, struct http_field *f)
{
    if (!part_head_read(a, rest, f))
        return false;
    /* The content may be empty: then the delimiter's line break is the one that ended the head. */
    str from = str_of(rest->ptr - 2, rest->len + 2);
    size_t end = str_find(from, delimiter);
    if (end == STR_NONE)
        return false;
    f->value = end < 2 ? S("") : str_slice(from, 2, end);
    *rest = str_slice(from, end + delimiter.len, from.len);
    return f->file_name.len || (utf8_valid(f->value) && str_find_byte(f->value, '\0') == STR_NONE);
}

bool http_parse_multipart(struct arena *a, str content_type, str body, size_t max,
                          struct http_field **ret, size_t *ret_count)
{
    struct {
        struct http_field *items;
        size_t count, capacity;
    } fields = {0};
    str boundary;
    if (!boundary_find(content_type, &boundary))
        return false;
    str delimiter = str_join(a, (str[]){S("\r\n--"), boundary}, 2, S(""));
    if (!str_starts(body, str_slice(delimiter, 2, delimiter.len)))
        return false;
    str rest = str_slice(body, delimiter.len - 2, body.len);
    while (str_starts(rest, S("\r\n"))) {
        struct http_field field = {0};
        rest = str_slice(rest, 2, rest.len);
        if (fields.count == max || !part_read(a, &rest, delimiter, &field))
            return false;
        *vec_push(a, &fields) = field;
    }
    if (!str_eq(rest, S("--")) && !str_eq(rest, S("--\r\n")))
        return false;
    *ret = fields.items;
    *ret_count = fields.count;
    return true;
}
