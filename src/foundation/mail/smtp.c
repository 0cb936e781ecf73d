/* SMTP by libcurl: the only file that knows <curl/curl.h>.

   libcurl asks for the message piece by piece. When there is no more, it reports its progress, and
   then sends the dot that ends the message. So the mail is surely ours until the answer to that
   last question, where before_end is called, and the answer to that report, where at_end is called.
   The size is not told beforehand, or it would not ask. A store test holds libcurl to this order.
 */
#include <curl/curl.h>
#include <pthread.h>

#include "base/clock.h"
#include "base/utf8.h"
#include "mail/mail_int.h"

enum { CONNECT_S = 20, WHOLE_S = 900, MAX_REPLY = 300, DEBUG_VERB = 4 };

/* How far the talk with the server came, by our last command. */
enum stage { STAGE_CONNECT, STAGE_LOGIN, STAGE_SENDER, STAGE_RECIPIENT, STAGE_TEXT };

struct smtp {
    CURL *curl;
    const struct smtp_mail *mail;
    size_t at;    /* of its bytes */
    bool ended;   /* before_end agreed */
    bool handed;  /* at_end agreed: the dot goes out */
    bool stopped; /* a callback did not agree */
    bool leaving; /* QUIT is said */
    enum stage stage;
    char reply[MAX_REPLY + 1]; /* the server's last line */
    char error[CURL_ERROR_SIZE];
};

/* ---- what libcurl calls ---- */

static size_t give(char *to, size_t size, size_t count, void *arg)
{
    struct smtp *s = arg;
    size_t room = size * count, left = s->mail->bytes.len - s->at;
    size_t n = left < room ? left : room;
    if (n) {
        memcpy(to, s->mail->bytes.ptr + s->at, n);
        s->at += n;
        return n;
    }
    if (s->mail->before_end && !s->mail->before_end(s->mail->arg)) {
        s->stopped = true;
        return CURL_READFUNC_ABORT;
    }
    s->ended = true;
    return 0;
}

static int on_progress(void *arg, curl_off_t a _unused_, curl_off_t b _unused_,
                       curl_off_t c _unused_, curl_off_t d _unused_)
{
    struct smtp *s = arg;
    bool go_on = true;
    if (s->ended && !s->handed)
        go_on = s->handed = !s->mail->at_end || s->mail->at_end(s->mail->arg);
    else if (s->mail->tick)
        go_on = s->mail->tick(s->mail->arg);
    s->stopped = !go_on;
    return s->stopped;
}

/* Each line of the server's answers comes as a header. The answer to our goodbye, which libcurl
 * says after a refusal, says nothing. */
static size_t on_reply(char *line, size_t size, size_t count, void *arg)
{
    struct smtp *s = arg;
    size_t n = size * count, kept = 0;
    if (s->leaving)
        return n;
    for (size_t i = 0; i < n && kept < MAX_REPLY; i++)
        if (line[i] >= ' ' && line[i] <= '~')
            s->reply[kept++] = line[i];
    s->reply[kept] = '\0';
    return n;
}

/* Only the verb of each command is looked at: what follows may be a password. */
static int on_debug(CURL *curl _unused_, curl_infotype type, char *data, size_t size, void *arg)
{
    static const struct {
        const char *verb;
        enum stage stage;
    } verbs[] = {
        {"EHLO", STAGE_LOGIN}, {"HELO", STAGE_LOGIN},  {"STAR", STAGE_LOGIN},
        {"AUTH", STAGE_LOGIN}, {"MAIL", STAGE_SENDER}, {"RCPT", STAGE_RECIPIENT},
        {"DATA", STAGE_TEXT},
    };
    struct smtp *s = arg;
    if (type != CURLINFO_HEADER_OUT || size <= DEBUG_VERB)
        return 0;
    for (size_t i = 0; i < COUNT_OF(verbs); i++)
        if (memcmp(data, verbs[i].verb, DEBUG_VERB) == 0)
            s->stage = verbs[i].stage;
    s->leaving = memcmp(data, "QUIT", DEBUG_VERB) == 0;
    return 0;
}

/* ---- the session ---- */

static pthread_once_t once = PTHREAD_ONCE_INIT;

static void start_library(void)
{
    (void)curl_global_init(CURL_GLOBAL_DEFAULT);
}

