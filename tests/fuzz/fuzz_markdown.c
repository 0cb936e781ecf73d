/* Markdown: whatever the text, the markup is a small known set, well nested, and has no script. */
#include "base/vec.h"
#include "fuzz.h"
#include "html/html.h"

enum { MAX_OPEN = 200, MAX_IDS = 300 };

struct checker {
    str rest;
    str open[MAX_OPEN];
    size_t depth;
};

static bool is_one_of(str s, const char *const *list)
{
    for (; *list; list++)
        if (str_eqz(s, *list))
            return true;
    return false;
}

static const char *const elements[] = {"p",     "h2",    "h3", "h4",  "h5",     "h6",         "ul",
                                       "ol",    "li",    "em", "a",   "strong", "blockquote", "pre",
                                       "code",  "br",    "hr", "img", "del",    "table",      "tr",
                                       "thead", "tbody", "th", "td",  NULL};
static const char *const empty_elements[] = {"br", "hr", "img", NULL};
static const char *const attributes[] = {"id",    "href",  "src",     "alt",   "title", "rel",
                                         "class", "start", "loading", "scope", NULL};

static str take_name(struct checker *k)
{
    size_t n = 0;
    while (n < k->rest.len && ((k->rest.ptr[n] >= 'a' && k->rest.ptr[n] <= 'z') ||
                               (k->rest.ptr[n] >= '0' && k->rest.ptr[n] <= '9')))
        n++;
    str name = str_slice(k->rest, 0, n);
    k->rest = str_slice(k->rest, n, k->rest.len);
    return name;
}

static void take(struct checker *k, const char *literal)
{
    HOLDS(str_starts(k->rest, str_from(literal)));
    k->rest = str_slice(k->rest, strlen(literal), k->rest.len);
}

/* A character reference, of the five that our writer knows. */
static void take_reference(struct checker *k)
{
    static const char *const known[] = {"&lt;", "&gt;", "&amp;", "&quot;", "&#39;", NULL};
    for (size_t i = 0; known[i]; i++)
        if (str_starts(k->rest, str_from(known[i]))) {
            take(k, known[i]);
            return;
        }
    fuzz_broken(__FILE__, __LINE__, "no bare ampersand in markup");
}

static str take_value(struct checker *k)
{
    const char *from = k->rest.ptr;
    while (k->rest.len && k->rest.ptr[0] != '"') {
        HOLDS(k->rest.ptr[0] != '<' && k->rest.ptr[0] != '>');
        if (k->rest.ptr[0] == '&')
            take_reference(k);
        else
            k->rest = str_slice(k->rest, 1, k->rest.len);
    }
    return str_of(from, (size_t)(k->rest.ptr - from));
}

/* Only addresses that a browser cannot take for a script. */
static void check_address(str url)
{
    size_t colon = str_find_byte(url, ':');
    str scheme = colon == STR_NONE ? S("") : str_slice(url, 0, colon);
    for (size_t i = 0; i < url.len; i++)
        HOLDS((unsigned char)url.ptr[i] > 0x20);
    HOLDS(!str_starts(url, S("//")) && !str_starts(url, S("/\\")));
    if (colon == STR_NONE || str_find_byte(scheme, '/') != STR_NONE ||
        str_find_byte(scheme, '?') != STR_NONE || str_find_byte(scheme, '#') != STR_NONE)
        return;
    HOLDS(str_eq_nocase(scheme, S("http")) || str_eq_nocase(scheme, S("https")) ||
          str_eq_nocase(scheme, S("mailto")) || str_eq_nocase(scheme, S("tel")));
}

static void take_attribute(struct checker *k, str element)
{
    take(k, " ");
    str name = take_name(k);
    HOLDS(is_one_of(name, attributes));
    take(k, "=\"");
    str value = take_value(k);
    take(k, "\"");
    if (str_eqz(name, "href") || str_eqz(name, "src"))
        check_address(value);
    if (str_eqz(name, "src"))
        HOLDS(str_eqz(element, "img") && str_starts(value, S("/")));
}

static bool is_open(const struct checker *k, const char *name)
{
    for (size_t i = 0; i < k->depth; i++)
        if (str_eqz(k->open[i], name))
            return true;
    return false;
}

