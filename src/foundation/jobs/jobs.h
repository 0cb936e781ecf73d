/* jobs.h - background work under a lease in the database, so that any node may die without loss.

   A job is a row: kind, argument, run_at, lease. A runner takes one by a lease, renews it while it
   works, and deletes the row when done; a failure is tried again later with growing pauses, at most
   max_attempts; then it stays as failed, with its error. A job may run twice when a node dies: it
   must be repeatable. */
#pragma once

#include "base/ctx.h"

struct job_kind {
    const char *name;
    int (*run)(struct ctx *c, str argument);
    int max_attempts; /* 0: 5 */
    int every_s;      /* > 0: runs by itself with this period, once for all nodes together */
    const char *help;
};

/* Puts a job in the queue, in the caller's transaction when there is one. unique: when not empty, a
 * waiting job of the same kind and key is not added again. */
int jobs_add(struct ctx *c, const char *kind, str argument, long long run_at,
             str unique) _nodiscard_;

struct jobs_runner;
/* base: template of each job's ctx (config, pool, index). threads: 1 to 16. */
int jobs_start(struct ctx *c, const struct ctx *base, const struct job_kind *kinds, size_t count,
               int threads, struct jobs_runner **ret) _nodiscard_;
void jobs_stop(struct jobs_runner *runner); /* waits for running jobs; NULL allowed */
void jobs_wake(struct jobs_runner *runner); /* look at the queue now */
/* Runs what is due now on the calling thread, for tests and the command line; *ret_done counts. */
int jobs_run_due(struct ctx *c, const struct job_kind *kinds, size_t count,
                 size_t *ret_done) _nodiscard_;

struct jobs_status {
    long long waiting, running, failed, oldest_waiting_s;
};
int jobs_status(struct ctx *c, struct jobs_status *ret) _nodiscard_;
