/* Queries, values, errors and transactions, on both databases. */
#include "store.h"

#include <math.h>

#define FIELD(name, type)                                                                          \
    {                                                                                              \
#name, type, offsetof(struct sample, name)                                                 \
    }

struct sample {
    long long id, big;
    double real;
    str text, bytes;
    bool flag;
};

static const struct db_field sample_fields[] = {
    FIELD(id, DB_INT),   FIELD(big, DB_INT),    FIELD(real, DB_DOUBLE),
    FIELD(text, DB_STR), FIELD(bytes, DB_BLOB), FIELD(flag, DB_BOOL),
};

static int make_tables(struct ctx *c)
{
    if (db_is_postgres(c))
        TRY(db_exec(c, "CREATE TABLE sample (id BIGINT PRIMARY KEY, big BIGINT, "
                       "real DOUBLE PRECISION, text TEXT, bytes BYTEA, flag BIGINT)"));
    else
        TRY(db_exec(c, "CREATE TABLE sample (id BIGINT PRIMARY KEY, big BIGINT, "
                       "real DOUBLE PRECISION, text TEXT, bytes BLOB, flag BIGINT)"));
    TRY(db_exec(c, "CREATE TABLE parent (id BIGINT PRIMARY KEY, name TEXT NOT NULL UNIQUE)"));
    return db_exec(c, "CREATE TABLE child (id BIGINT PRIMARY KEY, "
                      "parent_id BIGINT NOT NULL REFERENCES parent (id), "
                      "age BIGINT NOT NULL CHECK (age >= 0))");
}

/* A ctx on empty tables. */
static struct ctx begin(void)
{
    static bool made;
    struct ctx c = store_begin();
    if (!made)
        CHECK_OK(&c, make_tables(&c));
    made = true;
    CHECK_OK(&c, db_exec(&c, "DELETE FROM child"));
    CHECK_OK(&c, db_exec(&c, "DELETE FROM parent"));
    CHECK_OK(&c, db_exec(&c, "DELETE FROM sample"));
    return c;
}

static long long count_parents(struct ctx *c)
{
    long long n = -1;
    CHECK_OK(c, db_get_int(c, &n, "SELECT COUNT(*) FROM parent"));
    return n;
}

/* ---- values ---- */

static void values_come_back(void **state _unused_)
{
    struct ctx c = begin();
    str bytes = str_of("\0\xFF\\x'\n", 6), text = S("caf\xC3\xA9 \xE2\x82\xAC '; \\ \"quoted\"\n");
    CHECK_OK(&c, db_exec(&c, "INSERT INTO sample VALUES ($1, $2, $3, $4, $5, $6)", 1, INT64_MIN,
                         0.1, text, db_blob(bytes), true));
    CHECK_OK(&c, db_exec(&c, "INSERT INTO sample VALUES ($1, $2, $3, $4, $5, $6)", 2, INT64_MAX,
                         -1e300, "", db_blob(S("")), false));
    struct sample *s;
    size_t n;
    CHECK_OK(&c, db_all(&c, sample_fields, &s, &n,
                        "SELECT id, big, real, text, bytes, flag FROM sample ORDER BY id"));
    CHECK_INT(n, 2);
    CHECK_INT(s[0].big, INT64_MIN);
    CHECK(s[0].real == 0.1);
    CHECK_STR(s[0].text, text);
    CHECK_STR(s[0].bytes, bytes);
    CHECK(s[0].flag);
    CHECK_INT(s[1].big, INT64_MAX);
    CHECK(s[1].real == -1e300);
    CHECK(s[1].text.ptr != NULL && s[1].text.len == 0);
    CHECK(s[1].bytes.ptr != NULL && s[1].bytes.len == 0);
    CHECK(!s[1].flag);
    store_end(&c);
}

static void null_is_null(void **state _unused_)
{
    struct ctx c = begin();
    str none = {NULL, 0};
    long long n;
    struct sample s = {.big = 7, .real = 7, .text = S("x"), .bytes = S("x"), .flag = true};
    CHECK_OK(&c, db_exec(&c, "INSERT INTO sample VALUES ($1, $2, $3, $4, $5, $6)", 1, DB_NULL,
                         (double)NAN, none, db_blob(none), DB_NULL));
    CHECK_OK(&c, db_get_int(&c, &n,
                            "SELECT COUNT(*) FROM sample WHERE big IS NULL AND real IS NULL "
                            "AND text IS NULL AND bytes IS NULL AND flag IS NULL"));
    CHECK_INT(n, 1);
    CHECK_OK(&c,
             db_one(&c, sample_fields, &s, "SELECT id, big, real, text, bytes, flag FROM sample"));
    CHECK_INT(s.big, 0);
    CHECK(s.real == 0.0 && !s.flag);
    CHECK(s.text.ptr == NULL && s.bytes.ptr == NULL && s.text.len == 0 && s.bytes.len == 0);
    CHECK_OK(&c, db_get_int(&c, &n, "SELECT MAX(big) FROM sample"));
    CHECK_INT(n, 0);
    store_end(&c);
}

