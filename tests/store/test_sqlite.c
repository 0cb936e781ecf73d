/* SQLite's files: addresses, rights, a full disk, damage, a second program. */
#include "store.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"

static const struct db_options options = {.max_connections = 3, .busy_timeout_ms = 200};

struct place {
    struct ctx c;
    str folder, file, url;
};

static struct place begin(void)
{
    struct place p = {.c = {.arena = arena_new()}};
    char folder[] = "/tmp/aanjager-sqlite-XXXXXX";
    CHECK(mkdtemp(folder) != NULL);
    p.folder = str_dup(p.c.arena, str_from(folder));
    p.file = str_fmt(p.c.arena, "%s/test.db", folder);
    p.url = str_fmt(p.c.arena, "sqlite:%s", p.file.ptr);
    return p;
}

static void end(struct place *p)
{
    db_lease_release(&p->c);
    db_pool_close(p->c.pool);
    CHECK_OK(&p->c, file_remove_tree(&p->c, p->folder));
    arena_free(p->c.arena);
}

static int open_pool(struct place *p)
{
    return db_pool_open(&p->c, p->url, &options, &p->c.pool);
}

static void close_pool(struct place *p)
{
    db_lease_release(&p->c);
    db_pool_close(p->c.pool);
    p->c.pool = NULL;
}

static void fill(struct place *p, int rows)
{
    CHECK_OK(&p->c, db_exec(&p->c, "CREATE TABLE t (id BIGINT PRIMARY KEY, text TEXT)"));
    for (int i = 0; i < rows; i++)
        CHECK_OK(&p->c,
                 db_exec(&p->c, "INSERT INTO t VALUES ($1, $2)", i, "some text to fill pages"));
}

static void a_file_keeps_its_rows(void **state _unused_)
{
    struct place p = begin();
    struct stat st;
    long long n;
    str mode;
    CHECK_OK(&p.c, open_pool(&p));
    fill(&p, 10);
    CHECK_OK(&p.c, db_get_str(&p.c, &mode, "SELECT journal_mode FROM pragma_journal_mode"));
    CHECK_STR(mode, S("wal"));
    CHECK_OK(&p.c, db_get_int(&p.c, &n, "SELECT foreign_keys FROM pragma_foreign_keys"));
    CHECK_INT(n, 1);
    CHECK_OK(&p.c, db_get_int(&p.c, &n, "SELECT synchronous FROM pragma_synchronous"));
    CHECK_INT(n, 2);
    CHECK_INT(stat(p.file.ptr, &st), 0);
    CHECK_INT(st.st_mode & 0777, 0600);
    close_pool(&p);
    CHECK_OK(&p.c, open_pool(&p));
    CHECK_OK(&p.c, db_get_int(&p.c, &n, "SELECT COUNT(*) FROM t"));
    CHECK_INT(n, 10);
    CHECK_OK(&p.c, db_integrity_check(&p.c));
    end(&p);
}

static void read_connections_cannot_write(void **state _unused_)
{
    struct place p = begin();
    long long n;
    CHECK_OK(&p.c, open_pool(&p));
    fill(&p, 1);
    CHECK_OK(&p.c, db_get_int(&p.c, &n, "SELECT query_only FROM pragma_query_only"));
    CHECK_INT(n, 1);
    /* A write that looks like a read goes to the writer. */
    CHECK_OK(&p.c, db_get_int(&p.c, &n,
                              "WITH x(i) AS (SELECT 5) INSERT INTO t "
                              "SELECT i, 'x' FROM x RETURNING id"));
    CHECK_INT(n, 5);
    end(&p);
}

static void wrong_addresses(void **state _unused_)
{
    struct place p = begin();
    const char *const urls[] = {
        "", "mysql://x", "sqlite:", "sqlite:/no/such/folder/x.db", "sqlite:/tmp", "/tmp/x.db"};
    for (size_t i = 0; i < COUNT_OF(urls); i++) {
        p.url = str_from(urls[i]);
        CHECK_INT(open_pool(&p), ERR_INVALID);
        CHECK(p.c.err.msg.len > 0);
    }
    end(&p);
}

