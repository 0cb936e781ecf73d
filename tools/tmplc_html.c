/* tmplc_html - follows the HTML of a template, so that a value is escaped for the place where it
   stands and refused where no escaping is safe. */
#include "tmplc.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

_Noreturn void fail(const struct compiler *c, int line, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    const char *words = tool_vfmt(fmt, args);
    va_end(args);
    tool_die("%s:%d: %s", c->file, line, words);
}

bool is_space(char b)
{
    return b == ' ' || b == '\t' || b == '\n' || b == '\f';
}

static bool is_letter(char b)
{
    return (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z');
}

bool is_name(char b)
{
    return is_letter(b) || b == '_' || (b >= '0' && b <= '9');
}

static bool is_one_of(const char *word, const char *const *list)
{
    for (; *list; list++)
        if (strcmp(word, *list) == 0)
            return true;
    return false;
}

static const char *const raw_tags[] = {"script",  "style",    "xmp",       "iframe",
                                       "noembed", "noframes", "plaintext", NULL};
static const char *const word_tags[] = {"title", "textarea", NULL};
static const char *const url_attrs[] = {
    "href",     "src",       "action",      "formaction",     "poster", "cite",    "data",
    "ping",     "manifest",  "background",  "xlink:href",     "hx-get", "hx-post", "hx-put",
    "hx-patch", "hx-delete", "hx-push-url", "hx-replace-url", NULL};
static const char *const refused_attrs[] = {"style",      "srcdoc",     "srcset",     "imagesrcset",
                                            "hx-vals",    "hx-vars",    "hx-trigger", "hx-headers",
                                            "hx-request", "http-equiv", NULL};

/* htmx reads data-hx-get as hx-get. */
static const char *attr_plain_name(const struct state *st)
{
    return tool_starts(st->attr, "data-hx-") ? st->attr + 5 : st->attr;
}

static bool attr_is_url(const struct state *st)
{
    return is_one_of(attr_plain_name(st), url_attrs);
}

static bool attr_is_refused(const struct state *st)
{
    const char *name = attr_plain_name(st);
    return is_one_of(name, refused_attrs) || tool_starts(name, "on") || tool_starts(name, "hx-on");
}

static void grow_name(const struct compiler *c, char *name, size_t size, char b)
{
    size_t len = strlen(name);
    if (len + 2 > size)
        fail(c, c->line, "the name \"%s...\" is too long", name);
    name[len] = (char)tolower((unsigned char)b);
    name[len + 1] = '\0';
}

static bool source_has(const struct compiler *c, const char *word)
{
    return strncasecmp(c->source.ptr + c->at, word, strlen(word)) == 0;
}

static void finish_tag(struct state *st)
{
    if (is_one_of(st->tag, raw_tags))
        st->place = IN_RAW;
    else if (is_one_of(st->tag, word_tags))
        st->place = IN_WORDS;
    else
        st->place = IN_TEXT;
}

static void step_text(struct compiler *c, struct state *st, char b)
{
    char next = c->source.ptr[c->at + 1];
    if (b != '<')
        return;
    if (source_has(c, "<!--")) {
        st->place = IN_COMMENT;
    } else if (is_letter(next)) {
        st->place = IN_TAG_NAME;
        st->tag[0] = '\0';
    } else if (next == '/' && is_letter(c->source.ptr[c->at + 2])) {
        st->place = IN_END_TAG;
    } else if (next == '!') {
        st->place = IN_DECLARATION;
    } else {
        fail(c, c->line, "\"<\" here begins no element: write &lt; or put the whole tag in place");
    }
}

static void step_raw(const struct compiler *c, struct state *st)
{
    char end[32];
    (void)snprintf(end, sizeof end, "</%s", st->tag);
    if (source_has(c, end) && !is_name(c->source.ptr[c->at + strlen(end)]))
        st->place = IN_END_TAG;
}

static void step_tag_name(struct compiler *c, struct state *st, char b)
{
    if (b == '>') {
        finish_tag(st);
    } else if (is_space(b) || b == '/') {
        st->place = IN_TAG;
        st->glued = b == '/';
    } else if (is_name(b) || b == '-' || b == ':') {
        grow_name(c, st->tag, sizeof st->tag, b);
    } else {
        fail(c, c->line, "\"%c\" cannot stand in the name of an element", b);
    }
}

static void step_in_tag(struct compiler *c, struct state *st, char b)
{
    if (b == '>') {
        finish_tag(st);
    } else if (is_space(b)) {
        st->glued = false;
    } else if (strchr("\"'<=", b)) {
        fail(c, c->line, "\"%c\" is not expected here in <%s>: an attribute is name=\"value\"", b,
             st->tag);
    } else if (b != '/') {
        if (st->glued)
            fail(c, c->line, "put white space before this attribute of <%s>", st->tag);
        st->place = IN_ATTR_NAME;
        st->attr[0] = '\0';
        grow_name(c, st->attr, sizeof st->attr, b);
    }
}

static void step_attr_name(struct compiler *c, struct state *st, char b)
{
    if (b == '=') {
        st->place = BEFORE_VALUE;
    } else if (is_space(b)) {
        st->place = AFTER_ATTR_NAME;
    } else if (b == '>' || b == '/' || st->place == AFTER_ATTR_NAME || strchr("\"'<", b)) {
        st->place = IN_TAG;
        st->glued = false;
        step_in_tag(c, st, b);
    } else {
        grow_name(c, st->attr, sizeof st->attr, b);
    }
}

static void step_before_value(const struct compiler *c, struct state *st, char b)
{
    if (is_space(b))
        return;
    if (b == '>')
        fail(c, c->line, "the attribute %s has \"=\" without a value: write %s=\"...\"", st->attr,
             st->attr);
    st->place = b == '"' ? IN_VALUE_DOUBLE : b == '\'' ? IN_VALUE_SINGLE : IN_VALUE_BARE;
    st->url = URL_START;
    st->prefix[0] = '\0';
}

static void step_url(const struct compiler *c, struct state *st, char b)
{
    size_t len = strlen(st->prefix);
    if (st->url == URL_START && is_space(b))
        return;
    if (st->url == URL_WHOLE && !strchr("/?&#", b))
        fail(c, c->line,
             "after a whole URL only / ? & or # may follow: let the view have the finished URL");
    if (st->url == URL_WHOLE)
        st->url = b == '/' ? URL_WHOLE_SLASH : URL_REST;
    else if (st->url == URL_WHOLE_SLASH && b != '/')
        st->url = URL_REST;
    else if (st->url == URL_START)
        st->url = URL_PREFIX;
    if (st->url == URL_PREFIX && len + 1 < sizeof st->prefix) {
        st->prefix[len] = b;
        st->prefix[len + 1] = '\0';
    }
}

static void step_value(const struct compiler *c, struct state *st, char b)
{
    if (b == (st->place == IN_VALUE_DOUBLE ? '"' : '\'')) {
        st->place = IN_TAG;
        st->glued = true;
    } else if (attr_is_url(st)) {
        step_url(c, st, b);
    }
}

static void step_bare_value(const struct compiler *c, struct state *st, char b)
{
    if (strchr("\"'<=`", b))
        fail(c, c->line, "put the value of %s between quotes", st->attr);
    if (is_space(b)) {
        st->place = IN_TAG;
        st->glued = false;
    } else if (b == '>') {
        finish_tag(st);
    }
}

/* One byte of literal HTML. */
void html_step(struct compiler *c, char b)
{
    struct state *st = &c->st;
    switch (st->place) {
    case IN_TEXT:
        step_text(c, st, b);
        break;
    case IN_WORDS:
    case IN_RAW:
        step_raw(c, st);
        break;
    case IN_COMMENT:
        break;
    case IN_DECLARATION:
    case IN_END_TAG:
        if (b == '>')
            st->place = IN_TEXT;
        break;
    case IN_TAG_NAME:
        step_tag_name(c, st, b);
        break;
    case IN_TAG:
        step_in_tag(c, st, b);
        break;
    case IN_ATTR_NAME:
    case AFTER_ATTR_NAME:
        step_attr_name(c, st, b);
        break;
    case BEFORE_VALUE:
        step_before_value(c, st, b);
        break;
    case IN_VALUE_DOUBLE:
    case IN_VALUE_SINGLE:
        step_value(c, st, b);
        break;
    case IN_VALUE_BARE:
        step_bare_value(c, st, b);
        break;
    }
}

/* May one encoded part follow this literal beginning of a URL? The beginning must fix scheme and
 * host. */
static bool prefix_allowed(const char *p)
{
    if (p[0] == '/')
        return p[1] != '/' && p[1] != '\\';
    if (p[0] == '?' || p[0] == '#' || tool_starts(p, "mailto:") || tool_starts(p, "tel:"))
        return true;
    if (tool_starts(p, "http://") || tool_starts(p, "https://")) {
        const char *host = strstr(p, "//") + 2;
        return strcspn(host, "/?#") > 0 && host[strcspn(host, "/?#")];
    }
    size_t n = strcspn(p, "/?#:&\\");
    return n > 0 && p[n] && strchr("/?#", p[n]);
}

/* Where two branches meet. */
static enum url_phase url_merge(const struct state *a, const struct state *b)
{
    if (a->url == b->url && strcmp(a->prefix, b->prefix) == 0)
        return a->url;
    enum url_phase pa = a->url == URL_PREFIX && prefix_allowed(a->prefix) ? URL_REST : a->url;
    enum url_phase pb = b->url == URL_PREFIX && prefix_allowed(b->prefix) ? URL_REST : b->url;
    if (pa == pb && pa != URL_PREFIX)
        return pa;
    if ((pa == URL_WHOLE && pb == URL_REST) || (pa == URL_REST && pb == URL_WHOLE))
        return URL_WHOLE;
    return URL_CLOSED;
}

const char *html_place_words(const struct state *st)
{
    switch (st->place) {
    case IN_TEXT:
        return "in text";
    case IN_WORDS:
    case IN_RAW:
        return tool_fmt("inside <%s>", st->tag);
    case IN_COMMENT:
        return "in a comment";
    case IN_DECLARATION:
    case IN_END_TAG:
        return "in a declaration or end tag";
    case IN_VALUE_DOUBLE:
    case IN_VALUE_SINGLE:
        return tool_fmt("in the value of %s of <%s>", st->attr, st->tag);
    default:
        return tool_fmt("in the tag <%s>", st->tag);
    }
}

struct state html_merge(const struct compiler *c, const struct state *a, const struct state *b)
{
    bool in_value = a->place == IN_VALUE_DOUBLE || a->place == IN_VALUE_SINGLE;
    bool same = a->place == b->place;
    if (same && a->place != IN_TEXT)
        same = strcmp(a->tag, b->tag) == 0 && (!in_value || strcmp(a->attr, b->attr) == 0);
    if (!same)
        fail(
            c, c->line,
            "the branches end in different places: one %s, the other %s. Close in each branch what "
            "it opens",
            html_place_words(a), html_place_words(b));
    struct state m = *a;
    m.glued = a->glued || b->glued;
    if (in_value) {
        m.url = url_merge(a, b);
        if (m.url != URL_PREFIX)
            m.prefix[0] = '\0';
    }
    return m;
}

/* A block tag ends a name: what follows must be apart from it. */
void html_settle(const struct compiler *c, struct state *st)
{
    switch (st->place) {
    case IN_TAG_NAME:
    case IN_ATTR_NAME:
        st->place = IN_TAG;
        st->glued = true;
        return;
    case AFTER_ATTR_NAME:
        st->place = IN_TAG;
        st->glued = false;
        return;
    case BEFORE_VALUE:
    case IN_VALUE_BARE:
        fail(c, c->line, "put the value of %s between quotes: %s=\"...\"", st->attr, st->attr);
    case IN_RAW:
        fail(c, c->line,
             "nothing can be escaped safely inside <%s>: put values in a data- attribute and read "
             "them from a script file",
             st->tag);
    case IN_COMMENT:
        fail(c, c->line, "HTML comments are removed and hold no tags: write {{! remark }}");
    case IN_DECLARATION:
    case IN_END_TAG:
        fail(c, c->line, "no {{ }} can stand in a declaration or end tag: move it outside");
    case IN_TEXT:
    case IN_WORDS:
    case IN_TAG:
    case IN_VALUE_DOUBLE:
    case IN_VALUE_SINGLE:
        return;
    }
}

static const char *url_function(const struct compiler *c, struct state *st)
{
    enum url_phase phase = st->url;
    if (phase == URL_START) {
        st->url = URL_WHOLE;
        return "out_url_of";
    }
    st->url = URL_REST;
    if (phase == URL_REST || (phase == URL_PREFIX && prefix_allowed(st->prefix)))
        return "out_url_part_of";
    if (phase == URL_PREFIX)
        fail(c, c->line,
             "a value in %s must be the whole URL or come after a beginning like \"/path/\" or "
             "\"?name=\"; \"%s\" leaves scheme or host open",
             st->attr, st->prefix);
    if (phase == URL_CLOSED)
        fail(c, c->line,
             "how this URL begins depends on a condition: put the whole attribute in each branch");
    fail(c, c->line, "a value cannot follow a whole URL: let the view have the finished URL");
}

/* The writer for a value in the present place. */
const char *html_value_function(struct compiler *c)
{
    struct state *st = &c->st;
    switch (st->place) {
    case IN_TEXT:
        return "out";
    case IN_WORDS:
        return "out_attr";
    case IN_VALUE_DOUBLE:
    case IN_VALUE_SINGLE:
        if (attr_is_refused(st))
            fail(c, c->line,
                 "no value is safe in the attribute %s: use a class or a data- attribute",
                 st->attr);
        return attr_is_url(st) ? url_function(c, st) : "out_attr";
    case IN_TAG_NAME:
    case IN_TAG:
    case IN_ATTR_NAME:
    case AFTER_ATTR_NAME:
        fail(c, c->line,
             "a value cannot be the name of an element or attribute: write name=\"{{ ... }}\", or "
             "{{#if ...}}name{{/if}} for an attribute that is there or not");
    default:
        html_settle(c, st); /* the other places refuse every tag, in words of their own */
        return "out";
    }
}
