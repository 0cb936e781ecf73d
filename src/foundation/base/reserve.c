#include "base/reserve.h"

#include <pthread.h>

enum {
    RESERVE_PAGE = 4096,
    RESERVE_PAGES = 2048, /* 8 MiB */
};

/* First fit over a map of pages: it is small, and only used in need. */
static struct {
    pthread_mutex_t lock;
    size_t used; /* pages */
    bool taken[RESERVE_PAGES];
} reserve = {.lock = PTHREAD_MUTEX_INITIALIZER};

static _Alignas(RESERVE_PAGE) char reserve_bytes[RESERVE_PAGES][RESERVE_PAGE];

static size_t pages_of(size_t size)
{
    return size / RESERVE_PAGE + (size % RESERVE_PAGE != 0);
}

/* The first of `count` free pages in a row; RESERVE_PAGES: there are none. */
static size_t find_run(size_t count)
{
    size_t run = 0;
    for (size_t i = 0; i < RESERVE_PAGES; i++) {
        run = reserve.taken[i] ? 0 : run + 1;
        if (run == count)
            return i + 1 - count;
    }
    return RESERVE_PAGES;
}

static void mark(size_t first, size_t count, bool taken)
{
    for (size_t i = first; i < first + count; i++)
        reserve.taken[i] = taken;
    reserve.used = taken ? reserve.used + count : reserve.used - count;
}

void *reserve_take(size_t *size)
{
    size_t count = pages_of(*size ? *size : 1), first;
    (void)pthread_mutex_lock(&reserve.lock);
    first = find_run(count);
    if (first < RESERVE_PAGES)
        mark(first, count, true);
    (void)pthread_mutex_unlock(&reserve.lock);
    if (first == RESERVE_PAGES)
        return NULL;
    *size = count * RESERVE_PAGE;
    return reserve_bytes[first];
}

bool reserve_give(void *p, size_t size)
{
    uintptr_t at = (uintptr_t)p, begin = (uintptr_t)reserve_bytes;
    if (at < begin || at >= begin + sizeof reserve_bytes)
        return false;
    (void)pthread_mutex_lock(&reserve.lock);
    mark((at - begin) / RESERVE_PAGE, pages_of(size), false);
    (void)pthread_mutex_unlock(&reserve.lock);
    return true;
}

size_t reserve_used(void)
{
    (void)pthread_mutex_lock(&reserve.lock);
    size_t pages = reserve.used;
    (void)pthread_mutex_unlock(&reserve.lock);
    return pages * RESERVE_PAGE;
}
