/* Sending what is due: claims, the talk with the server, and what its end means.

   The order for each mail: (1) claimed, committed; (2) all but the last dot is sent; (3) "handed
   over", committed; (4) a mark in the data folder; (5) the dot; (6) the answer, committed; (7) the
   mark goes. Whatever stops the program between two of these steps, what is found afterwards tells
   which it was; docs/modules/mail.md has the table. */
#include "base/clock.h"
#include "base/random.h"
#include "db/db.h"
#include "jobs/jobs.h"
#include "mail/mail_int.h"

enum { SLICE_US = 5000000, FIRST_PAUSE_S = 60, LONGEST_PAUSE_S = 4 * 3600 };

struct sender {
    struct ctx *c; /* of the job */
    struct mail_options options;
    struct smtp *smtp;
    str node;
};

/* One attempt; its ctx has a connection of its own. */
struct attempt {
    struct sender *s;
    struct ctx *c;
    const struct mail_due *m;
    long long renewed; /* microseconds */
    int mark;
};

/* ---- what stopped programs left ---- */

static int settle_lapsed(struct ctx *c, const struct sender *s, const struct mail_lapsed *m)
{
    bool ours = str_eq(m->node, s->node), handed = m->state == MAIL_HANDED;
    if (handed && ours)
        handed = handed_is_marked(s->options.folder, m->claim);
    TRY(outbox_lapsed_end(
        c, m, handed ? MAIL_UNCERTAIN : MAIL_WAITING,
        handed ? S("Waarschijnlijk verstuurd: het programma stopte voor het antwoord "
                   "van de mailserver.")
               : S("Het programma stopte voor het versturen.")));
    if (ours)
        handed_remove(s->options.folder, m->claim);
    return 0;
}

static int release_lapsed(const struct sender *s)
{
    struct ctx c = ctx_child(s->c);
    struct mail_lapsed *lapsed;
    size_t count;
    int code = outbox_lapsed(&c, &lapsed, &count);
    for (size_t i = 0; code == 0 && i < count; i++)
        code = settle_lapsed(&c, s, &lapsed[i]);
    return ctx_child_end(s->c, &c, code);
}

/* ---- one mail ---- */

/* A failure of the database here means that the dot is not sent. */
static bool hand_over(void *arg)
{
    struct attempt *a = arg;
    bool good = outbox_handed(a->c, a->m) == 0;
    db_lease_release(a->c);
    return good;
}

static bool mark_handed(void *arg)
{
    const struct attempt *a = arg;
    return handed_mark(a->mark);
}

/* Renews the claim in time. Who lost it stops: another has the mail now. */
static bool keep_claim(void *arg)
{
    struct attempt *a = arg;
    long long now = clock_monotonic_us();
    if (now - a->renewed < MAIL_RENEW_S * 1000000LL)
        return true;
    a->renewed = now;
    int code = outbox_renew(a->c, a->m);
    db_lease_release(a->c);
    return code != ERR_CONFLICT;
}

/* A minute, 4 minutes, 16 minutes, an hour, 4 hours; with some chance, so that mails that failed
 * together do not come back together. */
static long long pause_after(long long attempts)
{
    unsigned char chance;
    long long pause = FIRST_PAUSE_S;
    for (long long i = 0; i < attempts && pause < LONGEST_PAUSE_S; i++)
        pause *= 4;
    random_bytes(&chance, 1);
    pause = pause < LONGEST_PAUSE_S ? pause : LONGEST_PAUSE_S;
    return pause + pause * chance / 1024;
}

static struct outbox_end try_again(const struct mail_due *m, str words)
{
    long long at = clock_now() + pause_after(m->attempts);
    return at < m->expires_at ? (struct outbox_end){MAIL_WAITING, at, true, words}
                              : (struct outbox_end){MAIL_FAILED, 0, true, words};
}

/* Without an answer after the message, RFC 5321 lets the sender try again, which may double. For
   service mail a second copy is better than none; for a newsletter it is not. */
static struct outbox_end end_of(const struct mail_due *m, const struct smtp_result *r)
{
    switch (r->end) {
    case SMTP_SENT:
        return (struct outbox_end){MAIL_SENT, 0, true, r->words};
    case SMTP_REFUSED:
        return (struct outbox_end){MAIL_FAILED, 0, true, r->words};
    case SMTP_LATER:
        return try_again(m, r->words);
    case SMTP_LOST:
        if (m->kind == MAIL_SERVICE)
            return try_again(m, r->words);
        return (struct outbox_end){MAIL_UNCERTAIN, 0, true, r->words};
    case SMTP_DOWN:
    case SMTP_STOPPED:
        break;
    }
    /* Not the fault of this mail: first in the queue again. */
    return (struct outbox_end){MAIL_WAITING, clock_now(), false, r->words};
}

