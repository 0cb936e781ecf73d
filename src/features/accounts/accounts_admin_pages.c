/* Accounts for the admin: finding, roles, states, invitations, and looking through somebody's eyes.
 */
#include "accounts/accounts_int.h"

/* ---- list ---- */

static int role_words_of(struct ctx *c, long long account, str *ret)
{
    struct accounts_role_view *roles;
    size_t count;
    TRY(accounts_role_views(c, account, &roles, &count));
    str *words = arena_array(c->arena, count + 1, sizeof *words);
    for (size_t i = 0; i < count; i++)
        words[i] = roles[i].words;
    *ret = str_join(c->arena, words, count, S(", "));
    return 0;
}

static int list_rows(struct ctx *c, const struct account *accounts, size_t count,
                     struct accounts_list_view *v)
{
    struct accounts_row_view *rows = arena_array(c->arena, count + 1, sizeof *rows);
    for (size_t i = 0; i < count; i++) {
        const struct account *a = &accounts[i];
        rows[i] = (struct accounts_row_view){
            .id = a->id,
            .name = a->name,
            .address = a->address,
            .organisation = a->organisation,
            .state = a->state == ACCOUNT_ACTIVE ? S("") : str_from(accounts_state_name(a->state)),
            .seen = a->seen_at ? accounts_day(c->arena, a->seen_at) : S(""),
        };
        TRY(role_words_of(c, a->id, &rows[i].roles));
    }
    v->rows = rows;
    v->rows_count = count;
    return 0;
}

static int list_reports(struct ctx *c, struct accounts_list_view *v)
{
    struct retention *rows;
    size_t count;
    TRY(accounts_store_retentions(c, &rows, &count));
    struct accounts_retention_view *views = arena_array(c->arena, count + 1, sizeof *views);
    for (size_t i = 0; i < count; i++)
        views[i] = (struct accounts_retention_view){accounts_day(c->arena, rows[i].at),
                                                    rows[i].sessions,
                                                    rows[i].tickets,
                                                    rows[i].devices,
                                                    rows[i].warned,
                                                    rows[i].erased};
    v->reports = views;
    v->reports_count = count;
    return 0;
}

static str list_url(struct ctx *c, str text, long long page)
{
    struct buf b;
    struct out o = {&b};
    buf_init(&b, c->arena, 2048);
    buf_fmt(&b, "/beheer/accounts?pagina=%lld&q=", page);
    out_url_part(&o, text);
    return buf_str(&b);
}

int accounts_admin_list(struct ctx *c, const struct http_request *rq, struct http_response *rs)
{
    struct account *accounts;
    size_t count;
    long long total, page = http_int(rq, "pagina", 1);
    struct accounts_list_view v = {.text = http_text(rq, "q")};
    struct buf b;
    struct out o;
    TRY(accounts_store_list(c, v.text, (page - 1) * ACCOUNTS_LIST, &accounts, &count, &total));
    TRY(list_rows(c, accounts, count, &v));
    TRY(list_reports(c, &v));
    v.count_words = str_fmt(c->arena, "%lld %s", total, total == 1 ? "account" : "accounts");
    if (page > 1)
        v.previous_url = list_url(c, v.text, page - 1);
    if (page * ACCOUNTS_LIST < total)
        v.next_url = list_url(c, v.text, page + 1);
    out_begin(&o, &b, c->arena, ACCOUNTS_MAX_HTML);
    accounts_list_html(&o, &v);
    return accounts_send(c, rq, rs, S("Accounts"), &o);
}

/* ---- one account ---- */

static int find(struct ctx *c, const struct http_request *rq, struct account *ret)
{
    int code = accounts_store_find(c, http_int(rq, "nummer", 0), ret);
    return code == ERR_NOT_FOUND ? err_set(c, code, "Dit account bestaat niet.") : code;
}

static str note_of(str done)
{
    static const char *const notes[][2] = {
        {"rol", "De rollen zijn gewijzigd. Deze persoon moet opnieuw inloggen."},
        {"staat", "De staat van het account is gewijzigd."},
        {"tweede-stap",
         "De tweede stap staat uit. Deze persoon logt in met alleen het wachtwoord."},
        {"uitnodiging", "De uitnodiging is verstuurd."},
    };
    for (size_t i = 0; i < COUNT_OF(notes); i++)
        if (str_eqz(done, notes[i][0]))
            return str_from(notes[i][1]);
    return S("");
}

