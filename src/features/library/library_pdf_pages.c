/* An item as a tagged PDF: the same words as its page, in the order in which one reads on paper. */
#include "library/library_int.h"

#include "base/clock.h"
#include "base/embedded.h"
#include "pdf/pdf.h"

struct writing {
    struct ctx *c;
    struct pdf *pdf;
    str origin, page;      /* for addresses within the site */
    enum markdown_part in; /* the innermost part that is open */
    int lists;             /* inside each other */
    bool text_open;        /* a block that takes spans */
};

/* ---- addresses ---- */

static bool has_scheme(str url)
{
    size_t colon = str_find_byte(url, ':'), slash = str_find_byte(url, '/');
    return out_url_outside(url) ||
           (colon != STR_NONE && colon < slash && url.ptr[0] != '#' && url.ptr[0] != '?');
}

/* As a reader of the paper or file needs it: whole. */
static str whole_url(struct writing *w, str url)
{
    str base = S("/kennisbank/");
    if (!url.len || has_scheme(url))
        return url;
    if (str_starts(url, S("/")))
        base = S("");
    else if (url.ptr[0] == '#' || url.ptr[0] == '?')
        base = w->page;
    return str_join(w->c->arena, (str[]){w->origin, base, url}, 3, S(""));
}

static void link_to(struct writing *w, str words, str url)
{
    pdf_span(w->pdf, PDF_REGULAR, words, whole_url(w, url));
}

static void plain(struct writing *w, str words)
{
    pdf_span(w->pdf, PDF_REGULAR, words, S(""));
}

static void strong(struct writing *w, str words)
{
    pdf_span(w->pdf, PDF_BOLD, words, S(""));
}

/* ---- Markdown ---- */

static void open_text(struct writing *w, enum pdf_kind kind)
{
    pdf_block(w->pdf, kind);
    w->text_open = true;
}

static void on_open(void *arg, enum markdown_part part, int number)
{
    static const enum pdf_kind headings[] = {PDF_H2, PDF_H3, PDF_H4};
    struct writing *w = arg;
    switch (part) {
    case MARKDOWN_HEADING:
        open_text(w, headings[number < 1 ? 0 : number > 3 ? 2 : number - 1]);
        return;
    case MARKDOWN_PARAGRAPH:
        open_text(w, PDF_P);
        return;
    case MARKDOWN_CODE:
        open_text(w, PDF_CODE);
        return;
    case MARKDOWN_QUOTE:
        pdf_open(w->pdf, PDF_QUOTE);
        return;
    case MARKDOWN_LIST:
        pdf_open(w->pdf, PDF_LIST);
        return;
    case MARKDOWN_ITEM:
        pdf_item(w->pdf, number ? str_fmt(w->c->arena, "%d.", number) : S("•"));
        return;
    case MARKDOWN_TABLE:
        pdf_table(w->pdf, number < 1 ? 1 : (size_t)number);
        return;
    case MARKDOWN_ROW:
        pdf_row(w->pdf, number == 1);
        return;
    case MARKDOWN_CELL:
        pdf_cell(w->pdf);
        w->text_open = true;
        return;
    }
}

static void on_close(void *arg, enum markdown_part part)
{
    struct writing *w = arg;
    if (w->text_open) {
        pdf_end(w->pdf);
        w->text_open = false;
    } else if (part == MARKDOWN_TABLE) {
        pdf_table_end(w->pdf);
    } else if (part == MARKDOWN_QUOTE || part == MARKDOWN_LIST || part == MARKDOWN_ITEM) {
        pdf_close(w->pdf);
    }
}

static void on_text(void *arg, bool is_strong, bool emphasis, str text, str url)
{
    struct writing *w = arg;
    enum pdf_style style = is_strong ? PDF_BOLD : emphasis ? PDF_ITALIC : PDF_REGULAR;
    if (w->text_open)
        pdf_span(w->pdf, style, text, whole_url(w, url));
}

/* ---- parts of an item ---- */

static void heading(struct writing *w, const char *words)
{
    pdf_text(w->pdf, PDF_H2, str_from(words));
}

static void write_points(struct writing *w, const char *title, const struct item_texts *points)
{
    if (!points->items_count)
        return;
    heading(w, title);
    pdf_open(w->pdf, PDF_LIST);
    for (size_t i = 0; i < points->items_count; i++) {
        pdf_item(w->pdf, S("•"));
        pdf_text(w->pdf, PDF_P, points->items[i]);
        pdf_close(w->pdf);
    }
    pdf_close(w->pdf);
}

static str names_of(struct writing *w, const struct library_list_row *row)
{
    str *names = arena_array(w->c->arena, row->items_count + 1, sizeof *names);
    for (size_t i = 0; i < row->items_count; i++)
        names[i] = row->items[i].name;
    return str_join(w->c->arena, names, row->items_count, S("; "));
}

static void write_fact(struct writing *w, const char *name, str words)
{
    if (!words.len)
        return;
    pdf_row(w->pdf, false);
    pdf_cell(w->pdf);
    strong(w, str_from(name));
    pdf_end(w->pdf);
    pdf_cell(w->pdf);
    plain(w, words);
    pdf_end(w->pdf);
}

