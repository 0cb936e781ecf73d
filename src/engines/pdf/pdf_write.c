/* The file: objects, their places, the tree of the structure, fonts (ISO 32000-1; the catalogue as
 * PDF/UA-1 asks). */
#include "pdf/pdf_int.h"

#include "base/utf8.h"

enum { MAX_BF = 100 }; /* characters in one section of a map to Unicode */

/* Numbers of objects, in this order. */
enum { CATALOG = 1, PAGES, TREE, PARENTS, INFO, METADATA, FIRST_FONT };
enum { FONT_OBJECTS = 5 }; /* Type0, CIDFont, descriptor, file, map to Unicode */
enum { FONTS = PDF_STYLES * PDF_FILES };

struct writer {
    struct pdf *p;
    struct buf b;
    size_t *places; /* of objects, by number */
    size_t first_page, first_link, first_element, count;
    size_t *links_before; /* by page: links on the pages before it */
};

static void begin(struct writer *w, size_t number)
{
    w->places[number] = w->b.len;
    buf_fmt(&w->b, "%zu 0 obj\n", number);
}

static void end(struct writer *w)
{
    buf_addz(&w->b, "\nendobj\n");
}

static void stream(struct writer *w, size_t number, const char *extra, str bytes)
{
    begin(w, number);
    buf_fmt(&w->b, "<</Length %zu%s>>\nstream\n", bytes.len, extra);
    buf_add(&w->b, bytes);
    buf_addz(&w->b, "\nendstream");
    end(w);
}

/* Text of the document's properties: UTF-16 with its mark, as hexadecimal digits. */
static void text_string(struct buf *b, str text)
{
    buf_addz(b, "<FEFF");
    while (text.len) {
        uint32_t character = utf8_next(&text);
        if (character > 0xFFFF) {
            character -= 0x10000;
            buf_fmt(b, "%04X%04X", 0xD800 + (unsigned)(character >> 10),
                    0xDC00 + (unsigned)(character & 0x3FF));
        } else {
            buf_fmt(b, "%04X", (unsigned)character);
        }
    }
    buf_addz(b, ">");
}

/* An address, in plain characters only: control characters are left out, others written as %XX. */
static void address_string(struct buf *b, str url)
{
    buf_addz(b, "(");
    for (size_t i = 0; i < url.len; i++) {
        char byte = url.ptr[i];
        if ((unsigned char)byte < ' ' || byte == 0x7F)
            continue;
        if (byte == ' ' || (unsigned char)byte > '~') {
            buf_fmt(b, "%%%02X", (unsigned)(unsigned char)byte);
            continue;
        }
        if (byte == '(' || byte == ')' || byte == '\\')
            buf_add_byte(b, '\\');
        buf_add_byte(b, byte);
    }
    buf_addz(b, ")");
}

/* ---- fonts ---- */

static void write_widths(struct writer *w, const struct pdf_font *f)
{
    buf_addz(&w->b, "/W [");
    for (size_t g = 0; g < f->glyphs; g++)
        if (f->characters[g])
            buf_fmt(&w->b, "%zu [%.0f] ", g, pdf_font_width(f, (unsigned)g));
    buf_addz(&w->b, "]");
}

static str unicode_map(struct pdf *p, const struct pdf_font *f)
{
    struct buf b, section;
    size_t in_section = 0;
    buf_init(&b, p->arena, PDF_MAX_BYTES);
    buf_init(&section, p->arena, PDF_MAX_BYTES);
    buf_addz(&b, "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
                 "/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def\n"
                 "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
                 "1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n");
    for (size_t g = 0; g <= f->glyphs; g++) {
        bool last = g == f->glyphs;
        if (in_section && (last || in_section == MAX_BF)) {
            buf_fmt(&b, "%zu beginbfchar\n", in_section);
            buf_add(&b, buf_str(&section));
            buf_addz(&b, "endbfchar\n");
            section.len = in_section = 0;
        }
        if (last || !f->characters[g])
            continue;
        buf_fmt(&section, "<%04zX> <%04X>\n", g, (unsigned)f->characters[g]);
        in_section++;
    }
    buf_addz(&b, "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n");
    return buf_str(&b);
}

