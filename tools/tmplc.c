/* The compiler of tmplc: turns a template into one C function that writes it.

   {{# view HEADER STRUCT }}  first line: the struct that the function shows, and the header that
                              declares both. The function is called after the file: in
                              library_show.html, {{# view library/library_int.h library_show_view }}
                              makes void library_show_html(struct out *,
                              const struct library_show_view *); templates may share a view
   {{# include HEADER }}      after it, for functions that {{> }} calls
   {{ v.title }}              v is the view; v and loop variables are pointers, deeper names take
                              "." or "->"
   {{ v.count | number }}     69.183
   {{ index x }}              the place of x in its loop, from 1
   {{#if v.a}} {{else if v.b == "text"}} {{else if v.n != 1}} {{else if not x is last}} {{else}}
   {{/if}}                    "is first" and "is last" are for loop variables
   {{#each x in v.items}} {{else}} {{/each}}
                              counted by v.items_count, or by v.n with "in v.items of v.n"; else:
                              when there are none
   {{> library_card x }}      calls library_card_html with a pointer; &v.card makes one
   {{! remark }}

   A small machine (tmplc_html.c) follows the HTML, so that a value is escaped for the place where
   it stands and refused where no escaping is safe. Branches must end in the same place. Lines with
   only block tags vanish, and so do HTML comments. */
#include "tmplc.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* ---- code ---- */

static void add_line_directive(struct compiler *c, int line)
{
    if (c->code_line == line)
        return;
    text_fmt(&c->code, "#line %d \"", line);
    for (const char *p = c->file; *p; p++) {
        if (*p == '"' || *p == '\\')
            text_byte(&c->code, '\\');
        text_byte(&c->code, *p);
    }
    text_addz(&c->code, "\"\n");
}

/* One statement on one line of the generated file, attributed to a line of the template. */
static void add_code(struct compiler *c, int line, const char *fmt, ...) TOOL_PRINTF(3, 4);
static void add_code(struct compiler *c, int line, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    const char *z = tool_vfmt(fmt, args);
    va_end(args);
    add_line_directive(c, line);
    text_fmt(&c->code, "    %s\n", z);
    c->code_line = line + 1;
}

static void add_literal_byte(struct text *code, char b)
{
    unsigned char byte = (unsigned char)b;
    if (b == '"' || b == '\\' || b == '?') /* "?": no trigraphs */
        text_fmt(code, "\\%c", b);
    else if (b == '\n')
        text_addz(code, "\\n");
    else if (byte < 0x20 || byte == 0x7F)
        text_fmt(code, "\\%03o", byte);
    else
        text_byte(code, b);
}

static void flush_literal(struct compiler *c)
{
    if (!c->literal.len)
        return;
    add_line_directive(c, c->literal_line);
    c->code_line = c->literal_line;
    text_addz(&c->code, "    out_lit(o_, \"");
    for (size_t i = 0; i < c->literal.len; i++) {
        add_literal_byte(&c->code, c->literal.ptr[i]);
        if (c->literal.ptr[i] == '\n' && i + 1 < c->literal.len) {
            text_addz(&c->code, "\"\n               \"");
            c->code_line++;
        }
    }
    text_addz(&c->code, "\");\n");
    c->code_line++;
    text_cut(&c->literal, 0);
}

/* ---- expressions ---- */

static const char *skip_space(const char *p)
{
    while (is_space(*p))
        p++;
    return p;
}

/* Takes a name off the front of *p; NULL when there is none. */
static char *take_name(const char **p)
{
    const char *from = skip_space(*p), *to = from;
    while (is_name(*to))
        to++;
    if (to == from || (*from >= '0' && *from <= '9'))
        return NULL;
    *p = to;
    return tool_copy(from, (size_t)(to - from));
}

/* Takes the word off the front of *p when it stands there whole. */
static bool take_word(const char **p, const char *word)
{
    const char *from = skip_space(*p);
    size_t n = strlen(word);
    if (strncmp(from, word, n) != 0 || (is_name(word[n - 1]) && is_name(from[n])))
        return false;
    *p = from + n;
    return true;
}

static void expect_end(const struct compiler *c, const char *p)
{
    p = skip_space(p);
    if (*p)
        fail(c, c->line, "\"%s\" is not expected here", p);
}

