/* Signing in and out. */
#include "accounts/accounts_int.h"

#include "auth/password.h"
#include "auth/token.h"
#include "auth/totp.h"
#include "base/clock.h"

#define DEVICE_COOKIE "aanjager-apparaat"

/* ---- address and password ---- */

struct sign_in_form {
    str address, target, error, address_error, password_error;
};

static int send_sign_in(struct ctx *c, const struct http_request *rq, struct http_response *rs,
                        const struct sign_in_form *f, str note)
{
    static const struct page_link links[] = {
        {STR("Wachtwoord vergeten"), STR("/wachtwoord-vergeten")},
        {STR("Account aanmaken"), STR("/aanmelden")}};
    const struct accounts_field fields[] = {
        {.name = S("mailadres"),
         .label = S("E-mailadres"),
         .value = f->address,
         .error = f->address_error,
         .type = S("email"),
         .autocomplete = S("username")},
        {.name = S("wachtwoord"),
         .label = S("Wachtwoord"),
         .error = f->password_error,
         .type = S("password"),
         .autocomplete = S("current-password")},
    };
    const struct accounts_field hidden[] = {{.name = S("naar"), .value = f->target}};
    struct accounts_form_view v = {
        .heading = S("Inloggen"),
        .lead =
            S("Lezen en zoeken kan zonder account. Log in om iets bij te dragen of te beheren."),
        .note = note,
        .error = f->error,
        .action = S("/inloggen"),
        .button = S("Log in"),
        .fields = fields,
        .fields_count = COUNT_OF(fields),
        .hidden = hidden,
        .hidden_count = f->target.len ? 1 : 0,
        .links = links,
        .links_count = COUNT_OF(links),
    };
    return accounts_send_form(c, rq, rs, &v);
}

static str note_of(str done)
{
    if (str_eqz(done, "wachtwoord"))
        return S("Uw nieuwe wachtwoord is bewaard. Log ermee in.");
    if (str_eqz(done, "uitgelogd"))
        return S("U bent uitgelogd.");
    if (str_eqz(done, "verwijderd"))
        return S("Uw account is verwijderd.");
    return S("");
}

int accounts_sign_in_page(struct ctx *c, const struct http_request *rq, struct http_response *rs)
{
    struct sign_in_form f = {.target = http_text(rq, "naar")};
    if (c->actor && c->actor->account) {
        http_redirect(c, rs, 303, accounts_target(f.target));
        return 0;
    }
    return send_sign_in(c, rq, rs, &f, note_of(http_text(rq, "gelukt")));
}

static int guess_of(struct ctx *c, const struct http_request *rq, str address,
                    const struct account *a, struct guess *ret)
{
    str token = http_own_cookie(rq, DEVICE_COOKIE);
    str device = token_is_sane(token) ? token_hash(c->arena, token) : S("");
    bool known = false;
    /* Also for who does not exist, so that it takes as long. */
    TRY(accounts_store_device_known(c, a->id, device, &known));
    str network = accounts_network(c->arena, rq->remote);
    *ret = (struct guess){
        .network = network,
        .pair = str_join(c->arena, (str[]){network, address}, 2, S("\n")),
        .address = address,
        .device = known ? str_join(c->arena, (str[]){device, address}, 2, S("\n")) : S(""),
    };
    accounts_guess_look(c, ret);
    return 0;
}

static int must_wait(struct ctx *c, const struct guess *g)
{
    return err_set(c, ERR_LIMIT,
                   "Er is te vaak een verkeerd wachtwoord ingevuld. Wacht %lld seconden, of kies "
                   "“Wachtwoord vergeten”: dan komt u met een mail altijd binnen.",
                   g->wait_s);
}

/* Asked again when the turn has come to hash. */
static int may_still_try(struct ctx *c, void *arg)
{
    struct guess *g = arg;
    accounts_guess_look(c, g);
    return g->wait_s ? must_wait(c, g) : 0;
}

