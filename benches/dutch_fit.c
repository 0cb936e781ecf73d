/* dutch_fit.c - fits the weights of engines/dutch/split.c to gold lists.

       bench_dutch_fit COMPOUNDS.tsv NON_COMPOUNDS.tsv [0|1] > src/engines/dutch/weights.inc

   The lists are those of bench_dutch. With 0 or 1, only that half of the words is used, so that the
   other half can judge. The model is log-linear: for each word, no split (score 0) against every
   seam that the lexicon allows; penalised likelihood, full gradient steps. Parts of gold compounds
   count as words that are none, at half weight: they must stay whole.

   It takes split.c in whole, because the facts about a seam are nobody else's business. */
#include "dutch/split.c"

#include <math.h>

#include "base/vec.h"
#include "dutch/dutch.h"

enum { MAX_SEAMS = 48, STEPS = 1500 };

static const double penalty = 0.5;

/* Needs the order of enum fact. */
static const char *const fact_names[FACT_COUNT] = {
#define NAME(fact) [fact] = #fact
    NAME(BIAS),
    NAME(WHOLE_KNOWN),
    NAME(WHOLE_ADJECTIVE),
    NAME(WHOLE_DEVERBAL),
    NAME(WHOLE_VERB),
    NAME(WHOLE_SHORT),
    NAME(WHOLE_LONG),
    NAME(WHOLE_FLAG),
    NAME(WHOLE_FIRST),
    NAME(WHOLE_LAST),
    NAME(WHOLE_OF_SHORT),
    NAME(LINK_S),
    NAME(LINK_S_UNUSUAL),
    NAME(LINK_EN),
    NAME(LINK_E),
    NAME(FIRST_UNKNOWN),
    NAME(FIRST_NOUN),
    NAME(FIRST_STEM),
    NAME(FIRST_ADJECTIVE),
    NAME(FIRST_PARTICLE),
    NAME(FIRST_PLACE),
    NAME(FIRST_BOUND),
    NAME(FIRST_VERB_FORM),
    NAME(FIRST_PROPER),
    NAME(FIRST_FLAG),
    NAME(FIRST_OF_2),
    NAME(FIRST_OF_3),
    NAME(FIRST_OF_4),
    NAME(FIRST_LONG),
    NAME(FIRST_FAMILY),
    NAME(FIRST_NO_FAMILY),
    NAME(FIRST_STEM_KNOWN),
    NAME(LAST_NOUN),
    NAME(LAST_PLURAL),
    NAME(LAST_ADJECTIVE),
    NAME(LAST_VERB_ONLY),
    NAME(LAST_DEVERBAL),
    NAME(LAST_FLAG),
    NAME(LAST_OF_3),
    NAME(LAST_OF_4),
    NAME(LAST_OF_5),
    NAME(LAST_LONG),
    NAME(LAST_FAMILY),
    NAME(LAST_NO_FAMILY),
    NAME(PARTICLE_AND_VERB),
    NAME(PARTICLE_AND_KNOWN),
    NAME(VOWEL_CLASH),
    NAME(KNOWN_AND_FAMILY),
};

struct item {
    double weight;
    size_t seam_count, gold; /* gold == seam_count: no split is right */
    double (*facts)[FACT_COUNT];
};

struct fit {
    struct arena *arena;
    int half; /* -1: all */
    struct item *items;
    size_t count, capacity;
};

static str base_of(struct arena *a, const struct dutch_class *c, str form, bool lost_n)
{
    if (!c)
        return form;
    char *full = arena_alloc(a, form.len + 1), *out = arena_alloc(a, form.len + 66);
    memcpy(full, form.ptr, form.len);
    full[form.len] = 'n';
    return str_of(out, lexicon_base(c, str_of(full, form.len + lost_n), out));
}

/* The facts of the seam at `at`; true when its two bases are the gold ones. */
static bool add_seam(struct fit *fit, struct finder *f, size_t at, const str *gold, size_t parts,
                     struct item *item)
{
    const struct split_unit *first = &f->step[at].unit;
    const struct dutch_class *last = lexicon_find(str_slice(f->word, at, f->word.len));
    struct seam s = {.whole = f->whole,
                     .first = first->class,
                     .last = last,
                     .whole_len = f->word.len,
                     .first_len = first->form_end,
                     .last_len = f->word.len - at,
                     .link = f->step[at].link,
                     .before = f->word.ptr[at - 1],
                     .after = f->word.ptr[at]};
    seam_facts(&s, item->facts[item->seam_count++]);
    if (parts != 2)
        return false;
    str front = str_slice(f->word, 0, first->form_end), back = str_slice(f->word, at, f->word.len);
    return str_eq(base_of(fit->arena, first->class, front, first->lost_n), gold[0]) &&
           str_eq(base_of(fit->arena, last, back, false), gold[1]);
}

/* As try_unknown_first does: any front before a word that often ends compounds. */
static void open_unknown_fronts(struct finder *f)
{
    for (size_t at = 4; at + 4 <= f->word.len; at++) {
        const struct dutch_class *last = lexicon_find(str_slice(f->word, at, f->word.len));
        if (last && last->last >= 3)
            f->step[at] =
                (struct step){.unit = {.end = at, .full_end = at, .form_end = at}, .units = 1};
    }
}

