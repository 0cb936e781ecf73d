/* All SQL of the queue. */
#include "base/buf.h"
#include "base/clock.h"
#include "base/random.h"
#include "db/db.h"
#include "jobs/jobs_int.h"

enum { MAX_KIND_LIST = 64 * 1024, MAX_RACES = 50 };

int jobs_add(struct ctx *c, const char *kind, str argument, long long run_at, str unique)
{
    struct db_value key = unique.len ? db_of_str(unique) : db_of_str(str_of(NULL, 0));
    if (!argument.ptr)
        argument = S("");
    return db_exec(c,
                   "INSERT INTO job (kind, argument, unique_key, state, run_at, attempts, "
                   "lease_until, created_at) VALUES ($1, $2, $3, 0, $4, 0, 0, $5) "
                   "ON CONFLICT (kind, unique_key) WHERE state = 0 DO NOTHING",
                   kind, argument, key, run_at, clock_now());
}

const struct job_kind *job_kind_find(const struct job_kind *kinds, size_t count, str name)
{
    for (size_t i = 0; i < count; i++)
        if (str_eqz(name, kinds[i].name))
            return &kinds[i];
    return NULL;
}

/* ---- claims ---- */

/* |mail|index|: a node takes no jobs of kinds that it does not know. SQL finds |kind| in it by what
 * REPLACE takes out. */
static str kind_list(struct ctx *c, const struct job_kind *kinds, size_t count)
{
    struct buf b;
    buf_init(&b, c->arena, MAX_KIND_LIST);
    buf_add_byte(&b, '|');
    for (size_t i = 0; i < count; i++)
        buf_fmt(&b, "%s|", kinds[i].name);
    if (!buf_ok(&b))
        BUG("too many kinds of jobs");
    return buf_str(&b);
}

/* The condition is written twice: when two take the same row, PostgreSQL lets the second wait for
   the first and then checks the outer one again on the row as it has become. So nobody gets a row
   twice, but one may come away empty. */
static int try_claim(struct ctx *c, str kinds, str owner, long long now, struct job *ret)
{
    static const struct db_field fields[] = {
        {"id", DB_INT, offsetof(struct job, id)},
        {"kind", DB_STR, offsetof(struct job, kind)},
        {"argument", DB_STR, offsetof(struct job, argument)},
        {"unique_key", DB_STR, offsetof(struct job, unique_key)},
        {"attempts", DB_INT, offsetof(struct job, attempts)},
    };
    return db_one(c, fields, ret,
                  "UPDATE job SET state = 1, lease_owner = $1, lease_until = $2, "
                  "attempts = attempts + 1 WHERE id = (SELECT id FROM job "
                  "WHERE ((state = 0 AND run_at <= $3) OR (state = 1 AND lease_until < $3)) "
                  "AND REPLACE($4, '|' || kind || '|', '') <> $4 ORDER BY run_at, id LIMIT 1) "
                  "AND ((state = 0 AND run_at <= $3) OR (state = 1 AND lease_until < $3)) "
                  "RETURNING id, kind, argument, unique_key, attempts",
                  owner, now + JOBS_LEASE_S, now, kinds);
}

/* Asked first, so that an idle runner only reads. */
static int is_due(struct ctx *c, str kinds, long long now)
{
    long long id;
    return db_get_int(c, &id,
                      "SELECT id FROM job "
                      "WHERE ((state = 0 AND run_at <= $1) OR (state = 1 AND lease_until < $1)) "
                      "AND REPLACE($2, '|' || kind || '|', '') <> $2 LIMIT 1",
                      now, kinds);
}

int job_claim(struct ctx *c, const struct job_kind *kinds, size_t count, long long now,
              struct job *ret)
{
    str list = kind_list(c, kinds, count), owner = random_hex(c->arena, 16);
    for (int i = 0; i < MAX_RACES; i++) {
        TRY(is_due(c, list, now));
        int code = try_claim(c, list, owner, now, ret);
        if (code != ERR_NOT_FOUND) {
            ret->owner = owner;
            return code;
        }
    }
    return ERR_NOT_FOUND; /* others are quick enough to do it all */
}

int job_renew(struct ctx *c, long long id, str owner, long long now)
{
    return db_exec(c, "UPDATE job SET lease_until = $3 WHERE id = $1 AND lease_owner = $2", id,
                   owner, now + JOBS_LEASE_S);
}

/* ---- the end of an attempt ---- */

int job_done(struct ctx *c, const struct job *job)
{
    return db_exec(c, "DELETE FROM job WHERE id = $1 AND lease_owner = $2", job->id, job->owner);
}

struct retry {
    const struct job *job;
    str error;
    long long run_at;
};

