/* app.h - the program: settings, database, index, and what runs them. */
#pragma once

#include "app/modules.h"
#include "base/config.h"

struct app {
    struct arena *arena; /* lives as long as the program */
    struct ctx ctx;      /* template of every request's, job's and command's ctx */
    struct config *config;
};

enum { EXIT_OK = 0, EXIT_FAILED = 1, EXIT_USAGE = 2 };

/* Settings from defaults, file, environment and the options in argv (--name value or --name=value);
   takes the options out of argv and leaves the words. ERR_INVALID with words. */
int app_settings(struct app *app, int *argc, const char **argv) _nodiscard_;
/* Opens and migrates the database, loads starter content. */
int app_open(struct app *app) _nodiscard_;
int app_open_index(struct app *app) _nodiscard_;
/* All routes behind the guard, for a listener or for tests. After app_open and app_open_index. */
int app_make_server(struct app *app, struct http_server **ret) _nodiscard_;
/* The setting, or the file in the data folder. */
str app_database_url(struct ctx *c);
/* Fills an empty database from a copy: aanjager restore FILE. */
int app_restore(struct ctx *c, int argc, const char *const *argv) _nodiscard_;
void app_close(struct app *app);

/* Prints the user's words of the error on standard error and its detail in the log. */
void app_print_error(const struct ctx *c);

/* Serves until a signal; returns an exit code. */
int app_serve(struct app *app);
/* Runs a verb of the command line; returns an exit code. */
int app_command(struct app *app, int argc, const char *const *argv);

#define APP_VERSION "0.1.0"
