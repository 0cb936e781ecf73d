/* The second factor: an app on the telephone, and codes for when that is lost. */
#include "accounts/accounts_int.h"

#include "auth/auth.h"
#include "auth/token.h"
#include "auth/totp.h"
#include "base/clock.h"

#define ISSUER "Aanjager"

/* The secret travels in the form, sealed together with whose it is: nothing is stored until the
   first code is right. */
static str sealed_for(struct ctx *c, str secret)
{
    /* Joined, not formatted: the secret is bytes, among them NULs. */
    str head = str_fmt(c->arena, "%lld\n", c->actor->account);
    return crypto_seal(c->arena, c->auth->seal_key,
                       str_join(c->arena, (str[]){head, secret}, 2, S("")));
}

static bool unsealed_of(struct ctx *c, str sealed, str *ret)
{
    str text, head = str_fmt(c->arena, "%lld\n", c->actor->account);
    if (!crypto_unseal(c->arena, c->auth->seal_key, sealed, &text) || !str_starts(text, head) ||
        text.len != head.len + TOTP_SECRET)
        return false;
    *ret = str_slice(text, head.len, text.len);
    return true;
}

static int send_totp(struct ctx *c, const struct http_request *rq, struct http_response *rs,
                     str secret, str error)
{
    const struct accounts_field fields[] = {
        {.name = S("code"),
         .label = S("Code uit de app"),
         .help = S("Zes cijfers, om te zien of het werkt"),
         .error = error,
         .type = S("text"),
         .autocomplete = S("one-time-code"),
         .inputmode = S("numeric")},
    };
    const struct accounts_field hidden[] = {{.name = S("sleutel"), .value = sealed_for(c, secret)}};
    struct accounts_form_view v = {
        .heading = S("Tweede stap instellen"),
        .lead = S("Scan dit plaatje met een app voor inlogcodes op uw telefoon. Bij het inloggen "
                  "vult u voortaan ook een code uit die app in."),
        .action = S("/account/tweede-stap"),
        .button = S("Zet de tweede stap aan"),
        .fields = fields,
        .fields_count = COUNT_OF(fields),
        .hidden = hidden,
        .hidden_count = 1,
        .secret = totp_base32(c, secret),
    };
    TRY(qr_svg(c, totp_uri(c, secret, S(ISSUER), c->actor->address),
               S("QR-code met de sleutel voor uw app"), &v.picture));
    return accounts_send_form(c, rq, rs, &v);
}

static int send_have(struct ctx *c, const struct http_request *rq, struct http_response *rs)
{
    static const struct page_link links[] = {
        {STR("Zet de tweede stap uit"), STR("/account/tweede-stap-uit")},
        {STR("Terug naar uw account"), STR("/account")}};
    long long left;
    TRY(accounts_store_count_recovery(c, c->actor->account, &left));
    struct accounts_form_view v = {
        .heading = S("Uw tweede stap staat aan"),
        .lead = str_fmt(c->arena,
                        "U hebt nog %lld herstelcodes. Bent u ze kwijt? Zet de tweede stap dan uit "
                        "en weer aan: u krijgt nieuwe.",
                        left),
        .links = links,
        .links_count = COUNT_OF(links),
    };
    return accounts_send_form(c, rq, rs, &v);
}

int accounts_totp_page(struct ctx *c, const struct http_request *rq, struct http_response *rs)
{
    struct account a;
    TRY(accounts_store_find(c, c->actor->account, &a));
    if (a.totp_secret.len)
        return send_have(c, rq, rs);
    return send_totp(c, rq, rs, totp_secret(c->arena), S(""));
}

struct set_up {
    long long account, step;
    str sealed;
    str codes[RECOVERY_CODES];
};

static int set_up_body(struct ctx *c, void *arg)
{
    const struct set_up *s = arg;
    TRY(accounts_store_set_totp(c, s->account, s->sealed, s->step));
    for (int i = 0; i < RECOVERY_CODES; i++)
        TRY(accounts_store_add_recovery(
            c, s->account,
            token_code_hash(c->arena, c->auth, S("recovery"),
                            token_recovery_plain(c->arena, s->codes[i]))));
    return accounts_store_note(c, "account.two_factor_on", s->account, S(""));
}

