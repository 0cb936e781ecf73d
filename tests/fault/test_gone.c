/* PostgreSQL goes away and comes back under the real program. Runs inside a with_postgres.sh of its
   own. */
#include "program.h"
#include "store.h"

#include <signal.h>
#include <unistd.h>

#include "base/file.h"

enum { BOUND_US = 10000000, BACK_MS = 120000 };

static void cluster(const char *what)
{
    char command[512];
    (void)snprintf(command, sizeof command, "%s %s", getenv("AANJAGER_TEST_CLUSTER_DO"), what);
    CHECK_INT(system(command), 0);
}

struct site {
    struct ctx c;
    str folder, url;
    struct program program;
};

static void begin(struct site *s)
{
    s->c = (struct ctx){.arena = arena_new()};
    s->folder = program_folder(s->c.arena);
    s->url = store_new_url(s->c.arena);
    program_start(&s->program,
                  (const char *const[]){"--data", s->folder.ptr, "--database", s->url.ptr, NULL});
    CHECK_OK(&s->c,
             db_pool_open(&s->c, s->url,
                          &(struct db_options){.max_connections = 2, .busy_timeout_ms = 5000},
                          &s->c.pool));
}

static void end(struct site *s)
{
    program_stop(&s->program);
    db_lease_release(&s->c);
    db_pool_close(s->c.pool);
    CHECK_OK(&s->c, file_remove_tree(&s->c, s->folder));
    arena_free(s->c.arena);
}

static struct program_answer get(struct site *s, const char *path)
{
    struct program_answer answer = program_get(s->c.arena, &s->program, path);
    CHECK(answer.us < BOUND_US);
    return answer;
}

static bool has(const struct program_answer *answer, const char *text)
{
    return str_find(answer->text, str_from(text)) != STR_NONE;
}

static void check_away(struct site *s)
{
    static const char *const pages[] = {"/", "/kennisbank/anterieure-overeenkomst",
                                        "/fasen/voorbereiding"};
    struct program_answer answer;
    for (size_t i = 0; i < COUNT_OF(pages); i++) {
        answer = get(s, pages[i]);
        CHECK_INT(answer.status, 503);
        CHECK(has(&answer, "Even geduld") && has(&answer, "De database is nu niet bereikbaar"));
        CHECK(has(&answer, "Retry-After: ") && has(&answer, "no-store") && has(&answer, "</html>"));
    }
    answer = get(s, "/health");
    CHECK_INT(answer.status, 503);
    CHECK(has(&answer, "\"status\":\"down\""));
    CHECK_INT(get(s, "/assets/app.css").status, 200);
    CHECK_INT(get(s, "/robots.txt").status, 200);
    CHECK_INT(get(s, "/privacy").status, 200);
}

static void check_back(struct site *s)
{
    CHECK(program_await(s->c.arena, &s->program, "/", 200, NULL, BACK_MS));
    CHECK_INT(get(s, "/kennisbank/anterieure-overeenkomst").status, 200);
    CHECK_INT(get(s, "/fasen/voorbereiding").status, 200);
    CHECK_INT(get(s, "/zoeken?q=grond").status, 200);
    CHECK_INT(get(s, "/health").status, 200);
}

/* What is saved now is found soon: the indexer has gone on. */
static void check_indexer(struct site *s, const char *word)
{
    str import = str_fmt(s->c.arena, "%s/import", s->folder.ptr), output;
    CHECK_OK(&s->c, file_make_dirs(&s->c, import));
    CHECK_OK(&s->c,
             file_write(&s->c, str_fmt(s->c.arena, "%s/weg.md", import.ptr),
                        str_fmt(s->c.arena,
                                "---\nslug: weg\ntitle: Proef\ntype: werkwijze\n"
                                "summary: Een proef.\nphases: [\"5\"]\nbottlenecks: [PRO]\n"
                                "themes: [grond]\nactors: [planoloog]\nsources:\n  - title: Bron\n"
                                "licence: CC-BY-4.0\ncertainty: opgezocht\n"
                                "evidence: onvoldoende\n---\nHier broedt een %s.\n",
                                word)));
    const char *const argv[] = {"--data",  s->folder.ptr, "--database", s->url.ptr,
                                "library", "import",      import.ptr,   NULL};
    CHECK_INT(program_command(s->c.arena, argv, &output), 0);
    CHECK(program_await(s->c.arena, &s->program, str_fmt(s->c.arena, "/zoeken?q=%s", word).ptr, 200,
                        "/kennisbank/weg", BACK_MS));
}

/* A job of a kind that the program knows is taken from the queue and done. */
static void check_jobs(struct site *s)
{
    long long left = 1;
    CHECK_OK(&s->c, db_exec(&s->c, "INSERT INTO job (kind, argument, state, run_at, attempts, "
                                   "lease_until, created_at) "
                                   "VALUES ('database-statistics', '', 0, 0, 0, 0, 0)"));
    for (int i = 0; i < BACK_MS / 50 && left; i++) {
        (void)nanosleep(&(struct timespec){.tv_nsec = 50000000}, NULL);
        CHECK_OK(&s->c, db_get_int(&s->c, &left, "SELECT COUNT(*) FROM job"));
    }
    CHECK_INT(left, 0);
}

static void the_program_recovers_by_itself(void **state _unused_)
{
    static const struct {
        const char *end, *word;
    } ways[] = {{"stop", "kluut"}, {"kill", "tureluur"}, {"crash", "wulp"}};
    struct site s;
    begin(&s);
    check_jobs(&s);
    for (size_t i = 0; i < COUNT_OF(ways); i++) {
        cluster(ways[i].end);
        check_away(&s);
        cluster("start");
        check_back(&s);
        check_jobs(&s);
        check_indexer(&s, ways[i].word);
    }
    end(&s);
}

TEST_MAIN(TEST(the_program_recovers_by_itself))
