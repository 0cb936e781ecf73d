/* Serving: the listener, the jobs, the indexer, until a signal. */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>

#include "accounts/accounts.h"
#include "app/app.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/vec.h"
#include "db/db.h"
#include "search/search.h"

enum { INDEXER_PAUSE_MS = 200, VOCABULARY_EVERY_S = 10, STOP_GRACE_S = 10 };

struct indexer {
    const struct app *app;
    pthread_t thread;
    _Atomic bool stop;
};

static void sleep_ms(long ms)
{
    struct timespec pause = {ms / 1000, ms % 1000 * 1000000};
    (void)nanosleep(&pause, NULL);
}

/* Every few seconds the vocabulary too, so that a synonym of an editor on any node soon works. */
static int indexer_turn(struct ctx *c, long long *vocabulary_at, size_t *ret_done)
{
    long long now = clock_monotonic_us();
    TRY(db_generation_look(c));
    if (now - *vocabulary_at >= VOCABULARY_EVERY_S * 1000000LL) {
        *vocabulary_at = now;
        TRY(search_load_vocabulary(c));
        db_lease_release(c);
    }
    return index_catch_up(c, c->index, ret_done);
}

/* Follows the change feed, so that what any node saves is findable within a second. */
static void *indexer_run(void *arg)
{
    struct indexer *ix = arg;
    long long vocabulary_at = clock_monotonic_us(); /* loaded when the index was opened */
    while (!atomic_load(&ix->stop)) {
        struct ctx c = ctx_child(&ix->app->ctx);
        size_t done = 0;
        if (indexer_turn(&c, &vocabulary_at, &done) < 0) {
            log_line(LOG_ERROR, "indexer", (struct log_field[]){{"detail", c.err.detail}}, 1);
            sleep_ms(1000);
        }
        arena_free(c.arena);
        if (!done)
            sleep_ms(INDEXER_PAUSE_MS);
    }
    return NULL;
}

static int indexer_start(struct app *app, struct indexer *ix)
{
    *ix = (struct indexer){.app = app};
    if (pthread_create(&ix->thread, NULL, indexer_run, ix) != 0)
        return err_detail(&app->ctx, ERR_INTERNAL, "no thread for the indexer");
    return 0;
}

static void indexer_stop(struct indexer *ix)
{
    atomic_store(&ix->stop, true);
    (void)pthread_join(ix->thread, NULL);
}

static int start_jobs(struct app *app, struct jobs_runner **ret)
{
    struct {
        struct job_kind *items;
        size_t count, capacity;
    } kinds = {0};
    for (size_t i = 0; i < module_count; i++)
        for (size_t k = 0; k < modules[i]->job_count; k++)
            *vec_push(app->arena, &kinds) = modules[i]->jobs[k];
    return jobs_start(&app->ctx, &app->ctx, kinds.items, kinds.count,
                      (int)config_int(app->config, "job_threads"), ret);
}

/* Waits for SIGINT or SIGTERM, which every thread has blocked. */
static void wait_for_signal(const sigset_t *signals)
{
    int number;
    while (sigwait(signals, &number) != 0)
        continue;
    log_text(LOG_INFO, "stop", "signal %d", number);
}

static void announce(const struct app *app)
{
    str address = config_text(app->config, "address");
    printf("Aanjager draait op http://%.*s:%lld\n", (int)address.len, address.ptr,
           config_int(app->config, "port"));
    (void)fflush(stdout);
}

/* The link is on the screen only, never in the log: whoever has it becomes the admin. */
static int invite_first_admin(struct app *app)
{
    struct ctx c = ctx_child(&app->ctx);
    str url = S("");
    int code = accounts_first_admin(&c, &url);
    if (code == 0 && url.len)
        printf("Er is nog geen beheerder. Maak de eerste op deze pagina (werkt een dag lang, één "
               "keer):\n%.*s\n",
               (int)url.len, url.ptr);
    (void)fflush(stdout);
    return ctx_child_end(&app->ctx, &c, code);
}

static int serve(struct app *app, const sigset_t *signals)
{
    struct http_server *server;
    struct http_listener *listener;
    struct jobs_runner *runner = NULL;
    struct indexer indexer;
    TRY(app_make_server(app, &server));
    TRY(http_listen(&app->ctx, server, config_text(app->config, "address"),
                    (int)config_int(app->config, "port"), &listener));
    int code = indexer_start(app, &indexer);
    if (code == 0) {
        code = start_jobs(app, &runner);
        if (code == 0) {
            announce(app);
            code = invite_first_admin(app);
        }
        if (code == 0)
            wait_for_signal(signals);
        http_listener_stop(listener, STOP_GRACE_S);
        jobs_stop(runner);
        indexer_stop(&indexer);
        return code;
    }
    http_listener_stop(listener, 0);
    return code;
}

int app_serve(struct app *app)
{
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    (void)pthread_sigmask(SIG_BLOCK, &signals, NULL);
    (void)signal(SIGPIPE, SIG_IGN);
    log_set_level((enum log_level)config_int(app->config, "log_level"));
    int code = app_open(app);
    if (code == 0)
        code = app_open_index(app);
    arena_give_back(); /* of loading the starter content and making the index, at a first start */
    if (code == 0)
        code = serve(app, &signals);
    if (code < 0)
        app_print_error(&app->ctx);
    app_close(app);
    return code < 0 ? EXIT_FAILED : EXIT_OK;
}