static void close_session(void *object)
{
    struct smtp *s = object;
    static const struct smtp_mail nothing = {0};
    s->mail = &nothing; /* saying goodbye also calls on_progress */
    curl_easy_cleanup(s->curl);
}

#define SET(option, value) (curl_easy_setopt(s->curl, option, value) == CURLE_OK)

static bool set_server(struct smtp *s, struct arena *a, const struct smtp_options *o)
{
    bool good = SET(CURLOPT_URL, str_z(a, o->url)) && SET(CURLOPT_PROTOCOLS_STR, "smtp,smtps") &&
                SET(CURLOPT_USE_SSL, (long)(o->tls ? CURLUSESSL_ALL : CURLUSESSL_NONE)) &&
                SET(CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2) && SET(CURLOPT_PROXY, "") &&
                SET(CURLOPT_CONNECTTIMEOUT, (long)CONNECT_S) &&
                SET(CURLOPT_SERVER_RESPONSE_TIMEOUT, (long)o->timeout_s) &&
                SET(CURLOPT_TIMEOUT, (long)WHOLE_S) && SET(CURLOPT_NOSIGNAL, 1L) &&
                SET(CURLOPT_UPLOAD, 1L) && SET(CURLOPT_ERRORBUFFER, s->error);
    if (good && o->ca_file.len)
        good = SET(CURLOPT_CAINFO, str_z(a, o->ca_file));
    if (good && o->user.len)
        good = SET(CURLOPT_USERNAME, str_z(a, o->user)) &&
               SET(CURLOPT_PASSWORD, str_z(a, o->password));
    return good;
}

static bool set_callbacks(struct smtp *s)
{
    return SET(CURLOPT_READFUNCTION, give) && SET(CURLOPT_READDATA, s) &&
           SET(CURLOPT_XFERINFOFUNCTION, on_progress) && SET(CURLOPT_XFERINFODATA, s) &&
           SET(CURLOPT_NOPROGRESS, 0L) && SET(CURLOPT_HEADERFUNCTION, on_reply) &&
           SET(CURLOPT_HEADERDATA, s) && SET(CURLOPT_DEBUGFUNCTION, on_debug) &&
           SET(CURLOPT_DEBUGDATA, s) && SET(CURLOPT_VERBOSE, 1L);
}

int smtp_open(struct ctx *c, const struct smtp_options *options, struct smtp **ret)
{
    (void)pthread_once(&once, start_library);
    struct smtp *s = arena_new_of(c->arena, struct smtp);
    s->curl = curl_easy_init();
    if (!s->curl)
        return err_memory(c, "a session with the mail server");
    arena_defer(c->arena, close_session, s);
    if (!set_server(s, c->arena, options) || !set_callbacks(s))
        return err_memory(c, "options of a session with the mail server");
    *ret = s;
    return 0;
}

/* ---- one mail ---- */

static const struct smtp_result no_memory = {SMTP_DOWN, STR("Er is nu te weinig geheugen.")};

static bool set_mail(struct smtp *s, struct arena *a, const struct smtp_mail *m,
                     struct curl_slist **ret_to)
{
    str from = str_fmt(a, "<%.*s>", (int)m->from.len, m->from.ptr);
    str to = str_fmt(a, "<%.*s>", (int)m->to.len, m->to.ptr);
    *ret_to = curl_slist_append(NULL, to.ptr);
    s->mail = m;
    s->at = 0;
    s->ended = s->handed = s->stopped = s->leaving = false;
    s->stage = STAGE_CONNECT;
    s->reply[0] = s->error[0] = '\0';
    return *ret_to && SET(CURLOPT_MAIL_FROM, from.ptr) && SET(CURLOPT_MAIL_RCPT, *ret_to);
}

static const char *away_words(CURLcode code)
{
    switch (code) {
    case CURLE_USE_SSL_FAILED:
        return "De mailserver biedt geen beveiligde verbinding (STARTTLS) aan.";
    case CURLE_PEER_FAILED_VERIFICATION:
        return "Het certificaat van de mailserver klopt niet.";
    case CURLE_SSL_CONNECT_ERROR:
        return "De beveiligde verbinding met de mailserver lukt niet.";
    case CURLE_SSL_CACERT_BADFILE:
        return "Het bestand van smtp_ca_file is geen certificaat.";
    case CURLE_LOGIN_DENIED:
        return "De mailserver weigert de naam of het wachtwoord.";
    case CURLE_COULDNT_RESOLVE_HOST:
        return "De naam van de mailserver is niet te vinden.";
    case CURLE_OPERATION_TIMEDOUT:
        return "De mailserver antwoordt niet op tijd.";
    default:
        return "De mailserver is niet bereikbaar.";
    }
}