/* The same literal with NULL first and a value later must not keep the first type. */
static int put_text(struct ctx *c, long long id, struct db_value text)
{
    return db_exec(c, "INSERT INTO sample (id, text) VALUES ($1, $2)", id, text);
}

static void types_may_differ_between_calls(void **state _unused_)
{
    struct ctx c = begin();
    str got;
    CHECK_OK(&c, put_text(&c, 1, DB_NULL));
    CHECK_OK(&c, put_text(&c, 2, db_of_z("later")));
    CHECK_OK(&c, put_text(&c, 3, DB_NULL));
    CHECK_OK(&c, db_get_str(&c, &got, "SELECT text FROM sample WHERE id = $1", 2));
    CHECK_STR(got, S("later"));
    store_end(&c);
}

static void placeholders_in_any_order(void **state _unused_)
{
    struct ctx c = begin();
    str got;
    CHECK_OK(&c, db_get_str(&c, &got, "SELECT $2 || $1 || $2 || $3", "a", "b", "c"));
    CHECK_STR(got, S("babc"));
    long long n;
    CHECK_OK(&c, db_get_int(&c, &n, "SELECT $1 + $40 + $11", 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 20, 0, 0,
                            0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
                            0, 0, 300));
    CHECK_INT(n, 321);
    store_end(&c);
}

static void numbers_of_expressions(void **state _unused_)
{
    struct ctx c = begin();
    struct sample s;
    long long n;
    static const struct db_field fields[] = {FIELD(flag, DB_BOOL), FIELD(real, DB_DOUBLE),
                                             FIELD(big, DB_INT), FIELD(text, DB_STR)};
    CHECK_OK(&c,
             db_one(&c, fields, &s, "SELECT 2 AS big, 1 = 1 AS flag, 3.5 AS real, 'x' AS text"));
    CHECK(s.flag && s.real == 3.5);
    CHECK_INT(s.big, 2);
    CHECK_OK(&c, db_get_int(&c, &n, "SELECT SUM(x) FROM (SELECT 2 AS x UNION ALL SELECT 3) t"));
    CHECK_INT(n, 5);
    store_end(&c);
}

static void injection_is_only_text(void **state _unused_)
{
    struct ctx c = begin();
    const char *evil = "x'); DROP TABLE parent; --";
    str got;
    CHECK_OK(&c, db_exec(&c, "INSERT INTO parent VALUES ($1, $2)", 1, evil));
    CHECK_OK(&c, db_get_str(&c, &got, "SELECT name FROM parent WHERE name = $1", evil));
    CHECK_STR(got, str_from(evil));
    store_end(&c);
}

static void unusual_text_is_refused(void **state _unused_)
{
    struct ctx c = begin();
    CHECK_INT(put_text(&c, 1, db_of_str(str_of("a\0b", 3))), ERR_INVALID);
    CHECK(c.err.msg.len > 0);
    CHECK_INT(put_text(&c, 1, db_of_str(S("\xC3("))), ERR_INVALID);
    CHECK_OK(&c, put_text(&c, 1, db_of_str(S("goed"))));
    store_end(&c);
}

/* ---- results ---- */

static void nothing_found(void **state _unused_)
{
    struct ctx c = begin();
    struct sample s = {.id = 5}, *all;
    long long n = 6;
    str text = S("same");
    size_t count = 9;
    CHECK_INT(db_one(&c, sample_fields, &s,
                     "SELECT id, big, real, text, bytes, flag FROM sample WHERE id = 0"),
              ERR_NOT_FOUND);
    CHECK_INT(db_get_int(&c, &n, "SELECT id FROM sample"), ERR_NOT_FOUND);
    CHECK_INT(db_get_str(&c, &text, "SELECT text FROM sample"), ERR_NOT_FOUND);
    CHECK_INT(c.err.msg.len, 0);
    CHECK_INT(s.id, 5);
    CHECK_INT(n, 6);
    CHECK_STR(text, S("same"));
    CHECK_OK(&c, db_all(&c, sample_fields, &all, &count,
                        "SELECT id, big, real, text, bytes, flag FROM sample"));
    CHECK_INT(count, 0);
    store_end(&c);
}

