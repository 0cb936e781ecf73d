/* The own account: what is known, and changing it. */
#include "accounts/accounts_int.h"

#include "auth/password.h"
#include "auth/token.h"
#include "base/clock.h"
#include "json/json.h"

static int own_account(struct ctx *c, struct account *ret)
{
    return accounts_store_find(c, c->actor->account, ret);
}

static str note_of(str done)
{
    static const char *const notes[][2] = {
        {"gegevens", "Uw gegevens zijn bewaard."},
        {"wachtwoord", "Uw wachtwoord is gewijzigd. Op andere apparaten bent u uitgelogd."},
        {"tweede-stap-uit", "De tweede stap staat uit."},
        {"sessies", "U bent daar uitgelogd."},
        {"adres", "Wij hebben een mail gestuurd naar uw nieuwe adres. Bevestig het met de link in "
                  "die mail."},
    };
    for (size_t i = 0; i < COUNT_OF(notes); i++)
        if (str_eqz(done, notes[i][0]))
            return str_from(notes[i][1]);
    return S("");
}

/* ---- overview ---- */

static str scope_words(struct arena *a, const struct account_grant *g)
{
    if (!g->scope_id.len)
        return S("overal");
    return str_fmt(a, "%.*s %.*s", (int)g->scope_kind.len, g->scope_kind.ptr, (int)g->scope_id.len,
                   g->scope_id.ptr);
}

int accounts_role_views(struct ctx *c, long long account, struct accounts_role_view **ret,
                        size_t *ret_count)
{
    struct account_grant *grants;
    size_t count;
    TRY(accounts_store_roles(c, account, &grants, &count));
    struct accounts_role_view *views = arena_array(c->arena, count + 1, sizeof *views);
    for (size_t i = 0; i < count; i++) {
        enum role role = ROLE_COUNT;
        views[i] = (struct accounts_role_view){
            .words = role_find(grants[i].role, &role) ? str_from(role_words(role)) : grants[i].role,
            .scope = scope_words(c->arena, &grants[i]),
            .since = accounts_day(c->arena, grants[i].granted_at),
            .id = grants[i].id,
        };
    }
    *ret = views;
    *ret_count = count;
    return 0;
}

static int overview_viewings(struct ctx *c, long long account, struct accounts_overview_view *v)
{
    struct account_viewing *rows;
    size_t count;
    TRY(accounts_store_viewings(c, account, &rows, &count));
    struct accounts_viewing_view *views = arena_array(c->arena, count + 1, sizeof *views);
    for (size_t i = 0; i < count; i++)
        views[i] = (struct accounts_viewing_view){
            rows[i].viewer, accounts_day(c->arena, rows[i].begun_at), rows[i].reason};
    v->viewings = views;
    v->viewings_count = count;
    return 0;
}

/* What somebody's roles open. A new page for a role gets its line here. */
static void overview_work(struct ctx *c, struct accounts_overview_view *v)
{
    static const struct {
        enum permission permission;
        struct page_link link;
    } pages[] = {
        {PERM_ACCOUNTS, {STR("Accounts en rollen"), STR("/beheer/accounts")}},
        {PERM_OPERATE, {STR("Uitgaande post"), STR("/beheer/post")}},
    };
    struct page_link *links = arena_array(c->arena, COUNT_OF(pages), sizeof *links);
    for (size_t i = 0; i < COUNT_OF(pages); i++)
        if (permission_allows(c->actor, pages[i].permission))
            links[v->work_count++] = pages[i].link;
    v->work = links;
}

int accounts_own(struct ctx *c, const struct http_request *rq, struct http_response *rs)
{
    struct account a;
    struct accounts_overview_view v = {.note = note_of(http_text(rq, "gelukt"))};
    struct accounts_role_view *roles;
    struct buf b;
    struct out o;
    TRY(own_account(c, &a));
    TRY(accounts_role_views(c, a.id, &roles, &v.roles_count));
    TRY(overview_viewings(c, a.id, &v));
    TRY(accounts_store_count_recovery(c, a.id, &v.recovery));
    TRY(accounts_organisations(c, a.id, &v.known));
    overview_work(c, &v);
    v.account = &a;
    v.roles = roles;
    v.has_password = a.password.len > 0;
    v.has_totp = a.totp_secret.len > 0;
    v.must_totp = actor_needs_two_factor(c->actor);
    v.viewed = c->actor->viewer != 0;
    v.since = accounts_day(c->arena, a.created_at);
    out_begin(&o, &b, c->arena, ACCOUNTS_MAX_HTML);
    accounts_overview_html(&o, &v);
    return accounts_send(c, rq, rs, S("Uw account"), &o);
}

