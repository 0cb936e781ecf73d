/* Reads a document (docs/content-format.md) into a struct item, by tables that say which key lands
 * where and what it may hold. */
#include "library/library_int.h"

#include "base/buf.h"
#include "base/utf8.h"
#include "base/vec.h"
#include "yaml/record.h"

enum { CHECK_CATALOGUE = TAXONOMY_CHECKS, CHECK_ACTOR };

#define ITEM(member, limit) RECORD_TEXT(struct item, member), .max = (limit)
#define TEXTS(member, limit)                                                                       \
    RECORD_TEXTS(struct item, member.items), .max = 500, .max_items = (limit)
#define CODES(member, limit, of_kind)                                                              \
    TEXTS(member, limit), .required = true, .check = TAXONOMY_CHECK(of_kind)
#define MAPS(member, limit, map_shape)                                                             \
    RECORD_MAPS(struct item, member, map_shape), .max_items = (limit)

static const struct record_field step_fields[] = {
    {"title", RECORD_TEXT(struct item_step, title), .max = 160, .required = true},
    {"text", RECORD_TEXT(struct item_step, text), .max = 2000},
    {"who", RECORD_TEXT(struct item_step, who), .max = 40, .check = CHECK_ACTOR},
};
static const struct record_field role_fields[] = {
    {"who", RECORD_TEXT(struct item_role, who), .max = 40, .required = true, .check = CHECK_ACTOR},
    {"task", RECORD_TEXT(struct item_role, task), .max = 500, .required = true},
};
static const struct record_field source_fields[] = {
    {"title", RECORD_TEXT(struct item_source, title), .max = 300, .required = true},
    {"url", RECORD_TEXT(struct item_source, url), .max = 500, .form = RECORD_URL},
    {"date", RECORD_TEXT(struct item_source, date), .max = 40},
    {"note", RECORD_TEXT(struct item_source, note), .max = 500},
};
static const struct record_field legal_fields[] = {
    {"law", RECORD_TEXT(struct item_legal, law), .max = 160, .required = true},
    {"article", RECORD_TEXT(struct item_legal, article), .max = 160},
    {"url", RECORD_TEXT(struct item_legal, url), .max = 500, .form = RECORD_URL},
    {"valid_from", RECORD_TEXT(struct item_legal, valid_from), .max = 10, .form = RECORD_DATE},
    {"valid_to", RECORD_TEXT(struct item_legal, valid_to), .max = 10, .form = RECORD_DATE},
    {"note", RECORD_TEXT(struct item_legal, note), .max = 500},
};
static const struct record_field relation_fields[] = {
    {"builds_on", TEXTS(builds_on, 20), .form = RECORD_SLUG},
    {"alternative", TEXTS(alternative, 20), .form = RECORD_SLUG},
    {"precondition", TEXTS(precondition, 20), .form = RECORD_SLUG},
};
static const struct record_shape step_shape = RECORD_SHAPE("steps", step_fields),
                                 role_shape = RECORD_SHAPE("roles", role_fields),
                                 source_shape = RECORD_SHAPE("sources", source_fields),
                                 legal_shape = RECORD_SHAPE("legal", legal_fields),
                                 relation_shape = RECORD_SHAPE("relations", relation_fields);

static const struct record_field item_fields[] = {
    {"slug", ITEM(slug, 100), .required = true, .form = RECORD_SLUG},
    {"title", ITEM(title, 120), .required = true},
    {"short", ITEM(short_title, 40)},
    {"type", ITEM(type, 20), .required = true, .choices = LIBRARY_TYPES},
    {"kind", ITEM(kind, 30), .choices = LIBRARY_KINDS},
    {"catalogue", ITEM(catalogue, 4), .check = CHECK_CATALOGUE},
    {"summary", ITEM(summary, 320), .required = true},
    {"effort", ITEM(effort, 10), .choices = LIBRARY_EFFORTS},
    {"cost", ITEM(cost, 500)},
    {"introduction_time", ITEM(introduction_time, 500)},
    {"contact", ITEM(contact, 300)},
    {"owner", ITEM(owner, 120)},
    {"checked", ITEM(checked, 10), .form = RECORD_DATE},
    {"review", ITEM(review, 10), .form = RECORD_DATE},
    {"licence", ITEM(licence, 40), .required = true},
    {"certainty", ITEM(certainty, 20), .required = true, .choices = LIBRARY_CERTAINTIES},
    {"evidence", ITEM(evidence, 20), .required = true, .choices = LIBRARY_EVIDENCES},
    {"phases", CODES(phases, 8, TAXONOMY_PHASE)},
    {"bottlenecks", CODES(bottlenecks, 20, TAXONOMY_BOTTLENECK)},
    {"themes", CODES(themes, 10, TAXONOMY_THEME)},
    {"actors", CODES(actors, 20, TAXONOMY_ACTOR)},
    {"keywords", TEXTS(keywords, 30)},
    {"when", TEXTS(when, 12)},
    {"when_not", TEXTS(when_not, 12)},
    {"risks", TEXTS(risks, 20)},
    {"lessons", TEXTS(lessons, 20)},
    {"former_slugs", TEXTS(former_slugs, 20), .form = RECORD_SLUG},
    {"steps", MAPS(steps, 40, step_shape)},
    {"roles", MAPS(roles, 30, role_shape)},
    {"templates", MAPS(templates, 30, source_shape)},
    {"sources", MAPS(sources, 60, source_shape), .required = true},
    {"legal", MAPS(legal, 40, legal_shape)},
    {"relations", .kind = RECORD_KIND_MAP, .shape = &relation_shape}, /* of the item itself */
};
static const struct record_shape item_shape = RECORD_SHAPE("kenmerken", item_fields);

static bool is_catalogue(str s)
{
    long long n;
    return s.len == 4 && s.ptr[0] == 'C' && str_int(str_slice(s, 1, 4), 1, 999, &n);
}

static const char *check_value(const struct record_reader *r, int what, str value)
{
    const struct taxonomy *t = r->arg;
    if (what == CHECK_CATALOGUE)
        return is_catalogue(value) ? NULL : "moet een catalogusnummer zijn, zoals C036.";
    if (what == CHECK_ACTOR)
        return !t || taxonomy_by_code(t, TAXONOMY_ACTOR, value) ? NULL
                                                                : "noemt een rol die niet bestaat.";
    return taxonomy_check(r->c, t, what, value);
}

static int check_together(const struct record_reader *r, const struct yaml *root,
                          const struct item *item)
{
    if (str_eqz(item->type, "kennis") != (item->kind.len > 0))
        return record_refuse(r, root, "kind", "hoort bij type kennis, en alleen daar.");
    if (str_eqz(item->certainty, "gecontroleerd") != (item->checked.len > 0))
        return record_refuse(
            r, root, "checked",
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
    const struct record_reader r = {c, check_value, t};
    *ret = (struct item){.document = document};
    TRY(split_document(c, document, &yaml_part, &body));
    ret->body = body;
    TRY(check_body(c, ret));
    TRY(yaml_parse(c, yaml_part, 2, &root));
    TRY(record_read(&r, root, &item_shape, ret));
    TRY(check_together(&r, root, ret));
    return t ? check_markdown(c, ret->body) : 0;
}

/* ---- copying ---- */

void library_item_copy(struct arena *a, const struct item *item, struct item *ret)
{
    *ret = *item;
    record_copy(a, &item_shape, ret);
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
