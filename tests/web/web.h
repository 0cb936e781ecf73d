/* web.h - the whole program in memory: a fresh database and index, requests without a socket. */
#pragma once

#include "test.h"

#include "app/app.h"

struct web {
    struct app app;
    struct http_server *server;
    str folder;         /* of the data; removed at the end */
    struct arena *page; /* of the last answer */
    struct ctx ctx;
};

struct web *web_begin(void);
void web_end(struct web *w);

/* GET path; the answer lives until the next call. */
struct http_response web_get(struct web *w, const char *path);
/* A request as it comes over the wire. */
struct http_response web_send(struct web *w, str wire);
str web_body(const struct http_response *rs);
str web_header(const struct http_response *rs, const char *name);
bool web_has(const struct http_response *rs, const char *text); /* in the body */

/* A call of its own, as a job has one; free its arena at the end. */
struct ctx web_call(struct web *w);

/* How many queries the database has answered so far. */
unsigned long long web_queries(struct web *w);

/* Saves a document as the command line would, and lets the index catch up. */
void web_save(struct web *w, const char *document);
