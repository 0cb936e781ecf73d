#include "base/metrics.h"

#include <stdatomic.h>

#include "base/arena.h"

static const long long bucket_us[METRICS_BUCKETS] = {250,   500,   1000,   2500,   5000,
                                                     10000, 50000, 100000, 500000, 2500000};

struct metrics {
    _Atomic unsigned long long by_class[6]; /* 1xx .. 5xx; 0: other */
    _Atomic unsigned long long bucket[METRICS_BUCKETS + 1];
    _Atomic unsigned long long total_us;
};

struct metrics *metrics_new(struct arena *a)
{
    return arena_new_of(a, struct metrics);
}

void metrics_request(struct metrics *m, int status, long long microseconds)
{
    int class = status / 100;
    size_t i = 0;
    while (i < METRICS_BUCKETS && microseconds > bucket_us[i])
        i++;
    atomic_fetch_add(&m->by_class[class >= 1 && class <= 5 ? class : 0], 1);
    atomic_fetch_add(&m->bucket[i], 1);
    atomic_fetch_add(&m->total_us, (unsigned long long)(microseconds > 0 ? microseconds : 0));
}

static void write_histogram(const struct metrics *m, struct buf *b)
{
    unsigned long long count = 0;
    buf_addz(b, "# HELP aanjager_request_seconds Time that handlers took.\n"
                "# TYPE aanjager_request_seconds histogram\n");
    for (size_t i = 0; i < METRICS_BUCKETS; i++) {
        count += atomic_load(&m->bucket[i]);
        buf_fmt(b, "aanjager_request_seconds_bucket{le=\"%g\"} %llu\n", (double)bucket_us[i] / 1e6,
                count);
    }
    count += atomic_load(&m->bucket[METRICS_BUCKETS]);
    buf_fmt(b, "aanjager_request_seconds_bucket{le=\"+Inf\"} %llu\n", count);
    buf_fmt(b, "aanjager_request_seconds_sum %.6f\n", (double)atomic_load(&m->total_us) / 1e6);
    buf_fmt(b, "aanjager_request_seconds_count %llu\n", count);
}

void metrics_write(const struct metrics *m, struct buf *b)
{
    buf_addz(b, "# HELP aanjager_requests_total Answered requests.\n"
                "# TYPE aanjager_requests_total counter\n");
    for (int class = 1; class <= 5; class ++)
        buf_fmt(b, "aanjager_requests_total{status=\"%dxx\"} %llu\n", class,
                atomic_load(&m->by_class[class]));
    write_histogram(m, b);
}
