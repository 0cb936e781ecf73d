/* The outbox and its sender, on both databases, with a mail server on loopback. */
#include "store.h"

#include <stdatomic.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/random.h"
#include "jobs/jobs.h"
#include "mail/mail_int.h"
#include "smtp_server.h"

static struct smtp_server *server;
static struct {
    struct arena *arena;
    struct config *config;
    str folder;
} settings;

static const struct config_setting data_setting[] = {{"data", CONFIG_TEXT, "", 0, 0, false, ""}};

static void set(const char *name, const char *value)
{
    struct ctx c = {.arena = settings.arena};
    CHECK_OK(&c,
             config_set(&c, settings.config, str_from(name), str_from(value), CONFIG_COMMAND_LINE));
}

static int start(void **state _unused_)
{
    settings.arena = arena_new();
    settings.config = config_new(settings.arena);
    settings.folder =
        str_fmt(settings.arena, "/tmp/aanjager-mail-%s", random_hex(settings.arena, 8).ptr);
    config_declare(settings.config, mail_settings, MAIL_SETTING_COUNT);
    config_declare(settings.config, data_setting, 1);
    set("data", settings.folder.ptr);
    set("mail_from", "noreply@aanjager.test");
    server = smtp_server_start();
    return 0;
}

static int stop(void **state _unused_)
{
    struct ctx c = {.arena = settings.arena};
    smtp_server_stop(server);
    CHECK_OK(&c, file_remove_tree(&c, settings.folder));
    arena_free(settings.arena);
    return 0;
}

static void begin(struct ctx *c)
{
    *c = store_begin();
    c->config = settings.config;
    smtp_server_reset(server);
    set("smtp_url", str_fmt(settings.arena, "smtp://127.0.0.1:%d", server->port).ptr);
    set("smtp_timeout_s", "20");
    set("mail_per_domain", "0");
    CHECK_OK(c, db_exec(c, "DELETE FROM mail"));
    CHECK_OK(c, db_exec(c, "DELETE FROM mail_content"));
    CHECK_OK(c, db_exec(c, "DELETE FROM mail_domain"));
    CHECK_OK(c, db_exec(c, "DELETE FROM job"));
}

static struct mail_message message(const char *to)
{
    return (struct mail_message){
        .to = str_from(to),
        .content = {.subject = S("Proef"), .text = S("Hallo\n.\n..punt\n")},
    };
}

static long long queue(struct ctx *c, const struct mail_message *m)
{
    long long id = -1;
    CHECK_OK(c, mail_queue(c, m, &id));
    return id;
}

static long long queue_to(struct ctx *c, const char *to)
{
    struct mail_message m = message(to);
    return queue(c, &m);
}

static struct mail_row row(struct ctx *c, long long id)
{
    struct mail_view v;
    CHECK_OK(c, mail_read(c, id, &v));
    return v.row;
}

static void send_due(struct ctx *c)
{
    CHECK_OK(c, mail_send_due(c, S("")));
}

static long long count(struct ctx *c)
{
    long long n;
    CHECK_OK(c, db_get_int(c, &n, "SELECT COUNT(*) FROM mail"));
    return n;
}

/* ---- putting in ---- */

static int queue_then_fail(struct ctx *c, void *arg)
{
    TRY(mail_queue(c, arg, NULL));
    return ERR_INVALID;
}

static void a_mail_belongs_to_the_transaction(void **state _unused_)
{
    struct ctx c;
    begin(&c);
    struct mail_message m = message("a@x.test");
    CHECK_INT(db_transaction(&c, queue_then_fail, &m), ERR_INVALID);
    CHECK_INT(count(&c), 0);
    queue(&c, &m);
    CHECK_INT(count(&c), 1);
    struct jobs_status jobs;
    CHECK_OK(&c, jobs_status(&c, &jobs));
    CHECK_INT(jobs.waiting, 1);
    store_end(&c);
}

