/* One server used by many at once: requests while it stops, requests without sockets, and the
   figures about them. Run under the thread sanitizer by ./check tsan. */
#include <pthread.h>

#include "base/log.h"
#include "base/metrics.h"
#include "http_client.h"
#include "http_demo.h"

enum { CLIENTS = 16, ROUNDS = 3, ANSWERS = 400, REQUESTS = 200, FIGURES = 2000 };

/* ---- requests while the server stops ---- */

struct crowd {
    int port;
    atomic_int answered; /* whole answers */
    atomic_int torn;     /* answers that were cut off or were not what was asked for */
    atomic_int refused;  /* clients that found nobody any more */
};

static const char item[] = "item een-plan";

/* Reads until the body that is expected is there; -1: cut off, 0: nothing came, 1: whole. */
static int read_answer(int fd)
{
    char text[8192];
    size_t len = 0;
    while (len < sizeof text) {
        ssize_t n = recv(fd, text + len, sizeof text - len, 0);
        if (n <= 0)
            return len ? -1 : 0;
        len += (size_t)n;
        if (str_ends(str_of(text, len), str_from(item)))
            return str_starts(str_of(text, len), S("HTTP/1.1 200 ")) ? 1 : -1;
    }
    return -1;
}

/* Asks again and again on one connection; false when the server is gone. */
static bool ask_on(struct crowd *crowd, int fd)
{
    str wire = S("GET /kennisbank/een-plan HTTP/1.1\r\nHost: localhost\r\n\r\n");
    int got = 1;
    while (got == 1 && client_send(fd, wire)) {
        got = read_answer(fd);
        atomic_fetch_add(got == 1 ? &crowd->answered : &crowd->torn, got != 0);
    }
    close(fd);
    return got == 1;
}

static void *visit_until_gone(void *arg)
{
    struct crowd *crowd = arg;
    int fd;
    while ((fd = client_open_at(crowd->port)) >= 0)
        (void)ask_on(crowd, fd);
    atomic_fetch_add(&crowd->refused, 1);
    return NULL;
}

static void wait_for(atomic_int *count, int at_least)
{
    const struct timespec moment = {.tv_nsec = 1000 * 1000};
    for (int i = 0; i < 30000 && atomic_load(count) < at_least; i++)
        (void)nanosleep(&moment, NULL);
    CHECK(atomic_load(count) >= at_least);
}

static void one_stop(void)
{
    struct ctx c = {.arena = arena_new()};
    struct http_server *server = demo_server(&c);
    struct http_listener *listener;
    struct crowd crowd = {0};
    pthread_t threads[CLIENTS];
    CHECK_OK(&c, http_listen(&c, server, S("127.0.0.1"), 0, &listener));
    crowd.port = http_listener_port(listener);
    for (size_t i = 0; i < CLIENTS; i++)
        CHECK_INT(pthread_create(&threads[i], NULL, visit_until_gone, &crowd), 0);
    wait_for(&crowd.answered, ANSWERS);
    http_listener_stop(listener, 5);
    for (size_t i = 0; i < CLIENTS; i++)
        pthread_join(threads[i], NULL);
    CHECK_INT(atomic_load(&crowd.torn), 0);
    CHECK_INT(atomic_load(&crowd.refused), CLIENTS);
    arena_free(c.arena);
}

static void requests_during_a_stop_are_answered_whole_or_not_at_all(void **state)
{
    (void)state;
    for (int i = 0; i < ROUNDS; i++)
        one_stop();
}

/* ---- one server, many threads, no sockets ---- */

struct visitor {
    const struct http_server *server;
    int number, wrong;
};

static void *visit_in_memory(void *arg)
{
    struct visitor *me = arg;
    struct ctx c = {.arena = arena_new()};
    for (int i = 0; i < REQUESTS; i++) {
        struct http_response rs;
        bool missing = i % 3 == 0;
        str wire = str_fmt(c.arena, "GET /%s/plan-%d HTTP/1.1\r\nHost: localhost\r\n\r\n",
                           missing ? "niets" : "kennisbank", me->number);
        http_memory(me->server, &c, wire, &rs);
        str expected = str_fmt(c.arena, "item plan-%d", me->number);
        me->wrong += missing ? rs.status != 404 : !str_eq(buf_str(&rs.body), expected);
        arena_reset(c.arena);
    }
    arena_free(c.arena);
    return NULL;
}

static void a_server_is_only_read_while_it_serves(void **state)
{
    (void)state;
    struct ctx c = {.arena = arena_new()};
    const struct http_server *server = demo_server(&c);
    struct visitor visitors[CLIENTS];
    pthread_t threads[CLIENTS];
    int finished = atomic_load(&demo_finished);
    for (int i = 0; i < CLIENTS; i++) {
        visitors[i] = (struct visitor){server, i, 0};
        CHECK_INT(pthread_create(&threads[i], NULL, visit_in_memory, &visitors[i]), 0);
    }
    for (size_t i = 0; i < CLIENTS; i++)
        pthread_join(threads[i], NULL);
    for (size_t i = 0; i < CLIENTS; i++)
        CHECK_INT(visitors[i].wrong, 0);
    CHECK_INT(atomic_load(&demo_finished) - finished, CLIENTS * REQUESTS);
    arena_free(c.arena);
}

