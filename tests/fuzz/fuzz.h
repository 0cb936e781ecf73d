/* fuzz.h - what the fuzz targets share.

   A target is a file fuzz_NAME.c with one function, fuzz_input. It gets an arbitrary input and
   checks what must hold for every input: not only that nothing is read or written out of bounds.
   The build for fuzzing links it with libFuzzer, the other builds with fuzz_replay.c, which runs
   the kept inputs as an ordinary test. */
#pragma once

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/ctx.h"
#include "base/str.h"
#include "base/utf8.h"

/* c has an arena that is emptied after the call; the input ends where its memory ends. */
void fuzz_input(struct ctx *c, str in);

/* What must hold; stops the program with the line when it does not. */
#define HOLDS(condition)                                                                           \
    do {                                                                                           \
        if (!(condition))                                                                          \
            fuzz_broken(__FILE__, __LINE__, #condition);                                           \
    } while (0)
_Noreturn void fuzz_broken(const char *file, int line, const char *what);

/* 0, or one of the codes that a caller must expect, with whole sentences in readable text. */
void fuzz_check_refusal(const struct ctx *c, int code, int allowed);

/* Does inner point into outer? An empty str does. */
static inline bool fuzz_within(str inner, str outer)
{
    return !inner.len || (inner.ptr >= outer.ptr && inner.ptr + inner.len <= outer.ptr + outer.len);
}

/* Takes the part up to the first 0x01 byte off the front, for targets with several inputs. The rest
   is empty when there is none. */
static inline str fuzz_part(str *rest)
{
    size_t end = str_find_byte(*rest, '\x01');
    str part = end == STR_NONE ? *rest : str_slice(*rest, 0, end);
    *rest = end == STR_NONE ? str_slice(*rest, rest->len, rest->len)
                            : str_slice(*rest, end + 1, rest->len);
    return part;
}
