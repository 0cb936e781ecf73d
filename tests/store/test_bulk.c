/* Bulk data: staged, switched, abandoned. */
#include "store.h"

#include <pthread.h>
#include <stdatomic.h>

#include "base/clock.h"

enum { ROWS = 100000 };

static const char *const columns[] = {"code", "name", "amount", "raw"};

static struct ctx begin(void)
{
    static bool made;
    struct ctx c = store_begin();
    if (!made && db_is_postgres(&c))
        CHECK_OK(&c,
                 db_exec(&c, "CREATE TABLE fact (version BIGINT NOT NULL, code BIGINT NOT NULL, "
                             "name TEXT, amount DOUBLE PRECISION, raw BYTEA, "
                             "PRIMARY KEY (version, code))"));
    else if (!made)
        CHECK_OK(&c,
                 db_exec(&c, "CREATE TABLE fact (version BIGINT NOT NULL, code BIGINT NOT NULL, "
                             "name TEXT, amount DOUBLE PRECISION, raw BLOB, "
                             "PRIMARY KEY (version, code))"));
    made = true;
    CHECK_OK(&c, db_exec(&c, "DELETE FROM fact"));
    CHECK_OK(&c, db_exec(&c, "DELETE FROM dataset"));
    return c;
}

static int add_row(struct ctx *c, struct db_bulk *b, long long code)
{
    struct db_value values[] = {db_of_int(code), db_of_z("gemeente"),
                                db_of_double((double)code / 4), DB_NULL};
    return db_bulk_row(c, b, values);
}

static struct db_bulk *load(struct ctx *c, int rows)
{
    struct db_bulk *b = NULL;
    CHECK_OK(c, db_bulk_begin(c, "facts", "fact", columns, COUNT_OF(columns), &b));
    for (int i = 0; i < rows; i++)
        CHECK_OK(c, add_row(c, b, i));
    return b;
}

static long long visible(struct ctx *c)
{
    long long n = -1;
    CHECK_OK(c, db_get_int(c, &n,
                           "SELECT COUNT(*) FROM fact f JOIN dataset d ON d.version = f.version "
                           "WHERE d.name = 'facts'"));
    return n;
}

static long long stored(struct ctx *c)
{
    long long n = -1;
    CHECK_OK(c, db_get_int(c, &n, "SELECT COUNT(*) FROM fact"));
    return n;
}

static long long version(struct ctx *c)
{
    long long n = -1;
    CHECK_OK(c, db_dataset_version(c, "facts", &n));
    return n;
}

static void nothing_shows_before_the_switch(void **state _unused_)
{
    struct ctx c = begin();
    CHECK_INT(version(&c), 0);
    struct db_bulk *b = load(&c, 2500);
    CHECK(stored(&c) >= 2000);
    CHECK_INT(visible(&c), 0);
    CHECK_INT(version(&c), 0);
    CHECK_OK(&c, db_bulk_publish(&c, b));
    CHECK_INT(visible(&c), 2500);
    CHECK_INT(version(&c), 1);
    CHECK_INT(add_row(&c, b, 1), ERR_INTERNAL);
    b = load(&c, 10);
    CHECK_INT(visible(&c), 2500);
    CHECK_OK(&c, db_bulk_publish(&c, b));
    CHECK_INT(visible(&c), 10);
    CHECK_INT(version(&c), 2);
    CHECK_INT(stored(&c), 10);
    store_end(&c);
}

struct fact {
    long long code;
    str name, raw;
    double amount;
};

static void values_come_through(void **state _unused_)
{
    static const struct db_field fields[] = {
        {"code", DB_INT, offsetof(struct fact, code)},
        {"name", DB_STR, offsetof(struct fact, name)},
        {"amount", DB_DOUBLE, offsetof(struct fact, amount)},
        {"raw", DB_BLOB, offsetof(struct fact, raw)},
    };
    struct ctx c = begin();
    struct db_bulk *b;
    struct fact *f;
    size_t n;
    str text = S("tab\t new\nline \\N \\. caf\xC3\xA9 \r end\\"), raw = str_of("\0\\\n\xFF", 4);
    struct db_value full[] = {db_of_int(-5), db_of_str(text), db_of_double(0.1), db_blob(raw)};
    struct db_value empty[] = {db_of_int(6), db_of_z(""), db_of_double(-1e-300), db_blob(S(""))};
    struct db_value none[] = {db_of_int(7), db_of_str(str_of(NULL, 0)), DB_NULL, DB_NULL};
    CHECK_OK(&c, db_bulk_begin(&c, "facts", "fact", columns, COUNT_OF(columns), &b));
    CHECK_OK(&c, db_bulk_row(&c, b, full));
    CHECK_OK(&c, db_bulk_row(&c, b, empty));
    CHECK_OK(&c, db_bulk_row(&c, b, none));
    CHECK_OK(&c, db_bulk_publish(&c, b));
    CHECK_OK(&c,
             db_all(&c, fields, &f, &n, "SELECT code, name, amount, raw FROM fact ORDER BY code"));
    CHECK_INT(n, 3);
    CHECK_INT(f[0].code, -5);
    CHECK_STR(f[0].name, text);
    CHECK_STR(f[0].raw, raw);
    CHECK(f[0].amount == 0.1 && f[1].amount == -1e-300);
    CHECK(f[1].name.ptr && f[1].name.len == 0 && f[1].raw.ptr && f[1].raw.len == 0);
    CHECK(!f[2].name.ptr && !f[2].raw.ptr);
    store_end(&c);
}

