/* The verbs of the command line: aanjager mail ... */
#include "post/post_int.h"

#include "base/clock.h"
#include "base/utf8.h"

enum { LIST_MAILS = 50 };

static int wrong_use(struct ctx *c, const char *usage)
{
    return err_set(c, ERR_INVALID, "Gebruik: aanjager %s", usage);
}

/* Text of others on a terminal: its control characters, of one byte or two, could move the cursor.
 */
static void print_safe(str s)
{
    while (s.len) {
        char bytes[4];
        uint32_t code = utf8_next(&s);
        bool control =
            (code < ' ' && code != '\n' && code != '\t') || (code >= 0x7F && code < 0xA0);
        if (code != '\r')
            printf("%.*s", (int)utf8_encode(control ? '?' : code, bytes), bytes);
    }
}

static int read_number(struct ctx *c, const char *word, long long *ret)
{
    if (!str_int(str_from(word), 1, INT64_MAX, ret))
        return err_set(c, ERR_INVALID, "\"%s\" is geen nummer van een bericht.", word);
    return 0;
}

static const struct audit_entry by_command = {.who = STR("opdrachtregel")};

static void print_mail(struct ctx *c, const struct mail_row *m)
{
    printf("%6lld  %s  %-24s  ", m->id, clock_rfc3339(c->arena, m->created_at).ptr,
           mail_state_name(m->state));
    print_safe(m->to);
    printf("  ");
    print_safe(m->subject);
    printf("\n");
    if (m->note.len && m->state != MAIL_SENT) {
        printf("        ");
        print_safe(m->note);
        printf("\n");
    }
}

static int command_mail_list(struct ctx *c, int argc, const char *const *argv _unused_)
{
    struct mail_row *rows;
    struct mail_status s;
    size_t count;
    if (argc)
        return wrong_use(c, "mail list");
    TRY(mail_status(c, &s));
    TRY(mail_list(c, MAIL_ALL, 0, LIST_MAILS, &rows, &count));
    for (size_t i = count; i > 0; i--)
        print_mail(c, &rows[i - 1]);
    printf("%lld wachten, %lld onderweg, %lld niet verstuurd, %lld waarschijnlijk verstuurd\n",
           s.waiting, s.sending, s.failed, s.uncertain);
    if (!mail_is_sent(c))
        printf("Er is geen mailserver ingesteld: er wordt niets verstuurd.\n");
    return 0;
}

static int command_mail_show(struct ctx *c, int argc, const char *const *argv)
{
    struct mail_view m;
    long long id;
    if (argc != 1)
        return wrong_use(c, "mail show NUMMER");
    TRY(read_number(c, argv[0], &id));
    TRY(mail_read(c, id, &m));
    print_mail(c, &m.row);
    printf("\n");
    if (m.text.len)
        print_safe(m.text);
    else
        printf("De tekst is gewist.");
    printf("\n");
    return 0;
}

static int command_mail_test(struct ctx *c, int argc, const char *const *argv)
{
    str answer;
    if (argc != 1)
        return wrong_use(c, "mail test ADRES");
    TRY(mail_test(c, str_from(argv[0]), &answer));
    printf("Verstuurd. De mailserver zegt: ");
    print_safe(answer);
    printf("\n");
    return 0;
}

static int command_mail_retry(struct ctx *c, int argc, const char *const *argv)
{
    long long id;
    if (argc != 1)
        return wrong_use(c, "mail retry NUMMER");
    TRY(read_number(c, argv[0], &id));
    TRY(post_store_retry(c, id, &by_command));
    printf("Bericht %lld wordt opnieuw verstuurd.\n", id);
    return 0;
}

const struct command post_commands[POST_COMMAND_COUNT] = {
    {"mail list", "", "Toont de laatste berichten en hoe het ermee staat.", command_mail_list,
     false},
    {"mail show", "NUMMER", "Toont een bericht.", command_mail_show, false},
    {"mail test", "ADRES", "Verstuurt meteen een proefbericht.", command_mail_test, false},
    {"mail retry", "NUMMER", "Verstuurt opnieuw wat niet of misschien is verstuurd.",
     command_mail_retry, false},
};
