/* A full disk: reading goes on, writing says what to do, and with room again all works without a
   restart. On a real, small file system, through the real program; where the system does not let us
   make one, these tests are skipped, and test_full.c does the same with failing calls. */
#include "program.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mount.h>
#include <unistd.h>

#include "base/file.h"
#include "base/random.h"

#define ITEM(text)                                                                                 \
    "---\nslug: vol\ntitle: Proef\ntype: werkwijze\nsummary: Een proef.\n"                         \
    "phases: [\"5\"]\nbottlenecks: [PRO]\nthemes: [grond]\nactors: [planoloog]\n"                  \
    "sources:\n  - title: Bron\nlicence: CC-BY-4.0\ncertainty: opgezocht\n"                        \
    "evidence: onvoldoende\n---\n" text "\n"

enum { SMALL_KB = 32 * 1024 };

struct place {
    struct ctx c;
    str folder, small, import; /* small: the file system */
    struct program program;
};

static void begin(struct place *p)
{
    p->c = (struct ctx){.arena = arena_new()};
    p->folder = program_folder(p->c.arena);
    p->small = str_fmt(p->c.arena, "%s/klein", p->folder.ptr);
    p->import = str_fmt(p->c.arena, "%s/import", p->folder.ptr);
    CHECK_OK(&p->c, file_make_dirs(&p->c, p->small));
    CHECK_OK(&p->c, file_make_dirs(&p->c, p->import));
    if (mount("none", p->small.ptr, "tmpfs", 0, "size=32m") == 0)
        return;
    print_message("# no right to mount (error %d)\n", errno);
    CHECK_OK(&p->c, file_remove_tree(&p->c, p->folder));
    arena_free(p->c.arena);
    skip();
}

static void end(struct place *p)
{
    CHECK_INT(umount2(p->small.ptr, MNT_DETACH), 0);
    CHECK_OK(&p->c, file_remove_tree(&p->c, p->folder));
    arena_free(p->c.arena);
}

static str filler(struct place *p)
{
    return str_fmt(p->c.arena, "%s/vulling", p->small.ptr);
}

