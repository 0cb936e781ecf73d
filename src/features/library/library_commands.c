/* The verbs of the command line: aanjager library ... */
#include <unistd.h>

#include "library/library_int.h"

#include "base/clock.h"
#include "base/file.h"
#include "diff/diff.h"
#include "taxonomy/taxonomy.h"
#include "yaml/record.h"

enum { IMPORT_BATCH = 250 };

static int wrong_use(struct ctx *c, const char *usage)
{
    return err_set(c, ERR_INVALID, "Gebruik: aanjager library %s", usage);
}

/* ---- import ---- */

struct import {
    str folder;
    str *names;
    size_t count, from, to; /* the batch is names[from, to) */
    const struct taxonomy *taxonomy;
    bool check_only;
    struct import_counts {
        size_t saved[3]; /* by enum library_saved */
        size_t refused;
    } counts, before; /* before: as they were when the batch began */
    bool progress;
};

static void show_progress(const struct import *im, size_t done)
{
    enum { WIDTH = 30 };
    char bar[WIDTH + 1];
    size_t filled = im->count ? done * WIDTH / im->count : WIDTH;
    for (size_t i = 0; i < WIDTH; i++)
        bar[i] = i < filled ? '#' : '.';
    bar[WIDTH] = '\0';
    fprintf(stderr, "\r[%s] %zu van %zu", bar, done, im->count);
    if (done == im->count)
        fputc('\n', stderr);
}

static int read_item_file(struct ctx *c, const struct import *im, str name, struct item *ret)
{
    str path = str_fmt(c->arena, "%.*s/%.*s", (int)im->folder.len, im->folder.ptr, (int)name.len,
                       name.ptr);
    str document;
    TRY(file_read(c, path, LIBRARY_MAX_DOCUMENT, &document));
    TRY(library_document_read(c, im->taxonomy, document, ret));
    if (!str_eq(str_slice(name, 0, name.len - 3), ret->slug))
        return err_set(c, ERR_INVALID, "regel 2: de slug is niet gelijk aan de bestandsnaam.");
    return 0;
}

/* A file that is not right is named; the others go on. A failure of the database ends the import.
 */
static bool is_files_own_fault(int code)
{
    return code == ERR_INVALID || code == ERR_LIMIT || code == ERR_CONFLICT ||
           code == ERR_FORBIDDEN || code == ERR_NOT_FOUND;
}

struct import_one {
    const struct item *item;
    enum library_saved saved;
};

static int save_imported(struct ctx *c, void *arg)
{
    struct import_one *one = arg;
    return library_store_save(c, one->item, S("Opdrachtregel"), S("Import"), &one->saved);
}

/* Each file has its own inner transaction: one that the database refuses takes nothing with it. */
static int import_file(struct ctx *c, struct import *im, str name)
{
    struct item item;
    struct import_one one = {.item = &item, .saved = LIBRARY_SAME};
    int code = read_item_file(c, im, name, &item);
    if (code == 0 && !im->check_only)
        code = library_store_transaction(c, save_imported, &one);
    if (code == 0) {
        im->counts.saved[one.saved]++;
        return 0;
    }
    if (!is_files_own_fault(code))
        return code;
    str words = err_words(&c->err);
    fprintf(stderr, "%s%.*s: %.*s\n", im->progress ? "\r\x1b[K" : "", (int)name.len, name.ptr,
            (int)words.len, words.ptr);
    im->counts.refused++;
    return 0;
}

static int import_batch(struct ctx *c, void *arg)
{
    struct import *im = arg;
    im->counts = im->before; /* a repeated transaction counts anew */
    for (size_t i = im->from; i < im->to; i++)
        TRY(import_file(c, im, im->names[i]));
    return 0;
}

/* Each batch has its own arena and transaction, so that 10,000 files need no more memory than 250.
 */
static int import_all(struct ctx *c, struct import *im)
{
    for (im->from = 0; im->from < im->count; im->from = im->to) {
        struct ctx batch = ctx_child(c);
        im->to = im->from + IMPORT_BATCH < im->count ? im->from + IMPORT_BATCH : im->count;
        im->before = im->counts;
        int code = im->check_only ? import_batch(&batch, im)
                                  : library_store_transaction(&batch, import_batch, im);
        TRY(ctx_child_end(c, &batch, code));
        if (im->progress)
            show_progress(im, im->to);
    }
    return 0;
}

