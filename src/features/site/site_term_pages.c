/* Pages of phases, bottlenecks, themes and roles: one way for all four. */
#include "site/site_int.h"

enum { GROUP_SHOWN = 8 };

static const struct {
    const char *heading, *intro, *description, *neighbours;
} texts[TAXONOMY_KINDS] = {
    [TAXONOMY_PHASE] =
        {"Fasen",
         "Van beleid tot nazorg: kies de fase waarin uw plan zit en zie wat u nu kunt doen.",
         "De fasen van een woningbouwplan en wat er per fase helpt.", "Alle fasen"},
    [TAXONOMY_BOTTLENECK] = {"Knelpunten",
                             "Kies waar uw plan op vastloopt. U ziet welke werkwijzen, "
                             "instrumenten en kennis daarbij helpen.",
                             "Waar woningbouwplannen op vastlopen en wat daarbij helpt.",
                             "Alle knelpunten"},
    [TAXONOMY_THEME] = {"Thema’s", "De kennisbank in planken: kies een thema.",
                        "De thema’s van de kennisbank.", "Alle thema’s"},
    [TAXONOMY_ACTOR] = {"Rollen", "Kies uw rol en zie wat voor uw werk van belang is.",
                        "De kennisbank per rol: van planoloog tot wethouder.", "Alle rollen"},
};

static long long count_of(const struct library_term_count *counts, size_t n, str code)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(counts[i].code, code))
            return counts[i].count;
    return 0;
}

int site_terms(struct ctx *c, const struct taxonomy *t, enum taxonomy_kind kind,
               struct site_term_view **ret)
{
    const struct library_term_count *counts;
    size_t n;
    const struct taxonomy_list *list = &t->list[kind];
    TRY(library_term_counts(c, taxonomy_kind_name(kind), &counts, &n));
    struct site_term_view *terms = arena_array(c->arena, list->count + 1, sizeof *terms);
    for (size_t i = 0; i < list->count; i++)
        terms[i] = (struct site_term_view){
            .name = list->terms[i].name,
            .url = taxonomy_url(c->arena, kind, &list->terms[i]),
            .summary = list->terms[i].summary,
            .count = count_of(counts, n, list->terms[i].code),
        };
    for (size_t i = 0; i < list->count; i++)
        terms[i].single = terms[i].count == 1;
    *ret = terms;
    return 0;
}

static str section_name(str section)
{
    if (str_eqz(section, "gemeente"))
        return S("In uw gemeente");
    if (str_eqz(section, "partner"))
        return S("Bij partners van de overheid");
    return str_eqz(section, "markt") ? S("Op de markt") : S("");
}

/* Terms in a row that share a section stand under one heading. */
static size_t sections_of(struct ctx *c, const struct taxonomy_list *list,
                          const struct site_term_view *terms, struct site_section_view **ret)
{
    struct site_section_view *sections = arena_array(c->arena, list->count + 1, sizeof *sections);
    size_t count = 0;
    for (size_t i = 0; i < list->count; i++) {
        if (!i || !str_eq(list->terms[i].section, list->terms[i - 1].section))
            sections[count++] =
                (struct site_section_view){section_name(list->terms[i].section), &terms[i], 0};
        sections[count - 1].terms_count++;
    }
    *ret = sections;
    return count;
}

static int list_page(struct ctx *c, const struct http_request *rq, struct http_response *rs,
                     enum taxonomy_kind kind)
{
    const struct taxonomy *t;
    struct site_term_view *terms;
    struct site_section_view *sections;
    struct buf b;
    struct out o;
    TRY(taxonomy_load(c, &t));
    TRY(site_terms(c, t, kind, &terms));
    struct site_terms_view v = {.heading = str_from(texts[kind].heading),
                                .intro = str_from(texts[kind].intro),
                                .numbered = kind == TAXONOMY_PHASE,
                                .sectioned = kind == TAXONOMY_ACTOR};
    v.sections_count = sections_of(c, &t->list[kind], terms, &sections);
    v.sections = sections;
    out_begin(&o, &b, c->arena, SITE_MAX_HTML);
    site_terms_html(&o, &v);
    struct page page = {
        .title = v.heading,
        .description = str_from(texts[kind].description),
        .section = str_from(taxonomy_kind_folder(kind)),
        .canonical = rq->path,
    };
    return site_send(c, rq, rs, &page, &o);
}

/* ---- one term ---- */

/* cards: at least one, and no more than can be shown. A group shows its first cards; the rest is a
 * filtered list of the library. */
static int view_group(struct ctx *c, const struct taxonomy *t, const struct library_card *cards,
                      size_t count, const struct site_show_view *v, struct site_group_view *ret)
{
    size_t all = (size_t)cards[0].of_type, shown = all > GROUP_SHOWN + 1 ? GROUP_SHOWN : count;
    TRY(site_cards(c, t, cards, shown, &ret->cards));
    ret->cards_count = shown;
    if (shown == all)
        return 0;
    ret->all_url = str_fmt(c->arena, "%s&soort=%s", str_z(c->arena, v->filter_url),
                           str_z(c->arena, cards[0].type));
    ret->all_words =
        str_fmt(c->arena, "Bekijk alle %s", out_number_words(c->arena, cards[0].of_type).ptr);
    return 0;
}

