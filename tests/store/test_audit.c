/* The audit log: it grows at its head only, and whoever changes it behind our back is found. */
#include "store.h"

#include <stdatomic.h>

#include "app/migrations.h"
#include "audit/audit_int.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/random.h"

static struct db_pool *pool; /* of the test that runs */

static struct ctx fresh(void)
{
    return (struct ctx){.arena = arena_new(), .pool = pool};
}

/* Each test has a database of its own: a log cannot be emptied. */
static void begin(struct ctx *c)
{
    struct arena *a = arena_new();
    pool = store_pool(store_new_url(a), 70, 20000);
    *c = fresh();
    CHECK_OK(c, migrations_apply(c));
    arena_free(a);
}

static void end(struct ctx *c)
{
    arena_free(c->arena);
}

static struct audit_entry entry(const char *verb)
{
    return (struct audit_entry){
        .account = 7,
        .who = S("Jan"),
        .verb = str_from(verb),
        .object = S("item"),
        .object_id = 12,
        .details = S("{\"versie\":3}"),
        .origin = S("192.0.2.77"),
    };
}

static int note_many(struct ctx *c, void *arg)
{
    const int *count = arg;
    struct audit_entry e = entry("item.publish");
    for (int i = 0; i < *count; i++)
        TRY(audit_note(c, &e));
    return 0;
}

static void note(struct ctx *c, int count)
{
    CHECK_OK(c, db_transaction(c, note_many, &count));
}

static long long verified(struct ctx *c)
{
    struct audit_head head;
    long long rows = -1;
    CHECK_OK(c, audit_verify(c, NULL, &head, &rows));
    return rows;
}

/* It is broken, and the words name this. */
static void check_broken(struct ctx *c, const char *words)
{
    struct audit_head head;
    long long rows;
    CHECK_INT(audit_verify(c, NULL, &head, &rows), ERR_CONFLICT);
    if (str_find(c->err.msg, str_from(words)) == STR_NONE)
        print_error("%.*s\n", (int)c->err.msg.len, c->err.msg.ptr);
    CHECK(str_find(c->err.msg, str_from(words)) != STR_NONE);
}

static long long count(struct ctx *c)
{
    long long n;
    CHECK_OK(c, db_get_int(c, &n, "SELECT COUNT(*) FROM audit"));
    return n;
}

/* ---- writing ---- */

/* The same as computed by another program, from docs/modules/audit.md. */
static void hashes_are_as_documented(void **state _unused_)
{
    struct ctx c = {.arena = arena_new()};
    struct audit_row one = {
        .number = 1,
        .at = 1795651200,
        .account = 7,
        .object_id = 12,
        .who = S("Jan"),
        .verb = S("item.publish"),
        .object = S("item"),
        .details = S("{\"versie\":3}"),
        .origin = S("192.0.2.0/24"),
    };
    struct audit_row two = {
        .number = 2,
        .at = 1795651201,
        .who = S("systeem"),
        .verb = S("mail.retry"),
        .details = S("{}"),
    };
    str first = audit_hash(c.arena, S(""), &one);
    CHECK_STR(first, S("bbad84e37ce4c21c7dd60e04ab2c9b33f49621cf97e831f360b42b56515861d8"));
    CHECK_STR(audit_hash(c.arena, first, &two),
              S("5b66accdd3fc91a1413be004b71644e4715129151fabc03f885f4970877dd797"));
    arena_free(c.arena);
}

static int note_then_fail(struct ctx *c, void *arg)
{
    TRY(note_many(c, arg));
    return ERR_INVALID;
}

static int note_around_a_failure(struct ctx *c, void *arg)
{
    TRY(note_many(c, arg));
    CHECK_INT(db_transaction(c, note_then_fail, arg), ERR_INVALID);
    return note_many(c, arg);
}

