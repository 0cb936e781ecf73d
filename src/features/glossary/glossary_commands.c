/* The verbs of the command line: aanjager glossary ... */
#include "glossary/glossary_int.h"

#include "base/file.h"
#include "base/map.h"
#include "module/files.h"

/* ---- check and import ---- */

struct import {
    const struct taxonomy *taxonomy;
    struct map *words; /* which file was the first to have them */
};

/* A word that two files have: the second is refused, as the store would. */
static int check_words(struct ctx *c, const struct files_run *run, const struct glossary_term *t)
{
    const struct import *im = run->arg;
    struct glossary_words words = glossary_words_of(c->arena, t);
    for (size_t i = 0; i < words.items_count; i++) {
        const str *first = map_get(im->words, words.items[i]);
        if (first && !str_eq(*first, run->present))
            return err_set(c, ERR_CONFLICT, "\"%.*s\" is al een naam in het bestand \"%.*s\".",
                           (int)words.items[i].len, words.items[i].ptr, (int)first->len,
                           first->ptr);
    }
    str *own = arena_new_of(c->arena, str);
    *own = run->present;
    for (size_t i = 0; i < words.items_count; i++)
        map_put(im->words, words.items[i], own);
    return 0;
}

/* Of the terms that a folder has now, others may be in the database already. */
static int check_related(struct ctx *c, const struct files_run *run, const struct glossary_term *t)
{
    const struct glossary_words *terms = &t->related.terms;
    for (size_t i = 0; run->whole && run->check_only && i < terms->items_count; i++)
        if (!files_has(run, terms->items[i]))
            return err_set(c, ERR_INVALID, "\"terms\" noemt het begrip \"%.*s\", dat er niet is.",
                           (int)terms->items[i].len, terms->items[i].ptr);
    return 0;
}

static int read_term(struct ctx *c, struct files_run *run, str document, void *ret)
{
    const struct import *im = run->arg;
    TRY(glossary_document_read(c, im->taxonomy, document, ret));
    TRY(check_words(c, run, ret));
    return check_related(c, run, ret);
}

static str slug_of(const void *record)
{
    return ((const struct glossary_term *)record)->slug;
}

static int save_term(struct ctx *c, const void *record, int *ret)
{
    enum glossary_saved saved;
    TRY(glossary_store_save(c, record, &saved));
    *ret = (int)saved;
    return 0;
}

static void forget_words(struct ctx *c, struct files_run *run)
{
    ((struct import *)run->arg)->words = map_new(c->arena, run->count * 4);
}

static const struct files_kind kind = {
    .feature = "glossary",
    .suffix = ".yaml",
    .max_bytes = GLOSSARY_MAX_DOCUMENT,
    .max_files = GLOSSARY_MAX_TERMS,
    .read = read_term,
    .record_size = sizeof(struct glossary_term),
    .slug = slug_of,
    .save = save_term,
    .transaction = glossary_store_transaction,
    .restart = forget_words,
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

/* ---- export ---- */

static int command_export(struct ctx *c, int argc, const char *const *argv)
{
    struct glossary_row *rows;
    size_t count;
    if (argc != 1)
        return err_set(c, ERR_INVALID, "Gebruik: aanjager glossary export MAP");
    TRY(file_make_dirs(c, str_from(argv[0])));
    TRY(glossary_store_all(c, &rows, &count));
    for (size_t i = 0; i < count; i++) {
        str path =
            str_fmt(c->arena, "%s/%.*s.yaml", argv[0], (int)rows[i].slug.len, rows[i].slug.ptr);
        TRY(file_write(c, path, rows[i].document));
    }
    printf("%zu begrippen geschreven naar %s\n", count, argv[0]);
    return 0;
}

const struct command glossary_commands[GLOSSARY_COMMAND_COUNT] = {
    {"glossary import", "BESTAND|MAP",
     "Slaat begrippen op; een fout bestand wordt genoemd en overgeslagen.", command_import, false},
    {"glossary export", "MAP", "Schrijft alle begrippen als bestanden naar de map.", command_export,
     false},
    {"glossary check", "BESTAND|MAP", "Controleert bestanden zonder iets op te slaan.",
     command_check, false},
};