/* The words of the server with ours before them. At the sign-in a server may repeat what we said:
 * then only ours. */
static struct smtp_result result_of(struct smtp *s, struct arena *a, enum smtp_end end,
                                    const char *words)
{
    if (s->stage == STAGE_LOGIN || !s->reply[0])
        return (struct smtp_result){end, str_fmt(a, "%s", words)};
    return (struct smtp_result){end, str_fmt(a, "%s De server zegt: %s", words, s->reply)};
}

static bool is_server_reply(CURLcode code)
{
    return code == CURLE_SEND_ERROR || code == CURLE_WEIRD_SERVER_REPLY ||
           code == CURLE_RECV_ERROR || code == CURLE_REMOTE_ACCESS_DENIED;
}

/* What a refusal means. About us, the sender, it is the same for every mail: no reason to give up
 * this one. */
static struct smtp_result refusal(struct smtp *s, struct arena *a, long status)
{
    bool for_good = status >= 500;
    if (status == 421 || s->stage < STAGE_SENDER)
        return result_of(s, a, SMTP_DOWN, "De mailserver neemt nu niets aan.");
    if (s->stage == STAGE_SENDER)
        return result_of(s, a, SMTP_DOWN, "De mailserver weigert de afzender.");
    if (s->stage == STAGE_RECIPIENT)
        return for_good ? result_of(s, a, SMTP_REFUSED, "De mailserver weigert dit adres.")
                        : result_of(s, a, SMTP_LATER, "De mailserver neemt dit adres nu niet aan.");
    return for_good ? result_of(s, a, SMTP_REFUSED, "De mailserver weigert dit bericht.")
                    : result_of(s, a, SMTP_LATER, "De mailserver neemt dit bericht nu niet aan.");
}

/* Of the server's last line: 0 when it said nothing. */
static long status_of(const struct smtp *s)
{
    long long status = 0;
    (void)str_int(str_slice(str_from(s->reply), 0, 3), 200, 599, &status);
    return (long)status;
}

static struct smtp_result judge(struct smtp *s, struct arena *a, CURLcode code)
{
    long status = status_of(s);
    if (code == CURLE_OK)
        return (struct smtp_result){SMTP_SENT, str_fmt(a, "%s", s->reply)};
    if (s->stopped)
        return (struct smtp_result){SMTP_STOPPED, S("Het versturen is afgebroken.")};
    if (is_server_reply(code) && status >= 400)
        return refusal(s, a, status);
    if (s->handed)
        return result_of(s, a, SMTP_LOST, "De mailserver heeft na het bericht niet geantwoord.");
    if (code == CURLE_OUT_OF_MEMORY)
        return no_memory;
    return result_of(s, a, SMTP_DOWN, away_words(code));
}

static struct smtp_result send_once(struct smtp *s, struct arena *a, const struct smtp_mail *mail,
                                    bool fresh)
{
    struct curl_slist *to = NULL;
    struct smtp_result r = no_memory;
    if (set_mail(s, a, mail, &to) && SET(CURLOPT_FRESH_CONNECT, (long)fresh))
        r = judge(s, a, curl_easy_perform(s->curl));
    curl_slist_free_all(to);
    (void)curl_easy_setopt(s->curl, CURLOPT_MAIL_RCPT, NULL);
    return r;
}

/* A server may end a connection after some time or some mails, at a moment of its own: what it says
 * on a new one counts. */
void smtp_send(struct smtp *s, struct arena *a, const struct smtp_mail *mail,
               struct smtp_result *ret)
{
    long made = 1;
    *ret = send_once(s, a, mail, false);
    (void)curl_easy_getinfo(s->curl, CURLINFO_NUM_CONNECTS, &made);
    if (ret->end == SMTP_DOWN && made == 0 && !s->handed)
        *ret = send_once(s, a, mail, true);
}
