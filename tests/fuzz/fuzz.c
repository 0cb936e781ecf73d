#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

void fuzz_broken(const char *file, int line, const char *what)
{
    fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, what);
    abort();
}

void fuzz_check_refusal(const struct ctx *c, int code, int allowed)
{
    if (code == 0)
        return;
    if (code != allowed && code != ERR_LIMIT)
        fprintf(stderr, "code %d: %.*s / %.*s\n", code, (int)c->err.msg.len,
                c->err.msg.len ? c->err.msg.ptr : "", (int)c->err.detail.len,
                c->err.detail.len ? c->err.detail.ptr : "");
    HOLDS(code == allowed || code == ERR_LIMIT);
    HOLDS(c->err.code == code && c->err.msg.len);
    HOLDS(utf8_valid(c->err.msg));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct arena *arena;
    if (!arena)
        arena = arena_new();
    struct ctx c = {.arena = arena};
    fuzz_input(&c, str_of((const char *)data, size));
    arena_reset(arena);
    return 0;
}
