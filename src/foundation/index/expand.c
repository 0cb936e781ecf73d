/* From what was typed to what is asked of Xapian: fields, phrases, words, typing mistakes. */
#include "base/buf.h"
#include "base/vec.h"
#include "index/reading.h"

enum { MAX_PHRASE = 24, MAX_WHOLE = 12 };

void reading_mark(struct reading *r, str key)
{
    if (str_find_byte(key, '+') != STR_NONE)
        r->plan->has_compound = true;
    if (!dutch_is_stopword(key))
        *vec_push(r->a, &r->plan->marks) = (struct mark){key, false};
}

static void add_written_mark(struct reading *r, str folded)
{
    *vec_push(r->a, &r->plan->marks) = (struct mark){folded, true};
}

void reading_want(struct reading *r, struct want want)
{
    if (r->plan->want_count < INDEX_MAX_CLAUSES)
        r->plan->wants[r->plan->want_count++] = want;
}

static void add_filter(struct reading *r, bool excluded, const struct node *n)
{
    if (excluded)
        r->plan->excluded[r->plan->excluded_count++] = n;
    else
        r->plan->filters[r->plan->filter_count++] = n;
}

int reading_frequency(struct reading *r, char prefix, str text, size_t *ret)
{
    return xap_frequency(r->s->c, r->s->reader, xap_name(r->a, prefix, text), ret);
}

bool reading_plain_word(const struct reading *r, size_t i)
{
    return i < r->p->count && r->p->clause[i].kind == CLAUSE_WORD && !r->p->clause[i].excluded;
}

const struct node *reading_key(struct reading *r, str key)
{
    const struct node *in_title = node_term(r->a, 'T', key);
    return node_two(r->a, NODE_OR, node_term(r->a, 0, key),
                    node_scale(r->a, in_title, WEIGHT_TITLE));
}

/* ---- fields and phrases ---- */

static int read_facet(struct reading *r, const struct clause *cl)
{
    str *values, wanted = dutch_fold(r->a, cl->text);
    size_t count, found = 0;
    TRY(xap_facet_values(r->s->c, r->s->reader, (unsigned)cl->field, &values, &count));
    const struct node **terms = arena_array(r->a, count + 1, sizeof *terms);
    for (size_t i = 0; i < count; i++) {
        if (!str_eq(dutch_fold(r->a, values[i]), wanted))
            continue;
        str name = terms_facet(r->a, cl->field, values[i]);
        terms[found++] = node_term(r->a, 0, name);
    }
    add_filter(r, cl->excluded, node_of(r->a, NODE_OR, terms, found));
    return 0;
}

/* The words of a phrase or a title field; at most MAX_PHRASE. */
static size_t read_words(struct reading *r, str text, str keys[MAX_PHRASE], str folded[MAX_PHRASE])
{
    str word;
    size_t count = 0;
    while (count < MAX_PHRASE && dutch_next_word(&text, &word)) {
        struct word w;
        analyser_word(r->s->vocabulary->analyser, r->a, word, &w);
        if (!w.folded.len)
            continue;
        keys[count] = w.key;
        folded[count++] = w.folded;
    }
    return count;
}

static const struct node *phrase_of(struct reading *r, const struct clause *cl, bool in_title)
{
    str *keys = arena_array(r->a, MAX_PHRASE, sizeof *keys);
    str *folded = arena_array(r->a, MAX_PHRASE, sizeof *folded);
    size_t count = read_words(r, cl->text, keys, folded);
    for (size_t i = 0; i < count && !cl->excluded; i++)
        if (!dutch_is_stopword(folded[i]))
            add_written_mark(r, folded[i]);
    return count ? phrase_node(r->s, keys, folded, count, in_title) : &node_none;
}

static void read_phrase(struct reading *r, const struct clause *cl)
{
    const struct node *n = phrase_of(r, cl, cl->kind == CLAUSE_FIELD);
    if (cl->excluded)
        add_filter(r, true, n);
    else
        reading_want(r, (struct want){.node = n, .frequency = 1, .must = true});
}

static void read_title(struct reading *r, const struct clause *cl)
{
    str keys[MAX_PHRASE], folded[MAX_PHRASE];
    const struct node *terms[MAX_PHRASE];
    size_t count = read_words(r, cl->text, keys, folded);
    for (size_t i = 0; i < count; i++) {
        terms[i] = node_term(r->a, 'T', keys[i]);
        if (!cl->excluded)
            reading_mark(r, keys[i]);
    }
    const struct node *all = node_of(r->a, NODE_AND, terms, count);
    if (cl->excluded)
        add_filter(r, true, all);
    else
        reading_want(r, (struct want){.node = all, .frequency = 1, .must = true});
}

