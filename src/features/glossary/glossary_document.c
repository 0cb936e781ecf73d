/* Reads a document (docs/content-format.md) into a struct glossary_term, by tables that say which
 * key lands where and what it may hold. */
#include "glossary/glossary_int.h"

#include "base/clock.h"
#include "base/utf8.h"
#include "yaml/yaml.h"

enum { MAX_ENTRY = 120 }; /* characters of one line of a list */

enum form { FORM_TEXT, FORM_LINES, FORM_SLUG, FORM_DATE, FORM_URL, FORM_WORD };

struct text_field {
    const char *key;
    size_t offset, max; /* max in characters */
    bool required;
    enum form form;
    const char *choices; /* "a|b|c": one of these; NULL: any text */
};

struct list_field {
    const char *key;
    size_t offset, max_items, max; /* max: characters of each */
    enum form form;
    int taxonomy; /* kind of the codes; -1: no codes */
};

struct reading {
    struct ctx *c;
    const struct taxonomy *taxonomy; /* NULL: codes are not checked */
};

#define TERM(field) offsetof(struct glossary_term, field)
#define SOURCE(field) offsetof(struct glossary_source, field)
#define RELATED(field) offsetof(struct glossary_related, field)

static const struct text_field term_texts[] = {
    {"slug", TERM(slug), 100, true, FORM_SLUG, NULL},
    {"name", TERM(name), MAX_ENTRY, true, FORM_WORD, NULL},
    {"explanation", TERM(explanation), 320, true, FORM_TEXT, NULL},
    {"note", TERM(note), 4000, false, FORM_LINES, NULL},
    {"certainty", TERM(certainty), 20, true, FORM_TEXT,
     "gecontroleerd|opgezocht|kennis-hoog|kennis-middel|kennis-laag"},
    {"checked", TERM(checked), 10, false, FORM_DATE, NULL},
};

static const struct list_field term_lists[] = {
    {"abbreviations", TERM(abbreviations), 5, 20, FORM_WORD, -1},
    {"forms", TERM(forms), 20, MAX_ENTRY, FORM_WORD, -1},
};

static const struct text_field source_texts[] = {
    {"name", SOURCE(name), 300, true, FORM_TEXT, NULL},
    {"url", SOURCE(url), 500, false, FORM_URL, NULL},
    {"date", SOURCE(date), 10, false, FORM_DATE, NULL},
};

static const struct list_field related_lists[] = {
    {"items", RELATED(items), 20, 100, FORM_SLUG, -1},
    {"terms", RELATED(terms), 20, 100, FORM_SLUG, -1},
    {"phases", RELATED(phases), 8, 40, FORM_TEXT, TAXONOMY_PHASE},
    {"bottlenecks", RELATED(bottlenecks), 20, 40, FORM_TEXT, TAXONOMY_BOTTLENECK},
    {"themes", RELATED(themes), 10, 40, FORM_TEXT, TAXONOMY_THEME},
    {"actors", RELATED(actors), 20, 40, FORM_TEXT, TAXONOMY_ACTOR},
};

static int refuse(struct reading *r, int line, const char *key, const char *reason)
{
    return err_set(r->c, ERR_INVALID, "regel %d: \"%s\" %s", line, key, reason);
}

static int line_of(const struct yaml *y, const struct yaml *map)
{
    return yaml_line(y ? y : map);
}

/* ---- values ---- */

static bool is_slug(str slug)
{
    if (!slug.len || slug.len > 100 || slug.ptr[0] == '-' || slug.ptr[slug.len - 1] == '-')
        return false;
    for (size_t i = 0; i < slug.len; i++) {
        char ch = slug.ptr[i];
        if (!((ch >= 'a' && ch <= 'z') || (ch >= '0' && ch <= '9') || ch == '-'))
            return false;
    }
    return str_find(slug, S("--")) == STR_NONE;
}

static bool is_web_address(str s)
{
    return (str_starts(s, S("https://")) || str_starts(s, S("http://"))) &&
           str_find_byte(s, ' ') == STR_NONE;
}

static bool is_choice(str value, const char *choices)
{
    str rest = str_from(choices), choice;
    while (str_split(&rest, '|', &choice))
        if (str_eq(choice, value))
            return true;
    return false;
}