static void write_facts(struct writing *w, const struct library_show_view *v)
{
    heading(w, "In het kort");
    pdf_table(w->pdf, 2);
    write_fact(w, "Helpt bij", names_of(w, &v->bottlenecks));
    write_fact(w, "Fase", v->phase_words);
    write_fact(w, "Wie", names_of(w, &v->actors));
    write_fact(w, "Bewijs", v->evidence_name);
    write_fact(w, "Werk om in te voeren", v->effort_words);
    write_fact(w, "Thema", names_of(w, &v->themes));
    write_fact(w, "Kosten", v->item->cost);
    write_fact(w, "Tijd om in te voeren", v->item->introduction_time);
    write_fact(w, "Nodig vooraf", names_of(w, &v->precondition));
    write_fact(w, "Bouwt voort op", names_of(w, &v->builds_on));
    write_fact(w, "Alternatief", names_of(w, &v->alternative));
    pdf_table_end(w->pdf);
}

static void write_notice(struct writing *w, const char *title, str words)
{
    pdf_open(w->pdf, PDF_QUOTE);
    pdf_block(w->pdf, PDF_P);
    strong(w, str_fmt(w->c->arena, "%s ", title));
    plain(w, words);
    pdf_end(w->pdf);
    pdf_close(w->pdf);
}

static void write_head(struct writing *w, const struct library_show_view *v)
{
    pdf_text(w->pdf, PDF_SMALL,
             str_join(w->c->arena, (str[]){v->type_name, v->phase_words}, 2, S(" · ")));
    pdf_text(w->pdf, PDF_H1, v->item->title);
    pdf_text(w->pdf, PDF_LEAD, v->item->summary);
    if (v->unchecked)
        write_notice(w, "Nog te controleren.",
                     str_fmt(w->c->arena,
                             "%s Controleer artikelen en termijnen voordat u ze gebruikt.",
                             str_z(w->c->arena, v->certainty_words)));
    if (v->overdue)
        write_notice(w, "Misschien verouderd.",
                     str_fmt(w->c->arena, "Deze tekst had vóór %s opnieuw nagekeken moeten zijn.",
                             str_z(w->c->arena, v->review_words)));
}

static void write_steps(struct writing *w, const struct library_show_view *v)
{
    if (!v->steps_count)
        return;
    heading(w, "Zo pakt u het aan");
    pdf_open(w->pdf, PDF_LIST);
    for (size_t i = 0; i < v->steps_count; i++) {
        const struct item_step *s = &v->item->steps[i];
        pdf_item(w->pdf, str_fmt(w->c->arena, "%zu.", i + 1));
        pdf_block(w->pdf, PDF_P);
        strong(w, s->title);
        plain(w,
              str_fmt(w->c->arena, "%s%s", s->text.len ? "\n" : "", str_z(w->c->arena, s->text)));
        if (v->steps[i].who.len)
            plain(w, str_fmt(w->c->arena, "\nWie: %s", str_z(w->c->arena, v->steps[i].who)));
        pdf_end(w->pdf);
        pdf_close(w->pdf);
    }
    pdf_close(w->pdf);
}

static void write_roles(struct writing *w, const struct library_show_view *v)
{
    if (!v->roles_count)
        return;
    heading(w, "Wie doet wat");
    pdf_table(w->pdf, 2);
    for (size_t i = 0; i < v->roles_count; i++)
        write_fact(w, str_z(w->c->arena, v->roles[i].who), v->roles[i].task);
    pdf_table_end(w->pdf);
}

static void write_article(struct writing *w, const struct library_article_view *a)
{
    struct arena *arena = w->c->arena;
    plain(w, str_fmt(arena, "\n%s", str_z(arena, a->article)));
    if (a->valid.len)
        plain(w, str_fmt(arena, " (%s)", str_z(arena, a->valid)));
    if (a->note.len)
        plain(w, str_fmt(arena, "%s%s", a->article.len || a->valid.len ? ": " : "",
                         str_z(arena, a->note)));
}

static void write_legal(struct writing *w, const struct library_show_view *v)
{
    if (!v->laws_count)
        return;
    heading(w, "Wettelijke grondslag");
    pdf_open(w->pdf, PDF_LIST);
    for (size_t i = 0; i < v->laws_count; i++) {
        const struct library_law_view *law = &v->laws[i];
        pdf_item(w->pdf, S("•"));
        pdf_block(w->pdf, PDF_P);
        link_to(w, law->law, law->url);
        for (size_t k = 0; k < law->articles.count; k++)
            write_article(w, &law->articles.items[k]);
        pdf_end(w->pdf);
        pdf_close(w->pdf);
    }
    pdf_close(w->pdf);
}

