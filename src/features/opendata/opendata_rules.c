/* Names and words that follow from a route. Pure. */
#include "opendata/opendata_int.h"

#include <string.h>

enum { MAX_WORDS = 2048 };

static str below_prefix(const char *pattern)
{
    str path = str_from(pattern);
    str prefix = S(HTTP_API_PREFIX);
    return str_starts(path, prefix) ? str_slice(path, prefix.len, path.len) : path;
}

str opendata_path(struct arena *a, const char *pattern)
{
    str rest = below_prefix(pattern), segment;
    struct buf b;
    buf_init(&b, a, MAX_WORDS);
    if (!rest.len)
        return S("/");
    rest = str_slice(rest, 1, rest.len);
    while (str_split(&rest, '/', &segment)) {
        if (str_starts(segment, S(":")))
            buf_fmt(&b, "/{%.*s}", (int)segment.len - 1, segment.ptr + 1);
        else
            buf_fmt(&b, "/%.*s", (int)segment.len, segment.ptr);
    }
    return buf_str(&b);
}

/* "openapi.json" -> "OpenapiJson" */
static void add_camel(struct buf *b, str segment)
{
    bool first = true;
    for (size_t i = 0; i < segment.len; i++) {
        char ch = segment.ptr[i];
        bool letter = (ch >= 'a' && ch <= 'z') || (ch >= '0' && ch <= '9');
        if (letter)
            buf_add_byte(b, first && ch >= 'a' ? (char)(ch - 'a' + 'A') : ch);
        first = !letter;
    }
}

str opendata_operation_id(struct arena *a, const char *pattern)
{
    str rest = below_prefix(pattern), segment;
    struct buf b;
    buf_init(&b, a, MAX_WORDS);
    buf_addz(&b, "get");
    if (!rest.len)
        buf_addz(&b, "Index");
    while (rest.len && str_split(&rest, '/', &segment)) {
        if (str_starts(segment, S(":")))
            buf_addz(&b, "By");
        add_camel(&b, segment);
    }
    return buf_str(&b);
}

bool opendata_in_path(const char *pattern, const char *name)
{
    str rest = str_from(pattern), segment;
    while (str_split(&rest, '/', &segment))
        if (str_starts(segment, S(":")) && str_eqz(str_slice(segment, 1, segment.len), name))
            return true;
    return false;
}

bool opendata_has_path_params(const char *pattern)
{
    return strchr(pattern, ':') != NULL;
}

bool opendata_is_paged(const struct http_route *route)
{
    for (const struct http_param *p = route->params; p && p->name; p++)
        if (strcmp(p->name, "pagina") == 0)
            return true;
    return false;
}

static str choices_words(struct arena *a, const char *choices)
{
    str rest = str_from(choices), choice;
    struct buf b;
    buf_init(&b, a, MAX_WORDS);
    while (str_split(&rest, '|', &choice)) {
        buf_addz(&b, b.len ? rest.ptr ? ", " : " of " : "");
        buf_add(&b, choice);
    }
    return buf_str(&b);
}

str opendata_value_words(struct arena *a, const struct http_param *p)
{
    switch (p->type) {
    case PARAM_INT:
        return str_fmt(a, "een getal van %lld tot en met %lld", p->min, p->max);
    case PARAM_TEXT:
    case PARAM_LINES:
        return str_fmt(a, "tekst van hoogstens %lld tekens", p->max);
    case PARAM_CHOICE:
        return choices_words(a, p->choices);
    case PARAM_LIST:
        return p->choices ? str_fmt(a, "%s; mag vaker", str_z(a, choices_words(a, p->choices)))
                          : S("een waarde; mag vaker");
    case PARAM_KEYS:
        return S("namen van velden");
    case PARAM_SLUG:
        return S("kleine letters, cijfers en koppeltekens");
    case PARAM_FLAG:
    case PARAM_FILE:
        break;
    }
    return S("aan of uit");
}