static int read_field(struct reading *r, const struct clause *cl)
{
    if (cl->field >= 0)
        return read_facet(r, cl);
    if (cl->field == FIELD_CATALOGUE)
        add_filter(r, cl->excluded, node_term(r->a, 'C', dutch_fold(r->a, cl->text)));
    else if (cl->quoted)
        read_phrase(r, cl);
    else
        read_title(r, cl);
    return 0;
}

/* ---- one word ---- */

static void want_key(struct reading *r, const struct word *w, size_t frequency_of_key,
                     struct want *ret)
{
    const struct node *bonus[2] = {
        node_scale(r->a, node_term(r->a, 'T', w->key), WEIGHT_TITLE),
        node_scale(r->a, node_term(r->a, 'S', w->folded), WEIGHT_WRITTEN)};
    *ret = (struct want){.node = node_term(r->a, 0, w->key),
                         .bonus = node_of(r->a, NODE_OR, bonus, str_eq(w->key, w->folded) ? 1 : 2),
                         .loose = compound_pieces(r, w),
                         .frequency = frequency_of_key};
    reading_mark(r, w->key);
    compound_mark(r, w);
}

/* A word of the texts as it stands, or a compound of which they have all parts; frequency 0 when
   they have neither. */
static int find_word(struct reading *r, const struct word *w, struct want *ret)
{
    size_t found;
    bool parts;
    TRY(reading_frequency(r, 0, w->key, &found));
    if (found) {
        want_key(r, w, found, ret);
        return 0;
    }
    compound_mark(r, w);
    TRY(compound_unseen(r, w, ret, &parts));
    if (parts)
        r->plan->relaxed = true;
    else if (ret->frequency)
        reading_mark(r, w->key);
    return 0;
}

/* A word of the language that the texts happen to lack is not a typing mistake. */
static int mend_word(struct reading *r, size_t i, struct want *ret)
{
    str mended;
    const struct word *w = &r->word[i];
    if (w->is_protected || analyser_known(r->s->vocabulary->analyser, w->folded))
        return 0;
    TRY(typo_mend(r->s, w->folded, &mended));
    if (!mended.len)
        return 0;
    r->mended[i] = mended;
    analyser_word(r->s->vocabulary->analyser, r->a, mended, &r->word[i]);
    return find_word(r, &r->word[i], ret);
}

/* What is in no text finds nothing: the query is then relaxed. */
static int want_word(struct reading *r, size_t i)
{
    struct want want = {0};
    size_t found;
    TRY(reading_frequency(r, 0, r->word[i].key, &found));
    if (found)
        want_key(r, &r->word[i], found, &want);
    TRY(meaning_add_derived(r, &r->word[i], &want));
    TRY(meaning_add(r, i, 1, &want));
    if (!want.frequency)
        TRY(find_word(r, &r->word[i], &want));
    if (!want.frequency)
        TRY(mend_word(r, i, &want));
    if (!want.frequency) {
        want.node = node_term(r->a, 0, r->word[i].key);
        want.loose = compound_pieces(r, &r->word[i]);
    }
    reading_want(r, want);
    return 0;
}

/* A word that says little: more weight for what has it, but nothing must. */
static int add_light_word(struct reading *r, str key)
{
    size_t found;
    TRY(reading_frequency(r, 0, key, &found));
    if (!found)
        return 0;
    r->plan->extra[r->plan->extra_count++] =
        node_scale(r->a, node_term(r->a, 0, key), WEIGHT_LIGHT);
    reading_mark(r, key);
    return 0;
}

/* ---- runs of words ---- */

/* A run of words that means something else as a whole: all of the words, or the other. */
static int want_run(struct reading *r, size_t i, size_t count, struct want *ret)
{
    const struct node *nodes[INDEX_MAX_CLAUSES], *some[INDEX_MAX_CLAUSES];
    size_t n = 0, least = SIZE_MAX;
    for (size_t k = 0; k < count; k++) {
        size_t found;
        str key = r->word[i + k].key;
        if (r->word[i + k].is_stop)
            continue;
        TRY(reading_frequency(r, 0, key, &found));
        least = found < least ? found : least;
        nodes[n] = reading_key(r, key);
        some[n] = node_scale(r->a, nodes[n], WEIGHT_PART);
        n++;
        reading_mark(r, key);
    }
    *ret = (struct want){.frequency = least == SIZE_MAX ? 0 : least};
    if (n) {
        ret->node = node_of(r->a, NODE_AND, nodes, n);
        ret->loose = node_of(r->a, NODE_OR, some, n);
    }
    return meaning_add(r, i, count, ret);
}

