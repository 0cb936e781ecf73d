/* record.h - reads a map of YAML into a struct, by a table that says which key lands where and what
   it may hold.

       static const struct record_field street_fields[] = {
           {"name", RECORD_TEXT(struct street, name), .max = 80, .required = true},
           {"since", RECORD_TEXT(struct street, since), .max = 10, .form = RECORD_DATE},
           {"squares", RECORD_TEXTS(struct street, squares.items), .max = 80, .max_items = 5},
       };
       static const struct record_shape street_shape = RECORD_SHAPE("straat", street_fields);

   A row whose member is not of the row's type does not compile. A key that the table does not know
   is a typing mistake: refused, so that nothing is lost in silence. */
#pragma once

#include "yaml/yaml.h"

enum record_kind {
    RECORD_KIND_TEXT,   /* str member */
    RECORD_KIND_TEXTS,  /* str *member; size_t member_count */
    RECORD_KIND_SWITCH, /* bool member: true unless the file says false */
    RECORD_KIND_MAP,    /* a struct inside the struct */
    RECORD_KIND_MAPS,   /* struct x *member; size_t member_count */
};
enum record_form { RECORD_ANY, RECORD_LINE, RECORD_SLUG, RECORD_DATE, RECORD_URL };

struct record_shape;

struct record_field {
    const char *key;
    enum record_kind kind;
    size_t offset, count_offset; /* count_offset: texts and maps */
    size_t max, max_items;       /* max: characters of each text */
    bool required;               /* there, and not empty */
    enum record_form form;
    const char *choices;              /* "a|b|c": one of these; NULL: any text */
    int check;                        /* what the caller's own check is asked; 0: nothing */
    const struct record_shape *shape; /* map, maps */
    size_t size;                      /* maps: of one */
};

struct record_shape {
    const char *name; /* in the words of errors, for a record that is no map */
    const struct record_field *fields;
    size_t count;
};

#define RECORD_SHAPE(name, fields)                                                                 \
    {                                                                                              \
        name, fields, COUNT_OF(fields)                                                             \
    }

#define RECORD_MEMBER_(type, member) ((const type *)0)->member
#define RECORD_COUNT_(type, member)                                                                \
    .count_offset = _Generic(RECORD_MEMBER_(type, member##_count), size_t                          \
                             : offsetof(type, member##_count))
#define RECORD_TEXT(type, member)                                                                  \
    .kind = RECORD_KIND_TEXT, .offset = _Generic(RECORD_MEMBER_(type, member), str                 \
                                                 : offsetof(type, member))
#define RECORD_TEXTS(type, member)                                                                 \
    .kind = RECORD_KIND_TEXTS,                                                                     \
    .offset = _Generic(RECORD_MEMBER_(type, member), str *: offsetof(type, member),                \
                       const str *: offsetof(type, member)),                                       \
    RECORD_COUNT_(type, member)
#define RECORD_SWITCH(type, member)                                                                \
    .kind = RECORD_KIND_SWITCH, .offset = _Generic(RECORD_MEMBER_(type, member), bool              \
                                                   : offsetof(type, member))
#define RECORD_MAP(type, member, map_shape)                                                        \
    .kind = RECORD_KIND_MAP, .offset = offsetof(type, member), .shape = &(map_shape)
#define RECORD_MAPS(type, member, map_shape)                                                       \
    .kind = RECORD_KIND_MAPS, .offset = offsetof(type, member), RECORD_COUNT_(type, member),       \
    .size = sizeof(*RECORD_MEMBER_(type, member)), .shape = &(map_shape)

struct record_reader {
    struct ctx *c;
    /* NULL when the value is good; else what is wrong, as the end of a sentence that begins with
       the key. Asked for rows with a check; NULL: nothing more is checked. */
    const char *(*check)(const struct record_reader *r, int what, str value);
    const void *arg; /* for check */
};

/* Fills *record, which must be zeroed. Texts are trimmed; what is left out is empty. ERR_INVALID
   with "regel N: reason". */
int record_read(const struct record_reader *r, const struct yaml *map,
                const struct record_shape *shape, void *record) _nodiscard_;

/* Refuses as record_read does: on the line of the key in the map, else of the map itself. */
int record_refuse(const struct record_reader *r, const struct yaml *map, const char *key,
                  const char *reason);

/* Makes everything that the record points to this arena's own, for one that outlives its document.
 */
void record_copy(struct arena *a, const struct record_shape *shape, void *record);

bool record_slug_valid(str slug); /* small letters, digits, single hyphens between; at most 100 */