static void write_sources(struct writing *w, const char *title, const struct item_source *sources,
                          size_t count)
{
    if (!count)
        return;
    heading(w, title);
    pdf_open(w->pdf, PDF_LIST);
    for (size_t i = 0; i < count; i++) {
        pdf_item(w->pdf, str_fmt(w->c->arena, "%zu.", i + 1));
        pdf_block(w->pdf, PDF_P);
        link_to(w, sources[i].title, sources[i].url);
        if (sources[i].date.len)
            plain(w, str_fmt(w->c->arena, ", %s", str_z(w->c->arena, sources[i].date)));
        if (sources[i].note.len)
            plain(w, str_fmt(w->c->arena, ". %s", str_z(w->c->arena, sources[i].note)));
        pdf_end(w->pdf);
        pdf_close(w->pdf);
    }
    pdf_close(w->pdf);
}

/* Where the text comes from and how old it is: a print lives on without its page. */
static void write_colophon(struct writing *w, const struct library_show_view *v)
{
    str url = str_join(w->c->arena, (str[]){w->origin, v->present_url}, 2, S(""));
    heading(w, "Over deze tekst");
    pdf_table(w->pdf, 2);
    write_fact(w, "Eigenaar", v->item->owner);
    write_fact(w, "Laatst nagekeken", v->checked_words);
    write_fact(w, "Opnieuw nakijken vóór", v->review_words);
    write_fact(
        w, "Laatst gewijzigd",
        str_fmt(w->c->arena, "%s, versie %lld", str_z(w->c->arena, v->changed_words), v->version));
    write_fact(w, "Licentie", v->licence_name);
    write_fact(w, "Nummer", v->item->catalogue);
    pdf_row(w->pdf, false);
    pdf_cell(w->pdf);
    strong(w, S("Nieuwste versie"));
    pdf_end(w->pdf);
    pdf_cell(w->pdf);
    pdf_span(w->pdf, PDF_REGULAR, url, url);
    pdf_end(w->pdf);
    pdf_table_end(w->pdf);
}

static int write_item(struct writing *w, const struct library_show_view *v)
{
    const struct markdown_visitor visitor = {w, on_open, on_close, on_text};
    write_head(w, v);
    write_points(w, "Past goed als", &v->item->when);
    write_points(w, "Past niet als", &v->item->when_not);
    write_facts(w, v);
    write_steps(w, v);
    write_roles(w, v);
    write_points(w, "Waar het mis kan gaan", &v->item->risks);
    write_points(w, "Lessen: wat elders misging", &v->item->lessons);
    TRY(markdown_walk(w->c, v->item->body, &visitor));
    write_legal(w, v);
    write_sources(w, "Sjablonen", v->item->templates, v->item->templates_count);
    write_sources(w, "Bronnen", v->item->sources, v->item->sources_count);
    write_colophon(w, v);
    return 0;
}

/* ---- the file ---- */

static str font(const char *name)
{
    const struct embedded_file *file = embedded_find(&embedded_assets, str_from(name));
    if (!file)
        BUG("a font is missing from the binary");
    return file->bytes;
}

static struct pdf *begin(struct ctx *c, const struct item *item, long long changed_at)
{
    const struct pdf_options options = {
        .title = item->title,
        .author = item->owner.len ? item->owner : S("Aanjager"),
        .subject = item->summary,
        .language = S("nl"),
        .footer = str_fmt(c->arena, "Aanjager · %s", str_z(c->arena, item->title)),
        .page_words = S("Pagina"),
        .of_words = S("van"),
        .created_at = changed_at,
        .fonts = {{font("fonts/print-regular-latin.ttf"),
                   font("fonts/print-regular-latin-ext.ttf")},
                  {font("fonts/print-bold-latin.ttf"), font("fonts/print-bold-latin-ext.ttf")},
                  {font("fonts/print-italic-latin.ttf"), font("fonts/print-italic-latin-ext.ttf")}},
    };
    struct pdf *pdf = pdf_new(c->arena, &options);
    if (!pdf)
        BUG("a font in the binary cannot be read");
    return pdf;
}

int library_pdf(struct ctx *c, const struct http_request *rq, struct http_response *rs)
{
    struct item_row row;
    struct library_show_view v = {0};
    str file;
    TRY(library_find_or_redirect(c, rq, rs, "/kennisbank", "/pdf", &row));
    if (!row.id)
        return 0;
    v.version = row.number;
    v.changed_words = clock_date_dutch(c->arena, clock_date(c->arena, row.changed_at));
    TRY(library_view_item(c, &row, &v));
    struct writing w = {.c = c,
                        .pdf = begin(c, v.item, row.changed_at),
                        .origin = page_origin(c, rq),
                        .page = v.present_url};
    TRY(write_item(&w, &v));
    if (!pdf_finish(w.pdf, &file) || file.len > rs->body.max)
        return err_set(c, ERR_LIMIT, "De tekst is te lang voor een PDF. Gebruik de pagina zelf.");
    rs->content_type = "application/pdf";
    rs->max_age = 0; /* a browser may keep it, if it asks each time */
    rs->etag = str_fmt(c->arena, "%016llx", (unsigned long long)str_hash_fast(file));
    http_header_add(c, rs, "Content-Disposition",
                    str_fmt(c->arena, "inline; filename=\"%s.pdf\"", str_z(c->arena, row.slug)));
    buf_add(&rs->body, file);
    return 0;
}
