/* Reads a document (docs/content-format.md) into a struct item, by tables that say which key lands
 * where and what it may hold. */
#include "library/library_int.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/utf8.h"
#include "base/vec.h"
#include "yaml/yaml.h"

enum text_form { FORM_TEXT, FORM_SLUG, FORM_DATE, FORM_URL, FORM_CATALOGUE, FORM_ACTOR };

struct text_field {
    const char *key;
    size_t offset, max; /* max in characters */
    bool required;
    enum text_form form;
    const char *choices; /* "a|b|c": one of these; NULL: any text */
};

struct list_field {
    const char *key;
    size_t offset, max_items;
    bool required;
    enum text_form form;
    int taxonomy; /* kind of the codes; -1: no codes */
};

struct record_list {
    const char *key;
    size_t items_offset, count_offset, record_size, max_items;
    bool required;
    const struct text_field *fields;
    size_t field_count;
};

struct reading {
    struct ctx *c;
    const struct taxonomy *taxonomy; /* NULL: codes are not checked */
};

#define ITEM(field) offsetof(struct item, field)

static const struct text_field item_texts[] = {
    {"slug", ITEM(slug), 100, true, FORM_SLUG, NULL},
    {"title", ITEM(title), 120, true, FORM_TEXT, NULL},
    {"short", ITEM(short_title), 40, false, FORM_TEXT, NULL},
    {"type", ITEM(type), 20, true, FORM_TEXT, LIBRARY_TYPES},
    {"kind", ITEM(kind), 30, false, FORM_TEXT, LIBRARY_KINDS},
    {"catalogue", ITEM(catalogue), 4, false, FORM_CATALOGUE, NULL},
    {"summary", ITEM(summary), 320, true, FORM_TEXT, NULL},
    {"effort", ITEM(effort), 10, false, FORM_TEXT, LIBRARY_EFFORTS},
    {"cost", ITEM(cost), 500, false, FORM_TEXT, NULL},
    {"introduction_time", ITEM(introduction_time), 500, false, FORM_TEXT, NULL},
    {"contact", ITEM(contact), 300, false, FORM_TEXT, NULL},
    {"owner", ITEM(owner), 120, false, FORM_TEXT, NULL},
    {"checked", ITEM(checked), 10, false, FORM_DATE, NULL},
    {"review", ITEM(review), 10, false, FORM_DATE, NULL},
    {"licence", ITEM(licence), 40, true, FORM_TEXT, NULL},
    {"certainty", ITEM(certainty), 20, true, FORM_TEXT, LIBRARY_CERTAINTIES},
    {"evidence", ITEM(evidence), 20, true, FORM_TEXT, LIBRARY_EVIDENCES},
};

static const struct list_field item_lists[] = {
    {"phases", ITEM(phases), 8, true, FORM_TEXT, TAXONOMY_PHASE},
    {"bottlenecks", ITEM(bottlenecks), 20, true, FORM_TEXT, TAXONOMY_BOTTLENECK},
    {"themes", ITEM(themes), 10, true, FORM_TEXT, TAXONOMY_THEME},
    {"actors", ITEM(actors), 20, true, FORM_TEXT, TAXONOMY_ACTOR},
    {"keywords", ITEM(keywords), 30, false, FORM_TEXT, -1},
    {"when", ITEM(when), 12, false, FORM_TEXT, -1},
    {"when_not", ITEM(when_not), 12, false, FORM_TEXT, -1},
    {"risks", ITEM(risks), 20, false, FORM_TEXT, -1},
    {"lessons", ITEM(lessons), 20, false, FORM_TEXT, -1},
    {"former_slugs", ITEM(former_slugs), 20, false, FORM_SLUG, -1},
};

static const struct list_field relation_lists[] = {
    {"builds_on", ITEM(builds_on), 20, false, FORM_SLUG, -1},
    {"alternative", ITEM(alternative), 20, false, FORM_SLUG, -1},
    {"precondition", ITEM(precondition), 20, false, FORM_SLUG, -1},
};

