/* http.h - requests, responses, routes.

   A request is immutable and lives in its arena. A handler reads typed parameters, fills the
   response and returns 0 or ERR_*; on an error the router makes the error page or problem+json.
   Both adapters (mhd.c: sockets; memory.c: tests and fuzzers) go the same way: guard -> router
   (permission, CSRF, typed parameters) -> handler. */
#pragma once

#include "base/buf.h"
#include "base/ctx.h"

enum http_method {
    HTTP_GET,
    HTTP_HEAD,
    HTTP_POST,
    HTTP_PUT,
    HTTP_DELETE,
    HTTP_OPTIONS,
    HTTP_OTHER
};

struct http_header {
    str name, value;
};

/* A name and value from the query string or a form; a file upload also has a file name and a type.
 */
struct http_field {
    str name, value;
    str file_name, content_type; /* empty for an ordinary field */
};

struct http_request {
    enum http_method method;
    str target; /* as sent: path and query */
    str path;   /* decoded, begins with '/', no NUL, no dot segments */
    str query;  /* as sent, without '?' */
    str host;
    bool secure; /* https at the proxy in front, believed only from trusted_proxies */
    str remote;  /* address of the client, through trusted proxies */
    str id;      /* 16 hex digits, in the log line and on error pages */
    const struct http_header *headers;
    size_t header_count;
    str body;
    const struct http_field *fields; /* of the query string, then of the form */
    size_t field_count;
    const struct http_route *route; /* set by the router */
    const struct http_param_value *params;
    size_t param_count;
    const struct http_server *server; /* that serves it */
};

str http_header_get(const struct http_request *rq,
                    const char *name); /* any case; empty when absent */
str http_cookie(const struct http_request *rq, const char *name);
/* A cookie that only this host sets and no script reads. Over https its name begins with __Host-,
   so that no neighbour under the same domain can plant one. */
str http_own_cookie(const struct http_request *rq, const char *name);
/* The cookie of who is signed in: an answer to a request that brings it is kept by nobody. */
#define HTTP_SESSION "aanjager"

bool http_is_loopback(str address); /* of this machine itself: 127.* or ::1 */

struct http_response {
    int status; /* 200 unless set */
    struct buf body;
    struct {
        struct http_header *items;
        size_t count, capacity;
    } headers;
    const char *content_type; /* text/html; charset=utf-8 unless set */
    str static_body; /* when set, sent instead of body: bytes that outlive the request (assets) */
    long long
        max_age; /* seconds for Cache-Control: public; 0: no-cache; -1: no-store (the default) */
    str etag;    /* without quotes; the adapter answers 304 when it matches, or when a Last-Modified
                    that the handler added does */
};

void http_header_add(struct ctx *c, struct http_response *rs, const char *name,
                     str value); /* refuses control characters */
/* max_age_s: 0 for as long as the browser is open, -1 to take it away. value: letters and digits.
 */
void http_own_cookie_set(struct ctx *c, const struct http_request *rq, struct http_response *rs,
                         const char *name, str value, long long max_age_s);
/* 303 (after a form) or 301 (renamed for good) to a path of our own; anything else is a BUG. */
void http_redirect(struct ctx *c, struct http_response *rs, int status, str path);

/* ---- parameters ---- */

enum http_param_type {
    PARAM_TEXT,  /* valid UTF-8 without control characters; length in characters within [min, max];
                    trimmed */
    PARAM_LINES, /* the same with line breaks, which arrive as \n */
    PARAM_INT,   /* decimal within [min, max] */
    PARAM_SLUG,  /* a-z 0-9 and single hyphens, at most max (100 when 0) */
    PARAM_LIST,  /* PARAM_SLUG that may occur several times, at most max values (20 when 0); letters
                    of both cases allowed */
    PARAM_FLAG,  /* present or not */
    PARAM_FILE,  /* an upload of at most max bytes */
    PARAM_CHOICE, /* one of the words in choices */
    PARAM_KEYS,   /* keys of the route's reply, with commas between them */
};

struct http_param {
    const char *name; /* in a :segment of the path, else in query or form */
    enum http_param_type type;
    long long min, max;
    bool optional;       /* a missing or empty value is allowed */
    const char *help;    /* Dutch: shown in the API documentation and named in error sentences */
    const char *choices; /* "a|b", for PARAM_CHOICE and for a PARAM_LIST of known values */
};

struct http_param_value {
    const struct http_param *param;
    bool present;
    str text;
    long long number;
    const str *list;
    size_t list_count;
};

/* An undeclared name is a BUG. Missing optional text gives the empty str, a missing number
 * `otherwise`. */
str http_text(const struct http_request *rq, const char *name);
long long http_int(const struct http_request *rq, const char *name, long long otherwise);
bool http_flag(const struct http_request *rq, const char *name);
size_t http_list(const struct http_request *rq, const char *name, const str **ret);

/* ---- routes ---- */

/* What a request takes from its address's allowance. */
enum http_cost { HTTP_COST_PAGE, HTTP_COST_SEARCH, HTTP_COST_FREE }; /* 1, 4, 0 */