static void what_cannot_be_a_mail_is_refused(void **state _unused_)
{
    struct ctx c;
    begin(&c);
    struct mail_message m = message("a@x.test\r\nBcc: b@x.test");
    CHECK_INT(mail_queue(&c, &m, NULL), ERR_INVALID);
    CHECK(str_find(c.err.msg, S("mailadres")) != STR_NONE);
    m = message("a@x.test");
    m.content.subject = S("Een\r\nBcc: b@x.test");
    CHECK_INT(mail_queue(&c, &m, NULL), ERR_INVALID);
    m = message("a@x.test");
    m.to_name = S("Een\nTwee");
    CHECK_INT(mail_queue(&c, &m, NULL), ERR_INVALID);
    m = message("a@x.test");
    m.fields = &(struct mail_field){S("naam"), S("een\ntwee")};
    m.field_count = 1;
    CHECK_INT(mail_queue(&c, &m, NULL), ERR_INVALID);
    m = message("a@x.test");
    m.content_id = 999999;
    CHECK_INT(mail_queue(&c, &m, NULL), ERR_CONFLICT);
    CHECK_INT(count(&c), 0);
    store_end(&c);
}

static void a_key_is_queued_once_ever(void **state _unused_)
{
    struct ctx c;
    begin(&c);
    struct mail_message m = message("a@x.test");
    m.unique = S("reminder:17");
    CHECK(queue(&c, &m) > 0);
    CHECK_INT(queue(&c, &m), 0);
    send_due(&c);
    CHECK_INT(queue(&c, &m), 0);
    CHECK_INT(count(&c), 1);
    CHECK_INT(server->count, 1);
    store_end(&c);
}

static void queue_key(int number _unused_, void *arg)
{
    _Atomic long long *sum = arg;
    struct ctx c = store_begin();
    struct mail_message m = message("a@x.test");
    long long id = -1;
    m.unique = S("together");
    int code = mail_queue(&c, &m, &id);
    *sum += code < 0 ? 1000000 : id > 0;
    store_end(&c);
}

static void a_key_is_queued_once_by_many(void **state _unused_)
{
    struct ctx c;
    _Atomic long long sum = 0;
    begin(&c);
    store_threads(16, queue_key, &sum);
    CHECK_INT(sum, 1);
    CHECK_INT(count(&c), 1);
    store_end(&c);
}

/* ---- sending ---- */

static void a_mail_arrives_whole_and_is_wiped(void **state _unused_)
{
    struct ctx c;
    struct mail_view v;
    begin(&c);
    long long id = queue_to(&c, "jan@x.test");
    CHECK_OK(&c, mail_read(&c, id, &v));
    CHECK_STR(v.text, S("Hallo\n.\n..punt\n"));
    CHECK_INT(v.row.state, MAIL_WAITING);
    send_due(&c);
    CHECK_INT(server->count, 1);
    CHECK_INT(smtp_server_times(server, "jan@x.test"), 1);
    CHECK(str_find(server->taken[0].data, S("To: <jan@x.test>\r\n")) != STR_NONE);
    CHECK(str_ends(server->taken[0].data, S("\r\n\r\nHallo\r\n=2E\r\n=2E.punt\r\n")));
    CHECK_OK(&c, mail_read(&c, id, &v));
    CHECK_INT(v.row.state, MAIL_SENT);
    CHECK_INT(v.row.attempts, 1);
    CHECK_STR(v.row.note, S("250 2.0.0 Ok: queued as TEST"));
    CHECK_STR(v.row.subject, S("Proef"));
    CHECK_STR(v.text, S(""));
    send_due(&c);
    CHECK_INT(server->count, 1);
    store_end(&c);
}

static void many_share_their_content_and_a_connection(void **state _unused_)
{
    struct ctx c;
    long long content = 0;
    const struct mail_content shared = {
        .subject = S("Nieuws voor {{naam}}"),
        .text = S("Dag {{naam}}, afmelden: {{adres}}\n"),
        .html = S("<p>Dag {{naam}}</p>"),
        .list_id = S("nieuws.aanjager.test"),
        .unsubscribe = S("https://aanjager.test/af/{{adres}}"),
    };
    begin(&c);
    CHECK_OK(&c, mail_share(&c, &shared, &content));
    for (int i = 0; i < 50; i++) {
        struct mail_field fields[] = {{S("naam"), S("<Jan>")},
                                      {S("adres"), str_fmt(c.arena, "t%d", i)}};
        struct mail_message m = {
            .kind = MAIL_BULK,
            .to = str_fmt(c.arena, "lezer%d@%s.test", i, i % 2 ? "x" : "y"),
            .content_id = content,
            .fields = fields,
            .field_count = 2,
        };
        (void)queue(&c, &m);
    }
    long long service = queue_to(&c, "eerst@z.test");
    send_due(&c);
    CHECK_INT(server->count, 51);
    CHECK_INT(server->connections, 1);
    /* Service mail goes first; then the domains take turns. */
    CHECK_STR(str_from(server->taken[0].to), S("eerst@z.test"));
    for (int i = 2; i < 51; i++)
        CHECK(strcmp(strchr(server->taken[i].to, '@'), strchr(server->taken[i - 1].to, '@')) != 0);
    str data = server->taken[1].data;
    CHECK(str_find(data, S("Subject: Nieuws voor <Jan>\r\n")) != STR_NONE);
    CHECK(str_find(data, S("<p>Dag &lt;Jan&gt;</p>")) != STR_NONE);
    CHECK(str_find(data, S("List-Unsubscribe: <https://aanjager.test/af/t")) != STR_NONE);
    CHECK(str_find(data, S("List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n")) != STR_NONE);
    CHECK_INT(row(&c, service).state, MAIL_SENT);
    store_end(&c);
}

