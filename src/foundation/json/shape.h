/* shape.h - what a JSON object holds, said once, in a table: the writer below writes from it and
   the OpenAPI document is made from it, so that the two cannot differ.

       static const struct json_field street_fields[] = {
           {"name", JSON_TEXT(struct street, name), .help = "Naam van de straat"},
           {"homes", JSON_INT(struct street, homes), .help = "Aantal woningen"},
       };
       const struct json_shape street_shape =
           JSON_SHAPE("Street", struct street, street_fields, "Een straat.");

   A row whose member is not of the row's type does not compile. */
#pragma once

#include "json/json.h"

enum json_kind {
    JSON_KIND_TEXT,    /* str */
    JSON_KIND_DATE,    /* str, YYYY-MM-DD */
    JSON_KIND_URL,     /* str */
    JSON_KIND_TIME,    /* long long, seconds; written as RFC 3339 in UTC */
    JSON_KIND_INT,     /* long long */
    JSON_KIND_NUMBER,  /* double, written with two decimals */
    JSON_KIND_BOOL,    /* bool */
    JSON_KIND_TEXTS,   /* str *member; size_t member_count */
    JSON_KIND_OBJECT,  /* a struct inside the struct */
    JSON_KIND_OBJECTS, /* struct x *member; size_t member_count */
};

struct json_shape;

struct json_field {
    const char *key; /* camelCase */
    enum json_kind kind;
    size_t offset;
    size_t count_offset;            /* lists */
    const struct json_shape *shape; /* objects */
    size_t size;                    /* objects: of one, to hold against the shape's */
    bool optional;                  /* left out when empty (text, date, url) or zero (time) */
    const char *choices;            /* "a|b": the only values; NULL: any */
    const char *help;               /* Dutch, required */
};

struct json_shape {
    const char *name; /* UpperCamelCase, unique in the program */
    const char *help; /* Dutch, a sentence */
    const struct json_field *fields;
    size_t count;
    size_t size; /* of the struct */
};

#define JSON_SHAPE(name, type, fields, help)                                                       \
    {                                                                                              \
        name, help, fields, COUNT_OF(fields), sizeof(type)                                         \
    }

#define JSON_MEMBER_(type, member) ((const type *)0)->member
#define JSON_STR_(type, member, row_kind)                                                          \
    .kind = row_kind, .offset = _Generic(JSON_MEMBER_(type, member), str : offsetof(type, member))
#define JSON_TEXT(type, member) JSON_STR_(type, member, JSON_KIND_TEXT)
#define JSON_DATE(type, member) JSON_STR_(type, member, JSON_KIND_DATE)
#define JSON_URL(type, member) JSON_STR_(type, member, JSON_KIND_URL)
#define JSON_LONG_(type, member, row_kind)                                                         \
    .kind = row_kind, .offset = _Generic(JSON_MEMBER_(type, member), long long                     \
                                         : offsetof(type, member))
#define JSON_TIME(type, member) JSON_LONG_(type, member, JSON_KIND_TIME)
#define JSON_INT(type, member) JSON_LONG_(type, member, JSON_KIND_INT)
#define JSON_NUMBER(type, member)                                                                  \
    .kind = JSON_KIND_NUMBER, .offset = _Generic(JSON_MEMBER_(type, member), double                \
                                                 : offsetof(type, member))
#define JSON_BOOL(type, member)                                                                    \
    .kind = JSON_KIND_BOOL, .offset = _Generic(JSON_MEMBER_(type, member), bool                    \
                                               : offsetof(type, member))
#define JSON_COUNT_(type, member)                                                                  \
    .count_offset = _Generic(JSON_MEMBER_(type, member##_count), size_t                            \
                             : offsetof(type, member##_count))
#define JSON_TEXTS(type, member)                                                                   \
    .kind = JSON_KIND_TEXTS,                                                                       \
    .offset = _Generic(JSON_MEMBER_(type, member), str *: offsetof(type, member),                  \
                       const str *: offsetof(type, member)),                                       \
    JSON_COUNT_(type, member)
#define JSON_OBJECT(type, member, object_shape)                                                    \
    .kind = JSON_KIND_OBJECT, .offset = offsetof(type, member),                                    \
    .size = sizeof(JSON_MEMBER_(type, member)), .shape = &(object_shape)
#define JSON_OBJECTS(type, member, object_shape)                                                   \
    .kind = JSON_KIND_OBJECTS, .offset = offsetof(type, member),                                   \
    .size = sizeof(*JSON_MEMBER_(type, member)), .shape = &(object_shape),                         \
    JSON_COUNT_(type, member)

enum { JSON_MAX_FIELDS = 64, JSON_MAX_NESTING = 8 };

/* Some keys of a shape: bit i for field i. 0: all of them. */
typedef unsigned long long json_keys;

/* Everything in place, in this shape and those inside it: names, help, sizes, known kinds, no key
   twice, not nested too deeply. ERR_INTERNAL with the reason in the detail. */
int json_shape_check(struct ctx *c, const struct json_shape *shape) _nodiscard_;
/* Which fields "title,summary" names; false, with the first name that is none of them, or when
   there is none at all. */
bool json_shape_keys(const struct json_shape *shape, str names, json_keys *ret, str *ret_unknown);

void json_shape_write(struct json *j, const struct json_shape *shape, const void *record,
                      json_keys only);

/* A page of a list: the records under "results", and where in the list they stand. */
struct json_list {
    const void *records;
    size_t count;
    long long total, page, page_size;
};
extern const struct json_shape json_list_shape; /* all of it but the results */
void json_list_write(struct json *j, const struct json_shape *shape, const struct json_list *list,
                     json_keys only);
