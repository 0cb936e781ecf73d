/* site_glossary_int.h - views of the pages of the glossary. */
#pragma once

#include "glossary/glossary.h"
#include "site/site_int.h"

struct site_letter_view {
    str letter, id; /* "A", "letter-a" */
    const struct site_word_view {
        str name, url, explanation;
    } * terms;
    size_t terms_count;
};
struct site_glossary_view {
    str text, heading; /* what was filtered on; "58 begrippen" */
    const struct site_letter_view *letters;
    size_t letters_count;
    bool filtered;
};
void site_glossary_html(struct out *o, const struct site_glossary_view *v);

struct site_links_view {
    const struct page_link *items;
    size_t items_count;
};
struct site_glossary_term_view {
    const struct glossary_term *term;
    str title;
    html explanation, note;
    str abbreviations, forms, source_date, checked_words, changed_words;
    bool unchecked;
    struct site_links_view phases, bottlenecks, themes, actors;
    struct site_links_view items, terms, uses; /* uses: items with the term in their text */
    str uses_url;                              /* of all of them; empty when all are shown */
    struct glossary_explained_view explained;
};
void site_glossary_term_html(struct out *o, const struct site_glossary_term_view *v);

http_handler site_glossary, site_glossary_term;
