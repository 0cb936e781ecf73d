#include "glossary/glossary_int.h"

#include "base/clock.h"
#include "db/db.h"

#define ROW(name, type)                                                                            \
    {                                                                                              \
#name, type, offsetof(struct glossary_row, name)                                           \
    }

static const struct db_field row_fields[] = {
    ROW(id, DB_INT),
    ROW(changed_at, DB_INT),
    ROW(slug, DB_STR),
    ROW(document, DB_STR),
};

/* ---- reading ---- */

int glossary_store_all(struct ctx *c, struct glossary_row **ret, size_t *ret_count)
{
    return db_all(c, row_fields, ret, ret_count,
                  "SELECT id, changed_at, slug, document FROM glossary_term ORDER BY id LIMIT $1",
                  GLOSSARY_MAX_TERMS);
}

int glossary_store_find(struct ctx *c, str slug, struct glossary_row *ret)
{
    return db_one(c, row_fields, ret,
                  "SELECT id, changed_at, slug, document FROM glossary_term WHERE slug = $1", slug);
}

int glossary_store_find_id(struct ctx *c, long long id, struct glossary_row *ret)
{
    return db_one(c, row_fields, ret,
                  "SELECT id, changed_at, slug, document FROM glossary_term WHERE id = $1", id);
}

int glossary_store_ids(struct ctx *c, long long after, size_t limit, long long **ret,
                       size_t *ret_count)
{
    static const struct db_field id_field[] = {{"id", DB_INT, 0}};
    return db_all(c, id_field, ret, ret_count,
                  "SELECT id FROM glossary_term WHERE id > $1 ORDER BY id LIMIT $2", after, limit);
}

int glossary_store_starter_hash(struct ctx *c, long long *ret)
{
    return db_get_int(c, ret, "SELECT starter_hash FROM glossary_state WHERE id = 1");
}

int glossary_store_set_starter_hash(struct ctx *c, long long hash)
{
    return db_exec(c, "UPDATE glossary_state SET starter_hash = $1 WHERE id = 1", hash);
}

static int build(struct ctx *c, const void *arg _unused_, void **ret)
{
    struct glossary_row *rows;
    size_t count;
    struct glossary *g = arena_new_of(c->arena, struct glossary);
    TRY(glossary_store_all(c, &rows, &count));
    struct glossary_term *terms = arena_array(c->arena, count + 1, sizeof *terms);
    for (size_t i = 0; i < count; i++) {
        TRY(glossary_document_read(c, NULL, rows[i].document, &terms[i]));
        terms[i].id = rows[i].id;
        terms[i].changed_at = rows[i].changed_at;
    }
    glossary_make(c->arena, terms, count, g);
    *ret = g;
    return 0;
}

int glossary_load(struct ctx *c, const struct glossary **ret)
{
    void *g;
    TRY(db_snapshot(c, "glossary", build, NULL, &g));
    *ret = g;
    return 0;
}

/* ---- saving ---- */

int glossary_store_transaction(struct ctx *c, int (*body)(struct ctx *c, void *arg), void *arg)
{
    return db_transaction(c, body, arg);
}

static long long document_hash(str document)
{
    return (long long)(str_hash(document) & INT64_MAX);
}

/* A word leads to one term: else nobody could say which explanation belongs in a text. */
static int check_word(struct ctx *c, str word, long long id)
{
    str holder;
    int code = db_get_str(c, &holder,
                          "SELECT t.slug FROM glossary_word w JOIN glossary_term t "
                          "ON t.id = w.term_id WHERE w.word = $1 AND w.term_id <> $2",
                          word, id);
    if (code == ERR_NOT_FOUND)
        return 0;
    TRY(code);
    return err_set(c, ERR_CONFLICT, "\"%.*s\" is al een naam van het begrip \"%.*s\".",
                   (int)word.len, word.ptr, (int)holder.len, holder.ptr);
}

static int check_words(struct ctx *c, const struct glossary_term *t, long long id)
{
    struct glossary_words words = glossary_words_of(c->arena, t);
    for (size_t i = 0; i < words.items_count; i++)
        TRY(check_word(c, words.items[i], id));
    return 0;
}

static int check_room(struct ctx *c)
{
    long long count;
    TRY(db_get_int(c, &count, "SELECT COUNT(*) FROM glossary_term"));
    if (count < GLOSSARY_MAX_TERMS)
        return 0;
    return err_set(c, ERR_LIMIT, "Er staan al %d begrippen in de lijst; meer kan niet.",
                   GLOSSARY_MAX_TERMS);
}

