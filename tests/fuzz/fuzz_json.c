/* The JSON reader; what it read is written by our writer and read again. */
#include "fuzz.h"
#include "json/json.h"

enum { MAX_DEPTH = 20, MAX_AGAIN = 1024 * 1024 };

static size_t depth_of(const struct json_value *v)
{
    size_t deepest = 0;
    for (size_t i = 0; i < json_count(v); i++) {
        size_t depth = depth_of(json_at(v, i)) + 1;
        deepest = depth > deepest ? depth : deepest;
    }
    return deepest;
}

/* Arrays, texts, whole numbers and truth; the rest becomes null. */
static void write_again(struct json *j, const struct json_value *v, int depth)
{
    long long n;
    if (json_count(v) && depth < MAX_DEPTH) {
        json_array_begin(j);
        for (size_t i = 0; i < json_count(v); i++)
            write_again(j, json_at(v, i), depth + 1);
        json_array_end(j);
    } else if (json_as_int(v, &n)) {
        json_int(j, n);
    } else if (json_as_bool(v)) {
        json_bool(j, true);
    } else if (json_as_str(v).len) {
        json_str(j, json_as_str(v));
    } else {
        json_null_value(j);
    }
}

static void check_same(const struct json_value *a, const struct json_value *b)
{
    long long x = 0, y = 0;
    HOLDS(json_count(a) == json_count(b));
    HOLDS(json_as_int(a, &x) == json_as_int(b, &y) && x == y);
    HOLDS(json_as_bool(a) == json_as_bool(b));
    HOLDS(str_eq(json_as_str(a), json_as_str(b)));
    for (size_t i = 0; i < json_count(a); i++)
        check_same(json_at(a, i), json_at(b, i));
}

static void check_value(const struct json_value *v)
{
    static const char *const names[] = {"a", "titel", "naam", ""};
    HOLDS(utf8_valid(json_as_str(v)));
    HOLDS(json_at(v, json_count(v)) == NULL);
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (json_get(v, names[i]))
            check_value(json_get(v, names[i]));
    for (size_t i = 0; i < json_count(v); i++)
        check_value(json_at(v, i));
}

void fuzz_input(struct ctx *c, str in)
{
    const struct json_value *v, *again;
    struct json j;
    struct buf b;
    int code = json_parse(c, in, MAX_DEPTH, &v);
    fuzz_check_refusal(c, code, ERR_INVALID);
    if (code < 0)
        return;
    HOLDS(depth_of(v) <= MAX_DEPTH);
    check_value(v);
    buf_init(&b, c->arena, MAX_AGAIN);
    json_begin(&j, &b);
    write_again(&j, v, 0);
    if (!buf_ok(&b))
        return;
    HOLDS(str_find_byte(buf_str(&b), '<') == STR_NONE); /* it may stand in a page */
    HOLDS(json_parse(c, buf_str(&b), MAX_DEPTH, &again) == 0);
    check_same(v, again);
}