static const struct text_field step_fields[] = {
    {"title", offsetof(struct item_step, title), 160, true, FORM_TEXT, NULL},
    {"text", offsetof(struct item_step, text), 2000, false, FORM_TEXT, NULL},
    {"who", offsetof(struct item_step, who), 40, false, FORM_ACTOR, NULL},
};
static const struct text_field role_fields[] = {
    {"who", offsetof(struct item_role, who), 40, true, FORM_ACTOR, NULL},
    {"task", offsetof(struct item_role, task), 500, true, FORM_TEXT, NULL},
};
static const struct text_field source_fields[] = {
    {"title", offsetof(struct item_source, title), 300, true, FORM_TEXT, NULL},
    {"url", offsetof(struct item_source, url), 500, false, FORM_URL, NULL},
    {"date", offsetof(struct item_source, date), 40, false, FORM_TEXT, NULL},
    {"note", offsetof(struct item_source, note), 500, false, FORM_TEXT, NULL},
};
static const struct text_field legal_fields[] = {
    {"law", offsetof(struct item_legal, law), 160, true, FORM_TEXT, NULL},
    {"article", offsetof(struct item_legal, article), 160, false, FORM_TEXT, NULL},
    {"url", offsetof(struct item_legal, url), 500, false, FORM_URL, NULL},
    {"valid_from", offsetof(struct item_legal, valid_from), 10, false, FORM_DATE, NULL},
    {"valid_to", offsetof(struct item_legal, valid_to), 10, false, FORM_DATE, NULL},
    {"note", offsetof(struct item_legal, note), 500, false, FORM_TEXT, NULL},
};

