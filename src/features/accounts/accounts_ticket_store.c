/* What must be confirmed by mail, and what the retention job takes away. */
#include "accounts/accounts_int.h"

#include "base/clock.h"
#include "db/db.h"
#include "jobs/jobs.h"

#define COLUMN(name, type)                                                                         \
    {                                                                                              \
#name, type, offsetof(struct ticket, name)                                                 \
    }
#define TICKET_COLUMNS                                                                             \
    "id, reference, purpose, address, name, job, organisation, market, interest, role, "           \
    "account_id, code_hash, tries, mailed, created_at, ends_at, used_at"

static const struct db_field ticket_fields[] = {
    COLUMN(id, DB_INT),           COLUMN(account_id, DB_INT), COLUMN(tries, DB_INT),
    COLUMN(mailed, DB_INT),       COLUMN(created_at, DB_INT), COLUMN(ends_at, DB_INT),
    COLUMN(used_at, DB_INT),      COLUMN(reference, DB_STR),  COLUMN(purpose, DB_STR),
    COLUMN(address, DB_STR),      COLUMN(name, DB_STR),       COLUMN(job, DB_STR),
    COLUMN(organisation, DB_STR), COLUMN(interest, DB_STR),   COLUMN(role, DB_STR),
    COLUMN(code_hash, DB_STR),    COLUMN(market, DB_BOOL),
};

static struct db_value id_or_null(long long id)
{
    return id ? db_of_int(id) : DB_NULL;
}

static int insert(struct ctx *c, const struct ticket *t, str token_hash, long long mailed,
                  long long *ret_id)
{
    long long now = clock_now();
    return db_get_int(c, ret_id,
                      "INSERT INTO account_ticket (reference, purpose, address, name, job, "
                      "organisation, market, interest, role, account_id, token_hash, tries, "
                      "mailed, created_at, ends_at, used_at) VALUES ($1, $2, $3, $4, $5, $6, $7, "
                      "$8, $9, $10, $11, 0, $12, $13, $14, 0) RETURNING id",
                      t->reference, t->purpose, t->address, t->name.len ? t->name : S(""),
                      t->job.len ? t->job : S(""), t->organisation.len ? t->organisation : S(""),
                      t->market, t->interest.len ? t->interest : S(""),
                      t->role.len ? t->role : S(""), id_or_null(t->account_id), token_hash, mailed,
                      now, now + accounts_ticket_life(t->purpose));
}

static int add_with_job(struct ctx *c, void *arg)
{
    long long id;
    TRY(insert(c, arg, (str){NULL, 0}, 0, &id));
    return jobs_add(c, "account-mail", str_fmt(c->arena, "%lld", id), clock_now(), S(""));
}

int accounts_store_ticket_add(struct ctx *c, const struct ticket *t)
{
    struct ticket copy = *t;
    return db_transaction(c, add_with_job, &copy);
}

int accounts_store_ticket_link(struct ctx *c, const struct ticket *t, str token_hash)
{
    long long id;
    return insert(c, t, token_hash, 1, &id);
}

int accounts_store_ticket(struct ctx *c, long long id, struct ticket *ret)
{
    return db_one(c, ticket_fields, ret,
                  "SELECT " TICKET_COLUMNS " FROM account_ticket WHERE id = $1", id);
}

int accounts_store_ticket_by_token(struct ctx *c, str token_hash, struct ticket *ret)
{
    return db_one(c, ticket_fields, ret,
                  "SELECT " TICKET_COLUMNS " FROM account_ticket WHERE token_hash = $1 OR "
                  "second_hash = $1",
                  token_hash);
}

struct ticket_try {
    str reference, code_hash;
    struct ticket *ticket;
    bool right;
};

/* Counted before it is compared: of many tries at once, each is one. */
static int try_body(struct ctx *c, void *arg)
{
    struct ticket_try *t = arg;
    TRY(db_one(c, ticket_fields, t->ticket,
               "UPDATE account_ticket SET tries = tries + 1 WHERE reference = $1 "
               "RETURNING " TICKET_COLUMNS,
               t->reference));
    t->right = t->ticket->code_hash.len && t->ticket->tries <= ACCOUNTS_MAX_TRIES &&
               t->ticket->ends_at > clock_now() && str_eq(t->ticket->code_hash, t->code_hash);
    return 0;
}

int accounts_store_ticket_try(struct ctx *c, str reference, str code_hash, bool *ret_right,
                              struct ticket *ret)
{
    struct ticket_try t = {reference, code_hash, ret, false};
    TRY(db_transaction(c, try_body, &t));
    *ret_right = t.right;
    return 0;
}

