/* metrics.h - counters of this process, for /metrics. Safe to use from many threads. */
#pragma once

#include "base/buf.h"

enum { METRICS_BUCKETS = 10 };

struct metrics;

struct metrics *metrics_new(struct arena *a);
/* One answered request: its status and the time that its handler took. */
void metrics_request(struct metrics *m, int status, long long microseconds);
/* Prometheus text format: aanjager_requests_total by status class, aanjager_request_seconds as a
 * histogram. */
void metrics_write(const struct metrics *m, struct buf *b);
