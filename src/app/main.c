#include "app/app.h"

int main(int argc, char **argv)
{
    struct app app = {.arena = arena_new()};
    app.ctx.arena = app.arena;
    const char **words = arena_array(app.arena, (size_t)argc + 1, sizeof *words);
    int count = argc > 0 ? argc - 1 : 0, result;
    for (int i = 0; i < count; i++)
        words[i] = argv[i + 1];
    if (app_settings(&app, &count, words) < 0) {
        app_print_error(&app.ctx);
        result = EXIT_USAGE;
    } else {
        result = app_command(&app, count, words);
    }
    arena_free(app.arena);
    return result;
}
