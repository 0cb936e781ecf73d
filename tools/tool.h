/* tool.h - what the build tools share: growing text, whole files, walking a folder. The tools run
   for seconds and then end, so nothing is freed; out of memory and unreadable files end the program
   with words on standard error. */
#pragma once

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#define TOOL_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))

/* Bytes with a NUL after them. */
struct text {
    char *ptr;
    size_t len, capacity;
};

void text_add(struct text *t, const char *bytes, size_t len);
void text_addz(struct text *t, const char *z);
void text_byte(struct text *t, char byte);
void text_fmt(struct text *t, const char *fmt, ...) TOOL_PRINTF(2, 3);
void text_cut(struct text *t, size_t len); /* shortens */

/* Growing arrays: items = tool_room(items, count, &capacity, sizeof *items); items[count++] = ...
 */
void *tool_room(void *items, size_t count, size_t *capacity, size_t size);
char *tool_copy(const char *bytes, size_t len); /* with a NUL after it */
char *tool_fmt(const char *fmt, ...) TOOL_PRINTF(1, 2);
char *tool_vfmt(const char *fmt, va_list args) TOOL_PRINTF(1, 0);
_Noreturn void tool_die(const char *fmt, ...) TOOL_PRINTF(1, 2); /* words and exit status 1 */

/* For a test that runs a tool within its own program: tool_die calls end with the words instead,
   and end does not return; tool_forget gives back all memory of the tool. */
void tool_on_die(void (*end)(const char *words));
void tool_forget(void);

/* Adds the whole file; the folder form adds the paths of all files below it, sorted by bytes,
 * without hidden ones. */
void tool_read(const char *path, struct text *ret);
void tool_write(const char *path, const struct text *content);

struct tool_paths {
    char **items;
    size_t count, capacity;
};
void tool_walk(const char *folder, struct tool_paths *ret);
bool tool_is_folder(const char *path);

bool tool_starts(const char *s, const char *prefix);
bool tool_ends(const char *s, const char *suffix);
