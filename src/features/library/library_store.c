#include "library/library_int.h"

#include "base/clock.h"
#include "db/db.h"
#include "yaml/record.h"

#define ROW(name, type)                                                                            \
    {                                                                                              \
#name, type, offsetof(struct item_row, name)                                               \
    }
#define REVISION(name, type)                                                                       \
    {                                                                                              \
#name, type, offsetof(struct revision_row, name)                                           \
    }
#define LINK(name)                                                                                 \
    {                                                                                              \
#name, DB_STR, offsetof(struct item_link, name)                                            \
    }
#define CARD(name, type)                                                                           \
    {                                                                                              \
#name, type, offsetof(struct library_card, name)                                           \
    }

#define LISTED(name, type)                                                                         \
    {                                                                                              \
#name, type, offsetof(struct library_listed, name)                                         \
    }

static const struct db_field row_fields[] = {
    ROW(id, DB_INT),   ROW(number, DB_INT), ROW(changed_at, DB_INT), ROW(created_at, DB_INT),
    ROW(slug, DB_STR), ROW(title, DB_STR),  ROW(document, DB_STR),
};
static const struct db_field revision_fields[] = {
    REVISION(number, DB_INT), REVISION(created_at, DB_INT), REVISION(author, DB_STR),
    REVISION(note, DB_STR),   REVISION(document, DB_STR),
};
static const struct db_field link_fields[] = {LINK(slug), LINK(title), LINK(relation)};
static const struct db_field card_fields[] = {
    CARD(id, DB_INT),   CARD(slug, DB_STR),      CARD(title, DB_STR),    CARD(summary, DB_STR),
    CARD(type, DB_STR), CARD(certainty, DB_STR), CARD(evidence, DB_STR), CARD(changed_at, DB_INT),
};

/* ---- reading ---- */

int library_store_find(struct ctx *c, str slug, struct item_row *ret)
{
    return db_one(c, row_fields, ret,
                  "SELECT i.id, r.number, i.changed_at, i.created_at, i.slug, i.title, r.document "
                  "FROM item i JOIN item_revision r "
                  "ON r.item_id = i.id AND r.number = i.public_revision WHERE i.slug = $1",
                  slug);
}

int library_store_head(struct ctx *c, str slug, struct item_row *ret)
{
    return db_one(c, row_fields, ret,
                  "SELECT id, public_revision AS number, changed_at, created_at, slug, title, "
                  "'' AS document FROM item WHERE slug = $1 AND public_revision > 0",
                  slug);
}

int library_store_find_id(struct ctx *c, long long id, struct item_row *ret)
{
    return db_one(c, row_fields, ret,
                  "SELECT i.id, r.number, i.changed_at, i.created_at, i.slug, i.title, r.document "
                  "FROM item i JOIN item_revision r "
                  "ON r.item_id = i.id AND r.number = i.public_revision WHERE i.id = $1",
                  id);
}

int library_store_redirect(struct ctx *c, str slug, str *ret)
{
    return db_get_str(c, ret,
                      "SELECT i.slug FROM item_former_slug f JOIN item i ON i.id = f.item_id "
                      "WHERE f.slug = $1 AND i.public_revision > 0",
                      slug);
}

int library_store_titles(struct ctx *c, const struct item_texts *slugs, struct item_link **ret,
                         size_t *ret_count)
{
    size_t found = 0;
    *ret = arena_array(c->arena, slugs->items_count + 1, sizeof **ret);
    for (size_t i = 0; i < slugs->items_count; i++) {
        int code = db_one(c, link_fields, &(*ret)[found],
                          "SELECT slug, title, '' AS relation FROM item "
                          "WHERE slug = $1 AND public_revision > 0 UNION ALL "
                          "SELECT i.slug, i.title, '' AS relation FROM item_former_slug f "
                          "JOIN item i ON i.id = f.item_id "
                          "WHERE f.slug = $1 AND i.public_revision > 0 LIMIT 1",
                          slugs->items[i]);
        if (code != ERR_NOT_FOUND)
            TRY(code);
        found += code == 0;
    }
    *ret_count = found;
    return 0;
}

