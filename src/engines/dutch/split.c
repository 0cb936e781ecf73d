#include "dutch/split.h"

#include "dutch/extra.h"
#include "dutch/suffix.h"

/* Every seam between two parts gets a score from simple facts about both sides; a path through the
   word is as good as its seams. The weights were fitted on half of a list of Dutch compounds and
   non-compounds (tests never see the list); they weigh kinds of words, never single words. */
enum fact {
    BIAS,
    WHOLE_KNOWN,
    WHOLE_ADJECTIVE,
    WHOLE_DEVERBAL,
    WHOLE_VERB,
    WHOLE_SHORT,
    WHOLE_LONG,
    WHOLE_FLAG,
    WHOLE_FIRST,
    WHOLE_LAST,
    WHOLE_OF_SHORT,
    LINK_S,
    LINK_S_UNUSUAL,
    LINK_EN,
    LINK_E,
    FIRST_UNKNOWN,
    FIRST_NOUN,
    FIRST_STEM,
    FIRST_ADJECTIVE,
    FIRST_PARTICLE,
    FIRST_PLACE,
    FIRST_BOUND,
    FIRST_VERB_FORM,
    FIRST_PROPER,
    FIRST_FLAG,
    FIRST_OF_2,
    FIRST_OF_3,
    FIRST_OF_4,
    FIRST_LONG,
    FIRST_FAMILY,
    FIRST_NO_FAMILY,
    FIRST_STEM_KNOWN,
    LAST_NOUN,
    LAST_PLURAL,
    LAST_ADJECTIVE,
    LAST_VERB_ONLY,
    LAST_DEVERBAL,
    LAST_FLAG,
    LAST_OF_3,
    LAST_OF_4,
    LAST_OF_5,
    LAST_LONG,
    LAST_FAMILY,
    LAST_NO_FAMILY,
    PARTICLE_AND_VERB,
    PARTICLE_AND_KNOWN,
    VOWEL_CLASH,
    KNOWN_AND_FAMILY,
    FACT_COUNT
};

static const double weights[FACT_COUNT] = {
#include "dutch/weights.inc"
};

struct seam {
    const struct dutch_class *whole, *first, *last;
    size_t whole_len, first_len, last_len;
    char link;          /* 0, 's', 'n' for a plural in -en, 'e' for zonne- */
    char before, after; /* the letters at the seam */
};

static bool is_vowel(char c)
{
    return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u';
}

static void whole_facts(const struct seam *s, double *x)
{
    uint32_t f = s->whole ? s->whole->flags : 0;
    x[WHOLE_KNOWN] = s->whole != NULL;
    x[WHOLE_ADJECTIVE] = (f & (DUTCH_ADJECTIVE | DUTCH_ADJECTIVE_FORM)) != 0;
    x[WHOLE_DEVERBAL] = (f & DUTCH_DEVERBAL) != 0;
    x[WHOLE_VERB] = (f & (DUTCH_VERB_STEM | DUTCH_INFINITIVE | DUTCH_VERB_FORM)) != 0;
    x[WHOLE_SHORT] = s->whole_len <= 8;
    x[WHOLE_LONG] = s->whole_len >= 12;
    x[WHOLE_FLAG] = (f & (uint32_t)(DUTCH_FIRST | DUTCH_LAST | DUTCH_TAKES_S)) != 0;
    /* What itself makes many longer words is felt as one: voorraad, stikstof. */
    x[WHOLE_FIRST] = s->whole ? (s->whole->first + s->whole->first_s) / 8.0 : 0;
    x[WHOLE_LAST] = s->whole ? s->whole->last / 8.0 : 0;
    x[WHOLE_OF_SHORT] = s->whole && s->first_len <= 4 && s->last_len <= 4;
}

static bool is_clash(char a, char b)
{
    static const char *const pairs[] = {"aa", "ae", "ai", "au", "ee", "ei", "eu", "ie",
                                        "oe", "oi", "oo", "ou", "ui", "uu", "ij"};
    for (size_t i = 0; i < COUNT_OF(pairs); i++)
        if (pairs[i][0] == a && pairs[i][1] == b)
            return true;
    return false;
}

