/* Sitemap for people and for robots, robots.txt, security.txt. */
#include "site/site_int.h"

#include "base/clock.h"
#include "base/vec.h"
#include "collections/collections.h"
#include "glossary/glossary.h"

enum { MAP_MAX_ITEMS = 40000, SECURITY_DAYS = 180 };

struct sections {
    struct site_section_view *items;
    size_t count, capacity;
};

static int add_term_sections(struct ctx *c, struct sections *sections)
{
    static const char *const names[TAXONOMY_KINDS] = {"Fasen", "Knelpunten", "Thema’s", "Rollen"};
    const struct taxonomy *t;
    TRY(taxonomy_load(c, &t));
    for (int kind = 0; kind < TAXONOMY_KINDS; kind++) {
        struct site_term_view *terms;
        TRY(site_terms(c, t, (enum taxonomy_kind)kind, &terms));
        *vec_push(c->arena, sections) =
            (struct site_section_view){str_from(names[kind]), terms, t->list[kind].count};
    }
    return 0;
}

static int add_glossary(struct ctx *c, struct sections *sections)
{
    const struct glossary *g;
    TRY(glossary_load(c, &g));
    struct site_term_view *terms = arena_array(c->arena, g->count + 1, sizeof *terms);
    for (size_t i = 0; i < g->count; i++)
        terms[i] = (struct site_term_view){.name = glossary_full_name(c->arena, &g->terms[i]),
                                           .url = str_fmt(c->arena, "/begrippen/%.*s",
                                                          (int)g->terms[i].slug.len,
                                                          g->terms[i].slug.ptr)};
    *vec_push(c->arena, sections) = (struct site_section_view){S("Begrippen"), terms, g->count};
    return 0;
}

static int add_collections(struct ctx *c, struct sections *sections)
{
    const struct collections *all;
    TRY(collections_load(c, &all));
    struct site_term_view *terms = arena_array(c->arena, all->count + 1, sizeof *terms);
    for (size_t i = 0; i < all->count; i++)
        terms[i] = (struct site_term_view){.name = all->items[i].title,
                                           .url = str_fmt(c->arena, "/collecties/%.*s",
                                                          (int)all->items[i].slug.len,
                                                          all->items[i].slug.ptr)};
    *vec_push(c->arena, sections) = (struct site_section_view){S("Collecties"), terms, all->count};
    return 0;
}

static int add_items(struct ctx *c, struct sections *sections)
{
    struct library_card *cards;
    size_t count;
    TRY(library_recent(c, MAP_MAX_ITEMS, &cards, &count));
    struct site_term_view *items = arena_array(c->arena, count + 1, sizeof *items);
    for (size_t i = 0; i < count; i++)
        items[i] =
            (struct site_term_view){.name = cards[i].title,
                                    .url = str_fmt(c->arena, "/kennisbank/%.*s",
                                                   (int)cards[i].slug.len, cards[i].slug.ptr)};
    *vec_push(c->arena, sections) = (struct site_section_view){S("Kennisbank"), items, count};
    return 0;
}

static const struct site_term_view fixed[] = {
    {.name = STR("Home"), .url = STR("/")},
    {.name = STR("Kennisbank"), .url = STR("/kennisbank")},
    {.name = STR("Zoeken"), .url = STR("/zoeken")},
    {.name = STR("Collecties"), .url = STR("/collecties")},
    {.name = STR("Begrippen"), .url = STR("/begrippen")},
    {.name = STR("Over Aanjager"), .url = STR("/over")},
    {.name = STR("Zo beoordelen wij kennis"), .url = STR("/over/beoordeling")},
    {.name = STR("Wat er nog ontbreekt"), .url = STR("/over/wat-ontbreekt")},
    {.name = STR("API en open data"), .url = STR("/api")},
    {.name = STR("Toegankelijkheid"), .url = STR("/toegankelijkheid")},
    {.name = STR("Privacy"), .url = STR("/privacy")},
    {.name = STR("Stijl"), .url = STR("/stijl")},
};

static int all_sections(struct ctx *c, struct sections *sections)
{
    *vec_push(c->arena, sections) =
        (struct site_section_view){S("Aanjager"), fixed, COUNT_OF(fixed)};
    TRY(add_term_sections(c, sections));
    TRY(add_collections(c, sections));
    TRY(add_glossary(c, sections));
    return add_items(c, sections);
}

static int compare_names(const void *a, const void *b)
{
    return str_cmp(((const struct site_term_view *)a)->name,
                   ((const struct site_term_view *)b)->name);
}

int site_map(struct ctx *c, const struct http_request *rq, struct http_response *rs)
{
    struct sections sections = {0};
    struct buf b;
    struct out o;
    TRY(all_sections(c, &sections));
    struct site_section_view *items = &sections.items[sections.count - 1];
    if (items->terms_count)
        qsort((void *)(uintptr_t)items->terms, items->terms_count, sizeof *items->terms,
              compare_names);
    struct site_map_view v = {sections.items, sections.count};
    out_begin(&o, &b, c->arena, SITE_MAX_HTML * 4);
    site_map_html(&o, &v);
    struct page page = {.title = S("Sitemap"), .canonical = rq->path};
    return site_send(c, rq, rs, &page, &o);
}

int site_map_xml(struct ctx *c, const struct http_request *rq, struct http_response *rs)
{
    struct sections sections = {0};
    struct out o = {&rs->body};
    TRY(all_sections(c, &sections));
    out_lit(&o, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                "<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n");
    for (size_t i = 0; i < sections.count; i++)
        for (size_t k = 0; k < sections.items[i].terms_count; k++) {
            out_lit(&o, "<url><loc>");
            out(&o, page_origin(c, rq));
            out(&o, sections.items[i].terms[k].url);
            out_lit(&o, "</loc></url>\n");
        }
    out_lit(&o, "</urlset>\n");
    rs->content_type = "application/xml; charset=utf-8";
    return 0;
}

int site_robots(struct ctx *c, const struct http_request *rq, struct http_response *rs)
{
    /* Combinations of filters and searches are endless: robots read the items themselves. */
    buf_addz(&rs->body,
             "User-agent: *\nDisallow: /zoeken\nDisallow: /kennisbank?\nDisallow: /*/vergelijk\n"
             "Disallow: /*/versies\nSitemap: ");
    buf_add(&rs->body, page_origin(c, rq));
    buf_addz(&rs->body, "/sitemap.xml\n");
    rs->content_type = "text/plain; charset=utf-8";
    return 0;
}

/* RFC 9116. Without a configured contact it points to the page that says who runs the site. */
int site_security(struct ctx *c, const struct http_request *rq, struct http_response *rs)
{
    str contact = config_text(c->config, "contact");
    if (!contact.len)
        contact = str_fmt(c->arena, "%s/over", str_z(c->arena, page_origin(c, rq)));
    buf_addz(&rs->body, "Contact: ");
    buf_add(&rs->body, contact);
    buf_addz(&rs->body, "\nExpires: ");
    buf_add(&rs->body, clock_rfc3339(c->arena, clock_now() + SECURITY_DAYS * 86400LL));
    buf_addz(&rs->body, "\nPreferred-Languages: nl, en\nCanonical: ");
    buf_add(&rs->body, page_origin(c, rq));
    buf_addz(&rs->body, "/.well-known/security.txt\n");
    rs->content_type = "text/plain; charset=utf-8";
    return 0;
}
