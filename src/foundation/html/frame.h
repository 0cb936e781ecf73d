/* frame.h - the view of frame.html, the document around every page. */
#pragma once

#include "html/page.h"

struct frame_menu_item {
    str name, url;
    bool present;
};

struct frame_view {
    const struct page *page;
    str canonical, css_url, js_url, icon_url;
    html schema; /* a script element that is data, or nothing */
    str og_type;
    const struct frame_menu_item *menu;
    size_t menu_count;
    const struct page_link *crumbs;
    size_t crumbs_count;
    struct search_box_view search;
    str account_name, viewer_name; /* empty: nobody is signed in; nobody looks along */
    bool signing_in;               /* this is the page for it */
    html body;
};
/* The JSON-LD of a page: its crumbs and what it is about. */
html page_schema(struct ctx *c, const struct page *p);

void frame_html(struct out *o, const struct frame_view *v);
