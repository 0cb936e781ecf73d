/* The file with settings. */
#include <sys/mman.h>
#include <unistd.h>

#include "base/config.h"
#include "fuzz.h"

static const struct config_setting settings[] = {
    {"listen", CONFIG_TEXT, "127.0.0.1", 0, 0, false, "Adres."},
    {"port", CONFIG_INT, "8080", 0, 65535, false, "Poort."},
    {"workers", CONFIG_INT, "4", 1, 16, false, "Taken tegelijk."},
    {"open", CONFIG_BOOL, "nee", 0, 0, false, "Open."},
    {"database", CONFIG_TEXT, "", 0, 0, true, "Opslag."},
};

/* A file in memory. */
static int file = -1;

static void write_file(str in)
{
    if (file < 0)
        file = memfd_create("settings", MFD_CLOEXEC);
    HOLDS(file >= 0 && ftruncate(file, 0) == 0);
    HOLDS(pwrite(file, in.ptr, in.len, 0) == (ssize_t)in.len);
}

/* What stands in a setting was checked, whether the whole file was good or not. */
static void check_settings(const struct config *cfg)
{
    struct config_view view;
    size_t count = 0;
    while (config_at(cfg, count, &view)) {
        HOLDS(view.origin == CONFIG_DEFAULT || view.origin == CONFIG_FILE);
        HOLDS(!view.setting->secret || !view.value.len || str_eqz(view.value, "***"));
        count++;
    }
    HOLDS(count == COUNT_OF(settings));
    HOLDS(config_int(cfg, "port") >= 0 && config_int(cfg, "port") <= 65535);
    HOLDS(config_int(cfg, "workers") >= 1 && config_int(cfg, "workers") <= 16);
    (void)config_bool(cfg, "open");
    HOLDS(str_find_byte(config_text(cfg, "listen"), '\n') == STR_NONE);
}

/* A file that was read says something or nothing on each line: every line is empty, a remark or has
   a known name. */
static void check_lines(str in)
{
    str line;
    while (str_line(&in, &line)) {
        line = str_trim(line);
        size_t at = str_find_byte(line, '=');
        if (!line.len || line.ptr[0] == '#')
            continue;
        HOLDS(at != STR_NONE);
        bool known = false;
        for (size_t i = 0; i < COUNT_OF(settings); i++)
            known = known || str_eqz(str_trim(str_slice(line, 0, at)), settings[i].name);
        HOLDS(known);
    }
}

void fuzz_input(struct ctx *c, str in)
{
    struct config *cfg = config_new(c->arena);
    config_declare(cfg, settings, COUNT_OF(settings));
    write_file(in);
    int code = config_read_file(c, cfg, str_fmt(c->arena, "/proc/self/fd/%d", file));
    HOLDS(code == 0 || code == ERR_INVALID || code == ERR_LIMIT);
    HOLDS(code == 0 || (c->err.code == code && c->err.msg.len));
    check_settings(cfg);
    if (code == 0)
        check_lines(in);
}
