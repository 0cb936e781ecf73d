/* /beheer/post: what leaves by mail, to be read by who runs the site. */
#include "post/post_int.h"

#include "base/clock.h"

enum { PAGE_MAILS = 50, MAX_HTML = 4 * 1024 * 1024 };

static const struct {
    const char *word, *name;
    enum mail_filter filter;
} filters[] = {
    {"alle", "Alle berichten", MAIL_ALL},
    {"wachtend", "Wachtend", MAIL_OPEN},
    {"mislukt", "Niet of misschien verstuurd", MAIL_PROBLEMS},
};

static str moment(struct ctx *c, long long at)
{
    str time = clock_rfc3339(c->arena, at);
    str day = clock_date_dutch(c->arena, str_slice(time, 0, 10));
    return str_fmt(c->arena, "%.*s, %.*s UTC", (int)day.len, day.ptr, 5, time.ptr + 11);
}

static struct post_row row_view(struct ctx *c, const struct mail_row *m)
{
    return (struct post_row){
        .url = str_fmt(c->arena, "/beheer/post/%lld", m->id),
        .subject = m->subject.len ? m->subject : S("(gewist)"),
        .to = m->to.len ? m->to : S("(gewist)"),
        .when = moment(c, m->created_at),
        .state = str_from(mail_state_name(m->state)),
        .note = m->note,
    };
}

static int send_page(struct ctx *c, const struct http_request *rq, struct http_response *rs,
                     str title, struct out *o)
{
    struct page_link crumbs[] = {
        {S("Home"), S("/")}, {S("Uitgaande post"), S("/beheer/post")}, {title, S("")}};
    bool list = str_eqz(title, "Uitgaande post");
    if (list)
        crumbs[1] = crumbs[2];
    struct page page = {
        .title = title,
        .crumbs = crumbs,
        .crumb_count = list ? 2 : COUNT_OF(crumbs),
        .noindex = true,
        .body = out_take(o),
    };
    rs->max_age = -1;
    return page_send(c, rq, rs, &page);
}

static size_t chosen(const struct http_request *rq)
{
    str word = http_text(rq, "toon");
    for (size_t i = 0; i < COUNT_OF(filters); i++)
        if (str_eqz(word, filters[i].word))
            return i;
    return 0;
}

static void view_filters(struct ctx *c, size_t present, const struct mail_status *status,
                         struct post_list_view *v)
{
    struct post_filter *views = arena_array(c->arena, COUNT_OF(filters), sizeof *views);
    const long long counts[COUNT_OF(filters)] = {
        [MAIL_ALL] = status->all,
        [MAIL_OPEN] = status->waiting + status->sending,
        [MAIL_PROBLEMS] = status->failed + status->uncertain,
    };
    for (size_t i = 0; i < COUNT_OF(filters); i++)
        views[i] = (struct post_filter){
            .name = str_from(filters[i].name),
            .url = str_fmt(c->arena, "/beheer/post?toon=%s", filters[i].word),
            .count = counts[filters[i].filter],
            .present = i == present,
        };
    v->filters = views;
    v->filters_count = COUNT_OF(filters);
    v->title = str_from(filters[present].name);
}

int post_list(struct ctx *c, const struct http_request *rq, struct http_response *rs)
{
    struct post_list_view v = {.is_sent = mail_is_sent(c)};
    struct mail_row *rows;
    struct mail_status status;
    size_t count, filter = chosen(rq);
    struct buf b;
    struct out o;
    TRY(mail_status(c, &status));
    TRY(mail_list(c, filters[filter].filter, http_int(rq, "voor", 0), PAGE_MAILS, &rows, &count));
    struct post_row *views = arena_array(c->arena, count + 1, sizeof *views);
    for (size_t i = 0; i < count; i++) {
        views[i] = row_view(c, &rows[i]);
        if (rows[i].state == MAIL_SENT)
            views[i].note = S(""); /* only the server's thanks */
    }
    v.mails = views;
    v.mails_count = count;
    view_filters(c, filter, &status, &v);
    if (count == PAGE_MAILS)
        v.older_url = str_fmt(c->arena, "/beheer/post?toon=%s&voor=%lld", filters[filter].word,
                              rows[count - 1].id);
    out_begin(&o, &b, c->arena, MAX_HTML);
    post_list_html(&o, &v);
    return send_page(c, rq, rs, S("Uitgaande post"), &o);
}

/* ---- one mail ---- */

/* How long the address at the front of the text is; 0: there is none. */
static size_t url_length(str s)
{
    size_t n = 0, scheme = str_starts(s, S("https://")) ? 8 : str_starts(s, S("http://")) ? 7 : 0;
    if (!scheme)
        return 0;
    while (n < s.len && s.ptr[n] > ' ' && !strchr("<>\"", s.ptr[n]))
        n++;
    while (n && strchr(".,;:!?)", s.ptr[n - 1]))
        n--;
    return n > scheme ? n : 0;
}

static void write_line(struct out *o, str line)
{
    while (line.len) {
        size_t at = str_find(line, S("http")), n = 0;
        if (at == STR_NONE)
            at = line.len;
        else
            n = url_length(str_slice(line, at, line.len));
        size_t plain = at < line.len && !n ? at + 1 : at;
        out(o, str_slice(line, 0, plain));
        line = str_slice(line, plain, line.len);
        if (!n)
            continue;
        out_lit(o, "<a href=\"");
        out_url(o, str_slice(line, 0, n));
        out_lit(o, "\">");
        out(o, str_slice(line, 0, n));
        out_lit(o, "</a>");
        line = str_slice(line, n, line.len);
    }
}

/* Plain text as paragraphs, its lines kept, its addresses as links. */
static html text_html(struct ctx *c, str text)
{
    struct buf b;
    struct out o;
    str line;
    bool in_paragraph = false;
    out_begin(&o, &b, c->arena, MAX_HTML / 2);
    while (str_line(&text, &line)) {
        bool blank = !str_trim(line).len;
        if (in_paragraph && blank)
            out_lit(&o, "</p>\n");
        else if (in_paragraph)
            out_lit(&o, "<br>\n");
        else if (!blank)
            out_lit(&o, "<p>");
        in_paragraph = !blank;
        write_line(&o, line);
    }
    if (in_paragraph)
        out_lit(&o, "</p>\n");
    return out_take(&o);
}

int post_show(struct ctx *c, const struct http_request *rq, struct http_response *rs)
{
    struct mail_view mail;
    struct buf b;
    struct out o;
    TRY(mail_read(c, http_int(rq, "nummer", 0), &mail));
    struct post_show_view v = {
        .mail = row_view(c, &mail.row),
        .attempts = mail.row.attempts,
        .has_html = mail.html.len > 0,
    };
    if (mail.row.ended_at)
        v.ended = moment(c, mail.row.ended_at);
    if (mail.text.len)
        v.text = text_html(c, mail.text);
    out_begin(&o, &b, c->arena, MAX_HTML);
    post_show_html(&o, &v);
    return send_page(c, rq, rs, v.mail.subject, &o);
}
