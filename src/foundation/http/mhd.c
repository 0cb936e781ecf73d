/* The socket adapter: libmicrohttpd, one thread per connection.

   An arena belongs to a connection and is reset after each request; the answer is sent from it
   without copying. What the library forgives but we do not (a bare line feed, a NUL, a folded
   header, blanks in the request line) is seen by comparing the bytes of the head with what the
   library made of them. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <unistd.h>

#include <microhttpd.h>

#include "base/log.h"
#include "base/vec.h"
#include "http/http_int.h"

enum {
    CONNECTION_MEMORY = 64 * 1024, /* unless the limits say otherwise */
    THREAD_STACK = 512 * 1024,
    BACKLOG = 256,
    /* Of a chunked body that is too large this much more is read, so that the client sees our
       answer. */
    DISCARD_MAX = 1024 * 1024,
};

struct http_listener {
    const struct http_server *server;
    struct MHD_Daemon *daemon;
    struct http_watch *watch;
    int socket, port;
    bool head_is_known; /* this version of the library keeps the head in the way that head_is_plain
                           knows */
    atomic_int running;
    atomic_bool stopping;
};

struct connection {
    struct arena *arena; /* reset after each request */
    struct http_watched watched;
};

/* One request; lives in the arena of its connection. */
struct exchange {
    struct arena *arena;
    struct connection *connection;
    struct http_raw raw;
    struct buf body;
    size_t discarded;
    const char *head_end; /* where the body begins in the library's buffer */
    bool begun, answered;
};

/* ---- reading ---- */

struct header_list {
    struct arena *arena;
    struct http_header *items;
    size_t count, capacity;
};

static enum MHD_Result header_add(void *cls, enum MHD_ValueKind kind, const char *key,
                                  size_t key_size, const char *value, size_t value_size)
{
    struct header_list *list = cls;
    (void)kind;
    *vec_push(list->arena, list) =
        (struct http_header){str_of(key, key_size), str_of(value ? value : "", value_size)};
    return MHD_YES;
}

/* Takes expected and then `zeros` NUL bytes off the front of *rest. */
static bool head_take(str *rest, str expected, size_t zeros)
{
    static const char nothing[2] = {0};
    if (!str_starts(*rest, expected))
        return false;
    *rest = str_slice(*rest, expected.len, rest->len);
    if (!str_starts(*rest, str_of(nothing, zeros)))
        return false;
    *rest = str_slice(*rest, zeros, rest->len);
    return true;
}

/* The library parses in place: it puts a NUL over the blanks of the request line, the colon and
   both bytes of a line end. So the head must be exactly method, target, version and the headers
   with those NULs between; where one byte is over or short, something stood there that nobody may
   send. The target itself is decoded in place and only counted. head_size bytes from the method are
   the head by the library's own count. */
static bool head_is_plain(const struct http_raw *raw, size_t head_size)
{
    str rest = str_of(raw->method.ptr, head_size);
    if (!head_take(&rest, raw->method, 1) || rest.len < raw->target.len)
        return false;
    rest = str_slice(rest, raw->target.len, rest.len);
    if (!head_take(&rest, S(""), 1) || !head_take(&rest, raw->version, 2))
        return false;
    for (size_t i = 0; i < raw->header_count; i++) {
        if (!head_take(&rest, raw->headers[i].name, 1))
            return false;
        while (rest.len && (rest.ptr[0] == ' ' || rest.ptr[0] == '\t'))
            rest = str_slice(rest, 1, rest.len);
        if (!head_take(&rest, raw->headers[i].value, 2))
            return false;
    }
    return head_take(&rest, S(""), 2) && !rest.len;
}

static void headers_read(struct MHD_Connection *connection, struct exchange *ex)
{
    struct header_list list = {.arena = ex->arena};
    (void)MHD_get_connection_values_n(connection, MHD_HEADER_KIND, header_add, &list);
    ex->raw.headers = list.items;
    ex->raw.header_count = list.count;
}

