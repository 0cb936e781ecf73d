/* Home, about, statements, errors. */
#include "site/site_int.h"

#include "auth/permission.h"
#include "base/config.h"
#include "base/embedded.h"

enum { RECENT = 3, CHIPS = 8, ROUTES = 3 };

/* How many bottlenecks stand as chips; the rest is one click away. */
static size_t chips(size_t count)
{
    return count < CHIPS ? count : CHIPS;
}

int site_send(struct ctx *c, const struct http_request *rq, struct http_response *rs,
              struct page *page, struct out *o)
{
    page->body = out_take(o);
    return page_send(c, rq, rs, page);
}

int site_cards(struct ctx *c, const struct taxonomy *t, const struct library_card *cards,
               size_t count, const struct site_card_view **ret)
{
    struct site_card_view *views = arena_array(c->arena, count + 1, sizeof *views);
    struct library_words *words = arena_array(c->arena, count + 1, sizeof *words);
    long long *ids = arena_array(c->arena, count + 1, sizeof *ids);
    for (size_t i = 0; i < count; i++)
        ids[i] = cards[i].id;
    TRY(library_words(c, t, ids, count, words));
    for (size_t i = 0; i < count; i++)
        views[i] = (struct site_card_view){
            .url = str_fmt(c->arena, "/kennisbank/%.*s", (int)cards[i].slug.len, cards[i].slug.ptr),
            .title = cards[i].title,
            .summary = cards[i].summary,
            .type_name = library_type_name(cards[i].type),
            .phases = words[i].phases,
            .meta = words[i].bottlenecks,
            .meta_count = words[i].bottlenecks_count,
        };
    *ret = views;
    return 0;
}

int site_rail(struct ctx *c, const struct taxonomy *t, str present_url, struct site_rail_view *ret)
{
    struct site_term_view *phases;
    size_t count = t->list[TAXONOMY_PHASE].count;
    TRY(site_terms(c, t, TAXONOMY_PHASE, &phases));
    struct site_rail_step *steps = arena_array(c->arena, count + 1, sizeof *steps);
    for (size_t i = 0; i < count; i++)
        steps[i] = (struct site_rail_step){
            phases[i].name, phases[i].url,
            str_fmt(c->arena, "%s %s", out_number_words(c->arena, phases[i].count).ptr,
                    phases[i].count == 1 ? "onderwerp" : "onderwerpen"),
            str_eq(phases[i].url, present_url)};
    *ret = (struct site_rail_view){steps, count, false};
    return 0;
}

static void home_figures(struct ctx *c, const struct site_figures_data *f, struct site_home_view *v)
{
    struct site_bar *bars;
    v->has_figures = f->years_count > 1;
    if (!v->has_figures)
        return;
    v->bars_count = site_bars(c, f, &bars);
    v->bars = bars;
    v->years = f->years;
    v->years_count = f->years_count;
    v->vintage = f->vintage;
    v->first = f->years[0];
    v->last = f->years[f->years_count - 1];
    v->peak = v->last;
    for (size_t i = 0; i < f->years_count; i++)
        if (f->years[i].completions >= v->peak.completions)
            v->peak = f->years[i];
    v->falls = v->last.completions < v->peak.completions;
    v->slower = v->last.median_tenths > v->first.median_tenths;
}

static int home_recent(struct ctx *c, const struct taxonomy *t, struct site_home_view *v)
{
    struct library_card *cards;
    size_t count;
    TRY(library_recent(c, RECENT, &cards, &count));
    TRY(site_cards(c, t, cards, count, &v->recent));
    v->recent_count = count;
    return library_count(c, &v->total);
}

static int home_collections(struct ctx *c, struct site_home_view *v)
{
    struct collection_card *cards;
    size_t count;
    TRY(collections_of_kind(c, "route", &cards, &count));
    v->collections = cards;
    v->collections_count = count < ROUTES ? count : ROUTES;
    return 0;
}

int site_home(struct ctx *c, const struct http_request *rq, struct http_response *rs)
{
    const struct taxonomy *t;
    struct site_figures_data figures;
    struct site_term_view *bottlenecks;
    struct site_home_view v = {0};
    struct buf b;
    struct out o;
    TRY(taxonomy_load(c, &t));
    TRY(site_terms(c, t, TAXONOMY_BOTTLENECK, &bottlenecks));
    TRY(site_rail(c, t, S(""), &v.rail));
    v.rail.home = true;
    TRY(site_figures_read(c, &figures));
    v.bottlenecks = bottlenecks;
    v.bottlenecks_total = (long long)t->list[TAXONOMY_BOTTLENECK].count;
    v.bottlenecks_count = chips(t->list[TAXONOMY_BOTTLENECK].count);
    home_figures(c, &figures, &v);
    TRY(home_recent(c, t, &v));
    TRY(home_collections(c, &v));
    v.search = (struct search_box_view){
        .label = str_fmt(c->arena, "Zoek in %lld onderwerpen", v.total),
        .help = S("Bijvoorbeeld: netcongestie, anterieure overeenkomst, te weinig planologen"),
        .hero = true,
    };
    out_begin(&o, &b, c->arena, SITE_MAX_HTML);
    site_home_html(&o, &v);
    struct page page = {
        .title = S("Waar loopt uw woningbouw op vast?"),
        .description = S("Beproefde werkwijzen, instrumenten en kennis van gemeenten en hun "
                         "partners voor woningbouw."),
        .hide_search = true,
        .full_width = true,
        .canonical = S("/"),
        .feed = {S(LIBRARY_FEED_NAME), S(LIBRARY_FEED_URL)},
        .about = {.kind = PAGE_HOME},
    };
    return site_send(c, rq, rs, &page, &o);
}

