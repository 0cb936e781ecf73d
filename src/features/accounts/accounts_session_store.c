/* Sessions, known browsers, and who looked through whose eyes. */
#include "accounts/accounts_int.h"

#include "base/clock.h"
#include "db/db.h"

#define COLUMN(name, type)                                                                         \
    {                                                                                              \
#name, type, offsetof(struct session, name)                                                \
    }
#define SESSION_COLUMNS                                                                            \
    "id, account_id, created_at, seen_at, idle_s, ends_at, tries, agent, waiting, two_factor"

static const struct db_field session_fields[] = {
    COLUMN(id, DB_INT),          COLUMN(account_id, DB_INT), COLUMN(created_at, DB_INT),
    COLUMN(seen_at, DB_INT),     COLUMN(idle_s, DB_INT),     COLUMN(ends_at, DB_INT),
    COLUMN(tries, DB_INT),       COLUMN(agent, DB_STR),      COLUMN(waiting, DB_BOOL),
    COLUMN(two_factor, DB_BOOL),
};

int accounts_store_session_actor(struct ctx *c, str token_hash, struct session_actor *ret)
{
    static const struct db_field fields[] = {
        {"session", DB_INT, offsetof(struct session_actor, session)},
        {"owner", DB_INT, offsetof(struct session_actor, owner)},
        {"account", DB_INT, offsetof(struct session_actor, account)},
        {"trust", DB_INT, offsetof(struct session_actor, trust)},
        {"state", DB_INT, offsetof(struct session_actor, state)},
        {"owner_state", DB_INT, offsetof(struct session_actor, owner_state)},
        {"seen_at", DB_INT, offsetof(struct session_actor, seen_at)},
        {"idle_s", DB_INT, offsetof(struct session_actor, idle_s)},
        {"ends_at", DB_INT, offsetof(struct session_actor, ends_at)},
        {"name", DB_STR, offsetof(struct session_actor, name)},
        {"address", DB_STR, offsetof(struct session_actor, address)},
        {"owner_name", DB_STR, offsetof(struct session_actor, owner_name)},
        {"market", DB_BOOL, offsetof(struct session_actor, market)},
        {"two_factor", DB_BOOL, offsetof(struct session_actor, two_factor)},
    };
    return db_one(c, fields, ret,
                  "SELECT s.id AS session, s.account_id AS owner, a.id AS account, a.trust, "
                  "a.state, o.state AS owner_state, s.seen_at, s.idle_s, s.ends_at, a.name, "
                  "a.address, o.name AS owner_name, a.market, s.two_factor "
                  "FROM account_session s JOIN account o ON o.id = s.account_id "
                  "JOIN account a ON a.id = COALESCE(s.view_as, s.account_id) "
                  "WHERE s.token_hash = $1 AND s.waiting = 0",
                  token_hash);
}

struct seen {
    long long session, account, now;
};

static int seen_body(struct ctx *c, void *arg)
{
    const struct seen *s = arg;
    TRY(db_exec(c, "UPDATE account_session SET seen_at = $2 WHERE id = $1", s->session, s->now));
    return db_exec(c, "UPDATE account SET seen_at = $2, warned_at = 0 WHERE id = $1", s->account,
                   s->now);
}

int accounts_store_session_seen(struct ctx *c, long long session, long long account, long long now)
{
    struct seen s = {session, account, now};
    return db_transaction(c, seen_body, &s);
}

int accounts_store_session_add(struct ctx *c, const struct session *s, str token_hash)
{
    return db_exec(c,
                   "INSERT INTO account_session (account_id, token_hash, waiting, tries, "
                   "two_factor, agent, created_at, seen_at, idle_s, ends_at, view_as) VALUES ($1, "
                   "$2, $3, 0, $4, $5, $6, $6, $7, $8, NULL)",
                   s->account_id, token_hash, s->waiting, s->two_factor, s->agent, s->created_at,
                   s->idle_s, s->ends_at);
}

int accounts_store_session_waiting(struct ctx *c, str token_hash, struct session *ret)
{
    return db_one(c, session_fields, ret,
                  "SELECT " SESSION_COLUMNS " FROM account_session WHERE token_hash = $1 AND "
                  "waiting = 1 AND ends_at > $2",
                  token_hash, clock_now());
}

