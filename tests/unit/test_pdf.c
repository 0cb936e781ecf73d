/* A PDF that other programs find right: qpdf for the file, pdfinfo and pdftotext of poppler for
 * what a reader gets. */
#include "ask.h"

#include <stdlib.h>

#include "base/embedded.h"
#include "pdf/pdf.h"

static str font(const char *name)
{
    const struct embedded_file *f = embedded_find(&embedded_assets, str_from(name));
    CHECK(f != NULL);
    return f->bytes;
}

static struct pdf *begin(struct arena *a)
{
    struct pdf_options o = {
        .title = S("Parallel plannen – (proef) \\ ö"),
        .author = S("Aanjager"),
        .subject = S("Een proef."),
        .language = S("nl"),
        .footer = S("Parallel plannen"),
        .page_words = S("Pagina"),
        .of_words = S("van"),
        .created_at = 1795651200, /* 2026-11-26 00:00:00 */
        .fonts = {{font("fonts/print-regular-latin.ttf"),
                   font("fonts/print-regular-latin-ext.ttf")},
                  {font("fonts/print-bold-latin.ttf"), font("fonts/print-bold-latin-ext.ttf")},
                  {font("fonts/print-italic-latin.ttf"), font("fonts/print-italic-latin-ext.ttf")}},
    };
    struct pdf *p = pdf_new(a, &o);
    CHECK(p != NULL);
    return p;
}

static bool has(str text, const char *words)
{
    return str_find(text, str_from(words)) != STR_NONE;
}

static void write_page(struct pdf *p)
{
    pdf_text(p, PDF_H1, S("Parallel plannen"));
    pdf_text(p, PDF_LEAD, S("Procedures tegelijk in plaats van na elkaar, met één regisseur."));
    pdf_open(p, PDF_SECTION);
    pdf_text(p, PDF_H2, S("Stappen"));
    pdf_open(p, PDF_LIST);
    pdf_item(p, S("1."));
    pdf_block(p, PDF_P);
    pdf_span(p, PDF_BOLD, S("Nodig uit. "), S(""));
    pdf_span(p, PDF_REGULAR, S("Lees eerst "), S(""));
    pdf_span(p, PDF_REGULAR, S("de wet"), S("https://wetten.overheid.nl/BWBR0037885/(x)"));
    pdf_span(p, PDF_ITALIC, S(" (nog te controleren)."), S(""));
    pdf_end(p);
    pdf_close(p);
    pdf_close(p);
    pdf_close(p);
}

static void write_table(struct pdf *p, int rows)
{
    static const char *const cells[] = {"Procedure", "Termijn", "Wie besluit"};
    pdf_table(p, 3);
    for (int i = 0; i <= rows; i++) {
        pdf_row(p, i == 0);
        for (size_t k = 0; k < COUNT_OF(cells); k++) {
            pdf_cell(p);
            pdf_span(p, PDF_REGULAR, str_from(i ? "Acht weken, één keer te verlengen" : cells[k]),
                     S(""));
            pdf_end(p);
        }
    }
    pdf_table_end(p);
}

static str finish(struct pdf *p)
{
    str file;
    CHECK(pdf_finish(p, &file));
    return file;
}

static void is_a_right_file_with_its_properties(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct pdf *p = begin(a);
    write_page(p);
    write_table(p, 3);
    str file = finish(p);
    CHECK(has(ask(a, file, "qpdf --check $FILE"), "No syntax or stream encoding errors found"));
    str info = ask(a, file, "pdfinfo $FILE");
    CHECK(has(info, "Title:           Parallel plannen – (proef) \\ ö"));
    CHECK(has(info, "Tagged:          yes"));
    CHECK(has(info, "Pages:           1"));
    CHECK(has(info, "A4"));
    CHECK(has(info, "2026"));
    CHECK(has(file, "/Lang <FEFF006E006C>"));
    CHECK(has(file, "/DisplayDocTitle true"));
    CHECK(has(ask(a, file, "pdffonts $FILE"),
              "yes no  yes")); /* in the file, whole, with a map to Unicode */
    arena_free(a);
}

