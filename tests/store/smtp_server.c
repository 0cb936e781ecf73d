#include "smtp_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/buf.h"

enum { MAX_CONNECTIONS = 2000, MAX_DATA = 4 * 1024 * 1024 };

struct smtp_server_threads {
    struct arena *arena; /* under the mutex */
    pthread_mutex_t mutex;
    int listener;
    pthread_t acceptor, talkers[MAX_CONNECTIONS];
    int talker_count;
};

struct talk {
    struct smtp_server *s;
    struct arena *arena;
    int fd;
    char line[1024];
    char to[256];
    bool bye;
};

static bool say(struct talk *t, const char *words)
{
    char line[400];
    int n = snprintf(line, sizeof line, "%s\r\n", words);
    return send(t->fd, line, (size_t)n, MSG_NOSIGNAL) == n;
}

/* Byte by byte: slow, simple, and never a byte too many. */
static bool read_line(struct talk *t, size_t *ret_len)
{
    size_t n = 0;
    while (n < sizeof t->line - 1) {
        struct pollfd p = {.fd = t->fd, .events = POLLIN};
        if (poll(&p, 1, 50) == 0) {
            if (t->s->stopping)
                return false;
            continue;
        }
        if (recv(t->fd, t->line + n, 1, 0) != 1)
            return false;
        if (t->line[n++] == '\n')
            break;
    }
    t->line[n] = '\0';
    *ret_len = n;
    return true;
}

static void take(struct talk *t, str data)
{
    struct smtp_server *s = t->s;
    (void)pthread_mutex_lock(&s->threads->mutex);
    int at = s->count;
    if (at < SMTP_MAX_TAKEN) {
        (void)snprintf(s->taken[at].to, sizeof s->taken[at].to, "%s", t->to);
        s->taken[at].data = str_dup(s->threads->arena, data);
        s->count = at + 1;
    }
    (void)pthread_mutex_unlock(&s->threads->mutex);
}

static bool is(const struct talk *t, const char *kind)
{
    size_t n = strlen(kind);
    return strncmp(t->to, kind, n) == 0 && (t->to[n] == '.' || t->to[n] == '@');
}

/* Answers the end of a message. */
static bool answer(struct talk *t, str data)
{
    if (is(t, "bad"))
        return say(t, "554 5.6.0 Message refused");
    if (is(t, "full"))
        return say(t, "452 4.3.1 Insufficient storage");
    take(t, data);
    while (is(t, "slow") && !t->s->stopping)
        (void)nanosleep(&(struct timespec){0, 20000000}, NULL);
    if (is(t, "drop") || is(t, "slow"))
        return false;
    t->bye = is(t, "bye");
    return say(t, "250 2.0.0 Ok: queued as TEST");
}

static bool read_data(struct talk *t)
{
    struct buf b;
    size_t n;
    buf_init(&b, t->arena, MAX_DATA);
    t->s->begun++;
    if (t->s->at_data)
        t->s->at_data(t->to);
    if (!say(t, "354 End data with <CR><LF>.<CR><LF>"))
        return false;
    while (read_line(t, &n)) {
        if (strcmp(t->line, ".\r\n") == 0)
            return answer(t, buf_str(&b));
        buf_add(&b, str_of(t->line + (t->line[0] == '.'), n - (t->line[0] == '.')));
    }
    return false;
}

static bool recipient(struct talk *t)
{
    const char *from = strchr(t->line, '<');
    const char *end = from ? strchr(from, '>') : NULL;
    if (!end)
        return say(t, "501 5.1.3 Bad address");
    (void)snprintf(t->to, sizeof t->to, "%.*s", (int)(end - from - 1), from + 1);
    if (is(t, "never"))
        return say(t, "550 5.1.1 User unknown");
    return say(t, is(t, "later") ? "451 4.7.1 Greylisted" : "250 2.1.5 Ok");
}

static bool command(struct talk *t)
{
    const char *sender_reply = t->s->sender_reply;
    if (strncmp(t->line, "EHLO", 4) == 0 || strncmp(t->line, "RSET", 4) == 0)
        return say(t, "250 test");
    if (strncmp(t->line, "MAIL", 4) == 0 && t->bye)
        return say(t, "421 4.7.0 Enough"), false;
    if (strncmp(t->line, "MAIL", 4) == 0)
        return say(t, sender_reply ? sender_reply : "250 2.1.0 Ok");
    if (strncmp(t->line, "RCPT", 4) == 0)
        return recipient(t);
    if (strncmp(t->line, "DATA", 4) == 0)
        return read_data(t);
    if (strncmp(t->line, "QUIT", 4) == 0)
        return say(t, "221 2.0.0 Bye"), false;
    return say(t, "500 5.5.2 What");
}

static void *talk_main(void *arg)
{
    struct talk *t = arg;
    const char *greeting = t->s->greeting;
    size_t n;
    bool go_on = say(t, greeting ? greeting : "220 test ESMTP") && !greeting;
    while (go_on && read_line(t, &n))
        go_on = command(t);
    (void)close(t->fd);
    arena_free(t->arena);
    return NULL;
}

static void *accept_main(void *arg)
{
    struct smtp_server *s = arg;
    struct smtp_server_threads *th = s->threads;
    while (!s->stopping && th->talker_count < MAX_CONNECTIONS) {
        struct pollfd p = {.fd = th->listener, .events = POLLIN};
        if (poll(&p, 1, 50) <= 0)
            continue;
        struct arena *a = arena_new();
        struct talk *t = arena_new_of(a, struct talk);
        *t = (struct talk){.s = s, .arena = a, .fd = accept(th->listener, NULL, NULL)};
        s->connections++;
        if (pthread_create(&th->talkers[th->talker_count], NULL, talk_main, t) != 0)
            BUG("pthread_create");
        th->talker_count++;
    }
    return NULL;
}

struct smtp_server *smtp_server_start(void)
{
    struct arena *a = arena_new();
    struct smtp_server *s = arena_new_of(a, struct smtp_server);
    struct sockaddr_in in = {.sin_family = AF_INET};
    socklen_t len = sizeof in;
    in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    s->threads = arena_new_of(a, struct smtp_server_threads);
    s->threads->arena = a;
    (void)pthread_mutex_init(&s->threads->mutex, NULL);
    s->threads->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    CHECK_INT(bind(s->threads->listener, (struct sockaddr *)&in, sizeof in), 0);
    CHECK_INT(listen(s->threads->listener, 64), 0);
    CHECK_INT(getsockname(s->threads->listener, (struct sockaddr *)&in, &len), 0);
    s->port = ntohs(in.sin_port);
    CHECK_INT(pthread_create(&s->threads->acceptor, NULL, accept_main, s), 0);
    return s;
}

void smtp_server_stop(struct smtp_server *s)
{
    struct smtp_server_threads *th = s->threads;
    s->stopping = true;
    (void)pthread_join(th->acceptor, NULL);
    for (int i = 0; i < th->talker_count; i++)
        (void)pthread_join(th->talkers[i], NULL);
    (void)close(th->listener);
    (void)pthread_mutex_destroy(&th->mutex);
    arena_free(th->arena);
}

void smtp_server_reset(struct smtp_server *s)
{
    s->count = s->connections = s->begun = 0;
    s->greeting = s->sender_reply = NULL;
    s->at_data = NULL;
}

int smtp_server_times(const struct smtp_server *s, const char *to)
{
    int times = 0;
    for (int i = 0; i < s->count; i++)
        times += strcmp(s->taken[i].to, to) == 0;
    return times;
}
