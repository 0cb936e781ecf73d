/* Migrations: from empty, twice, changed, newer, at once from two nodes. */
#include "store.h"

#include <stdatomic.h>

#include "base/random.h"

static const struct migration first[] = {
    {1, "one",
     "-- a comment with @nothing and a quote '\n"
     "CREATE TABLE one (id @id, bytes @blob, text TEXT NOT NULL DEFAULT '@id -- '' x');\n"
     "-- @sqlite\n"
     "CREATE TABLE only_here (sqlite BIGINT);\n"
     "-- @postgres\n"
     "CREATE TABLE only_here (postgres BIGINT);\n"
     "-- @both\n"
     "CREATE INDEX one_text ON one (text);\n"},
    {3, "three", "CREATE TABLE three (id @id);INSERT INTO three (id) VALUES (7);"},
};
static const struct migration more[] = {
    {1, "one", NULL}, /* filled in by with_first */
    {2, "two", "CREATE TABLE two (id @id);"},
    {3, "three", NULL},
    {4, "four", "INSERT INTO two (id) SELECT id FROM three;"},
};

static struct ctx begin(void)
{
    struct ctx c = {.arena = arena_new()};
    c.pool = store_pool(store_new_url(c.arena), 4, 5000);
    return c;
}

static long long applied(struct ctx *c)
{
    long long n = -1;
    CHECK_OK(c, db_get_int(c, &n, "SELECT COUNT(*) FROM schema_migration"));
    return n;
}

static void from_empty(void **state _unused_)
{
    struct ctx c = begin();
    str text;
    long long id, n;
    CHECK_OK(&c, db_migrate(&c, first, COUNT_OF(first)));
    CHECK_INT(applied(&c), 2);
    CHECK_OK(&c, db_get_int(&c, &id, "INSERT INTO one (bytes) VALUES ($1) RETURNING id",
                            db_blob(S("\x01\x02"))));
    CHECK_INT(id, 1);
    CHECK_OK(&c, db_get_str(&c, &text, "SELECT text FROM one"));
    CHECK_STR(text, S("@id -- ' x"));
    if (db_is_postgres(&c))
        CHECK_OK(&c, db_get_int(&c, &n, "SELECT COUNT(postgres) FROM only_here"));
    else
        CHECK_OK(&c, db_get_int(&c, &n, "SELECT COUNT(sqlite) FROM only_here"));
    CHECK_OK(&c, db_get_str(&c, &text, "SELECT sha256 FROM schema_migration WHERE number = 3"));
    CHECK_INT(text.len, 64);
    store_end(&c);
}

static void twice_changes_nothing(void **state _unused_)
{
    struct ctx c = begin();
    long long n;
    CHECK_OK(&c, db_migrate(&c, first, COUNT_OF(first)));
    CHECK_OK(&c, db_migrate(&c, first, COUNT_OF(first)));
    CHECK_INT(applied(&c), 2);
    CHECK_OK(&c, db_get_int(&c, &n, "SELECT COUNT(*) FROM three"));
    CHECK_INT(n, 1);
    store_end(&c);
}

static void with_first(struct migration *list)
{
    memcpy(list, more, sizeof more);
    list[0].sql = first[0].sql;
    list[2].sql = first[1].sql;
}

static void what_is_missing_is_added(void **state _unused_)
{
    struct ctx c = begin();
    struct migration list[COUNT_OF(more)];
    long long n;
    with_first(list);
    CHECK_OK(&c, db_migrate(&c, first, COUNT_OF(first)));
    CHECK_OK(&c, db_migrate(&c, list, COUNT_OF(list)));
    CHECK_INT(applied(&c), 4);
    CHECK_OK(&c, db_get_int(&c, &n, "SELECT id FROM two"));
    CHECK_INT(n, 7);
    store_end(&c);
}

static void a_changed_text_is_refused(void **state _unused_)
{
    struct ctx c = begin();
    struct migration list[COUNT_OF(more)];
    with_first(list);
    CHECK_OK(&c, db_migrate(&c, first, COUNT_OF(first)));
    list[2].sql = "CREATE TABLE three (id @id, more TEXT);";
    CHECK_INT(db_migrate(&c, list, COUNT_OF(list)), ERR_CONFLICT);
    CHECK(str_find(c.err.msg, S("three")) != STR_NONE);
    CHECK_INT(applied(&c), 2);
    store_end(&c);
}