static int retry_body(struct ctx *c, void *arg)
{
    const struct retry *r = arg;
    long long waiting;
    int code = db_get_int(c, &waiting,
                          "SELECT id FROM job WHERE kind = $1 AND unique_key = $2 AND state = 0",
                          r->job->kind, r->job->unique_key);
    /* The same work was asked for again meanwhile: that one takes over. */
    if (code == 0)
        return job_done(c, r->job);
    if (code != ERR_NOT_FOUND)
        return code;
    return db_exec(c,
                   "UPDATE job SET state = 0, lease_owner = NULL, lease_until = 0, run_at = $3, "
                   "error = $4 WHERE id = $1 AND lease_owner = $2",
                   r->job->id, r->job->owner, r->run_at, r->error);
}

int job_retry(struct ctx *c, const struct job *job, str error, long long run_at)
{
    struct retry r = {job, error, run_at};
    int code = db_transaction(c, retry_body, &r);
    /* Added between our look and our write: the same as above. */
    return code == ERR_CONFLICT ? job_done(c, job) : code;
}

static int fail_body(struct ctx *c, void *arg)
{
    const struct retry *r = arg;
    /* Of work with a key, as periodic work, only the last failure is kept. */
    TRY(db_exec(c, "DELETE FROM job WHERE kind = $1 AND unique_key = $2 AND state = 2",
                r->job->kind, r->job->unique_key));
    return db_exec(c,
                   "UPDATE job SET state = 2, lease_owner = NULL, lease_until = 0, error = $3 "
                   "WHERE id = $1 AND lease_owner = $2",
                   r->job->id, r->job->owner, r->error);
}

int job_fail(struct ctx *c, const struct job *job, str error)
{
    struct retry r = {job, error, 0};
    return db_transaction(c, fail_body, &r);
}

/* ---- periodic kinds ---- */

struct period {
    const struct job_kind *kind;
    long long now;
};

static int period_body(struct ctx *c, void *arg)
{
    const struct period *p = arg;
    long long due, changed;
    TRY(db_exec(c,
                "INSERT INTO job_period (kind, due_at) VALUES ($1, $2) "
                "ON CONFLICT (kind) DO NOTHING",
                p->kind->name, p->now));
    TRY(db_get_int(c, &due, "SELECT due_at FROM job_period WHERE kind = $1", p->kind->name));
    if (due > p->now)
        return 0;
    /* In step with the first time, unless that is long ago. */
    long long next =
        due + p->kind->every_s > p->now ? due + p->kind->every_s : p->now + p->kind->every_s;
    TRY(db_exec_count(c, &changed,
                      "UPDATE job_period SET due_at = $2 WHERE kind = $1 AND due_at = $3",
                      p->kind->name, next, due));
    return changed ? jobs_add(c, p->kind->name, S(""), p->now, S("periodic")) : 0;
}

int job_periods(struct ctx *c, const struct job_kind *kinds, size_t count, long long now)
{
    for (size_t i = 0; i < count; i++) {
        struct period p = {&kinds[i], now};
        long long due = 0;
        if (kinds[i].every_s <= 0)
            continue;
        int code =
            db_get_int(c, &due, "SELECT due_at FROM job_period WHERE kind = $1", kinds[i].name);
        if (code < 0 && code != ERR_NOT_FOUND)
            return code;
        if (code == ERR_NOT_FOUND || due <= now)
            TRY(db_transaction(c, period_body, &p));
    }
    return 0;
}

/* ---- status ---- */

int jobs_status(struct ctx *c, struct jobs_status *ret)
{
    static const struct db_field fields[] = {
        {"waiting", DB_INT, offsetof(struct jobs_status, waiting)},
        {"running", DB_INT, offsetof(struct jobs_status, running)},
        {"failed", DB_INT, offsetof(struct jobs_status, failed)},
        {"oldest", DB_INT, offsetof(struct jobs_status, oldest_waiting_s)},
    };
    long long now = clock_now();
    struct jobs_status s;
    TRY(db_one(c, fields, &s,
               "SELECT SUM(CASE WHEN state = 0 THEN 1 ELSE 0 END) AS waiting, "
               "SUM(CASE WHEN state = 1 THEN 1 ELSE 0 END) AS running, "
               "SUM(CASE WHEN state = 2 THEN 1 ELSE 0 END) AS failed, "
               "MIN(CASE WHEN state = 0 THEN run_at END) AS oldest FROM job"));
    s.oldest_waiting_s =
        s.oldest_waiting_s && s.oldest_waiting_s < now ? now - s.oldest_waiting_s : 0;
    *ret = s;
    return 0;
}
