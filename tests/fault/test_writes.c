/* All that writes, with each allocation, query and file write failing in turn: what was asked is
   done wholly or not at all. */
#include "loop.h"

#include "base/clock.h"
#include "base/file.h"
#include "jobs/jobs.h"
#include "library/library_int.h"

static struct web *w;

#define ITEM(slug, text)                                                                           \
    "---\nslug: " slug "\ntitle: Proef\ntype: werkwijze\nsummary: Een proef.\n"                    \
    "phases: [\"5\"]\nbottlenecks: [PRO]\nthemes: [grond]\nactors: [planoloog]\n"                  \
    "sources:\n  - title: Bron\nlicence: CC-BY-4.0\ncertainty: opgezocht\n"                        \
    "evidence: onvoldoende\n---\n" text "\n"

/* ---- shared ---- */

/* What a run tells: its code, and whether it left words for the user. */
struct told {
    int code;
    bool words;
};

static struct told told(const struct ctx *c, int code)
{
    return (struct told){code, code == 0 || err_words(&c->err).len > 0};
}

static long long number(struct web *web, const char *sql, const char *text)
{
    struct ctx c = ctx_child(&web->app.ctx);
    struct db_value args[] = {db_of_z(text)};
    long long n = -1;
    CHECK_OK(&c, db_get_int_(&c, &n, sql, args, text ? 1 : 0));
    arena_free(c.arena);
    return n;
}

static void execute(struct web *web, const char *sql)
{
    struct ctx c = ctx_child(&web->app.ctx);
    CHECK_OK(&c, db_exec_(&c, NULL, sql, NULL, 0));
    arena_free(c.arena);
}

/* From what was told and how much of the work is there: of `all` steps none or all. */
static enum loop_outcome outcome(struct told t, long long done, long long all)
{
    if (!t.words || (done != 0 && done != all))
        return LOOP_WRONG;
    if (t.code == 0)
        return done == all ? LOOP_RIGHT : LOOP_WRONG;
    if (t.code != ERR_BUSY && t.code != ERR_DB && t.code != ERR_INTERNAL)
        return LOOP_WRONG;
    return done == all ? LOOP_UNSURE : LOOP_CLEAN;
}

/* The commands print; a test program's output is its report. */
static int quietly(struct web *web, const char *verb, const char *const *argv, int argc,
                   struct told *ret)
{
    static FILE *nowhere;
    struct ctx c = web->app.ctx;
    c.arena = web->page;
    c.lease = NULL;
    if (!nowhere)
        nowhere = fopen("/dev/null", "w");
    FILE *out = stdout, *err = stderr;
    stdout = stderr = nowhere;
    int code = ERR_INTERNAL;
    for (size_t i = 0; i < LIBRARY_COMMAND_COUNT; i++)
        if (strcmp(library_commands[i].name, verb) == 0)
            code = library_commands[i].run(&c, argc, argv);
    stdout = out;
    stderr = err;
    if (code == 0 && arena_strained(c.arena))
        code = err_memory(&c, "a command"); /* as app/command.c does */
    *ret = told(&c, code);
    arena_reset(web->page);
    return code;
}

/* ---- the library: import, save, rename, restore ---- */

struct library_run {
    struct told told;
    int turn; /* texts differ from run to run, so that each save makes a version */
    const char *folder;
    long long revisions, changes;
};

static void write_files(struct web *web, struct library_run *r)
{
    struct ctx c = ctx_child(&web->app.ctx);
    CHECK_OK(&c, file_make_dirs(&c, str_from(r->folder)));
    for (int i = 0; i < 3; i++) {
        str path = str_fmt(c.arena, "%s/fout-%d.md", r->folder, i);
        str slug = str_fmt(c.arena, "fout-%d", i);
        str text = str_fmt(c.arena,
                           "---\nslug: %s\ntitle: Proef %d\ntype: werkwijze\nsummary: Een proef.\n"
                           "phases: [\"5\"]\nbottlenecks: [PRO]\nthemes: [grond]\n"
                           "actors: [planoloog]\nsources:\n  - title: Bron\nlicence: CC-BY-4.0\n"
                           "certainty: opgezocht\nevidence: onvoldoende\n---\n"
                           "Zie [dit](/kennisbank/fout-0). Beurt %d.\n",
                           slug.ptr, i, r->turn);
        CHECK_OK(&c, file_write(&c, path, text));
    }
    arena_free(c.arena);
}

static void count_library(struct web *web, struct library_run *r)
{
    r->revisions = number(web, "SELECT COUNT(*) FROM item_revision", NULL);
    r->changes = number(web, "SELECT COUNT(*) FROM change", NULL);
}