/* The clauses from i on; *ret_used is how many of them it took. */
static int read_word(struct reading *r, size_t i, size_t *ret_used)
{
    struct want want = {0};
    struct word joined;
    size_t run = meaning_run(r, i), together = 0;
    *ret_used = run > 1 ? run : 1;
    if (run > 1) {
        TRY(want_run(r, i, run, &want));
        reading_want(r, want);
        return 0;
    }
    TRY(compound_join(r, i, &joined, &together));
    if (together) {
        r->word[i] = joined; /* from here on it is as if it had been typed as one word */
        *ret_used = together;
        for (size_t k = 1; k < together; k++)
            r->joined[i + k] = true;
    } else if (r->word[i].is_stop && !run && !r->only_stop_words) {
        return 0;
    } else if (light_word(r->word[i].key) && !run && !r->only_light_words) {
        return add_light_word(r, r->word[i].key);
    }
    return want_word(r, i);
}

static int read_clause(struct reading *r, size_t i, size_t *ret_used)
{
    const struct clause *cl = &r->p->clause[i];
    *ret_used = 1;
    if (cl->kind == CLAUSE_FIELD)
        return read_field(r, cl);
    if (cl->kind == CLAUSE_PHRASE) {
        read_phrase(r, cl);
        return 0;
    }
    if (!cl->excluded)
        return read_word(r, i, ret_used);
    add_filter(r, true, node_term(r->a, 0, r->word[i].key));
    return 0;
}

/* ---- the whole ---- */

/* The query with the mended words in place of the mistyped ones. */
static str corrected_text(struct reading *r)
{
    struct buf b;
    size_t at = 0;
    bool any = false;
    buf_init(&b, r->a, 4 * INDEX_MAX_QUERY);
    for (size_t i = 0; i < r->p->count; i++) {
        if (!r->mended[i].len)
            continue;
        size_t start = (size_t)(r->p->clause[i].text.ptr - r->p->text.ptr);
        buf_add(&b, str_slice(r->p->text, at, start));
        buf_add(&b, r->mended[i]);
        at = start + r->p->clause[i].text.len;
        any = true;
    }
    buf_add(&b, str_slice(r->p->text, at, r->p->text.len));
    return any ? buf_str(&b) : S("");
}

static void analyse_words(struct reading *r)
{
    r->only_stop_words = r->only_light_words = true;
    for (size_t i = 0; i < r->p->count; i++) {
        const struct clause *cl = &r->p->clause[i];
        const struct word *w = &r->word[i];
        if (cl->kind == CLAUSE_WORD)
            analyser_word(r->s->vocabulary->analyser, r->a, cl->text, &r->word[i]);
        if (cl->excluded)
            continue;
        if (cl->kind != CLAUSE_WORD || !w->is_stop)
            r->only_stop_words = false;
        if (cl->kind != CLAUSE_WORD || (!w->is_stop && !light_word(w->key)))
            r->only_light_words = false;
    }
}

/* Is there an object that is called just this? */
static int read_whole(struct reading *r)
{
    str keys[INDEX_MAX_CLAUSES];
    size_t count = 0, found;
    for (size_t i = 0; i < r->p->count; i++)
        if (reading_plain_word(r, i) && !r->joined[i])
            keys[count++] = r->word[i].key;
    if (!count || count > MAX_WHOLE)
        return 0;
    str whole = terms_whole(r->a, keys, count);
    TRY(reading_frequency(r, 'E', whole, &found));
    if (found)
        r->plan->whole = node_scale(r->a, node_term(r->a, 'E', whole), WEIGHT_WHOLE);
    return 0;
}

int expand(struct search *s, const struct parsed *p, struct plan *ret)
{
    struct reading *r = arena_new_of(s->c->arena, struct reading);
    *ret = (struct plan){.parsed = p};
    r->s = s;
    r->a = s->c->arena;
    r->p = p;
    r->plan = ret;
    analyse_words(r);
    for (size_t i = 0, used; i < p->count; i += used)
        TRY(read_clause(r, i, &used));
    TRY(read_whole(r));
    ret->corrected = corrected_text(r);
    return 0;
}
