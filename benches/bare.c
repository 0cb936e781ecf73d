/* bare.c - a libmicrohttpd server that does nothing but answer the bytes of one file: the ceiling
   of what our server, which stands on the same library with the same options, can reach.

       bench_bare FILE PORT

   Serves on 127.0.0.1 until SIGTERM. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <arpa/inet.h>
#include <microhttpd.h>

enum { MAX_FILE = 1024 * 1024 };

static char bytes[MAX_FILE];
static size_t size;
static struct MHD_Response *response;

static enum MHD_Result on_request(void *cls, struct MHD_Connection *connection, const char *url,
                                  const char *method, const char *version, const char *data,
                                  size_t *data_size, void **request)
{
    static int seen;
    (void)cls;
    (void)url;
    (void)method;
    (void)version;
    (void)data;
    if (!*request) { /* the head; a second call comes when the body, if any, is over */
        *request = &seen;
        return MHD_YES;
    }
    *data_size = 0;
    return MHD_queue_response(connection, MHD_HTTP_OK, response);
}

/* As in src/foundation/http/mhd.c. */
static struct MHD_Daemon *start(struct sockaddr_in *address)
{
    const unsigned flags = MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_THREAD_PER_CONNECTION |
                           MHD_USE_POLL | MHD_USE_ITC | MHD_USE_ERROR_LOG;
    return MHD_start_daemon(flags, 0, NULL, NULL, on_request, NULL, MHD_OPTION_SOCK_ADDR, address,
                            MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)(64 * 1024),
                            MHD_OPTION_THREAD_STACK_SIZE, (size_t)(512 * 1024),
                            MHD_OPTION_CONNECTION_LIMIT, 128U, MHD_OPTION_CONNECTION_TIMEOUT, 20U,
                            MHD_OPTION_END);
}

int main(int argc, char **argv)
{
    sigset_t signals;
    int number;
    FILE *f = argc == 3 ? fopen(argv[1], "rb") : NULL;
    if (!f) {
        fprintf(stderr, "use: bench_bare FILE PORT\n");
        return 2;
    }
    size = fread(bytes, 1, sizeof bytes, f);
    fclose(f);
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &signals, NULL);
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)strtol(argv[2], NULL, 10)),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    response = MHD_create_response_from_buffer(size, bytes, MHD_RESPMEM_PERSISTENT);
    MHD_add_response_header(response, "Content-Type", "text/html; charset=utf-8");
    struct MHD_Daemon *daemon = start(&address);
    if (!daemon)
        return 1;
    sigwait(&signals, &number);
    MHD_stop_daemon(daemon);
    MHD_destroy_response(response);
    return 0;
}
