/* All SQL of the outbox: putting in, claiming, settling, looking. */
#include "base/clock.h"
#include "base/random.h"
#include "base/utf8.h"
#include "base/vec.h"
#include "db/db.h"
#include "jobs/jobs.h"
#include "mail/mail_int.h"

enum {
    KEEP_TRYING_S = 3 * 86400,
    MAX_NOTE = 500,
    MAX_FIELDS_TEXT = MAIL_MAX_FIELDS * (MAIL_MAX_VALUE * 4 + 50),
    MAX_LAPSED = 200,
    MINUTE_S = 60,
    MAX_RACES = 5,
};

static str null_when_empty(str s)
{
    return s.len ? s : str_of(NULL, 0);
}

/* ---- putting in ---- */

static bool is_field_name(str name)
{
    for (size_t i = 0; i < name.len; i++)
        if ((name.ptr[i] < 'a' || name.ptr[i] > 'z') && name.ptr[i] != '_')
            return false;
    return name.len > 0 && name.len <= 30;
}

static int fields_write(struct ctx *c, const struct mail_message *m, str *ret)
{
    struct buf b;
    buf_init(&b, c->arena, MAX_FIELDS_TEXT);
    if (m->field_count > MAIL_MAX_FIELDS)
        BUG("a mail with too many fields");
    for (size_t i = 0; i < m->field_count; i++) {
        const struct mail_field *f = &m->fields[i];
        if (!is_field_name(f->name))
            BUG("a name of a field of a mail is not a-z");
        if (str_find_byte(f->value, '\n') != STR_NONE ||
            str_find_byte(f->value, '\r') != STR_NONE || utf8_has_control(f->value) ||
            utf8_length(f->value) > MAIL_MAX_VALUE)
            return err_set(c, ERR_INVALID, "Een gegeven in het bericht past niet op één regel.");
        buf_fmt(&b, "%.*s=", (int)f->name.len, f->name.ptr);
        buf_add(&b, f->value);
        buf_add_byte(&b, '\n');
    }
    *ret = buf_str(&b);
    return 0;
}

int mail_fields_read(struct ctx *c, str lines, struct mail_field **ret, size_t *ret_count)
{
    struct {
        struct mail_field *items;
        size_t count, capacity;
    } fields = {0};
    str line;
    while (str_line(&lines, &line)) {
        size_t at = str_find_byte(line, '=');
        if (at == STR_NONE)
            return err_detail(c, ERR_INTERNAL, "a field of a mail without =");
        struct mail_field f = {str_slice(line, 0, at), str_slice(line, at + 1, line.len)};
        *vec_push(c->arena, &fields) = f;
    }
    *ret = fields.items;
    *ret_count = fields.count;
    return 0;
}

static int insert_content(struct ctx *c, const struct mail_content *m, bool shared, long long *ret)
{
    return db_get_int(c, ret,
                      "INSERT INTO mail_content (shared, subject, text, html, reply_to, list_id, "
                      "unsubscribe, in_reply_to, created_at) "
                      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING id",
                      shared, m->subject, m->text, null_when_empty(m->html),
                      null_when_empty(m->reply_to), null_when_empty(m->list_id),
                      null_when_empty(m->unsubscribe), null_when_empty(m->in_reply_to),
                      clock_now());
}

int mail_share(struct ctx *c, const struct mail_content *content, long long *ret_id)
{
    TRY(mail_check_content(c, content));
    return insert_content(c, content, true, ret_id);
}

struct queueing {
    const struct mail_message *m;
    str fields;
    long long id;
};

static int insert_mail(struct ctx *c, struct queueing *q, long long content)
{
    const struct mail_message *m = q->m;
    long long now = clock_now(), send_at = m->send_at ? m->send_at : now;
    return db_get_int(
        c, &q->id,
        "INSERT INTO mail (kind, state, unique_key, content_id, token, recipient, name, domain, "
        "fields, created_at, next_at, expires_at, attempts, lease_until) "
        "VALUES ($1, 0, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0, 0) RETURNING id",
        (int)m->kind, null_when_empty(m->unique), content, random_hex(c->arena, 16), m->to,
        m->to_name.len ? m->to_name : S(""), mail_domain_of(c->arena, m->to), q->fields, now,
        send_at, m->expires_at ? m->expires_at : send_at + KEEP_TRYING_S);
}

