/* The index folder: generations, the file that names the current one, locks, and the readers.

   FOLDER/current holds the number of a generation; FOLDER/gen-N is a Xapian database and
   FOLDER/gen-N.lock is held shared by every process that reads it, so that a generation goes only
   when nobody needs it. Another process may switch at any moment: each search looks at
   FOLDER/current again (one stat). */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "index/index_int.h"

enum { MAX_GENERATIONS = 1000 };

str folder_path(struct arena *a, const struct index *ix, const char *name)
{
    return str_join(a, (str[]){ix->folder, str_from(name)}, 2, S("/"));
}

str folder_generation(struct arena *a, const struct index *ix, long long number)
{
    return folder_path(a, ix, str_fmt(a, "gen-%lld", number).ptr);
}

int folder_current(struct ctx *c, const struct index *ix, long long *ret)
{
    str text;
    *ret = 0;
    int code = file_read(c, folder_path(c->arena, ix, "current"), 64, &text);
    if (code == ERR_NOT_FOUND)
        return 0;
    TRY(code);
    if (!str_int(str_trim(text), 1, 1000000000, ret))
        *ret = 0;
    return 0;
}

/* ---- locks ---- */

int folder_lock(struct ctx *c, const struct index *ix, const char *name, int wait_ms, int *ret_fd)
{
    const char *path = str_z(c->arena, folder_path(c->arena, ix, name));
    long long until = clock_monotonic_us() + wait_ms * 1000LL;
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0)
        return err_detail(c, ERR_INTERNAL, "open %s: %s", path, strerrordesc_np(errno));
    while (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK && errno != EINTR) {
            close(fd);
            return err_detail(c, ERR_INTERNAL, "lock %s: %s", path, strerrordesc_np(errno));
        }
        if (clock_monotonic_us() >= until) {
            close(fd);
            return err_set(
                c, ERR_BUSY,
                "De zoekindex wordt net bijgewerkt. Probeer het over een minuut opnieuw.");
        }
        (void)nanosleep(&(struct timespec){.tv_nsec = 2000000}, NULL);
    }
    *ret_fd = fd;
    return 0;
}

void folder_unlock(int fd)
{
    if (fd >= 0)
        close(fd);
}

/* ---- generations ---- */

static void generation_free(struct generation *g)
{
    for (size_t i = 0; i < g->idle_count; i++)
        xap_reader_close(g->idle[i]);
    if (g->lock_fd >= 0)
        close(g->lock_fd);
    free((char *)g->path.ptr);
    free(g);
}

/* Called with the index locked. */
static void generation_let_go(struct generation *g)
{
    if (g && --g->users == 0)
        generation_free(g);
}

static int generation_lock_shared(struct ctx *c, const char *path, int *ret_fd)
{
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0)
        return err_detail(c, ERR_INTERNAL, "open %s: %s", path, strerrordesc_np(errno));
    if (flock(fd, LOCK_SH | LOCK_NB) != 0) {
        close(fd);
        return err_detail(c, ERR_CONFLICT, "%s is being removed", path);
    }
    *ret_fd = fd;
    return 0;
}

/* A generation outlives every call, so it is not in an arena. */
static int generation_open(struct ctx *c, const struct index *ix, long long number,
                           struct generation **ret)
{
    str path = folder_generation(c->arena, ix, number);
    int fd = -1;
    TRY(generation_lock_shared(
        c, folder_path(c->arena, ix, str_fmt(c->arena, "gen-%lld.lock", number).ptr).ptr, &fd));
    struct generation *g = calloc(1, sizeof *g);
    char *copy = strndup(path.ptr, path.len);
    if (!g || !copy) {
        free(g);
        free(copy);
        close(fd);
        return err_memory(c, "a generation of the index");
    }
    *g = (struct generation){
        .number = number, .path = str_of(copy, path.len), .lock_fd = fd, .users = 1};
    int code = xap_reader_open(c, copy, &g->idle[0]);
    if (code < 0) {
        generation_free(g);
        return code;
    }
    g->idle_count = 1;
    *ret = g;
    return 0;
}

/* ---- readers ---- */

static bool stamp_current(struct ctx *c, const struct index *ix, long long ret[3])
{
    struct stat st;
    ret[0] = ret[1] = ret[2] = 0;
    if (stat(folder_path(c->arena, ix, "current").ptr, &st) != 0)
        return false;
    ret[0] = (long long)st.st_ino;
    ret[1] = (long long)st.st_mtim.tv_sec;
    ret[2] = (long long)st.st_mtim.tv_nsec;
    return true;
}

static bool same_stamp(const long long a[3], const long long b[3])
{
    return a[0] == b[0] && a[1] == b[1] && a[2] == b[2];
}

/* Makes ix->current the generation that the file names. Called with the index locked. */
static int follow_current(struct ctx *c, struct index *ix)
{
    long long stamp[3], number;
    if (!stamp_current(c, ix, stamp))
        return err_detail(c, ERR_BUSY, "the index has no generation yet");
    if (ix->current && same_stamp(stamp, ix->current_stamp))
        return 0;
    TRY(folder_current(c, ix, &number));
    if (!ix->current || ix->current->number != number) {
        struct generation *g;
        TRY(generation_open(c, ix, number, &g));
        generation_let_go(ix->current);
        ix->current = g;
    }
    memcpy(ix->current_stamp, stamp, sizeof stamp);
    return 0;
}

