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

/* The names of copies, by which they are in order of age: aanjager-20261126T021500Z.db */
static const char proven[] = ".db", unproven[] = "-onbewezen.db";
static const char *const cut_off[] = {".db.deel", ".db.deel-journal"};

static str path_of(struct ctx *c, str folder, long long made_at, const char *ending)
{
    str stamp = clock_rfc3339(c->arena, made_at);
    char *plain = arena_alloc(c->arena, stamp.len + 1);
    size_t len = 0;
    for (size_t i = 0; i < stamp.len; i++)
        if (stamp.ptr[i] != '-' && stamp.ptr[i] != ':')
            plain[len++] = stamp.ptr[i];
    return str_fmt(c->arena, "%s/aanjager-%s%s", str_z(c->arena, folder), plain, ending);
}

/* Nobody else's: who puts a copy of his own in the folder finds it back. */
static bool is_ours(str name, const char *ending)
{
    static const char form[] = "aanjager-00000000T000000Z";
    if (name.len != sizeof form - 1 + strlen(ending) || !str_ends(name, str_from(ending)))
        return false;
    for (size_t i = 0; form[i]; i++)
        if (form[i] == '0' ? name.ptr[i] < '0' || name.ptr[i] > '9' : name.ptr[i] != form[i])
            return false;
    return true;
}

/* Those of ours with this ending, but for the newest `keep`. */
static int remove_old(struct ctx *c, str folder, const char *ending, size_t keep)
{
    str *names;
    size_t count, ours = 0;
    TRY(file_list(c, folder, str_from(ending), MAX_FILES, &names, &count));
    for (size_t i = 0; i < count; i++)
        if (is_ours(names[i], ending))
            names[ours++] = names[i];
    for (size_t i = 0; i + keep < ours; i++)
        TRY(file_remove_tree(
            c, str_fmt(c->arena, "%s/%s", str_z(c->arena, folder), str_z(c->arena, names[i]))));
    return 0;
}

/* One that cannot be put back gets a name of its own: it takes no place of those that can, and the
 * tries of many days do not fill the disk. */
static int prove(struct ctx *c, str folder, struct admin_backup *run)
{
    struct admin_copied copied;
    str name = path_of(c, folder, run->made_at, unproven);
    size_t keep = (size_t)config_int(c->config, "backup_keep");
    int code = admin_store_prove(c, run->file, &copied);
    if (code == 0) {
        run->proven_at = clock_now();
        return 0;
    }
    struct err kept = c->err;
    if (file_rename(c, run->file, name) == 0)
        run->file = name;
    if (remove_old(c, folder, unproven, keep) < 0)
        err_context(c, "old copies stay");
    c->err = kept;
    return code;
}

static int make_and_prove(struct ctx *c, str folder, struct admin_backup *run)
{
    struct admin_copied copied;
    str path = path_of(c, folder, run->made_at, proven);
    TRY(file_make_dirs(c, folder));
    for (size_t i = 0; i < COUNT_OF(cut_off); i++) /* when the program ended in the middle */
        TRY(remove_old(c, folder, cut_off[i], 0));
    TRY(admin_store_backup(c, path, &copied));
    run->file = path;
    run->row_count = copied.rows;
    TRY(file_size(c, path, &run->bytes));
    return prove(c, folder, run);
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
    TRY(remove_old(c, folder, unproven, 0));
    return remove_old(c, folder, proven, (size_t)keep);
}