int accounts_store_ticket_second(struct ctx *c, long long id, str token_hash)
{
    return db_exec(c, "UPDATE account_ticket SET second_hash = $2 WHERE id = $1", id, token_hash);
}

int accounts_store_ticket_mailed(struct ctx *c, long long id, long long mailed, str token_hash,
                                 str code_hash)
{
    return db_exec(c,
                   "UPDATE account_ticket SET mailed = $2, token_hash = $3, code_hash = $4 WHERE "
                   "id = $1",
                   id, mailed, token_hash, code_hash);
}

int accounts_store_ticket_owner(struct ctx *c, long long id, long long account)
{
    return db_exec(c, "UPDATE account_ticket SET account_id = $2 WHERE id = $1", id, account);
}

int accounts_store_ticket_sent(struct ctx *c, str address, long long since, long long *ret)
{
    return db_get_int(c, ret,
                      "SELECT COUNT(*) FROM account_ticket WHERE address = $1 AND created_at > $2 "
                      "AND mailed = 1",
                      address, since);
}

int accounts_store_ticket_use(struct ctx *c, long long id, long long account)
{
    long long changed;
    TRY(db_exec_count(c, &changed,
                      "UPDATE account_ticket SET used_at = $2, account_id = $3 WHERE id = $1 AND "
                      "used_at = 0",
                      id, clock_now(), id_or_null(account)));
    return changed ? 0 : err_set(c, ERR_CONFLICT, "Deze link is al gebruikt.");
}

int accounts_store_ticket_drop(struct ctx *c, str purpose)
{
    return db_exec(c, "DELETE FROM account_ticket WHERE purpose = $1 AND used_at = 0", purpose);
}

/* ---- retention ---- */

int accounts_store_retention_clean(struct ctx *c, long long now, struct retention *ret)
{
    TRY(db_exec_count(c, &ret->sessions,
                      "DELETE FROM account_session WHERE ends_at <= $1 OR seen_at + idle_s <= $1",
                      now));
    TRY(db_exec_count(c, &ret->tickets,
                      "DELETE FROM account_ticket WHERE (used_at = 0 AND ends_at <= $1) OR "
                      "created_at <= $2",
                      now, now - ACCOUNTS_KEEP_TICKET_S));
    return db_exec_count(c, &ret->devices, "DELETE FROM account_device WHERE seen_at <= $1",
                         now - ACCOUNTS_DEVICE_S);
}

int accounts_store_unused(struct ctx *c, long long seen_before, long long warned_before,
                          bool warned, struct account **ret, size_t *ret_count)
{
    static const struct db_field fields[] = {
        {"id", DB_INT, offsetof(struct account, id)},
        {"address", DB_STR, offsetof(struct account, address)},
        {"name", DB_STR, offsetof(struct account, name)},
    };
    return db_all(c, fields, ret, ret_count,
                  "SELECT id, address, name FROM account WHERE state = 1 AND seen_at < $1 AND "
                  "((warned_at = 0 AND $3 = 0) OR (warned_at > 0 AND warned_at < $2 AND $3 = 1)) "
                  "AND NOT EXISTS (SELECT 1 FROM account_role r WHERE r.account_id = account.id "
                  "AND r.role = 'beheerder') ORDER BY id LIMIT 200",
                  seen_before, warned_before, warned);
}

int accounts_store_warned(struct ctx *c, long long id, long long now)
{
    return db_exec(c, "UPDATE account SET warned_at = $2 WHERE id = $1", id, now);
}

int accounts_store_retention_add(struct ctx *c, const struct retention *r)
{
    return db_exec(c,
                   "INSERT INTO account_retention (at, sessions, tickets, devices, warned, erased) "
                   "VALUES ($1, $2, $3, $4, $5, $6)",
                   r->at, r->sessions, r->tickets, r->devices, r->warned, r->erased);
}

int accounts_store_retentions(struct ctx *c, struct retention **ret, size_t *ret_count)
{
    static const struct db_field fields[] = {
        {"at", DB_INT, offsetof(struct retention, at)},
        {"sessions", DB_INT, offsetof(struct retention, sessions)},
        {"tickets", DB_INT, offsetof(struct retention, tickets)},
        {"devices", DB_INT, offsetof(struct retention, devices)},
        {"warned", DB_INT, offsetof(struct retention, warned)},
        {"erased", DB_INT, offsetof(struct retention, erased)},
    };
    return db_all(c, fields, ret, ret_count,
                  "SELECT at, sessions, tickets, devices, warned, erased FROM account_retention "
                  "ORDER BY id DESC LIMIT 10");
}
