/* The verbs of the command line: aanjager user ... */
#include "accounts/accounts_int.h"

/* Who is named in the audit log. */
static const struct actor at_the_keyboard = {.name = STR("opdrachtregel")};

static int wrong_use(struct ctx *c, const char *usage)
{
    return err_set(c, ERR_INVALID, "Gebruik: aanjager user %s", usage);
}

/* By number or by address. */
static int find(struct ctx *c, const char *who, struct account *ret)
{
    long long id;
    str address;
    int code = ERR_NOT_FOUND;
    if (str_int(str_from(who), 1, INT64_MAX, &id))
        code = accounts_store_find(c, id, ret);
    else if (accounts_address(c->arena, str_from(who), &address))
        code = accounts_store_by_address(c, address, ret);
    if (code != ERR_NOT_FOUND)
        return code;
    return err_set(c, ERR_NOT_FOUND, "Er is geen account \"%s\". Zoek met: aanjager user list",
                   who);
}

static int print_roles(struct ctx *c, long long account)
{
    struct account_grant *grants;
    size_t count;
    TRY(accounts_store_roles(c, account, &grants, &count));
    for (size_t i = 0; i < count; i++)
        printf("%s%.*s%s%.*s", i ? ", " : "", (int)grants[i].role.len, grants[i].role.ptr,
               grants[i].scope_id.len ? ":" : "", (int)grants[i].scope_id.len,
               grants[i].scope_id.ptr);
    return 0;
}

static int command_list(struct ctx *c, int argc, const char *const *argv)
{
    struct account *accounts;
    size_t count;
    long long total;
    if (argc > 1)
        return wrong_use(c, "list [TEKST]");
    str text = argc ? str_from(argv[0]) : S("");
    for (long long from = 0;; from += ACCOUNTS_LIST) {
        TRY(accounts_store_list(c, text, from, &accounts, &count, &total));
        for (size_t i = 0; i < count; i++) {
            const struct account *a = &accounts[i];
            printf("%-6lld %-10s %-36.*s %-28.*s ", a->id, accounts_state_name(a->state),
                   (int)a->address.len, a->address.len ? a->address.ptr : "", (int)a->name.len,
                   a->name.ptr);
            TRY(print_roles(c, a->id));
            printf("\n");
        }
        if (count < ACCOUNTS_LIST)
            break;
    }
    printf("%lld accounts\n", total);
    return 0;
}

static void print_pair(const char *name, str value)
{
    printf("%-18s %.*s\n", name, (int)value.len, value.len ? value.ptr : "");
}

static int command_show(struct ctx *c, int argc, const char *const *argv)
{
    struct account a;
    if (argc != 1)
        return wrong_use(c, "show NUMMER|ADRES");
    TRY(find(c, argv[0], &a));
    printf("%-18s %lld\n", "nummer", a.id);
    print_pair("naam", a.name);
    print_pair("e-mailadres", a.address);
    print_pair("functie", a.job);
    print_pair("organisatie", a.organisation);
    print_pair("marktpartij", a.market ? S("ja") : S("nee"));
    print_pair("staat", str_from(accounts_state_name(a.state)));
    print_pair("tweede stap", a.totp_secret.len ? S("aan") : S("uit"));
    print_pair("gemaakt", accounts_day(c->arena, a.created_at));
    print_pair("laatst gezien", accounts_day(c->arena, a.seen_at));
    printf("%-18s ", "rollen");
    TRY(print_roles(c, a.id));
    printf("\n");
    return 0;
}

static int command_invite(struct ctx *c, int argc, const char *const *argv)
{
    c->actor = &at_the_keyboard;
    if (argc < 2 || argc > 3)
        return wrong_use(c, "invite ADRES NAAM [ROL]");
    struct ticket t = {.address = str_from(argv[0]),
                       .name = str_from(argv[1]),
                       .role = argc == 3 ? str_from(argv[2]) : S("")};
    TRY(accounts_invite(c, &t));
    printf("De uitnodiging voor %s staat klaar; de server verstuurt de mail.\n", argv[0]);
    return 0;
}

/* "thema:grond" */
static bool scope_read(str text, struct scope *ret)
{
    size_t colon = str_find_byte(text, ':');
    if (colon == STR_NONE || colon + 1 == text.len)
        return false;
    ret->id = str_slice(text, colon + 1, text.len);
    return scope_find(str_slice(text, 0, colon), &ret->kind) && ret->kind != SCOPE_ALL;
}