int library_links(struct ctx *c, const str *slugs, size_t count, struct library_link **ret,
                  size_t *ret_count)
{
    str *copy = arena_array(c->arena, count + 1, sizeof *copy);
    struct item_texts texts = {copy, count};
    struct item_link *found;
    for (size_t i = 0; i < count; i++)
        copy[i] = slugs[i];
    TRY(library_store_titles(c, &texts, &found, ret_count));
    *ret = arena_array(c->arena, *ret_count + 1, sizeof **ret);
    for (size_t i = 0; i < *ret_count; i++)
        (*ret)[i] = (struct library_link){found[i].slug, found[i].title};
    return 0;
}

int library_store_backlinks(struct ctx *c, long long id, struct item_link **ret, size_t *ret_count)
{
    /* CROSS JOIN: from the few addresses of this item to who names them, not from all relations. */
    return db_all(c, link_fields, ret, ret_count,
                  "SELECT i.slug, i.title, MIN(r.relation) AS relation "
                  "FROM (SELECT slug FROM item WHERE id = $1 "
                  "UNION SELECT slug FROM item_former_slug WHERE item_id = $1) AS own "
                  "CROSS JOIN item_relation r CROSS JOIN item i "
                  "WHERE r.slug = own.slug AND i.id = r.item_id "
                  "AND i.id <> $1 AND i.public_revision > 0 "
                  "GROUP BY i.slug, i.title ORDER BY i.title",
                  id);
}

int library_store_revisions(struct ctx *c, long long id, struct revision_row **ret,
                            size_t *ret_count)
{
    return db_all(c, revision_fields, ret, ret_count,
                  "SELECT number, created_at, author, note, '' AS document FROM item_revision "
                  "WHERE item_id = $1 ORDER BY number DESC LIMIT 1000",
                  id);
}

int library_store_revision(struct ctx *c, long long id, long long number, struct revision_row *ret)
{
    return db_one(c, revision_fields, ret,
                  "SELECT number, created_at, author, note, document FROM item_revision "
                  "WHERE item_id = $1 AND number = $2",
                  id, number);
}

int library_store_documents(struct ctx *c, long long after, size_t limit, struct item_row **ret,
                            size_t *ret_count)
{
    return db_all(c, row_fields, ret, ret_count,
                  "SELECT i.id, r.number, i.changed_at, i.created_at, i.slug, i.title, r.document "
                  "FROM item i JOIN item_revision r "
                  "ON r.item_id = i.id AND r.number = i.public_revision "
                  "WHERE i.id > $1 ORDER BY i.id LIMIT $2",
                  after, limit);
}

int library_store_latest(struct ctx *c, str theme, size_t limit, struct item_row **ret,
                         size_t *ret_count)
{
    if (!theme.len)
        return db_all(c, row_fields, ret, ret_count,
                      "SELECT i.id, r.number, i.changed_at, i.created_at, i.slug, i.title, "
                      "r.document FROM (SELECT id FROM item WHERE public_revision > 0 "
                      "ORDER BY changed_at DESC, id LIMIT $1) AS latest "
                      "JOIN item i ON i.id = latest.id JOIN item_revision r "
                      "ON r.item_id = i.id AND r.number = i.public_revision "
                      "ORDER BY i.changed_at DESC, i.id",
                      limit);
    return db_all(c, row_fields, ret, ret_count,
                  "SELECT i.id, r.number, i.changed_at, i.created_at, i.slug, i.title, r.document "
                  "FROM (SELECT x.id FROM item_term t JOIN item x ON x.id = t.item_id "
                  "WHERE t.kind = 'thema' AND t.code = $1 AND x.public_revision > 0 "
                  "ORDER BY x.changed_at DESC, x.id LIMIT $2) AS latest "
                  "JOIN item i ON i.id = latest.id JOIN item_revision r "
                  "ON r.item_id = i.id AND r.number = i.public_revision "
                  "ORDER BY i.changed_at DESC, i.id",
                  theme, limit);
}

int library_store_first(struct ctx *c, long long *ret)
{
    int code = db_get_int(c, ret, "SELECT created_at FROM item ORDER BY id LIMIT 1");
    if (code != ERR_NOT_FOUND)
        return code;
    *ret = 0;
    return 0;
}

/* The items and their terms come from one statement, so that they belong together whatever is saved
   meanwhile. */
