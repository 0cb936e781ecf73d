/* load.c - asks for one page at a fixed rate, however long the answers take (open loop).

       bench_load URL CONNECTIONS RATE SECONDS

   RATE is requests a second over all connections together, which take turns; 0: each connection
   asks again as soon as it has its answer. A request whose connection still waits for an earlier
   answer counts from the moment at which it should have gone, so that a server that stalls is not
   flattered. Only addresses of this machine. Prints one line of JSON, times in milliseconds. */
#include <arpa/inet.h>
#include <errno.h>
#include <limits.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/str.h"

enum {
    MAX_CONNECTIONS = 512,
    MAX_SECONDS = 120,
    MAX_REQUESTS = 2000000,
    MAX_HEAD = 16 * 1024,
    GRACE_US = 5000000, /* for the answers that are still out at the end */
};

struct client {
    int fd;
    long long sent;  /* requests so far */
    long long due;   /* when the one that is out should have gone */
    long long body;  /* bytes of its answer to come; -1: the head is not complete */
    bool busy, last; /* last: the server closes after this answer */
    size_t head_len;
    char head[MAX_HEAD];
};

static struct {
    struct sockaddr_in address;
    str request;
    struct client *clients;
    size_t count;
    double rate; /* requests a second; 0: closed loop */
    long long begin, end;
    int epoll;
    long long *times;
    size_t answered, failed;
} load;

/* ---- connections ---- */

static bool client_connect(struct client *cl)
{
    const int on = 1;
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = cl};
    cl->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (cl->fd < 0)
        return false;
    (void)setsockopt(cl->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (connect(cl->fd, (struct sockaddr *)&load.address, sizeof load.address) == 0 &&
        epoll_ctl(load.epoll, EPOLL_CTL_ADD, cl->fd, &event) == 0)
        return true;
    (void)close(cl->fd);
    cl->fd = -1;
    return false;
}

static void client_close(struct client *cl)
{
    if (cl->fd >= 0)
        (void)close(cl->fd);
    cl->fd = -1;
}

static void client_fail(struct client *cl)
{
    client_close(cl);
    load.failed += cl->busy;
    cl->busy = false;
}

/* When the next request of this connection should go. */
static long long client_due(const struct client *cl, long long now)
{
    if (load.rate <= 0)
        return now;
    double turn = (double)(cl - load.clients) + (double)cl->sent * (double)load.count;
    return load.begin + (long long)(turn * 1e6 / load.rate);
}

static void client_ask(struct client *cl, long long due)
{
    cl->sent++;
    cl->due = due;
    cl->busy = true;
    cl->last = false;
    cl->body = -1;
    cl->head_len = 0;
    bool there = cl->fd >= 0 || client_connect(cl);
    if (!there ||
        send(cl->fd, load.request.ptr, load.request.len, MSG_NOSIGNAL) != (ssize_t)load.request.len)
        client_fail(cl);
}

/* ---- answers ---- */

static str header_value(str head, str name)
{
    str line;
    while (str_line(&head, &line))
        if (line.len > name.len && line.ptr[name.len] == ':' &&
            str_eq_nocase(str_slice(line, 0, name.len), name))
            return str_trim(str_slice(line, name.len + 1, line.len));
    return S("");
}

/* What is left of the body once the head is there; a length is required. */
static bool head_read(struct client *cl, size_t head_end)
{
    long long length;
    str head = str_of(cl->head, head_end);
    bool good = str_starts(str_slice(head, 8, head.len), S(" 200 "));
    if (!good || !str_int(header_value(head, S("Content-Length")), 0, LLONG_MAX / 2, &length))
        return false;
    cl->last = str_eq_nocase(header_value(head, S("Connection")), S("close"));
    cl->body = length - (long long)(cl->head_len - head_end);
    return cl->body >= 0;
}

static void client_answered(struct client *cl)
{
    cl->busy = false;
    load.times[load.answered++] = clock_monotonic_us() - cl->due;
    if (cl->last)
        client_close(cl);
}

static void client_take(struct client *cl, size_t got)
{
    if (cl->body < 0) {
        cl->head_len += got;
        size_t end = str_find(str_of(cl->head, cl->head_len), S("\r\n\r\n"));
        if (end == STR_NONE && cl->head_len < MAX_HEAD)
            return;
        if (end == STR_NONE || !head_read(cl, end + 4)) {
            client_fail(cl);
            return;
        }
    } else {
        cl->body -= (long long)got;
    }
    if (cl->body == 0)
        client_answered(cl);
}

static void client_read(struct client *cl)
{
    static char rest[256 * 1024];
    bool in_head = cl->body < 0;
    char *to = in_head ? cl->head + cl->head_len : rest;
    ssize_t n = recv(cl->fd, to, in_head ? MAX_HEAD - cl->head_len : sizeof rest, MSG_DONTWAIT);
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (n <= 0)
        client_fail(cl);
    else if (cl->busy)
        client_take(cl, (size_t)n);
}

