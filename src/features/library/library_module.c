#include "library/library_int.h"

#include "auth/permission.h"

static const struct index_source item_source = {"item", library_index_load, library_index_list};

static const struct http_param show_params[] = {
    {"slug", PARAM_SLUG, 0, 0, false, "Adres van het item"},
    {0},
};
static const struct http_param theme_params[] = {
    {"slug", PARAM_SLUG, 0, 0, false, "Adres van het thema"},
    {0},
};
static const struct http_param version_params[] = {
    {"slug", PARAM_SLUG, 0, 0, false, "Adres van het item"},
    {"nummer", PARAM_INT, 1, 1000000000, false, "Nummer van de versie"},
    {0},
};
static const struct http_param diff_params[] = {
    {"slug", PARAM_SLUG, 0, 0, false, "Adres van het item"},
    {"van", PARAM_INT, 1, 1000000000, false, "Nummer van de oude versie"},
    {"naar", PARAM_INT, 1, 1000000000, false, "Nummer van de nieuwe versie"},
    {0},
};

static const struct http_route routes[] = {
    {HTTP_GET, "/kennisbank/:slug", library_show, PERM_PUBLIC, show_params,
     .help = "Shows one item of the library.", .cached = true},
    {HTTP_GET, "/kennisbank/feed.atom", library_feed, PERM_PUBLIC, NULL,
     .help = "Atom feed of what is new and changed.", .cached = true},
    {HTTP_GET, "/themas/:slug/feed.atom", library_theme_feed, PERM_PUBLIC, theme_params,
     .help = "Atom feed of what is new and changed in one theme.", .cached = true},
    {HTTP_GET, "/kennisbank/:slug/versies", library_history, PERM_PUBLIC, show_params,
     .help = "Lists all versions of an item.", .cached = true},
    {HTTP_GET, "/kennisbank/:slug/versies/:nummer", library_version, PERM_PUBLIC, version_params,
     .help = "Shows an item as it was in one version.", .cached = true},
    {HTTP_GET, "/kennisbank/:slug/vergelijk", library_compare, PERM_PUBLIC, diff_params,
     .help = "Compares two versions of an item.", .cached = true},
};

/* The tables below live in library_commands.c and above; the module only names them. */
const struct module library_module = {
    .name = "library",
    .routes = {routes, COUNT_OF(routes)},
    .index = &item_source,
    .commands = library_commands,
    .command_count = LIBRARY_COMMAND_COUNT,
    .start = library_start,
};