static bool is_loop_variable(const struct compiler *c, const char *name)
{
    for (size_t i = 0; i < c->depth; i++)
        if (c->blocks[i].each && strcmp(c->blocks[i].name, name) == 0)
            return true;
    return false;
}

static char *take_loop_variable(const struct compiler *c, const char **p)
{
    char *name = take_name(p);
    if (!name || !is_loop_variable(c, name))
        fail(c, c->line, "a loop variable is expected: {{#each x in v.items}} makes x");
    return name;
}

/* v.a.b -> v->a.b; bare tells that it was only the pointer itself. */
static char *take_path(const struct compiler *c, const char **p, bool *ret_bare)
{
    char *name = take_name(p);
    if (!name)
        fail(c, c->line, "a name is expected, such as v.title, not \"%s\"", *p);
    if (strcmp(name, "v") != 0 && !is_loop_variable(c, name))
        fail(c, c->line, "\"%s\" is neither v nor a loop variable", name);
    struct text code = {0};
    text_addz(&code, name);
    *ret_bare = true;
    while (**p == '.' || strncmp(*p, "->", 2) == 0) {
        bool arrow = **p == '-';
        *p += arrow ? 2 : 1;
        char *member = is_space(**p) ? NULL : take_name(p);
        if (!member)
            fail(c, c->line, "a member name is expected after \"%s%s\"", code.ptr,
                 arrow ? "->" : ".");
        text_fmt(&code, "%s%s", *ret_bare || arrow ? "->" : ".", member);
        *ret_bare = false;
    }
    return code.ptr;
}

/* A value: a bare loop variable stands for the thing itself. */
static char *take_value(const struct compiler *c, const char **p)
{
    bool bare;
    char *path = take_path(c, p, &bare);
    if (bare && strcmp(path, "v") == 0)
        fail(c, c->line, "v is the whole view: name a member, such as v.title");
    return bare ? tool_fmt("(*%s)", path) : path;
}

static char *take_comparison(const struct compiler *c, const char **p, const char *value,
                             bool equal)
{
    const char *from = skip_space(*p);
    if (*from == '"') {
        const char *end = strchr(from + 1, '"');
        if (!end)
            fail(c, c->line, "the text has no closing quote");
        *p = end + 1;
        struct text code = {0};
        for (const char *q = from + 1; q < end; q++)
            add_literal_byte(&code, *q);
        return tool_fmt("%sstr_eqz(%s, \"%s\")", equal ? "" : "!", value, code.len ? code.ptr : "");
    }
    const char *end = from + (*from == '-');
    while (*end >= '0' && *end <= '9')
        end++;
    if (end == from + (*from == '-') || end - from > 18)
        fail(c, c->line, "compare with a \"text\" or a whole number");
    *p = end;
    return tool_fmt("%s %s %.*s", value, equal ? "==" : "!=", (int)(end - from), from);
}

static char *condition(const struct compiler *c, const char *p)
{
    bool negate = take_word(&p, "not");
    const char *again = p;
    char *name = take_name(&again), *code;
    if (name && take_word(&again, "is")) {
        char *x = take_loop_variable(c, &p);
        (void)take_word(&p, "is");
        if (take_word(&p, "first"))
            code = tool_fmt("%s_index_ == 0", x);
        else if (take_word(&p, "last"))
            code = tool_fmt("%s_index_ + 1 == %s_count_", x, x);
        else
            fail(c, c->line, "a loop variable can be \"first\" or \"last\"");
    } else {
        char *value = take_value(c, &p);
        if (take_word(&p, "=="))
            code = take_comparison(c, &p, value, true);
        else if (take_word(&p, "!="))
            code = take_comparison(c, &p, value, false);
        else
            code = tool_fmt("out_truthy(%s)", value);
    }
    expect_end(c, p);
    return negate ? tool_fmt("!(%s)", code) : code;
}

/* ---- tags ---- */

