#include "search/search_int.h"

#include "auth/permission.h"
#include "base/embedded.h"

static const struct http_route routes[] = {
    {HTTP_GET, "/zoeken", search_page, PERM_PUBLIC, search_params, .help = "Searches everything.",
     .cost = HTTP_COST_SEARCH},
    {HTTP_GET, "/kennisbank", search_browse, PERM_PUBLIC, search_params,
     .help = "Browses the library with facets.", .cost = HTTP_COST_SEARCH},
    {HTTP_GET, "/zoeken/suggesties", search_suggestions, PERM_PUBLIC, search_params,
     .help = "Suggestions while typing, a piece of HTML."},
    {HTTP_GET, HTTP_API_PREFIX "/search", search_api, PERM_PUBLIC, search_api_params,
     .help = "Searches everything.", .api = true, .cost = HTTP_COST_SEARCH,
     .reply =
         &(const struct http_reply){
             .shape = &search_result_shape,
             .group = "Zoeken",
             .title = "Zoeken in alles",
             .help = "Zoekt in alles, met dezelfde uitkomst als op de site, en telt per filter.",
         }},
};

int search_load_vocabulary(struct ctx *c)
{
    struct index_vocabulary v;
    TRY(search_store_vocabulary(c, &v));
    TRY(search_add_glossary(c, &v));
    return index_set_vocabulary(c, c->index, &v);
}

static int search_start(struct ctx *c)
{
    const struct embedded_file *file = embedded_find(&embedded_content, S("content/search.yaml"));
    struct index_vocabulary v;
    str loaded;
    if (!file)
        BUG("search.yaml is missing from the binary");
    TRY(search_store_starter_hash(c, &loaded));
    if (str_eqz(loaded, file->hash))
        return 0;
    TRY(search_read_vocabulary(c, file->bytes, &v));
    return search_store_starter(c, &v, str_from(file->hash));
}

const struct module search_module = {
    .name = "search",
    .routes = {routes, COUNT_OF(routes)},
    .commands = search_commands,
    .command_count = SEARCH_COMMAND_COUNT,
    .start = search_start,
};
