/* Declared parameters: checked, converted and handed over typed, before the handler runs. */
#include "base/utf8.h"
#include "base/vec.h"
#include "http/http_int.h"
#include "json/shape.h"

enum { SLUG_MAX = 100, LIST_MAX = 20, SHOWN_MAX = 40 };

struct reader {
    struct ctx *c;
    struct http_request *rq;
    struct {
        str *items;
        size_t count, capacity;
    } errors;
};

/* ---- the declaration ---- */

static const struct http_param *param_find(const struct http_route *route, str name)
{
    for (const struct http_param *p = route->params; p && p->name; p++)
        if (str_eqz(name, p->name))
            return p;
    return NULL;
}

/* The i-th :name or * of a pattern; false past the last. */
static bool pattern_name(const char *pattern, size_t i, str *ret)
{
    str rest = str_from(pattern + 1), segment;
    while (str_split(&rest, '/', &segment)) {
        if (!str_starts(segment, S(":")) && !str_eq(segment, S("*")))
            continue;
        if (i-- == 0) {
            *ret = segment.ptr[0] == ':' ? str_slice(segment, 1, segment.len) : segment;
            return true;
        }
    }
    return false;
}

static bool param_is_bounded(const struct http_param *p)
{
    switch (p->type) {
    case PARAM_TEXT:
    case PARAM_LINES:
    case PARAM_FILE:
        return p->max > 0 && p->min >= 0 && p->min <= p->max;
    case PARAM_INT:
        return p->min < p->max;
    case PARAM_SLUG:
    case PARAM_LIST:
        return p->max >= 0;
    case PARAM_CHOICE:
        return p->choices != NULL;
    case PARAM_KEYS:
        return p->max > 0;
    case PARAM_FLAG:
        return true;
    }
    return false;
}

int http_params_check(struct ctx *c, const struct http_route *route)
{
    str name;
    for (const struct http_param *p = route->params; p && p->name; p++) {
        if (!p->help || !p->help[0] || !param_is_bounded(p))
            return err_detail(c, ERR_INTERNAL, "route \"%s\": parameter %s lacks help or limits",
                              route->pattern, p->name);
        if (param_find(route, str_from(p->name)) != p)
            return err_detail(c, ERR_INTERNAL, "route \"%s\": parameter %s is declared twice",
                              route->pattern, p->name);
    }
    for (const struct http_param *p = route->params; p && p->name; p++)
        if (p->type == PARAM_KEYS && (!route->reply || !route->reply->shape))
            return err_detail(c, ERR_INTERNAL, "route \"%s\": %s needs a reply with a shape",
                              route->pattern, p->name);
    for (size_t i = 0; pattern_name(route->pattern, i, &name); i++)
        if (!param_find(route, name))
            return err_detail(c, ERR_INTERNAL, "route \"%s\": \"%.*s\" is not declared",
                              route->pattern, (int)name.len, name.ptr);
    return 0;
}

/* ---- reading ---- */

static void complain(struct reader *r, const struct http_param *p, str what)
{
    /* Who writes a program knows a parameter by its name, who fills in a form by its label. */
    const char *name = r->rq->route->reply ? p->name : p->help;
    str line = str_fmt(r->c->arena, "Het veld “%s” %.*s", name, (int)what.len, what.ptr);
    *vec_push(r->c->arena, &r->errors) = line;
}

static bool is_slug(str s, long long max, bool capitals)
{
    bool hyphen = true; /* as before the first: none at the front */
    if (!s.len || s.len > (size_t)(max ? max : SLUG_MAX))
        return false;
    for (size_t i = 0; i < s.len; i++) {
        char ch = s.ptr[i];
        bool good = (ch >= 'a' && ch <= 'z') || (ch >= '0' && ch <= '9') ||
                    (capitals && ch >= 'A' && ch <= 'Z');
        if (!good && (ch != '-' || hyphen))
            return false;
        hyphen = !good;
    }
    return !hyphen;
}

/* Line breaks of all systems become \n. */
static str lines_unify(struct arena *a, str s)
{
    char *out = arena_alloc(a, s.len + 1);
    size_t n = 0;
    for (size_t i = 0; i < s.len; i++) {
        if (s.ptr[i] == '\r') {
            if (i + 1 == s.len || s.ptr[i + 1] != '\n')
                out[n++] = '\n';
            continue;
        }
        out[n++] = s.ptr[i];
    }
    return str_of(out, n);
}

/* Line breaks and tabs are allowed in lines; everything else as in a text. */
static bool lines_clean(struct arena *a, str s)
{
    char *copy = arena_alloc(a, s.len + 1);
    for (size_t i = 0; i < s.len; i++)
        copy[i] = s.ptr[i] == '\n' || s.ptr[i] == '\t' ? ' ' : s.ptr[i];
    return http_text_clean(str_of(copy, s.len));
}