/* The box around each table, to the letter: the only <div> there is. */
static bool take_table_box(struct checker *k)
{
    static const char box[] =
        "<div class=\"aj-table\" role=\"group\" aria-label=\"Tabel\" tabindex=\"0\">";
    if (!str_starts(k->rest, str_from(box)))
        return false;
    take(k, box);
    HOLDS(k->depth < MAX_OPEN);
    k->open[k->depth++] = S("div");
    return true;
}

static void take_tag(struct checker *k)
{
    if (take_table_box(k))
        return;
    take(k, "<");
    if (str_starts(k->rest, S("/"))) {
        take(k, "/");
        HOLDS(k->depth && str_eq(take_name(k), k->open[k->depth - 1]));
        k->depth--;
        take(k, ">");
        return;
    }
    str name = take_name(k);
    HOLDS(is_one_of(name, elements));
    HOLDS(!str_eqz(name, "a") || !is_open(k, "a"));
    while (!str_starts(k->rest, S(">")))
        take_attribute(k, name);
    take(k, ">");
    if (is_one_of(name, empty_elements))
        return;
    HOLDS(k->depth < MAX_OPEN);
    k->open[k->depth++] = name;
}

static void check_markup(str markup)
{
    struct checker k = {.rest = markup};
    HOLDS(utf8_valid(markup) && str_find_byte(markup, '\0') == STR_NONE);
    while (k.rest.len) {
        char ch = k.rest.ptr[0];
        HOLDS(ch != '>');
        if (ch == '<')
            take_tag(&k);
        else if (ch == '&')
            take_reference(&k);
        else
            k.rest = str_slice(k.rest, 1, k.rest.len);
    }
    HOLDS(k.depth == 0);
}

/* Two headings never share an id. */
static void check_ids(struct ctx *c, str markup)
{
    struct {
        str *items;
        size_t count, capacity;
    } ids = {0};
    str rest = markup;
    for (size_t at; (at = str_find(rest, S(" id=\""))) != STR_NONE && ids.count < MAX_IDS;) {
        rest = str_slice(rest, at + 5, rest.len);
        str id = str_slice(rest, 0, str_find_byte(rest, '"'));
        for (size_t i = 0; i < ids.count; i++)
            HOLDS(!str_eq(ids.items[i], id));
        *vec_push(c->arena, &ids) = id;
    }
}

/* ---- walking: parts are well nested, and text comes only where it may ---- */

struct walker {
    enum markdown_part open[MAX_OPEN];
    size_t depth;
};

static bool takes_text(enum markdown_part part)
{
    return part == MARKDOWN_HEADING || part == MARKDOWN_PARAGRAPH || part == MARKDOWN_CODE ||
           part == MARKDOWN_CELL;
}

static void walk_open(void *arg, enum markdown_part part, int number)
{
    struct walker *k = arg;
    HOLDS(k->depth < MAX_OPEN && number >= 0);
    HOLDS(!k->depth || !takes_text(k->open[k->depth - 1]));
    HOLDS(part != MARKDOWN_CELL || k->open[k->depth - 1] == MARKDOWN_ROW);
    k->open[k->depth++] = part;
}

static void walk_close(void *arg, enum markdown_part part)
{
    struct walker *k = arg;
    HOLDS(k->depth && k->open[k->depth - 1] == part);
    k->depth--;
}

static void walk_text(void *arg, bool strong _unused_, bool emphasis _unused_, str text, str url)
{
    const struct walker *k = arg;
    HOLDS(utf8_valid(text));
    HOLDS(!k->depth || takes_text(k->open[k->depth - 1]) || k->depth > 60);
    if (url.len)
        HOLDS(!str_starts(str_trim(url), S("javascript:")));
}

static void check_walk(struct ctx *c, str in)
{
    struct walker k = {.depth = 0};
    const struct markdown_visitor visitor = {&k, walk_open, walk_close, walk_text};
    int code = markdown_walk(c, in, &visitor);
    fuzz_check_refusal(c, code, ERR_LIMIT);
    HOLDS(k.depth == 0);
}

void fuzz_input(struct ctx *c, str in)
{
    check_walk(c, in);
    html shown;
    str text;
    int code = markdown_render(c, in, &shown);
    fuzz_check_refusal(c, code, ERR_LIMIT);
    if (code == 0) {
        check_markup(shown.s);
        check_ids(c, shown.s);
    }
    code = markdown_text(c, in, &text);
    fuzz_check_refusal(c, code, ERR_LIMIT);
    HOLDS(code < 0 || utf8_valid(text));
}
