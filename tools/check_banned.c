/* check_banned - finds what base/banned.h cannot forbid: check_banned SRC_DIR

   Functions that have no place below app/ or in features and engines, variables that are not
   constant there, and marks of unfinished work. Comments and literals are left out first, except
   for the marks. Each finding is "file:line: rule: what to do"; the exit status is 1 when there is
   one. */
#include "source.h"

#include <stdio.h>
#include <string.h>

enum where {
    EVERYWHERE,
    BELOW_APP,      /* foundation, engines and features */
    BELOW_NOT_BASE, /* the same without base */
    SILENT,         /* below app/, but for the command line verbs of features, base/log.c and BUG */
    PURE,           /* features and engines */
};

static const struct banned {
    const char *name;
    enum where where;
    const char *advice;
} banned[] = {
    /* Also in base/banned.h, which C++ and files without base/ do not see. */
    {"strcpy", EVERYWHERE, "use str_dup or buf_add"},
    {"strcat", EVERYWHERE, "use buf_add"},
    {"strncpy", EVERYWHERE, "use str_slice"},
    {"strncat", EVERYWHERE, "use buf_add"},
    {"stpcpy", EVERYWHERE, "use buf_add"},
    {"strtok", EVERYWHERE, "use str_split"},
    {"strtok_r", EVERYWHERE, "use str_split"},
    {"strsep", EVERYWHERE, "use str_split"},
    {"sprintf", EVERYWHERE, "use str_fmt or snprintf"},
    {"vsprintf", EVERYWHERE, "use str_fmt or vsnprintf"},
    {"gets", EVERYWHERE, "use file_read"},
    {"scanf", EVERYWHERE, "use str_int"},
    {"sscanf", EVERYWHERE, "use str_int and str_split"},
    {"fscanf", EVERYWHERE, "use str_int and str_line"},
    {"atoi", EVERYWHERE, "use str_int"},
    {"atol", EVERYWHERE, "use str_int"},
    {"atoll", EVERYWHERE, "use str_int"},
    {"gmtime", EVERYWHERE, "use base/clock.h"},
    {"localtime", EVERYWHERE, "use base/clock.h"},
    {"ctime", EVERYWHERE, "use base/clock.h"},
    {"asctime", EVERYWHERE, "use base/clock.h"},
    {"alloca", EVERYWHERE, "use arena_alloc"},
    {"system", EVERYWHERE, "no shell is ever started; use posix_spawn with fixed arguments"},
    {"popen", EVERYWHERE, "no shell is ever started; use posix_spawn with fixed arguments"},
    {"rand", EVERYWHERE, "use random_bytes, or a generator with a seed of your own"},
    {"srand", EVERYWHERE, "use random_bytes, or a generator with a seed of your own"},
    {"random", EVERYWHERE, "use random_bytes, or a generator with a seed of your own"},
    {"mktemp", EVERYWHERE, "use mkstemp"},
    {"tmpnam", EVERYWHERE, "use mkstemp"},
    {"tempnam", EVERYWHERE, "use mkstemp"},
    {"setjmp", EVERYWHERE, "return an error code"},
    {"longjmp", EVERYWHERE, "return an error code"},
    {"sigsetjmp", EVERYWHERE, "return an error code"},
    {"siglongjmp", EVERYWHERE, "return an error code"},
    {"vfork", EVERYWHERE, "use posix_spawn"},
    {"exit", BELOW_NOT_BASE, "return an error code; only app/ ends the program"},
    {"_exit", BELOW_NOT_BASE, "return an error code; only app/ ends the program"},
    {"quick_exit", BELOW_NOT_BASE, "return an error code; only app/ ends the program"},
    {"abort", BELOW_NOT_BASE, "use BUG for a programming mistake, else return an error code"},
    {"printf", SILENT, "return words in ctx->err; app/, *_commands.c and base/log.c write"},
    {"vprintf", SILENT, "return words in ctx->err; app/, *_commands.c and base/log.c write"},
    {"puts", SILENT, "return words in ctx->err; app/, *_commands.c and base/log.c write"},
    {"putchar", SILENT, "return words in ctx->err; app/, *_commands.c and base/log.c write"},
    {"perror", SILENT, "return words in ctx->err; app/, *_commands.c and base/log.c write"},
    {"malloc", PURE, "use arena_alloc"},
    {"calloc", PURE, "use arena_array"},
    {"realloc", PURE, "use arena_grow or vec_push"},
    {"reallocarray", PURE, "use arena_grow or vec_push"},
    {"aligned_alloc", PURE, "use arena_alloc"},
    {"posix_memalign", PURE, "use arena_alloc"},
    {"strdup", PURE, "use str_dup"},
    {"strndup", PURE, "use str_dup"},
    {"asprintf", PURE, "use str_fmt"},
    {"vasprintf", PURE, "use str_fmt"},
    {"getline", PURE, "use str_line"},
    {"free", PURE, "memory goes with its arena; use arena_defer for things of a library"},
    {"getenv", PURE, "declare a setting"},
    {"setenv", BELOW_APP, "the environment belongs to the whole process"},
    {"putenv", BELOW_APP, "the environment belongs to the whole process"},
    {"setlocale", BELOW_APP, "the locale belongs to the whole process"},
};