static int send_codes(struct ctx *c, const struct http_request *rq, struct http_response *rs,
                      const struct set_up *s)
{
    struct accounts_codes_view v = {s->codes, RECOVERY_CODES};
    struct buf b;
    struct out o;
    out_begin(&o, &b, c->arena, ACCOUNTS_MAX_HTML);
    accounts_codes_html(&o, &v);
    return accounts_send(c, rq, rs, S("Bewaar uw herstelcodes"), &o);
}

int accounts_totp_post(struct ctx *c, const struct http_request *rq, struct http_response *rs)
{
    struct account a;
    struct set_up s = {.account = c->actor->account};
    str secret;
    TRY(accounts_store_find(c, s.account, &a));
    if (a.totp_secret.len || !unsealed_of(c, http_text(rq, "sleutel"), &secret)) {
        http_redirect(c, rs, 303, S("/account/tweede-stap"));
        return 0;
    }
    if (!totp_check(c, secret, http_text(rq, "code"), clock_now(), 0, &s.step))
        return send_totp(c, rq, rs, secret,
                         S("Deze code klopt niet. Kijk of de klok van uw telefoon goed staat."));
    s.sealed = crypto_seal(c->arena, c->auth->seal_key, secret);
    for (int i = 0; i < RECOVERY_CODES; i++)
        s.codes[i] = token_recovery(c->arena);
    TRY(accounts_store_transaction(c, set_up_body, &s));
    TRY(accounts_sign_in(c, rq, rs, &a, true, false));
    return send_codes(c, rq, rs, &s);
}

/* ---- off ---- */

static int send_off(struct ctx *c, const struct http_request *rq, struct http_response *rs,
                    str error)
{
    const struct accounts_field fields[] = {
        {.name = S("code"),
         .label = S("Code uit uw app"),
         .error = error,
         .type = S("text"),
         .autocomplete = S("one-time-code"),
         .inputmode = S("numeric")},
    };
    struct accounts_form_view v = {
        .heading = S("Tweede stap uitzetten"),
        .lead = actor_needs_two_factor(c->actor)
                    ? S("Uw rol vraagt een tweede stap. Zonder kunt u uw werk hier niet doen tot u "
                        "hem weer aanzet.")
                    : S("Daarna is alleen uw wachtwoord nog nodig."),
        .action = S("/account/tweede-stap-uit"),
        .button = S("Zet de tweede stap uit"),
        .fields = fields,
        .fields_count = COUNT_OF(fields),
    };
    return accounts_send_form(c, rq, rs, &v);
}

int accounts_totp_off_page(struct ctx *c, const struct http_request *rq, struct http_response *rs)
{
    return send_off(c, rq, rs, S(""));
}

static int off_body(struct ctx *c, void *arg)
{
    const struct account *a = arg;
    TRY(accounts_store_set_totp(c, a->id, (str){NULL, 0}, 0));
    TRY(accounts_store_sessions_end(c, a->id, 0));
    TRY(accounts_store_mail(
        c, a->address, a->name, S("De tweede stap van uw account staat uit"),
        S("De tweede stap bij het inloggen op Aanjager is uitgezet. Was u dat niet? Kies dan "
          "meteen een nieuw wachtwoord en zet de tweede stap weer aan.\n")));
    return accounts_store_note(c, "account.two_factor_off", a->id, S(""));
}

int accounts_totp_off_post(struct ctx *c, const struct http_request *rq, struct http_response *rs)
{
    struct account a;
    str secret;
    long long step;
    TRY(accounts_store_find(c, c->actor->account, &a));
    if (!a.totp_secret.len) {
        http_redirect(c, rs, 303, S("/account"));
        return 0;
    }
    long long wait = accounts_second_wait(c, a.id);
    if (!crypto_unseal(c->arena, c->auth->seal_key, a.totp_secret, &secret))
        return err_detail(c, ERR_INTERNAL, "the key of the second factor is another one");
    bool right =
        !wait && totp_check(c, secret, http_text(rq, "code"), clock_now(), a.totp_step, &step);
    if (!wait)
        accounts_second_end(c, a.id, right);
    if (!right)
        return send_off(
            c, rq, rs,
            wait ? str_fmt(c->arena, "Te vaak verkeerd ingevuld. Wacht %lld seconden.", wait)
                 : S("Deze code klopt niet. Wacht op de volgende code."));
    TRY(accounts_store_transaction(c, off_body, &a));
    TRY(accounts_sign_in(c, rq, rs, &a, false, false));
    http_redirect(c, rs, 303, S("/account?gelukt=tweede-stap-uit"));
    return 0;
}