static int take_roles(struct ctx *c, long long account, str role)
{
    struct account_grant *grants;
    size_t count, taken = 0;
    TRY(accounts_store_roles(c, account, &grants, &count));
    for (size_t i = 0; i < count; i++)
        if (str_eq(grants[i].role, role)) {
            TRY(accounts_take_role(c, account, grants[i].id));
            taken++;
        }
    if (!taken)
        return err_set(c, ERR_NOT_FOUND, "Dit account heeft die rol niet.");
    printf("ingetrokken: %.*s\n", (int)role.len, role.ptr);
    return 0;
}

static int command_role(struct ctx *c, int argc, const char *const *argv)
{
    c->actor = &at_the_keyboard;
    static const char usage[] = "role NUMMER|ADRES [-]ROL [thema:CODE|regio:CODE|organisatie:ID]";
    struct account a;
    struct scope scope = {0};
    if (argc < 2 || argc > 3 || (argc == 3 && !scope_read(str_from(argv[2]), &scope)))
        return wrong_use(c, usage);
    TRY(find(c, argv[0], &a));
    str role = str_from(argv[1]);
    if (str_starts(role, S("-")))
        return take_roles(c, a.id, str_slice(role, 1, role.len));
    TRY(accounts_give_role(c, a.id, role, scope, 0));
    printf("gegeven: %.*s\n", (int)role.len, role.ptr);
    return 0;
}

static int command_disable(struct ctx *c, int argc, const char *const *argv)
{
    c->actor = &at_the_keyboard;
    struct account a;
    if (argc < 1 || argc > 2 ||
        (argc == 2 && strcmp(argv[1], "uit") != 0 && strcmp(argv[1], "aan") != 0))
        return wrong_use(c, "disable NUMMER|ADRES [uit|aan]");
    TRY(find(c, argv[0], &a));
    bool on = argc == 2 && strcmp(argv[1], "aan") == 0;
    TRY(accounts_change_state(c, a.id, on ? ACCOUNT_ACTIVE : ACCOUNT_DISABLED));
    printf("%.*s is %s\n", (int)a.name.len, a.name.ptr, on ? "actief" : "uitgezet");
    return 0;
}

static int command_two_factor_off(struct ctx *c, int argc, const char *const *argv)
{
    struct account a;
    c->actor = &at_the_keyboard;
    if (argc != 1)
        return wrong_use(c, "two-factor-off NUMMER|ADRES");
    TRY(find(c, argv[0], &a));
    if (!a.totp_secret.len)
        return err_set(c, ERR_CONFLICT, "De tweede stap van dit account staat al uit.");
    TRY(accounts_end_two_factor(c, &a));
    printf("De tweede stap van %.*s staat uit.\n", (int)a.name.len, a.name.ptr);
    return 0;
}

static int command_first_admin(struct ctx *c, int argc, const char *const *argv _unused_)
{
    str url;
    if (argc)
        return wrong_use(c, "first-admin");
    TRY(accounts_first_admin(c, &url));
    if (!url.len)
        return err_set(c, ERR_CONFLICT,
                       "Er is al een beheerder. Geef een ander de rol met: aanjager user role");
    printf("%.*s\n", (int)url.len, url.ptr);
    return 0;
}

const struct command accounts_commands[ACCOUNTS_COMMAND_COUNT] = {
    {"user list", "[TEKST]", "Toont accounts.", command_list, false},
    {"user show", "NUMMER|ADRES", "Toont wat er van een account bekend is.", command_show, false},
    {"user invite", "ADRES NAAM [ROL]", "Nodigt iemand per mail uit.", command_invite, false},
    {"user role", "NUMMER|ADRES [-]ROL [thema:CODE|regio:CODE|organisatie:ID]",
     "Geeft een rol, of trekt hem in met een streepje ervoor.", command_role, false},
    {"user disable", "NUMMER|ADRES [uit|aan]", "Zet een account uit, of met \"aan\" weer aan.",
     command_disable, false},
    {"user two-factor-off", "NUMMER|ADRES",
     "Zet de tweede stap uit van wie telefoon en herstelcodes kwijt is.", command_two_factor_off,
     false},
    {"user first-admin", "", "Toont de link waarmee de eerste beheerder wordt gemaakt.",
     command_first_admin, false},
};
