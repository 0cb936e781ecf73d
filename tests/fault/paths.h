/* paths.h - an address for every GET route, found by following the links of the program's own
   answers. A new route is there by itself, as soon as a page or an API answer leads to it. */
#pragma once

#include "web.h"

struct path {
    const struct http_route *route; /* NULL: no route has this address */
    str path;
};

struct paths {
    struct path *items;
    size_t count, capacity;
};

/* First the addresses of `more` (ends with NULL), then of each route one without and one with a
   query, where there is a link to it. A route that no link and none of `more` leads to fails the
   test, and so does a link to what is not there. */
void paths_find(struct web *w, struct http_server *server, const char *const *more,
                struct paths *ret);
