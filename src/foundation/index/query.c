/* The query language: words, "phrase", -word, field:word, field:"words". Nothing is an error: what
   cannot be read as something special is a word. */
#include "index/index_int.h"

static bool is_space(char ch)
{
    return ch == ' ' || ch == '\t' || ch == '\n' || ch == '\r';
}

/* Length of a quotation mark at the front, straight or typographic; 0: none. */
static size_t quote_length(str s)
{
    static const char *const marks[] = {"\"", "“", "”", "„", "«", "»"};
    for (size_t i = 0; i < COUNT_OF(marks); i++)
        if (str_starts(s, str_from(marks[i])))
            return strlen(marks[i]);
    return 0;
}

/* Takes what is between quotation marks off the front of *rest; an unclosed one runs to the end. */
static bool take_quoted(str *rest, str *ret)
{
    size_t open = quote_length(*rest);
    if (!open)
        return false;
    size_t end = open;
    while (end < rest->len && !quote_length(str_slice(*rest, end, rest->len)))
        end++;
    *ret = str_slice(*rest, open, end);
    size_t close = end < rest->len ? quote_length(str_slice(*rest, end, rest->len)) : 0;
    *rest = str_slice(*rest, end + close, rest->len);
    return true;
}

static str take_until_space(str *rest)
{
    size_t end = 0;
    while (end < rest->len && !is_space(rest->ptr[end]) &&
           !(end && quote_length(str_slice(*rest, end, rest->len))))
        end++;
    str taken = str_slice(*rest, 0, end);
    *rest = str_slice(*rest, end, rest->len);
    return taken;
}

/* Takes "titel:" and the like off the front; false when there is none, or nothing after it. */
static bool take_field(const struct index *ix, str *rest, int *ret)
{
    char name[16];
    size_t end = 0;
    while (end < rest->len && end < sizeof name && rest->ptr[end] != ':' &&
           !is_space(rest->ptr[end])) {
        char ch = rest->ptr[end];
        name[end++] = (char)(ch >= 'A' && ch <= 'Z' ? ch - 'A' + 'a' : ch);
    }
    if (end + 1 >= rest->len || rest->ptr[end] != ':' || is_space(rest->ptr[end + 1]))
        return false;
    str found = str_of(name, end);
    int facet = index_facet_number(ix, found);
    if (facet < 0 && !str_eqz(found, "titel") && !str_eqz(found, "catalogus"))
        return false;
    *ret = facet >= 0 ? facet : str_eqz(found, "titel") ? FIELD_TITLE : FIELD_CATALOGUE;
    *rest = str_slice(*rest, end + 1, rest->len);
    return true;
}

static void add(struct parsed *p, struct clause clause)
{
    if (p->count < INDEX_MAX_CLAUSES)
        p->clause[p->count++] = clause;
}

static void add_words(struct parsed *p, str text, bool excluded)
{
    str word;
    while (dutch_next_word(&text, &word))
        add(p, (struct clause){.kind = CLAUSE_WORD, .excluded = excluded, .text = word});
}

static bool has_word(str text)
{
    str word;
    return dutch_next_word(&text, &word);
}

static void take_clause(const struct index *ix, str *rest, struct parsed *ret)
{
    struct clause clause = {0};
    str after = str_slice(*rest, 1, rest->len);
    if (rest->ptr[0] == '-' && after.len && !is_space(after.ptr[0]) && after.ptr[0] != '-') {
        clause.excluded = true;
        *rest = after;
    }
    if (take_field(ix, rest, &clause.field)) {
        clause.kind = CLAUSE_FIELD;
        clause.quoted = take_quoted(rest, &clause.text);
        if (!clause.quoted)
            clause.text = take_until_space(rest);
        if (has_word(clause.text))
            add(ret, clause);
    } else if (take_quoted(rest, &clause.text)) {
        clause.quoted = true;
        clause.kind = CLAUSE_PHRASE;
        if (has_word(clause.text))
            add(ret, clause);
    } else {
        add_words(ret, take_until_space(rest), clause.excluded);
    }
}

void query_parse(const struct index *ix, str text, struct parsed *ret)
{
    str rest = text;
    ret->text = text;
    ret->count = 0;
    while (rest.len) {
        if (is_space(rest.ptr[0]))
            rest = str_slice(rest, 1, rest.len);
        else
            take_clause(ix, &rest, ret);
    }
}
