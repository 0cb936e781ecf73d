#include "base/config.h"

#include "base/ctx.h"
#include "base/file.h"
#include "base/vec.h"

enum { CONFIG_MAX_FILE = 64 * 1024 };

struct config_entry {
    const struct config_setting *setting;
    str value;
    enum config_origin origin;
};

struct config {
    struct arena *arena;
    struct {
        struct config_entry *items;
        size_t count, capacity;
    } entries;
};

struct config *config_new(struct arena *a)
{
    struct config *cfg = arena_new_of(a, struct config);
    cfg->arena = a;
    return cfg;
}

void config_declare(struct config *cfg, const struct config_setting *settings, size_t count)
{
    for (size_t i = 0; i < count; i++)
        *vec_push(cfg->arena, &cfg->entries) = (struct config_entry){
            &settings[i], str_from(settings[i].default_value), CONFIG_DEFAULT};
}

static struct config_entry *config_find(const struct config *cfg, str name)
{
    for (size_t i = 0; i < cfg->entries.count; i++)
        if (str_eqz(name, cfg->entries.items[i].setting->name))
            return &cfg->entries.items[i];
    return NULL;
}

static bool is_true(str value)
{
    return str_eqz(value, "ja") || str_eqz(value, "true") || str_eqz(value, "1");
}

static bool is_false(str value)
{
    return str_eqz(value, "nee") || str_eqz(value, "false") || str_eqz(value, "0");
}

static int config_check(struct ctx *c, const struct config_setting *s, str value)
{
    long long n;
    if (s->type == CONFIG_INT && !str_int(value, s->min, s->max, &n))
        return err_set(c, ERR_INVALID,
                       "De instelling \"%s\" moet een getal zijn van %lld tot en met %lld.",
                       s->name, s->min, s->max);
    if (s->type == CONFIG_BOOL && !is_true(value) && !is_false(value))
        return err_set(c, ERR_INVALID, "De instelling \"%s\" moet \"ja\" of \"nee\" zijn.",
                       s->name);
    return 0;
}

int config_set(struct ctx *c, struct config *cfg, str name, str value, enum config_origin origin)
{
    struct config_entry *entry = config_find(cfg, name);
    if (!entry)
        return err_set(
            c, ERR_INVALID,
            "De instelling \"%s\" bestaat niet. Bekijk de lijst met \"aanjager config\".",
            str_z(c->arena, name));
    TRY(config_check(c, entry->setting, value));
    if (origin >= entry->origin) {
        entry->value = str_dup(cfg->arena, value);
        entry->origin = origin;
    }
    return 0;
}

static int config_read_line(struct ctx *c, struct config *cfg, str line)
{
    line = str_trim(line);
    if (!line.len || line.ptr[0] == '#')
        return 0;
    size_t at = str_find_byte(line, '=');
    if (at == STR_NONE)
        return err_set(c, ERR_INVALID, "Schrijf elke instelling als \"naam = waarde\".");
    return config_set(c, cfg, str_trim(str_slice(line, 0, at)),
                      str_trim(str_slice(line, at + 1, line.len)), CONFIG_FILE);
}

int config_read_file(struct ctx *c, struct config *cfg, str path)
{
    str text, line;
    TRY(file_read(c, path, CONFIG_MAX_FILE, &text));
    for (int number = 1; str_line(&text, &line); number++) {
        int code = config_read_line(c, cfg, line);
        if (code < 0)
            return err_set(c, code, "%s, regel %d: %s", str_z(c->arena, path), number,
                           str_z(c->arena, err_words(&c->err)));
    }
    return 0;
}

int config_read_environment(struct ctx *c, struct config *cfg)
{
    for (size_t i = 0; i < cfg->entries.count; i++) {
        const char *name = cfg->entries.items[i].setting->name;
        char variable[80];
        (void)snprintf(variable, sizeof variable, "AANJAGER_%s", name);
        for (char *p = variable; *p; p++)
            if (*p >= 'a' && *p <= 'z')
                *p = (char)(*p - 'a' + 'A');
        const char *value = getenv(variable);
        if (value)
            TRY(config_set(c, cfg, str_from(name), str_from(value), CONFIG_ENVIRONMENT));
    }
    return 0;
}

static const struct config_entry *config_get(const struct config *cfg, const char *name)
{
    const struct config_entry *entry = config_find(cfg, str_from(name));
    if (!entry)
        BUG("config: undeclared setting");
    return entry;
}

str config_text(const struct config *cfg, const char *name)
{
    return config_get(cfg, name)->value;
}

long long config_int(const struct config *cfg, const char *name)
{
    long long n = 0;
    if (!str_int(config_get(cfg, name)->value, INT64_MIN, INT64_MAX, &n))
        BUG("config: not a number");
    return n;
}

bool config_bool(const struct config *cfg, const char *name)
{
    return is_true(config_get(cfg, name)->value);
}

bool config_at(const struct config *cfg, size_t i, struct config_view *ret)
{
    if (i >= cfg->entries.count)
        return false;
    const struct config_entry *e = &cfg->entries.items[i];
    bool hide = e->setting->secret && e->value.len;
    *ret = (struct config_view){e->setting, hide ? S("***") : e->value, e->origin};
    return true;
}

const char *config_origin_name(enum config_origin origin)
{
    static const char *const names[] = {"standaard", "bestand", "omgeving", "opdrachtregel"};
    return names[origin];
}
