/* dutchc_verbs.c - ties the forms of verbs to the verb's stem, which is the base we use for verbs.
 */
#include "dutchc.h"

struct verb {
    struct words *words;
    str infinitive;
    struct word *stem, *base;
};

static bool is_vowel(char c)
{
    return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u';
}

static str joined(struct words *w, str a, str b, str c)
{
    return str_fmt(w->arena, "%.*s%.*s%.*s", (int)a.len, a.ptr, (int)b.len, b.ptr, (int)c.len,
                   c.ptr);
}

/* Unstressed endings keep their one vowel: wandelen -> wandel, oefenen -> oefen. */
static bool is_unstressed(str s)
{
    size_t vowels = 0;
    for (size_t i = 0; i < s.len; i++)
        vowels += is_vowel(s.ptr[i]) && (!i || !is_vowel(s.ptr[i - 1]));
    return vowels > 1 && (str_ends(s, S("el")) || str_ends(s, S("er")) || str_ends(s, S("en")) ||
                          str_ends(s, S("em")) || str_ends(s, S("ig")));
}

static char hardened(char c)
{
    return c == 'v' ? 'f' : c == 'z' ? 's' : c;
}

/* The stem by the spelling rules; long_vowel says whether an open syllable was long. */
static str stem_by_rule(struct words *w, str infinitive, bool long_vowel)
{
    if (!str_ends(infinitive, S("en")) || infinitive.len < 4) {
        str s = str_slice(infinitive, 0, infinitive.len - 1);
        return str_ends(s, S("aa")) ? str_slice(s, 0, s.len - 1) : s;
    }
    str s = str_dup(w->arena, str_slice(infinitive, 0, infinitive.len - 2));
    char *end = (char *)(uintptr_t)s.ptr + s.len;
    if (s.len >= 2 && end[-1] == end[-2] && !is_vowel(end[-1]))
        return str_slice(s, 0, s.len - 1);
    if (is_vowel(end[-1])) /* doen, zien, skien */
        return s;
    bool open = s.len >= 2 && is_vowel(end[-2]) && (s.len < 3 || !is_vowel(end[-3]));
    char last[2] = {end[-1], 0};
    last[0] = hardened(last[0]);
    str front = str_slice(s, 0, s.len - 1);
    if (!open || !long_vowel || end[-2] == 'i')
        return joined(w, front, str_of(last, 1), S(""));
    return joined(w, front, str_of(end - 2, 1), str_of(last, 1));
}

static struct word *stem_of(struct words *w, str infinitive)
{
    str lengthened = stem_by_rule(w, infinitive, true), plain = stem_by_rule(w, infinitive, false);
    struct word *a = words_find(w, lengthened), *b = words_find(w, plain);
    if (a && a->flags & DUTCH_VERB_STEM)
        return a;
    if (b && b->flags & DUTCH_VERB_STEM)
        return b;
    bool unstressed = is_unstressed(str_slice(infinitive, 0, infinitive.len - 2));
    struct word *stem = words_add(w, unstressed ? plain : lengthened);
    stem->flags |= DUTCH_VERB_STEM;
    words_link(stem, stem, LINK_INFINITIVE);
    return stem;
}

/* Ties the form to the verb when the lexicon has it; with -e after it too. */
static void tie(struct verb *v, str form)
{
    struct word *found = words_find(v->words, form);
    if (!found)
        return;
    found->flags |= DUTCH_VERB_FORM;
    words_link(found, v->base, LINK_VERB);
}

static void tie_both(struct verb *v, str form)
{
    tie(v, form);
    tie(v, joined(v->words, form, S("e"), S("")));
}

static bool is_inseparable(str prefix)
{
    static const char *const all[] = {"be",   "ge",    "ver",  "ont", "her",  "er",  "mis",
                                      "over", "onder", "door", "om",  "voor", "aan", "weer"};
    for (size_t i = 0; i < COUNT_OF(all); i++)
        if (str_eqz(prefix, all[i]))
            return true;
    return false;
}

/* Participles of a regular verb whose stem is prefix + core. */
static void tie_participles(struct verb *v, str prefix, str core, char ending)
{
    char last[2] = {ending, 0};
    char end = core.ptr[core.len - 1];
    str tail = end == 't' || end == 'd' ? S("") : str_of(last, 1);
    str whole = joined(v->words, core, tail, S(""));
    tie_both(v, joined(v->words, prefix, S("ge"), whole));
    if (prefix.len && is_inseparable(prefix))
        tie_both(v, joined(v->words, prefix, whole, S("")));
}

