/* With no hits: another query that has them, tried before it is offered. */
#include "base/buf.h"
#include "index/index_int.h"

enum { MAX_TRIES = 24, LOOSE_EDITS = 3, MAX_TERMS = 60, MIN_SHARED = 3 };

struct attempts {
    struct search *s;
    const struct index_query *q;
    size_t tries;
    str found; /* empty: none yet */
};

static int attempt(struct attempts *t, str text)
{
    size_t total = 0;
    struct index_query other = *t->q;
    other.text = str_trim(text);
    other.offset = 0;
    if (t->found.len || !other.text.len || other.text.len > INDEX_MAX_QUERY ||
        t->tries++ >= MAX_TRIES || str_eq(other.text, t->q->text))
        return 0;
    TRY(index_has_hits(t->s, &other, &total));
    if (total)
        t->found = other.text;
    return 0;
}

/* The words alone, without exclusions, fields and quotation marks. */
static str bare_words(struct arena *a, const struct parsed *p)
{
    struct buf b;
    buf_init(&b, a, 2 * INDEX_MAX_QUERY);
    for (size_t i = 0; i < p->count; i++) {
        const struct clause *cl = &p->clause[i];
        if (cl->excluded || (cl->kind == CLAUSE_FIELD && cl->field >= 0))
            continue;
        if (b.len)
            buf_add_byte(&b, ' ');
        buf_add(&b, cl->text);
    }
    return buf_str(&b);
}

/* A word of a title that begins as this one does, as much as possible. */
static int by_beginning(struct attempts *t, str folded)
{
    struct arena *a = t->s->c->arena;
    for (size_t len = folded.len > 12 ? 12 : folded.len; len >= MIN_SHARED && !t->found.len;
         len--) {
        str *terms, prefix = xap_name(a, 'U', str_slice(folded, 0, len));
        size_t count, best = 0, most = 0;
        TRY(xap_terms(t->s->c, t->s->reader, prefix, S(""), MAX_TERMS, &terms, &count));
        for (size_t i = 0; i < count; i++) {
            size_t documents;
            TRY(xap_frequency(t->s->c, t->s->reader, terms[i], &documents));
            if (documents > most) {
                most = documents;
                best = i;
            }
        }
        if (most)
            TRY(attempt(t, str_slice(terms[best], 1, terms[best].len)));
    }
    return 0;
}

static int by_single_words(struct attempts *t, const struct parsed *p)
{
    for (size_t i = 0; i < p->count; i++)
        if (p->clause[i].kind != CLAUSE_FIELD || p->clause[i].field < 0)
            TRY(attempt(t, p->clause[i].text));
    return 0;
}

/* What the words mean otherwise, and the pieces of compounds, the longest first. */
static int by_meaning(struct attempts *t, str text)
{
    const struct vocabulary *v = t->s->vocabulary;
    struct word w;
    analyser_word(v->analyser, t->s->c->arena, text, &w);
    for (size_t i = 0; i < v->meaning_count; i++) {
        const struct meaning *m = &v->meanings[i];
        str word, rest = m->to_text;
        if (m->from_count != 1 || !str_eq(m->from[0], w.key))
            continue;
        TRY(attempt(t, m->to_text));
        while (dutch_next_word(&rest, &word))
            if (!dutch_is_stopword(dutch_fold(t->s->c->arena, word)))
                TRY(attempt(t, word));
    }
    for (size_t i = w.piece_count; i-- > 0;)
        TRY(attempt(t, str_slice(text, w.piece[i].start, w.piece[i].end)));
    return 0;
}

/* More mistakes than a search mends by itself. */
static int by_looser_spelling(struct attempts *t, const struct parsed *p)
{
    for (size_t i = 0; i < p->count; i++) {
        str folded = dutch_fold(t->s->c->arena, p->clause[i].text), near;
        unsigned edits = typo_allowed(folded.len) + 1;
        if (t->found.len || folded.len < 4 || folded.len > 40)
            continue;
        TRY(xap_nearest_word(t->s->c, t->s->reader, folded,
                             edits < LOOSE_EDITS ? edits : LOOSE_EDITS, &near));
        TRY(attempt(t, near));
    }
    return 0;
}

int suggest_other(struct search *s, const struct index_query *q, const struct plan *plan, str *ret)
{
    struct attempts t = {.s = s, .q = q, .found = S("")};
    const struct parsed *p = plan->parsed;
    *ret = S("");
    TRY(attempt(&t, plan->corrected));
    TRY(attempt(&t, bare_words(s->c->arena, p)));
    TRY(by_single_words(&t, p));
    for (size_t i = 0; i < p->count && !t.found.len; i++)
        TRY(by_meaning(&t, p->clause[i].text));
    TRY(by_looser_spelling(&t, p));
    for (size_t i = 0; i < p->count && !t.found.len; i++)
        TRY(by_beginning(&t, dutch_fold(s->c->arena, p->clause[i].text)));
    *ret = str_dup(s->c->arena, t.found);
    return 0;
}
