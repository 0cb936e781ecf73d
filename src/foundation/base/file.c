#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/ctx.h"
#include "base/vec.h"

/* Turns errno into words that name the path and what to do. */
static int file_failed(struct ctx *c, const char *path, const char *what)
{
    int reason = errno;
    int code = ERR_INTERNAL;
    if (reason == ENOENT || reason == ENOTDIR) {
        code = err_set(c, ERR_NOT_FOUND, "Het bestand of de map \"%s\" bestaat niet.", path);
    } else if (reason == EACCES || reason == EPERM || reason == EROFS) {
        code = err_set(c, ERR_FORBIDDEN, "Geen recht om \"%s\" te %s. Pas de rechten aan.", path,
                       what);
    } else if (reason == EISDIR) {
        code = err_set(c, ERR_INVALID, "\"%s\" is een map en geen bestand.", path);
    } else if (reason == ENOSPC || reason == EDQUOT) {
        code = err_set(c, ERR_BUSY,
                       "De schijf is vol: \"%s\" is niet opgeslagen. Maak ruimte vrij en probeer "
                       "het opnieuw.",
                       path);
    } else {
        code = err_set(c, ERR_INTERNAL, "Het lukte niet om \"%s\" te %s.", path, what);
    }
    err_context(c, "%s %s: %s", what, path, strerrordesc_np(reason));
    return code;
}

static void close_fd(void *object)
{
    (void)close((int)(intptr_t)object);
}

static int read_all(struct ctx *c, int fd, const char *path, size_t max, str *ret)
{
    struct buf b;
    char chunk[16384];
    buf_init(&b, c->arena, max);
    for (;;) {
        ssize_t n = read(fd, chunk, sizeof chunk);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return file_failed(c, path, "lezen");
        if (n == 0)
            break;
        buf_add(&b, str_of(chunk, (size_t)n));
        if (!buf_ok(&b))
            return err_set(c, ERR_LIMIT, "\"%s\" is te groot: ten hoogste %zu bytes.", path, max);
    }
    *ret = buf_str(&b);
    return 0;
}

int file_read(struct ctx *c, str path, size_t max, str *ret)
{
    const char *z = str_z(c->arena, path);
    /* O_NONBLOCK: a pipe without a writer is empty, and nobody waits for it. */
    int fd = open(z, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return file_failed(c, z, "lezen");
    int code = read_all(c, fd, z, max, ret);
    close_fd((void *)(intptr_t)fd);
    return code;
}

static bool write_all(int fd, str content)
{
    while (content.len) {
        ssize_t n = write(fd, content.ptr, content.len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return false;
        content = str_slice(content, (size_t)n, content.len);
    }
    return true;
}

static int write_file(struct ctx *c, str path, str content, mode_t mode)
{
    const char *z = str_z(c->arena, path);
    const char *temporary = str_fmt(c->arena, "%s.nieuw", z).ptr;
    int fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
    if (fd < 0)
        return file_failed(c, z, "schrijven");
    bool good = write_all(fd, content) && fsync(fd) == 0;
    int reason = errno;
    good = close(fd) == 0 && good;
    if (good && rename(temporary, z) == 0)
        return 0;
    if (!good)
        errno = reason;
    int code = file_failed(c, z, "schrijven");
    (void)unlink(temporary);
    return code;
}

int file_write(struct ctx *c, str path, str content)
{
    return write_file(c, path, content, 0644);
}

int file_write_private(struct ctx *c, str path, str content)
{
    return write_file(c, path, content, 0600);
}

int file_rename(struct ctx *c, str from, str to)
{
    const char *z = str_z(c->arena, to);
    size_t slash = to.len;
    while (slash && to.ptr[slash - 1] != '/')
        slash--;
    const char *folder = slash ? str_z(c->arena, str_slice(to, 0, slash)) : ".";
    if (rename(str_z(c->arena, from), z) != 0)
        return file_failed(c, z, "schrijven");
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool good = fd >= 0 && fsync(fd) == 0;
    int code = good ? 0 : file_failed(c, folder, "schrijven");
    if (fd >= 0)
        (void)close(fd);
    return code;
}

int file_size(struct ctx *c, str path, long long *ret)
{
    struct stat st;
    const char *z = str_z(c->arena, path);
    if (stat(z, &st) != 0)
        return file_failed(c, z, "lezen");
    *ret = (long long)st.st_size;
    return 0;
}

int file_make_dirs(struct ctx *c, str path)
{
    char *z = (char *)str_dup(c->arena, path).ptr;
    for (size_t i = 1; i <= path.len; i++) {
        if (i < path.len && z[i] != '/')
            continue;
        z[i] = '\0';
        if (mkdir(z, 0700) != 0 && errno != EEXIST)
            return file_failed(c, z, "maken");
        if (i < path.len)
            z[i] = '/';
    }
    return 0;
}

bool file_exists(struct ctx *c, str path)
{
    return access(str_z(c->arena, path), F_OK) == 0;
}

static int compare_names(const void *a, const void *b)
{
    return str_cmp(*(const str *)a, *(const str *)b);
}

int file_list(struct ctx *c, str folder, str suffix, size_t max, str **ret_names, size_t *ret_count)
{
    struct {
        str *items;
        size_t count, capacity;
    } names = {0};
    const char *z = str_z(c->arena, folder);
    DIR *dir = opendir(z);
    if (!dir)
        return file_failed(c, z, "lezen");
    const struct dirent *entry;
    while (names.count <= max && (entry = readdir(dir)) != NULL) {
        str name = str_from(entry->d_name);
        if (name.ptr[0] != '.' && str_ends(name, suffix))
            *vec_push(c->arena, &names) = str_dup(c->arena, name);
    }
    closedir(dir);
    if (names.count > max)
        return err_set(c, ERR_LIMIT, "De map \"%s\" heeft meer dan %zu bestanden.", z, max);
    if (names.count)
        qsort(names.items, names.count, sizeof *names.items, compare_names);
    *ret_names = names.items;
    *ret_count = names.count;
    return 0;
}

static int remove_entry(const char *path, const struct stat *st _unused_, int flag _unused_,
                        struct FTW *ftw _unused_)
{
    return remove(path);
}

int file_remove_tree(struct ctx *c, str path)
{
    const char *z = str_z(c->arena, path);
    if (nftw(z, remove_entry, 16, FTW_DEPTH | FTW_PHYS) != 0 && errno != ENOENT)
        return file_failed(c, z, "verwijderen");
    return 0;
}