struct check {
    struct findings findings;
    const struct source *source;
};

static bool is_pure(const struct source *s)
{
    return s->kind == ROOM_FEATURE || s->kind == ROOM_ENGINE;
}

static bool may_print(const struct source *s)
{
    /* The verbs of the command line, and what they share. */
    bool in_module = s->kind == ROOM_FOUNDATION && strcmp(s->room, "module") == 0;
    if (s->kind == ROOM_FEATURE || in_module)
        return tool_ends(s->name, "_commands.c");
    bool in_base = s->kind == ROOM_FOUNDATION && strcmp(s->room, "base") == 0;
    return s->kind == ROOM_APP ||
           (in_base && (strcmp(s->name, "log.c") == 0 || strcmp(s->name, "base.c") == 0));
}

static bool applies(enum where where, const struct source *s)
{
    bool in_base = s->kind == ROOM_FOUNDATION && strcmp(s->room, "base") == 0;
    switch (where) {
    case EVERYWHERE:
        return true;
    case BELOW_APP:
        return s->kind != ROOM_APP;
    case BELOW_NOT_BASE:
        return s->kind != ROOM_APP && !in_base;
    case SILENT:
        return !may_print(s);
    case PURE:
        return is_pure(s);
    }
    return false;
}

static int line_of(const char *text, const char *at)
{
    int line = 1;
    for (; text < at; text++)
        line += *text == '\n';
    return line;
}

static const char *skip_space(const char *p)
{
    return p + strspn(p, " \t\n");
}

/* The next place of the whole word, from p on; NULL when there is none. */
static const char *find_word(const char *text, const char *p, const char *word)
{
    size_t n = strlen(word);
    for (; (p = strstr(p, word)); p += n)
        if ((p == text || !is_word_byte(p[-1])) && !is_word_byte(p[n]))
            return p;
    return NULL;
}

/* ---- functions ---- */

/* Is name( here a call of the C function, not of a member or another namespace? */
static bool is_call(const char *text, const char *at, size_t len)
{
    if (*skip_space(at + len) != '(')
        return false;
    bool std = at - text >= 5 && strncmp(at - 5, "std::", 5) == 0;
    bool member = (at > text && at[-1] == '.') || (at - text >= 2 && strncmp(at - 2, "->", 2) == 0);
    bool scoped = !std && at - text >= 2 && strncmp(at - 2, "::", 2) == 0;
    return !member && !scoped;
}

static void check_functions(struct check *k)
{
    const struct source *s = k->source;
    for (size_t i = 0; i < sizeof banned / sizeof *banned; i++) {
        const struct banned *b = &banned[i];
        size_t len = strlen(b->name);
        if (!applies(b->where, s))
            continue;
        for (const char *p = s->bare; (p = find_word(s->bare, p, b->name)); p += len)
            if (is_call(s->bare, p, len))
                found(&k->findings, s, line_of(s->bare, p), "banned", "%s(): %s", b->name,
                      b->advice);
    }
}

