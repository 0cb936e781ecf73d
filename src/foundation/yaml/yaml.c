#include "yaml/yaml.h"

#include <yaml.h>

#include "base/vec.h"

struct yaml {
    enum yaml_kind kind;
    int line;
    str text;
    struct {
        str *items;
        size_t count, capacity;
    } keys;
    struct {
        const struct yaml **items;
        size_t count, capacity;
    } values;
};

struct reader {
    struct ctx *c;
    yaml_parser_t parser;
    int first_line;
    size_t nodes;
};

static int reader_refuse(struct reader *r, size_t line, const char *reason)
{
    return err_set(r->c, ERR_INVALID, "regel %d: %s", (int)line + r->first_line, reason);
}

static int reader_next(struct reader *r, yaml_event_t *ret)
{
    if (yaml_parser_parse(&r->parser, ret))
        return 0;
    size_t line = r->parser.problem_mark.line;
    if (r->parser.error == YAML_MEMORY_ERROR)
        return err_memory(r->c, "libyaml");
    int code = reader_refuse(r, line,
                             "dit is geen geldige YAML. Controleer inspringing, dubbele punten en "
                             "aanhalingstekens.");
    if (r->parser.problem)
        err_context(r->c, "libyaml: %s", r->parser.problem);
    return code;
}

/* By all bytes of the key: one with a NUL inside is not the one that ends before it. */
static const struct yaml *value_of(const struct yaml *y, str key)
{
    for (size_t i = 0; y && i < y->keys.count; i++)
        if (str_eq(y->keys.items[i], key))
            return y->values.items[i];
    return NULL;
}

static int read_node(struct reader *r, const yaml_event_t *event, int depth,
                     const struct yaml **ret);

/* Reads the next event and the node that begins with it; *ret is NULL at the end of the collection.
 */
static int read_next(struct reader *r, int depth, const struct yaml **ret)
{
    yaml_event_t event;
    TRY(reader_next(r, &event));
    int code = 0;
    *ret = NULL;
    if (event.type != YAML_SEQUENCE_END_EVENT && event.type != YAML_MAPPING_END_EVENT)
        code = read_node(r, &event, depth, ret);
    yaml_event_delete(&event);
    return code;
}

static int read_list(struct reader *r, struct yaml *node, int depth)
{
    const struct yaml *item;
    for (;;) {
        TRY(read_next(r, depth + 1, &item));
        if (!item)
            return 0;
        *vec_push(r->c->arena, &node->values) = item;
    }
}

static int read_map(struct reader *r, struct yaml *node, int depth)
{
    const struct yaml *key, *value;
    for (;;) {
        TRY(read_next(r, depth + 1, &key));
        if (!key)
            return 0;
        size_t line = (size_t)(key->line - r->first_line);
        if (key->kind != YAML_TEXT || !key->text.len)
            return reader_refuse(r, line, "een sleutel moet één woord zijn.");
        if (value_of(node, key->text))
            return reader_refuse(r, line,
                                 str_fmt(r->c->arena, "de sleutel \"%s\" staat er twee keer.",
                                         str_z(r->c->arena, key->text))
                                     .ptr);
        TRY(read_next(r, depth + 1, &value));
        *vec_push(r->c->arena, &node->keys) = key->text;
        *vec_push(r->c->arena, &node->values) = value;
    }
}

static int read_node(struct reader *r, const yaml_event_t *event, int depth,
                     const struct yaml **ret)
{
    size_t line = event->start_mark.line;
    if (depth > YAML_MAX_DEPTH || ++r->nodes > YAML_MAX_NODES)
        return reader_refuse(r, line, "dit is te diep genest of te lang.");
    struct yaml *node = arena_new_of(r->c->arena, struct yaml);
    node->line = (int)line + r->first_line;
    *ret = node;
    switch (event->type) {
    case YAML_SCALAR_EVENT:
        if (event->data.scalar.anchor)
            break;
        node->kind = YAML_TEXT;
        node->text = str_dup(
            r->c->arena, str_of((const char *)event->data.scalar.value, event->data.scalar.length));
        return 0;
    case YAML_SEQUENCE_START_EVENT:
        if (event->data.sequence_start.anchor)
            break;
        node->kind = YAML_LIST;
        return read_list(r, node, depth);
    case YAML_MAPPING_START_EVENT:
        if (event->data.mapping_start.anchor)
            break;
        node->kind = YAML_MAP;
        return read_map(r, node, depth);
    default:
        break;
    }
    return reader_refuse(r, line, "verwijzingen (& en *) mogen hier niet.");
}

/* Stream start, document start, one node, document end, stream end. */
static int read_document(struct reader *r, const struct yaml **ret)
{
    yaml_event_t event;
    for (;;) {
        TRY(reader_next(r, &event));
        yaml_event_type_t type = event.type;
        int code = 0;
        if (type == YAML_STREAM_END_EVENT) {
            if (!*ret)
                code = reader_refuse(r, 0, "hier staat niets.");
        } else if (type != YAML_STREAM_START_EVENT && type != YAML_DOCUMENT_START_EVENT &&
                   type != YAML_DOCUMENT_END_EVENT) {
            code = read_node(r, &event, 0, ret);
        } else if (type == YAML_DOCUMENT_START_EVENT && *ret) {
            code = reader_refuse(r, event.start_mark.line, "er mag maar één document in staan.");
        }
        yaml_event_delete(&event);
        if (code < 0 || type == YAML_STREAM_END_EVENT)
            return code;
    }
}

int yaml_parse(struct ctx *c, str text, int first_line, const struct yaml **ret)
{
    struct reader r = {.c = c, .first_line = first_line};
    const struct yaml *root = NULL;
    if (!yaml_parser_initialize(&r.parser))
        return err_memory(c, "libyaml");
    yaml_parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&r.parser, (const unsigned char *)(text.len ? text.ptr : ""),
                                 text.len);
    int code = read_document(&r, &root);
    yaml_parser_delete(&r.parser);
    if (code == 0)
        *ret = root;
    return code;
}

enum yaml_kind yaml_kind(const struct yaml *y)
{
    return y ? y->kind : YAML_TEXT;
}

int yaml_line(const struct yaml *y)
{
    return y ? y->line : 0;
}

str yaml_text(const struct yaml *y)
{
    return y && y->kind == YAML_TEXT && y->text.len ? y->text : S("");
}

size_t yaml_count(const struct yaml *y)
{
    return y ? y->values.count : 0;
}

const struct yaml *yaml_at(const struct yaml *y, size_t i)
{
    return i < yaml_count(y) ? y->values.items[i] : NULL;
}

str yaml_key_at(const struct yaml *y, size_t i)
{
    return y && i < y->keys.count ? y->keys.items[i] : S("");
}

const struct yaml *yaml_get(const struct yaml *y, const char *key)
{
    return value_of(y, str_from(key));
}
