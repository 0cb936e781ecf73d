/* What runs without a visitor: loading the starter collections, and handing collections to the
 * index. */
#include "collections/collections_int.h"

#include "module/starter.h"

/* An item that the library no longer has is left out of the page: only who writes a collection is
 * told that it is not there. */
static int load_starter(struct ctx *c, const void *arg, str bytes)
{
    struct collection collection;
    enum collection_saved saved;
    TRY(collection_document_read(c, arg, bytes, &collection));
    return collection_store_save_starter(c, &collection, &saved);
}

int collections_start(struct ctx *c)
{
    static const struct starter starter = {
        "content/collections/",
        ".yaml",
        collection_store_starter_hash,
        collection_store_set_starter_hash,
        load_starter,
        collection_store_transaction,
    };
    const struct taxonomy *t;
    TRY(taxonomy_load(c, &t));
    return starter_load(c, &starter, t);
}

/* ---- the index ---- */

int collections_index_load(struct ctx *c, long long id, struct index_document *ret)
{
    struct collection_row row;
    struct collection k;
    const struct taxonomy *t;
    TRY(collection_store_find_id(c, id, &row));
    TRY(collection_document_read(c, NULL, row.document, &k));
    *ret = (struct index_document){
        .title = k.title,
        .short_title = k.short_title,
        .summary = k.summary,
        .body = collection_text(c, &k),
        .url = collection_url(c, k.slug),
        .slug = k.slug,
        .type = S(COLLECTION_KIND),
        .changed_at = row.changed_at,
        .secondary = true, /* it leads to what it names */
    };
    TRY(taxonomy_load(c, &t));
    const struct taxonomy_codes codes[TAXONOMY_KINDS] = {
        [TAXONOMY_PHASE] = {k.phases.items, k.phases.items_count},
        [TAXONOMY_BOTTLENECK] = {k.bottlenecks.items, k.bottlenecks.items_count},
        [TAXONOMY_THEME] = {k.themes.items, k.themes.items_count},
        [TAXONOMY_ACTOR] = {k.actors.items, k.actors.items_count},
    };
    taxonomy_facets(c->arena, t, S(COLLECTION_KIND), codes, ret);
    return 0;
}

int collections_index_list(struct ctx *c, long long after, size_t limit, long long **ret,
                           size_t *ret_count)
{
    return collection_store_ids(c, after, limit, ret, ret_count);
}
