/* glossary.h - the words of the trade: what other features may ask of it.

   A term is explained in one sentence; the pages of /begrippen are the site's, the words that mean
   the same go to search, and the text of items gets its terms explained here. */
#pragma once

#include "base/ctx.h"

struct html; /* html/html.h */
struct out;

#define GLOSSARY_KIND "begrip" /* in the change feed, of the index and its facet "soort" */

struct glossary_words {
    const str *items;
    size_t items_count;
};

struct glossary_source {
    str name, url, date; /* url and date may be empty; date: YYYY-MM-DD, when it was consulted */
};

struct glossary_related {
    struct glossary_words items, terms;                        /* slugs */
    struct glossary_words phases, bottlenecks, themes, actors; /* codes of the taxonomy */
};

struct glossary_term {
    long long id, changed_at;
    str slug, name, explanation, note; /* note: Markdown, may be empty */
    struct glossary_words abbreviations, forms;
    struct glossary_source source;
    struct glossary_related related;
    str certainty, checked; /* as an item's */
    bool explained;         /* in the text of items */
    bool searched;          /* its abbreviations and forms mean the same to search */
    char letter;            /* under which it stands in an A-Z: 'a' to 'z', or '#' */
    str document;           /* the file text of docs/content-format.md */
};

struct glossary {
    const struct glossary_term *terms; /* by name, as in a dictionary */
    size_t count;
    const struct terms *matcher;
    uint64_t hash; /* of all that the terms say: for what is kept of texts in which they stand */
};

/* The whole glossary, made once per change and shared; it stays until c's arena is reset. */
int glossary_load(struct ctx *c, const struct glossary **ret) _nodiscard_;
const struct glossary_term *glossary_by_slug(const struct glossary *g, str slug); /* or NULL */
/* Whose name, abbreviation or other name this is, as somebody writes it in an address; when none is
   written so, hyphens, stops, capitals and accents do not matter. The first by name, or NULL. */
const struct glossary_term *glossary_by_word(struct arena *a, const struct glossary *g, str word);
/* As a heading, with a capital: "Netcongestie"; with the abbreviations: "Specifieke uitkering
 * (SPUK)". */
str glossary_title(struct arena *a, const struct glossary_term *t);
str glossary_full_name(struct arena *a, const struct glossary_term *t);
/* Has name, abbreviation, form or explanation these words? Capitals and accents do not matter. */
bool glossary_fits(struct arena *a, const struct glossary_term *t, str words);

/* ---- terms in the text of a page ---- */

/* One page while it is written: each term is explained where it first occurs. */
struct glossary_reader;
struct glossary_reader *glossary_reader_new(struct ctx *c, const struct glossary *g);
/* Does not explain the term that is called this: the page is about it. */
void glossary_reader_skip(struct glossary_reader *r, str words);
/* The same markup, with a link around each term that the page did not have before. */
struct html glossary_explain(struct glossary_reader *r, struct html text);
struct html glossary_explain_text(struct glossary_reader *r, str text); /* of plain text */

/* The list at the end of the page of what was explained in it, by name. */
struct glossary_explained_view {
    const struct glossary_explained {
        str id, url, name, explanation;
    } * terms;
    size_t terms_count;
    bool unchecked; /* one of them at least */
};
struct glossary_explained_view glossary_reader_list(const struct glossary_reader *r);
void glossary_explained_html(struct out *o, const struct glossary_explained_view *v);

extern const struct module glossary_module;