static void a_note_belongs_to_the_transaction(void **state _unused_)
{
    struct ctx c;
    int one = 1;
    struct audit_row *rows;
    size_t n;
    begin(&c);
    CHECK_INT(verified(&c), 0);
    CHECK_INT(db_transaction(&c, note_then_fail, &one), ERR_INVALID);
    CHECK_INT(count(&c), 0);
    CHECK_OK(&c, db_transaction(&c, note_around_a_failure, &one));
    CHECK_INT(count(&c), 2);
    CHECK_OK(&c, audit_rows(&c, 1, 10, &rows, &n));
    CHECK_INT(n, 1);
    CHECK_INT(rows[0].number, 2);
    CHECK_INT(rows[0].account, 7);
    CHECK_STR(rows[0].who, S("Jan"));
    CHECK_STR(rows[0].verb, S("item.publish"));
    CHECK_STR(rows[0].origin, S("192.0.2.0/24"));
    CHECK(rows[0].at > clock_now() - 60 && rows[0].at <= clock_now());
    CHECK_INT(verified(&c), 2);
    end(&c);
}

static int note_entry(struct ctx *c, void *arg)
{
    return audit_note(c, arg);
}

/* What it tells is then not done either. */
static void a_note_that_cannot_be_kept_fails_the_transaction(void **state _unused_)
{
    struct ctx c;
    begin(&c);
    struct audit_entry e = entry("item.publish");
    char *large = arena_alloc(c.arena, AUDIT_MAX_DETAILS + 2);
    memset(large, '{', AUDIT_MAX_DETAILS + 1);
    e.details = str_of(large, AUDIT_MAX_DETAILS + 1);
    CHECK_INT(db_transaction(&c, note_entry, &e), ERR_LIMIT);
    e.details = S("{\"a\":\"\xFF\"}");
    CHECK_INT(db_transaction(&c, note_entry, &e), ERR_INVALID);
    e.details = S("geen object");
    CHECK_INT(db_transaction(&c, note_entry, &e), ERR_INVALID);
    CHECK_INT(count(&c), 0);
    e = entry("item.publish");
    e.who = str_of(large, AUDIT_MAX_DETAILS);
    CHECK_OK(&c, db_transaction(&c, note_entry, &e));
    CHECK_INT(verified(&c), 1);
    end(&c);
}

/* ---- many at once ---- */

enum { WRITERS = 64, EACH = 5 };

static int read_and_note(struct ctx *c, void *arg)
{
    long long n;
    int one = 1;
    (void)arg;
    TRY(db_get_int(c, &n, "SELECT COUNT(*) FROM audit")); /* its state of the database is taken */
    return note_many(c, &one);
}

static void write_notes(int number _unused_, void *arg)
{
    _Atomic int *wrong = arg;
    for (int i = 0; i < EACH; i++) {
        struct ctx c = fresh();
        int code = db_transaction(&c, read_and_note, NULL);
        if (code < 0)
            print_error("%d %.*s\n", code, (int)c.err.detail.len, c.err.detail.ptr);
        *wrong += code < 0;
        arena_free(c.arena);
    }
}

static void look_on(int number, void *arg)
{
    if (number < WRITERS - 4) {
        write_notes(number, arg);
        return;
    }
    for (int i = 0; i < EACH; i++) {
        struct ctx c = fresh();
        struct audit_head head;
        long long rows;
        int code = audit_verify(&c, NULL, &head, &rows);
        *(_Atomic int *)arg += code < 0;
        arena_free(c.arena);
    }
}

static void many_writers_make_one_chain(void **state _unused_)
{
    struct ctx c;
    _Atomic int wrong = 0;
    begin(&c);
    store_threads(WRITERS, write_notes, &wrong);
    CHECK_INT(wrong, 0);
    CHECK_INT(verified(&c), WRITERS * EACH);
    store_threads(WRITERS, look_on, &wrong);
    CHECK_INT(wrong, 0);
    CHECK_INT(verified(&c), (WRITERS * 2 - 4) * EACH);
    end(&c);
}

/* ---- tampering ---- */

static void the_database_refuses(void **state _unused_)
{
    struct ctx c;
    begin(&c);
    note(&c, 3);
    CHECK(db_exec(&c, "UPDATE audit SET who = 'Piet' WHERE number = 2") < 0);
    CHECK(db_exec(&c, "DELETE FROM audit WHERE number = 2") < 0);
    CHECK(db_exec(&c, "DELETE FROM audit") < 0);
    CHECK(db_exec(&c, "DELETE FROM audit_head") < 0);
    CHECK(db_exec(&c, "INSERT INTO audit SELECT 9, at, account_id, who, verb, object, object_id, "
                      "details, origin, hash FROM audit WHERE number = 3") < 0);
    if (store_is_postgres()) {
        CHECK(db_exec(&c, "TRUNCATE audit") < 0);
        CHECK(db_exec(&c, "TRUNCATE audit_head") < 0);
    } else {
        CHECK(db_exec(&c, "REPLACE INTO audit SELECT 2, at, account_id, 'Piet', verb, object, "
                          "object_id, details, origin, hash FROM audit WHERE number = 2") < 0);
        CHECK(db_exec(&c, "REPLACE INTO audit SELECT 3, at, account_id, 'Piet', verb, object, "
                          "object_id, details, origin, hash FROM audit WHERE number = 3") < 0);
    }
    CHECK_INT(count(&c), 3);
    CHECK_INT(verified(&c), 3);
    end(&c);
}

