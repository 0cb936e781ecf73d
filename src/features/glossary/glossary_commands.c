/* The verbs of the command line: aanjager glossary ... */
#include "glossary/glossary_int.h"

#include "base/file.h"
#include "base/map.h"

static const str suffix = STR(".yaml");

static int wrong_use(struct ctx *c, const char *usage)
{
    return err_set(c, ERR_INVALID, "Gebruik: aanjager glossary %s", usage);
}

/* ---- check and import ---- */

struct import {
    str folder; /* with "/" at the end, or empty */
    str *names;
    size_t count;
    const struct taxonomy *taxonomy;
    struct map *words, *slugs; /* which file was the first to have them */
    bool check_only, whole;    /* whole: all terms are here, so that they may name each other */
    size_t saved[3];           /* by enum glossary_saved */
    size_t refused;
};

/* A word that two files have: the second is refused, as the store would. */
static int check_words(struct ctx *c, struct import *im, const struct glossary_term *t, str name)
{
    struct glossary_words words = glossary_words_of(c->arena, t);
    for (size_t i = 0; i < words.items_count; i++) {
        const str *first = map_get(im->words, words.items[i]);
        if (first && !str_eq(*first, name))
            return err_set(c, ERR_CONFLICT, "\"%.*s\" is al een naam in het bestand \"%.*s\".",
                           (int)words.items[i].len, words.items[i].ptr, (int)first->len,
                           first->ptr);
    }
    str *own = arena_new_of(c->arena, str);
    *own = name;
    for (size_t i = 0; i < words.items_count; i++)
        map_put(im->words, words.items[i], own);
    return 0;
}

static int check_related(struct ctx *c, const struct import *im, const struct glossary_term *t)
{
    const struct glossary_words *terms = &t->related.terms;
    for (size_t i = 0; im->whole && i < terms->items_count; i++)
        if (!map_get(im->slugs, terms->items[i]))
            return err_set(c, ERR_INVALID, "\"terms\" noemt het begrip \"%.*s\", dat er niet is.",
                           (int)terms->items[i].len, terms->items[i].ptr);
    return 0;
}

static int read_file(struct ctx *c, struct import *im, str name, struct glossary_term *ret)
{
    str document, base = name;
    str path = str_join(c->arena, (str[]){im->folder, name}, 2, S(""));
    TRY(file_read(c, path, GLOSSARY_MAX_DOCUMENT + 1, &document));
    TRY(glossary_document_read(c, im->taxonomy, document, ret));
    for (size_t at; (at = str_find_byte(base, '/')) != STR_NONE;)
        base = str_slice(base, at + 1, base.len);
    if (!str_eq(base, str_join(c->arena, (str[]){ret->slug, suffix}, 2, S(""))))
        return err_set(c, ERR_INVALID, "regel 1: de slug is niet gelijk aan de bestandsnaam.");
    TRY(check_words(c, im, ret, name));
    return check_related(c, im, ret);
}

/* A file that is not right is named; the others go on. A failure of the database ends the import.
 */
static bool is_files_own_fault(int code)
{
    return code == ERR_INVALID || code == ERR_LIMIT || code == ERR_CONFLICT ||
           code == ERR_FORBIDDEN || code == ERR_NOT_FOUND;
}

struct import_one {
    const struct glossary_term *term;
    enum glossary_saved saved;
};

static int save_imported(struct ctx *c, void *arg)
{
    struct import_one *one = arg;
    return glossary_store_save(c, one->term, &one->saved);
}

/* Each file has its own inner transaction: one that the database refuses takes nothing with it. */
static int import_file(struct ctx *c, struct import *im, str name)
{
    struct glossary_term term;
    struct import_one one = {.term = &term, .saved = GLOSSARY_SAME};
    int code = read_file(c, im, name, &term);
    if (code == 0 && !im->check_only)
        code = glossary_store_transaction(c, save_imported, &one);
    if (code == 0) {
        im->saved[one.saved]++;
        return 0;
    }
    if (!is_files_own_fault(code))
        return code;
    str words = err_words(&c->err);
    fprintf(stderr, "%.*s: %.*s\n", (int)name.len, name.ptr, (int)words.len, words.ptr);
    im->refused++;
    return 0;
}

static int import_all(struct ctx *c, void *arg)
{
    struct import *im = arg;
    memset(im->saved, 0, sizeof im->saved); /* a repeated transaction counts anew */
    im->refused = 0;
    im->words = map_new(c->arena, im->count * 4);
    for (size_t i = 0; i < im->count; i++)
        TRY(import_file(c, im, im->names[i]));
    return 0;
}

/* One file, or all in a folder. */
static int find_files(struct ctx *c, const char *place, struct import *im)
{
    str path = str_from(place);
    if (str_ends(path, suffix)) {
        im->names = arena_new_of(c->arena, str);
        im->names[0] = path;
        im->count = 1;
        return 0;
    }
    TRY(file_list(c, path, suffix, GLOSSARY_MAX_TERMS, &im->names, &im->count));
    if (!im->count)
        return err_set(c, ERR_INVALID,
                       "In de map \"%s\" staan geen bestanden die op .yaml eindigen.", place);
    im->folder = str_fmt(c->arena, "%s/", place);
    im->whole = im->check_only;
    for (size_t i = 0; i < im->count; i++)
        map_put(im->slugs, str_slice(im->names[i], 0, im->names[i].len - suffix.len), im);
    return 0;
}

static int import_place(struct ctx *c, const char *place, bool check_only)
{
    struct import im = {.check_only = check_only, .slugs = map_new(c->arena, 64)};
    TRY(taxonomy_load(c, &im.taxonomy));
    TRY(find_files(c, place, &im));
    TRY(check_only ? import_all(c, &im) : glossary_store_transaction(c, import_all, &im));
    if (check_only)
        printf("%zu bestanden goed, %zu fout\n", im.saved[GLOSSARY_SAME], im.refused);
    else
        printf("%zu nieuw, %zu gewijzigd, %zu ongewijzigd, %zu geweigerd\n", im.saved[GLOSSARY_NEW],
               im.saved[GLOSSARY_CHANGED], im.saved[GLOSSARY_SAME], im.refused);
    if (im.refused)
        return err_set(c, ERR_CONFLICT, "%zu %s niet goed. Verbeter dat en probeer het opnieuw.",
                       im.refused, im.refused == 1 ? "bestand is" : "bestanden zijn");
    return 0;
}

static int command_import(struct ctx *c, int argc, const char *const *argv)
{
    return argc == 1 ? import_place(c, argv[0], false) : wrong_use(c, "import BESTAND|MAP");
}

static int command_check(struct ctx *c, int argc, const char *const *argv)
{
    return argc == 1 ? import_place(c, argv[0], true) : wrong_use(c, "check BESTAND|MAP");
}

/* ---- export ---- */

static int command_export(struct ctx *c, int argc, const char *const *argv)
{
    struct glossary_row *rows;
    size_t count;
    if (argc != 1)
        return wrong_use(c, "export MAP");
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
