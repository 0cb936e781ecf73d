/* The queue: leases, retries, keys, periods; and the runner's threads. */
#include "store.h"

#include <stdatomic.h>

#include "base/clock.h"
#include "base/log.h"
#include "jobs/jobs.h"
#include "jobs/jobs_int.h"

/* What the jobs of these tests did. */
static struct {
    _Atomic int runs, at_once, most_at_once, twice;
    _Atomic int seen[2048]; /* by number in the argument */
    char last[64];
} did;

static void begin(struct ctx *c)
{
    *c = store_begin();
    log_set_level((enum log_level) - 1);
    memset((void *)&did, 0, sizeof did);
    CHECK_OK(c, db_exec(c, "DELETE FROM job"));
    CHECK_OK(c, db_exec(c, "DELETE FROM job_period"));
}

static int run_note(struct ctx *c _unused_, str argument)
{
    did.runs++;
    (void)snprintf(did.last, sizeof did.last, "%.*s", (int)argument.len, argument.ptr);
    return 0;
}

static int run_fail(struct ctx *c, str argument _unused_)
{
    did.runs++;
    return err_set(c, ERR_BUSY, "Het lukte niet");
}

static int run_numbered(struct ctx *c, str argument)
{
    long long number = 0;
    int now = ++did.at_once, most = did.most_at_once;
    if (!str_int(argument, 0, 2047, &number))
        return err_set(c, ERR_INVALID, "geen nummer");
    while (now > most && !atomic_compare_exchange_weak(&did.most_at_once, &most, now))
        continue;
    did.twice += did.seen[number]++ != 0;
    did.runs++;
    (void)nanosleep(&(struct timespec){0, 200000}, NULL);
    did.at_once--;
    return 0;
}

static const struct job_kind kinds[] = {
    {"note", run_note, 0, 0, "Notes its argument."},
    {"fail", run_fail, 3, 0, "Fails."},
    {"numbered", run_numbered, 0, 0, "Counts."},
};
static const struct job_kind periodic[] = {{"hourly", run_note, 0, 3600, "Every hour."}};

static size_t run_due(struct ctx *c)
{
    size_t done = 99;
    CHECK_OK(c, jobs_run_due(c, kinds, COUNT_OF(kinds), &done));
    return done;
}

static struct jobs_status status(struct ctx *c)
{
    struct jobs_status s;
    CHECK_OK(c, jobs_status(c, &s));
    return s;
}

static void make_all_due(struct ctx *c)
{
    CHECK_OK(c, db_exec(c, "UPDATE job SET run_at = 0 WHERE state = 0"));
}

static void a_due_job_runs_once(void **state _unused_)
{
    struct ctx c;
    begin(&c);
    CHECK_OK(&c, jobs_add(&c, "note", S("hallo"), clock_now(), S("")));
    CHECK_OK(&c, jobs_add(&c, "note", S("later"), clock_now() + 100, S("")));
    CHECK_INT(status(&c).waiting, 2);
    CHECK_INT(run_due(&c), 1);
    CHECK_STR(str_from(did.last), S("hallo"));
    CHECK_INT(run_due(&c), 0);
    CHECK_INT(status(&c).waiting, 1);
    CHECK_INT(status(&c).oldest_waiting_s, 0);
    CHECK_OK(&c, db_exec(&c, "UPDATE job SET run_at = $1", clock_now() - 50));
    long long oldest = status(&c).oldest_waiting_s;
    CHECK(oldest >= 50 && oldest < 60);
    store_end(&c);
}

static void unknown_kinds_wait(void **state _unused_)
{
    struct ctx c;
    begin(&c);
    CHECK_OK(&c, jobs_add(&c, "of_a_newer_version", S(""), 0, S("")));
    CHECK_OK(&c, jobs_add(&c, "n_te", S(""), 0, S("")));
    CHECK_INT(run_due(&c), 0);
    CHECK_INT(did.runs, 0);
    CHECK_INT(status(&c).waiting, 2);
    store_end(&c);
}

