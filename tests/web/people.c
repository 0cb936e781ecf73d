#include "people.h"

#include "auth/password.h"
#include "base/clock.h"
#include "base/vec.h"
#include "db/db.h"
#include "jobs/jobs.h"
#include "mail/mail.h"

/* ---- a browser ---- */

struct browser *browser_new(struct web *w)
{
    struct arena *a = arena_new();
    struct browser *b = arena_new_of(a, struct browser);
    b->web = w;
    b->arena = a;
    return b;
}

void browser_free(struct browser *b)
{
    arena_free(b->arena);
}

str browser_cookie(const struct browser *b, const char *name)
{
    for (size_t i = 0; i < b->cookies.count; i++)
        if (str_eqz(b->cookies.items[i].name, name))
            return b->cookies.items[i].value;
    return S("");
}

static void keep_cookie(struct browser *b, str header)
{
    size_t equals = str_find_byte(header, '='), end = str_find_byte(header, ';');
    str name = str_dup(b->arena, str_slice(header, 0, equals));
    str value = str_dup(b->arena, str_slice(header, equals + 1, end));
    for (size_t i = 0; i < b->cookies.count; i++)
        if (str_eq(b->cookies.items[i].name, name)) {
            b->cookies.items[i].value = value;
            return;
        }
    *vec_push(b->arena, &b->cookies) = (struct http_header){name, value};
}

static struct http_response send_as(struct browser *b, const char *method, const char *path,
                                    str body)
{
    struct arena *a = arena_new();
    struct buf wire;
    buf_init(&wire, a, 256 * 1024);
    buf_fmt(&wire, "%s %s HTTP/1.1\r\nHost: localhost:8080\r\n%s", method, path,
            b->extra ? b->extra : "");
    for (size_t i = 0; i < b->cookies.count; i++)
        buf_fmt(&wire, "%s%.*s=%.*s", i ? "; " : "Cookie: ", (int)b->cookies.items[i].name.len,
                b->cookies.items[i].name.ptr, (int)b->cookies.items[i].value.len,
                b->cookies.items[i].value.ptr);
    buf_addz(&wire, b->cookies.count ? "\r\n" : "");
    if (body.ptr)
        buf_fmt(&wire,
                "Sec-Fetch-Site: same-origin\r\nContent-Type: "
                "application/x-www-form-urlencoded\r\nContent-Length: %zu\r\n",
                body.len);
    buf_addz(&wire, "\r\n");
    if (body.ptr)
        buf_add(&wire, body);
    struct http_response rs = web_send(b->web, buf_str(&wire));
    for (size_t i = 0; i < rs.headers.count; i++)
        if (str_eqz(rs.headers.items[i].name, "Set-Cookie"))
            keep_cookie(b, rs.headers.items[i].value);
    arena_free(a);
    return rs;
}

struct http_response browser_get(struct browser *b, const char *path)
{
    return send_as(b, "GET", path, (str){NULL, 0});
}

struct http_response browser_post(struct browser *b, const char *path, const char *const *fields)
{
    struct arena *a = arena_new();
    struct buf form;
    struct out o = {&form};
    buf_init(&form, a, 128 * 1024);
    for (size_t i = 0; fields[i]; i += 2) {
        buf_fmt(&form, "%s%s=", i ? "&" : "", fields[i]);
        out_url_part(&o, str_from(fields[i + 1]));
    }
    struct http_response rs = send_as(b, "POST", path, form.len ? buf_str(&form) : S(""));
    arena_free(a);
    return rs;
}

/* ---- looking in the database ---- */

struct ctx people_ctx(struct web *w)
{
    struct ctx c = w->app.ctx;
    c.arena = arena_new();
    c.lease = NULL;
    return c;
}

void people_ctx_end(struct ctx *c)
{
    db_lease_release(c);
    arena_free(c->arena);
}

