#include "collections/collections_int.h"

#include "base/clock.h"
#include "db/db.h"

#define ROW(name, type)                                                                            \
    {                                                                                              \
#name, type, offsetof(struct collection_row, name)                                         \
    }

static const struct db_field row_fields[] = {
    ROW(id, DB_INT),         ROW(number, DB_INT), ROW(created_at, DB_INT),
    ROW(changed_at, DB_INT), ROW(slug, DB_STR),   ROW(document, DB_STR),
};

/* ---- reading ---- */

int collection_store_all(struct ctx *c, struct collection_row **ret, size_t *ret_count)
{
    return db_all(c, row_fields, ret, ret_count,
                  "SELECT k.id, r.number, k.created_at, k.changed_at, k.slug, r.document "
                  "FROM collection k JOIN collection_revision r ON r.collection_id = k.id "
                  "AND r.number = k.public_revision ORDER BY k.title, k.id LIMIT $1",
                  COLLECTIONS_MAX);
}

static int find_slug(struct ctx *c, str slug, struct collection_row *ret)
{
    return db_one(c, row_fields, ret,
                  "SELECT k.id, r.number, k.created_at, k.changed_at, k.slug, r.document "
                  "FROM collection k JOIN collection_revision r ON r.collection_id = k.id "
                  "AND r.number = k.public_revision WHERE k.slug = $1",
                  slug);
}

int collection_store_find_id(struct ctx *c, long long id, struct collection_row *ret)
{
    return db_one(c, row_fields, ret,
                  "SELECT k.id, r.number, k.created_at, k.changed_at, k.slug, r.document "
                  "FROM collection k JOIN collection_revision r ON r.collection_id = k.id "
                  "AND r.number = k.public_revision WHERE k.id = $1",
                  id);
}

int collection_store_ids(struct ctx *c, long long after, size_t limit, long long **ret,
                         size_t *ret_count)
{
    static const struct db_field id_field[] = {{"id", DB_INT, 0}};
    return db_all(c, id_field, ret, ret_count,
                  "SELECT id FROM collection WHERE id > $1 ORDER BY id LIMIT $2", after, limit);
}

int collection_store_codes(struct ctx *c, const char *kind, str **ret, size_t *ret_count)
{
    static const struct db_field code_field[] = {{"code", DB_STR, 0}};
    return db_all(c, code_field, ret, ret_count,
                  "SELECT DISTINCT t.code FROM collection_term t JOIN collection k "
                  "ON k.id = t.collection_id WHERE t.kind = $1 AND k.kind = $1 ORDER BY t.code",
                  kind);
}

int collection_store_starter_hash(struct ctx *c, long long *ret)
{
    return db_get_int(c, ret, "SELECT starter_hash FROM collection_state WHERE id = 1");
}

int collection_store_set_starter_hash(struct ctx *c, long long hash)
{
    return db_exec(c, "UPDATE collection_state SET starter_hash = $1 WHERE id = 1", hash);
}

static int build(struct ctx *c, const void *arg _unused_, void **ret)
{
    struct collection_row *rows;
    size_t count;
    struct collections *all = arena_new_of(c->arena, struct collections);
    TRY(collection_store_all(c, &rows, &count));
    struct collection *items = arena_array(c->arena, count + 1, sizeof *items);
    for (size_t i = 0; i < count; i++) {
        TRY(collection_document_read(c, NULL, rows[i].document, &items[i]));
        items[i].id = rows[i].id;
        items[i].number = rows[i].number;
        items[i].created_at = rows[i].created_at;
        items[i].changed_at = rows[i].changed_at;
    }
    *all = (struct collections){items, count};
    *ret = all;
    return 0;
}

int collections_load(struct ctx *c, const struct collections **ret)
{
    void *all;
    TRY(db_snapshot(c, "collections", build, NULL, &all));
    *ret = all;
    return 0;
}

/* ---- saving ---- */

int collection_store_transaction(struct ctx *c, int (*body)(struct ctx *c, void *arg), void *arg)
{
    return db_transaction(c, body, arg);
}

static long long document_hash(str document)
{
    return (long long)(str_hash(document) & INT64_MAX);
}

static int check_room(struct ctx *c)
{
    long long count;
    TRY(db_get_int(c, &count, "SELECT COUNT(*) FROM collection"));
    if (count < COLLECTIONS_MAX)
        return 0;
    return err_set(c, ERR_LIMIT, "Er zijn al %d collecties; meer kan niet.", COLLECTIONS_MAX);
}

static int save_terms(struct ctx *c, long long id, enum taxonomy_kind kind,
                      const struct collection_words *codes)
{
    for (size_t i = 0; i < codes->items_count; i++)
        TRY(db_exec(c,
                    "INSERT INTO collection_term (collection_id, kind, code) VALUES ($1, $2, $3) "
                    "ON CONFLICT DO NOTHING",
                    id, taxonomy_kind_name(kind), codes->items[i]));
    return 0;
}