static void a_reader_gets_headings_lists_tables_and_links(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct pdf *p = begin(a);
    write_page(p);
    write_table(p, 2);
    str tree = ask(a, finish(p), "pdfinfo -struct-text $FILE");
    static const char *const wanted[] = {"Document",
                                         "H1 ",
                                         "\"Parallel plannen\"",
                                         "Sect",
                                         "H2 ",
                                         "L ",
                                         "LI",
                                         "Lbl",
                                         "\"1.\"",
                                         "LBody",
                                         "Link",
                                         "\"de wet\"",
                                         "Table",
                                         "TR",
                                         "TH",
                                         "\"Procedure\"",
                                         "TD",
                                         "één regisseur"};
    for (size_t i = 0; i < COUNT_OF(wanted); i++)
        if (!has(tree, wanted[i]))
            CHECK_STR(tree, str_from(wanted[i]));
    arena_free(a);
}

static void the_text_can_be_taken_out_in_order(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct pdf *p = begin(a);
    write_page(p);
    pdf_text(p, PDF_P, S("Bob’s “coördinatie” kost € 5 – ıstanbul Łódź ⇶"));
    str text = ask(a, finish(p), "pdftotext -enc UTF-8 -nopgbrk $FILE -");
    CHECK(has(text, "Nodig uit. Lees eerst de wet (nog te controleren)."));
    CHECK(has(text, "Bob’s “coördinatie” kost € 5 – ıstanbul Łódź ?")); /* no font has the last */
    CHECK(has(text, "Pagina 1 van 1"));
    arena_free(a);
}

static void long_text_goes_on_over_pages(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct pdf *p = begin(a);
    for (int i = 0; i < 60; i++) {
        pdf_text(p, PDF_H2, S("Een kop"));
        for (int k = 0; k < 3; k++)
            pdf_text(p, PDF_P,
                     S("De gemeente spreekt met alle partijen af wie wanneer wat doet, zodat "
                       "besluiten op tijd "
                       "komen en niemand op een ander hoeft te wachten. Dat scheelt weken in elke "
                       "fase."));
    }
    write_table(p, 120);
    str file = finish(p);
    CHECK(pdf_pages(p) > 5);
    CHECK(has(ask(a, file, "qpdf --check $FILE"), "No syntax or stream encoding errors found"));
    CHECK(has(ask(a, file, "pdfinfo $FILE"), str_fmt(a, "Pages:           %zu", pdf_pages(p)).ptr));
    arena_free(a);
}

/* A name at the foot of a page and what it is about on the next: wherever the page ends. */
static void a_first_line_does_not_stay_alone(void **state)
{
    (void)state;
    for (int lines = 20; lines < 46; lines++) {
        struct arena *a = arena_new();
        struct pdf *p = begin(a);
        for (int i = 0; i < lines; i++)
            pdf_text(p, PDF_P, S("Een regel."));
        pdf_text(p, PDF_P, S("De wet\nHet artikel"));
        str text = ask(a, finish(p), "pdftotext -enc UTF-8 $FILE -");
        size_t law = str_find(text, S("De wet")), article = str_find(text, S("Het artikel"));
        CHECK(law != STR_NONE && article != STR_NONE);
        CHECK(str_find(str_slice(text, law, article), S("\f")) == STR_NONE);
        arena_free(a);
    }
}

