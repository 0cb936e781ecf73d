/* http_int.h - what the files of this folder share. */
#pragma once

#include <stdatomic.h>

#include "http/http.h"

enum {
    HTTP_METHODS = HTTP_OTHER + 1,
    HTTP_MAX_TARGET = 8 * 1024, /* bytes */
    HTTP_MAX_HEAD = 48 * 1024,  /* bytes of names and values */
    HTTP_MAX_SEGMENTS = 32,     /* of a path */
    HTTP_MAX_FILE_NAME = 255,   /* bytes */
};

/* A trusted proxy: an address with the number of leading bits that count. IPv4 is kept as
 * ::ffff:a.b.c.d. */
struct http_net {
    unsigned char address[16];
    unsigned bits;
};

struct http_node;

struct http_server {
    struct http_server_options options;
    const struct http_route **routes;
    size_t route_count;
    struct http_node *root;
    const struct http_net *trusted;
    size_t trusted_count;
    str public_origin; /* https://voorbeeld.nl, empty when public_url is not set */
    str public_host;   /* voorbeeld.nl or voorbeeld.nl:8443 */
    bool public_secure;
    /* Kept answers; NULL: none. Those to a target with a query have room of their own: anybody can
       think of as many as he likes, and they must not push out the pages. */
    struct http_cache *cache, *cache_of_queries;
    struct http_limiter *limiter; /* NULL: no limit */
};

/* guard.c */
bool http_is_token(str s);
enum http_method http_method_of(str name);
const char *http_method_name(enum http_method method);
str http_raw_header(const struct http_raw *raw,
                    const char *name); /* the first; empty when absent */
/* A target in origin or absolute form; the authority of the latter must be the Host. */
bool http_target_split(str target, str host, str *ret_path, str *ret_query);

/* url.c: decoding with the rules for a path: valid UTF-8, no control characters, no dot segments,
 * no encoded slash. */
bool http_path_decode(struct arena *a, str in, str *ret);
bool http_text_clean(str s); /* valid UTF-8 without C0 and C1 control characters and DEL */

/* proxy.c */
int http_trusted_parse(struct ctx *c, str list, struct http_server *server) _nodiscard_;
/* Fills remote and secure from peer and, when it is trusted, from what the proxy says. */
void http_client_find(const struct http_server *server, struct ctx *c, const struct http_raw *raw,
                      struct http_request *rq);

/* origin.c */
int http_public_url_parse(struct ctx *c, str url, struct http_server *server) _nodiscard_;
bool http_host_known(const struct http_server *server, str host, int port);
int http_origin_check(const struct http_server *server, struct ctx *c,
                      const struct http_request *rq) _nodiscard_;

/* router.c */
struct http_match {
    const struct http_route *route; /* NULL: 404, or 405 when allow is set */
    unsigned allow;                 /* 1 << method of each route on this path */
    size_t count;                   /* of values */
    str values[HTTP_MAX_SEGMENTS];  /* what the :names and * took, in order */
};
int http_router_build(struct ctx *c, struct http_server *server) _nodiscard_;
void http_router_find(const struct http_server *server, enum http_method method, str path,
                      struct http_match *ret);
/* Whether an error on this path is for a program: the route says so, or it is below the first
 * segment of API routes. */
bool http_router_api(const struct http_server *server, const struct http_request *rq);

/* params.c */
int http_params_check(struct ctx *c, const struct http_route *route) _nodiscard_;
int http_params_read(struct ctx *c, struct http_request *rq,
                     const struct http_match *match) _nodiscard_;

bool http_router_public(const struct http_server *server, const struct http_request *rq);

/* api.c */
/* 204 for OPTIONS; allow: the methods of this path. */
void http_api_preflight(struct ctx *c, struct http_response *rs, str allow);
int http_api_accept(struct ctx *c, const struct http_request *rq) _nodiscard_;
/* The headers of the public API on its answers, the failed ones too; before everything else in
 * http_response_finish. */
