#include "post/post_int.h"

#include "auth/permission.h"

static const struct http_param list_params[] = {
    {"toon", PARAM_CHOICE, 0, 0, true, "Welke berichten", "alle|wachtend|mislukt"},
    {"voor", PARAM_INT, 1, INT64_MAX, true, "Alleen berichten met een lager nummer"},
    {0},
};
static const struct http_param show_params[] = {
    {"nummer", PARAM_INT, 1, INT64_MAX, false, "Nummer van het bericht"},
    {0},
};

static const struct http_route routes[] = {
    {HTTP_GET, "/beheer/post", post_list, PERM_OPERATE, list_params,
     .help = "Lists outgoing mail."},
    {HTTP_GET, "/beheer/post/:nummer", post_show, PERM_OPERATE, show_params,
     .help = "Shows one outgoing mail as text."},
};

static const struct job_kind jobs[] = {
    {.name = MAIL_SEND_JOB,
     .run = mail_send_due,
     .max_attempts = 1000000, /* the server comes back one day */
     .every_s = 15,
     .help = "Sends mail that is due, and settles what stopped programs left."},
    {.name = "mail-clean",
     .run = mail_clean,
     .every_s = 86400,
     .help = "Wipes old mail, once a day."},
};

const struct module post_module = {
    .name = "post",
    .routes = {routes, COUNT_OF(routes)},
    .jobs = jobs,
    .job_count = COUNT_OF(jobs),
    .settings = mail_settings,
    .setting_count = MAIL_SETTING_COUNT,
    .commands = post_commands,
    .command_count = POST_COMMAND_COUNT,
    .start = mail_check_settings,
};