static void changed_rows_are_counted(void **state _unused_)
{
    struct ctx c = begin();
    long long n = -1;
    CHECK_OK(&c, db_exec_count(&c, &n, "INSERT INTO parent VALUES (1, 'a'), (2, 'b'), (3, 'c')"));
    CHECK_INT(n, 3);
    CHECK_OK(&c, db_exec_count(&c, &n, "UPDATE parent SET name = name || 'x' WHERE id > $1", 1));
    CHECK_INT(n, 2);
    CHECK_OK(&c, db_exec_count(&c, &n, "DELETE FROM parent WHERE id = 99"));
    CHECK_INT(n, 0);
    CHECK_OK(&c, db_exec_count(&c, &n,
                               "INSERT INTO parent VALUES (1, 'z') ON CONFLICT (id) DO NOTHING"));
    CHECK_INT(n, 0);
    store_end(&c);
}

static void returning_works_everywhere(void **state _unused_)
{
    struct ctx c = begin();
    struct sample *s;
    size_t count;
    long long id = 0;
    static const struct db_field fields[] = {FIELD(id, DB_INT), FIELD(text, DB_STR)};
    CHECK_OK(&c, db_get_int(&c, &id, "INSERT INTO parent VALUES ($1, $2) RETURNING id", 41, "a"));
    CHECK_INT(id, 41);
    CHECK_OK(&c, db_all(&c, fields, &s, &count,
                        "INSERT INTO parent VALUES (1, 'b'), (2, 'c') RETURNING id, name AS text"));
    CHECK_INT(count, 2);
    CHECK_INT(count_parents(&c), 3);
    /* Only the first row is read, yet all are changed. */
    CHECK_OK(&c, db_get_int(&c, &id, "UPDATE parent SET name = name || '!' RETURNING id"));
    CHECK_OK(&c, db_get_int(&c, &id, "SELECT COUNT(*) FROM parent WHERE name LIKE '%!'"));
    CHECK_INT(id, 3);
    store_end(&c);
}

static void like_minds_case(void **state _unused_)
{
    struct ctx c = begin();
    long long n;
    CHECK_OK(&c, db_exec(&c, "INSERT INTO parent VALUES (1, 'Plan'), (2, 'plan')"));
    CHECK_OK(&c, db_get_int(&c, &n, "SELECT COUNT(*) FROM parent WHERE name LIKE 'pl%'"));
    CHECK_INT(n, 1);
    store_end(&c);
}

static void too_many_rows(void **state _unused_)
{
    struct ctx c = begin();
    static const struct db_field fields[] = {FIELD(id, DB_INT)};
    struct sample *s;
    size_t n;
    long long one;
    CHECK_OK(&c, db_all(&c, fields, &s, &n,
                        "WITH RECURSIVE t(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM t "
                        "WHERE id < $1) SELECT id FROM t",
                        (int)DB_MAX_ROWS));
    CHECK_INT(n, DB_MAX_ROWS);
    CHECK_INT(s[n - 1].id, DB_MAX_ROWS);
    CHECK_INT(db_all(&c, fields, &s, &n,
                     "WITH RECURSIVE t(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM t "
                     "WHERE id < $1) SELECT id FROM t",
                     DB_MAX_ROWS + 1),
              ERR_LIMIT);
    CHECK_OK(&c, db_get_int(&c, &one, "SELECT 1"));
    CHECK_INT(one, 1);
    store_end(&c);
}

/* More statements than a connection keeps. */
static void many_statements(void **state _unused_)
{
    struct ctx c = begin();
    for (int round = 0; round < 2; round++)
        for (int i = 0; i < 400; i++) {
            str sql = str_fmt(c.arena, "SELECT %d + $1", i);
            struct db_value arg = db_of_int(round);
            long long n;
            CHECK_OK(&c, db_get_int_(&c, &n, sql.ptr, &arg, 1));
            CHECK_INT(n, i + round);
        }
    store_end(&c);
}

/* ---- errors ---- */

