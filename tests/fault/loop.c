#include "loop.h"

#include <dirent.h>
#include <errno.h>
#include <malloc.h>

#include "base/log.h"
#include "db/db_int.h"
#include "index/index_int.h"

/* What the page caches of the database may grow to. */
enum { READER_CACHES = 256 * 1024, WRITER_CACHES = 6 * 1024 * 1024 };
enum { EVERY_FIRST = 200, RERUN_EVERY = 10, CHECK_EVERY = 8, SEED = 20260824 };

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

static struct fault_seen run_once(struct web *w, const struct loop_work *work,
                                  const struct fault *f, enum loop_outcome *ret)
{
    if (work->begin)
        work->begin(w, work->arg);
    if (work->cold) {
        fault_cold(w->app.ctx.pool);
        close_readers(w->app.ctx.index);
    }
    fault_arm(f);
    work->run(w, work->arg);
    struct fault_seen seen = fault_disarm();
    *ret = work->judge(w, work->arg);
    return seen;
}

static void complain(const struct loop_work *work, const struct fault *f, const char *what)
{
    static const char *const kinds[] = {"allocation", "query", "lost answer", "file write"};
    print_error("%s: %s %ld%s (%d): %s\n", work->name, kinds[f->kind], f->after + 1,
                f->for_good ? " and all after it" : "", f->reason, what);
}

static bool allowed(const struct fault *f, enum loop_outcome outcome)
{
    if (outcome == LOOP_UNSURE)
        return f->kind != FAULT_QUERY;
    return outcome != LOOP_WRONG;
}

static const struct fault no_fault = {FAULT_ALLOC, 0x7FFFFFFF, false, 0};

/* The run with the fault, then the same without. False: the fault was not reached. */
static bool try_fault(struct web *w, const struct loop_work *work, const struct fault *f,
                      bool rerun)
{
    enum loop_outcome outcome, after;
    struct fault_seen seen = run_once(w, work, f, &outcome);
    if (seen.failed ? !allowed(f, outcome) : outcome != LOOP_RIGHT) {
        complain(work, f, outcome == LOOP_UNSURE ? "done, but told as failed" : "wrong");
        _fail(__FILE__, __LINE__);
    }
    if (!fault_pool_is_free(w->app.ctx.pool) || !index_is_free(w->app.ctx.index)) {
        complain(work, f, "a connection, reader or lock is still held");
        _fail(__FILE__, __LINE__);
    }
    if (arena_reserve_used() != 0) {
        complain(work, f, "some of the memory reserve is still held");
        _fail(__FILE__, __LINE__);
    }
    if (rerun) {
        (void)run_once(w, work, &no_fault, &after);
        if (after != LOOP_RIGHT) {
            complain(work, f, "wrong in the run after it");
            _fail(__FILE__, __LINE__);
        }
        if (!work->reads && f->after % CHECK_EVERY == 0)
            check_database(w);
    }
    return seen.failed > 0;
}

/* ---- all of one kind ---- */

struct steps {
    long first, stride;
    unsigned seed;
};

/* Every one of the first, then by chance one of each `stride`. */
static long next_step(struct steps *s, long at)
{
    if (at < s->first || s->stride <= 1)
        return at + 1;
    return at + 1 + rand_r(&s->seed) % (2 * s->stride - 1);
}

static struct steps steps_for(const struct loop_work *work, const struct fault *f, long calls)
{
    long share = f->for_good && work->most ? 2 : 1, most = work->most / share;
    struct steps s = {EVERY_FIRST / share, 1, SEED};
    if (most && calls > s.first + most && !getenv("FAULT_ALL"))
        s.stride = (calls - s.first) / most;
    return s;
}

static long calls_without_fault(struct web *w, const struct loop_work *work, enum fault_kind kind)
{
    struct fault f = {kind, 0x7FFFFFFF, false, 0};
    enum loop_outcome outcome;
    long calls = run_once(w, work, &f, &outcome).calls;
    CHECK_INT(outcome, LOOP_RIGHT);
    return calls;
}

static void loop(struct web *w, const struct loop_work *work, struct fault f)
{
    static const char *const kinds[] = {"allocations", "queries", "answers lost", "file writes"};
    long calls = calls_without_fault(w, work, f.kind), tried = 0;
    struct steps s = steps_for(work, &f, calls);
    while (try_fault(w, work, &f, !f.for_good || !work->reads || tried % RERUN_EVERY == 0)) {
        tried++;
        f.after = next_step(&s, f.after);
    }
    print_message("# %s: %ld of %ld %s%s\n", work->name, tried, calls, kinds[f.kind],
                  f.for_good ? ", then all" : "");
}

void loop_run(struct web *w, const struct loop_work *work)
{
    log_set_level((enum log_level) - 1);
    fault_wrap(w->app.ctx.pool);
    (void)calls_without_fault(w, work, FAULT_ALLOC);
    int files = open_files();
    size_t bytes = 0;
    for (int for_good = 0; for_good < 2; for_good++) {
        bytes = mallinfo2().uordblks; /* after the first pass all caches are filled */
        loop(w, work, (struct fault){FAULT_QUERY, 0, for_good, for_good ? ERR_BUSY : ERR_DB});
        loop(w, work, (struct fault){FAULT_ALLOC, 0, for_good, 0});
        loop(w, work, (struct fault){FAULT_FILE, 0, for_good, for_good ? ENOSPC : EIO});
    }
    loop(w, work, (struct fault){FAULT_COMMIT, 0, false, ERR_BUSY});
    CHECK_INT(open_files(), files);
    size_t left = mallinfo2().uordblks;
    if (left > bytes + (work->reads ? READER_CACHES : WRITER_CACHES) + work->may_lose) {
        print_error("%s: %zu bytes were not given back\n", work->name, left - bytes);
        _fail(__FILE__, __LINE__);
    }
    check_database(w);
}
