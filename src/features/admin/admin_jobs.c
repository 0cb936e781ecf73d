/* What runs without a visitor: the database's statistics, and a copy of it each day that is put
 * back to see that it can. */
#include "admin/admin_int.h"

#include "base/clock.h"
#include "base/file.h"

enum { MAX_FILES = 1000 };

int admin_refresh_statistics(struct ctx *c, str argument _unused_)
{
    return admin_store_analyze(c);
}

static str folder_of(struct ctx *c)
{
    str folder = config_text(c->config, "backup_folder");
    if (folder.len)
        return folder;
    return str_fmt(c->arena, "%s/backup", str_z(c->arena, config_text(c->config, "data")));
}

/* aanjager-20261126T021500Z.db: by name is by age. */
static str name_of(struct ctx *c, long long now)
{
    str stamp = clock_rfc3339(c->arena, now);
    char *plain = arena_alloc(c->arena, stamp.len + 1);
    size_t len = 0;
    for (size_t i = 0; i < stamp.len; i++)
        if (stamp.ptr[i] != '-' && stamp.ptr[i] != ':')
            plain[len++] = stamp.ptr[i];
    return str_fmt(c->arena, "aanjager-%s.db", plain);
}

/* Only files that we made, and never the newest `keep`. */
static int remove_old(struct ctx *c, str folder, size_t keep)
{
    str *names;
    size_t count, ours = 0;
    TRY(file_list(c, folder, S(".db"), MAX_FILES, &names, &count));
    for (size_t i = 0; i < count; i++)
        if (str_starts(names[i], S("aanjager-2")))
            names[ours++] = names[i];
    for (size_t i = 0; i + keep < ours; i++)
        TRY(file_remove_tree(
            c, str_fmt(c->arena, "%s/%s", str_z(c->arena, folder), str_z(c->arena, names[i]))));
    return 0;
}

static int make_and_prove(struct ctx *c, str folder, struct admin_backup *run)
{
    struct admin_copied copied;
    str path = str_fmt(c->arena, "%s/%s", str_z(c->arena, folder),
                       str_z(c->arena, name_of(c, run->made_at)));
    TRY(file_make_dirs(c, folder));
    TRY(admin_store_backup(c, path, &copied));
    run->file = path;
    run->row_count = copied.rows;
    TRY(file_size(c, path, &run->bytes));
    TRY(admin_store_prove(c, path, &copied));
    run->proven_at = clock_now();
    return 0;
}

/* A failure is noted before it is told, so that the health page shows it; the job is then tried
 * again. */
int admin_make_backup(struct ctx *c, str argument _unused_)
{
    long long keep = config_int(c->config, "backup_keep");
    struct admin_backup run = {.file = S(""), .failure = S(""), .made_at = clock_now()};
    str folder = folder_of(c);
    if (!keep)
        return 0;
    int code = make_and_prove(c, folder, &run);
    struct err kept = c->err;
    if (code < 0)
        run.failure = err_words(&kept);
    int noted = admin_store_note_backup(c, &run);
    if (code < 0)
        c->err = kept;
    if (code < 0 || noted < 0)
        return code < 0 ? code : noted;
    return remove_old(c, folder, (size_t)keep);
}
