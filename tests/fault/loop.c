#include "loop.h"

#include <dirent.h>
#include <errno.h>
#include <malloc.h>

#include "base/clock.h"
#include "base/log.h"
#include "db/db_int.h"
#include "index/index_int.h"

/* What the page caches of the database may grow to. */
enum { READER_CACHES = 256 * 1024, WRITER_CACHES = 6 * 1024 * 1024 };
enum { CHECK_EVERY = 8, NO_FAULT = 0x7FFFFFFF };

/* ---- what the environment says ---- */

static long number_in(const char *name, long otherwise)
{
    const char *text = getenv(name);
    long long number = otherwise;
    if (text && !str_int(str_from(text), 0, 1000000, &number))
        fail_msg("%s is not a number up to 1000000", name);
    return (long)number;
}

/* Every call of what makes at most so many; of other work some of each place that calls come
   from. */
static long whole_up_to(void)
{
    return number_in("FAULT_ALL", 0);
}

/* FAULT_SEED, or the number of the day, so that with the days other calls are tried. */
static long seed(void)
{
    return number_in("FAULT_SEED", (long)(clock_now() / 86400));
}

/* ---- the state that must be as before ---- */

static int open_files(void)
{
    DIR *dir = opendir("/proc/self/fd");
    int count = 0;
    while (dir && readdir(dir))
        count++;
    if (dir)
        closedir(dir);
    return count;
}

static bool index_is_free(struct index *ix)
{
    if (pthread_mutex_trylock(&ix->lock) != 0)
        return false;
    bool is_free = ix->current && ix->current->users == 1 && ix->vocabulary->users == 1;
    (void)pthread_mutex_unlock(&ix->lock);
    return is_free;
}

static void close_readers(struct index *ix)
{
    while (ix->current->idle_count)
        xap_reader_close(ix->current->idle[--ix->current->idle_count]);
}

static void check_database(struct web *w)
{
    struct ctx c = ctx_child(&w->app.ctx);
    CHECK_OK(&c, db_integrity_check(&c));
    arena_free(c.arena);
}

/* ---- one run ---- */

enum how { FRESH, AGAIN };

static struct fault_seen run_once(struct web *w, const struct loop_work *work,
                                  const struct fault *f, enum how how, enum loop_outcome *ret)
{
    if (work->begin && (how == FRESH || !work->reads))
        work->begin(w, work->arg);
    if (work->cold && how == FRESH) {
        fault_cold(w->app.ctx.pool);
        close_readers(w->app.ctx.index);
    }
    fault_arm(f);
    work->run(w, work->arg);
    struct fault_seen seen = fault_disarm();
    *ret = work->judge(w, work->arg);
    return seen;
}

static const struct fault no_fault = {.kind = FAULT_ALLOC, .after = NO_FAULT};

static bool allowed(const struct fault *f, enum loop_outcome outcome)
{
    if (outcome == LOOP_UNSURE)
        return f->kind != FAULT_QUERY;
    return outcome != LOOP_WRONG;
}

static void fail_of(const struct loop_work *work, const struct fault *f, const char *what)
{
    static const char *const kinds[] = {"allocation", "query", "lost answer", "file write"};
    print_error("%s: %s %ld%s (%d): %s; FAULT_SEED=%ld\n", work->name, kinds[f->kind], f->after + 1,
                f->for_good ? " and all after it" : "", f->reason, what, seed());
    _fail(__FILE__, __LINE__);
}

/* The next run without faults, on what the one with a fault left behind. */
static void run_after(struct web *w, const struct loop_work *work, const struct fault *f)
{
    enum loop_outcome outcome;
    (void)run_once(w, work, &no_fault, AGAIN, &outcome);
    if (outcome != LOOP_RIGHT)
        fail_of(work, f, "wrong in the run after it");
}