static int import_folder(struct ctx *c, const char *folder, bool check_only)
{
    struct import im = {.folder = str_from(folder), .check_only = check_only};
    im.progress = isatty(STDERR_FILENO) != 0;
    TRY(taxonomy_load(c, &im.taxonomy));
    TRY(file_list(c, im.folder, S(".md"), LIBRARY_MAX_FILES, &im.names, &im.count));
    if (!im.count)
        return err_set(c, ERR_INVALID, "In de map \"%s\" staan geen bestanden die op .md eindigen.",
                       folder);
    TRY(import_all(c, &im));
    if (check_only)
        printf("%zu bestanden goed, %zu fout\n", im.count - im.counts.refused, im.counts.refused);
    else
        printf("%zu nieuw, %zu gewijzigd, %zu ongewijzigd, %zu geweigerd\n",
               im.counts.saved[LIBRARY_NEW], im.counts.saved[LIBRARY_CHANGED],
               im.counts.saved[LIBRARY_SAME], im.counts.refused);
    if (im.counts.refused)
        return err_set(c, ERR_CONFLICT, "%zu %s niet goed. Verbeter dat en probeer het opnieuw.",
                       im.counts.refused, im.counts.refused == 1 ? "bestand is" : "bestanden zijn");
    return 0;
}

static int command_import(struct ctx *c, int argc, const char *const *argv)
{
    return argc == 1 ? import_folder(c, argv[0], false) : wrong_use(c, "import MAP");
}

static int command_check(struct ctx *c, int argc, const char *const *argv)
{
    return argc == 1 ? import_folder(c, argv[0], true) : wrong_use(c, "check MAP");
}

/* ---- export ---- */

static int export_batch(struct ctx *c, str folder, long long *after, size_t *ret_count)
{
    struct item_row *rows;
    TRY(library_store_documents(c, *after, IMPORT_BATCH, &rows, ret_count));
    for (size_t i = 0; i < *ret_count; i++) {
        str path = str_fmt(c->arena, "%.*s/%.*s.md", (int)folder.len, folder.ptr,
                           (int)rows[i].slug.len, rows[i].slug.ptr);
        TRY(file_write(c, path, rows[i].document));
        *after = rows[i].id;
    }
    return 0;
}

static int command_export(struct ctx *c, int argc, const char *const *argv)
{
    long long after = 0;
    size_t count, total = 0;
    if (argc != 1)
        return wrong_use(c, "export MAP");
    TRY(file_make_dirs(c, str_from(argv[0])));
    do {
        struct ctx batch = ctx_child(c);
        int code = export_batch(&batch, str_from(argv[0]), &after, &count);
        TRY(ctx_child_end(c, &batch, code));
        total += count;
    } while (count);
    printf("%zu items geschreven naar %s\n", total, argv[0]);
    return 0;
}

/* ---- versions ---- */

static int find_item(struct ctx *c, const char *slug, struct item_row *ret)
{
    int code = library_store_find(c, str_from(slug), ret);
    if (code == ERR_NOT_FOUND)
        return err_set(c, code, "Er is geen item met het adres \"%s\".", slug);
    return code;
}

static int find_revision(struct ctx *c, const struct item_row *item, const char *number,
                         struct revision_row *ret)
{
    long long n;
    if (!str_int(str_from(number), 1, 1000000000, &n))
        return err_set(c, ERR_INVALID, "\"%s\" is geen versienummer.", number);
    int code = library_store_revision(c, item->id, n, ret);
    if (code == ERR_NOT_FOUND)
        return err_set(c, code, "Van dit item bestaat geen versie %s.", number);
    return code;
}

static int command_history(struct ctx *c, int argc, const char *const *argv)
{
    struct item_row item;
    struct revision_row *rows;
    size_t count;
    if (argc != 1)
        return wrong_use(c, "history SLUG");
    TRY(find_item(c, argv[0], &item));
    TRY(library_store_revisions(c, item.id, &rows, &count));
    for (size_t i = 0; i < count; i++)
        printf("%lld\t%s\t%.*s\t%.*s%s\n", rows[i].number,
               clock_rfc3339(c->arena, rows[i].created_at).ptr, (int)rows[i].author.len,
               rows[i].author.ptr, (int)rows[i].note.len, rows[i].note.ptr,
               rows[i].number == item.number ? "\t(openbaar)" : "");
    return 0;
}

static void print_lines(char mark, str text)
{
    str line;
    while (str_line(&text, &line))
        printf("%c%.*s\n", mark, (int)line.len, line.ptr);
}

static int command_diff(struct ctx *c, int argc, const char *const *argv)
{
    static const char marks[] = {[DIFF_SAME] = ' ', [DIFF_REMOVED] = '-', [DIFF_ADDED] = '+'};
    struct item_row item;
    struct revision_row from, to;
    struct diff_piece *pieces;
    size_t count;
    if (argc != 3)
        return wrong_use(c, "diff SLUG VERSIE VERSIE");
    TRY(find_item(c, argv[0], &item));
    TRY(find_revision(c, &item, argv[1], &from));
    TRY(find_revision(c, &item, argv[2], &to));
    diff_lines(c->arena, from.document, to.document, &pieces, &count);
    for (size_t i = 0; i < count; i++)
        print_lines(marks[pieces[i].kind], pieces[i].text);
    return 0;
}

