#include "base/arena.h"

#ifdef __SANITIZE_ADDRESS__
#define ARENA_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_ASAN 1
#endif
#endif

#ifdef ARENA_ASAN
#include <sanitizer/asan_interface.h>
#define POISON(ptr, size) ASAN_POISON_MEMORY_REGION((ptr), (size))
#define UNPOISON(ptr, size) ASAN_UNPOISON_MEMORY_REGION((ptr), (size))
enum { ARENA_GAP = 16 }; /* poisoned bytes between blocks, so that an overrun is seen */
#else
#define POISON(ptr, size) ((void)(ptr), (void)(size))
#define UNPOISON(ptr, size) ((void)(ptr), (void)(size))
enum { ARENA_GAP = 0 };
#endif

enum { ARENA_FIRST = 16 * 1024, ARENA_ALIGN = 16, ARENA_MAX_BLOCK = 1024 * 1024 };

struct arena_block {
    struct arena_block *next; /* older */
    size_t size, used;
    _Alignas(ARENA_ALIGN) char bytes[];
};

struct arena_deferred {
    struct arena_deferred *next;
    void (*close)(void *);
    void *object;
};

struct arena {
    struct arena_block *block; /* newest; allocations come from here */
    struct arena_deferred *deferred;
    size_t handed_out;
};

static struct arena_block *block_new(size_t size, struct arena_block *next)
{
    struct arena_block *b = malloc(sizeof *b + size);
    if (!b)
        BUG("out of memory");
    b->next = next;
    b->size = size;
    b->used = 0;
    POISON(b->bytes, size);
    return b;
}

static void block_free(struct arena_block *b)
{
    UNPOISON(b->bytes, b->size);
    free(b);
}

struct arena *arena_new(void)
{
    struct arena *a = calloc(1, sizeof *a);
    if (!a)
        BUG("out of memory");
    a->block = block_new(ARENA_FIRST, NULL);
    return a;
}

static void arena_run_deferred(struct arena *a)
{
    /* A deferred call may register another: take them one by one. */
    while (a->deferred) {
        struct arena_deferred *d = a->deferred;
        a->deferred = d->next;
        d->close(d->object);
    }
}

void arena_reset(struct arena *a)
{
    arena_run_deferred(a);
    while (a->block->next) {
        struct arena_block *newest = a->block;
        a->block = newest->next;
        block_free(newest);
    }
    a->block->used = 0;
    POISON(a->block->bytes, a->block->size);
    a->handed_out = 0;
}

void arena_free(struct arena *a)
{
    if (!a)
        return;
    arena_reset(a);
    block_free(a->block);
    free(a);
}

static size_t align_up(size_t n)
{
    return (n + ARENA_ALIGN - 1) & ~(size_t)(ARENA_ALIGN - 1);
}

/* Each block doubles the last, up to a maximum: few blocks for large pages, little waste for small
 * ones. */
static void arena_add_block(struct arena *a, size_t need)
{
    size_t size = a->block->size * 2;
    if (size > ARENA_MAX_BLOCK)
        size = ARENA_MAX_BLOCK;
    if (size < need)
        size = need;
    a->block = block_new(size, a->block);
}

void *arena_alloc(struct arena *a, size_t size)
{
    if (size > SIZE_MAX / 2)
        BUG("arena_alloc: size is not sane");
    size_t need = align_up(size + ARENA_GAP);
    if (a->block->size - a->block->used < need)
        arena_add_block(a, need);
    char *p = a->block->bytes + a->block->used;
    a->block->used += need;
    a->handed_out += size;
    UNPOISON(p, size);
    memset(p, 0, size);
    return p;
}

void *arena_array(struct arena *a, size_t count, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes))
        BUG("arena_array: overflow");
    return arena_alloc(a, bytes);
}

void *arena_grow(struct arena *a, void *old, size_t old_size, size_t new_size)
{
    struct arena_block *b = a->block;
    size_t old_need = align_up(old_size + ARENA_GAP), new_need = align_up(new_size + ARENA_GAP);
    bool is_last = old && b->used >= old_need && (char *)old == b->bytes + b->used - old_need;
    if (is_last && b->size - b->used >= new_need - old_need) {
        b->used += new_need - old_need;
        a->handed_out += new_size - old_size;
        UNPOISON((char *)old, new_size);
        memset((char *)old + old_size, 0, new_size - old_size);
        return old;
    }
    void *fresh = arena_alloc(a, new_size);
    if (old_size)
        memcpy(fresh, old, old_size);
    return fresh;
}

void arena_defer(struct arena *a, void (*close)(void *), void *object)
{
    struct arena_deferred *d = arena_new_of(a, struct arena_deferred);
    *d = (struct arena_deferred){a->deferred, close, object};
    a->deferred = d;
}

size_t arena_used(const struct arena *a)
{
    return a->handed_out;
}
