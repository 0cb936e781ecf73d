/* The command line as a person at a terminal meets it: what it prints and its exit code. */
#include "test.h"

#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/app.h"

enum { MAX_OUTPUT = 64 * 1024, MAX_WORDS = 6 };

static struct arena *arena;

static int begin(void **state)
{
    (void)state;
    arena = arena_new();
    return 0;
}

static int end(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

/* What main does with these words; does not return. */
static void run_here(str line)
{
    const char *words[MAX_WORDS + 1] = {NULL};
    int count = 0;
    str word;
    struct app app = {.arena = arena_new()};
    app.ctx.arena = app.arena;
    while (count < MAX_WORDS && str_split(&line, ' ', &word))
        words[count++] = str_z(app.arena, word);
    int result = EXIT_USAGE;
    if (app_settings(&app, &count, words) < 0)
        app_print_error(&app.ctx);
    else
        result = app_command(&app, count, words);
    (void)fflush(NULL);
    _exit(result); /* without the leak check of the whole test program */
}

/* In a process of its own, for the program prints and may be asked to serve. */
static int run(const char *line, str *ret_output)
{
    int ends[2], status = 0;
    size_t len = 0;
    ssize_t got;
    char *output = arena_alloc(arena, MAX_OUTPUT);
    (void)fflush(NULL);
    CHECK_INT(pipe(ends), 0);
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        (void)dup2(ends[1], STDOUT_FILENO);
        (void)dup2(ends[1], STDERR_FILENO);
        (void)close(ends[0]);
        (void)alarm(20); /* one that serves by mistake */
        run_here(str_from(line));
    }
    (void)close(ends[1]);
    while ((got = read(ends[0], output + len, MAX_OUTPUT - len)) > 0)
        len += (size_t)got;
    (void)close(ends[0]);
    CHECK_INT(waitpid(child, &status, 0), child);
    *ret_output = str_of(output, len);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void says_its_version(void **state)
{
    (void)state;
    str output;
    static const char *const ways[] = {"version", "--version"};
    for (size_t i = 0; i < COUNT_OF(ways); i++) {
        CHECK_INT(run(ways[i], &output), EXIT_OK);
        CHECK_STR(output, S("aanjager " APP_VERSION "\n"));
    }
}

static void says_what_it_can_do(void **state)
{
    (void)state;
    str output;
    static const char *const ways[] = {"help", "--help", "-h"};
    for (size_t i = 0; i < COUNT_OF(ways); i++) {
        CHECK_INT(run(ways[i], &output), EXIT_OK);
        CHECK(str_find(output, S("aanjager serve")) != STR_NONE);
        CHECK(str_find(output, S("aanjager search reindex")) != STR_NONE);
    }
}

static void help_can_be_about_one_word(void **state)
{
    (void)state;
    str output;
    CHECK_INT(run("help organisation", &output), EXIT_OK);
    CHECK(str_find(output, S("aanjager organisation domains\n")) != STR_NONE);
    CHECK(str_find(output, S("aanjager serve")) == STR_NONE);
    CHECK_INT(run("help bestaat-niet", &output), EXIT_OK);
    CHECK(str_find(output, S("aanjager serve")) != STR_NONE);
}

/* Who mistypes the second word hears so, and what there is instead. */
static void a_wrong_second_word_is_named(void **state)
{
    (void)state;
    str output;
    CHECK_INT(run("library imprt map", &output), EXIT_USAGE);
    CHECK(str_find(output, S("aanjager library import MAP")) != STR_NONE);
    CHECK(str_find(output, S("De opdracht \"library imprt\" bestaat niet.")) != STR_NONE);
    CHECK_INT(run("library", &output), EXIT_USAGE);
    CHECK(str_find(output, S("bestaat niet")) == STR_NONE);
}

static void options_still_want_a_value(void **state)
{
    (void)state;
    str output;
    CHECK_INT(run("--port", &output), EXIT_USAGE);
    CHECK(str_find(output, S("Achter \"--port\" hoort een waarde.")) != STR_NONE);
    CHECK_INT(run("--bestaat-niet 1", &output), EXIT_USAGE);
}

/* A word too many is a mistake of the person: "serve 8081" must not serve on another port. */
static void words_too_many_are_refused(void **state)
{
    (void)state;
    str output;
    CHECK_INT(run("--data /dev/null/map serve extra", &output), EXIT_USAGE);
    CHECK(str_find(output, S("Gebruik: aanjager serve")) != STR_NONE);
    CHECK_INT(run("version extra", &output), EXIT_USAGE);
    CHECK(str_find(output, S("Gebruik: aanjager version")) != STR_NONE);
    CHECK_INT(run("bestaat-niet", &output), EXIT_USAGE);
    CHECK(str_find(output, S("bestaat niet")) != STR_NONE);
}

TEST_MAIN_WITH(begin, end, TEST(says_its_version), TEST(says_what_it_can_do),
               TEST(help_can_be_about_one_word), TEST(a_wrong_second_word_is_named),
               TEST(options_still_want_a_value), TEST(words_too_many_are_refused))