static void tag_value(struct compiler *c, const char *p)
{
    const char *function = html_value_function(c), *again = p;
    char *name = take_name(&again);
    if (name && strcmp(name, "index") == 0 && is_space(*again)) {
        char *x = take_loop_variable(c, &again);
        expect_end(c, again);
        add_code(c, c->line, "%s(o_, %s_index_ + 1);", function, x);
        return;
    }
    char *value = take_value(c, &p);
    if (!take_word(&p, "|")) {
        expect_end(c, p);
        add_code(c, c->line, "%s(o_, %s);", function, value);
        return;
    }
    char *filter = take_name(&p);
    if (!filter || strcmp(filter, "number") != 0)
        fail(c, c->line, "the filter \"%s\" does not exist; there is only \"number\"",
             filter ? filter : "");
    if (tool_starts(function, "out_url"))
        fail(c, c->line, "a number with points does not belong in a URL: leave \"| number\" out");
    expect_end(c, p);
    add_code(c, c->line, "out_number(o_, (long long)(%s));", value);
}

static void tag_call(struct compiler *c, const char *p)
{
    bool bare;
    char *name = take_name(&p);
    if (!name)
        fail(c, c->line, "the name of a template is expected: {{> library_card x }}");
    if (c->st.place != IN_TEXT)
        fail(c, c->line, "another template can only be called in text, not %s",
             html_place_words(&c->st));
    bool address = take_word(&p, "&");
    char *path = take_path(c, &p, &bare);
    expect_end(c, p);
    add_code(c, c->line, "%s_html(o_, %s%s);", name, address ? "&" : "", path);
}

static struct block *push_block(struct compiler *c)
{
    if (c->depth == MAX_DEPTH)
        fail(c, c->line, "blocks are nested more than %d deep", MAX_DEPTH);
    html_settle(c, &c->st);
    struct block *b = &c->blocks[c->depth];
    *b = (struct block){.line = c->line, .start = c->st};
    return b;
}

static void tag_if(struct compiler *c, const char *p)
{
    (void)push_block(c);
    add_code(c, c->line, "if (%s) {", condition(c, p));
    c->depth++;
}

static void tag_each(struct compiler *c, const char *p)
{
    bool bare;
    struct block *b = push_block(c);
    char *x = take_name(&p);
    if (!x || !take_word(&p, "in"))
        fail(c, c->line, "write {{#each x in v.items}}");
    if (strcmp(x, "v") == 0 || strcmp(x, "o_") == 0 || is_loop_variable(c, x))
        fail(c, c->line, "the name \"%s\" is in use: choose another", x);
    char *list = take_path(c, &p, &bare);
    if (bare)
        fail(c, c->line, "name a list, such as v.items");
    char *count = take_word(&p, "of") ? take_path(c, &p, &bare) : tool_fmt("%s_count", list);
    expect_end(c, p);
    *b = (struct block){.each = true, .line = c->line, .start = c->st, .name = x};
    if (b->start.url == URL_START) /* the second round would not begin at the start */
        b->start.url = c->st.url = URL_CLOSED;
    c->depth++;
    add_code(c, c->line, "{ size_t %s_count_ = (size_t)(%s);", x, count);
    add_code(c, c->line,
             "for (size_t %s_index_ = 0; %s_index_ < %s_count_; %s_index_++) {"
             " const __typeof__(%s[0]) *%s = &%s[%s_index_]; (void)%s;",
             x, x, x, x, list, x, list, x, x);
}

static void end_branch(struct compiler *c, struct block *b)
{
    html_settle(c, &c->st);
    if (b->each && !b->has_else) /* a round may follow a round, or none come at all */
        c->st = html_merge(c, &b->start, &c->st);
    b->end = b->has_end ? html_merge(c, &b->end, &c->st) : c->st;
    b->has_end = true;
    c->st = b->start;
}

static void tag_else(struct compiler *c, const char *p)
{
    struct block *b = c->depth ? &c->blocks[c->depth - 1] : NULL;
    if (!b || b->has_else)
        fail(c, c->line, "{{else}} without an open {{#if}} or {{#each}}");
    end_branch(c, b);
    if (take_word(&p, "if")) {
        if (b->each)
            fail(c, c->line, "{{#each}} has a plain {{else}}: put the {{#if}} inside it");
        add_code(c, c->line, "} else if (%s) {", condition(c, p));
        return;
    }
    expect_end(c, p);
    b->has_else = true;
    if (!b->each) {
        add_code(c, c->line, "} else {");
        return;
    }
    add_code(c, c->line, "} if (%s_count_ == 0) {", b->name);
    b->name = ""; /* the loop variable is gone */
}

