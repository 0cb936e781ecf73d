/* The list of collections, and one collection. */
#include "collections/collections_int.h"

#include "base/clock.h"

enum { MAX_HTML = 512 * 1024 };

static int send(struct ctx *c, const struct http_request *rq, struct http_response *rs,
                struct page *page, struct out *o)
{
    page->section = S("collecties");
    page->canonical = rq->path;
    page->body = out_take(o);
    return page_send(c, rq, rs, page);
}

/* ---- the list ---- */

static const struct {
    const char *kind, *heading, *id, *intro, *label, *all;
} kinds[] = {
    {"route", "Om te beginnen", "beginnen", "Van begin tot eind door een onderwerp.", "",
     "Andere collecties om mee te beginnen"},
    {"rol", "Voor uw rol", "rollen", "Wat u het eerst moet weten voor het werk dat u doet.",
     "Voor een rol", "Collecties voor andere rollen"},
    {"knelpunt", "Voor uw knelpunt", "knelpunten",
     "Wat u achter elkaar kunt doen als een plan hierop vastloopt.", "Bij een knelpunt",
     "Collecties voor andere knelpunten"},
};

static size_t kind_at(str kind)
{
    size_t i = 0;
    while (i + 1 < COUNT_OF(kinds) && !str_eqz(kind, kinds[i].kind))
        i++;
    return i;
}

int collections_list(struct ctx *c, const struct http_request *rq, struct http_response *rs)
{
    struct collections_group_view *groups = arena_array(c->arena, COUNT_OF(kinds), sizeof *groups);
    struct collections_list_view v = {.groups = groups};
    struct buf b;
    struct out o;
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        struct collection_card *cards;
        size_t count;
        TRY(collections_of_kind(c, kinds[i].kind, &cards, &count));
        if (count)
            groups[v.groups_count++] =
                (struct collections_group_view){str_from(kinds[i].heading), str_from(kinds[i].id),
                                                str_from(kinds[i].intro), cards, count};
    }
    out_begin(&o, &b, c->arena, MAX_HTML);
    collections_list_html(&o, &v);
    struct page page = {
        .title = S("Collecties"),
        .description = S("Stap voor stap door de kennisbank, per rol en per knelpunt."),
    };
    return send(c, rq, rs, &page, &o);
}

/* ---- one collection ---- */

static struct collections_links_view term_links(struct ctx *c, const struct taxonomy *t,
                                                enum taxonomy_kind kind,
                                                const struct collection_words *codes)
{
    struct page_link *links = arena_array(c->arena, codes->items_count + 1, sizeof *links);
    size_t count = 0;
    for (size_t i = 0; i < codes->items_count; i++) {
        const struct taxonomy_term *term = taxonomy_by_code(t, kind, codes->items[i]);
        if (term)
            links[count++] = (struct page_link){
                term->name, str_fmt(c->arena, "/%s/%.*s", taxonomy_kind_folder(kind),
                                    (int)term->slug.len, term->slug.ptr)};
    }
    return (struct collections_links_view){links, count};
}

static void view_step(struct ctx *c, const struct library_brief *item, str why,
                      struct collections_step_view *v)
{
    str *facts = arena_array(c->arena, 2, sizeof *facts);
    *v = (struct collections_step_view){
        .slug = item->slug,
        .url = str_fmt(c->arena, "/kennisbank/%s", str_z(c->arena, item->slug)),
        .title = item->title,
        .type_name = item->type_name,
        .phases = item->phases,
        .why = why,
        .facts = facts,
    };
    if (item->effort.len)
        facts[v->facts_count++] = str_fmt(c->arena, "Werk om in te voeren: %s",
                                          str_z(c->arena, str_lower_ascii(c->arena, item->effort)));
    if (item->unchecked)
        facts[v->facts_count++] = S("Nog te controleren");
}

