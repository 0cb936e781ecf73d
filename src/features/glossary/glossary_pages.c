/* Terms in the text of a page: each is explained where it first occurs. */
#include "glossary/glossary_int.h"

#include "html/mark.h"

struct glossary_reader {
    struct arena *arena;
    const struct glossary *glossary;
    bool *seen, *explained; /* by number of the term; seen: also what is not explained */
    size_t count;           /* of those explained */
};

struct glossary_reader *glossary_reader_new(struct ctx *c, const struct glossary *g)
{
    struct glossary_reader *r = arena_new_of(c->arena, struct glossary_reader);
    r->arena = c->arena;
    r->glossary = g;
    r->seen = arena_array(c->arena, g->count + 1, sizeof *r->seen);
    r->explained = arena_array(c->arena, g->count + 1, sizeof *r->explained);
    return r;
}

void glossary_reader_skip(struct glossary_reader *r, str words)
{
    struct terms_hit hit;
    if (terms_next(r->glossary->matcher, words, 0, &hit) && hit.start == 0 && hit.end == words.len)
        r->seen[hit.id] = true;
}

/* A term that was seen before is passed over as a whole: what it is made of is not explained in it.
 */
static bool next_term(void *arg, str text, size_t from, struct mark_hit *ret)
{
    struct glossary_reader *r = arg;
    struct terms_hit hit;
    while (terms_next(r->glossary->matcher, text, from, &hit)) {
        if (!r->seen[hit.id]) {
            *ret = (struct mark_hit){hit.start, hit.end, &r->glossary->terms[hit.id]};
            return true;
        }
        from = hit.end;
    }
    return false;
}

static struct glossary_explained explained(const struct glossary_reader *r,
                                           const struct glossary_term *t)
{
    return (struct glossary_explained){
        .id = str_fmt(r->arena, "begrip-%.*s", (int)t->slug.len, t->slug.ptr),
        .url = str_fmt(r->arena, "/begrippen/%.*s", (int)t->slug.len, t->slug.ptr),
        .name = glossary_full_name(r->arena, t),
        .explanation = t->explanation,
    };
}

static void note_explained(struct glossary_reader *r, const struct glossary_term *t)
{
    size_t number = (size_t)(t - r->glossary->terms);
    r->seen[number] = r->explained[number] = true;
    r->count++;
}

/* A link, so that it works with every device and without script; the sentence in the list below
   describes it to a screen reader, and the script shows the same sentence beside it. */
static void write_term(void *arg, struct out *o, html words, const void *what)
{
    struct glossary_reader *r = arg;
    struct glossary_explained e = explained(r, what);
    note_explained(r, what);
    out_lit(o, "<a class=\"aj-term\" href=\"");
    out_url(o, e.url);
    out_lit(o, "\" aria-describedby=\"");
    out_attr(o, e.id);
    out_lit(o, "\">");
    out(o, words);
    out_lit(o, "</a>");
}

html glossary_explain(struct glossary_reader *r, html text)
{
    const struct marker m = {next_term, write_term, r};
    return html_mark(r->arena, text, &m);
}

html glossary_explain_text(struct glossary_reader *r, str text)
{
    struct buf b;
    struct out o;
    out_begin(&o, &b, r->arena, text.len * 6 + 1); /* the longest escape has six bytes */
    out(&o, text);
    return glossary_explain(r, out_take(&o));
}

struct glossary_explained_view glossary_reader_list(const struct glossary_reader *r)
{
    const struct glossary *g = r->glossary;
    struct glossary_explained *terms = arena_array(r->arena, r->count + 1, sizeof *terms);
    struct glossary_explained_view v = {.terms = terms};
    for (size_t i = 0; i < g->count; i++) {
        if (!r->explained[i])
            continue;
        terms[v.terms_count++] = explained(r, &g->terms[i]);
        v.unchecked = v.unchecked || !str_eqz(g->terms[i].certainty, "gecontroleerd");
    }
    return v;
}
