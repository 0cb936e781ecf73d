/* accounts_int.h - structs and views shared inside the accounts feature. */
#pragma once

#include "accounts/accounts.h"
#include "html/page.h"
#include "module/module.h"

enum {
    ACCOUNTS_MAX_HTML = 512 * 1024,
    ACCOUNTS_LIST = 50,     /* on a page of the admin */
    ACCOUNTS_MAX_SENT = 3,  /* mails to one address in an hour */
    ACCOUNTS_MAX_TRIES = 5, /* of a code */
    ACCOUNTS_MAX_SESSIONS = 50,
    ACCOUNTS_MAX_EXPORT = 4 * 1024 * 1024,
    ACCOUNTS_FIELD_MAX = 1000, /* characters that a form field may send at all */
};

/* How long things hold, in seconds. */
enum {
    HOUR = 3600,
    DAY = 24 * HOUR,
    ACCOUNTS_TICKET_S = 2 * DAY,
    ACCOUNTS_RESET_S = 2 * HOUR,
    ACCOUNTS_INVITE_S = 14 * DAY,
    ACCOUNTS_FIRST_S = DAY,
    ACCOUNTS_KEEP_TICKET_S = 30 * DAY,
    ACCOUNTS_WAITING_S = 10 * 60, /* for the second factor */
    ACCOUNTS_DEVICE_S = 365 * DAY,
    ACCOUNTS_UNUSED_S = 730 * DAY, /* then a warning */
    ACCOUNTS_NOTICE_S = 30 * DAY,  /* from the warning until it is erased */
};

/* ---- accounts ---- */

enum account_state { ACCOUNT_ACTIVE = 1, ACCOUNT_DISABLED = 2, ACCOUNT_ERASED = 3 };

struct account {
    long long id, trust, state, totp_step, created_at, confirmed_at, seen_at, warned_at;
    str address, name, job, organisation, interest, password, totp_secret;
    bool market;
};

struct account_grant { /* a role that somebody has */
    long long id, granted_by, granted_at;
    str role, scope_kind, scope_id, granter;
};

enum { ACCOUNTS_PURPOSES = 5 };
#define TICKET_JOIN "join"
#define TICKET_RESET "reset"
#define TICKET_ADDRESS "address"
#define TICKET_INVITE "invite"
#define TICKET_FIRST "first"

struct ticket {
    long long id, account_id, tries, mailed, created_at, ends_at, used_at;
    str reference, purpose, address, name, job, organisation, interest, role, code_hash;
    bool market;
};

struct session {
    long long id, account_id, created_at, seen_at, idle_s, ends_at, tries;
    str agent;
    bool waiting, two_factor;
};

/* Who a cookie belongs to, and whose eyes he looks through. */
struct session_actor {
    long long session, owner, account, trust, state, owner_state, seen_at, idle_s, ends_at;
    str name, address, owner_name;
    bool market, two_factor;
};

struct account_viewing {
    long long begun_at, ended_at;
    str viewer, reason;
};

/* ---- rules ---- */

/* Without white space, in lower case; false when it is no address. */
bool accounts_address(struct arena *a, str typed, str *ret);
/* "203.0.113.7", or the first half of an IPv6 address: who shares it, shares a brake. */
str accounts_network(struct arena *a, str remote);
/* "Firefox op Windows", of a User-Agent. */
str accounts_agent(struct arena *a, str user_agent);
struct session_limits {
    long long idle_s, absolute_s;
};
/* Shorter for who can do harm. */
struct session_limits accounts_limits(bool two_factor_role);
/* A path of ours to go to after signing in, else "/account". */
str accounts_target(str asked);
long long accounts_ticket_life(str purpose);
const char *accounts_state_name(long long state);
/* "12 maart 2026" in local time. */
str accounts_day(struct arena *a, long long at);
/* Where the site is, without a slash at its end: public_url, else the address that it listens on.
   Never what a visitor says. */
str accounts_origin(struct ctx *c);

/* ---- guessing ---- */

struct guess {
    str network, pair, address, device; /* device: empty when it is not a known one */
    long long wait_s;
};
/* Fills wait_s: how long this one must wait. */
void accounts_guess_look(struct ctx *c, struct guess *g);
void accounts_guess_failed(struct ctx *c, const struct guess *g);
void accounts_guess_right(struct ctx *c, const struct guess *g);
/* Counts a request for mail; ERR_LIMIT with words when this network asks too much. */
int accounts_mail_brake(struct ctx *c, str remote) _nodiscard_;
/* The second factor of one account: the wait, and counting. */
long long accounts_second_wait(struct ctx *c, long long account);
void accounts_second_end(struct ctx *c, long long account, bool right);

