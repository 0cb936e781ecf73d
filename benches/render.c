/* render.c - pages a second without sockets: the whole way of a request from its bytes to the bytes
   of the answer, in threads of this process.

       bench_render [--setting value ...] THREADS SECONDS PATH...

   The settings are those of aanjager; --data must be given. Prints a line of JSON for each path:
   pages a second, and the processor time of one in microseconds, which other work of the machine
   hardly changes. */
#include <pthread.h>
#include <stdatomic.h>

#include "app/app.h"
#include "base/clock.h"
#include "base/log.h"

enum { MAX_THREADS = 64, MAX_SECONDS = 60, WARM_UP = 20 };

struct worker {
    const struct http_server *server;
    const struct ctx *base;
    str wire;
    long long until;
    long long pages, bytes, failed;
    pthread_t thread;
};

static void ask(struct worker *w, struct arena *a)
{
    struct http_response rs;
    struct ctx c = *w->base;
    c.arena = a;
    http_memory(w->server, &c, w->wire, &rs);
    w->failed += rs.status != 200;
    w->bytes = (long long)rs.body.len;
    w->pages++;
    arena_reset(a);
}

static void *work(void *arg)
{
    struct worker *w = arg;
    struct arena *a = arena_new();
    while (clock_monotonic_us() < w->until)
        ask(w, a);
    arena_free(a);
    return NULL;
}

static long long process_cpu_us(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (long long)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static void measure(const struct worker *model, size_t threads, long long seconds, const char *path)
{
    struct worker w[MAX_THREADS], sum = {0}, warm = *model;
    struct arena *a = arena_new();
    for (int i = 0; i < WARM_UP; i++)
        ask(&warm, a);
    arena_free(a);
    long long begin = clock_monotonic_us(), cpu = process_cpu_us();
    for (size_t i = 0; i < threads; i++) {
        w[i] = *model;
        w[i].until = begin + seconds * 1000000;
        if (pthread_create(&w[i].thread, NULL, work, &w[i]) != 0)
            BUG("no thread");
    }
    for (size_t i = 0; i < threads; i++) {
        pthread_join(w[i].thread, NULL);
        sum.pages += w[i].pages;
        sum.failed += w[i].failed;
    }
    double took = (double)(clock_monotonic_us() - begin) / 1e6;
    double spent = (double)(process_cpu_us() - cpu) / (double)sum.pages;
    printf("{\"path\": \"%s\", \"rate\": %.1f, \"cpu_us\": %.1f, \"bytes\": %lld, \"failed\": "
           "%lld}\n",
           path, (double)sum.pages / took, spent, warm.bytes, sum.failed + warm.failed);
    fflush(stdout);
}

static int run(struct app *app, int count, const char **words)
{
    long long threads, seconds;
    struct worker model = {.base = &app->ctx};
    struct http_server *server;
    if (count < 3 || !str_int(str_from(words[0]), 1, MAX_THREADS, &threads) ||
        !str_int(str_from(words[1]), 1, MAX_SECONDS, &seconds))
        return err_set(&app->ctx, ERR_INVALID, "Gebruik: bench_render DRADEN SECONDEN PAD...");
    TRY(app_open(app));
    TRY(app_open_index(app));
    TRY(app_make_server(app, &server));
    model.server = server;
    for (int i = 2; i < count; i++) {
        model.wire =
            str_fmt(app->arena, "GET %s HTTP/1.1\r\nHost: localhost:8080\r\n\r\n", words[i]);
        measure(&model, (size_t)threads, seconds, words[i]);
    }
    return 0;
}

int main(int argc, char **argv)
{
    struct app app = {.arena = arena_new()};
    app.ctx.arena = app.arena;
    const char **words = arena_array(app.arena, (size_t)argc + 1, sizeof *words);
    int count = argc > 0 ? argc - 1 : 0;
    for (int i = 0; i < count; i++)
        words[i] = argv[i + 1];
    log_set_level(LOG_ERROR);
    int code = app_settings(&app, &count, words);
    if (code == 0)
        code = run(&app, count, words);
    if (code < 0)
        app_print_error(&app.ctx);
    app_close(&app);
    arena_free(app.arena);
    return code < 0;
}