static void import_begin(struct web *web, void *arg)
{
    struct library_run *r = arg;
    r->turn++;
    write_files(web, r);
    count_library(web, r);
}

static void import_run(struct web *web, void *arg)
{
    struct library_run *r = arg;
    IGNORE(quietly(web, "library import", &r->folder, 1, &r->told));
}

/* Each of `all` saved items has its version and its note in the change feed, or none has. */
static enum loop_outcome library_judge(struct web *web, struct library_run *r, long long all)
{
    struct library_run was = *r;
    count_library(web, r);
    if (r->changes - was.changes != r->revisions - was.revisions)
        return LOOP_WRONG;
    return outcome(r->told, r->revisions - was.revisions, all);
}

static enum loop_outcome import_judge(struct web *web, void *arg)
{
    return library_judge(web, arg, 3);
}

static void importing(void **state _unused_)
{
    struct library_run r = {0};
    r.folder = str_fmt(w->app.arena, "%s/import", w->folder.ptr).ptr;
    loop_run(w, &(struct loop_work){.name = "library import",
                                    .begin = import_begin,
                                    .run = import_run,
                                    .judge = import_judge,
                                    .arg = &r});
}

static int save_body(struct ctx *c, void *arg)
{
    struct item item;
    enum library_saved saved;
    TRY(library_document_read(c, NULL, str_from(arg), &item));
    return library_store_save(c, &item, S("Test"), S("Test"), &saved);
}

static void save(struct web *web, const char *document)
{
    struct ctx c = ctx_child(&web->app.ctx);
    CHECK_OK(&c, library_store_transaction(&c, save_body, (void *)(uintptr_t)document));
    arena_free(c.arena);
}

static void rename_begin(struct web *web, void *arg)
{
    struct library_run *r = arg;
    save(web, ITEM("fout-naam", "Tekst."));
    count_library(web, r);
}

static void rename_run(struct web *web, void *arg)
{
    static const char *const argv[] = {"fout-naam", "fout-nieuwe-naam"};
    struct library_run *r = arg;
    IGNORE(quietly(web, "library rename", argv, 2, &r->told));
}

/* And back to how it was, for the next run. */
static enum loop_outcome rename_judge(struct web *web, void *arg)
{
    static const char *const back[] = {"fout-nieuwe-naam", "fout-naam"};
    enum loop_outcome result = library_judge(web, arg, 1);
    long long there = number(web, "SELECT COUNT(*) FROM item WHERE slug = $1", "fout-nieuwe-naam");
    long long redirect =
        number(web, "SELECT COUNT(*) FROM item_former_slug WHERE slug = $1", "fout-naam");
    struct told t;
    if (there != redirect)
        return LOOP_WRONG;
    if (there)
        CHECK_INT(quietly(web, "library rename", back, 2, &t), 0);
    return result;
}

static void renaming(void **state _unused_)
{
    struct library_run r = {0};
    loop_run(w, &(struct loop_work){.name = "library rename",
                                    .begin = rename_begin,
                                    .run = rename_run,
                                    .judge = rename_judge,
                                    .arg = &r});
}

static void restore_begin(struct web *web, void *arg)
{
    struct library_run *r = arg;
    save(web, ITEM("fout-terug", "Eerst dit."));
    save(web, ITEM("fout-terug", "Daarna dat."));
    count_library(web, r);
}

static void restore_run(struct web *web, void *arg)
{
    static const char *const argv[] = {"fout-terug", "1"};
    struct library_run *r = arg;
    IGNORE(quietly(web, "library restore", argv, 2, &r->told));
}

static enum loop_outcome restore_judge(struct web *web, void *arg)
{
    return library_judge(web, arg, 1);
}

static void restoring(void **state _unused_)
{
    struct library_run r = {0};
    loop_run(w, &(struct loop_work){.name = "library restore",
                                    .begin = restore_begin,
                                    .run = restore_run,
                                    .judge = restore_judge,
                                    .arg = &r});
}

/* ---- a transaction with a change, with new connections each time ---- */

struct note_run {
    struct told told;
    long long rows, changes;
};

static int note_body(struct ctx *c, void *arg _unused_)
{
    TRY(db_exec(c, "INSERT INTO fault_note (text) VALUES ($1)", S("genoteerd")));
    TRY(db_exec(c, "UPDATE fault_note SET text = 'genoteerd en nagezien'"));
    return db_change(c, "fault", 1);
}

static void count_notes(struct web *web, struct note_run *r)
{
    r->rows = number(web, "SELECT COUNT(*) FROM fault_note", NULL);
    r->changes = number(web, "SELECT COUNT(*) FROM change WHERE kind = 'fault'", NULL);
}

static void note_begin(struct web *web, void *arg)
{
    count_notes(web, arg);
}

