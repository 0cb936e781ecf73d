#include <arpa/inet.h>

#include "accounts/accounts_int.h"

#include "base/clock.h"
#include "mail/mail.h"

/* ---- addresses ---- */

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

bool accounts_address(struct arena *a, str typed, str *ret)
{
    str address = str_lower_ascii(a, str_trim(typed));
    if (!mail_address_valid(address))
        return false;
    *ret = address;
    return true;
}

str accounts_network(struct arena *a, str remote)
{
    unsigned char six[16];
    char half[INET6_ADDRSTRLEN];
    if (inet_pton(AF_INET6, str_z(a, remote), six) != 1)
        return remote;
    memset(six + 8, 0, 8);
    return inet_ntop(AF_INET6, six, half, sizeof half) ? str_dup(a, str_from(half)) : remote;
}

/* ---- browsers ---- */

static const char *first_of(str user_agent, const char *const (*names)[2], size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (str_find(user_agent, str_from(names[i][0])) != STR_NONE)
            return names[i][1];
    return NULL;
}

str accounts_agent(struct arena *a, str user_agent)
{
    /* The first that fits: others call themselves Chrome or Safari as well. */
    static const char *const browsers[][2] = {
        {"Edg", "Edge"},      {"OPR/", "Opera"},   {"Firefox", "Firefox"}, {"FxiOS", "Firefox"},
        {"Chrome", "Chrome"}, {"CriOS", "Chrome"}, {"Safari", "Safari"}};
    static const char *const systems[][2] = {{"Android", "Android"}, {"iPhone", "iPhone"},
                                             {"iPad", "iPad"},       {"Windows", "Windows"},
                                             {"Macintosh", "macOS"}, {"Linux", "Linux"}};
    const char *browser = first_of(user_agent, browsers, COUNT_OF(browsers));
    const char *system = first_of(user_agent, systems, COUNT_OF(systems));
    if (browser && system)
        return str_fmt(a, "%s op %s", browser, system);
    return str_from(browser ? browser : system ? system : "Onbekende browser");
}

/* ---- times ---- */

struct session_limits accounts_limits(bool two_factor_role)
{
    return two_factor_role ? (struct session_limits){HOUR, 12 * HOUR}
                           : (struct session_limits){14 * DAY, 30 * DAY};
}

long long accounts_ticket_life(str purpose)
{
    if (str_eqz(purpose, TICKET_RESET))
        return ACCOUNTS_RESET_S;
    if (str_eqz(purpose, TICKET_INVITE))
        return ACCOUNTS_INVITE_S;
    if (str_eqz(purpose, TICKET_FIRST))
        return ACCOUNTS_FIRST_S;
    return ACCOUNTS_TICKET_S;
}

str accounts_day(struct arena *a, long long at)
{
    return clock_date_dutch(a, clock_date(a, at));
}

/* ---- words and places ---- */

const char *accounts_state_name(long long state)
{
    static const char *const names[] = {"onbekend", "actief", "uitgezet", "verwijderd"};
    return state >= ACCOUNT_ACTIVE && state <= ACCOUNT_ERASED ? names[state] : names[0];
}

/* Letters that may stand in an address of ours as they are; anything else is not followed. */
static bool is_plain(char c)
{
    return is_word(c) || (c >= 'A' && c <= 'Z') || strchr("/-._~?=&%+", c);
}

str accounts_target(str asked)
{
    bool sane = str_starts(asked, S("/")) && !str_starts(asked, S("//")) && asked.len <= 500 &&
                !str_starts(asked, S("/inloggen")) && !str_starts(asked, S("/bevestigen"));
    for (size_t i = 0; i < asked.len; i++)
        sane = sane && asked.ptr[i] && is_plain(asked.ptr[i]);
    return sane ? asked : S("/account");
}

str accounts_origin(struct ctx *c)
{
    str url = http_public_origin(c);
    if (url.len)
        return url;
    str address = config_text(c->config, "address");
    if (str_eqz(address, "0.0.0.0") || str_eqz(address, "::"))
        address = S("127.0.0.1");
    bool six = str_find_byte(address, ':') != STR_NONE;
    return str_fmt(c->arena, "http://%s%.*s%s:%lld", six ? "[" : "", (int)address.len, address.ptr,
                   six ? "]" : "", config_int(c->config, "port"));
}