/* ---- store: accounts_store.c ---- */

void accounts_store_rest(struct ctx *c); /* gives the connection back before a long wait */
int accounts_store_transaction(struct ctx *c, int (*body)(struct ctx *c, void *arg),
                               void *arg) _nodiscard_;
int accounts_store_by_address(struct ctx *c, str address, struct account *ret) _nodiscard_;
int accounts_store_find(struct ctx *c, long long id, struct account *ret) _nodiscard_;
int accounts_store_list(struct ctx *c, str text, long long offset, struct account **ret,
                        size_t *ret_count, long long *ret_total) _nodiscard_;
/* A new account with a confirmed address; ERR_CONFLICT when the address has one. */
int accounts_store_add(struct ctx *c, const struct ticket *t, long long *ret_id) _nodiscard_;
int accounts_store_set_password(struct ctx *c, long long id, str hash) _nodiscard_;
int accounts_store_set_address(struct ctx *c, long long id, str address) _nodiscard_;
int accounts_store_set_profile(struct ctx *c, const struct account *a) _nodiscard_;
int accounts_store_set_state(struct ctx *c, long long id, enum account_state state) _nodiscard_;
/* sealed NULL: none any more; takes the recovery codes away too. */
int accounts_store_set_totp(struct ctx *c, long long id, str sealed, long long step) _nodiscard_;
/* ERR_CONFLICT when this code or a later one was used meanwhile. */
int accounts_store_use_step(struct ctx *c, long long id, long long step) _nodiscard_;
int accounts_store_add_recovery(struct ctx *c, long long id, str hash) _nodiscard_;
int accounts_store_use_recovery(struct ctx *c, long long id, str hash, bool *ret_right) _nodiscard_;
int accounts_store_count_recovery(struct ctx *c, long long id, long long *ret) _nodiscard_;
/* Takes away all that says who it was; what others see of his work stays under "Verwijderd
 * account". */
int accounts_store_erase(struct ctx *c, long long id) _nodiscard_;

int accounts_store_roles(struct ctx *c, long long id, struct account_grant **ret,
                         size_t *ret_count) _nodiscard_;
int accounts_store_grant(struct ctx *c, long long id, str role, struct scope scope,
                         long long by) _nodiscard_;
int accounts_store_revoke(struct ctx *c, long long id, long long grant) _nodiscard_;
/* By a verified domain: makes him a professional of that organisation, known by it. */
int accounts_store_join(struct ctx *c, long long id, long long organisation) _nodiscard_;
/* Ends what a domain gave. */
int accounts_store_leave(struct ctx *c, long long id) _nodiscard_;
int accounts_store_members(struct ctx *c, long long id, long long **ret_organisations,
                           size_t *ret_count) _nodiscard_;
int accounts_store_count_admins(struct ctx *c, long long *ret) _nodiscard_;

/* ---- store: accounts_session_store.c ---- */

int accounts_store_session_actor(struct ctx *c, str token_hash,
                                 struct session_actor *ret) _nodiscard_;
int accounts_store_session_seen(struct ctx *c, long long session, long long account,
                                long long now) _nodiscard_;
int accounts_store_session_add(struct ctx *c, const struct session *s, str token_hash) _nodiscard_;
int accounts_store_session_waiting(struct ctx *c, str token_hash, struct session *ret) _nodiscard_;
int accounts_store_session_try(struct ctx *c, long long session) _nodiscard_;
int accounts_store_sessions(struct ctx *c, long long account, struct session **ret,
                            size_t *ret_count) _nodiscard_;
int accounts_store_session_end(struct ctx *c, long long account, long long session) _nodiscard_;
/* All of an account but one (0: all). */
int accounts_store_sessions_end(struct ctx *c, long long account, long long but) _nodiscard_;
int accounts_store_token_end(struct ctx *c, str token_hash) _nodiscard_;
int accounts_store_device_known(struct ctx *c, long long account, str token_hash,
                                bool *ret) _nodiscard_;
int accounts_store_device_seen(struct ctx *c, long long account, str token_hash) _nodiscard_;
int accounts_store_view_begin(struct ctx *c, long long session, long long viewer, long long account,
                              str reason) _nodiscard_;
int accounts_store_view_end(struct ctx *c, long long session, long long viewer) _nodiscard_;
int accounts_store_viewings(struct ctx *c, long long account, struct account_viewing **ret,
                            size_t *ret_count) _nodiscard_;

/* ---- store: accounts_ticket_store.c ---- */

