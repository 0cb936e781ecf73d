/* The search page, browsing the library (the same with another heading), and suggestions while
 * typing. */
#include "search/search_int.h"

#include "base/vec.h"
#include "library/library.h"

enum {
    SEARCH_MAX_HTML = 512 * 1024,
    SUGGESTIONS = 8,
    FACET_OPEN =
        3, /* the first facets show their first options, the others wait behind a summary */
    FACET_SHOWN = 8,
};

/* Cuts text into marked and unmarked pieces. */
static void view_text(struct ctx *c, const struct index_text *t, const struct search_piece **ret,
                      size_t *ret_count)
{
    struct search_piece *pieces = arena_array(c->arena, t->span_count * 2 + 1, sizeof *pieces);
    size_t count = 0, at = 0;
    for (size_t i = 0; i < t->span_count; i++) {
        if (t->spans[i].start > at)
            pieces[count++] =
                (struct search_piece){false, str_slice(t->text, at, t->spans[i].start)};
        pieces[count++] =
            (struct search_piece){true, str_slice(t->text, t->spans[i].start, t->spans[i].end)};
        at = t->spans[i].end;
    }
    if (at < t->text.len)
        pieces[count++] = (struct search_piece){false, str_slice(t->text, at, t->text.len)};
    *ret = pieces;
    *ret_count = count;
}

/* The words around a hit. An item that was withdrawn a moment ago is shown without them. */
static void view_meta(struct ctx *c, const struct library_words *words, struct search_hit_view *v)
{
    if (!words->known)
        return;
    str *meta = arena_array(c->arena, words->bottlenecks_count + 1, sizeof *meta);
    for (size_t i = 0; i < words->bottlenecks_count; i++)
        meta[i] = words->bottlenecks[i];
    v->meta_count = words->bottlenecks_count;
    if (words->unchecked)
        meta[v->meta_count++] = S("Nog te controleren");
    v->meta = meta;
    v->phases = words->phases;
}

static int view_hits(struct ctx *c, const struct taxonomy *t, const struct index_result *result,
                     struct search_results_view *v)
{
    size_t count = result->hit_count;
    struct search_hit_view *hits = arena_array(c->arena, count + 1, sizeof *hits);
    struct library_words *words = arena_array(c->arena, count + 1, sizeof *words);
    long long *ids = arena_array(c->arena, count + 1, sizeof *ids);
    for (size_t i = 0; i < count; i++)
        ids[i] = str_eqz(result->hits[i].kind, "item") ? result->hits[i].id : 0;
    TRY(library_words(c, t, ids, count, words));
    for (size_t i = 0; i < count; i++) {
        const struct index_hit *hit = &result->hits[i];
        hits[i].url = hit->url;
        hits[i].type_name = search_type_name(hit->type);
        view_text(c, &hit->title, &hits[i].title, &hits[i].title_count);
        view_text(c, &hit->snippet, &hits[i].snippet, &hits[i].snippet_count);
        view_meta(c, &words[i], &hits[i]);
    }
    v->hits = hits;
    v->hits_count = count;
    return 0;
}

static const struct index_filter *filter_of(const struct search_request *r, const char *facet)
{
    for (size_t i = 0; i < r->filter_count; i++)
        if (str_eqz(str_from(facet), r->filters[i].facet))
            return &r->filters[i];
    return NULL;
}

static bool is_chosen(const struct search_request *r, const char *facet, str value)
{
    const struct index_filter *filter = filter_of(r, facet);
    for (size_t i = 0; filter && i < filter->count; i++)
        if (str_eq(filter->values[i], value))
            return true;
    return false;
}

static long long facet_count(const struct index_result *result, const char *facet, str value)
{
    for (size_t i = 0; i < result->facet_count; i++) {
        const struct index_facet *f = &result->facets[i];
        for (size_t k = 0; str_eqz(str_from(facet), f->name) && k < f->count; k++)
            if (str_eq(f->counts[k].value, value))
                return (long long)f->counts[k].count;
    }
    return 0;
}

struct options {
    struct search_option_view *items;
    size_t count, capacity;
};

/* A value without hits is not offered, unless it is chosen: then it must be possible to take it
 * away. */
static void add_option(struct ctx *c, const struct search_request *r,
                       const struct index_result *result, const char *facet, str value, str name,
                       struct options *options)
{
    struct search_option_view option = {
        .value = value,
        .name = name,
        .id = str_fmt(c->arena, "%s-%.*s", facet, (int)value.len, value.ptr),
        .chosen = is_chosen(r, facet, value),
        .count = facet_count(result, facet, value),
    };
    if (option.count || option.chosen)
        *vec_push(c->arena, options) = option;
}

/* The first facets show some options at once; the rest, and the other facets, stand behind a
   summary that is open when something in it is chosen. */
