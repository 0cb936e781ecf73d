#include "auth/password.h"

#include "auth/slots.h"

int password_hash(struct ctx *c, str password, str *ret)
{
    TRY(slots_take(c, c->auth->slots));
    int code = crypto_password_hash(c, password, c->auth->options.cost, ret);
    slots_give(c->auth->slots);
    return code;
}

int password_check(struct ctx *c, str stored, str password, password_may_try *may_try, void *arg,
                   bool *ret_right)
{
    TRY(slots_take(c, c->auth->slots));
    int code = may_try ? may_try(c, arg) : 0;
    if (code == 0) {
        bool right = crypto_password_verify(stored.len ? stored : c->auth->nobody, password);
        *ret_right = right && stored.len > 0;
    }
    slots_give(c->auth->slots);
    return code;
}

bool password_outdated(const struct ctx *c, str stored)
{
    return crypto_password_outdated(stored, c->auth->options.cost);
}
