/* The verbs of the command line for copies of the database, and for the audit log. */
#include "admin/admin_int.h"

#include "base/clock.h"
#include "base/file.h"

enum { EXPORT_ROWS = 500, MAX_CSV = 32 * 1024 * 1024, MAX_DAYS = 36500 };

/* What the database says of a missing folder is about its own file. */
static int check_folder(struct ctx *c, str path)
{
    size_t end = path.len;
    while (end && path.ptr[end - 1] != '/')
        end--;
    str folder = str_slice(path, 0, end);
    if (!folder.len || file_exists(c, folder))
        return 0;
    return err_set(c, ERR_INVALID, "De map \"%s\" is er niet. Maak de map of kies een andere.",
                   str_z(c->arena, folder));
}

static int command_backup(struct ctx *c, int argc, const char *const *argv)
{
    struct admin_copied copied;
    if (argc != 1)
        return err_set(c, ERR_INVALID, "Gebruik: aanjager backup BESTAND");
    TRY(check_folder(c, str_from(argv[0])));
    TRY(admin_store_backup(c, str_from(argv[0]), &copied));
    printf("Kopie gemaakt: %zu tabellen met %lld rijen in %s\n", copied.tables, copied.rows,
           argv[0]);
    return 0;
}

static int command_prove(struct ctx *c, int argc, const char *const *argv)
{
    struct admin_copied copied;
    if (argc != 1)
        return err_set(c, ERR_INVALID, "Gebruik: aanjager backup-check BESTAND");
    TRY(admin_store_prove(c, str_from(argv[0]), &copied));
    printf("De kopie is op proef teruggezet en klopt: %zu tabellen met %lld rijen.\n",
           copied.tables, copied.rows);
    return 0;
}

/* ---- audit ---- */

static int command_audit_verify(struct ctx *c, int argc, const char *const *argv)
{
    struct audit_head known, head;
    long long rows;
    if (argc > 1)
        return err_set(c, ERR_INVALID, "Gebruik: aanjager audit verify [KOP]");
    if (argc && !audit_head_parse(str_from(argv[0]), &known))
        return err_set(c, ERR_INVALID,
                       "Schrijf een kop zoals \"aanjager audit verify\" hem toont: nummer:hash.");
    TRY(audit_verify(c, argc ? &known : NULL, &head, &rows));
    printf("De keten klopt: %lld %s.\n", rows, rows == 1 ? "regel" : "regels");
    if (head.number)
        printf("Bewaar de kop buiten deze machine: %lld:%.*s\n", head.number, (int)head.hash.len,
               head.hash.ptr);
    return 0;
}

/* A page of rows in an arena of its own; *after moves on. */
static int print_rows(struct ctx *parent, long long *after, bool *ret_more)
{
    struct ctx c = ctx_child(parent);
    struct audit_row *rows;
    size_t count = 0;
    struct buf b;
    int code = audit_rows(&c, *after, EXPORT_ROWS, &rows, &count);
    buf_init(&b, c.arena, MAX_CSV);
    for (size_t i = 0; code == 0 && i < count; i++)
        audit_csv(&b, &rows[i]);
    if (code == 0 && !buf_ok(&b))
        code = err_detail(&c, ERR_LIMIT, "a page of the audit log is too long");
    if (code == 0 && count) {
        (void)fwrite(b.ptr, 1, b.len, stdout);
        *after = rows[count - 1].number;
    }
    *ret_more = count == EXPORT_ROWS;
    return ctx_child_end(parent, &c, code);
}

static int command_audit_export(struct ctx *c, int argc, const char *const *argv _unused_)
{
    struct buf b;
    long long after = 0;
    bool more = true;
    if (argc)
        return err_set(c, ERR_INVALID, "Gebruik: aanjager audit export");
    buf_init(&b, c->arena, MAX_CSV);
    audit_csv(&b, NULL);
    (void)fwrite(b.ptr, 1, b.len, stdout);
    while (more)
        TRY(print_rows(c, &after, &more));
    if (fflush(stdout) != 0)
        return err_set(c, ERR_BUSY, "Het lukte niet om alles te schrijven. Is de schijf vol?");
    return 0;
}

static const struct audit_entry by_command = {.who = STR("opdrachtregel")};

static int command_audit_cut(struct ctx *c, int argc, const char *const *argv)
{
    long long days, rows;
    if (argc != 1)
        return err_set(c, ERR_INVALID, "Gebruik: aanjager audit cut DAGEN");
    if (!str_int(str_from(argv[0]), 1, MAX_DAYS, &days))
        return err_set(c, ERR_INVALID, "Geef het aantal dagen dat bewaard blijft, zoals 1825.");
    TRY(audit_cut(c, clock_now() - days * 86400, &by_command, &rows));
    printf("%lld %s verwijderd. Dat staat zelf in de keten.\n", rows,
           rows == 1 ? "regel" : "regels");
    return 0;
}

const struct command admin_commands[ADMIN_COMMAND_COUNT] = {
    {"backup", "BESTAND",
     "Maakt een kopie van de hele database in één bestand; de server draait door.", command_backup,
     false},
    {"backup-check", "BESTAND", "Zet een kopie op proef terug en vergelijkt alles.", command_prove,
     false},
    {"audit verify", "[KOP]",
     "Controleert of in het logboek niets is gewijzigd, ook sinds een eerder bewaarde kop.",
     command_audit_verify, false},
    {"audit export", "", "Schrijft het logboek als CSV.", command_audit_export, false},
    {"audit cut", "DAGEN", "Verwijdert wat ouder is uit het logboek, en legt dat vast.",
     command_audit_cut, false},
};