static void a_domain_has_a_rate(void **state _unused_)
{
    struct ctx c;
    long long minute;
    do { /* again when a minute ends meanwhile */
        begin(&c);
        set("mail_per_domain", "3");
        minute = clock_now() / 60;
        for (int i = 0; i < 5; i++) {
            struct mail_message m = message(str_fmt(c.arena, "a%d@x.test", i).ptr);
            m.kind = MAIL_BULK;
            (void)queue(&c, &m);
            m = message(str_fmt(c.arena, "b%d@y.test", i / 3).ptr);
            m.kind = i < 2 ? MAIL_BULK : MAIL_SERVICE;
            (void)queue(&c, &m);
        }
        send_due(&c);
        if (minute == clock_now() / 60) {
            CHECK_INT(server->count, 3 + 5);
            send_due(&c);
        }
        if (minute == clock_now() / 60)
            CHECK_INT(server->count, 3 + 5);
        else
            store_end(&c);
    } while (minute != clock_now() / 60);
    /* The next minute. */
    CHECK_OK(&c, db_exec(&c, "UPDATE mail_domain SET minute = minute - 1"));
    send_due(&c);
    CHECK_INT(server->count, 10);
    store_end(&c);
}

static void what_the_server_says_decides(void **state _unused_)
{
    static const struct {
        const char *to;
        enum mail_kind kind;
        enum mail_state state;
        const char *note;
    } cases[] = {
        {"never.1@x.test", MAIL_SERVICE, MAIL_FAILED,
         "weigert dit adres. De server zegt: 550 5.1.1"},
        {"bad.1@x.test", MAIL_SERVICE, MAIL_FAILED, "weigert dit bericht. De server zegt: 554"},
        {"later.1@x.test", MAIL_SERVICE, MAIL_WAITING, "451 4.7.1 Greylisted"},
        {"full.1@x.test", MAIL_SERVICE, MAIL_WAITING, "452 4.3.1"},
        {"drop.1@x.test", MAIL_SERVICE, MAIL_WAITING, "niet geantwoord"},
        {"drop.2@x.test", MAIL_BULK, MAIL_UNCERTAIN, "niet geantwoord"},
        {"goed@x.test", MAIL_SERVICE, MAIL_SENT, "250"},
        {"bye.1@x.test", MAIL_SERVICE, MAIL_SENT, "250"},
        {"goed2@x.test", MAIL_SERVICE, MAIL_SENT, "250"},
    };
    struct ctx c;
    long long ids[COUNT_OF(cases)];
    begin(&c);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct mail_message m = message(cases[i].to);
        m.kind = cases[i].kind;
        ids[i] = queue(&c, &m);
    }
    send_due(&c);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct mail_row r = row(&c, ids[i]);
        if (r.state != (long long)cases[i].state ||
            str_find(r.note, str_from(cases[i].note)) == STR_NONE)
            print_error("%s: %lld %.*s\n", cases[i].to, r.state, (int)r.note.len, r.note.ptr);
        CHECK_INT(r.state, cases[i].state);
        CHECK(str_find(r.note, str_from(cases[i].note)) != STR_NONE);
        CHECK_INT(r.attempts, 1);
        CHECK(r.state != MAIL_WAITING ||
              (r.next_at >= clock_now() + 50 && r.next_at < clock_now() + 100));
    }
    send_due(&c);
    CHECK_INT(server->count, 5); /* those that wait are not due */
    store_end(&c);
}

