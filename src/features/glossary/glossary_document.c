/* Reads a document (docs/content-format.md) into a struct glossary_term, by tables that say which
 * key lands where and what it may hold. */
#include "glossary/glossary_int.h"

#include "yaml/record.h"

enum {
    MAX_ENTRY = 120, /* characters of one line of a list */
    CHECK_PHRASE = TAXONOMY_CHECKS,
};

#define CODES(member, limit, of_kind)                                                              \
    RECORD_TEXTS(struct glossary_related, member.items), .max = 40, .max_items = (limit),          \
                                                         .check = TAXONOMY_CHECK(of_kind)
#define SLUGS(member)                                                                              \
    RECORD_TEXTS(struct glossary_related, member.items), .max = 100, .max_items = 20,              \
                                                         .form = RECORD_SLUG

static const struct record_field source_fields[] = {
    {"name", RECORD_TEXT(struct glossary_source, name), .max = 300, .required = true,
     .form = RECORD_LINE},
    {"url", RECORD_TEXT(struct glossary_source, url), .max = 500, .form = RECORD_URL},
    {"date", RECORD_TEXT(struct glossary_source, date), .max = 10, .form = RECORD_DATE},
};
static const struct record_shape source_shape = RECORD_SHAPE("source", source_fields);

static const struct record_field related_fields[] = {
    {"items", SLUGS(items)},
    {"terms", SLUGS(terms)},
    {"phases", CODES(phases, 8, TAXONOMY_PHASE)},
    {"bottlenecks", CODES(bottlenecks, 20, TAXONOMY_BOTTLENECK)},
    {"themes", CODES(themes, 10, TAXONOMY_THEME)},
    {"actors", CODES(actors, 20, TAXONOMY_ACTOR)},
};
static const struct record_shape related_shape = RECORD_SHAPE("related", related_fields);

static const struct record_field term_fields[] = {
    {"slug", RECORD_TEXT(struct glossary_term, slug), .max = 100, .required = true,
     .form = RECORD_SLUG},
    {"name", RECORD_TEXT(struct glossary_term, name), .max = MAX_ENTRY, .required = true,
     .form = RECORD_LINE, .check = CHECK_PHRASE},
    {"abbreviations", RECORD_TEXTS(struct glossary_term, abbreviations.items), .max = 20,
     .max_items = 5, .form = RECORD_LINE, .check = CHECK_PHRASE},
    {"forms", RECORD_TEXTS(struct glossary_term, forms.items), .max = MAX_ENTRY, .max_items = 20,
     .form = RECORD_LINE, .check = CHECK_PHRASE},
    {"explanation", RECORD_TEXT(struct glossary_term, explanation), .max = 320, .required = true,
     .form = RECORD_LINE},
    {"note", RECORD_TEXT(struct glossary_term, note), .max = 4000},
    {"source", RECORD_MAP(struct glossary_term, source, source_shape), .required = true},
    {"related", RECORD_MAP(struct glossary_term, related, related_shape)},
    {"explain_in_text", RECORD_SWITCH(struct glossary_term, explained)},
    {"feeds_search", RECORD_SWITCH(struct glossary_term, searched)},
    {"certainty", RECORD_TEXT(struct glossary_term, certainty), .max = 20, .required = true,
     .choices = "gecontroleerd|opgezocht|kennis-hoog|kennis-middel|kennis-laag"},
    {"checked", RECORD_TEXT(struct glossary_term, checked), .max = 10, .form = RECORD_DATE},
};
static const struct record_shape term_shape = RECORD_SHAPE("begrip", term_fields);

static const char *check_value(const struct record_reader *r, int what, str value)
{
    if (what == CHECK_PHRASE)
        return terms_is_phrase(value) ? NULL : "moet met een letter of cijfer beginnen.";
    return taxonomy_check(r->c, r->arg, what, value);
}

static int check_together(const struct record_reader *r, const struct yaml *root,
                          const struct glossary_term *t)
{
    if (!str_ends(t->explanation, S(".")))
        return record_refuse(r, root, "explanation", "moet een zin zijn die met een punt eindigt.");
    if (str_eqz(t->certainty, "gecontroleerd") != (t->checked.len > 0))
        return record_refuse(
            r, root, "checked",
            "en certainty gecontroleerd horen bij elkaar: vul beide in of geen van beide.");
    return 0;
}

/* A note that the page could not show later is refused now. */
static int check_note(struct ctx *c, const struct yaml *root, str note)
{
    html shown;
    int code = markdown_render(c, note, &shown);
    if (code == ERR_INVALID || code == ERR_LIMIT)
        return err_set(c, code, "regel %d: \"note\": %.*s", yaml_line(yaml_get(root, "note")),
                       (int)c->err.msg.len, c->err.msg.ptr);
    return code;
}

int glossary_document_read(struct ctx *c, const struct taxonomy *t, str document,
                           struct glossary_term *ret)
{
    const struct yaml *root;
    const struct record_reader r = {c, check_value, t};
    *ret = (struct glossary_term){.document = document};
    if (document.len > GLOSSARY_MAX_DOCUMENT)
        return err_set(c, ERR_LIMIT, "regel 1: het bestand is te groot: ten hoogste %d kB.",
                       GLOSSARY_MAX_DOCUMENT / 1024);
    TRY(yaml_parse(c, document, 1, &root));
    TRY(record_read(&r, root, &term_shape, ret));
    TRY(check_together(&r, root, ret));
    return t ? check_note(c, root, ret->note) : 0;
}
