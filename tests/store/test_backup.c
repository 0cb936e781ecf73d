/* Copies of the whole database: complete, of one moment, checked when they are put back, and never
 * over anything. */
#include "store.h"

#include <stdatomic.h>

#include "base/file.h"
#include "base/random.h"

static const struct migration first[] = {
    {1, "one",
     "CREATE TABLE owner (id @id, name TEXT NOT NULL);\n"
     /* Before its owner by name, and with a row that names another of its table. */
     "CREATE TABLE account (id @id, owner_id BIGINT NOT NULL REFERENCES owner (id), "
     "parent_id BIGINT REFERENCES account (id), amount BIGINT NOT NULL, rate DOUBLE PRECISION, "
     "note TEXT, bytes @blob);\n"
     "CREATE TABLE setting (name TEXT PRIMARY KEY, value BIGINT NOT NULL);\n"
     "INSERT INTO setting (name, value) VALUES ('made by the migration', 1);\n"},
};
static const struct migration later[] = {
    {1, "one", NULL}, /* filled in */
    {2, "two", "ALTER TABLE owner ADD COLUMN city TEXT NOT NULL DEFAULT 'Zwolle';"},
};

static struct ctx begin(void)
{
    struct ctx c = {.arena = arena_new()};
    c.pool = store_pool(store_new_url(c.arena), 6, 5000);
    return c;
}

/* A folder that goes with the test's arena. */
static void remove_folder(void *path)
{
    struct ctx c = {.arena = arena_new()};
    CHECK_OK(&c, file_remove_tree(&c, str_from(path)));
    arena_free(c.arena);
}

static str new_file(struct ctx *c)
{
    str folder = str_fmt(c->arena, "/tmp/aanjager-backup-%s", random_hex(c->arena, 8).ptr);
    CHECK_OK(c, file_make_dirs(c, folder));
    arena_defer(c->arena, remove_folder, (void *)(uintptr_t)folder.ptr);
    return str_fmt(c->arena, "%s/copy.db", folder.ptr);
}

static void fill(struct ctx *c)
{
    CHECK_OK(c, db_migrate(c, first, COUNT_OF(first)));
    CHECK_OK(
        c, db_exec(c, "INSERT INTO owner (id, name) VALUES (5, $1), (9, '')", "Zoë ’s, \\ \t tab"));
    CHECK_OK(
        c,
        db_exec(c,
                "INSERT INTO account (id, owner_id, parent_id, amount, rate, note, bytes) VALUES "
                "(3, 9, NULL, $1, $2, NULL, $3), (8, 5, 3, $4, NULL, '', NULL)",
                (long long)INT64_MAX, -0.1, db_blob(S("\x00\x01\xff")), (long long)INT64_MIN));
    CHECK_OK(c, db_exec(c, "UPDATE setting SET value = 2"));
}

struct account {
    long long id, owner_id, parent_id, amount;
    double rate;
    str note, bytes;
};
static const struct db_field account_fields[] = {
    {"id", DB_INT, offsetof(struct account, id)},
    {"owner_id", DB_INT, offsetof(struct account, owner_id)},
    {"parent_id", DB_INT, offsetof(struct account, parent_id)},
    {"amount", DB_INT, offsetof(struct account, amount)},
    {"rate", DB_DOUBLE, offsetof(struct account, rate)},
    {"note", DB_STR, offsetof(struct account, note)},
    {"bytes", DB_BLOB, offsetof(struct account, bytes)},
};

static void check_filled(struct ctx *c)
{
    struct account *accounts;
    size_t count;
    str name;
    long long value;
    CHECK_OK(
        c,
        db_all(
            c, account_fields, &accounts, &count,
            "SELECT id, owner_id, parent_id, amount, rate, note, bytes FROM account ORDER BY id"));
    CHECK_INT(count, 2);
    CHECK(accounts[0].id == 3 && accounts[0].owner_id == 9 && accounts[0].amount == INT64_MAX);
    CHECK(accounts[0].rate < -0.0999999999999999 && accounts[0].rate > -0.1000000000000001);
    CHECK(accounts[0].note.ptr == NULL);
    CHECK_STR(accounts[0].bytes, S("\x00\x01\xff"));
    CHECK(accounts[1].id == 8 && accounts[1].parent_id == 3 && accounts[1].amount == INT64_MIN);
    CHECK(accounts[1].note.ptr != NULL && accounts[1].note.len == 0 &&
          accounts[1].bytes.ptr == NULL);
    CHECK_OK(c, db_get_str(c, &name, "SELECT name FROM owner WHERE id = 5"));
    CHECK_STR(name, S("Zoë ’s, \\ \t tab"));
    CHECK_OK(c, db_get_int(c, &value, "SELECT value FROM setting"));
    CHECK_INT(value, 2); /* not also the row that the migration makes */
}

