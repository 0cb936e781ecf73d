/* base.h - the attributes and the few macros that every file may use. Includes nothing of ours. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/banned.h"

#define _nodiscard_ __attribute__((warn_unused_result))
#define _printf_(fmt, args) __attribute__((format(printf, fmt, args)))
#define _unused_ __attribute__((unused))

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/* Ignores, on purpose, the result of a call that must be checked: a cast to void does not silence
 * gcc. */
#define IGNORE(call)                                                                               \
    do {                                                                                           \
        if (call) {                                                                                \
        }                                                                                          \
    } while (0)

/* A programming mistake: prints file, line and text and aborts, in every build. */
#define BUG(text) base_bug(__FILE__, __LINE__, (text))
_Noreturn void base_bug(const char *file, int line, const char *text);

/* A condition that cannot be true: debug builds stop, release builds take the branch. */
#ifdef NDEBUG
#define NEVER(condition) (condition)
#else
#define NEVER(condition) ((condition) ? (BUG("NEVER: " #condition), true) : false)
#endif