static void read_text(struct reader *r, struct http_param_value *v)
{
    const struct http_param *p = v->param;
    struct arena *a = r->c->arena;
    bool lines = p->type == PARAM_LINES;
    if (lines)
        v->text = lines_unify(a, v->text);
    v->text = str_trim(v->text);
    if (!v->text.len)
        return;
    v->present = true;
    size_t length = utf8_length(v->text);
    if (lines ? !lines_clean(a, v->text) : !http_text_clean(v->text))
        complain(r, p, S("bevat tekens die wij niet kunnen opslaan. Typ de tekst opnieuw."));
    else if (length > (size_t)p->max)
        complain(r, p, str_fmt(a, "is te lang. Gebruik hoogstens %lld tekens.", p->max));
    else if (length < (size_t)p->min)
        complain(r, p, str_fmt(a, "is te kort. Gebruik minstens %lld tekens.", p->min));
}

static void read_int(struct reader *r, struct http_param_value *v)
{
    const struct http_param *p = v->param;
    v->text = str_trim(v->text);
    v->present = v->text.len > 0;
    if (v->present && !str_int(v->text, p->min, p->max, &v->number))
        complain(r, p,
                 str_fmt(r->c->arena, "klopt niet. Vul een heel getal in van %lld tot en met %lld.",
                         p->min, p->max));
}

static void read_slug(struct reader *r, struct http_param_value *v)
{
    v->text = str_trim(v->text);
    v->present = v->text.len > 0;
    if (v->present && !is_slug(v->text, v->param->max, false))
        complain(r, v->param,
                 S("klopt niet. Gebruik alleen kleine letters, cijfers en losse koppeltekens."));
}

static void read_file(struct reader *r, struct http_param_value *v)
{
    v->present = v->text.len > 0;
    if (v->text.len > (size_t)v->param->max)
        complain(r, v->param,
                 str_fmt(r->c->arena,
                         "heeft een te groot bestand. Kies een bestand van hoogstens %lld kB.",
                         (v->param->max + 1023) / 1024));
}

/* "title, summary" of "title|summary", for people. */
static str choices_words(struct arena *a, const char *choices)
{
    str rest = str_from(choices), choice;
    struct buf b;
    buf_init(&b, a, 1024);
    while (str_split(&rest, '|', &choice)) {
        buf_addz(&b, b.len ? ", " : "");
        buf_add(&b, choice);
    }
    return buf_str(&b);
}

static bool is_choice(const struct http_param *p, str value)
{
    str rest = str_from(p->choices), choice;
    while (str_split(&rest, '|', &choice))
        if (str_eq(choice, value))
            return true;
    return false;
}

static void refuse_choice(struct reader *r, const struct http_param *p)
{
    complain(r, p,
             str_fmt(r->c->arena, "klopt niet. Kies uit: %s.",
                     str_z(r->c->arena, choices_words(r->c->arena, p->choices))));
}

static void read_choice(struct reader *r, struct http_param_value *v)
{
    v->text = str_trim(v->text);
    v->present = v->text.len > 0;
    if (v->present && !is_choice(v->param, v->text))
        refuse_choice(r, v->param);
}

static void read_keys(struct reader *r, struct http_param_value *v)
{
    const struct json_shape *shape = r->rq->route->reply->shape;
    json_keys keys = 0;
    str unknown;
    v->text = str_trim(v->text);
    v->present = v->text.len > 0;
    if (v->present && !json_shape_keys(shape, v->text, &keys, &unknown))
        complain(r, v->param,
                 str_fmt(r->c->arena, "noemt “%s”. Dat veld is er niet.",
                         str_z(r->c->arena, str_slice(unknown, 0, SHOWN_MAX))));
    v->number = (long long)keys;
}

static void read_list(struct reader *r, struct http_param_value *v, const struct http_field *fields,
                      size_t count)
{
    const struct http_param *p = v->param;
    size_t most = (size_t)(p->max ? p->max : LIST_MAX);
    struct {
        str *items;
        size_t count, capacity;
    } list = {0};
    for (size_t i = 0; i < count; i++) {
        str value = str_trim(fields[i].value);
        if (!str_eqz(fields[i].name, p->name) || !value.len)
            continue;
        if (list.count == most) {
            complain(r, p,
                     str_fmt(r->c->arena, "heeft te veel keuzes. Kies er hoogstens %zu.", most));
            return;
        }
        if (p->choices && !is_choice(p, value)) {
            refuse_choice(r, p);
            return;
        }
        if (!is_slug(value, SLUG_MAX, true)) {
            complain(r, p, S("heeft een keuze die niet bestaat. Kies opnieuw uit de lijst."));
            return;
        }
        *vec_push(r->c->arena, &list) = value;
    }
    v->list = list.items;
    v->list_count = list.count;
    v->present = list.count > 0;
}

/* The one field of this name. A text and an upload of the same name do not mix. */
static bool field_take(struct reader *r, struct http_param_value *v)
{
    const struct http_param *p = v->param;
    size_t times = 0;
    for (size_t i = 0; i < r->rq->field_count; i++) {
        const struct http_field *f = &r->rq->fields[i];
        bool file = f->file_name.len > 0;
        if (!str_eqz(f->name, p->name) || file != (p->type == PARAM_FILE))
            continue;
        v->text = f->value;
        times++;
    }
    if (times > 1 && p->type != PARAM_FLAG) {
        complain(r, p, S("staat er meer dan een keer in. Laad de pagina opnieuw."));
        return false;
    }
    v->present = p->type == PARAM_FLAG && times > 0; /* the others look at the value */
    return true;
}

