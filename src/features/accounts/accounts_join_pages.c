/* Joining, a forgotten password, and what a link or a code of a mail leads to.

   The pages for addresses that we know and that we do not are made the same way, in as much time:
   they put a ticket in the database, and a job decides which mail leaves. Opening a link changes
   nothing; only the button on its page does. */
#include "accounts/accounts_int.h"

#include "auth/password.h"
#include "auth/token.h"
#include "base/clock.h"
#include "base/utf8.h"

/* ---- joining ---- */

struct join_form {
    struct ticket ticket;
    str typed; /* address */
    struct accounts_field fields[6];
};

enum { NAME, ADDRESS, JOB, ORGANISATION, MARKET, INTEREST };

static const str address_missing = STR("Vul uw e-mailadres in, bijvoorbeeld naam@gemeente.nl.");

static void join_fields(struct join_form *f)
{
    const struct accounts_field fields[] = {
        [NAME] = {.name = S("naam"),
                  .label = S("Naam"),
                  .value = f->ticket.name,
                  .type = S("text"),
                  .autocomplete = S("name")},
        [ADDRESS] = {.name = S("mailadres"),
                     .label = S("E-mailadres van uw werk"),
                     .help = S("Wij sturen een mail om te controleren of dit adres van u is."),
                     .value = f->typed,
                     .type = S("email"),
                     .autocomplete = S("email")},
        [JOB] = {.name = S("functie"),
                 .label = S("Functie"),
                 .help = S("Bijvoorbeeld: planoloog of projectleider"),
                 .value = f->ticket.job,
                 .type = S("text"),
                 .autocomplete = S("organization-title")},
        [ORGANISATION] = {.name = S("organisatie"),
                          .label = S("Organisatie"),
                          .help = S("Bijvoorbeeld: gemeente Almelo"),
                          .value = f->ticket.organisation,
                          .type = S("text"),
                          .autocomplete = S("organization")},
        [MARKET] = {.name = S("marktpartij"),
                    .label =
                        S("Ik werk voor een marktpartij, zoals een ontwikkelaar of adviesbureau"),
                    .checkbox = true,
                    .checked = f->ticket.market},
        [INTEREST] = {.name = S("belang"),
                      .label = S("Welk belang hebt u bij woningbouw?"),
                      .help = S("Alleen voor marktpartijen. Dit staat bij alles wat u bijdraagt."),
                      .value = f->ticket.interest,
                      .area = true,
                      .optional = true},
    };
    memcpy(f->fields, fields, sizeof fields);
}

static void check_text(struct accounts_field *f, str missing, size_t max, bool required)
{
    if (required && !f->value.len)
        f->error = missing;
    else if (utf8_length(f->value) > max)
        f->error = S("Dit is te lang. Maak het korter.");
}

static bool join_check(struct ctx *c, struct join_form *f)
{
    struct accounts_field *fields = f->fields;
    check_text(&fields[NAME], S("Vul uw naam in."), 80, true);
    check_text(&fields[JOB], S("Vul uw functie in."), 80, true);
    check_text(&fields[ORGANISATION], S("Vul uw organisatie in."), 120, true);
    check_text(&fields[INTEREST], S("Schrijf op welk belang u hebt."), 500, f->ticket.market);
    if (!accounts_address(c->arena, f->typed, &f->ticket.address))
        fields[ADDRESS].error = address_missing;
    for (size_t i = 0; i < COUNT_OF(f->fields); i++)
        if (fields[i].error.len)
            return false;
    return true;
}

static int send_join(struct ctx *c, const struct http_request *rq, struct http_response *rs,
                     const struct join_form *f, str error)
{
    static const struct page_link links[] = {
        {STR("Ik heb al een account"), STR("/inloggen")},
        {STR("Wat wij met uw gegevens doen"), STR("/privacy")}};
    struct accounts_form_view v = {
        .heading = S("Account aanmaken"),
        .lead =
            S("Met een account draagt u bij: voorbeelden uit uw gemeente, voorstellen en vragen."),
        .error = error,
        .action = S("/aanmelden"),
        .button = S("Maak mijn account"),
        .fields = f->fields,
        .fields_count = COUNT_OF(f->fields),
        .links = links,
        .links_count = COUNT_OF(links),
    };
    return accounts_send_form(c, rq, rs, &v);
}