/* ---- kept answers while the content changes ---- */

static atomic_llong content; /* what the page shows, and the stamp of the kept answers */

static long long content_stamp(const struct ctx *c)
{
    (void)c;
    return atomic_load(&content);
}

static int content_page(struct ctx *c, const struct http_request *rq, struct http_response *rs)
{
    (void)c;
    (void)rq;
    buf_fmt(&rs->body, "%lld", atomic_load(&content));
    return 0;
}

static const struct http_route content_routes[] = {
    {HTTP_GET, "/inhoud", content_page, DEMO_PUBLIC, NULL, .help = "The content.", .cached = true}};
static const struct http_table content_table = {content_routes, COUNT_OF(content_routes)};

static void *visit_content(void *arg)
{
    struct visitor *me = arg;
    struct ctx c = {.arena = arena_new()};
    for (int i = 0; i < REQUESTS; i++) {
        struct http_response rs;
        long long before = atomic_load(&content), shown = -1;
        http_memory(me->server, &c, S("GET /inhoud HTTP/1.1\r\nHost: localhost\r\n\r\n"), &rs);
        bool number = str_int(demo_body(&rs), 0, INT64_MAX, &shown);
        me->wrong += rs.status != 200 || !number || shown < before;
        if (me->number == 0)
            atomic_fetch_add(&content, i % 2);
        arena_reset(c.arena);
    }
    arena_free(c.arena);
    return NULL;
}

static void nobody_gets_a_kept_answer_from_before_a_change(void **state)
{
    (void)state;
    struct ctx c = {.arena = arena_new()};
    struct http_server_options options = demo_options();
    options.tables = &content_table;
    options.table_count = 1;
    options.limits.cache = 64 * 1024;
    options.limits.per_minute = 1000000;
    options.hooks.content_stamp = content_stamp;
    struct http_server *server = demo_server_of(&c, &options);
    struct visitor visitors[CLIENTS];
    pthread_t threads[CLIENTS];
    for (int i = 0; i < CLIENTS; i++) {
        visitors[i] = (struct visitor){server, i, 0};
        CHECK_INT(pthread_create(&threads[i], NULL, visit_content, &visitors[i]), 0);
    }
    for (size_t i = 0; i < CLIENTS; i++)
        pthread_join(threads[i], NULL);
    for (size_t i = 0; i < CLIENTS; i++)
        CHECK_INT(visitors[i].wrong, 0);
    struct http_cache_status kept = http_server_cache(server);
    CHECK_INT(kept.hits + kept.misses, CLIENTS * REQUESTS);
    CHECK(kept.hits > kept.misses);
    arena_free(c.arena);
}

/* ---- figures and log lines ---- */

static void *count_requests(void *arg)
{
    for (int i = 0; i < FIGURES; i++)
        metrics_request(arg, i % 2 ? 200 : 404, i);
    return NULL;
}

static void *write_figures(void *arg)
{
    struct arena *a = arena_new();
    for (int i = 0; i < 50; i++) {
        struct buf b;
        buf_init(&b, a, 64 * 1024);
        metrics_write(arg, &b);
        log_set_level(i % 2 ? LOG_ERROR : LOG_WARNING);
        log_text(LOG_INFO, "busy", "%d", i);
        arena_reset(a);
    }
    arena_free(a);
    return NULL;
}

static void no_request_is_lost_in_the_figures(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct metrics *m = metrics_new(a);
    struct buf b;
    pthread_t counters[CLIENTS], writer;
    CHECK_INT(pthread_create(&writer, NULL, write_figures, m), 0);
    for (size_t i = 0; i < CLIENTS; i++)
        CHECK_INT(pthread_create(&counters[i], NULL, count_requests, m), 0);
    for (size_t i = 0; i < CLIENTS; i++)
        pthread_join(counters[i], NULL);
    pthread_join(writer, NULL);
    log_set_level(LOG_INFO);
    buf_init(&b, a, 64 * 1024);
    metrics_write(m, &b);
    CHECK(str_has(buf_str(&b), "{status=\"2xx\"} 16000\n"));
    CHECK(str_has(buf_str(&b), "{status=\"4xx\"} 16000\n"));
    CHECK(str_has(buf_str(&b), "aanjager_request_seconds_count 32000\n"));
    arena_free(a);
}

TEST_MAIN(TEST(requests_during_a_stop_are_answered_whole_or_not_at_all),
          TEST(a_server_is_only_read_while_it_serves),
          TEST(nobody_gets_a_kept_answer_from_before_a_change),
          TEST(no_request_is_lost_in_the_figures))
