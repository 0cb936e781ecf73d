#include "html/html.h"

#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm-extension_api.h>
#include <cmark-gfm.h>
#include <pthread.h>

#include "base/ctx.h"
#include "base/map.h"
#include "base/utf8.h"
#include "html/markdown_guard.h"

enum {
    MAX_OUTPUT = 4 * 1024 * 1024,
    MAX_DEPTH = 64, /* elements inside each other; deeper ones keep only their text */
    MAX_ID = 60,
};

/* ---- memory of the library ---- */

/* The library ends the program when there is no memory, so it gets its own from an arena, which
   goes when the text is rendered. It hands no context to these functions: hence the thread's
   variable. */
static _Thread_local struct arena *parse_arena;

enum { HEAD = 16 }; /* before each piece: its size */

static void *piece_alloc(size_t count, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes) || bytes > SIZE_MAX / 4)
        BUG("markdown: a size is not sane");
    char *p = arena_alloc(parse_arena, HEAD + bytes);
    memcpy(p, &bytes, sizeof bytes);
    return p + HEAD;
}

static void *piece_grow(void *old, size_t size)
{
    size_t had = 0;
    void *fresh = piece_alloc(1, size);
    if (!old)
        return fresh;
    memcpy(&had, (char *)old - HEAD, sizeof had);
    memcpy(fresh, old, had < size ? had : size);
    return fresh;
}

static void piece_free(void *p _unused_) {}

static cmark_mem parse_memory = {piece_alloc, piece_grow, piece_free};

void markdown_prepare(void)
{
    cmark_gfm_core_extensions_ensure_registered();
}

/* ---- parsing ---- */

/* The library keeps its extensions and their special characters in tables shared by all threads,
   and changes them during a parse. */
static pthread_mutex_t parse_lock = PTHREAD_MUTEX_INITIALIZER;

static cmark_node *parse_locked(str source)
{
    static const char *const extensions[] = {"table", "strikethrough", "autolink"};
    markdown_prepare();
    cmark_parser *parser = cmark_parser_new_with_mem(CMARK_OPT_VALIDATE_UTF8, &parse_memory);
    for (size_t i = 0; i < COUNT_OF(extensions); i++)
        cmark_parser_attach_syntax_extension(parser, cmark_find_syntax_extension(extensions[i]));
    cmark_parser_feed(parser, source.len ? source.ptr : "", source.len);
    cmark_node *root = cmark_parser_finish(parser);
    cmark_parser_free(parser);
    return root;
}

static int parse(struct ctx *c, str source, cmark_node **ret)
{
    struct markdown_refusal refusal;
    if (source.len > MARKDOWN_MAX_BYTES)
        return err_set(c, ERR_LIMIT, "De tekst is te lang. Gebruik hooguit %d kB.",
                       MARKDOWN_MAX_BYTES / 1024);
    if (!markdown_guard(source, &refusal))
        return err_set(c, ERR_LIMIT, "Regel %zu: %s", refusal.line, refusal.words);
    pthread_mutex_lock(&parse_lock);
    *ret = parse_locked(source);
    pthread_mutex_unlock(&parse_lock);
    return 0;
}

/* ---- nodes ---- */

static bool is_kind(cmark_node *n, const char *name)
{
    return strcmp(cmark_node_get_type_string(n), name) == 0;
}

static str literal_of(cmark_node *n)
{
    return str_from(cmark_node_get_literal(n));
}

static str url_of(cmark_node *n)
{
    return str_from(cmark_node_get_url(n));
}

/* Adds the readable text below a node, words of neighbouring blocks apart. */
static void add_text(struct buf *b, cmark_node *below)
{
    cmark_iter *iter = cmark_iter_new(below);
    for (cmark_event_type event; (event = cmark_iter_next(iter)) != CMARK_EVENT_DONE;) {
        cmark_node *n = cmark_iter_get_node(iter);
        cmark_node_type type = cmark_node_get_type(n);
        if (type == CMARK_NODE_TEXT || type == CMARK_NODE_CODE || type == CMARK_NODE_CODE_BLOCK)
            buf_add(b, literal_of(n));
        else if (type == CMARK_NODE_SOFTBREAK || type == CMARK_NODE_LINEBREAK)
            buf_add_byte(b, ' ');
        else if (event == CMARK_EVENT_EXIT && is_kind(n, "table_cell") && cmark_node_next(n))
            buf_add(b, S("; "));
        else if (event == CMARK_EVENT_EXIT && n != below &&
                 (type == CMARK_NODE_PARAGRAPH || type == CMARK_NODE_HEADING ||
                  is_kind(n, "table_row") || is_kind(n, "table_header")))
            buf_add_byte(b, '\n');
    }
    cmark_iter_free(iter);
}

