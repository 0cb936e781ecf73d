#include "index/words.h"

#include <pthread.h>
#include <stdatomic.h>

enum {
    SHARDS = 64,
    SHARD_ENTRIES = 256, /* direct-mapped */
    ENTRY_BYTES = 232,
    HINTS = 64 * 1024, /* direct-mapped, eight bytes each */
};

/* A remembered word: lengths, then the bytes of the word, its folded form, its key and the keys of
   its pieces one after another. What does not fit is not remembered. */
struct entry {
    uint64_t hash; /* 0: free */
    uint8_t text_len, folded_len, key_len;
    uint8_t is_stop : 1, is_protected : 1;
    uint8_t part_count, piece_count;
    uint8_t used; /* of bytes */
    char bytes[ENTRY_BYTES];
};

struct shard {
    pthread_mutex_t lock;
    struct entry entries[SHARD_ENTRIES];
};

struct analyser {
    const struct dutch_extra *extra;
    struct shard *shards;
    /* What is remembered longest of a word: half of its hash, and the traits of all its keys. 0:
       nothing. */
    _Atomic uint64_t hints[];
};

static void free_analyser(void *object)
{
    struct analyser *an = object;
    for (size_t i = 0; an->shards && i < SHARDS; i++)
        pthread_mutex_destroy(&an->shards[i].lock);
    free(an->shards);
    free(an);
}

/* It comes from calloc, not from the arena: pages that no word has touched stay free. */
struct analyser *analyser_new(struct arena *a, const struct dutch_extra *extra)
{
    struct analyser *an = calloc(1, sizeof *an + HINTS * sizeof an->hints[0]);
    if (!an)
        return NULL;
    an->extra = extra;
    an->shards = calloc(SHARDS, sizeof *an->shards);
    for (size_t i = 0; an->shards && i < SHARDS; i++)
        pthread_mutex_init(&an->shards[i].lock, NULL);
    bool whole = an->shards != NULL;
    if (whole)
        arena_defer(a, free_analyser, an);
    else
        free_analyser(an);
    return whole ? an : NULL;
}

/* ---- hints ---- */

uint32_t word_trait(str key)
{
    uint64_t hash = str_hash_fast(key);
    return 1U << (hash & 31) | 1U << (hash >> 5 & 31);
}

static uint64_t hint_of(uint64_t hash, uint32_t traits)
{
    return (hash >> 32 | 1) << 32 | traits;
}

static void note_hint(struct analyser *an, uint64_t hash, const struct word *w)
{
    uint32_t traits = w->folded.len ? word_trait(w->folded) | word_trait(w->key) : 0;
    for (size_t i = 0; i < w->piece_count; i++)
        traits |= word_trait(w->piece[i].key);
    atomic_store_explicit(&an->hints[hash % HINTS], hint_of(hash, traits), memory_order_relaxed);
}

bool analyser_may_have(struct analyser *an, str text, const uint32_t *traits, size_t count)
{
    uint64_t hash = str_hash_fast(text);
    uint64_t hint = atomic_load_explicit(&an->hints[hash % HINTS], memory_order_relaxed);
    if (hint_of(hash, (uint32_t)hint) != hint)
        return true;
    for (size_t i = 0; i < count; i++)
        if ((traits[i] & ~(uint32_t)hint) == 0)
            return true;
    return false;
}

/* ---- remembering ---- */

static char *store_bytes(char *p, str s)
{
    memcpy(p, s.ptr, s.len);
    return p + s.len;
}

static void entry_write(struct entry *e, uint64_t hash, str text, const struct word *w)
{
    size_t need = text.len + w->folded.len + w->key.len;
    for (size_t i = 0; i < w->piece_count; i++)
        need += w->piece[i].key.len + 3;
    if (need > ENTRY_BYTES || text.len > WORD_MAX_BYTES || w->key.len > UINT8_MAX)
        return;
    *e = (struct entry){.hash = hash,
                        .text_len = (uint8_t)text.len,
                        .folded_len = (uint8_t)w->folded.len,
                        .key_len = (uint8_t)w->key.len,
                        .is_stop = w->is_stop,
                        .is_protected = w->is_protected,
                        .part_count = (uint8_t)w->part_count,
                        .piece_count = (uint8_t)w->piece_count,
                        .used = (uint8_t)need};
    char *p = store_bytes(e->bytes, text);
    p = store_bytes(p, w->folded);
    p = store_bytes(p, w->key);
    for (size_t i = 0; i < w->piece_count; i++) {
        *p++ = (char)(unsigned char)w->piece[i].key.len;
        *p++ = (char)(unsigned char)w->piece[i].start;
        *p++ = (char)(unsigned char)w->piece[i].end;
        p = store_bytes(p, w->piece[i].key);
    }
}

static bool entry_is(const struct entry *e, uint64_t hash, str text)
{
    return e->hash == hash && e->text_len == text.len && !memcmp(e->bytes, text.ptr, text.len);
}

static void entry_read(const struct entry *e, struct arena *a, struct word *ret)
{
    char *p = arena_alloc(a, e->used);
    memcpy(p, e->bytes, e->used);
    p += e->text_len;
    ret->folded = str_of(p, e->folded_len);
    p += e->folded_len;
    ret->key = str_of(p, e->key_len);
    p += e->key_len;
    ret->is_stop = e->is_stop;
    ret->is_protected = e->is_protected;
    ret->part_count = e->part_count;
    ret->piece_count = e->piece_count;
    for (size_t i = 0; i < e->piece_count; i++) {
        size_t len = (unsigned char)p[0];
        ret->piece[i] =
            (struct piece){str_of(p + 3, len), (unsigned char)p[1], (unsigned char)p[2]};
        p += 3 + len;
    }
}

