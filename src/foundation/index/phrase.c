/* Words next to each other. The token streams say where the keys stand in a row; for a phrase as
   written the text that the index keeps has the last word. */
#include "index/index_int.h"

/* What the verifier gets: the folded words, in order. */
struct wording {
    struct arena *a; /* only for folding the words of one text; emptied after each */
    const str *folded;
    size_t count;
    bool in_title;
};

static void close_arena(void *object)
{
    arena_free(object);
}

/* Does the text have the words in a row? at counts how many of them the last words were; after a
   miss the search goes on from the word after the first. */
static bool text_has(struct wording *w, str text)
{
    str rest = text, word;
    while (dutch_next_word(&rest, &word)) {
        str ahead = rest, next = word;
        size_t n = 0;
        while (n < w->count && str_eq(dutch_fold(w->a, next), w->folded[n])) {
            n++;
            if (n < w->count && !dutch_next_word(&ahead, &next))
                break;
        }
        if (n == w->count)
            return true;
    }
    return false;
}

static bool verify(void *arg, str data)
{
    struct wording *w = arg;
    struct stored d;
    if (!stored_unpack(data, &d))
        return false;
    bool found = text_has(w, d.title);
    if (!found && !w->in_title)
        found = text_has(w, d.name) || text_has(w, d.keywords) || text_has(w, d.summary) ||
                text_has(w, d.body) || text_has(w, d.catalogue);
    arena_reset(w->a);
    return found;
}

static struct wording *wording_new(struct arena *a, const str *folded, size_t count, bool in_title)
{
    struct wording *w = arena_new_of(a, struct wording);
    *w = (struct wording){arena_new(), folded, count, in_title};
    arena_defer(a, close_arena, w->a);
    return w;
}

/* The term that every document with this word of the phrase has. Stop words have none. */
static str term_of(struct arena *a, str key, const str *folded, bool in_title)
{
    if (in_title)
        return xap_name(a, 'T', key);
    if (dutch_is_stopword(folded ? *folded : key))
        return S("");
    return folded && !str_eq(*folded, key) ? xap_name(a, 'S', *folded) : xap_name(a, 0, key);
}

/* The tokens tell a word as its key from other forms of it; only which of two other forms stands
   there must be read in the text. */
static bool needs_text(const str *keys, const str *folded, size_t count, bool in_title)
{
    bool other_form = in_title;
    for (size_t i = 0; count > 1 && i < count; i++)
        other_form = other_form || !str_eq(keys[i], folded[i]);
    return other_form;
}

const struct node *phrase_node(struct search *s, const str *keys, const str *folded, size_t count,
                               bool in_title)
{
    struct arena *a = s->c->arena;
    struct phrase *p = arena_new_of(a, struct phrase);
    str *terms = arena_array(a, count + 1, sizeof *terms);
    uint16_t *tokens = arena_array(a, count + 1, sizeof *tokens);
    const struct node **weighing = arena_array(a, count + 2, sizeof *weighing);
    size_t term_count = 0;
    for (size_t i = 0; i < count; i++) {
        str term = term_of(a, keys[i], folded ? &folded[i] : NULL, in_title);
        tokens[i] = word_token(keys[i], folded ? folded[i] : keys[i]);
        if (!term.len)
            continue;
        weighing[term_count] = node_term(a, 0, term);
        terms[term_count++] = term;
    }
    if (count == 1 && term_count == 1 && (!folded || terms[0].ptr[0] == 'S'))
        return weighing[0];
    if (!term_count) { /* stop words only: look at every document */
        weighing[0] = &node_all;
        terms[0] = S("");
        term_count = 1;
    }
    *p = (struct phrase){.terms = terms,
                         .term_count = term_count,
                         .tokens = tokens,
                         .token_count = count,
                         .mask = folded ? TOKEN_AS_WRITTEN : TOKEN_BY_KEY};
    if (folded && needs_text(keys, folded, count, in_title)) {
        p->verify = verify;
        p->arg = wording_new(a, folded, count, in_title);
    }
    return node_two(a, NODE_FILTER, node_of(a, NODE_AND, weighing, term_count), node_phrase(a, p));
}