int accounts_join_page(struct ctx *c, const struct http_request *rq, struct http_response *rs)
{
    struct join_form f = {0};
    join_fields(&f);
    return send_join(c, rq, rs, &f, S(""));
}

/* Puts the ticket away and shows where the code goes. */
static int ask_by_mail(struct ctx *c, struct http_response *rs, struct ticket *t)
{
    t->reference = token_new(c->arena);
    TRY(accounts_store_ticket_add(c, t));
    http_redirect(
        c, rs, 303,
        str_fmt(c->arena, "/bevestigen?aanvraag=%.*s", (int)t->reference.len, t->reference.ptr));
    return 0;
}

int accounts_join_post(struct ctx *c, const struct http_request *rq, struct http_response *rs)
{
    struct join_form f = {.ticket = {.purpose = S(TICKET_JOIN),
                                     .name = http_text(rq, "naam"),
                                     .job = http_text(rq, "functie"),
                                     .organisation = http_text(rq, "organisatie"),
                                     .market = http_flag(rq, "marktpartij"),
                                     .interest = http_text(rq, "belang")},
                          .typed = http_text(rq, "mailadres")};
    join_fields(&f);
    if (!join_check(c, &f))
        return send_join(c, rq, rs, &f, S(""));
    if (!f.ticket.market)
        f.ticket.interest = S("");
    if (accounts_mail_brake(c, rq->remote) < 0) {
        rs->status = 429;
        return send_join(c, rq, rs, &f, err_words(&c->err));
    }
    return ask_by_mail(c, rs, &f.ticket);
}

/* ---- forgotten ---- */

static int send_forgot(struct ctx *c, const struct http_request *rq, struct http_response *rs,
                       str typed, str field_error, str error)
{
    static const struct page_link links[] = {{STR("Terug naar inloggen"), STR("/inloggen")}};
    const struct accounts_field fields[] = {
        {.name = S("mailadres"),
         .label = S("E-mailadres"),
         .value = typed,
         .error = field_error,
         .type = S("email"),
         .autocomplete = S("username")},
    };
    struct accounts_form_view v = {
        .heading = S("Wachtwoord vergeten"),
        .lead = S("Wij sturen u een mail waarmee u een nieuw wachtwoord kiest."),
        .error = error,
        .action = S("/wachtwoord-vergeten"),
        .button = S("Stuur mij een mail"),
        .fields = fields,
        .fields_count = COUNT_OF(fields),
        .links = links,
        .links_count = COUNT_OF(links),
    };
    return accounts_send_form(c, rq, rs, &v);
}

int accounts_forgot_page(struct ctx *c, const struct http_request *rq, struct http_response *rs)
{
    return send_forgot(c, rq, rs, S(""), S(""), S(""));
}

int accounts_forgot_post(struct ctx *c, const struct http_request *rq, struct http_response *rs)
{
    struct ticket t = {.purpose = S(TICKET_RESET)};
    str typed = http_text(rq, "mailadres");
    if (!accounts_address(c->arena, typed, &t.address))
        return send_forgot(c, rq, rs, typed, address_missing, S(""));
    if (accounts_mail_brake(c, rq->remote) < 0) {
        rs->status = 429;
        return send_forgot(c, rq, rs, typed, S(""), err_words(&c->err));
    }
    return ask_by_mail(c, rs, &t);
}

/* ---- the code ---- */

