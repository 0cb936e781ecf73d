#include <stdio.h>

#include "module/files.h"

#include "base/file.h"

/* A file that is not right is named; the others go on. A failure of the database ends the import.
 */
static bool is_files_own_fault(int code)
{
    return code == ERR_INVALID || code == ERR_LIMIT || code == ERR_CONFLICT ||
           code == ERR_FORBIDDEN || code == ERR_NOT_FOUND;
}

/* Without its folder. */
static str base_name(str path)
{
    for (size_t at; (at = str_find_byte(path, '/')) != STR_NONE;)
        path = str_slice(path, at + 1, path.len);
    return path;
}

static bool is_named(const struct files_run *run, str name, str slug)
{
    str suffix = str_from(run->kind->suffix);
    name = base_name(name);
    return name.len == slug.len + suffix.len && str_starts(name, slug) && str_ends(name, suffix);
}

bool files_has(const struct files_run *run, str slug)
{
    for (size_t i = 0; i < run->count; i++)
        if (is_named(run, run->names[i], slug))
            return true;
    return false;
}

static int read_file(struct ctx *c, struct files_run *run, str name, void *ret_record)
{
    str document;
    str path = str_join(c->arena, (str[]){run->folder, name}, 2, S(""));
    TRY(file_read(c, path, run->kind->max_bytes + 1, &document));
    run->present = name;
    TRY(run->kind->read(c, run, document, ret_record));
    if (!is_named(run, name, run->kind->slug(ret_record)))
        return err_set(c, ERR_INVALID, "regel 1: de slug is niet gelijk aan de bestandsnaam.");
    return 0;
}

struct one_file {
    const struct files_kind *kind;
    const void *record;
    int saved;
};

static int save_one(struct ctx *c, void *arg)
{
    struct one_file *one = arg;
    return one->kind->save(c, one->record, &one->saved);
}

/* Each file has its own inner transaction: one that the database refuses takes nothing with it. */
static int take_file(struct ctx *c, struct files_run *run, str name)
{
    void *record = arena_alloc(c->arena, run->kind->record_size);
    struct one_file one = {run->kind, record, 0};
    int code = read_file(c, run, name, record);
    if (code == 0 && !run->check_only)
        code = run->kind->transaction(c, save_one, &one);
    if (code == 0) {
        run->saved[one.saved]++;
        return 0;
    }
    if (!is_files_own_fault(code))
        return code;
    str words = err_words(&c->err);
    fprintf(stderr, "%.*s: %.*s\n", (int)name.len, name.ptr, (int)words.len, words.ptr);
    run->refused++;
    return 0;
}

static int take_all(struct ctx *c, void *arg)
{
    struct files_run *run = arg;
    memset(run->saved, 0, sizeof run->saved); /* a repeated transaction counts anew */
    run->refused = 0;
    if (run->kind->restart)
        run->kind->restart(c, run);
    for (size_t i = 0; i < run->count; i++)
        TRY(take_file(c, run, run->names[i]));
    return 0;
}

static int find_files(struct ctx *c, const char *place, struct files_run *run)
{
    str path = str_from(place), suffix = str_from(run->kind->suffix);
    if (str_ends(path, suffix)) {
        run->names = arena_new_of(c->arena, str);
        run->names[0] = path;
        run->count = 1;
        return 0;
    }
    TRY(file_list(c, path, suffix, run->kind->max_files, &run->names, &run->count));
    if (!run->count)
        return err_set(c, ERR_INVALID, "In de map \"%s\" staan geen bestanden die op %s eindigen.",
                       place, run->kind->suffix);
    run->folder = str_fmt(c->arena, "%s/", place);
    run->whole = true;
    return 0;
}

static int take_place(struct ctx *c, const char *place, struct files_run *run)
{
    TRY(find_files(c, place, run));
    TRY(run->check_only ? take_all(c, run) : run->kind->transaction(c, take_all, run));
    if (run->check_only)
        printf("%zu bestanden goed, %zu fout\n", run->saved[0], run->refused);
    else
        printf("%zu nieuw, %zu gewijzigd, %zu ongewijzigd, %zu geweigerd\n", run->saved[1],
               run->saved[2], run->saved[0], run->refused);
    if (run->refused)
        return err_set(c, ERR_CONFLICT, "%zu %s niet goed. Verbeter dat en probeer het opnieuw.",
                       run->refused, run->refused == 1 ? "bestand is" : "bestanden zijn");
    return 0;
}

static int wrong_use(struct ctx *c, const struct files_kind *kind, const char *verb)
{
    return err_set(c, ERR_INVALID, "Gebruik: aanjager %s %s BESTAND|MAP", kind->feature, verb);
}

int files_import(struct ctx *c, const struct files_kind *kind, void *arg, int argc,
                 const char *const *argv)
{
    struct files_run run = {.kind = kind, .arg = arg};
    return argc == 1 ? take_place(c, argv[0], &run) : wrong_use(c, kind, "import");
}

int files_check(struct ctx *c, const struct files_kind *kind, void *arg, int argc,
                const char *const *argv)
{
    struct files_run run = {.kind = kind, .arg = arg, .check_only = true};
    return argc == 1 ? take_place(c, argv[0], &run) : wrong_use(c, kind, "check");
}
