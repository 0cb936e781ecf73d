/* A multipart body: the boundary is everything before the first 0x01, then the body. What was read
   is written again in the plainest way and must read the same. */
#include "fuzz.h"
#include "http/http_int.h"

enum { MAX_FIELDS = 12 };

static void check_field(const struct http_field *f, str body)
{
    HOLDS(f->name.len && http_text_clean(f->name));
    HOLDS(http_text_clean(f->file_name) && f->file_name.len <= HTTP_MAX_FILE_NAME);
    HOLDS(str_find_byte(f->file_name, '/') == STR_NONE);
    HOLDS(str_find_byte(f->file_name, '\\') == STR_NONE);
    HOLDS(http_text_clean(f->content_type) && fuzz_within(f->content_type, body));
    HOLDS(fuzz_within(f->value, body));
    HOLDS(f->file_name.len || utf8_valid(f->value));
}

/* A quoted value; what browsers encode is encoded. */
static void add_quoted(struct buf *b, str value)
{
    buf_add_byte(b, '"');
    for (size_t i = 0; i < value.len; i++)
        if (value.ptr[i] == '"')
            buf_addz(b, "%22");
        else
            buf_add_byte(b, value.ptr[i]);
    buf_add_byte(b, '"');
}

static str write_again(struct ctx *c, str boundary, const struct http_field *fields, size_t count)
{
    struct buf b;
    buf_init(&b, c->arena, 4 * 1024 * 1024);
    for (size_t i = 0; i < count; i++) {
        buf_fmt(&b, "--%.*s\r\nContent-Disposition: form-data; name=", (int)boundary.len,
                boundary.ptr);
        add_quoted(&b, fields[i].name);
        if (fields[i].file_name.len) {
            buf_addz(&b, "; filename=");
            add_quoted(&b, fields[i].file_name);
        }
        buf_addz(&b, "\r\n\r\n");
        buf_add(&b, fields[i].value);
        buf_addz(&b, "\r\n");
    }
    buf_fmt(&b, "--%.*s--\r\n", (int)boundary.len, boundary.ptr);
    HOLDS(buf_ok(&b));
    return buf_str(&b);
}

static void check_again(struct ctx *c, str type, str boundary, const struct http_field *fields,
                        size_t count)
{
    struct http_field *again;
    size_t count_again;
    str body = write_again(c, boundary, fields, count);
    HOLDS(http_parse_multipart(c->arena, type, body, MAX_FIELDS, &again, &count_again));
    HOLDS(count_again == count);
    for (size_t i = 0; i < count; i++)
        HOLDS(str_eq(again[i].name, fields[i].name) && str_eq(again[i].value, fields[i].value) &&
              str_eq(again[i].file_name, fields[i].file_name));
}

/* "%22" in a name is a quote; text that would become one when it is written again is left alone. */
static bool is_ambiguous(str s)
{
    return str_find_byte(s, '%') != STR_NONE;
}

void fuzz_input(struct ctx *c, str in)
{
    struct http_field *fields;
    size_t count;
    str boundary = fuzz_part(&in);
    str type = str_join(c->arena, (str[]){S("multipart/form-data; boundary="), boundary}, 2, S(""));
    if (!http_parse_multipart(c->arena, type, in, MAX_FIELDS, &fields, &count))
        return;
    HOLDS(count <= MAX_FIELDS);
    bool plain = str_find_byte(boundary, ';') == STR_NONE && str_eq(str_trim(boundary), boundary) &&
                 str_find_byte(boundary, '"') == STR_NONE;
    for (size_t i = 0; i < count; i++) {
        check_field(&fields[i], in);
        plain = plain && !is_ambiguous(fields[i].name) && !is_ambiguous(fields[i].file_name);
    }
    if (plain)
        check_again(c, type, boundary, fields, count);
}