static void first_facts(const struct seam *s, double *x)
{
    uint32_t f = s->first ? s->first->flags : 0;
    bool noun = f & (DUTCH_NOUN | DUTCH_PLURAL | DUTCH_DIMINUTIVE);
    bool particle = f & DUTCH_PARTICLE;
    x[FIRST_UNKNOWN] = !s->first;
    x[FIRST_PARTICLE] = particle && !(f & DUTCH_FIRST);
    x[FIRST_PLACE] = particle && f & DUTCH_FIRST;
    x[FIRST_BOUND] = (f & DUTCH_BOUND) != 0;
    x[FIRST_NOUN] = noun && !particle;
    x[FIRST_STEM] = !noun && !particle && f & DUTCH_VERB_STEM;
    x[FIRST_ADJECTIVE] = !noun && !particle && f & (DUTCH_ADJECTIVE | DUTCH_ADJECTIVE_FORM);
    x[FIRST_VERB_FORM] = !noun && f & (DUTCH_INFINITIVE | DUTCH_VERB_FORM) &&
                         !(f & (DUTCH_VERB_STEM | DUTCH_ADJECTIVE));
    x[FIRST_PROPER] = (f & DUTCH_PROPER) != 0;
    x[FIRST_FLAG] = (f & (DUTCH_FIRST | DUTCH_TAKES_S)) != 0;
    x[FIRST_OF_2] = s->first_len <= 2;
    x[FIRST_OF_3] = s->first_len == 3;
    x[FIRST_OF_4] = s->first_len == 4;
    x[FIRST_LONG] = s->first_len >= 7;
    x[FIRST_STEM_KNOWN] = x[FIRST_STEM] > 0 && s->whole;
    bool adds_s = s->link == 's' && !(f & DUTCH_PLURAL); /* else the s belongs to the form */
    double family = s->first ? adds_s ? s->first->first_s : s->first->first : 0;
    x[FIRST_FAMILY] = family / 8;
    x[FIRST_NO_FAMILY] = family <= 1;
    x[LINK_S] = s->link == 's';
    x[LINK_S_UNUSUAL] = adds_s && !(f & DUTCH_TAKES_S) && family <= 1;
    x[LINK_EN] = s->link == 'n';
    x[LINK_E] = s->link == 'e';
    x[VOWEL_CLASH] = is_clash(s->before, s->after);
}

static void last_facts(const struct seam *s, double *x)
{
    uint32_t f = s->last->flags;
    bool noun = f & (DUTCH_NOUN | DUTCH_PLURAL | DUTCH_DIMINUTIVE);
    bool adjective = f & (DUTCH_ADJECTIVE | DUTCH_ADJECTIVE_FORM);
    bool particle = s->first && s->first->flags & DUTCH_PARTICLE;
    uint32_t whole = s->whole ? s->whole->flags : 0;
    x[LAST_NOUN] = noun;
    x[LAST_PLURAL] = !(f & DUTCH_NOUN) && noun;
    x[LAST_ADJECTIVE] = adjective && !noun;
    x[LAST_VERB_ONLY] = !adjective && !noun;
    x[LAST_DEVERBAL] = (f & DUTCH_DEVERBAL) != 0;
    x[LAST_FLAG] = (f & DUTCH_LAST) != 0;
    x[LAST_OF_3] = s->last_len <= 3;
    x[LAST_OF_4] = s->last_len == 4;
    x[LAST_OF_5] = s->last_len == 5;
    x[LAST_LONG] = s->last_len >= 8;
    x[LAST_FAMILY] = s->last->last / 8.0;
    x[LAST_NO_FAMILY] = s->last->last <= 1;
    x[PARTICLE_AND_VERB] =
        particle && f & (DUTCH_VERB_STEM | DUTCH_DEVERBAL | DUTCH_VERB_FORM | DUTCH_INFINITIVE);
    x[PARTICLE_AND_KNOWN] =
        particle && whole & (DUTCH_DEVERBAL | DUTCH_VERB_STEM | DUTCH_VERB_FORM | DUTCH_INFINITIVE);
    x[KNOWN_AND_FAMILY] = s->whole ? s->last->last / 8.0 : 0;
}

static void seam_facts(const struct seam *s, double *x)
{
    memset(x, 0, FACT_COUNT * sizeof *x);
    x[BIAS] = 1;
    whole_facts(s, x);
    first_facts(s, x);
    last_facts(s, x);
}

/* Not fitted but decided. What people of our field search by must be found inside compounds, and
   must not itself fall into lesser words (transformatie). And a noun after a plural in -en is a
   compound, however established (pannenkoek): the linking letters leave no other reading. */
