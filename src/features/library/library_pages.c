/* Pages of single items: the item itself, its versions and their differences. */
#include "library/library_int.h"

#include "base/clock.h"
#include "base/vec.h"
#include "diff/diff.h"

enum {
    LIBRARY_MAX_PAGE = 1024 * 1024,
    DIFF_CONTEXT = 3,
    BRIEF_NAMES = 2,
    GUIDE_LENGTH = 6000, /* bytes of a document */
    CLOSE_LENGTH = 13500,
};

static str item_url(struct ctx *c, str slug)
{
    return str_fmt(c->arena, "/kennisbank/%.*s", (int)slug.len, slug.ptr);
}

static struct library_list_row term_links(struct ctx *c, const struct taxonomy *t,
                                          enum taxonomy_kind kind, const struct item_texts *codes)
{
    struct library_list_row row;
    row.items =
        taxonomy_links(c->arena, t, kind, codes->items, codes->items_count, &row.items_count);
    return row;
}

static struct library_list_row item_links(struct ctx *c, const struct item_link *items,
                                          size_t count)
{
    struct page_link *links = arena_array(c->arena, count + 1, sizeof *links);
    for (size_t i = 0; i < count; i++)
        links[i] = (struct page_link){items[i].title, item_url(c, items[i].slug)};
    return (struct library_list_row){links, count};
}

static int relation_links(struct ctx *c, const struct item_texts *slugs,
                          struct library_list_row *ret)
{
    struct item_link *items;
    size_t count;
    TRY(library_store_titles(c, slugs, &items, &count));
    *ret = item_links(c, items, count);
    return 0;
}

static struct page_link actor_link(struct ctx *c, const struct taxonomy *t, str code)
{
    const struct taxonomy_term *term = taxonomy_by_code(t, TAXONOMY_ACTOR, code);
    if (!term)
        return (struct page_link){code, S("")};
    return (struct page_link){term->name, taxonomy_url(c->arena, TAXONOMY_ACTOR, term)};
}

static str certainty_words(str certainty)
{
    if (str_eqz(certainty, "opgezocht"))
        return S("De feiten zijn opgezocht, maar nog niet nagekeken door een redacteur.");
    if (str_eqz(certainty, "kennis-hoog"))
        return S("De tekst berust op algemene vakkennis en is waarschijnlijk juist. Een redacteur "
                 "heeft hem nog niet nagekeken.");
    if (str_eqz(certainty, "kennis-middel"))
        return S("De tekst berust op algemene vakkennis en kan onvolledig zijn. Een redacteur "
                 "heeft hem nog niet nagekeken.");
    if (str_eqz(certainty, "kennis-laag"))
        return S("De tekst is onzeker. Een redacteur heeft hem nog niet nagekeken.");
    return S("");
}

static void view_people(struct ctx *c, const struct taxonomy *t, const struct item *item,
                        const struct library_explained *x, struct library_show_view *v)
{
    struct library_step_view *steps = arena_array(c->arena, item->steps_count + 1, sizeof *steps);
    struct library_role_view *roles = arena_array(c->arena, item->roles_count + 1, sizeof *roles);
    for (size_t i = 0; i < item->steps_count; i++) {
        struct page_link who = {S(""), S("")};
        if (item->steps[i].who.len)
            who = actor_link(c, t, item->steps[i].who);
        steps[i] =
            (struct library_step_view){item->steps[i].title, x->steps.items[i], who.name, who.url};
    }
    for (size_t i = 0; i < item->roles_count; i++) {
        struct page_link who = actor_link(c, t, item->roles[i].who);
        roles[i] = (struct library_role_view){who.name, who.url, item->roles[i].task};
    }
    v->steps = steps;
    v->steps_count = item->steps_count;
    v->roles = roles;
    v->roles_count = item->roles_count;
}

