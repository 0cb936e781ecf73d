/* err.h - what went wrong, in words for the user and other words for the log.

   Functions return 0 or one of the codes; the words are set once, where the cause is known, in
   ctx->err. `msg` is Dutch, a whole sentence that says what to do, safe to show. `detail` is
   English and goes to the log only. */
#pragma once

#include "base/str.h"

struct ctx;

enum {
    ERR_INVALID = -1,   /* the input is wrong                            400 */
    ERR_NOT_FOUND = -2, /* there is no such thing                        404 */
    ERR_FORBIDDEN = -3, /* this actor may not                            403 */
    ERR_CONFLICT = -4,  /* somebody else changed it, or it exists        409 */
    ERR_LIMIT = -5,     /* too large, too many, too often                413 or 429 */
    ERR_BUSY = -6,      /* try again later: database or index is away    503 */
    ERR_DB = -7,        /* the database refused something it should not  500 */
    ERR_INTERNAL = -8,  /* our mistake                                   500 */
};

struct err {
    int code;
    str msg;    /* for the user, Dutch; empty when the code's standard sentence will do */
    str detail; /* for the log, English */
    const char *file;
    int line;
};

/* Sets code and user's words, returns the code. The words are formatted into the ctx's arena. */
#define err_set(c, code, ...) err_set_((c), (code), __FILE__, __LINE__, __VA_ARGS__)
int err_set_(struct ctx *c, int code, const char *file, int line, const char *fmt, ...)
    _printf_(5, 6);
/* Sets code and log words, no words for the user (the standard sentence is shown). Returns the
 * code. */
#define err_detail(c, code, ...) err_detail_((c), (code), __FILE__, __LINE__, __VA_ARGS__)
int err_detail_(struct ctx *c, int code, const char *file, int line, const char *fmt, ...)
    _printf_(5, 6);
/* There was no memory: ERR_BUSY with its standard sentence. */
#define err_memory(c, what)                                                                        \
    err_detail_((c), ERR_BUSY, __FILE__, __LINE__, "out of memory: %s", (what))
/* Adds log words to an error that is already set; keeps code and user's words. */
void err_context(struct ctx *c, const char *fmt, ...) _printf_(2, 3);
/* Gives the error of an inner call, whose arena goes, to the outer one. */
void err_pass(struct ctx *to, const struct ctx *from);
/* The user's words: msg, or the standard Dutch sentence of the code. */
str err_words(const struct err *e);
const char *err_name(int code); /* "not_found" and so on, for log and metrics */

/* Passes a failure on; its words are already set. */
#define TRY(expression)                                                                            \
    do {                                                                                           \
        int try_code_ = (expression);                                                              \
        if (try_code_ < 0)                                                                         \
            return try_code_;                                                                      \
    } while (0)