static void headers_trim(struct exchange *ex)
{
    struct http_header *headers = arena_array(ex->arena, ex->raw.header_count + 1, sizeof *headers);
    for (size_t i = 0; i < ex->raw.header_count; i++) {
        headers[i] = ex->raw.headers[i];
        str *v = &headers[i].value;
        while (v->len && (v->ptr[v->len - 1] == ' ' || v->ptr[v->len - 1] == '\t'))
            v->len--;
    }
    ex->raw.headers = headers;
}

static str peer_text(struct MHD_Connection *connection, struct arena *a)
{
    char text[INET6_ADDRSTRLEN] = "";
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    if (!info || !info->client_addr)
        return S("");
    if (info->client_addr->sa_family == AF_INET) {
        struct sockaddr_in in;
        memcpy(&in, info->client_addr, sizeof in);
        (void)inet_ntop(AF_INET, &in.sin_addr, text, sizeof text);
    } else if (info->client_addr->sa_family == AF_INET6) {
        struct sockaddr_in6 in6;
        memcpy(&in6, info->client_addr, sizeof in6);
        if (IN6_IS_ADDR_V4MAPPED(&in6.sin6_addr))
            (void)inet_ntop(AF_INET, &in6.sin6_addr.s6_addr[12], text, sizeof text);
        else
            (void)inet_ntop(AF_INET6, &in6.sin6_addr, text, sizeof text);
    }
    return str_dup(a, str_from(text));
}

/* The head is complete, the body not yet read: the moment of the guard. */
static void head_read(struct http_listener *listener, struct MHD_Connection *connection,
                      struct exchange *ex, const char *method, const char *version)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
    ex->begun = true;
    ex->raw.method = str_from(method);
    ex->raw.version = str_from(version);
    ex->raw.peer = peer_text(connection, ex->arena);
    ex->raw.port = listener->port;
    buf_init(&ex->body, ex->arena, listener->server->options.limits.max_body);
    headers_read(connection, ex);
    if (listener->head_is_known) {
        bool plain = info && head_is_plain(&ex->raw, info->header_size);
        if (!plain)
            ex->raw.refused = 400;
        else
            ex->head_end = method + info->header_size;
    }
    headers_trim(ex);
    if (!ex->raw.refused)
        ex->raw.refused = http_guard(&listener->server->options.limits, &ex->raw);
}

static size_t connection_memory(const struct http_listener *listener)
{
    size_t bytes = listener->server->options.limits.connection_memory;
    return bytes ? bytes : CONNECTION_MEMORY;
}

/* The size line of a chunk stands before its data in the library's buffer, unless the data came
 * later. It ends with CRLF. */
static bool chunk_line_is_plain(const struct http_listener *listener, const struct exchange *ex,
                                const char *data)
{
    if (!ex->head_end || data < ex->head_end + 2 ||
        data > ex->head_end + connection_memory(listener) ||
        !http_raw_header(&ex->raw, "Transfer-Encoding").len)
        return true;
    return data[-1] != '\n' || data[-2] == '\r';
}

static enum MHD_Result body_read(const struct http_listener *listener, struct exchange *ex,
                                 const char *data, size_t size)
{
    http_watch_progress(&ex->connection->watched, size);
    if (!chunk_line_is_plain(listener, ex, data))
        ex->raw.refused = 400;
    if (!ex->raw.refused) {
        buf_add(&ex->body, str_of(data, size));
        if (!buf_ok(&ex->body))
            ex->raw.refused = 413;
        return MHD_YES;
    }
    ex->discarded += size;
    if (ex->discarded <= DISCARD_MAX)
        return MHD_YES;
    return MHD_NO; /* it goes on and on: closed without an answer */
}

/* ---- answering ---- */