static int was_queued(struct ctx *c, str key, bool *ret)
{
    long long id;
    *ret = false;
    if (!key.len)
        return 0;
    int code = db_get_int(c, &id, "SELECT id FROM mail WHERE unique_key = $1", key);
    *ret = code == 0;
    return code == ERR_NOT_FOUND ? 0 : code;
}

static int queue_body(struct ctx *c, void *arg)
{
    struct queueing *q = arg;
    long long content = q->m->content_id;
    bool there;
    q->id = 0;
    TRY(was_queued(c, q->m->unique, &there));
    if (there)
        return 0;
    if (!content)
        TRY(insert_content(c, &q->m->content, false, &content));
    TRY(insert_mail(c, q, content));
    if (q->m->kind == MAIL_BULK)
        TRY(db_exec(c,
                    "INSERT INTO mail_domain (domain, minute, sent, turn) "
                    "VALUES ($1, 0, 0, 0) ON CONFLICT (domain) DO NOTHING",
                    mail_domain_of(c->arena, q->m->to)));
    return jobs_add(c, MAIL_SEND_JOB, S(""), q->m->send_at, S("now"));
}

static int check_message(struct ctx *c, const struct mail_message *m)
{
    if (!mail_address_valid(m->to))
        return err_set(c, ERR_INVALID,
                       "Dit mailadres klopt niet. Schrijf het als naam@voorbeeld.nl.");
    if (m->unique.len > MAIL_MAX_KEY)
        BUG("the key of a mail is too long");
    TRY(mail_check_name(c, m->to_name));
    return m->content_id ? 0 : mail_check_content(c, &m->content);
}

/* Two that queue the same key at once: the database refuses one, and then it is there. */
int mail_queue(struct ctx *c, const struct mail_message *m, long long *ret_id)
{
    struct queueing q = {.m = m};
    bool there = false;
    TRY(check_message(c, m));
    TRY(fields_write(c, m, &q.fields));
    struct err before = c->err;
    int code = db_transaction(c, queue_body, &q);
    if (code == ERR_CONFLICT && m->unique.len) {
        TRY(was_queued(c, m->unique, &there));
        if (!there)
            return code;
        c->err = before;
        q.id = 0;
        code = 0;
    }
    if (code == 0 && ret_id)
        *ret_id = q.id;
    return code;
}

/* ---- claiming ---- */

static const struct db_field due_fields[] = {
    {"id", DB_INT, offsetof(struct mail_due, id)},
    {"kind", DB_INT, offsetof(struct mail_due, kind)},
    {"shared", DB_INT, offsetof(struct mail_due, shared)},
    {"expires_at", DB_INT, offsetof(struct mail_due, expires_at)},
    {"attempts", DB_INT, offsetof(struct mail_due, attempts)},
    {"recipient", DB_STR, offsetof(struct mail_due, recipient)},
    {"name", DB_STR, offsetof(struct mail_due, name)},
    {"fields", DB_STR, offsetof(struct mail_due, fields)},
    {"token", DB_STR, offsetof(struct mail_due, token)},
    {"subject", DB_STR, offsetof(struct mail_due, content.subject)},
    {"text", DB_STR, offsetof(struct mail_due, content.text)},
    {"html", DB_STR, offsetof(struct mail_due, content.html)},
    {"reply_to", DB_STR, offsetof(struct mail_due, content.reply_to)},
    {"list_id", DB_STR, offsetof(struct mail_due, content.list_id)},
    {"unsubscribe", DB_STR, offsetof(struct mail_due, content.unsubscribe)},
    {"in_reply_to", DB_STR, offsetof(struct mail_due, content.in_reply_to)},
};

struct claiming {
    str node, claim;
    long long now, per_domain, id;
};