/* ---- name, work ---- */

enum { NAME, JOB, ORGANISATION, MARKET, INTEREST, PROFILE_FIELDS };

static int send_profile(struct ctx *c, const struct http_request *rq, struct http_response *rs,
                        const struct account *a, bool check, bool *ret_sent)
{
    struct accounts_field fields[PROFILE_FIELDS] = {
        [NAME] = {.name = S("naam"),
                  .label = S("Naam"),
                  .value = a->name,
                  .type = S("text"),
                  .autocomplete = S("name")},
        [JOB] = {.name = S("functie"),
                 .label = S("Functie"),
                 .value = a->job,
                 .type = S("text"),
                 .autocomplete = S("organization-title")},
        [ORGANISATION] = {.name = S("organisatie"),
                          .label = S("Organisatie"),
                          .value = a->organisation,
                          .type = S("text"),
                          .autocomplete = S("organization")},
        [MARKET] = {.name = S("marktpartij"),
                    .label =
                        S("Ik werk voor een marktpartij, zoals een ontwikkelaar of adviesbureau"),
                    .checkbox = true,
                    .checked = a->market},
        [INTEREST] = {.name = S("belang"),
                      .label = S("Welk belang hebt u bij woningbouw?"),
                      .help = S("Alleen voor marktpartijen. Dit staat bij alles wat u bijdraagt."),
                      .value = a->interest,
                      .area = true,
                      .optional = true},
    };
    struct accounts_form_view v = {.heading = S("Uw gegevens"),
                                   .action = S("/account/gegevens"),
                                   .button = S("Bewaar mijn gegevens"),
                                   .fields = fields,
                                   .fields_count = PROFILE_FIELDS};
    bool good = true;
    for (size_t i = 0; check && i < PROFILE_FIELDS; i++) {
        bool required = i != MARKET && (i != INTEREST || a->market);
        if (required && !fields[i].value.len)
            fields[i].error = S("Vul dit in.");
        else if (fields[i].value.len > 500)
            fields[i].error = S("Dit is te lang. Maak het korter.");
        good = good && !fields[i].error.len;
    }
    *ret_sent = !check || !good;
    return *ret_sent ? accounts_send_form(c, rq, rs, &v) : 0;
}

int accounts_profile_page(struct ctx *c, const struct http_request *rq, struct http_response *rs)
{
    struct account a;
    bool sent;
    TRY(own_account(c, &a));
    return send_profile(c, rq, rs, &a, false, &sent);
}

static int profile_body(struct ctx *c, void *arg)
{
    const struct account *a = arg;
    TRY(accounts_store_set_profile(c, a));
    return accounts_store_note(c, "account.profile_changed", a->id, S(""));
}

int accounts_profile_post(struct ctx *c, const struct http_request *rq, struct http_response *rs)
{
    struct account a;
    bool sent;
    TRY(own_account(c, &a));
    a.name = http_text(rq, "naam");
    a.job = http_text(rq, "functie");
    a.organisation = http_text(rq, "organisatie");
    a.market = http_flag(rq, "marktpartij");
    a.interest = a.market ? http_text(rq, "belang") : S("");
    TRY(send_profile(c, rq, rs, &a, true, &sent));
    if (sent)
        return 0;
    TRY(accounts_store_transaction(c, profile_body, &a));
    http_redirect(c, rs, 303, S("/account?gelukt=gegevens"));
    return 0;
}

/* ---- the password that is asked before something weighty ---- */

/* Fills *ret_error; no error when it is right, or when there is none yet. The same brake as for
   signing in. */