static void add_seams(struct fit *fit, struct finder *f, const str *gold, size_t parts,
                      struct item *item)
{
    str word = f->word;
    for (size_t at = 2; at + 3 <= word.len && item->seam_count < MAX_SEAMS; at++) {
        const struct dutch_class *last = lexicon_find(str_slice(word, at, word.len));
        if (f->step[at].units != 1 || !last || !may_be_last(last, word.len - at))
            continue;
        if (add_seam(fit, f, at, gold, parts, item))
            item->gold = item->seam_count - 1;
    }
}

static void add_word(struct fit *fit, str word, const str *gold, size_t parts, double weight)
{
    const struct dutch_class *whole = lexicon_find(word);
    if (whole) /* as the engine does: the seams of a form are those of its base */
        word = base_of(fit->arena, whole, word, false);
    if (parts > 2 || word.len < 5 || word.len > DUTCH_MAX_WORD)
        return;
    struct finder *f = arena_new_of(fit->arena, struct finder);
    f->word = word;
    f->whole = lexicon_find(word);
    walk_from(f, 0);
    struct item item = {.weight = weight, .gold = MAX_SEAMS};
    item.facts = arena_array(fit->arena, MAX_SEAMS, sizeof *item.facts);
    add_seams(fit, f, gold, parts, &item);
    if (!item.seam_count && !f->whole && word.len >= 8) {
        open_unknown_fronts(f);
        add_seams(fit, f, gold, parts, &item);
    }
    if (parts == 2 ? item.gold == MAX_SEAMS : !item.seam_count)
        return; /* out of reach, or nothing to decide */
    *vec_push(fit->arena, fit) = item;
}

static bool is_letters(str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.ptr[i] < 'a' || s.ptr[i] > 'z')
            return false;
    return s.len > 0;
}

static void read_list(struct fit *fit, const char *path, bool compounds)
{
    char line[1024];
    FILE *f = fopen(path, "rb");
    if (!f) {
        fprintf(stderr, "%s: absent\n", path);
        return;
    }
    while (fgets(line, sizeof line, f)) {
        str rest = str_dup(fit->arena, str_from(line)), form, lemma, part, gold[8];
        size_t parts = 0;
        if (!str_split(&rest, '\t', &form) || !str_split(&rest, '\t', &lemma))
            continue;
        str folded = dutch_fold(fit->arena, form);
        /* By the lemma, so that forms of one word are in the same half. */
        int half = (int)(str_hash(dutch_fold(fit->arena, lemma)) >> 7 & 1);
        bool hyphen = str_find_byte(form, '-') != STR_NONE; /* no choice there */
        if (hyphen || !is_letters(folded) || (fit->half >= 0 && half != fit->half))
            continue;
        while (compounds && parts < COUNT_OF(gold) && str_split(&lemma, '_', &part))
            gold[parts++] = dutch_fold(fit->arena, part);
        add_word(fit, folded, gold, compounds ? parts : 1, 1);
        for (size_t i = 0; i < parts; i++)
            if (is_letters(gold[i]))
                add_word(fit, gold[i], NULL, 1, 0.5);
    }
    fclose(f);
}

static void add_gradient(const struct item *item, const double *w, double *gradient)
{
    double score[MAX_SEAMS], sum = 1;
    for (size_t s = 0; s < item->seam_count; s++) {
        double x = 0;
        for (size_t i = 0; i < FACT_COUNT; i++)
            x += w[i] * item->facts[s][i];
        score[s] = exp(x < 50 ? x : 50);
        sum += score[s];
    }
    for (size_t s = 0; s < item->seam_count; s++) {
        double off = item->weight * ((s == item->gold) - score[s] / sum);
        for (size_t i = 0; i < FACT_COUNT; i++)
            gradient[i] += off * item->facts[s][i];
    }
}

static void fit_weights(const struct fit *fit, double *w)
{
    double squares[FACT_COUNT] = {0};
    for (size_t step = 0; step < STEPS; step++) {
        double gradient[FACT_COUNT] = {0};
        for (size_t k = 0; k < fit->count; k++)
            add_gradient(&fit->items[k], w, gradient);
        for (size_t i = 0; i < FACT_COUNT; i++) {
            gradient[i] -= penalty * w[i];
            squares[i] += gradient[i] * gradient[i];
            w[i] += 0.3 * gradient[i] / (sqrt(squares[i]) + 1e-9);
        }
    }
}

int main(int argc, char **argv)
{
    if (argc < 3) {
        fprintf(stderr, "use: bench_dutch_fit COMPOUNDS.tsv NON_COMPOUNDS.tsv [0|1]\n");
        return 2;
    }
    struct fit fit = {.arena = arena_new(), .half = argc > 3 ? argv[3][0] - '0' : -1};
    double w[FACT_COUNT] = {0};
    read_list(&fit, argv[1], true);
    read_list(&fit, argv[2], false);
    fit_weights(&fit, w);
    printf("/* weights.inc - one weight per fact of split.c, fitted by benches/dutch_fit.c. */\n");
    for (size_t i = 0; i < FACT_COUNT; i++)
        printf("[%s] = %.2f,\n", fact_names[i], w[i]);
    fprintf(stderr, "%zu words decided on\n", fit.count);
    arena_free(fit.arena);
    return 0;
}