/* The library takes no empty value; a header without one says nothing. */
static bool header_send(struct MHD_Response *response, struct arena *a, const struct http_header *h)
{
    return !h->value.len ||
           MHD_add_response_header(response, str_z(a, h->name), str_z(a, h->value)) == MHD_YES;
}

static enum MHD_Result answer(struct http_listener *listener, struct MHD_Connection *connection,
                              struct exchange *ex)
{
    struct ctx c = {.arena = ex->arena};
    struct http_response rs;
    ex->answered = true;
    ex->raw.body = ex->raw.refused ? S("") : buf_str(&ex->body);
    http_watch_phase(&ex->connection->watched, HTTP_WORKING, 0);
    bool close = http_serve(listener->server, &c, &ex->raw, &rs);
    str body = http_response_body(&rs);
    http_watch_phase(&ex->connection->watched, HTTP_SENDING, body.len);
    struct MHD_Response *response = MHD_create_response_from_buffer(
        body.len, (void *)(uintptr_t)body.ptr, MHD_RESPMEM_PERSISTENT);
    if (!response)
        return MHD_NO;
    bool whole = true;
    for (size_t i = 0; i < rs.headers.count; i++)
        whole = header_send(response, ex->arena, &rs.headers.items[i]) && whole;
    if (close || atomic_load(&listener->stopping))
        (void)MHD_add_response_header(response, "Connection", "close");
    /* For lack of memory rather no answer than one without its headers for safety. */
    enum MHD_Result queued =
        whole ? MHD_queue_response(connection, (unsigned)rs.status, response) : MHD_NO;
    MHD_destroy_response(response);
    return queued;
}

/* ---- what the library calls ---- */

static size_t unescape_nothing(void *cls, struct MHD_Connection *connection, char *s)
{
    (void)cls;
    (void)connection;
    return strlen(s);
}

static struct connection *connection_of(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    if (!info || !info->socket_context)
        BUG("a connection without a context");
    return info->socket_context;
}

static struct connection *connection_new(struct http_watch *watch, struct MHD_Connection *from)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(from, MHD_CONNECTION_INFO_CONNECTION_FD);
    struct connection *connection = calloc(1, sizeof *connection);
    if (!connection || !info)
        BUG("no memory for a connection");
    connection->arena = arena_new();
    http_watch_add(watch, &connection->watched, info->connect_fd);
    return connection;
}

static void on_connection(void *cls, struct MHD_Connection *from, void **context,
                          enum MHD_ConnectionNotificationCode code)
{
    struct http_listener *listener = cls;
    struct connection *connection = *context;
    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        *context = connection_new(listener->watch, from);
        return;
    }
    http_watch_remove(listener->watch, &connection->watched); /* before its socket is closed */
    arena_free(connection->arena);
    free(connection);
    *context = NULL;
}

/* The request line has been read, and target is still as it was sent. */
static void *on_request_line(void *cls, const char *target, struct MHD_Connection *from)
{
    struct http_listener *listener = cls;
    struct connection *connection = connection_of(from);
    struct exchange *ex = arena_new_of(connection->arena, struct exchange);
    ex->arena = connection->arena;
    ex->connection = connection;
    ex->raw.target = str_dup(ex->arena, str_from(target));
    atomic_fetch_add(&listener->running, 1);
    return ex;
}

/* A request that the library refused itself, or whose client left halfway, is logged and counted
   too. Of its head only our own copies are used. */
static void unanswered_finish(struct http_listener *listener, struct MHD_Connection *connection,
                              const struct exchange *ex)
{
    struct ctx c = {.arena = ex->arena};
    struct http_response rs;
    struct http_raw raw = {.target = ex->raw.target,
                           .peer = peer_text(connection, ex->arena),
                           .port = listener->port,
                           .refused = ex->raw.refused ? ex->raw.refused : 400};
    (void)http_serve(listener->server, &c, &raw, &rs);
}