/* As another user when this is root, for whom no right is missing. */
static int open_as_other(struct place *p)
{
    bool root = geteuid() == 0;
    if (root)
        CHECK_INT(seteuid(65534), 0);
    int code = open_pool(p);
    if (root)
        CHECK_INT(seteuid(0), 0);
    return code;
}

static void missing_rights(void **state _unused_)
{
    struct place p = begin();
    CHECK_INT(chmod(p.folder.ptr, 0555), 0);
    CHECK_INT(open_as_other(&p), ERR_DB);
    CHECK(str_find(p.c.err.msg, S("rechten")) != STR_NONE);
    CHECK_INT(chmod(p.folder.ptr, 0755), 0);
    CHECK_OK(&p.c, open_pool(&p));
    fill(&p, 1);
    close_pool(&p);
    CHECK_INT(chmod(p.file.ptr, 0444), 0);
    CHECK_INT(open_as_other(&p), ERR_DB);
    CHECK(p.c.err.msg.len > 0);
    end(&p);
}

static void not_a_database(void **state _unused_)
{
    struct place p = begin();
    CHECK_OK(&p.c, file_write(&p.c, p.file,
                              S("Dit is een brief en geen database. Echt niet, want "
                                "daarvoor staat hier te veel gewone tekst in.\n")));
    CHECK_INT(open_pool(&p), ERR_DB);
    CHECK(str_find(p.c.err.msg, S("beschadigd")) != STR_NONE);
    end(&p);
}

static void damage_is_found(void **state _unused_)
{
    struct place p = begin();
    char junk[3000];
    CHECK_OK(&p.c, open_pool(&p));
    fill(&p, 2000);
    CHECK_OK(&p.c, db_integrity_check(&p.c));
    close_pool(&p);
    memset(junk, 0x5A, sizeof junk);
    int fd = open(p.file.ptr, O_WRONLY);
    CHECK(fd >= 0);
    CHECK_INT(pwrite(fd, junk, sizeof junk, 4096L * 5 + 300), (long long)sizeof junk);
    (void)close(fd);
    CHECK_OK(&p.c, open_pool(&p));
    CHECK_INT(db_integrity_check(&p.c), ERR_DB);
    CHECK(str_find(p.c.err.msg, S("beschadigd")) != STR_NONE);
    end(&p);
}

static int fill_much(struct ctx *c, void *arg _unused_)
{
    for (int i = 1000; i < 60000; i++)
        TRY(db_exec(c, "INSERT INTO t VALUES ($1, $2)", i, "a text that takes room on the disk"));
    return 0;
}

