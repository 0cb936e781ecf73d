/* site.h - the pages that belong to no single feature: home, terms, about, statements, errors. */
#pragma once

#include "http/http.h"

extern const struct module site_module;

/* The page for a failed request: what happened, in words from c->err, and where to go. */
void site_error_page(struct ctx *c, const struct http_request *rq, struct http_response *rs);
