#include "opendata/opendata_int.h"

#include "auth/permission.h"

static const struct http_route routes[] = {
    {HTTP_GET, "/api", opendata_page, PERM_PUBLIC, NULL, .help = "Explains the API to people."},
    HTTP_API("", opendata_api, NULL, "Says where the API begins.", .shape = &opendata_entry_shape,
             .group = "Deze API", .title = "Begin",
             .help = "Geeft de versie, de licentie en de adressen om te beginnen."),
    HTTP_API("/openapi.json", opendata_document, NULL, "Describes the API in OpenAPI 3.0.",
             .group = "Deze API", .title = "Beschrijving",
             .help = "Geeft de beschrijving van deze API als OpenAPI 3.0."),
};

const struct module opendata_module = {
    .name = "opendata",
    .routes = {routes, COUNT_OF(routes)},
};