/* As in the queue of jobs, the condition stands twice: when two take the same mail, PostgreSQL lets
   the second wait and then looks at the row as it has become. */
static int claim_service(struct ctx *c, struct claiming *k)
{
    return db_get_int(c, &k->id,
                      "UPDATE mail SET state = 1, claim = $2, node = $3, lease_until = $4 "
                      "WHERE id = (SELECT id FROM mail WHERE kind = 0 AND state = 0 "
                      "AND next_at <= $1 ORDER BY next_at, id LIMIT 1) AND state = 0 RETURNING id",
                      k->now, k->claim, k->node, k->now + MAIL_LEASE_S);
}

/* Of the domain that was served longest ago and has room in this minute. */
static int claim_bulk(struct ctx *c, struct claiming *k)
{
    return db_get_int(
        c, &k->id,
        "UPDATE mail SET state = 1, claim = $2, node = $3, lease_until = $4 "
        "WHERE id = (SELECT m.id FROM mail_domain d JOIN mail m ON m.id = (SELECT n.id FROM mail n "
        "WHERE n.kind = 1 AND n.state = 0 AND n.domain = d.domain AND n.next_at <= $1 "
        "ORDER BY n.next_at, n.id LIMIT 1) WHERE $5 = 0 OR d.minute <> $6 OR d.sent < $5 "
        "ORDER BY d.turn LIMIT 1) AND state = 0 RETURNING id",
        k->now, k->claim, k->node, k->now + MAIL_LEASE_S, k->per_domain, k->now / MINUTE_S);
}

static int count_for_domain(struct ctx *c, const struct claiming *k)
{
    return db_exec(c,
                   "UPDATE mail_domain SET sent = CASE WHEN minute = $2 THEN sent + 1 ELSE 1 END, "
                   "minute = $2, turn = (SELECT MAX(turn) FROM mail_domain) + 1 "
                   "WHERE domain = (SELECT domain FROM mail WHERE id = $1)",
                   k->id, k->now / MINUTE_S);
}

static int anything_due(struct ctx *c, long long now)
{
    long long id;
    return db_get_int(c, &id, "SELECT id FROM mail WHERE state = 0 AND next_at <= $1 LIMIT 1", now);
}

static int claim_any(struct ctx *c, struct claiming *k)
{
    int code = claim_service(c, k);
    if (code != ERR_NOT_FOUND)
        return code;
    TRY(claim_bulk(c, k));
    return count_for_domain(c, k);
}

int outbox_claim(struct ctx *c, str node, long long per_domain, struct mail_due *ret)
{
    struct claiming k = {node, random_hex(c->arena, 16), clock_now(), per_domain, 0};
    int code = ERR_NOT_FOUND;
    /* Who lost a race comes away empty, and looks again. */
    for (int i = 0; i < MAX_RACES && code == ERR_NOT_FOUND; i++) {
        TRY(anything_due(c, k.now));
        code = claim_any(c, &k);
    }
    TRY(code);
    TRY(db_one(c, due_fields, ret,
               "SELECT m.id, m.kind, m.expires_at, m.attempts, m.recipient, m.name, m.fields, "
               "m.token, t.shared, t.subject, t.text, t.html, t.reply_to, t.list_id, "
               "t.unsubscribe, t.in_reply_to "
               "FROM mail m JOIN mail_content t ON t.id = m.content_id WHERE m.id = $1",
               k.id));
    ret->claim = k.claim;
    return 0;
}

static int not_ours(struct ctx *c, long long changed)
{
    return changed ? 0 : err_detail(c, ERR_CONFLICT, "the claim on a mail has lapsed");
}

int outbox_renew(struct ctx *c, const struct mail_due *m)
{
    long long changed;
    TRY(db_exec_count(c, &changed,
                      "UPDATE mail SET lease_until = $3 "
                      "WHERE id = $1 AND claim = $2 AND state IN (1, 2)",
                      m->id, m->claim, clock_now() + MAIL_LEASE_S));
    return not_ours(c, changed);
}

