/* What runs without a visitor: the mail about a ticket, and taking away what is no longer needed.
 */
#include "accounts/accounts_int.h"

#include "auth/token.h"
#include "base/clock.h"

/* ---- the mail about a ticket ---- */

struct mailing {
    struct ticket ticket;
    struct account account; /* id 0: there is none for this address */
    str url, code;
};

static str link_text(struct ctx *c, const struct mailing *m, const char *intro, const char *code_of)
{
    long long hours = accounts_ticket_life(m->ticket.purpose) / HOUR;
    str until = hours < 48 ? str_fmt(c->arena, "%lld uur", hours)
                           : str_fmt(c->arena, "%lld dagen", hours / 24);
    return str_fmt(
        c->arena,
        "%s\n\n%.*s\n\n%s: %.*s\n\nDe link werkt %.*s. Hebt u hier niet om gevraagd? Dan "
        "hoeft u niets te doen.\n",
        intro, (int)m->url.len, m->url.ptr, code_of, (int)m->code.len, m->code.ptr, (int)until.len,
        until.ptr);
}

static const char *const code_words = "Of vul op de pagina die nog open staat deze code in";

static int mail_join(struct ctx *c, struct mailing *m)
{
    if (!m->account.id)
        return accounts_store_mail(
            c, m->ticket.address, m->ticket.name, S("Bevestig uw e-mailadres"),
            link_text(
                c, m,
                "U maakt een account bij Aanjager. Open deze link en bevestig uw e-mailadres:",
                code_words));
    str origin = accounts_origin(c);
    m->url = m->code = (str){NULL, 0}; /* nothing to confirm */
    return accounts_store_mail(
        c, m->account.address, m->account.name, S("U hebt al een account"),
        str_fmt(c->arena,
                "Iemand wilde met uw e-mailadres een account maken bij Aanjager. U hebt er al "
                "een.\n\nInloggen: %.*s/inloggen\nWachtwoord vergeten: %.*s/wachtwoord-vergeten\n\n"
                "Was u dit niet? Dan hoeft u niets te doen.\n",
                (int)origin.len, origin.ptr, (int)origin.len, origin.ptr));
}

static int mail_reset(struct ctx *c, struct mailing *m)
{
    if (m->account.id && m->account.state == ACCOUNT_ACTIVE)
        return accounts_store_mail(
            c, m->account.address, m->account.name, S("Kies een nieuw wachtwoord"),
            link_text(c, m,
                      "Met deze link kiest u een nieuw wachtwoord voor Aanjager:", code_words));
    /* No account: no mail. Whoever typed the address of another gets no mail sent there. */
    m->url = m->code = (str){NULL, 0};
    return 0;
}

static int mail_invite(struct ctx *c, struct mailing *m)
{
    if (m->account.id) {
        m->url = m->code = (str){NULL, 0};
        return 0;
    }
    return accounts_store_mail(
        c, m->ticket.address, m->ticket.name, S("Uw uitnodiging voor Aanjager"),
        link_text(c, m,
                  "U bent uitgenodigd voor Aanjager, het platform over woningbouw voor gemeenten. "
                  "Maak met deze link uw account af:",
                  "Uw code, als daarom wordt gevraagd"));
}

static int mail_address(struct ctx *c, struct mailing *m)
{
    struct account own;
    if (m->account.id) {
        m->url = m->code = (str){NULL, 0};
        return 0;
    }
    TRY(accounts_store_find(c, m->ticket.account_id, &own));
    TRY(accounts_store_mail(
        c, own.address, own.name, S("Uw e-mailadres wordt gewijzigd"),
        S("Voor uw account bij Aanjager is een ander e-mailadres opgegeven. Was u dat niet? Log in "
          "en kies meteen een nieuw wachtwoord.\n")));
    return accounts_store_mail(
        c, m->ticket.address, m->ticket.name, S("Bevestig uw nieuwe e-mailadres"),
        link_text(c, m, "Open deze link om uw nieuwe e-mailadres bij Aanjager te bevestigen:",
                  "Uw code, als daarom wordt gevraagd"));
}