static void note_run(struct web *web, void *arg)
{
    struct note_run *r = arg;
    struct ctx c = web->app.ctx;
    c.arena = web->page;
    c.lease = NULL;
    r->told = told(&c, db_transaction(&c, note_body, NULL));
    arena_reset(web->page);
}

static enum loop_outcome note_judge(struct web *web, void *arg)
{
    struct note_run *r = arg, was = *r;
    count_notes(web, r);
    if (r->rows - was.rows != r->changes - was.changes)
        return LOOP_WRONG;
    return outcome(r->told, r->rows - was.rows, 1);
}

static void noting(void **state _unused_)
{
    struct note_run r = {0};
    struct loop_work work = {.name = "transaction",
                             .begin = note_begin,
                             .run = note_run,
                             .judge = note_judge,
                             .arg = &r};
    loop_run(w, &work);
    work.name = "transaction on new connections";
    work.cold = true;
    loop_run(w, &work);
}

/* ---- jobs: putting one in the queue, and running it ---- */

struct job_run {
    struct told told;
    size_t done;
    long long rows;
};

static int count_once(struct ctx *c, str argument)
{
    return db_exec(c, "INSERT INTO fault_done (name) VALUES ($1) ON CONFLICT (name) DO NOTHING",
                   argument);
}

static const struct job_kind job_kinds[] = {{"fault", count_once, 100000, 0, "Counts once."}};

static void job_begin(struct web *web, void *arg _unused_)
{
    execute(web, "DELETE FROM job");
    execute(web, "DELETE FROM fault_done");
}

static void add_run(struct web *web, void *arg)
{
    struct job_run *r = arg;
    struct ctx c = web->app.ctx;
    c.arena = web->page;
    c.lease = NULL;
    r->told = told(&c, jobs_add(&c, "fault", S("een"), 0, S("sleutel")));
    arena_reset(web->page);
}

static enum loop_outcome add_judge(struct web *web, void *arg)
{
    struct job_run *r = arg;
    return outcome(r->told, number(web, "SELECT COUNT(*) FROM job WHERE state = 0", NULL), 1);
}

static void run_begin(struct web *web, void *arg)
{
    struct ctx c = ctx_child(&web->app.ctx);
    job_begin(web, arg);
    CHECK_OK(&c, jobs_add(&c, "fault", S("een"), 0, S("")));
    arena_free(c.arena);
}

static void run_run(struct web *web, void *arg)
{
    struct job_run *r = arg;
    struct ctx c = web->app.ctx;
    c.arena = web->page;
    c.lease = NULL;
    r->done = 0;
    r->told = told(&c, jobs_run_due(&c, job_kinds, COUNT_OF(job_kinds), &r->done));
    arena_reset(web->page);
}

/* Either it is done and gone, or it is still in the queue, to be run again. Once its lease is over
   that does the work. */
static enum loop_outcome run_judge(struct web *web, void *arg)
{
    struct job_run *r = arg;
    long long waiting = number(web, "SELECT COUNT(*) FROM job WHERE state < 2", NULL);
    long long done = number(web, "SELECT COUNT(*) FROM fault_done", NULL);
    if (!r->told.words || waiting + done < 1 || waiting > 1)
        return LOOP_WRONG;
    if (!waiting)
        return done == 1 && r->told.code == 0 ? LOOP_RIGHT : done == 1 ? LOOP_CLEAN : LOOP_WRONG;
    execute(web, "UPDATE job SET lease_until = 0, run_at = 0");
    run_run(web, arg);
    waiting = number(web, "SELECT COUNT(*) FROM job", NULL);
    done = number(web, "SELECT COUNT(*) FROM fault_done", NULL);
    return waiting == 0 && done == 1 ? LOOP_CLEAN : LOOP_WRONG;
}

static void jobs(void **state _unused_)
{
    struct job_run r = {0};
    loop_run(w, &(struct loop_work){.name = "adding a job",
                                    .begin = job_begin,
                                    .run = add_run,
                                    .judge = add_judge,
                                    .arg = &r});
    loop_run(w, &(struct loop_work){.name = "running a job",
                                    .begin = run_begin,
                                    .run = run_run,
                                    .judge = run_judge,
                                    .arg = &r});
}

/* ---- bulk data ---- */

struct bulk_run {
    struct told told;
    long long version;
};

static int load(struct ctx *c)
{
    static const char *const columns[] = {"code", "name"};
    struct db_bulk *b;
    TRY(db_bulk_begin(c, "fault", "fault_fact", columns, COUNT_OF(columns), &b));
    for (int i = 0; i < 20; i++) {
        struct db_value values[] = {db_of_int(i), db_of_z("gemeente")};
        TRY(db_bulk_row(c, b, values));
    }
    return db_bulk_publish(c, b);
}