/* NULL when the value fits the form, else what is wrong with it. */
static const char *form_problem(enum form form, str value)
{
    if (form == FORM_SLUG && !is_slug(value))
        return "mag alleen kleine letters, cijfers en losse streepjes hebben, ten hoogste 100.";
    if (form == FORM_DATE && !clock_date_valid(value))
        return "moet een datum zijn, zoals 2026-11-24.";
    if (form == FORM_URL && !is_web_address(value))
        return "moet een webadres zijn dat met https:// of http:// begint.";
    if (form == FORM_WORD && !terms_is_phrase(value))
        return "moet met een letter of cijfer beginnen.";
    if (form != FORM_LINES && str_find_byte(value, '\n') != STR_NONE)
        return "moet op één regel staan.";
    return NULL;
}

static int check_value(struct reading *r, const struct yaml *y, const char *key, size_t max,
                       enum form form)
{
    str value = str_trim(yaml_text(y));
    if (yaml_kind(y) != YAML_TEXT)
        return refuse(r, yaml_line(y), key, "moet tekst zijn, geen lijst.");
    if (!utf8_valid(value) || utf8_has_control(value))
        return refuse(r, yaml_line(y), key, "heeft tekens die geen leesbare tekst zijn.");
    if (utf8_length(value) > max)
        return refuse(r, yaml_line(y), key,
                      str_fmt(r->c->arena, "is te lang: ten hoogste %zu tekens.", max).ptr);
    const char *problem = value.len ? form_problem(form, value) : NULL;
    return problem ? refuse(r, yaml_line(y), key, problem) : 0;
}

static int read_text(struct reading *r, const struct yaml *map, const struct text_field *f,
                     void *record)
{
    const struct yaml *y = yaml_get(map, f->key);
    str value = str_trim(yaml_text(y));
    if (f->required && !value.len && yaml_kind(y) == YAML_TEXT)
        return refuse(r, line_of(y, map), f->key, "ontbreekt of is leeg.");
    if (y)
        TRY(check_value(r, y, f->key, f->max, f->form));
    if (value.len && f->choices && !is_choice(value, f->choices))
        return refuse(r, yaml_line(y), f->key,
                      str_fmt(r->c->arena, "moet een van deze zijn: %s.", f->choices).ptr);
    *(str *)((char *)record + f->offset) = value.len ? value : S("");
    return 0;
}

static int read_entry(struct reading *r, const struct yaml *y, const struct list_field *f, str *ret)
{
    str value = str_trim(yaml_text(y));
    TRY(check_value(r, y, f->key, f->max, f->form));
    if (!value.len)
        return refuse(r, yaml_line(y), f->key, "heeft een lege regel.");
    if (f->taxonomy >= 0 && r->taxonomy &&
        !taxonomy_by_code(r->taxonomy, (enum taxonomy_kind)f->taxonomy, value))
        return refuse(
            r, yaml_line(y), f->key,
            str_fmt(r->c->arena, "kent de code \"%.*s\" niet.", (int)value.len, value.ptr).ptr);
    *ret = value;
    return 0;
}

static int read_list(struct reading *r, const struct yaml *map, const struct list_field *f,
                     void *record)
{
    const struct yaml *y = yaml_get(map, f->key);
    struct glossary_words *words = (struct glossary_words *)((char *)record + f->offset);
    size_t count = yaml_count(y);
    if (y && yaml_kind(y) != YAML_LIST && (yaml_kind(y) == YAML_MAP || yaml_text(y).len))
        return refuse(r, yaml_line(y), f->key, "moet een lijst zijn.");
    if (count > f->max_items)
        return refuse(
            r, yaml_line(y), f->key,
            str_fmt(r->c->arena, "heeft te veel regels: ten hoogste %zu.", f->max_items).ptr);
    str *items = arena_array(r->c->arena, count + 1, sizeof *items);
    for (size_t i = 0; i < count; i++)
        TRY(read_entry(r, yaml_at(y, i), f, &items[i]));
    *words = (struct glossary_words){items, count};
    return 0;
}

/* "true" unless the file says otherwise. */
static int read_switch(struct reading *r, const struct yaml *map, const char *key, bool *ret)
{
    const struct yaml *y = yaml_get(map, key);
    str value = yaml_text(y);
    *ret = !str_eqz(value, "false");
    if (!y || str_eqz(value, "true") || str_eqz(value, "false"))
        return 0;
    return refuse(r, yaml_line(y), key, "moet true of false zijn.");
}

/* ---- maps ---- */

