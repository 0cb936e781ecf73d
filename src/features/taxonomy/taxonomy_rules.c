#include "taxonomy/taxonomy_int.h"

#include "index/index.h"
#include "yaml/yaml.h"

static const struct {
    const char *name, *folder, *label;
} kinds[TAXONOMY_KINDS] = {
    [TAXONOMY_PHASE] = {"fase", "fasen", "Fase"},
    [TAXONOMY_BOTTLENECK] = {"knelpunt", "knelpunten", "Knelpunt"},
    [TAXONOMY_THEME] = {"thema", "themas", "Thema"},
    [TAXONOMY_ACTOR] = {"rol", "rollen", "Rol"},
};

const char *taxonomy_kind_name(enum taxonomy_kind kind)
{
    return kinds[kind].name;
}

const char *taxonomy_kind_folder(enum taxonomy_kind kind)
{
    return kinds[kind].folder;
}

const char *taxonomy_kind_label(enum taxonomy_kind kind)
{
    return kinds[kind].label;
}

const struct taxonomy_term *taxonomy_by_code(const struct taxonomy *t, enum taxonomy_kind kind,
                                             str code)
{
    for (size_t i = 0; i < t->list[kind].count; i++)
        if (str_eq(t->list[kind].terms[i].code, code))
            return &t->list[kind].terms[i];
    return NULL;
}

const struct taxonomy_term *taxonomy_by_slug(const struct taxonomy *t, enum taxonomy_kind kind,
                                             str slug)
{
    for (size_t i = 0; i < t->list[kind].count; i++)
        if (str_eq(t->list[kind].terms[i].slug, slug))
            return &t->list[kind].terms[i];
    return NULL;
}

const char *taxonomy_check(struct ctx *c, const struct taxonomy *t, int check, str code)
{
    if (!t || taxonomy_by_code(t, (enum taxonomy_kind)(check - 1), code))
        return NULL;
    return str_fmt(c->arena, "kent de code \"%.*s\" niet.", (int)code.len, code.ptr).ptr;
}

long long taxonomy_hash(struct ctx *c, const struct taxonomy_term *t)
{
    const str parts[] = {t->kind,    t->code, t->slug,      t->name,    t->formal,
                         t->summary, t->text, t->ends_with, t->section, t->planmonitor};
    str all = str_join(c->arena, parts, COUNT_OF(parts), S("\x1f"));
    return (long long)(str_hash(all) & INT64_MAX) ^ t->position;
}

static str joined(struct ctx *c, const struct yaml *list)
{
    str *parts = arena_array(c->arena, yaml_count(list) + 1, sizeof *parts);
    for (size_t i = 0; i < yaml_count(list); i++)
        parts[i] = yaml_text(yaml_at(list, i));
    return str_join(c->arena, parts, yaml_count(list), S("|"));
}

static int read_term(struct ctx *c, enum taxonomy_kind kind, const struct yaml *y,
                     struct taxonomy_term *t)
{
    *t = (struct taxonomy_term){
        .kind = str_from(kinds[kind].name),
        .code = yaml_text(yaml_get(y, "code")),
        .slug = yaml_text(yaml_get(y, "slug")),
        .name = yaml_text(yaml_get(y, "name")),
        .formal = yaml_text(yaml_get(y, "formal")),
        .summary = yaml_text(yaml_get(y, "summary")),
        .text = yaml_text(yaml_get(y, "text")),
        .ends_with = yaml_text(yaml_get(y, "ends_with")),
        .section = yaml_text(yaml_get(y, "group")),
        .planmonitor = joined(c, yaml_get(y, "planmonitor")),
    };
    if (!t->code.len || !t->slug.len || !t->name.len || !t->summary.len)
        return err_set(c, ERR_INVALID, "regel %d: code, slug, name en summary zijn verplicht.",
                       yaml_line(y));
    return 0;
}

int taxonomy_read(struct ctx *c, enum taxonomy_kind kind, str file_name, str text,
                  struct taxonomy_term **ret, size_t *ret_count)
{
    const struct yaml *root;
    int code = yaml_parse(c, text, 1, &root);
    size_t count = code == 0 ? yaml_count(root) : 0;
    *ret = arena_array(c->arena, count + 1, sizeof **ret);
    for (size_t i = 0; code == 0 && i < count; i++) {
        code = read_term(c, kind, yaml_at(root, i), &(*ret)[i]);
        (*ret)[i].position = (long long)i + 1;
    }
    if (code < 0)
        return err_set(c, code, "%.*s, %.*s", (int)file_name.len, file_name.ptr,
                       (int)c->err.msg.len, c->err.msg.ptr);
    *ret_count = count;
    return 0;
}

static struct index_facet_values facet_of(struct arena *a, const struct taxonomy *t,
                                          enum taxonomy_kind kind,
                                          const struct taxonomy_codes *codes)
{
    str *slugs = arena_array(a, codes->count + 1, sizeof *slugs);
    size_t count = 0;
    for (size_t i = 0; i < codes->count; i++) {
        const struct taxonomy_term *term = taxonomy_by_code(t, kind, codes->items[i]);
        if (term)
            slugs[count++] = term->slug;
    }
    return (struct index_facet_values){taxonomy_kind_name(kind), slugs, count};
}

void taxonomy_facets(struct arena *a, const struct taxonomy *t, str type,
                     const struct taxonomy_codes codes[TAXONOMY_KINDS], struct index_document *ret)
{
    struct index_facet_values *facets = arena_array(a, TAXONOMY_KINDS + 1, sizeof *facets);
    str *types = arena_new_of(a, str);
    *types = type;
    facets[0] = (struct index_facet_values){"soort", types, 1};
    for (int kind = 0; kind < TAXONOMY_KINDS; kind++)
        facets[kind + 1] = facet_of(a, t, (enum taxonomy_kind)kind, &codes[kind]);
    ret->facets = facets;
    ret->facet_count = TAXONOMY_KINDS + 1;
}