static void conflicts(void **state _unused_)
{
    struct ctx c = begin();
    CHECK_OK(&c, db_exec(&c, "INSERT INTO parent VALUES (1, 'a')"));
    CHECK_INT(db_exec(&c, "INSERT INTO parent VALUES (1, 'b')"), ERR_CONFLICT);
    CHECK_INT(db_exec(&c, "INSERT INTO parent VALUES (2, 'a')"), ERR_CONFLICT);
    CHECK_INT(db_exec(&c, "INSERT INTO child VALUES (1, 99, 5)"), ERR_CONFLICT);
    CHECK_OK(&c, db_exec(&c, "INSERT INTO child VALUES (1, 1, 5)"));
    CHECK_INT(db_exec(&c, "DELETE FROM parent WHERE id = 1"), ERR_CONFLICT);
    CHECK(c.err.detail.len > 0);
    CHECK_INT(c.err.msg.len, 0);
    store_end(&c);
}

static void refusals(void **state _unused_)
{
    struct ctx c = begin();
    long long n;
    CHECK_OK(&c, db_exec(&c, "INSERT INTO parent VALUES (1, 'a')"));
    CHECK_INT(db_exec(&c, "INSERT INTO child VALUES (1, 1, -1)"), ERR_DB);
    CHECK_INT(db_exec(&c, "INSERT INTO child VALUES (1, 1, NULL)"), ERR_DB);
    CHECK_INT(db_get_int(&c, &n, "SELEC 1"), ERR_DB);
    CHECK_INT(db_get_int(&c, &n, "SELECT id FROM no_such_table"), ERR_DB);
    CHECK_INT(db_get_int(&c, &n, "SELECT \"no_such_column\" FROM parent"), ERR_DB);
    CHECK_INT(db_get_int(&c, &n, "SELECT $1 + $2", 1), ERR_DB);
    CHECK_INT(db_exec(&c, "DELETE FROM child; DELETE FROM parent"), ERR_DB);
    CHECK_INT(count_parents(&c), 1);
    CHECK_INT(db_exec(&c, "BEGIN"), ERR_INTERNAL);
    CHECK_INT(db_exec(&c, "  commit"), ERR_INTERNAL);
    store_end(&c);
}

/* ---- transactions ---- */

static int insert_parent(struct ctx *c, void *arg)
{
    return db_exec(c, "INSERT INTO parent VALUES ($1, $2)", (const char *)arg == NULL ? 0 : 1,
                   (const char *)arg);
}

static int insert_then_fail(struct ctx *c, void *arg)
{
    TRY(insert_parent(c, arg));
    CHECK_INT(count_parents(c), 1);
    return err_set(c, ERR_INVALID, "mijn woorden");
}

static void failure_rolls_back(void **state _unused_)
{
    struct ctx c = begin();
    CHECK_INT(db_transaction(&c, insert_then_fail, "a"), ERR_INVALID);
    CHECK_STR(c.err.msg, S("mijn woorden"));
    CHECK_INT(count_parents(&c), 0);
    CHECK_OK(&c, db_transaction(&c, insert_parent, "a"));
    CHECK_INT(count_parents(&c), 1);
    store_end(&c);
}

static void not_visible_before_commit_body(struct ctx *c)
{
    struct ctx other = store_begin();
    CHECK_INT(count_parents(c), 1);
    CHECK_INT(count_parents(&other), 0);
    store_end(&other);
}

static int look_inside(struct ctx *c, void *arg)
{
    TRY(insert_parent(c, arg));
    not_visible_before_commit_body(c);
    return 0;
}

static void others_see_it_after_the_commit(void **state _unused_)
{
    struct ctx c = begin(), other = store_begin();
    CHECK_OK(&c, db_transaction(&c, look_inside, "a"));
    CHECK_INT(count_parents(&other), 1);
    store_end(&other);
    store_end(&c);
}

static int inner_conflict(struct ctx *c, void *arg _unused_)
{
    TRY(db_exec(c, "INSERT INTO parent VALUES (50, 'inner')"));
    return db_exec(c, "INSERT INTO parent VALUES (1, 'again')");
}

static int inner_good(struct ctx *c, void *arg _unused_)
{
    return db_exec(c, "INSERT INTO parent VALUES (60, 'good')");
}

static int outer_with_inner(struct ctx *c, void *arg)
{
    TRY(insert_parent(c, arg));
    CHECK_INT(db_transaction(c, inner_conflict, NULL), ERR_CONFLICT);
    CHECK_INT(count_parents(c), 1);
    TRY(db_transaction(c, inner_good, NULL));
    return db_exec(c, "INSERT INTO parent VALUES (70, 'outer')");
}

static void inner_failure_undoes_the_inner_part(void **state _unused_)
{
    struct ctx c = begin();
    CHECK_OK(&c, db_transaction(&c, outer_with_inner, "a"));
    CHECK_INT(count_parents(&c), 3);
    store_end(&c);
}

