/* Items and their versions as JSON. What is in it comes from the same store functions as the pages.
 */
#include "library/library_api.h"

#include "base/buf.h"

#define ITEMS HTTP_API_PREFIX "/items"

enum { MAX_FILTER = 8 * 1024 };

str library_api_url(struct ctx *c, const char *folder, str slug)
{
    return http_absolute(c, str_fmt(c->arena, "%s/%.*s", folder, (int)slug.len, slug.ptr));
}

/* ---- terms ---- */

static bool has_code(const struct item_texts *codes, str code)
{
    for (size_t i = 0; i < codes->items_count; i++)
        if (str_eq(codes->items[i], code))
            return true;
    return false;
}

/* In the order of the taxonomy. */
static struct library_term_refs refs_of(struct ctx *c, const struct taxonomy *t,
                                        enum taxonomy_kind kind, const struct item_texts *codes)
{
    const struct taxonomy_list *list = &t->list[kind];
    struct library_term_ref *refs = arena_array(c->arena, codes->items_count + 1, sizeof *refs);
    size_t count = 0;
    for (size_t i = 0; i < list->count && count < codes->items_count; i++)
        if (has_code(codes, list->terms[i].code))
            refs[count++] = (struct library_term_ref){list->terms[i].code, list->terms[i].slug,
                                                      list->terms[i].name};
    return (struct library_term_refs){refs, count};
}

/* ---- the list ---- */

/* "|CAP|PRO|" of the slugs in the request. A slug that is no term stands for itself, so that it
   finds nothing rather than everything. */
static str codes_of(struct ctx *c, const struct http_request *rq, const struct taxonomy *t,
                    enum taxonomy_kind kind)
{
    struct buf b;
    const str *slugs;
    size_t count = http_list(rq, taxonomy_kind_name(kind), &slugs);
    buf_init(&b, c->arena, MAX_FILTER);
    for (size_t i = 0; i < count; i++) {
        const struct taxonomy_term *term = taxonomy_by_slug(t, kind, slugs[i]);
        buf_addz(&b, b.len ? "" : "|");
        buf_addz(&b, term ? "" : "?");
        buf_add(&b, term ? term->code : slugs[i]);
        buf_add_byte(&b, '|');
    }
    return buf_str(&b);
}

static str types_of(struct ctx *c, const struct http_request *rq)
{
    const str *types;
    size_t count = http_list(rq, "soort", &types);
    str joined = str_join(c->arena, types, count, S("|"));
    return count ? str_fmt(c->arena, "|%s|", str_z(c->arena, joined)) : S("");
}

static struct item_texts *codes_for(struct library_entry_codes *codes, str kind)
{
    struct item_texts *const lists[TAXONOMY_KINDS] = {
        [TAXONOMY_PHASE] = &codes->phases,
        [TAXONOMY_BOTTLENECK] = &codes->bottlenecks,
        [TAXONOMY_THEME] = &codes->themes,
        [TAXONOMY_ACTOR] = &codes->actors,
    };
    for (int i = 0; i < TAXONOMY_KINDS; i++)
        if (str_eqz(kind, taxonomy_kind_name((enum taxonomy_kind)i)))
            return lists[i];
    return NULL;
}

/* rows: an item and its terms. Returns how many rows that were. */
static size_t entry_of(struct ctx *c, const struct taxonomy *t, const struct library_listed *rows,
                       size_t count, struct library_entry *ret)
{
    struct library_entry_codes codes = {0};
    size_t used = 1;
    for (; used < count && rows[used].kind.len; used++) {
        struct item_texts *list = codes_for(&codes, rows[used].kind);
        if (!list)
            continue;
        if (!list->items)
            list->items = arena_array(c->arena, count, sizeof(str));
        list->items[list->items_count++] = rows[used].code;
    }
    *ret = (struct library_entry){
        .row = rows[0],
        .url = library_api_url(c, "/kennisbank", rows[0].slug),
        .self = library_api_url(c, ITEMS, rows[0].slug),
        .phases = refs_of(c, t, TAXONOMY_PHASE, &codes.phases),
        .bottlenecks = refs_of(c, t, TAXONOMY_BOTTLENECK, &codes.bottlenecks),
        .themes = refs_of(c, t, TAXONOMY_THEME, &codes.themes),
        .actors = refs_of(c, t, TAXONOMY_ACTOR, &codes.actors),
    };
    return used;
}

/* How many there are when the page asked for is past the last. */
static int list_total(struct ctx *c, struct library_filter filter, long long *ret)
{
    struct library_listed *rows;
    size_t count;
    filter.offset = 0;
    filter.limit = 1;
    TRY(library_store_list(c, &filter, &rows, &count));
    *ret = count ? rows[0].total : 0;
    return 0;
}

