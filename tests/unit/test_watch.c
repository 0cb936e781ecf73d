/* Deadlines of connections: slow heads, bodies and readers lose their place, quick ones do not. */
#include <limits.h>
#include <pthread.h>

#include "base/clock.h"
#include "http/http_int.h"
#include "http_client.h"
#include "http_demo.h"

struct fixture {
    struct ctx c;
    struct http_listener *listener;
    int port;
};

static struct fixture begin(int timeout_s, int min_rate, int max_connections)
{
    struct fixture f = {.c = {.arena = arena_new()}};
    struct http_server_options options = demo_options();
    options.limits.timeout_s = timeout_s;
    options.limits.min_rate = min_rate;
    options.limits.max_connections = max_connections;
    options.limits.max_body = 1024 * 1024;
    options.limits.max_response = 16 * 1024 * 1024;
    CHECK_OK(&f.c,
             http_listen(&f.c, demo_server_of(&f.c, &options), S("127.0.0.1"), 0, &f.listener));
    f.port = http_listener_port(f.listener);
    return f;
}

static void end(struct fixture *f)
{
    http_listener_stop(f->listener, 1);
    arena_free(f->c.arena);
}

static void sleep_ms(long ms)
{
    const struct timespec wait = {ms / 1000, ms % 1000 * 1000000};
    (void)nanosleep(&wait, NULL);
}

static void the_fuller_the_house_the_shorter_the_time(void **state)
{
    (void)state;
    const struct http_limits l = {.timeout_s = 20, .min_rate = 8192, .max_connections = 100};
    CHECK_INT(http_watch_allowed_ms(&l, HTTP_WAITING, 0, 1), 20000);
    CHECK_INT(http_watch_allowed_ms(&l, HTTP_WAITING, 0, 74), 20000);
    CHECK_INT(http_watch_allowed_ms(&l, HTTP_WAITING, 0, 75), 5000);
    CHECK_INT(http_watch_allowed_ms(&l, HTTP_WAITING, 0, 89), 5000);
    CHECK_INT(http_watch_allowed_ms(&l, HTTP_WAITING, 0, 90), 300);
    CHECK_INT(http_watch_allowed_ms(&l, HTTP_RECEIVING, 81920, 1), 30000);
    CHECK_INT(http_watch_allowed_ms(&l, HTTP_SENDING, 81920, 75), 7500);
    CHECK_INT(http_watch_allowed_ms(&l, HTTP_RECEIVING, 0, 90), 300);
    CHECK_INT(http_watch_allowed_ms(&l, HTTP_SENDING, 81920, 90), 2800);
    CHECK(http_watch_allowed_ms(&l, HTTP_WORKING, 0, 100) == LLONG_MAX);
}

/* One byte now and then keeps a connection from being idle, not from being slow. */
static long long drip_until_closed(int fd, str text, long every_ms, long long most_ms)
{
    long long begin_us = clock_monotonic_us();
    struct pollfd p = {.fd = fd, .events = POLLIN};
    for (size_t i = 0; clock_monotonic_us() - begin_us < most_ms * 1000; i++) {
        char byte;
        if (poll(&p, 1, (int)every_ms) == 1 && recv(fd, &byte, 1, 0) <= 0)
            break;
        (void)client_send(fd, str_slice(text, i % text.len, i % text.len + 1));
    }
    return (clock_monotonic_us() - begin_us) / 1000;
}

static void a_head_that_drips_is_cut_off(void **state)
{
    (void)state;
    struct fixture f = begin(1, 8192, 100);
    int fd = client_open_at(f.port);
    CHECK(client_send(fd, S("GET / HTTP/1.1\r\nX-Slow: ")));
    long long took = drip_until_closed(fd, S("abcdefgh"), 100, 5000);
    CHECK(took >= 800 && took < 3000);
    close(fd);
    end(&f);
}

static void a_body_that_drips_is_cut_off(void **state)
{
    (void)state;
    struct fixture f = begin(1, 8192, 100);
    int fd = client_open_at(f.port);
    CHECK(client_send(fd, S("POST /echo HTTP/1.1\r\nHost: x\r\nSec-Fetch-Site: none\r\n"
                            "Content-Length: 100000\r\n\r\n")));
    long long took = drip_until_closed(fd, S("abcdefgh"), 100, 5000);
    CHECK(took >= 800 && took < 3000);
    close(fd);
    end(&f);
}

