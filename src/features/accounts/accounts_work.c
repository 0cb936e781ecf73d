/* What pages, jobs and the command line share: who asks, signing in, roles, the end of an account.
 */
#include "accounts/accounts_int.h"

#include "auth/quality.h"
#include "auth/token.h"
#include "base/clock.h"
#include "organisations/organisations.h"

enum { SEEN_EVERY_S = 60 };

#define DEVICE_COOKIE "aanjager-apparaat"

/* ---- who asks ---- */

int accounts_actor_roles(struct ctx *c, long long account, struct actor *ret)
{
    struct account_grant *grants;
    size_t count, known = 0;
    TRY(accounts_store_roles(c, account, &grants, &count));
    struct actor_role *roles = arena_array(c->arena, count + 1, sizeof *roles);
    for (size_t i = 0; i < count; i++)
        if (role_find(grants[i].role, &roles[known].role) &&
            scope_find(grants[i].scope_kind, &roles[known].scope.kind)) {
            roles[known].scope.id = grants[i].scope_id;
            known++;
        }
    ret->roles = roles;
    ret->role_count = known;
    return 0;
}

static bool is_over(const struct session_actor *s, long long now)
{
    return s->owner_state != ACCOUNT_ACTIVE || s->state == ACCOUNT_ERASED || s->ends_at <= now ||
           s->seen_at + s->idle_s <= now;
}

/* Who is signed in may look around even when the database is too busy to write this down. */
static void note_seen(struct ctx *c, const struct session_actor *s, long long now)
{
    if (now - s->seen_at < SEEN_EVERY_S)
        return;
    struct ctx own = ctx_child(c);
    IGNORE(accounts_store_session_seen(&own, s->session, s->owner, now));
    arena_free(own.arena);
}

int accounts_actor(struct ctx *c, const struct http_request *rq, struct actor *actor)
{
    struct session_actor s;
    str token = http_own_cookie(rq, HTTP_SESSION);
    long long now = clock_now();
    if (!token_is_sane(token))
        return 0;
    int code = accounts_store_session_actor(c, token_hash(c->arena, token), &s);
    if (code == ERR_NOT_FOUND || (code == 0 && is_over(&s, now)))
        return 0;
    TRY(code);
    TRY(accounts_actor_roles(c, s.account, actor));
    actor->account = s.account;
    actor->session = s.session;
    actor->name = s.name;
    actor->address = s.address;
    actor->trust = (int)s.trust;
    actor->confirmed = true; /* an account is made by confirming */
    actor->two_factor = s.two_factor;
    actor->market = s.market;
    if (s.owner != s.account) {
        actor->viewer = s.owner;
        actor->viewer_name = s.owner_name;
    }
    note_seen(c, &s, now);
    return 0;
}

/* ---- signing in ---- */

struct sign_in {
    struct session session;
    str hash, old, device;
    bool full;
};

static int sign_in_body(struct ctx *c, void *arg)
{
    const struct sign_in *s = arg;
    if (s->old.len)
        TRY(accounts_store_token_end(c, s->old));
    TRY(accounts_store_session_add(c, &s->session, s->hash));
    if (!s->full)
        return 0;
    if (s->device.len)
        TRY(accounts_store_device_seen(c, s->session.account_id, s->device));
    return accounts_store_note(c, "account.sign_in", s->session.account_id, s->session.agent);
}

/* A browser keeps one name for all who sign in on it. */
static str device_of(struct ctx *c, const struct http_request *rq, struct http_response *rs)
{
    str token = http_own_cookie(rq, DEVICE_COOKIE);
    if (!token_is_sane(token))
        token = token_new(c->arena);
    http_own_cookie_set(c, rq, rs, DEVICE_COOKIE, token, ACCOUNTS_DEVICE_S);
    return token_hash(c->arena, token);
}

/* The token is always a new one: what somebody planted in a browser before is worth nothing after.
 */