int library_store_list(struct ctx *c, const struct library_filter *f, struct library_listed **ret,
                       size_t *ret_count)
{
    static const struct db_field fields[] = {
        LISTED(place, DB_INT),     LISTED(total, DB_INT),      LISTED(id, DB_INT),
        LISTED(number, DB_INT),    LISTED(changed_at, DB_INT), LISTED(kind, DB_STR),
        LISTED(code, DB_STR),      LISTED(slug, DB_STR),       LISTED(title, DB_STR),
        LISTED(type, DB_STR),      LISTED(catalogue, DB_STR),  LISTED(summary, DB_STR),
        LISTED(certainty, DB_STR), LISTED(evidence, DB_STR),   LISTED(review, DB_STR),
    };
    return db_all(
        c, fields, ret, ret_count,
        "WITH page AS (SELECT i.id, i.public_revision AS number, i.changed_at, i.slug, i.title, "
        "i.type, i.catalogue, i.summary, i.certainty, i.evidence, i.review, "
        "COUNT(*) OVER () AS total, ROW_NUMBER() OVER (ORDER BY "
        "CASE WHEN $6 = 1 THEN i.changed_at ELSE 0 END DESC, "
        "CASE WHEN $6 = 1 THEN '' ELSE i.title END, i.id) AS place "
        "FROM item i WHERE i.public_revision > 0 "
        "AND ($1 = '' OR $1 LIKE '%|' || i.type || '|%') "
        "AND ($2 = '' OR EXISTS (SELECT 1 FROM item_term t WHERE t.item_id = i.id "
        "AND t.kind = 'fase' AND $2 LIKE '%|' || t.code || '|%')) "
        "AND ($3 = '' OR EXISTS (SELECT 1 FROM item_term t WHERE t.item_id = i.id "
        "AND t.kind = 'knelpunt' AND $3 LIKE '%|' || t.code || '|%')) "
        "AND ($4 = '' OR EXISTS (SELECT 1 FROM item_term t WHERE t.item_id = i.id "
        "AND t.kind = 'thema' AND $4 LIKE '%|' || t.code || '|%')) "
        "AND ($5 = '' OR EXISTS (SELECT 1 FROM item_term t WHERE t.item_id = i.id "
        "AND t.kind = 'rol' AND $5 LIKE '%|' || t.code || '|%')) "
        "ORDER BY place LIMIT $7 OFFSET $8) "
        "SELECT place, total, id, number, changed_at, '' AS kind, '' AS code, slug, title, type, "
        "catalogue, summary, certainty, evidence, review FROM page UNION ALL "
        "SELECT p.place, 0, p.id, 0, 0, t.kind, t.code, '', '', '', '', '', '', '', '' "
        "FROM page p JOIN item_term t ON t.item_id = p.id ORDER BY place, kind, code",
        f->types, f->phases, f->bottlenecks, f->themes, f->actors, (int)f->newest, f->limit,
        f->offset);
}

int library_store_ids(struct ctx *c, long long after, size_t limit, long long **ret,
                      size_t *ret_count)
{
    static const struct db_field id_field[] = {{"id", DB_INT, 0}};
    return db_all(c, id_field, ret, ret_count,
                  "SELECT id FROM item WHERE id > $1 AND public_revision > 0 ORDER BY id LIMIT $2",
                  after, limit);
}

int library_recent(struct ctx *c, size_t limit, struct library_card **ret, size_t *ret_count)
{
    return db_all(c, card_fields, ret, ret_count,
                  "SELECT id, slug, title, summary, type, certainty, evidence, changed_at "
                  "FROM item WHERE public_revision > 0 ORDER BY changed_at DESC, id LIMIT $1",
                  limit);
}

/* ---- items by term ---- */

struct typed_count { /* items of this type that carry the term */
    str kind, code, type;
    long long count;
};

struct term_counts {
    struct library_term_count *rows; /* ordered by kind and code, as typed */
    size_t count;
    struct typed_count *typed;
    size_t typed_count;
    long long items;
};

static void sum_types(struct arena *a, struct term_counts *counts)
{
    counts->rows = arena_array(a, counts->typed_count + 1, sizeof *counts->rows);
    for (size_t i = 0; i < counts->typed_count; i++) {
        const struct typed_count *t = &counts->typed[i];
        struct library_term_count *last = &counts->rows[counts->count ? counts->count - 1 : 0];
        if (!counts->count || !str_eq(last->code, t->code) || !str_eq(last->kind, t->kind)) {
            last = &counts->rows[counts->count++];
            *last = (struct library_term_count){t->kind, t->code, 0};
        }
        last->count += t->count;
    }
}