static bool is_one_of(str key, const char *const *known)
{
    for (; *known; known++)
        if (str_eqz(key, *known))
            return true;
    return false;
}

/* A key that the format does not know is a typing mistake: refused, so that nothing is lost in
 * silence. */
static int check_map(struct reading *r, const struct yaml *map, const char *key,
                     const char *const *known)
{
    if (yaml_kind(map) != YAML_MAP)
        return refuse(r, yaml_line(map), key, "moet regels met \"sleutel: waarde\" hebben.");
    for (size_t i = 0; i < yaml_count(map); i++)
        if (!is_one_of(yaml_key_at(map, i), known))
            return refuse(r, yaml_line(yaml_at(map, i)), str_z(r->c->arena, yaml_key_at(map, i)),
                          "is hier geen bekende sleutel.");
    return 0;
}

static int read_source(struct reading *r, const struct yaml *root, struct glossary_term *t)
{
    static const char *const keys[] = {"name", "url", "date", NULL};
    const struct yaml *y = yaml_get(root, "source");
    if (!y)
        return refuse(r, yaml_line(root), "source", "ontbreekt of is leeg.");
    TRY(check_map(r, y, "source", keys));
    for (size_t i = 0; i < COUNT_OF(source_texts); i++)
        TRY(read_text(r, y, &source_texts[i], &t->source));
    return 0;
}

static int read_related(struct reading *r, const struct yaml *root, struct glossary_term *t)
{
    static const char *const keys[] = {"items",  "terms",  "phases", "bottlenecks",
                                       "themes", "actors", NULL};
    const struct yaml *y = yaml_get(root, "related");
    if (y)
        TRY(check_map(r, y, "related", keys));
    for (size_t i = 0; i < COUNT_OF(related_lists); i++)
        TRY(read_list(r, y, &related_lists[i], &t->related));
    return 0;
}

static int check_together(struct reading *r, const struct yaml *root, const struct glossary_term *t)
{
    if (!str_ends(t->explanation, S(".")))
        return refuse(r, line_of(yaml_get(root, "explanation"), root), "explanation",
                      "moet een zin zijn die met een punt eindigt.");
    if (str_eqz(t->certainty, "gecontroleerd") != (t->checked.len > 0))
        return refuse(
            r, yaml_line(root), "checked",
            "en certainty gecontroleerd horen bij elkaar: vul beide in of geen van beide.");
    return 0;
}

static int read_root(struct reading *r, const struct yaml *root, struct glossary_term *t)
{
    static const char *const keys[] = {"slug",        "name",    "abbreviations",   "forms",
                                       "explanation", "note",    "certainty",       "checked",
                                       "source",      "related", "explain_in_text", "feeds_search",
                                       NULL};
    TRY(check_map(r, root, "begrip", keys));
    for (size_t i = 0; i < COUNT_OF(term_texts); i++)
        TRY(read_text(r, root, &term_texts[i], t));
    for (size_t i = 0; i < COUNT_OF(term_lists); i++)
        TRY(read_list(r, root, &term_lists[i], t));
    TRY(read_source(r, root, t));
    TRY(read_related(r, root, t));
    TRY(read_switch(r, root, "explain_in_text", &t->explained));
    TRY(read_switch(r, root, "feeds_search", &t->searched));
    return check_together(r, root, t);
}

/* A note that the page could not show later is refused now. */
static int check_note(struct ctx *c, const struct yaml *root, str note)
{
    html shown;
    int code = markdown_render(c, note, &shown);
    if (code == ERR_INVALID || code == ERR_LIMIT)
        return err_set(c, code, "regel %d: \"note\": %.*s", line_of(yaml_get(root, "note"), root),
                       (int)c->err.msg.len, c->err.msg.ptr);
    return code;
}

int glossary_document_read(struct ctx *c, const struct taxonomy *t, str document,
                           struct glossary_term *ret)
{
    const struct yaml *root;
    struct reading r = {c, t};
    *ret = (struct glossary_term){.document = document};
    if (document.len > GLOSSARY_MAX_DOCUMENT)
        return err_set(c, ERR_LIMIT, "regel 1: het bestand is te groot: ten hoogste %d kB.",
                       GLOSSARY_MAX_DOCUMENT / 1024);
    TRY(yaml_parse(c, document, 1, &root));
    TRY(read_root(&r, root, ret));
    return t ? check_note(c, root, ret->note) : 0;
}