void http_api_finish(const struct http_server *server, struct ctx *c, const struct http_request *rq,
                     struct http_response *rs);
struct http_problem {
    long long status;
    str title, detail, id;
};

/* forms.c: fields of the query, then of a form in the body. */
int http_fields_read(const struct http_server *server, struct ctx *c,
                     struct http_request *rq) _nodiscard_;

/* response.c */
void http_response_init(struct http_response *rs, struct arena *a, size_t max);
int http_status_of(int code, int chosen);
const char *http_status_title(int status); /* Dutch */
void http_response_problem(struct ctx *c, const struct http_request *rq, struct http_response *rs);
void http_response_plain_error(struct ctx *c, const struct http_request *rq,
                               struct http_response *rs);
str http_response_body(const struct http_response *rs);
/* The last steps of every response. First compression and all headers: what may be kept and sent
   again. thorough: compressed with care, for an answer that is sent many times. */
void http_response_finish(const struct http_server *server, struct ctx *c,
                          const struct http_request *rq, struct http_response *rs, bool thorough);
/* Then 304, when the client has it already. The body of a 304 or of an answer to HEAD stays, for
   its length; an adapter does not send it. */
void http_response_revalidate(const struct http_request *rq, struct http_response *rs);

/* compress.c */
enum http_coding { HTTP_IDENTITY, HTTP_GZIP, HTTP_BROTLI };
/* The best that this Accept-Encoding allows. */
enum http_coding http_coding_choose(str accept);
bool http_compressible(str content_type);
/* False when it would not become smaller or cannot be done: it is then sent as it is. */
bool http_compress(struct arena *a, enum http_coding coding, str in, bool thorough, str *ret);

/* cache.c */
struct http_cache;
struct http_cache *http_cache_new(size_t max_bytes);
void http_cache_free(struct http_cache *cache); /* NULL allowed; after the last request */
/* Fills *rs (status, headers, body, etag) from an answer that was put with this key and stamp. Its
   bytes stay until the arena is reset. */
bool http_cache_find(struct http_cache *cache, struct arena *a, str key, long long stamp,
                     struct http_response *rs);
void http_cache_put(struct http_cache *cache, str key, long long stamp,
                    const struct http_response *rs);
struct http_cache_status http_cache_status(struct http_cache *cache);

/* limit.c */
struct http_limiter;
struct http_allowance {
    bool allowed;
    int limit;                       /* a minute; 0: there is none */
    int remaining, reset_s, retry_s; /* retry_s: 0 when allowed */
};
struct http_limiter *http_limiter_new(struct arena *a, int per_minute);
struct http_allowance http_limiter_take(struct http_limiter *limiter, str address, int cost,
                                        long long now_us);

/* watch.c */
enum http_phase {
    HTTP_WAITING,   /* for a complete head: a new connection, or between requests */
    HTTP_RECEIVING, /* a body */
    HTTP_WORKING,   /* the handler runs */
    HTTP_SENDING    /* the answer */
};
struct http_watched { /* one connection */
    struct http_watched *next, **back;
    int fd;
    bool cut;
    atomic_llong state;  /* phase and when it began; watch.c */
    atomic_size_t bytes; /* received, or to be sent */
};
struct http_watch;
/* limits must live as long. */
int http_watch_start(struct ctx *c, const struct http_limits *limits,
                     struct http_watch **ret) _nodiscard_;
void http_watch_stop(struct http_watch *watch); /* after the last connection is gone */
void http_watch_add(struct http_watch *watch, struct http_watched *w, int fd);
void http_watch_remove(struct http_watch *watch, struct http_watched *w);
void http_watch_phase(struct http_watched *w, enum http_phase phase, size_t bytes);
void http_watch_progress(struct http_watched *w, size_t bytes); /* so many more */
/* Milliseconds that a phase may take with so many bytes, when `open` connections are open;
   LLONG_MAX: no limit. */
long long http_watch_allowed_ms(const struct http_limits *limits, enum http_phase phase,
                                size_t bytes, int open);