typedef int http_handler(struct ctx *c, const struct http_request *rq, struct http_response *rs);

struct http_route {
    enum http_method method; /* GET answers HEAD too */
    const char *pattern; /* "/kennisbank/:slug"; a :name takes one segment; "/assets/\*" (without
                            the backslash) takes the rest as the param named by the star alone */
    http_handler *handler;
    int permission;                  /* enum permission; 0 is PERM_NOBODY: a forgotten one denies */
    const struct http_param *params; /* ends with a zero name; NULL: none */
    const char *help;                /* one English sentence, required */
    bool api;                        /* answers JSON: errors are application/problem+json */
    /* The answer to a GET is the same for everybody and depends on nothing but the target, public
       content and the hour: it may be kept until hooks.content_stamp changes. */
    bool cached;
    enum http_cost cost;
    bool secret;                    /* the path opens something: the log has the pattern instead */
    const struct http_reply *reply; /* of the public API: what comes back; NULL: not of it */
};

struct http_table {
    const struct http_route *routes;
    size_t count;
};

struct http_hooks {
    /* 0 when the actor may use the route; ERR_FORBIDDEN or ERR_NOT_FOUND with words otherwise. Sets
     * ctx->actor. */
    int (*authorize)(struct ctx *c, const struct http_request *rq);
    /* Fills the response for a failed request; ctx->err is set, status is chosen already. */
    void (*error_page)(struct ctx *c, const struct http_request *rq, struct http_response *rs);
    /* Called once per request after the answer is made: log line and metrics. microseconds is
       handler time; e is NULL when all went well. */
    void (*finished)(struct ctx *c, const struct http_request *rq, const struct http_response *rs,
                     const struct err *e, long long microseconds);
    /* A number that is another one after each change of public content. NULL: nothing is cached. */
    long long (*content_stamp)(const struct ctx *c);
};

struct http_limits {
    size_t max_body;    /* bytes */
    size_t max_headers; /* count */
    size_t max_fields;  /* count in query and form */
    int timeout_s;      /* until a head is complete, and for a body or an answer above its rate */
    int min_rate;       /* bytes a second that a body and an answer must make; 0: 8192 */
    int max_connections;
    int max_per_address;      /* connections of one client address; 0: no limit (behind a proxy) */
    size_t max_response;      /* bytes of a made page */
    size_t connection_memory; /* bytes for the head of a request; 0: 64 kB */
    size_t cache;             /* bytes of finished answers that are kept; 0: none */
    int per_minute;           /* requests of one address, in units of http_cost; 0: no limit */
};

struct http_server_options {
    const struct http_table *tables;
    size_t table_count;
    struct http_hooks hooks;
    struct http_limits limits;
    str public_url;      /* scheme decides HSTS; used for redirects to other hosts never */
    str trusted_proxies; /* comma separated addresses or prefixes (127.0.0.1, 10.0.0.0/8, ::1) */
    /* The template from which each request's ctx is made (config, pool, index); arena is made per
     * request. */
    struct ctx base;
};

/* Checks the tables: every route has help, permission, declared :params; duplicates are
   ERR_INTERNAL. The server object is shared by both adapters and read-only while serving. */
struct http_server;
int http_server_new(struct ctx *c, const struct http_server_options *options,
                    struct http_server **ret) _nodiscard_;
const struct http_route *http_server_route(const struct http_server *server,
                                           size_t i); /* NULL past the end */
struct http_cache_status {
    unsigned long long hits, misses;
    size_t bytes;
};
struct http_cache_status http_server_cache(const struct http_server *server);

/* Guard, router, handler, security headers: the way of every request. raw headers and body are what
 * came in. */
struct http_raw {
    str method, target, version;
    const struct http_header *headers;
    size_t header_count;
    str body;
    str peer;    /* address of the connection */
    int port;    /* our own, for the Host check; 0: not known, any will do */
    int refused; /* a status that the adapter decided on, because it saw what the headers do not
                    show; 0: none */
};
/* c has a fresh arena; *ret_rs is filled in it. Never fails: a failure is a response. Returns true
   when the connection must be closed after the answer (ambiguous or malformed request). The body of
   an answer to HEAD and of a 304 stays in rs for its length; an adapter does not send it. */
bool http_serve(const struct http_server *server, struct ctx *c, const struct http_raw *raw,
                struct http_response *ret_rs);

/* The guard alone, before a body is read: 0 or the status to answer (400, 413, 414, 417, 431, 501,
 * 505); the connection is closed after it. */
int http_guard(const struct http_limits *limits, const struct http_raw *raw);

/* ---- the public API: routes with a reply ---- */

/* Every answer of the public API, errors too, has API-Version and may be read by any site (CORS).
   An answer to GET has a strong ETag of its own bytes. OPTIONS is answered, an Accept header that
   rules out JSON is 406, and an undeclared name in the query is 400. */
#define HTTP_API_PREFIX "/api/v1"
/* Of the contract, by semantic versioning; the major number is in the path. */
#define HTTP_API_VERSION "1.0.0"

