/* SQLite: the only file that knows sqlite3.h. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sqlite3.h>
#include <unistd.h>

#include "base/log.h"
#include "db/db_int.h"

enum {
    READER_CACHE_KB = 1024, /* times the number of readers: what the page caches may grow to */
    WRITER_CACHE_KB = 4096,
    JOURNAL_LIMIT = 64 * 1024 * 1024, /* the WAL is cut to this after a checkpoint */
    SCAN_WARNING = 1000,              /* rows looked at without an index */
};

struct sqlite_shared {
    const char *path;
    const char *folder; /* of a database for tests, to be removed; NULL: a real one */
};

struct sqlite_statement {
    sqlite3_stmt *stmt;
    bool read_only;
    bool warned;
    unsigned char count; /* of arguments it names */
    unsigned char arg[DB_MAX_ARGS + 1]; /* bind position -> argument, both from 1 */
};

struct sqlite_conn {
    struct db_conn base;
    sqlite3 *db;
    bool writer;
    struct db_cache cache;
    struct sqlite_statement statements[DB_CACHE_SETS * DB_CACHE_WAYS];
};

static struct sqlite_conn *of(struct db_conn *conn)
{
    return (struct sqlite_conn *)(void *)conn;
}

/* ---- errors ---- */

static int io_error(struct ctx *c, int os_error, const char *what)
{
    switch (os_error) {
    case EACCES:
    case EPERM:
    case EROFS:
        return err_set(c, ERR_FORBIDDEN,
                       "Aanjager mag niet schrijven in het bestand of de map van de database. "
                       "Controleer de rechten.");
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
        return err_set(c, ERR_BUSY,
                       "De schijf is vol. Maak ruimte vrij en probeer het dan opnieuw.");
    case ENOENT:
    case ENOTDIR:
    case EISDIR:
        return err_set(c, ERR_INVALID,
                       "Het bestand van de database kan niet worden gemaakt. Controleer of de map "
                       "bestaat en of het adres van de database klopt.");
    default:
        return err_set(c, ERR_DB, "De database kan niet worden gelezen of geschreven. "
                                  "Controleer de schijf.");
    }
    (void)what;
}
