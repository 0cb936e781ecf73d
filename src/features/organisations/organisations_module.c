#include "organisations/organisations_int.h"

#include "auth/permission.h"

static const struct http_param list_params[] = {
    {"q", PARAM_TEXT, 0, 100, true, "Alleen organisaties met deze woorden in de naam"},
    {"soort", PARAM_CHOICE, 0, 0, true, "Alleen organisaties van deze soort",
     "gemeente|provincie|woondealregio|rijk|overheid|corporatie|marktpartij|kennisinstelling|"
     "maatschappelijk"},
    HTTP_PAGE_PARAMS,
    HTTP_KEYS_PARAM,
    {0},
};
static const struct http_param one_params[] = {
    {"slug", PARAM_SLUG, 0, 0, false, "Laatste deel van het adres van de organisatie"},
    HTTP_KEYS_PARAM,
    {0},
};

static const struct http_route routes[] = {
    HTTP_API("/organisations", organisations_api_list, list_params, "Lists organisations.",
             .shape = &organisation_shape, .group = "Organisaties", .list = true,
             .title = "Alle organisaties",
             .help = "Geeft gemeenten, provincies en andere organisaties, per soort op naam."),
    HTTP_API("/organisations/:slug", organisations_api_one, one_params, "Gives one organisation.",
             .shape = &organisation_shape, .group = "Organisaties", .title = "Eén organisatie",
             .help = "Geeft één organisatie; een woondealregio met haar gemeenten."),
};

const struct module organisations_module = {
    .name = "organisations",
    .routes = {routes, COUNT_OF(routes)},
    .commands = organisation_commands,
    .command_count = ORGANISATION_COMMAND_COUNT,
    .start = organisations_start,
};