static int check_own_password(struct ctx *c, const struct account *a, str typed, str *ret_error)
{
    bool right = false;
    *ret_error = S("");
    if (!a->password.len)
        return 0;
    long long wait = accounts_second_wait(c, a->id);
    if (wait) {
        *ret_error = str_fmt(c->arena, "Te vaak verkeerd ingevuld. Wacht %lld seconden.", wait);
        return 0;
    }
    accounts_store_rest(c);
    TRY(password_check(c, a->password, typed, NULL, NULL, &right));
    accounts_second_end(c, a->id, right);
    if (!right)
        *ret_error = S("Dit is niet uw wachtwoord van nu.");
    return 0;
}

static struct accounts_field password_field(str error)
{
    return (struct accounts_field){.name = S("wachtwoord"),
                                   .label = S("Uw wachtwoord van nu"),
                                   .error = error,
                                   .type = S("password"),
                                   .autocomplete = S("current-password")};
}

/* ---- password ---- */

static int send_password(struct ctx *c, const struct http_request *rq, struct http_response *rs,
                         const struct account *a, str old_error, str new_error)
{
    struct accounts_field fields[2];
    struct accounts_form_view v = {.action = S("/account/wachtwoord"),
                                   .button = S("Bewaar mijn wachtwoord"),
                                   .fields = fields};
    if (a->password.len)
        fields[v.fields_count++] = password_field(old_error);
    fields[v.fields_count++] = (struct accounts_field){
        .name = S("nieuw"),
        .label = S("Nieuw wachtwoord"),
        .help = S("Ten minste 12 tekens. Vier losse woorden achter elkaar onthoudt u het best."),
        .error = new_error,
        .type = S("password"),
        .autocomplete = S("new-password")};
    v.heading = a->password.len ? S("Wachtwoord wijzigen") : S("Kies een wachtwoord");
    v.lead = a->password.len
                 ? S("Op andere apparaten wordt u dan uitgelogd.")
                 : S("Uw e-mailadres is bevestigd. Met dit wachtwoord logt u voortaan in.");
    return accounts_send_form(c, rq, rs, &v);
}

int accounts_password_page(struct ctx *c, const struct http_request *rq, struct http_response *rs)
{
    struct account a;
    TRY(own_account(c, &a));
    return send_password(c, rq, rs, &a, S(""), S(""));
}

static int password_body(struct ctx *c, void *arg)
{
    const struct account_change *g = arg;
    struct account a;
    TRY(accounts_store_find(c, g->account, &a));
    TRY(accounts_store_set_password(c, g->account, g->text));
    TRY(accounts_store_sessions_end(c, g->account, g->session));
    if (a.password.len)
        TRY(accounts_store_mail(
            c, a.address, a.name, S("Uw wachtwoord is gewijzigd"),
            S("Het wachtwoord van uw account bij Aanjager is gewijzigd. Was u dat niet? Kies dan "
              "meteen een nieuw wachtwoord met “Wachtwoord vergeten”.\n")));
    return accounts_store_note(c, "account.password_changed", g->account, S(""));
}

int accounts_password_post(struct ctx *c, const struct http_request *rq, struct http_response *rs)
{
    struct account a;
    struct account_change g = {.account = c->actor->account, .session = c->actor->session};
    str typed = http_text(rq, "nieuw"), old_error, new_error = S("");
    TRY(own_account(c, &a));
    TRY(check_own_password(c, &a, http_text(rq, "wachtwoord"), &old_error));
    int code = accounts_password_check(c, &a, typed);
    if (code < 0 && code != ERR_INVALID)
        return code;
    if (code < 0)
        new_error = err_words(&c->err);
    if (old_error.len || new_error.len)
        return send_password(c, rq, rs, &a, old_error, new_error);
    accounts_store_rest(c);
    TRY(password_hash(c, typed, &g.text));
    TRY(accounts_store_transaction(c, password_body, &g));
    http_redirect(c, rs, 303, S("/account?gelukt=wachtwoord"));
    return 0;
}

/* ---- address ---- */

