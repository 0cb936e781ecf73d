#include "accounts/accounts_int.h"

#include "base/clock.h"
#include "db/db.h"

#define COLUMN(name, type)                                                                         \
    {                                                                                              \
#name, type, offsetof(struct account, name)                                                \
    }
#define ACCOUNT_COLUMNS                                                                            \
    "id, address, name, job, organisation, market, interest, trust, state, password, "             \
    "totp_secret, totp_step, created_at, confirmed_at, seen_at, warned_at"

static const struct db_field account_fields[] = {
    COLUMN(id, DB_INT),         COLUMN(address, DB_STR),      COLUMN(name, DB_STR),
    COLUMN(job, DB_STR),        COLUMN(organisation, DB_STR), COLUMN(market, DB_BOOL),
    COLUMN(interest, DB_STR),   COLUMN(trust, DB_INT),        COLUMN(state, DB_INT),
    COLUMN(password, DB_STR),   COLUMN(totp_secret, DB_STR),  COLUMN(totp_step, DB_INT),
    COLUMN(created_at, DB_INT), COLUMN(confirmed_at, DB_INT), COLUMN(seen_at, DB_INT),
    COLUMN(warned_at, DB_INT),
};

void accounts_store_rest(struct ctx *c)
{
    db_lease_release(c);
}

int accounts_store_transaction(struct ctx *c, int (*body)(struct ctx *c, void *arg), void *arg)
{
    return db_transaction(c, body, arg);
}

/* ---- reading ---- */

int accounts_store_by_address(struct ctx *c, str address, struct account *ret)
{
    return db_one(c, account_fields, ret,
                  "SELECT " ACCOUNT_COLUMNS " FROM account WHERE address = $1", address);
}

int accounts_store_find(struct ctx *c, long long id, struct account *ret)
{
    return db_one(c, account_fields, ret, "SELECT " ACCOUNT_COLUMNS " FROM account WHERE id = $1",
                  id);
}

/* The text stands anywhere in name, address or organisation; % and _ in it are letters. */
static str like_of(struct arena *a, str text)
{
    struct buf b;
    buf_init(&b, a, 1024);
    buf_addz(&b, "%");
    for (size_t i = 0; i < text.len; i++) {
        if (strchr("%_!", text.ptr[i]))
            buf_addz(&b, "!");
        buf_add_byte(&b, text.ptr[i]);
    }
    buf_addz(&b, "%");
    return buf_str(&b);
}

int accounts_store_list(struct ctx *c, str text, long long offset, struct account **ret,
                        size_t *ret_count, long long *ret_total)
{
    str like = like_of(c->arena, str_lower_ascii(c->arena, text));
    TRY(db_get_int(c, ret_total,
                   "SELECT COUNT(*) FROM account WHERE LOWER(name) LIKE $1 ESCAPE '!' "
                   "OR address LIKE $1 ESCAPE '!' OR LOWER(organisation) LIKE $1 ESCAPE '!'",
                   like));
    return db_all(c, account_fields, ret, ret_count,
                  "SELECT " ACCOUNT_COLUMNS " FROM account WHERE LOWER(name) LIKE $1 ESCAPE '!' "
                  "OR address LIKE $1 ESCAPE '!' OR LOWER(organisation) LIKE $1 ESCAPE '!' "
                  "ORDER BY id DESC LIMIT $2 OFFSET $3",
                  like, ACCOUNTS_LIST, offset);
}

/* ---- changing ---- */

int accounts_store_add(struct ctx *c, const struct ticket *t, long long *ret_id)
{
    long long now = clock_now();
    return db_get_int(c, ret_id,
                      "INSERT INTO account (address, name, job, organisation, market, interest, "
                      "trust, state, password, totp_secret, totp_step, created_at, confirmed_at, "
                      "seen_at, warned_at) VALUES ($1, $2, $3, $4, $5, $6, 0, 1, NULL, NULL, 0, "
                      "$7, $7, $7, 0) RETURNING id",
                      t->address, t->name, t->job, t->organisation, t->market, t->interest, now);
}

