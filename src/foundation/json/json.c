#include "json/json.h"

#include <math.h>

#include <jansson.h>
#include <pthread.h>

#include "base/utf8.h"

/* ---- writer ---- */

/* What may come next at a depth. A level begins EMPTY, then is FILLED; an object alternates with
 * AFTER_KEY. */
enum {
    LEVEL_ARRAY = 1,
    LEVEL_OBJECT = 2,
    LEVEL_KIND = 3,
    LEVEL_FILLED = 4,
    LEVEL_AFTER_KEY = 8,
    LEVEL_DONE = 16, /* of the top: one value has been written */
};

void json_begin(struct json *j, struct buf *b)
{
    *j = (struct json){.buf = b};
}

/* Comma and bookkeeping before any value. */
static void value_begin(struct json *j)
{
    unsigned char *level = &j->state[j->depth];
    if (*level & LEVEL_OBJECT) {
        if (!(*level & LEVEL_AFTER_KEY))
            BUG("json: a value in an object needs a key");
        *level = (unsigned char)(*level & ~LEVEL_AFTER_KEY);
    } else if (*level & LEVEL_ARRAY) {
        if (*level & LEVEL_FILLED)
            buf_add_byte(j->buf, ',');
        *level |= LEVEL_FILLED;
    } else {
        if (*level & LEVEL_DONE)
            BUG("json: a second value at the top");
        *level |= LEVEL_DONE;
    }
}

static void level_begin(struct json *j, unsigned char kind, char bracket)
{
    value_begin(j);
    if (j->depth + 1 >= (int)sizeof j->state)
        BUG("json: nested too deeply");
    j->state[++j->depth] = kind;
    buf_add_byte(j->buf, bracket);
}

static void level_end(struct json *j, unsigned char kind, char bracket)
{
    unsigned char level = j->state[j->depth];
    if ((level & LEVEL_KIND) != kind || (level & LEVEL_AFTER_KEY))
        BUG("json: an end without its beginning, or a key without a value");
    j->depth--;
    buf_add_byte(j->buf, bracket);
}

void json_object_begin(struct json *j)
{
    level_begin(j, LEVEL_OBJECT, '{');
}

void json_object_end(struct json *j)
{
    level_end(j, LEVEL_OBJECT, '}');
}

void json_array_begin(struct json *j)
{
    level_begin(j, LEVEL_ARRAY, '[');
}

void json_array_end(struct json *j)
{
    level_end(j, LEVEL_ARRAY, ']');
}

/* Bytes that stand for themselves in a string; <, > and & are escaped so that JSON may stand in a
 * page. */
static bool is_plain(unsigned char byte)
{
    return byte >= 0x20 && byte < 0x7F && byte != '"' && byte != '\\' && byte != '<' &&
           byte != '>' && byte != '&';
}

static void write_code_point(struct buf *b, uint32_t cp)
{
    char bytes[4];
    switch (cp) {
    case '"':
        buf_add(b, S("\\\""));
        return;
    case '\\':
        buf_add(b, S("\\\\"));
        return;
    case '\n':
        buf_add(b, S("\\n"));
        return;
    case '\r':
        buf_add(b, S("\\r"));
        return;
    case '\t':
        buf_add(b, S("\\t"));
        return;
    default:
        break;
    }
    if (cp < 0x20 || cp == 0x7F || cp == '<' || cp == '>' || cp == '&' || cp == 0x2028 ||
        cp == 0x2029)
        buf_fmt(b, "\\u%04x", (unsigned)cp);
    else
        buf_add(b, str_of(bytes, utf8_encode(cp, bytes)));
}

static void write_string(struct buf *b, str s)
{
    buf_add_byte(b, '"');
    while (s.len) {
        size_t plain = 0;
        while (plain < s.len && is_plain((unsigned char)s.ptr[plain]))
            plain++;
        buf_add(b, str_slice(s, 0, plain));
        s = str_slice(s, plain, s.len);
        if (s.len)
            write_code_point(b, utf8_next(&s));
    }
    buf_add_byte(b, '"');
}

void json_key(struct json *j, const char *key)
{
    unsigned char *level = &j->state[j->depth];
    if (!(*level & LEVEL_OBJECT) || (*level & LEVEL_AFTER_KEY))
        BUG("json: a key outside an object, or two keys in a row");
    if (*level & LEVEL_FILLED)
        buf_add_byte(j->buf, ',');
    *level |= LEVEL_FILLED | LEVEL_AFTER_KEY;
    write_string(j->buf, str_from(key));
    buf_add_byte(j->buf, ':');
}

