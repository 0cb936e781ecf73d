/* A tree of units (words and signs) in one hash table: an edge is found by the node where it begins
   and the unit that it takes. Most words of a text are no phrase's first, so one look-up settles
   them. */
#include "terms/terms.h"

#include "base/utf8.h"

struct edge {
    str unit; /* ptr NULL: free */
    uint64_t hash;
    uint32_t from, to; /* nodes */
};

struct node {
    bool is_end, abbreviation;
    bool goes_on; /* an edge begins here */
    size_t id;
};

enum { FIRST_BITS = 8192 };

struct terms {
    struct arena *arena;
    uint64_t first[FIRST_BITS / 64]; /* by hash: may a phrase begin with this unit? */
    struct edge *edges;              /* open addressing; a power of two, at most half full */
    size_t edge_size, edge_count;
    struct node *nodes; /* 0 is the root */
    size_t node_count;
};

/* ---- characters ---- */

/* Punctuation, signs and spaces beyond ASCII; everything else there counts as a letter. */
static bool is_sign(uint32_t cp)
{
    return (cp >= 0x80 && cp <= 0xBF && cp != 0xAA && cp != 0xB5 && cp != 0xBA) || cp == 0xD7 ||
           cp == 0xF7 || (cp >= 0x2000 && cp <= 0x20CF) || (cp >= 0x2190 && cp <= 0x2BFF) ||
           (cp >= 0x3000 && cp <= 0x303F) || cp == 0xFFFD || cp == 0xFEFF;
}

/* Letters and digits of ASCII: most of every text, so they are told by one look. */
static const bool is_ascii_word[256] = {
    ['0' ... '9'] = true, ['A' ... 'Z'] = true, ['a' ... 'z'] = true};

static size_t wide_letter_length(str s, size_t at)
{
    str rest = str_slice(s, at, s.len);
    return is_sign(utf8_next(&rest)) ? 0 : s.len - at - rest.len;
}

/* Bytes of the letter or digit at `at`; 0 when there stands something else, or nothing. */
static inline size_t letter_length(str s, size_t at)
{
    if (at >= s.len)
        return 0;
    unsigned char byte = (unsigned char)s.ptr[at];
    return byte < 0x80 ? is_ascii_word[byte] : wide_letter_length(s, at);
}

/* Where the character before `at` begins; at > 0. */
static size_t before(str s, size_t at)
{
    size_t start = at - 1;
    while (start > 0 && at - start < 4 && ((unsigned char)s.ptr[start] & 0xC0) == 0x80)
        start--;
    return start;
}

static bool is_apostrophe(str s, size_t at, size_t len)
{
    return s.ptr[at] == '\'' || (len == 3 && memcmp(s.ptr + at, "\xE2\x80\x99", 3) == 0);
}

static bool is_joiner(str s, size_t at, size_t len)
{
    char sign = s.ptr[at];
    return sign == '-' || sign == '.' || sign == '_' || sign == '@' || is_apostrophe(s, at, len);
}

static inline size_t character_length(str s, size_t at)
{
    if ((unsigned char)s.ptr[at] < 0x80)
        return 1;
    str rest = str_slice(s, at, s.len);
    (void)utf8_next(&rest);
    return s.len - at - rest.len;
}

/* ---- units ---- */

struct unit {
    str text; /* for a space or an apostrophe: its one form */
    uint64_t hash;
    size_t end; /* in the text */
};

/* Bytes of the run of white space at `at`. */
static size_t space_length(str s, size_t at)
{
    size_t end = at;
    for (; end < s.len; end++) {
        char byte = s.ptr[end];
        bool is_no_break = byte == '\xC2' && end + 1 < s.len && s.ptr[end + 1] == '\xA0';
        if (is_no_break)
            end++;
        else if (byte != ' ' && byte != '\n' && byte != '\t' && byte != '\r')
            break;
    }
    return end - at;
}

/* The word at `at`, where a letter or digit stands. */
static void read_word(str s, size_t at, struct unit *ret)
{
    size_t end = at, step;
    do {
        while (end < s.len && is_ascii_word[(unsigned char)s.ptr[end]])
            end++;
        step = letter_length(s, end);
        end += step;
    } while (step);
    str text = str_of(s.ptr + at, end - at);
    *ret = (struct unit){text, str_hash_fast(text), end};
}

/* The unit at `at`, which is before the end: a word, a run of white space or one character. */
static void read_unit(str s, size_t at, struct unit *ret)
{
    if (letter_length(s, at)) {
        read_word(s, at, ret);
        return;
    }
    size_t step = space_length(s, at);
    if (step) {
        *ret = (struct unit){S(" "), str_hash_fast(S(" ")), at + step};
        return;
    }
    step = character_length(s, at);
    str text = is_apostrophe(s, at, step) ? S("'") : str_slice(s, at, at + step);
    *ret = (struct unit){text, str_hash_fast(text), at + step};
}

/* ---- the tree ---- */

static uint64_t edge_hash(uint32_t from, uint64_t unit_hash)
{
    uint64_t hash = unit_hash ^ (from * 0x9E3779B97F4A7C15ULL);
    return hash ^ hash >> 32;
}

/* The edge, or the free place where it belongs. */
static struct edge *edge_at(const struct terms *t, uint32_t from, const struct unit *u)
{
    uint64_t hash = edge_hash(from, u->hash);
    size_t i = (size_t)hash & (t->edge_size - 1);
    for (;; i = (i + 1) & (t->edge_size - 1)) {
        struct edge *e = &t->edges[i];
        if (!e->unit.ptr || (e->hash == hash && e->from == from && str_eq(e->unit, u->text)))
            return e;
    }
}

/* Most words of a text begin no phrase: this small table says so without a look at the large one.
 */
