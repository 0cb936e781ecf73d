/* The daily copy: made, proven, noted, and old ones removed. */
#include "web.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

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
    struct ctx c = web_call(w);
    struct admin_backup last;
    long long proven;
    long long before = clock_now();
    CHECK_OK(&c, admin_store_last_backup(&c, &last, &proven));
    CHECK(!proven && !last.made_at);
    CHECK_OK(&c, file_make_dirs(&c, folder_of(&c)));
    for (int i = 1; i <= 8; i++)
        write_file(&c, str_fmt(c.arena, "aanjager-2020010%dT000000Z.db", i).ptr);
    write_file(&c, "eigen.db");
    write_file(&c, "aanjager-2020-voor-de-verhuizing.db");
    write_file(&c, "aanjager-20200109T000000Z.db.deel"); /* the program ended in the middle */
    write_file(&c, "aanjager-20200109T000000Z.db.deel-journal");
    CHECK_OK(&c, admin_make_backup(&c, S("")));
    CHECK_OK(&c, admin_store_last_backup(&c, &last, &proven));
    CHECK(proven >= before && last.made_at >= before && last.row_count > 1000);
    CHECK(file_exists(&c, last.file));
    CHECK_STR(last.failure, S(""));
    /* Seven stay, the new one among them; what is not ours stays too. */
    str *names;
    size_t count;
    CHECK_OK(&c, file_list(&c, folder_of(&c), S(".db"), 100, &names, &count));
    CHECK_INT(count, 9);
    CHECK_STR(names[0], S("aanjager-2020-voor-de-verhuizing.db"));
    CHECK_STR(names[1], S("aanjager-20200103T000000Z.db"));
    CHECK_STR(names[8], S("eigen.db"));
    CHECK_OK(&c, file_list(&c, folder_of(&c), S(""), 100, &names, &count));
    CHECK_INT(count, 9);
    arena_free(c.arena);
}

/* Each try makes a whole copy: those of many days must not fill the disk, nor push out one that can
 * be put back. */
static void what_cannot_be_put_back_does_not_pile_up(void **state)
{
    (void)state;
    if (db_is_postgres(&w->app.ctx))
        return; /* TMPDIR is where SQLite tries; what follows is the same */
    struct ctx c = web_call(w);
    struct admin_backup last;
    long long proven;
    str *names;
    size_t count;
    for (int i = 1; i <= 8; i++)
        write_file(&c, str_fmt(c.arena, "aanjager-2019010%dT000000Z-onbewezen.db", i).ptr);
    CHECK_OK(&c, file_list(&c, folder_of(&c), S("Z.db"), 100, &names, &count));
    /* The one of the test before may be of this same second, and then has the name that is wanted.
     */
    CHECK(count > 0);
    CHECK_OK(&c, file_remove_tree(&c, str_fmt(c.arena, "%s/%s", folder_of(&c).ptr,
                                              str_z(c.arena, names[count - 1]))));
    size_t before = count - 1;
    const char *kept = getenv("TMPDIR");
    str folder = str_from(kept ? kept : "/tmp");
    CHECK_INT(setenv("TMPDIR", "/not/there", 1), 0);
    int code = admin_make_backup(&c, S(""));
    CHECK_INT(setenv("TMPDIR", folder.ptr, 1), 0);
    CHECK(code < 0);
    CHECK_OK(&c, admin_store_last_backup(&c, &last, &proven));
    CHECK(str_ends(last.file, S("Z-onbewezen.db")) && file_exists(&c, last.file));
    CHECK_OK(&c, file_list(&c, folder_of(&c), S("-onbewezen.db"), 100, &names, &count));
    CHECK_INT(count, 7);
    CHECK_OK(&c, file_list(&c, folder_of(&c), S("Z.db"), 100, &names, &count));
    CHECK_INT(count, before);
    arena_free(c.arena);
}

static void a_failure_is_noted_and_told(void **state)
{
    (void)state;
    struct ctx c = web_call(w);
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
    struct ctx c = web_call(w);
    const char *path = "/bestaat/niet/kopie.db";
    CHECK_INT(admin_commands[0].run(&c, 1, &path), ERR_INVALID);
    CHECK_STR(c.err.msg,
              S("De map \"/bestaat/niet/\" is er niet. Maak de map of kies een andere."));
    arena_free(c.arena);
}

/* The settings of a program whose data are in this folder. */
static struct ctx program_in(struct ctx *c, str folder)
{
    const char *argv[] = {"--data", folder.ptr, "--database",
                          str_fmt(c->arena, "sqlite:%s/aanjager.db", folder.ptr).ptr, NULL};
    int argc = COUNT_OF(argv) - 1;
    struct app *app = arena_new_of(c->arena, struct app);
    app->arena = app->ctx.arena = c->arena;
    CHECK_OK(c, app_settings(app, &argc, argv));
    return app->ctx;
}

/* What it prints would stand between the lines of the test's own report. */
static int restore_quietly(struct ctx *c, const char *const *argv)
{
    (void)fflush(stdout);
    int kept = dup(STDOUT_FILENO), nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
    CHECK(kept >= 0 && nowhere >= 0 && dup2(nowhere, STDOUT_FILENO) >= 0);
    int code = app_restore(c, 1, argv);
    (void)fflush(stdout);
    CHECK(dup2(kept, STDOUT_FILENO) >= 0);
    (void)close(kept);
    (void)close(nowhere);
    return code;
}

/* SQLite would read what stands in the log of another database as changes of this one. */
static void is_not_put_back_beside_the_log_of_another(void **state)
{
    static const char *const logs[] = {"-wal", "-journal"};
    (void)state;
    struct ctx c = web_call(w);
    struct admin_copied copied;
    str folder = str_fmt(c.arena, "%s/elders", config_text(c.config, "data").ptr);
    str copy = str_fmt(c.arena, "%s/kopie", folder.ptr), database;
    const char *argv[] = {copy.ptr};
    CHECK_OK(&c, file_make_dirs(&c, folder));
    CHECK_OK(&c, admin_store_backup(&c, copy, &copied));
    struct ctx other = program_in(&c, folder);
    database = str_fmt(c.arena, "%s/aanjager.db", folder.ptr);
    for (size_t i = 0; i < COUNT_OF(logs); i++) {
        str log = str_fmt(c.arena, "%s%s", database.ptr, logs[i]);
        CHECK_OK(&c, file_write(&c, log, S("of another database")));
        CHECK_INT(restore_quietly(&other, argv), ERR_CONFLICT);
        CHECK(str_find(other.err.msg, str_from(logs[i])) != STR_NONE);
        CHECK(!file_exists(&c, database) && file_exists(&c, log));
        CHECK_OK(&c, file_remove_tree(&c, log));
    }
    CHECK_OK(&other, restore_quietly(&other, argv));
    CHECK(file_exists(&c, database));
    CHECK_INT(restore_quietly(&other, argv), ERR_CONFLICT);
    arena_free(c.arena);
}

TEST_MAIN_WITH(begin, end, TEST(the_whole_program_comes_back),
               TEST(what_cannot_be_put_back_does_not_pile_up), TEST(a_failure_is_noted_and_told),
               TEST(a_folder_that_is_not_there_is_named),
               TEST(is_not_put_back_beside_the_log_of_another))