static double decided_bonus(const struct seam *s)
{
    bool first = s->first && s->first->flags & DUTCH_FIELD;
    bool particle = s->first && s->first->flags & DUTCH_PARTICLE;
    bool last = s->last->flags & DUTCH_FIELD;
    bool whole = s->whole && s->whole->flags & DUTCH_FIELD;
    bool plural = s->whole && s->link == 'n' && s->last_len >= 4 && s->last->flags & DUTCH_NOUN;
    if (first && last)
        return 4;
    return (whole ? -4 : (first || last) && !particle ? 0.5 : 0) + (plural ? 1.8 : 0);
}

static double seam_score(const struct seam *s)
{
    double x[FACT_COUNT], sum = decided_bonus(s);
    seam_facts(s, x);
    for (size_t i = 0; i < FACT_COUNT; i++)
        sum += weights[i] * x[i];
    return sum;
}

/* The best path to a position of the word. */
struct step {
    struct split_unit unit; /* the last unit of the path */
    size_t from;            /* where that unit begins; the path before it is step[from] */
    size_t units;           /* 0: no path leads here */
    double weakest, sum;
    char link;
};

struct finder {
    const struct dutch_extra *extra;
    str word;
    const struct dutch_class *whole;
    struct step step[DUTCH_MAX_WORD + 1];
};

const struct dutch_class *split_known(const struct dutch_extra *extra, str folded)
{
    const struct dutch_class *c = lexicon_find(folded);
    return c ? c : extra_find(extra, folded);
}

static double seam_of(const struct finder *f, const struct step *before,
                      const struct split_unit *unit)
{
    const struct split_unit *first = &before->unit;
    struct seam s = {.whole = f->whole,
                     .first = first->class,
                     .last = unit->class,
                     .whole_len = f->word.len,
                     .first_len = first->form_end - first->start,
                     .last_len = unit->form_end - unit->start,
                     .link = before->link,
                     .before = f->word.ptr[unit->start - 1],
                     .after = f->word.ptr[unit->start]};
    return seam_score(&s);
}

/* A path with one unit more costs: of equal seams the fewest units win. */
static const double cost_of_unit = 1.0;

/* log(1 + exp(-score)) within some hundredths, without the mathematics library. */
static double loss_of(double score)
{
    double a = score < 0 ? -score : score;
    return (score < 0 ? a : 0) + 0.693 / (1 + a * (0.72 + a * (0.229 + a * 0.263)));
}

static void try_unit(struct finder *f, const struct split_unit *unit, char link)
{
    const struct step *before = &f->step[unit->start];
    struct step next = {.unit = *unit,
                        .from = unit->start,
                        .units = before->units + 1,
                        .link = link,
                        .weakest = 1e9,
                        .sum = 0};
    if (unit->start) {
        double score = seam_of(f, before, unit);
        next.weakest = score < before->weakest ? score : before->weakest;
        double loss = loss_of(score);
        next.sum = before->sum - loss - (before->units > 1 ? cost_of_unit : 0);
    }
    struct step *old = &f->step[unit->full_end];
    if (!old->units || next.sum >= old->sum)
        *old = next;
}

static bool may_be_part(const struct dutch_class *c)
{
    return !(c->flags & DUTCH_NO_PART);
}

static bool may_be_last(const struct dutch_class *c, size_t len)
{
    return len >= 3 && may_be_part(c) && !(c->flags & (DUTCH_PROPER | DUTCH_STOP)) &&
           c->flags & (DUTCH_NOUN | DUTCH_PLURAL | DUTCH_DIMINUTIVE | DUTCH_ADJECTIVE |
                       DUTCH_ADJECTIVE_FORM | DUTCH_VERB_FORM | DUTCH_VERB_STEM);
}

/* Where the letters of the part end when its linking letters are left off. */
static size_t end_without_link(str word, size_t start, size_t end, char link)
{
    if (link == 's')
        return end - 1;
    if (link != 'n' && link != 'e')
        return end;
    size_t e = end - (link == 'n' ? 2 : 1);
    if (e > start + 2 && word.ptr[e - 1] == word.ptr[e - 2] && !is_vowel(word.ptr[e - 1]))
        e--;
    return e;
}

/* A form of the lexicon at from .. to: as last unit when it reaches the end, else before another.
 */
