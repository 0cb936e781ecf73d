/* The verbs of the command line: aanjager search ... */
#include <unistd.h>

#include "search/search_int.h"

static str join_words(struct ctx *c, int argc, const char *const *argv)
{
    str *words = arena_array(c->arena, (size_t)argc + 1, sizeof *words);
    for (int i = 0; i < argc; i++)
        words[i] = str_from(argv[i]);
    return str_join(c->arena, words, (size_t)argc, S(" "));
}

static int command_explain(struct ctx *c, int argc, const char *const *argv)
{
    struct index_result result;
    struct index_query q = {.text = join_words(c, argc, argv), .limit = 10, .explain = true};
    if (argc < 1)
        return err_set(c, ERR_INVALID, "Gebruik: aanjager search explain ZOEKWOORDEN");
    TRY(index_search(c, c->index, &q, &result));
    printf("%zu onderwerpen%s%s\n", result.total,
           result.relaxed ? ", met een deel van de woorden" : "",
           result.total_exact ? "" : " (ongeveer)");
    if (result.corrected.len)
        printf("gezocht op: %.*s\n", (int)result.corrected.len, result.corrected.ptr);
    if (result.suggestion.len)
        printf("probeer: %.*s\n", (int)result.suggestion.len, result.suggestion.ptr);
    for (size_t i = 0; i < result.hit_count; i++) {
        const struct index_hit *hit = &result.hits[i];
        str lines = hit->explanation, line;
        printf("%zu. %.*s (%.*s), score %.2f\n", i + 1, (int)hit->title.text.len,
               hit->title.text.ptr, (int)hit->slug.len, hit->slug.ptr, hit->score);
        while (str_line(&lines, &line))
            printf("     %.*s\n", (int)line.len, line.ptr);
    }
    return 0;
}

static void show_progress(void *arg _unused_, size_t done)
{
    if (isatty(STDERR_FILENO))
        fprintf(stderr, "\r%zu verwerkt", done);
}

static int command_reindex(struct ctx *c, int argc, const char *const *argv _unused_)
{
    struct index_status status;
    if (argc)
        return err_set(c, ERR_INVALID, "Gebruik: aanjager search reindex");
    TRY(index_rebuild(c, c->index, show_progress, NULL));
    TRY(index_status(c, c->index, &status));
    printf("%s%zu onderwerpen in de zoekindex, %lld kB\n", isatty(STDERR_FILENO) ? "\n" : "",
           status.documents, status.size_bytes / 1024);
    return 0;
}

const struct command search_commands[SEARCH_COMMAND_COUNT] = {
    {"search explain", "ZOEKWOORDEN", "Toont per treffer hoe de score is opgebouwd.",
     command_explain, true},
    {"search reindex", "", "Bouwt de zoekindex opnieuw op; zoeken gaat intussen door.",
     command_reindex, true},
};
