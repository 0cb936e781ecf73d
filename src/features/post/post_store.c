#include "post/post_int.h"

#include "db/db.h"

struct retry {
    long long id;
    struct audit_entry entry;
};

static int retry_body(struct ctx *c, void *arg)
{
    const struct retry *r = arg;
    TRY(mail_retry(c, r->id));
    return audit_note(c, &r->entry);
}

int post_store_retry(struct ctx *c, long long id, const struct audit_entry *by)
{
    struct retry r = {id, *by};
    r.entry.verb = S("mail.retry");
    r.entry.object = S("mail");
    r.entry.object_id = id;
    return db_transaction(c, retry_body, &r);
}
