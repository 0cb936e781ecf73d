/* Marks of what is handed over: a file for each claim with one byte, 0 until just before the last
   dot of the mail goes out and 1 from then on; removed when the end of the mail is in the database.

   A byte in a file outlives the end of the program, also by kill -9, without waiting for the disk;
   but not a loss of power. So its absence says "not handed over" only in the same folder and the
   same run of the machine, which handed_node names. */
#include <fcntl.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/ctx.h"
#include "base/file.h"
#include "base/random.h"
#include "mail/mail_int.h"

enum {
    MAX_NODE = 200,
    MAX_PATH = 1024,
    SAME_RUN_S = 5, /* a machine does not start, send mail and start again within */
};

/* When the machine started, in seconds since 1970. The same all along but for steps of the clock,
 * which only make us less certain. */
static long long boot_moment(void)
{
    struct timespec up = {0};
    (void)clock_gettime(CLOCK_BOOTTIME, &up);
    return clock_now() - up.tv_sec;
}

static bool is_this_run(str kept, long long boot)
{
    str moment;
    long long then;
    return str_split(&kept, ' ', &moment) && kept.len && str_int(moment, 0, INT64_MAX, &then) &&
           then - boot <= SAME_RUN_S && boot - then <= SAME_RUN_S;
}

int handed_node(struct ctx *c, str folder, str *ret)
{
    struct err before = c->err;
    str path = str_fmt(c->arena, "%.*s/node", (int)folder.len, folder.ptr), kept;
    long long boot = boot_moment();
    TRY(file_make_dirs(c, folder));
    if (file_read(c, path, MAX_NODE, &kept) == 0 && is_this_run(kept, boot)) {
        *ret = kept;
        return 0;
    }
    c->err = before;
    *ret = str_fmt(c->arena, "%lld %s", boot, random_hex(c->arena, 16).ptr);
    return file_write(c, path, *ret);
}

static bool mark_path(char ret[MAX_PATH], str folder, str claim)
{
    int n = snprintf(ret, MAX_PATH, "%.*s/%.*s", (int)folder.len, folder.ptr, (int)claim.len,
                     claim.ptr);
    return n > 0 && n < MAX_PATH;
}

int handed_begin(struct ctx *c, str folder, str claim, int *ret_mark)
{
    char path[MAX_PATH];
    if (!mark_path(path, folder, claim))
        return err_detail(c, ERR_INTERNAL, "the path of a mark is too long");
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd >= 0 && pwrite(fd, "0", 1, 0) == 1) {
        *ret_mark = fd;
        return 0;
    }
    if (fd >= 0)
        (void)close(fd);
    return err_set(c, ERR_BUSY,
                   "Het lukte niet om te schrijven in de map met gegevens. Controleer de schijf.");
}

bool handed_mark(int mark)
{
    return pwrite(mark, "1", 1, 0) == 1;
}

void handed_close(int mark)
{
    if (mark >= 0)
        (void)close(mark);
}

void handed_remove(str folder, str claim)
{
    char path[MAX_PATH];
    if (mark_path(path, folder, claim))
        (void)unlink(path);
}

bool handed_is_marked(str folder, str claim)
{
    char path[MAX_PATH], byte = '0';
    if (!mark_path(path, folder, claim))
        return true;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return false;
    bool readable = read(fd, &byte, 1) >= 0;
    (void)close(fd);
    return !readable || byte == '1';
}