/* What others follow: the words and the change feed. */
static int save_derived(struct ctx *c, const struct glossary_term *t, long long id)
{
    struct glossary_words words = glossary_words_of(c->arena, t);
    TRY(db_exec(c, "DELETE FROM glossary_word WHERE term_id = $1", id));
    for (size_t i = 0; i < words.items_count; i++)
        TRY(db_exec(c,
                    "INSERT INTO glossary_word (word, term_id) VALUES ($1, $2) "
                    "ON CONFLICT DO NOTHING",
                    words.items[i], id));
    return db_change(c, GLOSSARY_KIND, id);
}

static int insert(struct ctx *c, const struct glossary_term *t, long long *ret_id)
{
    TRY(check_room(c));
    TRY(check_words(c, t, 0));
    TRY(db_get_int(c, ret_id,
                   "INSERT INTO glossary_term (slug, name, document, starter_slug, starter_hash, "
                   "created_at, changed_at) VALUES ($1, $2, $3, NULL, 0, $4, $4) RETURNING id",
                   t->slug, t->name, t->document, clock_now()));
    return save_derived(c, t, *ret_id);
}

static int update(struct ctx *c, const struct glossary_term *t, long long id)
{
    TRY(check_words(c, t, id));
    TRY(db_exec(c,
                "UPDATE glossary_term SET slug = $2, name = $3, document = $4, changed_at = $5 "
                "WHERE id = $1",
                id, t->slug, t->name, t->document, clock_now()));
    return save_derived(c, t, id);
}

int glossary_store_save(struct ctx *c, const struct glossary_term *t, enum glossary_saved *ret)
{
    struct glossary_row row;
    long long id;
    int code = glossary_store_find(c, t->slug, &row);
    if (code == ERR_NOT_FOUND) {
        *ret = GLOSSARY_NEW;
        return insert(c, t, &id);
    }
    TRY(code);
    *ret = str_eq(row.document, t->document) ? GLOSSARY_SAME : GLOSSARY_CHANGED;
    return *ret == GLOSSARY_SAME ? 0 : update(c, t, row.id);
}

/* ---- starter content ---- */

static int mark_starter(struct ctx *c, const struct glossary_term *t, long long id)
{
    return db_exec(c, "UPDATE glossary_term SET starter_slug = $2, starter_hash = $3 WHERE id = $1",
                   id, t->slug, document_hash(t->document));
}

/* The next version, when the term is still what the last version brought. */
static int upgrade_starter(struct ctx *c, long long id, long long hash,
                           const struct glossary_term *t, enum glossary_saved *ret)
{
    struct glossary_row row;
    TRY(glossary_store_find_id(c, id, &row));
    if (document_hash(row.document) != hash || str_eq(row.document, t->document))
        return 0;
    int code = check_words(c, t, id);
    if (code == ERR_CONFLICT)
        return 0; /* a word of it is somebody's: it stays as it is */
    TRY(code);
    *ret = GLOSSARY_CHANGED;
    TRY(update(c, t, id));
    return mark_starter(c, t, id);
}

struct starter_row {
    long long id, hash;
};

static int insert_starter(struct ctx *c, const struct glossary_term *t, enum glossary_saved *ret)
{
    struct glossary_row row;
    long long id;
    int code = glossary_store_find(c, t->slug, &row);
    if (code != ERR_NOT_FOUND)
        return code; /* somebody has made a term at this address: theirs stays */
    code = check_words(c, t, 0);
    if (code == ERR_CONFLICT)
        return 0;
    TRY(code);
    *ret = GLOSSARY_NEW;
    TRY(insert(c, t, &id));
    return mark_starter(c, t, id);
}

int glossary_store_save_starter(struct ctx *c, const struct glossary_term *t,
                                enum glossary_saved *ret)
{
    static const struct db_field fields[] = {
        {"id", DB_INT, offsetof(struct starter_row, id)},
        {"starter_hash", DB_INT, offsetof(struct starter_row, hash)},
    };
    struct starter_row starter;
    *ret = GLOSSARY_SAME;
    int code =
        db_one(c, fields, &starter,
               "SELECT id, starter_hash FROM glossary_term WHERE starter_slug = $1", t->slug);
    if (code == 0)
        return upgrade_starter(c, starter.id, starter.hash, t, ret);
    return code == ERR_NOT_FOUND ? insert_starter(c, t, ret) : code;
}
