/* accounts.h - who people are: joining, signing in, roles, the own account. */
#pragma once

#include "auth/permission.h"
#include "base/ctx.h"

extern const struct module accounts_module;

struct http_request;

/* Ends looking through somebody else's eyes: the one thing that may be sent meanwhile. */
#define ACCOUNTS_STOP_VIEW "/beheer/bekijk-als/stop"

/* Fills in who sent the request, by its cookie; leaves *actor a visitor when nobody is signed in.
 */
int accounts_actor(struct ctx *c, const struct http_request *rq, struct actor *actor) _nodiscard_;

/* While there is no admin: the address of the page where the first one is made, once. Empty when
   there is one. */
int accounts_first_admin(struct ctx *c, str *ret_url) _nodiscard_;
