/* password.h - hashing and checking passwords, a bounded number at once. */
#pragma once

#include "auth/auth.h"

enum { PASSWORD_MIN = 12, PASSWORD_MAX = 200 }; /* characters */

/* May take seconds when many sign in: hold no database connection meanwhile. ERR_BUSY with words
   when there is no place in time. */
int password_hash(struct ctx *c, str password, str *ret) _nodiscard_;
/* stored: the hash; empty when there is no such account, which takes as long and is never right.
   may_try is asked again when the turn has come, for meanwhile others may have guessed as well; an
   error of it is passed on. NULL: always. */
typedef int password_may_try(struct ctx *c, void *arg);
int password_check(struct ctx *c, str stored, str password, password_may_try *may_try, void *arg,
                   bool *ret_right) _nodiscard_;
/* Is it hashed at another cost than we ask now? */
bool password_outdated(const struct ctx *c, str stored);