static void fill(struct place *p)
{
    static char bytes[65536];
    int fd = open(filler(p).ptr, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    CHECK(fd >= 0);
    random_bytes(bytes, sizeof bytes);
    for (size_t size = sizeof bytes; size; size /= 2)
        while (write(fd, bytes, size) > 0)
            continue;
    CHECK_INT(errno, ENOSPC);
    (void)close(fd);
}

static void make_room(struct place *p)
{
    CHECK_INT(unlink(filler(p).ptr), 0);
}

/* `text` must differ from the last time. */
static int import(struct place *p, const char *const *options, str text, str *ret_output)
{
    const char *argv[10] = {0};
    size_t n = 0;
    CHECK_OK(&p->c, file_write(&p->c, str_fmt(p->c.arena, "%s/vol.md", p->import.ptr), text));
    for (; options[n]; n++)
        argv[n] = options[n];
    argv[n++] = "library";
    argv[n++] = "import";
    argv[n] = p->import.ptr;
    return program_command(p->c.arena, argv, ret_output);
}

static void check_reading(struct place *p)
{
    static const char *const paths[] = {"/", "/kennisbank/anterieure-overeenkomst",
                                        "/zoeken?q=grond", "/kennisbank?fase=voorbereiding",
                                        "/assets/app.css"};
    for (size_t i = 0; i < COUNT_OF(paths); i++)
        CHECK_INT(program_get(p->c.arena, &p->program, paths[i]).status, 200);
}

static bool says(str output, const char *words)
{
    if (str_find(output, str_from(words)) != STR_NONE)
        return true;
    print_error("said: %.*s\n", (int)output.len, output.ptr);
    return false;
}

static void the_disk_of_everything(void **state _unused_)
{
    struct place p;
    str output;
    begin(&p);
    const char *const options[] = {"--data", p.small.ptr, NULL};
    program_start(&p.program, options);
    CHECK_INT(import(&p, options, S(ITEM("Eerst.")), &output), 0);
    fill(&p);
    /* The WAL has room of its own that was used before: only much text needs more. */
    str large = str_fmt(p.c.arena, "%s%s", ITEM("Te veel."), random_hex(p.c.arena, 50000).ptr);
    int code = 0;
    for (int i = 0; i < 40 && code == 0; i++)
        code = import(&p, options, str_fmt(p.c.arena, "%s %d\n", large.ptr, i), &output);
    CHECK(code != 0);
    CHECK(says(output, "De schijf is vol"));
    CHECK(says(output, "Maak ruimte vrij"));
    check_reading(&p);
    make_room(&p);
    CHECK_INT(import(&p, options, S(ITEM("Er is weer plaats voor een purperreiger.")), &output), 0);
    check_reading(&p);
    CHECK(program_await(p.c.arena, &p.program, "/zoeken?q=purperreiger", 200, "/kennisbank/vol",
                        120000));
    program_stop(&p.program);
    end(&p);
}

static void the_disk_of_the_index(void **state _unused_)
{
    struct place p;
    str output;
    begin(&p);
    str database = str_fmt(p.c.arena, "sqlite:%s/elders.db", p.folder.ptr);
    const char *const options[] = {"--data", p.small.ptr, "--database", database.ptr, NULL};
    program_start(&p.program, options);
    fill(&p);
    CHECK_INT(import(&p, options, S(ITEM("Een tekst met een roerdomp.")), &output), 0);
    CHECK(program_await(p.c.arena, &p.program, "/kennisbank/vol", 200, "roerdomp", 60000));
    /* The indexer cannot write, again and again; the site does not mind. */
    for (int i = 0; i < 5; i++) {
        (void)nanosleep(&(struct timespec){.tv_nsec = 500000000}, NULL);
        check_reading(&p);
    }
    struct program_answer answer = program_get(p.c.arena, &p.program, "/zoeken?q=roerdomp");
    CHECK_INT(answer.status, 200);
    CHECK(str_find(answer.text, S("/kennisbank/vol")) == STR_NONE);
    make_room(&p);
    CHECK(
        program_await(p.c.arena, &p.program, "/zoeken?q=roerdomp", 200, "/kennisbank/vol", 120000));
    program_stop(&p.program);
    end(&p);
}

static void fill_but(struct place *p, size_t kilobytes)
{
    static const char bytes[1024];
    int fd = open(filler(p).ptr, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    CHECK(fd >= 0);
    for (size_t i = 0; i < (size_t)SMALL_KB - kilobytes; i++)
        CHECK_INT(write(fd, bytes, sizeof bytes), sizeof bytes);
    (void)close(fd);
}

/* Into a new folder on the small file system, with so much room left there. */
static int restore_with_room(struct place *p, str folder, size_t kilobytes, str *ret_output)
{
    const char *const argv[] = {"--data", folder.ptr, "restore",
                                str_fmt(p->c.arena, "%s/kopie", p->folder.ptr).ptr, NULL};
    fill_but(p, kilobytes);
    int code = program_command(p->c.arena, argv, ret_output);
    make_room(p);
    return code;
}

/* It says that all is well only when the database is whole. */
static void the_disk_of_a_copy(void **state _unused_)
{
    struct place p;
    str output;
    int restored = 0, refused = 0;
    begin(&p);
    const char *const backup[] = {"--data", p.folder.ptr, "backup",
                                  str_fmt(p.c.arena, "%s/kopie", p.folder.ptr).ptr, NULL};
    CHECK_INT(program_command(p.c.arena, backup, &output), 0);
    const char *const onto_full[] = {"--data", p.folder.ptr, "backup",
                                     str_fmt(p.c.arena, "%s/kopie", p.small.ptr).ptr, NULL};
    for (size_t left = 256; left <= 1536; left += 256) {
        fill_but(&p, left);
        CHECK(program_command(p.c.arena, onto_full, &output) != 0);
        CHECK(says(output, "De schijf is vol"));
        make_room(&p);
    }
    for (size_t kilobytes = 512; kilobytes <= 8192; kilobytes += 512) {
        str folder = str_fmt(p.c.arena, "%s/%zu", p.small.ptr, kilobytes);
        str second = str_fmt(p.c.arena, "%s/%zu", p.folder.ptr, kilobytes);
        const char *const again[] = {"--data", folder.ptr, "backup", second.ptr, NULL};
        if (restore_with_room(&p, folder, kilobytes, &output) != 0) {
            CHECK(says(output, "De schijf is vol"));
            refused++;
        } else {
            CHECK_INT(program_command(p.c.arena, again, &output), 0);
            restored++;
        }
        CHECK_OK(&p.c, file_remove_tree(&p.c, folder));
    }
    CHECK(restored && refused);
    end(&p);
}

TEST_MAIN(TEST(the_disk_of_everything), TEST(the_disk_of_the_index), TEST(the_disk_of_a_copy))
