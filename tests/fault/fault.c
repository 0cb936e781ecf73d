#undef _FILE_OFFSET_BITS /* both the old and the new names are defined here */
#undef _FORTIFY_SOURCE
#include "fault.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "db/db_int.h"

static __thread struct {
    bool armed;
    struct fault fault;
    /* Shared with the children that are made while it is armed. */
    struct fault_seen *seen;
    struct place *places;
} now;

static void *shared_memory(size_t size)
{
    void *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (p == MAP_FAILED)
        BUG("mmap");
    return p;
}

void fault_arm(const struct fault *f)
{
    if (!now.seen) {
        now.seen = shared_memory(sizeof *now.seen);
        now.places = shared_memory(PLACE_MAX_CALLS * sizeof *now.places);
    }
    now.fault = *f;
    *now.seen = (struct fault_seen){0};
    now.armed = true;
}

struct fault_seen fault_disarm(void)
{
    now.armed = false;
    return *now.seen;
}

const struct place *fault_places(void)
{
    return now.places;
}

static void note_place(long number)
{
    if (number >= PLACE_MAX_CALLS)
        BUG("more calls than PLACE_MAX_CALLS");
    now.armed = false; /* whatever the walk itself does is not counted */
    now.places[number] = place_of_call();
    now.armed = true;
}

/* Counts a call of this kind; true: it must fail. */
static bool fails(enum fault_kind kind)
{
    if (!now.armed || now.fault.kind != kind)
        return false;
    long number = now.seen->calls++;
    if (now.fault.places)
        note_place(number);
    bool fail = now.fault.for_good ? number >= now.fault.after : number == now.fault.after;
    now.seen->failed += fail;
    return fail;
}

/* ---- allocations ---- */

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);
void *__libc_memalign(size_t alignment, size_t size);

static bool no_memory(void)
{
    if (!fails(FAULT_ALLOC))
        return false;
    errno = ENOMEM;
    return true;
}

void *malloc(size_t size)
{
    return no_memory() ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    return no_memory() ? NULL : __libc_calloc(count, size);
}

void *realloc(void *old, size_t size)
{
    /* Making something smaller or giving it back does not fail. */
    return size && no_memory() ? NULL : __libc_realloc(old, size);
}

void *reallocarray(void *old, size_t count, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes)) {
        errno = ENOMEM;
        return NULL;
    }
    return realloc(old, bytes);
}