/* False: the fault was not reached. */
static bool try_fault(struct web *w, const struct loop_work *work, const struct fault *f)
{
    enum loop_outcome outcome;
    struct fault_seen seen = run_once(w, work, f, FRESH, &outcome);
    if (seen.failed ? !allowed(f, outcome) : outcome != LOOP_RIGHT)
        fail_of(work, f, outcome == LOOP_UNSURE ? "done, but told as failed" : "wrong");
    if (!fault_pool_is_free(w->app.ctx.pool) || !index_is_free(w->app.ctx.index))
        fail_of(work, f, "a connection, reader or lock is still held");
    if (arena_reserve_used() != 0)
        fail_of(work, f, "some of the memory reserve is still held");
    run_after(w, work, f);
    return seen.failed > 0;
}

/* ---- all of one kind ---- */

/* Twice: the caches are filled, the second is as the first. */
static void warm_up(struct web *w, const struct loop_work *work)
{
    enum loop_outcome outcome;
    for (int i = 0; i < 2; i++) {
        (void)run_once(w, work, &no_fault, FRESH, &outcome);
        CHECK_INT(outcome, LOOP_RIGHT);
    }
}

static bool wanted[PLACE_MAX_CALLS];

/* Runs without a fault and marks the calls to try; returns how many were made. */
static long choose(struct web *w, const struct loop_work *work, struct fault f, bool *ret_builders)
{
    enum loop_outcome outcome;
    f.after = NO_FAULT;
    f.places = true;
    long calls = run_once(w, work, &f, FRESH, &outcome).calls;
    CHECK_INT(outcome, LOOP_RIGHT);
    *ret_builders = place_choose(fault_places(), (size_t)calls, seed(), f.for_good, wanted);
    return calls;
}

static long long cpu_ms(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return t.tv_sec * 1000LL + t.tv_nsec / 1000000;
}

/* True: with calls for what is shared that no earlier loop met. */
static bool loop(struct web *w, const struct loop_work *work, struct fault f)
{
    static const char *const kinds[] = {"allocations", "queries", "answers lost", "file writes"};
    long long started = cpu_ms();
    bool reached = true, builders;
    long tried = 0, calls = choose(w, work, f, &builders);
    bool wholly = calls <= whole_up_to();
    for (; reached && (wholly || f.after < calls); f.after++)
        if (wholly || wanted[f.after]) {
            reached = try_fault(w, work, &f);
            tried += reached;
            if (!work->reads && tried % CHECK_EVERY == 0)
                check_database(w);
        }
    print_message("# %s: %ld of %ld %s%s, %lld ms\n", work->name, tried, calls, kinds[f.kind],
                  f.for_good ? ", then all" : "", cpu_ms() - started);
    return builders;
}

/* All kinds of faults, once and for good. */
static void loops(struct web *w, const struct loop_work *work, size_t *ret_bytes)
{
    for (int for_good = 0; for_good < 2; for_good++) {
        *ret_bytes = mallinfo2().uordblks; /* after the first pass all caches are filled */
        struct fault query = {FAULT_QUERY, 0, for_good, for_good ? ERR_BUSY : ERR_DB, false};
        bool builders = loop(w, work, query);
        if (work->builders && !builders && !whole_up_to())
            return;
        (void)loop(w, work, (struct fault){FAULT_ALLOC, 0, for_good, 0, false});
        (void)loop(w, work,
                   (struct fault){FAULT_FILE, 0, for_good, for_good ? ENOSPC : EIO, false});
    }
    (void)loop(w, work, (struct fault){FAULT_COMMIT, 0, false, ERR_BUSY, false});
}

void loop_run(struct web *w, const struct loop_work *work)
{
    size_t bytes = 0;
    const char *only = getenv("FAULT_ONLY");
    if (only && !strstr(work->name, only))
        return;
    log_set_level((enum log_level) - 1);
    fault_wrap(w->app.ctx.pool);
    warm_up(w, work);
    int files = open_files();
    loops(w, work, &bytes);
    CHECK_INT(open_files(), files);
    size_t left = mallinfo2().uordblks;
    if (left > bytes + (work->reads ? READER_CACHES : WRITER_CACHES) + work->may_lose) {
        print_error("%s: %zu bytes were not given back\n", work->name, left - bytes);
        _fail(__FILE__, __LINE__);
    }
    check_database(w);
}
