/* tmplc_views.h - the views that the templates of test_tmplc show. */
#pragma once

#include "html/html.h"

struct tmplc_tag_view {
    str name;
    const str *aliases;
    size_t aliases_count;
};

struct tmplc_owner {
    str name;
};

struct tmplc_good_view {
    str title, url, query, kind;
    const char *note;
    html body;
    bool open;
    int hits;
    long long homes;
    const struct tmplc_owner *owner;
    struct tmplc_tag_view card;
    const struct tmplc_tag_view *tags;
    size_t tags_count;
    struct {
        int items[3];
        unsigned count;
    } years;
};

void tmplc_good_html(struct out *o, const struct tmplc_good_view *v);
void tmplc_tag_html(struct out *o, const struct tmplc_tag_view *v);
