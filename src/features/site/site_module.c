#include "site/site_gaps_int.h"
#include "site/site_glossary_int.h"

#include "auth/permission.h"

static const struct http_param term_params[] = {
    {"slug", PARAM_SLUG, 0, 0, false, "Adres van de pagina"},
    {0},
};

/* As people write an abbreviation: BOPA, m.e.r. */
static const struct http_param glossary_term_params[] = {
    {"slug", PARAM_TEXT, 1, 100, false, "Adres van het begrip, of zijn afkorting"},
    {0},
};

static const struct http_param glossary_params[] = {
    {"q", PARAM_TEXT, 0, 100, true, "Woorden die in het begrip of de uitleg staan"},
    {0},
};

static const struct http_param gaps_params[] = {
    {"soort", PARAM_CHOICE, 0, 0, true, "Alleen wat er zo ontbreekt", .choices = SITE_GAP_CODES},
    HTTP_PAGE_PARAMS,
    HTTP_KEYS_PARAM,
    {0},
};

#define PAGE(path, handler, words)                                                                 \
    {                                                                                              \
        HTTP_GET, path, handler, PERM_PUBLIC, NULL, .help = words, .cached = true                  \
    }
#define TERM(path, handler, words)                                                                 \
    {                                                                                              \
        HTTP_GET, path, handler, PERM_PUBLIC, term_params, .help = words, .cached = true           \
    }

static const struct http_route routes[] = {
    PAGE("/", site_home, "The home page."),
    PAGE("/fasen", site_phases, "Lists the phases."),
    TERM("/fasen/:slug", site_phase, "Shows what helps in one phase."),
    PAGE("/knelpunten", site_bottlenecks, "Lists the bottlenecks."),
    TERM("/knelpunten/:slug", site_bottleneck, "Shows what helps against one bottleneck."),
    PAGE("/themas", site_themes, "Lists the themes."),
    TERM("/themas/:slug", site_theme, "Shows one theme."),
    PAGE("/rollen", site_actors, "Lists the roles."),
    TERM("/rollen/:slug", site_actor, "Shows what matters to one role."),
    {HTTP_GET, "/begrippen", site_glossary, PERM_PUBLIC, glossary_params,
     .help = "Lists the terms of the glossary from A to Z.", .cost = HTTP_COST_SEARCH},
    /* Not kept: it asks the index, which follows a change a moment later. */
    {HTTP_GET, "/begrippen/:slug", site_glossary_term, PERM_PUBLIC, glossary_term_params,
     .help = "Explains one term; an abbreviation or other name leads to it.",
     .cost = HTTP_COST_SEARCH},
    PAGE("/over", site_about, "Says who makes this and how independent it is."),
    PAGE("/over/beoordeling", site_judging, "Says how items are judged."),
    PAGE("/over/wat-ontbreekt", site_gaps, "What the editors must still do."),
    HTTP_API("/gaps", site_gaps_api, gaps_params, "Lists what the editors must still do.",
             .shape = &site_gap_shape, .group = "Wat ontbreekt", .list = true,
             .title = "Wat er nog ontbreekt",
             .help = "Geeft wat de redactie nog moet doen: niet nagekeken of te korte kennisitems, "
                     "ontbrekende bronnen en collecties, en knelpunten waarover weinig staat."),
    PAGE("/toegankelijkheid", site_accessibility, "Accessibility statement."),
    PAGE("/privacy", site_privacy, "Privacy statement."),
    PAGE("/stijl", site_style, "All components on one page."),
    PAGE("/cijfers/nieuwbouw.csv", site_figures, "The figures of the home page."),
    PAGE("/sitemap", site_map, "All pages for people."),
    PAGE("/sitemap.xml", site_map_xml, "All pages for robots."),
    PAGE("/robots.txt", site_robots, "Rules for robots."),
    PAGE("/.well-known/security.txt", site_security, "Where to report a weakness."),
};

const struct module site_module = {
    .name = "site",
    .routes = {routes, COUNT_OF(routes)},
};