/* ---- analysing ---- */

static str join_bases(struct arena *a, const struct dutch_word *d, size_t first, size_t last)
{
    str bases[DUTCH_MAX_PARTS];
    for (size_t i = first; i <= last; i++)
        bases[i - first] = d->part[i].base;
    return str_join(a, bases, last - first + 1, S("+"));
}

static str key_of(struct arena *a, const struct dutch_word *d)
{
    if (d->part_count < 2)
        return d->base.len ? d->base : d->folded;
    return join_bases(a, d, 0, d->part_count - 1);
}

static void add_piece(struct word *w, str key, size_t start, size_t end)
{
    if (w->piece_count == WORD_MAX_PIECES || !key.len || str_eq(key, w->key))
        return;
    for (size_t i = 0; i < w->piece_count; i++)
        if (w->piece[i].start == start && w->piece[i].end == end && str_eq(w->piece[i].key, key))
            return;
    w->piece[w->piece_count++] = (struct piece){key, start, end};
}

/* A piece also gets the key that it has as a word by itself, which can differ: stikstof may be one
   word alone and two parts in stikstofruimte. */
static void add_pieces(struct analyser *an, struct arena *a, str text, const struct dutch_word *d,
                       struct word *ret)
{
    for (size_t run = 1; run < d->part_count; run++)
        for (size_t i = 0; i + run <= d->part_count; i++) {
            const struct dutch_part *first = &d->part[i], *last = &d->part[i + run - 1];
            struct dutch_word alone;
            dutch_analyse(a, an->extra, str_slice(text, first->start, last->end), &alone);
            add_piece(ret, join_bases(a, d, i, i + run - 1), first->start, last->end);
            add_piece(ret, key_of(a, &alone), first->start, last->end);
        }
}

static void analyse(struct analyser *an, struct arena *a, str text, struct word *ret)
{
    struct dutch_word d = {0};
    text = str_dup(a, text);
    dutch_analyse(a, an->extra, text, &d);
    ret->folded = d.folded;
    ret->key = key_of(a, &d);
    ret->is_stop = !d.is_protected && dutch_is_stopword(d.folded);
    ret->is_protected = d.is_protected;
    ret->part_count = d.part_count;
    ret->piece_count = 0;
    if (d.part_count > 1)
        add_pieces(an, a, text, &d, ret);
}

static void analyse_or_remember(struct analyser *an, struct arena *a, str text, uint64_t hash,
                                struct word *ret)
{
    struct shard *shard = &an->shards[hash >> 58];
    struct entry *e = &shard->entries[(hash >> 8) % SHARD_ENTRIES];
    hash |= 1; /* 0 is a free entry */
    pthread_mutex_lock(&shard->lock);
    bool found = entry_is(e, hash, text);
    if (found)
        entry_read(e, a, ret);
    pthread_mutex_unlock(&shard->lock);
    if (found)
        return;
    analyse(an, a, text, ret);
    pthread_mutex_lock(&shard->lock);
    entry_write(e, hash, text, ret);
    pthread_mutex_unlock(&shard->lock);
}

void analyser_word(struct analyser *an, struct arena *a, str text, struct word *ret)
{
    uint64_t hash = str_hash_fast(text);
    analyse_or_remember(an, a, text, hash, ret);
    note_hint(an, hash, ret);
}

bool analyser_join(struct analyser *an, struct arena *a, str left, str right, struct word *ret)
{
    char joined[WORD_MAX_BYTES / 2];
    if (left.len + right.len > sizeof joined || left.len < 2 || right.len < 3)
        return false;
    memcpy(joined, left.ptr, left.len);
    memcpy(joined + left.len, right.ptr, right.len);
    analyser_word(an, a, str_of(joined, left.len + right.len), ret);
    bool before = false, after = false;
    for (size_t i = 0; i < ret->piece_count; i++) {
        const struct piece *p = &ret->piece[i];
        before = before || (p->start == 0 && p->end <= left.len);
        after = after || (p->start == left.len && p->end == left.len + right.len);
    }
    return before && after;
}

/* Does the word end in the base form of its last part? */
static bool is_uninflected(const struct word *w)
{
    str base = w->key;
    for (size_t at; (at = str_find_byte(base, '+')) != STR_NONE;)
        base = str_slice(base, at + 1, base.len);
    return str_ends(w->folded, base);
}

bool analyser_join_text(struct analyser *an, struct arena *a, str left,
                        const struct word *left_word, str right, struct word *ret)
{
    char joined[WORD_MAX_BYTES / 2];
    if (left.len + right.len > sizeof joined)
        return false;
    memcpy(joined, left.ptr, left.len);
    memcpy(joined + left.len, right.ptr, right.len);
    return (is_uninflected(left_word) ||
            dutch_known(an->extra, dutch_fold(a, str_of(joined, left.len + right.len)))) &&
           analyser_join(an, a, left, right, ret);
}

bool analyser_known(const struct analyser *an, str folded)
{
    return dutch_known(an->extra, folded);
}

uint16_t word_token(str key, str folded)
{
    uint64_t hash = str_hash(key);
    unsigned bits = (unsigned)(hash ^ hash >> 15 ^ hash >> 30 ^ hash >> 45) & 0x7FFF;
    return (uint16_t)((bits ? bits : 1) << 1 | (str_eq(key, folded) ? 1U : 0U));
}
