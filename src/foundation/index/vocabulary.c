/* Synonyms, abbreviations and protected words, analysed once. */
#include "index/index_int.h"

#include "base/map.h"
#include "base/vec.h"

enum { MAX_SYNONYM_WORDS = 16, MAX_SYNONYMS = 20000 };

struct meanings {
    struct meaning *items;
    size_t count, capacity;
    struct map *seen; /* from and to, by key */
};

/* Keys of the words of a text, stop words too: "Raad van State" is only that. */
static size_t keys_of(struct vocabulary *v, str text, const str **ret)
{
    str *keys = arena_array(v->arena, MAX_SYNONYM_WORDS, sizeof *keys);
    str rest = text, word;
    size_t count = 0;
    while (count < MAX_SYNONYM_WORDS && dutch_next_word(&rest, &word)) {
        struct word w;
        analyser_word(v->analyser, v->arena, word, &w);
        if (w.key.len)
            keys[count++] = w.key;
    }
    *ret = keys;
    return count;
}

static void add_meaning(struct vocabulary *v, struct meanings *all, str from, str to)
{
    struct meaning m = {.to_text = str_dup(v->arena, to)};
    m.from_count = keys_of(v, from, &m.from);
    m.to_count = keys_of(v, to, &m.to);
    if (!m.from_count || !m.to_count)
        return;
    /* The same twice, from the synonyms and from the glossary, would weigh double. */
    str both[] = {str_join(v->arena, m.from, m.from_count, S(" ")),
                  str_join(v->arena, m.to, m.to_count, S(" "))};
    str pair = str_join(v->arena, both, 2, S("\n"));
    if (str_eq(both[0], both[1]) || map_get(all->seen, pair))
        return;
    map_put(all->seen, pair, v);
    *vec_push(v->arena, all) = m;
}

static int compare_words(const void *a, const void *b)
{
    return str_cmp(*(const str *)a, *(const str *)b);
}

/* Does not depend on the order of the words. */
static str mark_of(struct arena *a, const str *words, size_t count)
{
    str *sorted = arena_array(a, count + 1, sizeof *sorted);
    for (size_t i = 0; i < count; i++)
        sorted[i] = words[i];
    if (count)
        qsort(sorted, count, sizeof *sorted, compare_words);
    return str_fmt(a, "%016llx", (unsigned long long)str_hash(str_join(a, sorted, count, S("\n"))));
}

uint64_t vocabulary_hash(const struct index_vocabulary *v)
{
    uint64_t hash = v->synonym_count * 31 + v->protect_count;
    for (size_t i = 0; i < v->synonym_count; i++) {
        hash = hash * 31 + str_hash(v->synonyms[i].from);
        hash = hash * 31 + str_hash(v->synonyms[i].to);
        hash = hash * 31 + v->synonyms[i].both;
    }
    for (size_t i = 0; i < v->protect_count; i++)
        hash = hash * 31 + str_hash(v->protect[i]);
    return hash;
}

static int fill(const struct index_vocabulary *v, struct vocabulary *made)
{
    struct arena *a = made->arena;
    struct meanings all = {.seen = map_new(a, v->synonym_count * 2 + 64)};
    str *protect = arena_array(a, v->protect_count + 1, sizeof *protect);
    for (size_t i = 0; i < v->protect_count; i++)
        protect[i] = str_dup(a, v->protect[i]);
    made->analyser = analyser_new(a, dutch_extra_new(a, protect, v->protect_count, NULL, 0));
    if (!made->analyser)
        return ERR_BUSY;
    for (size_t i = 0; i < v->synonym_count && i < MAX_SYNONYMS; i++) {
        add_meaning(made, &all, v->synonyms[i].from, v->synonyms[i].to);
        if (v->synonyms[i].both)
            add_meaning(made, &all, v->synonyms[i].to, v->synonyms[i].from);
    }
    made->meanings = all.items;
    made->meaning_count = all.count;
    made->hash = vocabulary_hash(v);
    made->protect_mark = mark_of(a, protect, v->protect_count);
    return arena_strained(a) ? ERR_BUSY : 0;
}

int vocabulary_new(struct ctx *c, const struct index_vocabulary *v, struct vocabulary **ret)
{
    struct arena *a = arena_new();
    struct vocabulary *made = arena_new_of(a, struct vocabulary);
    made->arena = a;
    if (fill(v, made) < 0) {
        vocabulary_free(made);
        return err_memory(c, "the vocabulary");
    }
    *ret = made;
    return 0;
}

void vocabulary_free(struct vocabulary *v)
{
    if (v)
        arena_free(v->arena);
}