static int send_address(struct ctx *c, const struct http_request *rq, struct http_response *rs,
                        str typed, str error, str password_error)
{
    const struct accounts_field fields[] = {
        {.name = S("mailadres"),
         .label = S("Nieuw e-mailadres"),
         .value = typed,
         .error = error,
         .type = S("email"),
         .autocomplete = S("email")},
        password_field(password_error),
    };
    struct accounts_form_view v = {
        .heading = S("E-mailadres wijzigen"),
        .lead =
            str_fmt(c->arena, "Nu is het %.*s. Het verandert pas als u het nieuwe adres bevestigt.",
                    (int)c->actor->address.len, c->actor->address.ptr),
        .action = S("/account/adres"),
        .button = S("Stuur mij een mail"),
        .fields = fields,
        .fields_count = COUNT_OF(fields),
    };
    return accounts_send_form(c, rq, rs, &v);
}

int accounts_address_page(struct ctx *c, const struct http_request *rq, struct http_response *rs)
{
    return send_address(c, rq, rs, S(""), S(""), S(""));
}

int accounts_address_post(struct ctx *c, const struct http_request *rq, struct http_response *rs)
{
    struct account a;
    struct ticket t = {.purpose = S(TICKET_ADDRESS), .account_id = c->actor->account};
    str typed = http_text(rq, "mailadres"), error = S(""), password_error;
    TRY(own_account(c, &a));
    TRY(check_own_password(c, &a, http_text(rq, "wachtwoord"), &password_error));
    if (!accounts_address(c->arena, typed, &t.address))
        error = S("Vul een e-mailadres in, bijvoorbeeld naam@gemeente.nl.");
    if (error.len || password_error.len)
        return send_address(c, rq, rs, typed, error, password_error);
    TRY(accounts_mail_brake(c, rq->remote));
    t.name = a.name;
    t.reference = token_new(c->arena);
    TRY(accounts_store_ticket_add(c, &t));
    http_redirect(c, rs, 303, S("/account?gelukt=adres"));
    return 0;
}

/* ---- sessions ---- */

int accounts_sessions_page(struct ctx *c, const struct http_request *rq, struct http_response *rs)
{
    struct session *rows;
    struct accounts_sessions_view v = {.note = note_of(http_text(rq, "gelukt"))};
    struct buf b;
    struct out o;
    TRY(accounts_store_sessions(c, c->actor->account, &rows, &v.sessions_count));
    struct accounts_session_view *views =
        arena_array(c->arena, v.sessions_count + 1, sizeof *views);
    for (size_t i = 0; i < v.sessions_count; i++)
        views[i] = (struct accounts_session_view){rows[i].id,
                                                  rows[i].agent,
                                                  accounts_day(c->arena, rows[i].created_at),
                                                  accounts_day(c->arena, rows[i].seen_at),
                                                  rows[i].id == c->actor->session,
                                                  rows[i].two_factor};
    v.sessions = views;
    v.others = v.sessions_count > 1;
    out_begin(&o, &b, c->arena, ACCOUNTS_MAX_HTML);
    accounts_sessions_html(&o, &v);
    return accounts_send(c, rq, rs, S("Waar u bent ingelogd"), &o);
}

int accounts_session_end(struct ctx *c, const struct http_request *rq, struct http_response *rs)
{
    TRY(accounts_store_session_end(c, c->actor->account, http_int(rq, "nummer", 0)));
    http_redirect(c, rs, 303, S("/account/sessies?gelukt=sessies"));
    return 0;
}

int accounts_sessions_end(struct ctx *c, const struct http_request *rq _unused_,
                          struct http_response *rs)
{
    TRY(accounts_store_sessions_end(c, c->actor->account, c->actor->session));
    http_redirect(c, rs, 303, S("/account/sessies?gelukt=sessies"));
    return 0;
}

/* ---- all that is known, and the end ---- */

static void export_account(struct json *j, struct arena *a, const struct account *own)
{
    json_kstr(j, "naam", own->name);
    json_kstr(j, "mailadres", own->address);
    json_kstr(j, "functie", own->job);
    json_kstr(j, "organisatie", own->organisation);
    json_kbool(j, "marktpartij", own->market);
    json_kstr(j, "belang", own->interest);
    json_kstr(j, "gemaakt", clock_rfc3339(a, own->created_at));
    json_kstr(j, "bevestigd", clock_rfc3339(a, own->confirmed_at));
    json_kstr(j, "laatstGezien", clock_rfc3339(a, own->seen_at));
    json_kbool(j, "tweedeStap", own->totp_secret.len > 0);
}