int outbox_handed(struct ctx *c, const struct mail_due *m)
{
    long long changed;
    TRY(db_exec_count(c, &changed,
                      "UPDATE mail SET state = 2, lease_until = $3 "
                      "WHERE id = $1 AND claim = $2 AND state = 1",
                      m->id, m->claim, clock_now() + MAIL_LEASE_S));
    return not_ours(c, changed);
}

/* ---- the end of an attempt ---- */

/* For the database: valid, on one line, not long. */
static str note_of(struct ctx *c, str words)
{
    struct buf b;
    buf_init(&b, c->arena, MAX_NOTE * 4);
    str cut = utf8_cut(words, MAX_NOTE);
    while (cut.len) {
        char bytes[4];
        uint32_t code = utf8_next(&cut);
        buf_add(&b, str_of(bytes, utf8_encode(code < ' ' || code == 0x7F ? ' ' : code, bytes)));
    }
    return buf_str(&b);
}

struct ending {
    const struct mail_due *m;
    const struct outbox_end *end;
};

static int end_body(struct ctx *c, void *arg)
{
    const struct ending *e = arg;
    bool waits = e->end->state == MAIL_WAITING;
    long long changed, now = clock_now();
    TRY(db_exec_count(
        c, &changed,
        "UPDATE mail SET state = $3, next_at = CASE WHEN $3 = 0 THEN $4 ELSE next_at END, "
        "attempts = attempts + $5, ended_at = $6, note = $7, claim = NULL, node = NULL, "
        "lease_until = 0 WHERE id = $1 AND claim = $2 AND state IN (1, 2)",
        e->m->id, e->m->claim, (int)e->end->state, e->end->next_at, e->end->attempt,
        waits ? DB_NULL : db_of_int(now), note_of(c, e->end->note)));
    TRY(not_ours(c, changed));
    if (e->end->state != MAIL_SENT || e->m->shared)
        return 0;
    /* What was sent is the reader's; it may hold links that open something. */
    return db_exec(c,
                   "UPDATE mail_content SET text = '', html = NULL WHERE shared = 0 "
                   "AND id = (SELECT content_id FROM mail WHERE id = $1)",
                   e->m->id);
}

int outbox_end(struct ctx *c, const struct mail_due *m, const struct outbox_end *end)
{
    struct ending e = {m, end};
    return db_transaction(c, end_body, &e);
}

int outbox_lapsed(struct ctx *c, struct mail_lapsed **ret, size_t *ret_count)
{
    static const struct db_field fields[] = {
        {"id", DB_INT, offsetof(struct mail_lapsed, id)},
        {"state", DB_INT, offsetof(struct mail_lapsed, state)},
        {"claim", DB_STR, offsetof(struct mail_lapsed, claim)},
        {"node", DB_STR, offsetof(struct mail_lapsed, node)},
    };
    return db_all(c, fields, ret, ret_count,
                  "SELECT id, state, claim, node FROM mail "
                  "WHERE state IN (1, 2) AND lease_until < $1 ORDER BY lease_until LIMIT $2",
                  clock_now(), (int)MAX_LAPSED);
}

int outbox_lapsed_end(struct ctx *c, const struct mail_lapsed *m, enum mail_state state, str note)
{
    long long now = clock_now();
    return db_exec(
        c,
        "UPDATE mail SET state = $3, ended_at = $4, note = $5, claim = NULL, node = NULL, "
        "lease_until = 0 WHERE id = $1 AND claim = $2 AND state IN (1, 2) "
        "AND lease_until < $6",
        m->id, m->claim, (int)state, state == MAIL_WAITING ? DB_NULL : db_of_int(now), note, now);
}

/* ---- keeping and wiping ---- */

struct wiping {
    long long before, long_before, now;
};

