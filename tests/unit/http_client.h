/* http_client.h - a raw client on 127.0.0.1: what it sends is what goes over the wire. */
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "test.h"

enum { ANSWER_MAX = 256 * 1024 };

static inline int client_open_at(int port)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    struct timeval patience = {.tv_sec = 5};
    const int on = 1;
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof to) != 0) {
        if (fd >= 0)
            close(fd);
        return -1;
    }
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return fd;
}

static inline bool client_send(int fd, str s)
{
    while (s.len) {
        ssize_t n = send(fd, s.ptr, s.len, MSG_NOSIGNAL);
        if (n <= 0)
            return false;
        s = str_slice(s, (size_t)n, s.len);
    }
    return true;
}

/* Everything until the server closes; *ret_closed is false when it did not within the patience
 * given in ms. */
static inline str client_read_all(struct arena *a, int fd, int patience_ms, bool *ret_closed)
{
    char *out = arena_alloc(a, ANSWER_MAX);
    size_t len = 0;
    struct pollfd p = {.fd = fd, .events = POLLIN};
    *ret_closed = false;
    while (len < ANSWER_MAX && poll(&p, 1, patience_ms) == 1) {
        ssize_t n = recv(fd, out + len, ANSWER_MAX - len, 0);
        if (n <= 0) {
            *ret_closed = true;
            break;
        }
        len += (size_t)n;
    }
    return str_of(out, len);
}

/* One answer with its Content-Length; leaves the connection open. */
static inline str client_read_one(struct arena *a, int fd, bool head_only)
{
    char *out = arena_alloc(a, ANSWER_MAX);
    size_t len = 0, want = 0;
    while (len < ANSWER_MAX && (!want || len < want)) {
        ssize_t n = recv(fd, out + len, want ? want - len : 1, 0);
        if (n <= 0)
            break;
        len += (size_t)n;
        size_t end = want ? STR_NONE : str_find(str_of(out, len), S("\r\n\r\n"));
        if (end == STR_NONE)
            continue;
        long long size = 0;
        size_t at = str_find(str_of(out, len), S("Content-Length: "));
        if (at != STR_NONE) {
            str rest = str_slice(str_of(out, len), at + 16, len), line;
            CHECK(str_line(&rest, &line) && str_int(line, 0, ANSWER_MAX, &size));
        }
        want = end + 4 + (head_only ? 0 : (size_t)size);
        if (len == want)
            break;
    }
    return str_of(out, len);
}

static inline int status_of(str answer)
{
    long long n = 0;
    if (!str_starts(answer, S("HTTP/1.1 ")) || !str_int(str_slice(answer, 9, 12), 100, 599, &n))
        return 0;
    return (int)n;
}