static void write_font(struct writer *w, const struct pdf_font *f, size_t number)
{
    double scale = 1000.0 / (double)f->units;
    size_t at = FIRST_FONT + number * FONT_OBJECTS;
    begin(w, at);
    buf_fmt(&w->b,
            "<</Type /Font /Subtype /Type0 /BaseFont /Letter%zu /Encoding /Identity-H "
            "/DescendantFonts [%zu 0 R] /ToUnicode %zu 0 R>>",
            number, at + 1, at + 4);
    end(w);
    begin(w, at + 1);
    buf_fmt(&w->b,
            "<</Type /Font /Subtype /CIDFontType2 /BaseFont /Letter%zu /CIDToGIDMap /Identity "
            "/CIDSystemInfo <</Registry (Adobe) /Ordering (Identity) /Supplement 0>> "
            "/FontDescriptor %zu 0 R /DW 500 ",
            number, at + 2);
    write_widths(w, f);
    buf_addz(&w->b, ">>");
    end(w);
    begin(w, at + 2);
    buf_fmt(
        &w->b,
        "<</Type /FontDescriptor /FontName /Letter%zu /Flags 4 /FontBBox [%.0f %.0f %.0f %.0f] "
        "/ItalicAngle %d /Ascent %.0f /Descent %.0f /CapHeight %.0f /StemV 80 /FontFile2 %zu 0 R>>",
        number, (double)f->box[0] * scale, (double)f->box[1] * scale, (double)f->box[2] * scale,
        (double)f->box[3] * scale, number / PDF_FILES == PDF_ITALIC ? -11 : 0,
        (double)f->ascent * scale, (double)f->descent * scale, (double)f->ascent * scale, at + 3);
    end(w);
    stream(w, at + 3, str_fmt(w->p->arena, " /Length1 %zu", f->file.len).ptr, f->file);
    stream(w, at + 4, "", unicode_map(w->p, f));
}

static struct pdf_font *font(struct pdf *p, size_t i)
{
    return &p->fonts[i / PDF_FILES][i % PDF_FILES];
}

/* ---- pages ---- */

static void write_resources(struct writer *w)
{
    buf_addz(&w->b, "/Resources <</Font <<");
    for (size_t i = 0; i < FONTS; i++)
        if (font(w->p, i)->used)
            buf_fmt(&w->b, "/F%zu %zu 0 R ", i, FIRST_FONT + i * FONT_OBJECTS);
    buf_addz(&w->b, ">>>>");
}

static void write_page(struct writer *w, size_t i)
{
    const struct pdf_page *page = &w->p->pages.items[i];
    size_t number = w->first_page + 2 * i;
    begin(w, number);
    buf_fmt(&w->b,
            "<</Type /Page /Parent %d 0 R /MediaBox [0 0 595.28 841.89] /Contents %zu 0 R "
            "/StructParents %zu /Tabs /S ",
            PAGES, number + 1, i);
    write_resources(w);
    if (page->links.count) {
        buf_addz(&w->b, " /Annots [");
        for (size_t k = 0; k < page->links.count; k++)
            buf_fmt(&w->b, "%zu 0 R ", w->first_link + w->links_before[i] + k);
        buf_addz(&w->b, "]");
    }
    buf_addz(&w->b, ">>");
    end(w);
    stream(w, number + 1, "", buf_str(&page->content));
}

static void write_link(struct writer *w, size_t page, size_t k)
{
    const struct pdf_link *link = &w->p->pages.items[page].links.items[k];
    size_t number = w->links_before[page] + k;
    begin(w, w->first_link + number);
    buf_fmt(&w->b,
            "<</Type /Annot /Subtype /Link /Rect [%.2f %.2f %.2f %.2f] /Border [0 0 0] /F 4 "
            "/StructParent %zu /Contents ",
            link->x0, link->y0, link->x1, link->y1, w->p->pages.count + number);
    text_string(&w->b, link->url);
    buf_addz(&w->b, " /A <</S /URI /URI ");
    address_string(&w->b, link->url);
    buf_addz(&w->b, ">>>>");
    end(w);
}

/* ---- the structure ---- */

static void write_kid(struct writer *w, const struct pdf_kid *kid)
{
    if (kid->kind == KID_ELEMENT)
        buf_fmt(&w->b, "%zu 0 R ", w->first_element + kid->number);
    else if (kid->kind == KID_CONTENT)
        buf_fmt(&w->b, "<</Type /MCR /Pg %zu 0 R /MCID %zu>> ", w->first_page + 2 * kid->page,
                kid->number);
    else
        buf_fmt(&w->b, "<</Type /OBJR /Pg %zu 0 R /Obj %zu 0 R>> ", w->first_page + 2 * kid->page,
                w->first_link + w->links_before[kid->page] + kid->number);
}

static void write_element(struct writer *w, size_t i)
{
    const struct pdf_element *e = &w->p->elements.items[i];
    size_t parent = i ? w->first_element + e->parent : TREE;
    begin(w, w->first_element + i);
    buf_fmt(&w->b, "<</Type /StructElem /S /%s /P %zu 0 R ", e->tag, parent);
    if (e->column_header)
        buf_addz(&w->b, "/A <</O /Table /Scope /Column>> ");
    buf_addz(&w->b, "/K [");
    for (size_t k = 0; k < e->kids.count; k++)
        write_kid(w, &e->kids.items[k]);
    buf_addz(&w->b, "]>>");
    end(w);
}

