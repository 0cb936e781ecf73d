/* check_layers - holds the sources to architecture.md section 2, rules 1-4, and to the size limits:
   check_layers SRC_DIR

   It reads only the #include lines (and {{# view }} of templates), so it is quick and cannot be
   argued with. Each finding is "file:line: rule: what to do"; the exit status is 1 when there is
   one. */
#include "source.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_FILE_LINES = 800, MAX_FUNCTION_LINES = 100, MAX_FEATURES = 64 };

/* What a room of the foundation may include besides itself. */
static const struct {
    const char *room, *allowed;
} foundation[] = {
    {"base", ""},
    {"crypto", "base"},
    {"json", "base"},
    {"yaml", "base"},
    {"table", "base"},
    {"db", "base crypto"},
    {"http", "base json"},
    {"html", "base http json auth"},
    {"auth", "base crypto"},
    {"mail", "base db jobs"},
    {"audit", "base crypto db"},
    {"jobs", "base db"},
    {"chart", "base html jobs"},
    {"index", "base db dutch"},
    {"module", "base http index jobs"},
};

static const char *const standard_headers[] = {
    "assert.h",       "complex.h",     "ctype.h",      "errno.h",       "fenv.h",
    "float.h",        "inttypes.h",    "limits.h",     "locale.h",      "math.h",
    "setjmp.h",       "signal.h",      "stdalign.h",   "stdarg.h",      "stdatomic.h",
    "stdbool.h",      "stddef.h",      "stdint.h",     "stdio.h",       "stdlib.h",
    "stdnoreturn.h",  "string.h",      "tgmath.h",     "threads.h",     "time.h",
    "uchar.h",        "wchar.h",       "wctype.h",     "arpa/inet.h",   "dirent.h",
    "dlfcn.h",        "fcntl.h",       "fnmatch.h",    "ftw.h",         "getopt.h",
    "glob.h",         "grp.h",         "iconv.h",      "langinfo.h",    "libgen.h",
    "netdb.h",        "net/if.h",      "netinet/in.h", "netinet/tcp.h", "poll.h",
    "pthread.h",      "pwd.h",         "regex.h",      "sched.h",       "semaphore.h",
    "spawn.h",        "strings.h",     "sys/file.h",   "sys/mman.h",    "sys/random.h",
    "sys/resource.h", "sys/select.h",  "sys/socket.h", "sys/stat.h",    "sys/statvfs.h",
    "sys/syscall.h",  "sys/time.h",    "sys/times.h",  "sys/types.h",   "sys/uio.h",
    "sys/un.h",       "sys/utsname.h", "sys/wait.h",   "sysexits.h",    "syslog.h",
    "termios.h",      "unistd.h",      "utime.h",
};

/* An engine computes: no files, no sockets, no threads, no clock. */
static const char *const outside_world[] = {
    "dirent.h", "fcntl.h",   "ftw.h",  "netdb.h",      "poll.h",     "pthread.h",  "signal.h",
    "spawn.h",  "threads.h", "time.h", "sys/socket.h", "sys/stat.h", "sys/time.h", "unistd.h",
};

struct include {
    const struct source *from;
    int line;
    const char *header;
    bool angle;
};

struct check {
    struct sources sources;
    struct findings findings;
    struct {
        struct include *items;
        size_t count, capacity;
    } includes, foreign; /* foreign: third-party headers */
    struct {
        const char *name;
        const struct include *uses[MAX_FEATURES]; /* the first include of each other feature */
        int mark;                                 /* of the search: 0 new, 1 on the path, 2 done */
    } features[MAX_FEATURES];
    size_t feature_count;
    const struct source *source; /* the one being read */
    int function_line;           /* of its opening brace; 0 outside */
};

static bool is_in(const char *word, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(word, list[i]) == 0)
            return true;
    return false;
}
#define IS_IN(word, list) is_in((word), (list), sizeof(list) / sizeof *(list))

/* Is word one of the words of a list with spaces between them? */
static bool has_word(const char *list, const char *word)
{
    size_t n = strlen(word);
    for (const char *p = list; (p = strstr(p, word)); p += n)
        if ((p == list || p[-1] == ' ') && (p[n] == ' ' || p[n] == '\0'))
            return true;
    return false;
}

/* ---- reading ---- */

static void add_include(struct check *k, int line, const char *header, size_t len, bool angle)
{
    k->includes.items = tool_room(k->includes.items, k->includes.count, &k->includes.capacity,
                                  sizeof *k->includes.items);
    k->includes.items[k->includes.count++] =
        (struct include){k->source, line, tool_copy(header, len), angle};
}

static const char *skip_space(const char *p)
{
    return p + strspn(p, " \t");
}

