/* A data file; what was read is written by the rules of RFC 4180 and read again. */
#include "fuzz.h"
#include "table/csv.h"

enum { MAX_ROWS = 200 };

static str write_again(struct ctx *c, const struct csv *t)
{
    struct buf b;
    buf_init(&b, c->arena, 4 * 1024 * 1024);
    for (size_t i = 0; i < t->count; i++) {
        for (size_t k = 0; k < t->rows[i].count; k++) {
            buf_addz(&b, k ? ",\"" : "\"");
            for (size_t n = 0; n < t->rows[i].cells[k].len; n++) {
                if (t->rows[i].cells[k].ptr[n] == '"')
                    buf_add_byte(&b, '"');
                buf_add_byte(&b, t->rows[i].cells[k].ptr[n]);
            }
            buf_add_byte(&b, '"');
        }
        buf_addz(&b, "\r\n");
    }
    HOLDS(buf_ok(&b));
    return buf_str(&b);
}

static void check_same(struct ctx *c, const struct csv *t)
{
    struct csv again;
    HOLDS(csv_read(c, write_again(c, t), MAX_ROWS, &again) == 0 && again.count == t->count);
    for (size_t i = 0; i < t->count; i++) {
        HOLDS(again.rows[i].count == t->rows[i].count);
        for (size_t k = 0; k < t->rows[i].count; k++)
            HOLDS(str_eq(again.rows[i].cells[k], t->rows[i].cells[k]));
    }
}

void fuzz_input(struct ctx *c, str in)
{
    struct csv t;
    int code = csv_read(c, in, MAX_ROWS, &t);
    fuzz_check_refusal(c, code, ERR_INVALID);
    if (code < 0)
        return;
    HOLDS(t.count <= MAX_ROWS);
    for (size_t i = 0; i < t.count; i++) {
        HOLDS(t.rows[i].count >= 1);
        HOLDS(!csv_cell(&t, i, (int)t.rows[i].count).len && !csv_cell(&t, i, -1).len);
    }
    int column = csv_column(&t, "code");
    HOLDS(column == -1 || str_eqz(csv_cell(&t, 0, column), "code"));
    check_same(c, &t);
}
