/* Reads a document (docs/content-format.md) into a struct collection, by tables that say which key
 * lands where and what it may hold. */
#include "collections/collections_int.h"

#include "yaml/record.h"

#define TEXT(member, limit)                                                                        \
    RECORD_TEXT(struct collection, member), .max = (limit), .form = RECORD_LINE
#define CODES(member, limit, of_kind)                                                              \
    RECORD_TEXTS(struct collection, member.items), .max = 40, .max_items = (limit),                \
                                                   .check = TAXONOMY_CHECK(of_kind)

static const struct record_field step_fields[] = {
    {"item", RECORD_TEXT(struct collection_step, item), .max = 100, .required = true,
     .form = RECORD_SLUG},
    {"why", RECORD_TEXT(struct collection_step, why), .max = 320, .required = true,
     .form = RECORD_LINE},
};
static const struct record_shape step_shape = RECORD_SHAPE("steps", step_fields);

static const struct record_field fields[] = {
    {"slug", RECORD_TEXT(struct collection, slug), .max = 100, .required = true,
     .form = RECORD_SLUG},
    {"title", TEXT(title, 120), .required = true},
    {"short", TEXT(short_title, 40)},
    {"kind", TEXT(kind, 20), .required = true, .choices = COLLECTION_KINDS},
    {"summary", TEXT(summary, 320), .required = true},
    {"introduction", TEXT(introduction, 1200), .required = true},
    {"phases", CODES(phases, 8, TAXONOMY_PHASE)},
    {"bottlenecks", CODES(bottlenecks, 20, TAXONOMY_BOTTLENECK)},
    {"themes", CODES(themes, 10, TAXONOMY_THEME)},
    {"actors", CODES(actors, 20, TAXONOMY_ACTOR)},
    {"steps", RECORD_MAPS(struct collection, steps, step_shape), .max_items = COLLECTION_MAX_STEPS,
     .required = true},
    {"owner", TEXT(owner, 120)},
    {"checked", RECORD_TEXT(struct collection, checked), .max = 10, .form = RECORD_DATE},
    {"review", RECORD_TEXT(struct collection, review), .max = 10, .form = RECORD_DATE},
    {"licence", TEXT(licence, 40), .required = true},
    {"certainty", TEXT(certainty, 20), .required = true,
     .choices = "gecontroleerd|opgezocht|kennis-hoog|kennis-middel|kennis-laag"},
};
static const struct record_shape shape = RECORD_SHAPE("collectie", fields);

static const char *check_value(const struct record_reader *r, int what, str value)
{
    return taxonomy_check(r->c, r->arg, what, value);
}

/* A second time on the path is no step: it is the same text. */
static int check_steps(const struct record_reader *r, const struct yaml *root,
                       const struct collection *k)
{
    for (size_t i = 0; i < k->steps_count; i++)
        for (size_t j = 0; j < i; j++)
            if (str_eq(k->steps[i].item, k->steps[j].item))
                return record_refuse(r, root, "steps",
                                     str_fmt(r->c->arena, "noemt \"%.*s\" twee keer.",
                                             (int)k->steps[i].item.len, k->steps[i].item.ptr)
                                         .ptr);
    return 0;
}

static int check_together(const struct record_reader *r, const struct yaml *root,
                          const struct collection *k)
{
    if (str_eqz(k->kind, "rol") && k->actors.items_count != 1)
        return record_refuse(r, root, "actors", "heeft bij kind rol precies één code.");
    if (str_eqz(k->kind, "knelpunt") && k->bottlenecks.items_count != 1)
        return record_refuse(r, root, "bottlenecks", "heeft bij kind knelpunt precies één code.");
    if (str_eqz(k->certainty, "gecontroleerd") != (k->checked.len > 0))
        return record_refuse(
            r, root, "checked",
            "en certainty gecontroleerd horen bij elkaar: vul beide in of geen van beide.");
    return check_steps(r, root, k);
}

int collection_document_read(struct ctx *c, const struct taxonomy *t, str document,
                             struct collection *ret)
{
    const struct yaml *root;
    const struct record_reader r = {c, check_value, t};
    *ret = (struct collection){.document = document};
    if (document.len > COLLECTION_MAX_DOCUMENT)
        return err_set(c, ERR_LIMIT, "regel 1: het bestand is te groot: ten hoogste %d kB.",
                       COLLECTION_MAX_DOCUMENT / 1024);
    TRY(yaml_parse(c, document, 1, &root));
    TRY(record_read(&r, root, &shape, ret));
    return check_together(&r, root, ret);
}
