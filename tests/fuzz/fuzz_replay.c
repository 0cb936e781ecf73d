/* Runs a target on every file of a folder, as one test each: NAME FOLDER. */
#include "base/file.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MAX_FILES = 20000, MAX_FILE = 1024 * 1024 };

/* In memory of exactly its size, so that a step past the end is seen. */
static void replay(str content)
{
    uint8_t *exact = malloc(content.len ? content.len : 1);
    if (!exact)
        abort();
    memcpy(exact, content.ptr, content.len);
    (void)LLVMFuzzerTestOneInput(exact, content.len);
    free(exact);
}

static int replay_all(struct ctx *c, str folder)
{
    str *names, content;
    size_t count;
    TRY(file_list(c, folder, S(""), MAX_FILES, &names, &count));
    printf("TAP version 13\n1..%zu\n", count);
    for (size_t i = 0; i < count; i++) {
        str path = str_join(c->arena, (str[]){folder, names[i]}, 2, S("/"));
        TRY(file_read(c, path, MAX_FILE, &content));
        (void)fflush(stdout);
        replay(content);
        printf("ok %zu - %.*s\n", i + 1, (int)names[i].len, names[i].ptr);
    }
    return count ? 0 : err_detail(c, ERR_NOT_FOUND, "no inputs");
}

int main(int argc, char **argv)
{
    struct ctx c = {.arena = arena_new()};
    int code = argc == 2 ? replay_all(&c, str_from(argv[1])) : ERR_INVALID;
    if (code < 0)
        fprintf(stderr, "%s FOLDER: %.*s %.*s\n", argv[0], (int)c.err.msg.len,
                c.err.msg.len ? c.err.msg.ptr : "", (int)c.err.detail.len,
                c.err.detail.len ? c.err.detail.ptr : "");
    arena_free(c.arena);
    return code < 0;
}
