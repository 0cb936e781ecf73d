/* jobs_int.h - the queue's SQL, shared by queue.c and runner.c. */
#pragma once

#include "jobs/jobs.h"

enum { JOBS_LEASE_S = 60, JOBS_RENEW_S = 15, JOBS_MAX_ATTEMPTS = 5 };

struct job {
    long long id;
    str kind, argument, unique_key;
    long long attempts; /* this one included */
    str owner;          /* of this claim */
};

/* The next due job of one of the kinds, leased to us; ERR_NOT_FOUND when none is due. */
int job_claim(struct ctx *c, const struct job_kind *kinds, size_t count, long long now,
              struct job *ret) _nodiscard_;
int job_renew(struct ctx *c, long long id, str owner, long long now) _nodiscard_;
/* These do nothing when the lease has gone to another. */
int job_done(struct ctx *c, const struct job *job) _nodiscard_;
int job_retry(struct ctx *c, const struct job *job, str error, long long run_at) _nodiscard_;
int job_fail(struct ctx *c, const struct job *job, str error) _nodiscard_;
/* Puts the periodic kinds that are due in the queue; of all nodes only one does. */
int job_periods(struct ctx *c, const struct job_kind *kinds, size_t count,
                long long now) _nodiscard_;

const struct job_kind *job_kind_find(const struct job_kind *kinds, size_t count, str name);
/* Runs a claimed job with its own ctx in arena and settles it. */
int job_execute(const struct ctx *base, struct arena *arena, const struct job_kind *kind,
                const struct job *job);