static void hostile_input_gives_a_right_file(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct pdf *p = begin(a);
    char wide[5000];
    memset(wide, 'W', sizeof wide);
    pdf_text(p, PDF_P, str_of(wide, sizeof wide));
    pdf_text(p, PDF_P, S("\x01\x02 <</MCID>> ) endstream endobj %%EOF \xF0\x9F\x8F\xA0"));
    pdf_text(p, PDF_P, S(""));
    pdf_text(p, PDF_P, S("   \n\n  "));
    for (int i = 0; i < 100; i++)
        pdf_open(p, i % 2 ? PDF_QUOTE : PDF_SECTION);
    pdf_text(p, PDF_P, S("Diep."));
    for (int i = 0; i < 100; i++)
        pdf_close(p);
    pdf_open(p, PDF_LIST);
    for (int i = 0; i < 40; i++) {
        pdf_item(p, S("•"));
        pdf_open(p, PDF_LIST);
    }
    for (int i = 0; i < 40; i++) {
        pdf_close(p);
        pdf_close(p);
    }
    pdf_close(p);
    pdf_block(p, PDF_P);
    pdf_span(p, PDF_REGULAR, S("klik"), S("https://x.example/)>>\nendobj\\(("));
    pdf_end(p);
    pdf_table(p, 2);
    pdf_row(p, false);
    for (int k = 0; k < 5; k++) {
        pdf_cell(p);
        pdf_span(p, PDF_REGULAR, str_of(wide, 400), S(""));
        pdf_end(p);
    }
    pdf_table_end(p);
    CHECK(
        has(ask(a, finish(p), "qpdf --check $FILE"), "No syntax or stream encoding errors found"));
    arena_free(a);
}

/* A head of many lines is shown once: again on each page, it would leave no room for the row. */
static void a_long_head_is_not_repeated(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct pdf *p = begin(a);
    pdf_table(p, 2);
    for (int i = 0; i < 2; i++) {
        pdf_row(p, i == 0);
        pdf_cell(p);
        for (int k = 0; k < 6000; k++)
            pdf_span(p, PDF_REGULAR, S("woorden "), S(""));
        pdf_end(p);
    }
    pdf_table_end(p);
    (void)finish(p);
    CHECK(pdf_pages(p) < 60);
    arena_free(a);
}

static void an_address_keeps_all_its_characters(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct pdf *p = begin(a);
    pdf_block(p, PDF_P);
    pdf_span(p, PDF_REGULAR, S("klik"), S("https://x.example/Café (1)%20b"));
    pdf_end(p);
    CHECK(has(finish(p), "/URI (https://x.example/Caf%C3%A9%20\\(1\\)%20b)"));
    arena_free(a);
}

static void a_font_that_is_none_is_refused(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    str whole = font("fonts/print-regular-latin.ttf");
    struct pdf_options o = {.title = S("x"), .language = S("nl")};
    CHECK(pdf_new(a, &o) == NULL);
    o.fonts[0][0] = S("no font at all");
    CHECK(pdf_new(a, &o) == NULL);
    /* Cut off anywhere: refused, or read without reaching past its end (the sanitizer watches). */
    for (size_t len = 0; len < whole.len; len += 97) {
        struct arena *one = arena_new();
        char *copy = malloc(len ? len : 1);
        memcpy(copy, whole.ptr, len);
        o.fonts[0][0] = str_of(copy, len);
        struct pdf *p = pdf_new(one, &o);
        if (p) {
            str file;
            pdf_text(p, PDF_P, S("Tekst met álle tekens."));
            (void)pdf_finish(p, &file);
        }
        free(copy);
        arena_free(one);
    }
    arena_free(a);
}

static void the_same_input_gives_the_same_bytes(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct pdf *p = begin(a), *q = begin(a);
    write_page(p);
    write_page(q);
    CHECK_STR(finish(p), finish(q));
    arena_free(a);
}

TEST_MAIN(TEST(is_a_right_file_with_its_properties),
          TEST(a_reader_gets_headings_lists_tables_and_links),
          TEST(the_text_can_be_taken_out_in_order), TEST(long_text_goes_on_over_pages),
          TEST(a_first_line_does_not_stay_alone), TEST(hostile_input_gives_a_right_file),
          TEST(a_long_head_is_not_repeated), TEST(an_address_keeps_all_its_characters),
          TEST(a_font_that_is_none_is_refused), TEST(the_same_input_gives_the_same_bytes))
