/* mail.h - mail that leaves the program.

   A feature puts a mail in the outbox in its own transaction; a job sends it. What is in the outbox
   survives a crash and leaves once: see docs/modules/mail.md for the order of things. Without the
   setting smtp_url nothing is sent and all stays readable. */
#pragma once

#include "base/config.h"
#include "base/ctx.h"

enum {
    MAIL_MAX_ADDRESS = 254,
    MAIL_MAX_NAME = 100,    /* characters */
    MAIL_MAX_SUBJECT = 200, /* characters */
    MAIL_MAX_TEXT = 256 * 1024,
    MAIL_MAX_HTML = 512 * 1024,
    MAIL_MAX_KEY = 200,
    MAIL_MAX_FIELDS = 16,
    MAIL_MAX_VALUE = 1000,
    MAIL_MAX_LIST = 500,
};

/* Service mail answers what somebody did and goes first; bulk mail has a rate for each domain. */
enum mail_kind { MAIL_SERVICE, MAIL_BULK };

enum mail_state {
    MAIL_WAITING,
    MAIL_SENDING,
    MAIL_HANDED, /* the server has it or had it, and has not answered yet */
    MAIL_SENT,
    MAIL_FAILED,    /* refused, or too late */
    MAIL_UNCERTAIN, /* handed over, but the answer is lost: probably sent, not tried again */
};

/* name@domain in ASCII, as RFC 5321 without quotes: nothing in it can end or add a header or a
 * command. */
bool mail_address_valid(str address);

struct mail_content {
    str subject;
    str text;        /* plain text, \n or \r\n; required */
    str html;        /* the same as a whole HTML document; empty: text only */
    str reply_to;    /* an address; empty: none */
    str list_id;     /* nieuws.voorbeeld.nl; empty: none */
    str unsubscribe; /* https address that takes a POST without a form, RFC 8058; empty: none */
    str in_reply_to; /* the Message-ID with < and > that this answers; empty: none */
};

/* Fills {{name}} in shared content: in the text and subject as it is, in HTML escaped. */
struct mail_field {
    str name;  /* a-z and _ */
    str value; /* one line */
};

struct mail_message {
    enum mail_kind kind;
    str to;
    str to_name; /* empty: none */
    struct mail_content content;
    long long content_id; /* from mail_share, instead of content; 0: none */
    const struct mail_field *fields;
    size_t field_count;
    str unique; /* not empty: only the first mail with this key is queued, ever; no personal data in
                   it */
    long long send_at;    /* 0: now */
    long long expires_at; /* not sent after this moment; 0: three days after send_at */
};

/* Puts a mail in the outbox, in the caller's transaction when there is one. ret_id (may be NULL) is
   0 when the key was used before. ERR_INVALID or ERR_LIMIT with words for what cannot be a mail. */
int mail_queue(struct ctx *c, const struct mail_message *m, long long *ret_id) _nodiscard_;
/* Content for many mails, stored once. */
int mail_share(struct ctx *c, const struct mail_content *content, long long *ret_id) _nodiscard_;

/* ---- the outbox for people ---- */

struct mail_row {
    long long id, kind, state, created_at, next_at, ended_at, attempts;
    str to, subject, note;
};
enum mail_filter {
    MAIL_ALL,
    MAIL_OPEN,
    MAIL_PROBLEMS
}; /* open: not ended; problems: failed, uncertain */
/* Newest first, with an id below `before` (0: no bound), at most MAIL_MAX_LIST. */
int mail_list(struct ctx *c, enum mail_filter filter, long long before, size_t limit,
              struct mail_row **ret, size_t *ret_count) _nodiscard_;
struct mail_view {
    struct mail_row row;
    str text, html; /* as the reader gets them; empty when wiped */
};
int mail_read(struct ctx *c, long long id, struct mail_view *ret) _nodiscard_;
/* Puts one that failed or is uncertain back; ERR_CONFLICT when it is neither or was wiped. */
int mail_retry(struct ctx *c, long long id) _nodiscard_;
const char *mail_state_name(long long state); /* Dutch */
/* In a database that was put back from a copy: what waited there may have been sent since, so it
   becomes MAIL_UNCERTAIN, for people to decide. */
int mail_hold(struct ctx *c, long long *ret_count) _nodiscard_;

struct mail_status {
    long long all, waiting, sending, failed, uncertain;
    long long oldest_waiting_s; /* how long the oldest has been due */
};
int mail_status(struct ctx *c, struct mail_status *ret) _nodiscard_;

/* ---- sending ---- */

enum { MAIL_SETTING_COUNT = 10 };
extern const struct config_setting mail_settings[MAIL_SETTING_COUNT];
/* ERR_INVALID with words when the settings cannot work; asks no server. */
int mail_check_settings(struct ctx *c) _nodiscard_;
bool mail_is_sent(const struct ctx *c); /* smtp_url is set */

/* Jobs. Sends what is due, for some seconds, and asks to be run again when there is more. ERR_BUSY
 * when the server is away. */
int mail_send_due(struct ctx *c, str argument) _nodiscard_;
/* Wipes what was kept long enough (mail_keep_days), ends what is too late. */
int mail_clean(struct ctx *c, str argument) _nodiscard_;
/* Sends one mail at once, past the outbox, to see whether the settings work; the server's answer.
 */
int mail_test(struct ctx *c, str to, str *ret_answer) _nodiscard_;
#define MAIL_SEND_JOB "mail-send"
