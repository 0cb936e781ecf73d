/* PostgreSQL goes away and comes back under an open pool. Runs inside a with_postgres.sh of its
 * own. */
#include "store.h"

#include <stdatomic.h>

#include "base/clock.h"

static void cluster(const char *what)
{
    char command[512];
    const char *program = getenv("AANJAGER_TEST_CLUSTER_DO");
    if (!store_is_postgres() || !program) {
        fprintf(stderr, "this test needs AANJAGER_STORE=postgres inside with_postgres.sh\n");
        exit(1);
    }
    (void)snprintf(command, sizeof command, "%s %s", program, what);
    CHECK_INT(system(command), 0);
}

static struct ctx begin(void)
{
    static bool made;
    struct ctx c = store_begin();
    if (!made)
        CHECK_OK(&c, db_exec(&c, "CREATE TABLE t (id BIGINT PRIMARY KEY, n BIGINT NOT NULL)"));
    made = true;
    CHECK_OK(&c, db_exec(&c, "DELETE FROM t"));
    CHECK_OK(&c, db_exec(&c, "INSERT INTO t VALUES (1, 0)"));
    return c;
}

static long long number(struct ctx *c)
{
    long long n = -1;
    CHECK_OK(c, db_get_int(c, &n, "SELECT n FROM t WHERE id = 1"));
    return n;
}

static int add(struct ctx *c, void *arg _unused_)
{
    return db_exec(c, "UPDATE t SET n = n + 1 WHERE id = 1");
}

static void a_restart_in_a_quiet_hour_is_not_noticed(void **state _unused_)
{
    struct ctx c = begin();
    CHECK_INT(number(&c), 0);
    cluster("restart");
    CHECK_INT(number(&c), 0);
    cluster("restart");
    CHECK_OK(&c, add(&c, NULL));
    cluster("restart");
    CHECK_OK(&c, db_transaction(&c, add, NULL));
    cluster("restart");
    CHECK_INT(number(&c), 2);
    CHECK_INT(c.err.code, 0);
    store_end(&c);
}

static void away_gives_busy_with_words_and_heals(void **state _unused_)
{
    struct ctx c = begin();
    struct db_health health;
    long long n;
    cluster("stop");
    long long begun = clock_monotonic_us();
    CHECK_INT(db_get_int(&c, &n, "SELECT 1"), ERR_BUSY);
    CHECK(str_find(c.err.msg, S("niet bereikbaar")) != STR_NONE);
    CHECK_INT(add(&c, NULL), ERR_BUSY);
    CHECK_INT(db_transaction(&c, add, NULL), ERR_BUSY);
    CHECK(clock_monotonic_us() - begun < 5000000);
    CHECK_OK(&c, db_health(&c, &health));
    CHECK(!health.up);
    struct db_options options = {2, 500, false};
    struct db_pool *pool;
    const char *url = getenv("AANJAGER_TEST_DATABASE");
    CHECK_INT(db_pool_open(&c, str_from(url), &options, &pool), ERR_BUSY);
    CHECK(str_find(c.err.msg, S("Controleer")) != STR_NONE);
    cluster("start");
    CHECK_INT(number(&c), 0);
    CHECK_OK(&c, db_transaction(&c, add, NULL));
    CHECK_OK(&c, db_health(&c, &health));
    CHECK(health.up);
    store_end(&c);
}

static int crash_inside(struct ctx *c, void *arg)
{
    int *runs = arg;
    ++*runs;
    TRY(add(c, NULL));
    cluster("kill");
    CHECK_INT(add(c, NULL), ERR_BUSY);
    CHECK(c->err.msg.len > 0);
    cluster("start");
    return ERR_BUSY;
}

static void a_crash_in_a_transaction_leaves_nothing(void **state _unused_)
{
    struct ctx c = begin();
    int runs = 0;
    CHECK_INT(db_transaction(&c, crash_inside, &runs), ERR_BUSY);
    CHECK_INT(runs, 1);
    CHECK_INT(number(&c), 0);
    CHECK_OK(&c, db_transaction(&c, add, NULL));
    CHECK_INT(number(&c), 1);
    store_end(&c);
}

struct work {
    _Atomic bool end;
    _Atomic long done, busy, wrong, reads;
};

static void work_on(int thread, void *arg)
{
    struct work *w = arg;
    while (thread > 0 && !w->end) {
        struct ctx c = store_begin();
        int code = thread % 2 ? db_transaction(&c, add, NULL) : add(&c, NULL);
        long long n;
        w->done += code == 0;
        w->busy += code == ERR_BUSY;
        int read = db_get_int(&c, &n, "SELECT n FROM t WHERE id = 1");
        w->reads += read == 0;
        w->wrong += (code != 0 && code != ERR_BUSY) || (read != 0 && read != ERR_BUSY);
        store_end(&c);
        if (code != 0 || read != 0)
            (void)nanosleep(&(struct timespec){0, 5000000}, NULL);
    }
    if (thread > 0)
        return;
    cluster("kill");
    cluster("start");
    (void)nanosleep(&(struct timespec){0, 300000000}, NULL);
    w->end = true;
}

