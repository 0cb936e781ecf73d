/* config.h - settings by name, each from default, file, environment or command line, with its
   origin.

   A setting is declared once in a table. The file has "name = value" lines (# comments); the
   environment name is AANJAGER_ and the name in capitals. Later origins win: default < file <
   environment < command line. */
#pragma once

#include "base/str.h"

struct ctx;
struct arena;

enum config_type { CONFIG_TEXT, CONFIG_INT, CONFIG_BOOL };
enum config_origin { CONFIG_DEFAULT, CONFIG_FILE, CONFIG_ENVIRONMENT, CONFIG_COMMAND_LINE };

struct config_setting {
    const char *name;
    enum config_type type;
    const char *default_value;
    long long min, max; /* for CONFIG_INT */
    bool secret;        /* shown as *** */
    const char *help;   /* one Dutch sentence */
};

struct config;

struct config *config_new(struct arena *a);
/* Adds a table of settings; the table must outlive the config. */
void config_declare(struct config *cfg, const struct config_setting *settings, size_t count);
/* Each returns 0 or ERR_INVALID with words that name file, line and setting. */
int config_read_file(struct ctx *c, struct config *cfg, str path) _nodiscard_;
int config_read_environment(struct ctx *c, struct config *cfg) _nodiscard_;
int config_set(struct ctx *c, struct config *cfg, str name, str value,
               enum config_origin origin) _nodiscard_;

/* An undeclared name is a BUG. */
str config_text(const struct config *cfg, const char *name);
long long config_int(const struct config *cfg, const char *name);
bool config_bool(const struct config *cfg, const char *name);

/* Walks the settings in order of declaration: false at the end. */
struct config_view {
    const struct config_setting *setting;
    str value; /* *** for secrets */
    enum config_origin origin;
};
bool config_at(const struct config *cfg, size_t i, struct config_view *ret);
const char *config_origin_name(
    enum config_origin origin); /* Dutch: standaard, bestand, omgeving, opdrachtregel */
