/* hooks.h - what the program adds to every request: who asks, the error page, the log line. */
#pragma once

#include "http/http.h"

int hook_authorize(struct ctx *c, const struct http_request *rq);
void hook_error_page(struct ctx *c, const struct http_request *rq, struct http_response *rs);
void hook_finished(struct ctx *c, const struct http_request *rq, const struct http_response *rs,
                   const struct err *e, long long microseconds);
long long hook_content_stamp(const struct ctx *c);
