/* As you type: objects whose title, short title or keywords have the words, the last one as a
   prefix of a word or of a part of a compound. */
#include "base/vec.h"
#include "index/index_int.h"

enum {
    MAX_WORDS = 8,
    MAX_RESULT = 20,
    SHORT_PREFIX = 2,
    SHORT_TERMS = 40, /* words that a prefix of one or two letters stands for */
    LONG_TERMS = 120,
    QUICK_PREFIX =
        3, /* in a large index, so little typed fits so much that weighing it all is wasted */
    QUICK_DOCUMENTS = 30000,
    SCAN_TERMS = 2000,
};

struct typed {
    str written[MAX_WORDS], folded[MAX_WORDS];
    size_t count;
};

static void read_typed(struct arena *a, str text, struct typed *ret)
{
    str written;
    ret->count = 0;
    while (ret->count < MAX_WORDS && dutch_next_word(&text, &written)) {
        str folded = dutch_fold(a, written);
        if (!folded.len)
            continue;
        ret->written[ret->count] = written;
        ret->folded[ret->count++] = folded;
    }
}

static const struct node *prefix_node(struct arena *a, str folded)
{
    struct node *n = arena_new_of(a, struct node);
    *n = (struct node){.kind = NODE_PREFIX,
                       .term = xap_name(a, 'U', folded),
                       .limit = folded.len <= SHORT_PREFIX ? SHORT_TERMS : LONG_TERMS};
    return n;
}

static const struct node *query_of(struct search *s, const struct typed *t)
{
    struct arena *a = s->c->arena;
    const struct node *all[MAX_WORDS];
    size_t count = 0;
    for (size_t i = 0; i < t->count; i++) {
        bool last = i + 1 == t->count;
        struct word w;
        analyser_word(s->vocabulary->analyser, a, t->written[i], &w);
        if (w.is_stop && !last)
            continue;
        const struct node *as_word = node_term(a, 'T', w.key);
        const struct node *as_written =
            last ? prefix_node(a, t->folded[i]) : node_term(a, 'U', t->folded[i]);
        all[count++] = node_two(a, NODE_OR, as_word, as_written);
    }
    return node_of(a, NODE_AND, all, count);
}

static int ask(struct search *s, const struct typed *t, size_t limit, struct xap_result *ret)
{
    struct xap_request request = {.query = query_of(s, t),
                                  .limit = limit,
                                  .any_order = t->count == 1 && t->folded[0].len <= QUICK_PREFIX &&
                                               xap_document_count(s->reader) > QUICK_DOCUMENTS};
    return xap_match(s->c, s->reader, &request, ret);
}

/* ---- typing mistakes ---- */

/* Mistakes between what was typed and the best beginning of the word. */
static unsigned prefix_distance(str typed, str word, unsigned limit)
{
    unsigned best = limit + 1;
    for (size_t len = typed.len > limit ? typed.len - limit : 0;
         len <= typed.len + limit && len <= word.len; len++) {
        unsigned distance = typo_distance(typed, str_slice(word, 0, len), limit);
        best = distance < best ? distance : best;
    }
    return best;
}

/* The title word that begins most like what was typed, among those with the same first letter or
 * two. */
static int mend_prefix(struct search *s, str folded, str *ret)
{
    struct arena *a = s->c->arena;
    unsigned limit = typo_allowed(folded.len), best = limit + 1;
    str *terms;
    size_t count;
    *ret = S("");
    if (!limit || folded.len > 40)
        return 0;
    TRY(xap_terms(s->c, s->reader, xap_name(a, 'U', str_slice(folded, 0, 2)), S(""), SCAN_TERMS,
                  &terms, &count));
    for (size_t i = 0; i < count; i++) {
        str word = str_slice(terms[i], 1, terms[i].len);
        unsigned distance = prefix_distance(folded, word, limit);
        if (distance < best) {
            best = distance;
            *ret = word;
        }
    }
    return 0;
}

static int mend(struct search *s, struct typed *t)
{
    for (size_t i = 0; i < t->count; i++) {
        size_t found;
        str better;
        TRY(xap_frequency(s->c, s->reader, xap_name(s->c->arena, 'U', t->folded[i]), &found));
        if (found)
            continue;
        TRY(typo_mend(s, t->folded[i], &better));
        if (!better.len && i + 1 == t->count)
            TRY(mend_prefix(s, t->folded[i], &better));
        if (better.len)
            t->written[i] = t->folded[i] = better;
    }
    return 0;
}

/* ---- showing ---- */

static bool is_known(const struct index_suggestion *all, size_t count, str url)
{
    for (size_t i = 0; i < count; i++)
        if (str_eq(all[i].url, url))
            return true;
    return false;
}

/* Titles that begin with what was typed come first, else by weight. */
static void show(struct search *s, const struct typed *t, const struct xap_result *found,
                 size_t limit, struct index_suggestion *ret, size_t *ret_count)
{
    str start = str_join(s->c->arena, t->folded, t->count, S(""));
    *ret_count = 0;
    for (int turn = 0; turn < 2; turn++)
        for (size_t i = 0; i < found->hit_count && *ret_count < limit; i++) {
            struct stored d;
            if (!stored_unpack(found->hits[i].data, &d))
                continue;
            bool begins = str_starts(dutch_fold(s->c->arena, d.title), start);
            if (begins == (turn == 0) && !is_known(ret, *ret_count, d.url))
                ret[(*ret_count)++] = (struct index_suggestion){d.title, d.url, d.type};
        }
}

struct question {
    str text;
    size_t limit;
    struct index_suggestion *ret;
    size_t count;
};

static int answer(struct search *s, void *arg)
{
    struct question *q = arg;
    struct typed t;
    struct xap_result found;
    q->count = 0;
    read_typed(s->c->arena, q->text, &t);
    if (!t.count)
        return 0;
    TRY(ask(s, &t, 2 * q->limit, &found));
    if (!found.hit_count) {
        TRY(mend(s, &t));
        TRY(ask(s, &t, 2 * q->limit, &found));
    }
    show(s, &t, &found, q->limit, q->ret, &q->count);
    return 0;
}

int index_suggest(struct ctx *c, struct index *ix, str text, size_t limit,
                  struct index_suggestion **ret, size_t *ret_count)
{
    struct question q = {.text = text, .limit = limit < MAX_RESULT ? limit : MAX_RESULT};
    *ret_count = 0;
    if (text.len > INDEX_MAX_QUERY)
        return err_set(c, ERR_INVALID, "Uw zoekvraag is te lang: ten hoogste %d tekens.",
                       INDEX_MAX_QUERY);
    q.ret = arena_array(c->arena, q.limit + 1, sizeof *q.ret);
    TRY(index_with_reader(c, ix, answer, &q));
    *ret = q.ret;
    *ret_count = q.count;
    return 0;
}
