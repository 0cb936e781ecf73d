/* The verbs of the command line: aanjager collections ... */
#include "collections/collections_int.h"

#include "base/file.h"
#include "module/files.h"

struct import {
    const struct taxonomy *taxonomy;
};

static int read_collection(struct ctx *c, struct files_run *run, str document, void *ret)
{
    const struct import *im = run->arg;
    TRY(collection_document_read(c, im->taxonomy, document, ret));
    return collection_check_items(c, ret);
}

static str slug_of(const void *record)
{
    return ((const struct collection *)record)->slug;
}

static int save_collection(struct ctx *c, const void *record, int *ret)
{
    enum collection_saved saved;
    TRY(collection_store_save(c, record, S("Opdrachtregel"), S("Import"), &saved));
    *ret = (int)saved;
    return 0;
}

static const struct files_kind kind = {
    .feature = "collections",
    .suffix = ".yaml",
    .max_bytes = COLLECTION_MAX_DOCUMENT,
    .max_files = COLLECTIONS_MAX,
    .read = read_collection,
    .record_size = sizeof(struct collection),
    .slug = slug_of,
    .save = save_collection,
    .transaction = collection_store_transaction,
};

static int command_import(struct ctx *c, int argc, const char *const *argv)
{
    struct import im = {0};
    TRY(taxonomy_load(c, &im.taxonomy));
    return files_import(c, &kind, &im, argc, argv);
}

static int command_check(struct ctx *c, int argc, const char *const *argv)
{
    struct import im = {0};
    TRY(taxonomy_load(c, &im.taxonomy));
    return files_check(c, &kind, &im, argc, argv);
}

static int command_export(struct ctx *c, int argc, const char *const *argv)
{
    struct collection_row *rows;
    size_t count;
    if (argc != 1)
        return err_set(c, ERR_INVALID, "Gebruik: aanjager collections export MAP");
    TRY(file_make_dirs(c, str_from(argv[0])));
    TRY(collection_store_all(c, &rows, &count));
    for (size_t i = 0; i < count; i++) {
        str path =
            str_fmt(c->arena, "%s/%.*s.yaml", argv[0], (int)rows[i].slug.len, rows[i].slug.ptr);
        TRY(file_write(c, path, rows[i].document));
    }
    printf("%zu collecties geschreven naar %s\n", count, argv[0]);
    return 0;
}

const struct command collections_commands[COLLECTIONS_COMMAND_COUNT] = {
    {"collections import", "BESTAND|MAP",
     "Slaat collecties op; een fout bestand wordt genoemd en overgeslagen.", command_import, false},
    {"collections export", "MAP", "Schrijft alle collecties als bestanden naar de map.",
     command_export, false},
    {"collections check", "BESTAND|MAP", "Controleert bestanden zonder iets op te slaan.",
     command_check, false},
};
