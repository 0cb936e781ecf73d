/* What the editors must still do, counted. */
#include "library/library_int.h"

#include "base/clock.h"
#include "db/db.h"

/* One condition for counting and listing, so that the two cannot differ: $1 is the gap, $2 how many
   words are enough, $3 today. */
#define GAP_ITEMS                                                                                  \
    "FROM item WHERE public_revision > 0 AND (($1 = 0 AND certainty <> 'gecontroleerd') "          \
    "OR ($1 = 1 AND review <> '' AND review < $3) OR ($1 = 2 AND body_words < $2) "                \
    "OR ($1 = 3 AND web_sources = 0))"

_Static_assert(LIBRARY_GAP_UNCHECKED == 0 && LIBRARY_GAP_OVERDUE == 1 && LIBRARY_GAP_THIN == 2 &&
                   LIBRARY_GAP_SOURCE == 3,
               "the numbers in GAP_ITEMS");

static str today(struct ctx *c)
{
    return clock_date(c->arena, clock_now());
}

int library_gap_count(struct ctx *c, enum library_gap gap, long long *ret)
{
    return db_get_int(c, ret, "SELECT COUNT(*) " GAP_ITEMS, (int)gap, LIBRARY_THIN_WORDS, today(c));
}

int library_gap_items(struct ctx *c, enum library_gap gap, size_t offset, size_t limit,
                      struct library_link **ret, size_t *ret_count)
{
    static const struct db_field fields[] = {
        {"slug", DB_STR, offsetof(struct library_link, slug)},
        {"title", DB_STR, offsetof(struct library_link, title)},
    };
    return db_all(c, fields, ret, ret_count,
                  "SELECT slug, title " GAP_ITEMS " ORDER BY title, id LIMIT $4 OFFSET $5",
                  (int)gap, LIBRARY_THIN_WORDS, today(c), limit, offset);
}

/* ---- items from before they were measured ---- */

int library_store_unmeasured(struct ctx *c, size_t limit, long long **ret, size_t *ret_count)
{
    static const struct db_field id_field[] = {{"id", DB_INT, 0}};
    return db_all(c, id_field, ret, ret_count,
                  "SELECT id FROM item WHERE body_words < 0 AND public_revision > 0 "
                  "ORDER BY id LIMIT $1",
                  limit);
}

int library_store_measure(struct ctx *c, long long id, const struct item *item)
{
    return db_exec(c, "UPDATE item SET body_words = $2, web_sources = $3 WHERE id = $1", id,
                   library_body_words(item), library_web_sources(item));
}