static int highest_heading(cmark_node *root)
{
    int highest = 7;
    cmark_iter *iter = cmark_iter_new(root);
    while (cmark_iter_next(iter) != CMARK_EVENT_DONE) {
        cmark_node *n = cmark_iter_get_node(iter);
        if (cmark_node_get_type(n) == CMARK_NODE_HEADING &&
            cmark_node_get_heading_level(n) < highest)
            highest = cmark_node_get_heading_level(n);
    }
    cmark_iter_free(iter);
    return highest;
}

/* ---- rendering ---- */

struct renderer {
    struct arena *arena;
    struct out o;
    int shift;               /* added to the level of headings */
    int depth;               /* elements open around this place */
    struct map *ids;         /* slug -> unsigned *: last number used after it */
    const cmark_node *image; /* in the text of this image: no elements */
    const cmark_node *link;  /* in this link: no other link */
    str origin, page;        /* where the text stands, when it is read elsewhere; else empty */
};

/* What out_url_allowed lets through with a scheme; all else is within the site. */
static bool has_scheme(str url)
{
    return out_url_outside(url) || str_eq_nocase(str_slice(url, 0, 7), S("mailto:")) ||
           str_eq_nocase(str_slice(url, 0, 4), S("tel:"));
}

/* The folder of /kennisbank/item is /kennisbank/. */
static str folder_of(str page)
{
    while (page.len && page.ptr[page.len - 1] != '/')
        page.len--;
    return page;
}

static void address(struct renderer *r, str url)
{
    url = str_trim(url);
    if (r->origin.len && !has_scheme(url)) {
        str base = r->page;
        if (str_starts(url, S("/")))
            base = S("");
        else if (!str_starts(url, S("#")) && !str_starts(url, S("?")))
            base = folder_of(r->page);
        url = str_join(r->arena, (str[]){r->origin, base, url}, 3, S(""));
    }
    out_url(&r->o, url);
}

/* ASCII letter for a letter with an accent between U+00C0 and U+00FF; 0 for other characters. */
static char plain_letter(uint32_t cp)
{
    static const char letters[] =
        "aaaaaaaceeeeiiiidnooooo\0ouuuuytsaaaaaaaceeeeiiiidnooooo\0ouuuuyty";
    return cp >= 0xC0 && cp <= 0xFF ? letters[cp - 0xC0] : '\0';
}

static char slug_letter(uint32_t cp)
{
    if (cp >= 'A' && cp <= 'Z')
        return (char)(cp - 'A' + 'a');
    if ((cp >= 'a' && cp <= 'z') || (cp >= '0' && cp <= '9'))
        return (char)cp;
    return plain_letter(cp);
}

/* "Één gesprek, twee wegen" -> "een-gesprek-twee-wegen" */
static str slug_of(struct arena *a, str text)
{
    struct buf b;
    buf_init(&b, a, MAX_ID);
    while (text.len && b.len < MAX_ID - 1) {
        char letter = slug_letter(utf8_next(&text));
        if (letter)
            buf_add_byte(&b, letter);
        else if (b.len && b.ptr[b.len - 1] != '-')
            buf_add_byte(&b, '-');
    }
    str slug = buf_str(&b);
    if (slug.len && slug.ptr[slug.len - 1] == '-')
        slug = str_slice(slug, 0, slug.len - 1);
    return slug.len ? slug : S("kop");
}

/* The slug, or slug-2, slug-3 ... when it is taken. */
static str unique_id(struct renderer *r, str slug)
{
    str id = slug;
    unsigned *number = map_get(r->ids, slug);
    if (number)
        do
            id = str_fmt(r->arena, "%.*s-%u", (int)slug.len, slug.ptr, ++*number);
        while (map_get(r->ids, id));
    unsigned *fresh = arena_new_of(r->arena, unsigned);
    *fresh = 1;
    map_put(r->ids, id, fresh);
    return id;
}

