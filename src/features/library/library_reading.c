/* Items as they are shown: the document read, its Markdown rendered, the terms in it explained. All
   of it follows from a version, which never changes, and from the glossary; so it is made once and
   kept under a key of these. */
#include "library/library_int.h"

#include "base/kept.h"

/* ---- a version, read ---- */

static int read_into(struct ctx *c, str document, struct arena *a, struct library_reading *ret)
{
    struct item item;
    html body;
    TRY(library_document_read(c, NULL, document, &item));
    TRY(markdown_render(c, item.body, &body));
    library_item_copy(a, &item, &ret->item);
    ret->body = html_dup(a, body);
    return 0;
}

/* What reading leaves behind goes at once: it is several times what is kept. */
static int build_reading(struct ctx *c, const void *arg, void **ret)
{
    const str *document = arg;
    struct ctx scratch = ctx_child(c);
    struct library_reading *r = arena_new_of(c->arena, struct library_reading);
    *ret = r;
    return ctx_child_end(c, &scratch, read_into(&scratch, *document, c->arena, r));
}

int library_read(struct ctx *c, long long id, long long number, const struct library_reading **ret)
{
    struct revision_row row;
    void *kept;
    str key = str_fmt(c->arena, "item %lld version %lld", id, number);
    if (!kept_find(c, key, &kept)) {
        TRY(library_store_revision(c, id, number, &row));
        TRY(kept_make(c, key, build_reading, &row.document, &kept));
    }
    *ret = kept;
    return 0;
}

/* ---- with its terms explained ---- */

struct explaining {
    const struct item *item;
    html body;
    const struct glossary *glossary;
};

static struct library_texts_view explain_list(struct arena *a, struct glossary_reader *r,
                                              const struct item_texts *texts)
{
    html *items = arena_array(a, texts->items_count + 1, sizeof *items);
    for (size_t i = 0; i < texts->items_count; i++)
        items[i] = html_dup(a, glossary_explain_text(r, texts->items[i]));
    return (struct library_texts_view){items, texts->items_count};
}

static struct library_texts_view explain_steps(struct arena *a, struct glossary_reader *r,
                                               const struct item *item)
{
    html *items = arena_array(a, item->steps_count + 1, sizeof *items);
    for (size_t i = 0; i < item->steps_count; i++)
        items[i] = html_dup(a, glossary_explain_text(r, item->steps[i].text));
    return (struct library_texts_view){items, item->steps_count};
}

static struct glossary_explained_view copy_terms(struct arena *a,
                                                 const struct glossary_explained_view *from)
{
    struct glossary_explained *terms = arena_array(a, from->terms_count + 1, sizeof *terms);
    for (size_t i = 0; i < from->terms_count; i++)
        terms[i] = (struct glossary_explained){
            str_dup(a, from->terms[i].id),
            str_dup(a, from->terms[i].url),
            str_dup(a, from->terms[i].name),
            str_dup(a, from->terms[i].explanation),
        };
    return (struct glossary_explained_view){terms, from->terms_count, from->unchecked};
}

/* In the order of the page, so that each term is explained where it first stands; but not what the
 * page itself is about. */
static void explain_into(struct ctx *c, const struct explaining *e, struct arena *a,
                         struct library_explained *ret)
{
    const struct item *item = e->item;
    struct glossary_reader *r = glossary_reader_new(c, e->glossary);
    glossary_reader_skip(r, item->title);
    glossary_reader_skip(r, item->short_title);
    ret->summary = html_dup(a, glossary_explain_text(r, item->summary));
    ret->when = explain_list(a, r, &item->when);
    ret->when_not = explain_list(a, r, &item->when_not);
    ret->steps = explain_steps(a, r, item);
    ret->risks = explain_list(a, r, &item->risks);
    ret->lessons = explain_list(a, r, &item->lessons);
    ret->body = html_dup(a, glossary_explain(r, e->body));
    struct glossary_explained_view terms = glossary_reader_list(r);
    ret->terms = copy_terms(a, &terms);
}

static int build_explained(struct ctx *c, const void *arg, void **ret)
{
    struct ctx scratch = ctx_child(c);
    struct library_explained *x = arena_new_of(c->arena, struct library_explained);
    explain_into(&scratch, arg, c->arena, x);
    *ret = x;
    return ctx_child_end(c, &scratch, 0);
}

int library_explain(struct ctx *c, long long id, long long number,
                    const struct library_reading *reading, const struct library_explained **ret)
{
    const struct glossary *g;
    void *kept;
    TRY(glossary_load(c, &g));
    str key = str_fmt(c->arena, "item %lld version %lld glossary %016llx", id, number,
                      (unsigned long long)g->hash);
    const struct explaining e = {&reading->item, reading->body, g};
    if (!kept_find(c, key, &kept))
        TRY(kept_make(c, key, build_explained, &e, &kept));
    *ret = kept;
    return 0;
}
