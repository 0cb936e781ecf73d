/* Runs jobs: on the calling thread, or on threads of its own with one more that renews leases and
 * starts periodic work. */
#include <pthread.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/utf8.h"
#include "db/db.h"
#include "jobs/jobs_int.h"

enum {
    MAX_THREADS = 16,
    MAX_RUN = 10000,
    FIRST_PAUSE_S = 15,
    LONGEST_PAUSE_S = 3600,
    MAX_ERROR = 1000
};

/* ---- one job ---- */

static void log_job(enum log_level level, const char *event, const struct job *job, str error)
{
    char id[24], attempt[24];
    (void)snprintf(id, sizeof id, "%lld", job->id);
    (void)snprintf(attempt, sizeof attempt, "%lld", job->attempts);
    log_line(level, event,
             (struct log_field[]){{"kind", job->kind},
                                  {"id", str_from(id)},
                                  {"attempt", str_from(attempt)},
                                  {"error", error}},
             4);
}

/* 15 seconds, a minute, 4 minutes, 16 minutes, an hour. */
static long long pause_after(long long attempts)
{
    long long pause = FIRST_PAUSE_S;
    for (long long i = 1; i < attempts && pause < LONGEST_PAUSE_S; i++)
        pause *= 4;
    return pause < LONGEST_PAUSE_S ? pause : LONGEST_PAUSE_S;
}

/* Both kinds of words, in valid UTF-8 without control characters and of bounded length: they go
 * into the database. */
static str error_text(struct arena *a, const struct err *e)
{
    str words = str_fmt(a, "%s: %.*s %.*s", err_name(e->code), (int)e->msg.len,
                        e->msg.ptr ? e->msg.ptr : "", (int)e->detail.len,
                        e->detail.ptr ? e->detail.ptr : "");
    str cut = utf8_cut(words, MAX_ERROR);
    return utf8_valid(cut) && !memchr(cut.ptr, 0, cut.len) ? cut : str_from(err_name(e->code));
}

static int settle(struct ctx *c, const struct job_kind *kind, const struct job *job, int code,
                  str error)
{
    int most = kind->max_attempts > 0 ? kind->max_attempts : JOBS_MAX_ATTEMPTS;
    if (code == 0)
        return job_done(c, job);
    if (job->attempts >= most) {
        log_job(LOG_ERROR, "job_gave_up", job, error);
        return job_fail(c, job, error);
    }
    log_job(LOG_WARNING, "job_failed", job, error);
    return job_retry(c, job, error, clock_now() + pause_after(job->attempts));
}

/* Returns what the job returned; when the end cannot be written, the lease runs out and the job
 * runs again. */
int job_execute(const struct ctx *base, struct arena *arena, const struct job_kind *kind,
                const struct job *job)
{
    struct ctx c = *base;
    int most = kind->max_attempts > 0 ? kind->max_attempts : JOBS_MAX_ATTEMPTS, code;
    c.arena = arena;
    c.err = (struct err){0};
    c.lease = NULL;
    if (job->attempts > most)
        code = err_detail(&c, ERR_INTERNAL, "the program stopped in every attempt");
    else
        code = kind->run(&c, job->argument);
    if (code > 0)
        code = 0;
    if (code == 0 && arena_strained(arena))
        code = err_memory(&c, "the job runs again");
    if (code < 0 && c.err.code == 0)
        c.err.code = code;
    str error = code < 0 ? error_text(arena, &c.err) : S("");
    db_lease_release(&c);
    /* In an arena of its own: that of the job may be strained. */
    struct ctx end = ctx_child(&c);
    if (settle(&end, kind, job, code, error) < 0)
        log_job(LOG_ERROR, "job_not_settled", job, end.err.detail);
    arena_free(end.arena);
    return code;
}

/* ---- on the calling thread ---- */

static int run_one(struct ctx *c, struct arena *arena, const struct job_kind *kinds, size_t count,
                   long long now, size_t *done)
{
    struct ctx own = *c;
    struct job job;
    own.arena = arena;
    own.lease = NULL;
    int code = job_claim(&own, kinds, count, now, &job);
    if (code < 0) {
        c->err.code = code;
        c->err.msg = str_dup(c->arena, own.err.msg);
        c->err.detail = str_dup(c->arena, own.err.detail);
        return code;
    }
    const struct job_kind *kind = job_kind_find(kinds, count, job.kind);
    if (!kind)
        BUG("a job of a kind that was not asked for");
    db_lease_release(&own);
    if (job_execute(&own, arena, kind, &job) == 0)
        ++*done;
    return 0;
}