void *memalign(size_t alignment, size_t size);
void *memalign(size_t alignment, size_t size)
{
    return no_memory() ? NULL : __libc_memalign(alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size)
{
    return memalign(alignment, size);
}

int posix_memalign(void **ret, size_t alignment, size_t size)
{
    void *p = memalign(alignment, size);
    if (!p)
        return ENOMEM;
    *ret = p;
    return 0;
}

/* ---- writing to files ---- */

static bool no_write(void)
{
    if (!fails(FAULT_FILE))
        return false;
    errno = now.fault.reason;
    return true;
}

ssize_t write(int fd, const void *bytes, size_t size)
{
    return no_write() ? -1 : syscall(SYS_write, fd, bytes, size);
}

ssize_t pwrite(int fd, const void *bytes, size_t size, off_t at)
{
    return no_write() ? -1 : syscall(SYS_pwrite64, fd, bytes, size, at);
}

ssize_t pwrite64(int fd, const void *bytes, size_t size, off64_t at)
{
    return no_write() ? -1 : syscall(SYS_pwrite64, fd, bytes, size, at);
}

/* These tests end no machine: what is not to fail need not reach the disk, which would take most of
   the time. test_kill.c syncs. */
int fsync(int fd _unused_)
{
    return no_write() ? -1 : 0;
}

int fdatasync(int fd _unused_)
{
    return no_write() ? -1 : 0;
}

int ftruncate(int fd, off_t size)
{
    return no_write() ? -1 : (int)syscall(SYS_ftruncate, fd, size);
}

int ftruncate64(int fd, off64_t size)
{
    return no_write() ? -1 : (int)syscall(SYS_ftruncate, fd, size);
}

int rename(const char *from, const char *to)
{
    return no_write() ? -1 : (int)syscall(SYS_rename, from, to);
}

static int open_file(const char *path, int flags, va_list args)
{
    mode_t mode = flags & (O_CREAT | __O_TMPFILE) ? va_arg(args, mode_t) : 0;
    bool writes = (flags & O_ACCMODE) != O_RDONLY || flags & O_CREAT;
    return writes && no_write() ? -1 : (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}

int open(const char *path, int flags, ...)
{
    va_list args;
    va_start(args, flags);
    int fd = open_file(path, flags, args);
    va_end(args);
    return fd;
}

int open64(const char *path, int flags, ...)
{
    va_list args;
    va_start(args, flags);
    int fd = open_file(path, flags, args);
    va_end(args);
    return fd;
}

/* ---- queries ---- */

static const struct db_driver *inner;
static struct db_driver outer;

static int no_query(struct ctx *c)
{
    return fails(FAULT_QUERY) ? err_detail(c, now.fault.reason, "a query that must fail") : 0;
}

static int no_answer(struct ctx *c)
{
    return fails(FAULT_COMMIT) ? err_detail(c, now.fault.reason, "an answer that was lost") : 0;
}

static int wrapped_connect(struct ctx *c, struct db_pool *pool, bool writer, struct db_conn **ret)
{
    TRY(no_query(c));
    return inner->connect(c, pool, writer, ret);
}

static int wrapped_run(struct ctx *c, struct db_conn *conn, const struct db_query *q,
                       struct db_cursor *ret)
{
    TRY(no_query(c));
    return inner->run(c, conn, q, ret);
}

static int wrapped_step(struct ctx *c, struct db_cursor *cur)
{
    TRY(no_query(c));
    return inner->step(c, cur);
}

/* Ends what was begun; outside a transaction that is its commit. */
static int wrapped_finish(struct ctx *c, struct db_cursor *cur)
{
    int code = inner->finish(c, cur);
    return code < 0 ? code : no_answer(c);
}

static int wrapped_script(struct ctx *c, struct db_conn *conn, const char *sql)
{
    TRY(no_query(c));
    return inner->script(c, conn, sql);
}

static int wrapped_begin(struct ctx *c, struct db_conn *conn)
{
    TRY(no_query(c));
    return inner->begin(c, conn);
}

static int wrapped_commit(struct ctx *c, struct db_conn *conn)
{
    TRY(no_query(c));
    int code = inner->commit(c, conn);
    return code < 0 ? code : no_answer(c);
}

static int wrapped_lock(struct ctx *c, struct db_conn *conn, enum db_lock lock)
{
    TRY(no_query(c));
    return inner->lock(c, conn, lock);
}

static int wrapped_copy(struct ctx *c, struct db_conn *conn, const struct db_batch *batch)
{
    TRY(no_query(c));
    return inner->copy(c, conn, batch);
}

static int wrapped_size(struct ctx *c, struct db_conn *conn, long long *ret)
{
    TRY(no_query(c));
    return inner->size(c, conn, ret);
}

void fault_wrap(struct db_pool *pool)
{
    if (pool->driver == &outer)
        return;
    inner = pool->driver;
    outer = *inner;
    outer.connect = wrapped_connect;
    outer.run = wrapped_run;
    outer.step = wrapped_step;
    outer.finish = wrapped_finish;
    outer.script = wrapped_script;
    outer.begin = wrapped_begin;
    outer.commit = wrapped_commit;
    outer.lock = wrapped_lock;
    outer.copy = wrapped_copy;
    outer.size = wrapped_size;
    pool->driver = &outer;
}

static void cold(struct db_pool *pool, struct db_gate *g)
{
    while (g->idle) {
        struct db_conn *conn = g->idle;
        g->idle = conn->next;
        g->open--;
        pool->driver->close(conn);
    }
}

void fault_cold(struct db_pool *pool)
{
    cold(pool, &pool->read);
    cold(pool, &pool->write);
}

bool fault_pool_is_free(struct db_pool *pool)
{
    bool is_free = pool->read.used == 0 && pool->write.used == 0;
    for (const struct db_lease *lease = pool->leases; lease; lease = lease->next)
        is_free = is_free && !atomic_load(&lease->owner) && !lease->writer && !lease->depth;
    if (pthread_mutex_trylock(&pool->mutex) != 0)
        return false;
    (void)pthread_mutex_unlock(&pool->mutex);
    return is_free;
}