static void the_next_cleans_up_after_a_crash(void **state _unused_)
{
    struct ctx c = begin();
    CHECK_OK(&c, db_bulk_publish(&c, load(&c, 100)));
    (void)load(&c, 3000); /* and no more is heard of it */
    CHECK(stored(&c) > 2000);
    struct db_bulk *b = load(&c, 0);
    CHECK_INT(stored(&c), 100);
    CHECK_INT(visible(&c), 100);
    CHECK_OK(&c, add_row(&c, b, 1));
    CHECK_OK(&c, db_bulk_publish(&c, b));
    CHECK_INT(visible(&c), 1);
    CHECK_INT(stored(&c), 1);
    store_end(&c);
}

static void abandon_drops_what_was_staged(void **state _unused_)
{
    struct ctx c = begin();
    CHECK_OK(&c, db_bulk_publish(&c, load(&c, 5)));
    struct db_bulk *b = load(&c, 2200);
    CHECK_OK(&c, db_bulk_abandon(&c, b));
    CHECK_INT(stored(&c), 5);
    CHECK_INT(visible(&c), 5);
    CHECK_INT(db_bulk_publish(&c, b), ERR_INTERNAL);
    store_end(&c);
}

static void who_was_overtaken_stops(void **state _unused_)
{
    struct ctx c = begin();
    struct db_bulk *slow = load(&c, 1500), *quick = load(&c, 3);
    CHECK_INT(db_bulk_publish(&c, slow), ERR_CONFLICT);
    CHECK(c.err.msg.len > 0);
    CHECK_OK(&c, db_bulk_publish(&c, quick));
    CHECK_INT(visible(&c), 3);
    CHECK_OK(&c, db_bulk_abandon(&c, slow));
    CHECK_INT(visible(&c), 3);
    CHECK_INT(stored(&c), 3);
    store_end(&c);
}

static void wrong_rows_are_refused(void **state _unused_)
{
    struct ctx c = begin();
    const char *const evil[] = {"code) VALUES (1); --"};
    struct db_bulk *b;
    CHECK_INT(db_bulk_begin(&c, "facts", "fact", evil, 1, &b), ERR_INTERNAL);
    CHECK_INT(db_bulk_begin(&c, "facts", "fact; DROP TABLE fact", columns, 1, &b), ERR_INTERNAL);
    b = load(&c, 3);
    CHECK_OK(&c, add_row(&c, b, 1));
    CHECK_INT(db_bulk_publish(&c, b), ERR_CONFLICT); /* code 1 twice */
    CHECK_INT(visible(&c), 0);
    CHECK_OK(&c, db_bulk_abandon(&c, b));
    struct db_value bad[] = {db_of_int(1), db_of_str(S("\xFF")), DB_NULL, DB_NULL};
    b = load(&c, 3);
    CHECK_INT(db_bulk_row(&c, b, bad), ERR_INVALID);
    CHECK_OK(&c, db_bulk_publish(&c, b));
    CHECK_INT(visible(&c), 3);
    store_end(&c);
}

/* ---- others keep working ---- */

struct writer {
    _Atomic bool end;
    _Atomic int writes, reads, wrong;
    long long longest_us;
};

static void write_and_read_once(struct writer *w)
{
    struct ctx c = store_begin();
    long long begun = clock_monotonic_us();
    if (db_exec(&c, "UPDATE other SET n = n + 1") == 0)
        w->writes++;
    else
        w->wrong++;
    long long took = clock_monotonic_us() - begun;
    if (took > w->longest_us)
        w->longest_us = took;
    long long n = visible(&c);
    w->reads++;
    w->wrong += n != 50 && n != ROWS;
    store_end(&c);
}

static void *write_meanwhile(void *arg)
{
    struct writer *w = arg;
    while (!w->end)
        write_and_read_once(w);
    return NULL;
}

static void others_keep_writing(void **state _unused_)
{
    struct ctx c = begin();
    struct writer w = {0};
    pthread_t thread;
    CHECK_OK(&c, db_exec(&c, "CREATE TABLE other (n BIGINT NOT NULL)"));
    CHECK_OK(&c, db_exec(&c, "INSERT INTO other VALUES (0)"));
    CHECK_OK(&c, db_bulk_publish(&c, load(&c, 50)));
    CHECK_INT(pthread_create(&thread, NULL, write_meanwhile, &w), 0);
    long long begun = clock_monotonic_us();
    struct db_bulk *b = load(&c, ROWS);
    CHECK_OK(&c, db_bulk_publish(&c, b));
    long long took = clock_monotonic_us() - begun;
    w.end = true;
    CHECK_INT(pthread_join(thread, NULL), 0);
    print_message("# %d rows in %lld ms; %d writes meanwhile, the longest %lld ms\n", (int)ROWS,
                  took / 1000, w.writes, w.longest_us / 1000);
    CHECK_INT(w.wrong, 0);
    CHECK(w.writes >= 5);
    CHECK(w.longest_us < 2000000);
    CHECK_INT(visible(&c), ROWS);
    store_end(&c);
}

TEST_MAIN(TEST(nothing_shows_before_the_switch), TEST(values_come_through),
          TEST(the_next_cleans_up_after_a_crash), TEST(abandon_drops_what_was_staged),
          TEST(who_was_overtaken_stops), TEST(wrong_rows_are_refused), TEST(others_keep_writing))
