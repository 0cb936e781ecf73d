/* embed - puts files into the binary: embed [--root DIR] OUTPUT.c OUTPUT.S|- NAME FILE|FOLDER...

   OUTPUT.c defines `const struct embedded_set NAME` of base/embedded.h, sorted by path. The bytes
   come in with the assembler's .incbin, from OUTPUT.S or, with "-", from assembly in OUTPUT.c
   itself, so that large files cost nothing to compile. The path of a file is relative to DIR;
   without DIR, or for files elsewhere, it is the bare file name, and for files of a FOLDER it is
   relative to that folder. */
#include "tool.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

struct file {
    const char *path, *source;
    size_t length;
    char hash[17];
};

struct files {
    struct file *items;
    size_t count, capacity;
};

static const char *const types[][2] = {
    {".css", "text/css; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".mjs", "text/javascript; charset=utf-8"},
    {".html", "text/html; charset=utf-8"},
    {".txt", "text/plain; charset=utf-8"},
    {".md", "text/markdown; charset=utf-8"},
    {".csv", "text/csv; charset=utf-8"},
    {".tsv", "text/tab-separated-values; charset=utf-8"},
    {".json", "application/json"},
    {".geojson", "application/geo+json"},
    {".webmanifest", "application/manifest+json"},
    {".xml", "application/xml"},
    {".yaml", "application/yaml"},
    {".sql", "application/sql"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".jpg", "image/jpeg"},
    {".jpeg", "image/jpeg"},
    {".webp", "image/webp"},
    {".ico", "image/x-icon"},
    {".woff2", "font/woff2"},
    {".woff", "font/woff"},
    {".pdf", "application/pdf"},
};

static const char *type_of(const char *path)
{
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (tool_ends(path, types[i][0]))
            return types[i][1];
    return "application/octet-stream";
}

static const char *absolute(const char *path)
{
    char *found = realpath(path, NULL);
    if (!found)
        tool_die("%s: does not exist", path);
    const char *copy = tool_copy(found, strlen(found));
    free(found);
    return copy;
}

/* The path below root, however both are written; NULL when it is elsewhere. */
static const char *below(const char *path, const char *root)
{
    if (!root)
        return NULL;
    path = absolute(path);
    root = absolute(root);
    size_t n = strcmp(root, "/") == 0 ? 0 : strlen(root);
    return strncmp(path, root, n) == 0 && path[n] == '/' ? path + n + 1 : NULL;
}

static const char *bare_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static void add_file(struct files *files, const char *path, const char *source)
{
    struct text content = {0};
    unsigned char digest[crypto_hash_sha256_BYTES];
    struct file f = {.path = path, .source = source};
    tool_read(source, &content);
    f.length = content.len;
    (void)crypto_hash_sha256(digest, (const unsigned char *)content.ptr, content.len);
    (void)sodium_bin2hex(f.hash, sizeof f.hash, digest, 8);
    files->items = tool_room(files->items, files->count, &files->capacity, sizeof *files->items);
    files->items[files->count++] = f;
}

static void add_argument(struct files *files, const char *root, const char *argument)
{
    if (!tool_is_folder(argument)) {
        const char *path = below(argument, root);
        add_file(files, path ? path : bare_name(argument), argument);
        return;
    }
    struct tool_paths found = {0};
    tool_walk(argument, &found);
    for (size_t i = 0; i < found.count; i++) {
        const char *path = below(found.items[i], root);
        add_file(files, path ? path : below(found.items[i], argument), found.items[i]);
    }
}

static int by_path(const void *a, const void *b)
{
    return strcmp(((const struct file *)a)->path, ((const struct file *)b)->path);
}

static void sort(struct files *files)
{
    if (files->count)
        qsort(files->items, files->count, sizeof *files->items, by_path);
    for (size_t i = 1; i < files->count; i++)
        if (strcmp(files->items[i - 1].path, files->items[i].path) == 0)
            tool_die("%s and %s have the same path \"%s\": give --root", files->items[i - 1].source,
                     files->items[i].source, files->items[i].path);
}

/* In quotes, for C and for the assembler; both know these escapes. */
static const char *quoted(const char *s)
{
    struct text t = {0};
    text_byte(&t, '"');
    for (; *s; s++) {
        if ((unsigned char)*s < 0x20)
            tool_die("a path has a control character");
        if (*s == '"' || *s == '\\' || *s == '?')
            text_byte(&t, '\\');
        text_byte(&t, *s);
    }
    text_byte(&t, '"');
    return t.ptr;
}

static const char *assembler_quoted(const char *s)
{
    if (strpbrk(s, "\"\\"))
        tool_die("%s: a path with a quote or backslash cannot be embedded", s);
    return tool_fmt("\"%s\"", s);
}

/* The bytes, with a NUL after them for readers that need one. */
static void assembly(const struct files *files, const char *name, struct text *ret)
{
    text_addz(ret, "    .section .rodata\n");
    for (size_t i = 0; i < files->count; i++) {
        const struct file *f = &files->items[i];
        text_fmt(ret, "    .balign 16\n    .globl %s_%zu\n    .hidden %s_%zu\n%s_%zu:\n", name, i,
                 name, i, name, i);
        text_fmt(ret, "    .incbin %s\n    .byte 0\n", assembler_quoted(f->source));
    }
    text_addz(ret, "    .section .note.GNU-stack,\"\",%progbits\n");
}

static void inline_assembly(const struct text *code, struct text *ret)
{
    text_addz(ret, "__asm__(\n");
    for (const char *line = code->ptr; *line;) {
        size_t n = strcspn(line, "\n");
        const char *z = quoted(tool_copy(line, n));
        text_fmt(ret, "    %.*s\\n\"\n", (int)strlen(z) - 1, z);
        line += n + (line[n] == '\n');
    }
    text_addz(ret, "    \"    .text\\n\");\n\n");
}

static void table(const struct files *files, const char *name, struct text *ret)
{
    for (size_t i = 0; i < files->count; i++)
        text_fmt(ret, "extern const char %s_%zu[];\n", name, i);
    text_fmt(ret, "\nstatic const struct embedded_file files[] = {\n");
    for (size_t i = 0; i < files->count; i++) {
        const struct file *f = &files->items[i];
        text_fmt(ret, "    {{%s, %zu}, {%s_%zu, %zu}, %s, \"%s\"},\n", quoted(f->path),
                 strlen(f->path), name, i, f->length, quoted(type_of(f->path)), f->hash);
    }
    text_fmt(ret, "};\n\nconst struct embedded_set %s = {files, %zu};\n", name, files->count);
}

static void write_outputs(const struct files *files, const char *name, const char *c_path,
                          const char *s_path)
{
    struct text c = {0}, s = {0};
    text_addz(&c, "/* Made by tools/embed. */\n#include \"base/embedded.h\"\n\n");
    assembly(files, name, &s);
    if (strcmp(s_path, "-") == 0)
        inline_assembly(&s, &c);
    else
        tool_write(s_path, &s);
    table(files, name, &c);
    tool_write(c_path, &c);
}

int main(int argc, char **argv)
{
    const char *root = NULL;
    if (argc > 2 && strcmp(argv[1], "--root") == 0) {
        root = argv[2];
        argc -= 2;
        argv += 2;
    }
    if (argc < 5)
        tool_die("use: embed [--root DIR] OUTPUT.c OUTPUT.S|- NAME FILE|FOLDER...");
    if (sodium_init() < 0)
        tool_die("libsodium cannot start");
    struct files files = {0};
    for (int i = 4; i < argc; i++)
        add_argument(&files, root, argv[i]);
    if (!files.count)
        tool_die("there are no files to embed");
    sort(&files);
    write_outputs(&files, argv[3], argv[1], argv[2]);
    return 0;
}
