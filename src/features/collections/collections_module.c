#include "collections/collections_int.h"

#include "auth/permission.h"

static const struct index_source source = {COLLECTION_KIND, collections_index_load,
                                           collections_index_list};
static const struct beside_source beside = {"item", "Staat in de collectie", collections_beside};

static const struct http_param show_params[] = {
    {"slug", PARAM_SLUG, 0, 0, false, "Adres van de collectie"},
    {0},
};
static const struct http_param api_list_params[] = {
    {"rol", PARAM_SLUG, 0, 0, true, "Alleen wat voor deze rol is, met de slug uit /actors"},
    {"knelpunt", PARAM_SLUG, 0, 0, true,
     "Alleen wat voor dit knelpunt is, met de slug uit /bottlenecks"},
    HTTP_PAGE_PARAMS,
    HTTP_KEYS_PARAM,
    {0},
};
static const struct http_param api_one_params[] = {
    {"slug", PARAM_SLUG, 0, 0, false, "Laatste deel van het adres van de collectie"},
    HTTP_KEYS_PARAM,
    {0},
};

static const struct http_route routes[] = {
    {HTTP_GET, "/collecties", collections_list, PERM_PUBLIC, NULL, .help = "Lists all collections.",
     .cached = true},
    {HTTP_GET, "/collecties/:slug", collections_show, PERM_PUBLIC, show_params,
     .help = "Shows one collection: items in their order, and why.", .cached = true},
    HTTP_API("/collections", collections_api_list, api_list_params, "Lists the collections.",
             .shape = &collections_entry_shape, .group = "Collecties", .list = true,
             .title = "Alle collecties",
             .help = "Geeft collecties, op titel: kennisitems in een vaste volgorde, voor een rol, "
                     "een knelpunt of van begin tot eind door een onderwerp."),
    HTTP_API("/collections/:slug", collections_api_one, api_one_params, "Gives one collection.",
             .shape = &collections_record_shape, .group = "Collecties", .title = "Eén collectie",
             .help = "Geeft één collectie met haar stappen en waarom elke stap er staat."),
};

const struct module collections_module = {
    .name = "collections",
    .routes = {routes, COUNT_OF(routes)},
    .index = &source,
    .beside = &beside,
    .commands = collections_commands,
    .command_count = COLLECTIONS_COMMAND_COUNT,
    .start = collections_start,
};