void json_str(struct json *j, str s)
{
    value_begin(j);
    write_string(j->buf, s);
}

void json_int(struct json *j, long long n)
{
    value_begin(j);
    buf_fmt(j->buf, "%lld", n);
}

void json_double(struct json *j, double d, int decimals)
{
    char text[512]; /* the largest double has 309 digits before the point */
    if (!isfinite(d)) {
        json_null_value(j);
        return;
    }
    value_begin(j);
    int n = snprintf(text, sizeof text, "%.*f",
                     decimals < 0    ? 0
                     : decimals > 17 ? 17
                                     : decimals,
                     d);
    for (int i = 0; i < n; i++)
        if (text[i] == ',') /* a decimal comma of the locale */
            text[i] = '.';
    buf_add(j->buf, str_of(text, (size_t)n));
}

void json_bool(struct json *j, bool b)
{
    value_begin(j);
    buf_addz(j->buf, b ? "true" : "false");
}

void json_null_value(struct json *j)
{
    value_begin(j);
    buf_addz(j->buf, "null");
}

void json_kstr(struct json *j, const char *key, str s)
{
    json_key(j, key);
    json_str(j, s);
}

void json_kint(struct json *j, const char *key, long long n)
{
    json_key(j, key);
    json_int(j, n);
}

void json_kbool(struct json *j, const char *key, bool b)
{
    json_key(j, key);
    json_bool(j, b);
}

/* ---- reader: a json_value is jansson's json_t, seen through this file only ---- */

static const json_t *inside(const struct json_value *v)
{
    return (const json_t *)(const void *)v;
}

static const struct json_value *outside(const json_t *v)
{
    return (const struct json_value *)(const void *)v;
}

/* The deepest nesting of brackets outside strings; jansson recurses by it. */
static size_t nesting(str text)
{
    size_t depth = 0, most = 0;
    bool in_string = false;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (in_string) {
            if (c == '\\')
                i++;
            else if (c == '"')
                in_string = false;
        } else if (c == '"') {
            in_string = true;
        } else if (c == '{' || c == '[') {
            depth++;
            most = depth > most ? depth : most;
        } else if ((c == '}' || c == ']') && depth) {
            depth--;
        }
    }
    return most;
}

static void value_free(void *root)
{
    json_decref(root);
}

/* jansson calls lack of memory by all kinds of names, so it is seen where it happens. */
static _Thread_local bool no_memory;

static void *noted_malloc(size_t size)
{
    void *p = malloc(size);
    no_memory = no_memory || !p;
    return p;
}

static void note_memory(void)
{
    json_set_alloc_funcs(noted_malloc, free);
}

int json_parse(struct ctx *c, str text, size_t max_depth, const struct json_value **ret)
{
    json_error_t e;
    if (nesting(text) > max_depth)
        return err_set(c, ERR_INVALID, "De JSON is te diep genest. Gebruik hoogstens %zu niveaus.",
                       max_depth);
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    (void)pthread_once(&once, note_memory);
    no_memory = false;
    json_t *root = json_loadb(text.len ? text.ptr : "", text.len,
                              JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &e);
    if (!root && no_memory)
        return err_memory(c, "jansson");
    if (!root) {
        err_set(c, ERR_INVALID,
                "De JSON klopt niet bij regel %d, teken %d. Verbeter de tekst en probeer het "
                "opnieuw.",
                e.line, e.column);
        err_context(c, "json: %s", e.text);
        return ERR_INVALID;
    }
    arena_defer(c->arena, value_free, root);
    *ret = outside(root);
    return 0;
}

const struct json_value *json_get(const struct json_value *v, const char *key)
{
    return v ? outside(json_object_get(inside(v), key)) : NULL;
}

size_t json_count(const struct json_value *v)
{
    return v ? json_array_size(inside(v)) : 0;
}

const struct json_value *json_at(const struct json_value *v, size_t i)
{
    return v ? outside(json_array_get(inside(v), i)) : NULL;
}

str json_as_str(const struct json_value *v)
{
    const json_t *s = inside(v);
    return json_is_string(s) ? str_of(json_string_value(s), json_string_length(s)) : S("");
}

bool json_as_int(const struct json_value *v, long long *ret)
{
    if (!json_is_integer(inside(v)))
        return false;
    *ret = json_integer_value(inside(v));
    return true;
}

bool json_as_bool(const struct json_value *v)
{
    return json_is_true(inside(v));
}
