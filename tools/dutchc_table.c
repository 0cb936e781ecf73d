/* dutchc_table.c - the minimal automaton and the tables beside it (see engines/dutch/table.h).

   The automaton is built from sorted words by the method of Daciuk and others (2000): only the path
   of the newest word is open, everything left of it is already minimal. */
#include "dutchc.h"

#include "base/vec.h"

struct edge {
    uint8_t symbol;
    bool final;
    uint32_t target; /* number of a finished state; 0 is the state without edges */
};

enum { MAX_DEPTH = 256 };

struct open_state {
    struct edge edges[DUTCH_SYMBOLS];
    size_t count;
};

struct state {
    uint32_t at, count; /* in edges */
    uint32_t forms;     /* how many forms can be finished from here */
};

struct builder {
    struct arena *arena;
    struct open_state *path; /* MAX_DEPTH of them */
    struct {
        struct edge *items;
        size_t count, capacity;
    } edges;
    struct {
        struct state *items;
        size_t count, capacity;
    } states;
    uint32_t *slots; /* states by their edges */
    size_t mask;
};

static uint8_t symbol_of(char c)
{
    return (uint8_t)(c >= 'a' ? c - 'a' : c - '0' + 26);
}

static uint64_t hash_edges(const struct edge *e, size_t n)
{
    uint64_t h = 0x9E3779B97F4A7C15ULL;
    for (size_t i = 0; i < n; i++)
        h = (h ^ (e[i].symbol | (uint64_t)e[i].final << 8 | (uint64_t)e[i].target << 16)) *
            0x100000001B3ULL;
    return h ^ h >> 29;
}

static bool same_edges(const struct edge *a, const struct edge *b, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (a[i].symbol != b[i].symbol || a[i].final != b[i].final || a[i].target != b[i].target)
            return false;
    return true;
}

static uint32_t state_add(struct builder *b, const struct open_state *open)
{
    struct state s = {(uint32_t)b->edges.count, (uint32_t)open->count, 0};
    for (size_t i = 0; i < open->count; i++) {
        *vec_push(b->arena, &b->edges) = open->edges[i];
        s.forms += open->edges[i].final + b->states.items[open->edges[i].target].forms;
    }
    *vec_push(b->arena, &b->states) = s;
    return (uint32_t)(b->states.count - 1);
}

/* The finished state equal to this open one. */
static uint32_t state_of(struct builder *b, const struct open_state *open)
{
    if (!open->count)
        return 0;
    size_t i = (size_t)hash_edges(open->edges, open->count) & b->mask;
    for (; b->slots[i]; i = (i + 1) & b->mask) {
        const struct state *s = &b->states.items[b->slots[i]];
        if (s->count == open->count && same_edges(b->edges.items + s->at, open->edges, open->count))
            return b->slots[i];
    }
    b->slots[i] = state_add(b, open);
    return b->slots[i];
}

/* Closes the open path from its deepest state up to `keep`. */
static void close_path(struct builder *b, size_t depth, size_t keep)
{
    while (depth > keep) {
        uint32_t target = state_of(b, &b->path[depth]);
        struct open_state *above = &b->path[depth - 1];
        above->edges[above->count - 1].target = target;
        b->path[depth].count = 0;
        depth--;
    }
}

static uint32_t build(struct builder *b, struct word **sorted, size_t count)
{
    str previous = S("");
    for (size_t i = 0; i < count; i++) {
        str t = sorted[i]->text;
        size_t same = 0;
        while (same < previous.len && same < t.len && previous.ptr[same] == t.ptr[same])
            same++;
        close_path(b, previous.len, same);
        for (size_t d = same; d < t.len; d++)
            b->path[d].edges[b->path[d].count++] =
                (struct edge){symbol_of(t.ptr[d]), d + 1 == t.len, 0};
        previous = t;
    }
    close_path(b, previous.len, 0);
    return state_of(b, &b->path[0]);
}

static void builder_init(struct builder *b, struct arena *a)
{
    *b = (struct builder){.arena = a, .mask = (1 << 21) - 1};
    b->path = arena_array(a, MAX_DEPTH, sizeof *b->path);
    b->slots = arena_array(a, b->mask + 1, sizeof *b->slots);
    *vec_push(a, &b->states) = (struct state){0};
    *vec_push(a, &b->edges) = (struct edge){0};
}

/* Digits sort before letters in bytes but after them as symbols; forms are numbered by symbols. */
static int by_symbols(const void *x, const void *y)
{
    str a = (*(struct word *const *)x)->text, b = (*(struct word *const *)y)->text;
    for (size_t i = 0; i < a.len && i < b.len; i++)
        if (a.ptr[i] != b.ptr[i])
            return symbol_of(a.ptr[i]) - symbol_of(b.ptr[i]);
    return a.len < b.len ? -1 : a.len > b.len;
}

static uint8_t log_scale(uint32_t n)
{
    static const uint32_t steps[] = {1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024};
    uint8_t k = 0;
    while (k < COUNT_OF(steps) && n >= steps[k])
        k++;
    return k;
}

struct tables {
    struct arena *arena;
    struct {
        struct dutch_class *items;
        size_t count, capacity;
    } classes;
    struct {
        struct dutch_rule *items;
        size_t count, capacity;
    } rules;
    char text[65536];
    size_t text_len;
    uint32_t *slots; /* classes by content */
};

static uint16_t text_at(struct tables *t, str s)
{
    size_t at = str_find(str_of(t->text, t->text_len), s);
    if (at != STR_NONE)
        return (uint16_t)at;
    if (t->text_len + s.len > sizeof t->text)
        fail("text of rules is too long", "table");
    memcpy(t->text + t->text_len, s.ptr, s.len);
    t->text_len += s.len;
    return (uint16_t)(t->text_len - s.len);
}