/* An item that is no longer there is left out. */
static int view_steps(struct ctx *c, const struct taxonomy *t, const struct collection *k,
                      struct collections_show_view *v)
{
    size_t n = k->steps_count;
    str *slugs = arena_array(c->arena, n + 1, sizeof *slugs);
    struct library_brief *items = arena_array(c->arena, n + 1, sizeof *items);
    struct collections_step_view *steps = arena_array(c->arena, n + 1, sizeof *steps);
    for (size_t i = 0; i < n; i++)
        slugs[i] = k->steps[i].item;
    TRY(library_briefs(c, t, slugs, n, items));
    for (size_t i = 0; i < n; i++)
        if (items[i].known)
            view_step(c, &items[i], k->steps[i].why, &steps[v->steps_count++]);
    v->steps = steps;
    v->count_words = collection_count_words(c, v->steps_count);
    return 0;
}

/* The others of its kind, to go on from here. */
static void view_others(struct ctx *c, const struct collections *all, const struct collection *k,
                        struct collections_show_view *v)
{
    struct page_link *links = arena_array(c->arena, all->count + 1, sizeof *links);
    size_t count = 0;
    for (size_t i = 0; i < all->count; i++) {
        const struct collection *other = &all->items[i];
        if (other != k && str_eq(other->kind, k->kind))
            links[count++] =
                (struct page_link){other->short_title.len ? other->short_title : other->title,
                                   collection_url(c, other->slug)};
    }
    v->others = (struct collections_links_view){links, count};
}

static void view_facts(struct ctx *c, const struct taxonomy *t, const struct collection *k,
                       struct collections_show_view *v)
{
    str today = clock_date(c->arena, clock_now()), licence = library_licence_url(k->licence);
    v->label = str_from(kinds[kind_at(k->kind)].label);
    v->others_heading = str_from(kinds[kind_at(k->kind)].all);
    v->actors = term_links(c, t, TAXONOMY_ACTOR, &k->actors);
    v->bottlenecks = term_links(c, t, TAXONOMY_BOTTLENECK, &k->bottlenecks);
    v->phases = term_links(c, t, TAXONOMY_PHASE, &k->phases);
    v->themes = term_links(c, t, TAXONOMY_THEME, &k->themes);
    v->unchecked = !library_is_checked(k->certainty);
    v->overdue = k->review.len && str_cmp(k->review, today) < 0;
    v->checked_words = v->unchecked ? S("Nog niet") : clock_date_dutch(c->arena, k->checked);
    v->review_words = clock_date_dutch(c->arena, k->review);
    v->changed_words = clock_date_dutch(c->arena, clock_date(c->arena, k->changed_at));
    v->licence_name = library_licence_name(k->licence);
    if (licence.len) /* what it means, in Dutch */
        v->licence_url = str_join(c->arena, (str[]){licence, S("deed.nl")}, 2, S(""));
}

static int send_collection(struct ctx *c, const struct http_request *rq, struct http_response *rs,
                           const struct collections_show_view *v)
{
    const struct collection *k = v->collection;
    const struct page_link crumbs[] = {{S("Collecties"), S("/collecties")},
                                       {k->short_title.len ? k->short_title : k->title, S("")}};
    struct page_link *items = arena_array(c->arena, v->steps_count + 1, sizeof *items);
    struct buf b;
    struct out o;
    for (size_t i = 0; i < v->steps_count; i++)
        items[i] = (struct page_link){v->steps[i].title, v->steps[i].url};
    out_begin(&o, &b, c->arena, MAX_HTML);
    collections_show_html(&o, v);
    struct page page = {
        .title = k->title,
        .description = k->summary,
        .crumbs = crumbs,
        .crumb_count = COUNT_OF(crumbs),
        .about = {.kind = PAGE_ITEM_LIST, .items = items, .items_count = v->steps_count},
    };
    return send(c, rq, rs, &page, &o);
}

int collections_show(struct ctx *c, const struct http_request *rq, struct http_response *rs)
{
    const struct collections *all;
    const struct taxonomy *t;
    TRY(collections_load(c, &all));
    TRY(taxonomy_load(c, &t));
    const struct collection *k = collections_by_slug(all, http_text(rq, "slug"));
    if (!k)
        return err_set(c, ERR_NOT_FOUND,
                       "Deze collectie is er niet. Bekijk alle collecties of zoek op een woord.");
    struct collections_show_view v = {.collection = k};
    view_facts(c, t, k, &v);
    view_others(c, all, k, &v);
    TRY(view_steps(c, t, k, &v));
    return send_collection(c, rq, rs, &v);
}
