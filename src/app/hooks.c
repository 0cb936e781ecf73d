#include "app/hooks.h"

#include "auth/permission.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/metrics.h"
#include "db/db.h"
#include "site/site.h"

int hook_authorize(struct ctx *c, const struct http_request *rq)
{
    struct actor *actor = arena_new_of(c->arena, struct actor);
    /* A proxy on this machine that is not in trusted_proxies also comes from loopback: what it
     * passes on is not local. */
    actor->local = http_is_loopback(rq->remote) && !http_header_get(rq, "X-Forwarded-For").len &&
                   !http_header_get(rq, "Forwarded").len &&
                   !http_header_get(rq, "X-Forwarded-Proto").len;
    c->actor = actor;
    if (permission_allows(actor, (enum permission)rq->route->permission))
        return 0;
    return err_set(c, ERR_FORBIDDEN, "U hebt geen rechten voor deze pagina.");
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
        {"path", rq->path},
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
