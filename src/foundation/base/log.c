#include "base/log.h"

#include <stdarg.h>
#include <stdatomic.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"

enum { LOG_MAX_LINE = 8192 };

static _Atomic int log_level = LOG_INFO;

void log_set_level(enum log_level level)
{
    log_level = (int)level;
}

static bool is_plain(str value)
{
    for (size_t i = 0; i < value.len; i++) {
        unsigned char byte = (unsigned char)value.ptr[i];
        if (byte <= ' ' || byte == '"' || byte == '=' || byte == '\\' || byte == 0x7F)
            return false;
    }
    return value.len > 0;
}

static void add_quoted(struct buf *b, str value)
{
    buf_add_byte(b, '"');
    for (size_t i = 0; i < value.len; i++) {
        unsigned char byte = (unsigned char)value.ptr[i];
        if (byte == '"' || byte == '\\')
            buf_fmt(b, "\\%c", byte);
        else if (byte < 0x20 || byte == 0x7F)
            buf_fmt(b, "\\x%02x", byte);
        else
            buf_add_byte(b, (char)byte);
    }
    buf_add_byte(b, '"');
}

void log_line(enum log_level level, const char *event, const struct log_field *fields, size_t count)
{
    static const char *const names[] = {"error", "warning", "info", "debug"};
    if ((int)level > log_level)
        return;
    struct arena *a = arena_new();
    struct buf b;
    buf_init(&b, a, LOG_MAX_LINE);
    buf_fmt(&b, "time=%s level=%s event=%s", clock_rfc3339(a, clock_now()).ptr, names[level],
            event);
    for (size_t i = 0; i < count; i++) {
        buf_fmt(&b, " %s=", fields[i].key);
        if (is_plain(fields[i].value))
            buf_add(&b, fields[i].value);
        else
            add_quoted(&b, fields[i].value);
    }
    /* One write for the whole line, so that lines of several threads do not mix. */
    fprintf(stderr, "%.*s\n", (int)b.len, b.ptr);
    arena_free(a);
}

void log_text(enum log_level level, const char *event, const char *fmt, ...)
{
    char text[1024];
    va_list args;
    va_start(args, fmt);
    (void)vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    struct log_field field = {"text", str_from(text)};
    log_line(level, event, &field, 1);
}