static void comes_back_as_it_was(void **state _unused_)
{
    struct ctx c = begin(), fresh = begin();
    struct db_copied copied;
    long long id;
    str path = new_file(&c);
    fill(&c);
    CHECK_OK(&c, db_backup(&c, path, &copied));
    CHECK_INT(copied.tables, 3);
    CHECK_INT(copied.rows, 5);
    CHECK_OK(&fresh, db_restore(&fresh, path, first, COUNT_OF(first), &copied));
    CHECK_INT(copied.rows, 5);
    check_filled(&fresh);
    /* New ids come after the old ones. */
    CHECK_OK(&fresh,
             db_get_int(&fresh, &id, "INSERT INTO owner (name) VALUES ('new') RETURNING id"));
    CHECK_INT(id, 10);
    store_end(&fresh);
    store_end(&c);
}

static void goes_to_the_other_kind_of_database(void **state _unused_)
{
    struct ctx c = begin(), other = {.arena = arena_new()}, back = begin();
    struct db_copied copied;
    str path = new_file(&c), second = new_file(&c);
    other.pool = store_pool(S("sqlite::memory:"), 4, 5000);
    fill(&c);
    CHECK_OK(&c, db_backup(&c, path, &copied));
    CHECK_OK(&other, db_restore(&other, path, first, COUNT_OF(first), &copied));
    check_filled(&other);
    CHECK_OK(&other, db_backup(&other, second, &copied));
    CHECK_OK(&back, db_restore(&back, second, first, COUNT_OF(first), &copied));
    check_filled(&back);
    store_end(&back);
    store_end(&other);
    store_end(&c);
}

static void an_older_copy_gets_the_newer_columns(void **state _unused_)
{
    struct ctx c = begin(), fresh = begin();
    struct db_copied copied;
    struct migration list[COUNT_OF(later)];
    str path = new_file(&c), city;
    fill(&c);
    CHECK_OK(&c, db_backup(&c, path, &copied));
    memcpy(list, later, sizeof later);
    list[0].sql = first[0].sql;
    CHECK_OK(&fresh, db_restore(&fresh, path, list, COUNT_OF(list), &copied));
    CHECK_OK(&fresh, db_get_str(&fresh, &city, "SELECT city FROM owner WHERE id = 5"));
    CHECK_STR(city, S("Zwolle"));
    /* The other way is refused: this program does not know the newer table. */
    struct ctx old = begin();
    str newer = new_file(&c);
    CHECK_OK(&fresh, db_backup(&fresh, newer, &copied));
    CHECK_INT(db_restore(&old, newer, first, COUNT_OF(first), &copied), ERR_CONFLICT);
    CHECK(str_find(old.err.msg, S("nieuwere versie")) != STR_NONE);
    store_end(&old);
    store_end(&fresh);
    store_end(&c);
}

/* ---- nothing is overwritten, nothing half is left ---- */

static void nothing_is_overwritten(void **state _unused_)
{
    struct ctx c = begin();
    struct db_copied copied;
    str path = new_file(&c);
    fill(&c);
    CHECK_OK(&c, db_backup(&c, path, &copied));
    CHECK_INT(db_backup(&c, path, &copied), ERR_CONFLICT);
    CHECK_INT(db_restore(&c, path, first, COUNT_OF(first), &copied), ERR_CONFLICT);
    check_filled(&c);
    store_end(&c);
}

static void a_copy_that_fails_leaves_no_file(void **state _unused_)
{
    struct ctx c = begin();
    struct db_copied copied;
    str folder = str_fmt(c.arena, "/tmp/aanjager-not-there-%s", random_hex(c.arena, 8).ptr);
    fill(&c);
    CHECK(db_backup(&c, str_fmt(c.arena, "%s/copy.db", folder.ptr), &copied) < 0);
    CHECK(c.err.msg.len > 0);
    CHECK(!file_exists(&c, folder));
    store_end(&c);
}

/* What somebody did to the file afterwards. */
static void damage(str path, const char *sql)
{
    struct ctx c = {.arena = arena_new()};
    c.pool = store_pool(str_fmt(c.arena, "sqlite:%.*s", (int)path.len, path.ptr), 2, 5000);
    CHECK_OK(&c, db_exec_(&c, NULL, sql, NULL, 0));
    store_end(&c);
}

