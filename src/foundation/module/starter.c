#include "module/starter.h"

#include "base/ctx.h"

struct loading {
    const struct starter *starter;
    const void *arg;
    long long fingerprint;
};

static bool is_of(const struct starter *s, const struct embedded_file *file)
{
    return str_starts(file->path, str_from(s->folder)) && str_ends(file->path, str_from(s->suffix));
}

static long long fingerprint_of(const struct starter *s)
{
    uint64_t hash = 0;
    for (size_t i = 0; i < embedded_content.count; i++)
        if (is_of(s, &embedded_content.files[i]))
            hash = hash * 31 + str_hash(str_from(embedded_content.files[i].hash));
    return (long long)(hash & INT64_MAX);
}

static int load_file(struct ctx *c, const struct loading *l, const struct embedded_file *file)
{
    int code = l->starter->load(c, l->arg, file->bytes);
    if (code != ERR_INVALID && code != ERR_LIMIT)
        return code;
    err_context(c, "starter file %s: %s", str_z(c->arena, file->path), str_z(c->arena, c->err.msg));
    return ERR_INTERNAL;
}

static int load_all(struct ctx *c, void *arg)
{
    const struct loading *l = arg;
    for (size_t i = 0; i < embedded_content.count; i++)
        if (is_of(l->starter, &embedded_content.files[i]))
            TRY(load_file(c, l, &embedded_content.files[i]));
    return l->starter->set_loaded(c, l->fingerprint);
}

int starter_load(struct ctx *c, const struct starter *s, const void *arg)
{
    struct loading l = {s, arg, fingerprint_of(s)};
    long long loaded;
    TRY(s->loaded(c, &loaded));
    return loaded == l.fingerprint ? 0 : s->transaction(c, load_all, &l);
}