static int compose(struct ctx *c, const struct sender *s, const struct mail_due *m, str *ret)
{
    struct mail_parts p = {
        .from = s->options.from,
        .from_name = s->options.from_name,
        .to = m->recipient,
        .to_name = m->name,
        .content = m->content,
        .token = m->token,
        .at = clock_now(),
        .bulk = m->kind == MAIL_BULK,
    };
    struct mail_field *fields;
    size_t count;
    if (m->shared) {
        TRY(mail_fields_read(c, m->fields, &fields, &count));
        TRY(mail_fill(c, &m->content, fields, count, &p.content));
    }
    return mail_compose(c, &p, ret);
}

/* Composed before anything is said to the server. A mail that cannot be composed never will be. */
static int talk(struct ctx *c, struct sender *s, const struct mail_due *m, int mark,
                struct smtp_result *ret)
{
    str bytes;
    struct attempt a = {s, c, m, clock_monotonic_us(), mark};
    if (m->expires_at <= clock_now()) {
        *ret = (struct smtp_result){SMTP_REFUSED, S("Niet verstuurd: het bericht is te oud.")};
        return 0;
    }
    int code = compose(c, s, m, &bytes);
    if (code == ERR_INVALID || code == ERR_LIMIT) {
        *ret = (struct smtp_result){SMTP_REFUSED, err_words(&c->err)};
        return 0;
    }
    TRY(code);
    db_lease_release(c);
    struct smtp_mail mail = {s->options.from, m->recipient, bytes, hand_over,
                             mark_handed,     keep_claim,   &a};
    smtp_send(s->smtp, c->arena, &mail, ret);
    return 0;
}

static int send_claimed(struct ctx *c, struct sender *s, const struct mail_due *m)
{
    struct smtp_result r = {SMTP_STOPPED, S("")};
    int mark = -1, code = handed_begin(c, s->options.folder, m->claim, &mark);
    if (code == 0)
        code = talk(c, s, m, mark, &r);
    struct outbox_end end = end_of(m, &r);
    int ended = outbox_end(c, m, &end);
    handed_close(mark);
    /* Without an end in the database, who finds the mail later needs the mark. */
    TRY(ended);
    handed_remove(s->options.folder, m->claim);
    TRY(code);
    if (r.end == SMTP_DOWN)
        return err_set(c, ERR_BUSY, "%.*s", (int)r.words.len, r.words.ptr);
    return r.end == SMTP_STOPPED ? err_detail(c, ERR_BUSY, "a transfer was stopped") : 0;
}

/* ERR_NOT_FOUND: nothing is due. */
static int send_next(struct sender *s)
{
    struct ctx c = ctx_child(s->c);
    struct mail_due m;
    int code = outbox_claim(&c, s->node, s->options.per_domain, &m);
    if (code == 0)
        code = send_claimed(&c, s, &m);
    return ctx_child_end(s->c, &c, code);
}

static int send_all(struct sender *s)
{
    long long until = clock_monotonic_us() + SLICE_US;
    struct err before = s->c->err;
    int code = 0;
    while (code == 0 && clock_monotonic_us() < until)
        code = send_next(s);
    if (code == 0) /* other jobs have their turn */
        return jobs_add(s->c, MAIL_SEND_JOB, S(""), clock_now(), S("now"));
    if (code == ERR_NOT_FOUND) {
        s->c->err = before;
        return 0;
    }
    return code;
}

int mail_send_due(struct ctx *c, str argument _unused_)
{
    struct sender s = {.c = c};
    if (!mail_is_sent(c))
        return 0;
    TRY(mail_options_read(c, &s.options));
    TRY(handed_node(c, s.options.folder, &s.node));
    TRY(release_lapsed(&s));
    TRY(smtp_open(c, &s.options.smtp, &s.smtp));
    return send_all(&s);
}

/* ---- a try ---- */

int mail_test(struct ctx *c, str to, str *ret_answer)
{
    struct mail_options o;
    struct smtp *smtp;
    struct smtp_result r;
    str bytes;
    if (!mail_is_sent(c))
        return err_set(c, ERR_INVALID, "Er is geen mailserver ingesteld. Vul \"smtp_url\" in.");
    TRY(mail_options_read(c, &o));
    struct mail_parts p = {
        .from = o.from,
        .from_name = o.from_name,
        .to = to,
        .content = {.subject = S("Proefbericht van Aanjager"),
                    .text = S("Dit is een proefbericht. Leest u dit, dan komt mail van deze site "
                              "aan.\n")},
        .token = random_hex(c->arena, 16),
        .at = clock_now(),
    };
    TRY(mail_compose(c, &p, &bytes));
    TRY(smtp_open(c, &o.smtp, &smtp));
    struct smtp_mail mail = {.from = o.from, .to = to, .bytes = bytes};
    smtp_send(smtp, c->arena, &mail, &r);
    if (r.end != SMTP_SENT)
        return err_set(c, ERR_BUSY, "%.*s", (int)r.words.len, r.words.ptr);
    *ret_answer = r.words;
    return 0;
}
