/* What runs without a visitor: loading the starter terms, and handing terms to the index. */
#include "glossary/glossary_int.h"

#include "module/starter.h"

static int load_starter(struct ctx *c, const void *arg, str bytes)
{
    struct glossary_term term;
    enum glossary_saved saved;
    TRY(glossary_document_read(c, arg, bytes, &term));
    return glossary_store_save_starter(c, &term, &saved);
}

int glossary_start(struct ctx *c)
{
    static const struct starter starter = {
        "content/glossary/",
        ".yaml",
        glossary_store_starter_hash,
        glossary_store_set_starter_hash,
        load_starter,
        glossary_store_transaction,
    };
    const struct taxonomy *t;
    TRY(taxonomy_load(c, &t));
    return starter_load(c, &starter, t);
}

/* ---- the index ---- */

int glossary_index_load(struct ctx *c, long long id, struct index_document *ret)
{
    struct glossary_row row;
    struct glossary_term term;
    const struct taxonomy *t;
    TRY(glossary_store_find_id(c, id, &row));
    TRY(glossary_document_read(c, NULL, row.document, &term));
    *ret = (struct index_document){
        .title = glossary_full_name(c->arena, &term),
        .keywords = str_join(c->arena, term.forms.items, term.forms.items_count, S(", ")),
        .summary = term.explanation,
        .url = str_fmt(c->arena, "/begrippen/%s", str_z(c->arena, term.slug)),
        .slug = term.slug,
        .type = S(GLOSSARY_KIND),
        .changed_at = row.changed_at,
        .secondary = true,
    };
    TRY(taxonomy_load(c, &t));
    str *related =
        arena_array(c->arena, term.related.items.items_count + term.related.terms.items_count + 2,
                    sizeof *related);
    size_t n = 0;
    for (size_t i = 0; i < term.related.items.items_count; i++)
        related[n++] =
            str_fmt(c->arena, "/kennisbank/%s", str_z(c->arena, term.related.items.items[i]));
    for (size_t i = 0; i < term.related.terms.items_count; i++)
        related[n++] =
            str_fmt(c->arena, "/begrippen/%s", str_z(c->arena, term.related.terms.items[i]));
    ret->related = related;
    ret->related_count = n;
    TRY(markdown_text(c, term.note, &ret->body));
    const struct taxonomy_codes codes[TAXONOMY_KINDS] = {
        [TAXONOMY_PHASE] = {term.related.phases.items, term.related.phases.items_count},
        [TAXONOMY_BOTTLENECK] = {term.related.bottlenecks.items,
                                 term.related.bottlenecks.items_count},
        [TAXONOMY_THEME] = {term.related.themes.items, term.related.themes.items_count},
        [TAXONOMY_ACTOR] = {term.related.actors.items, term.related.actors.items_count},
    };
    taxonomy_facets(c->arena, t, S(GLOSSARY_KIND), codes, ret);
    return 0;
}

int glossary_index_list(struct ctx *c, long long after, size_t limit, long long **ret,
                        size_t *ret_count)
{
    return glossary_store_ids(c, after, limit, ret, ret_count);
}
