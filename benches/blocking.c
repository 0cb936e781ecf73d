/* blocking.c - the whole program with two more pages, which block their thread for 100 ms as a slow
   query does: /traag, and /traag-database, which holds a database connection meanwhile. Takes the
   settings of aanjager and serves.

   It brings its own list of features, in the place of app/modules.c. */
#include "app/app.h"

#include "admin/admin.h"
#include "auth/permission.h"
#include "db/db.h"
#include "glossary/glossary.h"
#include "library/library.h"
#include "opendata/opendata.h"
#include "search/search.h"
#include "site/site.h"
#include "taxonomy/taxonomy.h"

static int block(struct http_response *rs)
{
    const struct timespec wait = {.tv_nsec = 100 * 1000 * 1000};
    (void)nanosleep(&wait, NULL);
    buf_addz(&rs->body, "<p>Klaar.");
    return 0;
}

static int slow_page(struct ctx *c _unused_, const struct http_request *rq _unused_,
                     struct http_response *rs)
{
    return block(rs);
}

static int slow_query_page(struct ctx *c, const struct http_request *rq _unused_,
                           struct http_response *rs)
{
    long long one;
    TRY(db_get_int(c, &one, "SELECT 1"));
    return block(rs);
}

static const struct http_route routes[] = {
    {.pattern = "/traag", .handler = slow_page, .permission = PERM_PUBLIC, .help = "Blocks."},
    {.pattern = "/traag-database",
     .handler = slow_query_page,
     .permission = PERM_PUBLIC,
     .help = "Blocks with a database connection."},
};

static const struct module slow_module = {
    .name = "slow",
    .routes = {routes, COUNT_OF(routes)},
};

const struct module *const modules[] = {
    &taxonomy_module, &glossary_module, &library_module, &search_module,
    &site_module,     &opendata_module, &admin_module,   &slow_module,
};
const size_t module_count = COUNT_OF(modules);

int main(int argc, char **argv)
{
    struct app app = {.arena = arena_new()};
    app.ctx.arena = app.arena;
    const char **words = arena_array(app.arena, (size_t)argc + 1, sizeof *words);
    int count = argc > 0 ? argc - 1 : 0, result = EXIT_USAGE;
    for (int i = 0; i < count; i++)
        words[i] = argv[i + 1];
    if (app_settings(&app, &count, words) < 0)
        app_print_error(&app.ctx);
    else
        result = app_serve(&app);
    arena_free(app.arena);
    return result;
}
