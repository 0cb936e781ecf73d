#include "taxonomy/taxonomy_int.h"

#include "base/embedded.h"
#include "module/module.h"

static const char *const starter_files[TAXONOMY_KINDS] = {
    [TAXONOMY_PHASE] = "content/taxonomy/phases.yaml",
    [TAXONOMY_BOTTLENECK] = "content/taxonomy/bottlenecks.yaml",
    [TAXONOMY_THEME] = "content/taxonomy/themes.yaml",
    [TAXONOMY_ACTOR] = "content/taxonomy/actors.yaml",
};

static int load_file(struct ctx *c, enum taxonomy_kind kind)
{
    const struct embedded_file *file =
        embedded_find(&embedded_content, str_from(starter_files[kind]));
    struct taxonomy_term *terms;
    size_t count;
    if (!file)
        BUG("a taxonomy file is missing from the binary");
    TRY(taxonomy_read(c, kind, file->path, file->bytes, &terms, &count));
    for (size_t i = 0; i < count; i++)
        TRY(taxonomy_store_starter(c, &terms[i]));
    return 0;
}

static int load_all(struct ctx *c, void *arg _unused_)
{
    for (int kind = 0; kind < TAXONOMY_KINDS; kind++)
        TRY(load_file(c, (enum taxonomy_kind)kind));
    return 0;
}

static int taxonomy_start(struct ctx *c)
{
    return taxonomy_store_transaction(c, load_all);
}

const struct module taxonomy_module = {
    .name = "taxonomy",
    .start = taxonomy_start,
};