int library_api_items(struct ctx *c, const struct http_request *rq, struct http_response *rs)
{
    const struct taxonomy *t;
    struct library_listed *rows;
    size_t row_count, count = 0;
    struct http_page page = http_page_of(rq);
    TRY(taxonomy_load(c, &t));
    struct library_filter filter = {
        .types = types_of(c, rq),
        .phases = codes_of(c, rq, t, TAXONOMY_PHASE),
        .bottlenecks = codes_of(c, rq, t, TAXONOMY_BOTTLENECK),
        .themes = codes_of(c, rq, t, TAXONOMY_THEME),
        .actors = codes_of(c, rq, t, TAXONOMY_ACTOR),
        .newest = str_eqz(http_text(rq, "volgorde"), "nieuwste"),
        .offset = page.offset,
        .limit = page.size,
    };
    TRY(library_store_list(c, &filter, &rows, &row_count));
    long long total = row_count ? rows[0].total : 0;
    if (!row_count && page.offset)
        TRY(list_total(c, filter, &total));
    struct library_entry *entries = arena_array(c->arena, page.size, sizeof *entries);
    for (size_t i = 0; i < row_count && count < page.size; count++)
        i += entry_of(c, t, rows + i, row_count - i, &entries[count]);
    return http_reply_list(c, rq, rs, entries, count, total);
}

/* ---- one item ---- */

static struct library_related related_of(struct ctx *c, const struct item_link *links, size_t count)
{
    struct library_related_item *items = arena_array(c->arena, count + 1, sizeof *items);
    for (size_t i = 0; i < count; i++)
        items[i] = (struct library_related_item){links[i].slug, links[i].title,
                                                 library_api_url(c, ITEMS, links[i].slug)};
    return (struct library_related){items, count};
}

static int related_by_slug(struct ctx *c, const struct item_texts *slugs,
                           struct library_related *ret)
{
    struct item_link *links;
    size_t count;
    TRY(library_store_titles(c, slugs, &links, &count));
    *ret = related_of(c, links, count);
    return 0;
}

static int read_relations(struct ctx *c, long long id, struct library_record *r)
{
    struct item_link *links;
    size_t count;
    TRY(related_by_slug(c, &r->item.builds_on, &r->builds_on));
    TRY(related_by_slug(c, &r->item.alternative, &r->alternative));
    TRY(related_by_slug(c, &r->item.precondition, &r->precondition));
    TRY(library_store_backlinks(c, id, &links, &count));
    r->named_by = related_of(c, links, count);
    return 0;
}

static int send_record(struct ctx *c, const struct http_request *rq, struct http_response *rs,
                       const struct item_row *row, struct library_record *r)
{
    const struct taxonomy *t;
    const struct library_reading *reading;
    TRY(taxonomy_load(c, &t));
    TRY(library_read(c, row->id, r->version, &reading));
    r->item = reading->item;
    r->body_html = reading->body.s;
    TRY(read_relations(c, row->id, r));
    r->created_at = row->created_at;
    r->url = library_api_url(c, "/kennisbank", row->slug);
    r->self = library_api_url(c, ITEMS, row->slug);
    r->versions = str_fmt(c->arena, "%s/versions", str_z(c->arena, r->self));
    r->phases = refs_of(c, t, TAXONOMY_PHASE, &r->item.phases);
    r->bottlenecks = refs_of(c, t, TAXONOMY_BOTTLENECK, &r->item.bottlenecks);
    r->themes = refs_of(c, t, TAXONOMY_THEME, &r->item.themes);
    r->actors = refs_of(c, t, TAXONOMY_ACTOR, &r->item.actors);
    return http_reply_one(c, rq, rs, r);
}

int library_api_item(struct ctx *c, const struct http_request *rq, struct http_response *rs)
{
    struct item_row row;
    struct library_record r = {0};
    TRY(library_find_or_redirect(c, rq, rs, ITEMS, "", &row));
    if (!row.id)
        return 0;
    r.version = row.number;
    r.changed_at = row.changed_at;
    return send_record(c, rq, rs, &row, &r);
}

/* ---- versions ---- */

int library_api_versions(struct ctx *c, const struct http_request *rq, struct http_response *rs)
{
    struct item_row row;
    struct revision_row *rows;
    size_t total;
    struct http_page page = http_page_of(rq);
    TRY(library_find_or_redirect(c, rq, rs, ITEMS, "/versions", &row));
    if (!row.id)
        return 0;
    TRY(library_store_revisions(c, row.id, &rows, &total));
    size_t from = page.offset < total ? page.offset : total;
    size_t count = total - from < page.size ? total - from : page.size;
    struct library_version *versions = arena_array(c->arena, count + 1, sizeof *versions);
    const char *url = str_z(c->arena, library_api_url(c, "/kennisbank", row.slug));
    const char *self = str_z(c->arena, library_api_url(c, ITEMS, row.slug));
    for (size_t i = 0; i < count; i++) {
        const struct revision_row *r = &rows[from + i];
        versions[i] = (struct library_version){
            .number = r->number,
            .created_at = r->created_at,
            .author = r->author,
            .note = r->note,
            .current = r->number == row.number,
            .url = str_fmt(c->arena, "%s/versies/%lld", url, r->number),
            .self = str_fmt(c->arena, "%s/versions/%lld", self, r->number),
        };
    }
    return http_reply_list(c, rq, rs, versions, count, (long long)total);
}

