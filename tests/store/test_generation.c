/* The generation of public content: at once for commits of this process, on a look for those of
   others. What is kept of pages and values depends on it. */
#include "store.h"

#include "base/file.h"
#include "base/random.h"
#include "base/snapshot.h"

static int note(struct ctx *c, void *arg)
{
    int code = *(const int *)arg;
    TRY(db_change(c, "item", 7));
    return code ? err_set(c, code, "Dit ging mis.") : 0;
}

static int nothing(struct ctx *c, void *arg _unused_)
{
    long long one;
    return db_get_int(c, &one, "SELECT 1");
}

static void a_commit_with_changes_is_another_generation(void **state)
{
    (void)state;
    struct ctx *c = store_ctx();
    int well = 0;
    long long before = db_generation(c);
    CHECK_OK(c, db_transaction(c, nothing, NULL));
    CHECK_INT(db_generation(c), before);
    CHECK_OK(c, db_transaction(c, note, &well));
    CHECK(db_generation(c) != before);
}

static void a_look_sees_the_commits_of_another_process(void **state)
{
    (void)state;
    struct ctx a = {.arena = arena_new()}, b = {.arena = arena_new()};
    str folder = str_fmt(a.arena, "/tmp/aanjager-generation-%s", random_hex(a.arena, 8).ptr);
    str url = store_is_postgres() ? store_new_url(a.arena)
                                  : str_fmt(a.arena, "sqlite:%s/a.db", folder.ptr);
    int well = 0, ill = ERR_CONFLICT;
    CHECK_OK(&a, file_make_dirs(&a, folder));
    a.pool = store_pool(url, 4, 5000);
    b.pool = store_pool(url, 4, 5000);
    static const struct migration feed[] = {{1, "change_feed",
                                             "CREATE TABLE change (id @id, kind TEXT NOT NULL, "
                                             "object_id BIGINT NOT NULL, at BIGINT NOT "
                                             "NULL);"}};
    CHECK_OK(&a, db_migrate(&a, feed, 1));
    CHECK_OK(&b, db_generation_look(&b));
    long long before = db_generation(&b);
    CHECK_OK(&b, db_generation_look(&b));
    CHECK_INT(db_generation(&b), before);
    CHECK_INT(db_transaction(&a, note, &ill), ERR_CONFLICT);
    CHECK_OK(&b, db_generation_look(&b));
    CHECK_INT(db_generation(&b), before);
    CHECK_OK(&a, db_transaction(&a, note, &well));
    CHECK_OK(&b, db_generation_look(&b));
    CHECK(db_generation(&b) != before);
    db_lease_release(&a);
    db_lease_release(&b);
    CHECK_OK(&a, file_remove_tree(&a, folder));
    arena_free(a.arena);
    arena_free(b.arena);
}

/* ---- values made from the database ---- */

static int count_changes(struct ctx *c, const void *arg _unused_, void **ret)
{
    long long *n = arena_new_of(c->arena, long long);
    TRY(db_get_int(c, n, "SELECT COUNT(*) FROM change"));
    *ret = n;
    return 0;
}

static long long counted(struct ctx *c)
{
    void *n = NULL;
    CHECK_OK(c, db_snapshot(c, "changes", count_changes, NULL, &n));
    return *(long long *)n;
}

static int note_and_count(struct ctx *c, void *arg)
{
    long long *ret = arg;
    TRY(db_exec(c, "INSERT INTO change (kind, object_id, at) VALUES ('x', 1, 1)"));
    *ret = counted(c);
    return 0;
}

static void a_snapshot_follows_the_generation(void **state)
{
    (void)state;
    struct ctx c = store_begin();
    struct snapshots *s = snapshots_new();
    struct ctx other = store_begin();
    int well = 0;
    c.snapshots = other.snapshots = s;
    long long before = counted(&c);
    CHECK_OK(&c, db_exec(&c, "INSERT INTO change (kind, object_id, at) VALUES ('x', 1, 1)"));
    CHECK_INT(counted(&other), before); /* nobody said that something changed */
    CHECK_OK(&c, db_transaction(&c, note, &well));
    CHECK_INT(counted(&other), before + 2);
    long long inside = 0;
    CHECK_OK(&c, db_transaction(&c, note_and_count, &inside));
    CHECK_INT(inside, before + 3); /* a transaction sees its own rows */
    CHECK_INT(counted(&other), before + 2);
    store_end(&other);
    store_end(&c);
    snapshots_free(s);
}

TEST_MAIN(TEST(a_commit_with_changes_is_another_generation),
          TEST(a_look_sees_the_commits_of_another_process), TEST(a_snapshot_follows_the_generation))