static str validity(struct ctx *c, const struct item_legal *l)
{
    str from = clock_date_dutch(c->arena, l->valid_from),
        to = clock_date_dutch(c->arena, l->valid_to);
    if (from.len && to.len)
        return str_fmt(c->arena, "geldig van %s tot en met %s", str_z(c->arena, from),
                       str_z(c->arena, to));
    if (from.len)
        return str_fmt(c->arena, "geldig vanaf %s", str_z(c->arena, from));
    return to.len ? str_fmt(c->arena, "geldig tot en met %s", str_z(c->arena, to)) : S("");
}

/* "artikel 5.1" for a bare number; "afdeling 3.4" stays as it is written. */
static str article_words(struct ctx *c, str article)
{
    bool bare = article.len && article.ptr[0] >= '0' && article.ptr[0] <= '9';
    return bare ? str_fmt(c->arena, "artikel %s", str_z(c->arena, article)) : article;
}

struct laws {
    struct library_law_view *items;
    size_t count, capacity;
};

/* An article without an address is of the law that has one. */
static struct library_law_view *law_of(struct ctx *c, struct laws *laws, const struct item_legal *l)
{
    for (size_t i = 0; i < laws->count; i++) {
        struct library_law_view *law = &laws->items[i];
        bool same = !l->url.len || !law->url.len || str_eq(law->url, l->url);
        if (!str_eq(law->law, l->law) || !same)
            continue;
        if (!law->url.len)
            law->url = l->url;
        return law;
    }
    struct library_law_view *law = vec_push(c->arena, laws);
    *law = (struct library_law_view){.law = l->law, .url = l->url};
    return law;
}

static bool among_sources(const struct item *item, str url)
{
    for (size_t i = 0; i < item->sources_count; i++)
        if (url.len && str_eq(item->sources[i].url, url))
            return true;
    return false;
}

/* By law, in the order in which the item names them first: so its name and address stand once. */
static void view_legal(struct ctx *c, const struct item *item, struct library_show_view *v)
{
    struct laws laws = {0};
    for (size_t i = 0; i < item->legal_count; i++) {
        const struct item_legal *l = &item->legal[i];
        struct library_law_view *law = law_of(c, &laws, l);
        struct library_article_view article = {article_words(c, l->article), validity(c, l),
                                               l->note};
        if (article.article.len || article.valid.len || article.note.len)
            *vec_push(c->arena, &law->articles) = article;
    }
    for (size_t i = 0; i < laws.count; i++)
        laws.items[i].listed = among_sources(item, laws.items[i].url);
    v->laws = laws.items;
    v->laws_count = laws.count;
}

static void view_sources(struct ctx *c, const struct item *item, struct library_show_view *v)
{
    struct library_source_view *sources =
        arena_array(c->arena, item->sources_count + 1, sizeof *sources);
    for (size_t i = 0; i < item->sources_count; i++) {
        const struct item_source *s = &item->sources[i];
        sources[i] = (struct library_source_view){s->title, s->url,
                                                  clock_date_dutch(c->arena, s->date), s->note};
    }
    v->sources = sources;
    v->sources_count = item->sources_count;
}

/* Which of the phases an item has, and how far its evidence comes, as rows of steps beside the
 * words. */
static void view_scales(struct ctx *c, const struct taxonomy *t, const struct item *item,
                        struct library_show_view *v)
{
    static const char *const grades[] = {"onvoldoende", "praktijk", "gemeten-enkele",
                                         "gemeten-meerdere", "onafhankelijk"};
    const struct taxonomy_list *phases = &t->list[TAXONOMY_PHASE];
    struct library_mark_view *steps = arena_array(c->arena, phases->count + 1, sizeof *steps);
    struct library_mark_view *bars = arena_array(c->arena, COUNT_OF(grades), sizeof *bars);
    size_t grade = 0;
    for (size_t i = 0; i < phases->count; i++)
        for (size_t k = 0; k < item->phases.items_count; k++)
            steps[i].on = steps[i].on || str_eq(phases->terms[i].code, item->phases.items[k]);
    while (grade < COUNT_OF(grades) && !str_eqz(item->evidence, grades[grade]))
        grade++;
    for (size_t i = 0; i + 1 < COUNT_OF(grades); i++)
        bars[i].on = i < grade && grade < COUNT_OF(grades);
    v->phase_steps = steps;
    v->phase_steps_count = phases->count;
    v->evidence_bars = bars;
    v->evidence_bars_count = COUNT_OF(grades) - 1;
    v->all_phases = item->phases.items_count == phases->count;
}

