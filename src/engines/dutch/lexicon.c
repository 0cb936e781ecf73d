#include "dutch/lexicon.h"

/* Made by tools/dutchc; begins with struct dutch_table. */
extern const unsigned char dutch_table_bytes[];

static const struct dutch_table *header(void)
{
    return (const struct dutch_table *)(const void *)dutch_table_bytes;
}

static const uint32_t *edges(void)
{
    return (const uint32_t *)(const void *)(dutch_table_bytes + header()->edges_at);
}

static const uint32_t *skips(void)
{
    return (const uint32_t *)(const void *)(dutch_table_bytes + header()->skips_at);
}

static const struct dutch_class *class_of_form(uint32_t number)
{
    const uint16_t *forms =
        (const uint16_t *)(const void *)(dutch_table_bytes + header()->forms_at);
    const struct dutch_class *classes =
        (const struct dutch_class *)(const void *)(dutch_table_bytes + header()->classes_at);
    return &classes[forms[number]];
}

struct lexicon_walk lexicon_begin(void)
{
    return (struct lexicon_walk){edges()[0] >> 8, 0};
}

static uint32_t symbol_of(char c)
{
    if (c >= 'a' && c <= 'z')
        return (uint32_t)(c - 'a');
    return c >= '0' && c <= '9' ? (uint32_t)(c - '0' + 26) : DUTCH_SYMBOLS;
}

bool lexicon_step(struct lexicon_walk *walk, char letter, const struct dutch_class **ret_class)
{
    const uint32_t *e = edges();
    uint32_t symbol = symbol_of(letter), i = walk->state;
    *ret_class = NULL;
    if (!i)
        return false;
    while ((e[i] & 63) < symbol && !(e[i] & DUTCH_EDGE_LAST)) /* edges are in symbol order */
        i++;
    if ((e[i] & 63) != symbol) {
        walk->state = 0;
        return false;
    }
    uint32_t number = walk->number + skips()[i];
    if (e[i] & DUTCH_EDGE_FINAL)
        *ret_class = class_of_form(number);
    walk->number = number + ((e[i] & DUTCH_EDGE_FINAL) != 0);
    walk->state = e[i] >> 8;
    return true;
}

const struct dutch_class *lexicon_find(str folded)
{
    struct lexicon_walk walk = lexicon_begin();
    const struct dutch_class *c = NULL;
    for (size_t i = 0; i < folded.len; i++)
        if (!lexicon_step(&walk, folded.ptr[i], &c))
            return NULL;
    return c;
}

static const struct dutch_rule *rule_of(const struct dutch_class *c)
{
    const struct dutch_rule *rules =
        (const struct dutch_rule *)(const void *)(dutch_table_bytes + header()->rules_at);
    return &rules[c->rule];
}

size_t lexicon_cut(const struct dutch_class *c)
{
    const struct dutch_rule *rule = rule_of(c);
    return rule->len ? 0 : rule->cut;
}

size_t lexicon_base(const struct dutch_class *c, str form, char *out)
{
    const struct dutch_rule *rule = rule_of(c);
    size_t kept = form.len - rule->cut;
    memcpy(out, form.ptr, kept);
    memcpy(out + kept, dutch_table_bytes + header()->text_at + rule->at, rule->len);
    return kept + rule->len;
}
