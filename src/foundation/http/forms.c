#include "http/http_int.h"

static size_t count_pairs(str in)
{
    size_t n = 0;
    str pair;
    while (str_split(&in, '&', &pair))
        n += pair.len > 0;
    return n;
}

static bool pair_decode(struct arena *a, str pair, struct http_field *ret)
{
    size_t equals = str_find_byte(pair, '=');
    str name = equals == STR_NONE ? pair : str_slice(pair, 0, equals);
    str value = equals == STR_NONE ? S("") : str_slice(pair, equals + 1, pair.len);
    *ret = (struct http_field){0};
    return name.len && http_url_decode(a, name, true, &ret->name) &&
           http_url_decode(a, value, true, &ret->value);
}

bool http_parse_urlencoded(struct arena *a, str in, size_t max, struct http_field **ret,
                           size_t *ret_count)
{
    size_t count = in.len ? count_pairs(in) : 0, n = 0;
    if (count > max)
        return false;
    struct http_field *fields = arena_array(a, count + 1, sizeof *fields);
    str pair;
    while (n < count && str_split(&in, '&', &pair))
        if (pair.len && !pair_decode(a, pair, &fields[n++]))
            return false;
    *ret = fields;
    *ret_count = n;
    return true;
}

/* The media type of a Content-Type, without parameters. */
static str media_type(str content_type)
{
    size_t semicolon = str_find_byte(content_type, ';');
    return str_trim(semicolon == STR_NONE ? content_type : str_slice(content_type, 0, semicolon));
}

/* Fields of the body when it is a form; a body of another type (JSON, a file) is the handler's. The
   body of a GET means nothing: its answer may be kept for everybody who asks for the same target.
 */
static bool body_fields(struct arena *a, const struct http_request *rq, size_t max,
                        struct http_field **ret, size_t *ret_count)
{
    str type = http_header_get(rq, "Content-Type");
    *ret_count = 0;
    if (!rq->body.len || rq->method == HTTP_GET || rq->method == HTTP_HEAD)
        return true;
    if (str_eq_nocase(media_type(type), S("application/x-www-form-urlencoded")))
        return http_parse_urlencoded(a, rq->body, max, ret, ret_count);
    if (str_eq_nocase(media_type(type), S("multipart/form-data")))
        return http_parse_multipart(a, type, rq->body, max, ret, ret_count);
    return true;
}

int http_fields_read(const struct http_server *server, struct ctx *c, struct http_request *rq)
{
    struct http_field *query = NULL, *form = NULL;
    size_t query_count, form_count, max = server->options.limits.max_fields;
    if (!http_parse_urlencoded(c->arena, rq->query, max, &query, &query_count))
        return err_set(c, ERR_INVALID,
                       "Het adres van deze pagina klopt niet. Controleer het adres of begin "
                       "opnieuw bij de startpagina.");
    if (!body_fields(c->arena, rq, max - query_count, &form, &form_count))
        return err_set(c, ERR_INVALID,
                       "Wij konden het formulier niet lezen. Ga terug, laad de pagina opnieuw en "
                       "verstuur het formulier nog een keer.");
    struct http_field *all = arena_array(c->arena, query_count + form_count + 1, sizeof *all);
    for (size_t i = 0; i < query_count; i++)
        all[i] = query[i];
    for (size_t i = 0; i < form_count; i++)
        all[query_count + i] = form[i];
    rq->fields = all;
    rq->field_count = query_count + form_count;
    return 0;
}
