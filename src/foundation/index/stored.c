/* What the index keeps of a document, so that showing hits needs no database. */
#include <limits.h>

#include "base/buf.h"
#include "index/index_int.h"

static void add_text(struct buf *b, str s)
{
    buf_fmt(b, "%zu:", s.len);
    buf_add(b, s);
}

str stored_pack(struct arena *a, const struct stored *s)
{
    struct buf b;
    buf_init(&b, a, 4U * INDEX_MAX_TEXT);
    add_text(&b, str_fmt(a, "%lld", s->id));
    add_text(&b, s->kind);
    add_text(&b, s->slug);
    add_text(&b, s->url);
    add_text(&b, s->type);
    add_text(&b, s->catalogue);
    add_text(&b, s->title);
    add_text(&b, s->name);
    add_text(&b, s->keywords);
    add_text(&b, s->summary);
    add_text(&b, s->body);
    return buf_str(&b);
}

static bool take_text(str *data, str *ret)
{
    str length;
    long long len;
    if (!str_split(data, ':', &length) || !str_int(length, 0, 4 * INDEX_MAX_TEXT, &len) ||
        (size_t)len > data->len)
        return false;
    *ret = str_slice(*data, 0, (size_t)len);
    *data = str_slice(*data, (size_t)len, data->len);
    return true;
}

bool stored_unpack(str data, struct stored *ret)
{
    str id;
    *ret = (struct stored){0};
    return take_text(&data, &id) && str_int(id, LLONG_MIN, LLONG_MAX, &ret->id) &&
           take_text(&data, &ret->kind) && take_text(&data, &ret->slug) &&
           take_text(&data, &ret->url) && take_text(&data, &ret->type) &&
           take_text(&data, &ret->catalogue) && take_text(&data, &ret->title) &&
           take_text(&data, &ret->name) && take_text(&data, &ret->keywords) &&
           take_text(&data, &ret->summary) && take_text(&data, &ret->body);
}
