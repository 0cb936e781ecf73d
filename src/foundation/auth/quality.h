/* quality.h - is this a password that nobody guesses? Without asking anybody outside: cracklib with
   a dictionary in the binary (Dutch and English words, and passwords known from leaks). */
#pragma once

#include "base/ctx.h"

/* 0, or ERR_INVALID with a Dutch sentence. own: words of the person himself (name, address,
   organisation); parts of them shorter than four letters do not count. folder: where the dictionary
   may be written for the moment of opening it. */
int quality_check(struct ctx *c, str folder, str password, const str *own,
                  size_t own_count) _nodiscard_;