int library_api_version(struct ctx *c, const struct http_request *rq, struct http_response *rs)
{
    struct item_row row;
    struct revision_row revision;
    struct library_record r = {.version = http_int(rq, "nummer", 0)};
    str rest = str_fmt(c->arena, "/versions/%lld", r.version);
    TRY(library_find_or_redirect(c, rq, rs, ITEMS, rest.ptr, &row));
    if (!row.id)
        return 0;
    TRY(library_find_version(c, row.id, r.version, &revision));
    r.changed_at = revision.created_at;
    return send_record(c, rq, rs, &row, &r);
}

/* ---- the taxonomy, with how many items carry each term ---- */

/* The words of the plan monitors, kept with bars between them. */
static void split_planmonitor(struct ctx *c, str words, struct item_texts *ret)
{
    str word;
    size_t count = 0;
    str *items = arena_array(c->arena, words.len + 1, sizeof *items);
    while (words.len && str_split(&words, '|', &word))
        items[count++] = word;
    *ret = (struct item_texts){items, count};
}

static long long count_of(const struct library_term_count *counts, size_t n, str code)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(counts[i].code, code))
            return counts[i].count;
    return 0;
}

/* The path of the routes: "phases" for TAXONOMY_PHASE. */
static const char *const folders[TAXONOMY_KINDS] = {
    [TAXONOMY_PHASE] = HTTP_API_PREFIX "/phases",
    [TAXONOMY_BOTTLENECK] = HTTP_API_PREFIX "/bottlenecks",
    [TAXONOMY_THEME] = HTTP_API_PREFIX "/themes",
    [TAXONOMY_ACTOR] = HTTP_API_PREFIX "/actors",
};

static int read_terms(struct ctx *c, enum taxonomy_kind kind, struct library_term **ret,
                      size_t *ret_count)
{
    const struct taxonomy *t;
    const struct library_term_count *counts;
    size_t n;
    TRY(taxonomy_load(c, &t));
    TRY(library_term_counts(c, taxonomy_kind_name(kind), &counts, &n));
    const struct taxonomy_list *list = &t->list[kind];
    struct library_term *terms = arena_array(c->arena, list->count + 1, sizeof *terms);
    const char *page = str_fmt(c->arena, "/%s", taxonomy_kind_folder(kind)).ptr;
    for (size_t i = 0; i < list->count; i++) {
        terms[i].term = list->terms[i];
        terms[i].items = count_of(counts, n, list->terms[i].code);
        terms[i].url = library_api_url(c, page, list->terms[i].slug);
        terms[i].self = library_api_url(c, folders[kind], list->terms[i].slug);
        split_planmonitor(c, list->terms[i].planmonitor, &terms[i].planmonitor);
    }
    *ret = terms;
    *ret_count = list->count;
    return 0;
}

static int send_terms(struct ctx *c, const struct http_request *rq, struct http_response *rs,
                      enum taxonomy_kind kind)
{
    struct library_term *terms;
    size_t total;
    struct http_page page = http_page_of(rq);
    TRY(read_terms(c, kind, &terms, &total));
    size_t from = page.offset < total ? page.offset : total;
    size_t count = total - from < page.size ? total - from : page.size;
    return http_reply_list(c, rq, rs, terms + from, count, (long long)total);
}

static int send_term(struct ctx *c, const struct http_request *rq, struct http_response *rs,
                     enum taxonomy_kind kind)
{
    struct library_term *terms;
    size_t count;
    str slug = http_text(rq, "slug");
    TRY(read_terms(c, kind, &terms, &count));
    for (size_t i = 0; i < count; i++)
        if (str_eq(terms[i].term.slug, slug))
            return http_reply_one(c, rq, rs, &terms[i]);
    return err_set(c, ERR_NOT_FOUND, "Dit adres bestaat niet. Bekijk de lijst op %s.",
                   folders[kind]);
}

#define TERM_HANDLERS(name, kind)                                                                  \
    int library_api_##name##s(struct ctx *c, const struct http_request *rq,                        \
                              struct http_response *rs)                                            \
    {                                                                                              \
        return send_terms(c, rq, rs, kind);                                                        \
    }                                                                                              \
    int library_api_##name(struct ctx *c, const struct http_request *rq, struct http_response *rs) \
    {                                                                                              \
        return send_term(c, rq, rs, kind);                                                         \
    }

TERM_HANDLERS(phase, TAXONOMY_PHASE)
TERM_HANDLERS(bottleneck, TAXONOMY_BOTTLENECK)
TERM_HANDLERS(theme, TAXONOMY_THEME)
TERM_HANDLERS(actor, TAXONOMY_ACTOR)