static void pauses_grow_until_it_is_too_late(void **state _unused_)
{
    struct ctx c;
    begin(&c);
    long long id = queue_to(&c, "later.1@x.test"), last = 0;
    for (int i = 0; i < 6; i++) {
        send_due(&c);
        struct mail_row r = row(&c, id);
        long long pause = r.next_at - clock_now();
        CHECK_INT(r.state, MAIL_WAITING);
        CHECK_INT(r.attempts, i + 1);
        CHECK(pause > last || i == 5);
        CHECK(pause <= 5 * 3600);
        last = pause;
        CHECK_OK(&c, db_exec(&c, "UPDATE mail SET next_at = 0"));
    }
    CHECK_OK(&c, db_exec(&c, "UPDATE mail SET expires_at = $1", clock_now() + 3600));
    send_due(&c);
    CHECK_INT(row(&c, id).state, MAIL_FAILED);
    store_end(&c);
}

static void a_mail_that_is_too_old_is_not_sent(void **state _unused_)
{
    struct ctx c;
    begin(&c);
    struct mail_message m = message("a@x.test");
    m.expires_at = clock_now() - 1;
    long long id = queue(&c, &m);
    send_due(&c);
    CHECK_INT(server->connections, 0);
    CHECK_INT(row(&c, id).state, MAIL_FAILED);
    store_end(&c);
}

static void a_server_that_is_away_costs_no_attempts(void **state _unused_)
{
    struct ctx c;
    begin(&c);
    long long id = queue_to(&c, "a@x.test");
    (void)queue_to(&c, "b@x.test");
    set("smtp_url", "smtp://127.0.0.1:1");
    CHECK_INT(mail_send_due(&c, S("")), ERR_BUSY);
    CHECK(str_find(c.err.msg, S("niet bereikbaar")) != STR_NONE);
    set("smtp_url", str_fmt(settings.arena, "smtp://127.0.0.1:%d", server->port).ptr);
    server->greeting = "421 4.3.2 Closing";
    CHECK_INT(mail_send_due(&c, S("")), ERR_BUSY);
    server->greeting = "554 5.3.2 No";
    CHECK_INT(mail_send_due(&c, S("")), ERR_BUSY);
    server->greeting = NULL;
    server->sender_reply = "550 5.7.1 Sender refused";
    CHECK_INT(mail_send_due(&c, S("")), ERR_BUSY);
    CHECK(str_find(c.err.msg, S("weigert de afzender")) != STR_NONE);
    server->sender_reply = NULL;
    struct mail_row r = row(&c, id);
    CHECK_INT(r.state, MAIL_WAITING);
    CHECK_INT(r.attempts, 0);
    CHECK(str_find(r.note, S("weigert de afzender")) != STR_NONE);
    CHECK_INT(server->count, 0);
    send_due(&c);
    CHECK_INT(server->count, 2);
    store_end(&c);
}

static void a_server_that_hangs_is_left(void **state _unused_)
{
    struct ctx c;
    begin(&c);
    struct mail_message m = message("slow.1@x.test");
    m.kind = MAIL_BULK;
    long long id = queue(&c, &m), begun = clock_monotonic_us();
    set("smtp_timeout_s", "1");
    send_due(&c);
    CHECK(clock_monotonic_us() - begun < 15000000);
    CHECK_INT(row(&c, id).state, MAIL_UNCERTAIN);
    store_end(&c);
}

static void without_a_server_all_stays(void **state _unused_)
{
    struct ctx c;
    begin(&c);
    long long id = queue_to(&c, "a@x.test");
    set("smtp_url", "");
    send_due(&c);
    CHECK_INT(row(&c, id).state, MAIL_WAITING);
    CHECK_INT(server->connections, 0);
    store_end(&c);
}

static void send_much(int number _unused_, void *arg)
{
    _Atomic int *wrong = arg;
    struct ctx c = store_begin();
    c.config = settings.config;
    *wrong += mail_send_due(&c, S("")) != 0;
    store_end(&c);
}