static void on_completed(void *cls, struct MHD_Connection *connection, void **request,
                         enum MHD_RequestTerminationCode code)
{
    struct http_listener *listener = cls;
    struct exchange *ex = *request;
    if (!ex)
        return;
    *request = NULL;
    if (!ex->answered && code == MHD_REQUEST_TERMINATED_WITH_ERROR)
        unanswered_finish(listener, connection, ex);
    http_watch_phase(&ex->connection->watched, HTTP_WAITING, 0);
    arena_reset(ex->arena);
    atomic_fetch_sub(&listener->running, 1);
}

static enum MHD_Result on_request(void *cls, struct MHD_Connection *connection, const char *url,
                                  const char *method, const char *version, const char *data,
                                  size_t *data_size, void **request)
{
    struct http_listener *listener = cls;
    struct exchange *ex = *request;
    (void)url;
    if (!ex)
        return MHD_NO;
    if (!ex->begun) {
        head_read(listener, connection, ex, method, version);
        http_watch_phase(&ex->connection->watched, HTTP_RECEIVING, 0);
        return ex->raw.refused ? answer(listener, connection, ex) : MHD_YES;
    }
    if (*data_size) {
        size_t size = *data_size;
        *data_size = 0;
        return body_read(listener, ex, data, size);
    }
    return answer(listener, connection, ex);
}

__attribute__((format(printf, 2, 0))) static void on_message(void *cls, const char *format,
                                                             va_list args)
{
    char text[256];
    (void)cls;
    if (vsnprintf(text, sizeof text, format, args) > 0)
        log_text(LOG_DEBUG, "libmicrohttpd", "%s", text);
}

/* ---- listening ---- */

static bool address_fill(str address, int port, struct sockaddr_storage *ret, socklen_t *ret_len)
{
    char z[INET6_ADDRSTRLEN];
    struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    struct sockaddr_in6 in6 = {.sin6_family = AF_INET6, .sin6_port = htons((uint16_t)port)};
    if (!address.len || address.len >= sizeof z)
        return false;
    memcpy(z, address.ptr, address.len);
    z[address.len] = '\0';
    if (inet_pton(AF_INET, z, &in.sin_addr) == 1) {
        memcpy(ret, &in, sizeof in);
        *ret_len = sizeof in;
        return true;
    }
    memcpy(ret, &in6, sizeof in6);
    *ret_len = sizeof in6;
    return inet_pton(AF_INET6, z, &((struct sockaddr_in6 *)(void *)ret)->sin6_addr) == 1;
}

static int bind_failed(struct ctx *c, str address, int port)
{
    int why = errno;
    if (why == EADDRINUSE)
        return err_set(c, ERR_CONFLICT,
                       "Poort %d is al in gebruik. Stop het andere programma of kies een andere "
                       "poort.",
                       port);
    if (why == EACCES)
        return err_set(c, ERR_FORBIDDEN,
                       "Dit programma mag poort %d niet openen. Kies een poort boven 1023.", port);
    err_set(c, ERR_INVALID, "Het adres %.*s is niet van deze machine. Kies een ander adres.",
            (int)address.len, address.ptr);
    err_context(c, "bind: %s", strerrordesc_np(why));
    return ERR_INVALID;
}

