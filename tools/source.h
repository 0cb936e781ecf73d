/* source.h - what check_layers and check_banned share: the tree of sources, their includes, and
 * findings. */
#pragma once

#include "tool.h"

enum room_kind { ROOM_FOUNDATION, ROOM_ENGINE, ROOM_FEATURE, ROOM_APP, ROOM_NONE };

struct source {
    const char *path; /* as given on the command line, for findings */
    const char *name; /* without folders */
    enum room_kind kind;
    const char *room; /* base, dutch, library; "app" for app/; "" directly in the tree */
    const char *text; /* as it is */
    const char *code; /* comments are blanks; lines stay */
    const char
        *bare;    /* the same, and string and character literals are blanks within their quotes */
    bool is_code; /* C or C++ */
};

struct sources {
    struct source *items;
    size_t count, capacity;
};

void source_load(const char *folder, struct sources *ret);

/* Calls f for each line, numbered from 1; the line is a copy without its end. */
void source_lines(const char *text, void (*f)(void *context, int number, const char *line),
                  void *context);

/* Prints "path:line: rule: words" and counts it. */
struct findings {
    size_t count;
};
void found(struct findings *f, const struct source *s, int line, const char *rule, const char *fmt,
           ...) TOOL_PRINTF(5, 6);
/* The exit status, with a closing line when there are findings. */
int findings_end(const struct findings *f);

bool is_word_byte(char c); /* letter, digit, underscore */