/* A mail with a key leaves its key for a year more, so that a job that repeats queues nothing. */
static int clean_body(struct ctx *c, void *arg)
{
    const struct wiping *w = arg;
    TRY(db_exec(c,
                "UPDATE mail SET state = 4, ended_at = $1, note = $2 "
                "WHERE state = 0 AND expires_at <= $1",
                w->now, "Niet verstuurd: het bericht is te oud."));
    TRY(db_exec(c,
                "DELETE FROM mail WHERE ended_at IS NOT NULL AND "
                "((ended_at < $1 AND unique_key IS NULL) OR ended_at < $2)",
                w->before, w->long_before));
    TRY(db_exec(c,
                "UPDATE mail SET recipient = '', name = '', domain = '', fields = '', "
                "content_id = NULL, note = NULL "
                "WHERE ended_at IS NOT NULL AND ended_at < $1 AND recipient <> ''",
                w->before));
    TRY(db_exec(c,
                "DELETE FROM mail_content WHERE created_at < $1 AND NOT EXISTS "
                "(SELECT 1 FROM mail WHERE mail.content_id = mail_content.id)",
                w->before));
    TRY(db_exec(c, "DELETE FROM mail_domain "
                   "WHERE domain NOT IN (SELECT domain FROM mail WHERE kind = 1)"));
    /* On PostgreSQL a mail may have been queued while its domain went. */
    return db_exec(c, "INSERT INTO mail_domain (domain, minute, sent, turn) "
                      "SELECT DISTINCT domain, 0, 0, 0 FROM mail WHERE kind = 1 AND state = 0 "
                      "ON CONFLICT (domain) DO NOTHING");
}

int mail_clean(struct ctx *c, str argument _unused_)
{
    long long now = clock_now(), keep = config_int(c->config, "mail_keep_days") * 86400;
    struct wiping w = {now - keep, now - keep - 365LL * 86400, now};
    return db_transaction(c, clean_body, &w);
}

/* ---- for people ---- */

static const struct db_field row_fields[] = {
    {"id", DB_INT, offsetof(struct mail_row, id)},
    {"kind", DB_INT, offsetof(struct mail_row, kind)},
    {"state", DB_INT, offsetof(struct mail_row, state)},
    {"created_at", DB_INT, offsetof(struct mail_row, created_at)},
    {"next_at", DB_INT, offsetof(struct mail_row, next_at)},
    {"ended_at", DB_INT, offsetof(struct mail_row, ended_at)},
    {"attempts", DB_INT, offsetof(struct mail_row, attempts)},
    {"recipient", DB_STR, offsetof(struct mail_row, to)},
    {"subject", DB_STR, offsetof(struct mail_row, subject)},
    {"note", DB_STR, offsetof(struct mail_row, note)},
};

int mail_list(struct ctx *c, enum mail_filter filter, long long before, size_t limit,
              struct mail_row **ret, size_t *ret_count)
{
    size_t most = limit < MAIL_MAX_LIST ? limit : (size_t)MAIL_MAX_LIST;
    return db_all(c, row_fields, ret, ret_count,
                  "SELECT m.id, m.kind, m.state, m.created_at, m.next_at, m.ended_at, m.attempts, "
                  "m.recipient, COALESCE(t.subject, '') AS subject, m.note "
                  "FROM mail m LEFT JOIN mail_content t ON t.id = m.content_id "
                  "WHERE ($1 = 0 OR m.id < $1) AND ($2 = 0 OR ($2 = 1 AND m.state IN (0, 1, 2)) "
                  "OR ($2 = 2 AND m.state IN (4, 5))) ORDER BY m.id DESC LIMIT $3",
                  before, (int)filter, most);
}

struct whole {
    struct mail_row row;
    long long shared;
    str fields;
    struct mail_content content;
};