static struct search_facet_view split_options(struct ctx *c, size_t i, const char *facet,
                                              const struct options *options, bool chosen)
{
    size_t shown = i >= FACET_OPEN                    ? 0
                   : options->count > FACET_SHOWN + 1 ? FACET_SHOWN
                                                      : options->count;
    size_t rest = options->count - shown;
    str label = i == 0 ? S("Soort") : str_from(taxonomy_kind_label((enum taxonomy_kind)(i - 1)));
    return (struct search_facet_view){
        .name = str_from(facet),
        .label = label,
        .lower = str_lower_ascii(c->arena, label),
        .options = options->items,
        .options_count = shown,
        .more = options->items + shown,
        .more_count = rest,
        .more_words =
            shown ? str_fmt(c->arena, "Nog %zu", rest) : str_fmt(c->arena, "Kies uit %zu", rest),
        .open = chosen,
    };
}

static struct search_facet_view view_facet(struct ctx *c, const struct taxonomy *t,
                                           const struct search_request *r,
                                           const struct index_result *result,
                                           const struct search_results_view *v, size_t i)
{
    size_t types = v->browse ? SEARCH_LIBRARY_TYPES : SEARCH_TYPES;
    const char *facet = search_facets[i];
    struct options options = {0};
    if (i == 0) {
        for (size_t k = 0; k < types; k++)
            add_option(c, r, result, facet, str_from(search_types[k]),
                       search_type_name(str_from(search_types[k])), &options);
    } else {
        const struct taxonomy_list *list = &t->list[i - 1];
        for (size_t k = 0; k < list->count; k++)
            add_option(c, r, result, facet, list->terms[k].slug, list->terms[k].name, &options);
    }
    return split_options(c, i, facet, &options, filter_of(r, facet) != NULL);
}

static void view_facets(struct ctx *c, const struct taxonomy *t, const struct search_request *r,
                        const struct index_result *result, struct search_results_view *v)
{
    struct search_facet_view *facets = arena_array(c->arena, SEARCH_FACETS, sizeof *facets);
    for (size_t i = 0; i < SEARCH_FACETS; i++) {
        struct search_facet_view facet = view_facet(c, t, r, result, v, i);
        if (facet.options_count || facet.more_count)
            facets[v->facets_count++] = facet;
    }
    v->facets = facets;
}

/* The same request without value k of filter i. */
static str url_without(struct ctx *c, const struct search_request *r, str path, size_t i, size_t k)
{
    struct search_request other = *r;
    str *values = arena_array(c->arena, r->filters[i].count, sizeof *values);
    size_t count = 0;
    for (size_t n = 0; n < r->filters[i].count; n++)
        if (n != k)
            values[count++] = r->filters[i].values[n];
    other.filters[i].values = values;
    other.filters[i].count = count;
    return search_request_query(c, &other, path, 1);
}

static str filter_label(const char *facet)
{
    for (int kind = 0; kind < TAXONOMY_KINDS; kind++)
        if (str_eqz(str_from(facet), taxonomy_kind_name((enum taxonomy_kind)kind)))
            return str_from(taxonomy_kind_label((enum taxonomy_kind)kind));
    return S("Soort");
}

static void view_chosen(struct ctx *c, const struct taxonomy *t, const struct search_request *r,
                        struct search_results_view *v)
{
    struct {
        struct search_chosen_view *items;
        size_t count, capacity;
    } chosen = {0};
    for (size_t i = 0; i < r->filter_count; i++)
        for (size_t k = 0; k < r->filters[i].count; k++)
            *vec_push(c->arena, &chosen) = (struct search_chosen_view){
                .label = filter_label(r->filters[i].facet),
                .name = search_value_name(t, r->filters[i].facet, r->filters[i].values[k]),
                .url = url_without(c, r, v->action, i, k),
            };
    struct search_request bare = {.text = r->text, .page = 1};
    v->chosen = chosen.items;
    v->chosen_count = chosen.count;
    v->filtered = chosen.count > 0;
    v->filter_words =
        chosen.count ? str_fmt(c->arena, "Filters (%zu gekozen)", chosen.count) : S("Filters");
    v->clear_url = search_request_query(c, &bare, v->action, 1);
}

static str number_words(struct ctx *c, const struct index_result *result)
{
    return str_fmt(c->arena, "%s%s %s", result->total_exact ? "" : "ongeveer ",
                   out_number_words(c->arena, (long long)result->total).ptr,
                   result->total == 1 ? "onderwerp" : "onderwerpen");
}

static void view_pages(struct ctx *c, const struct search_request *r,
                       const struct index_result *result, struct search_results_view *v)
{
    size_t pages = (result->total + SEARCH_PAGE_SIZE - 1) / SEARCH_PAGE_SIZE;
    if (pages > SEARCH_MAX_PAGE)
        pages = SEARCH_MAX_PAGE;
    if (pages <= 1)
        return;
    v->page_words = str_fmt(c->arena, "Pagina %zu van %zu", r->page, pages);
    if (r->page > 1)
        v->previous_url = search_request_query(c, r, v->action, r->page - 1);
    if (r->page < pages)
        v->next_url = search_request_query(c, r, v->action, r->page + 1);
}