struct json_shape;

struct http_reply {
    const struct json_shape *shape; /* NULL: an object that another document describes */
    bool list;                      /* a page of them, under "results" */
    bool moves;                     /* 301 when the address is a former one */
    /* Dutch, for the documentation: "Kennisitems", "Alle kennisitems", a sentence. */
    const char *group, *title, *help;
};

/* A row of a table of routes for public content; the last arguments are the fields of its reply. */
#define HTTP_API(path, function, parameters, sentence, ...)                                        \
    HTTP_API_ROW(path, function, parameters, sentence, HTTP_COST_PAGE, __VA_ARGS__)
/* One that costs as much as a search. */
#define HTTP_API_DEAR(path, function, parameters, sentence, ...)                                   \
    HTTP_API_ROW(path, function, parameters, sentence, HTTP_COST_SEARCH, __VA_ARGS__)
#define HTTP_API_ROW(path, function, parameters, sentence, price, ...)                             \
    {                                                                                              \
        .cost = price, .method = HTTP_GET, .pattern = HTTP_API_PREFIX path, .handler = function,   \
        .permission = PERM_PUBLIC, .params = parameters, .help = sentence, .api = true,            \
        .cached = true, .reply = &(const struct http_reply)                                        \
        {                                                                                          \
            __VA_ARGS__                                                                            \
        }                                                                                          \
    }

/* What every list takes: rows for a table of parameters. */
enum { HTTP_MAX_PAGE = 500, HTTP_PAGE_SIZE = 20, HTTP_MAX_PAGE_SIZE = 100 };
#define HTTP_PAGE_PARAMS                                                                           \
    {"pagina", PARAM_INT, 1, HTTP_MAX_PAGE, true, "Nummer van de pagina"},                         \
    {                                                                                              \
        "aantal", PARAM_INT, 1, HTTP_MAX_PAGE_SIZE, true,                                          \
            "Aantal op een pagina, 20 als u niets kiest"                                           \
    }
#define HTTP_KEYS_PARAM                                                                            \
    {                                                                                              \
        "fields", PARAM_KEYS, 1, 1000, true, "Alleen deze velden, met komma's ertussen"            \
    }

struct http_page {
    size_t number, size, offset;
};
struct http_page http_page_of(const struct http_request *rq);
/* Adds the Link header: next, prev, first, last. reachable: how many of the list paging comes to.
 */
void http_page_links(struct ctx *c, const struct http_request *rq, struct http_response *rs,
                     long long reachable);
/* Writes a record, or a page of records, by the shape of the route's reply and the chosen fields.
 */
int http_reply_one(struct ctx *c, const struct http_request *rq, struct http_response *rs,
                   const void *record) _nodiscard_;
int http_reply_list(struct ctx *c, const struct http_request *rq, struct http_response *rs,
                    const void *records, size_t count, long long total) _nodiscard_;
/* For a handler that writes its JSON itself. */
void http_reply_json(struct http_response *rs);
/* public_url without a slash at its end; empty when it is not set. */
str http_public_origin(const struct ctx *c);
/* A path of ours as others must write it: with public_url before it, when that is set. */
str http_absolute(struct ctx *c, str path);

/* The statuses of failed requests to the API and when they occur, in Dutch; false past the end. */
struct http_failure {
    int status;
    const char *title, *when;
};
bool http_api_failure(size_t i, struct http_failure *ret);
extern const struct json_shape http_problem_shape;

/* ---- adapters ---- */

struct http_listener;
/* Listens on address (127.0.0.1, ::1, 0.0.0.0) and port; ERR_CONFLICT with words when the port is
 * in use, ERR_FORBIDDEN without the right. */
int http_listen(struct ctx *c, const struct http_server *server, str address, int port,
                struct http_listener **ret) _nodiscard_;
/* The port it listens on: the one asked for, or what the system chose for 0. */
int http_listener_port(const struct http_listener *listener);
/* Stops accepting, lets running requests finish for at most grace_s seconds, closes. */
void http_listener_stop(struct http_listener *listener, int grace_s);

/* memory.c: one request from text as it would come over the wire ("GET / HTTP/1.1\r\nHost:
 * x\r\n\r\n") through the same way. */
void http_memory(const struct http_server *server, struct ctx *c, str wire,
                 struct http_response *ret_rs);

/* ---- pieces with their own tests and fuzz targets ---- */

/* %XX decoding; plus: '+' is a space (forms). False on bad escapes, NUL or invalid UTF-8. */
bool http_url_decode(struct arena *a, str in, bool plus, str *ret);
str http_url_encode(struct arena *a, str in); /* for a path segment or a query value */
/* name=value&...; at most max fields. False when malformed or too many. */
bool http_parse_urlencoded(struct arena *a, str in, size_t max, struct http_field **ret,
                           size_t *ret_count);
bool http_parse_multipart(struct arena *a, str content_type, str body, size_t max,
                          struct http_field **ret, size_t *ret_count);
