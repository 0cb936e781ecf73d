/* Fields of the query and of a form in the body, checked against declared parameters: the target is
   everything before the first 0x01, then the Content-Type, then the body. */
#include "fuzz.h"
#include "http/http_int.h"

enum { MAX_FIELDS = 16, TITLE_MAX = 20, NOTE_MAX = 100, FILE_MAX = 64 };

static const struct http_param params[] = {
    {"slug", PARAM_SLUG, .optional = true, .help = "Kenmerk"},
    {"title", PARAM_TEXT, .min = 3, .max = TITLE_MAX, .optional = true, .help = "Titel"},
    {"year", PARAM_INT, .min = 1990, .max = 2100, .optional = true, .help = "Jaar"},
    {"tags", PARAM_LIST, .max = 3, .optional = true, .help = "Onderwerpen"},
    {"agree", PARAM_FLAG, .help = "Akkoord"},
    {"note", PARAM_LINES, .max = NOTE_MAX, .optional = true, .help = "Toelichting"},
    {"file", PARAM_FILE, .max = FILE_MAX, .optional = true, .help = "Bijlage"},
    {0}};

static int handler(struct ctx *c, const struct http_request *rq, struct http_response *rs)
{
    (void)c;
    (void)rq;
    (void)rs;
    return 0;
}

static const struct http_route route = {HTTP_POST, "/", handler, 1, params, .help = "A form."};

static void check_fields(const struct http_request *rq)
{
    HOLDS(rq->field_count <= MAX_FIELDS);
    for (size_t i = 0; i < rq->field_count; i++) {
        const struct http_field *f = &rq->fields[i];
        HOLDS(f->name.len && utf8_valid(f->name));
        HOLDS(f->file_name.len || utf8_valid(f->value));
        HOLDS(utf8_valid(f->file_name) && utf8_valid(f->content_type));
    }
}

static void check_slug(str s)
{
    for (size_t i = 0; i < s.len; i++)
        HOLDS((s.ptr[i] >= 'a' && s.ptr[i] <= 'z') || (s.ptr[i] >= 'A' && s.ptr[i] <= 'Z') ||
              (s.ptr[i] >= '0' && s.ptr[i] <= '9') || s.ptr[i] == '-');
    HOLDS(s.len && s.len <= 100 && s.ptr[0] != '-' && s.ptr[s.len - 1] != '-');
}

static void check_params(const struct http_request *rq)
{
    const str *list;
    str slug = http_text(rq, "slug"), title = http_text(rq, "title"), note = http_text(rq, "note");
    size_t count = http_list(rq, "tags", &list);
    long long year = http_int(rq, "year", -1);
    HOLDS(http_text_clean(title) && utf8_length(title) <= TITLE_MAX);
    HOLDS(!title.len || (utf8_length(title) >= 3 && str_eq(str_trim(title), title)));
    HOLDS(utf8_valid(note) && !utf8_has_control(note) && utf8_length(note) <= NOTE_MAX);
    HOLDS(str_find_byte(note, '\r') == STR_NONE);
    HOLDS(year == -1 || (year >= 1990 && year <= 2100));
    HOLDS(http_text(rq, "file").len <= FILE_MAX);
    HOLDS(count <= 3);
    if (slug.len)
        check_slug(slug);
    for (size_t i = 0; i < count; i++)
        check_slug(list[i]);
    (void)http_flag(rq, "agree");
}

void fuzz_input(struct ctx *c, str in)
{
    struct http_server server = {.options.limits.max_fields = MAX_FIELDS};
    struct http_match match = {.route = &route};
    struct http_header type = {S("Content-Type"), S("")};
    struct http_request rq = {.method = HTTP_POST, .path = S("/"), .route = &route};
    rq.query = fuzz_part(&in);
    type.value = fuzz_part(&in);
    rq.body = in;
    rq.headers = &type;
    rq.header_count = 1;
    int code = http_fields_read(&server, c, &rq);
    fuzz_check_refusal(c, code, ERR_INVALID);
    if (code < 0)
        return;
    check_fields(&rq);
    code = http_params_read(c, &rq, &match);
    fuzz_check_refusal(c, code, ERR_INVALID);
    if (code == 0)
        check_params(&rq);
}
