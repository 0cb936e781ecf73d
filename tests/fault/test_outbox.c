/* A mail with a note in the audit log, and its sending, with each allocation, query and file write
   failing in turn: both are there or neither; and the mail arrives exactly once. */
#include "loop.h"

#include "audit/audit.h"
#include "mail/mail.h"
#include "smtp_server.h"

static struct web *w;
static struct smtp_server *server;

static long long number(struct web *web, const char *sql)
{
    struct ctx c = ctx_child(&web->app.ctx);
    long long n = -1;
    CHECK_OK(&c, db_get_int_(&c, &n, sql, NULL, 0));
    arena_free(c.arena);
    return n;
}

static void execute(struct web *web, const char *sql)
{
    struct ctx c = ctx_child(&web->app.ctx);
    CHECK_OK(&c, db_exec_(&c, NULL, sql, NULL, 0));
    arena_free(c.arena);
}

static struct ctx run_ctx(struct web *web)
{
    struct ctx c = web->app.ctx;
    c.arena = web->page;
    c.lease = NULL;
    return c;
}

struct outbox_run {
    int code;
    bool words;
    long long mails, notes;
    int doubtful;
};

static void keep(struct outbox_run *r, const struct ctx *c, int code)
{
    r->code = code;
    r->words = code == 0 || err_words(&c->err).len > 0;
}

/* ---- queueing ---- */

static const struct mail_message message = {
    .kind = MAIL_BULK,
    .to = STR("lezer@gemeente.test"),
    .to_name = STR("Jan de Vries"),
    .content = {.subject = STR("Nieuws voor één gemeente"), .text = STR("Het nieuws.\n")},
};

static int queue_and_note(struct ctx *c, void *arg _unused_)
{
    const struct audit_entry e = {
        .who = S("systeem"), .verb = S("mail.queue"), .origin = S("192.0.2.1")};
    TRY(audit_note(c, &e));
    return mail_queue(c, &message, NULL);
}

static void count(struct web *web, struct outbox_run *r)
{
    r->mails = number(web, "SELECT COUNT(*) FROM mail");
    r->notes = number(web, "SELECT COUNT(*) FROM audit");
}

static void queue_begin(struct web *web, void *arg)
{
    count(web, arg);
}

static void queue_run(struct web *web, void *arg)
{
    struct ctx c = run_ctx(web);
    keep(arg, &c, db_transaction(&c, queue_and_note, NULL));
    arena_reset(web->page);
}

static enum loop_outcome queue_judge(struct web *web, void *arg)
{
    struct outbox_run *r = arg, was = *r;
    struct ctx c = ctx_child(&web->app.ctx);
    struct audit_head head;
    long long rows;
    count(web, r);
    int code = audit_verify(&c, NULL, &head, &rows);
    arena_free(c.arena);
    long long mails = r->mails - was.mails;
    if (code < 0 || !r->words || mails != r->notes - was.notes || mails < 0 || mails > 1)
        return LOOP_WRONG;
    if (number(web, "SELECT COUNT(*) FROM mail_content") != r->mails)
        return LOOP_WRONG;
    return r->code == 0 ? (mails ? LOOP_RIGHT : LOOP_WRONG) : mails ? LOOP_UNSURE : LOOP_CLEAN;
}

static void queueing(void **state _unused_)
{
    struct outbox_run r = {0};
    loop_run(w, &(struct loop_work){.name = "a mail and a note",
                                    .begin = queue_begin,
                                    .run = queue_run,
                                    .judge = queue_judge,
                                    .arg = &r});
}

/* ---- sending ---- */

static void send_begin(struct web *web, void *arg _unused_)
{
    struct ctx c = ctx_child(&web->app.ctx);
    execute(web, "DELETE FROM mail");
    execute(web, "DELETE FROM mail_content");
    CHECK_OK(&c, mail_queue(&c, &message, NULL));
    arena_free(c.arena);
    smtp_server_reset(server);
}

static void send_run(struct web *web, void *arg)
{
    struct ctx c = run_ctx(web);
    keep(arg, &c, mail_send_due(&c, S("")));
    arena_reset(web->page);
}

/* As after the end of every lease. Whoever got it once is right, whatever we know of it. One
   allocation of libcurl stands between our last word and the dot: when that fails, the mail counts
   as probably sent, and is not. */
static enum loop_outcome send_judge(struct web *web, void *arg)
{
    struct outbox_run *r = arg;
    struct outbox_run first = *r;
    bool sent = number(web, "SELECT COUNT(*) FROM mail WHERE state = 3") == 1;
    execute(web, "UPDATE mail SET lease_until = 0 WHERE state IN (1, 2)");
    execute(web, "UPDATE mail SET next_at = 0 WHERE state = 0");
    send_run(web, arg);
    long long open = number(web, "SELECT COUNT(*) FROM mail WHERE state IN (0, 1, 2)");
    bool doubtful = !server->count && number(web, "SELECT COUNT(*) FROM mail WHERE state = 5") == 1;
    r->doubtful = first.doubtful + doubtful;
    if (r->code != 0 || !first.words || open || server->count + doubtful != 1)
        return LOOP_WRONG;
    return first.code == 0 && sent ? LOOP_RIGHT : LOOP_CLEAN;
}

static void sending(void **state _unused_)
{
    struct outbox_run r = {0};
    loop_run(w, &(struct loop_work){.name = "sending a mail",
                                    .begin = send_begin,
                                    .run = send_run,
                                    .judge = send_judge,
                                    .arg = &r,
                                    .may_lose = 1024 * 1024});
    CHECK(r.doubtful <= 2); /* once, and once for good */
}

static void set(const char *name, str value)
{
    CHECK_OK(&w->app.ctx,
             config_set(&w->app.ctx, w->app.config, str_from(name), value, CONFIG_COMMAND_LINE));
}

static int begin(void **state _unused_)
{
    server = smtp_server_start();
    w = web_begin();
    set("smtp_url", str_fmt(w->app.arena, "smtp://127.0.0.1:%d", server->port));
    set("mail_from", S("noreply@aanjager.test"));
    set("mail_per_domain", S("0"));
    return 0;
}

static int end(void **state _unused_)
{
    web_end(w);
    smtp_server_stop(server);
    return 0;
}

TEST_MAIN_WITH(begin, end, TEST(queueing), TEST(sending))
