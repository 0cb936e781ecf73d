#include <qrencode.h>

#include "base/ctx.h"
#include "html/html.h"

enum { MAX_TEXT = 1000, MAX_SVG = 256 * 1024, MARGIN = 4 /* modules of white that readers need */ };

static void free_code(void *code)
{
    QRcode_free(code);
}

/* One path for all dark modules, a run of them in a row at a time. */
static void write_modules(struct out *o, const QRcode *code)
{
    int n = code->width;
    out_lit(o, "<path class=\"aj-qr__ink\" d=\"");
    for (int y = 0; y < n; y++)
        for (int x = 0; x < n; x++) {
            int end = x;
            while (end < n && code->data[y * n + end] & 1)
                end++;
            if (end == x)
                continue;
            out_lit(o, "M");
            out(o, x + MARGIN);
            out_lit(o, " ");
            out(o, y + MARGIN);
            out_lit(o, "h");
            out(o, end - x);
            out_lit(o, "v1h-");
            out(o, end - x);
            out_lit(o, "z");
            x = end;
        }
    out_lit(o, "\"/>");
}

int qr_svg(struct ctx *c, str text, str label, html *ret)
{
    struct buf b;
    struct out o;
    if (text.len > MAX_TEXT)
        return err_detail(c, ERR_LIMIT, "a QR code of %zu bytes", text.len);
    QRcode *code =
        QRcode_encodeData((int)text.len, (const unsigned char *)text.ptr, 0, QR_ECLEVEL_M);
    if (!code)
        return err_memory(c, "a QR code");
    arena_defer(c->arena, free_code, code);
    int size = code->width + 2 * MARGIN;
    out_begin(&o, &b, c->arena, MAX_SVG);
    out_lit(&o, "<svg class=\"aj-qr\" viewBox=\"0 0 ");
    out(&o, size);
    out_lit(&o, " ");
    out(&o, size);
    out_lit(&o, "\" role=\"img\" aria-label=\"");
    out_attr(&o, label);
    out_lit(&o, "\"><rect class=\"aj-qr__paper\" width=\"100%\" height=\"100%\"/>");
    write_modules(&o, code);
    out_lit(&o, "</svg>");
    *ret = out_take(&o);
    return 0;
}