static const struct accounts_option *grantable(struct ctx *c, size_t *ret_count)
{
    struct accounts_option *options = arena_array(c->arena, ROLE_COUNT, sizeof *options);
    *ret_count = 0;
    for (int i = ROLE_PROFESSIONAL; i < ROLE_COUNT; i++)
        options[(*ret_count)++] = (struct accounts_option){
            str_from(role_name((enum role)i)), str_from(role_words((enum role)i)), false};
    return options;
}

static int send_show(struct ctx *c, const struct http_request *rq, struct http_response *rs,
                     const struct account *a, str error)
{
    static const struct accounts_option scopes[] = {
        {STR("alles"), STR("overal"), false},
        {STR("thema"), STR("één thema"), false},
        {STR("regio"), STR("één regio"), false},
        {STR("organisatie"), STR("één organisatie"), false}};
    struct accounts_role_view *roles;
    struct accounts_show_view v = {
        .account = a,
        .state = str_from(accounts_state_name(a->state)),
        .since = accounts_day(c->arena, a->created_at),
        .seen = accounts_day(c->arena, a->seen_at),
        .error = error,
        .disabled = a->state == ACCOUNT_DISABLED,
        .erased = a->state == ACCOUNT_ERASED,
        .self = a->id == c->actor->account,
        .has_totp = a->totp_secret.len > 0,
        .scopes = scopes,
        .scopes_count = COUNT_OF(scopes),
    };
    struct buf b;
    struct out o;
    if (!error.len && rq->method != HTTP_POST)
        v.note = note_of(http_text(rq, "gelukt"));
    v.grantable = grantable(c, &v.grantable_count);
    TRY(accounts_role_views(c, a->id, &roles, &v.roles_count));
    v.roles = roles;
    out_begin(&o, &b, c->arena, ACCOUNTS_MAX_HTML);
    accounts_show_html(&o, &v);
    if (error.len)
        rs->status = 400;
    return accounts_send(c, rq, rs, a->name, &o);
}

int accounts_admin_show(struct ctx *c, const struct http_request *rq, struct http_response *rs)
{
    struct account a;
    TRY(find(c, rq, &a));
    return send_show(c, rq, rs, &a, S(""));
}

/* After a change: back to the account, or the page with what was wrong. */
static int after(struct ctx *c, const struct http_request *rq, struct http_response *rs,
                 const struct account *a, int code, const char *done)
{
    if (code == ERR_INVALID || code == ERR_CONFLICT || code == ERR_LIMIT)
        return send_show(c, rq, rs, a, err_words(&c->err));
    TRY(code);
    http_redirect(c, rs, 303, str_fmt(c->arena, "/beheer/accounts/%lld?gelukt=%s", a->id, done));
    return 0;
}

int accounts_admin_grant(struct ctx *c, const struct http_request *rq, struct http_response *rs)
{
    struct account a;
    struct scope scope = {.id = http_text(rq, "welke")};
    TRY(find(c, rq, &a));
    if (!scope_find(http_text(rq, "bereik"), &scope.kind))
        return err_set(c, ERR_INVALID, "Kies waar de rol geldt.");
    int code = accounts_give_role(c, a.id, http_text(rq, "rol"), scope, c->actor->account);
    return after(c, rq, rs, &a, code, "rol");
}

int accounts_admin_revoke(struct ctx *c, const struct http_request *rq, struct http_response *rs)
{
    struct account a;
    TRY(find(c, rq, &a));
    return after(c, rq, rs, &a, accounts_take_role(c, a.id, http_int(rq, "rol", 0)), "rol");
}

int accounts_admin_state(struct ctx *c, const struct http_request *rq, struct http_response *rs)
{
    struct account a;
    TRY(find(c, rq, &a));
    if (a.id == c->actor->account)
        return send_show(c, rq, rs, &a, S("Uw eigen account kunt u niet uitzetten."));
    bool on = str_eqz(http_text(rq, "staat"), "actief");
    return after(c, rq, rs, &a,
                 accounts_change_state(c, a.id, on ? ACCOUNT_ACTIVE : ACCOUNT_DISABLED), "staat");
}

int accounts_admin_totp_off(struct ctx *c, const struct http_request *rq, struct http_response *rs)
{
    struct account a;
    TRY(find(c, rq, &a));
    if (a.id == c->actor->account)
        return send_show(c, rq, rs, &a, S("Zet uw eigen tweede stap uit in uw account."));
    return after(c, rq, rs, &a, accounts_end_two_factor(c, &a), "tweede-stap");
}

