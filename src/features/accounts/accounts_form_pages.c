/* Pages with one form, and pages of words. */
#include "accounts/accounts_int.h"

int accounts_send(struct ctx *c, const struct http_request *rq, struct http_response *rs, str title,
                  struct out *o)
{
    struct page page = {
        .title = title,
        .section = str_starts(rq->path, S("/beheer")) ? S("beheer") : S("account"),
        .noindex = true,
        .body = out_take(o),
    };
    return page_send(c, rq, rs, &page);
}

static size_t count_errors(const struct accounts_form_view *v)
{
    size_t count = v->error.len ? 1 : 0;
    for (size_t i = 0; i < v->fields_count; i++)
        count += v->fields[i].error.len > 0;
    return count;
}

int accounts_send_form(struct ctx *c, const struct http_request *rq, struct http_response *rs,
                       struct accounts_form_view *v)
{
    struct buf b;
    struct out o;
    v->errors = count_errors(v);
    v->error_heading =
        v->errors == 1
            ? S("Er is 1 antwoord dat nog niet klopt")
            : str_fmt(c->arena, "Er zijn %zu antwoorden die nog niet kloppen", v->errors);
    if (v->errors && rs->status == 200)
        rs->status = 400;
    out_begin(&o, &b, c->arena, ACCOUNTS_MAX_HTML);
    accounts_form_html(&o, v);
    str title = v->errors ? str_fmt(c->arena, "Fout: %.*s", (int)v->heading.len, v->heading.ptr)
                          : v->heading;
    return accounts_send(c, rq, rs, title, &o);
}

int accounts_send_words(struct ctx *c, const struct http_request *rq, struct http_response *rs,
                        str heading, str lead, str link, str url)
{
    const struct page_link links[] = {{link, url}};
    struct accounts_form_view v = {
        .heading = heading, .lead = lead, .links = links, .links_count = link.len ? 1 : 0};
    return accounts_send_form(c, rq, rs, &v);
}
