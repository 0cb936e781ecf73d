#include "app/hooks.h"

#include "accounts/accounts.h"
#include "auth/permission.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/metrics.h"
#include "db/db.h"
#include "site/site.h"

/* Who looks through somebody's eyes does nothing in his name. */
static int only_looks(struct ctx *c, const struct http_request *rq)
{
    bool reads = rq->method == HTTP_GET || rq->method == HTTP_HEAD;
    if (!c->actor->viewer || reads || str_eqz(rq->path, ACCOUNTS_STOP_VIEW))
        return 0;
    return err_set(c, ERR_FORBIDDEN,
                   "U bekijkt de site als iemand anders. Stop daarmee voordat u iets wijzigt.");
}

static int may(struct ctx *c, const struct http_request *rq)
{
    switch (permission_answer(c->actor, (enum permission)rq->route->permission)) {
    case PERMISSION_YES:
        return 0;
    case PERMISSION_SIGN_IN:
        return err_set(c, ERR_FORBIDDEN, "Log in om deze pagina te zien.");
    case PERMISSION_TWO_FACTOR:
        return err_set(c, ERR_FORBIDDEN,
                       "Uw rol vraagt een tweede stap bij het inloggen. Stel die eerst in, of log "
                       "opnieuw in met de code uit uw app.");
    case PERMISSION_NO:
        break;
    }
    return err_set(c, ERR_FORBIDDEN, "U hebt geen rechten voor deze pagina.");
}

int hook_authorize(struct ctx *c, const struct http_request *rq)
{
    struct actor *actor = arena_new_of(c->arena, struct actor);
    /* A proxy on this machine that is not in trusted_proxies also comes from loopback: what it
     * passes on is not local. */
    actor->local = http_is_loopback(rq->remote) && !http_header_get(rq, "X-Forwarded-For").len &&
                   !http_header_get(rq, "Forwarded").len &&
                   !http_header_get(rq, "X-Forwarded-Proto").len;
    actor->origin = rq->remote;
    c->actor = actor;
    /* What costs nothing (files, health) shows no name: it needs no look in the database. */
    if (rq->route->cost != HTTP_COST_FREE)
        TRY(accounts_actor(c, rq, actor));
    TRY(only_looks(c, rq));
    return may(c, rq);
}

void hook_error_page(struct ctx *c, const struct http_request *rq, struct http_response *rs)
{
    site_error_page(c, rq, rs);
}

void hook_finished(struct ctx *c, const struct http_request *rq, const struct http_response *rs,
                   const struct err *e, long long microseconds)
{
    static const char *const methods[] = {"GET",    "HEAD",    "POST", "PUT",
                                          "DELETE", "OPTIONS", "OTHER"};
    struct log_field fields[9] = {
        {"id", rq->id},
        {"method", str_from(methods[rq->method])},
        {"path", rq->route && rq->route->secret ? str_from(rq->route->pattern) : rq->path},
        {"status", str_fmt(c->arena, "%d", rs->status)},
        {"us", str_fmt(c->arena, "%lld", microseconds)},
    };
    size_t count = 5;
    if (c->metrics)
        metrics_request(c->metrics, rs->status, microseconds);
    if (e) {
        fields[count++] = (struct log_field){"error", str_from(err_name(e->code))};
        fields[count++] = (struct log_field){"detail", e->detail};
        fields[count++] = (struct log_field){
            "source", str_fmt(c->arena, "%s:%d", e->file ? e->file : "-", e->line)};
    }
    log_line(rs->status >= 500 ? LOG_ERROR : LOG_INFO, "request", fields, count);
}

/* Dates on pages ("opnieuw bekijken") change at midnight, which is a whole hour everywhere. */
long long hook_content_stamp(const struct ctx *c)
{
    return clock_now() / 3600 * 1000000 + db_generation(c) % 1000000;
}
