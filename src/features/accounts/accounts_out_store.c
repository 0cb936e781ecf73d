/* What leaves the feature: mail, and lines of the audit log. Both in the caller's transaction. */
#include "accounts/accounts_int.h"

#include "audit/audit.h"
#include "auth/permission.h"
#include "mail/mail.h"
#include "json/json.h"

int accounts_store_mail(struct ctx *c, str to, str to_name, str subject, str text)
{
    const struct mail_message m = {.kind = MAIL_SERVICE,
                                   .to = to,
                                   .to_name = to_name,
                                   .content = {.subject = subject, .text = text}};
    return mail_queue(c, &m, NULL);
}

/* Signing in is done by the person whom it is about, who is nobody yet when it begins. */
static void by_whom(const struct actor *actor, long long account, struct audit_entry *e)
{
    if (!actor || !actor->name.len) {
        e->account = actor ? account : 0;
        e->who = actor ? S("bezoeker") : S("systeem");
    } else {
        e->account = actor->viewer ? actor->viewer : actor->account;
        e->who = actor->viewer ? actor->viewer_name : actor->name;
    }
    e->origin = actor ? actor->origin : S("");
}

int accounts_store_note(struct ctx *c, const char *act, long long account, str detail)
{
    struct audit_entry e = {.verb = str_from(act), .object = S("account"), .object_id = account};
    struct buf b;
    struct json j;
    by_whom(c->actor, account, &e);
    buf_init(&b, c->arena, AUDIT_MAX_DETAILS);
    json_begin(&j, &b);
    json_object_begin(&j);
    if (detail.len)
        json_kstr(&j, "detail", detail);
    json_object_end(&j);
    e.details = buf_str(&b);
    return audit_note(c, &e);
}
