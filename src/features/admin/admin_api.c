/* /health for load balancers, /metrics for Prometheus, and the files of the pages. */
#include "admin/admin_int.h"

#include "base/embedded.h"
#include "base/metrics.h"
#include "mail/mail.h"
#include "json/json.h"

enum { ASSET_MAX_AGE = 31536000, FONT_MAX_AGE = 30 * 86400 };

static void write_health(struct http_response *rs, const struct admin_database *database,
                         const struct index_status *index)
{
    struct json j;
    json_begin(&j, &rs->body);
    json_object_begin(&j);
    json_kstr(&j, "status", database->up ? S("ok") : S("down"));
    json_kbool(&j, "database", database->up);
    json_kint(&j, "documents", (long long)index->documents);
    json_kint(&j, "lastChange", index->last_change);
    json_object_end(&j);
}

int admin_health(struct ctx *c, const struct http_request *rq _unused_, struct http_response *rs)
{
    struct admin_database database = {0};
    struct index_status index = {0};
    int code = admin_store_database(c, &database);
    if (code == 0)
        code = index_status(c, c->index, &index);
    database.up = database.up && code == 0;
    rs->status = database.up ? 200 : 503;
    rs->content_type = "application/json; charset=utf-8";
    write_health(rs, &database, &index);
    return 0;
}

static void gauge(struct buf *b, const char *name, const char *help, long long value)
{
    buf_fmt(b, "# HELP %s %s\n# TYPE %s gauge\n%s %lld\n", name, help, name, name, value);
}

int admin_metrics(struct ctx *c, const struct http_request *rq _unused_, struct http_response *rs)
{
    struct admin_database database = {0};
    struct index_status index = {0};
    struct jobs_status jobs = {0};
    struct buf *b = &rs->body;
    int up = admin_store_database(c, &database) == 0 && database.up;
    metrics_write(c->metrics, b);
    gauge(b, "aanjager_database_up", "Is the database there.", up);
    if (up) {
        gauge(b, "aanjager_database_bytes", "Size of the database.", database.size_bytes);
        gauge(b, "aanjager_database_connections", "Connections in use.", database.connections_used);
        gauge(b, "aanjager_database_queries_total", "Queries so far.", (long long)database.queries);
        gauge(b, "aanjager_database_errors_total", "Failed queries so far.",
              (long long)database.errors);
    }
    if (up && jobs_status(c, &jobs) == 0) {
        gauge(b, "aanjager_jobs_waiting", "Jobs in the queue.", jobs.waiting);
        gauge(b, "aanjager_jobs_failed", "Jobs that gave up.", jobs.failed);
    }
    struct mail_status mail = {0};
    if (up && mail_status(c, &mail) == 0) {
        gauge(b, "aanjager_mail_waiting", "Mails in the outbox.", mail.waiting + mail.sending);
        gauge(b, "aanjager_mail_oldest_seconds", "How long the oldest mail has been due.",
              mail.oldest_waiting_s);
        gauge(b, "aanjager_mail_failed", "Mails that were not sent.", mail.failed);
        gauge(b, "aanjager_mail_uncertain", "Mails that were probably sent.", mail.uncertain);
    }
    struct admin_backup last = {0};
    long long proven = 0;
    if (up && admin_store_last_backup(c, &last, &proven) == 0) {
        gauge(b, "aanjager_backup_time", "When the last copy of the database was made.",
              last.made_at);
        gauge(b, "aanjager_backup_proven_time", "When a copy was last restored and found right.",
              proven);
    }
    if (index_status(c, c->index, &index) == 0) {
        gauge(b, "aanjager_index_documents", "Documents in the index.", (long long)index.documents);
        gauge(b, "aanjager_index_change", "Last change that the index has.", index.last_change);
    }
    rs->content_type = "text/plain; version=0.0.4; charset=utf-8";
    return 0;
}

int admin_asset(struct ctx *c, const struct http_request *rq, struct http_response *rs)
{
    const struct embedded_file *file =
        embedded_find(&embedded_assets, str_slice(rq->path, sizeof "/assets/" - 1, rq->path.len));
    if (!file)
        return err_set(c, ERR_NOT_FOUND, "Dit bestand bestaat niet.");
    /* Pages ask for a file by the hash of its bytes; that answer never changes. Any other query is
       sent there, or each made-up one would be compressed anew. */
    str by_hash_query = str_fmt(c->arena, "v=%s", file->hash);
    bool by_hash = str_eq(rq->query, by_hash_query);
    if (rq->query.len && !by_hash) {
        str path = str_join(c->arena, (str[]){rq->path, by_hash_query}, 2, S("?"));
        http_redirect(c, rs, 301, path);
        return 0;
    }
    rs->static_body = file->bytes;
    rs->content_type = file->type;
    rs->etag = str_from(file->hash);
    /* The style sheet names fonts without a hash: it is made before their hash is known. They
     * hardly ever change. */
    bool is_font = str_ends(file->path, S(".woff2"));
    rs->max_age = by_hash ? ASSET_MAX_AGE : is_font ? FONT_MAX_AGE : 0;
    return 0;
}