/* Adds it and the job that mails about it. */
int accounts_store_ticket_add(struct ctx *c, const struct ticket *t) _nodiscard_;
/* Adds it with its link, for who hands the link out himself. */
int accounts_store_ticket_link(struct ctx *c, const struct ticket *t, str token_hash) _nodiscard_;
int accounts_store_ticket(struct ctx *c, long long id, struct ticket *ret) _nodiscard_;
int accounts_store_ticket_by_token(struct ctx *c, str token_hash, struct ticket *ret) _nodiscard_;
/* Counts a try and gives the ticket; the code is right only when it has one and is not used up. */
int accounts_store_ticket_try(struct ctx *c, str reference, str code_hash, bool *ret_right,
                              struct ticket *ret) _nodiscard_;
int accounts_store_ticket_second(struct ctx *c, long long id, str token_hash) _nodiscard_;
int accounts_store_ticket_mailed(struct ctx *c, long long id, long long mailed, str token_hash,
                                 str code_hash) _nodiscard_;
int accounts_store_ticket_owner(struct ctx *c, long long id, long long account) _nodiscard_;
int accounts_store_ticket_sent(struct ctx *c, str address, long long since,
                               long long *ret) _nodiscard_;
/* ERR_CONFLICT when somebody was first. */
int accounts_store_ticket_use(struct ctx *c, long long id, long long account) _nodiscard_;
int accounts_store_ticket_drop(struct ctx *c, str purpose) _nodiscard_; /* unused ones */

struct retention {
    long long at, sessions, tickets, devices, warned, erased;
};
int accounts_store_retention_clean(struct ctx *c, long long now, struct retention *ret) _nodiscard_;
int accounts_store_unused(struct ctx *c, long long seen_before, long long warned_before,
                          bool warned, struct account **ret, size_t *ret_count) _nodiscard_;
int accounts_store_warned(struct ctx *c, long long id, long long now) _nodiscard_;
int accounts_store_retention_add(struct ctx *c, const struct retention *r) _nodiscard_;
int accounts_store_retentions(struct ctx *c, struct retention **ret, size_t *ret_count) _nodiscard_;

/* What leaves the feature, each in one place (accounts_out_store.c). */
int accounts_store_mail(struct ctx *c, str to, str to_name, str subject, str text) _nodiscard_;
/* act: "account.sign_in". account: whom it is about. detail: no secret. */
int accounts_store_note(struct ctx *c, const char *act, long long account, str detail) _nodiscard_;

/* ---- work that pages and the command line share: accounts_work.c ---- */

/* A sentence for a new password that is not good enough, or none. */
int accounts_password_check(struct ctx *c, const struct account *a, str password) _nodiscard_;
struct account_change { /* arguments of a transaction */
    long long account, by, grant, session;
    str text, token_hash;
    struct scope scope;
    const struct ticket *ticket;
    enum account_state state;
    long long ret_id;
};
int accounts_give_role(struct ctx *c, long long account, str role, struct scope scope,
                       long long by) _nodiscard_;
int accounts_take_role(struct ctx *c, long long account, long long grant) _nodiscard_;
int accounts_change_state(struct ctx *c, long long account, enum account_state state) _nodiscard_;
int accounts_erase(struct ctx *c, long long account) _nodiscard_;
/* For who lost telephone and recovery codes; the person hears of it by mail. */
int accounts_end_two_factor(struct ctx *c, const struct account *a) _nodiscard_;
int accounts_invite(struct ctx *c, const struct ticket *t) _nodiscard_;
/* Links an account to the organisation whose verified domain its confirmed address is in; what an
   earlier address gave ends. In the caller's transaction. */
int accounts_link(struct ctx *c, long long account, str address) _nodiscard_;
/* "Gemeente Almelo, Provincie Overijssel": where somebody is known to work; empty: nowhere. */
int accounts_organisations(struct ctx *c, long long account, str *ret) _nodiscard_;
/* The roles of an account as permission_allows takes them. */
int accounts_actor_roles(struct ctx *c, long long account, struct actor *ret) _nodiscard_;
/* Signs in on this browser: a new session and its cookie; the one that it had ends. */
int accounts_sign_in(struct ctx *c, const struct http_request *rq, struct http_response *rs,
                     const struct account *a, bool two_factor, bool waiting) _nodiscard_;

int accounts_mail_job(struct ctx *c, str argument);
int accounts_retention_job(struct ctx *c, str argument);

enum { ACCOUNTS_COMMAND_COUNT = 7 };
extern const struct command accounts_commands[ACCOUNTS_COMMAND_COUNT];

/* ---- views ---- */