/* "Procedures · Stikstof en nog 3". */
static str brief_names(struct ctx *c, const struct library_list_row *row)
{
    size_t all = row->items_count, shown = all > BRIEF_NAMES + 1 ? BRIEF_NAMES : all;
    str *names = arena_array(c->arena, shown + 1, sizeof *names);
    for (size_t i = 0; i < shown; i++)
        names[i] = row->items[i].name;
    str words = str_join(c->arena, names, shown, S(" · "));
    return shown == all ? words
                        : str_fmt(c->arena, "%s en nog %zu", str_z(c->arena, words), all - shown);
}

static void view_facts(struct ctx *c, const struct taxonomy *t, const struct item *item,
                       struct library_show_view *v)
{
    str today = clock_date(c->arena, clock_now());
    v->item = item;
    v->has_fit = item->when.items_count || item->when_not.items_count;
    v->has_cost = item->cost.len || item->introduction_time.len;
    view_scales(c, t, item, v);
    v->type_name = item->kind.len ? library_kind_name(item->kind) : library_type_name(item->type);
    v->phases = term_links(c, t, TAXONOMY_PHASE, &item->phases);
    v->bottlenecks = term_links(c, t, TAXONOMY_BOTTLENECK, &item->bottlenecks);
    v->themes = term_links(c, t, TAXONOMY_THEME, &item->themes);
    v->actors = term_links(c, t, TAXONOMY_ACTOR, &item->actors);
    v->brief_help = brief_names(c, &v->bottlenecks);
    v->brief_actors = brief_names(c, &v->actors);
    v->guide = item->document.len > GUIDE_LENGTH;
    v->close_set = item->document.len > CLOSE_LENGTH;
    v->phase_words = library_phase_words(c, t, &item->phases);
    v->unchecked = !library_is_checked(item->certainty);
    v->overdue = item->review.len && str_cmp(item->review, today) < 0;
    v->certainty_words = certainty_words(item->certainty);
    v->evidence_name = library_evidence_name(item->evidence);
    v->effort_words = library_effort_name(item->effort);
    v->checked_words = clock_date_dutch(c->arena, item->checked);
    v->review_words = clock_date_dutch(c->arena, item->review);
    v->licence_name = library_licence_name(item->licence);
    str licence = library_licence_url(item->licence);
    if (licence.len) /* what it means, in Dutch */
        v->licence_url = str_join(c->arena, (str[]){licence, S("deed.nl")}, 2, S(""));
}

static void view_texts(const struct library_explained *x, struct library_show_view *v)
{
    v->summary = x->summary;
    v->when = x->when;
    v->when_not = x->when_not;
    v->risks = x->risks;
    v->lessons = x->lessons;
    v->body = x->body;
    v->explained = x->terms;
}

/* ---- the list of what is on the page ---- */

struct places {
    struct library_place_view *items;
    size_t count, capacity;
};

static void add_place(struct ctx *c, struct places *p, size_t there, str url, str name)
{
    if (there)
        *vec_push(c->arena, p) = (struct library_place_view){url, {name}};
}

/* A link cannot stand in a link, so of a heading only the words remain. */
static str without_tags(struct ctx *c, str s)
{
    struct buf words;
    buf_init(&words, c->arena, s.len + 1);
    for (size_t from; (from = str_find_byte(s, '<')) != STR_NONE;) {
        size_t to = str_find_byte(s, '>');
        buf_add(&words, str_slice(s, 0, from));
        s = to == STR_NONE ? S("") : str_slice(s, to + 1, s.len);
    }
    buf_add(&words, s);
    return buf_str(&words);
}