static void heading(struct renderer *r, cmark_node *n, bool enter)
{
    struct out *o = &r->o;
    int level = cmark_node_get_heading_level(n) + r->shift;
    level = level > 6 ? 6 : level;
    if (!enter) {
        out_lit(o, "</h");
        out(o, level);
        out_lit(o, ">\n");
        return;
    }
    struct buf text;
    buf_init(&text, r->arena, MARKDOWN_MAX_BYTES);
    add_text(&text, n);
    out_lit(o, "<h");
    out(o, level);
    out_lit(o, " id=\"");
    out(o, unique_id(r, slug_of(r->arena, buf_str(&text))));
    out_lit(o, "\">");
}

static void list(struct renderer *r, cmark_node *n, bool enter)
{
    struct out *o = &r->o;
    bool ordered = cmark_node_get_list_type(n) == CMARK_ORDERED_LIST;
    if (!enter && ordered) {
        out_lit(o, "</ol>\n");
    } else if (!enter) {
        out_lit(o, "</ul>\n");
    } else if (!ordered) {
        out_lit(o, "<ul>\n");
    } else if (cmark_node_get_list_start(n) == 1) {
        out_lit(o, "<ol>\n");
    } else {
        out_lit(o, "<ol start=\"");
        out(o, cmark_node_get_list_start(n));
        out_lit(o, "\">\n");
    }
}

/* A paragraph in a tight list has no element of its own. */
static bool is_tight(cmark_node *paragraph)
{
    cmark_node *item = cmark_node_parent(paragraph);
    cmark_node *parent = item ? cmark_node_parent(item) : NULL;
    return parent && cmark_node_get_type(parent) == CMARK_NODE_LIST &&
           cmark_node_get_list_tight(parent);
}

static void paragraph(struct renderer *r, cmark_node *n, bool enter)
{
    if (is_tight(n)) {
        if (!enter && cmark_node_next(n))
            out_lit(&r->o, "\n");
    } else if (enter) {
        out_lit(&r->o, "<p>");
    } else {
        out_lit(&r->o, "</p>\n");
    }
}

static void code_block(struct renderer *r, cmark_node *n)
{
    str info = str_trim(str_from(cmark_node_get_fence_info(n))), language = S("");
    if (info.len)
        (void)str_split(&info, ' ', &language);
    out_lit(&r->o, "<pre><code");
    if (language.len) {
        out_lit(&r->o, " class=\"language-");
        out(&r->o, language);
        out_lit(&r->o, "\"");
    }
    out_lit(&r->o, ">");
    out(&r->o, literal_of(n));
    out_lit(&r->o, "</code></pre>\n");
}

static void title_attribute(struct renderer *r, cmark_node *n)
{
    str title = str_from(cmark_node_get_title(n));
    if (!title.len)
        return;
    out_lit(&r->o, " title=\"");
    out(&r->o, title);
    out_lit(&r->o, "\"");
}

/* Where a refused or empty address stands, only the words of the link remain. */
static void link(struct renderer *r, cmark_node *n, bool enter)
{
    str url = url_of(n);
    if (!url.len || !out_url_allowed(url) || (r->link && r->link != n))
        return;
    r->link = enter ? n : NULL;
    if (!enter) {
        out_lit(&r->o, "</a>");
        return;
    }
    out_lit(&r->o, "<a href=\"");
    address(r, url);
    out_lit(&r->o, "\"");
    title_attribute(r, n);
    if (out_url_outside(url))
        out_lit(&r->o, " rel=\"nofollow\"");
    out_lit(&r->o, ">");
}

/* Pages make no requests to others: an image from outside becomes a link to it. */
static void image(struct renderer *r, cmark_node *n, bool enter)
{
    str url = url_of(n);
    if (!str_starts(url, S("/")) || !out_url_allowed(url)) {
        link(r, n, enter);
        return;
    }
    r->image = enter ? n : NULL;
    if (!enter) {
        out_lit(&r->o, "\"");
        title_attribute(r, n);
        out_lit(&r->o, " loading=\"lazy\">");
        return;
    }
    out_lit(&r->o, "<img src=\"");
    address(r, url);
    out_lit(&r->o, "\" alt=\"");
}

static size_t cell_index(cmark_node *cell)
{
    size_t i = 0;
    while ((cell = cmark_node_previous(cell)))
        i++;
    return i;
}

