/* Rows in the text format of PostgreSQL's COPY (its manual, "COPY", File Formats). */
#include "base/buf.h"
#include "db/db_int.h"

static void add_text(struct buf *b, str s)
{
    for (size_t i = 0; i < s.len; i++) {
        char byte = s.ptr[i];
        const char *escape = byte == '\\'   ? "\\\\"
                             : byte == '\n' ? "\\n"
                             : byte == '\r' ? "\\r"
                             : byte == '\t' ? "\\t"
                                            : NULL;
        if (escape)
            buf_addz(b, escape);
        else
            buf_add_byte(b, byte);
    }
}

static void add_bytes(struct buf *b, str s)
{
    static const char digits[] = "0123456789abcdef";
    buf_addz(b, "\\\\x");
    for (size_t i = 0; i < s.len; i++) {
        buf_add_byte(b, digits[(unsigned char)s.ptr[i] >> 4]);
        buf_add_byte(b, digits[(unsigned char)s.ptr[i] & 15]);
    }
}

/* One value of COPY's text format. */
static void add_value(struct buf *b, const struct db_value *v)
{
    bool is_bytes = v->type == DB_STR || v->type == DB_BLOB;
    if (v->type == DB_TYPE_NULL || (is_bytes && !v->s.ptr))
        buf_addz(b, "\\N");
    else if (v->type == DB_DOUBLE)
        buf_fmt(b, "%.17g", v->d);
    else if (v->type == DB_STR)
        add_text(b, v->s);
    else if (v->type == DB_BLOB)
        add_bytes(b, v->s);
    else
        buf_fmt(b, "%lld", v->i);
}

void db_copy_row(struct buf *b, const struct db_value *values, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        add_value(b, &values[i]);
        buf_add_byte(b, i + 1 < count ? '\t' : '\n');
    }
}
