/* From what was typed to what is asked of Xapian: compounds, synonyms, typing mistakes, fields. */
#include "base/buf.h"
#include "base/vec.h"
#include "index/index_int.h"

enum { MAX_PHRASE = 24, MAX_MEANINGS = 8, MAX_TITLE_WORDS = 12, MAX_RUN = 3 };
static const double synonym_weight = 0.8, title_weight = 0.7, written_weight = 0.3;

/* A query while it is being understood. */
struct reading {
    struct search *s;
    struct arena *a;
    const struct parsed *p;
    struct plan *plan;
    struct word word[INDEX_MAX_CLAUSES]; /* of the clauses that are words */
    str mended[INDEX_MAX_CLAUSES];       /* what a mistyped word became; empty: nothing */
    bool only_stop_words;
};

static void add_mark(struct reading *r, str key)
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

static void add_want(struct reading *r, struct want want)
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

static int frequency(struct reading *r, char prefix, str text, size_t *ret)
{
    return xap_frequency(r->s->c, r->s->reader, xap_name(r->a, prefix, text), ret);
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
        add_want(r, (struct want){.node = n, .frequency = 1});
}

static void read_title(struct reading *r, const struct clause *cl)
{
    str keys[MAX_PHRASE], folded[MAX_PHRASE];
    const struct node *terms[MAX_PHRASE];
    size_t count = read_words(r, cl->text, keys, folded);
    for (size_t i = 0; i < count; i++) {
        terms[i] = node_term(r->a, 'T', keys[i]);
        if (!cl->excluded)
            add_mark(r, keys[i]);
    }
    const struct node *all = node_of(r->a, NODE_AND, terms, count);
    if (cl->excluded)
        add_filter(r, true, all);
    else
        add_want(r, (struct want){.node = all, .frequency = 1});
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

/* The parts of a compound, each asked for by itself. */
struct parts {
    struct want want[DUTCH_MAX_PARTS];
    size_t count;
    size_t least; /* documents with the rarest of them */
};

/* A part can have two keys: as it was split off, and as a word by itself. */
static int find_parts(struct reading *r, const struct word *w, struct parts *ret)
{
    const struct node *same[WORD_MAX_PIECES] = {0};
    *ret = (struct parts){.least = SIZE_MAX};
    for (size_t i = 0; i < w->piece_count && ret->count < w->part_count;) {
        size_t start = w->piece[i].start, end = w->piece[i].end, n = 0, found;
        struct want *want = &ret->want[ret->count++];
        for (; i < w->piece_count && w->piece[i].start == start && w->piece[i].end == end; i++) {
            TRY(frequency(r, 0, w->piece[i].key, &found));
            want->frequency += found;
            same[n++] = node_term(r->a, 0, w->piece[i].key);
        }
        want->node = node_of(r->a, NODE_MAX, same, n);
        ret->least = want->frequency < ret->least ? want->frequency : ret->least;
    }
    if (!ret->count)
        ret->least = 0;
    return 0;
}

static void want_parts(struct reading *r, const struct word *w, const struct parts *parts)
{
    for (size_t i = 0; i < parts->count; i++)
        add_want(r, parts->want[i]);
    for (size_t i = 0; i < w->piece_count; i++)
        add_mark(r, w->piece[i].key);
    r->plan->relaxed = true;
}

/* The compound written apart, in two words at each seam or in all its parts: woningbouw opgave,
   woning bouw opgave. Texts have most of those under the compound's own key (terms.c); this looks
   for the rest. NULL when it has no parts. */
static const struct node *apart_node(struct reading *r, str key)
{
    const struct node *ways[DUTCH_MAX_PARTS + 1];
    str *parts = arena_array(r->a, DUTCH_MAX_PARTS, sizeof *parts), rest = key;
    size_t count = 0, n = 0;
    while (count < DUTCH_MAX_PARTS && str_split(&rest, '+', &parts[count]))
        count++;
    if (count < 2 || count == DUTCH_MAX_PARTS)
        return NULL;
    for (size_t at = 0; at + 1 < count; at++) {
        str *halves = arena_array(r->a, 2, sizeof *halves);
        size_t seam = (size_t)(parts[at].ptr + parts[at].len - key.ptr);
        halves[0] = str_slice(key, 0, seam);
        halves[1] = str_slice(key, seam + 1, key.len);
        ways[n++] = phrase_node(r->s, halves, NULL, 2, false);
    }
    if (count == 3)
        ways[n++] = phrase_node(r->s, parts, NULL, count, false);
    return node_of(r->a, NODE_MAX, ways, n);
}

static void want_key(struct reading *r, const struct word *w, size_t frequency_of_key,
                     struct want *ret)
{
    const struct node *bonus[2] = {
        node_scale(r->a, node_term(r->a, 'T', w->key), title_weight),
        node_scale(r->a, node_term(r->a, 'S', w->folded), written_weight)};
    *ret = (struct want){.node = node_term(r->a, 0, w->key),
                         .bonus = node_of(r->a, NODE_OR, bonus, str_eq(w->key, w->folded) ? 1 : 2),
                         .frequency = frequency_of_key};
    add_mark(r, w->key);
}

static int count_hits(struct reading *r, const struct node *n, size_t *ret)
{
    struct xap_result found;
    struct xap_request request = {.query = n, .limit = 1};
    TRY(xap_match(r->s->c, r->s->reader, &request, &found));
    *ret = found.hit_count ? found.total : 0;
    return 0;
}

/* A word of the language that the texts happen to lack is not a typing mistake. */
static int want_mended(struct reading *r, size_t i, const struct word *w, bool *ret_done)
{
    struct word better;
    struct want want;
    struct parts parts;
    size_t found;
    str mended;
    *ret_done = false;
    if (w->is_protected || analyser_known(r->s->vocabulary->analyser, w->folded))
        return 0;
    TRY(typo_mend(r->s, w->folded, &mended));
    if (!mended.len)
        return 0;
    *ret_done = true;
    r->mended[i] = mended;
    analyser_word(r->s->vocabulary->analyser, r->a, mended, &better);
    TRY(frequency(r, 0, better.key, &found));
    if (found) {
        want_key(r, &better, found, &want);
        add_want(r, want);
        return 0;
    }
    TRY(find_parts(r, &better, &parts));
    want_parts(r, &better, &parts);
    return 0;
}

/* A word that no text has: a compound may be written apart everywhere; when only its parts occur it
   is asked for by those, else it may be mistyped. */
static int want_unseen(struct reading *r, size_t i, const struct word *w)
{
    size_t found = 0;
    bool done;
    struct parts parts = {0};
    struct want want = {
        .node = node_term(r->a, 0, w->key)}; /* finds nothing: the query is then relaxed */
    const struct node *apart = apart_node(r, w->key);
    if (apart)
        TRY(count_hits(r, apart, &found));
    if (found) {
        add_mark(r, w->key);
        add_want(r, (struct want){.node = apart, .frequency = found});
        return 0;
    }
    if (w->part_count > 1)
        TRY(find_parts(r, w, &parts));
    if (parts.least) {
        want_parts(r, w, &parts);
        return 0;
    }
    TRY(want_mended(r, i, w, &done));
    if (!done)
        add_want(r, want);
    return 0;
}

/* ---- synonyms ---- */

static bool is_plain_word(const struct reading *r, size_t i)
{
    return i < r->p->count && r->p->clause[i].kind == CLAUSE_WORD && !r->p->clause[i].excluded;
}

static bool meaning_is_at(const struct reading *r, const struct meaning *m, size_t i)
{
    for (size_t k = 0; k < m->from_count; k++)
        if (!is_plain_word(r, i + k) || !str_eq(r->word[i + k].key, m->from[k]))
            return false;
    return true;
}

/* What the words from i mean otherwise, for runs of exactly `count` words. */
static size_t meanings_at(struct reading *r, size_t i, size_t count,
                          const struct meaning *ret[MAX_MEANINGS])
{
    const struct vocabulary *v = r->s->vocabulary;
    size_t found = 0;
    for (size_t k = 0; k < v->meaning_count && found < MAX_MEANINGS; k++)
        if (v->meanings[k].from_count == count && meaning_is_at(r, &v->meanings[k], i))
            ret[found++] = &v->meanings[k];
    return found;
}

/* The longest run of words at i that has another meaning; 0: none. */
static size_t longest_meaning(const struct reading *r, size_t i)
{
    const struct vocabulary *v = r->s->vocabulary;
    size_t longest = 0;
    for (size_t k = 0; k < v->meaning_count; k++)
        if (v->meanings[k].from_count > longest && meaning_is_at(r, &v->meanings[k], i))
            longest = v->meanings[k].from_count;
    return longest;
}

/* Adds to want what the words i .. i + count - 1 mean otherwise. */
static int add_meanings(struct reading *r, size_t i, size_t count, struct want *want)
{
    const struct meaning *meanings[MAX_MEANINGS];
    const struct node *nodes[MAX_MEANINGS + 1];
    size_t n = 0, found = meanings_at(r, i, count, meanings);
    if (want->node)
        nodes[n++] = want->node;
    for (size_t k = 0; k < found; k++) {
        const struct meaning *m = meanings[k];
        size_t least = SIZE_MAX, has;
        for (size_t x = 0; x < m->to_count; x++) {
            if (dutch_is_stopword(m->to[x]) && m->to_count > 1)
                continue;
            TRY(frequency(r, 0, m->to[x], &has));
            least = has < least ? has : least;
            add_mark(r, m->to[x]);
        }
        want->frequency += least == SIZE_MAX ? 0 : least;
        nodes[n++] =
            node_scale(r->a, phrase_node(r->s, m->to, NULL, m->to_count, false), synonym_weight);
    }
    want->node = node_of(r->a, NODE_MAX, nodes, n);
    return 0;
}

/* ---- runs of words ---- */

static bool only_space_between(str before, str after)
{
    for (const char *p = before.ptr + before.len; p < after.ptr; p++)
        if (*p != ' ')
            return false;
    return true;
}

/* Words typed apart that are one compound: only when the compound is a word of the language or of
   the texts. *ret_count is how many words it takes; 0: none. */
static int join_at(struct reading *r, size_t i, struct word *ret, size_t *ret_count)
{
    str left = r->p->clause[i].text;
    *ret_count = 0;
    for (size_t n = 1; n < MAX_RUN && is_plain_word(r, i + n); n++) {
        struct word joined;
        const struct word *last = &r->word[i + n];
        str right = r->p->clause[i + n].text;
        size_t as_one_word;
        if (r->word[i].is_stop || last->is_stop || r->word[i].is_protected || last->is_protected ||
            !only_space_between(r->p->clause[i + n - 1].text, right) ||
            !analyser_join(r->s->vocabulary->analyser, r->a, left, right, &joined))
            return 0;
        TRY(frequency(r, 'S', joined.folded, &as_one_word));
        if (as_one_word || analyser_known(r->s->vocabulary->analyser, joined.folded)) {
            *ret = joined;
            *ret_count = n + 1;
        }
        left = str_join(r->a, (str[]){left, right}, 2, S(""));
    }
    return 0;
}

static int want_word(struct reading *r, size_t i)
{
    const struct word *w = &r->word[i];
    struct want want = {0};
    size_t found;
    TRY(frequency(r, 0, w->key, &found));
    if (found)
        want_key(r, w, found, &want);
    TRY(add_meanings(r, i, 1, &want));
    if (!want.frequency)
        return want_unseen(r, i, w);
    add_want(r, want);
    return 0;
}

/* A run of words that means something else as a whole: all of the words, or the other. */
static int want_run(struct reading *r, size_t i, size_t count, struct want *ret)
{
    const struct node *nodes[INDEX_MAX_CLAUSES];
    size_t n = 0, least = SIZE_MAX;
    for (size_t k = 0; k < count; k++) {
        size_t found;
        if (r->word[i + k].is_stop)
            continue;
        TRY(frequency(r, 0, r->word[i + k].key, &found));
        least = found < least ? found : least;
        nodes[n++] = node_term(r->a, 0, r->word[i + k].key);
        add_mark(r, r->word[i + k].key);
    }
    *ret = (struct want){.frequency = least == SIZE_MAX ? 0 : least};
    if (n)
        ret->node = node_of(r->a, NODE_AND, nodes, n);
    return add_meanings(r, i, count, ret);
}

/* The clauses from i on; *ret_used is how many of them it took. */
static int read_word(struct reading *r, size_t i, size_t *ret_used)
{
    struct want want = {0};
    struct word joined;
    size_t run = longest_meaning(r, i), together = 0;
    *ret_used = run > 1 ? run : 1;
    if (run > 1) {
        TRY(want_run(r, i, run, &want));
        add_want(r, want);
        return 0;
    }
    TRY(join_at(r, i, &joined, &together));
    if (together) {
        r->word[i] = joined; /* from here on it is as if it had been typed as one word */
        *ret_used = together;
    } else if (r->word[i].is_stop && !run && !r->only_stop_words) {
        return 0;
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
    r->only_stop_words = true;
    for (size_t i = 0; i < r->p->count; i++) {
        const struct clause *cl = &r->p->clause[i];
        if (cl->kind == CLAUSE_WORD)
            analyser_word(r->s->vocabulary->analyser, r->a, cl->text, &r->word[i]);
        if (!cl->excluded && (cl->kind != CLAUSE_WORD || !r->word[i].is_stop))
            r->only_stop_words = false;
    }
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
    ret->corrected = corrected_text(r);
    return 0;
}
