/* A document becomes terms with weights, a stream of tokens, and what is kept for showing it. */
#include "base/buf.h"
#include "base/map.h"
#include "base/utf8.h"
#include "base/vec.h"
#include "index/index_int.h"

enum {
    MAX_NAME_WORDS = 12,
    MAX_RELATED = 100,
    MAX_TOKENS = 60000,
    MAX_VALUE = 150,
    MAX_JOINED = 4,
    MAX_TITLE = 2000,
    MAX_SUMMARY = 64 * 1024
};

/* How much the words of a field count: a word as such, and as a piece of a compound. */
struct field {
    unsigned whole, piece;
    bool is_title;        /* has T and U terms; stop words too */
    unsigned title_whole; /* how much the T and U terms count */
};
static const struct field title_field = {10, 5, true, 2}, name_field = {8, 4, true, 2},
                          summary_field = {4, 2, false, 0}, body_field = {1, 1, false, 0};
/* Of a secondary object: found by its name, but no better for having it there. */
static const struct field secondary_field = {2, 1, true, 0};
/* How much being called just what was asked counts. Long texts weigh less, so an object with much
   about it needs more to stand before the secondary one of the same name. */
static const struct naming {
    unsigned title, keyword;
} naming = {12, 3}, secondary_naming = {2, 1};

struct gathering {
    struct arena *a;
    struct analyser *an;
    struct map *by_term; /* name -> number + 1 in terms */
    struct {
        struct xap_term *items;
        size_t count, capacity;
    } terms;
    uint16_t *tokens;
    size_t token_count;
};

/* The same term again adds to its weight. text lives in the arena. */
static void add(struct gathering *g, char prefix, str text, unsigned wdf)
{
    str name = prefix || text.len > XAP_MAX_TERM ? xap_name(g->a, prefix, text) : text;
    size_t number = (size_t)(uintptr_t)map_get(g->by_term, name);
    if (number) {
        g->terms.items[number - 1].wdf += wdf;
        return;
    }
    *vec_push(g->a, &g->terms) = (struct xap_term){name, wdf};
    map_put(g->by_term, name, (void *)(uintptr_t)g->terms.count);
}

static void add_token(struct gathering *g, uint16_t hash)
{
    if (g->token_count < MAX_TOKENS)
        g->tokens[g->token_count++] = hash;
}

/* The word as written from the start of each of its parts: what is typed is a prefix of one. */
static void add_prefixes(struct gathering *g, const struct field *f, str text, const struct word *w)
{
    add(g, 'U', w->folded, f->title_whole / 2);
    for (size_t i = 0; i < w->piece_count; i++) {
        size_t start = w->piece[i].start;
        if (start)
            add(g, 'U', dutch_fold(g->a, str_slice(text, start, text.len)), 0);
    }
}

static void add_keys(struct gathering *g, const struct field *f, const struct word *w)
{
    add(g, 0, w->key, f->whole);
    if (f->is_title)
        add(g, 'T', w->key, f->title_whole);
    for (size_t i = 0; i < w->piece_count; i++) {
        add(g, 0, w->piece[i].key, f->piece);
        if (f->is_title)
            add(g, 'T', w->piece[i].key, f->title_whole / 2);
    }
}

static void add_word(struct gathering *g, const struct field *f, str text, const struct word *w)
{
    add_token(g, word_token(w->key, w->folded));
    if (w->is_stop && !f->is_title)
        return;
    add_keys(g, f, w);
    if (!str_eq(w->folded, w->key))
        add(g, 'S', w->folded, f->piece);
    if (f->is_title)
        add_prefixes(g, f, text, w);
}

/* Two words with only white space between them may be a compound written apart; they are indexed as
 * that too. */
static bool is_apart(str before, str after)
{
    for (const char *p = before.ptr + before.len; p < after.ptr; p++)
        if (*p != ' ' && *p != '\n' && *p != '\t' && *p != '\r')
            return false;
    return true;
}

static bool may_join(const struct word *w)
{
    return w->folded.len > 1 && !w->is_stop && !w->is_protected;
}

/* Its pieces are already there, from the two words. */
static void add_joined(struct gathering *g, const struct field *f, const struct word *w)
{
    if (w->part_count > MAX_JOINED)
        return;
    add(g, 0, w->key, f->piece);
    if (f->is_title)
        add(g, 'T', w->key, f->title_whole / 2);
}

/* Two words at a time: the one and the one before it. */
static void add_text(struct gathering *g, const struct field *f, str text)
{
    str rest = text, written, before = {0};
    struct word pair[2], joined;
    struct word *w = &pair[0], *last = NULL; /* last: the word before, when it may be joined */
    while (dutch_next_word(&rest, &written)) {
        analyser_word(g->an, g->a, written, w);
        if (!w->folded.len)
            continue;
        add_word(g, f, written, w);
        if (last && may_join(w) && is_apart(before, written) &&
            analyser_join_text(g->an, g->a, before, last, written, &joined))
            add_joined(g, f, &joined);
        before = written;
        last = may_join(w) ? w : NULL;
        w = w == &pair[0] ? &pair[1] : &pair[0];
    }
    add_token(g, 0); /* no phrase runs from one field into the next */
}

str terms_id(struct arena *a, str kind, long long id)
{
    return xap_name(a, 'K', str_fmt(a, "%s:%lld", str_z(a, kind), id));
}

str terms_facet(struct arena *a, int facet, str value)
{
    return xap_name(a, 'F', str_fmt(a, "%d%s", facet, str_z(a, utf8_cut(value, MAX_VALUE))));
}