/* As somebody with all rights on the database can. */
static void drop_triggers(struct ctx *c)
{
    if (store_is_postgres()) {
        CHECK_OK(c, db_exec(c, "ALTER TABLE audit DISABLE TRIGGER USER"));
        CHECK_OK(c, db_exec(c, "ALTER TABLE audit_head DISABLE TRIGGER USER"));
        return;
    }
    CHECK_OK(c, db_exec(c, "DROP TRIGGER audit_keeps"));
    CHECK_OK(c, db_exec(c, "DROP TRIGGER audit_stays"));
    CHECK_OK(c, db_exec(c, "DROP TRIGGER audit_grows"));
    CHECK_OK(c, db_exec(c, "DROP TRIGGER audit_head_stays"));
}

/* More rows than a page, and a change on either side of its border. */
static void every_changed_column_is_found(void **state _unused_)
{
    struct ctx c;
    begin(&c);
    note(&c, AUDIT_PAGE + 300);
    CHECK_INT(verified(&c), AUDIT_PAGE + 300);
    drop_triggers(&c);
#define CHANGE(column, number, value)                                                              \
    do {                                                                                           \
        CHECK_OK(&c, db_exec(&c, "CREATE TABLE kept AS SELECT " column                             \
                                 " AS old FROM audit WHERE number = " #number));                   \
        CHECK_OK(&c,                                                                               \
                 db_exec(&c, "UPDATE audit SET " column " = " value " WHERE number = " #number));  \
        check_broken(&c, "regel " #number " is gewijzigd");                                        \
        CHECK_OK(&c, db_exec(&c, "UPDATE audit SET " column                                        \
                                 " = (SELECT old FROM kept) WHERE number = " #number));            \
        CHECK_OK(&c, db_exec(&c, "DROP TABLE kept"));                                              \
    } while (0)
    CHANGE("who", 1, "'Piet'");
    CHANGE("at", 2, "at + 1");
    CHANGE("account_id", 499, "8");
    CHANGE("verb", 500, "'item.delete'");
    CHANGE("object", 501, "'term'");
    CHANGE("object_id", 502, "NULL");
    CHANGE("details", 700, "'{}'");
    CHANGE("origin", 799, "''");
    CHANGE("hash", 800, "'0'");
#undef CHANGE
    CHECK_INT(verified(&c), AUDIT_PAGE + 300);
    end(&c);
}

static void removed_and_added_rows_are_found(void **state _unused_)
{
    struct ctx c;
    begin(&c);
    note(&c, 10);
    drop_triggers(&c);
    CHECK_OK(&c, db_exec(&c, "UPDATE audit_head SET hash = '0'"));
    check_broken(&c, "de kop is gewijzigd");
    CHECK_OK(
        &c, db_exec(&c, "UPDATE audit_head SET hash = (SELECT hash FROM audit WHERE number = 10)"));
    CHECK_INT(verified(&c), 10);
    CHECK_OK(&c, db_exec(&c, "INSERT INTO audit SELECT 11, at, account_id, who, verb, object, "
                             "object_id, details, origin, hash FROM audit WHERE number = 10"));
    check_broken(&c, "de kop is regel 10, maar de laatste regel is 11");
    CHECK_OK(&c, db_exec(&c, "UPDATE audit_head SET number = 11"));
    check_broken(&c, "regel 11 is gewijzigd of hoort hier niet");
    CHECK_OK(&c, db_exec(&c, "UPDATE audit_head SET number = 10"));
    CHECK_OK(&c, db_exec(&c, "DELETE FROM audit WHERE number >= 10"));
    check_broken(&c, "de kop is regel 10, maar de laatste regel is 9");
    CHECK_OK(
        &c,
        db_exec(
            &c,
            "UPDATE audit_head SET number = 9, hash = (SELECT hash FROM audit WHERE number = 9)"));
    CHECK_INT(verified(&c), 9);
    CHECK_OK(&c, db_exec(&c, "DELETE FROM audit WHERE number = 4"));
    check_broken(&c, "regel 4 ontbreekt");
    CHECK_OK(&c, db_exec(&c, "UPDATE audit SET number = number - 1 WHERE number > 4"));
    check_broken(&c, "regel 4 is gewijzigd of hoort hier niet");
    CHECK_OK(&c, db_exec(&c, "DELETE FROM audit_head"));
    check_broken(&c, "de kop ontbreekt");
    end(&c);
}

/* Cutting off the end, or making all anew, is found by a head that was kept elsewhere. */
static void a_head_kept_elsewhere_finds_more(void **state _unused_)
{
    struct ctx c;
    struct audit_head head, kept, now;
    struct audit_row *rows;
    long long n;
    size_t count_rows;
    begin(&c);
    note(&c, 5);
    CHECK_OK(&c, audit_verify(&c, NULL, &head, &n));
    kept = (struct audit_head){head.number, str_dup(c.arena, head.hash)};
    note(&c, 5);
    CHECK_OK(&c, audit_verify(&c, &kept, &now, &n));
    CHECK_OK(&c, audit_rows(&c, 0, 10, &rows, &count_rows));
    CHECK_STR(rows[4].hash, kept.hash);
    kept.hash = rows[5].hash;
    CHECK_INT(audit_verify(&c, &kept, &now, &n), ERR_CONFLICT);
    CHECK(str_find(c.err.msg, S("regel 5 is een andere")) != STR_NONE);
    drop_triggers(&c);
    CHECK_OK(&c, db_exec(&c, "DELETE FROM audit WHERE number > 3"));
    CHECK_OK(
        &c,
        db_exec(
            &c,
            "UPDATE audit_head SET number = 3, hash = (SELECT hash FROM audit WHERE number = 3)"));
    CHECK_INT(verified(&c), 3);
    CHECK_INT(audit_verify(&c, &kept, &now, &n), ERR_CONFLICT);
    CHECK(str_find(c.err.msg, S("Regel 5, die u noemt, staat niet meer")) != STR_NONE);
    end(&c);
}

/* ---- cutting ---- */

static void a_recorded_cut_keeps_the_chain(void **state _unused_)
{
    struct ctx c;
    struct audit_row *rows;
    struct audit_entry who = {.who = S("opdrachtregel")};
    long long removed = 0;
    size_t n;
    begin(&c);
    note(&c, 10);
    CHECK_INT(audit_cut(&c, clock_now() - 100, &who, &removed), ERR_NOT_FOUND);
    CHECK_OK(&c, audit_cut(&c, clock_now() + 100, &who, &removed));
    CHECK_INT(removed, 10);
    CHECK_OK(&c, audit_rows(&c, 0, 10, &rows, &n));
    CHECK_INT(n, 1);
    CHECK_INT(rows[0].number, 11);
    CHECK_STR(rows[0].verb, S("audit.cut"));
    CHECK(str_starts(rows[0].details, S("{\"through\":10,\"hash\":\"")));
    note(&c, 3);
    CHECK_INT(verified(&c), 4);
    CHECK(db_exec(&c, "DELETE FROM audit WHERE number = 12") < 0);
    /* Who moves the cut to hide rows has no row that tells of it. */
    CHECK_OK(&c, db_exec(&c, "UPDATE audit_head SET cut_number = 12, cut_hash = "
                             "(SELECT hash FROM audit WHERE number = 12)"));
    CHECK_OK(&c, db_exec(&c, "DELETE FROM audit WHERE number <= 12"));
    check_broken(&c, "tot en met 12 zijn verwijderd zonder dat dit is vastgelegd");
    end(&c);
}

static void remove_file(void *path)
{
    struct ctx c = {.arena = arena_new()};
    CHECK_OK(&c, file_remove_tree(&c, str_from(path)));
    arena_free(c.arena);
}

/* A copy of the database is put back row by row: the chain comes along, and goes on. */
static void the_chain_survives_a_copy(void **state _unused_)
{
    struct ctx c, back;
    struct db_copied copied;
    const struct migration *list;
    struct audit_entry who = {.who = S("opdrachtregel")};
    long long removed;
    begin(&c);
    note(&c, 20);
    CHECK_OK(&c, audit_cut(&c, clock_now() + 100, &who, &removed));
    note(&c, 5);
    str path = str_fmt(c.arena, "/tmp/aanjager-audit-%s.db", random_hex(c.arena, 8).ptr);
    arena_defer(c.arena, remove_file, (void *)(uintptr_t)path.ptr);
    CHECK_OK(&c, db_backup(&c, path, &copied));
    CHECK_OK(&c, db_prove(&c, path, &copied));
    back = (struct ctx){.arena = arena_new()};
    back.pool = store_pool(store_new_url(back.arena), 4, 20000);
    size_t count_migrations = migrations_list(&back, &list);
    CHECK_OK(&back, db_restore(&back, path, list, count_migrations, &copied));
    CHECK_INT(verified(&back), 6);
    note(&back, 2);
    CHECK_INT(verified(&back), 8);
    CHECK(db_exec(&back, "DELETE FROM audit") < 0);
    CHECK(db_exec(&back, "DELETE FROM audit_head") < 0);
    end(&back);
    end(&c);
}

/* ---- forms ---- */

static void csv_cells_stay_text(void **state _unused_)
{
    struct arena *a = arena_new();
    struct buf b;
    struct audit_row row = {
        .number = 3,
        .at = 1795651200,
        .who = S("=HYPERLINK(\"http://x\")"),
        .verb = S("item.publish"),
        .object = S("-1"),
        .details = S("{\"a\":\"b, c\"}"),
        .origin = S("@x"),
        .hash = S("+1"),
    };
    buf_init(&b, a, 4096);
    audit_csv(&b, NULL);
    audit_csv(&b, &row);
    CHECK_STR(buf_str(&b),
              S("nummer,tijd,account,naam,handeling,soort,object,gegevens,herkomst,hash\r\n"
                "3,1795651200,0,\"'=HYPERLINK(\"\"http://x\"\")\",\"item.publish\",\"'-1\",0,"
                "\"{\"\"a\"\":\"\"b, c\"\"}\",\"'@x\",\"'+1\"\r\n"));
    arena_free(a);
}

static void addresses_lose_their_end(void **state _unused_)
{
    static const char *const cases[][2] = {
        {"192.0.2.77", "192.0.2.0/24"},
        {"::ffff:192.0.2.77", "192.0.2.0/24"},
        {"2001:db8:1:2:3:4:5:6", "2001:db8:1::/48"},
        {"::1", "::/48"},
        {"", ""},
        {"jan", ""},
        {"192.0.2.77, 10.0.0.1", ""},
    };
    struct arena *a = arena_new();
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        CHECK_STR(audit_network(a, str_from(cases[i][0])), str_from(cases[i][1]));
    arena_free(a);
}

static void heads_are_read(void **state _unused_)
{
    struct audit_head head;
    CHECK(audit_head_parse(S("17:bbad84e37ce4c21c7dd60e04ab2c9b33f49621cf97e831f360b42b56515861d8"),
                           &head));
    CHECK_INT(head.number, 17);
    CHECK(!audit_head_parse(S(""), &head));
    CHECK(!audit_head_parse(S("17"), &head));
    CHECK(!audit_head_parse(S("17:"), &head));
    CHECK(!audit_head_parse(S("17:abc"), &head));
    CHECK(!audit_head_parse(S("0:bbad84e37ce4c21c7dd60e04ab2c9b33f49621cf97e831f360b42b56515861d8"),
                            &head));
    CHECK(!audit_head_parse(S("1:BBAD84e37ce4c21c7dd60e04ab2c9b33f49621cf97e831f360b42b56515861d8"),
                            &head));
}

TEST_MAIN(TEST(hashes_are_as_documented), TEST(a_note_belongs_to_the_transaction),
          TEST(a_note_that_cannot_be_kept_fails_the_transaction), TEST(many_writers_make_one_chain),
          TEST(the_database_refuses), TEST(every_changed_column_is_found),
          TEST(removed_and_added_rows_are_found), TEST(a_head_kept_elsewhere_finds_more),
          TEST(a_recorded_cut_keeps_the_chain), TEST(the_chain_survives_a_copy),
          TEST(csv_cells_stay_text), TEST(addresses_lose_their_end), TEST(heads_are_read))
