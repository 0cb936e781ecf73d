#include "web.h"

#include "base/file.h"
#include "base/log.h"
#include "base/random.h"
#include "db/db.h"
#include "library/library_int.h"
#include "store.h"

struct web *web_begin(void)
{
    struct arena *a = arena_new();
    struct web *w = arena_new_of(a, struct web);
    log_set_level(LOG_ERROR);
    w->app.arena = w->app.ctx.arena = a;
    const char *tmp = getenv("TMPDIR");
    w->folder = str_fmt(a, "%s/aanjager-web-%s", tmp ? tmp : "/tmp", random_hex(a, 8).ptr);
    /* Cheap passwords: what these tests look at does not depend on the cost. */
    const char *argv[] = {"--data", w->folder.ptr, "--password-memory-kb", "1024", NULL};
    int argc = 4;
    CHECK_OK(&w->app.ctx, app_settings(&w->app, &argc, argv));
    if (store_is_postgres())
        CHECK_OK(&w->app.ctx, config_set(&w->app.ctx, w->app.config, S("database"),
                                         store_new_url(a), CONFIG_COMMAND_LINE));
    CHECK_OK(&w->app.ctx, app_open(&w->app));
    CHECK_OK(&w->app.ctx, app_open_index(&w->app));
    CHECK_OK(&w->app.ctx, app_make_server(&w->app, &w->server));
    w->page = arena_new();
    return w;
}

void web_end(struct web *w)
{
    struct arena *a = w->app.arena;
    arena_free(w->page);
    app_close(&w->app);
    CHECK_OK(&w->app.ctx, file_remove_tree(&w->app.ctx, w->folder));
    arena_free(a);
}

struct http_response web_send(struct web *w, str wire)
{
    struct http_response rs;
    arena_reset(w->page);
    w->ctx = w->app.ctx;
    w->ctx.arena = w->page;
    http_memory(w->server, &w->ctx, wire, &rs);
    return rs;
}

struct http_response web_get(struct web *w, const char *path)
{
    struct arena *a = arena_new();
    str wire = str_fmt(a, "GET %s HTTP/1.1\r\nHost: localhost:8080\r\n\r\n", path);
    struct http_response rs = web_send(w, wire);
    arena_free(a);
    return rs;
}

str web_body(const struct http_response *rs)
{
    return rs->static_body.ptr ? rs->static_body : buf_str(&rs->body);
}

str web_header(const struct http_response *rs, const char *name)
{
    for (size_t i = 0; i < rs->headers.count; i++)
        if (str_eq_nocase(rs->headers.items[i].name, str_from(name)))
            return rs->headers.items[i].value;
    return S("");
}

bool web_has(const struct http_response *rs, const char *text)
{
    return str_find(web_body(rs), str_from(text)) != STR_NONE;
}

unsigned long long web_queries(struct web *w)
{
    struct db_health health;
    struct ctx c = w->app.ctx;
    c.arena = arena_new();
    c.lease = NULL;
    CHECK_OK(&c, db_health(&c, &health));
    arena_free(c.arena);
    return health.queries;
}

static int save(struct ctx *c, void *arg)
{
    struct item item;
    enum library_saved saved;
    TRY(library_document_read(c, NULL, str_from(arg), &item));
    return library_store_save(c, &item, S("Test"), S("Test"), &saved);
}

void web_save(struct web *w, const char *document)
{
    size_t done;
    struct ctx c = w->app.ctx;
    c.arena = arena_new();
    c.lease = NULL;
    CHECK_OK(&c, library_store_transaction(&c, save, (void *)(uintptr_t)document));
    CHECK_OK(&c, index_catch_up(&c, c.index, &done));
    arena_free(c.arena);
}

struct ctx web_call(struct web *w)
{
    struct ctx c = w->app.ctx;
    c.arena = arena_new();
    c.lease = NULL;
    return c;
}
