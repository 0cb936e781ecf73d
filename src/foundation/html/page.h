/* page.h - the frame around every page: head, skip link, header with navigation, main, footer. */
#pragma once

#include "base/ctx.h"
#include "html/html.h"
#include "http/http.h"

struct page_link {
    str name, url; /* in crumbs, an empty url is the current page */
};

/* The search box: one on a page. A plain form; the script adds suggestions. */
struct search_box_view {
    str text, label, help; /* help: empty for none */
    bool in_header, hero;
};
void search_box_html(struct out *o, const struct search_box_view *v);

/* What a page is, in the words of schema.org, for search engines and other programs. */
enum page_kind {
    PAGE_PLAIN, /* only its crumbs are told */
    PAGE_HOME,
    PAGE_ARTICLE,
    PAGE_TECH_ARTICLE,
    PAGE_HOW_TO,
    PAGE_ITEM_LIST, /* other pages in their order */
};
struct page_step {
    str name, text;
};
struct page_about {
    enum page_kind kind;
    str published, modified; /* RFC 3339 */
    str author;              /* an organisation; empty: the site itself */
    str licence_url;         /* empty: none */
    const struct page_link *terms;
    size_t terms_count;
    const struct page_step *steps; /* of PAGE_HOW_TO */
    size_t steps_count;
    const struct page_link *items; /* of PAGE_ITEM_LIST */
    size_t items_count;
};

struct page {
    str title;       /* for <title> and social cards, without the site's name */
    str description; /* one sentence; empty: none */
    str section;     /* marks the navigation: kennisbank, fasen, knelpunten, ... */
    const struct page_link *crumbs;
    size_t crumb_count;
    str search_text;       /* what stands in the header's search box */
    bool hide_search;      /* pages that have the search box themselves */
    bool noindex;          /* robots */
    bool full_width;       /* the page sets its own columns (home) */
    str canonical;         /* path; empty: none */
    struct page_link feed; /* Atom, for feed readers; empty: none */
    struct page_about about;
    html body; /* the content of <main> */
};

/* public_url; else the address that the visitor asked, which is for his own answer only. */
str page_origin(struct ctx *c, const struct http_request *rq);

/* Fills rs with the whole document. */
int page_send(struct ctx *c, const struct http_request *rq, struct http_response *rs,
              const struct page *p) _nodiscard_;