static void many_senders_send_nothing_twice(void **state _unused_)
{
    struct ctx c;
    _Atomic int wrong = 0;
    struct mail_status s;
    begin(&c);
    for (int i = 0; i < 200; i++) {
        struct mail_message m = message(str_fmt(c.arena, "a%d@d%d.test", i, i % 7).ptr);
        m.kind = MAIL_BULK;
        (void)queue(&c, &m);
    }
    while (mail_status(&c, &s) == 0 && s.waiting)
        store_threads(4, send_much, &wrong);
    CHECK_INT(wrong, 0);
    CHECK_INT(server->count, 200);
    for (int i = 0; i < 200; i++)
        CHECK_INT(smtp_server_times(server, str_fmt(c.arena, "a%d@d%d.test", i, i % 7).ptr), 1);
    store_end(&c);
}

/* ---- programs that stop ---- */

static bool nothing_arrived(void *arg)
{
    bool *ret = arg;
    (void)nanosleep(&(struct timespec){0, 100000000}, NULL);
    *ret = server->begun == 1 && server->count == 0;
    return true;
}

static bool refuse(void *arg _unused_)
{
    return false;
}

/* Everything rests on this: the server has no whole message before at_end has returned, and never
   has when that, or before_end, returned false. */
static void the_dot_comes_after_at_end(void **state _unused_)
{
    struct ctx c;
    struct mail_options o;
    struct smtp *smtp;
    struct smtp_result r;
    bool empty = false;
    begin(&c);
    CHECK_OK(&c, mail_options_read(&c, &o));
    CHECK_OK(&c, smtp_open(&c, &o.smtp, &smtp));
    struct smtp_mail m = {S("a@x.test"), S("b@x.test"), S("A: b\r\n\r\nc\r\n"),
                          .at_end = nothing_arrived, .arg = &empty};
    smtp_send(smtp, c.arena, &m, &r);
    CHECK_INT(r.end, SMTP_SENT);
    CHECK(empty);
    CHECK_INT(server->count, 1);
    m.at_end = refuse;
    smtp_send(smtp, c.arena, &m, &r);
    CHECK_INT(r.end, SMTP_STOPPED);
    m.at_end = NULL;
    m.before_end = refuse;
    smtp_send(smtp, c.arena, &m, &r);
    CHECK_INT(r.end, SMTP_STOPPED);
    m.before_end = NULL;
    smtp_send(smtp, c.arena, &m, &r);
    CHECK_INT(r.end, SMTP_SENT);
    CHECK_INT(server->begun, 4);
    CHECK_INT(server->count, 2);
    store_end(&c);
}

static struct mail_due claim(struct ctx *c, str node)
{
    struct mail_due m;
    CHECK_OK(c, outbox_claim(c, node, 0, &m));
    return m;
}

static void what_a_stopped_program_left_is_settled(void **state _unused_)
{
    static const struct {
        bool begun, handed, marked, ours;
        enum mail_state state;
    } cases[] = {
        {false, false, false, true, MAIL_SENT},      /* before the talk: sent now */
        {true, false, false, true, MAIL_SENT},       /* before the hand-over */
        {false, false, false, false, MAIL_SENT},     /* on another node too */
        {true, true, false, true, MAIL_SENT},        /* the mark is not set: the dot did not go */
        {true, true, true, true, MAIL_UNCERTAIN},    /* the dot went */
        {false, true, false, false, MAIL_UNCERTAIN}, /* marks of others cannot be seen */
    };
    struct ctx c;
    str node, folder = str_fmt(settings.arena, "%s/mail", settings.folder.ptr);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        begin(&c);
        CHECK_OK(&c, handed_node(&c, folder, &node));
        long long id = queue_to(&c, "a@x.test");
        int mark = -1;
        struct mail_due m = claim(&c, cases[i].ours ? node : S("another"));
        if (cases[i].handed)
            CHECK_OK(&c, outbox_handed(&c, &m));
        if (cases[i].begun)
            CHECK_OK(&c, handed_begin(&c, folder, m.claim, &mark));
        CHECK(!cases[i].marked || handed_mark(mark));
        handed_close(mark);
        send_due(&c);
        CHECK_INT(server->count, 0); /* the claim holds */
        CHECK_OK(&c, db_exec(&c, "UPDATE mail SET lease_until = $1", clock_now() - 1));
        send_due(&c);
        CHECK_INT(row(&c, id).state, cases[i].state);
        CHECK_INT(server->count, cases[i].state == MAIL_SENT ? 1 : 0);
        CHECK(!handed_is_marked(folder, m.claim));
        /* Whoever comes back late changes nothing. */
        struct outbox_end end = {MAIL_WAITING, 0, false, S("te laat")};
        CHECK_INT(outbox_end(&c, &m, &end), ERR_CONFLICT);
        CHECK_INT(outbox_handed(&c, &m), ERR_CONFLICT);
        CHECK_INT(outbox_renew(&c, &m), ERR_CONFLICT);
        store_end(&c);
    }
}