int accounts_store_set_password(struct ctx *c, long long id, str hash)
{
    return db_exec(c, "UPDATE account SET password = $2 WHERE id = $1", id, hash);
}

int accounts_store_set_address(struct ctx *c, long long id, str address)
{
    return db_exec(c, "UPDATE account SET address = $2, confirmed_at = $3 WHERE id = $1", id,
                   address, clock_now());
}

int accounts_store_set_profile(struct ctx *c, const struct account *a)
{
    return db_exec(c,
                   "UPDATE account SET name = $2, job = $3, organisation = $4, market = $5, "
                   "interest = $6 WHERE id = $1",
                   a->id, a->name, a->job, a->organisation, a->market, a->interest);
}

int accounts_store_set_state(struct ctx *c, long long id, enum account_state state)
{
    return db_exec(c, "UPDATE account SET state = $2 WHERE id = $1 AND state <> 3", id, (int)state);
}

int accounts_store_set_totp(struct ctx *c, long long id, str sealed, long long step)
{
    TRY(db_exec(c, "DELETE FROM account_recovery WHERE account_id = $1", id));
    return db_exec(c, "UPDATE account SET totp_secret = $2, totp_step = $3 WHERE id = $1", id,
                   sealed, step);
}

int accounts_store_use_step(struct ctx *c, long long id, long long step)
{
    long long changed;
    TRY(db_exec_count(c, &changed,
                      "UPDATE account SET totp_step = $2 WHERE id = $1 AND totp_step < $2", id,
                      step));
    return changed ? 0
                   : err_set(c, ERR_CONFLICT, "Deze code is al gebruikt. Wacht op de volgende.");
}

int accounts_store_add_recovery(struct ctx *c, long long id, str hash)
{
    return db_exec(c, "INSERT INTO account_recovery (account_id, code_hash) VALUES ($1, $2)", id,
                   hash);
}

int accounts_store_use_recovery(struct ctx *c, long long id, str hash, bool *ret_right)
{
    long long changed;
    TRY(db_exec_count(c, &changed,
                      "DELETE FROM account_recovery WHERE account_id = $1 AND code_hash = $2", id,
                      hash));
    *ret_right = changed > 0;
    return 0;
}

int accounts_store_count_recovery(struct ctx *c, long long id, long long *ret)
{
    return db_get_int(c, ret, "SELECT COUNT(*) FROM account_recovery WHERE account_id = $1", id);
}

int accounts_store_erase(struct ctx *c, long long id)
{
    TRY(db_exec(c, "DELETE FROM account_session WHERE account_id = $1", id));
    TRY(db_exec(c, "UPDATE account_session SET view_as = NULL WHERE view_as = $1", id));
    TRY(db_exec(c, "DELETE FROM account_device WHERE account_id = $1", id));
    TRY(db_exec(c, "DELETE FROM account_recovery WHERE account_id = $1", id));
    TRY(db_exec(c, "DELETE FROM account_role WHERE account_id = $1", id));
    TRY(db_exec(c, "DELETE FROM account_member WHERE account_id = $1", id));
    TRY(db_exec(c,
                "DELETE FROM account_ticket WHERE account_id = $1 OR address = "
                "(SELECT address FROM account WHERE id = $1)",
                id));
    TRY(db_exec(c, "UPDATE account_view SET reason = '' WHERE account_id = $1", id));
    return db_exec(c,
                   "UPDATE account SET address = NULL, name = 'Verwijderd account', job = '', "
                   "organisation = '', market = 0, interest = '', trust = 0, state = 3, password "
                   "= NULL, totp_secret = NULL, totp_step = 0, created_at = 0, confirmed_at = 0, "
                   "seen_at = 0, warned_at = 0 WHERE id = $1",
                   id);
}

/* ---- roles ---- */