static int add_then_fail(struct ctx *c, void *arg _unused_)
{
    TRY(jobs_add(c, "note", S(""), 0, S("")));
    return ERR_INVALID;
}

static void a_job_belongs_to_the_transaction(void **state _unused_)
{
    struct ctx c;
    begin(&c);
    CHECK_INT(db_transaction(&c, add_then_fail, NULL), ERR_INVALID);
    CHECK_INT(status(&c).waiting, 0);
    store_end(&c);
}

static void a_key_is_waiting_once(void **state _unused_)
{
    struct ctx c;
    begin(&c);
    for (int i = 0; i < 3; i++)
        CHECK_OK(&c, jobs_add(&c, "note", S("a"), 0, S("key")));
    CHECK_OK(&c, jobs_add(&c, "note", S("b"), 0, S("other")));
    CHECK_OK(&c, jobs_add(&c, "fail", S(""), clock_now() + 100, S("key")));
    CHECK_OK(&c, jobs_add(&c, "note", S("c"), 0, S("")));
    CHECK_OK(&c, jobs_add(&c, "note", S("c"), 0, S("")));
    CHECK_INT(status(&c).waiting, 5);
    CHECK_INT(run_due(&c), 4);
    CHECK_OK(&c, jobs_add(&c, "note", S("again"), 0, S("key")));
    CHECK_INT(run_due(&c), 1);
    store_end(&c);
}

static void a_key_may_be_added_while_it_runs(void **state _unused_)
{
    struct ctx c;
    struct job job;
    begin(&c);
    CHECK_OK(&c, jobs_add(&c, "note", S("old"), 0, S("key")));
    CHECK_OK(&c, job_claim(&c, kinds, COUNT_OF(kinds), clock_now(), &job));
    CHECK_OK(&c, jobs_add(&c, "note", S("new"), 0, S("key")));
    CHECK_INT(status(&c).waiting, 1);
    CHECK_INT(status(&c).running, 1);
    /* The running one fails: the waiting one takes its place. */
    CHECK_OK(&c, job_retry(&c, &job, S("fout"), 0));
    CHECK_INT(status(&c).waiting, 1);
    CHECK_INT(status(&c).running, 0);
    CHECK_INT(run_due(&c), 1);
    CHECK_STR(str_from(did.last), S("new"));
    store_end(&c);
}

static void failures_are_tried_again_with_pauses(void **state _unused_)
{
    struct ctx c;
    long long wait, attempts;
    str error;
    begin(&c);
    CHECK_OK(&c, jobs_add(&c, "fail", S(""), 0, S("")));
    CHECK_INT(run_due(&c), 0);
    CHECK_OK(&c, db_get_int(&c, &wait, "SELECT run_at FROM job"));
    CHECK(wait > clock_now() + 5 && wait <= clock_now() + 15);
    CHECK_INT(run_due(&c), 0);
    CHECK_INT(did.runs, 1);
    make_all_due(&c);
    CHECK_INT(run_due(&c), 0);
    CHECK_OK(&c, db_get_int(&c, &wait, "SELECT run_at FROM job"));
    CHECK(wait > clock_now() + 45 && wait <= clock_now() + 60);
    make_all_due(&c);
    CHECK_INT(run_due(&c), 0);
    CHECK_INT(did.runs, 3);
    CHECK_INT(status(&c).failed, 1);
    CHECK_INT(status(&c).waiting, 0);
    CHECK_OK(&c, db_get_str(&c, &error, "SELECT error FROM job"));
    CHECK(str_find(error, S("Het lukte niet")) != STR_NONE);
    CHECK_OK(&c, db_get_int(&c, &attempts, "SELECT attempts FROM job"));
    CHECK_INT(attempts, 3);
    make_all_due(&c);
    CHECK_INT(run_due(&c), 0);
    CHECK_INT(did.runs, 3);
    store_end(&c);
}