static void read_include(struct check *k, int number, const char *line)
{
    const char *p = skip_space(line);
    if (*p != '#')
        return;
    p = skip_space(p + 1);
    if (!tool_starts(p, "include"))
        return;
    p = skip_space(p + strlen("include"));
    if (*p == '"')
        add_include(k, number, p + 1, strcspn(p + 1, "\""), false);
    else if (*p == '<')
        add_include(k, number, p + 1, strcspn(p + 1, ">"), true);
}

static void read_view(struct check *k, int number, const char *line)
{
    static const char *const words[] = {"view", "include"};
    const char *p = skip_space(line);
    if (!tool_starts(p, "{{#"))
        return;
    p = skip_space(p + 3);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        size_t n = strlen(words[i]);
        if (!tool_starts(p, words[i]) || (p[n] != ' ' && p[n] != '\t'))
            continue;
        p = skip_space(p + n);
        add_include(k, number, p, strcspn(p, " \t}"), false);
        return;
    }
}

/* Is this the whole line, but for white space (or a comment, blanked) after it? */
static bool line_is(const char *line, const char *word)
{
    size_t n = strlen(word);
    return strncmp(line, word, n) == 0 && !*skip_space(line + n);
}

/* Our formatting puts the braces of a function alone in the first column; those of a C++ class end
 * in "};". */
static void count_function(struct check *k, int number, const char *line)
{
    if (line_is(line, "{"))
        k->function_line = number;
    if (line_is(line, "};"))
        k->function_line = 0;
    if (!line_is(line, "}") || !k->function_line)
        return;
    int lines = number - k->function_line + 1;
    if (lines > MAX_FUNCTION_LINES)
        found(&k->findings, k->source, k->function_line, "size",
              "the function has %d lines: split it, %d is the limit", lines, MAX_FUNCTION_LINES);
    k->function_line = 0;
}

static void read_line(void *context, int number, const char *line)
{
    struct check *k = context;
    if (!k->source->is_code) {
        read_view(k, number, line);
        return;
    }
    read_include(k, number, line);
    count_function(k, number, line);
    if (number == MAX_FILE_LINES + 1)
        found(&k->findings, k->source, number, "size", "the file passes %d lines: split it",
              MAX_FILE_LINES);
}

/* ---- rules ---- */

static enum room_kind kind_of(const struct check *k, const char *room)
{
    for (size_t i = 0; i < k->sources.count; i++)
        if (strcmp(k->sources.items[i].room, room) == 0)
            return k->sources.items[i].kind;
    return ROOM_NONE;
}

static size_t feature_index(struct check *k, const char *name)
{
    for (size_t i = 0; i < k->feature_count; i++)
        if (strcmp(k->features[i].name, name) == 0)
            return i;
    if (k->feature_count == MAX_FEATURES)
        tool_die("more than %d features: raise MAX_FEATURES", MAX_FEATURES);
    k->features[k->feature_count].name = name;
    return k->feature_count++;
}

static void refuse(struct check *k, const struct include *in, const char *rule, const char *advice)
{
    found(&k->findings, in->from, in->line, rule, "%s cannot include \"%s\": %s", in->from->room,
          in->header, advice);
}

static void check_foundation(struct check *k, const struct include *in, const char *room,
                             enum room_kind kind)
{
    const char *allowed = NULL;
    if (kind == ROOM_FEATURE || kind == ROOM_APP) {
        refuse(k, in, "rule 1",
               "foundation knows no features; hand it a table or function at start-up");
        return;
    }
    for (size_t i = 0; i < sizeof foundation / sizeof *foundation; i++)
        if (strcmp(foundation[i].room, in->from->room) == 0)
            allowed = foundation[i].allowed;
    if (!allowed)
        refuse(k, in, "rule 1",
               "this room is new: add what it may use to tools/check_layers.c and ARCHITECTURE.md");
    else if (!has_word(allowed, room))
        refuse(k, in, "rule 1",
               tool_fmt("it may use %s; move the code to the room where it belongs",
                        *allowed ? allowed : "nothing of ours"));
}

static void check_engine(struct check *k, const struct include *in, const char *room)
{
    if (strcmp(room, "base") != 0)
        refuse(k, in, "rule 1", "an engine uses base and its own folder; pass values in");
}

static bool may_use_html(const char *name)
{
    return tool_ends(name, "_pages.c") || tool_ends(name, "_int.h") || tool_ends(name, ".html");
}

static void check_feature(struct check *k, const struct include *in, const char *room,
                          enum room_kind kind)
{
    const char *name = in->from->name;
    if (kind == ROOM_APP) {
        refuse(k, in, "rule 1", "only app/ itself uses app/");
    } else if (strcmp(room, "db") == 0 && !tool_ends(name, "_store.c")) {
        refuse(k, in, "rule 3", "only *_store.c uses the database; put the query there");
    } else if (strcmp(room, "html") == 0 && !may_use_html(name)) {
        refuse(k, in, "rule 3", "only *_pages.c, *_int.h and templates make HTML; put it there");
    } else if (kind == ROOM_FEATURE) {
        if (strcmp(in->header, tool_fmt("%s/%s.h", room, room)) != 0)
            refuse(k, in, "rule 2",
                   tool_fmt("of another feature only \"%s/%s.h\" is public", room, room));
        size_t from = feature_index(k, in->from->room), to = feature_index(k, room);
        if (!k->features[from].uses[to])
            k->features[from].uses[to] = in;
    }
}