static int take_locked(struct ctx *c, struct index *ix, struct lent_reader *ret)
{
    int code = 0;
    for (int attempt = 0; attempt < 10; attempt++) {
        code = follow_current(c, ix);
        if (code == 0 || code == ERR_BUSY)
            break; /* else it was removed between reading its number and opening it: look again */
    }
    TRY(code);
    struct generation *g = ix->current;
    ret->generation = g;
    ret->reader = g->idle_count ? g->idle[--g->idle_count] : NULL;
    g->users++;
    return 0;
}

int folder_reader_take(struct ctx *c, struct index *ix, struct lent_reader *ret)
{
    *ret = (struct lent_reader){0};
    pthread_mutex_lock(&ix->lock);
    int code = take_locked(c, ix, ret);
    pthread_mutex_unlock(&ix->lock);
    TRY(code);
    if (ret->reader)
        code = xap_reader_refresh(c, ret->reader);
    else
        code = xap_reader_open(c, ret->generation->path.ptr, &ret->reader);
    if (code < 0)
        folder_reader_give(ix, ret);
    return code;
}

void folder_reader_give(struct index *ix, struct lent_reader *lent)
{
    struct generation *g = lent->generation;
    if (!g)
        return;
    pthread_mutex_lock(&ix->lock);
    if (lent->reader && g == ix->current && g->idle_count < INDEX_READERS) {
        g->idle[g->idle_count++] = lent->reader;
        lent->reader = NULL;
    }
    generation_let_go(g);
    pthread_mutex_unlock(&ix->lock);
    xap_reader_close(lent->reader);
    *lent = (struct lent_reader){0};
}

void folder_close(struct index *ix)
{
    pthread_mutex_lock(&ix->lock);
    if (ix->current && ix->current->users != 1)
        BUG("index closed while a search runs");
    generation_let_go(ix->current);
    ix->current = NULL;
    pthread_mutex_unlock(&ix->lock);
}

/* ---- switching and cleaning ---- */

int folder_switch(struct ctx *c, struct index *ix, long long number)
{
    TRY(file_write(c, folder_path(c->arena, ix, "current"), str_fmt(c->arena, "%lld\n", number)));
    pthread_mutex_lock(&ix->lock);
    int code = follow_current(c, ix);
    pthread_mutex_unlock(&ix->lock);
    return code;
}

/* The number in gen-N or gen-N.anything; 0: another name. */
static long long number_of(const char *name)
{
    str rest = str_from(name), digits;
    long long number;
    if (!str_starts(rest, S("gen-")))
        return 0;
    rest = str_slice(rest, 4, rest.len);
    if (!str_split(&rest, '.', &digits) || !str_int(digits, 1, 1000000000, &number))
        return 0;
    return number;
}

/* Under an exclusive lock on the generation, which fails while anybody reads it. */
static void remove_generation(struct ctx *c, const struct index *ix, long long number)
{
    const char *lock =
        folder_path(c->arena, ix, str_fmt(c->arena, "gen-%lld.lock", number).ptr).ptr;
    int fd = open(lock, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0)
        return;
    if (flock(fd, LOCK_EX | LOCK_NB) == 0) {
        str path = folder_generation(c->arena, ix, number);
        IGNORE(file_remove_tree(c, path));
        str unfinished = str_join(c->arena, (str[]){path, S("build")}, 2, S("."));
        IGNORE(file_remove_tree(c, unfinished));
        (void)unlink(lock);
    }
    close(fd);
}

/* Numbers of the generations other than `except` that have anything in the folder. */
static size_t list_generations(struct ctx *c, const struct index *ix, long long except,
                               long long ret[MAX_GENERATIONS])
{
    size_t count = 0;
    const struct dirent *entry;
    DIR *dir = opendir(str_z(c->arena, ix->folder));
    while (dir && count < MAX_GENERATIONS && (entry = readdir(dir)) != NULL) {
        long long number = number_of(entry->d_name);
        if (number && number != except)
            ret[count++] = number;
    }
    if (dir)
        closedir(dir);
    return count;
}

long long folder_free_number(struct ctx *c, const struct index *ix)
{
    long long numbers[MAX_GENERATIONS], highest = 0;
    size_t count = list_generations(c, ix, 0, numbers);
    for (size_t i = 0; i < count; i++)
        highest = numbers[i] > highest ? numbers[i] : highest;
    return highest + 1;
}

/* Called under the rebuild lock: a generation above the current one is then left over from a
 * rebuild that died. */
void folder_clean(struct ctx *c, struct index *ix)
{
    long long numbers[MAX_GENERATIONS], current;
    struct err before = c->err;
    if (folder_current(c, ix, &current) < 0)
        return;
    size_t count = list_generations(c, ix, current, numbers);
    for (size_t i = 0; i < count; i++)
        remove_generation(c, ix, numbers[i]);
    c->err = before; /* what could not be removed now is removed another time */
}