static void table_cell(struct renderer *r, cmark_node *n, bool enter)
{
    struct out *o = &r->o;
    cmark_node *row = cmark_node_parent(n), *table = cmark_node_parent(row);
    bool head = cmark_gfm_extensions_get_table_row_is_header(row);
    if (!enter) {
        if (head)
            out_lit(o, "</th>");
        else
            out_lit(o, "</td>");
        return;
    }
    size_t i = cell_index(n);
    const uint8_t *align = cmark_gfm_extensions_get_table_alignments(table);
    uint8_t side = align && i < cmark_gfm_extensions_get_table_columns(table) ? align[i] : 0;
    if (head)
        out_lit(o, "<th scope=\"col\"");
    else
        out_lit(o, "<td");
    if (side == 'r')
        out_lit(o, " class=\"align-right\"");
    else if (side == 'c')
        out_lit(o, " class=\"align-center\"");
    out_lit(o, ">");
}

static void table_row(struct renderer *r, cmark_node *n, bool enter)
{
    bool head = cmark_gfm_extensions_get_table_row_is_header(n);
    bool first = cmark_node_previous(n) && !cmark_node_previous(cmark_node_previous(n));
    if (enter && head)
        out_lit(&r->o, "<thead>\n");
    if (enter && !head && first)
        out_lit(&r->o, "<tbody>\n");
    if (enter)
        out_lit(&r->o, "<tr>");
    else
        out_lit(&r->o, "</tr>\n");
    if (!enter && head)
        out_lit(&r->o, "</thead>\n");
    if (!enter && !head && !cmark_node_next(n))
        out_lit(&r->o, "</tbody>\n");
}

/* A wide table scrolls in a box of its own, also with the keyboard, and the page does not. */
#define TABLE_BOX "<div class=\"aj-table\" role=\"group\" aria-label=\"Tabel\" tabindex=\"0\">\n"

static void extension_node(struct renderer *r, cmark_node *n, bool enter)
{
    if (is_kind(n, "table_cell"))
        table_cell(r, n, enter);
    else if (is_kind(n, "table_row") || is_kind(n, "table_header"))
        table_row(r, n, enter);
    else if (is_kind(n, "table") && enter)
        out_lit(&r->o, TABLE_BOX "<table>\n");
    else if (is_kind(n, "table"))
        out_lit(&r->o, "</table>\n</div>\n");
    else if (is_kind(n, "strikethrough") && enter)
        out_lit(&r->o, "<del>");
    else if (is_kind(n, "strikethrough"))
        out_lit(&r->o, "</del>");
}

/* Nodes with others inside, but for links and images. */
static void container(struct renderer *r, cmark_node *n, bool enter)
{
    struct out *o = &r->o;
    switch ((int)cmark_node_get_type(n)) {
    case CMARK_NODE_DOCUMENT:
        return;
    case CMARK_NODE_BLOCK_QUOTE:
        if (enter)
            out_lit(o, "<blockquote>\n");
        else
            out_lit(o, "</blockquote>\n");
        return;
    case CMARK_NODE_LIST:
        list(r, n, enter);
        return;
    case CMARK_NODE_ITEM:
        if (enter)
            out_lit(o, "<li>");
        else
            out_lit(o, "</li>\n");
        return;
    case CMARK_NODE_PARAGRAPH:
        paragraph(r, n, enter);
        return;
    case CMARK_NODE_HEADING:
        heading(r, n, enter);
        return;
    case CMARK_NODE_EMPH:
        if (enter)
            out_lit(o, "<em>");
        else
            out_lit(o, "</em>");
        return;
    case CMARK_NODE_STRONG:
        if (enter)
            out_lit(o, "<strong>");
        else
            out_lit(o, "</strong>");
        return;
    default:
        extension_node(r, n, enter);
    }
}

/* Nodes with text; true when n was one. HTML is shown as the text that the author typed. */
static bool leaf(struct renderer *r, cmark_node *n)
{
    struct out *o = &r->o;
    switch ((int)cmark_node_get_type(n)) {
    case CMARK_NODE_TEXT:
    case CMARK_NODE_HTML_INLINE:
        out(o, literal_of(n));
        return true;
    case CMARK_NODE_CODE:
        if (!r->image)
            out_lit(o, "<code>");
        out(o, literal_of(n));
        if (!r->image)
            out_lit(o, "</code>");
        return true;
    case CMARK_NODE_HTML_BLOCK:
        out_lit(o, "<p>");
        out(o, str_trim(literal_of(n)));
        out_lit(o, "</p>\n");
        return true;
    case CMARK_NODE_CODE_BLOCK:
        code_block(r, n);
        return true;
    case CMARK_NODE_SOFTBREAK:
        out_lit(o, "\n");
        return true;
    case CMARK_NODE_LINEBREAK:
        if (r->image)
            out_lit(o, " ");
        else
            out_lit(o, "<br>\n");
        return true;
    case CMARK_NODE_THEMATIC_BREAK:
        out_lit(o, "<hr>\n");
        return true;
    default:
        return false;
    }
}