/* Cards come ordered by type; each type is one group. */
static int view_groups(struct ctx *c, const struct taxonomy *t, const struct library_card *cards,
                       size_t count, struct site_show_view *v)
{
    static const struct {
        const char *type, *heading;
    } types[] = {{"werkwijze", "Werkwijzen"}, {"instrument", "Instrumenten"}, {"kennis", "Kennis"}};
    struct site_group_view *groups = arena_array(c->arena, COUNT_OF(types), sizeof *groups);
    for (size_t k = 0; k < COUNT_OF(types); k++) {
        size_t from = 0, to;
        while (from < count && !str_eqz(cards[from].type, types[k].type))
            from++;
        for (to = from; to < count && str_eqz(cards[to].type, types[k].type);)
            to++;
        if (from == to)
            continue;
        struct site_group_view *group = &groups[v->groups_count++];
        group->heading = str_from(types[k].heading);
        v->total += cards[from].of_type;
        TRY(view_group(c, t, cards + from, to - from, v, group));
    }
    v->groups = groups;
    v->single = v->total == 1;
    return 0;
}

static void view_neighbours(struct ctx *c, const struct taxonomy_list *list,
                            enum taxonomy_kind kind, const struct taxonomy_term *present,
                            struct site_show_view *v)
{
    struct site_neighbour_view *n = arena_array(c->arena, list->count + 1, sizeof *n);
    for (size_t i = 0; i < list->count; i++)
        n[i] = (struct site_neighbour_view){list->terms[i].name,
                                            taxonomy_url(c->arena, kind, &list->terms[i]),
                                            &list->terms[i] == present};
    v->neighbours = n;
    v->neighbours_count = list->count;
    v->neighbours_label = str_from(texts[kind].neighbours);
}

static int view_collections(struct ctx *c, enum taxonomy_kind kind,
                            const struct taxonomy_term *term, struct site_show_view *v)
{
    struct collection_card *cards;
    TRY(collections_of_term(c, taxonomy_kind_name(kind), term->code, &cards,
                            &v->collections_count));
    v->collections = cards;
    return 0;
}

static int send_term(struct ctx *c, const struct http_request *rq, struct http_response *rs,
                     enum taxonomy_kind kind, const struct site_show_view *v)
{
    struct buf b;
    struct out o;
    const struct page_link crumbs[] = {
        {str_from(texts[kind].heading), str_fmt(c->arena, "/%s", taxonomy_kind_folder(kind))},
        {v->name, S("")},
    };
    out_begin(&o, &b, c->arena, SITE_MAX_HTML);
    site_show_html(&o, v);
    struct page page = {
        .title = v->name,
        .description = v->summary,
        .section = str_from(taxonomy_kind_folder(kind)),
        .crumbs = crumbs,
        .crumb_count = COUNT_OF(crumbs),
        .canonical = rq->path,
        .feed = {str_fmt(c->arena, "Nieuw en gewijzigd bij %s", str_z(c->arena, v->name)),
                 v->feed_url},
    };
    return site_send(c, rq, rs, &page, &o);
}

static int term_page(struct ctx *c, const struct http_request *rq, struct http_response *rs,
                     enum taxonomy_kind kind)
{
    const struct taxonomy *t;
    struct library_card *cards;
    size_t count;
    TRY(taxonomy_load(c, &t));
    const struct taxonomy_term *term = taxonomy_by_slug(t, kind, http_text(rq, "slug"));
    if (!term)
        return err_set(c, ERR_NOT_FOUND, "Bekijk de lijst of zoek op een woord.");
    TRY(library_by_term(c, taxonomy_kind_name(kind), term->code, GROUP_SHOWN + 1, &cards, &count));
    struct site_show_view v = {
        .label = str_from(taxonomy_kind_label(kind)),
        .name = term->name,
        .formal = str_eq(term->formal, term->name) ? S("") : term->formal,
        .summary = term->summary,
        .text = term->text,
        .ends_with = term->ends_with,
        .filter_url = str_fmt(c->arena, "/kennisbank?%s=%.*s", taxonomy_kind_name(kind),
                              (int)term->slug.len, term->slug.ptr),
    };
    if (kind == TAXONOMY_THEME)
        v.feed_url = str_fmt(c->arena, "%s/feed.atom", taxonomy_url(c->arena, kind, term).ptr);
    TRY(view_collections(c, kind, term, &v));
    TRY(view_groups(c, t, cards, count, &v));
    if (kind == TAXONOMY_PHASE)
        TRY(site_rail(c, t, taxonomy_url(c->arena, kind, term), &v.rail));
    else
        view_neighbours(c, &t->list[kind], kind, term, &v);
    return send_term(c, rq, rs, kind, &v);
}

int site_phases(struct ctx *c, const struct http_request *rq, struct http_response *rs)
{
    return list_page(c, rq, rs, TAXONOMY_PHASE);
}

int site_phase(struct ctx *c, const struct http_request *rq, struct http_response *rs)
{
    return term_page(c, rq, rs, TAXONOMY_PHASE);
}

int site_bottlenecks(struct ctx *c, const struct http_request *rq, struct http_response *rs)
{
    return list_page(c, rq, rs, TAXONOMY_BOTTLENECK);
}

int site_bottleneck(struct ctx *c, const struct http_request *rq, struct http_response *rs)
{
    return term_page(c, rq, rs, TAXONOMY_BOTTLENECK);
}

int site_themes(struct ctx *c, const struct http_request *rq, struct http_response *rs)
{
    return list_page(c, rq, rs, TAXONOMY_THEME);
}

int site_theme(struct ctx *c, const struct http_request *rq, struct http_response *rs)
{
    return term_page(c, rq, rs, TAXONOMY_THEME);
}

int site_actors(struct ctx *c, const struct http_request *rq, struct http_response *rs)
{
    return list_page(c, rq, rs, TAXONOMY_ACTOR);
}

int site_actor(struct ctx *c, const struct http_request *rq, struct http_response *rs)
{
    return term_page(c, rq, rs, TAXONOMY_ACTOR);
}