/* ---- invitations ---- */

static int send_invite(struct ctx *c, const struct http_request *rq, struct http_response *rs,
                       const struct ticket *t, str error)
{
    size_t count;
    const struct accounts_option *roles = grantable(c, &count);
    struct accounts_option *options = arena_array(c->arena, count + 1, sizeof *options);
    options[0] = (struct accounts_option){S(""), S("geen: gewoon lid"), !t->role.len};
    for (size_t i = 0; i < count; i++) {
        options[i + 1] = roles[i];
        options[i + 1].chosen = str_eq(roles[i].value, t->role);
    }
    const struct accounts_field fields[] = {
        {.name = S("naam"), .label = S("Naam"), .value = t->name, .type = S("text")},
        {.name = S("mailadres"),
         .label = S("E-mailadres"),
         .value = t->address,
         .error = error,
         .type = S("email")},
        {.name = S("organisatie"),
         .label = S("Organisatie"),
         .value = t->organisation,
         .type = S("text"),
         .optional = true},
        {.name = S("rol"),
         .label = S("Rol"),
         .select = true,
         .options = options,
         .options_count = count + 1},
    };
    struct accounts_form_view v = {
        .heading = S("Iemand uitnodigen"),
        .lead = S("Deze persoon krijgt een mail en kiest daarmee een wachtwoord."),
        .note = rq->method == HTTP_POST ? S("") : note_of(http_text(rq, "gelukt")),
        .action = S("/beheer/accounts/uitnodigen"),
        .button = S("Verstuur de uitnodiging"),
        .fields = fields,
        .fields_count = COUNT_OF(fields),
    };
    return accounts_send_form(c, rq, rs, &v);
}

int accounts_admin_invite_page(struct ctx *c, const struct http_request *rq,
                               struct http_response *rs)
{
    struct ticket t = {.name = S("")};
    return send_invite(c, rq, rs, &t, S(""));
}

int accounts_admin_invite_post(struct ctx *c, const struct http_request *rq,
                               struct http_response *rs)
{
    struct ticket t = {.name = http_text(rq, "naam"),
                       .address = http_text(rq, "mailadres"),
                       .organisation = http_text(rq, "organisatie"),
                       .role = http_text(rq, "rol")};
    int code = accounts_invite(c, &t);
    if (code == ERR_INVALID)
        return send_invite(c, rq, rs, &t, err_words(&c->err));
    TRY(code);
    http_redirect(c, rs, 303, S("/beheer/accounts/uitnodigen?gelukt=uitnodiging"));
    return 0;
}

/* ---- through the eyes of another ---- */

static int view_begin(struct ctx *c, void *arg)
{
    const struct account_change *g = arg;
    TRY(accounts_store_view_begin(c, g->session, g->by, g->account, g->text));
    return accounts_store_note(c, "account.view_as_begun", g->account, g->text);
}

int accounts_admin_view(struct ctx *c, const struct http_request *rq, struct http_response *rs)
{
    struct account a;
    TRY(find(c, rq, &a));
    struct account_change g = {.account = a.id,
                               .by = c->actor->account,
                               .session = c->actor->session,
                               .text = http_text(rq, "reden")};
    if (a.id == c->actor->account || a.state == ACCOUNT_ERASED)
        return send_show(c, rq, rs, &a, S("Dit account kunt u niet bekijken als iemand anders."));
    if (!g.text.len)
        return send_show(c, rq, rs, &a, S("Schrijf op waarom u de site als deze persoon bekijkt."));
    TRY(accounts_store_transaction(c, view_begin, &g));
    http_redirect(c, rs, 303, S("/account"));
    return 0;
}

static int view_end(struct ctx *c, void *arg)
{
    const struct account_change *g = arg;
    TRY(accounts_store_view_end(c, g->session, g->by));
    return accounts_store_note(c, "account.view_as_ended", g->account, S(""));
}

int accounts_admin_view_stop(struct ctx *c, const struct http_request *rq _unused_,
                             struct http_response *rs)
{
    struct account_change g = {
        .account = c->actor->account, .by = c->actor->viewer, .session = c->actor->session};
    if (g.by)
        TRY(accounts_store_transaction(c, view_end, &g));
    http_redirect(c, rs, 303,
                  g.by ? str_fmt(c->arena, "/beheer/accounts/%lld", g.account) : S("/account"));
    return 0;
}