int accounts_store_roles(struct ctx *c, long long id, struct account_grant **ret, size_t *ret_count)
{
    static const struct db_field fields[] = {
        {"id", DB_INT, offsetof(struct account_grant, id)},
        {"granted_by", DB_INT, offsetof(struct account_grant, granted_by)},
        {"granted_at", DB_INT, offsetof(struct account_grant, granted_at)},
        {"role", DB_STR, offsetof(struct account_grant, role)},
        {"scope_kind", DB_STR, offsetof(struct account_grant, scope_kind)},
        {"scope_id", DB_STR, offsetof(struct account_grant, scope_id)},
        {"granter", DB_STR, offsetof(struct account_grant, granter)},
    };
    return db_all(c, fields, ret, ret_count,
                  "SELECT r.id, r.granted_by, r.granted_at, r.role, r.scope_kind, r.scope_id, "
                  "a.name AS granter FROM account_role r LEFT JOIN account a ON a.id = "
                  "r.granted_by WHERE r.account_id = $1 ORDER BY r.id LIMIT $2",
                  id, (int)ACTOR_MAX_ROLES);
}

int accounts_store_grant(struct ctx *c, long long id, str role, struct scope scope, long long by)
{
    long long count;
    TRY(db_get_int(c, &count, "SELECT COUNT(*) FROM account_role WHERE account_id = $1", id));
    if (count >= ACTOR_MAX_ROLES)
        return err_set(c, ERR_LIMIT, "Iemand kan hoogstens %d rollen hebben.", ACTOR_MAX_ROLES);
    return db_exec(c,
                   "INSERT INTO account_role (account_id, role, scope_kind, scope_id, granted_by, "
                   "granted_at) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
                   id, role, scope_name(scope.kind), scope.id.len ? scope.id : S(""), by,
                   clock_now());
}

int accounts_store_revoke(struct ctx *c, long long id, long long grant)
{
    long long changed;
    TRY(db_exec_count(c, &changed, "DELETE FROM account_role WHERE account_id = $1 AND id = $2", id,
                      grant));
    return changed ? 0 : err_set(c, ERR_NOT_FOUND, "Deze rol is al ingetrokken.");
}

/* ---- organisations ---- */

/* The role of a professional is kept apart by who gave it: nobody did. */
static const char *const member_role = "professional";

int accounts_store_join(struct ctx *c, long long id, long long organisation)
{
    struct scope scope = {SCOPE_ORGANISATION, str_fmt(c->arena, "%lld", organisation)};
    TRY(db_exec(c,
                "INSERT INTO account_member (account_id, organisation_id, by_domain, since) VALUES "
                "($1, $2, 1, $3) ON CONFLICT DO NOTHING",
                id, organisation, clock_now()));
    TRY(accounts_store_grant(c, id, str_from(member_role), scope, 0));
    return db_exec(c, "UPDATE account SET trust = 1 WHERE id = $1", id);
}

int accounts_store_leave(struct ctx *c, long long id)
{
    TRY(db_exec(c,
                "DELETE FROM account_role WHERE account_id = $1 AND role = $2 AND scope_kind = "
                "'organisatie' AND granted_by = 0 AND scope_id IN (SELECT CAST(organisation_id AS "
                "TEXT) FROM account_member WHERE account_id = $1 AND by_domain = 1)",
                id, member_role));
    TRY(db_exec(c, "DELETE FROM account_member WHERE account_id = $1 AND by_domain = 1", id));
    return db_exec(c,
                   "UPDATE account SET trust = 0 WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM "
                   "account_member m WHERE m.account_id = $1)",
                   id);
}

int accounts_store_members(struct ctx *c, long long id, long long **ret_organisations,
                           size_t *ret_count)
{
    static const struct db_field fields[] = {{"organisation_id", DB_INT, 0}};
    return db_all(c, fields, ret_organisations, ret_count,
                  "SELECT organisation_id FROM account_member WHERE account_id = $1 ORDER BY "
                  "since, organisation_id LIMIT 20",
                  id);
}

int accounts_store_count_admins(struct ctx *c, long long *ret)
{
    return db_get_int(c, ret,
                      "SELECT COUNT(DISTINCT a.id) FROM account a JOIN account_role r "
                      "ON r.account_id = a.id WHERE r.role = 'beheerder' AND r.scope_kind = "
                      "'alles' AND a.state = 1");
}