static int depth(struct ctx *c, void *arg)
{
    int *left = arg;
    TRY(db_exec(c, "INSERT INTO parent VALUES ($1, $2)", *left, str_fmt(c->arena, "d%d", *left)));
    if (--*left == 0)
        return ERR_INVALID;
    int code = db_transaction(c, depth, left);
    return *left == 0 && code == ERR_INVALID ? 0 : code;
}

static void deep_nesting(void **state _unused_)
{
    struct ctx c = begin();
    int left = 15;
    CHECK_OK(&c, db_transaction(&c, depth, &left));
    CHECK_INT(count_parents(&c), 14);
    store_end(&c);
}

static int ignore_failure(struct ctx *c, void *arg _unused_)
{
    TRY(db_exec(c, "INSERT INTO parent VALUES (1, 'a')"));
    (void)!db_exec(c, "INSERT INTO parent VALUES (1, 'a')");
    return 0;
}

static int go_on_after_failure(struct ctx *c, void *arg _unused_)
{
    long long n;
    TRY(db_exec(c, "INSERT INTO parent VALUES (1, 'a')"));
    CHECK_INT(db_exec(c, "INSERT INTO parent VALUES (1, 'a')"), ERR_CONFLICT);
    CHECK_INT(db_get_int(c, &n, "SELECT 1"), ERR_DB);
    CHECK_INT(db_transaction(c, inner_good, NULL), ERR_DB);
    return 0;
}

static int missing_is_no_failure(struct ctx *c, void *arg)
{
    long long n;
    CHECK_INT(db_get_int(c, &n, "SELECT id FROM parent WHERE id = 12345"), ERR_NOT_FOUND);
    return insert_parent(c, arg);
}

static void a_failed_statement_ends_the_transaction(void **state _unused_)
{
    struct ctx c = begin();
    CHECK_INT(db_transaction(&c, ignore_failure, NULL), ERR_DB);
    CHECK_INT(count_parents(&c), 0);
    CHECK_INT(db_transaction(&c, go_on_after_failure, NULL), ERR_DB);
    CHECK_INT(count_parents(&c), 0);
    CHECK_OK(&c, db_transaction(&c, missing_is_no_failure, "a"));
    CHECK_INT(count_parents(&c), 1);
    store_end(&c);
}

static int deferred(struct ctx *c, void *arg _unused_)
{
    TRY(db_exec(c, "INSERT INTO late VALUES (1, 99)"));
    return 0;
}

static void a_failed_commit_rolls_back(void **state _unused_)
{
    struct ctx c = begin();
    long long n;
    CHECK_OK(&c, db_exec(&c, "CREATE TABLE late (id BIGINT PRIMARY KEY, parent_id BIGINT NOT NULL "
                             "REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED)"));
    CHECK_INT(db_transaction(&c, deferred, NULL), ERR_CONFLICT);
    CHECK_OK(&c, db_get_int(&c, &n, "SELECT COUNT(*) FROM late"));
    CHECK_INT(n, 0);
    CHECK_OK(&c, db_transaction(&c, insert_parent, "a"));
    store_end(&c);
}

/* ---- leases ---- */

static void a_copied_ctx_has_its_own_lease(void **state _unused_)
{
    struct ctx c = begin();
    CHECK_INT(count_parents(&c), 0);
    struct ctx copy = c;
    copy.arena = arena_new();
    CHECK_INT(count_parents(&copy), 0);
    CHECK(copy.lease != c.lease);
    arena_free(copy.arena);
    CHECK_INT(count_parents(&c), 0);
    struct ctx same = c;
    same.lease = NULL;
    CHECK_INT(count_parents(&same), 0);
    CHECK(same.lease == c.lease);
    store_end(&c);
}

static void a_ctx_lives_on_after_reset(void **state _unused_)
{
    struct ctx c = begin();
    for (int i = 0; i < 100; i++) {
        CHECK_INT(count_parents(&c), 0);
        arena_reset(c.arena);
    }
    for (int i = 0; i < 100; i++) {
        CHECK_INT(count_parents(&c), 0);
        db_lease_release(&c);
    }
    store_end(&c);
}