static long long visible_version(struct web *web)
{
    return number(web, "SELECT COALESCE(MAX(version), 0) FROM dataset WHERE name = $1", "fault");
}

static void bulk_begin(struct web *web, void *arg)
{
    struct bulk_run *r = arg;
    r->version = visible_version(web);
}

static void bulk_run(struct web *web, void *arg)
{
    struct bulk_run *r = arg;
    struct ctx c = web->app.ctx;
    c.arena = web->page;
    c.lease = NULL;
    r->told = told(&c, load(&c));
    arena_reset(web->page);
}

/* Before the first data set all rows are visible or none; after it, all of one of the two. */
static enum loop_outcome bulk_judge(struct web *web, void *arg)
{
    struct bulk_run *r = arg;
    long long rows = number(web,
                            "SELECT COUNT(*) FROM fault_fact f JOIN dataset d "
                            "ON d.version = f.version WHERE d.name = $1",
                            "fault");
    long long version = visible_version(web);
    if (rows != (version ? 20 : 0))
        return LOOP_WRONG;
    return outcome(r->told, version > r->version, 1);
}

static void bulk(void **state _unused_)
{
    struct bulk_run r = {0};
    loop_run(w, &(struct loop_work){.name = "bulk data",
                                    .begin = bulk_begin,
                                    .run = bulk_run,
                                    .judge = bulk_judge,
                                    .arg = &r});
}

/* ---- the index ---- */

struct index_run {
    struct told told;
    bool other;
};

/* Another text than the last, not yet in the index. */
static void index_begin(struct web *web, void *arg)
{
    struct index_run *r = arg;
    r->other = !r->other;
    save(web, r->other ? ITEM("fout-vindbaar", "Met kwartelkoning.")
                       : ITEM("fout-vindbaar", "Met ooievaarsnest."));
}

static void index_run(struct web *web, void *arg)
{
    struct index_run *r = arg;
    size_t done;
    struct ctx c = web->app.ctx;
    c.arena = web->page;
    c.lease = NULL;
    r->told = told(&c, index_catch_up(&c, c.index, &done));
    arena_reset(web->page);
}

static size_t found(struct web *web, const char *word)
{
    struct ctx c = ctx_child(&web->app.ctx);
    struct index_result result = {0};
    struct index_query q = {.text = str_from(word), .limit = 10};
    CHECK_OK(&c, index_search(&c, c.index, &q, &result));
    size_t count = 0;
    for (size_t i = 0; i < result.hit_count; i++)
        count += str_eqz(result.hits[i].slug, "fout-vindbaar");
    arena_free(c.arena);
    return count;
}

/* The index has the one text or the other; when it has not caught up it does so the next time. */
static enum loop_outcome index_judge(struct web *web, void *arg)
{
    struct index_run *r = arg;
    size_t fresh = found(web, r->other ? "kwartelkoning" : "ooievaarsnest");
    size_t stale = found(web, r->other ? "ooievaarsnest" : "kwartelkoning");
    if (!r->told.words || fresh + stale > 1)
        return LOOP_WRONG;
    if (r->told.code == 0)
        return fresh == 1 ? LOOP_RIGHT : LOOP_WRONG;
    index_run(web, arg);
    return r->told.code == 0 && found(web, r->other ? "kwartelkoning" : "ooievaarsnest") == 1
               ? LOOP_CLEAN
               : LOOP_WRONG;
}

static void indexing(void **state _unused_)
{
    struct index_run r = {0};
    loop_run(w, &(struct loop_work){.name = "the index catches up",
                                    .begin = index_begin,
                                    .run = index_run,
                                    .judge = index_judge,
                                    .arg = &r,
                                    .may_lose = 8 * 1024 * 1024});
}

/* ---- */

static int begin(void **state _unused_)
{
    w = web_begin();
    bool postgres = db_is_postgres(&w->app.ctx);
    execute(w, postgres ? "CREATE TABLE fault_note (id BIGINT GENERATED BY DEFAULT AS IDENTITY "
                          "PRIMARY KEY, text TEXT)"
                        : "CREATE TABLE fault_note (id INTEGER PRIMARY KEY, text TEXT)");
    execute(w, "CREATE TABLE fault_done (name TEXT PRIMARY KEY)");
    execute(w, "CREATE TABLE fault_fact (version BIGINT NOT NULL, code BIGINT NOT NULL, "
               "name TEXT, PRIMARY KEY (version, code))");
    return 0;
}

static int end(void **state _unused_)
{
    web_end(w);
    return 0;
}

TEST_MAIN_WITH(begin, end, TEST(indexing), TEST(importing), TEST(renaming), TEST(restoring),
               TEST(noting), TEST(jobs), TEST(bulk))
