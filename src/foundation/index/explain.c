/* How the score of a hit is made up: each term that was asked for, weighed for this document alone.
 */
#include "base/buf.h"
#include "index/index_int.h"

enum { MAX_TERMS = 60 };

struct leaves {
    const struct node *node[MAX_TERMS]; /* a term, or a scaled term */
    size_t count;
};

static void collect(const struct node *n, struct leaves *ret)
{
    if (!n || ret->count == MAX_TERMS)
        return;
    if (n->kind == NODE_TERM || (n->kind == NODE_SCALE && n->child[0]->kind == NODE_TERM)) {
        ret->node[ret->count++] = n;
        return;
    }
    for (size_t i = 0; i < n->count; i++)
        collect(n->child[i], ret);
}

static str term_of(const struct node *n)
{
    return n->kind == NODE_SCALE ? n->child[0]->term : n->term;
}

static const char *where(str term)
{
    switch (term.len ? term.ptr[0] : 0) {
    case 'T':
        return "in titel of trefwoorden";
    case 'S':
        return "precies zo geschreven";
    default:
        return "in de tekst, ook als deel van een woord";
    }
}

static int add_line(struct search *s, const struct node *leaf, const struct node *document,
                    struct buf *b)
{
    struct xap_result found;
    struct xap_request request = {.query = node_two(s->c->arena, NODE_FILTER, leaf, document),
                                  .limit = 1};
    str term = term_of(leaf);
    TRY(xap_match(s->c, s->reader, &request, &found));
    if (!found.hit_count)
        return 0;
    str word =
        term.len && term.ptr[0] >= 'A' && term.ptr[0] <= 'Z' ? str_slice(term, 1, term.len) : term;
    buf_fmt(b, "%6.2f  %.*s (%s)\n", found.hits[0].weight, (int)word.len, word.ptr, where(term));
    return 0;
}

int explain(struct search *s, const struct plan *plan, str kind, long long id, str *ret)
{
    struct leaves *leaves = arena_new_of(s->c->arena, struct leaves);
    struct buf b;
    const struct node *document = node_term(s->c->arena, 0, terms_id(s->c->arena, kind, id));
    buf_init(&b, s->c->arena, 16 * 1024);
    for (size_t i = 0; i < plan->want_count; i++) {
        collect(plan->wants[i].node, leaves);
        collect(plan->wants[i].bonus, leaves);
    }
    for (size_t i = 0; i < leaves->count; i++)
        TRY(add_line(s, leaves->node[i], document, &b));
    *ret = buf_str(&b);
    return 0;
}
