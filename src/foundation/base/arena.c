#include "base/arena.h"

#include <malloc.h>

#include "base/reserve.h"

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
/* Blocks from the reserve do not double: it must do for all who need it. */
enum { ARENA_RESERVED = 16 * 1024 };

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
    struct arena_block *block; /* newest; allocations come from here; NULL: none yet */
    struct arena_deferred *deferred;
    size_t handed_out;
    bool strained;
};

static struct arena_block *block_made(struct arena_block *b, size_t whole, struct arena_block *next)
{
    b->next = next;
    b->size = whole - sizeof *b;
    b->used = 0;
    POISON(b->bytes, b->size);
    return b;
}

/* NULL when the C library has no memory. */
static struct arena_block *block_new(size_t size, struct arena_block *next)
{
    struct arena_block *b = malloc(sizeof *b + size);
    return b ? block_made(b, sizeof *b + size, next) : NULL;
}

static struct arena_block *block_reserved(size_t need, struct arena_block *next)
{
    size_t whole = sizeof *next + (need > ARENA_RESERVED ? need : ARENA_RESERVED);
    struct arena_block *b = reserve_take(&whole);
    if (!b)
        BUG("out of memory, and the reserve is used up");
    UNPOISON(b, whole);
    return block_made(b, whole, next);
}

static void block_free(struct arena_block *b)
{
    size_t size = b->size;
    UNPOISON(b->bytes, size);
    if (!reserve_give(b, sizeof *b + size))
        free(b);
}

struct arena *arena_new(void)
{
    struct arena *a = calloc(1, sizeof *a);
    size_t size = sizeof *a;
    if (a) {
        a->block = block_new(ARENA_FIRST, NULL);
        a->strained = !a->block;
        return a;
    }
    a = reserve_take(&size);
    if (!a)
        BUG("out of memory, and the reserve is used up");
    *a = (struct arena){.strained = true};
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

/* Frees the blocks from the newest on, up to the first, which is kept unless it is reserved. */
static void arena_drop_blocks(struct arena *a)
{
    while (a->block && a->block->next) {
        struct arena_block *newest = a->block;
        a->block = newest->next;
        block_free(newest);
    }
    if (a->strained && a->block) {
        block_free(a->block);
        a->block = NULL;
    }
}

void arena_reset(struct arena *a)
{
    arena_run_deferred(a);
    arena_drop_blocks(a);
    if (a->block) {
        a->block->used = 0;
        POISON(a->block->bytes, a->block->size);
    }
    a->handed_out = 0;
    a->strained = false;
}

void arena_free(struct arena *a)
{
    if (!a)
        return;
    arena_reset(a);
    if (a->block)
        block_free(a->block);
    if (!reserve_give(a, sizeof *a))
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
    size_t size = a->block ? a->block->size * 2 : ARENA_FIRST;
    if (size > ARENA_MAX_BLOCK)
        size = ARENA_MAX_BLOCK;
    if (size < need)
        size = need;
    struct arena_block *b = block_new(size, a->block);
    if (!b) {
        a->strained = true;
        b = block_reserved(need, a->block);
    }
    a->block = b;
}

void *arena_alloc(struct arena *a, size_t size)
{
    if (size > SIZE_MAX / 2)
        BUG("arena_alloc: size is not sane");
    size_t need = align_up(size + ARENA_GAP);
    if (!a->block || a->block->size - a->block->used < need)
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
    bool is_last = old && b && b->used >= old_need && (char *)old == b->bytes + b->used - old_need;
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

bool arena_strained(const struct arena *a)
{
    return a->strained;
}

size_t arena_reserve_used(void)
{
    return reserve_used();
}

size_t arena_used(const struct arena *a)
{
    return a->handed_out;
}

size_t arena_held(const struct arena *a)
{
    size_t held = sizeof *a;
    for (const struct arena_block *b = a->block; b; b = b->next)
        held += sizeof *b + (b == a->block ? b->used : b->size);
    return held;
}

/* The C library keeps freed memory of each of its own heaps, of which a program with threads has
 * many. */
void arena_give_back(void)
{
    (void)malloc_trim(0);
}
