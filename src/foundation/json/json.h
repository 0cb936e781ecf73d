/* json.h - a JSON writer into a bounded buffer, and a reader (jansson behind json.c). */
#pragma once

#include "base/buf.h"
#include "base/ctx.h"

/* Writer: commas and nesting are its own care; wrong nesting is a BUG. (Three names are longer than
   the others: jansson exports json_object, json_array and json_null.) */
struct json {
    struct buf *buf;
    int depth;
    unsigned char state[32];
};

void json_begin(struct json *j, struct buf *b);
void json_object_begin(struct json *j);
void json_object_end(struct json *j);
void json_array_begin(struct json *j);
void json_array_end(struct json *j);
void json_key(struct json *j, const char *key);
void json_str(struct json *j, str s); /* invalid UTF-8 becomes U+FFFD */
void json_int(struct json *j, long long n);
void json_double(struct json *j, double d, int decimals); /* NaN and infinities become null */
void json_bool(struct json *j, bool b);
void json_null_value(struct json *j);

/* key and value in one go */
void json_kstr(struct json *j, const char *key, str s);
void json_kint(struct json *j, const char *key, long long n);
void json_kbool(struct json *j, const char *key, bool b);

/* Reader: a value lives in the arena; looking up what is not there gives NULL, and every getter
 * takes NULL. */
struct json_value;
int json_parse(struct ctx *c, str text, size_t max_depth,
               const struct json_value **ret) _nodiscard_;
const struct json_value *json_get(const struct json_value *v, const char *key);
size_t json_count(const struct json_value *v);
const struct json_value *json_at(const struct json_value *v, size_t i);
str json_as_str(const struct json_value *v);
bool json_as_int(const struct json_value *v, long long *ret);
bool json_as_bool(const struct json_value *v);
