/* search_int.h - structs shared inside the search feature. */
#pragma once

#include "html/page.h"
#include "index/index.h"
#include "module/module.h"
#include "search/search.h"
#include "taxonomy/taxonomy.h"

enum { SEARCH_PAGE_SIZE = 20, SEARCH_FACETS = TAXONOMY_KINDS + 1, SEARCH_MAX_PAGE = 500 };

/* The facets in the order of the page: soort first, then the taxonomy kinds. */
extern const char *const search_facets[SEARCH_FACETS];

/* What was asked, from the parameters q, soort, fase, knelpunt, thema, rol, pagina. */
struct search_request {
    str text;
    struct index_filter filters[SEARCH_FACETS]; /* those with values */
    size_t filter_count;
    size_t page, size; /* page from 1; size: hits on one */
};
void search_request_read(const struct http_request *rq, struct search_request *ret);
/* The query string of this request with one facet value added or taken away, or another page. */
str search_request_query(struct ctx *c, const struct search_request *r, str path, size_t page);
/* browse, and a request without words: only what is in the library, unless the request names types.
 */
int search_run(struct ctx *c, const struct search_request *r, bool browse,
               struct index_result *ret) _nodiscard_;

extern const struct http_param search_params[], search_api_params[];
extern const struct json_shape search_result_shape;

/* "Werkwijze", "Begrip": the name of a type of object. */
str search_type_name(str type);
/* The types in the order of the page; the library's own page has only the first. */
enum { SEARCH_TYPES = 5, SEARCH_LIBRARY_TYPES = 3 };
extern const char *const search_types[SEARCH_TYPES];
/* The name for a facet value: "Voorbereiding" for fase "voorbereiding". */
str search_value_name(const struct taxonomy *t, const char *facet, str value);

http_handler search_page, search_browse, search_suggestions, search_api;

/* ---- views ---- */

struct search_piece {
    bool marked;
    str text;
};
struct search_hit_view {
    str url, type_name, phases;
    const str *meta; /* words under the text */
    size_t meta_count;
    const struct search_piece *title;
    size_t title_count;
    const struct search_piece *snippet;
    size_t snippet_count;
};
struct search_option_view {
    str value, name, id;
    bool chosen;
    long long count;
};
struct search_facet_view {
    str name, label, lower;                          /* "knelpunt" in a sentence */
    const struct search_option_view *options, *more; /* more: behind a summary */
    size_t options_count, more_count;
    str more_words; /* "Kies uit 13", "Nog 4" */
    bool open;
};
struct search_chosen_view { /* an active filter, with a link that takes it away */
    str label, name, url;
};
struct search_results_view {
    struct search_box_view search;
    bool browse;       /* the library's own page: other heading */
    str text, heading; /* "14 onderwerpen voor vergunning" */
    str action;        /* /zoeken or /kennisbank */
    str corrected, relaxed, suggestion, suggestion_url;
    const struct search_hit_view *hits;
    size_t hits_count;
    const struct search_facet_view *facets;
    size_t facets_count;
    const struct search_chosen_view *chosen;
    size_t chosen_count;
    str clear_url;
    str previous_url, next_url, page_words, filter_words;
    bool filtered;
    long long total_items; /* in the library */
};
void search_results_html(struct out *o, const struct search_results_view *v);

struct search_suggestions_view {
    const struct search_suggestion_view {
        str text, url, type_name, id;
    } * items;
    size_t items_count;
    str text, all_url;
};
void search_suggestions_html(struct out *o, const struct search_suggestions_view *v);

/* ---- store and commands ---- */

int search_store_vocabulary(struct ctx *c, struct index_vocabulary *ret) _nodiscard_;
/* Adds what the glossary's terms are also called to the synonyms; each pair of words once. */
int search_add_glossary(struct ctx *c, struct index_vocabulary *v) _nodiscard_;
int search_store_starter(struct ctx *c, const struct index_vocabulary *v, str hash) _nodiscard_;
int search_store_starter_hash(struct ctx *c, str *ret) _nodiscard_;
/* Reads content/search.yaml: synonyms and protected words. */
int search_read_vocabulary(struct ctx *c, str text, struct index_vocabulary *ret) _nodiscard_;

enum { SEARCH_COMMAND_COUNT = 2 };
extern const struct command search_commands[SEARCH_COMMAND_COUNT];
