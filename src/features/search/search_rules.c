/* What was asked, and the words of the interface for it. Pure. */
#include "search/search_int.h"

#include "base/map.h"
#include "base/vec.h"
#include "collections/collections.h"
#include "glossary/glossary.h"
#include "library/library.h"
#include "yaml/yaml.h"

const char *const search_facets[SEARCH_FACETS] = {"soort", "fase", "knelpunt", "thema", "rol"};

const char *const search_types[SEARCH_TYPES] = {"werkwijze", "instrument", "kennis",
                                                COLLECTION_KIND, GLOSSARY_KIND};

const struct http_param search_params[] = {
    {"q", PARAM_TEXT, 0, INDEX_MAX_QUERY, true, "Wat u zoekt"},
    {"soort", PARAM_LIST, 0, 0, true, "Soort: werkwijze, instrument, kennis, collectie of begrip"},
    {"fase", PARAM_LIST, 0, 0, true, "Fase van het plan"},
    {"knelpunt", PARAM_LIST, 0, 0, true, "Knelpunt"},
    {"thema", PARAM_LIST, 0, 0, true, "Thema"},
    {"rol", PARAM_LIST, 0, 0, true, "Rol van de lezer"},
    {"pagina", PARAM_INT, 1, SEARCH_MAX_PAGE, true, "Nummer van de pagina"},
    {0},
};

void search_request_read(const struct http_request *rq, struct search_request *ret)
{
    *ret = (struct search_request){.text = http_text(rq, "q"),
                                   .page = (size_t)http_int(rq, "pagina", 1),
                                   .size = SEARCH_PAGE_SIZE};
    for (size_t i = 0; i < SEARCH_FACETS; i++) {
        const str *values;
        size_t count = http_list(rq, search_facets[i], &values);
        if (count)
            ret->filters[ret->filter_count++] =
                (struct index_filter){search_facets[i], values, count};
    }
}

str search_request_query(struct ctx *c, const struct search_request *r, str path, size_t page)
{
    struct buf b;
    char separator = '?';
    buf_init(&b, c->arena, 16 * 1024);
    buf_add(&b, path);
    if (r->text.len) {
        buf_fmt(&b, "%cq=", separator);
        buf_add(&b, http_url_encode(c->arena, r->text));
        separator = '&';
    }
    for (size_t i = 0; i < r->filter_count; i++)
        for (size_t k = 0; k < r->filters[i].count; k++) {
            buf_fmt(&b, "%c%s=", separator, r->filters[i].facet);
            buf_add(&b, http_url_encode(c->arena, r->filters[i].values[k]));
            separator = '&';
        }
    if (page > 1)
        buf_fmt(&b, "%cpagina=%zu", separator, page);
    return buf_str(&b);
}

static bool names_types(const struct search_request *r)
{
    for (size_t i = 0; i < r->filter_count; i++)
        if (str_eqz(str_from(search_facets[0]), r->filters[i].facet))
            return true;
    return false;
}

int search_run(struct ctx *c, const struct search_request *r, bool browse, struct index_result *ret)
{
    struct index_filter filters[SEARCH_FACETS];
    str library[SEARCH_LIBRARY_TYPES];
    struct index_query q = {
        .text = r->text,
        .filters = filters,
        .filter_count = r->filter_count,
        .offset = (r->page - 1) * r->size,
        .limit = r->size,
    };
    for (size_t i = 0; i < r->filter_count; i++)
        filters[i] = r->filters[i];
    for (size_t i = 0; i < COUNT_OF(library); i++)
        library[i] = str_from(search_types[i]);
    if ((browse || !r->text.len) && !names_types(r))
        filters[q.filter_count++] =
            (struct index_filter){search_facets[0], library, COUNT_OF(library)};
    return index_search(c, c->index, &q, ret);
}

str search_type_name(str type)
{
    if (str_eqz(type, COLLECTION_KIND))
        return S("Collectie");
    return str_eqz(type, GLOSSARY_KIND) ? S("Begrip") : library_type_name(type);
}

str search_value_name(const struct taxonomy *t, const char *facet, str value)
{
    if (str_eqz(str_from(facet), "soort"))
        return search_type_name(value);
    for (int kind = 0; kind < TAXONOMY_KINDS; kind++) {
        if (!str_eqz(str_from(facet), taxonomy_kind_name((enum taxonomy_kind)kind)))
            continue;
        const struct taxonomy_term *term = taxonomy_by_slug(t, (enum taxonomy_kind)kind, value);
        return term ? term->name : value;
    }
    return value;
}

int search_read_vocabulary(struct ctx *c, str text, struct index_vocabulary *ret)
{
    const struct yaml *root;
    TRY(yaml_parse(c, text, 1, &root));
    const struct yaml *pairs = yaml_get(root, "synonyms"), *words = yaml_get(root, "protected");
    struct index_synonym *synonyms = arena_array(c->arena, yaml_count(pairs) + 1, sizeof *synonyms);
    str *protect = arena_array(c->arena, yaml_count(words) + 1, sizeof *protect);
    for (size_t i = 0; i < yaml_count(pairs); i++) {
        const struct yaml *y = yaml_at(pairs, i);
        synonyms[i] =
            (struct index_synonym){yaml_text(yaml_get(y, "from")), yaml_text(yaml_get(y, "to")),
                                   !str_eqz(yaml_text(yaml_get(y, "both")), "false")};
        if (!synonyms[i].from.len || !synonyms[i].to.len)
            return err_set(c, ERR_INVALID, "search.yaml, regel %d: from en to zijn verplicht.",
                           yaml_line(y));
    }
    for (size_t i = 0; i < yaml_count(words); i++)
        protect[i] = yaml_text(yaml_at(words, i));
    *ret = (struct index_vocabulary){synonyms, yaml_count(pairs), protect, yaml_count(words)};
    return 0;
}

/* ---- what the glossary adds ---- */

struct synonyms {
    struct index_synonym *items;
    size_t count, capacity;
    struct map *seen;
};

/* A pair that is there already, in either order, is not doubled: it would weigh no more. */
static void add_pair(struct arena *a, struct synonyms *all, struct index_synonym pair)
{
    str there = str_join(a, (str[]){pair.from, pair.to}, 2, S("\n"));
    str back = str_join(a, (str[]){pair.to, pair.from}, 2, S("\n"));
    if (map_get(all->seen, there) || (pair.both && map_get(all->seen, back)))
        return;
    map_put(all->seen, there, all);
    if (pair.both)
        map_put(all->seen, back, all);
    *vec_push(a, all) = pair;
}

static void add_words(struct arena *a, struct synonyms *all, const struct glossary_words *words,
                      str name)
{
    for (size_t i = 0; i < words->items_count; i++)
        add_pair(a, all, (struct index_synonym){words->items[i], name, true});
}

int search_add_glossary(struct ctx *c, struct index_vocabulary *v)
{
    const struct glossary *g;
    struct synonyms all = {.seen = map_new(c->arena, v->synonym_count * 2 + 64)};
    TRY(glossary_load(c, &g));
    for (size_t i = 0; i < v->synonym_count; i++)
        add_pair(c->arena, &all, v->synonyms[i]);
    for (size_t i = 0; i < g->count; i++) {
        if (!g->terms[i].searched)
            continue;
        add_words(c->arena, &all, &g->terms[i].abbreviations, g->terms[i].name);
        add_words(c->arena, &all, &g->terms[i].forms, g->terms[i].name);
    }
    v->synonyms = all.items;
    v->synonym_count = all.count;
    return 0;
}
