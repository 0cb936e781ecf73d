/* module.h - what a feature tells the program about itself; app/modules.c has the list. */
#pragma once

#include "base/config.h"
#include "http/http.h"
#include "index/index.h"
#include "jobs/jobs.h"
#include "module/beside.h"

/* A verb of the command line: aanjager NAME VERB ... */
struct command {
    const char *name;  /* "library import" */
    const char *usage; /* arguments: "DIR" */
    const char *help;  /* Dutch, one sentence */
    /* Returns 0 or ERR_*; the caller prints the words of the error on standard error and exits 1 (2
     * for wrong use: ERR_INVALID before anything was done). */
    int (*run)(struct ctx *c, int argc, const char *const *argv);
    bool needs_index; /* open the index first */
};

struct module {
    const char *name;
    struct http_table routes;
    const struct job_kind *jobs;
    size_t job_count;
    const struct index_source *index;
    const struct beside_source *beside;
    const struct config_setting *settings;
    size_t setting_count;
    const struct command *commands;
    size_t command_count;
    /* Called once at start, after migrations: load starter content, warm caches. NULL: nothing. */
    int (*start)(struct ctx *c);
};