static int build_term_counts(struct ctx *c, const void *arg _unused_, void **ret)
{
    static const struct db_field fields[] = {
        {"kind", DB_STR, offsetof(struct typed_count, kind)},
        {"code", DB_STR, offsetof(struct typed_count, code)},
        {"type", DB_STR, offsetof(struct typed_count, type)},
        {"count", DB_INT, offsetof(struct typed_count, count)},
    };
    struct term_counts *counts = arena_new_of(c->arena, struct term_counts);
    TRY(db_all(c, fields, &counts->typed, &counts->typed_count,
               "SELECT t.kind, t.code, t.type, COUNT(*) AS count FROM item_term t JOIN item i "
               "ON i.id = t.item_id WHERE i.public_revision > 0 "
               "GROUP BY t.kind, t.code, t.type ORDER BY t.kind, t.code, t.type"));
    TRY(db_get_int(c, &counts->items, "SELECT COUNT(*) FROM item WHERE public_revision > 0"));
    sum_types(c->arena, counts);
    *ret = counts;
    return 0;
}

static int load_term_counts(struct ctx *c, const struct term_counts **ret)
{
    void *shared;
    TRY(db_snapshot(c, "library-term-counts", build_term_counts, NULL, &shared));
    *ret = shared;
    return 0;
}

int library_term_counts(struct ctx *c, const char *kind, const struct library_term_count **ret,
                        size_t *ret_count)
{
    const struct term_counts *counts;
    TRY(load_term_counts(c, &counts));
    size_t from = 0, to;
    while (from < counts->count && !str_eqz(counts->rows[from].kind, kind))
        from++;
    for (to = from; to < counts->count && str_eqz(counts->rows[to].kind, kind);)
        to++;
    *ret = counts->rows + from;
    *ret_count = to - from;
    return 0;
}

static long long count_of_type(const struct term_counts *counts, const char *kind, str code,
                               str type)
{
    for (size_t i = 0; i < counts->typed_count; i++) {
        const struct typed_count *t = &counts->typed[i];
        if (str_eq(t->code, code) && str_eq(t->type, type) && str_eqz(t->kind, kind))
            return t->count;
    }
    return 0;
}

/* cards: ordered by type. The counts may be a moment older: never fewer than are shown. */
static void count_types(const struct term_counts *counts, const char *kind, str code,
                        struct library_card *cards, size_t count)
{
    for (size_t from = 0, to; from < count; from = to) {
        for (to = from; to < count && str_eq(cards[to].type, cards[from].type);)
            to++;
        long long shown = (long long)(to - from);
        long long all = count_of_type(counts, kind, code, cards[from].type);
        for (size_t i = from; i < to; i++)
            cards[i].of_type = all > shown ? all : shown;
    }
}

/* The first of one type, straight from the index item_term_list. CROSS JOIN: in its order. */
#define FIRST_OF_TYPE(type)                                                                        \
    "SELECT * FROM (SELECT i.id, i.slug, i.title, i.summary, i.type, i.certainty, i.evidence, "    \
    "i.changed_at, t.of_kind FROM item_term t CROSS JOIN item i "                                  \
    "WHERE t.kind = $1 AND t.code = $2 AND t.type = '" type "' AND i.id = t.item_id "              \
    "AND i.public_revision > 0 ORDER BY t.of_kind, t.title, t.item_id LIMIT $3) AS " type " "

int library_by_term(struct ctx *c, const char *kind, str code, size_t per_type,
                    struct library_card **ret, size_t *ret_count)
{
    const struct term_counts *counts;
    TRY(load_term_counts(c, &counts));
    TRY(db_all(
        c, card_fields, ret, ret_count,
        "SELECT id, slug, title, summary, type, certainty, evidence, changed_at FROM "
        "(" FIRST_OF_TYPE("instrument") "UNION ALL " FIRST_OF_TYPE(
            "kennis") "UNION ALL " FIRST_OF_TYPE("werkwijze") ") AS first_of_types "
                                                              "ORDER BY type, of_kind, title, id",
        kind, code, per_type));
    count_types(counts, kind, code, *ret, *ret_count);
    return 0;
}

/* ---- counting ---- */

int library_count(struct ctx *c, long long *ret)
{
    const struct term_counts *counts;
    TRY(load_term_counts(c, &counts));
    *ret = counts->items;
    return 0;
}

int library_broken_relations(struct ctx *c, long long *ret)
{
    return db_get_int(c, ret,
                      "SELECT COUNT(*) FROM item_relation r WHERE NOT EXISTS "
                      "(SELECT 1 FROM item i WHERE i.slug = r.slug) AND NOT EXISTS "
                      "(SELECT 1 FROM item_former_slug f WHERE f.slug = r.slug)");
}