/* The highest headings of the text, from its finished HTML; a text without any is one place. */
static void add_headings(struct ctx *c, struct places *p, str body)
{
    const str start = S("<h2 id=\""), end = S("</h2>");
    size_t before = p->count, at, close;
    str rest = body;
    while ((at = str_find(rest, start)) != STR_NONE) {
        rest = str_slice(rest, at + start.len, rest.len);
        size_t quote = str_find(rest, S("\">"));
        if (quote == STR_NONE || (close = str_find(rest, end)) == STR_NONE)
            break;
        str url = str_join(c->arena, (str[]){S("#"), str_slice(rest, 0, quote)}, 2, S(""));
        add_place(c, p, 1, url, without_tags(c, str_slice(rest, quote + 2, close)));
    }
    add_place(c, p, body.len && p->count == before, S("#deel-uitleg"), S("Uitleg"));
}

static void view_places(struct ctx *c, const struct item *item, struct library_show_view *v)
{
    struct places p = {0};
    add_place(c, &p, v->steps_count, S("#deel-stappen"), S("Zo pakt u het aan"));
    add_place(c, &p, v->roles_count, S("#deel-wie"), S("Wie doet wat"));
    add_place(c, &p, v->has_cost, S("#deel-kosten"), S("Wat het kost"));
    add_place(c, &p, v->risks.items_count, S("#deel-let-op"), S("Waar het mis kan gaan"));
    add_place(c, &p, v->lessons.items_count, S("#deel-lessen"), S("Lessen"));
    add_headings(c, &p, v->body.s);
    add_place(c, &p, v->laws_count, S("#deel-grondslag"), S("Wettelijke grondslag"));
    add_place(c, &p, item->templates_count, S("#deel-sjablonen"), S("Sjablonen"));
    add_place(c, &p, 1, S("#deel-bronnen"), S("Bronnen"));
    add_place(c, &p, v->explained.terms_count, S("#deel-begrippen"), S("Begrippen"));
    add_place(c, &p, v->backlinks.items_count, S("#deel-genoemd"), S("Wordt genoemd bij"));
    v->places = p.items;
    v->places_count = p.count;
}

/* What other features show beside it, by any address that it has or had. */
static int view_beside(struct ctx *c, const struct item *item, struct library_show_view *v)
{
    struct beside_block *blocks;
    str *slugs = arena_array(c->arena, item->former_slugs.items_count + 1, sizeof *slugs);
    slugs[0] = item->slug;
    for (size_t i = 0; i < item->former_slugs.items_count; i++)
        slugs[i + 1] = item->former_slugs.items[i];
    TRY(beside_blocks(c, "item", slugs, item->former_slugs.items_count + 1, &blocks,
                      &v->beside_count));
    v->beside = blocks;
    return 0;
}

/* v->version says which version of the item. */
int library_view_item(struct ctx *c, const struct item_row *row, struct library_show_view *v)
{
    const struct taxonomy *t;
    const struct library_reading *reading;
    const struct library_explained *x;
    struct item_link *back;
    size_t back_count;
    TRY(taxonomy_load(c, &t));
    TRY(library_read(c, row->id, v->version, &reading));
    TRY(library_explain(c, row->id, v->version, reading, &x));
    const struct item *item = &reading->item;
    view_texts(x, v);
    view_people(c, t, item, x, v);
    TRY(relation_links(c, &item->builds_on, &v->builds_on));
    TRY(relation_links(c, &item->alternative, &v->alternative));
    TRY(relation_links(c, &item->precondition, &v->precondition));
    TRY(library_store_backlinks(c, row->id, &back, &back_count));
    v->backlinks = item_links(c, back, back_count);
    v->history_url = str_fmt(c->arena, "/kennisbank/%s/versies", str_z(c->arena, row->slug));
    v->pdf_url = str_fmt(c->arena, "/kennisbank/%s/pdf", str_z(c->arena, row->slug));
    v->present_url = item_url(c, row->slug);
    v->address = http_public_origin(c).len ? http_absolute(c, v->present_url) : S("");
    TRY(view_beside(c, item, v));
    view_facts(c, t, item, v);
    view_legal(c, item, v);
    view_sources(c, item, v);
    view_places(c, item, v);
    return 0;
}