static void a_crash_under_load(void **state _unused_)
{
    struct ctx c = begin();
    struct work w = {0};
    store_threads(9, work_on, &w);
    long long n = number(&c);
    print_message("# %ld done, %ld busy, %lld counted\n", w.done, w.busy, n);
    CHECK_INT(w.wrong, 0);
    CHECK(w.busy > 0 && w.done > 100);
    /* What was done is there; of what was unsure, some may be. */
    CHECK(n >= w.done);
    CHECK(n <= w.done + w.busy);
    store_end(&c);
}

static void a_connection_that_the_server_ends(void **state _unused_)
{
    struct ctx c = begin(), killer = store_begin();
    long long pid;
    bool yes;
    static const struct db_field fields[] = {{"killed", DB_BOOL, 0}};
    CHECK_OK(&c, db_get_int(&c, &pid, "SELECT pg_backend_pid()"));
    CHECK_OK(&killer,
             db_one(&killer, fields, &yes, "SELECT pg_terminate_backend($1::int) AS killed", pid));
    CHECK(yes);
    (void)nanosleep(&(struct timespec){0, 50000000}, NULL);
    CHECK_OK(&c, add(&c, NULL));
    CHECK_INT(number(&c), 1);
    store_end(&killer);
    store_end(&c);
}

static void a_server_that_became_read_only(void **state _unused_)
{
    struct ctx c = begin();
    CHECK_OK(&c, db_exec(&c, "SET default_transaction_read_only = on"));
    CHECK_INT(add(&c, NULL), ERR_BUSY);
    CHECK_OK(&c, add(&c, NULL));
    CHECK_INT(number(&c), 1);
    store_end(&c);
}

static str read_text(struct ctx *c)
{
    str text = S("");
    CHECK_OK(c, db_get_str(c, &text, "SELECT v FROM shape"));
    return text;
}

static int read_in_transaction(struct ctx *c, void *arg _unused_)
{
    str text;
    return db_get_str(c, &text, "SELECT v FROM shape");
}

/* Another node migrates while we have the old statement prepared. */
static void tables_may_change_shape(void **state _unused_)
{
    struct ctx c = begin(), other = store_begin();
    CHECK_OK(&other, db_exec(&other, "CREATE TABLE shape (v BIGINT)"));
    CHECK_OK(&other, db_exec(&other, "INSERT INTO shape VALUES (5)"));
    CHECK_STR(read_text(&c), S("5"));
    CHECK_OK(&c, db_transaction(&c, read_in_transaction, NULL));
    CHECK_OK(&other, db_exec(&other, "ALTER TABLE shape ALTER COLUMN v TYPE TEXT"));
    CHECK_STR(read_text(&c), S("5"));
    CHECK_OK(&other,
             db_exec(&other, "ALTER TABLE shape ALTER COLUMN v TYPE DOUBLE PRECISION USING 6"));
    CHECK_OK(&c, db_transaction(&c, read_in_transaction, NULL));
    CHECK_STR(read_text(&c), S("6"));
    store_end(&other);
    store_end(&c);
}

static void wrong_addresses(void **state _unused_)
{
    struct ctx c = begin();
    struct db_options options = {2, 500, false};
    struct db_pool *pool;
    const char *url = getenv("AANJAGER_TEST_DATABASE");
    CHECK_INT(db_pool_open(&c, str_fmt(c.arena, "%s&dbname=nowhere", url), &options, &pool),
              ERR_INVALID);
    CHECK(str_find(c.err.msg, S("bestaat niet")) != STR_NONE);
    CHECK_INT(db_pool_open(&c, str_fmt(c.arena, "%s&user=nobody_here", url), &options, &pool),
              ERR_INVALID);
    CHECK_INT(db_pool_open(&c, S("postgresql:no such thing"), &options, &pool), ERR_INVALID);
    CHECK_INT(db_pool_open(&c, S("postgresql:host=/no/such/folder"), &options, &pool), ERR_BUSY);
    CHECK_OK(&c, db_pool_open(&c, str_from(url), &options, &pool));
    db_pool_close(pool);
    store_end(&c);
}

static void a_user_without_rights(void **state _unused_)
{
    struct ctx c = begin();
    CHECK_OK(&c, db_exec(&c, "CREATE ROLE guest LOGIN"));
    CHECK_OK(&c, db_exec(&c, "SET ROLE guest"));
    CHECK_INT(add(&c, NULL), ERR_DB);
    CHECK(str_find(c.err.msg, S("rechten")) != STR_NONE);
    CHECK_OK(&c, db_exec(&c, "RESET ROLE"));
    CHECK_OK(&c, add(&c, NULL));
    store_end(&c);
}

TEST_MAIN(TEST(a_restart_in_a_quiet_hour_is_not_noticed),
          TEST(away_gives_busy_with_words_and_heals), TEST(a_crash_in_a_transaction_leaves_nothing),
          TEST(a_crash_under_load), TEST(a_connection_that_the_server_ends),
          TEST(a_server_that_became_read_only), TEST(tables_may_change_shape),
          TEST(wrong_addresses), TEST(a_user_without_rights))
