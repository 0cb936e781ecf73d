#include "glossary/glossary_int.h"

#include "auth/permission.h"

static const struct index_source term_source = {GLOSSARY_KIND, glossary_index_load,
                                                glossary_index_list};

static const struct http_param api_list_params[] = {
    {"q", PARAM_TEXT, 0, 100, true, "Alleen begrippen met deze woorden in naam of uitleg"},
    HTTP_PAGE_PARAMS,
    HTTP_KEYS_PARAM,
    {0},
};
static const struct http_param api_one_params[] = {
    {"slug", PARAM_SLUG, 0, 0, false, "Laatste deel van het adres van het begrip"},
    HTTP_KEYS_PARAM,
    {0},
};

static const struct http_route routes[] = {
    HTTP_API("/glossary-terms", glossary_api_list, api_list_params,
             "Lists the terms of the glossary.", .shape = &glossary_shape,
             .group = "Begrippenlijst", .list = true, .title = "Alle begrippen",
             .help = "Geeft begrippen en afkortingen met hun uitleg, op alfabet."),
    HTTP_API("/glossary-terms/:slug", glossary_api_one, api_one_params,
             "Gives one term of the glossary.", .shape = &glossary_shape, .group = "Begrippenlijst",
             .title = "Eén begrip",
             .help = "Geeft één begrip met zijn uitleg, bron en afkortingen."),
};

const struct module glossary_module = {
    .name = "glossary",
    .routes = {routes, COUNT_OF(routes)},
    .index = &term_source,
    .commands = glossary_commands,
    .command_count = GLOSSARY_COMMAND_COUNT,
    .start = glossary_start,
};