/* From the content of a page, and from a link, to its element. */
static void write_parents(struct writer *w)
{
    const struct pdf *p = w->p;
    begin(w, PARENTS);
    buf_addz(&w->b, "<</Nums [");
    for (size_t i = 0; i < p->pages.count; i++) {
        buf_fmt(&w->b, "%zu [", i);
        for (size_t k = 0; k < p->pages.items[i].contents.count; k++)
            buf_fmt(&w->b, "%zu 0 R ", w->first_element + p->pages.items[i].contents.items[k]);
        buf_addz(&w->b, "]\n");
    }
    for (size_t i = 0; i < p->pages.count; i++)
        for (size_t k = 0; k < p->pages.items[i].links.count; k++)
            buf_fmt(&w->b, "%zu %zu 0 R ", p->pages.count + w->links_before[i] + k,
                    w->first_element + p->pages.items[i].links.items[k].element);
    buf_addz(&w->b, "]>>");
    end(w);
}

/* ---- what the document says of itself ---- */

struct moment {
    long long year;
    int month, day, hour, minute, second;
};

/* From days to a date of the Gregorian calendar: Howard Hinnant, "chrono-Compatible Low-Level Date
 * Algorithms", civil_from_days. */
static struct moment moment_of(long long seconds)
{
    long long days = seconds / 86400, rest = seconds % 86400;
    long long z = days + 719468, era = z / 146097, doe = z - era * 146097;
    long long yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    long long doy = doe - (365 * yoe + yoe / 4 - yoe / 100), mp = (5 * doy + 2) / 153;
    struct moment m = {.day = (int)(doy - (153 * mp + 2) / 5 + 1),
                       .month = (int)(mp < 10 ? mp + 3 : mp - 9),
                       .hour = (int)(rest / 3600),
                       .minute = (int)(rest % 3600 / 60),
                       .second = (int)(rest % 60)};
    m.year = yoe + era * 400 + (m.month <= 2);
    return m;
}

static void write_info(struct writer *w)
{
    const struct pdf_options *o = &w->p->options;
    struct moment m = moment_of(o->created_at);
    begin(w, INFO);
    buf_addz(&w->b, "<</Title ");
    text_string(&w->b, o->title);
    buf_addz(&w->b, " /Author ");
    text_string(&w->b, o->author);
    buf_addz(&w->b, " /Subject ");
    text_string(&w->b, o->subject);
    buf_fmt(&w->b, " /Producer (Aanjager) /CreationDate (D:%04lld%02d%02d%02d%02d%02dZ)>>", m.year,
            m.month, m.day, m.hour, m.minute, m.second);
    end(w);
}

static void xml_text(struct buf *b, str text)
{
    for (size_t i = 0; i < text.len; i++) {
        char byte = text.ptr[i];
        if (byte == '<')
            buf_addz(b, "&lt;");
        else if (byte == '&')
            buf_addz(b, "&amp;");
        else if ((unsigned char)byte >= ' ')
            buf_add_byte(b, byte);
    }
}