static void a_lease_runs_out(void **state _unused_)
{
    struct ctx c;
    struct job dead, other;
    long long now = clock_now();
    begin(&c);
    CHECK_OK(&c, jobs_add(&c, "note", S("x"), 0, S("")));
    CHECK_OK(&c, job_claim(&c, kinds, COUNT_OF(kinds), now, &dead));
    CHECK_INT(job_claim(&c, kinds, COUNT_OF(kinds), now, &other), ERR_NOT_FOUND);
    CHECK_INT(job_claim(&c, kinds, COUNT_OF(kinds), now + JOBS_LEASE_S, &other), ERR_NOT_FOUND);
    CHECK_OK(&c, job_renew(&c, dead.id, dead.owner, now + 30));
    CHECK_INT(job_claim(&c, kinds, COUNT_OF(kinds), now + JOBS_LEASE_S + 1, &other), ERR_NOT_FOUND);
    CHECK_OK(&c, job_claim(&c, kinds, COUNT_OF(kinds), now + JOBS_LEASE_S + 31, &other));
    CHECK_INT(other.id, dead.id);
    CHECK_INT(other.attempts, 2);
    /* Who lost the lease changes nothing any more. */
    CHECK_OK(&c, job_renew(&c, dead.id, dead.owner, now + 1000));
    CHECK_OK(&c, job_retry(&c, &dead, S("te laat"), 0));
    CHECK_OK(&c, job_fail(&c, &dead, S("te laat")));
    CHECK_OK(&c, job_done(&c, &dead));
    CHECK_INT(status(&c).running, 1);
    CHECK_OK(&c, job_done(&c, &other));
    CHECK_INT(status(&c).running, 0);
    store_end(&c);
}

/* A job that stops the program each time must not do so for ever. */
static void a_deadly_job_is_given_up(void **state _unused_)
{
    struct ctx c;
    begin(&c);
    CHECK_OK(&c, jobs_add(&c, "note", S("x"), 0, S("")));
    CHECK_OK(&c, db_exec(&c, "UPDATE job SET attempts = $1", (int)JOBS_MAX_ATTEMPTS));
    CHECK_INT(run_due(&c), 0);
    CHECK_INT(did.runs, 0);
    CHECK_INT(status(&c).failed, 1);
    store_end(&c);
}

static size_t run_periodic(struct ctx *c)
{
    size_t done = 99;
    CHECK_OK(c, jobs_run_due(c, periodic, COUNT_OF(periodic), &done));
    return done;
}

static void periodic_work_runs_once_a_period(void **state _unused_)
{
    struct ctx c;
    long long due;
    begin(&c);
    CHECK_INT(run_periodic(&c), 1);
    CHECK_INT(run_periodic(&c), 0);
    CHECK_OK(&c, db_get_int(&c, &due, "SELECT due_at FROM job_period WHERE kind = 'hourly'"));
    CHECK(due > clock_now() + 3590 && due <= clock_now() + 3600);
    CHECK_OK(&c, db_exec(&c, "UPDATE job_period SET due_at = due_at - 3600"));
    CHECK_INT(run_periodic(&c), 1);
    /* After a long stop it runs once, not once for every period that passed. */
    CHECK_OK(&c, db_exec(&c, "UPDATE job_period SET due_at = due_at - 360000"));
    CHECK_INT(run_periodic(&c), 1);
    CHECK_INT(run_periodic(&c), 0);
    CHECK_INT(did.runs, 3);
    store_end(&c);
}

static void run_periods(int number _unused_, void *arg)
{
    _Atomic int *wrong = arg;
    for (int i = 0; i < 5; i++) {
        struct ctx c = store_begin();
        size_t done;
        *wrong += jobs_run_due(&c, periodic, 1, &done) != 0;
        store_end(&c);
    }
}

/* Each plans and runs at once: a second plan of the same period would run too, as the first is done
 * by then. */