static void a_node_keeps_its_name(void **state _unused_)
{
    struct ctx c;
    str one, two, folder = str_fmt(settings.arena, "%s/mail", settings.folder.ptr);
    begin(&c);
    CHECK_OK(&c, handed_node(&c, folder, &one));
    CHECK_OK(&c, handed_node(&c, folder, &two));
    CHECK_STR(one, two);
    /* After another start of the machine, and with a file that is not ours. */
    const char *const others[] = {"1700000000 abc", "", "abc", "99999999999999 abc", "-5 abc"};
    for (size_t i = 0; i < COUNT_OF(others); i++) {
        CHECK_OK(&c, file_write(&c, str_fmt(c.arena, "%s/node", folder.ptr), str_from(others[i])));
        CHECK_OK(&c, handed_node(&c, folder, &two));
        CHECK(!str_eq(one, two) && !str_eqz(two, others[i]));
        CHECK_OK(&c, handed_node(&c, folder, &one));
        CHECK_STR(one, two);
    }
    store_end(&c);
}

static void steal_claim(const char *to _unused_)
{
    struct ctx c = store_begin();
    CHECK_OK(&c,
             db_exec(&c, "UPDATE mail SET claim = 'thief', lease_until = $1", clock_now() + 100));
    store_end(&c);
}

/* While the message is on its way another node takes the mail: the dot is not sent. */
static void who_lost_the_claim_does_not_send(void **state _unused_)
{
    struct ctx c;
    begin(&c);
    (void)queue_to(&c, "a@x.test");
    server->at_data = steal_claim;
    CHECK_INT(mail_send_due(&c, S("")), ERR_CONFLICT);
    CHECK_INT(server->begun, 1);
    CHECK_INT(server->count, 0);
    store_end(&c);
}

/* ---- afterwards ---- */

static void a_failed_mail_can_be_sent_again(void **state _unused_)
{
    struct ctx c;
    begin(&c);
    long long id = queue_to(&c, "never.1@x.test"), sent = queue_to(&c, "a@x.test");
    send_due(&c);
    CHECK_INT(mail_retry(&c, sent), ERR_CONFLICT);
    CHECK_INT(mail_retry(&c, 999999), ERR_CONFLICT);
    CHECK_OK(&c, db_exec(&c, "UPDATE mail SET recipient = 'b@x.test' WHERE id = $1", id));
    CHECK_OK(&c, mail_retry(&c, id));
    send_due(&c);
    CHECK_INT(row(&c, id).state, MAIL_SENT);
    CHECK_INT(smtp_server_times(server, "b@x.test"), 1);
    CHECK(str_find(server->taken[1].data, S("Hallo")) != STR_NONE);
    store_end(&c);
}

static long long count_personal(struct ctx *c)
{
    long long n;
    CHECK_OK(c, db_get_int(c, &n,
                           "SELECT (SELECT COUNT(*) FROM mail WHERE recipient <> '' OR name <> '' "
                           "OR fields <> '') + (SELECT COUNT(*) FROM mail_content)"));
    return n;
}

static void old_mail_is_wiped_but_its_key_stays(void **state _unused_)
{
    struct ctx c;
    begin(&c);
    struct mail_message m = message("a@x.test"), plain = message("b@x.test"),
                        waits = message("c@x.test");
    m.unique = S("key");
    waits.send_at = clock_now() + 100;
    (void)queue(&c, &m);
    (void)queue(&c, &plain);
    long long waiting = queue(&c, &waits);
    send_due(&c);
    CHECK_OK(&c, mail_clean(&c, S("")));
    CHECK_INT(count(&c), 3);
    long long before = clock_now() - 31 * 86400;
    CHECK_OK(
        &c, db_exec(&c, "UPDATE mail SET ended_at = $1, created_at = $1 WHERE ended_at IS NOT NULL",
                    before));
    CHECK_OK(&c, db_exec(&c, "UPDATE mail_content SET created_at = $1", before));
    CHECK_OK(&c, mail_clean(&c, S("")));
    CHECK_INT(count(&c), 2);
    CHECK_INT(count_personal(&c), 2); /* the one that waits, and its text */
    CHECK_INT(row(&c, waiting).state, MAIL_WAITING);
    CHECK_INT(queue(&c, &m), 0);
    CHECK_OK(
        &c, db_exec(&c, "UPDATE mail SET expires_at = $1 WHERE id = $2", clock_now() - 1, waiting));
    CHECK_OK(&c, mail_clean(&c, S("")));
    CHECK_INT(row(&c, waiting).state, MAIL_FAILED);
    CHECK_OK(&c, db_exec(&c, "UPDATE mail SET ended_at = $1", before - 365LL * 86400));
    CHECK_OK(&c, mail_clean(&c, S("")));
    CHECK_INT(count(&c), 0);
    store_end(&c);
}