static void add_facets(struct gathering *g, const struct index *ix, const struct index_document *d,
                       struct xap_document *ret)
{
    struct {
        struct xap_facet_value *items;
        size_t count, capacity;
    } values = {0};
    for (size_t i = 0; i < d->facet_count; i++) {
        int facet = index_facet_number(ix, str_from(d->facets[i].facet));
        for (size_t k = 0; facet >= 0 && k < d->facets[i].count; k++) {
            str value = utf8_cut(d->facets[i].values[k], MAX_VALUE);
            str name = terms_facet(g->a, facet, value);
            if (!value.len || map_get(g->by_term, name) || str_find_byte(value, '\n') != STR_NONE)
                continue;
            add(g, 'F', str_slice(name, 1, name.len), 0);
            *vec_push(g->a, &values) = (struct xap_facet_value){(unsigned)facet, value};
        }
    }
    ret->values = values.items;
    ret->value_count = values.count;
}

str terms_whole(struct arena *a, const str *keys, size_t count)
{
    str kept[MAX_NAME_WORDS];
    size_t n = 0;
    for (int pass = 0; pass < 2 && !n; pass++)
        for (size_t i = 0; i < count && n < MAX_NAME_WORDS; i++)
            if (pass || (!dutch_is_stopword(keys[i]) && !light_word(keys[i])))
                kept[n++] = keys[i];
    return str_join(a, kept, n, S(" "));
}

/* Words that are what the object is called. */
static void add_name(struct gathering *g, str text, unsigned wdf)
{
    str keys[MAX_NAME_WORDS], written;
    size_t count = 0;
    while (dutch_next_word(&text, &written)) {
        struct word w;
        analyser_word(g->an, g->a, written, &w);
        if (!w.key.len)
            continue;
        if (count == MAX_NAME_WORDS)
            return;
        keys[count++] = w.key;
    }
    if (count)
        add(g, 'E', terms_whole(g->a, keys, count), wdf);
}

/* Several names with commas between them. */
static void add_name_list(struct gathering *g, str names, unsigned wdf)
{
    str name;
    while (names.len && str_split(&names, ',', &name))
        add_name(g, name, wdf);
}

/* The title may have abbreviations in brackets behind it. */
static void add_names(struct gathering *g, const struct index_document *d)
{
    size_t bracket = str_find_byte(d->title, '(');
    const struct naming *n = d->secondary ? &secondary_naming : &naming;
    add_name(g, str_slice(d->title, 0, bracket), n->title);
    if (bracket != STR_NONE)
        add_name_list(g, str_slice(d->title, bracket, d->title.len), n->title);
    add_name(g, d->short_title, n->title);
    add_name_list(g, d->keywords, n->keyword);
}

static void add_addresses(struct gathering *g, const struct index_document *d)
{
    add(g, 'A', d->url, 1);
    for (size_t i = 0; i < d->related_count && i < MAX_RELATED; i++)
        add(g, 'R', d->related[i], 1);
}

static void add_catalogue(struct gathering *g, str catalogue)
{
    if (!catalogue.len)
        return;
    str folded = dutch_fold(g->a, catalogue);
    add(g, 'C', folded, 0);
    add_text(g, &name_field, catalogue);
}

/* Every field has a bound, so that no document makes the index or a result page too large. */
static struct index_document within_bounds(const struct index_document *d)
{
    struct index_document cut = *d;
    cut.title = utf8_cut(d->title, MAX_TITLE);
    cut.short_title = utf8_cut(d->short_title, MAX_TITLE);
    cut.keywords = utf8_cut(d->keywords, MAX_SUMMARY);
    cut.summary = utf8_cut(d->summary, MAX_SUMMARY);
    cut.body = utf8_cut(d->body, INDEX_MAX_TEXT);
    cut.catalogue = utf8_cut(d->catalogue, MAX_VALUE);
    return cut;
}

void terms_of(struct arena *a, const struct index *ix, struct analyser *an, str kind, long long id,
              const struct index_document *document, struct xap_document *ret)
{
    const struct index_document cut = within_bounds(document), *d = &cut;
    struct gathering g = {.a = a, .an = an, .by_term = map_new(a, 256)};
    size_t bytes = d->title.len + d->short_title.len + d->keywords.len + d->summary.len +
                   d->body.len + d->catalogue.len;
    size_t most = bytes / 2 + 8;
    g.tokens = arena_array(a, most < MAX_TOKENS ? most : MAX_TOKENS, sizeof *g.tokens);
    *ret = (struct xap_document){.id = terms_id(a, kind, id), .changed_at = d->changed_at};
    bool first = !d->secondary;
    add_text(&g, first ? &title_field : &secondary_field, d->title);
    add_text(&g, first ? &name_field : &secondary_field, d->short_title);
    add_text(&g, first ? &name_field : &secondary_field, d->keywords);
    add_text(&g, first ? &summary_field : &body_field, d->summary);
    add_text(&g, &body_field, d->body);
    add_names(&g, d);
    add_addresses(&g, d);
    add_catalogue(&g, d->catalogue);
    add_facets(&g, ix, d, ret);
    struct stored s = {.kind = kind,
                       .id = id,
                       .slug = d->slug,
                       .url = d->url,
                       .type = d->type,
                       .catalogue = d->catalogue,
                       .title = d->title,
                       .name = d->short_title,
                       .keywords = d->keywords,
                       .summary = d->summary,
                       .body = d->body};
    ret->data = stored_pack(a, &s);
    ret->terms = g.terms.items;
    ret->term_count = g.terms.count;
    ret->tokens = str_of((const char *)g.tokens, g.token_count * sizeof *g.tokens);
}