int library_find_or_redirect(struct ctx *c, const struct http_request *rq, struct http_response *rs,
                             const char *base, const char *rest, struct item_row *ret)
{
    str present;
    str slug = http_text(rq, "slug");
    int code = library_store_head(c, slug, ret);
    if (code != ERR_NOT_FOUND)
        return code;
    if (library_store_redirect(c, slug, &present) == 0) {
        *ret = (struct item_row){0};
        http_redirect(c, rs, 301,
                      str_fmt(c->arena, "%s/%s%s", base, str_z(c->arena, present), rest));
        return 0;
    }
    return err_set(c, ERR_NOT_FOUND, "Dit item staat niet in de kennisbank.");
}

/* What a search engine is told of an item. */
static struct page_about about_item(struct ctx *c, const struct item_row *row,
                                    const struct library_show_view *v)
{
    const struct item *item = v->item;
    const struct library_list_row *rows[] = {&v->bottlenecks, &v->phases, &v->themes};
    struct page_link *terms = arena_array(
        c->arena, v->bottlenecks.items_count + v->phases.items_count + v->themes.items_count + 1,
        sizeof *terms);
    struct page_step *steps = arena_array(c->arena, item->steps_count + 1, sizeof *steps);
    size_t count = 0;
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        for (size_t k = 0; k < rows[i]->items_count; k++)
            terms[count++] = rows[i]->items[k];
    for (size_t i = 0; i < item->steps_count; i++)
        steps[i] = (struct page_step){item->steps[i].title, item->steps[i].text};
    return (struct page_about){
        .kind = library_page_kind(item),
        .published = clock_rfc3339(c->arena, row->created_at),
        .modified = clock_rfc3339(c->arena, row->changed_at),
        .author = item->owner,
        .licence_url = library_licence_url(item->licence),
        .terms = terms,
        .terms_count = count,
        .steps = steps,
        .steps_count = item->steps_count,
    };
}

/* about: NULL for an old version, which is not for search engines. */
static int send_item(struct ctx *c, const struct http_request *rq, struct http_response *rs,
                     const struct library_show_view *v, const struct page_about *about)
{
    struct buf b;
    struct out o;
    const struct item *item = v->item;
    const struct page_link crumbs[] = {
        {S("Kennisbank"), S("/kennisbank")},
        {item->short_title.len ? item->short_title : item->title, S("")},
    };
    out_begin(&o, &b, c->arena, LIBRARY_MAX_PAGE);
    library_show_html(&o, v);
    struct page page = {
        .title =
            !about ? str_fmt(c->arena, "%s (versie %lld)", str_z(c->arena, item->title), v->version)
                   : item->title,
        .description = item->summary,
        .section = S("kennisbank"),
        .crumbs = crumbs,
        .crumb_count = COUNT_OF(crumbs),
        .noindex = !about,
        .canonical = v->present_url,
        .feed = {S(LIBRARY_FEED_NAME), S(LIBRARY_FEED_URL)},
        .about = about ? *about : (struct page_about){.kind = PAGE_PLAIN},
        .body = out_take(&o),
    };
    return page_send(c, rq, rs, &page);
}

int library_show(struct ctx *c, const struct http_request *rq, struct http_response *rs)
{
    struct item_row row;
    struct library_show_view v = {0};
    TRY(library_find_or_redirect(c, rq, rs, "/kennisbank", "", &row));
    if (!row.id)
        return 0;
    v.version = row.number;
    v.changed_words = clock_date_dutch(c->arena, clock_date(c->arena, row.changed_at));
    TRY(library_view_item(c, &row, &v));
    struct page_about about = about_item(c, &row, &v);
    return send_item(c, rq, rs, &v, &about);
}

