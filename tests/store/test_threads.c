/* What must hold when many threads use the database at once. */
#include "store.h"

#include <pthread.h>
#include <stdatomic.h>

#include "base/clock.h"

enum { THREADS = 16, ROUNDS = 40 };

static void make_counters(struct ctx *c)
{
    CHECK_OK(c, db_exec(c, "CREATE TABLE counter (id BIGINT PRIMARY KEY, n BIGINT NOT NULL)"));
    for (int i = 0; i < 4; i++)
        CHECK_OK(c, db_exec(c, "INSERT INTO counter VALUES ($1, 0)", i));
}

static long long counter(struct ctx *c, int id)
{
    long long n = -1;
    CHECK_OK(c, db_get_int(c, &n, "SELECT n FROM counter WHERE id = $1", id));
    return n;
}

/* Reads, then writes what it computed: the classic lost update. */
static int read_and_write(struct ctx *c, void *arg)
{
    long long n;
    int id = *(const int *)arg;
    TRY(db_get_int(c, &n, "SELECT n FROM counter WHERE id = $1", id));
    return db_exec(c, "UPDATE counter SET n = $2 WHERE id = $1", id, n + 1);
}

struct outcome {
    _Atomic int done, busy, wrong;
};

static void count_up(int number, void *arg)
{
    struct outcome *o = arg;
    for (int i = 0; i < ROUNDS; i++) {
        struct ctx c = store_begin();
        int id = number % 2; /* two counters, eight threads on each */
        int code = db_transaction(&c, read_and_write, &id);
        o->done += code == 0;
        o->busy += code == ERR_BUSY;
        o->wrong += code != 0 && code != ERR_BUSY;
        store_end(&c);
    }
}

static void no_update_is_lost(void **state _unused_)
{
    struct ctx c = store_begin();
    struct outcome o = {0};
    make_counters(&c);
    store_threads(THREADS, count_up, &o);
    CHECK_INT(o.wrong, 0);
    CHECK_INT(counter(&c, 0) + counter(&c, 1), o.done);
    print_message("# %d of %d were busy\n", o.busy, o.done + o.busy);
    /* Busy after five tries is an honest answer, but it must be seldom. */
    CHECK(o.busy <= THREADS * ROUNDS / 50);
    store_end(&c);
}

static void add_by_statement(int number _unused_, void *arg)
{
    struct outcome *o = arg;
    for (int i = 0; i < ROUNDS; i++) {
        struct ctx c = store_begin();
        int code = db_exec(&c, "UPDATE counter SET n = n + 1 WHERE id = 2");
        o->done += code == 0;
        o->wrong += code != 0;
        store_end(&c);
    }
}

static void single_statements_need_no_transaction(void **state _unused_)
{
    struct ctx c = store_begin();
    struct outcome o = {0};
    store_threads(THREADS, add_by_statement, &o);
    CHECK_INT(o.wrong, 0);
    CHECK_INT(counter(&c, 2), THREADS * ROUNDS);
    store_end(&c);
}

/* ---- the body runs again ---- */

struct meeting {
    _Atomic int arrived, runs;
};

/* Both read before either writes; on SQLite the second waits for the first before it reads. */
static int read_meet_write(struct ctx *c, void *arg)
{
    struct meeting *m = arg;
    long long n;
    m->runs++;
    TRY(db_get_int(c, &n, "SELECT n FROM counter WHERE id = 3"));
    m->arrived++;
    if (db_is_postgres(c))
        while (m->arrived < 2)
            (void)nanosleep(&(struct timespec){0, 1000000}, NULL);
    return db_exec(c, "UPDATE counter SET n = $1 WHERE id = 3", n + 1);
}

static void meet(int number _unused_, void *arg)
{
    struct ctx c = store_begin();
    CHECK_OK(&c, db_transaction(&c, read_meet_write, arg));
    CHECK_INT(c.err.code, 0);
    store_end(&c);
}

static void a_lost_race_is_run_again(void **state _unused_)
{
    struct ctx c = store_begin();
    struct meeting m = {0};
    store_threads(2, meet, &m);
    CHECK_INT(counter(&c, 3), 2);
    CHECK_INT(m.runs, db_is_postgres(&c) ? 3 : 2);
    store_end(&c);
}

/* ---- change ids in the order of commits ---- */

static int note(struct ctx *c, void *arg)
{
    const int *number = arg;
    TRY(db_change(c, "first", *number));
    /* The larger the number, the shorter the time to the commit. */
    (void)nanosleep(&(struct timespec){0, (THREADS - *number) * 50000}, NULL);
    return db_change(c, "second", *number);
}