static void value_read(struct reader *r, struct http_param_value *v)
{
    switch (v->param->type) {
    case PARAM_TEXT:
    case PARAM_LINES:
        read_text(r, v);
        break;
    case PARAM_INT:
        read_int(r, v);
        break;
    case PARAM_SLUG:
        read_slug(r, v);
        break;
    case PARAM_FILE:
        read_file(r, v);
        break;
    case PARAM_CHOICE:
        read_choice(r, v);
        break;
    case PARAM_KEYS:
        read_keys(r, v);
        break;
    case PARAM_LIST: /* from fields only */
    case PARAM_FLAG:
        break;
    }
}

static void param_read(struct reader *r, struct http_param_value *v)
{
    const struct http_param *p = v->param;
    size_t before = r->errors.count;
    if (p->type == PARAM_LIST)
        read_list(r, v, r->rq->fields, r->rq->field_count);
    else if (field_take(r, v))
        value_read(r, v);
    if (r->errors.count != before || v->present || p->optional || p->type == PARAM_FLAG)
        return;
    complain(r, p,
             p->type == PARAM_FILE   ? S("is leeg. Kies een bestand.")
             : p->type == PARAM_LIST ? S("is leeg. Maak een keuze.")
                                     : S("is leeg. Vul het in."));
}

/* A segment of the path that is not what was declared names nothing: 404, not 400. */
static int path_param_read(struct reader *r, struct http_param_value *v, str segment)
{
    struct http_field field = {.name = str_from(v->param->name), .value = segment};
    v->text = segment;
    if (v->param->type == PARAM_LIST)
        read_list(r, v, &field, 1);
    else
        value_read(r, v);
    if (!r->errors.count && v->present)
        return 0;
    return err_set(r->c, ERR_NOT_FOUND, "Controleer het adres of zoek op de website.");
}

/* Which :name of the pattern this parameter is; STR_NONE when it is a field. */
static size_t path_index(const struct http_route *route, const struct http_param *p)
{
    str name;
    for (size_t i = 0; pattern_name(route->pattern, i, &name); i++)
        if (str_eqz(name, p->name))
            return i;
    return STR_NONE;
}

/* A program that misspells a name should hear it, not get an answer to another question. */
static void refuse_unknown(struct reader *r)
{
    for (size_t i = 0; i < r->rq->field_count; i++) {
        str name = r->rq->fields[i].name;
        const struct http_param *p = param_find(r->rq->route, name);
        if (p && path_index(r->rq->route, p) == STR_NONE)
            continue;
        *vec_push(r->c->arena, &r->errors) =
            str_fmt(r->c->arena, "De parameter “%s” bestaat niet.",
                    str_z(r->c->arena, str_slice(name, 0, SHOWN_MAX)));
    }
}

int http_params_read(struct ctx *c, struct http_request *rq, const struct http_match *match)
{
    struct reader r = {.c = c, .rq = rq};
    const struct http_route *route = match->route;
    size_t count = 0;
    while (route->params && route->params[count].name)
        count++;
    struct http_param_value *values = arena_array(c->arena, count + 1, sizeof *values);
    rq->params = values;
    rq->param_count = count;
    for (size_t i = 0; i < count; i++) {
        values[i].param = &route->params[i];
        size_t at = path_index(route, values[i].param);
        if (at != STR_NONE)
            TRY(path_param_read(&r, &values[i], match->values[at]));
    }
    for (size_t i = 0; i < count; i++)
        if (path_index(route, values[i].param) == STR_NONE)
            param_read(&r, &values[i]);
    if (route->reply)
        refuse_unknown(&r);
    if (!r.errors.count)
        return 0;
    str words = str_join(c->arena, r.errors.items, r.errors.count, S(" "));
    return err_set(c, ERR_INVALID, "%.*s", (int)words.len, words.ptr);
}

/* ---- what the handler calls ---- */

static const struct http_param_value *value_of(const struct http_request *rq, const char *name)
{
    for (size_t i = 0; i < rq->param_count; i++)
        if (strcmp(rq->params[i].param->name, name) == 0)
            return &rq->params[i];
    BUG("a parameter that the route does not declare");
}

str http_text(const struct http_request *rq, const char *name)
{
    const struct http_param_value *v = value_of(rq, name);
    return v->present ? v->text : S("");
}

long long http_int(const struct http_request *rq, const char *name, long long otherwise)
{
    const struct http_param_value *v = value_of(rq, name);
    if (v->param->type != PARAM_INT)
        BUG("http_int of a parameter that is no PARAM_INT");
    return v->present ? v->number : otherwise;
}

bool http_flag(const struct http_request *rq, const char *name)
{
    return value_of(rq, name)->present;
}

size_t http_list(const struct http_request *rq, const char *name, const str **ret)
{
    const struct http_param_value *v = value_of(rq, name);
    if (v->param->type != PARAM_LIST)
        BUG("http_list of a parameter that is no PARAM_LIST");
    *ret = v->list;
    return v->list_count;
}