/* The figures of the home page, as they are kept. */
int site_figures(struct ctx *c _unused_, const struct http_request *rq _unused_,
                 struct http_response *rs)
{
    const struct embedded_file *file =
        embedded_find(&embedded_content, S("data/national_completions.csv"));
    if (!file)
        BUG("national_completions.csv is missing from the binary");
    rs->static_body = file->bytes;
    rs->content_type = "text/csv; charset=utf-8";
    rs->etag = str_from(file->hash);
    rs->max_age = 0;
    return 0;
}

/* ---- pages of text ---- */

/* Sends what was written to o as a page of text. */
static int send_text(struct ctx *c, const struct http_request *rq, struct http_response *rs,
                     str title, struct out *o)
{
    struct page page = {
        .title = title,
        .section = str_starts(rq->path, S("/over")) ? S("over") : S(""),
        .canonical = rq->path,
    };
    return site_send(c, rq, rs, &page, o);
}

static str contact(const struct ctx *c)
{
    return config_text(c->config, "contact");
}

int site_about(struct ctx *c, const struct http_request *rq, struct http_response *rs)
{
    struct site_about_view v = {.contact = contact(c)};
    struct buf b;
    struct out o;
    TRY(library_count(c, &v.total));
    out_begin(&o, &b, c->arena, SITE_MAX_HTML);
    site_about_html(&o, &v);
    return send_text(c, rq, rs, S("Over Aanjager"), &o);
}

int site_judging(struct ctx *c, const struct http_request *rq, struct http_response *rs)
{
    struct site_judging_view v = {0};
    struct buf b;
    struct out o;
    out_begin(&o, &b, c->arena, SITE_MAX_HTML);
    site_judging_html(&o, &v);
    return send_text(c, rq, rs, S("Zo beoordelen wij kennis"), &o);
}

int site_accessibility(struct ctx *c, const struct http_request *rq, struct http_response *rs)
{
    struct site_accessibility_view v = {contact(c)};
    struct buf b;
    struct out o;
    out_begin(&o, &b, c->arena, SITE_MAX_HTML);
    site_accessibility_html(&o, &v);
    return send_text(c, rq, rs, S("Toegankelijkheid"), &o);
}

int site_privacy(struct ctx *c, const struct http_request *rq, struct http_response *rs)
{
    struct site_privacy_view v = {contact(c)};
    struct buf b;
    struct out o;
    out_begin(&o, &b, c->arena, SITE_MAX_HTML);
    site_privacy_html(&o, &v);
    return send_text(c, rq, rs, S("Privacy"), &o);
}

int site_style(struct ctx *c, const struct http_request *rq, struct http_response *rs)
{
    struct site_style_view v = {0};
    struct buf b;
    struct out o;
    out_begin(&o, &b, c->arena, SITE_MAX_HTML);
    site_style_html(&o, &v);
    return send_text(c, rq, rs, S("Stijl"), &o);
}

/* ---- errors ---- */

static str error_heading(int status)
{
    switch (status) {
    case 403:
        return S("U mag deze pagina niet zien");
    case 404:
        return S("Deze pagina bestaat niet");
    case 413:
        return S("Dit is te groot");
    case 429:
        return S("Even wachten");
    case 503:
        return S("Even geduld");
    default:
        return status < 500 ? S("Dit verzoek klopt niet") : S("Er ging iets mis");
    }
}

/* The terms are a help, not the point: when the database is away, the page goes without. */
static void error_terms(struct ctx *c, struct site_error_view *v)
{
    const struct taxonomy *t;
    struct site_term_view *terms;
    if (taxonomy_load(c, &t) < 0 || site_terms(c, t, TAXONOMY_BOTTLENECK, &terms) < 0)
        return;
    v->bottlenecks = terms;
    v->bottlenecks_total = (long long)t->list[TAXONOMY_BOTTLENECK].count;
    v->bottlenecks_count = chips(t->list[TAXONOMY_BOTTLENECK].count);
}

/* After signing in the visitor comes back to where he was. */
static void error_next(struct ctx *c, const struct http_request *rq, int status,
                       struct site_error_view *v)
{
    enum permission_answer answer =
        status == 403 && rq->route
            ? permission_answer(c->actor, (enum permission)rq->route->permission)
            : PERMISSION_YES;
    v->next_name = S("Ga naar de beginpagina");
    v->next_url = S("/");
    if (answer == PERMISSION_SIGN_IN) {
        struct buf b;
        struct out o = {&b};
        buf_init(&b, c->arena, 16 * 1024);
        buf_addz(&b, "/inloggen?naar=");
        out_url_part(&o, rq->method == HTTP_GET ? rq->path : S("/account"));
        v->heading = S("Log eerst in");
        v->next_name = S("Log in");
        v->next_url = buf_str(&b);
    } else if (answer == PERMISSION_TWO_FACTOR) {
        v->heading = S("Eerst een tweede stap");
        v->next_name = S("Naar de tweede stap");
        v->next_url = S("/account/tweede-stap");
    }
}

void site_error_page(struct ctx *c, const struct http_request *rq, struct http_response *rs)
{
    struct site_error_view v = {
        .search = {.label = S("Zoek wat u nodig hebt")},
        .heading = error_heading(rs->status),
        .words = err_words(&c->err),
        .id = rs->status >= 500 ? rq->id : S(""),
        .missing = rs->status == 404,
    };
    struct buf b;
    struct out o;
    if (v.missing)
        error_terms(c, &v);
    error_next(c, rq, rs->status, &v);
    out_begin(&o, &b, c->arena, SITE_MAX_HTML);
    site_error_html(&o, &v);
    struct page page = {.title = v.heading, .noindex = true, .hide_search = v.missing};
    if (site_send(c, rq, rs, &page, &o) < 0)
        rs->body.len = 0; /* the server's own plain page takes over */
}