static bool may_begin(const struct terms *t, const struct unit *u)
{
    size_t bit = u->hash % FIRST_BITS;
    return t->first[bit / 64] >> (bit % 64) & 1;
}

static uint32_t step_to(const struct terms *t, uint32_t from, const struct unit *u)
{
    const struct edge *e = edge_at(t, from, u);
    return e->unit.ptr ? e->to : 0;
}

static uint32_t add_edge(struct terms *t, uint32_t from, const struct unit *u)
{
    struct edge *e = edge_at(t, from, u);
    t->nodes[from].goes_on = true;
    if (!e->unit.ptr)
        *e = (struct edge){str_dup(t->arena, u->text), edge_hash(from, u->hash), from,
                           (uint32_t)t->node_count++};
    return e->to;
}

static size_t count_units(str phrase)
{
    struct unit u;
    size_t count = 0;
    for (size_t at = 0; at < phrase.len; at = u.end, count++)
        read_unit(phrase, at, &u);
    return count;
}

bool terms_is_phrase(str text)
{
    return letter_length(text, 0) > 0 && count_units(text) <= TERMS_MAX_UNITS;
}

static void add_phrase(struct terms *t, const struct terms_phrase *p)
{
    struct unit u;
    uint32_t node = 0;
    for (size_t at = 0; at < p->text.len; at = u.end) {
        read_unit(p->text, at, &u);
        if (!node)
            t->first[u.hash % FIRST_BITS / 64] |= 1ULL << (u.hash % 64);
        node = add_edge(t, node, &u);
    }
    struct node *n = &t->nodes[node];
    if (!n->is_end)
        *n = (struct node){true, p->abbreviation, n->goes_on, p->id};
}

struct terms *terms_new(struct arena *a, const struct terms_phrase *phrases, size_t count)
{
    struct terms *t = arena_new_of(a, struct terms);
    size_t units = 0;
    for (size_t i = 0; i < count; i++)
        if (terms_is_phrase(phrases[i].text))
            units += count_units(phrases[i].text);
    t->arena = a;
    t->edge_size = 64;
    while (t->edge_size < units * 2)
        t->edge_size *= 2;
    t->edges = arena_array(a, t->edge_size, sizeof *t->edges);
    t->nodes = arena_array(a, units + 1, sizeof *t->nodes);
    t->node_count = 1;
    for (size_t i = 0; i < count; i++)
        if (terms_is_phrase(phrases[i].text))
            add_phrase(t, &phrases[i]);
    return t;
}

/* ---- finding ---- */

/* Does a letter or digit stand before `at`, or one that a joiner ties to it? */
static bool tied_before(str s, size_t at)
{
    if (!at)
        return false;
    size_t sign = before(s, at);
    if (letter_length(s, sign))
        return true;
    return is_joiner(s, sign, at - sign) && sign > 0 && letter_length(s, before(s, sign)) > 0;
}

static bool tied_after(str s, size_t at, bool abbreviation)
{
    if (at >= s.len)
        return false;
    if (letter_length(s, at))
        return true;
    size_t len = character_length(s, at);
    if (abbreviation && s.ptr[at] == '-')
        return false;
    return is_joiner(s, at, len) && letter_length(s, at + len) > 0;
}

/* The longest phrase that goes on from `node` at `at`. first_changed: the first letter was made
   small, so abbreviations do not count. */
static void follow(const struct terms *t, str s, uint32_t node, size_t at, bool first_changed,
                   struct terms_hit *best)
{
    struct unit u;
    for (;;) {
        const struct node *n = &t->nodes[node];
        if (n->is_end && at > best->end && !(n->abbreviation && first_changed) &&
            !tied_after(s, at, n->abbreviation)) {
            best->end = at;
            best->id = n->id;
        }
        if (at >= s.len || !n->goes_on)
            return;
        read_unit(s, at, &u);
        node = step_to(t, node, &u);
        if (!node)
            return;
        at = u.end;
    }
}

/* The word with a small first letter, in room; false when it begins with no capital or is longer
   than any phrase of this size could need. */
static bool small_first(const struct unit *word, char *room, size_t size, struct unit *ret)
{
    str s = word->text;
    if (s.len > size)
        return false;
    bool ascii = s.ptr[0] >= 'A' && s.ptr[0] <= 'Z';
    unsigned char second = s.len > 1 ? (unsigned char)s.ptr[1] : 0;
    bool latin =
        (unsigned char)s.ptr[0] == 0xC3 && second >= 0x80 && second <= 0x9E && second != 0x97;
    if (!ascii && !latin)
        return false;
    memcpy(room, s.ptr, s.len);
    room[latin] = (char)(room[latin] + 32);
    ret->text = (str){room, s.len};
    ret->hash = str_hash_fast(ret->text);
    ret->end = word->end;
    return true;
}

static void try_word(const struct terms *t, str s, const struct unit *word, struct terms_hit *best)
{
    char room[128];
    struct unit small;
    uint32_t node = may_begin(t, word) ? step_to(t, 0, word) : 0;
    if (node)
        follow(t, s, node, word->end, false, best);
    if (!small_first(word, room, sizeof room, &small))
        return;
    node = may_begin(t, &small) ? step_to(t, 0, &small) : 0;
    if (node)
        follow(t, s, node, word->end, true, best);
}

bool terms_next(const struct terms *t, str text, size_t from, struct terms_hit *ret)
{
    struct unit word;
    while (from < text.len) {
        if (!letter_length(text, from)) {
            from += character_length(text, from);
            continue;
        }
        struct terms_hit best = {.start = from};
        read_word(text, from, &word);
        try_word(t, text, &word, &best);
        if (best.end && !tied_before(text, from)) {
            *ret = best;
            return true;
        }
        from = word.end;
    }
    return false;
}
