/* yaml.h - reads one YAML document into a tree with line numbers (libyaml behind yaml.c).

   For content files: scalars, lists and maps. Anchors, aliases, tags and several documents are
   refused; depth, nodes and key repetition are bounded, so that no file can blow up. All scalars
   stay text: the caller decides what is a date or a number. */
#pragma once

#include "base/ctx.h"

enum { YAML_MAX_DEPTH = 12, YAML_MAX_NODES = 20000 };
enum yaml_kind { YAML_TEXT, YAML_LIST, YAML_MAP };

struct yaml;

/* first_line is the number of the first line of text in its file, for the words of errors.
   ERR_INVALID with "regel N: reason". */
int yaml_parse(struct ctx *c, str text, int first_line, const struct yaml **ret) _nodiscard_;

/* All take NULL: then YAML_TEXT, 0, the empty str, NULL. */
enum yaml_kind yaml_kind(const struct yaml *y);
int yaml_line(const struct yaml *y);
str yaml_text(const struct yaml *y);                        /* of a scalar; empty for others */
size_t yaml_count(const struct yaml *y);                    /* of a list or map */
const struct yaml *yaml_at(const struct yaml *y, size_t i); /* value i of a list or map */
str yaml_key_at(const struct yaml *y, size_t i);            /* key i of a map */
const struct yaml *yaml_get(const struct yaml *y, const char *key);
