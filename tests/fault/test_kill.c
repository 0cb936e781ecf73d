/* kill -9 in the middle of 64 writers: what was acknowledged is there, and nothing is half there.

   On PostgreSQL the writers and the server are killed in turn. Runs inside a with_postgres.sh of
   its own, with AANJAGER_TEST_FSYNC=on. */
#include "store.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/migrations.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "jobs/jobs.h"

enum { WRITERS = 64, JOB_WRITERS = 16, ROUNDS = 20, SEED = 64206, MAX_ACKS = 1000000 };

/* What goes through the pipe once it is committed. */
struct ack {
    long long id;
    bool is_job; /* only put in the queue */
};

/* ---- the writers: a process of its own ---- */

static struct {
    struct db_pool *pool;
    int pipe;
    long long first; /* ids of this process begin here */
} writing;

static void acknowledge(long long id, bool is_job)
{
    struct ack a = {.id = id, .is_job = is_job};
    if (write(writing.pipe, &a, sizeof a) != sizeof a)
        _exit(1); /* nobody listens any more */
}

static int write_row(struct ctx *c, void *arg)
{
    long long id = *(long long *)arg;
    TRY(db_exec(c, "INSERT INTO kill_row (id) VALUES ($1)", id));
    return db_change(c, "kill", id);
}

static int add_job(struct ctx *c, void *arg)
{
    long long id = *(long long *)arg;
    TRY(db_change(c, "kill-job", id));
    return jobs_add(c, "kill", str_fmt(c->arena, "%lld", id), 0, S(""));
}

/* A job may run twice. */
static int run_job(struct ctx *c, str argument)
{
    long long id;
    if (!str_int(argument, 0, INT64_MAX, &id))
        return err_detail(c, ERR_INTERNAL, "no number");
    TRY(db_exec(c, "INSERT INTO kill_job (id) VALUES ($1) ON CONFLICT (id) DO NOTHING", id));
    return 0;
}

static const struct job_kind job_kinds[] = {{"kill", run_job, 1000, 0, "Notes its number."}};

static void *write_on(void *arg)
{
    long long number = (long long)(intptr_t)arg, id = writing.first + number;
    bool is_job = number < JOB_WRITERS;
    struct arena *a = arena_new();
    for (;; id += WRITERS) {
        struct ctx c = {.arena = a, .pool = writing.pool};
        int code = db_transaction(&c, is_job ? add_job : write_row, &id);
        arena_reset(a);
        if (code == 0)
            acknowledge(id, is_job);
        else
            (void)nanosleep(&(struct timespec){.tv_nsec = 5000000}, NULL);
    }
    return NULL;
}

_Noreturn static void write_until_killed(str url, int out, long long first)
{
    struct db_options options = {.max_connections = 40, .busy_timeout_ms = 10000};
    struct ctx base = {.arena = arena_new()};
    struct jobs_runner *runner;
    pthread_t thread;
    log_set_level((enum log_level) - 1);
    writing.pipe = out;
    writing.first = first;
    if (db_pool_open(&base, url, &options, &writing.pool) < 0)
        _exit(2);
    base.pool = writing.pool;
    if (jobs_start(&base, &base, job_kinds, COUNT_OF(job_kinds), 2, &runner) < 0)
        _exit(3);
    for (int i = 0; i < WRITERS; i++)
        if (pthread_create(&thread, NULL, write_on, (void *)(intptr_t)i) != 0)
            _exit(4);
    for (;;)
        (void)pause();
}

/* ---- the one who kills ---- */

struct writers {
    pid_t pid;
    int pipe;
};

static struct {
    struct ack *items;
    size_t count;
    unsigned seed;
    str url, folder;
} all;