static void write_changes(int number, void *arg)
{
    struct outcome *o = arg;
    for (int i = 0; i < 30; i++) {
        struct ctx c = store_begin();
        o->wrong += db_transaction(&c, note, &number) != 0;
        o->done++;
        store_end(&c);
    }
}

struct follower {
    struct outcome outcome;
    _Atomic bool end;
    long long seen, last;
    int out_of_order;
};

static void follow_once(struct follower *f)
{
    struct ctx c = store_begin();
    struct db_change_row *rows;
    size_t n;
    CHECK_OK(&c, db_changes(&c, f->last, 7, &rows, &n));
    for (size_t i = 0; i < n; i++) {
        f->out_of_order += rows[i].id <= f->last;
        f->last = rows[i].id;
        f->seen++;
    }
    store_end(&c);
}

static void *follow(void *arg)
{
    struct follower *f = arg;
    while (!f->end)
        follow_once(f);
    return NULL;
}

/* A follower that only looks after the last id it saw must see every change. */
static void a_follower_misses_nothing(void **state _unused_)
{
    struct ctx c = store_begin();
    struct follower f = {0};
    pthread_t thread;
    CHECK_OK(&c, db_exec(&c, "DELETE FROM change"));
    CHECK_INT(pthread_create(&thread, NULL, follow, &f), 0);
    store_threads(THREADS - 4, write_changes, &f.outcome);
    f.end = true;
    CHECK_INT(pthread_join(thread, NULL), 0);
    for (int i = 0; i < 200; i++)
        follow_once(&f);
    CHECK_INT(f.outcome.wrong, 0);
    CHECK_INT(f.out_of_order, 0);
    CHECK_INT(f.seen, 2 * (THREADS - 4) * 30);
    store_end(&c);
}

/* ---- waiting for the writer ---- */

struct holder {
    struct db_pool *pool;
    _Atomic bool held, let_go;
};

static int hold(struct ctx *c, void *arg)
{
    struct holder *h = arg;
    TRY(db_exec(c, "UPDATE lock_test SET n = n + 1"));
    h->held = true;
    while (!h->let_go)
        (void)nanosleep(&(struct timespec){0, 1000000}, NULL);
    return 0;
}

static void *holder_main(void *arg)
{
    struct holder *h = arg;
    struct ctx c = {.arena = arena_new(), .pool = h->pool};
    int code = db_transaction(&c, hold, h);
    arena_free(c.arena);
    return code == 0 ? h : NULL;
}

static int add(struct ctx *c, void *arg _unused_)
{
    return db_exec(c, "UPDATE lock_test SET n = n + 1");
}

static void a_lock_that_stays_gives_busy(void **state _unused_)
{
    struct arena *a = arena_new();
    struct holder h = {.pool = store_pool(store_new_url(a), 4, 150)};
    struct ctx c = {.arena = a, .pool = h.pool};
    pthread_t thread;
    void *result;
    CHECK_OK(&c, db_exec(&c, "CREATE TABLE lock_test (n BIGINT NOT NULL)"));
    CHECK_OK(&c, db_exec(&c, "INSERT INTO lock_test VALUES (0)"));
    CHECK_INT(pthread_create(&thread, NULL, holder_main, &h), 0);
    while (!h.held)
        (void)nanosleep(&(struct timespec){0, 1000000}, NULL);
    long long begun = clock_monotonic_us(), n;
    CHECK_INT(db_exec(&c, "UPDATE lock_test SET n = n + 1"), ERR_BUSY);
    CHECK_INT(db_transaction(&c, add, NULL), ERR_BUSY);
    CHECK(clock_monotonic_us() - begun < 3000000);
    /* Readers do not wait for writers. */
    CHECK_OK(&c, db_get_int(&c, &n, "SELECT n FROM lock_test"));
    CHECK_INT(n, 0);
    h.let_go = true;
    CHECK_INT(pthread_join(thread, &result), 0);
    CHECK(result == &h);
    CHECK_OK(&c, db_transaction(&c, add, NULL));
    CHECK_OK(&c, db_get_int(&c, &n, "SELECT n FROM lock_test"));
    CHECK_INT(n, 2);
    arena_free(a);
}

TEST_MAIN(TEST(no_update_is_lost), TEST(single_statements_need_no_transaction),
          TEST(a_lost_race_is_run_again), TEST(a_follower_misses_nothing),
          TEST(a_lock_that_stays_gives_busy))