#define RECORDS(key, member, type, max, required, fields)                                          \
    {                                                                                              \
        key, ITEM(member), ITEM(member##_count), sizeof(struct type), max, required, fields,       \
            COUNT_OF(fields)                                                                       \
    }
static const struct record_list item_records[] = {
    RECORDS("steps", steps, item_step, 40, false, step_fields),
    RECORDS("roles", roles, item_role, 30, false, role_fields),
    RECORDS("templates", templates, item_source, 30, false, source_fields),
    RECORDS("sources", sources, item_source, 60, true, source_fields),
    RECORDS("legal", legal, item_legal, 40, false, legal_fields),
};

static int refuse(struct reading *r, int line, const char *key, const char *reason)
{
    return err_set(r->c, ERR_INVALID, "regel %d: \"%s\" %s", line, key, reason);
}

bool library_slug_valid(str slug)
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

static bool is_choice(str value, const char *choices)
{
    str rest = str_from(choices), choice;
    while (str_split(&rest, '|', &choice))
        if (str_eq(choice, value))
            return true;
    return false;
}

static bool is_catalogue(str s)
{
    long long n;
    return s.len == 4 && s.ptr[0] == 'C' && str_int(str_slice(s, 1, 4), 1, 999, &n);
}

static bool is_web_address(str s)
{
    return (str_starts(s, S("https://")) || str_starts(s, S("http://"))) &&
           str_find_byte(s, ' ') == STR_NONE;
}

/* NULL when the value fits the form, else what is wrong with it. */
static const char *form_problem(const struct reading *r, enum text_form form, str value)
{
    if (form == FORM_SLUG && !library_slug_valid(value))
        return "mag alleen kleine letters, cijfers en losse streepjes hebben, ten hoogste 100.";
    if (form == FORM_DATE && !clock_date_valid(value))
        return "moet een datum zijn, zoals 2026-11-24.";
    if (form == FORM_URL && !is_web_address(value))
        return "moet een webadres zijn dat met https:// of http:// begint.";
    if (form == FORM_CATALOGUE && !is_catalogue(value))
        return "moet een catalogusnummer zijn, zoals C036.";
    if (form == FORM_ACTOR && r->taxonomy && !taxonomy_by_code(r->taxonomy, TAXONOMY_ACTOR, value))
        return "noemt een rol die niet bestaat.";
    return NULL;
}

static int check_text(struct reading *r, const struct yaml *y, const char *key, size_t max,
                      enum text_form form)
{
    str value = yaml_text(y);
    if (yaml_kind(y) != YAML_TEXT)
        return refuse(r, yaml_line(y), key, "moet tekst zijn, geen lijst.");
    if (!utf8_valid(value) || utf8_has_control(value))
        return refuse(r, yaml_line(y), key, "heeft tekens die geen leesbare tekst zijn.");
    if (utf8_length(value) > max)
        return refuse(r, yaml_line(y), key,
                      str_fmt(r->c->arena, "is te lang: ten hoogste %zu tekens.", max).ptr);
    const char *problem = value.len ? form_problem(r, form, value) : NULL;
    return problem ? refuse(r, yaml_line(y), key, problem) : 0;
}

static int read_text(struct reading *r, const struct yaml *map, const struct text_field *f,
                     void *record)
{
    const struct yaml *y = yaml_get(map, f->key);
    str value = str_trim(yaml_text(y));
    if (!value.len && yaml_kind(y) == YAML_TEXT) {
        if (f->required)
            return refuse(r, y ? yaml_line(y) : yaml_line(map), f->key, "ontbreekt of is leeg.");
        value = S("");
    }
    if (y)
        TRY(check_text(r, y, f->key, f->max, f->form));
    if (value.len && f->choices && !is_choice(value, f->choices))
        return refuse(r, yaml_line(y), f->key,
                      str_fmt(r->c->arena, "moet een van deze zijn: %s.", f->choices).ptr);
    *(str *)((char *)record + f->offset) = value;
    return 0;
}

static int read_list(struct reading *r, const struct yaml *map, const struct list_field *f,
                     struct item *item)
{
    const struct yaml *y = yaml_get(map, f->key);
    struct item_texts *texts = (struct item_texts *)((char *)item + f->offset);
    size_t count = yaml_count(y);
    int line = y ? yaml_line(y) : yaml_line(map);
    if (y && yaml_kind(y) != YAML_LIST && yaml_text(y).len)
        return refuse(r, line, f->key, "moet een lijst zijn.");
    if (f->required && !count)
        return refuse(r, line, f->key, "ontbreekt of is leeg.");
    if (count > f->max_items)
        return refuse(r, line, f->key, "heeft te veel regels.");
    texts->items = arena_array(r->c->arena, count + 1, sizeof *texts->items);
    for (size_t i = 0; i < count; i++) {
        const struct yaml *entry = yaml_at(y, i);
        str value = str_trim(yaml_text(entry));
        TRY(check_text(r, entry, f->key, 500, f->form));
        if (!value.len)
            return refuse(r, yaml_line(entry), f->key, "heeft een lege regel.");
        if (f->taxonomy >= 0 && r->taxonomy &&
            !taxonomy_by_code(r->taxonomy, (enum taxonomy_kind)f->taxonomy, value))
            return refuse(
                r, yaml_line(entry), f->key,
                str_fmt(r->c->arena, "kent de code \"%.*s\" niet.", (int)value.len, value.ptr).ptr);
        texts->items[texts->items_count++] = value;
    }
    return 0;
}

/* A key that the format does not know is a typing mistake: refused, so that nothing is lost in
 * silence. */
static int check_keys(struct reading *r, const struct yaml *map, const struct text_field *fields,
                      size_t count)
{
    if (yaml_kind(map) != YAML_MAP)
        return refuse(r, yaml_line(map), "lijst", "moet regels met \"sleutel: waarde\" hebben.");
    for (size_t i = 0; i < yaml_count(map); i++) {
        bool known = false;
        for (size_t f = 0; f < count; f++)
            known = known || str_eqz(yaml_key_at(map, i), fields[f].key);
        if (!known)
            return refuse(r, yaml_line(yaml_at(map, i)), str_z(r->c->arena, yaml_key_at(map, i)),
                          "is hier geen bekende sleutel.");
    }
    return 0;
}

static int read_records(struct reading *r, const struct yaml *map, const struct record_list *f,
                        struct item *item)
{
    const struct yaml *y = yaml_get(map, f->key);
    size_t count = yaml_count(y);
    int line = y ? yaml_line(y) : yaml_line(map);
    if (y && yaml_kind(y) != YAML_LIST && yaml_text(y).len)
        return refuse(r, line, f->key, "moet een lijst zijn.");
    if (f->required && !count)
        return refuse(r, line, f->key, "ontbreekt of is leeg.");
    if (count > f->max_items)
        return refuse(r, line, f->key, "heeft te veel regels.");
    char *records = arena_array(r->c->arena, count + 1, f->record_size);
    for (size_t i = 0; i < count; i++) {
        const struct yaml *entry = yaml_at(y, i);
        TRY(check_keys(r, entry, f->fields, f->field_count));
        for (size_t k = 0; k < f->field_count; k++)
            TRY(read_text(r, entry, &f->fields[k], records + i * f->record_size));
    }
    *(void **)((char *)item + f->items_offset) = records;
    *(size_t *)((char *)item + f->count_offset) = count;
    return 0;
}

static bool is_known_key(str key)
{
    for (size_t i = 0; i < COUNT_OF(item_texts); i++)
        if (str_eqz(key, item_texts[i].key))
            return true;
    for (size_t i = 0; i < COUNT_OF(item_lists); i++)
        if (str_eqz(key, item_lists[i].key))
            return true;
    for (size_t i = 0; i < COUNT_OF(item_records); i++)
        if (str_eqz(key, item_records[i].key))
            return true;
    return str_eqz(key, "relations");
}

static int read_relations(struct reading *r, const struct yaml *root, struct item *item)
{
    const struct yaml *y = yaml_get(root, "relations");
    for (size_t i = 0; i < COUNT_OF(relation_lists); i++)
        TRY(read_list(r, y, &relation_lists[i], item));
    for (size_t i = 0; i < yaml_count(y); i++)
        if (!str_eqz(yaml_key_at(y, i), "builds_on") &&
            !str_eqz(yaml_key_at(y, i), "alternative") &&
            !str_eqz(yaml_key_at(y, i), "precondition"))
            return refuse(r, yaml_line(yaml_at(y, i)), "relations",
                          "kent alleen builds_on, alternative en precondition.");
    return 0;
}

static int read_front_matter(struct reading *r, const struct yaml *root, struct item *item)
{
    if (yaml_kind(root) != YAML_MAP)
        return err_set(r->c, ERR_INVALID, "regel 2: hier horen regels met \"sleutel: waarde\".");
    for (size_t i = 0; i < yaml_count(root); i++)
        if (!is_known_key(yaml_key_at(root, i)))
            return refuse(r, yaml_line(yaml_at(root, i)), str_z(r->c->arena, yaml_key_at(root, i)),
                          "is geen bekende sleutel.");
    for (size_t i = 0; i < COUNT_OF(item_texts); i++)
        TRY(read_text(r, root, &item_texts[i], item));
    for (size_t i = 0; i < COUNT_OF(item_lists); i++)
        TRY(read_list(r, root, &item_lists[i], item));
    for (size_t i = 0; i < COUNT_OF(item_records); i++)
        TRY(read_records(r, root, &item_records[i], item));
    TRY(read_relations(r, root, item));
    if (str_eqz(item->type, "kennis") != (item->kind.len > 0))
        return refuse(r, yaml_line(root), "kind", "hoort bij type kennis, en alleen daar.");
    if (str_eqz(item->certainty, "gecontroleerd") != (item->checked.len > 0))
        return refuse(
            r, yaml_line(root), "checked",
            "en certainty gecontroleerd horen bij elkaar: vul beide in of geen van beide.");
    return 0;
}

/* Cuts "---\nYAML\n---\nbody" in two. */
static int split_document(struct ctx *c, str document, str *ret_yaml, str *ret_body)
{
    if (document.len > LIBRARY_MAX_DOCUMENT)
        return err_set(c, ERR_LIMIT, "regel 1: het bestand is te groot: ten hoogste %d kB.",
                       LIBRARY_MAX_DOCUMENT / 1024);
    if (!str_starts(document, S("---\n")))
        return err_set(c, ERR_INVALID, "regel 1: het bestand moet beginnen met een regel \"---\".");
    str rest = str_slice(document, 4, document.len);
    size_t end = str_find(rest, S("\n---\n"));
    if (end == STR_NONE)
        return err_set(c, ERR_INVALID,
                       "regel 1: de regel \"---\" die de kenmerken afsluit, ontbreekt.");
    *ret_yaml = str_slice(rest, 0, end + 1);
    *ret_body = str_slice(rest, end + 5, rest.len);
    return 0;
}

static int line_of(str document, const char *at)
{
    int line = 1;
    for (const char *p = document.ptr; p < at; p++)
        line += *p == '\n';
    return line;
}

static int check_body(struct ctx *c, const struct item *item)
{
    int line = line_of(item->document, item->body.ptr);
    if (!utf8_valid(item->document) || utf8_has_control(item->document))
        return err_set(c, ERR_INVALID,
                       "regel %d: de tekst heeft tekens die geen leesbare tekst zijn. Sla het "
                       "bestand op als UTF-8.",
                       line);
    if (item->document.ptr[item->document.len - 1] != '\n')
        return err_set(c, ERR_INVALID, "regel %d: het bestand moet eindigen met een lege regel.",
                       line);
    return 0;
}

/* A text that the pages and the index could not show later is refused now. */
static int check_markdown(struct ctx *c, str body)
{
    html shown;
    str readable;
    int code = markdown_render(c, body, &shown);
    if (code == 0)
        code = markdown_text(c, body, &readable);
    if (code == ERR_INVALID || code == ERR_LIMIT)
        return err_set(c, code, "in de tekst onder de kenmerken, %.*s", (int)c->err.msg.len,
                       c->err.msg.ptr);
    return code;
}

int library_document_read(struct ctx *c, const struct taxonomy *t, str document, struct item *ret)
{
    str yaml_part, body;
    const struct yaml *root;
    struct reading r = {c, t};
    *ret = (struct item){.document = document};
    TRY(split_document(c, document, &yaml_part, &body));
    ret->body = body;
    TRY(check_body(c, ret));
    TRY(yaml_parse(c, yaml_part, 2, &root));
    TRY(read_front_matter(&r, root, ret));
    return t ? check_markdown(c, ret->body) : 0;
}

/* ---- copying ---- */

static void copy_fields(struct arena *a, const struct text_field *fields, size_t count,
                        void *record)
{
    for (size_t i = 0; i < count; i++) {
        str *text = (str *)((char *)record + fields[i].offset);
        *text = str_dup(a, *text);
    }
}

static void copy_lists(struct arena *a, const struct list_field *fields, size_t count,
                       struct item *item)
{
    for (size_t i = 0; i < count; i++) {
        struct item_texts *texts = (struct item_texts *)((char *)item + fields[i].offset);
        str *items = arena_array(a, texts->items_count + 1, sizeof *items);
        for (size_t k = 0; k < texts->items_count; k++)
            items[k] = str_dup(a, texts->items[k]);
        texts->items = items;
    }
}

static void copy_records(struct arena *a, const struct record_list *f, struct item *item)
{
    void **records = (void **)((char *)item + f->items_offset);
    size_t count = *(size_t *)((char *)item + f->count_offset);
    char *copies = arena_array(a, count + 1, f->record_size);
    if (count)
        memcpy(copies, *records, count * f->record_size);
    for (size_t i = 0; i < count; i++)
        copy_fields(a, f->fields, f->field_count, copies + i * f->record_size);
    *records = copies;
}

void library_item_copy(struct arena *a, const struct item *item, struct item *ret)
{
    *ret = *item;
    copy_fields(a, item_texts, COUNT_OF(item_texts), ret);
    copy_lists(a, item_lists, COUNT_OF(item_lists), ret);
    copy_lists(a, relation_lists, COUNT_OF(relation_lists), ret);
    for (size_t i = 0; i < COUNT_OF(item_records); i++)
        copy_records(a, &item_records[i], ret);
    ret->document = str_dup(a, item->document);
    ret->body = str_slice(ret->document, ret->document.len - item->body.len, ret->document.len);
}

/* ---- another address ---- */

/* The key that a line of the front matter begins with, without quotes; empty for a line that
 * belongs to the key before it, and for a comment. */
static str key_of_line(str line)
{
    size_t colon = str_find_byte(line, ':');
    if (!line.len || colon == STR_NONE || str_find_byte(S(" \t-[]{},#?:"), line.ptr[0]) != STR_NONE)
        return S("");
    str key = str_trim(str_slice(line, 0, colon));
    bool quoted = key.len > 2 && (key.ptr[0] == '"' || key.ptr[0] == '\'') &&
                  key.ptr[key.len - 1] == key.ptr[0];
    return quoted ? str_slice(key, 1, key.len - 1) : key;
}

struct texts {
    str *items;
    size_t count, capacity;
};

static void add_once(struct ctx *c, struct texts *texts, str except, str slug)
{
    for (size_t i = 0; i < texts->count; i++)
        if (str_eq(texts->items[i], slug))
            return;
    if (!str_eq(slug, except))
        *vec_push(c->arena, texts) = slug;
}

/* The addresses that lead to the item when its own becomes slug. */
static struct texts former_of(struct ctx *c, const struct item *item, str slug,
                              const struct item_texts *more)
{
    struct texts former = {0};
    for (size_t i = 0; i < item->former_slugs.items_count; i++)
        add_once(c, &former, slug, item->former_slugs.items[i]);
    for (size_t i = 0; more && i < more->items_count; i++)
        add_once(c, &former, slug, more->items[i]);
    add_once(c, &former, slug, item->slug);
    return former;
}

/* Whole lines: the slug and the list of former ones are written anew, the rest stays as it is. */
static void front_rename(struct buf *b, str front, str slug, str former)
{
    str line;
    bool leave_out = false;
    while (front.len && str_split(&front, '\n', &line)) {
        str key = key_of_line(line);
        if (key.len || str_eqz(line, "---"))
            leave_out = str_eqz(key, "former_slugs");
        if (str_eqz(key, "slug")) {
            buf_fmt(b, "slug: %.*s\n", (int)slug.len, slug.ptr);
            if (former.len)
                buf_fmt(b, "former_slugs: [%.*s]\n", (int)former.len, former.ptr);
        } else if (!leave_out || str_starts(line, S("#"))) {
            buf_add(b, line);
            buf_add_byte(b, '\n');
        }
    }
}

int library_document_rename(struct ctx *c, str document, str slug, const struct item_texts *more,
                            str *ret)
{
    struct item item, renamed;
    struct buf b;
    TRY(library_document_read(c, NULL, document, &item));
    struct texts former = former_of(c, &item, slug, more);
    buf_init(&b, c->arena, LIBRARY_MAX_DOCUMENT * 2);
    front_rename(&b, str_slice(document, 0, document.len - item.body.len), slug,
                 str_join(c->arena, former.items, former.count, S(", ")));
    buf_add(&b, item.body);
    *ret = buf_str(&b);
    TRY(library_document_read(c, NULL, *ret, &renamed));
    if (str_eq(renamed.slug, slug) && renamed.former_slugs.items_count == former.count)
        return 0;
    return err_set(c, ERR_INVALID,
                   "regel 2: zet \"slug\" en \"former_slugs\" elk op een eigen regel.");
}
