/* organisations_int.h - structs shared inside the feature. */
#pragma once

#include "module/module.h"
#include "organisations/organisations.h"

enum {
    ORGANISATIONS_MAX = 20000,
    ORGANISATIONS_MAX_FILE = 4 * 1024 * 1024, /* bytes of a file to import */
    ORGANISATION_MAX_MEMBERS = 342,
};

/* A row of a file. */
struct organisation_line {
    struct organisation organisation;
    const str *members; /* codes */
    size_t member_count;
    bool names_members; /* the file says who they are; else they stay as they are */
};

/* Reads a file with the columns soort, code, naam and optionally provincie, inwoners,
   stedelijkheid, leden (codes with spaces between them). ERR_INVALID or ERR_LIMIT with "rij N:
   reason". */
int organisations_read(struct ctx *c, str text, struct organisation_line **ret,
                       size_t *ret_count) _nodiscard_;
/* Puts them in order, in the same array. */
void organisations_sort(struct arena *a, struct organisation *items, size_t count);
/* Fingerprint of what a file sets. */
long long organisation_hash(struct arena *a, const struct organisation *o);
/* A mail domain in lower case. ERR_INVALID with words when it is none, or one where anybody can
 * have an address. */
int organisation_domain_read(struct ctx *c, str text, str *ret) _nodiscard_;

/* ---- store ---- */

enum organisation_saved { ORGANISATION_SAME, ORGANISATION_NEW, ORGANISATION_CHANGED };

int organisations_store_transaction(struct ctx *c, int (*body)(struct ctx *c, void *arg),
                                    void *arg) _nodiscard_;
/* Saves a row under its code. ERR_CONFLICT when its address on the site is another's, ERR_INVALID
 * for a member or province that is not there. Inside organisations_store_transaction. */
int organisations_store_save(struct ctx *c, const struct organisation_line *line,
                             enum organisation_saved *ret) _nodiscard_;
/* Saves starter content: a new row, or the next version of one that nobody has changed; else
 * nothing. */
int organisations_store_save_starter(struct ctx *c,
                                     const struct organisation_line *line) _nodiscard_;
int organisations_store_starter_hash(struct ctx *c, long long *ret) _nodiscard_;
int organisations_store_set_starter_hash(struct ctx *c, long long hash) _nodiscard_;
/* Codes of the municipalities of a region, by name. */
int organisations_store_members(struct ctx *c, long long region, str **ret,
                                size_t *ret_count) _nodiscard_;

struct organisation_domain {
    str domain, code, name, verified_by;
    long long verified_at;
};
/* ERR_CONFLICT with words when the domain is another organisation's. */
int organisations_store_add_domain(struct ctx *c, const struct organisation *o, str domain,
                                   str verified_by) _nodiscard_;
int organisations_store_remove_domain(struct ctx *c, str domain) _nodiscard_; /* ERR_NOT_FOUND */
int organisations_store_domains(struct ctx *c, struct organisation_domain **ret,
                                size_t *ret_count) _nodiscard_;

/* ---- API, start, commands ---- */

struct json_shape;
extern const struct json_shape organisation_shape;
http_handler organisations_api_list, organisations_api_one;

int organisations_start(struct ctx *c);
enum { ORGANISATION_COMMAND_COUNT = 5 };
extern const struct command organisation_commands[ORGANISATION_COMMAND_COUNT];