int jobs_run_due(struct ctx *c, const struct job_kind *kinds, size_t count, size_t *ret_done)
{
    long long now = clock_now();
    size_t done = 0;
    int code = job_periods(c, kinds, count, now);
    /* A job must not wait for the connection of the one who runs it. */
    db_lease_release(c);
    struct err before = c->err;
    for (int i = 0; i < MAX_RUN && code == 0; i++) {
        struct arena *arena = arena_new();
        code = run_one(c, arena, kinds, count, now, &done);
        arena_free(arena);
    }
    if (code < 0 && code != ERR_NOT_FOUND)
        return code;
    c->err = before;
    *ret_done = done;
    return 0;
}

/* ---- on threads ---- */

struct claim {
    long long id; /* 0: free */
    char owner[64];
};

struct jobs_runner {
    struct arena *arena;
    struct ctx base;
    const struct job_kind *kinds;
    size_t kind_count;
    int threads; /* that were started */
    pthread_t workers[MAX_THREADS], keeper;
    bool has_keeper;
    pthread_mutex_t mutex;
    pthread_cond_t wake;
    bool stop;      /* the workers end after their job */
    bool finished;  /* they have ended: the keeper may too */
    unsigned wakes; /* counts jobs_wake, so that none is missed */
    struct claim claims[MAX_THREADS];
};

struct worker {
    struct jobs_runner *runner;
    int number;
};

static struct ctx fresh_ctx(const struct jobs_runner *r, struct arena *arena)
{
    struct ctx c = r->base;
    c.arena = arena;
    c.err = (struct err){0};
    c.lease = NULL;
    return c;
}

/* Waits a second, for jobs_wake, or for *stop; false: stop. */
static bool wait_for_work(struct jobs_runner *r, const bool *stop, unsigned *seen)
{
    struct timespec until;
    (void)clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec++;
    (void)pthread_mutex_lock(&r->mutex);
    int late = 0;
    while (!*stop && *seen == r->wakes && !late)
        late = pthread_cond_timedwait(&r->wake, &r->mutex, &until);
    *seen = r->wakes;
    bool go_on = !*stop;
    (void)pthread_mutex_unlock(&r->mutex);
    return go_on;
}

static bool stopping(struct jobs_runner *r)
{
    (void)pthread_mutex_lock(&r->mutex);
    bool stop = r->stop;
    (void)pthread_mutex_unlock(&r->mutex);
    return stop;
}

static void set_claim(struct jobs_runner *r, int number, const struct job *job)
{
    struct claim *claim = &r->claims[number];
    (void)pthread_mutex_lock(&r->mutex);
    claim->id = job ? job->id : 0;
    if (job)
        (void)snprintf(claim->owner, sizeof claim->owner, "%.*s", (int)job->owner.len,
                       job->owner.ptr);
    (void)pthread_mutex_unlock(&r->mutex);
}

/* Claims and runs one job. False: there is none, or the database is away. */
static bool work_once(struct jobs_runner *r, int number, struct arena *arena)
{
    struct ctx c = fresh_ctx(r, arena);
    struct job job;
    int code = job_claim(&c, r->kinds, r->kind_count, clock_now(), &job);
    if (code < 0) {
        if (code != ERR_NOT_FOUND)
            log_line(LOG_ERROR, "jobs", (struct log_field[]){{"detail", c.err.detail}}, 1);
        return false;
    }
    db_lease_release(&c);
    const struct job_kind *kind = job_kind_find(r->kinds, r->kind_count, job.kind);
    if (!kind)
        BUG("a job of a kind that was not asked for");
    set_claim(r, number, &job);
    (void)job_execute(&r->base, arena, kind, &job);
    set_claim(r, number, NULL);
    return true;
}

static void *worker_main(void *arg)
{
    struct worker *w = arg;
    struct arena *arena = arena_new();
    unsigned seen = 0;
    do {
        bool more = true, worked = false;
        while (more && !stopping(w->runner)) {
            more = work_once(w->runner, w->number, arena);
            worked = worked || more;
            arena_reset(arena);
        }
        if (worked) /* a copy of the database or a newsletter takes much, for a moment */
            arena_give_back();
    } while (wait_for_work(w->runner, &w->runner->stop, &seen));
    arena_free(arena);
    return NULL;
}

