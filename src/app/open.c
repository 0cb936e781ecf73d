#include "app/app.h"
#include "app/hooks.h"
#include "app/migrations.h"
#include "auth/auth.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/kept.h"
#include "base/log.h"
#include "base/metrics.h"
#include "db/db.h"
#include "html/html.h"
#include "search/search.h"

enum { MAX_HEADERS = 100, MAX_FIELDS = 200, PASSWORD_PASSES = 2, PASSWORD_WAIT_MS = 30000 };

static const char *const facets[] = {"soort", "fase", "knelpunt", "thema", "rol"};

str app_database_url(struct ctx *c)
{
    str url = config_text(c->config, "database");
    if (url.len)
        return url;
    return str_fmt(c->arena, "sqlite:%s/aanjager.db",
                   str_z(c->arena, config_text(c->config, "data")));
}

static int start_modules(struct ctx *c)
{
    for (size_t i = 0; i < module_count; i++)
        if (modules[i]->start)
            TRY(modules[i]->start(c));
    return 0;
}

static const struct besides *make_besides(struct app *app)
{
    size_t count = 0;
    struct besides *all = arena_new_of(app->arena, struct besides);
    const struct beside_source **sources = arena_array(app->arena, module_count, sizeof *sources);
    for (size_t i = 0; i < module_count; i++)
        if (modules[i]->beside)
            sources[count++] = modules[i]->beside;
    *all = (struct besides){sources, count};
    return all;
}

static int open_auth(struct app *app)
{
    struct ctx *c = &app->ctx;
    struct auth_options options = {
        .cost = {(size_t)config_int(app->config, "password_memory_kb"), PASSWORD_PASSES},
        .slots = (int)config_int(app->config, "password_slots"),
        .wait_ms = PASSWORD_WAIT_MS,
    };
    str path =
        str_fmt(app->arena, "%s/secret.key", str_z(app->arena, config_text(app->config, "data")));
    TRY(auth_key(c, config_text(app->config, "secret_key"), path, options.key));
    c->auth = auth_new(app->arena, &options);
    crypto_forget(options.key, sizeof options.key);
    return 0;
}

int app_open(struct app *app)
{
    struct db_options options = {
        .max_connections = (int)config_int(app->config, "database_connections"),
        .busy_timeout_ms = 5000,
#ifndef NDEBUG
        .warn_full_scans = true,
#endif
    };
    markdown_prepare();
    TRY(file_make_dirs(&app->ctx, config_text(app->config, "data")));
    TRY(open_auth(app));
    TRY(db_pool_open(&app->ctx, app_database_url(&app->ctx), &options, &app->ctx.pool));
    app->ctx.metrics = metrics_new(app->arena);
    app->ctx.snapshots = snapshots_new();
    app->ctx.kept = kept_new((size_t)config_int(app->config, "item_cache_kb") * 1024);
    app->ctx.besides = make_besides(app);
    struct ctx c = ctx_child(&app->ctx);
    int code = migrations_apply(&c);
    if (code == 0)
        code = start_modules(&c);
    return ctx_child_end(&app->ctx, &c, code);
}

static int open_index(struct app *app, struct ctx *c)
{
    size_t count = 0, done;
    struct index_source *sources = arena_array(app->arena, module_count, sizeof *sources);
    for (size_t i = 0; i < module_count; i++)
        if (modules[i]->index)
            sources[count++] = *modules[i]->index;
    str folder =
        str_fmt(app->arena, "%s/index", str_z(app->arena, config_text(app->config, "data")));
    TRY(index_open(c, folder, sources, count, facets, COUNT_OF(facets), &app->ctx.index));
    c->index = app->ctx.index;
    TRY(search_load_vocabulary(c));
    int code = index_catch_up(c, c->index, &done);
    if (code == 0 || code == ERR_BUSY || code == ERR_DB)
        return code;
    /* An object that cannot be read, or an index that cannot be written now: what there is can be
       searched, and the indexer tries again. */
    log_line(LOG_ERROR, "index",
             (struct log_field[]){{"detail", c->err.detail}, {"words", err_words(&c->err)}}, 2);
    return 0;
}

int app_open_index(struct app *app)
{
    struct ctx c = ctx_child(&app->ctx);
    return ctx_child_end(&app->ctx, &c, open_index(app, &c));
}

int app_make_server(struct app *app, struct http_server **ret)
{
    struct http_table *tables = arena_array(app->arena, module_count, sizeof *tables);
    for (size_t i = 0; i < module_count; i++)
        tables[i] = modules[i]->routes;
    struct http_server_options options = {
        .tables = tables,
        .table_count = module_count,
        .hooks = {hook_authorize, hook_error_page, hook_finished, hook_content_stamp},
        .limits =
            {
                .max_body = (size_t)config_int(app->config, "max_body_kb") * 1024,
                .max_headers = MAX_HEADERS,
                .max_fields = MAX_FIELDS,
                .timeout_s = (int)config_int(app->config, "timeout_s"),
                .min_rate = (int)config_int(app->config, "min_rate_kb") * 1024,
                .max_connections = (int)config_int(app->config, "max_connections"),
                .max_per_address = (int)config_int(app->config, "connections_per_address"),
                .max_response = (size_t)config_int(app->config, "max_page_kb") * 1024,
                .connection_memory = (size_t)config_int(app->config, "connection_memory_kb") * 1024,
                .cache = (size_t)config_int(app->config, "page_cache_kb") * 1024,
                .per_minute = (int)config_int(app->config, "requests_per_minute"),
            },
        .public_url = config_text(app->config, "public_url"),
        .trusted_proxies = config_text(app->config, "trusted_proxies"),
        .base = app->ctx,
    };
    options.base.arena = NULL;
    return http_server_new(&app->ctx, &options, ret);
}

void app_close(struct app *app)
{
    index_close(app->ctx.index);
    db_lease_release(&app->ctx);
    snapshots_free(app->ctx.snapshots);
    kept_free(app->ctx.kept);
    db_pool_close(app->ctx.pool);
    auth_free(app->ctx.auth);
    app->ctx.auth = NULL;
    app->ctx.snapshots = NULL;
    app->ctx.kept = NULL;
    app->ctx.index = NULL;
    app->ctx.pool = NULL;
}

void app_print_error(const struct ctx *c)
{
    str words = err_words(&c->err);
    fprintf(stderr, "%.*s\n", (int)words.len, words.ptr);
    bool ours = c->err.code == ERR_DB || c->err.code == ERR_INTERNAL;
    if (c->err.detail.len)
        log_line(ours ? LOG_ERROR : LOG_DEBUG, "failed",
                 (struct log_field[]){{"detail", c->err.detail}}, 1);
}