static void writers_start(struct writers *w, long long first)
{
    int ends[2];
    CHECK_INT(pipe2(ends, O_CLOEXEC), 0);
    w->pid = fork();
    if (w->pid == 0) {
        (void)close(ends[0]);
        (void)prctl(PR_SET_PDEATHSIG, SIGKILL); /* when the test fails, too */
        write_until_killed(all.url, ends[1], first);
    }
    (void)close(ends[1]);
    w->pipe = ends[0];
    CHECK(w->pid > 0);
}

/* False: the writers are no more. */
static bool take_ack(const struct writers *w)
{
    struct ack a;
    ssize_t n = read(w->pipe, &a, sizeof a);
    if (n == 0)
        return false;
    CHECK_INT(n, sizeof a);
    CHECK(all.count < MAX_ACKS);
    all.items[all.count++] = a;
    return true;
}

/* Reads acknowledgements until each of the writers has sent one. */
static void listen_to_all(const struct writers *w, long long first)
{
    bool heard[WRITERS] = {0};
    for (int count = 0; count < WRITERS;) {
        CHECK(take_ack(w));
        long long number = (all.items[all.count - 1].id - first) % WRITERS;
        count += !heard[number];
        heard[number] = true;
    }
}

/* Reads acknowledgements for so long; the writers go on. */
static void listen_for(const struct writers *w, int ms)
{
    long long until = clock_monotonic_us() + ms * 1000LL;
    CHECK(take_ack(w));
    while (clock_monotonic_us() < until)
        CHECK(take_ack(w));
}

static void writers_kill(struct writers *w)
{
    int status = 0;
    CHECK_INT(kill(w->pid, SIGKILL), 0);
    while (take_ack(w))
        continue;
    (void)close(w->pipe);
    CHECK_INT(waitpid(w->pid, &status, 0), w->pid);
    CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}

static int by_chance(int from, int to)
{
    return from + rand_r(&all.seed) % (to - from);
}

/* ---- what must be true afterwards ---- */

static const struct db_field id_field[] = {{"id", DB_INT, 0}};

static bool has_id(const long long *ids, size_t count, long long id)
{
    size_t from = 0, to = count;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        if (ids[middle] == id)
            return true;
        if (ids[middle] < id)
            from = middle + 1;
        else
            to = middle;
    }
    return false;
}

static size_t missing(struct ctx *c, bool is_job)
{
    long long *ids;
    size_t count, lost = 0;
    if (is_job)
        CHECK_OK(c, db_all(c, id_field, &ids, &count,
                           "SELECT id FROM kill_job UNION "
                           "SELECT CAST(argument AS BIGINT) AS id FROM job ORDER BY id"));
    else
        CHECK_OK(c, db_all(c, id_field, &ids, &count, "SELECT id FROM kill_row ORDER BY id"));
    for (size_t i = 0; i < all.count; i++)
        lost += all.items[i].is_job == is_job && !has_id(ids, count, all.items[i].id);
    return lost;
}

static long long count_of(struct ctx *c, const char *sql)
{
    long long n = -1;
    CHECK_OK(c, db_get_int_(c, &n, sql, NULL, 0));
    return n;
}

static void check_all(struct ctx *c)
{
    CHECK_OK(c, db_integrity_check(c));
    CHECK_INT(missing(c, false), 0);
    CHECK_INT(missing(c, true), 0);
    /* A row and its note in the change feed came together or not at all. */
    CHECK_INT(count_of(c, "SELECT COUNT(*) FROM kill_row"),
              count_of(c, "SELECT COUNT(*) FROM kill_row r JOIN change h "
                          "ON h.kind = 'kill' AND h.object_id = r.id"));
    CHECK_INT(count_of(c, "SELECT COUNT(*) FROM change WHERE kind = 'kill'"),
              count_of(c, "SELECT COUNT(*) FROM kill_row"));
}

static struct ctx reopen(void)
{
    struct db_options options = {.max_connections = 4, .busy_timeout_ms = 10000};
    struct ctx c = {.arena = arena_new()};
    CHECK_OK(&c, db_pool_open(&c, all.url, &options, &c.pool));
    return c;
}

