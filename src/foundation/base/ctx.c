#include "base/ctx.h"

struct ctx ctx_child(const struct ctx *parent)
{
    struct ctx child = *parent;
    child.arena = arena_new();
    child.err = (struct err){0};
    child.lease = NULL;
    return child;
}

int ctx_child_end(struct ctx *parent, struct ctx *child, int code)
{
    if (code < 0)
        err_pass(parent, child);
    arena_free(child->arena);
    return code;
}