void people_run_jobs(struct web *w)
{
    size_t done;
    struct ctx c = people_ctx(w);
    CHECK_OK(&c, jobs_run_due(&c, accounts_module.jobs, 1, &done)); /* not the periodic ones */
    people_ctx_end(&c);
}

/* Newest first. */
static size_t mails_to(struct ctx *c, const char *address, struct mail_row **ret_newest)
{
    struct mail_row *rows;
    size_t count, found = 0;
    CHECK_OK(c, mail_list(c, MAIL_ALL, 0, MAIL_MAX_LIST, &rows, &count));
    for (size_t i = 0; i < count; i++)
        if (str_eqz(rows[i].to, address) && !found++)
            *ret_newest = &rows[i];
    return found;
}

size_t people_mail_count(struct web *w, const char *address)
{
    struct mail_row *newest;
    struct ctx c = people_ctx(w);
    size_t count = mails_to(&c, address, &newest);
    people_ctx_end(&c);
    return count;
}

str people_mail(struct web *w, struct arena *a, const char *address)
{
    struct mail_row *newest;
    struct mail_view mail = {.text = S("")};
    struct ctx c = people_ctx(w);
    if (mails_to(&c, address, &newest))
        CHECK_OK(&c, mail_read(&c, newest->id, &mail));
    str text = str_dup(a, mail.text);
    people_ctx_end(&c);
    return text;
}

str people_link(struct arena *a, str mail)
{
    size_t at = str_find(mail, S("/bevestigen/"));
    if (at == STR_NONE)
        return S("");
    str rest = str_slice(mail, at, mail.len);
    return str_dup(a, str_slice(rest, 0, sizeof "/bevestigen/" - 1 + 64));
}

str people_code(str mail)
{
    size_t digits = 0;
    for (size_t i = 0; i < mail.len; i++) {
        bool digit = mail.ptr[i] >= '0' && mail.ptr[i] <= '9';
        digits = digit ? digits + 1 : 0;
        bool alone = i + 1 == mail.len || mail.ptr[i + 1] == '\n';
        if (digits == 6 && alone && mail.ptr[i - 6] == ' ')
            return str_slice(mail, i - 5, i + 1);
    }
    return S("");
}

/* ---- people ---- */

struct adding {
    const char *address, *name;
    enum role role;
    struct scope scope;
    str hash;
    long long id;
};

static int add_body(struct ctx *c, void *arg)
{
    struct adding *p = arg;
    struct ticket t = {.address = str_from(p->address),
                       .name = str_from(p->name),
                       .job = S("Proefpersoon"),
                       .organisation = S("Gemeente Proefdorp"),
                       .interest = S("")};
    TRY(accounts_store_add(c, &t, &p->id));
    TRY(accounts_store_set_password(c, p->id, p->hash));
    if (p->role <= ROLE_MEMBER)
        return 0;
    return accounts_store_grant(c, p->id, str_from(role_name(p->role)), p->scope, 0);
}

long long people_add(struct web *w, const char *address, const char *name, enum role role,
                     struct scope scope)
{
    struct ctx c = people_ctx(w);
    struct adding p = {address, name, role, scope, {0}, 0};
    CHECK_OK(&c, password_hash(&c, S(PEOPLE_PASSWORD), &p.hash));
    CHECK_OK(&c, accounts_store_transaction(&c, add_body, &p));
    people_ctx_end(&c);
    return p.id;
}

struct browser *people_signed_in(struct web *w, long long account, bool two_factor)
{
    struct browser *b = browser_new(w);
    struct ctx c = people_ctx(w);
    struct account a;
    struct http_request rq = {.remote = S("127.0.0.1")};
    struct http_response rs = {.status = 200};
    CHECK_OK(&c, accounts_store_find(&c, account, &a));
    CHECK_OK(&c, accounts_sign_in(&c, &rq, &rs, &a, two_factor, false));
    for (size_t i = 0; i < rs.headers.count; i++)
        keep_cookie(b, rs.headers.items[i].value);
    people_ctx_end(&c);
    return b;
}