static void a_damaged_copy_is_refused(void **state _unused_)
{
    static const char *const damages[] = {
        "DELETE FROM account WHERE id = 8",
        "UPDATE account SET amount = 1 WHERE id = 8",
        "UPDATE account SET note = 'x' WHERE id = 8",
        "UPDATE account SET rate = 0 WHERE id = 8",
        "INSERT INTO owner (name) VALUES ('smuggled')",
        "DELETE FROM backup_table WHERE name = 'owner'",
        "DROP TABLE backup_table",
    };
    for (size_t i = 0; i < COUNT_OF(damages); i++) {
        struct ctx c = begin(), fresh = begin();
        struct db_copied copied;
        str path = new_file(&c);
        fill(&c);
        CHECK_OK(&c, db_backup(&c, path, &copied));
        damage(path, damages[i]);
        CHECK(db_restore(&fresh, path, first, COUNT_OF(first), &copied) < 0);
        CHECK(fresh.err.msg.len > 0);
        CHECK(db_prove(&c, path, &copied) < 0);
        check_filled(&c);
        store_end(&fresh);
        store_end(&c);
    }
}

static void proving_leaves_nothing_behind(void **state _unused_)
{
    struct ctx c = begin();
    struct db_copied copied;
    long long schemas = 0;
    str path = new_file(&c);
    fill(&c);
    CHECK_OK(&c, db_backup(&c, path, &copied));
    CHECK_OK(&c, db_prove(&c, path, &copied));
    CHECK_OK(&c, db_prove(&c, path, &copied));
    CHECK_INT(copied.rows, 5);
    check_filled(&c);
    if (db_is_postgres(&c))
        CHECK_OK(&c, db_get_int(&c, &schemas,
                                "SELECT COUNT(*) FROM information_schema.schemata "
                                "WHERE schema_name = 'aanjager_proef'"));
    CHECK_INT(schemas, 0);
    store_end(&c);
}

/* ---- while others write ---- */

enum { WRITERS = 3, TOTAL = 1000 };

struct load {
    struct db_pool *pool;
    str path;
    _Atomic bool done;
    _Atomic int moved;
};

/* Moves money from one account to the other: their sum is always the same. */
static int move(struct ctx *c, void *arg)
{
    const long long *amount = arg;
    TRY(db_exec(c, "UPDATE setting SET value = value - $1 WHERE name = 'a'", *amount));
    return db_exec(c, "UPDATE setting SET value = value + $1 WHERE name = 'b'", *amount);
}

static void write_or_copy(int number, void *arg)
{
    struct load *l = arg;
    struct ctx c = {.arena = arena_new(), .pool = l->pool};
    struct db_copied copied;
    if (number == 0) {
        while (atomic_load(&l->moved) < 5)
            (void)nanosleep(&(struct timespec){0, 1000000}, NULL);
        CHECK_OK(&c, db_backup(&c, l->path, &copied));
        atomic_store(&l->done, true);
    }
    for (long long i = 0; number && !atomic_load(&l->done); i++) {
        long long amount = i % 7 + number;
        struct ctx one = {.arena = arena_new(), .pool = l->pool};
        CHECK_OK(&one, db_transaction(&one, move, &amount));
        atomic_fetch_add(&l->moved, 1);
        db_lease_release(&one);
        arena_free(one.arena);
    }
    db_lease_release(&c);
    arena_free(c.arena);
}

static void is_of_one_moment_while_others_write(void **state _unused_)
{
    struct ctx c = begin(), fresh = begin();
    struct db_copied copied;
    long long sum;
    CHECK_OK(&c, db_migrate(&c, first, COUNT_OF(first)));
    CHECK_OK(&c,
             db_exec(&c, "INSERT INTO setting (name, value) VALUES ('a', $1), ('b', 0)", TOTAL));
    for (int i = 0; i < 50; i++) /* so that it takes a while */
        CHECK_OK(&c, db_exec(&c, "INSERT INTO owner (name) VALUES ($1)", "somebody"));
    db_lease_release(&c);
    struct load l = {.pool = c.pool, .path = new_file(&c)};
    store_threads(WRITERS + 1, write_or_copy, &l);
    CHECK_OK(&fresh, db_restore(&fresh, l.path, first, COUNT_OF(first), &copied));
    CHECK_OK(&fresh,
             db_get_int(&fresh, &sum,
                        "SELECT CAST(SUM(value) AS BIGINT) FROM setting WHERE name IN ('a', 'b')"));
    CHECK_INT(sum, TOTAL);
    store_end(&fresh);
    store_end(&c);
}

TEST_MAIN(TEST(comes_back_as_it_was), TEST(goes_to_the_other_kind_of_database),
          TEST(an_older_copy_gets_the_newer_columns), TEST(nothing_is_overwritten),
          TEST(a_copy_that_fails_leaves_no_file), TEST(a_damaged_copy_is_refused),
          TEST(proving_leaves_nothing_behind), TEST(is_of_one_moment_while_others_write))