static void found_form(struct finder *f, size_t from, size_t to, const struct dutch_class *c)
{
    size_t n = f->word.len;
    if (!may_be_part(c) || to - from < 2)
        return;
    struct split_unit u = {.start = from, .end = to, .full_end = to, .class = c, .form_end = to};
    if (to == n) {
        if (from && may_be_last(c, to - from))
            try_unit(f, &u, 0);
        return;
    }
    if (n - to < 3)
        return;
    bool plural = c->flags & DUTCH_PLURAL && !(c->flags & DUTCH_NOUN);
    char link = 0;
    if (plural && f->word.ptr[to - 1] == 'n')
        link = 'n';
    else if (plural && f->word.ptr[to - 1] == 's')
        link = 's';
    u.end = end_without_link(f->word, from, to, link);
    if (c->flags & DUTCH_BOUND) /* zonne, geestes: the link is part of the form */
        u.end = to - lexicon_cut(c);
    /* volks, dorps: adjectives, but before another part rather the noun with its linking s. */
    const struct step *other = &f->step[to];
    bool is_s_form = other->units && other->from == from && other->link == 's' && !link &&
                     !(c->flags & (DUTCH_NOUN | DUTCH_PLURAL | DUTCH_BOUND | DUTCH_VERB_STEM));
    if (!is_s_form)
        try_unit(f, &u, link);
    bool noun = c->flags & (DUTCH_NOUN | DUTCH_DIMINUTIVE);
    if (noun && to - from >= 3 && f->word.ptr[to] == 's' && n - to > 3) {
        u = (struct split_unit){from, to, to + 1, c, to, false};
        try_unit(f, &u, 's');
    }
}

/* zonne-paneel: what ends in e and is a plural once n follows. */
static void found_lost_n(struct finder *f, size_t from, size_t to, struct lexicon_walk walk)
{
    const struct dutch_class *c;
    if (to - from < 4 || f->word.ptr[to - 1] != 'e' || f->word.len - to < 3)
        return;
    if (!lexicon_step(&walk, 'n', &c) || !c || !(c->flags & DUTCH_PLURAL))
        return;
    struct split_unit u = {from, end_without_link(f->word, from, to, 'e'), to, c, to, true};
    try_unit(f, &u, 'e');
}

static void walk_from(struct finder *f, size_t from)
{
    struct lexicon_walk walk = lexicon_begin();
    const struct dutch_class *c;
    size_t n = f->word.len;
    for (size_t to = from; to < n && lexicon_step(&walk, f->word.ptr[to], &c); to++) {
        bool is_whole = !from && to + 1 == n;
        if (c && !is_whole)
            found_form(f, from, to + 1, c);
        else if (!c)
            found_lost_n(f, from, to + 1, walk);
    }
    if (!f->extra)
        return;
    for (size_t to = from + 3; to <= n && to - from <= f->extra->longest; to++) {
        c = from || to < n ? extra_find(f->extra, str_slice(f->word, from, to)) : NULL;
        if (c)
            found_form(f, from, to, c);
    }
}

/* An unknown first part, a name as a rule, before a word that often ends compounds. */
static void try_unknown_first(struct finder *f)
{
    size_t n = f->word.len;
    for (size_t at = 4; at + 4 <= n; at++) {
        const struct dutch_class *c = split_known(f->extra, str_slice(f->word, at, n));
        if (!c || !may_be_last(c, n - at) || c->last < 3)
            continue;
        f->step[at] = (struct step){.unit = {.start = 0, .end = at, .full_end = at, .form_end = at},
                                    .units = 1,
                                    .weakest = 1e9};
        struct split_unit u = {at, n, n, c, n, false};
        try_unit(f, &u, 0);
    }
}

void split_find(const struct dutch_extra *extra, str folded, const struct dutch_class *whole,
                struct split *ret)
{
    ret->count = 0;
    size_t n = folded.len;
    if (n < 5 || n > DUTCH_MAX_WORD)
        return;
    struct finder f;
    f.extra = extra;
    f.word = folded;
    f.whole = whole;
    for (size_t i = 0; i <= n; i++)
        f.step[i].units = 0;
    for (size_t from = 0; from + 3 <= n; from++)
        if ((!from || f.step[from].units) && f.step[from].units < SPLIT_MAX_UNITS - 1)
            walk_from(&f, from);
    if (!f.step[n].units && !whole && n >= 8)
        try_unknown_first(&f);
    if (f.step[n].units < 2)
        return;
    ret->count = f.step[n].units;
    ret->score = f.step[n].weakest;
    for (size_t i = ret->count, at = n; i > 0; at = f.step[at].from)
        ret->unit[--i] = f.step[at].unit;
}
