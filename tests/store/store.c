#include "store.h"

#include <pthread.h>
#include <signal.h>

#include "app/migrations.h"
#include "base/random.h"

enum { MAX_DATABASES = 64, MAX_POOLS = 64 };

/* What must be undone at the end of the program. */
static struct {
    struct arena *arena;
    struct db_pool *pool; /* migrated, for store_ctx */
    struct db_pool *pools[MAX_POOLS];
    size_t pool_count;
    const char *databases[MAX_DATABASES];
    size_t database_count;
    struct arena *arenas[256];
    size_t arena_count;
} at_end;

static const char *cluster_url(void)
{
    return getenv("AANJAGER_TEST_DATABASE");
}

bool store_is_postgres(void)
{
    const char *store = getenv("AANJAGER_STORE"), *url = cluster_url();
    bool has_url = url && *url;
    if (!store || !*store)
        return has_url;
    if (strcmp(store, "postgres") != 0)
        return false;
    if (!has_url) {
        fprintf(stderr,
                "AANJAGER_TEST_DATABASE is not set: run inside tests/store/with_postgres.sh\n");
        exit(1);
    }
    return true;
}

static void give_up(const char *what, const struct ctx *c)
{
    fprintf(stderr, "store: %s: %d %.*s %.*s\n", what, c->err.code, (int)c->err.msg.len,
            c->err.msg.len ? c->err.msg.ptr : "", (int)c->err.detail.len,
            c->err.detail.len ? c->err.detail.ptr : "");
    exit(1);
}

/* CREATE and DROP DATABASE, on a connection of its own. */
static void on_cluster(const char *verb, const char *name)
{
    struct db_options options = {.max_connections = 1, .busy_timeout_ms = 20000};
    struct ctx c = {.arena = arena_new()};
    const char *end = verb[0] == 'D' ? " WITH (FORCE)" : "";
    str sql = str_fmt(c.arena, "%s DATABASE %s%s", verb, name, end);
    if (db_pool_open(&c, str_from(cluster_url()), &options, &c.pool) < 0 ||
        db_exec_(&c, NULL, sql.ptr, NULL, 0) < 0)
        fprintf(stderr, "store: %s: %.*s\n", sql.ptr, (int)c.err.detail.len,
                c.err.detail.len ? c.err.detail.ptr : "");
    db_lease_release(&c);
    db_pool_close(c.pool);
    arena_free(c.arena);
}

static void clean_up(void)
{
    for (size_t i = 0; i < at_end.arena_count; i++)
        arena_free(at_end.arenas[i]);
    for (size_t i = 0; i < at_end.pool_count; i++)
        db_pool_close(at_end.pools[i]);
    for (size_t i = 0; i < at_end.database_count; i++)
        on_cluster("DROP", at_end.databases[i]);
    arena_free(at_end.arena);
}

static void set_up(void)
{
    if (at_end.arena)
        return;
    at_end.arena = arena_new();
    (void)signal(SIGPIPE, SIG_IGN);
    (void)atexit(clean_up);
}

str store_new_url(struct arena *a)
{
    set_up();
    if (!store_is_postgres())
        return S("sqlite::memory:");
    if (at_end.database_count == MAX_DATABASES)
        BUG("too many databases in one test program");
    const char *name = str_fmt(at_end.arena, "test_%s", random_hex(a, 8).ptr).ptr;
    on_cluster("CREATE", name);
    at_end.databases[at_end.database_count++] = name;
    return str_fmt(a, "%s&dbname=%s", cluster_url(), name);
}

struct db_pool *store_pool(str url, int max_connections, int busy_timeout_ms)
{
    struct db_options options = {max_connections, busy_timeout_ms, false};
    struct db_pool *pool;
    set_up();
    struct ctx c = {.arena = at_end.arena};
    if (at_end.pool_count == MAX_POOLS)
        BUG("too many pools in one test program");
    if (db_pool_open(&c, url, &options, &pool) < 0)
        give_up("open", &c);
    at_end.pools[at_end.pool_count++] = pool;
    return pool;
}

static void open_migrated(void)
{
    struct ctx c = {.arena = arena_new()};
    at_end.pool = c.pool = store_pool(store_new_url(at_end.arena), 20, 10000);
    if (migrations_apply(&c) < 0)
        give_up("migrate", &c);
    arena_free(c.arena);
}

struct ctx store_begin(void)
{
    set_up();
    if (!at_end.pool)
        open_migrated();
    return (struct ctx){.arena = arena_new(), .pool = at_end.pool};
}

void store_end(struct ctx *c)
{
    arena_free(c->arena);
}

struct ctx *store_ctx(void)
{
    struct ctx c = store_begin();
    if (at_end.arena_count == COUNT_OF(at_end.arenas))
        BUG("too many store_ctx in one test program");
    at_end.arenas[at_end.arena_count++] = c.arena;
    struct ctx *ret = arena_new_of(at_end.arena, struct ctx);
    *ret = c;
    return ret;
}

struct thread {
    void (*body)(int number, void *arg);
    void *arg;
    int number;
    pthread_t id;
};

static void *thread_main(void *arg)
{
    struct thread *t = arg;
    t->body(t->number, t->arg);
    return NULL;
}

void store_threads(int count, void (*body)(int number, void *arg), void *arg)
{
    struct thread threads[64];
    if (count > 64)
        BUG("too many threads");
    for (int i = 0; i < count; i++) {
        threads[i] = (struct thread){.body = body, .arg = arg, .number = i};
        if (pthread_create(&threads[i].id, NULL, thread_main, &threads[i]) != 0)
            BUG("pthread_create");
    }
    for (int i = 0; i < count; i++)
        (void)pthread_join(threads[i].id, NULL);
}