static int refuse(struct ctx *c, const struct http_request *rq, struct http_response *rs,
                  struct sign_in_form *f, int status, str words)
{
    rs->status = status;
    f->error = words;
    return send_sign_in(c, rq, rs, f, S(""));
}

/* The same words, whatever was wrong: nobody learns which addresses have an account. */
static const str wrong = STR("Dit e-mailadres en wachtwoord horen niet bij elkaar.");

static int renew_hash(struct ctx *c, const struct account *a, str password)
{
    str hash;
    if (!password_outdated(c, a->password))
        return 0;
    TRY(password_hash(c, password, &hash));
    return accounts_store_set_password(c, a->id, hash);
}

static int enter(struct ctx *c, const struct http_request *rq, struct http_response *rs,
                 const struct account *a, str password, str target)
{
    bool second = a->totp_secret.len > 0;
    TRY(renew_hash(c, a, password));
    TRY(accounts_sign_in(c, rq, rs, a, false, second));
    str to = accounts_target(target);
    if (second)
        to = str_fmt(c->arena, "/inloggen/code?naar=%.*s", (int)to.len, to.ptr);
    http_redirect(c, rs, 303, to);
    return 0;
}

int accounts_sign_in_post(struct ctx *c, const struct http_request *rq, struct http_response *rs)
{
    struct sign_in_form f = {.address = http_text(rq, "mailadres"),
                             .target = http_text(rq, "naar")};
    struct account a = {0};
    struct guess g;
    str password = http_text(rq, "wachtwoord"), address = S("");
    bool right = false;
    if (!accounts_address(c->arena, f.address, &address))
        f.address_error = S("Vul uw e-mailadres in, bijvoorbeeld naam@gemeente.nl.");
    if (!password.len)
        f.password_error = S("Vul uw wachtwoord in.");
    if (f.address_error.len || f.password_error.len)
        return send_sign_in(c, rq, rs, &f, S(""));
    int code = accounts_store_by_address(c, address, &a);
    if (code < 0 && code != ERR_NOT_FOUND)
        return code;
    TRY(guess_of(c, rq, address, &a, &g));
    accounts_store_rest(c);
    code = g.wait_s ? must_wait(c, &g)
                    : password_check(c, a.password, password, may_still_try, &g, &right);
    if (code == ERR_LIMIT)
        return refuse(c, rq, rs, &f, 429, err_words(&c->err));
    TRY(code);
    if (!right || a.state != ACCOUNT_ACTIVE) {
        accounts_guess_failed(c, &g);
        return refuse(c, rq, rs, &f, 400, wrong);
    }
    accounts_guess_right(c, &g);
    return enter(c, rq, rs, &a, password, f.target);
}

/* ---- the second factor ---- */

static int waiting_session(struct ctx *c, const struct http_request *rq, struct session *ret)
{
    str token = http_own_cookie(rq, HTTP_SESSION);
    if (!token_is_sane(token))
        return ERR_NOT_FOUND;
    return accounts_store_session_waiting(c, token_hash(c->arena, token), ret);
}

static int send_second(struct ctx *c, const struct http_request *rq, struct http_response *rs,
                       str error)
{
    static const struct page_link links[] = {
        {STR("Opnieuw beginnen met inloggen"), STR("/inloggen")}};
    const struct accounts_field fields[] = {
        {.name = S("code"),
         .label = S("Code uit uw app"),
         .help = S("Zes cijfers. Hebt u uw telefoon niet? Vul dan een van uw herstelcodes in."),
         .error = error,
         .type = S("text"),
         .autocomplete = S("one-time-code")},
    };
    const struct accounts_field hidden[] = {{.name = S("naar"), .value = http_text(rq, "naar")}};
    struct accounts_form_view v = {
        .heading = S("Bevestig dat u het bent"),
        .lead = S("Uw account is beveiligd met een tweede stap."),
        .action = S("/inloggen/code"),
        .button = S("Ga verder"),
        .fields = fields,
        .fields_count = COUNT_OF(fields),
        .hidden = hidden,
        .hidden_count = 1,
        .links = links,
        .links_count = COUNT_OF(links),
    };
    return accounts_send_form(c, rq, rs, &v);
}

