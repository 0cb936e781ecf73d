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

struct page {
    str title;       /* for <title> and social cards, without the site's name */
    str description; /* one sentence; empty: none */
    str section;     /* marks the navigation: kennisbank, fasen, knelpunten, ... */
    const struct page_link *crumbs;
    size_t crumb_count;
    str search_text;  /* what stands in the header's search box */
    bool hide_search; /* pages that have the search box themselves */
    bool noindex;     /* robots */
    bool full_width;  /* the page sets its own columns (home) */
    str canonical;    /* path; empty: none */
    html body;        /* the content of <main> */
};

/* Fills rs with the whole document. */
int page_send(struct ctx *c, const struct http_request *rq, struct http_response *rs,
              const struct page *p) _nodiscard_;
