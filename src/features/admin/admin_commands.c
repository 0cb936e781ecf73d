/* The verbs of the command line for copies of the database. */
#include "admin/admin_int.h"

static int command_backup(struct ctx *c, int argc, const char *const *argv)
{
    struct admin_copied copied;
    if (argc != 1)
        return err_set(c, ERR_INVALID, "Gebruik: aanjager backup BESTAND");
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

const struct command admin_commands[ADMIN_COMMAND_COUNT] = {
    {"backup", "BESTAND",
     "Maakt een kopie van de hele database in één bestand; de server draait door.", command_backup,
     false},
    {"backup-check", "BESTAND", "Zet een kopie op proef terug en vergelijkt alles.", command_prove,
     false},
};