int mail_read(struct ctx *c, long long id, struct mail_view *ret)
{
    static const struct db_field fields[] = {
        {"shared", DB_INT, offsetof(struct whole, shared)},
        {"fields", DB_STR, offsetof(struct whole, fields)},
        {"subject", DB_STR, offsetof(struct whole, content.subject)},
        {"text", DB_STR, offsetof(struct whole, content.text)},
        {"html", DB_STR, offsetof(struct whole, content.html)},
    };
    struct whole w = {0};
    struct mail_row *rows;
    size_t count;
    struct mail_field *values;
    TRY(mail_list(c, MAIL_ALL, id < INT64_MAX ? id + 1 : id, 1, &rows, &count));
    if (!count || rows[0].id != id)
        return err_set(c, ERR_NOT_FOUND, "Dit bericht bestaat niet of niet meer.");
    int code = db_one(c, fields, &w,
                      "SELECT t.shared, m.fields, t.subject, t.text, t.html FROM mail m "
                      "JOIN mail_content t ON t.id = m.content_id WHERE m.id = $1",
                      id);
    if (code < 0 && code != ERR_NOT_FOUND)
        return code;
    TRY(mail_fields_read(c, w.fields, &values, &count));
    if (w.shared)
        TRY(mail_fill(c, &w.content, values, count, &w.content));
    *ret = (struct mail_view){rows[0], w.content.text, w.content.html};
    if (w.shared)
        ret->row.subject = w.content.subject;
    return 0;
}

static int retry_body(struct ctx *c, void *arg)
{
    long long changed, now = clock_now();
    TRY(db_exec_count(c, &changed,
                      "UPDATE mail SET state = 0, next_at = $2, expires_at = $3, ended_at = NULL "
                      "WHERE id = $1 AND state IN (4, 5) AND content_id IS NOT NULL",
                      *(long long *)arg, now, now + KEEP_TRYING_S));
    if (!changed)
        return err_set(
            c, ERR_CONFLICT,
            "Dit bericht is niet mislukt, of de tekst is al gewist. Opnieuw versturen kan "
            "niet.");
    TRY(db_exec(c,
                "INSERT INTO mail_domain (domain, minute, sent, turn) "
                "SELECT domain, 0, 0, 0 FROM mail WHERE id = $1 AND kind = 1 "
                "ON CONFLICT (domain) DO NOTHING",
                *(long long *)arg));
    return jobs_add(c, MAIL_SEND_JOB, S(""), now, S("now"));
}

int mail_retry(struct ctx *c, long long id)
{
    return db_transaction(c, retry_body, &id);
}

int mail_hold(struct ctx *c, long long *ret_count)
{
    return db_exec_count(c, ret_count,
                         "UPDATE mail SET state = 5, ended_at = $1, note = $2, claim = NULL, "
                         "node = NULL, lease_until = 0 WHERE state IN (0, 1, 2)",
                         clock_now(),
                         "Teruggezet uit een kopie: misschien is dit bericht daarna al verstuurd.");
}

int mail_status(struct ctx *c, struct mail_status *ret)
{
    static const struct db_field fields[] = {
        {"total", DB_INT, offsetof(struct mail_status, all)},
        {"waiting", DB_INT, offsetof(struct mail_status, waiting)},
        {"sending", DB_INT, offsetof(struct mail_status, sending)},
        {"failed", DB_INT, offsetof(struct mail_status, failed)},
        {"uncertain", DB_INT, offsetof(struct mail_status, uncertain)},
        {"oldest", DB_INT, offsetof(struct mail_status, oldest_waiting_s)},
    };
    long long now = clock_now();
    struct mail_status s;
    TRY(db_one(c, fields, &s,
               "SELECT (SELECT COUNT(*) FROM mail) AS total, "
               "(SELECT COUNT(*) FROM mail WHERE state = 0) AS waiting, "
               "(SELECT COUNT(*) FROM mail WHERE state IN (1, 2)) AS sending, "
               "(SELECT COUNT(*) FROM mail WHERE state = 4) AS failed, "
               "(SELECT COUNT(*) FROM mail WHERE state = 5) AS uncertain, "
               "(SELECT MIN(next_at) FROM mail WHERE state = 0) AS oldest"));
    s.oldest_waiting_s =
        s.oldest_waiting_s && s.oldest_waiting_s < now ? now - s.oldest_waiting_s : 0;
    *ret = s;
    return 0;
}

const char *mail_state_name(long long state)
{
    static const char *const names[] = {"wacht",     "wordt verstuurd", "wordt verstuurd",
                                        "verstuurd", "niet verstuurd",  "waarschijnlijk verstuurd"};
    return state >= 0 && state < (long long)COUNT_OF(names) ? names[state] : "onbekend";
}