static void tag_end(struct compiler *c, const char *p)
{
    bool each = take_word(&p, "each");
    if (!each && !take_word(&p, "if"))
        fail(c, c->line, "write {{/if}} or {{/each}}");
    expect_end(c, p);
    struct block *b = c->depth ? &c->blocks[c->depth - 1] : NULL;
    if (!b)
        fail(c, c->line, "{{/%s}} closes nothing", each ? "each" : "if");
    if (b->each != each)
        fail(c, c->line, "{{/%s}} cannot close the {{#%s}} of line %d", each ? "each" : "if",
             b->each ? "each" : "if", b->line);
    end_branch(c, b);
    c->st = b->each || b->has_else ? b->end : html_merge(c, &b->end, &b->start);
    c->depth--;
    add_code(c, c->line, b->each ? "} }" : "}");
}

static void tag(struct compiler *c, const char *p)
{
    if (*p == '!')
        return;
    flush_literal(c);
    if (c->st.place == IN_COMMENT)
        html_settle(c, &c->st);
    const char *word = p + 1;
    if (*p == '>')
        tag_call(c, word);
    else if (*p == '/')
        tag_end(c, word);
    else if (*p == '#' && take_word(&word, "if"))
        tag_if(c, word);
    else if (*p == '#' && take_word(&word, "each"))
        tag_each(c, word);
    else if (*p == '#')
        fail(c, c->line, "unknown block: there are {{#if}} and {{#each}}, and on top {{# view}}");
    else if (take_word(&p, "else"))
        tag_else(c, p);
    else
        tag_value(c, p);
}

/* ---- reading ---- */

/* The inside of the {{ }} at offset; *ret_end is past the }}. */
static char *tag_inside(const struct compiler *c, size_t offset, size_t *ret_end)
{
    const char *from = c->source.ptr + offset + 2, *end = strstr(from, "}}");
    const char *next_line = strchr(from, '\n');
    if (!end || (next_line && next_line < end))
        fail(c, c->line, "{{ is not closed by }} on the same line");
    *ret_end = (size_t)(end + 2 - c->source.ptr);
    from = skip_space(from);
    while (end > from && is_space(end[-1]))
        end--;
    if (end <= from)
        fail(c, c->line, "{{ }} is empty");
    return tool_copy(from, (size_t)(end - from));
}

/* Does the line around c->at hold block tags and white space only? */
static bool line_vanishes(const struct compiler *c)
{
    size_t i = c->at;
    while (i && c->source.ptr[i - 1] != '\n')
        i--;
    while (c->source.ptr[i] && c->source.ptr[i] != '\n') {
        if (is_space(c->source.ptr[i])) {
            i++;
            continue;
        }
        if (strncmp(c->source.ptr + i, "{{", 2) != 0)
            return false;
        const char *inside = tag_inside(c, i, &i);
        if (!strchr("#/>!", inside[0]) && !take_word(&inside, "else"))
            return false;
    }
    return true;
}

static bool alone_before(const struct compiler *c, size_t at)
{
    while (at && (c->source.ptr[at - 1] == ' ' || c->source.ptr[at - 1] == '\t'))
        at--;
    return at == 0 || c->source.ptr[at - 1] == '\n';
}

static void trim_literal(struct compiler *c)
{
    size_t n = c->literal.len;
    while (n && (c->literal.ptr[n - 1] == ' ' || c->literal.ptr[n - 1] == '\t'))
        n--;
    text_cut(&c->literal, n);
}

/* Moves past the white space that remains of a vanishing line. */
static void skip_line_rest(struct compiler *c)
{
    while (c->source.ptr[c->at] == ' ' || c->source.ptr[c->at] == '\t')
        c->at++;
    if (c->source.ptr[c->at] == '\n') {
        c->at++;
        c->line++;
    }
}

static void read_tag(struct compiler *c)
{
    bool vanishes = line_vanishes(c);
    if (vanishes)
        trim_literal(c);
    size_t end;
    tag(c, tag_inside(c, c->at, &end));
    c->at = end;
    if (vanishes)
        skip_line_rest(c);
}

