/* kill -9 in the middle of a newsletter to 1,000 addresses, ten times: nobody gets it twice, nobody
   misses it.

   The real program, and a real mail server on loopback that counts. On PostgreSQL inside a
   with_postgres.sh of its own. MAIL_KILLS=100 kills more often. */
#include "store.h"

#include <signal.h>
#include <sys/wait.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/random.h"
#include "jobs/jobs.h"
#include "mail/mail.h"
#include "program.h"
#include "smtp_server.h"

enum { MAILS = 1000, KILLS = 10, DOMAINS = 20, SETTLE_MS = 120000 };

struct site {
    struct ctx c;
    str folder, url;
    struct smtp_server *server;
    struct program program;
    const char *options[8];
};

static void begin(struct site *s)
{
    *s = (struct site){.c = {.arena = arena_new()}, .server = smtp_server_start()};
    struct arena *a = s->c.arena;
    s->folder = program_folder(a);
    s->url =
        store_is_postgres() ? store_new_url(a) : str_fmt(a, "sqlite:%s/aanjager.db", s->folder.ptr);
    const char *options[] = {
        str_fmt(a, "--data=%s", s->folder.ptr).ptr,
        str_fmt(a, "--database=%s", s->url.ptr).ptr,
        str_fmt(a, "--smtp_url=smtp://127.0.0.1:%d", s->server->port).ptr,
        "--mail_from=noreply@aanjager.test",
        "--mail_per_domain=0",
        NULL,
    };
    memcpy(s->options, options, sizeof options);
    program_start(&s->program, s->options);
    s->c.pool = store_pool(s->url, 4, 20000);
}

static void end(struct site *s)
{
    program_stop(&s->program);
    smtp_server_stop(s->server);
    db_lease_release(&s->c);
    CHECK_OK(&s->c, file_remove_tree(&s->c, s->folder));
    arena_free(s->c.arena);
}

static str address(struct arena *a, int i)
{
    return str_fmt(a, "lezer%d@d%d.test", i, i % DOMAINS);
}

/* All in one transaction, as a feature does. */
static int queue_all(struct ctx *c, void *arg _unused_)
{
    long long content;
    const struct mail_content shared = {.subject = S("Nieuws"),
                                        .text = S("Het nieuws voor {{naam}}.\n")};
    TRY(mail_share(c, &shared, &content));
    for (int i = 0; i < MAILS; i++) {
        struct mail_field field = {S("naam"), str_fmt(c->arena, "lezer %d", i)};
        struct mail_message m = {
            .kind = MAIL_BULK,
            .to = address(c->arena, i),
            .content_id = content,
            .fields = &field,
            .field_count = 1,
            .unique = str_fmt(c->arena, "nieuws:1:%d", i),
        };
        TRY(mail_queue(c, &m, NULL));
    }
    return 0;
}

static void pause_ms(long ms)
{
    (void)nanosleep(&(struct timespec){ms / 1000, ms % 1000 * 1000000}, NULL);
}

static void await_count(const struct smtp_server *server, int count)
{
    for (long long until = clock_monotonic_us() + SETTLE_MS * 1000LL;
         server->count < count && clock_monotonic_us() < until;)
        pause_ms(1);
    CHECK(server->count >= count);
}

/* Somewhere within the 20 ms after so many mails: in every step of a mail alike. */
static void kill_after(struct site *s, int count)
{
    unsigned char chance[2];
    random_bytes(chance, 2);
    await_count(s->server, count);
    (void)nanosleep(&(struct timespec){.tv_nsec = (chance[0] * 256 + chance[1]) * 300L}, NULL);
    CHECK_INT(kill(s->program.pid, SIGKILL), 0);
    CHECK(s->server->count < MAILS); /* it was in the middle */
    CHECK_INT(waitpid(s->program.pid, NULL, 0), s->program.pid);
}

static struct mail_status await_settled(struct site *s)
{
    struct mail_status status = {0};
    for (long long until = clock_monotonic_us() + SETTLE_MS * 1000LL; clock_monotonic_us() < until;
         pause_ms(100)) {
        CHECK_OK(&s->c, mail_status(&s->c, &status));
        if (!status.waiting && !status.sending)
            break;
    }
    CHECK_INT(status.waiting + status.sending, 0);
    return status;
}

static int kills(void)
{
    long long n;
    const char *text = getenv("MAIL_KILLS");
    return text && str_int(str_from(text), 1, MAILS / 2, &n) ? (int)n : KILLS;
}

static void nobody_twice_and_nobody_missed(void **state _unused_)
{
    struct site s;
    int twice = 0, missed = 0, rounds = kills();
    begin(&s);
    CHECK_OK(&s.c, db_transaction(&s.c, queue_all, NULL));
    for (int i = 1; i <= rounds; i++) {
        kill_after(&s, i * MAILS / (rounds + 2));
        program_start(&s.program, s.options);
        /* As when the next mail is queued; without that it goes on within 15 seconds. */
        CHECK_OK(&s.c, jobs_add(&s.c, MAIL_SEND_JOB, S(""), 0, S("now")));
    }
    struct mail_status status = await_settled(&s);
    for (int i = 0; i < MAILS; i++) {
        int times = smtp_server_times(s.server, address(s.c.arena, i).ptr);
        twice += times > 1;
        missed += times == 0;
    }
    print_message("%d kills: %d twice, %d missed, %lld uncertain, %d broken off\n", rounds, twice,
                  missed, status.uncertain, s.server->begun - s.server->count);
    CHECK_INT(twice, 0);
    CHECK_INT(missed, 0);
    CHECK_INT(status.failed, 0);
    CHECK(status.uncertain <= rounds);
    end(&s);
}

TEST_MAIN(TEST(nobody_twice_and_nobody_missed))
