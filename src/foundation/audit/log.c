/* Writing the log, reading it, and walking its chain: all SQL of the room. */
#include "audit/audit_int.h"
#include "base/clock.h"
#include "base/utf8.h"
#include "db/db.h"

enum { MAX_OBJECT = 60, CUT_BATCH = 5000 };

/* ---- writing ---- */

static const struct db_field head_fields[] = {
    {"number", DB_INT, offsetof(struct audit_head, number)},
    {"hash", DB_STR, offsetof(struct audit_head, hash)},
};

/* The head is moved first: on PostgreSQL that shows whether another got in before. */
static int append(struct ctx *c, void *arg)
{
    struct audit_row *row = arg;
    struct audit_head head;
    TRY(db_one(c, head_fields, &head,
               "UPDATE audit_head SET number = number + 1 WHERE one = 1 RETURNING number, hash"));
    row->number = head.number;
    row->hash = audit_hash(c->arena, head.hash, row);
    TRY(db_exec(c,
                "INSERT INTO audit (number, at, account_id, who, verb, object, object_id, details, "
                "origin, hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
                row->number, row->at, row->account ? db_of_int(row->account) : DB_NULL, row->who,
                row->verb, row->object, row->object_id ? db_of_int(row->object_id) : DB_NULL,
                row->details, row->origin, row->hash));
    return db_exec(c, "UPDATE audit_head SET hash = $1 WHERE one = 1", row->hash);
}

static bool is_verb(str verb)
{
    for (size_t i = 0; i < verb.len; i++)
        if ((verb.ptr[i] < 'a' || verb.ptr[i] > 'z') && !strchr(".-_", verb.ptr[i]))
            return false;
    return verb.len && verb.len <= AUDIT_MAX_VERB && str_find_byte(verb, '.') != STR_NONE;
}

int audit_note(struct ctx *c, const struct audit_entry *e)
{
    str details = e->details.len ? e->details : S("{}");
    if (!is_verb(e->verb) || e->object.len > MAX_OBJECT || !e->who.len)
        BUG("an audit note without a verb as item.publish, or without who");
    if (!utf8_valid(e->who) || !utf8_valid(details) || details.ptr[0] != '{')
        return err_detail(c, ERR_INVALID, "an audit note is not valid text");
    if (details.len > AUDIT_MAX_DETAILS)
        return err_detail(c, ERR_LIMIT, "the details of an audit note are too long");
    struct audit_row *row = arena_new_of(c->arena, struct audit_row);
    *row = (struct audit_row){
        .at = clock_now(),
        .account = e->account,
        .object_id = e->object_id,
        .who = str_dup(c->arena, utf8_cut(e->who, AUDIT_MAX_WHO)),
        .verb = str_dup(c->arena, e->verb),
        .object = str_dup(c->arena, e->object),
        .details = str_dup(c->arena, details),
        .origin = audit_network(c->arena, e->origin),
    };
    db_at_commit(c, append, row);
    return 0;
}

/* ---- reading ---- */

int audit_rows(struct ctx *c, long long after, size_t limit, struct audit_row **ret,
               size_t *ret_count)
{
    static const struct db_field fields[] = {
        {"number", DB_INT, offsetof(struct audit_row, number)},
        {"at", DB_INT, offsetof(struct audit_row, at)},
        {"account_id", DB_INT, offsetof(struct audit_row, account)},
        {"who", DB_STR, offsetof(struct audit_row, who)},
        {"verb", DB_STR, offsetof(struct audit_row, verb)},
        {"object", DB_STR, offsetof(struct audit_row, object)},
        {"object_id", DB_INT, offsetof(struct audit_row, object_id)},
        {"details", DB_STR, offsetof(struct audit_row, details)},
        {"origin", DB_STR, offsetof(struct audit_row, origin)},
        {"hash", DB_STR, offsetof(struct audit_row, hash)},
    };
    return db_all(c, fields, ret, ret_count,
                  "SELECT number, at, account_id, who, verb, object, object_id, details, origin, "
                  "hash FROM audit WHERE number > $1 ORDER BY number LIMIT $2",
                  after, limit);
}

/* ---- walking the chain ---- */

struct ends {
    struct audit_head head, cut;
    long long last; /* the highest row */
};

struct walk {
    struct audit_head at; /* the last row that was right */
    const struct audit_head *known;
    long long until, rows;
};

static int check_row(struct ctx *c, struct walk *w, const struct audit_row *row)
{
    if (row->number != w->at.number + 1)
        return err_set(c, ERR_CONFLICT, "De keten is gebroken: regel %lld ontbreekt.",
                       w->at.number + 1);
    if (!str_eq(row->hash, audit_hash(c->arena, w->at.hash, row)))
        return err_set(c, ERR_CONFLICT,
                       "De keten is gebroken: regel %lld is gewijzigd of hoort hier niet.",
                       row->number);
    if (w->known && w->known->number == row->number && !str_eq(w->known->hash, row->hash))
        return err_set(c, ERR_CONFLICT,
                       "De keten is opnieuw gemaakt: regel %lld is een andere dan die u noemt.",
                       row->number);
    return 0;
}