/* ---- the loop ---- */

/* Sends what is due; returns when the next is, at most until `until`. */
static long long ask_due(long long now, long long until)
{
    for (size_t i = 0; i < load.count; i++) {
        struct client *cl = &load.clients[i];
        long long due = client_due(cl, now);
        if (cl->busy || due >= load.end || load.answered + load.failed + load.count >= MAX_REQUESTS)
            continue;
        if (due <= now)
            client_ask(cl, due);
        else if (due < until)
            until = due;
    }
    return until;
}

static size_t clients_busy(void)
{
    size_t busy = 0;
    for (size_t i = 0; i < load.count; i++)
        busy += load.clients[i].busy;
    return busy;
}

static void wait_and_read(long long microseconds)
{
    struct epoll_event events[64];
    struct timespec pause = {microseconds / 1000000, microseconds % 1000000 * 1000};
    int n = epoll_pwait2(load.epoll, events, COUNT_OF(events), &pause, NULL);
    for (int i = 0; i < n; i++)
        client_read(events[i].data.ptr);
}

static void run(void)
{
    long long now = load.begin;
    while (now < load.end) {
        long long until = ask_due(now, load.end);
        now = clock_monotonic_us();
        wait_and_read(until > now ? until - now : 0);
        now = clock_monotonic_us();
    }
    while (clients_busy() && now < load.end + GRACE_US) {
        wait_and_read(10000);
        now = clock_monotonic_us();
    }
    for (size_t i = 0; i < load.count; i++)
        client_fail(&load.clients[i]);
}

static int compare(const void *a, const void *b)
{
    long long x = *(const long long *)a, y = *(const long long *)b;
    return x < y ? -1 : x > y;
}

static double part(double share)
{
    size_t at = (size_t)(share * (double)load.answered);
    if (!load.answered)
        return 0;
    return (double)load.times[at < load.answered ? at : load.answered - 1] / 1000;
}

static bool read_url(struct arena *a, str url)
{
    long long port = 0;
    str host, text = str_slice(url, 7, url.len);
    size_t slash = str_find_byte(text, '/');
    str where = str_slice(text, 0, slash == STR_NONE ? text.len : slash);
    str path = slash == STR_NONE ? S("/") : str_slice(text, slash, text.len);
    str rest = where;
    if (!str_starts(url, S("http://")) || !str_split(&rest, ':', &host) ||
        !str_int(rest, 1, 65535, &port))
        return false;
    load.address = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    load.request =
        str_fmt(a, "GET %s HTTP/1.1\r\nHost: %s\r\n\r\n", str_z(a, path), str_z(a, where));
    return inet_pton(AF_INET, str_z(a, host), &load.address.sin_addr) == 1 &&
           ntohl(load.address.sin_addr.s_addr) >> 24 == 127;
}

static bool read_arguments(struct arena *a, int argc, char **argv)
{
    long long connections, rate, seconds;
    if (argc != 5 || !read_url(a, str_from(argv[1])) ||
        !str_int(str_from(argv[2]), 1, MAX_CONNECTIONS, &connections) ||
        !str_int(str_from(argv[3]), 0, MAX_REQUESTS / MAX_SECONDS, &rate) ||
        !str_int(str_from(argv[4]), 1, MAX_SECONDS, &seconds))
        return false;
    load.count = (size_t)connections;
    load.rate = (double)rate;
    load.clients = arena_array(a, load.count, sizeof *load.clients);
    load.times = arena_array(a, MAX_REQUESTS, sizeof *load.times);
    for (size_t i = 0; i < load.count; i++)
        load.clients[i].fd = -1;
    load.begin = clock_monotonic_us();
    load.end = load.begin + seconds * 1000000;
    return true;
}

int main(int argc, char **argv)
{
    struct arena *a = arena_new();
    load.epoll = epoll_create1(EPOLL_CLOEXEC);
    if (!read_arguments(a, argc, argv)) {
        fprintf(stderr, "use: bench_load http://127.0.0.1:PORT/PATH CONNECTIONS RATE SECONDS\n");
        arena_free(a);
        return 2;
    }
    run();
    qsort(load.times, load.answered, sizeof *load.times, compare);
    printf("{\"answered\": %zu, \"failed\": %zu, \"rate\": %.1f, \"p50\": %.3f, \"p95\": %.3f, "
           "\"p99\": %.3f, \"max\": %.3f}\n",
           load.answered, load.failed,
           (double)load.answered * 1e6 / (double)(load.end - load.begin), part(0.50), part(0.95),
           part(0.99), part(1.0));
    arena_free(a);
    return 0;
}