int library_store_terms(struct ctx *c, const long long *ids, size_t count,
                        struct item_term_row **ret, size_t *ret_count)
{
    static const struct db_field fields[] = {
        {"item_id", DB_INT, offsetof(struct item_term_row, item_id)},
        {"kind", DB_STR, offsetof(struct item_term_row, kind)},
        {"code", DB_STR, offsetof(struct item_term_row, code)},
        {"certainty", DB_STR, offsetof(struct item_term_row, certainty)},
    };
    long long id[LIBRARY_AT_ONCE] = {0}; /* no item has 0 */
    if (count > LIBRARY_AT_ONCE)
        BUG("the terms of too many items at once");
    for (size_t i = 0; i < count; i++)
        id[i] = ids[i];
    return db_all(c, fields, ret, ret_count,
                  "SELECT t.item_id, t.kind, t.code, i.certainty FROM item_term t JOIN item i "
                  "ON i.id = t.item_id WHERE t.kind IN ('fase', 'knelpunt') AND t.item_id IN ($1, "
                  "$2, $3, $4, $5, $6, $7, $8, $9, $10, "
                  "$11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24) "
                  "ORDER BY t.item_id, t.kind, t.code",
                  id[0], id[1], id[2], id[3], id[4], id[5], id[6], id[7], id[8], id[9], id[10],
                  id[11], id[12], id[13], id[14], id[15], id[16], id[17], id[18], id[19], id[20],
                  id[21], id[22], id[23]);
}

int library_store_starter_hash(struct ctx *c, long long *ret)
{
    int code = db_get_int(c, ret, "SELECT hash FROM library_starter WHERE id = 1");
    if (code != ERR_NOT_FOUND)
        return code;
    *ret = 0;
    return 0;
}

int library_store_set_starter_hash(struct ctx *c, long long hash)
{
    return db_exec(c,
                   "INSERT INTO library_starter (id, hash) VALUES (1, $1) "
                   "ON CONFLICT (id) DO UPDATE SET hash = $1",
                   hash);
}

/* ---- saving ---- */

int library_store_transaction(struct ctx *c, int (*body)(struct ctx *c, void *arg), void *arg)
{
    return db_transaction(c, body, arg);
}

static long long document_hash(str document)
{
    return (long long)(str_hash(document) & INT64_MAX);
}

static size_t count_different(const struct item_texts *codes)
{
    size_t count = 0;
    for (size_t i = 0; i < codes->items_count; i++) {
        size_t k = 0;
        while (!str_eq(codes->items[k], codes->items[i]))
            k++;
        count += k == i;
    }
    return count;
}

static int save_terms(struct ctx *c, long long id, const char *kind, const struct item *item,
                      const struct item_texts *codes)
{
    size_t of_kind = count_different(codes);
    for (size_t i = 0; i < codes->items_count; i++)
        TRY(db_exec(c,
                    "INSERT INTO item_term (item_id, kind, code, type, title, of_kind) "
                    "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
                    id, kind, codes->items[i], item->type, item->title, of_kind));
    return 0;
}

static int save_relations(struct ctx *c, long long id, const char *relation,
                          const struct item_texts *slugs)
{
    for (size_t i = 0; i < slugs->items_count; i++)
        TRY(db_exec(c,
                    "INSERT INTO item_relation (item_id, relation, slug) VALUES ($1, $2, $3) "
                    "ON CONFLICT DO NOTHING",
                    id, relation, slugs->items[i]));
    return 0;
}

/* Links to other items in the text: every "/kennisbank/SLUG" in it. */
static int save_text_links(struct ctx *c, long long id, str body)
{
    const str prefix = S("/kennisbank/");
    for (;;) {
        size_t at = str_find(body, prefix);
        if (at == STR_NONE)
            return 0;
        body = str_slice(body, at + prefix.len, body.len);
        size_t end = 0;
        while (end < body.len && end < 100 &&
               ((body.ptr[end] >= 'a' && body.ptr[end] <= 'z') ||
                (body.ptr[end] >= '0' && body.ptr[end] <= '9') || body.ptr[end] == '-'))
            end++;
        str slug = str_slice(body, 0, end);
        struct item_texts one = {&slug, 1};
        if (record_slug_valid(slug))
            TRY(save_relations(c, id, "text", &one));
    }
}