static void tie_regular(struct verb *v)
{
    str i = v->infinitive, stem = v->stem->text;
    tie_both(v, joined(v->words, i, S("d"), S("")));
    tie(v, joined(v->words, i, S("ds"), S("")));
    tie(v, joined(v->words, i, S("den"), S("")));
    tie(v, joined(v->words, stem, S("t"), S("")));
    for (size_t k = 0; k < 2; k++) {
        char ending = k ? 'd' : 't';
        str past = k ? S("de") : S("te");
        tie(v, joined(v->words, stem, past, S("")));
        tie(v, joined(v->words, stem, past, S("n")));
        tie_participles(v, S(""), stem, ending);
        for (size_t cut = 2; cut + 2 <= stem.len && cut <= 8; cut++) {
            str prefix = str_slice(stem, 0, cut);
            const struct word *core = words_find(v->words, str_slice(stem, cut, stem.len));
            if (core && core->flags & DUTCH_VERB_STEM && words_find(v->words, prefix))
                tie_participles(v, prefix, core->text, ending);
            else if (is_inseparable(prefix))
                tie_participles(v, prefix, str_slice(stem, cut, stem.len), ending);
        }
    }
}

struct strong {
    str stem, past, past_plural, participle;
};

static size_t read_strong(str rest, struct strong *ret, size_t max)
{
    size_t n = 0;
    str line;
    while (n < max && str_line(&rest, &line)) {
        str part[4] = {{0}};
        size_t k = 0;
        if (!line.len || line.ptr[0] == '#')
            continue;
        while (k < 4 && str_split(&line, ' ', &part[k]))
            k++;
        if (k == 4)
            ret[n++] = (struct strong){part[0], part[1], part[2], str_trim(part[3])};
    }
    return n;
}

static void tie_strong(struct verb *v, const struct strong *s)
{
    str stem = v->stem->text;
    if (!str_ends(stem, s->stem))
        return;
    str prefix = str_slice(stem, 0, stem.len - s->stem.len);
    if (prefix.len == 1 || (prefix.len && !words_find(v->words, prefix) && !is_inseparable(prefix)))
        return;
    tie(v, joined(v->words, prefix, s->past, S("")));
    tie(v, joined(v->words, prefix, s->past, S("t")));
    tie(v, joined(v->words, prefix, s->past_plural, S("")));
    tie_both(v, joined(v->words, prefix, s->participle, S("")));
    if (prefix.len && is_inseparable(prefix) && str_starts(s->participle, S("ge")))
        tie_both(v, joined(v->words, prefix, str_slice(s->participle, 2, 99), S("")));
}

static bool made_from(struct words *w, str stem, str ending)
{
    const struct word *verb = words_find(w, joined(w, stem, ending, S("")));
    return verb && verb->flags & DUTCH_INFINITIVE;
}

/* Nouns made from a verb: aanbidding, uitgever, tennisster, handelaar, and bare stems as aanval. */
static bool is_deverbal(struct words *w, const struct word *noun)
{
    static const char *const endings[] = {"ing", "er", "ster", "aar", "end", "baar"};
    str t = noun->text;
    for (size_t i = 0; i < COUNT_OF(endings); i++) {
        str ending = str_from(endings[i]);
        if (!str_ends(t, ending) || t.len < ending.len + 2)
            continue;
        str stem = str_slice(t, 0, t.len - ending.len);
        if (made_from(w, stem, S("en")) || made_from(w, stem, S("n")))
            return true;
        const struct word *bare = words_find(w, stem);
        if (bare && bare->flags & DUTCH_VERB_STEM && i >= 2)
            return true;
        /* drooglegging: open, doubled */
        if (i == 3 && made_from(w, stem, S("elen")))
            return true;
    }
    return false;
}

static void mark_deverbal(struct words *w)
{
    for (size_t i = 0; i <= w->mask; i++) {
        struct word *word = w->slots[i];
        if (word && word->flags & (DUTCH_NOUN | DUTCH_ADJECTIVE) && is_deverbal(w, word))
            word->flags |= DUTCH_DEVERBAL;
    }
}

void verbs_inflect(struct words *w, str strong)
{
    struct strong *rows = arena_array(w->arena, 256, sizeof *rows);
    size_t row_count = read_strong(strong, rows, 256);
    struct word **sorted = words_sorted(w);
    size_t count = w->count;
    for (size_t i = 0; i < count; i++) {
        if (!(sorted[i]->flags & DUTCH_INFINITIVE) || sorted[i]->text.len < 3)
            continue;
        struct verb v = {w, sorted[i]->text, stem_of(w, sorted[i]->text), NULL};
        /* innen, uiten: the stem is another, commoner word, so the verb keeps its own name. */
        if (v.stem->flags & (DUTCH_STOP | DUTCH_PARTICLE))
            v.base = sorted[i];
        else
            v.base = v.stem;
        words_link(sorted[i], v.base, LINK_INFINITIVE);
        tie_regular(&v);
        for (size_t k = 0; k < row_count; k++)
            tie_strong(&v, &rows[k]);
    }
    mark_deverbal(w);
}
