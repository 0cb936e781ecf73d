#include "program.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"

enum { MAX_OPTIONS = 8, MAX_OUTPUT = 1024 * 1024, START_MS = 120000, ANSWER_S = 60 };

static const char *binary(void)
{
    const char *path = getenv("AANJAGER_BINARY");
    if (!path) {
        fprintf(stderr, "AANJAGER_BINARY is not set\n");
        exit(1);
    }
    return path;
}

str program_folder(struct arena *a)
{
    const char *base = getenv("TMPDIR");
    str folder = str_fmt(a, "%s/aanjager-fault-XXXXXX", base && *base ? base : "/tmp");
    CHECK(mkdtemp((char *)(uintptr_t)folder.ptr) != NULL);
    return folder;
}

static struct sockaddr_in loopback(int port)
{
    struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return in;
}

/* One that was free a moment ago. */
static int free_port(void)
{
    struct sockaddr_in in = loopback(0);
    socklen_t len = sizeof in;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    CHECK_INT(bind(fd, (struct sockaddr *)&in, sizeof in), 0);
    CHECK_INT(getsockname(fd, (struct sockaddr *)&in, &len), 0);
    (void)close(fd);
    return ntohs(in.sin_port);
}

static pid_t spawn(const char *const *argv, int out)
{
    pid_t pid = fork();
    if (pid != 0)
        return pid;
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL); /* when the test fails, too */
    (void)dup2(out, STDOUT_FILENO);
    (void)dup2(out, STDERR_FILENO);
    (void)execv(argv[0], (char *const *)(uintptr_t)argv);
    _exit(127);
}

void program_start(struct program *p, const char *const *options)
{
    char port[16];
    const char *argv[MAX_OPTIONS + 8] = {binary(), "--log_level", "0", "--port", port};
    size_t n = 5;
    struct arena *a = arena_new();
    for (size_t i = 0; options[i] && i < MAX_OPTIONS; i++)
        argv[n++] = options[i];
    argv[n] = "serve";
    p->port = free_port();
    (void)snprintf(port, sizeof port, "%d", p->port);
    int nowhere = open("/dev/null", O_RDWR | O_CLOEXEC);
    p->pid = spawn(argv, getenv("FAULT_SHOW") ? STDERR_FILENO : nowhere);
    (void)close(nowhere);
    CHECK(p->pid > 0);
    CHECK(program_await(a, p, "/over", 200, NULL, START_MS));
    arena_free(a);
}

void program_stop(struct program *p)
{
    int status = -1;
    CHECK_INT(kill(p->pid, SIGTERM), 0);
    CHECK_INT(waitpid(p->pid, &status, 0), p->pid);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static str read_to_end(struct arena *a, int fd)
{
    struct buf b;
    char chunk[4096];
    ssize_t n;
    buf_init(&b, a, MAX_OUTPUT);
    while ((n = read(fd, chunk, sizeof chunk)) > 0)
        buf_add(&b, str_of(chunk, (size_t)n));
    return buf_str(&b);
}

int program_command(struct arena *a, const char *const *argv, str *ret_output)
{
    const char *whole[MAX_OPTIONS + 8] = {binary()};
    int ends[2], status = -1;
    for (size_t i = 0; argv[i] && i < MAX_OPTIONS + 6; i++)
        whole[i + 1] = argv[i];
    CHECK_INT(pipe2(ends, O_CLOEXEC), 0);
    pid_t pid = spawn(whole, ends[1]);
    (void)close(ends[1]);
    *ret_output = read_to_end(a, ends[0]);
    (void)close(ends[0]);
    CHECK_INT(waitpid(pid, &status, 0), pid);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

struct program_answer program_get(struct arena *a, const struct program *p, const char *path)
{
    struct program_answer answer = {.text = S("")};
    struct sockaddr_in in = loopback(p->port);
    const struct timeval most = {.tv_sec = ANSWER_S};
    long long begin = clock_monotonic_us();
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    (void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &most, sizeof most);
    str wire = str_fmt(a, "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nConnection: close\r\n\r\n",
                       path, p->port);
    if (connect(fd, (struct sockaddr *)&in, sizeof in) == 0 &&
        send(fd, wire.ptr, wire.len, MSG_NOSIGNAL) == (ssize_t)wire.len)
        answer.text = read_to_end(a, fd);
    (void)close(fd);
    answer.us = clock_monotonic_us() - begin;
    long long status;
    if (str_starts(answer.text, S("HTTP/1.1 ")) &&
        str_int(str_slice(answer.text, 9, 12), 100, 599, &status))
        answer.status = (int)status;
    return answer;
}

bool program_await(struct arena *a, const struct program *p, const char *path, int status,
                   const char *text, int ms)
{
    long long until = clock_monotonic_us() + ms * 1000LL;
    do {
        struct program_answer answer = program_get(a, p, path);
        if (answer.status == status && (!text || str_find(answer.text, str_from(text)) != STR_NONE))
            return true;
        (void)nanosleep(&(struct timespec){.tv_nsec = 50000000}, NULL);
    } while (clock_monotonic_us() < until);
    return false;
}
