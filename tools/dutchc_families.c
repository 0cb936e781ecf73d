/* dutchc_families.c - bases for words that hunspell leaves alone, and how productive each part is.
 */
#include "dutch/suffix.h"
#include "dutchc.h"

/* Does a word without any flags look like an adjective: vierjarig, eenkleurig. */
static bool is_adjectival(str text)
{
    static const char *const endings[] = {"ig",   "isch", "lijk", "baar",
                                          "loos", "zaam", "ief",  "eel"};
    for (size_t i = 0; i < COUNT_OF(endings); i++)
        if (text.len > 5 && str_ends(text, str_from(endings[i])))
            return true;
    return false;
}

static bool fits(const struct word *base, enum suffix_kind kind)
{
    bool unknown = !(base->flags & ~(uint32_t)(DUTCH_FIRST | DUTCH_LAST | DUTCH_PROPER));
    switch (kind) {
    case SUFFIX_PLURAL:
    case SUFFIX_DIMINUTIVE:
        return base->flags & DUTCH_NOUN || (unknown && base->real && !base->capital);
    case SUFFIX_ADJECTIVE:
        return base->flags & DUTCH_ADJECTIVE ||
               (unknown && base->real && is_adjectival(base->text));
    case SUFFIX_VERB:
        return base->flags & DUTCH_VERB_STEM;
    }
    return false;
}

static const uint32_t flags_of_kind[] = {DUTCH_PLURAL, DUTCH_DIMINUTIVE, DUTCH_ADJECTIVE_FORM,
                                         DUTCH_VERB_FORM};

/* What a form that only stands before others comes from. */
static struct word *base_of_bound(struct words *w, str t)
{
    struct word *longer = words_find(w, str_fmt(w->arena, "%.*sn", (int)t.len, t.ptr));
    if (str_ends(t, S("e")) && longer && longer->base && longer->base->flags & DUTCH_NOUN)
        return longer->base; /* zonne(n) */
    for (size_t cut = 1; cut <= 2 && cut + 3 <= t.len; cut++) {
        struct word *base = words_find(w, str_slice(t, 0, t.len - cut));
        bool links = str_ends(t, cut == 1 ? S("s") : S("es")); /* geestes, ziels */
        if (links && base && base->flags & DUTCH_NOUN)
            return base;
    }
    return NULL;
}

/* Words without a base: an inflection of a word that the lexicon has, else a word of its own, which
   is nearly always a noun. */
static void guess_base(struct words *w, struct word *word)
{
    struct word *bound = word->flags & DUTCH_BOUND ? base_of_bound(w, word->text) : NULL;
    if (bound) {
        words_link(word, bound, LINK_GUESS);
        return;
    }
    struct suffix_candidate c[SUFFIX_CANDIDATES];
    size_t n = word->capital && !word->small ? 0 : suffix_candidates(word->text, c);
    for (size_t i = 0; i < n; i++) {
        struct word *base = words_find(w, str_of(c[i].text, c[i].len));
        if (!base || base == word || (base->capital && !base->small) || !fits(base, c[i].kind))
            continue;
        words_link(word, base->base ? base->base : base, LINK_GUESS);
        word->flags |= flags_of_kind[c[i].kind];
        return;
    }
    words_link(word, word, LINK_GUESS);
    if (!(word->flags & ~(uint32_t)(DUTCH_FIRST | DUTCH_LAST)) && word->real)
        word->flags |= is_adjectival(word->text) ? DUTCH_ADJECTIVE : DUTCH_NOUN;
}

/* Entries that are a noun by their compounding flags only, but are the plural of one: besluiten. */
static void guess_plural(struct words *w, struct word *word)
{
    struct suffix_candidate c[SUFFIX_CANDIDATES];
    size_t n = word->flags & DUTCH_VERB_STEM ? 0 : suffix_candidates(word->text, c); /* reken */
    for (size_t i = 0; i < n; i++) {
        struct word *base = words_find(w, str_of(c[i].text, c[i].len));
        if (base && base->capital && !base->small) /* Oran, for oranje */
            continue;
        bool plural = c[i].kind == SUFFIX_PLURAL || c[i].kind == SUFFIX_DIMINUTIVE;
        if (!plural || !base || base == word || !(base->flags & DUTCH_NOUN) || base->base != base)
            continue;
        words_link(word, base, LINK_PLURAL);
        word->flags = (word->flags & ~(uint32_t)DUTCH_NOUN) | DUTCH_PLURAL;
        return;
    }
}

void guess_bases(struct words *w)
{
    struct word **sorted = words_sorted(w);
    size_t count = w->count;
    for (size_t i = 0; i < count; i++)
        if (sorted[i]->bare && sorted[i]->link >= LINK_PLURAL)
            guess_plural(w, sorted[i]);
    for (size_t i = 0; i < count; i++)
        if (!sorted[i]->base)
            guess_base(w, sorted[i]);
}

static bool may_be_last(const struct word *w)
{
    return w && w->text.len >= 3 &&
           w->flags & (DUTCH_NOUN | DUTCH_PLURAL | DUTCH_ADJECTIVE | DUTCH_ADJECTIVE_FORM) &&
           !(w->flags & (DUTCH_NO_PART | DUTCH_PROPER));
}

static bool may_be_first(const struct word *w)
{
    return w && w->text.len >= 2 && !(w->flags & (DUTCH_NO_PART | DUTCH_PROPER)) &&
           w->flags & ~(uint32_t)(DUTCH_STOP | DUTCH_VERB_FORM);
}

static void count_word(struct words *w, const struct word *word)
{
    str t = word->text;
    for (size_t cut = 2; cut + 3 <= t.len; cut++) {
        struct word *last = words_find(w, str_slice(t, cut, t.len));
        if (!may_be_last(last))
            continue;
        struct word *first = words_find(w, str_slice(t, 0, cut));
        struct word *before_s =
            cut > 3 && t.ptr[cut - 1] == 's' ? words_find(w, str_slice(t, 0, cut - 1)) : NULL;
        if (may_be_first(first))
            first->first++;
        else if (may_be_first(before_s))
            before_s->first_s++;
        else
            continue;
        last->last++;
    }
}

void families_count(struct words *w)
{
    for (size_t i = 0; i <= w->mask; i++) {
        const struct word *word = w->slots[i];
        /* Dictionary forms only, or words with many inflections would count several times. */
        if (word && word->real && word->base == word && !(word->flags & DUTCH_PROPER) &&
            word->text.len >= 5)
            count_word(w, word);
    }
    /* A form is as good a last part as its base, and made from a verb like it. */
    for (size_t i = 0; i <= w->mask; i++) {
        struct word *word = w->slots[i];
        if (!word || !word->base || word->base == word)
            continue;
        if (word->base->last > word->last)
            word->last = word->base->last;
        word->flags |= word->base->flags & (DUTCH_DEVERBAL | DUTCH_LAST | DUTCH_FIELD);
    }
}