int accounts_sign_in(struct ctx *c, const struct http_request *rq, struct http_response *rs,
                     const struct account *a, bool two_factor, bool waiting)
{
    struct actor actor = {0};
    str old = http_own_cookie(rq, HTTP_SESSION), token = token_new(c->arena);
    long long now = clock_now();
    TRY(accounts_actor_roles(c, a->id, &actor));
    struct session_limits limits = accounts_limits(actor_needs_two_factor(&actor));
    if (waiting)
        limits = (struct session_limits){ACCOUNTS_WAITING_S, ACCOUNTS_WAITING_S};
    struct sign_in s = {
        .session = {.account_id = a->id,
                    .waiting = waiting,
                    .two_factor = two_factor,
                    .agent = accounts_agent(c->arena, http_header_get(rq, "User-Agent")),
                    .created_at = now,
                    .idle_s = limits.idle_s,
                    .ends_at = now + limits.absolute_s},
        .hash = token_hash(c->arena, token),
        .old = token_is_sane(old) ? token_hash(c->arena, old) : S(""),
        .full = !waiting,
    };
    if (!waiting)
        s.device = device_of(c, rq, rs);
    TRY(accounts_store_transaction(c, sign_in_body, &s));
    http_own_cookie_set(c, rq, rs, HTTP_SESSION, token, limits.absolute_s);
    return 0;
}

/* ---- passwords ---- */

int accounts_password_check(struct ctx *c, const struct account *a, str password)
{
    const str own[] = {a->name, a->address, a->organisation};
    return quality_check(c, config_text(c->config, "data"), password, own, COUNT_OF(own));
}

/* ---- roles, states ---- */

/* What an account may must hold at once: who looks through its eyes, or has it open, starts anew.
 */
static int ends_sessions(struct ctx *c, long long account)
{
    return accounts_store_sessions_end(c, account, 0);
}

/* before: how many admins there were. */
static int keeps_an_admin(struct ctx *c, long long before)
{
    long long count;
    TRY(accounts_store_count_admins(c, &count));
    if (count || !before)
        return 0;
    return err_set(c, ERR_CONFLICT,
                   "Dit is de laatste beheerder. Maak eerst iemand anders beheerder.");
}

static int give_body(struct ctx *c, void *arg)
{
    const struct account_change *g = arg;
    struct account a;
    TRY(accounts_store_find(c, g->account, &a));
    if (a.state != ACCOUNT_ACTIVE)
        return err_set(c, ERR_CONFLICT, "Dit account is %s en kan geen rol krijgen.",
                       accounts_state_name(a.state));
    TRY(accounts_store_grant(c, g->account, g->text, g->scope, g->by));
    TRY(ends_sessions(c, g->account));
    return accounts_store_note(c, "account.role_given", g->account,
                               str_fmt(c->arena, "%.*s %s %.*s", (int)g->text.len, g->text.ptr,
                                       scope_name(g->scope.kind), (int)g->scope.id.len,
                                       g->scope.id.len ? g->scope.id.ptr : ""));
}

int accounts_give_role(struct ctx *c, long long account, str role, struct scope scope, long long by)
{
    enum role known;
    if (!role_find(role, &known) || known <= ROLE_MEMBER)
        return err_set(c, ERR_INVALID, "De rol \"%s\" bestaat niet.", str_z(c->arena, role));
    if ((scope.kind == SCOPE_ALL) != !scope.id.len)
        return err_set(c, ERR_INVALID,
                       "Vul bij een thema, regio of organisatie in welke het is, en anders niets.");
    struct account_change g = {.account = account, .by = by, .text = role, .scope = scope};
    return accounts_store_transaction(c, give_body, &g);
}

static int take_body(struct ctx *c, void *arg)
{
    const struct account_change *g = arg;
    long long admins;
    TRY(accounts_store_count_admins(c, &admins));
    TRY(accounts_store_revoke(c, g->account, g->grant));
    TRY(keeps_an_admin(c, admins));
    TRY(ends_sessions(c, g->account));
    return accounts_store_note(c, "account.role_taken", g->account,
                               str_fmt(c->arena, "%lld", g->grant));
}

int accounts_take_role(struct ctx *c, long long account, long long grant)
{
    struct account_change g = {.account = account, .grant = grant};
    return accounts_store_transaction(c, take_body, &g);
}

static int state_body(struct ctx *c, void *arg)
{
    const struct account_change *g = arg;
    long long admins;
    TRY(accounts_store_count_admins(c, &admins));
    TRY(accounts_store_set_state(c, g->account, g->state));
    TRY(keeps_an_admin(c, admins));
    TRY(ends_sessions(c, g->account));
    return accounts_store_note(
        c, g->state == ACCOUNT_ACTIVE ? "account.enabled" : "account.disabled", g->account, S(""));
}

int accounts_change_state(struct ctx *c, long long account, enum account_state state)
{
    struct account_change g = {.account = account, .state = state};
    return accounts_store_transaction(c, state_body, &g);
}