/* An address leads to one item for good: who holds it or held it, keeps it. */
static int check_address(struct ctx *c, str slug, long long id)
{
    str holder;
    int code = db_get_str(c, &holder,
                          "SELECT slug FROM item WHERE slug = $1 AND id <> $2 UNION ALL "
                          "SELECT i.slug FROM item_former_slug f JOIN item i ON i.id = f.item_id "
                          "WHERE f.slug = $1 AND i.id <> $2 LIMIT 1",
                          slug, id);
    if (code == ERR_NOT_FOUND)
        return 0;
    TRY(code);
    return err_set(c, ERR_CONFLICT,
                   "Het adres \"%.*s\" is of was van het item \"%.*s\". Kies een ander adres.",
                   (int)slug.len, slug.ptr, (int)holder.len, holder.ptr);
}

/* id: of the item that the document is a version of; 0: a new one. */
static int check_addresses(struct ctx *c, const struct item *item, long long id)
{
    TRY(check_address(c, item->slug, id));
    for (size_t i = 0; i < item->former_slugs.items_count; i++)
        TRY(check_address(c, item->former_slugs.items[i], id));
    return 0;
}

/* Rows derived from the document, made anew. The addresses have been checked. */
static int save_derived(struct ctx *c, long long id, const struct item *item, bool is_new)
{
    if (!is_new) {
        TRY(db_exec(c, "DELETE FROM item_term WHERE item_id = $1", id));
        TRY(db_exec(c, "DELETE FROM item_relation WHERE item_id = $1", id));
    }
    TRY(save_terms(c, id, "fase", item, &item->phases));
    TRY(save_terms(c, id, "knelpunt", item, &item->bottlenecks));
    TRY(save_terms(c, id, "thema", item, &item->themes));
    TRY(save_terms(c, id, "rol", item, &item->actors));
    TRY(save_relations(c, id, "builds_on", &item->builds_on));
    TRY(save_relations(c, id, "alternative", &item->alternative));
    TRY(save_relations(c, id, "precondition", &item->precondition));
    TRY(save_text_links(c, id, item->body));
    for (size_t i = 0; i < item->former_slugs.items_count; i++)
        TRY(db_exec(c,
                    "INSERT INTO item_former_slug (slug, item_id) VALUES ($1, $2) "
                    "ON CONFLICT (slug) DO UPDATE SET item_id = $2",
                    item->former_slugs.items[i], id));
    /* An address in use is nobody's former address. */
    return db_exec(c, "DELETE FROM item_former_slug WHERE slug = $1", item->slug);
}

static int insert_item(struct ctx *c, const struct item *item, long long now, long long *ret_id)
{
    return db_get_int(c, ret_id,
                      "INSERT INTO item (slug, public_revision, title, type, catalogue, summary, "
                      "certainty, evidence, review, body_words, web_sources, starter_slug, "
                      "starter_hash, created_at, changed_at) "
                      "VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $10, $11, NULL, 0, $9, $9) "
                      "RETURNING id",
                      item->slug, item->title, item->type, item->catalogue, item->summary,
                      item->certainty, item->evidence, item->review, now, library_body_words(item),
                      library_web_sources(item));
}

static int update_item(struct ctx *c, long long id, const struct item *item, long long number,
                       long long now)
{
    return db_exec(c,
                   "UPDATE item SET slug = $2, public_revision = $3, title = $4, type = $5, "
                   "catalogue = $6, summary = $7, certainty = $8, evidence = $9, review = $10, "
                   "changed_at = $11, body_words = $12, web_sources = $13 WHERE id = $1",
                   id, item->slug, number, item->title, item->type, item->catalogue, item->summary,
                   item->certainty, item->evidence, item->review, now, library_body_words(item),
                   library_web_sources(item));
}

static int insert_revision(struct ctx *c, long long id, long long number, const struct item *item,
                           str author, str note, long long now)
{
    return db_exec(c,
                   "INSERT INTO item_revision (item_id, number, document, author, note, "
                   "created_at) VALUES ($1, $2, $3, $4, $5, $6)",
                   id, number, item->document, author, note, now);
}

/* The item that this document is a version of: by its slug, else by a former slug of its own. */
static int find_target(struct ctx *c, const struct item *item, struct item_row *ret)
{
    int code = library_store_find(c, item->slug, ret);
    for (size_t i = 0; code == ERR_NOT_FOUND && i < item->former_slugs.items_count; i++)
        code = library_store_find(c, item->former_slugs.items[i], ret);
    return code;
}

