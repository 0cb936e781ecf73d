#include "tool.h"

#include <dirent.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static void (*on_die)(const char *words);

void tool_on_die(void (*end)(const char *words))
{
    on_die = end;
}

void tool_die(const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    if (on_die)
        on_die(tool_vfmt(fmt, args));
    (void)vfprintf(stderr, fmt, args);
    va_end(args);
    (void)fputc('\n', stderr);
    exit(1);
}

/* All memory hangs on this list, so that leak checkers in a sanitized build find nothing lost. */
struct chunk {
    struct chunk *next;
    size_t size, used;
};
static struct chunk *chunks;

static void *room(size_t size)
{
    size = (size + 15) & ~(size_t)15;
    if (!chunks || chunks->size - chunks->used < size) {
        size_t chunk_size = size > 1024 * 1024 ? size : 1024 * 1024;
        struct chunk *fresh = malloc(sizeof *fresh + 16 + chunk_size);
        if (!fresh)
            tool_die("out of memory");
        *fresh = (struct chunk){chunks, chunk_size, 0};
        chunks = fresh;
    }
    char *p = (char *)(chunks + 1) + chunks->used;
    chunks->used += size;
    return p;
}

void tool_forget(void)
{
    while (chunks) {
        struct chunk *next = chunks->next;
        free(chunks);
        chunks = next;
    }
}

void *tool_room(void *items, size_t count, size_t *capacity, size_t size)
{
    if (count < *capacity)
        return items;
    *capacity = *capacity ? *capacity * 2 : 16;
    void *fresh = room(*capacity * size);
    if (count)
        memcpy(fresh, items, count * size);
    return fresh;
}

void text_add(struct text *t, const char *bytes, size_t len)
{
    if (t->capacity < t->len + len + 1) {
        t->capacity = (t->len + len + 1) * 2;
        char *fresh = room(t->capacity);
        if (t->len)
            memcpy(fresh, t->ptr, t->len);
        t->ptr = fresh;
    }
    if (len)
        memcpy(t->ptr + t->len, bytes, len);
    t->len += len;
    t->ptr[t->len] = '\0';
}

void text_addz(struct text *t, const char *z)
{
    text_add(t, z, strlen(z));
}

void text_byte(struct text *t, char byte)
{
    text_add(t, &byte, 1);
}

void text_cut(struct text *t, size_t len)
{
    if (len < t->len) {
        t->len = len;
        t->ptr[len] = '\0';
    }
}

char *tool_vfmt(const char *fmt, va_list args)
{
    va_list again;
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, fmt, again);
    va_end(again);
    if (n < 0)
        tool_die("a text cannot be formatted: %s", fmt);
    char *z = room((size_t)n + 1);
    (void)vsnprintf(z, (size_t)n + 1, fmt, args);
    return z;
}

void text_fmt(struct text *t, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    text_addz(t, tool_vfmt(fmt, args));
    va_end(args);
}

char *tool_fmt(const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    char *z = tool_vfmt(fmt, args);
    va_end(args);
    return z;
}

char *tool_copy(const char *bytes, size_t len)
{
    struct text t = {0};
    text_add(&t, bytes, len);
    return t.ptr;
}

void tool_read(const char *path, struct text *ret)
{
    FILE *f = fopen(path, "rb");
    if (!f)
        tool_die("%s: cannot be opened: %s", path, strerror(errno));
    text_add(ret, "", 0);
    char part[65536];
    size_t n;
    while ((n = fread(part, 1, sizeof part, f)) > 0)
        text_add(ret, part, n);
    if (ferror(f))
        tool_die("%s: cannot be read: %s", path, strerror(errno));
    (void)fclose(f);
}

void tool_write(const char *path, const struct text *content)
{
    FILE *f = fopen(path, "wb");
    if (!f)
        tool_die("%s: cannot be made: %s", path, strerror(errno));
    bool written = fwrite(content->ptr, 1, content->len, f) == content->len;
    if (fclose(f) != 0 || !written)
        tool_die("%s: cannot be written: %s", path, strerror(errno));
}

bool tool_is_folder(const char *path)
{
    struct stat st;
    if (stat(path, &st) != 0)
        tool_die("%s: %s", path, strerror(errno));
    return S_ISDIR(st.st_mode);
}

static void walk(const char *folder, struct tool_paths *ret)
{
    DIR *d = opendir(folder);
    if (!d)
        tool_die("%s: cannot be opened: %s", folder, strerror(errno));
    const struct dirent *entry;
    while ((entry = readdir(d))) {
        if (entry->d_name[0] == '.')
            continue;
        char *path = tool_fmt("%s/%s", folder, entry->d_name);
        if (tool_is_folder(path)) {
            walk(path, ret);
            continue;
        }
        ret->items = tool_room(ret->items, ret->count, &ret->capacity, sizeof *ret->items);
        ret->items[ret->count++] = path;
    }
    (void)closedir(d);
}

static int by_bytes(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

void tool_walk(const char *folder, struct tool_paths *ret)
{
    walk(folder, ret);
    if (ret->count)
        qsort(ret->items, ret->count, sizeof *ret->items, by_bytes);
}

bool tool_starts(const char *s, const char *prefix)
{
    return strncmp(s, prefix, strlen(prefix)) == 0;
}

bool tool_ends(const char *s, const char *suffix)
{
    size_t n = strlen(s), m = strlen(suffix);
    return n >= m && strcmp(s + n - m, suffix) == 0;
}
