#include "base/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define NO_CHILD 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define NO_CHILD 1
#endif
#endif

#ifdef NO_CHILD

/* The memory of a sanitizer may be locked by another thread at the moment of a fork, and stays so
   in the child. The work is done here; what ends the program then ends the test. */
int child_run(struct ctx *c, const char *what, child_work *work, void *arg)
{
    char reason[CHILD_REASON] = "";
    return work(arg, reason) ? 0 : err_detail(c, ERR_BUSY, "%s: %s", what, reason);
}

#else

enum { PATIENCE_MS = 5 * 60 * 1000 };

_Noreturn static void work_and_end(child_work *work, void *arg, int out)
{
    char reason[CHILD_REASON] = "";
    const struct rlimit none = {0};
    (void)setrlimit(RLIMIT_CORE, &none); /* when it dies, that is foreseen */
    bool good = work(arg, reason);
    bool told = good || write(out, reason, strnlen(reason, sizeof reason)) >= 0;
    _exit(good ? 0 : told ? 1 : 2);
}

/* What the child tells, until it has ended. One that hangs is killed: whoever waits for it holds
   locks. */
static void read_reason(pid_t child, int in, char reason[CHILD_REASON])
{
    struct pollfd p = {.fd = in, .events = POLLIN};
    size_t len = 0;
    ssize_t n = 1;
    while (len < CHILD_REASON - 1 && (n > 0 || (n < 0 && errno == EINTR))) {
        if (poll(&p, 1, PATIENCE_MS) == 0)
            (void)kill(child, SIGKILL);
        n = read(in, reason + len, CHILD_REASON - 1 - len);
        len += n > 0 ? (size_t)n : 0;
    }
    reason[len] = '\0';
}

static bool has_done_well(pid_t child)
{
    int status = 0;
    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR)
            return false;
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

int child_run(struct ctx *c, const char *what, child_work *work, void *arg)
{
    char reason[CHILD_REASON] = "";
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0)
        return err_detail(c, ERR_BUSY, "%s: no pipe: %s", what, strerrordesc_np(errno));
    pid_t child = fork();
    if (child == 0)
        work_and_end(work, arg, ends[1]);
    int why = errno;
    (void)close(ends[1]);
    if (child > 0)
        read_reason(child, ends[0], reason);
    (void)close(ends[0]);
    if (child < 0)
        return err_detail(c, ERR_BUSY, "%s: no process: %s", what, strerrordesc_np(why));
    if (has_done_well(child))
        return 0;
    return err_detail(c, ERR_BUSY, "%s: %s", what, reason[0] ? reason : "the child died");
}

#endif