int library_find_version(struct ctx *c, long long id, long long number, struct revision_row *ret)
{
    int code = library_store_revision(c, id, number, ret);
    if (code == ERR_NOT_FOUND)
        return err_set(c, code, "Van dit item bestaat geen versie %lld.", number);
    return code;
}

int library_version(struct ctx *c, const struct http_request *rq, struct http_response *rs)
{
    struct item_row row;
    struct revision_row revision;
    struct library_show_view v = {0};
    long long number = http_int(rq, "nummer", 0);
    TRY(library_find_or_redirect(c, rq, rs, "/kennisbank",
                                 str_fmt(c->arena, "/versies/%lld", number).ptr, &row));
    if (!row.id)
        return 0;
    TRY(library_find_version(c, row.id, number, &revision));
    v.version = number;
    v.changed_words = clock_date_dutch(c->arena, clock_date(c->arena, revision.created_at));
    if (number != row.number)
        v.old_notice = str_fmt(c->arena, "U leest versie %lld van %s. Er is een nieuwere versie.",
                               number, v.changed_words.ptr);
    TRY(library_view_item(c, &row, &v));
    return send_item(c, rq, rs, &v, NULL);
}

/* ---- versions ---- */

static int send_page(struct ctx *c, const struct http_request *rq, struct http_response *rs,
                     const struct item_row *row, const char *title, str crumb, html body)
{
    const struct page_link crumbs[] = {
        {S("Kennisbank"), S("/kennisbank")},
        {row->title, item_url(c, row->slug)},
        {crumb, S("")},
    };
    struct page page = {
        .title = str_fmt(c->arena, "%s: %s", title, str_z(c->arena, row->title)),
        .section = S("kennisbank"),
        .crumbs = crumbs,
        .crumb_count = COUNT_OF(crumbs),
        .noindex = true,
        .body = body,
    };
    return page_send(c, rq, rs, &page);
}

static void view_versions(struct ctx *c, const struct item_row *row,
                          const struct revision_row *rows, size_t count,
                          struct library_history_view *v)
{
    struct library_version_view *versions = arena_array(c->arena, count + 1, sizeof *versions);
    const char *url = str_z(c->arena, item_url(c, row->slug));
    for (size_t i = 0; i < count; i++)
        versions[i] = (struct library_version_view){
            .number = rows[i].number,
            .day = clock_date(c->arena, rows[i].created_at),
            .date = clock_date_dutch(c->arena, clock_date(c->arena, rows[i].created_at)),
            .author = rows[i].author,
            .note = rows[i].note,
            .url = str_fmt(c->arena, "%s/versies/%lld", url, rows[i].number),
            .is_public = rows[i].number == row->number,
            .is_from = i == 1,
            .is_to = i == 0,
        };
    v->versions = versions;
    v->versions_count = count;
    v->action = str_fmt(c->arena, "%s/vergelijk", url);
    v->can_compare = count > 1;
}

int library_history(struct ctx *c, const struct http_request *rq, struct http_response *rs)
{
    struct item_row row;
    struct revision_row *rows;
    size_t count;
    struct buf b;
    struct out o;
    TRY(library_find_or_redirect(c, rq, rs, "/kennisbank", "/versies", &row));
    if (!row.id)
        return 0;
    TRY(library_store_revisions(c, row.id, &rows, &count));
    struct library_history_view v = {.title = row.title, .url = item_url(c, row.slug)};
    view_versions(c, &row, rows, count, &v);
    out_begin(&o, &b, c->arena, LIBRARY_MAX_PAGE);
    library_history_html(&o, &v);
    return send_page(c, rq, rs, &row, "Versies", S("Versies"), out_take(&o));
}

/* ---- comparing ---- */

struct lines {
    struct library_diff_line *items;
    size_t count, capacity;
};

