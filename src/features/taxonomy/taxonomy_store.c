#include "taxonomy/taxonomy_int.h"

#include "db/db.h"

#define FIELD(name, type)                                                                          \
    {                                                                                              \
#name, type, offsetof(struct taxonomy_term, name)                                          \
    }

static const struct db_field term_fields[] = {
    FIELD(id, DB_INT),           FIELD(kind, DB_STR),        FIELD(code, DB_STR),
    FIELD(slug, DB_STR),         FIELD(name, DB_STR),        FIELD(formal, DB_STR),
    FIELD(summary, DB_STR),      FIELD(text, DB_STR),        FIELD(ends_with, DB_STR),
    FIELD(section, DB_STR),      FIELD(planmonitor, DB_STR), FIELD(position, DB_INT),
    FIELD(starter_hash, DB_INT),
};

int taxonomy_store_all(struct ctx *c, struct taxonomy_term **ret, size_t *ret_count)
{
    return db_all(c, term_fields, ret, ret_count,
                  "SELECT id, kind, code, slug, name, formal, summary, text, ends_with, section, "
                  "planmonitor, position, starter_hash FROM taxonomy_term ORDER BY kind, position");
}

static int find_term(struct ctx *c, const struct taxonomy_term *t, struct taxonomy_term *ret)
{
    return db_one(c, term_fields, ret,
                  "SELECT id, kind, code, slug, name, formal, summary, text, ends_with, section, "
                  "planmonitor, position, starter_hash FROM taxonomy_term "
                  "WHERE kind = $1 AND code = $2",
                  t->kind, t->code);
}

static int insert_term(struct ctx *c, const struct taxonomy_term *t, long long hash)
{
    long long id;
    TRY(db_get_int(c, &id,
                   "INSERT INTO taxonomy_term (kind, code, slug, name, formal, summary, text, "
                   "ends_with, section, planmonitor, position, starter_hash) "
                   "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) RETURNING id",
                   t->kind, t->code, t->slug, t->name, t->formal, t->summary, t->text, t->ends_with,
                   t->section, t->planmonitor, t->position, hash));
    return db_change(c, "term", id);
}

static int update_term(struct ctx *c, const struct taxonomy_term *t, long long id, long long hash)
{
    TRY(db_exec(c,
                "UPDATE taxonomy_term SET slug = $2, name = $3, formal = $4, summary = $5, "
                "text = $6, ends_with = $7, section = $8, planmonitor = $9, position = $10, "
                "starter_hash = $11 WHERE id = $1",
                id, t->slug, t->name, t->formal, t->summary, t->text, t->ends_with, t->section,
                t->planmonitor, t->position, hash));
    return db_change(c, "term", id);
}

int taxonomy_store_starter(struct ctx *c, const struct taxonomy_term *t)
{
    struct taxonomy_term stored;
    long long hash = taxonomy_hash(c, t);
    int code = find_term(c, t, &stored);
    if (code == ERR_NOT_FOUND)
        return insert_term(c, t, hash);
    TRY(code);
    bool untouched = taxonomy_hash(c, &stored) == stored.starter_hash;
    if (!untouched || stored.starter_hash == hash)
        return 0;
    return update_term(c, t, stored.id, hash);
}

int taxonomy_store_transaction(struct ctx *c, int (*body)(struct ctx *c, void *arg))
{
    return db_transaction(c, body, NULL);
}

static int build(struct ctx *c, const void *arg _unused_, void **ret)
{
    struct taxonomy *t = arena_new_of(c->arena, struct taxonomy);
    struct taxonomy_term *terms;
    size_t count;
    TRY(taxonomy_store_all(c, &terms, &count));
    for (size_t i = 0; i < count; i++) {
        int kind = 0;
        while (kind < TAXONOMY_KINDS &&
               !str_eqz(terms[i].kind, taxonomy_kind_name((enum taxonomy_kind)kind)))
            kind++;
        if (kind == TAXONOMY_KINDS)
            continue;
        if (!t->list[kind].count)
            t->list[kind].terms = &terms[i];
        t->list[kind].count++;
    }
    *ret = t;
    return 0;
}

int taxonomy_load(struct ctx *c, const struct taxonomy **ret)
{
    void *t;
    TRY(db_snapshot(c, "taxonomy", build, NULL, &t));
    *ret = t;
    return 0;
}
