/* What runs without a visitor: loading the starter library, and handing items to the index. */
#include "library/library_int.h"

#include "base/buf.h"
#include "module/starter.h"
#include "taxonomy/taxonomy.h"

static int load_starter(struct ctx *c, const void *arg, str bytes)
{
    struct item item;
    enum library_saved saved;
    TRY(library_document_read(c, arg, bytes, &item));
    return library_store_save_starter(c, &item, &saved);
}

/* ---- measuring what is from before it was measured ---- */

enum { MEASURED_AT_ONCE = 250 };

/* One that cannot be read has no text to show: it must not keep the program from starting. */
static int measure_one(struct ctx *c, long long id)
{
    struct item_row row;
    struct item item;
    TRY(library_store_find_id(c, id, &row));
    int code = library_document_read(c, NULL, row.document, &item);
    if (code == ERR_INVALID || code == ERR_LIMIT)
        item = (struct item){0};
    else
        TRY(code);
    return library_store_measure(c, id, &item);
}

static int measure_some(struct ctx *c, void *arg)
{
    size_t *count = arg;
    long long *ids;
    TRY(library_store_unmeasured(c, MEASURED_AT_ONCE, &ids, count));
    for (size_t i = 0; i < *count; i++)
        TRY(measure_one(c, ids[i]));
    return 0;
}

/* After an upgrade once; each batch has its own arena and transaction. */
static int measure_all(struct ctx *c)
{
    size_t count = 0;
    do {
        struct ctx batch = ctx_child(c);
        int code = library_store_transaction(&batch, measure_some, &count);
        TRY(ctx_child_end(c, &batch, code));
    } while (count);
    return 0;
}

int library_start(struct ctx *c)
{
    static const struct starter starter = {
        "content/library/",
        ".md",
        library_store_starter_hash,
        library_store_set_starter_hash,
        load_starter,
        library_store_transaction,
    };
    const struct taxonomy *t;
    TRY(measure_all(c));
    TRY(taxonomy_load(c, &t));
    return starter_load(c, &starter, t);
}

/* ---- the index ---- */

/* The words of the site for what an item is about, so that it is found by them: "Helpt bij: Grond
   (Grondpositie en mededinging)." */
static str term_words(struct ctx *c, const struct taxonomy *t, enum taxonomy_kind kind,
                      const char *lead, const struct item_texts *codes)
{
    struct buf b;
    buf_init(&b, c->arena, LIBRARY_MAX_DOCUMENT);
    for (size_t i = 0; i < codes->items_count; i++) {
        const struct taxonomy_term *term = taxonomy_by_code(t, kind, codes->items[i]);
        if (!term)
            continue;
        buf_fmt(&b, "%s%.*s", b.len ? ", " : lead, (int)term->name.len, term->name.ptr);
        if (term->formal.len && !str_eq(term->formal, term->name))
            buf_fmt(&b, " (%.*s)", (int)term->formal.len, term->formal.ptr);
    }
    if (b.len)
        buf_addz(&b, ".\n");
    return buf_str(&b);
}

static int body_of(struct ctx *c, const struct taxonomy *t, const struct item *item, str *ret)
{
    str text;
    TRY(library_item_text(c, item, &text));
    const str parts[] = {
        text,
        term_words(c, t, TAXONOMY_BOTTLENECK, "Helpt bij: ", &item->bottlenecks),
        term_words(c, t, TAXONOMY_THEME, "Thema: ", &item->themes),
    };
    *ret = str_join(c->arena, parts, COUNT_OF(parts), S(""));
    return 0;
}

/* Addresses of what the item names, and of the term of the same name. */
static void related_of(struct ctx *c, const struct item *item, struct index_document *ret)
{
    const struct item_texts *const lists[] = {&item->builds_on, &item->alternative,
                                              &item->precondition};
    size_t most = 1, n = 0;
    for (size_t i = 0; i < COUNT_OF(lists); i++)
        most += lists[i]->items_count;
    str *related = arena_array(c->arena, most, sizeof *related);
    for (size_t i = 0; i < COUNT_OF(lists); i++)
        for (size_t k = 0; k < lists[i]->items_count; k++)
            related[n++] = str_fmt(c->arena, "/kennisbank/%s", str_z(c->arena, lists[i]->items[k]));
    related[n++] = str_fmt(c->arena, "/begrippen/%s", str_z(c->arena, item->slug));
    ret->related = related;
    ret->related_count = n;
}

int library_index_load(struct ctx *c, long long id, struct index_document *ret)
{
    struct item_row row;
    struct item item;
    const struct taxonomy *t;
    TRY(library_store_find_id(c, id, &row));
    TRY(library_document_read(c, NULL, row.document, &item));
    *ret = (struct index_document){
        .title = item.title,
        .short_title = item.short_title,
        .keywords = str_join(c->arena, item.keywords.items, item.keywords.items_count, S(", ")),
        .summary = item.summary,
        .url = str_fmt(c->arena, "/kennisbank/%s", str_z(c->arena, item.slug)),
        .slug = item.slug,
        .type = item.type,
        .catalogue = item.catalogue,
        .changed_at = row.changed_at,
    };
    TRY(taxonomy_load(c, &t));
    TRY(body_of(c, t, &item, &ret->body));
    const struct taxonomy_codes codes[TAXONOMY_KINDS] = {
        [TAXONOMY_PHASE] = {item.phases.items, item.phases.items_count},
        [TAXONOMY_BOTTLENECK] = {item.bottlenecks.items, item.bottlenecks.items_count},
        [TAXONOMY_THEME] = {item.themes.items, item.themes.items_count},
        [TAXONOMY_ACTOR] = {item.actors.items, item.actors.items_count},
    };
    taxonomy_facets(c->arena, t, item.type, codes, ret);
    related_of(c, &item, ret);
    return 0;
}

int library_index_list(struct ctx *c, long long after, size_t limit, long long **ret,
                       size_t *ret_count)
{
    return library_store_ids(c, after, limit, ret, ret_count);
}
