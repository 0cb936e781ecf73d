#include "admin/admin_int.h"

#include "auth/permission.h"

static const struct http_param asset_params[] = {
    {"*", PARAM_TEXT, 1, 200, false, "Naam van het bestand"},
    {0},
};

static const struct http_route routes[] = {
    {HTTP_GET, "/health", admin_health, PERM_PUBLIC, NULL,
     .help = "Is everything there: 200 or 503.", .api = true, .cost = HTTP_COST_FREE},
    {HTTP_GET, "/metrics", admin_metrics, PERM_METRICS, NULL, .help = "Counters for Prometheus.",
     .api = true, .cost = HTTP_COST_FREE},
    {HTTP_GET, "/assets/*", admin_asset, PERM_PUBLIC, asset_params,
     .help = "Styles, scripts, fonts, icons.", .cached = true, .cost = HTTP_COST_FREE},
};

static const struct job_kind jobs[] = {
    {.name = "database-statistics",
     .run = admin_refresh_statistics,
     .every_s = 86400,
     .help = "Refreshes the database's statistics, once a day."},
    {.name = "backup",
     .run = admin_make_backup,
     .every_s = 86400,
     .help = "Copies the database, once a day, and proves that the copy can be restored."},
};

static const struct config_setting settings[] = {
    {"backup_folder", CONFIG_TEXT, "", 0, 0, false,
     "Map voor de dagelijkse kopie van de database. Leeg: backup in de map met gegevens."},
    {"backup_keep", CONFIG_INT, "7", 0, 365, false,
     "Hoeveel dagelijkse kopieën blijven staan. 0: er worden geen kopieën gemaakt."},
};

const struct module admin_module = {
    .name = "admin",
    .routes = {routes, COUNT_OF(routes)},
    .jobs = jobs,
    .job_count = COUNT_OF(jobs),
    .settings = settings,
    .setting_count = COUNT_OF(settings),
    .commands = admin_commands,
    .command_count = ADMIN_COMMAND_COUNT,
};
