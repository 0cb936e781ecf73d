#include "source.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

bool is_word_byte(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

void found(struct findings *f, const struct source *s, int line, const char *rule, const char *fmt,
           ...)
{
    va_list args;
    va_start(args, fmt);
    (void)printf("%s:%d: %s: %s\n", s->path, line, rule, tool_vfmt(fmt, args));
    va_end(args);
    f->count++;
}

int findings_end(const struct findings *f)
{
    if (f->count)
        (void)printf("%zu finding%s\n", f->count, f->count == 1 ? "" : "s");
    return f->count ? 1 : 0;
}

void source_lines(const char *text, void (*f)(void *context, int number, const char *line),
                  void *context)
{
    for (int number = 1; *text; number++) {
        size_t n = strcspn(text, "\n");
        f(context, number, tool_copy(text, n));
        text += n + (text[n] == '\n');
    }
}

/* ---- blanks for comments and literals ---- */

static const char *blank(const char *p, const char *end, char *copy, const char *text)
{
    for (; p < end; p++)
        if (*p != '\n')
            copy[p - text] = ' ';
    return end;
}

static const char *literal_end(const char *p)
{
    char quote = *p++;
    while (*p && *p != quote && *p != '\n')
        p += *p == '\\' && p[1] ? 2 : 1;
    return p;
}

static const char *comment_end(const char *p)
{
    if (p[1] == '/')
        return p + strcspn(p, "\n");
    const char *end = strstr(p + 2, "*/");
    return end ? end + 2 : p + strlen(p);
}

static const char *without(const char *text, bool literals)
{
    char *copy = tool_copy(text, strlen(text));
    for (const char *p = text; *p;) {
        bool digit_separator = *p == '\'' && p > text && is_word_byte(p[-1]);
        if (*p == '/' && (p[1] == '/' || p[1] == '*')) {
            p = blank(p, comment_end(p), copy, text);
        } else if ((*p == '"' || *p == '\'') && !digit_separator) {
            const char *end = literal_end(p);
            if (literals)
                (void)blank(p + 1, end, copy, text);
            p = *end ? end + 1 : end;
        } else {
            p++;
        }
    }
    return copy;
}

/* ---- the tree ---- */

static const struct {
    const char *folder;
    enum room_kind kind;
} kinds[] = {
    {"foundation/", ROOM_FOUNDATION}, {"engines/", ROOM_ENGINE}, {"features/", ROOM_FEATURE}};

static void place(struct source *s, const char *relative)
{
    s->kind = tool_starts(relative, "app/") ? ROOM_APP : ROOM_NONE;
    s->room = s->kind == ROOM_APP ? "app" : "";
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (!tool_starts(relative, kinds[i].folder))
            continue;
        const char *room = relative + strlen(kinds[i].folder), *slash = strchr(room, '/');
        s->kind = slash ? kinds[i].kind : ROOM_NONE;
        s->room = slash ? tool_copy(room, (size_t)(slash - room)) : "";
    }
    const char *slash = strrchr(relative, '/');
    s->name = slash ? slash + 1 : relative;
}

static bool is_source(const char *path, bool *ret_code)
{
    *ret_code = tool_ends(path, ".c") || tool_ends(path, ".h") || tool_ends(path, ".cc") ||
                tool_ends(path, ".hh") || tool_ends(path, ".inc");
    return *ret_code || tool_ends(path, ".html") || tool_ends(path, ".sql") ||
           tool_ends(path, "meson.build");
}

void source_load(const char *folder, struct sources *ret)
{
    struct tool_paths paths = {0};
    tool_walk(folder, &paths);
    for (size_t i = 0; i < paths.count; i++) {
        struct source s = {.path = paths.items[i]};
        if (!is_source(s.path, &s.is_code))
            continue;
        struct text text = {0};
        tool_read(s.path, &text);
        place(&s, s.path + strlen(folder) + 1);
        s.text = text.ptr;
        s.code = s.is_code ? without(s.text, false) : s.text;
        s.bare = s.is_code ? without(s.text, true) : s.text;
        ret->items = tool_room(ret->items, ret->count, &ret->capacity, sizeof *ret->items);
        ret->items[ret->count++] = s;
    }
    if (!ret->count)
        tool_die("%s: there are no sources here", folder);
}