/* A run of lines that stayed: the first and last few, and a mark for what is left out between. */
static void add_same(struct ctx *c, struct lines *lines, str text, bool at_start, bool at_end)
{
    struct {
        str *items;
        size_t count, capacity;
    } all = {0};
    str line;
    while (str_line(&text, &line))
        *vec_push(c->arena, &all) = line;
    size_t head = at_start ? 0 : DIFF_CONTEXT, tail = at_end ? 0 : DIFF_CONTEXT;
    bool gap = all.count > head + tail + 1;
    for (size_t i = 0; i < all.count; i++) {
        if (gap && i >= head && i < all.count - tail) {
            if (i == head)
                *vec_push(c->arena, lines) = (struct library_diff_line){.gap = true};
            continue;
        }
        *vec_push(c->arena, lines) = (struct library_diff_line){.text = all.items[i]};
    }
}

/* One changed line against another: which words went and which came. */
static void add_changed(struct ctx *c, struct lines *lines, str from, str to)
{
    struct diff_piece *pieces;
    size_t count;
    diff_words(c->arena, from, to, &pieces, &count);
    struct library_diff_piece *shown = arena_array(c->arena, count + 1, sizeof *shown);
    for (size_t i = 0; i < count; i++)
        shown[i] = (struct library_diff_piece){pieces[i].kind == DIFF_ADDED,
                                               pieces[i].kind == DIFF_REMOVED, pieces[i].text};
    *vec_push(c->arena, lines) =
        (struct library_diff_line){.changed = true, .pieces = shown, .pieces_count = count};
}

static void add_whole(struct ctx *c, struct lines *lines, str text, bool added)
{
    str line;
    while (str_line(&text, &line))
        *vec_push(c->arena, lines) =
            (struct library_diff_line){.added = added, .removed = !added, .text = line};
}

static size_t line_count(str text)
{
    size_t n = 0;
    str line;
    while (str_line(&text, &line))
        n++;
    return n;
}

/* Removed lines followed by as many added ones are taken for changed lines. */
static void add_replaced(struct ctx *c, struct lines *lines, str removed, str added)
{
    str from, to;
    if (line_count(removed) != line_count(added)) {
        add_whole(c, lines, removed, false);
        add_whole(c, lines, added, true);
        return;
    }
    while (str_line(&removed, &from) && str_line(&added, &to))
        add_changed(c, lines, from, to);
}

static void view_diff(struct ctx *c, str from, str to, struct library_diff_view *v)
{
    struct diff_piece *p;
    size_t count;
    struct lines lines = {0};
    diff_lines(c->arena, from, to, &p, &count);
    for (size_t i = 0; i < count; i++) {
        if (p[i].kind == DIFF_SAME) {
            add_same(c, &lines, p[i].text, i == 0, i + 1 == count);
        } else if (p[i].kind == DIFF_REMOVED && i + 1 < count && p[i + 1].kind == DIFF_ADDED) {
            add_replaced(c, &lines, p[i].text, p[i + 1].text);
            i++;
        } else {
            add_whole(c, &lines, p[i].text, p[i].kind == DIFF_ADDED);
        }
    }
    v->same = count == 0 || (count == 1 && p[0].kind == DIFF_SAME);
    v->lines = lines.items;
    v->lines_count = lines.count;
}

int library_compare(struct ctx *c, const struct http_request *rq, struct http_response *rs)
{
    struct item_row row;
    struct revision_row from, to;
    struct buf b;
    struct out o;
    TRY(library_find_or_redirect(c, rq, rs, "/kennisbank", "/versies", &row));
    if (!row.id)
        return 0;
    struct library_diff_view v = {
        .title = row.title,
        .url = item_url(c, row.slug),
        .history_url = str_fmt(c->arena, "/kennisbank/%s/versies", str_z(c->arena, row.slug)),
        .from = http_int(rq, "van", 1),
        .to = http_int(rq, "naar", 1),
    };
    TRY(library_find_version(c, row.id, v.from, &from));
    TRY(library_find_version(c, row.id, v.to, &to));
    view_diff(c, from.document, to.document, &v);
    out_begin(&o, &b, c->arena, LIBRARY_MAX_PAGE);
    library_diff_html(&o, &v);
    return send_page(c, rq, rs, &row, "Verschillen", S("Verschillen"), out_take(&o));
}