static void nodes_share_a_period(void **state _unused_)
{
    struct ctx c;
    _Atomic int wrong = 0;
    begin(&c);
    for (int round = 1; round <= 5; round++) {
        CHECK_OK(&c, db_exec(&c, "UPDATE job_period SET due_at = 0"));
        store_threads(8, run_periods, &wrong);
        CHECK_INT(wrong, 0);
        CHECK_INT(did.runs, round);
    }
    CHECK_INT(status(&c).waiting, 0);
    store_end(&c);
}

/* ---- many at once ---- */

enum { MANY = 400 };

static void add_many(struct ctx *c)
{
    for (int i = 0; i < MANY; i++)
        CHECK_OK(c, jobs_add(c, "numbered", str_fmt(c->arena, "%d", i), 0, S("")));
}

static void run_all(int number _unused_, void *arg)
{
    struct ctx c = store_begin();
    _Atomic int *done = arg;
    size_t n = 0;
    if (jobs_run_due(&c, kinds, COUNT_OF(kinds), &n) == 0)
        *done += (int)n;
    store_end(&c);
}

static void no_job_runs_twice(void **state _unused_)
{
    struct ctx c;
    _Atomic int done = 0;
    begin(&c);
    add_many(&c);
    store_threads(8, run_all, &done);
    (void)run_due(&c); /* what a race left */
    CHECK_INT(did.twice, 0);
    CHECK_INT(did.runs, MANY);
    CHECK(did.most_at_once > 1);
    CHECK(done > MANY * 9 / 10);
    CHECK_INT(status(&c).waiting + status(&c).running, 0);
    store_end(&c);
}

static void wait_for_runs(int runs)
{
    for (int i = 0; i < 2000 && did.runs < runs; i++)
        (void)nanosleep(&(struct timespec){0, 10000000}, NULL);
    CHECK_INT(did.runs, runs);
}

static void two_runners_share_the_work(void **state _unused_)
{
    struct ctx c;
    struct jobs_runner *one, *two;
    begin(&c);
    add_many(&c);
    CHECK_OK(&c, jobs_start(&c, &c, kinds, COUNT_OF(kinds), 4, &one));
    CHECK_OK(&c, jobs_start(&c, &c, kinds, COUNT_OF(kinds), 4, &two));
    wait_for_runs(MANY);
    jobs_stop(one);
    jobs_stop(two);
    CHECK_INT(did.twice, 0);
    CHECK_INT(status(&c).waiting + status(&c).running, 0);
    jobs_stop(NULL);
    store_end(&c);
}

static void a_runner_wakes(void **state _unused_)
{
    struct ctx c;
    struct jobs_runner *runner;
    begin(&c);
    CHECK_OK(&c, jobs_start(&c, &c, kinds, COUNT_OF(kinds), 1, &runner));
    for (int i = 1; i <= 5; i++) {
        CHECK_OK(&c, jobs_add(&c, "note", S("snel"), 0, S("")));
        long long begun = clock_monotonic_us();
        jobs_wake(runner);
        while (did.runs < i && clock_monotonic_us() - begun < 5000000)
            (void)nanosleep(&(struct timespec){0, 1000000}, NULL);
        CHECK_INT(did.runs, i);
    }
    /* Nobody wakes it: it looks by itself. */
    CHECK_OK(&c, jobs_add(&c, "note", S("vanzelf"), 0, S("")));
    wait_for_runs(6);
    jobs_stop(runner);
    store_end(&c);
}

TEST_MAIN(TEST(a_due_job_runs_once), TEST(unknown_kinds_wait),
          TEST(a_job_belongs_to_the_transaction), TEST(a_key_is_waiting_once),
          TEST(a_key_may_be_added_while_it_runs), TEST(failures_are_tried_again_with_pauses),
          TEST(a_lease_runs_out), TEST(a_deadly_job_is_given_up),
          TEST(periodic_work_runs_once_a_period), TEST(nodes_share_a_period),
          TEST(no_job_runs_twice), TEST(two_runners_share_the_work), TEST(a_runner_wakes))