static int erase_body(struct ctx *c, void *arg)
{
    const struct account_change *g = arg;
    struct account a;
    long long admins;
    TRY(accounts_store_count_admins(c, &admins));
    TRY(accounts_store_find(c, g->account, &a));
    if (a.state == ACCOUNT_ERASED)
        return 0;
    TRY(accounts_store_mail(
        c, a.address, a.name, S("Uw account is verwijderd"),
        S("Uw account bij Aanjager is verwijderd. Uw naam en adres zijn gewist. Wat u hebt "
          "bijgedragen, blijft staan zonder uw naam.\n")));
    TRY(accounts_store_erase(c, g->account));
    TRY(keeps_an_admin(c, admins));
    return accounts_store_note(c, "account.erased", g->account, S(""));
}

int accounts_erase(struct ctx *c, long long account)
{
    struct account_change g = {.account = account};
    return accounts_store_transaction(c, erase_body, &g);
}

static int end_two_factor(struct ctx *c, void *arg)
{
    const struct account *a = arg;
    TRY(accounts_store_set_totp(c, a->id, (str){NULL, 0}, 0));
    TRY(accounts_store_sessions_end(c, a->id, 0));
    TRY(accounts_store_mail(c, a->address, a->name, S("De tweede stap van uw account staat uit"),
                            S("Een beheerder van Aanjager heeft de tweede stap bij het inloggen "
                              "voor u uitgezet. Hebt u "
                              "daar niet om gevraagd? Neem dan contact op met de beheerder.\n")));
    return accounts_store_note(c, "account.two_factor_off", a->id, S("admin"));
}

int accounts_end_two_factor(struct ctx *c, const struct account *a)
{
    struct account copy = *a;
    return accounts_store_transaction(c, end_two_factor, &copy);
}

/* ---- invitations ---- */

int accounts_invite(struct ctx *c, const struct ticket *t)
{
    struct ticket own = *t;
    enum role known;
    if (!accounts_address(c->arena, t->address, &own.address))
        return err_set(c, ERR_INVALID, "Vul een e-mailadres in, bijvoorbeeld naam@gemeente.nl.");
    if (t->role.len && (!role_find(t->role, &known) || known <= ROLE_MEMBER))
        return err_set(c, ERR_INVALID, "De rol \"%s\" bestaat niet.", str_z(c->arena, t->role));
    own.reference = token_new(c->arena);
    own.purpose = S(TICKET_INVITE);
    return accounts_store_ticket_add(c, &own);
}

/* ---- organisations ---- */

int accounts_link(struct ctx *c, long long account, str address)
{
    long long organisation;
    TRY(accounts_store_leave(c, account));
    TRY(organisation_of_address(c, address, &organisation));
    if (!organisation)
        return 0;
    TRY(accounts_store_join(c, account, organisation));
    return accounts_store_note(c, "account.linked", account,
                               str_fmt(c->arena, "organisatie %lld", organisation));
}

int accounts_organisations(struct ctx *c, long long account, str *ret)
{
    const struct organisations *all;
    long long *ids;
    size_t count, known = 0;
    TRY(organisations_load(c, &all));
    TRY(accounts_store_members(c, account, &ids, &count));
    str *names = arena_array(c->arena, count + 1, sizeof *names);
    for (size_t i = 0; i < count; i++) {
        const struct organisation *o = organisation_by_id(all, ids[i]);
        if (o)
            names[known++] = organisation_full_name(c->arena, o);
    }
    *ret = str_join(c->arena, names, known, S(", "));
    return 0;
}

/* ---- the first admin ---- */

struct first_admin {
    struct ticket ticket;
    str hash;
    bool needed;
};

static int first_body(struct ctx *c, void *arg)
{
    struct first_admin *f = arg;
    long long admins;
    TRY(accounts_store_count_admins(c, &admins));
    f->needed = admins == 0;
    TRY(accounts_store_ticket_drop(c, S(TICKET_FIRST)));
    return f->needed ? accounts_store_ticket_link(c, &f->ticket, f->hash) : 0;
}

int accounts_first_admin(struct ctx *c, str *ret_url)
{
    str token = token_new(c->arena);
    struct first_admin f = {
        .ticket = {.reference = token_new(c->arena), .purpose = S(TICKET_FIRST), .address = S("")},
        .hash = token_hash(c->arena, token)};
    TRY(accounts_store_transaction(c, first_body, &f));
    str origin = accounts_origin(c);
    *ret_url = f.needed ? str_fmt(c->arena, "%.*s/bevestigen/%.*s", (int)origin.len, origin.ptr,
                                  (int)token.len, token.ptr)
                        : S("");
    return 0;
}