/* Rows derived from the document, made anew. */
static int save_derived(struct ctx *c, const struct collection *k, long long id)
{
    TRY(db_exec(c, "DELETE FROM collection_term WHERE collection_id = $1", id));
    TRY(db_exec(c, "DELETE FROM collection_item WHERE collection_id = $1", id));
    TRY(save_terms(c, id, TAXONOMY_PHASE, &k->phases));
    TRY(save_terms(c, id, TAXONOMY_BOTTLENECK, &k->bottlenecks));
    TRY(save_terms(c, id, TAXONOMY_THEME, &k->themes));
    TRY(save_terms(c, id, TAXONOMY_ACTOR, &k->actors));
    for (size_t i = 0; i < k->steps_count; i++)
        TRY(db_exec(
            c, "INSERT INTO collection_item (collection_id, position, slug) VALUES ($1, $2, $3)",
            id, (long long)i + 1, k->steps[i].item));
    return db_change(c, COLLECTION_KIND, id);
}

static int insert_revision(struct ctx *c, const struct collection *k, long long id,
                           long long number, str author, str note)
{
    return db_exec(c,
                   "INSERT INTO collection_revision (collection_id, number, document, author, "
                   "note, created_at) VALUES ($1, $2, $3, $4, $5, $6)",
                   id, number, k->document, author, note, clock_now());
}

static int save_new(struct ctx *c, const struct collection *k, str author, str note,
                    long long *ret_id)
{
    TRY(check_room(c));
    TRY(db_get_int(c, ret_id,
                   "INSERT INTO collection (slug, kind, title, public_revision, starter_slug, "
                   "starter_hash, created_at, changed_at) "
                   "VALUES ($1, $2, $3, 1, NULL, 0, $4, $4) RETURNING id",
                   k->slug, k->kind, k->title, clock_now()));
    TRY(insert_revision(c, k, *ret_id, 1, author, note));
    return save_derived(c, k, *ret_id);
}

static int save_version(struct ctx *c, const struct collection *k, long long id, str author,
                        str note)
{
    long long number;
    TRY(db_get_int(c, &number,
                   "SELECT MAX(number) + 1 FROM collection_revision WHERE collection_id = $1", id));
    TRY(insert_revision(c, k, id, number, author, note));
    TRY(db_exec(c,
                "UPDATE collection SET kind = $2, title = $3, public_revision = $4, "
                "changed_at = $5 WHERE id = $1",
                id, k->kind, k->title, number, clock_now()));
    return save_derived(c, k, id);
}

int collection_store_save(struct ctx *c, const struct collection *k, str author, str note,
                          enum collection_saved *ret)
{
    struct collection_row row;
    long long id;
    int code = find_slug(c, k->slug, &row);
    if (code == ERR_NOT_FOUND) {
        *ret = COLLECTION_NEW;
        return save_new(c, k, author, note, &id);
    }
    TRY(code);
    *ret = str_eq(row.document, k->document) ? COLLECTION_SAME : COLLECTION_CHANGED;
    return *ret == COLLECTION_SAME ? 0 : save_version(c, k, row.id, author, note);
}

/* ---- starter content ---- */

struct starter_row {
    long long id, hash;
};

static int mark_starter(struct ctx *c, const struct collection *k, long long id)
{
    return db_exec(c, "UPDATE collection SET starter_slug = $2, starter_hash = $3 WHERE id = $1",
                   id, k->slug, document_hash(k->document));
}

/* The next version, when the collection is still what the last version brought. */
static int upgrade_starter(struct ctx *c, const struct starter_row *starter,
                           const struct collection *k, enum collection_saved *ret)
{
    struct collection_row row;
    TRY(collection_store_find_id(c, starter->id, &row));
    if (document_hash(row.document) != starter->hash || str_eq(row.document, k->document))
        return 0;
    *ret = COLLECTION_CHANGED;
    TRY(save_version(c, k, starter->id, S("Aanjager"), S("Nieuwe versie van de startinhoud")));
    return mark_starter(c, k, starter->id);
}

static int insert_starter(struct ctx *c, const struct collection *k, enum collection_saved *ret)
{
    struct collection_row row;
    long long id;
    int code = find_slug(c, k->slug, &row);
    if (code != ERR_NOT_FOUND)
        return code; /* somebody has made one at this address: theirs stays */
    *ret = COLLECTION_NEW;
    TRY(save_new(c, k, S("Aanjager"), S("Startinhoud"), &id));
    return mark_starter(c, k, id);
}

int collection_store_save_starter(struct ctx *c, const struct collection *k,
                                  enum collection_saved *ret)
{
    static const struct db_field fields[] = {
        {"id", DB_INT, offsetof(struct starter_row, id)},
        {"hash", DB_INT, offsetof(struct starter_row, hash)},
    };
    struct starter_row starter;
    *ret = COLLECTION_SAME;
    int code =
        db_one(c, fields, &starter,
               "SELECT id, starter_hash AS hash FROM collection WHERE starter_slug = $1", k->slug);
    if (code == ERR_NOT_FOUND)
        return insert_starter(c, k, ret);
    TRY(code);
    return upgrade_starter(c, &starter, k, ret);
}