static void limit_files(rlim_t bytes)
{
    struct rlimit limit;
    CHECK_INT(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = bytes;
    CHECK_INT(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void a_full_disk(void **state _unused_)
{
    struct place p = begin();
    long long n;
    CHECK_OK(&p.c, open_pool(&p));
    fill(&p, 10);
    /* SQLite answers the same when the system says that there is no room. */
    CHECK_OK(&p.c, db_exec(&p.c, "PRAGMA max_page_count = 100"));
    CHECK_INT(db_transaction(&p.c, fill_much, NULL), ERR_BUSY);
    CHECK(str_find(p.c.err.msg, S("schijf is vol")) != STR_NONE);
    CHECK_OK(&p.c, db_exec(&p.c, "PRAGMA max_page_count = 1000000"));
    CHECK_OK(&p.c, db_get_int(&p.c, &n, "SELECT COUNT(*) FROM t"));
    CHECK_INT(n, 10);
    CHECK_OK(&p.c, db_transaction(&p.c, fill_much, NULL));
    end(&p);
}

static void a_write_that_the_system_refuses(void **state _unused_)
{
    struct place p = begin();
    long long n;
    (void)signal(SIGXFSZ, SIG_IGN);
    CHECK_OK(&p.c, open_pool(&p));
    fill(&p, 10);
    limit_files(600 * 1024);
    int code = db_transaction(&p.c, fill_much, NULL);
    limit_files(RLIM_INFINITY);
    CHECK(code == ERR_DB || code == ERR_BUSY);
    CHECK(str_find(p.c.err.msg, S("schijf")) != STR_NONE);
    CHECK_OK(&p.c, db_get_int(&p.c, &n, "SELECT COUNT(*) FROM t"));
    CHECK_INT(n, 10);
    CHECK_OK(&p.c, db_transaction(&p.c, fill_much, NULL));
    CHECK_OK(&p.c, db_integrity_check(&p.c));
    end(&p);
}

static int write_while_held(struct ctx *c, void *arg)
{
    struct place *second = arg;
    long long n;
    TRY(db_exec(c, "INSERT INTO t VALUES (100, 'first program')"));
    CHECK_INT(db_exec(&second->c, "INSERT INTO t VALUES (101, 'second')"), ERR_BUSY);
    CHECK_INT(db_transaction(&second->c, fill_much, NULL), ERR_BUSY);
    CHECK_OK(&second->c, db_get_int(&second->c, &n, "SELECT COUNT(*) FROM t"));
    CHECK_INT(n, 3);
    return 0;
}

/* The command line beside the server: two pools on one file. */
static void a_second_program_waits(void **state _unused_)
{
    struct place p = begin(), second = begin();
    CHECK_OK(&p.c, open_pool(&p));
    fill(&p, 3);
    second.url = p.url;
    CHECK_OK(&second.c, open_pool(&second));
    CHECK_OK(&p.c, db_transaction(&p.c, write_while_held, &second));
    CHECK_OK(&second.c, db_exec(&second.c, "INSERT INTO t VALUES (101, 'second')"));
    end(&second);
    end(&p);
}

static int stop_halfway(struct ctx *c, void *arg _unused_)
{
    TRY(db_exec(c, "INSERT INTO t VALUES (7, 'half')"));
    _exit(0);
}

/* The power goes in the middle of a transaction. */
static void a_crash_leaves_whole_transactions(void **state _unused_)
{
    struct place p = begin();
    long long n;
    CHECK_OK(&p.c, open_pool(&p));
    fill(&p, 3);
    close_pool(&p);
    pid_t child = fork();
    if (child == 0) {
        if (open_pool(&p) == 0)
            (void)!db_transaction(&p.c, stop_halfway, NULL);
        _exit(1);
    }
    int status = -1;
    CHECK_INT(waitpid(child, &status, 0), child);
    CHECK_INT(status, 0);
    CHECK_OK(&p.c, open_pool(&p));
    CHECK_OK(&p.c, db_get_int(&p.c, &n, "SELECT COUNT(*) FROM t"));
    CHECK_INT(n, 3);
    CHECK_OK(&p.c, db_integrity_check(&p.c));
    end(&p);
}

static void memory_leaves_no_files(void **state _unused_)
{
    struct place p = begin();
    str *names;
    size_t n;
    CHECK_INT(setenv("TMPDIR", p.folder.ptr, 1), 0);
    p.url = S("sqlite::memory:");
    CHECK_OK(&p.c, open_pool(&p));
    fill(&p, 3);
    close_pool(&p);
    CHECK_INT(unsetenv("TMPDIR"), 0);
    CHECK_OK(&p.c, file_list(&p.c, p.folder, S(""), 10, &names, &n));
    CHECK_INT(n, 0);
    end(&p);
}

TEST_MAIN(TEST(a_file_keeps_its_rows), TEST(read_connections_cannot_write), TEST(wrong_addresses),
          TEST(missing_rights), TEST(not_a_database), TEST(damage_is_found), TEST(a_full_disk),
          TEST(a_write_that_the_system_refuses), TEST(a_second_program_waits),
          TEST(a_crash_leaves_whole_transactions), TEST(memory_leaves_no_files))
