/* One queue used by many at once: three runners, of which one stops and comes back, while others
   add jobs, wake them and look how it goes. Run under the thread sanitizer by ./check tsan. */
#include "store.h"

#include <stdatomic.h>

#include "base/log.h"
#include "jobs/jobs.h"

enum { ADDERS = 4, JOBS_EACH = 60, ALL = ADDERS * JOBS_EACH, RUNNERS = 3 };

static atomic_int ran[ALL], total, adding, wrong;
static struct jobs_runner *runners[RUNNERS];

static int run_numbered(struct ctx *c, str argument)
{
    long long number = 0, one = 0;
    if (!str_int(argument, 0, ALL - 1, &number))
        return err_set(c, ERR_INVALID, "geen nummer");
    TRY(db_get_int(c, &one, "SELECT $1 + 0", 1));
    atomic_fetch_add(&ran[number], 1);
    atomic_fetch_add(&total, (int)one);
    return 0;
}

static const struct job_kind kinds[] = {{"numbered", run_numbered, 0, 0, "Counts."}};

static void add_jobs(int number)
{
    for (int i = 0; i < JOBS_EACH; i++) {
        struct ctx c = store_begin();
        str argument = str_fmt(c.arena, "%d", number * JOBS_EACH + i);
        atomic_fetch_add(&wrong, jobs_add(&c, "numbered", argument, 0, S("")) != 0);
        store_end(&c);
        jobs_wake(runners[i % (RUNNERS - 1)]); /* not the one that stops */
    }
    atomic_fetch_sub(&adding, 1);
}

static void look_on(void)
{
    while (atomic_load(&adding)) {
        struct ctx c = store_begin();
        struct jobs_status s;
        atomic_fetch_add(&wrong, jobs_status(&c, &s) != 0 || s.failed != 0);
        store_end(&c);
    }
}

/* Stops and starts the last runner. */
static void come_and_go(void)
{
    struct jobs_runner **last = &runners[RUNNERS - 1];
    while (atomic_load(&adding)) {
        struct ctx c = store_begin();
        jobs_stop(*last);
        *last = NULL;
        atomic_fetch_add(&wrong, jobs_start(&c, &c, kinds, COUNT_OF(kinds), 2, last) != 0);
        store_end(&c);
    }
}

static void do_part(int number, void *arg _unused_)
{
    if (number < ADDERS)
        add_jobs(number);
    else if (number == ADDERS)
        look_on();
    else
        come_and_go();
}

static void wait_for_all(void)
{
    for (int i = 0; i < 6000 && atomic_load(&total) < ALL; i++)
        (void)nanosleep(&(struct timespec){0, 10000000}, NULL);
}

static void many_runners_share_one_queue(void **state _unused_)
{
    struct ctx c = store_begin();
    log_set_level(LOG_ERROR);
    atomic_store(&adding, ADDERS);
    for (int i = 0; i < RUNNERS; i++)
        CHECK_OK(&c, jobs_start(&c, &c, kinds, COUNT_OF(kinds), 3, &runners[i]));
    store_threads(ADDERS + 2, do_part, NULL);
    wait_for_all();
    for (int i = 0; i < RUNNERS; i++)
        jobs_stop(runners[i]);
    CHECK_INT(wrong, 0);
    CHECK_INT(total, ALL);
    for (int i = 0; i < ALL; i++)
        CHECK_INT(ran[i], 1);
    struct jobs_status s;
    CHECK_OK(&c, jobs_status(&c, &s));
    CHECK_INT(s.waiting + s.running + s.failed, 0);
    store_end(&c);
}

TEST_MAIN(TEST(many_runners_share_one_queue))
