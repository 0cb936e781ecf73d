/* How the score of a hit is made up: everything in the query that gives weight by itself, weighed
   for this document alone. */
#include "base/buf.h"
#include "index/index_int.h"

enum { MAX_LEAVES = 400, MAX_WORDS = 12, MAX_TEXT = 64 * 1024 };

/* A part of the query whose weight the document has wholly or not at all. */
struct leaf {
    const struct node *node;
    const struct node *under; /* counts only where this is too; NULL: everywhere */
    double scale;
};
struct leaves {
    struct leaf leaf[MAX_LEAVES];
    size_t count;
};

static void add_leaf(struct leaves *l, struct leaf leaf)
{
    if (l->count < MAX_LEAVES)
        l->leaf[l->count++] = leaf;
}

/* certain: the document is known to have the node. Then what it is made of counts one by one; else
   that is only so for what counts by itself, as in an OR. */
static void collect(const struct node *n, double scale, bool certain, struct leaves *ret)
{
    bool first_only = n->kind == NODE_NOT || n->kind == NODE_FILTER;
    if (n->kind == NODE_SCALE) {
        collect(n->child[0], scale * n->scale, certain, ret);
    } else if (n->kind == NODE_OR) {
        for (size_t i = 0; i < n->count; i++)
            collect(n->child[i], scale, false, ret);
    } else if (n->kind == NODE_MAYBE) {
        collect(n->child[0], scale, certain, ret);
        for (size_t i = 1; i < n->count; i++)
            if (certain)
                collect(n->child[i], scale, false, ret);
            else
                add_leaf(ret, (struct leaf){n->child[i], n->child[0], scale});
    } else if (certain && (first_only || n->kind == NODE_AND)) {
        for (size_t i = 0; i < (first_only ? 1 : n->count); i++)
            collect(n->child[i], scale, true, ret);
    } else {
        add_leaf(ret, (struct leaf){n, NULL, scale});
    }
}

/* The terms in it, at most MAX_WORDS. */
static void terms_in(const struct node *n, str terms[MAX_WORDS], size_t *count)
{
    if (n->kind == NODE_TERM && *count < MAX_WORDS)
        terms[(*count)++] = n->term;
    for (size_t i = 0; i < n->count; i++)
        terms_in(n->child[i], terms, count);
}

static char prefix_of(str term)
{
    return term.len && term.ptr[0] >= 'A' && term.ptr[0] <= 'Z' ? term.ptr[0] : 0;
}

static const char *where(char prefix)
{
    switch (prefix) {
    case 'T':
        return "in titel of trefwoorden";
    case 'S':
        return "precies zo geschreven";
    case 'E':
        return "heet zo";
    case 'A':
        return "hoort bij een goede treffer";
    case 'R':
        return "noemt een goede treffer";
    default:
        return "in de tekst, ook als deel van een woord";
    }
}

static void write_line(struct buf *b, double weight, const struct node *n)
{
    str terms[MAX_WORDS];
    size_t count = 0;
    terms_in(n, terms, &count);
    buf_fmt(b, "%6.2f  ", weight);
    for (size_t i = 0; i < count; i++) {
        str word = str_slice(terms[i], prefix_of(terms[i]) ? 1 : 0, terms[i].len);
        buf_fmt(b, "%s%.*s", i ? " " : "", (int)word.len, word.ptr);
    }
    buf_fmt(b, " (%s)\n", where(count ? prefix_of(terms[0]) : 0));
}

static int add_line(struct search *s, const struct leaf *leaf, const struct node *document,
                    struct buf *b)
{
    struct xap_result found;
    struct arena *a = s->c->arena;
    struct xap_request request = {.limit = 1, .prefixes = ""};
    const struct node *parts[3] = {node_scale(a, leaf->node, leaf->scale), document, leaf->under};
    request.query = node_of(a, NODE_FILTER, parts, leaf->under ? 3 : 2);
    TRY(xap_match(s->c, s->reader, &request, &found));
    if (found.hit_count && found.hits[0].weight > 0)
        write_line(b, found.hits[0].weight, leaf->node);
    return 0;
}

int explain(struct search *s, const struct node *asked, str kind, long long id, str *ret)
{
    struct leaves *leaves = arena_new_of(s->c->arena, struct leaves);
    struct buf b;
    const struct node *document = node_term(s->c->arena, 0, terms_id(s->c->arena, kind, id));
    buf_init(&b, s->c->arena, MAX_TEXT);
    collect(asked, 1, true, leaves);
    for (size_t i = 0; i < leaves->count; i++)
        TRY(add_line(s, &leaves->leaf[i], document, &b));
    *ret = buf_str(&b);
    return 0;
}
