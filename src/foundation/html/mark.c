#include "html/mark.h"

#include "base/arena.h"

/* Elements whose text is left as it is. */
static const str closed_elements[] = {
    STR("a"),   STR("abbr"),    STR("button"),   STR("code"),   STR("h1"),
    STR("h2"),  STR("h3"),      STR("h4"),       STR("h5"),     STR("h6"),
    STR("kbd"), STR("option"),  STR("pre"),      STR("script"), STR("style"),
    STR("svg"), STR("summary"), STR("textarea"), STR("title"),
};

struct marking {
    struct arena *arena;
    const struct marker *m;
    struct out o;
    size_t closed; /* how many of the open elements are closed ones */
};

/* ---- escapes ---- */

static const struct {
    str escape;
    char byte;
} escapes[] = {
    {STR("&amp;"), '&'},  {STR("&lt;"), '<'},   {STR("&gt;"), '>'},
    {STR("&quot;"), '"'}, {STR("&#39;"), '\''},
};

/* Takes one byte of plain text off the front of markup; its escape is one byte. */
static char take_byte(str *markup)
{
    size_t len = 1;
    char byte = markup->ptr[0];
    for (size_t i = 0; byte == '&' && i < COUNT_OF(escapes); i++)
        if (str_starts(*markup, escapes[i].escape)) {
            byte = escapes[i].byte;
            len = escapes[i].escape.len;
            break;
        }
    *markup = str_slice(*markup, len, markup->len);
    return byte;
}

/* Bytes up to the next escape. */
static size_t run_length(str markup)
{
    size_t at = str_find_byte(markup, '&');
    return at == STR_NONE ? markup.len : at;
}

static str plain_of(struct arena *a, str markup)
{
    size_t run = run_length(markup), len = 0;
    if (run == markup.len)
        return markup;
    char *plain = arena_alloc(a, markup.len);
    for (;; run = run_length(markup)) {
        memcpy(plain + len, markup.ptr, run);
        len += run;
        markup = str_slice(markup, run, markup.len);
        if (!markup.len)
            return (str){plain, len};
        plain[len++] = take_byte(&markup);
    }
}

/* Takes the markup of `count` bytes of plain text off the front. */
static str take_plain(str *markup, size_t count)
{
    str whole = *markup;
    while (count && markup->len) {
        size_t run = run_length(str_slice(*markup, 0, count));
        *markup = str_slice(*markup, run, markup->len);
        count -= run;
        if (!count || !markup->len)
            break;
        (void)take_byte(markup);
        count--;
    }
    return str_slice(whole, 0, whole.len - markup->len);
}

/* ---- text and tags ---- */

static void mark_text(struct marking *g, str markup)
{
    const struct marker *m = g->m;
    str plain = plain_of(g->arena, markup);
    bool same = plain.ptr == markup.ptr; /* no escapes: offsets are the same */
    size_t at = 0;
    struct mark_hit hit;
    while (at < plain.len && m->next(m->arg, plain, at, &hit)) {
        if (hit.start < at || hit.end <= hit.start || hit.end > plain.len)
            BUG("a finder of marks went out of its text");
        str words;
        if (same) {
            out_html(&g->o, (html){str_slice(markup, 0, hit.start - at)});
            words = str_slice(markup, hit.start - at, hit.end - at);
            markup = str_slice(markup, hit.end - at, markup.len);
        } else {
            out_html(&g->o, (html){take_plain(&markup, hit.start - at)});
            words = take_plain(&markup, hit.end - hit.start);
        }
        m->write(m->arg, &g->o, (html){words}, hit.what);
        at = hit.end;
    }
    out_html(&g->o, (html){markup});
}

static bool is_closed_element(str name)
{
    for (size_t i = 0; i < COUNT_OF(closed_elements); i++)
        if (name.len && name.ptr[0] == closed_elements[i].ptr[0] &&
            str_eq(name, closed_elements[i]))
            return true;
    return false;
}

static bool is_name(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9') || byte == '-';
}

static void note_tag(struct marking *g, str tag)
{
    bool end = tag.len > 1 && tag.ptr[1] == '/';
    str name = str_slice(tag, end ? 2 : 1, tag.len);
    size_t len = 0;
    while (len < name.len && is_name(name.ptr[len]))
        len++;
    if (!is_closed_element(str_slice(name, 0, len)))
        return;
    if (!end)
        g->closed++;
    else if (g->closed)
        g->closed--;
}

/* Bytes of the tag at the front of s, past quoted values. */
static size_t tag_length(str s)
{
    char quote = '\0';
    for (size_t i = 1; i < s.len; i++) {
        if (quote)
            quote = s.ptr[i] == quote ? '\0' : quote;
        else if (s.ptr[i] == '"' || s.ptr[i] == '\'')
            quote = s.ptr[i];
        else if (s.ptr[i] == '>')
            return i + 1;
    }
    return s.len;
}

html html_mark(struct arena *a, html source, const struct marker *m)
{
    struct buf b;
    struct marking g = {.arena = a, .m = m};
    str rest = source.s;
    out_begin(&g.o, &b, a, rest.len + MARK_MAX_ADDED);
    while (rest.len) {
        size_t open = str_find_byte(rest, '<');
        str text = str_slice(rest, 0, open == STR_NONE ? rest.len : open);
        if (g.closed)
            out_html(&g.o, (html){text});
        else
            mark_text(&g, text);
        rest = str_slice(rest, text.len, rest.len);
        if (!rest.len)
            break;
        str tag = str_slice(rest, 0, tag_length(rest));
        note_tag(&g, tag);
        out_html(&g.o, (html){tag});
        rest = str_slice(rest, tag.len, rest.len);
    }
    return buf_ok(&b) ? out_take(&g.o) : source;
}