static int send_code(struct ctx *c, const struct http_request *rq, struct http_response *rs,
                     str reference, str error)
{
    static const struct page_link links[] = {
        {STR("Geen mail gekregen? Vraag het opnieuw"), STR("/wachtwoord-vergeten")}};
    const struct accounts_field fields[] = {
        {.name = S("code"),
         .label = S("Code uit de mail"),
         .help = S("Zes cijfers"),
         .error = error,
         .type = S("text"),
         .autocomplete = S("one-time-code"),
         .inputmode = S("numeric")},
    };
    const struct accounts_field hidden[] = {{.name = S("aanvraag"), .value = reference}};
    struct accounts_form_view v = {
        .heading = S("Kijk in uw mail"),
        .lead = S("Open de link in de mail, of vul hier de code in. Kijk ook bij ongewenste mail."),
        .action = S("/bevestigen"),
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

int accounts_code_page(struct ctx *c, const struct http_request *rq, struct http_response *rs)
{
    return send_code(c, rq, rs, http_text(rq, "aanvraag"), S(""));
}

static str without_spaces(struct arena *a, str typed)
{
    return token_recovery_plain(a, typed);
}

int accounts_code_post(struct ctx *c, const struct http_request *rq, struct http_response *rs)
{
    struct ticket t;
    bool right = false;
    str reference = http_text(rq, "aanvraag"), token = token_new(c->arena);
    str code = without_spaces(c->arena, http_text(rq, "code"));
    int found = accounts_store_ticket_try(
        c, reference, token_code_hash(c->arena, c->auth, reference, code), &right, &t);
    if (found < 0 && found != ERR_NOT_FOUND)
        return found;
    if (!right)
        return send_code(
            c, rq, rs, reference,
            S("Deze code klopt niet. Na vijf keer werkt alleen de link in de mail nog."));
    TRY(accounts_store_ticket_second(c, t.id, token_hash(c->arena, token)));
    http_redirect(c, rs, 303, str_fmt(c->arena, "/bevestigen/%.*s", (int)token.len, token.ptr));
    return 0;
}

/* ---- the link ---- */

struct ticket_form {
    struct ticket ticket;
    str token, password_error, name_error, address_error, name, address;
};

static int send_ticket(struct ctx *c, const struct http_request *rq, struct http_response *rs,
                       const struct ticket_form *f)
{
    const struct ticket *t = &f->ticket;
    struct accounts_field fields[3];
    struct accounts_form_view v = {
        .action = str_fmt(c->arena, "/bevestigen/%.*s", (int)f->token.len, f->token.ptr),
        .fields = fields,
    };
    if (str_eqz(t->purpose, TICKET_JOIN) || str_eqz(t->purpose, TICKET_ADDRESS)) {
        v.heading = S("Bevestig uw e-mailadres");
        v.lead = str_fmt(c->arena, "Is %.*s uw adres?", (int)t->address.len, t->address.ptr);
        v.button = S("Ja, dit is mijn adres");
        return accounts_send_form(c, rq, rs, &v);
    }
    bool first = str_eqz(t->purpose, TICKET_FIRST);
    if (first || str_eqz(t->purpose, TICKET_INVITE))
        fields[v.fields_count++] = (struct accounts_field){.name = S("naam"),
                                                           .label = S("Naam"),
                                                           .value = f->name,
                                                           .error = f->name_error,
                                                           .type = S("text"),
                                                           .autocomplete = S("name")};
    if (first)
        fields[v.fields_count++] = (struct accounts_field){.name = S("mailadres"),
                                                           .label = S("E-mailadres"),
                                                           .value = f->address,
                                                           .error = f->address_error,
                                                           .type = S("email"),
                                                           .autocomplete = S("username")};
    fields[v.fields_count++] = (struct accounts_field){
        .name = S("wachtwoord"),
        .label = S("Nieuw wachtwoord"),
        .help = S("Ten minste 12 tekens. Vier losse woorden achter elkaar onthoudt u het best."),
        .error = f->password_error,
        .type = S("password"),
        .autocomplete = S("new-password")};
    v.heading = first                                ? S("Maak de eerste beheerder")
                : str_eqz(t->purpose, TICKET_INVITE) ? S("Maak uw account af")
                                                     : S("Kies een nieuw wachtwoord");
    v.lead = first
                 ? S("Deze pagina werkt één keer. Daarna beheert deze persoon de andere accounts.")
                 : str_fmt(c->arena, "Voor %.*s", (int)t->address.len, t->address.ptr);
    v.button = first ? S("Maak de beheerder") : S("Bewaar mijn wachtwoord");
    return accounts_send_form(c, rq, rs, &v);
}

/* What is there to say of a link that is of no use any more? */
static int send_used(struct ctx *c, const struct http_request *rq, struct http_response *rs,
                     const struct ticket *t)
{
    if (str_eqz(t->purpose, TICKET_JOIN) || str_eqz(t->purpose, TICKET_ADDRESS))
        return accounts_send_words(c, rq, rs, S("Uw e-mailadres is al bevestigd"),
                                   S("U hoeft niets meer te doen."), S("Ga naar inloggen"),
                                   S("/inloggen"));
    return accounts_send_words(c, rq, rs, S("Deze link is al gebruikt"),
                               S("U kunt inloggen met het wachtwoord dat u hebt gekozen."),
                               S("Ga naar inloggen"), S("/inloggen"));
}

static int send_useless(struct ctx *c, const struct http_request *rq, struct http_response *rs)
{
    rs->status = 404;
    return accounts_send_words(c, rq, rs, S("Deze link werkt niet meer"),
                               S("De link is te oud of niet helemaal overgenomen. Vraag een nieuwe "
                                 "mail, of begin opnieuw."),
                               S("Vraag een nieuwe mail"), S("/wachtwoord-vergeten"));
}

/* ERR_NOT_FOUND for a link that is none of ours, or too old. */
static int find_ticket(struct ctx *c, const struct http_request *rq, struct ticket_form *f)
{
    f->token = http_text(rq, "kenmerk");
    if (!token_is_sane(f->token))
        return ERR_NOT_FOUND;
    TRY(accounts_store_ticket_by_token(c, token_hash(c->arena, f->token), &f->ticket));
    f->name = f->ticket.name;
    f->address = f->ticket.address;
    return f->ticket.used_at || f->ticket.ends_at > clock_now() ? 0 : ERR_NOT_FOUND;
}

int accounts_ticket_page(struct ctx *c, const struct http_request *rq, struct http_response *rs)
{
    struct ticket_form f = {0};
    int code = find_ticket(c, rq, &f);
    if (code == ERR_NOT_FOUND)
        return send_useless(c, rq, rs);
    TRY(code);
    return f.ticket.used_at ? send_used(c, rq, rs, &f.ticket) : send_ticket(c, rq, rs, &f);
}

/* ---- the button ---- */

struct ticket_end {
    struct ticket ticket;
    str hash; /* of the new password; empty: none is chosen here */
    struct account account;
};

static int make_account(struct ctx *c, struct ticket_end *e)
{
    long long id, admins;
    TRY(accounts_store_count_admins(c, &admins));
    if (admins && str_eqz(e->ticket.purpose, TICKET_FIRST))
        return err_set(c, ERR_CONFLICT, "Er is al een beheerder.");
    TRY(accounts_store_add(c, &e->ticket, &id));
    TRY(accounts_store_ticket_use(c, e->ticket.id, id));
    if (e->hash.len)
        TRY(accounts_store_set_password(c, id, e->hash));
    if (e->ticket.role.len)
        TRY(accounts_store_grant(c, id, e->ticket.role, (struct scope){0}, 0));
    TRY(accounts_store_note(c, "account.created", id, e->ticket.purpose));
    TRY(accounts_link(c, id, e->ticket.address));
    return accounts_store_find(c, id, &e->account);
}

static int change_password(struct ctx *c, struct ticket_end *e)
{
    TRY(accounts_store_find(c, e->ticket.account_id, &e->account));
    TRY(accounts_store_ticket_use(c, e->ticket.id, e->account.id));
    TRY(accounts_store_set_password(c, e->account.id, e->hash));
    TRY(accounts_store_sessions_end(c, e->account.id, 0));
    return accounts_store_note(c, "account.password_reset", e->account.id, S(""));
}

static int change_address(struct ctx *c, struct ticket_end *e)
{
    TRY(accounts_store_find(c, e->ticket.account_id, &e->account));
    TRY(accounts_store_ticket_use(c, e->ticket.id, e->account.id));
    TRY(accounts_store_set_address(c, e->account.id, e->ticket.address));
    TRY(accounts_link(c, e->account.id, e->ticket.address));
    return accounts_store_note(c, "account.address_changed", e->account.id, S(""));
}

static int end_body(struct ctx *c, void *arg)
{
    struct ticket_end *e = arg;
    if (str_eqz(e->ticket.purpose, TICKET_RESET))
        return change_password(c, e);
    if (str_eqz(e->ticket.purpose, TICKET_ADDRESS))
        return change_address(c, e);
    return make_account(c, e);
}

static bool chooses_password(const struct ticket *t)
{
    return !str_eqz(t->purpose, TICKET_JOIN) && !str_eqz(t->purpose, TICKET_ADDRESS);
}

/* Fills the errors of the form; false when there are any. */
static int check_ticket(struct ctx *c, const struct http_request *rq, struct ticket_form *f,
                        bool *ret_good)
{
    struct ticket *t = &f->ticket;
    bool first = str_eqz(t->purpose, TICKET_FIRST), invited = str_eqz(t->purpose, TICKET_INVITE);
    str password = http_text(rq, "wachtwoord");
    if (first || invited) {
        t->name = f->name = http_text(rq, "naam");
        if (!f->name.len || utf8_length(f->name) > 80)
            f->name_error = S("Vul uw naam in, in hoogstens 80 tekens.");
    }
    if (first) {
        f->address = http_text(rq, "mailadres");
        if (!accounts_address(c->arena, f->address, &t->address))
            f->address_error = address_missing;
        t->role = str_from(role_name(ROLE_ADMIN));
    }
    if (chooses_password(t)) {
        struct account own = {
            .name = t->name, .address = t->address, .organisation = t->organisation};
        if (t->account_id)
            TRY(accounts_store_find(c, t->account_id, &own));
        int code = accounts_password_check(c, &own, password);
        if (code < 0 && code != ERR_INVALID)
            return code;
        f->password_error = code ? err_words(&c->err) : S("");
    }
    *ret_good = !f->name_error.len && !f->address_error.len && !f->password_error.len;
    return 0;
}

/* Where to, now that it is done. */
static int go_on(struct ctx *c, const struct http_request *rq, struct http_response *rs,
                 const struct ticket_end *e)
{
    if (str_eqz(e->ticket.purpose, TICKET_RESET)) {
        http_redirect(c, rs, 303, S("/inloggen?gelukt=wachtwoord"));
        return 0;
    }
    if (str_eqz(e->ticket.purpose, TICKET_ADDRESS))
        return accounts_send_words(c, rq, rs, S("Uw nieuwe e-mailadres is bevestigd"),
                                   S("Log voortaan in met dit adres."), S("Naar uw account"),
                                   S("/account"));
    TRY(accounts_sign_in(c, rq, rs, &e->account, false, false));
    bool chosen = chooses_password(&e->ticket);
    http_redirect(c, rs, 303, chosen ? S("/account") : S("/account/wachtwoord"));
    return 0;
}

int accounts_ticket_post(struct ctx *c, const struct http_request *rq, struct http_response *rs)
{
    struct ticket_form f = {0};
    struct ticket_end e = {0};
    bool good = false;
    int code = find_ticket(c, rq, &f);
    if (code == ERR_NOT_FOUND)
        return send_useless(c, rq, rs);
    TRY(code);
    if (f.ticket.used_at)
        return send_used(c, rq, rs, &f.ticket);
    TRY(check_ticket(c, rq, &f, &good));
    if (!good)
        return send_ticket(c, rq, rs, &f);
    e.ticket = f.ticket;
    accounts_store_rest(c);
    if (chooses_password(&f.ticket))
        TRY(password_hash(c, http_text(rq, "wachtwoord"), &e.hash));
    code = accounts_store_transaction(c, end_body, &e);
    if (code == ERR_CONFLICT) /* the address has an account by now, or somebody was first */
        return send_used(c, rq, rs, &f.ticket);
    TRY(code);
    return go_on(c, rq, rs, &e);
}