int accounts_second_page(struct ctx *c, const struct http_request *rq, struct http_response *rs)
{
    struct session s;
    int code = waiting_session(c, rq, &s);
    if (code == ERR_NOT_FOUND) {
        http_redirect(c, rs, 303, S("/inloggen"));
        return 0;
    }
    TRY(code);
    return send_second(c, rq, rs, S(""));
}

struct second {
    const struct account *account;
    str typed;
    long long session;
    bool right, recovery;
};

/* A code of the app, once; or a recovery code, once. */
static int second_body(struct ctx *c, void *arg)
{
    struct second *s = arg;
    str secret;
    long long step;
    s->right = s->recovery = false;
    TRY(accounts_store_session_try(c, s->session));
    if (!crypto_unseal(c->arena, c->auth->seal_key, s->account->totp_secret, &secret))
        return err_detail(c, ERR_INTERNAL, "the key of the second factor is another one");
    if (totp_check(c, secret, s->typed, clock_now(), s->account->totp_step, &step)) {
        int code = accounts_store_use_step(c, s->account->id, step);
        s->right = code == 0;
        return code == ERR_CONFLICT ? 0 : code;
    }
    str plain = token_recovery_plain(c->arena, s->typed);
    TRY(accounts_store_use_recovery(
        c, s->account->id, token_code_hash(c->arena, c->auth, S("recovery"), plain), &s->right));
    s->recovery = s->right;
    return s->right ? accounts_store_note(c, "account.recovery_used", s->account->id, S("")) : 0;
}

int accounts_second_post(struct ctx *c, const struct http_request *rq, struct http_response *rs)
{
    struct session session;
    struct account a;
    int code = waiting_session(c, rq, &session);
    if (code == ERR_NOT_FOUND) {
        http_redirect(c, rs, 303, S("/inloggen"));
        return 0;
    }
    TRY(code);
    long long wait = accounts_second_wait(c, session.account_id);
    if (wait) {
        rs->status = 429;
        return send_second(
            c, rq, rs,
            str_fmt(c->arena, "Er is te vaak een verkeerde code ingevuld. Wacht %lld seconden.",
                    wait));
    }
    TRY(accounts_store_find(c, session.account_id, &a));
    struct second s = {&a, http_text(rq, "code"), session.id, false, false};
    TRY(accounts_store_transaction(c, second_body, &s));
    accounts_second_end(c, a.id, s.right);
    if (!s.right)
        return send_second(c, rq, rs,
                           S("Deze code klopt niet. Wacht op de volgende code en vul die in."));
    if (a.state != ACCOUNT_ACTIVE)
        return err_set(c, ERR_FORBIDDEN, "Dit account is uitgezet.");
    TRY(accounts_sign_in(c, rq, rs, &a, true, false));
    http_redirect(c, rs, 303,
                  s.recovery ? S("/account/tweede-stap") : accounts_target(http_text(rq, "naar")));
    return 0;
}

/* ---- out ---- */

int accounts_sign_out(struct ctx *c, const struct http_request *rq, struct http_response *rs)
{
    str token = http_own_cookie(rq, HTTP_SESSION);
    if (token_is_sane(token))
        TRY(accounts_store_token_end(c, token_hash(c->arena, token)));
    http_own_cookie_set(c, rq, rs, HTTP_SESSION, S(""), -1);
    http_header_add(c, rs, "Clear-Site-Data", S("\"cache\""));
    http_redirect(c, rs, 303, S("/inloggen?gelukt=uitgelogd"));
    return 0;
}
