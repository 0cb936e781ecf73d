/* The command line: finds the verb, opens what it needs, runs it. */
#include "app/app.h"

#include "auth/permission.h"
#include "base/vec.h"
#include "db/db.h"
#include "dutch/dutch.h"
#include "opendata/opendata.h"
#include "json/json.h"

/* ---- verbs of the program itself ---- */

static int command_config(struct ctx *c, int argc, const char *const *argv _unused_)
{
    struct config_view view;
    if (argc)
        return err_set(c, ERR_INVALID, "Gebruik: aanjager config");
    for (size_t i = 0; config_at(c->config, i, &view); i++)
        printf("%-22s %-14s %.*s\n", view.setting->name, config_origin_name(view.origin),
               (int)view.value.len, view.value.ptr);
    return 0;
}

static const char *method_name(enum http_method method)
{
    static const char *const names[] = {"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "?"};
    return names[method];
}

static void write_route(struct json *j, const struct module *m, const struct http_route *r)
{
    json_object_begin(j);
    json_kstr(j, "module", str_from(m->name));
    json_kstr(j, "method", str_from(method_name(r->method)));
    json_kstr(j, "path", str_from(r->pattern));
    json_kstr(j, "permission", str_from(permission_name((enum permission)r->permission)));
    json_kstr(j, "help", str_from(r->help));
    json_key(j, "parameters");
    json_array_begin(j);
    for (const struct http_param *p = r->params; p && p->name; p++) {
        json_object_begin(j);
        json_kstr(j, "name", str_from(p->name));
        json_kbool(j, "optional", p->optional);
        json_kstr(j, "help", str_from(p->help));
        json_object_end(j);
    }
    json_array_end(j);
    json_object_end(j);
}

static int print_routes_json(struct ctx *c)
{
    struct buf b;
    struct json j;
    buf_init(&b, c->arena, 4 * 1024 * 1024);
    json_begin(&j, &b);
    json_array_begin(&j);
    for (size_t i = 0; i < module_count; i++)
        for (size_t k = 0; k < modules[i]->routes.count; k++)
            write_route(&j, modules[i], &modules[i]->routes.routes[k]);
    json_array_end(&j);
    printf("%.*s\n", (int)b.len, b.ptr);
    return 0;
}

static int command_routes(struct ctx *c, int argc, const char *const *argv)
{
    if (argc == 1 && str_eqz(str_from(argv[0]), "--json"))
        return print_routes_json(c);
    if (argc)
        return err_set(c, ERR_INVALID, "Gebruik: aanjager routes [--json]");
    for (size_t i = 0; i < module_count; i++)
        for (size_t k = 0; k < modules[i]->routes.count; k++) {
            const struct http_route *r = &modules[i]->routes.routes[k];
            printf("%-5s %-44s %-12s %s\n", method_name(r->method), r->pattern,
                   permission_name((enum permission)r->permission), r->help);
        }
    return 0;
}

static int command_openapi(struct ctx *c, int argc, const char *const *argv _unused_)
{
    struct {
        const struct http_route **items;
        size_t count, capacity;
    } routes = {0};
    struct buf b;
    if (argc)
        return err_set(c, ERR_INVALID, "Gebruik: aanjager openapi");
    for (size_t i = 0; i < module_count; i++)
        for (size_t k = 0; k < modules[i]->routes.count; k++)
            *vec_push(c->arena, &routes) = &modules[i]->routes.routes[k];
    buf_init(&b, c->arena, 4 * 1024 * 1024);
    TRY(opendata_openapi(c, routes.items, routes.count, &b));
    printf("%.*s\n", (int)b.len, b.ptr);
    return 0;
}

static int command_version(struct ctx *c, int argc, const char *const *argv _unused_)
{
    if (argc)
        return err_set(c, ERR_INVALID, "Gebruik: aanjager version");
    printf("aanjager %s\n", APP_VERSION);
    return 0;
}

static void print_analysis(struct arena *a, str word)
{
    struct dutch_word w;
    dutch_analyse(a, NULL, word, &w);
    str folded = w.folded;
    printf("%.*s\t", (int)word.len, word.ptr);
    for (size_t i = 0; i < w.part_count; i++) {
        str part = w.part_count == 1
                       ? folded
                       : dutch_fold(a, str_slice(word, w.part[i].start, w.part[i].end));
        printf("%s%.*s", i ? "+" : "", (int)part.len, part.ptr);
    }
    printf("\t");
    for (size_t i = 0; i < w.part_count; i++)
        printf("%s%.*s", i ? "+" : "", (int)w.part[i].base.len, w.part[i].base.ptr);
    printf("\n");
}

static int command_dutch(struct ctx *c, int argc, const char *const *argv)
{
    char line[4096];
    for (int i = 0; i < argc; i++)
        print_analysis(c->arena, str_from(argv[i]));
    if (argc)
        return 0;
    struct arena *a = arena_new();
    while (fgets(line, sizeof line, stdin)) {
        str word = str_trim(str_from(line));
        if (word.len)
            print_analysis(a, word);
        arena_reset(a);
    }
    arena_free(a);
    return 0;
}

static const struct command own_commands[] = {
    {"config", "", "Toont alle instellingen en waar ze vandaan komen.", command_config, false},
    {"routes", "[--json]", "Toont alle adressen van de site.", command_routes, false},
    {"dutch analyse", "WOORD...",
     "Ontleedt woorden, of regels van de invoer: woord, delen, grondvormen.", command_dutch, false},
    {"openapi", "", "Toont de beschrijving van de API, als OpenAPI 3.0.", command_openapi, false},
    {"restore", "BESTAND", "Zet een reservekopie terug in een lege database.", app_restore, false},
    {"version", "", "Toont de versie.", command_version, false},
    {"--version", "", "", command_version, false},
};

/* ---- finding and running ---- */

static void print_command(const struct command *command)
{
    printf("  aanjager %s%s%s\n      %s\n", command->name, command->usage[0] ? " " : "",
           command->usage, command->help);
}

static void print_help(void)
{
    printf("Aanjager: kennis en hulp voor gemeentelijke woningbouw\n\n"
           "Gebruik: aanjager [--instelling waarde ...] opdracht\n\n"
           "  aanjager serve\n      Start de server. Dit gebeurt ook zonder opdracht.\n");
    for (size_t i = 0; i < module_count; i++)
        for (size_t k = 0; k < modules[i]->command_count; k++)
            print_command(&modules[i]->commands[k]);
    for (size_t i = 0; i < COUNT_OF(own_commands); i++)
        if (own_commands[i].help[0])
            print_command(&own_commands[i]);
    printf(
        "\nElke instelling van \"aanjager config\" kan als --naam waarde, als omgevingsvariabele\n"
        "AANJAGER_NAAM of in aanjager.conf in de map met gegevens.\n");
}

/* How many words of argv are this command's name; 0: it is another. */
static int matches(const struct command *command, int argc, const char *const *argv)
{
    str rest = str_from(command->name), word;
    int used = 0;
    while (str_split(&rest, ' ', &word)) {
        if (used >= argc || !str_eqz(word, argv[used]))
            return 0;
        used++;
    }
    return used;
}

static const struct command *find_own(int argc, const char *const *argv, int *ret_used)
{
    for (size_t i = 0; i < COUNT_OF(own_commands); i++)
        if ((*ret_used = matches(&own_commands[i], argc, argv)) > 0)
            return &own_commands[i];
    return NULL;
}

static const struct command *find_module(int argc, const char *const *argv, int *ret_used)
{
    for (size_t i = 0; i < module_count; i++)
        for (size_t k = 0; k < modules[i]->command_count; k++)
            if ((*ret_used = matches(&modules[i]->commands[k], argc, argv)) > 0)
                return &modules[i]->commands[k];
    return NULL;
}

/* The verbs that begin with this word: for "aanjager library" without more. False when there are
 * none. */
static bool print_group(const char *word)
{
    bool any = false;
    for (size_t i = 0; i < module_count; i++)
        for (size_t k = 0; k < modules[i]->command_count; k++) {
            str name = str_from(modules[i]->commands[k].name), first;
            (void)str_split(&name, ' ', &first);
            if (str_eqz(first, word)) {
                print_command(&modules[i]->commands[k]);
                any = true;
            }
        }
    return any;
}

static int finish(struct app *app, const struct ctx *c, int code)
{
    if (code < 0)
        app_print_error(c);
    app_close(app);
    return code == 0 ? EXIT_OK : code == ERR_INVALID ? EXIT_USAGE : EXIT_FAILED;
}

static int run_on_database(struct app *app, const struct command *command, int argc,
                           const char *const *argv)
{
    int code = app_open(app);
    if (code == 0 && command->needs_index)
        code = app_open_index(app);
    if (code < 0)
        return finish(app, &app->ctx, code);
    struct ctx c = ctx_child(&app->ctx);
    code = command->run(&c, argc, argv);
    if (code == 0 && arena_strained(c.arena))
        code = err_memory(&c, "a command");
    int result = 0;
    db_lease_release(&c);
    result = finish(app, &c, code);
    arena_free(c.arena);
    return result;
}

/* What is meant as a port or a folder is an option; it must not be passed over. */
static int serve(struct app *app, int argc)
{
    if (argc <= 1)
        return app_serve(app);
    return finish(app, &app->ctx,
                  err_set(&app->ctx, ERR_INVALID,
                          "Gebruik: aanjager serve. Instellingen schrijft u als --naam waarde, "
                          "zoals --port 8081."));
}

/* Said last, below the list of what there is: that is where one looks. */
static int unknown(int argc, const char *const *argv)
{
    if (!print_group(argv[0])) {
        fprintf(stderr, "De opdracht \"%s\" bestaat niet. Bekijk ze met: aanjager help\n", argv[0]);
    } else if (argc > 1) {
        (void)fflush(stdout);
        fprintf(stderr,
                "De opdracht \"%s %s\" bestaat niet. Kies een van de opdrachten hierboven.\n",
                argv[0], argv[1]);
    }
    return EXIT_USAGE;
}

int app_command(struct app *app, int argc, const char *const *argv)
{
    int used;
    str first = argc ? str_from(argv[0]) : S("serve");
    if (str_eqz(first, "help") || str_eqz(first, "--help") || str_eqz(first, "-h")) {
        if (argc < 2 || !print_group(argv[1]))
            print_help();
        return EXIT_OK;
    }
    if (str_eqz(first, "serve"))
        return serve(app, argc);
    const struct command *own = find_own(argc, argv, &used);
    if (own)
        return finish(app, &app->ctx, own->run(&app->ctx, argc - used, argv + used));
    const struct command *command = find_module(argc, argv, &used);
    if (command)
        return run_on_database(app, command, argc - used, argv + used);
    return unknown(argc, argv);
}
