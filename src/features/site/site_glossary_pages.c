/* Pages of the glossary: the list from A to Z, and one term. They stand here because the library
 * explains its terms with the glossary, which therefore cannot ask the library anything. */
#include "site/site_glossary_int.h"

#include "base/clock.h"
#include "base/map.h"
#include "base/vec.h"

enum { LIST_MAX_HTML = 3 * 1024 * 1024, USES_SHOWN = 12, USES_WORDS = 3 };

static str term_url(struct ctx *c, const struct glossary_term *t)
{
    return str_fmt(c->arena, "/begrippen/%.*s", (int)t->slug.len, t->slug.ptr);
}

/* ---- A to Z ---- */

struct letters {
    struct site_letter_view *items;
    size_t count, capacity;
};

static void add_letter(struct ctx *c, struct letters *letters, char letter,
                       const struct site_word_view *terms)
{
    bool named = letter != '#';
    *vec_push(c->arena, letters) = (struct site_letter_view){
        .letter = named ? str_fmt(c->arena, "%c", letter - 'a' + 'A') : S("Overig"),
        .id = named ? str_fmt(c->arena, "letter-%c", letter) : S("letter-overig"),
        .terms = terms,
    };
}

/* The terms come in order, so those of a letter follow each other. */
static size_t view_letters(struct ctx *c, const struct glossary *g, str text,
                           struct site_glossary_view *v)
{
    struct site_word_view *words = arena_array(c->arena, g->count + 1, sizeof *words);
    struct letters letters = {0};
    size_t count = 0;
    char letter = '\0';
    for (size_t i = 0; i < g->count; i++) {
        const struct glossary_term *t = &g->terms[i];
        if (text.len && !glossary_fits(c->arena, t, text))
            continue;
        if (t->letter != letter)
            add_letter(c, &letters, t->letter, &words[count]);
        letter = t->letter;
        letters.items[letters.count - 1].terms_count++;
        words[count++] = (struct site_word_view){glossary_full_name(c->arena, t), term_url(c, t),
                                                 t->explanation};
    }
    v->letters = letters.items;
    v->letters_count = letters.count;
    return count;
}

static str count_words(struct ctx *c, size_t count)
{
    if (!count)
        return S("Geen begrippen");
    return str_fmt(c->arena, "%s %s", out_number_words(c->arena, (long long)count).ptr,
                   count == 1 ? "begrip" : "begrippen");
}

int site_glossary(struct ctx *c, const struct http_request *rq, struct http_response *rs)
{
    const struct glossary *g;
    struct buf b;
    struct out o;
    str text = http_text(rq, "q");
    struct site_glossary_view v = {.text = text, .filtered = text.len > 0};
    TRY(glossary_load(c, &g));
    v.heading = count_words(c, view_letters(c, g, text, &v));
    out_begin(&o, &b, c->arena, LIST_MAX_HTML);
    site_glossary_html(&o, &v);
    struct page page = {
        .title =
            text.len ? str_fmt(c->arena, "Begrippen: %s", str_z(c->arena, text)) : S("Begrippen"),
        .description = S("Wat woorden en afkortingen uit de woningbouw betekenen."),
        .noindex = v.filtered,
        .canonical = rq->path,
    };
    return site_send(c, rq, rs, &page, &o);
}

/* ---- one term ---- */

static struct site_links_view code_links(struct ctx *c, const struct taxonomy *t,
                                         enum taxonomy_kind kind,
                                         const struct glossary_words *codes)
{
    struct site_links_view v;
    v.items = taxonomy_links(c->arena, t, kind, codes->items, codes->items_count, &v.items_count);
    return v;
}

static struct site_links_view term_links(struct ctx *c, const struct glossary *g,
                                         const struct glossary_words *slugs)
{
    struct page_link *links = arena_array(c->arena, slugs->items_count + 1, sizeof *links);
    size_t count = 0;
    for (size_t i = 0; i < slugs->items_count; i++) {
        const struct glossary_term *other = glossary_by_slug(g, slugs->items[i]);
        if (other)
            links[count++] =
                (struct page_link){glossary_full_name(c->arena, other), term_url(c, other)};
    }
    return (struct site_links_view){links, count};
}

static int item_links(struct ctx *c, const struct glossary_words *slugs,
                      struct site_links_view *ret)
{
    struct library_link *items;
    size_t count;
    TRY(library_links(c, slugs->items, slugs->items_count, &items, &count));
    struct page_link *links = arena_array(c->arena, count + 1, sizeof *links);
    for (size_t i = 0; i < count; i++)
        links[i] =
            (struct page_link){items[i].title, str_fmt(c->arena, "/kennisbank/%.*s",
                                                       (int)items[i].slug.len, items[i].slug.ptr)};
    *ret = (struct site_links_view){links, count};
    return 0;
}

struct uses {
    struct page_link *items;
    size_t count, capacity;
    struct map *seen; /* addresses that the page has already */
    str more;         /* the search for the first words that have more hits than are shown */
};

