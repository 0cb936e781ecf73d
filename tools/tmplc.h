/* tmplc.h - what tmplc_main.c, tmplc.c (tags and code) and tmplc_html.c (where in the HTML are
   we) share. */
#pragma once

#include "tool.h"

enum place {
    IN_TEXT,
    IN_WORDS, /* title, textarea: text without elements */
    IN_RAW,   /* script, style and others that know no escaping */
    IN_COMMENT,
    IN_DECLARATION,
    IN_TAG_NAME,
    IN_END_TAG,
    IN_TAG,
    IN_ATTR_NAME,
    AFTER_ATTR_NAME,
    BEFORE_VALUE,
    IN_VALUE_DOUBLE,
    IN_VALUE_SINGLE,
    IN_VALUE_BARE,
};

/* How far a URL attribute has come. */
enum url_phase {
    URL_START,       /* nothing yet: a value here is a whole URL */
    URL_PREFIX,      /* literal text only; in state.prefix */
    URL_WHOLE,       /* after a whole URL: only / ? & # may follow */
    URL_WHOLE_SLASH, /* after that "/": a value here could make "//host" */
    URL_REST,        /* a value here is one part */
    URL_CLOSED,      /* how it began depends on a condition: no value */
};

struct state {
    enum place place;
    enum url_phase url;
    bool glued; /* IN_TAG: white space must come before the next attribute */
    char tag[24], attr[48], prefix[160];
};

struct block {
    bool each, has_else, has_end;
    int line;
    struct state start, end; /* end: of the branches so far */
    const char *name;        /* the loop variable */
};

enum { MAX_DEPTH = 32 };

struct compiler {
    const char *file;
    struct text source, code, literal; /* literal: output not yet in code */
    size_t at;                         /* in source */
    int line, literal_line, code_line;
    struct state st;
    struct block blocks[MAX_DEPTH];
    size_t depth;
};

/* Compiles c->source into c->code; file and line (1) are set by the caller. */
void tmplc_compile(struct compiler *c);

/* Prints file:line: words and ends with status 1. */
_Noreturn void fail(const struct compiler *c, int line, const char *fmt, ...) TOOL_PRINTF(3, 4);

bool is_space(char b);
bool is_name(char b); /* a letter, digit or underscore */

/* Follows one byte of literal HTML, the one at c->at. */
void html_step(struct compiler *c, char b);
/* A block tag stands here: ends names; fails where no tag may stand. */
void html_settle(const struct compiler *c, struct state *st);
/* Where two branches meet; fails when they end in different places. */
struct state html_merge(const struct compiler *c, const struct state *a, const struct state *b);
/* The writer's function for a value here; fails where no value is safe. */
const char *html_value_function(struct compiler *c);
const char *html_place_words(const struct state *st);
