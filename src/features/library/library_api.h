/* library_api.h - what the library answers as JSON: the structs that its shapes describe. */
#pragma once

#include "library/library_int.h"
#include "json/shape.h"

struct library_term_ref {
    str code, slug, name;
};
struct library_term_refs {
    const struct library_term_ref *items;
    size_t items_count;
};
struct library_related_item {
    str slug, title, self;
};
struct library_related {
    const struct library_related_item *items;
    size_t items_count;
};

struct library_entry_codes {
    struct item_texts phases, bottlenecks, themes, actors;
};
struct library_entry { /* an item in a list */
    struct library_listed row;
    str url, self;
    struct library_term_refs phases, bottlenecks, themes, actors;
};

struct library_record { /* an item whole */
    struct item item;
    str url, self, versions, body_html;
    long long version, created_at, changed_at;
    struct library_term_refs phases, bottlenecks, themes, actors;
    struct library_related builds_on, alternative, precondition, named_by;
};

struct library_version {
    long long number, created_at;
    str author, note, url, self;
    bool current;
};

struct library_term {
    struct taxonomy_term term;
    long long items;
    str url, self;
    struct item_texts planmonitor;
};

extern const struct json_shape library_entry_shape, library_record_shape, library_version_shape;
extern const struct json_shape library_term_shape;

str library_api_url(struct ctx *c, const char *folder, str slug);

http_handler library_api_items, library_api_item, library_api_versions, library_api_version;
http_handler library_api_phases, library_api_phase, library_api_bottlenecks, library_api_bottleneck;
http_handler library_api_themes, library_api_theme, library_api_actors, library_api_actor;
