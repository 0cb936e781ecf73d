/* Who guesses passwords waits longer and longer; the owner does not.

   Failures are counted for the network, for the network with the address, and for the address. A
   browser where the owner signed in before is counted by itself and asks none of those: somebody
   else's guessing never keeps it out. On a new browser, while strangers guess at his address, the
   owner signs in by mail. */
#include "accounts/accounts_int.h"

#include "auth/auth.h"
#include "auth/brake.h"
#include "base/clock.h"

static const struct brake_rule network_rule = {"network", 30, 5, 300, HOUR};
static const struct brake_rule pair_rule = {"pair", 5, 15, 900, DAY};
static const struct brake_rule address_rule = {"address", 50, 10, 600, HOUR};
static const struct brake_rule device_rule = {"device", 5, 15, 900, DAY};
static const struct brake_rule mail_rule = {"mail", 15, 30, 900, HOUR};
static const struct brake_rule second_rule = {"second", 5, 15, 900, DAY};

struct part {
    const struct brake_rule *rule;
    str name;
};

/* The machine itself is not a network: there is a proxy that we were not told of, and all visitors
   seem to be it. */
static size_t parts_of(const struct guess *g, struct part ret[3])
{
    size_t count = 0;
    if (g->device.len) {
        ret[count++] = (struct part){&device_rule, g->device};
        return count;
    }
    ret[count++] = (struct part){&pair_rule, g->pair};
    ret[count++] = (struct part){&address_rule, g->address};
    if (!http_is_loopback(g->network))
        ret[count++] = (struct part){&network_rule, g->network};
    return count;
}

void accounts_guess_look(struct ctx *c, struct guess *g)
{
    struct part parts[3];
    size_t count = parts_of(g, parts);
    g->wait_s = 0;
    for (size_t i = 0; i < count; i++) {
        int wait = brake_wait(c->auth->brake, parts[i].rule, parts[i].name, clock_now());
        g->wait_s = wait > g->wait_s ? wait : g->wait_s;
    }
}

void accounts_guess_failed(struct ctx *c, const struct guess *g)
{
    struct part parts[3];
    size_t count = parts_of(g, parts);
    for (size_t i = 0; i < count; i++)
        brake_failed(c->auth->brake, parts[i].rule, parts[i].name, clock_now());
}

/* What strangers did from elsewhere stays counted. */
void accounts_guess_right(struct ctx *c, const struct guess *g)
{
    brake_release(c->auth->brake, &pair_rule, g->pair);
    if (g->device.len)
        brake_release(c->auth->brake, &device_rule, g->device);
}

int accounts_mail_brake(struct ctx *c, str remote)
{
    str network = accounts_network(c->arena, remote);
    if (http_is_loopback(network))
        return 0;
    int wait = brake_wait(c->auth->brake, &mail_rule, network, clock_now());
    if (wait)
        return err_set(c, ERR_LIMIT,
                       "U vraagt te vaak om een mail. Wacht %d seconden en probeer het opnieuw.",
                       wait);
    brake_failed(c->auth->brake, &mail_rule, network, clock_now());
    return 0;
}

static str account_name(struct ctx *c, long long account)
{
    return str_fmt(c->arena, "%lld", account);
}

long long accounts_second_wait(struct ctx *c, long long account)
{
    return brake_wait(c->auth->brake, &second_rule, account_name(c, account), clock_now());
}

void accounts_second_end(struct ctx *c, long long account, bool right)
{
    if (right)
        brake_release(c->auth->brake, &second_rule, account_name(c, account));
    else
        brake_failed(c->auth->brake, &second_rule, account_name(c, account), clock_now());
}