struct accounts_option {
    str value, name;
    bool chosen;
};
struct accounts_field {
    str name, label, help, value, error;
    str type, autocomplete, inputmode; /* of an input */
    bool optional, area, checkbox, checked, select;
    const struct accounts_option *options;
    size_t options_count;
};
/* A page with one form; without a button it is only words. */
struct accounts_form_view {
    str heading, lead, note;  /* note: in a box, when something went well or must be known */
    str error_heading, error; /* error: of the whole form, not of a field */
    size_t errors;
    str action, button;
    const struct accounts_field *fields;
    size_t fields_count;
    const struct accounts_field *hidden;
    size_t hidden_count;
    const struct page_link *links; /* under the form */
    size_t links_count;
    html picture; /* above the fields */
    str secret;   /* beside the picture */
};
void accounts_form_html(struct out *o, const struct accounts_form_view *v);

struct accounts_role_view {
    str words, scope, since;
    long long id;
};
struct accounts_overview_view {
    const struct account *account;
    const struct accounts_role_view *roles;
    size_t roles_count;
    bool has_password, has_totp, must_totp, viewed;
    long long recovery;
    const struct accounts_viewing_view {
        str who, begun, reason;
    } * viewings;
    size_t viewings_count;
    const struct page_link *work; /* what the roles open */
    size_t work_count;
    str since, note;
    str known; /* organisations that know him */
};
void accounts_overview_html(struct out *o, const struct accounts_overview_view *v);

struct accounts_sessions_view {
    const struct accounts_session_view {
        long long id;
        str agent, since, seen;
        bool present, two_factor;
    } * sessions;
    size_t sessions_count;
    bool others;
    str note;
};
void accounts_sessions_html(struct out *o, const struct accounts_sessions_view *v);

struct accounts_codes_view {
    const str *codes;
    size_t codes_count;
};
void accounts_codes_html(struct out *o, const struct accounts_codes_view *v);

struct accounts_list_view {
    str text, count_words, previous_url, next_url;
    const struct accounts_row_view {
        long long id;
        str name, address, organisation, state, seen, roles;
    } * rows;
    size_t rows_count;
    const struct accounts_retention_view {
        str at;
        long long sessions, tickets, devices, warned, erased;
    } * reports;
    size_t reports_count;
};
void accounts_list_html(struct out *o, const struct accounts_list_view *v);

struct accounts_show_view {
    const struct account *account;
    str state, since, seen, note, error;
    bool disabled, erased, self, has_totp;
    const struct accounts_role_view *roles;
    size_t roles_count;
    const struct accounts_option *grantable, *scopes;
    size_t grantable_count, scopes_count;
};
void accounts_show_html(struct out *o, const struct accounts_show_view *v);

struct accounts_rights_view {
    const struct accounts_right_view {
        str name, words;
        const bool *roles; /* one for each head */
        size_t roles_count;
        const struct accounts_route_view {
            str method, path, help;
        } * routes;
        size_t routes_count;
    } * rights;
    size_t rights_count;
    const str *heads;
    size_t heads_count;
};
void accounts_rights_html(struct out *o, const struct accounts_rights_view *v);

http_handler accounts_sign_in_page, accounts_sign_in_post, accounts_second_page,
    accounts_second_post, accounts_sign_out;
http_handler accounts_join_page, accounts_join_post, accounts_forgot_page, accounts_forgot_post,
    accounts_code_page, accounts_code_post, accounts_ticket_page, accounts_ticket_post;
http_handler accounts_own, accounts_profile_page, accounts_profile_post, accounts_password_page,
    accounts_password_post, accounts_address_page, accounts_address_post, accounts_totp_page,
    accounts_totp_post, accounts_totp_off_page, accounts_totp_off_post, accounts_sessions_page,
    accounts_session_end, accounts_sessions_end, accounts_export, accounts_erase_page,
    accounts_erase_post;
http_handler accounts_admin_list, accounts_admin_show, accounts_admin_grant, accounts_admin_revoke,
    accounts_admin_state, accounts_admin_totp_off, accounts_admin_invite_page,
    accounts_admin_invite_post, accounts_admin_view, accounts_admin_view_stop, accounts_rights;

/* Page helpers */
int accounts_role_views(struct ctx *c, long long account, struct accounts_role_view **ret,
                        size_t *ret_count) _nodiscard_;
int accounts_send(struct ctx *c, const struct http_request *rq, struct http_response *rs, str title,
                  struct out *o) _nodiscard_;
int accounts_send_form(struct ctx *c, const struct http_request *rq, struct http_response *rs,
                       struct accounts_form_view *v) _nodiscard_;
/* A page that says something and leads on. */
int accounts_send_words(struct ctx *c, const struct http_request *rq, struct http_response *rs,
                        str heading, str lead, str link, str url) _nodiscard_;
