#include "dutch/dutch.h"

#include "dutch/extra.h"
#include "dutch/fold.h"
#include "dutch/split.h"
#include "dutch/suffix.h"

enum { MAX_BYTES = 3 * DUTCH_MAX_WORD }; /* of a word as written: accents take room */

/* One analysis under way. */
struct analysis {
    struct arena *arena;
    const struct dutch_extra *extra;
    str folded;
    uint32_t from[MAX_BYTES], to[MAX_BYTES];
    struct dutch_word *ret;
};

static str folded_into(struct arena *a, str word, uint32_t *from, uint32_t *to, uint64_t *joins)
{
    char *out = arena_alloc(a, word.len + 1);
    return str_of(out, fold_word(word, out, from, to, joins));
}

str dutch_fold(struct arena *a, str word)
{
    return folded_into(a, word, NULL, NULL, NULL);
}

bool dutch_is_stopword(str folded)
{
    const struct dutch_class *c = lexicon_find(folded);
    return c && c->flags & DUTCH_STOP;
}

static const uint32_t noun_or_adjective =
    DUTCH_NOUN | DUTCH_PLURAL | DUTCH_DIMINUTIVE | DUTCH_ADJECTIVE | DUTCH_ADJECTIVE_FORM;

/* Not a form that only stands before others (scheeps). */
static bool is_word(const struct dutch_class *c)
{
    return !(c->flags & DUTCH_BOUND) || c->flags & noun_or_adjective;
}

bool dutch_known(const struct dutch_extra *extra, str folded)
{
    const struct dutch_class *c = split_known(extra, folded);
    return c && is_word(c);
}

/* A form as written in text (its n may be lost: zonne) with this class; its base. */
static str base_of_known(struct arena *a, const struct dutch_class *c, str form, bool lost_n)
{
    char full[MAX_BYTES + 1], out[MAX_BYTES + 65];
    str whole = form;
    if (lost_n) {
        memcpy(full, form.ptr, form.len);
        full[form.len] = 'n';
        whole = str_of(full, form.len + 1);
    }
    size_t n = lexicon_base(c, whole, out);
    if (n <= form.len && !memcmp(form.ptr, out, n))
        return str_slice(form, 0, n);
    return str_dup(a, str_of(out, n));
}

static bool is_plain(str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.ptr[i] < 'a' || s.ptr[i] > 'z')
            return false;
    return true;
}

/* A word that the lexicon lacks: a word of extra that it is a form of, else by the rules alone. */
static str base_of_unknown(struct arena *a, const struct dutch_extra *extra, str form)
{
    struct suffix_candidate c[SUFFIX_CANDIDATES];
    char out[SUFFIX_MAX];
    if (form.len > SUFFIX_MAX - 4 || !is_plain(form))
        return form;
    size_t n = extra ? suffix_candidates(form, c) : 0;
    for (size_t i = 0; i < n; i++)
        if (extra_find(extra, str_of(c[i].text, c[i].len)))
            return str_dup(a, str_of(c[i].text, c[i].len));
    n = suffix_base(form, out);
    if (n <= form.len && !memcmp(form.ptr, out, n))
        return str_slice(form, 0, n);
    return str_dup(a, str_of(out, n));
}

static const uint32_t stays_whole = DUTCH_PROTECTED | DUTCH_STOP;

/* Names, and words that are a verb and nothing else: vaststellen is no compound of vast. */
static bool never_splits(const struct dutch_class *c)
{
    static const uint32_t verbal = DUTCH_VERB_STEM | DUTCH_INFINITIVE | DUTCH_VERB_FORM;
    if (c->flags & (stays_whole | DUTCH_PROPER))
        return true;
    return c->flags & verbal && !(c->flags & noun_or_adjective);
}

static str base_of(struct analysis *x, const struct split_unit *unit)
{
    str form = str_slice(x->folded, unit->start, unit->form_end);
    if (!unit->class)
        return base_of_unknown(x->arena, x->extra, form);
    if (extra_find(x->extra, form) == unit->class)
        return form;
    return base_of_known(x->arena, unit->class, form, unit->lost_n);
}

/* A seam may run through one character that is two letters (hui|ß|traat): the part before has it.
 */
static void add_part(struct analysis *x, const struct split_unit *unit)
{
    struct dutch_part *part = &x->ret->part[x->ret->part_count++];
    size_t before = x->ret->part_count > 1 ? part[-1].end : 0;
    part->start = x->from[unit->start] > before ? x->from[unit->start] : before;
    part->end = x->to[unit->end - 1];
    part->base = base_of(x, unit);
}

/* Shifts the units of a word that begins at `start` of the analysed one. */
static void shift_units(struct split *s, size_t start)
{
    for (size_t i = 0; i < s->count; i++) {
        s->unit[i].start += start;
        s->unit[i].end += start;
        s->unit[i].full_end += start;
        s->unit[i].form_end += start;
    }
}

/* The seams of a form are those of its base, so that bouwplan and bouwplannen fall apart alike. The
   last unit is then read as it stands in the form. False when that does not work out. */
static bool find_by_base(struct analysis *x, const struct split_unit *unit, str form,
                         struct split *s)
{
    if (!unit->class || extra_find(x->extra, form) == unit->class)
        return false;
    str base = base_of_known(x->arena, unit->class, form, unit->lost_n);
    const struct dutch_class *c = lexicon_find(base);
    if (str_eq(base, form) || !c)
        return false;
    s->count = 0;
    if (!never_splits(c))
        split_find(x->extra, base, c, s);
    if (s->count < 2 || s->score < extra_threshold(x->extra))
        return true;
    struct split_unit *last = &s->unit[s->count - 1];
    if (last->start + 2 > form.len || memcmp(form.ptr, base.ptr, last->start))
        return false;
    last->end = last->full_end = last->form_end = form.len;
    last->class = split_known(x->extra, str_slice(form, last->start, form.len));
    return last->class != NULL;
}

