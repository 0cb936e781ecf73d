/* Putting a copy of the database back: before the server first starts, into nothing. */
#include "app/app.h"
#include "app/migrations.h"
#include "base/file.h"
#include "db/db.h"
#include "mail/mail.h"

struct restored {
    struct db_copied copied;
    long long held; /* mails that waited */
};

static int restore_into(struct ctx *c, str url, str copy, struct restored *ret)
{
    /* One file: what is in it at its end is all there is, and a full disk is told before that. */
    static const struct db_options options = {
        .max_connections = 2, .busy_timeout_ms = 5000, .one_file = true};
    const struct migration *list;
    size_t count = migrations_list(c, &list);
    struct ctx own = ctx_child(c);
    own.pool = NULL;
    int code = db_pool_open(&own, url, &options, &own.pool);
    if (code == 0)
        code = db_restore(&own, copy, list, count, &ret->copied);
    if (code == 0)
        code = mail_hold(&own, &ret->held);
    struct db_pool *pool = own.pool;
    db_lease_release(&own);
    code = ctx_child_end(c, &own, code);
    db_pool_close(pool);
    return code;
}

/* Not the log of a database either: SQLite would take what stands in it for changes of this one. */
static int check_free(struct ctx *c, str path)
{
    static const char *const parts[] = {"", "-wal", "-journal"};
    for (size_t i = 0; i < COUNT_OF(parts); i++) {
        str part = str_fmt(c->arena, "%s%s", str_z(c->arena, path), parts[i]);
        if (file_exists(c, part))
            return err_set(
                c, ERR_CONFLICT,
                "Er is al een database, of een deel ervan: \"%s\". Stop de server en geef dat "
                "bestand eerst een andere naam. Doe dat ook met de bestanden ernaast die op -wal "
                "en "
                "-shm eindigen: zij horen erbij. Zo gaat er niets verloren.",
                part.ptr);
    }
    return 0;
}

/* A file appears under its name when it is complete: what fails half-way leaves nothing. */
static int restore_file(struct ctx *c, str path, str copy, struct restored *ret)
{
    str unfinished = str_fmt(c->arena, "%s.deel", str_z(c->arena, path));
    TRY(check_free(c, path));
    TRY(file_remove_tree(c, unfinished)); /* of a restore that was cut off */
    int code = restore_into(c, str_fmt(c->arena, "sqlite:%s", unfinished.ptr), copy, ret);
    if (code == 0)
        return file_rename(c, unfinished, path);
    struct err kept = c->err;
    if (file_remove_tree(c, unfinished) < 0)
        c->err = kept;
    return code;
}

int app_restore(struct ctx *c, int argc, const char *const *argv)
{
    struct restored r = {0};
    if (argc != 1)
        return err_set(c, ERR_INVALID, "Gebruik: aanjager restore BESTAND");
    str data = config_text(c->config, "data"), url = app_database_url(c), copy = str_from(argv[0]);
    TRY(file_make_dirs(c, data));
    if (str_starts(url, S("sqlite:")))
        TRY(restore_file(c, str_slice(url, 7, url.len), copy, &r));
    else
        TRY(restore_into(c, url, copy, &r));
    /* The index follows the change feed by number: one of another database would seem up to date.
     */
    TRY(file_remove_tree(c, str_fmt(c->arena, "%s/index", str_z(c->arena, data))));
    printf("Teruggezet: %zu tabellen met %lld rijen, vergeleken met de kopie.\n", r.copied.tables,
           r.copied.rows);
    if (r.held)
        printf("%lld berichten wachtten nog. Misschien zijn ze al verstuurd: bekijk ze met "
               "\"aanjager mail list\".\n",
               r.held);
    return 0;
}