static void an_empty_pool_is_busy(void **state _unused_)
{
    struct arena *a = arena_new();
    struct db_pool *pool = store_pool(store_new_url(a), 2, 100);
    struct ctx c[3];
    long long n;
    for (int i = 0; i < 3; i++)
        c[i] = (struct ctx){.arena = arena_new(), .pool = pool};
    CHECK_OK(&c[0], db_get_int(&c[0], &n, "SELECT 1"));
    CHECK_OK(&c[1], db_get_int(&c[1], &n, "SELECT 1"));
    CHECK_INT(db_get_int(&c[2], &n, "SELECT 1"), ERR_BUSY);
    arena_reset(c[0].arena);
    CHECK_OK(&c[2], db_get_int(&c[2], &n, "SELECT 1"));
    for (int i = 0; i < 3; i++)
        arena_free(c[i].arena);
    arena_free(a);
}

static void health(void **state _unused_)
{
    struct ctx c = begin();
    struct db_health before, after;
    CHECK_OK(&c, db_health(&c, &before));
    CHECK_INT(count_parents(&c), 0);
    CHECK_INT(db_exec(&c, "wrong"), ERR_DB);
    CHECK_OK(&c, db_health(&c, &after));
    CHECK(after.up);
    CHECK(after.size_bytes > 0);
    CHECK(after.connections_used >= 1 && after.connections_used <= after.connections_max);
    CHECK_INT(after.queries - before.queries, 2);
    CHECK_INT(after.errors - before.errors, 1);
    CHECK_OK(&c, db_integrity_check(&c));
    store_end(&c);
}

/* ---- the change feed ---- */

static int note_changes(struct ctx *c, void *arg)
{
    TRY(db_change(c, "item", 1));
    TRY(db_change(c, "plan", 2));
    return arg ? ERR_INVALID : 0;
}

static int note_inner(struct ctx *c, void *arg _unused_)
{
    TRY(db_change(c, "item", 10));
    CHECK_INT(db_transaction(c, note_changes, "fail"), ERR_INVALID);
    return db_change(c, "item", 11);
}

static void changes_are_noted(void **state _unused_)
{
    struct ctx c = begin();
    struct db_change_row *rows;
    size_t n;
    CHECK_OK(&c, db_exec(&c, "DELETE FROM change"));
    CHECK_OK(&c, db_transaction(&c, note_changes, NULL));
    CHECK_OK(&c, db_changes(&c, 0, 100, &rows, &n));
    CHECK_INT(n, 2);
    CHECK_STR(rows[0].kind, S("item"));
    CHECK_INT(rows[1].object_id, 2);
    CHECK(rows[1].id > rows[0].id && rows[0].at > 1700000000);
    long long last = rows[1].id;
    CHECK_INT(db_transaction(&c, note_changes, "fail"), ERR_INVALID);
    CHECK_OK(&c, db_changes(&c, last, 100, &rows, &n));
    CHECK_INT(n, 0);
    CHECK_OK(&c, db_transaction(&c, note_inner, NULL));
    CHECK_OK(&c, db_changes(&c, last, 100, &rows, &n));
    CHECK_INT(n, 2);
    CHECK_INT(rows[1].object_id, 11);
    CHECK_OK(&c, db_changes(&c, last, 1, &rows, &n));
    CHECK_INT(n, 1);
    CHECK_INT(rows[0].object_id, 10);
    /* Ids do not come back after the last row is deleted. */
    CHECK_OK(&c, db_exec(&c, "DELETE FROM change"));
    CHECK_OK(&c, db_transaction(&c, note_changes, NULL));
    CHECK_OK(&c, db_changes(&c, last, 100, &rows, &n));
    CHECK_INT(n, 2);
    CHECK(rows[0].id > last + 2);
    store_end(&c);
}

TEST_MAIN(TEST(values_come_back), TEST(null_is_null), TEST(types_may_differ_between_calls),
          TEST(placeholders_in_any_order), TEST(numbers_of_expressions),
          TEST(injection_is_only_text), TEST(unusual_text_is_refused), TEST(nothing_found),
          TEST(changed_rows_are_counted), TEST(returning_works_everywhere), TEST(like_minds_case),
          TEST(too_many_rows), TEST(many_statements), TEST(conflicts), TEST(refusals),
          TEST(failure_rolls_back), TEST(others_see_it_after_the_commit),
          TEST(inner_failure_undoes_the_inner_part), TEST(deep_nesting),
          TEST(a_failed_statement_ends_the_transaction), TEST(a_failed_commit_rolls_back),
          TEST(a_copied_ctx_has_its_own_lease), TEST(a_ctx_lives_on_after_reset),
          TEST(an_empty_pool_is_busy), TEST(health), TEST(changes_are_noted))