static void a_body_at_a_decent_rate_may_take_longer(void **state)
{
    (void)state;
    struct fixture f = begin(1, 8192, 100);
    int fd = client_open_at(f.port);
    char kilobyte[1024];
    memset(kilobyte, 'x', sizeof kilobyte);
    CHECK(client_send(fd, S("POST /echo HTTP/1.1\r\nHost: x\r\nSec-Fetch-Site: none\r\n"
                            "Content-Length: 32768\r\n\r\n")));
    for (int i = 0; i < 32; i++) { /* 1.6 s at 20 kB/s */
        CHECK(client_send(fd, str_of(kilobyte, sizeof kilobyte)));
        sleep_ms(50);
    }
    CHECK_INT(status_of(client_read_one(f.c.arena, fd, false)), 200);
    close(fd);
    end(&f);
}

/* An answer larger than all buffers on the way, which nobody takes. */
static void who_does_not_read_is_cut_off(void **state)
{
    (void)state;
    struct fixture f = begin(1, 16 * 1024 * 1024, 100);
    int fd = client_open_at(f.port), small = 4096;
    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
    CHECK(client_send(fd, S("GET /groot HTTP/1.1\r\nHost: x\r\n\r\n")));
    sleep_ms(2600);
    size_t got = 0;
    char bytes[65536];
    ssize_t n;
    while ((n = recv(fd, bytes, sizeof bytes, 0)) > 0)
        got += (size_t)n;
    CHECK(got < DEMO_LARGE);
    close(fd);
    end(&f);
}

/* Clients that say this and then nothing take every place, and those above it that the library has;
   a visitor still gets in within a moment. */
static void is_crowded_by(const char *beginning)
{
    struct fixture f = begin(20, 8192, 20);
    int slow[40];
    for (size_t i = 0; i < COUNT_OF(slow); i++) {
        slow[i] = client_open_at(f.port);
        (void)client_send(slow[i], str_from(beginning));
    }
    sleep_ms(50);
    long long begin_us = clock_monotonic_us();
    for (int i = 0; i < 5; i++) {
        int fd = client_open_at(f.port);
        CHECK(client_send(fd, S("GET /kennisbank/een HTTP/1.1\r\nHost: x\r\n\r\n")));
        CHECK_INT(status_of(client_read_one(f.c.arena, fd, false)), 200);
        close(fd);
    }
    CHECK(clock_monotonic_us() - begin_us < 2000 * 1000);
    for (size_t i = 0; i < COUNT_OF(slow); i++)
        close(slow[i]);
    end(&f);
}

static void a_house_full_of_heads_makes_room(void **state)
{
    (void)state;
    is_crowded_by("GET / HTTP/1.1\r\nX-");
}

static void a_house_full_of_bodies_makes_room(void **state)
{
    (void)state;
    is_crowded_by("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n");
}

static void a_handler_that_works_is_never_cut(void **state)
{
    (void)state;
    struct fixture f = begin(20, 8192, 4); /* one connection is 25 %, four are full */
    int fds[4];
    for (size_t i = 0; i < COUNT_OF(fds); i++) {
        fds[i] = client_open_at(f.port);
        CHECK(client_send(fds[i], S("GET /traag?ms=900 HTTP/1.1\r\nHost: x\r\n\r\n")));
    }
    for (size_t i = 0; i < COUNT_OF(fds); i++) {
        CHECK_INT(status_of(client_read_one(f.c.arena, fds[i], false)), 200);
        close(fds[i]);
    }
    end(&f);
}

TEST_MAIN(TEST(the_fuller_the_house_the_shorter_the_time), TEST(a_head_that_drips_is_cut_off),
          TEST(a_body_that_drips_is_cut_off), TEST(a_body_at_a_decent_rate_may_take_longer),
          TEST(who_does_not_read_is_cut_off), TEST(a_house_full_of_heads_makes_room),
          TEST(a_house_full_of_bodies_makes_room), TEST(a_handler_that_works_is_never_cut))