/* fprintf, fputs and the like are allowed on files, not on the standard streams. */
static void check_streams(struct check *k)
{
    static const char *const names[] = {"stderr", "stdout"};
    const struct source *s = k->source;
    if (may_print(s))
        return;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        for (const char *p = s->bare; (p = find_word(s->bare, p, names[i])); p++)
            found(&k->findings, s, line_of(s->bare, p), "banned",
                  "%s: return words in ctx->err; app/, *_commands.c and base/log.c write",
                  names[i]);
}

/* ---- variables ---- */

/* The declaration from p up to what decides: ; = ( { or the end. */
static size_t declaration_length(const char *p)
{
    return strcspn(p, ";=({");
}

static bool has_word(const char *text, size_t len, const char *word)
{
    const char *z = tool_copy(text, len);
    return find_word(z, z, word) != NULL;
}

/* Is the object itself constant: "const" after the last "*", or anywhere when there is no "*"? */
static bool is_constant(const char *p, size_t len)
{
    const char *z = tool_copy(p, len), *star = strrchr(z, '*');
    const char *from = star ? star + 1 : z;
    return find_word(from, from, "const") || find_word(z, z, "constexpr");
}

/* Does a variable begin here, and not a function or type? */
static bool is_variable(const char *p)
{
    size_t len = declaration_length(p);
    const char *end = p + len;
    if (*end == '(') /* a function, but for a pointer to one */
        return *skip_space(end + 1) == '*';
    return *end == '=' || *end == ';';
}

static void report_variable(struct check *k, const char *at)
{
    found(&k->findings, k->source, line_of(k->source->bare, at), "variable",
          "no variable may outlive a call in features and engines: make it const, or keep it in "
          "the arena or the database");
}

static void check_statics(struct check *k)
{
    const char *text = k->source->bare;
    for (const char *p = text; (p = find_word(text, p, "static")); p++)
        if (is_variable(p) && !is_constant(p, declaration_length(p)))
            report_variable(k, p);
}

/* Variables at file level without "static": a declaration that begins in the first column. */
static void check_globals(struct check *k)
{
    static const char *const others[] = {"static",         "typedef",      "extern",
                                         "using",          "namespace",    "template",
                                         "_Static_assert", "static_assert"};
    const char *text = k->source->bare;
    for (const char *p = text; *p; p += strcspn(p, "\n"), p += *p == '\n') {
        size_t len = declaration_length(p), words = 0;
        bool other = !is_word_byte(*p);
        for (size_t i = 0; i < sizeof others / sizeof *others; i++)
            other = other || has_word(p, len, others[i]);
        for (size_t i = 0; i < len; i++)
            words += is_word_byte(p[i]) && !is_word_byte(p[i + 1]);
        bool forward = p[len] == ';' && words == 2 &&
                       (tool_starts(p, "struct ") || tool_starts(p, "enum ") ||
                        tool_starts(p, "union ") || tool_starts(p, "class "));
        if (!other && !forward && words > 1 && is_variable(p) && !is_constant(p, len))
            report_variable(k, p);
    }
}

/* ---- marks ---- */

static void check_marks(struct check *k)
{
    static const char *const marks[] = {"TODO", "FIXME", "XXX"};
    const struct source *s = k->source;
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        for (const char *p = s->text; (p = find_word(s->text, p, marks[i])); p++)
            found(&k->findings, s, line_of(s->text, p), "unfinished",
                  "\"%s\": finish it, or describe the limit in the documentation", marks[i]);
}

static void check(struct check *k)
{
    const struct source *s = k->source;
    check_marks(k);
    if (!s->is_code || (strcmp(s->room, "base") == 0 && strcmp(s->name, "banned.h") == 0))
        return;
    check_functions(k);
    check_streams(k);
    if (!is_pure(s))
        return;
    check_statics(k);
    if (!tool_ends(s->name, ".h")) /* there, "http_handler library_show;" is a function */
        check_globals(k);
}

int main(int argc, char **argv)
{
    struct check k = {0};
    struct sources sources = {0};
    if (argc != 2)
        tool_die("use: check_banned SRC_DIR");
    source_load(argv[1], &sources);
    for (size_t i = 0; i < sources.count; i++) {
        k.source = &sources.items[i];
        check(&k);
    }
    return findings_end(&k.findings);
}
