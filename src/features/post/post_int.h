#pragma once

#include "audit/audit.h"
#include "html/page.h"
#include "mail/mail.h"
#include "module/module.h"
#include "post/post.h"

/* With a note in the audit log, by this account or name. */
int post_store_retry(struct ctx *c, long long id, const struct audit_entry *by) _nodiscard_;

struct post_row {
    str url, subject, to, when, state, note;
};
struct post_filter {
    str name, url;
    long long count;
    bool present;
};
struct post_list_view {
    bool is_sent;
    str title; /* of the filter */
    const struct post_filter *filters;
    size_t filters_count;
    const struct post_row *mails;
    size_t mails_count;
    str older_url;
};
void post_list_html(struct out *o, const struct post_list_view *v);

struct post_show_view {
    struct post_row mail;
    str ended;
    long long attempts;
    html text;
    bool has_html;
};
void post_show_html(struct out *o, const struct post_show_view *v);

http_handler post_list, post_show;

enum { POST_COMMAND_COUNT = 4 };
extern const struct command post_commands[POST_COMMAND_COUNT];