static void close_again(struct ctx *c)
{
    db_lease_release(c);
    db_pool_close(c->pool);
    arena_free(c->arena);
}

static void check_after_kill(void)
{
    struct ctx c = reopen();
    check_all(&c);
    close_again(&c);
}

static int make_tables(struct ctx *c, void *arg _unused_)
{
    TRY(db_exec(c, "CREATE TABLE kill_row (id BIGINT PRIMARY KEY)"));
    return db_exec(c, "CREATE TABLE kill_job (id BIGINT PRIMARY KEY)");
}

static int read_synchronous(struct ctx *c, void *arg)
{
    if (db_is_postgres(c))
        return db_get_int(c, arg,
                          "SELECT CASE setting WHEN 'on' THEN 2 ELSE 0 END "
                          "FROM pg_settings WHERE name = 'fsync'");
    return db_get_int(c, arg, "SELECT synchronous FROM pragma_synchronous");
}

static int begin(void **state _unused_)
{
    struct arena *a = arena_new();
    long long synchronous = 0;
    all.items = calloc(MAX_ACKS, sizeof *all.items);
    all.seed = SEED;
    all.folder = str_fmt(a, "/tmp/aanjager-kill-XXXXXX");
    CHECK(mkdtemp((char *)(uintptr_t)all.folder.ptr) != NULL);
    all.url =
        store_is_postgres() ? store_new_url(a) : str_fmt(a, "sqlite:%s/kill.db", all.folder.ptr);
    struct ctx c = reopen();
    CHECK_OK(&c, migrations_apply(&c));
    CHECK_OK(&c, db_transaction(&c, make_tables, NULL));
    CHECK_OK(&c, db_transaction(&c, read_synchronous, &synchronous));
    CHECK_INT(synchronous, 2); /* FULL; on */
    close_again(&c);
    return 0;
}

static int end(void **state _unused_)
{
    struct ctx c = {.arena = arena_new()};
    CHECK_OK(&c, file_remove_tree(&c, all.folder));
    arena_free(c.arena);
    free(all.items);
    return 0;
}

static void cluster(const char *what)
{
    char command[512];
    (void)snprintf(command, sizeof command, "%s %s", getenv("AANJAGER_TEST_CLUSTER_DO"), what);
    CHECK_INT(system(command), 0);
}

/* The server dies with all its children; the writers find it again by themselves. */
static void kill_server(const struct writers *w)
{
    cluster("crash");
    cluster("start");
    listen_for(w, 30);
}

static void nothing_acknowledged_is_lost(void **state _unused_)
{
    for (int round = 0; round < ROUNDS; round++) {
        struct writers w;
        long long first = 1 + round * 100000000LL;
        writers_start(&w, first);
        if (round % 4 < 2) /* the others may die before all 64 are at work */
            listen_to_all(&w, first);
        listen_for(&w, by_chance(20, 300));
        if (store_is_postgres() && round % 2)
            kill_server(&w);
        writers_kill(&w);
        check_after_kill();
        print_message("# killed %d times, %zu acknowledged writes are there\n", round + 1,
                      all.count);
    }
}

static int drain_jobs(struct ctx *c, size_t *ret_done)
{
    CHECK_OK(c, db_exec(c, "UPDATE job SET lease_until = 0, run_at = 0"));
    return jobs_run_due(c, job_kinds, COUNT_OF(job_kinds), ret_done);
}

/* What the dead left in the queue is run by who comes after them. */
static void jobs_of_the_dead_are_run(void **state _unused_)
{
    struct ctx c = reopen();
    size_t done;
    CHECK_OK(&c, drain_jobs(&c, &done));
    CHECK_INT(count_of(&c, "SELECT COUNT(*) FROM job WHERE state < 2"), 0);
    CHECK_INT(missing(&c, true), 0);
    close_again(&c);
}

TEST_MAIN_WITH(begin, end, TEST(nothing_acknowledged_is_lost), TEST(jobs_of_the_dead_are_run))