/* One page, in an arena of its own; the hash of its last row is kept in `kept`. */
static int walk_page(struct ctx *parent, struct walk *w, char kept[65], bool *ret_more)
{
    struct ctx c = ctx_child(parent);
    struct audit_row *rows;
    size_t count = 0;
    int code = audit_rows(&c, w->at.number, AUDIT_PAGE, &rows, &count);
    for (size_t i = 0; code == 0 && i < count && rows[i].number <= w->until; i++) {
        code = check_row(&c, w, &rows[i]);
        if (code == 0) {
            w->at = (struct audit_head){rows[i].number, rows[i].hash};
            w->rows++;
        }
    }
    (void)snprintf(kept, 65, "%.*s", (int)w->at.hash.len, w->at.hash.len ? w->at.hash.ptr : "");
    w->at.hash = str_from(kept);
    *ret_more = count == AUDIT_PAGE && w->at.number < w->until;
    return ctx_child_end(parent, &c, code);
}

static int read_ends(struct ctx *c, struct ends *ret)
{
    static const struct db_field fields[] = {
        {"number", DB_INT, offsetof(struct ends, head.number)},
        {"hash", DB_STR, offsetof(struct ends, head.hash)},
        {"cut_number", DB_INT, offsetof(struct ends, cut.number)},
        {"cut_hash", DB_STR, offsetof(struct ends, cut.hash)},
        {"last", DB_INT, offsetof(struct ends, last)},
    };
    int code = db_one(c, fields, ret,
                      "SELECT number, hash, cut_number, cut_hash, "
                      "(SELECT MAX(number) FROM audit) AS last FROM audit_head WHERE one = 1");
    if (code == ERR_NOT_FOUND)
        return err_set(c, ERR_CONFLICT, "De keten is gebroken: de kop ontbreekt.");
    return code;
}

/* What was removed must be told by a row of the chain itself. */
static int check_cut(struct ctx *c, const struct ends *e)
{
    long long number;
    if (!e->cut.number)
        return 0;
    int code =
        db_get_int(c, &number, "SELECT number FROM audit WHERE verb = $1 AND details = $2 LIMIT 1",
                   AUDIT_CUT_VERB, audit_cut_details(c->arena, e->cut.number, e->cut.hash));
    if (code == ERR_NOT_FOUND)
        return err_set(c, ERR_CONFLICT,
                       "De keten is gebroken: de regels tot en met %lld zijn verwijderd zonder dat "
                       "dit is vastgelegd.",
                       e->cut.number);
    return code;
}

static int check_ends(struct ctx *c, const struct ends *e, const struct walk *w)
{
    bool empty = !e->head.number && !e->last;
    if (!empty && (w->at.number != e->head.number || (e->last && e->last != e->head.number)))
        return err_set(c, ERR_CONFLICT,
                       "De keten is gebroken: de kop is regel %lld, maar de laatste regel is %lld.",
                       e->head.number, e->last > w->at.number ? e->last : w->at.number);
    if (!str_eq(w->at.hash, e->head.hash))
        return err_set(c, ERR_CONFLICT, "De keten is gebroken: de kop is gewijzigd.");
    if (w->known && (w->known->number > w->at.number || w->known->number <= e->cut.number))
        return err_set(
            c, ERR_CONFLICT,
            "Regel %lld, die u noemt, staat niet meer in de keten: die loopt van %lld tot "
            "en met %lld.",
            w->known->number, e->cut.number + 1, w->at.number);
    return check_cut(c, e);
}

int audit_verify(struct ctx *c, const struct audit_head *known, struct audit_head *ret_head,
                 long long *ret_rows)
{
    struct ends e;
    char kept[65];
    bool more = true;
    TRY(read_ends(c, &e));
    struct walk w = {.at = e.cut, .known = known, .until = e.head.number};
    while (more)
        TRY(walk_page(c, &w, kept, &more));
    TRY(check_ends(c, &e, &w));
    *ret_head = (struct audit_head){e.head.number, e.head.hash};
    *ret_rows = w.rows;
    return 0;
}

/* ---- cutting ---- */

struct cutting {
    long long before;
    struct audit_entry entry;
    struct audit_head cut;
};

static int cut_body(struct ctx *c, void *arg)
{
    struct cutting *k = arg;
    int code = db_one(c, head_fields, &k->cut,
                      "SELECT number, hash FROM audit WHERE number = COALESCE("
                      "(SELECT MIN(number) FROM audit WHERE at >= $1), "
                      "(SELECT MAX(number) + 1 FROM audit)) - 1",
                      k->before);
    if (code == ERR_NOT_FOUND)
        return err_set(c, ERR_NOT_FOUND, "Er zijn geen regels om te verwijderen.");
    TRY(code);
    k->entry.details = audit_cut_details(c->arena, k->cut.number, k->cut.hash);
    TRY(audit_note(c, &k->entry));
    return db_exec(c, "UPDATE audit_head SET cut_number = $1, cut_hash = $2 WHERE one = 1",
                   k->cut.number, k->cut.hash);
}

/* The rows go in batches after the cut, each short. A row of which the time is out of order stays
   until all before it may go. */
int audit_cut(struct ctx *c, long long before, const struct audit_entry *who, long long *ret_rows)
{
    struct cutting k = {.before = before, .entry = *who};
    long long changed = 1, rows = 0;
    k.entry.verb = S(AUDIT_CUT_VERB);
    TRY(db_transaction(c, cut_body, &k));
    while (changed) {
        TRY(db_exec_count(c, &changed,
                          "DELETE FROM audit WHERE number IN (SELECT number FROM audit "
                          "WHERE number <= $1 ORDER BY number LIMIT $2)",
                          k.cut.number, (int)CUT_BATCH));
        rows += changed;
    }
    *ret_rows = rows;
    return 0;
}