static uint16_t rule_of(struct tables *t, str form, str base)
{
    size_t same = 0;
    while (same < form.len && same < base.len && form.ptr[same] == base.ptr[same])
        same++;
    str tail = str_slice(base, same, base.len);
    struct dutch_rule rule = {(uint8_t)(form.len - same), (uint8_t)tail.len, text_at(t, tail)};
    for (size_t i = 0; i < t->rules.count; i++) {
        const struct dutch_rule *r = &t->rules.items[i];
        if (r->cut == rule.cut && r->len == rule.len && r->at == rule.at)
            return (uint16_t)i;
    }
    *vec_push(t->arena, &t->rules) = rule;
    return (uint16_t)(t->rules.count - 1);
}

static uint16_t class_of(struct tables *t, const struct word *w)
{
    struct dutch_class c = {.flags = w->flags,
                            .rule = rule_of(t, w->text, w->base->text),
                            .first = log_scale(w->first),
                            .first_s = log_scale(w->first_s),
                            .last = log_scale(w->last)};
    size_t mask = (1 << 18) - 1;
    size_t i = (size_t)str_hash(str_of((const char *)&c, sizeof c)) & mask;
    for (; t->slots[i]; i = (i + 1) & mask)
        if (!memcmp(&t->classes.items[t->slots[i] - 1], &c, sizeof c))
            return (uint16_t)(t->slots[i] - 1);
    if (t->classes.count > UINT16_MAX)
        fail("more than 65536 classes", "table");
    *vec_push(t->arena, &t->classes) = c;
    t->slots[i] = (uint32_t)t->classes.count;
    return (uint16_t)(t->classes.count - 1);
}

static void put(FILE *f, const void *bytes, size_t size, uint32_t *at)
{
    static const char zero[16];
    if (fwrite(bytes, 1, size, f) != size || fwrite(zero, 1, (16 - size % 16) % 16, f) > 15)
        fail("cannot write", "table");
    *at += (uint32_t)(size + (16 - size % 16) % 16);
}

/* Edges in the order of their states, with the first state as the root's; skips beside them. */
static void pack_edges(const struct builder *b, uint32_t *packed, uint32_t *skips)
{
    for (size_t s = 1; s < b->states.count; s++) {
        const struct state *state = &b->states.items[s];
        uint32_t skip = 0;
        for (uint32_t i = state->at; i < state->at + state->count; i++) {
            const struct edge *e = &b->edges.items[i];
            packed[i] = e->symbol | (e->final ? DUTCH_EDGE_FINAL : 0) |
                        (i + 1 == state->at + state->count ? DUTCH_EDGE_LAST : 0) |
                        (e->target ? b->states.items[e->target].at : 0) << 8;
            skips[i] = skip;
            skip += e->final + b->states.items[e->target].forms;
        }
    }
}

static void write_all(const struct builder *b, const struct tables *t, const uint16_t *forms,
                      size_t form_count, uint32_t root, const char *path)
{
    size_t edge_count = b->edges.count;
    uint32_t *packed = arena_array(b->arena, edge_count, sizeof *packed);
    uint32_t *skips = arena_array(b->arena, edge_count, sizeof *skips);
    pack_edges(b, packed, skips);
    packed[0] = DUTCH_EDGE_LAST | b->states.items[root].at << 8; /* where to begin */
    FILE *f = fopen(path, "wb");
    if (!f)
        fail("cannot write", path);
    struct dutch_table h = {.magic = DUTCH_TABLE_MAGIC,
                            .edge_count = (uint32_t)edge_count,
                            .form_count = (uint32_t)form_count,
                            .class_count = (uint32_t)t->classes.count,
                            .rule_count = (uint32_t)t->rules.count,
                            .text_size = (uint32_t)t->text_len};
    uint32_t at = 0;
    put(f, &h, sizeof h, &at);
    h.edges_at = at;
    put(f, packed, edge_count * sizeof *packed, &at);
    h.skips_at = at;
    put(f, skips, edge_count * sizeof *skips, &at);
    h.forms_at = at;
    put(f, forms, form_count * sizeof *forms, &at);
    h.classes_at = at;
    put(f, t->classes.items, t->classes.count * sizeof *t->classes.items, &at);
    h.rules_at = at;
    put(f, t->rules.items, t->rules.count * sizeof *t->rules.items, &at);
    h.text_at = at;
    put(f, t->text, t->text_len, &at);
    h.size = at;
    if (fseek(f, 0, SEEK_SET) || fwrite(&h, 1, sizeof h, f) != sizeof h || fclose(f))
        fail("cannot write", path);
    printf("dutchc: %zu forms, %zu edges, %zu classes, %zu rules, %u bytes\n", form_count,
           edge_count, t->classes.count, t->rules.count, at);
}

void table_write(struct words *w, const char *blob_path)
{
    struct word **sorted = words_sorted(w);
    size_t kept = 0;
    for (size_t i = 0; i < w->count; i++)
        if (sorted[i]->text.len < 64)
            sorted[kept++] = sorted[i];
    qsort(sorted, kept, sizeof *sorted, by_symbols);
    struct builder *b = arena_new_of(w->arena, struct builder);
    builder_init(b, w->arena);
    uint32_t root = build(b, sorted, kept);
    struct tables *t = arena_new_of(w->arena, struct tables);
    t->arena = w->arena;
    t->slots = arena_array(w->arena, 1 << 18, sizeof *t->slots);
    uint16_t *forms = arena_array(w->arena, kept, sizeof *forms);
    for (size_t i = 0; i < kept; i++)
        forms[i] = class_of(t, sorted[i]);
    write_all(b, t, forms, kept, root, blob_path);
}