/* Restoring and renaming read what they change inside the transaction: what somebody else saves at
 * the same moment is not lost. */
struct change {
    const char *slug, *to; /* a version number or a new slug */
};

static int save_document(struct ctx *c, str document, str note)
{
    struct item item;
    enum library_saved saved;
    TRY(library_document_read(c, NULL, document, &item));
    return library_store_save(c, &item, S("Opdrachtregel"), note, &saved);
}

static bool has_all(const struct item_texts *texts, const struct item_texts *wanted)
{
    for (size_t i = 0; i < wanted->items_count; i++) {
        size_t k = 0;
        while (k < texts->items_count && !str_eq(texts->items[k], wanted->items[i]))
            k++;
        if (k == texts->items_count)
            return false;
    }
    return true;
}

/* An old version may lack addresses of since: the present one stays, and so do the former ones. */
static int keep_addresses(struct ctx *c, const struct item_row *row, str *document)
{
    struct item present, old;
    TRY(library_document_read(c, NULL, row->document, &present));
    TRY(library_document_read(c, NULL, *document, &old));
    if (str_eq(old.slug, present.slug) && has_all(&old.former_slugs, &present.former_slugs))
        return 0;
    return library_document_rename(c, *document, present.slug, &present.former_slugs, document);
}

static int restore_version(struct ctx *c, void *arg)
{
    const struct change *change = arg;
    struct item_row item;
    struct revision_row revision;
    TRY(find_item(c, change->slug, &item));
    TRY(find_revision(c, &item, change->to, &revision));
    str document = revision.document;
    TRY(keep_addresses(c, &item, &document));
    return save_document(c, document,
                         str_fmt(c->arena, "Teruggezet naar versie %lld", revision.number));
}

static int command_restore(struct ctx *c, int argc, const char *const *argv)
{
    if (argc != 2)
        return wrong_use(c, "restore SLUG VERSIE");
    struct change change = {argv[0], argv[1]};
    TRY(library_store_transaction(c, restore_version, &change));
    printf("%s staat weer zoals in versie %s\n", argv[0], argv[1]);
    return 0;
}

static int rename_item(struct ctx *c, void *arg)
{
    const struct change *change = arg;
    struct item_row item, other;
    str document;
    TRY(find_item(c, change->slug, &item));
    int code = library_store_find(c, str_from(change->to), &other);
    if (code == 0)
        return err_set(c, ERR_CONFLICT, "Er is al een item met het adres \"%s\".", change->to);
    if (code != ERR_NOT_FOUND)
        return code;
    TRY(library_document_rename(c, item.document, str_from(change->to), NULL, &document));
    return save_document(c, document, str_fmt(c->arena, "Adres gewijzigd van %s", change->slug));
}

static int command_rename(struct ctx *c, int argc, const char *const *argv)
{
    if (argc != 2)
        return wrong_use(c, "rename SLUG NIEUWE-SLUG");
    if (!record_slug_valid(str_from(argv[1])))
        return err_set(
            c, ERR_INVALID,
            "\"%s\" kan geen adres zijn: gebruik kleine letters, cijfers en losse streepjes.",
            argv[1]);
    struct change change = {argv[0], argv[1]};
    TRY(library_store_transaction(c, rename_item, &change));
    printf("/kennisbank/%s verwijst nu door naar /kennisbank/%s\n", argv[0], argv[1]);
    return 0;
}

const struct command library_commands[LIBRARY_COMMAND_COUNT] = {
    {"library import", "MAP",
     "Slaat alle items in de map op; een fout bestand wordt genoemd en overgeslagen.",
     command_import, false},
    {"library export", "MAP", "Schrijft alle openbare items als bestanden naar de map.",
     command_export, false},
    {"library check", "MAP", "Controleert bestanden zonder iets op te slaan.", command_check,
     false},
    {"library history", "SLUG", "Toont alle versies van een item.", command_history, false},
    {"library diff", "SLUG VERSIE VERSIE", "Toont het verschil tussen twee versies.", command_diff,
     false},
    {"library restore", "SLUG VERSIE", "Maakt een oude versie weer openbaar, als nieuwe versie.",
     command_restore, false},
    {"library rename", "SLUG NIEUWE-SLUG",
     "Geeft een item een ander adres; het oude verwijst door.", command_rename, false},
};
