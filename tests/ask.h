/* ask.h - what another program says of a file that we made. */
#pragma once

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"
#include "test.h"

/* What the command prints, with "$FILE" a file with these bytes; its exit code must be 0. */
static inline str ask(struct arena *a, str bytes, const char *command)
{
    char path[] = "/tmp/aanjager-pdf-XXXXXX", line[512];
    struct buf b;
    int fd = mkstemp(path);
    CHECK(fd >= 0);
    CHECK_INT(write(fd, bytes.ptr, bytes.len), bytes.len);
    (void)close(fd);
    FILE *pipe = popen(str_fmt(a, "FILE=%s; %s 2>&1", path, command).ptr, "r");
    CHECK(pipe != NULL);
    buf_init(&b, a, 4 * 1024 * 1024);
    while (fgets(line, sizeof line, pipe))
        buf_addz(&b, line);
    int status = pclose(pipe);
    (void)unlink(path);
    if (status != 0)
        print_error("%.*s\n", (int)b.len, b.ptr);
    CHECK_INT(status, 0);
    return buf_str(&b);
}