static void renew_leases(struct jobs_runner *r, struct arena *arena)
{
    for (int i = 0; i < r->threads; i++) {
        (void)pthread_mutex_lock(&r->mutex);
        struct claim claim = r->claims[i];
        (void)pthread_mutex_unlock(&r->mutex);
        struct ctx c = fresh_ctx(r, arena);
        if (claim.id && job_renew(&c, claim.id, str_from(claim.owner), clock_now()) < 0)
            log_line(LOG_WARNING, "lease_not_renewed",
                     (struct log_field[]){{"detail", c.err.detail}}, 1);
        arena_reset(arena);
    }
}

static void start_periodic(struct jobs_runner *r, struct arena *arena)
{
    struct ctx c = fresh_ctx(r, arena);
    if (job_periods(&c, r->kinds, r->kind_count, clock_now()) < 0)
        log_line(LOG_ERROR, "periodic_jobs", (struct log_field[]){{"detail", c.err.detail}}, 1);
    arena_reset(arena);
}

static void *keeper_main(void *arg)
{
    struct jobs_runner *r = arg;
    struct arena *arena = arena_new();
    unsigned seen = 0;
    long long renewed = clock_now();
    do {
        if (!stopping(r))
            start_periodic(r, arena);
        if (clock_now() - renewed >= JOBS_RENEW_S) {
            renewed = clock_now();
            renew_leases(r, arena);
        }
    } while (wait_for_work(r, &r->finished, &seen));
    arena_free(arena);
    return NULL;
}

/* ---- start and stop ---- */

static struct jobs_runner *runner_new(const struct ctx *base, const struct job_kind *kinds,
                                      size_t count)
{
    struct arena *a = arena_new();
    struct jobs_runner *r = arena_new_of(a, struct jobs_runner);
    pthread_condattr_t attr;
    r->arena = a;
    r->base = *base;
    r->base.lease = NULL;
    r->kinds = kinds;
    r->kind_count = count;
    (void)pthread_mutex_init(&r->mutex, NULL);
    (void)pthread_condattr_init(&attr);
    (void)pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    (void)pthread_cond_init(&r->wake, &attr);
    (void)pthread_condattr_destroy(&attr);
    return r;
}

static bool start_threads(struct jobs_runner *r, int threads)
{
    for (int i = 0; i < threads; i++) {
        struct worker *w = arena_new_of(r->arena, struct worker);
        *w = (struct worker){r, i};
        if (pthread_create(&r->workers[i], NULL, worker_main, w) != 0)
            return false;
        r->threads++;
    }
    r->has_keeper = pthread_create(&r->keeper, NULL, keeper_main, r) == 0;
    return r->has_keeper;
}

int jobs_start(struct ctx *c, const struct ctx *base, const struct job_kind *kinds, size_t count,
               int threads, struct jobs_runner **ret)
{
    int wanted = threads < 1 ? 1 : threads > MAX_THREADS ? MAX_THREADS : threads;
    struct jobs_runner *r = runner_new(base, kinds, count);
    if (arena_strained(r->arena) || !start_threads(r, wanted)) {
        jobs_stop(r);
        return err_detail(c, ERR_BUSY, "no memory or threads for jobs");
    }
    *ret = r;
    return 0;
}

void jobs_wake(struct jobs_runner *r)
{
    (void)pthread_mutex_lock(&r->mutex);
    r->wakes++;
    (void)pthread_cond_broadcast(&r->wake);
    (void)pthread_mutex_unlock(&r->mutex);
}

static void raise_flag(struct jobs_runner *r, bool *flag)
{
    (void)pthread_mutex_lock(&r->mutex);
    *flag = true;
    (void)pthread_cond_broadcast(&r->wake);
    (void)pthread_mutex_unlock(&r->mutex);
}

/* The keeper goes last: it renews the leases of jobs that are still at work. */
void jobs_stop(struct jobs_runner *r)
{
    if (!r)
        return;
    raise_flag(r, &r->stop);
    for (int i = 0; i < r->threads; i++)
        (void)pthread_join(r->workers[i], NULL);
    raise_flag(r, &r->finished);
    if (r->has_keeper)
        (void)pthread_join(r->keeper, NULL);
    (void)pthread_cond_destroy(&r->wake);
    (void)pthread_mutex_destroy(&r->mutex);
    arena_free(r->arena);
}
