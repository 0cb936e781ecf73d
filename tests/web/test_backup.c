/* The daily copy: made, proven, noted, and old ones removed. */
#include "web.h"

#include "admin/admin_int.h"
#include "base/clock.h"
#include "base/file.h"
#include "db/db.h"

static struct web *w;

static int begin(void **state)
{
    (void)state;
    w = web_begin();
    return 0;
}

static int end(void **state)
{
    (void)state;
    web_end(w);
    return 0;
}

static struct ctx call(void)
{
    struct ctx c = w->app.ctx;
    c.arena = arena_new();
    c.lease = NULL;
    return c;
}

static str folder_of(struct ctx *c)
{
    return str_fmt(c->arena, "%s/backup", str_z(c->arena, config_text(c->config, "data")));
}

static void write_file(struct ctx *c, const char *name)
{
    CHECK_OK(c, file_write(c, str_fmt(c->arena, "%s/%s", folder_of(c).ptr, name), S("old")));
}

static void the_whole_program_comes_back(void **state)
{
    (void)state;
    struct ctx c = call();
    struct admin_backup last;
    long long proven;
    long long before = clock_now();
    CHECK_OK(&c, admin_store_last_backup(&c, &last, &proven));
    CHECK(!proven && !last.made_at);
    CHECK_OK(&c, file_make_dirs(&c, folder_of(&c)));
    for (int i = 1; i <= 8; i++)
        write_file(&c, str_fmt(c.arena, "aanjager-2020010%dT000000Z.db", i).ptr);
    write_file(&c, "eigen.db");
    CHECK_OK(&c, admin_make_backup(&c, S("")));
    CHECK_OK(&c, admin_store_last_backup(&c, &last, &proven));
    CHECK(proven >= before && last.made_at >= before && last.row_count > 1000);
    CHECK(file_exists(&c, last.file));
    CHECK_STR(last.failure, S(""));
    /* Seven stay, the new one among them; what is not ours stays too. */
    str *names;
    size_t count;
    CHECK_OK(&c, file_list(&c, folder_of(&c), S(".db"), 100, &names, &count));
    CHECK_INT(count, 8);
    CHECK_STR(names[0], S("aanjager-20200103T000000Z.db"));
    CHECK_STR(names[7], S("eigen.db"));
    arena_free(c.arena);
}

static void a_failure_is_noted_and_told(void **state)
{
    (void)state;
    struct ctx c = call();
    struct admin_backup last;
    long long proven;
    CHECK_OK(&c, file_remove_tree(&c, folder_of(&c)));
    CHECK_OK(&c, file_write(&c, folder_of(&c), S("a file where the folder should be")));
    CHECK(admin_make_backup(&c, S("")) < 0);
    CHECK_OK(&c, admin_store_last_backup(&c, &last, &proven));
    CHECK(last.failure.len > 0 && !last.proven_at);
    arena_free(c.arena);
}

/* As at the command line: the first of the feature's verbs makes a copy. */
static void a_folder_that_is_not_there_is_named(void **state)
{
    (void)state;
    struct ctx c = call();
    const char *path = "/bestaat/niet/kopie.db";
    CHECK_INT(admin_commands[0].run(&c, 1, &path), ERR_INVALID);
    CHECK_STR(c.err.msg,
              S("De map \"/bestaat/niet/\" is er niet. Maak de map of kies een andere."));
    arena_free(c.arena);
}

TEST_MAIN_WITH(begin, end, TEST(the_whole_program_comes_back), TEST(a_failure_is_noted_and_told),
               TEST(a_folder_that_is_not_there_is_named))
