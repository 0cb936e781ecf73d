/* people.h - visitors with a browser of their own: cookies that are kept, forms that are sent, mail
   that is read. */
#pragma once

#include "web.h"

#include "accounts/accounts_int.h"

struct browser {
    struct web *web;
    struct arena *arena; /* of its cookies */
    struct {
        struct http_header *items;
        size_t count, capacity;
    } cookies;
    const char *extra; /* headers to send along, each with \r\n; NULL: none */
};

#define PEOPLE_PASSWORD "vier losse groene nijlpaarden"

struct browser *browser_new(struct web *w);
void browser_free(struct browser *b);
struct http_response browser_get(struct browser *b, const char *path);
/* fields: name, value, name, value, NULL */
struct http_response browser_post(struct browser *b, const char *path, const char *const *fields);
#define BROWSER_POST(b, path, ...)                                                                 \
    browser_post((b), (path), (const char *const[]){__VA_ARGS__, NULL})
str browser_cookie(const struct browser *b, const char *name); /* empty when it has none */

/* A ctx for looking in the database, with an arena of its own; end it with people_ctx_end. */
struct ctx people_ctx(struct web *w);
void people_ctx_end(struct ctx *c);

/* Runs what waits in the queue. */
void people_run_jobs(struct web *w);
/* The text of the newest mail to this address, in the arena; empty when there is none. */
str people_mail(struct web *w, struct arena *a, const char *address);
size_t people_mail_count(struct web *w, const char *address);
/* The path of the link, and the six digits, in the text of a mail. */
str people_link(struct arena *a, str mail);
str people_code(str mail);

/* An account with PEOPLE_PASSWORD and this role (ROLE_MEMBER: none); its number. */
long long people_add(struct web *w, const char *address, const char *name, enum role role,
                     struct scope scope);
/* A browser where that account is signed in, with a second factor when asked. */
struct browser *people_signed_in(struct web *w, long long account, bool two_factor);