static int save_version(struct ctx *c, const struct item_row *target, const struct item *item,
                        str author, str note)
{
    long long now = clock_now(), number;
    TRY(db_get_int(c, &number, "SELECT MAX(number) + 1 FROM item_revision WHERE item_id = $1",
                   target->id));
    TRY(insert_revision(c, target->id, number, item, author, note, now));
    TRY(update_item(c, target->id, item, number, now));
    TRY(save_derived(c, target->id, item, false));
    return db_change(c, "item", target->id);
}

static int save_new(struct ctx *c, const struct item *item, str author, str note, long long *ret_id)
{
    long long now = clock_now();
    TRY(insert_item(c, item, now, ret_id));
    TRY(insert_revision(c, *ret_id, 1, item, author, note, now));
    TRY(save_derived(c, *ret_id, item, true));
    return db_change(c, "item", *ret_id);
}

int library_store_save(struct ctx *c, const struct item *item, str author, str note,
                       enum library_saved *ret)
{
    struct item_row target;
    long long id;
    int code = find_target(c, item, &target);
    if (code == ERR_NOT_FOUND) {
        *ret = LIBRARY_NEW;
        TRY(check_addresses(c, item, 0));
        return save_new(c, item, author, note, &id);
    }
    TRY(code);
    *ret = str_eq(target.document, item->document) ? LIBRARY_SAME : LIBRARY_CHANGED;
    if (*ret == LIBRARY_SAME)
        return 0;
    TRY(check_addresses(c, item, target.id));
    return save_version(c, &target, item, author, note);
}

struct starter_row {
    long long id, hash;
};

static int find_starter(struct ctx *c, str slug, struct starter_row *ret)
{
    static const struct db_field fields[] = {
        {"id", DB_INT, offsetof(struct starter_row, id)},
        {"hash", DB_INT, offsetof(struct starter_row, hash)},
    };
    return db_one(c, fields, ret,
                  "SELECT id, starter_hash AS hash FROM item WHERE starter_slug = $1", slug);
}

/* The starter content's own item under this slug, or under one that the content gave it before. */
static int find_starter_of(struct ctx *c, const struct item *item, struct starter_row *ret)
{
    int code = find_starter(c, item->slug, ret);
    for (size_t i = 0; code == ERR_NOT_FOUND && i < item->former_slugs.items_count; i++)
        code = find_starter(c, item->former_slugs.items[i], ret);
    return code;
}

static int mark_starter(struct ctx *c, long long id, str slug, str document)
{
    return db_exec(c, "UPDATE item SET starter_slug = $2, starter_hash = $3 WHERE id = $1", id,
                   slug, document_hash(document));
}

/* The next version of starter content, when what is public is still what the last version brought.
 */
static int upgrade_starter(struct ctx *c, const struct starter_row *starter,
                           const struct item *item, enum library_saved *ret)
{
    struct item_row target;
    int code = library_store_find_id(c, starter->id, &target);
    if (code == ERR_NOT_FOUND)
        return 0; /* withdrawn by somebody: stays so */
    TRY(code);
    if (document_hash(target.document) != starter->hash || str_eq(target.document, item->document))
        return 0;
    code = check_addresses(c, item, starter->id);
    if (code == ERR_CONFLICT)
        return 0; /* its new address is somebody's: it stays where it is */
    TRY(code);
    *ret = LIBRARY_CHANGED;
    TRY(save_version(c, &target, item, S("Aanjager"), S("Nieuwe versie van de startinhoud")));
    return mark_starter(c, starter->id, item->slug, item->document);
}

int library_store_save_starter(struct ctx *c, const struct item *item, enum library_saved *ret)
{
    struct starter_row starter;
    long long id;
    *ret = LIBRARY_SAME;
    int code = find_starter_of(c, item, &starter);
    if (code == 0)
        return upgrade_starter(c, &starter, item, ret);
    if (code != ERR_NOT_FOUND)
        return code;
    /* Somebody has made an item at this address, or had one there: theirs stays. */
    code = check_addresses(c, item, 0);
    if (code == ERR_CONFLICT)
        return 0;
    TRY(code);
    *ret = LIBRARY_NEW;
    TRY(save_new(c, item, S("Aanjager"), S("Startinhoud"), &id));
    return mark_starter(c, id, item->slug, item->document);
}