static void write_metadata(struct writer *w)
{
    const struct pdf_options *o = &w->p->options;
    struct buf b;
    buf_init(&b, w->p->arena, PDF_MAX_BYTES);
    buf_addz(&b,
             "<?xpacket begin=\"\xEF\xBB\xBF\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n"
             "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">\n"
             "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n"
             "<rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" "
             "xmlns:pdfuaid=\"http://www.aiim.org/pdfua/ns/id/\">\n"
             "<pdfuaid:part>1</pdfuaid:part>\n<dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">");
    xml_text(&b, o->title);
    buf_addz(&b, "</rdf:li></rdf:Alt></dc:title>\n<dc:language><rdf:Bag><rdf:li>");
    xml_text(&b, o->language);
    buf_addz(&b, "</rdf:li></rdf:Bag></dc:language>\n</rdf:Description>\n</rdf:RDF>\n</x:xmpmeta>\n"
                 "<?xpacket end=\"r\"?>");
    stream(w, METADATA, " /Type /Metadata /Subtype /XML", buf_str(&b));
}

static void write_catalog(struct writer *w)
{
    struct pdf *p = w->p;
    begin(w, CATALOG);
    buf_fmt(&w->b,
            "<</Type /Catalog /Pages %d 0 R /Metadata %d 0 R /StructTreeRoot %d 0 R "
            "/MarkInfo <</Marked true>> /ViewerPreferences <</DisplayDocTitle true>> /Lang ",
            PAGES, METADATA, TREE);
    text_string(&w->b, p->options.language);
    buf_addz(&w->b, ">>");
    end(w);
    begin(w, PAGES);
    buf_fmt(&w->b, "<</Type /Pages /Count %zu /Kids [", p->pages.count);
    for (size_t i = 0; i < p->pages.count; i++)
        buf_fmt(&w->b, "%zu 0 R ", w->first_page + 2 * i);
    buf_addz(&w->b, "]>>");
    end(w);
    begin(w, TREE);
    buf_fmt(&w->b,
            "<</Type /StructTreeRoot /K [%zu 0 R] /ParentTree %d 0 R /ParentTreeNextKey %zu>>",
            w->first_element, PARENTS, p->pages.count + (w->first_element - w->first_link));
    end(w);
}

/* ---- all ---- */

/* At the foot: what it is of, and the page's number. For the eye: a reader announces pages itself.
 */
static void write_foot(struct pdf *p, size_t i)
{
    struct pdf_block b;
    struct pdf_line line;
    const struct pdf_options *o = &p->options;
    size_t from = 0;
    p->now = i;
    pdf_block_init(p, &b, &pdf_looks[PDF_SMALL], PDF_DOCUMENT);
    pdf_block_add(p, &b, PDF_REGULAR, o->footer, S(""));
    if (pdf_block_line(&b, 380, &from, &line))
        pdf_show_line(p, &b, line, pdf_left(p), 40, true);
    str number = str_fmt(p->arena, "%.*s %zu %.*s %zu", (int)o->page_words.len, o->page_words.ptr,
                         i + 1, (int)o->of_words.len, o->of_words.ptr, p->pages.count);
    pdf_block_init(p, &b, &pdf_looks[PDF_SMALL], PDF_DOCUMENT);
    pdf_block_add(p, &b, PDF_REGULAR, number, S(""));
    from = 0;
    if (pdf_block_line(&b, 200, &from, &line))
        pdf_show_line(p, &b, line, pdf_right() - pdf_line_width(&b, line), 40, true);
}

static void plan(struct writer *w)
{
    struct pdf *p = w->p;
    size_t links = 0;
    w->links_before = arena_array(p->arena, p->pages.count + 1, sizeof *w->links_before);
    for (size_t i = 0; i < p->pages.count; i++) {
        w->links_before[i] = links;
        links += p->pages.items[i].links.count;
    }
    w->first_page = FIRST_FONT + FONTS * FONT_OBJECTS;
    w->first_link = w->first_page + 2 * p->pages.count;
    w->first_element = w->first_link + links;
    w->count = w->first_element + p->elements.count;
    w->places = arena_array(p->arena, w->count + 1, sizeof *w->places);
}

static void write_places(struct writer *w)
{
    size_t at = w->b.len;
    uint64_t first = str_hash(buf_str(&w->b)), second = str_hash(w->p->options.title);
    buf_fmt(&w->b, "xref\n0 %zu\n0000000000 65535 f \n", w->count);
    for (size_t i = 1; i < w->count; i++) /* the objects of a font that is not used are free */
        buf_fmt(&w->b, w->places[i] ? "%010zu 00000 n \n" : "%010zu 65535 f \n", w->places[i]);
    buf_fmt(&w->b,
            "trailer\n<</Size %zu /Root %d 0 R /Info %d 0 R /ID [<%016llX%016llX> "
            "<%016llX%016llX>]>>\nstartxref\n%zu\n%%%%EOF\n",
            w->count, CATALOG, INFO, (unsigned long long)first, (unsigned long long)second,
            (unsigned long long)first, (unsigned long long)second, at);
}

bool pdf_finish(struct pdf *p, str *ret)
{
    struct writer w = {.p = p};
    if (p->open.count || p->block)
        BUG("pdf_finish with something open");
    for (size_t i = 0; i < p->pages.count; i++)
        write_foot(p, i);
    plan(&w);
    buf_init(&w.b, p->arena, PDF_MAX_BYTES);
    buf_addz(&w.b, "%PDF-1.7\n%\xE2\xE3\xCF\xD3\n");
    write_catalog(&w);
    write_parents(&w);
    write_info(&w);
    write_metadata(&w);
    for (size_t i = 0; i < FONTS; i++)
        if (font(p, i)->used)
            write_font(&w, font(p, i), i);
    for (size_t i = 0; i < p->pages.count; i++)
        write_page(&w, i);
    for (size_t i = 0; i < p->pages.count; i++)
        for (size_t k = 0; k < p->pages.items[i].links.count; k++)
            write_link(&w, i, k);
    for (size_t i = 0; i < p->elements.count; i++)
        write_element(&w, i);
    write_places(&w);
    *ret = buf_str(&w.b);
    return buf_ok(&w.b) && !p->too_large;
}
