/* program.h - the real program as a process, and a small client for it.

   AANJAGER_BINARY names the program. */
#pragma once

#include "test.h"

#include <sys/types.h>

struct program {
    pid_t pid;
    int port;
};

/* A new folder below TMPDIR; remove it with file_remove_tree. */
str program_folder(struct arena *a);
/* Starts serving with these options (a list that ends with NULL, at most 8) on a free port and
   waits for its first answer. */
void program_start(struct program *p, const char *const *options);
void program_stop(struct program *p); /* as it should be; fails the test when it ends badly */
/* Runs a verb to its end: the exit code, and what it printed on both outputs. */
int program_command(struct arena *a, const char *const *argv, str *ret_output);

struct program_answer {
    int status; /* 0: no answer */
    str text;   /* head and body */
    long long us;
};
struct program_answer program_get(struct arena *a, const struct program *p, const char *path);
/* Asks until the answer has this status and this text (NULL: any), at most `ms`. */
bool program_await(struct arena *a, const struct program *p, const char *path, int status,
                   const char *text, int ms);