/* A copy of yesterday has mails that wait; they may be gone by now. */
static void after_a_restore_nothing_goes_by_itself(void **state _unused_)
{
    struct ctx c;
    long long held = 0;
    begin(&c);
    long long id = queue_to(&c, "a@x.test"), later = queue_to(&c, "b@x.test");
    CHECK_OK(&c, mail_hold(&c, &held));
    CHECK_INT(held, 2);
    send_due(&c);
    CHECK_INT(server->count, 0);
    CHECK_INT(row(&c, id).state, MAIL_UNCERTAIN);
    CHECK_OK(&c, mail_retry(&c, later));
    send_due(&c);
    CHECK_INT(server->count, 1);
    CHECK_INT(smtp_server_times(server, "b@x.test"), 1);
    store_end(&c);
}

static void lists_have_filters_and_pages(void **state _unused_)
{
    struct ctx c;
    struct mail_row *rows;
    struct mail_status s;
    size_t n;
    begin(&c);
    long long failed = queue_to(&c, "never.1@x.test"), sent = queue_to(&c, "a@x.test");
    send_due(&c);
    long long waiting = queue_to(&c, "b@x.test");
    CHECK_OK(&c, mail_list(&c, MAIL_ALL, 0, 10, &rows, &n));
    CHECK_INT(n, 3);
    CHECK_INT(rows[0].id, waiting);
    CHECK_OK(&c, mail_list(&c, MAIL_OPEN, 0, 10, &rows, &n));
    CHECK_INT(n, 1);
    CHECK_OK(&c, mail_list(&c, MAIL_PROBLEMS, 0, 10, &rows, &n));
    CHECK_INT(n, 1);
    CHECK_INT(rows[0].id, failed);
    CHECK_OK(&c, mail_list(&c, MAIL_ALL, waiting, 1, &rows, &n));
    CHECK_INT(n, 1);
    CHECK_INT(rows[0].id, sent);
    CHECK_OK(&c, mail_status(&c, &s));
    CHECK_INT(s.waiting, 1);
    CHECK_INT(s.failed, 1);
    CHECK_INT(s.uncertain, 0);
    struct mail_view v;
    CHECK_INT(mail_read(&c, 999999, &v), ERR_NOT_FOUND);
    store_end(&c);
}

TEST_MAIN_WITH(start, stop, TEST(a_mail_belongs_to_the_transaction),
               TEST(what_cannot_be_a_mail_is_refused), TEST(a_key_is_queued_once_ever),
               TEST(a_key_is_queued_once_by_many), TEST(a_mail_arrives_whole_and_is_wiped),
               TEST(many_share_their_content_and_a_connection), TEST(a_domain_has_a_rate),
               TEST(what_the_server_says_decides), TEST(pauses_grow_until_it_is_too_late),
               TEST(a_mail_that_is_too_old_is_not_sent),
               TEST(a_server_that_is_away_costs_no_attempts), TEST(a_server_that_hangs_is_left),
               TEST(without_a_server_all_stays), TEST(many_senders_send_nothing_twice),
               TEST(the_dot_comes_after_at_end), TEST(what_a_stopped_program_left_is_settled),
               TEST(a_node_keeps_its_name), TEST(who_lost_the_claim_does_not_send),
               TEST(a_failed_mail_can_be_sent_again), TEST(old_mail_is_wiped_but_its_key_stays),
               TEST(after_a_restore_nothing_goes_by_itself), TEST(lists_have_filters_and_pages))