static void node(struct renderer *r, cmark_node *n, bool enter)
{
    if (enter && leaf(r, n))
        return;
    r->depth += enter;
    if (r->depth <= MAX_DEPTH && (!r->image || r->image == n)) {
        if (cmark_node_get_type(n) == CMARK_NODE_LINK)
            link(r, n, enter);
        else if (cmark_node_get_type(n) == CMARK_NODE_IMAGE)
            image(r, n, enter);
        else
            container(r, n, enter);
    }
    r->depth -= !enter;
}

static void render(struct renderer *r, cmark_node *root)
{
    cmark_iter *iter = cmark_iter_new(root);
    for (cmark_event_type event; (event = cmark_iter_next(iter)) != CMARK_EVENT_DONE;)
        node(r, cmark_iter_get_node(iter), event == CMARK_EVENT_ENTER);
    cmark_iter_free(iter);
}

/* From here to parse_end this thread's library memory is in an arena of its own. */
static int parse_begin(struct ctx *c, str source, cmark_node **ret)
{
    if (parse_arena)
        BUG("markdown inside markdown");
    parse_arena = arena_new();
    return parse(c, source, ret);
}

static int parse_end(struct ctx *c, int code)
{
    if (code == 0 && arena_strained(parse_arena))
        code = err_memory(c, "markdown");
    arena_free(parse_arena);
    parse_arena = NULL;
    return code;
}

static int render_into(struct ctx *c, str source, struct buf *b, struct renderer *r)
{
    cmark_node *root;
    TRY(parse_begin(c, source, &root));
    out_begin(&r->o, b, c->arena, MAX_OUTPUT);
    r->shift = 2 - highest_heading(root);
    render(r, root);
    return 0;
}

int markdown_render_at(struct ctx *c, str source, str origin, str page, html *ret)
{
    struct buf b;
    struct renderer r = {
        .arena = c->arena, .ids = map_new(c->arena, 16), .origin = origin, .page = page};
    TRY(parse_end(c, render_into(c, source, &b, &r)));
    if (!buf_ok(&b))
        return err_set(c, ERR_LIMIT, "De tekst is te lang om te tonen. Maak hem korter.");
    *ret = out_take(&r.o);
    return 0;
}

int markdown_render(struct ctx *c, str source, html *ret)
{
    return markdown_render_at(c, source, S(""), S(""), ret);
}

static int text_into(struct ctx *c, str source, struct buf *b)
{
    cmark_node *root;
    TRY(parse_begin(c, source, &root));
    add_text(b, root);
    return 0;
}

int markdown_text(struct ctx *c, str source, str *ret)
{
    struct buf b;
    buf_init(&b, c->arena, MAX_OUTPUT);
    TRY(parse_end(c, text_into(c, source, &b)));
    if (!buf_ok(&b))
        return err_set(c, ERR_LIMIT, "De tekst is te lang. Maak hem korter.");
    *ret = str_trim(buf_str(&b));
    return 0;
}

/* ---- walking ---- */

struct walk {
    const struct markdown_visitor *visitor;
    int depth, strong, emphasis, above; /* above: levels that headings are raised by */
    int next[MAX_DEPTH + 1];            /* by depth of a list: the number of its next item */
    str url;
};

/* Counted on the way: asking an item how many stand before it is slow in a long list. */
static int item_number(struct walk *w, cmark_node *n)
{
    bool first = !cmark_node_previous(n);
    cmark_node *list = cmark_node_parent(n);
    if (cmark_node_get_list_type(list) != CMARK_ORDERED_LIST)
        return 0;
    if (first)
        w->next[w->depth - 1] = cmark_node_get_list_start(list);
    return w->next[w->depth - 1]++;
}