static void read_comment(struct compiler *c)
{
    bool alone = alone_before(c, c->at);
    int line = c->line;
    for (c->at += 4; strncmp(c->source.ptr + c->at, "-->", 3) != 0; c->at++) {
        if (!c->source.ptr[c->at])
            fail(c, line, "this comment is not closed by -->");
        if (strncmp(c->source.ptr + c->at, "{{", 2) == 0)
            html_settle(c, &c->st);
        c->line += c->source.ptr[c->at] == '\n';
    }
    c->at += 3;
    c->st.place = IN_TEXT;
    size_t n = strspn(c->source.ptr + c->at, " \t");
    char next = c->source.ptr[c->at + n];
    if (alone && (next == '\n' || next == '\0')) {
        trim_literal(c);
        skip_line_rest(c);
    }
}

static void read_byte(struct compiler *c)
{
    char b = c->source.ptr[c->at];
    html_step(c, b);
    if (c->st.place == IN_COMMENT) {
        read_comment(c);
        return;
    }
    if (!c->literal.len)
        c->literal_line = c->line;
    text_byte(&c->literal, b);
    c->at++;
    c->line += b == '\n';
}

/* The {{# word ... }} on this line; NULL when there is another thing. */
static char *read_directive(struct compiler *c, const char *word)
{
    size_t end;
    if (strncmp(c->source.ptr + c->at, "{{", 2) != 0)
        return NULL;
    const char *inside = tag_inside(c, c->at, &end);
    if (*inside++ != '#' || !take_word(&inside, word))
        return NULL;
    c->at = end;
    skip_line_rest(c);
    return tool_copy(skip_space(inside), strlen(skip_space(inside)));
}

static void add_include(struct compiler *c, const char *header)
{
    if (!*header || strcspn(header, " \t\"\\<>") != strlen(header) || !tool_ends(header, ".h"))
        fail(c, c->line - 1, "a header is expected, such as library/library_int.h");
    text_fmt(&c->code, "#include \"%s\"\n", header);
}

/* library_show of ".../library_show.html" */
static const char *function_name(const struct compiler *c)
{
    const char *slash = strrchr(c->file, '/'), *from = slash ? slash + 1 : c->file, *p = from;
    char *name = take_name(&p);
    if (!name || strcmp(p, ".html") != 0)
        fail(c, 1, "the file must be called NAME.html, for its function is NAME_html");
    return name;
}

static void read_head(struct compiler *c)
{
    char *view = read_directive(c, "view"), *include;
    char *space = view ? strpbrk(view, " \t") : NULL;
    if (!space)
        fail(c, 1, "the first line must be {{# view HEADER STRUCT }}");
    *space = '\0';
    const char *p = space + 1;
    char *name = take_name(&p);
    if (!name || *skip_space(p) || !tool_ends(name, "_view") || strlen(name) == 5)
        fail(c, 1, "the view's struct must be called NAME_view");
    add_include(c, view);
    while ((include = read_directive(c, "include")))
        add_include(c, include);
    text_addz(&c->code, "#include \"html/html.h\"\n\n");
    text_fmt(&c->code, "void %s_html(struct out *o_, const struct %s *v)\n{\n    (void)v;\n",
             function_name(c), name);
}

/* CR LF becomes LF; NUL is refused, for it would hide what follows. */
static void clean_source(const struct compiler *c, struct text *source)
{
    size_t n = 0;
    if (memchr(source->ptr, '\0', source->len))
        fail(c, 1, "the template has a NUL byte");
    for (size_t i = 0; i < source->len; i++)
        if (source->ptr[i] != '\r')
            source->ptr[n++] = source->ptr[i];
    text_cut(source, n);
}

void tmplc_compile(struct compiler *c)
{
    clean_source(c, &c->source);
    text_fmt(&c->code, "/* Made by tools/tmplc; change the template instead. */\n");
    read_head(c);
    while (c->at < c->source.len) {
        if (strncmp(c->source.ptr + c->at, "{{", 2) == 0)
            read_tag(c);
        else if (strncmp(c->source.ptr + c->at, "}}", 2) == 0)
            fail(c, c->line, "}} without {{");
        else
            read_byte(c);
    }
    if (c->depth)
        fail(c, c->blocks[c->depth - 1].line, "{{#%s}} is not closed",
             c->blocks[c->depth - 1].each ? "each" : "if");
    if (c->st.place != IN_TEXT)
        fail(c, c->line, "the template ends %s", html_place_words(&c->st));
    flush_literal(c);
    text_addz(&c->code, "}\n");
}
