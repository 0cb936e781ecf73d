#include "library/library_int.h"

#include "auth/permission.h"
#include "library/library_api.h"

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

static const struct http_param api_list_params[] = {
    {"soort", PARAM_LIST, 0, 3, true, "Soort kennis", .choices = LIBRARY_TYPES},
    {"fase", PARAM_LIST, 0, 0, true, "Fase van het plan, met de slug uit /phases"},
    {"knelpunt", PARAM_LIST, 0, 0, true, "Knelpunt, met de slug uit /bottlenecks"},
    {"thema", PARAM_LIST, 0, 0, true, "Thema, met de slug uit /themes"},
    {"rol", PARAM_LIST, 0, 0, true, "Rol, met de slug uit /actors"},
    {"volgorde", PARAM_CHOICE, 0, 0, true,
     "Volgorde: op titel (als u niets kiest), of wat het laatst is gewijzigd eerst",
     .choices = "titel|nieuwste"},
    HTTP_PAGE_PARAMS,
    HTTP_KEYS_PARAM,
    {0},
};
static const struct http_param api_item_params[] = {
    {"slug", PARAM_SLUG, 0, 0, false, "Laatste deel van het adres van het kennisitem"},
    HTTP_KEYS_PARAM,
    {0},
};
static const struct http_param api_versions_params[] = {
    {"slug", PARAM_SLUG, 0, 0, false, "Laatste deel van het adres van het kennisitem"},
    HTTP_PAGE_PARAMS,
    HTTP_KEYS_PARAM,
    {0},
};
static const struct http_param api_version_params[] = {
    {"slug", PARAM_SLUG, 0, 0, false, "Laatste deel van het adres van het kennisitem"},
    {"nummer", PARAM_INT, 1, 1000000000, false, "Nummer van de versie"},
    HTTP_KEYS_PARAM,
    {0},
};
static const struct http_param api_terms_params[] = {HTTP_PAGE_PARAMS, HTTP_KEYS_PARAM, {0}};
static const struct http_param api_term_params[] = {
    {"slug", PARAM_SLUG, 0, 0, false, "Laatste deel van het adres"},
    HTTP_KEYS_PARAM,
    {0},
};

#define API_TERMS(path, handler, name, one_name)                                                   \
    HTTP_API(                                                                                      \
        path, handler##s, api_terms_params, "Lists the terms of one kind, with counts.",           \
        .shape = &library_term_shape, .group = "Indeling", .list = true, .title = "Alle " name,    \
        .help = "Geeft alle " name " met het aantal kennisitems, in de volgorde van de site."),    \
        HTTP_API(path "/:slug", handler, api_term_params, "Gives one term, with its count.",       \
                 .shape = &library_term_shape, .group = "Indeling", .title = "Eén " one_name,      \
                 .help = "Geeft één " one_name " met het aantal kennisitems.")

static const struct http_route routes[] = {
    {HTTP_GET, "/kennisbank/:slug", library_show, PERM_PUBLIC, show_params,
     .help = "Shows one item of the library.", .cached = true},
    {HTTP_GET, "/kennisbank/:slug/pdf", library_pdf, PERM_PUBLIC, show_params,
     .help = "One item as a tagged PDF.", .cost = HTTP_COST_SEARCH}, /* too large to keep */
    {HTTP_GET, "/kennisbank/feed.atom", library_feed, PERM_PUBLIC, NULL,
     .help = "Atom feed of what is new and changed.", .cached = true, .cost = HTTP_COST_SEARCH},
    {HTTP_GET, "/themas/:slug/feed.atom", library_theme_feed, PERM_PUBLIC, theme_params,
     .help = "Atom feed of what is new and changed in one theme.", .cached = true,
     .cost = HTTP_COST_SEARCH},
    {HTTP_GET, "/kennisbank/:slug/versies", library_history, PERM_PUBLIC, show_params,
     .help = "Lists all versions of an item.", .cached = true},
    {HTTP_GET, "/kennisbank/:slug/versies/:nummer", library_version, PERM_PUBLIC, version_params,
     .help = "Shows an item as it was in one version.", .cached = true},
    {HTTP_GET, "/kennisbank/:slug/vergelijk", library_compare, PERM_PUBLIC, diff_params,
     .help = "Compares two versions of an item.", .cached = true},
    HTTP_API_DEAR(
        "/items", library_api_items, api_list_params, "Lists the items of the library.",
        .shape = &library_entry_shape, .group = "Kennisitems", .list = true,
        .title = "Alle kennisitems",
        .help = "Geeft kennisitems, gekozen op soort, fase, knelpunt, thema of rol. Meer "
                "waarden van één parameter: een ervan past. Meer parameters: ze passen alle."),
    HTTP_API("/items/:slug", library_api_item, api_item_params, "Gives one item of the library.",
             .shape = &library_record_shape, .group = "Kennisitems", .moves = true,
             .title = "Eén kennisitem",
             .help = "Geeft alles van één kennisitem, met de tekst als Markdown en als HTML."),
    HTTP_API("/items/:slug/versions", library_api_versions, api_versions_params,
             "Lists all versions of an item.", .shape = &library_version_shape,
             .group = "Kennisitems", .list = true, .moves = true,
             .title = "Versies van een kennisitem",
             .help = "Geeft alle versies van een kennisitem, de nieuwste eerst."),
    HTTP_API("/items/:slug/versions/:nummer", library_api_version, api_version_params,
             "Gives an item as it was in one version.", .shape = &library_record_shape,
             .group = "Kennisitems", .moves = true, .title = "Eén versie van een kennisitem",
             .help = "Geeft een kennisitem zoals het in die versie was."),
    API_TERMS("/phases", library_api_phase, "fasen", "fase"),
    API_TERMS("/bottlenecks", library_api_bottleneck, "knelpunten", "knelpunt"),
    API_TERMS("/themes", library_api_theme, "thema's", "thema"),
    API_TERMS("/actors", library_api_actor, "rollen", "rol"),
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