static int export_lists(struct ctx *c, struct json *j, long long account)
{
    struct account_grant *grants;
    struct session *sessions;
    struct account_viewing *viewings;
    size_t count;
    TRY(accounts_store_roles(c, account, &grants, &count));
    json_key(j, "rollen");
    json_array_begin(j);
    for (size_t i = 0; i < count; i++) {
        json_object_begin(j);
        json_kstr(j, "rol", grants[i].role);
        json_kstr(j, "bereik", scope_words(c->arena, &grants[i]));
        json_kstr(j, "sinds", clock_rfc3339(c->arena, grants[i].granted_at));
        json_object_end(j);
    }
    json_array_end(j);
    TRY(accounts_store_sessions(c, account, &sessions, &count));
    json_key(j, "ingelogd");
    json_array_begin(j);
    for (size_t i = 0; i < count; i++) {
        json_object_begin(j);
        json_kstr(j, "browser", sessions[i].agent);
        json_kstr(j, "sinds", clock_rfc3339(c->arena, sessions[i].created_at));
        json_kstr(j, "laatstGebruikt", clock_rfc3339(c->arena, sessions[i].seen_at));
        json_object_end(j);
    }
    json_array_end(j);
    TRY(accounts_store_viewings(c, account, &viewings, &count));
    json_key(j, "bekekenDoorBeheer");
    json_array_begin(j);
    for (size_t i = 0; i < count; i++) {
        json_object_begin(j);
        json_kstr(j, "door", viewings[i].viewer);
        json_kstr(j, "reden", viewings[i].reason);
        json_kstr(j, "op", clock_rfc3339(c->arena, viewings[i].begun_at));
        json_object_end(j);
    }
    json_array_end(j);
    return 0;
}

int accounts_export(struct ctx *c, const struct http_request *rq _unused_, struct http_response *rs)
{
    struct account a;
    struct json j;
    TRY(own_account(c, &a));
    json_begin(&j, &rs->body);
    json_object_begin(&j);
    export_account(&j, c->arena, &a);
    TRY(export_lists(c, &j, a.id));
    json_object_end(&j);
    rs->content_type = "application/json; charset=utf-8";
    http_header_add(c, rs, "Content-Disposition",
                    S("attachment; filename=\"mijn-gegevens-aanjager.json\""));
    return 0;
}

static int send_erase(struct ctx *c, const struct http_request *rq, struct http_response *rs,
                      str error, str whole)
{
    const struct accounts_field fields[] = {password_field(error)};
    struct accounts_form_view v = {
        .heading = S("Account verwijderen"),
        .lead = S("Uw naam, adres en instellingen worden gewist. Wat u hebt bijgedragen, blijft "
                  "staan zonder uw naam. Dit kunt u niet terugdraaien."),
        .error = whole,
        .action = S("/account/verwijderen"),
        .button = S("Verwijder mijn account"),
        .fields = fields,
        .fields_count = COUNT_OF(fields),
    };
    return accounts_send_form(c, rq, rs, &v);
}

int accounts_erase_page(struct ctx *c, const struct http_request *rq, struct http_response *rs)
{
    return send_erase(c, rq, rs, S(""), S(""));
}

int accounts_erase_post(struct ctx *c, const struct http_request *rq, struct http_response *rs)
{
    struct account a;
    str error;
    TRY(own_account(c, &a));
    TRY(check_own_password(c, &a, http_text(rq, "wachtwoord"), &error));
    if (error.len)
        return send_erase(c, rq, rs, error, S(""));
    int code = accounts_erase(c, a.id);
    if (code == ERR_CONFLICT)
        return send_erase(c, rq, rs, S(""), err_words(&c->err));
    TRY(code);
    http_own_cookie_set(c, rq, rs, HTTP_SESSION, S(""), -1);
    http_redirect(c, rs, 303, S("/inloggen?gelukt=verwijderd"));
    return 0;
}
