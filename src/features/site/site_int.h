/* site_int.h - structs shared inside the site feature. */
#pragma once

#include "collections/collections.h"
#include "html/page.h"
#include "library/library.h"
#include "module/module.h"
#include "site/site.h"
#include "taxonomy/taxonomy.h"

enum { SITE_MAX_HTML = 512 * 1024, SITE_MAX_YEARS = 40 };

/* ---- national figures ---- */

struct site_year {
    long long year, completions;
    str median_months; /* "23,4"; empty when not known */
    long long median_tenths;
};
struct site_figures_data {
    struct site_year *years; /* rising */
    size_t years_count;
    str vintage; /* "peildatum vierde kwartaal 2025" */
};
/* Reads data/national_completions.csv out of the binary. */
int site_figures_read(struct ctx *c, struct site_figures_data *ret) _nodiscard_;

struct site_bar {
    str x, width, label_x; /* percentages of the drawing's width, "9.09%" */
    long long y, height, value_y, completions;
    bool labelled, valued,
        last; /* which bars carry their year, their value; the last is drawn darker */
    str year;
};
/* Bars of the completions in a drawing 216 units high, on a base at 188, the axis from 0. */
size_t site_bars(struct ctx *c, const struct site_figures_data *f, struct site_bar **ret);

/* ---- views ---- */

struct site_term_view {
    str name, url, summary;
    long long count;
    bool single;
};

struct site_card_view {
    str url, title, summary, type_name, phases;
    const str *meta;
    size_t meta_count;
};
void site_card_html(struct out *o, const struct site_card_view *v);

struct site_rail_view { /* the phases as a rail from policy to aftercare */
    const struct site_rail_step {
        str name, url, count_words;
        bool present;
    } * steps;
    size_t steps_count;
    bool home;
};
void site_rail_html(struct out *o, const struct site_rail_view *v);

struct site_home_view {
    struct search_box_view search;
    struct site_rail_view rail;
    const struct site_term_view *bottlenecks; /* the first, as chips */
    size_t bottlenecks_count;
    long long bottlenecks_total;
    const struct site_bar *bars;
    size_t bars_count;
    const struct site_year *years;
    size_t years_count;
    struct site_year last, peak, first;
    bool has_figures, falls,
        slower; /* falls: the last year is below the peak; slower: takes longer than in the first */
    str vintage;
    const struct collection_card *collections; /* to begin with */
    size_t collections_count;
    const struct site_card_view *recent;
    size_t recent_count;
    long long total;
};
void site_home_html(struct out *o, const struct site_home_view *v);

struct site_section_view {
    str name;
    const struct site_term_view *terms;
    size_t terms_count;
};
struct site_terms_view {
    str heading, intro;
    const struct site_section_view *sections;
    size_t sections_count;
    bool numbered, sectioned; /* phases: in order; roles: under headings */
};
void site_terms_html(struct out *o, const struct site_terms_view *v);

struct site_group_view {
    str heading, all_url, all_words; /* all_url: when there are more than are shown */
    const struct site_card_view *cards;
    size_t cards_count;
};
struct site_neighbour_view {
    str name, url;
    bool present;
};
struct site_show_view {
    str label, name, formal, summary, text, ends_with, filter_url;
    str feed_url; /* of a theme */
    const struct site_group_view *groups;
    size_t groups_count;
    long long total;
    bool single;
    const struct site_neighbour_view *neighbours; /* all terms of the kind, to go on from here */
    size_t neighbours_count;
    str neighbours_label;
    const struct collection_card *collections; /* that are for this term */
    size_t collections_count;
    struct site_rail_view rail; /* instead of neighbours, for a phase */
};
void site_show_html(struct out *o, const struct site_show_view *v);

/* Pages of text: each its own template over the same few facts. */
struct site_about_view {
    str contact;
    long long total;
};
void site_about_html(struct out *o, const struct site_about_view *v);
struct site_judging_view {
    long long total;
};
void site_judging_html(struct out *o, const struct site_judging_view *v);
struct site_accessibility_view {
    str contact;
};
void site_accessibility_html(struct out *o, const struct site_accessibility_view *v);
struct site_privacy_view {
    str contact;
};
void site_privacy_html(struct out *o, const struct site_privacy_view *v);
struct site_style_view {
    long long total;
};
void site_style_html(struct out *o, const struct site_style_view *v);

struct site_map_view {
    const struct site_section_view *sections;
    size_t sections_count;
};
void site_map_html(struct out *o, const struct site_map_view *v);

struct site_error_view {
    struct search_box_view search;
    str heading, words, id;
    bool missing;            /* 404: offers search */
    str next_name, next_url; /* what helps: signing in, a second factor; else the home page */
    const struct site_term_view *bottlenecks;
    size_t bottlenecks_count;
    long long bottlenecks_total;
};
void site_error_html(struct out *o, const struct site_error_view *v);

/* ---- handlers ---- */

http_handler site_home, site_about, site_judging, site_accessibility, site_privacy, site_style;
http_handler site_figures, site_map, site_map_xml, site_robots, site_security;
http_handler site_phases, site_phase, site_bottlenecks, site_bottleneck, site_themes, site_theme;
http_handler site_actors, site_actor;

int site_cards(struct ctx *c, const struct taxonomy *t, const struct library_card *cards,
               size_t count, const struct site_card_view **ret) _nodiscard_;
int site_rail(struct ctx *c, const struct taxonomy *t, str present_url,
              struct site_rail_view *ret) _nodiscard_;
/* All terms of a kind with their counts and addresses. */
int site_terms(struct ctx *c, const struct taxonomy *t, enum taxonomy_kind kind,
               struct site_term_view **ret) _nodiscard_;
int site_send(struct ctx *c, const struct http_request *rq, struct http_response *rs,
              struct page *page, struct out *o) _nodiscard_;
