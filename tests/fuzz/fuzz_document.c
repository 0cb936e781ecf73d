/* A content file: the YAML of its front matter alone, and the whole document with its renaming. */
#include "fuzz.h"
#include "library/library_int.h"
#include "yaml/record.h"
#include "yaml/yaml.h"

/* ---- YAML ---- */

struct walk {
    size_t nodes;
    int last_line;
};

static void check_tree(struct walk *w, const struct yaml *y, int depth)
{
    HOLDS(depth <= YAML_MAX_DEPTH && ++w->nodes <= YAML_MAX_NODES);
    HOLDS(yaml_line(y) >= w->last_line);
    w->last_line = yaml_line(y);
    HOLDS(yaml_kind(y) == YAML_TEXT || !yaml_text(y).len);
    HOLDS(yaml_kind(y) != YAML_TEXT || !yaml_count(y));
    HOLDS(utf8_valid(yaml_text(y)));
    for (size_t i = 0; i < yaml_count(y); i++) {
        str key = yaml_key_at(y, i);
        HOLDS(yaml_kind(y) == YAML_MAP ? key.len > 0 : !key.len);
        for (size_t k = 0; k < i && key.len; k++)
            HOLDS(!str_eq(yaml_key_at(y, k), key));
        check_tree(w, yaml_at(y, i), depth + 1);
    }
    HOLDS(yaml_at(y, yaml_count(y)) == NULL && !yaml_key_at(y, yaml_count(y)).len);
}

static void check_yaml(struct ctx *c, str in)
{
    const struct yaml *root;
    struct walk walk = {.last_line = 2};
    int code = yaml_parse(c, in, 2, &root);
    fuzz_check_refusal(c, code, ERR_INVALID);
    if (code == 0)
        check_tree(&walk, root, 0);
}

/* ---- the document ---- */

static void check_text(str s, size_t max)
{
    HOLDS(utf8_valid(s) && !utf8_has_control(s) && utf8_length(s) <= max);
}

static void check_texts(const struct item_texts *texts, size_t max)
{
    HOLDS(texts->items_count <= max);
    for (size_t i = 0; i < texts->items_count; i++) {
        check_text(texts->items[i], 500);
        HOLDS(texts->items[i].len);
    }
}

static void check_item(const struct item *item, str document)
{
    HOLDS(str_eq(item->document, document) && fuzz_within(item->body, document));
    HOLDS(document.len <= LIBRARY_MAX_DOCUMENT && utf8_valid(document));
    HOLDS(str_ends(document, item->body));
    HOLDS(record_slug_valid(item->slug) && item->title.len && item->summary.len);
    check_text(item->title, 120);
    check_text(item->summary, 320);
    HOLDS(str_eqz(item->type, "kennis") == (item->kind.len > 0));
    HOLDS(str_eqz(item->certainty, "gecontroleerd") == (item->checked.len > 0));
    check_texts(&item->phases, 8);
    check_texts(&item->keywords, 30);
    check_texts(&item->former_slugs, 20);
    check_texts(&item->builds_on, 20);
    HOLDS(item->phases.items_count && item->sources_count && item->sources_count <= 60);
    for (size_t i = 0; i < item->former_slugs.items_count; i++)
        HOLDS(record_slug_valid(item->former_slugs.items[i]));
    for (size_t i = 0; i < item->sources_count; i++)
        HOLDS(item->sources[i].title.len &&
              (!item->sources[i].url.len || str_starts(item->sources[i].url, S("http"))));
}

/* Another address, and nothing else changed. */
static void check_renaming(struct ctx *c, const struct item *item)
{
    struct item renamed;
    str fresh = S("heel-ander-adres"), document;
    if (library_document_rename(c, item->document, fresh, NULL, &document) < 0)
        return;
    HOLDS(library_document_read(c, NULL, document, &renamed) == 0);
    HOLDS(str_eq(renamed.slug, fresh) && str_eq(renamed.body, item->body));
    HOLDS(str_eq(renamed.title, item->title) && str_eq(renamed.summary, item->summary));
    HOLDS(renamed.sources_count == item->sources_count);
    HOLDS(renamed.steps_count == item->steps_count && renamed.legal_count == item->legal_count);
    bool known = str_eq(item->slug, fresh);
    for (size_t i = 0; i < renamed.former_slugs.items_count; i++)
        known = known || str_eq(renamed.former_slugs.items[i], item->slug);
    HOLDS(known);
}

void fuzz_input(struct ctx *c, str in)
{
    struct item item;
    str words;
    check_yaml(c, in);
    int code = library_document_read(c, NULL, in, &item);
    fuzz_check_refusal(c, code, ERR_INVALID);
    if (code < 0)
        return;
    check_item(&item, in);
    code = library_item_text(c, &item, &words);
    HOLDS(code == 0 || code == ERR_LIMIT);
    HOLDS(code < 0 || utf8_valid(words));
    check_renaming(c, &item);
}
