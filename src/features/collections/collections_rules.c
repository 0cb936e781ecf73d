/* What follows from a collection. */
#include "collections/collections_int.h"

#include "base/buf.h"

const struct collection *collections_by_slug(const struct collections *all, str slug)
{
    for (size_t i = 0; i < all->count; i++)
        if (str_eq(all->items[i].slug, slug))
            return &all->items[i];
    return NULL;
}

str collection_url(struct ctx *c, str slug)
{
    return str_fmt(c->arena, "/collecties/%.*s", (int)slug.len, slug.ptr);
}

str collection_count_words(struct ctx *c, size_t steps)
{
    return str_fmt(c->arena, "%zu %s", steps, steps == 1 ? "stap" : "stappen");
}

static bool has_word(const struct collection_words *words, str word)
{
    for (size_t i = 0; i < words->items_count; i++)
        if (str_eq(words->items[i], word))
            return true;
    return false;
}

bool collection_is_for(const struct collection *k, const char *kind, str code)
{
    const struct collection_words *const words[TAXONOMY_KINDS] = {
        [TAXONOMY_PHASE] = &k->phases,
        [TAXONOMY_BOTTLENECK] = &k->bottlenecks,
        [TAXONOMY_THEME] = &k->themes,
        [TAXONOMY_ACTOR] = &k->actors,
    };
    for (int i = 0; i < TAXONOMY_KINDS; i++)
        if (str_eqz(str_from(kind), taxonomy_kind_name((enum taxonomy_kind)i)))
            return has_word(words[i], code);
    return false;
}

str collection_text(struct ctx *c, const struct collection *k)
{
    struct buf b;
    buf_init(&b, c->arena, COLLECTION_MAX_DOCUMENT);
    buf_add(&b, k->introduction);
    for (size_t i = 0; i < k->steps_count; i++) {
        buf_add_byte(&b, '\n');
        buf_add(&b, k->steps[i].why);
    }
    return buf_str(&b);
}

int collection_check_items(struct ctx *c, const struct collection *k)
{
    for (size_t i = 0; i < k->steps_count; i++) {
        struct library_link *found;
        size_t count;
        str slug = k->steps[i].item;
        TRY(library_links(c, &slug, 1, &found, &count));
        if (!count)
            return err_set(c, ERR_INVALID,
                           "stap %zu: \"%.*s\" staat niet in de kennisbank. Schrijf het laatste "
                           "deel van het adres van een item.",
                           i + 1, (int)slug.len, slug.ptr);
    }
    return 0;
}

/* ---- for the pages of others ---- */

struct cards {
    struct collection_card *items;
    size_t count;
};

static void add_card(struct ctx *c, const struct collection *k, struct cards *cards)
{
    cards->items[cards->count++] =
        (struct collection_card){collection_url(c, k->slug), k->title, k->summary,
                                 collection_count_words(c, k->steps_count)};
}

static void add_of_term(struct ctx *c, const struct collections *all, const char *kind, str code,
                        const char *of_kind, struct cards *cards)
{
    for (size_t i = 0; i < all->count && cards->count < COLLECTIONS_OF_TERM; i++)
        if (str_eqz(all->items[i].kind, of_kind) && collection_is_for(&all->items[i], kind, code))
            add_card(c, &all->items[i], cards);
}

int collections_of_term(struct ctx *c, const char *kind, str code, struct collection_card **ret,
                        size_t *ret_count)
{
    const struct collections *all;
    struct cards cards = {arena_array(c->arena, COLLECTIONS_OF_TERM, sizeof *cards.items), 0};
    TRY(collections_load(c, &all));
    add_of_term(c, all, kind, code, kind, &cards);
    add_of_term(c, all, kind, code, "route", &cards);
    *ret = cards.items;
    *ret_count = cards.count;
    return 0;
}

int collections_of_kind(struct ctx *c, const char *kind, struct collection_card **ret,
                        size_t *ret_count)
{
    const struct collections *all;
    TRY(collections_load(c, &all));
    struct cards cards = {arena_array(c->arena, all->count + 1, sizeof *cards.items), 0};
    for (size_t i = 0; i < all->count; i++)
        if (str_eqz(all->items[i].kind, kind))
            add_card(c, &all->items[i], &cards);
    *ret = cards.items;
    *ret_count = cards.count;
    return 0;
}

int collections_missing(struct ctx *c, const char *kind, const str *codes, size_t count,
                        const str **ret, size_t *ret_count)
{
    str *there;
    size_t there_count, missing = 0;
    str *list = arena_array(c->arena, count + 1, sizeof *list);
    TRY(collection_store_codes(c, kind, &there, &there_count));
    const struct collection_words covered = {there, there_count};
    for (size_t i = 0; i < count; i++)
        if (!has_word(&covered, codes[i]))
            list[missing++] = codes[i];
    *ret = list;
    *ret_count = missing;
    return 0;
}

/* ---- beside an item ---- */

/* To the place of the item in it: there one sees what comes next. */
static str step_url(struct ctx *c, const struct collection *k, str slug)
{
    return str_join(c->arena, (str[]){collection_url(c, k->slug), slug}, 2, S("#stap-"));
}

static bool has_any(const struct collection *k, const str *slugs, size_t count)
{
    for (size_t i = 0; i < k->steps_count; i++)
        for (size_t j = 0; j < count; j++)
            if (str_eq(k->steps[i].item, slugs[j]))
                return true;
    return false;
}

int collections_beside(struct ctx *c, const str *slugs, size_t count, struct beside_link **ret,
                       size_t *ret_count)
{
    static const char *const kinds[] = {"route", "knelpunt", "rol"}; /* in this order */
    const struct collections *all;
    struct beside_link *links = arena_array(c->arena, BESIDE_MAX, sizeof *links);
    size_t found = 0;
    TRY(collections_load(c, &all));
    for (size_t k = 0; k < COUNT_OF(kinds); k++)
        for (size_t i = 0; i < all->count && found < BESIDE_MAX; i++)
            if (str_eqz(all->items[i].kind, kinds[k]) && has_any(&all->items[i], slugs, count))
                links[found++] = (struct beside_link){all->items[i].title,
                                                      step_url(c, &all->items[i], slugs[0])};
    *ret = links;
    *ret_count = found;
    return 0;
}
