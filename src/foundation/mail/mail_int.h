/* mail_int.h - shared inside the mail room. */
#pragma once

#include "base/buf.h"
#include "mail/mail.h"

/* ---- compose.c: a message as bytes ---- */

struct mail_parts {
    str from, from_name, to, to_name;
    struct mail_content content; /* filled in */
    str token;
    long long at;
    bool bulk;
};
/* The whole message with CRLF lines, ready for DATA (dots not doubled). ERR_INVALID or ERR_LIMIT
   with words. */
int mail_compose(struct ctx *c, const struct mail_parts *p, str *ret) _nodiscard_;
str mail_domain_of(struct arena *a, str address); /* lower case */
/* The content with the fields of one mail; a name that is not among them stays as it is. */
int mail_fill(struct ctx *c, const struct mail_content *content, const struct mail_field *fields,
              size_t count, struct mail_content *ret) _nodiscard_;
int mail_check_content(struct ctx *c, const struct mail_content *content) _nodiscard_;
int mail_check_name(struct ctx *c, str name) _nodiscard_;

/* ---- smtp.c: the one place that knows libcurl ---- */

struct smtp_options {
    str url; /* smtp://host:port or smtps://host:port */
    str user, password, ca_file;
    bool tls; /* required */
    int timeout_s;
};

enum smtp_end {
    SMTP_SENT,
    SMTP_LATER,   /* this mail not now */
    SMTP_REFUSED, /* this mail never */
    SMTP_DOWN,    /* no mail now: the server is away, or refuses us */
    SMTP_LOST,    /* handed over, then no answer */
    SMTP_STOPPED, /* by a callback */
};

struct smtp_mail {
    str from, to, bytes;
    /* Both are called when all but the last dot is sent, and may stop the transfer by false: first
       before_end, which may take its time; then at_end, which must not, for the dot goes out right
       after it. NULL: nothing. */
    bool (*before_end)(void *arg);
    bool (*at_end)(void *arg);
    /* Called about once a second; false stops the transfer. NULL: nothing. */
    bool (*tick)(void *arg);
    void *arg;
};

struct smtp_result {
    enum smtp_end end;
    str words; /* Dutch, with what the server said */
};

struct smtp;
/* A session: its connection is kept between mails, and closed when the arena of c is reset. */
int smtp_open(struct ctx *c, const struct smtp_options *options, struct smtp **ret) _nodiscard_;
void smtp_send(struct smtp *s, struct arena *a, const struct smtp_mail *mail,
               struct smtp_result *ret);

/* ---- options.c ---- */

struct mail_options {
    struct smtp_options smtp;
    str from, from_name;
    long long per_domain; /* bulk mails a minute; 0: no limit */
    str folder;           /* of the marks of what is handed over */
};
int mail_options_read(struct ctx *c, struct mail_options *ret) _nodiscard_;
bool smtp_url_split(str url, bool *ret_secure, str *ret_host, long long *ret_port);

/* ---- handed.c: what survives the end of the program, but not of the machine ---- */

/* Names this data folder in this run of the machine: marks of another say nothing. */
int handed_node(struct ctx *c, str folder, str *ret) _nodiscard_;
/* Makes the mark of a claim, not set yet. */
int handed_begin(struct ctx *c, str folder, str claim, int *ret_mark) _nodiscard_;
bool handed_mark(int mark); /* one system call, which waits for nothing */
bool handed_is_marked(str folder, str claim);
void handed_close(int mark); /* -1 allowed */
void handed_remove(str folder, str claim);

/* ---- outbox.c: all SQL ---- */

struct mail_due {
    long long id, kind, shared, expires_at, attempts;
    str recipient, name, fields, token;
    struct mail_content content;
    str claim;
};
enum { MAIL_LEASE_S = 30, MAIL_RENEW_S = 10 };

/* The next due mail, claimed; ERR_NOT_FOUND when there is none. Service mail first, then the domain
 * that waited longest. */
int outbox_claim(struct ctx *c, str node, long long per_domain, struct mail_due *ret) _nodiscard_;
int outbox_renew(struct ctx *c, const struct mail_due *m) _nodiscard_;  /* ERR_CONFLICT: not ours */
int outbox_handed(struct ctx *c, const struct mail_due *m) _nodiscard_; /* the same */
struct outbox_end {
    enum mail_state state;
    long long next_at; /* of MAIL_WAITING */
    bool attempt;      /* it counts as one */
    str note;
};
int outbox_end(struct ctx *c, const struct mail_due *m, const struct outbox_end *end) _nodiscard_;

struct mail_lapsed {
    long long id, state;
    str claim, node;
};
/* Claims of programs that stopped. */
int outbox_lapsed(struct ctx *c, struct mail_lapsed **ret, size_t *ret_count) _nodiscard_;
int outbox_lapsed_end(struct ctx *c, const struct mail_lapsed *m, enum mail_state state,
                      str note) _nodiscard_;
int mail_fields_read(struct ctx *c, str lines, struct mail_field **ret,
                     size_t *ret_count) _nodiscard_;