/* Items of the library with exactly these words in their text, asked of the index. */
static int add_uses(struct ctx *c, str words, struct uses *uses)
{
    static const str types[] = {STR("werkwijze"), STR("instrument"), STR("kennis")};
    const struct index_filter library = {"soort", types, COUNT_OF(types)};
    struct index_query q = {.text = str_fmt(c->arena, "\"%.*s\"", (int)words.len, words.ptr),
                            .filters = &library,
                            .filter_count = 1,
                            .limit = USES_SHOWN};
    struct index_result found;
    if (q.text.len > INDEX_MAX_QUERY)
        return 0;
    TRY(index_search(c, c->index, &q, &found));
    for (size_t i = 0; i < found.hit_count && !found.relaxed && !found.corrected.len; i++) {
        const struct index_hit *hit = &found.hits[i];
        if (map_get(uses->seen, hit->url) || uses->count == USES_SHOWN)
            continue;
        map_put(uses->seen, hit->url, uses);
        *vec_push(c->arena, uses) = (struct page_link){hit->title.text, hit->url};
    }
    if (found.total > found.hit_count && !uses->more.len)
        uses->more = str_fmt(c->arena, "/zoeken?q=%s", http_url_encode(c->arena, q.text).ptr);
    return 0;
}

static int view_uses(struct ctx *c, const struct glossary_term *t,
                     struct site_glossary_term_view *v)
{
    struct uses uses = {.seen = map_new(c->arena, 64)};
    for (size_t i = 0; i < v->items.items_count; i++)
        map_put(uses.seen, v->items.items[i].url, &uses);
    TRY(add_uses(c, t->name, &uses));
    for (size_t i = 0; i < t->abbreviations.items_count && i + 1 < USES_WORDS; i++)
        TRY(add_uses(c, t->abbreviations.items[i], &uses));
    v->uses = (struct site_links_view){uses.items, uses.count};
    v->uses_url = uses.more;
    return 0;
}

static int view_texts(struct ctx *c, const struct glossary *g, const struct glossary_term *t,
                      struct site_glossary_term_view *v)
{
    html note;
    TRY(markdown_render(c, t->note, &note));
    struct glossary_reader *r = glossary_reader_new(c, g);
    glossary_reader_skip(r, t->name);
    v->explanation = glossary_explain_text(r, t->explanation);
    v->note = glossary_explain(r, note);
    v->explained = glossary_reader_list(r);
    return 0;
}

static int view_term(struct ctx *c, const struct glossary *g, const struct glossary_term *t,
                     struct site_glossary_term_view *v)
{
    const struct taxonomy *tax;
    const struct glossary_words *a = &t->abbreviations, *f = &t->forms;
    TRY(taxonomy_load(c, &tax));
    v->term = t;
    v->title = glossary_full_name(c->arena, t);
    v->abbreviations = str_join(c->arena, a->items, a->items_count, S(", "));
    v->forms = str_join(c->arena, f->items, f->items_count, S(", "));
    v->source_date = clock_date_dutch(c->arena, t->source.date);
    v->unchecked = !library_is_checked(t->certainty);
    v->checked_words = v->unchecked ? S("Nog niet") : clock_date_dutch(c->arena, t->checked);
    v->changed_words = clock_date_dutch(c->arena, clock_date(c->arena, t->changed_at));
    v->phases = code_links(c, tax, TAXONOMY_PHASE, &t->related.phases);
    v->bottlenecks = code_links(c, tax, TAXONOMY_BOTTLENECK, &t->related.bottlenecks);
    v->themes = code_links(c, tax, TAXONOMY_THEME, &t->related.themes);
    v->actors = code_links(c, tax, TAXONOMY_ACTOR, &t->related.actors);
    v->terms = term_links(c, g, &t->related.terms);
    TRY(item_links(c, &t->related.items, &v->items));
    TRY(view_uses(c, t, v));
    return view_texts(c, g, t, v);
}

/* An abbreviation or another name leads to the page of its term. */
static int redirect_to_term(struct ctx *c, const struct glossary *g, str word,
                            struct http_response *rs)
{
    const struct glossary_term *t = glossary_by_word(c->arena, g, word);
    if (!t)
        return err_set(c, ERR_NOT_FOUND, "Dit begrip staat niet in de lijst.");
    http_redirect(c, rs, 301, term_url(c, t));
    return 0;
}

int site_glossary_term(struct ctx *c, const struct http_request *rq, struct http_response *rs)
{
    const struct glossary *g;
    struct buf b;
    struct out o;
    struct site_glossary_term_view v = {0};
    TRY(glossary_load(c, &g));
    const struct glossary_term *t = glossary_by_slug(g, http_text(rq, "slug"));
    if (!t)
        return redirect_to_term(c, g, http_text(rq, "slug"), rs);
    TRY(view_term(c, g, t, &v));
    const struct page_link crumbs[] = {{S("Begrippen"), S("/begrippen")},
                                       {glossary_title(c->arena, t), S("")}};
    out_begin(&o, &b, c->arena, SITE_MAX_HTML);
    site_glossary_term_html(&o, &v);
    struct page page = {
        .title = v.title,
        .description = t->explanation,
        .crumbs = crumbs,
        .crumb_count = COUNT_OF(crumbs),
        .canonical = rq->path,
    };
    return site_send(c, rq, rs, &page, &o);
}