/* The part that this node is; false when it is none, or one that only changes the look of text. */
static bool part_of(cmark_node *n, int above, enum markdown_part *ret, int *ret_number)
{
    *ret_number = 0;
    switch ((int)cmark_node_get_type(n)) {
    case CMARK_NODE_HEADING:
        *ret = MARKDOWN_HEADING;
        *ret_number = cmark_node_get_heading_level(n) - above;
        return true;
    case CMARK_NODE_PARAGRAPH:
        *ret = MARKDOWN_PARAGRAPH;
        return true;
    case CMARK_NODE_BLOCK_QUOTE:
        *ret = MARKDOWN_QUOTE;
        return true;
    case CMARK_NODE_LIST:
        *ret = MARKDOWN_LIST;
        return true;
    case CMARK_NODE_ITEM:
        *ret = MARKDOWN_ITEM;
        return true;
    default:
        break;
    }
    bool head = is_kind(n, "table_header");
    if (is_kind(n, "table")) {
        *ret = MARKDOWN_TABLE;
        *ret_number = cmark_gfm_extensions_get_table_columns(n);
        return true;
    }
    *ret = is_kind(n, "table_cell") ? MARKDOWN_CELL : MARKDOWN_ROW;
    *ret_number = head ? 1 : 0;
    return head || is_kind(n, "table_row") || *ret == MARKDOWN_CELL;
}

static void walk_words(struct walk *w, str text)
{
    w->visitor->text(w->visitor->arg, w->strong > 0, w->emphasis > 0, text, w->url);
}

/* A block of text that has no parts. */
static void walk_block(struct walk *w, enum markdown_part part, str text)
{
    w->visitor->open(w->visitor->arg, part, 0);
    walk_words(w, text);
    w->visitor->close(w->visitor->arg, part);
}

static bool walk_leaf(struct walk *w, cmark_node *n)
{
    switch ((int)cmark_node_get_type(n)) {
    case CMARK_NODE_TEXT:
    case CMARK_NODE_HTML_INLINE:
    case CMARK_NODE_CODE:
        walk_words(w, literal_of(n));
        return true;
    case CMARK_NODE_SOFTBREAK:
        walk_words(w, S(" "));
        return true;
    case CMARK_NODE_LINEBREAK:
        walk_words(w, S("\n"));
        return true;
    case CMARK_NODE_CODE_BLOCK:
        walk_block(w, MARKDOWN_CODE, literal_of(n));
        return true;
    case CMARK_NODE_HTML_BLOCK:
        walk_block(w, MARKDOWN_PARAGRAPH, str_trim(literal_of(n)));
        return true;
    default:
        return cmark_node_get_type(n) == CMARK_NODE_THEMATIC_BREAK;
    }
}

static void walk_look(struct walk *w, cmark_node *n, bool enter)
{
    cmark_node_type type = cmark_node_get_type(n);
    w->strong += type == CMARK_NODE_STRONG ? (enter ? 1 : -1) : 0;
    w->emphasis += type == CMARK_NODE_EMPH ? (enter ? 1 : -1) : 0;
    if (type == CMARK_NODE_LINK)
        w->url = enter && out_url_allowed(url_of(n)) ? url_of(n) : S("");
}

static void walk_node(struct walk *w, cmark_node *n, bool enter)
{
    enum markdown_part part;
    int number;
    if (enter && walk_leaf(w, n))
        return;
    w->depth += enter;
    if (w->depth <= MAX_DEPTH) {
        walk_look(w, n, enter);
        if (part_of(n, w->above, &part, &number)) {
            if (enter && part == MARKDOWN_ITEM)
                number = item_number(w, n);
            if (enter)
                w->visitor->open(w->visitor->arg, part, number);
            else
                w->visitor->close(w->visitor->arg, part);
        }
    }
    w->depth -= !enter;
}

static int walk(struct ctx *c, str source, const struct markdown_visitor *visitor)
{
    cmark_node *root;
    struct walk w = {.visitor = visitor};
    TRY(parse_begin(c, source, &root));
    w.above = highest_heading(root) - 1;
    cmark_iter *iter = cmark_iter_new(root);
    for (cmark_event_type event; (event = cmark_iter_next(iter)) != CMARK_EVENT_DONE;)
        walk_node(&w, cmark_iter_get_node(iter), event == CMARK_EVENT_ENTER);
    cmark_iter_free(iter);
    return 0;
}

int markdown_walk(struct ctx *c, str source, const struct markdown_visitor *visitor)
{
    return parse_end(c, walk(c, source, visitor));
}