static int socket_open(struct ctx *c, str address, int port, int *ret)
{
    struct sockaddr_storage where = {0};
    socklen_t len = 0;
    const int on = 1;
    if (port < 0 || port > 65535 || !address_fill(address, port, &where, &len))
        return err_set(c, ERR_INVALID,
                       "%.*s met poort %d is geen adres. Gebruik bijvoorbeeld 127.0.0.1 en 8080.",
                       (int)address.len, address.ptr, port);
    int fd = socket(where.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return bind_failed(c, address, port);
    (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(fd, (struct sockaddr *)&where, len) != 0 || listen(fd, BACKLOG) != 0) {
        int code = bind_failed(c, address, port);
        (void)close(fd);
        return code;
    }
    *ret = fd;
    return 0;
}

static int socket_port(int fd)
{
    struct sockaddr_storage where = {0};
    socklen_t len = sizeof where;
    if (getsockname(fd, (struct sockaddr *)&where, &len) != 0)
        return 0;
    if (where.ss_family == AF_INET)
        return ntohs(((struct sockaddr_in *)(void *)&where)->sin_port);
    return ntohs(((struct sockaddr_in6 *)(void *)&where)->sin6_port);
}

static struct MHD_Daemon *daemon_start(struct http_listener *listener)
{
    const struct http_limits *limits = &listener->server->options.limits;
    const unsigned flags = MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_THREAD_PER_CONNECTION |
                           MHD_USE_POLL | MHD_USE_ITC | MHD_USE_ERROR_LOG;
    /* In 0.9.75 strictness only adds two errors that our guard finds itself, and answers them
       worse: one with its head sent twice, one by closing. In later versions it is a strict parser.
     */
    const int strict = listener->head_is_known ? 0 : 1;
    /* At its own limit the library turns newcomers away; watch.c makes room for them before that.
     */
    const int most = limits->max_connections + limits->max_connections / 2;
    /* clang-format off */
    return MHD_start_daemon(
        flags, 0, NULL, NULL, on_request, listener,
        MHD_OPTION_EXTERNAL_LOGGER, on_message, NULL,
        MHD_OPTION_LISTEN_SOCKET, listener->socket,
        MHD_OPTION_STRICT_FOR_CLIENT, strict,
        MHD_OPTION_UNESCAPE_CALLBACK, unescape_nothing, NULL,
        MHD_OPTION_URI_LOG_CALLBACK, on_request_line, listener,
        MHD_OPTION_NOTIFY_COMPLETED, on_completed, listener,
        MHD_OPTION_NOTIFY_CONNECTION, on_connection, listener,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, connection_memory(listener),
        MHD_OPTION_THREAD_STACK_SIZE, (size_t)THREAD_STACK,
        MHD_OPTION_CONNECTION_LIMIT, (unsigned)most,
        MHD_OPTION_PER_IP_CONNECTION_LIMIT, (unsigned)limits->max_per_address,
        MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)limits->timeout_s,
        MHD_OPTION_END);
    /* clang-format on */
}

int http_listen(struct ctx *c, const struct http_server *server, str address, int port,
                struct http_listener **ret)
{
    int fd = -1;
    TRY(socket_open(c, address, port, &fd));
    struct http_listener *listener = arena_new_of(c->arena, struct http_listener);
    listener->server = server;
    listener->socket = fd;
    listener->port = socket_port(fd);
    listener->head_is_known = str_starts(str_from(MHD_get_version()), S("0.9.75"));
    int code = http_watch_start(c, &server->options.limits, &listener->watch);
    if (code < 0) {
        (void)close(fd);
        return code;
    }
    listener->daemon = daemon_start(listener);
    if (!listener->daemon) {
        http_watch_stop(listener->watch);
        (void)close(fd);
        return err_detail(c, ERR_INTERNAL, "libmicrohttpd does not start on port %d", port);
    }
    *ret = listener;
    return 0;
}

int http_listener_port(const struct http_listener *listener)
{
    return listener->port;
}

void http_listener_stop(struct http_listener *listener, int grace_s)
{
    const struct timespec moment = {.tv_nsec = 10 * 1000 * 1000};
    atomic_store(&listener->stopping, true);
    (void)MHD_quiesce_daemon(listener->daemon);
    /* New clients are refused at once; the socket is closed when no thread can use it any more. */
    (void)shutdown(listener->socket, SHUT_RDWR);
    for (int i = 0; i < grace_s * 100 && atomic_load(&listener->running) > 0; i++)
        (void)nanosleep(&moment, NULL);
    MHD_stop_daemon(listener->daemon);
    http_watch_stop(listener->watch);
    (void)close(listener->socket);
}