static void a_newer_database_is_refused(void **state _unused_)
{
    struct ctx c = begin();
    struct migration list[COUNT_OF(more)];
    with_first(list);
    CHECK_OK(&c, db_migrate(&c, list, COUNT_OF(list)));
    CHECK_INT(db_migrate(&c, list, 3), ERR_CONFLICT);
    CHECK(str_find(c.err.msg, S("nieuwere versie")) != STR_NONE);
    store_end(&c);
}

static void a_failing_one_leaves_nothing(void **state _unused_)
{
    struct ctx c = begin();
    struct migration list[] = {
        first[0],
        {2, "bad", "CREATE TABLE half (id @id); INSERT INTO no_such_table VALUES (1);"},
    };
    long long n;
    CHECK_INT(db_migrate(&c, list, 2), ERR_DB);
    CHECK(str_find(c.err.detail, S("bad")) != STR_NONE);
    CHECK_INT(applied(&c), 1);
    CHECK_INT(db_get_int(&c, &n, "SELECT COUNT(*) FROM half"), ERR_DB);
    list[1].sql = "CREATE TABLE half (id @id);";
    CHECK_OK(&c, db_migrate(&c, list, 2));
    CHECK_OK(&c, db_get_int(&c, &n, "SELECT COUNT(*) FROM half"));
    store_end(&c);
}

static void unknown_words_are_refused(void **state _unused_)
{
    struct ctx c = begin();
    struct migration word[] = {{1, "word", "CREATE TABLE x (id @ids);"}};
    struct migration section[] = {{1, "section", "-- @mysql\nCREATE TABLE x (id @id);"}};
    struct migration quote[] = {{1, "quote", "CREATE TABLE x (id TEXT DEFAULT 'a);"}};
    CHECK_INT(db_migrate(&c, word, 1), ERR_INTERNAL);
    CHECK_INT(db_migrate(&c, section, 1), ERR_INTERNAL);
    CHECK_INT(db_migrate(&c, quote, 1), ERR_INTERNAL);
    CHECK_INT(applied(&c), 0);
    store_end(&c);
}

/* ---- several nodes at once ---- */

struct nodes {
    str url;
    _Atomic int failed;
};

static void migrate_as_node(int number _unused_, void *arg)
{
    struct nodes *nodes = arg;
    struct ctx c = {.arena = arena_new()};
    struct db_options options = {2, 10000, false};
    struct migration list[COUNT_OF(more)];
    with_first(list);
    if (db_pool_open(&c, nodes->url, &options, &c.pool) < 0 ||
        db_migrate(&c, list, COUNT_OF(list)) < 0) {
        print_error("%.*s\n", (int)c.err.detail.len, c.err.detail.ptr);
        nodes->failed++;
    }
    db_lease_release(&c);
    db_pool_close(c.pool);
    arena_free(c.arena);
}

static void nodes_wait_for_each_other(void **state _unused_)
{
    struct arena *a = arena_new();
    bool postgres = store_is_postgres();
    struct nodes nodes = {.url = postgres ? store_new_url(a) : S("")};
    str file = str_fmt(a, "/tmp/aanjager-nodes-%s.db", random_hex(a, 8).ptr);
    if (!postgres)
        nodes.url = str_fmt(a, "sqlite:%s", file.ptr);
    store_threads(6, migrate_as_node, &nodes);
    CHECK_INT(nodes.failed, 0);
    struct ctx c = {.arena = a};
    struct db_options options = {2, 10000, false};
    long long n;
    CHECK_OK(&c, db_pool_open(&c, nodes.url, &options, &c.pool));
    CHECK_INT(applied(&c), 4);
    CHECK_OK(&c, db_get_int(&c, &n, "SELECT COUNT(*) FROM two"));
    CHECK_INT(n, 1);
    db_lease_release(&c);
    db_pool_close(c.pool);
    if (!postgres)
        CHECK_INT(remove(file.ptr), 0);
    arena_free(a);
}

TEST_MAIN(TEST(from_empty), TEST(twice_changes_nothing), TEST(what_is_missing_is_added),
          TEST(a_changed_text_is_refused), TEST(a_newer_database_is_refused),
          TEST(a_failing_one_leaves_nothing), TEST(unknown_words_are_refused),
          TEST(nodes_wait_for_each_other))