static int mail_by_purpose(struct ctx *c, struct mailing *m)
{
    if (str_eqz(m->ticket.purpose, TICKET_JOIN))
        return mail_join(c, m);
    if (str_eqz(m->ticket.purpose, TICKET_RESET))
        return mail_reset(c, m);
    if (str_eqz(m->ticket.purpose, TICKET_INVITE))
        return mail_invite(c, m);
    return mail_address(c, m);
}

static int too_many(struct ctx *c, const struct ticket *t, bool *ret)
{
    long long sent;
    TRY(accounts_store_ticket_sent(c, t->address, clock_now() - HOUR, &sent));
    *ret = sent >= ACCOUNTS_MAX_SENT;
    return 0;
}

static int mailing_body(struct ctx *c, void *arg)
{
    struct mailing m = {0};
    bool many;
    int code = accounts_store_ticket(c, *(const long long *)arg, &m.ticket);
    if (code == ERR_NOT_FOUND || (code == 0 && m.ticket.mailed))
        return 0; /* taken away meanwhile, or this job ran before */
    TRY(code);
    TRY(too_many(c, &m.ticket, &many));
    if (many)
        return accounts_store_ticket_mailed(c, m.ticket.id, 2, (str){NULL, 0}, (str){NULL, 0});
    code = accounts_store_by_address(c, m.ticket.address, &m.account);
    if (code < 0 && code != ERR_NOT_FOUND)
        return code;
    str token = token_new(c->arena), origin = accounts_origin(c);
    m.code = token_code(c->arena);
    m.url = str_fmt(c->arena, "%.*s/bevestigen/%.*s", (int)origin.len, origin.ptr, (int)token.len,
                    token.ptr);
    TRY(mail_by_purpose(c, &m));
    if (!m.url.len)
        return accounts_store_ticket_mailed(c, m.ticket.id, 1, (str){NULL, 0}, (str){NULL, 0});
    if (str_eqz(m.ticket.purpose, TICKET_RESET))
        TRY(accounts_store_ticket_owner(c, m.ticket.id, m.account.id));
    return accounts_store_ticket_mailed(
        c, m.ticket.id, 1, token_hash(c->arena, token),
        token_code_hash(c->arena, c->auth, m.ticket.reference, m.code));
}

int accounts_mail_job(struct ctx *c, str argument)
{
    long long id;
    if (!str_int(argument, 1, INT64_MAX, &id))
        return 0; /* about no ticket: there is nothing to mail */
    return accounts_store_transaction(c, mailing_body, &id);
}

/* ---- retention ---- */

static int warn_body(struct ctx *c, void *arg)
{
    const struct account *a = arg;
    str origin = accounts_origin(c);
    TRY(accounts_store_mail(
        c, a->address, a->name, S("Wilt u uw account houden?"),
        str_fmt(c->arena,
                "U hebt Aanjager twee jaar niet gebruikt. Over 30 dagen verwijderen wij uw "
                "account.\n\nWilt u het houden? Log dan een keer in: %.*s/inloggen\n",
                (int)origin.len, origin.ptr)));
    return accounts_store_warned(c, a->id, clock_now());
}

static int unused(struct ctx *c, struct retention *r)
{
    struct account *accounts;
    size_t count;
    long long before = r->at - ACCOUNTS_UNUSED_S;
    TRY(accounts_store_unused(c, before, 0, false, &accounts, &count));
    for (size_t i = 0; i < count; i++)
        TRY(accounts_store_transaction(c, warn_body, &accounts[i]));
    r->warned = (long long)count;
    TRY(accounts_store_unused(c, before, r->at - ACCOUNTS_NOTICE_S, true, &accounts, &count));
    for (size_t i = 0; i < count; i++)
        TRY(accounts_erase(c, accounts[i].id));
    r->erased = (long long)count;
    return 0;
}

static int clean_body(struct ctx *c, void *arg)
{
    struct retention *r = arg;
    return accounts_store_retention_clean(c, r->at, r);
}

int accounts_retention_job(struct ctx *c, str argument _unused_)
{
    struct retention r = {.at = clock_now()};
    TRY(accounts_store_transaction(c, clean_body, &r));
    TRY(unused(c, &r));
    if (!r.sessions && !r.tickets && !r.devices && !r.warned && !r.erased)
        return 0;
    return accounts_store_retention_add(c, &r);
}
