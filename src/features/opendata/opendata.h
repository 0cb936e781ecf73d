/* opendata.h - what others may take from this site by program, and its description. */
#pragma once

#include "http/http.h"

extern const struct module opendata_module;

/* Writes an OpenAPI 3.0 document of the routes that have a reply: addresses and parameters from the
   route tables, what comes back from the shapes. ERR_INTERNAL when it does not fit in b. */
int opendata_openapi(struct ctx *c, const struct http_route *const *routes, size_t count,
                     struct buf *b) _nodiscard_;