static void check_angle(struct check *k, const struct include *in)
{
    bool cxx = !strpbrk(in->header, "./");
    const char *slash = strchr(in->header, '/');
    if (slash && kind_of(k, tool_copy(in->header, (size_t)(slash - in->header))) != ROOM_NONE &&
        !IS_IN(in->header, standard_headers)) {
        found(&k->findings, in->from, in->line, "include",
              "our own headers stand in quotes: write \"%s\"", in->header);
    } else if (IS_IN(in->header, standard_headers)) {
        if (in->from->kind == ROOM_ENGINE && IS_IN(in->header, outside_world))
            refuse(k, in, "engines",
                   "an engine only computes, so that it runs in a browser too; do this outside");
    } else if (cxx && (tool_ends(in->from->name, ".cc") || tool_ends(in->from->name, ".hh"))) {
        return;
    } else {
        k->foreign.items = tool_room(k->foreign.items, k->foreign.count, &k->foreign.capacity,
                                     sizeof *k->foreign.items);
        k->foreign.items[k->foreign.count++] = *in;
    }
}

static void check_include(struct check *k, const struct include *in)
{
    if (in->angle) {
        check_angle(k, in);
        return;
    }
    const char *slash = strchr(in->header, '/');
    const char *room = tool_copy(in->header, slash ? (size_t)(slash - in->header) : 0);
    enum room_kind kind = kind_of(k, room);
    if (kind == ROOM_NONE || strstr(in->header, "..")) {
        found(&k->findings, in->from, in->line, "include",
              "\"%s\" names no folder of ours: write \"folder/file.h\", or <...> for a library",
              in->header);
        return;
    }
    if (in->from->kind == ROOM_APP || (in->from->kind == kind && strcmp(in->from->room, room) == 0))
        return;
    if (in->from->kind == ROOM_FOUNDATION)
        check_foundation(k, in, room, kind);
    else if (in->from->kind == ROOM_ENGINE)
        check_engine(k, in, room);
    else if (in->from->kind == ROOM_FEATURE)
        check_feature(k, in, room, kind);
    else
        found(&k->findings, in->from, in->line, "place",
              "sources stand in foundation/, engines/, features/ or app/, each in a folder");
}

/* Rule 4: each third-party header in one file. */
static void check_foreign(struct check *k)
{
    for (size_t i = 0; i < k->foreign.count; i++)
        for (size_t j = 0; j < i; j++) {
            const struct include *first = &k->foreign.items[j], *again = &k->foreign.items[i];
            if (first->from == again->from || strcmp(first->header, again->header) != 0)
                continue;
            found(&k->findings, again->from, again->line, "rule 4",
                  "<%s> is already used by %s: call that file, so that one file knows the library",
                  again->header, first->from->path);
            break;
        }
}

/* Rule 2: reports each include that closes a circle. */
static void search_cycle(struct check *k, size_t at)
{
    k->features[at].mark = 1;
    for (size_t to = 0; to < k->feature_count; to++) {
        const struct include *in = k->features[at].uses[to];
        if (in && k->features[to].mark == 0)
            search_cycle(k, to);
        else if (in && k->features[to].mark == 1)
            refuse(k, in, "rule 2",
                   "the features use each other in a circle; write a row to the change table and "
                   "let a job react");
    }
    k->features[at].mark = 2;
}

/* A name in two rooms would make "name/file.h" ambiguous. */
static void check_names(struct check *k)
{
    for (size_t i = 0; i < k->sources.count; i++) {
        const struct source *s = &k->sources.items[i];
        enum room_kind first = kind_of(k, s->room);
        const struct source *before = i ? s - 1 : NULL;
        bool reported = before && before->kind == s->kind && strcmp(before->room, s->room) == 0;
        if (first != s->kind && !reported)
            found(&k->findings, s, 1, "place", "there are two folders \"%s\": rename one", s->room);
    }
}

int main(int argc, char **argv)
{
    static struct check k; /* large, and zero */
    if (argc != 2)
        tool_die("use: check_layers SRC_DIR");
    source_load(argv[1], &k.sources);
    for (size_t i = 0; i < k.sources.count; i++) {
        k.source = &k.sources.items[i];
        k.function_line = 0;
        source_lines(k.source->code, read_line, &k);
    }
    check_names(&k);
    for (size_t i = 0; i < k.includes.count; i++)
        check_include(&k, &k.includes.items[i]);
    check_foreign(&k);
    for (size_t i = 0; i < k.feature_count; i++)
        if (k.features[i].mark == 0)
            search_cycle(&k, i);
    return findings_end(&k.findings);
}