int accounts_store_session_try(struct ctx *c, long long session)
{
    return db_exec(c, "UPDATE account_session SET tries = tries + 1 WHERE id = $1", session);
}

int accounts_store_sessions(struct ctx *c, long long account, struct session **ret,
                            size_t *ret_count)
{
    return db_all(c, session_fields, ret, ret_count,
                  "SELECT " SESSION_COLUMNS " FROM account_session WHERE account_id = $1 AND "
                  "waiting = 0 AND ends_at > $2 AND seen_at + idle_s > $2 ORDER BY seen_at DESC, "
                  "id DESC LIMIT $3",
                  account, clock_now(), (int)ACCOUNTS_MAX_SESSIONS);
}

int accounts_store_session_end(struct ctx *c, long long account, long long session)
{
    return db_exec(c, "DELETE FROM account_session WHERE account_id = $1 AND id = $2", account,
                   session);
}

int accounts_store_sessions_end(struct ctx *c, long long account, long long but)
{
    return db_exec(c, "DELETE FROM account_session WHERE account_id = $1 AND id <> $2", account,
                   but);
}

int accounts_store_token_end(struct ctx *c, str token_hash)
{
    return db_exec(c, "DELETE FROM account_session WHERE token_hash = $1", token_hash);
}

/* ---- known browsers ---- */

int accounts_store_device_known(struct ctx *c, long long account, str token_hash, bool *ret)
{
    long long count;
    TRY(db_get_int(c, &count,
                   "SELECT COUNT(*) FROM account_device WHERE account_id = $1 AND token_hash = $2 "
                   "AND seen_at > $3",
                   account, token_hash, clock_now() - ACCOUNTS_DEVICE_S));
    *ret = count > 0;
    return 0;
}

int accounts_store_device_seen(struct ctx *c, long long account, str token_hash)
{
    return db_exec(c,
                   "INSERT INTO account_device (account_id, token_hash, seen_at) VALUES ($1, $2, "
                   "$3) ON CONFLICT (account_id, token_hash) DO UPDATE SET seen_at = $3",
                   account, token_hash, clock_now());
}

/* ---- through the eyes of another ---- */

int accounts_store_view_begin(struct ctx *c, long long session, long long viewer, long long account,
                              str reason)
{
    TRY(db_exec(c, "UPDATE account_view SET ended_at = $2 WHERE viewer_id = $1 AND ended_at = 0",
                viewer, clock_now()));
    TRY(db_exec(c, "UPDATE account_session SET view_as = $3 WHERE id = $1 AND account_id = $2",
                session, viewer, account));
    return db_exec(c,
                   "INSERT INTO account_view (account_id, viewer_id, reason, begun_at, ended_at) "
                   "VALUES ($1, $2, $3, $4, 0)",
                   account, viewer, reason, clock_now());
}

int accounts_store_view_end(struct ctx *c, long long session, long long viewer)
{
    TRY(db_exec(c, "UPDATE account_view SET ended_at = $2 WHERE viewer_id = $1 AND ended_at = 0",
                viewer, clock_now()));
    return db_exec(c, "UPDATE account_session SET view_as = NULL WHERE id = $1 AND account_id = $2",
                   session, viewer);
}

int accounts_store_viewings(struct ctx *c, long long account, struct account_viewing **ret,
                            size_t *ret_count)
{
    static const struct db_field fields[] = {
        {"begun_at", DB_INT, offsetof(struct account_viewing, begun_at)},
        {"ended_at", DB_INT, offsetof(struct account_viewing, ended_at)},
        {"viewer", DB_STR, offsetof(struct account_viewing, viewer)},
        {"reason", DB_STR, offsetof(struct account_viewing, reason)},
    };
    return db_all(c, fields, ret, ret_count,
                  "SELECT v.begun_at, v.ended_at, a.name AS viewer, v.reason FROM account_view v "
                  "JOIN account a ON a.id = v.viewer_id WHERE v.account_id = $1 ORDER BY v.id "
                  "DESC LIMIT 20",
                  account);
}