/* Adds the parts of one unit: split again as far as it is a compound itself. It depends on nothing
   but the unit, so that a word has the same parts alone and inside a longer word. */
static void add_unit(struct analysis *x, const struct split_unit *unit, size_t depth)
{
    struct split s;
    str form = str_slice(x->folded, unit->start, unit->form_end);
    bool whole = unit->class && never_splits(unit->class);
    s.count = 0;
    if (!whole && depth < DUTCH_MAX_PARTS && is_plain(form) && !unit->lost_n &&
        !find_by_base(x, unit, form, &s))
        split_find(x->extra, form, unit->class, &s);
    if (s.count < 2 || s.score < extra_threshold(x->extra) ||
        x->ret->part_count + s.count > DUTCH_MAX_PARTS) {
        if (x->ret->part_count == DUTCH_MAX_PARTS)
            return;
        add_part(x, unit);
        /* A name keeps its form, but not inside a compound: duivenhok is no hok in Duiven. */
        if (!depth && unit->class && unit->class->flags & DUTCH_PROTECTED)
            x->ret->part[x->ret->part_count - 1].base = form;
        return;
    }
    shift_units(&s, unit->start);
    if (unit->end < s.unit[s.count - 1].end) /* linking letters of the unit as a whole */
        s.unit[s.count - 1].end = unit->end;
    for (size_t i = 0; i < s.count; i++)
        add_unit(x, &s.unit[i], depth + 1);
}

/* One piece between hyphens. A linking s before the hyphen belongs to no part. */
static void add_piece(struct analysis *x, size_t start, size_t end)
{
    str piece = str_slice(x->folded, start, end);
    struct split_unit unit = {start, end, end, split_known(x->extra, piece), end, false};
    if (!unit.class && end < x->folded.len && str_ends(piece, S("s"))) {
        const struct dutch_class *c = split_known(x->extra, str_slice(piece, 0, piece.len - 1));
        if (c && c->flags & DUTCH_NOUN)
            unit = (struct split_unit){start, end - 1, end, c, end - 1, false};
    }
    if (x->ret->part_count < DUTCH_MAX_PARTS)
        add_unit(x, &unit, 0);
}

static bool has_join(const uint64_t *joins, size_t at)
{
    return joins[at / 64] >> (at % 64) & 1;
}

/* A hyphen parts two pieces, except beside a single letter (e-mail, 's-Hertogenbosch). */
static void add_pieces(struct analysis *x, const uint64_t *joins)
{
    size_t start = 0, n = x->folded.len;
    for (size_t i = 1; i < n; i++) {
        if (!has_join(joins, i) || i - start < 2)
            continue;
        size_t next = i + 1;
        while (next < n && !has_join(joins, next))
            next++;
        if (next - i < 2)
            continue;
        add_piece(x, start, i);
        start = i;
    }
    add_piece(x, start, n);
}

/* The base of the whole word: what stands before the last part, then that part's base. */
static str base_of_whole(struct analysis *x, const struct dutch_class *c)
{
    const struct dutch_word *w = x->ret;
    const struct dutch_part *last = &w->part[w->part_count - 1];
    if (w->part_count == 1)
        return last->base;
    if (c && extra_find(x->extra, x->folded) != c)
        return base_of_known(x->arena, c, x->folded, false);
    size_t front = 0;
    while (front < x->folded.len && x->from[front] < last->start)
        front++;
    return str_fmt(x->arena, "%.*s%.*s", (int)front, x->folded.ptr, (int)last->base.len,
                   last->base.ptr);
}

static void one_part(struct dutch_word *ret, str word, str base)
{
    ret->base = base;
    ret->part_count = 1;
    ret->part[0] = (struct dutch_part){0, word.len, base};
}

static void analyse_short(struct analysis *x, str word, const uint64_t *joins)
{
    struct dutch_word *ret = x->ret;
    const struct dutch_class *c = split_known(x->extra, x->folded);
    const struct dutch_class *own = extra_find(x->extra, x->folded);
    if (own && own->flags & DUTCH_PROTECTED)
        c = own;
    if (!c && str_ends(x->folded, S("s"))) { /* BOPA's */
        str stem = str_slice(x->folded, 0, x->folded.len - 1);
        const struct dutch_class *name = split_known(x->extra, stem);
        if (name && name->flags & DUTCH_PROTECTED) {
            ret->is_protected = true;
            one_part(ret, word, stem);
            return;
        }
    }
    ret->known = c && is_word(c);
    ret->is_protected = c && c->flags & DUTCH_PROTECTED;
    if (!x->folded.len || (c && c->flags & stays_whole)) {
        one_part(ret, word, x->folded);
        return;
    }
    add_pieces(x, joins);
    if (ret->part_count == 1) {
        ret->part[0].start = 0;
        ret->part[0].end = word.len;
    }
    ret->base = base_of_whole(x, c);
}

void dutch_analyse(struct arena *a, const struct dutch_extra *extra, str word,
                   struct dutch_word *ret)
{
    struct analysis x;
    uint64_t joins[MAX_BYTES / 64 + 1] = {0};
    ret->part_count = 0;
    ret->is_protected = ret->known = false;
    if (word.len > MAX_BYTES) {
        ret->folded = dutch_fold(a, word);
        one_part(ret, word, ret->folded);
        return;
    }
    x.arena = a;
    x.extra = extra;
    x.ret = ret;
    ret->folded = x.folded = folded_into(a, word, x.from, x.to, joins);
    if (x.folded.len > DUTCH_MAX_WORD)
        one_part(ret, word, ret->folded);
    else
        analyse_short(&x, word, joins);
}