static str relaxed_words(struct ctx *c, size_t complete)
{
    if (!complete)
        return S("Geen enkel onderwerp heeft al uw woorden. Deze onderwerpen hebben een deel ervan "
                 "of horen daarbij.");
    return str_fmt(c->arena,
                   "%zu %s al uw woorden. De andere hebben een deel ervan of horen daarbij.",
                   complete, complete == 1 ? "onderwerp heeft" : "onderwerpen hebben");
}

static void view_notes(struct ctx *c, const struct index_result *result,
                       struct search_results_view *v)
{
    v->corrected = result->corrected;
    if (result->relaxed)
        v->relaxed = relaxed_words(c, result->complete);
    v->suggestion = result->suggestion;
    if (result->suggestion.len) {
        struct search_request other = {.text = result->suggestion, .page = 1};
        v->suggestion_url = search_request_query(c, &other, S("/zoeken"), 1);
    }
}

static str results_title(struct ctx *c, const struct search_results_view *v)
{
    str title = v->browse ? S("Kennisbank") : S("Zoeken");
    if (!v->browse && v->text.len)
        title = str_fmt(c->arena, "Zoeken: %s", str_z(c->arena, v->text));
    if (!v->previous_url.len) /* the first page needs no number */
        return title;
    return str_join(c->arena, (str[]){title, str_lower_ascii(c->arena, v->page_words)}, 2, S(", "));
}

static int send_results(struct ctx *c, const struct http_request *rq, struct http_response *rs,
                        const struct search_results_view *v)
{
    struct buf b;
    struct out o;
    out_begin(&o, &b, c->arena, SEARCH_MAX_HTML);
    search_results_html(&o, v);
    struct page page = {
        .title = results_title(c, v),
        .description = v->browse ? S("Alle werkwijzen, instrumenten en kennis, te kiezen op fase, "
                                     "knelpunt, thema en rol.")
                                 : S(""),
        .section = v->browse ? S("kennisbank") : S(""),
        .search_text = v->text,
        .hide_search = true,
        .noindex = !v->browse || v->filtered,
        .canonical = v->browse ? S("/kennisbank") : S(""),
        .feed = {S(LIBRARY_FEED_NAME), S(LIBRARY_FEED_URL)},
        .body = out_take(&o),
    };
    return page_send(c, rq, rs, &page);
}

static int answer(struct ctx *c, const struct http_request *rq, struct http_response *rs,
                  bool browse)
{
    struct search_request r;
    struct index_result result;
    const struct taxonomy *t;
    struct search_results_view v = {.browse = browse,
                                    .action = browse ? S("/kennisbank") : S("/zoeken")};
    search_request_read(rq, &r);
    TRY(taxonomy_load(c, &t));
    TRY(search_run(c, &r, browse, &result));
    if (result.total && !result.hit_count && r.page > 1)
        return err_set(c, ERR_NOT_FOUND,
                       "Zo veel pagina's zijn er niet. Begin opnieuw bij de eerste pagina.");
    v.text = r.text;
    v.search = (struct search_box_view){.text = r.text, .label = S("Zoek in de kennisbank")};
    v.heading = number_words(c, &result);
    TRY(view_hits(c, t, &result, &v));
    TRY(library_count(c, &v.total_items));
    view_facets(c, t, &r, &result, &v);
    view_chosen(c, t, &r, &v);
    view_pages(c, &r, &result, &v);
    view_notes(c, &result, &v);
    return send_results(c, rq, rs, &v);
}

int search_page(struct ctx *c, const struct http_request *rq, struct http_response *rs)
{
    return answer(c, rq, rs, false);
}

int search_browse(struct ctx *c, const struct http_request *rq, struct http_response *rs)
{
    return answer(c, rq, rs, true);
}

int search_suggestions(struct ctx *c, const struct http_request *rq, struct http_response *rs)
{
    struct index_suggestion *found = NULL;
    size_t count = 0;
    struct buf b;
    struct out o;
    str text = http_text(rq, "q");
    if (text.len > 1)
        TRY(index_suggest(c, c->index, text, SUGGESTIONS, &found, &count));
    struct search_suggestion_view *items = arena_array(c->arena, count + 1, sizeof *items);
    for (size_t i = 0; i < count; i++)
        items[i] = (struct search_suggestion_view){found[i].text, found[i].url,
                                                   search_type_name(found[i].type),
                                                   str_fmt(c->arena, "suggestie-%zu", i + 1)};
    struct search_request all = {.text = text, .page = 1};
    struct search_suggestions_view v = {items, count, text,
                                        search_request_query(c, &all, S("/zoeken"), 1)};
    out_begin(&o, &b, c->arena, SEARCH_MAX_HTML);
    search_suggestions_html(&o, &v);
    buf_init(&rs->body, c->arena, SEARCH_MAX_HTML);
    buf_add(&rs->body, out_take(&o).s);
    return 0;
}
