/* log.h - one structured line (logfmt) per event on standard error. Only app/, http/mhd.c and the
   job runner log. Values are quoted when needed and control characters escaped, so that a value can
   never forge a line. */
#pragma once

#include "base/str.h"

struct log_field {
    const char *key;
    str value;
};

enum log_level { LOG_ERROR, LOG_WARNING, LOG_INFO, LOG_DEBUG };

void log_set_level(enum log_level level);
/* log_line(LOG_INFO, "request", fields, count): time=... level=info event=request key=value ... */
void log_line(enum log_level level, const char *event, const struct log_field *fields,
              size_t count);
void log_text(enum log_level level, const char *event, const char *fmt, ...) _printf_(3, 4);
