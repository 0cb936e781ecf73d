/* What words mean otherwise: synonyms and abbreviations, and other words of the same stem. */
#include "index/reading.h"

enum { MAX_MEANINGS = 8, MAX_WORDS = 16, MIN_STEM = 4 };

static bool meaning_is_at(const struct reading *r, const struct meaning *m, size_t i)
{
    for (size_t k = 0; k < m->from_count; k++)
        if (!reading_plain_word(r, i + k) || !str_eq(r->word[i + k].key, m->from[k]))
            return false;
    return true;
}

size_t meaning_run(const struct reading *r, size_t i)
{
    const struct vocabulary *v = r->s->vocabulary;
    size_t longest = 0;
    for (size_t k = 0; k < v->meaning_count; k++)
        if (v->meanings[k].from_count > longest && meaning_is_at(r, &v->meanings[k], i))
            longest = v->meanings[k].from_count;
    return longest;
}

/* Any of the words of a wording, each for a little. NULL: it is one word. */
static const struct node *some_words(struct reading *r, const struct meaning *m)
{
    const struct node *nodes[MAX_WORDS];
    size_t n = 0;
    for (size_t i = 0; i < m->to_count && i < MAX_WORDS; i++)
        if (!dutch_is_stopword(m->to[i]))
            nodes[n++] =
                node_scale(r->a, node_term(r->a, 0, m->to[i]),
                           WEIGHT_SYNONYM_WORD * (light_word(m->to[i]) ? WEIGHT_LIGHT : 1));
    return m->to_count > 1 && n ? node_of(r->a, NODE_OR, nodes, n) : NULL;
}

/* About how many documents have the wording: as many as have its rarest word. */
static int frequency_of(struct reading *r, const struct meaning *m, size_t *ret)
{
    size_t least = SIZE_MAX, found;
    for (size_t i = 0; i < m->to_count; i++) {
        if (dutch_is_stopword(m->to[i]) && m->to_count > 1)
            continue;
        TRY(reading_frequency(r, 0, m->to[i], &found));
        least = found < least ? found : least;
        reading_mark(r, m->to[i]);
    }
    *ret = least == SIZE_MAX ? 0 : least;
    return 0;
}

static const struct node *either(struct reading *r, const struct node *one,
                                 const struct node *other)
{
    return one && other ? node_two(r->a, NODE_OR, one, other) : one ? one : other;
}

/* All the words in the title. NULL: it is one word. */
static const struct node *all_in_title(struct reading *r, const struct meaning *m)
{
    const struct node *nodes[MAX_WORDS];
    size_t n = 0;
    for (size_t i = 0; i < m->to_count && i < MAX_WORDS; i++)
        if (!dutch_is_stopword(m->to[i]))
            nodes[n++] = node_term(r->a, 'T', m->to[i]);
    return m->to_count > 1 && n ? node_of(r->a, NODE_AND, nodes, n) : NULL;
}

static int add_one(struct reading *r, const struct meaning *m, struct want *want)
{
    size_t found;
    TRY(frequency_of(r, m, &found));
    const struct node *title = all_in_title(r, m);
    const struct node *n = m->to_count == 1 ? reading_key(r, m->to[0])
                                            : phrase_node(r->s, m->to, NULL, m->to_count, false);
    /* The words of a wording weigh together; it stands for what was typed, which may be one word.
     */
    double weight = WEIGHT_SYNONYM / (1 + (double)(m->to_count - 1) / 2);
    want->node = either(r, want->node, node_scale(r->a, n, weight));
    if (title)
        want->bonus = either(r, want->bonus, node_scale(r->a, title, WEIGHT_TITLE * weight));
    want->loose = either(r, want->loose, some_words(r, m));
    want->frequency += found;
    return 0;
}

int meaning_add(struct reading *r, size_t i, size_t count, struct want *want)
{
    const struct vocabulary *v = r->s->vocabulary;
    size_t added = 0;
    for (size_t k = 0; k < v->meaning_count && added < MAX_MEANINGS; k++) {
        if (v->meanings[k].from_count != count || !meaning_is_at(r, &v->meanings[k], i))
            continue;
        TRY(add_one(r, &v->meanings[k], want));
        added++;
    }
    return 0;
}

/* ---- the same stem ---- */

/* By base form, in which a verb is its stem: onteigen and onteigening, transformeer and
   transformatie, betaalbaar and betaalbaarheid; each also the other way. */
static const struct {
    const char *ending, *other;
} derivations[] = {{"", "ing"},     {"ing", ""},  {"eer", "atie"},
                   {"atie", "eer"}, {"", "heid"}, {"heid", ""}};

int meaning_add_derived(struct reading *r, const struct word *w, struct want *want)
{
    if (w->is_protected)
        return 0;
    for (size_t i = 0; i < COUNT_OF(derivations); i++) {
        str ending = str_from(derivations[i].ending);
        size_t found;
        if (!str_ends(w->key, ending) || w->key.len < ending.len + MIN_STEM)
            continue;
        str stem = str_slice(w->key, 0, w->key.len - ending.len);
        str other = str_join(r->a, (str[]){stem, str_from(derivations[i].other)}, 2, S(""));
        TRY(reading_frequency(r, 0, other, &found));
        if (!found)
            continue;
        want->node = either(r, want->node, node_scale(r->a, reading_key(r, other), WEIGHT_DERIVED));
        want->frequency += found;
        reading_mark(r, other);
    }
    return 0;
}
