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
    const struct frame_menu_item *menu;
    size_t menu_count;
    const struct page_link *crumbs;
    size_t crumbs_count;
    struct search_box_view search;
    html body;
};
void frame_html(struct out *o, const struct frame_view *v);
