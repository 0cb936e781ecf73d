/* TrueType files: what a PDF needs to know of them. Each offset is checked: a font may be
 * somebody's own. */
#include "pdf/pdf_int.h"

enum { MAX_GLYPHS = 65535, TABLE_RECORD = 16, WINDOWS = 3, UNICODE_BMP = 1 };

static unsigned u16(str f, size_t at)
{
    if (at + 2 > f.len)
        return 0;
    const unsigned char *b = (const unsigned char *)f.ptr + at;
    return (unsigned)(b[0] << 8 | b[1]);
}

static long s16(str f, size_t at)
{
    unsigned v = u16(f, at);
    return v < 0x8000 ? (long)v : (long)v - 0x10000;
}

static size_t u32(str f, size_t at)
{
    return (size_t)u16(f, at) << 16 | u16(f, at + 2);
}

/* The table's offset; 0 when it is not there or not within the file. */
static size_t find_table(str f, const char *tag, size_t least, size_t *ret_length)
{
    size_t count = u16(f, 4);
    for (size_t i = 0; i < count; i++) {
        size_t record = 12 + i * TABLE_RECORD;
        if (record + TABLE_RECORD > f.len)
            return 0;
        size_t offset = u32(f, record + 8), length = u32(f, record + 12);
        if (memcmp(f.ptr + record, tag, 4) != 0)
            continue;
        if (offset > f.len || length > f.len - offset || length < least)
            return 0;
        *ret_length = length;
        return offset;
    }
    return 0;
}

/* Format 4 for Windows and the basic plane: every font that pages use has it. */
static bool find_cmap(struct pdf_font *f)
{
    size_t length, at = find_table(f->file, "cmap", 4, &length);
    size_t count = at ? u16(f->file, at + 2) : 0;
    for (size_t i = 0; i < count; i++) {
        size_t record = at + 4 + i * 8;
        if (u16(f->file, record) != WINDOWS || u16(f->file, record + 2) != UNICODE_BMP)
            continue;
        size_t offset = u32(f->file, record + 4);
        if (offset + 14 > length || u16(f->file, at + offset) != 4)
            continue;
        f->cmap = at + offset;
        f->cmap_length = u16(f->file, f->cmap + 2);
        return f->cmap_length >= 16 && f->cmap_length <= length - offset;
    }
    return false;
}

bool pdf_font_read(struct arena *a, str file, struct pdf_font *ret)
{
    size_t length, head, hhea, maxp, os2;
    struct pdf_font f = {.file = file};
    head = find_table(file, "head", 54, &length);
    hhea = find_table(file, "hhea", 36, &length);
    maxp = find_table(file, "maxp", 6, &length);
    os2 = find_table(file, "OS/2", 72, &length);
    f.hmtx = find_table(file, "hmtx", 4, &length);
    if (!head || !hhea || !maxp || !f.hmtx || !find_cmap(&f))
        return false;
    f.units = (long)u16(file, head + 18);
    for (size_t i = 0; i < 4; i++)
        f.box[i] = s16(file, head + 36 + 2 * i);
    f.ascent = s16(file, os2 ? os2 + 68 : hhea + 4);
    f.descent = s16(file, os2 ? os2 + 70 : hhea + 6);
    f.glyphs = u16(file, maxp + 4);
    f.widths = u16(file, hhea + 34);
    if (!f.units || !f.glyphs || !f.widths || f.widths * 4 > length)
        return false;
    f.characters = arena_array(a, f.glyphs, sizeof *f.characters);
    *ret = f;
    return true;
}

/* Segments are in order of their last character. */
unsigned pdf_font_glyph(const struct pdf_font *f, uint32_t character)
{
    str s = str_slice(f->file, f->cmap, f->cmap + f->cmap_length);
    size_t segments = u16(s, 6) / 2;
    if (character > 0xFFFF || !s.len)
        return 0;
    for (size_t i = 0; i < segments; i++) {
        size_t end = 14 + i * 2, start = end + segments * 2 + 2;
        size_t delta = start + segments * 2, range = delta + segments * 2;
        if (u16(s, end) < character)
            continue;
        if (u16(s, start) > character)
            return 0;
        unsigned offset = u16(s, range);
        unsigned glyph =
            offset ? u16(s, range + offset + (character - u16(s, start)) * 2) : (unsigned)character;
        glyph = offset && !glyph ? 0 : (glyph + u16(s, delta)) & 0xFFFF;
        return glyph < f->glyphs ? glyph : 0;
    }
    return 0;
}

double pdf_font_width(const struct pdf_font *f, unsigned glyph)
{
    size_t i = glyph < f->widths ? glyph : f->widths - 1;
    return (double)u16(f->file, f->hmtx + i * 4) * 1000.0 / (double)f->units;
}
