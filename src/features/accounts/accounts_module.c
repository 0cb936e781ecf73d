#include "accounts/accounts_int.h"

#define TEXT(field, words)                                                                         \
    {                                                                                              \
        field, PARAM_TEXT, 0, ACCOUNTS_FIELD_MAX, true, words                                      \
    }
#define NUMBER(words)                                                                              \
    {                                                                                              \
        "nummer", PARAM_INT, 1, 1000000000000, false, words                                        \
    }
#define DONE                                                                                       \
    {                                                                                              \
        "gelukt", PARAM_TEXT, 0, 30, true, "Wat er net is gelukt"                                  \
    }

/* Forms take what is typed, within bounds; what is wrong with it is said at the field. */
static const struct http_param sign_in_params[] = {TEXT("mailadres", "E-mailadres"),
                                                   TEXT("wachtwoord", "Wachtwoord"),
                                                   TEXT("naar", "Pagina om daarna te openen"),
                                                   {0}};
static const struct http_param sign_in_page_params[] = {
    TEXT("naar", "Pagina om daarna te openen"), DONE, {0}};
static const struct http_param second_page_params[] = {TEXT("naar", "Pagina om daarna te openen"),
                                                       {0}};
static const struct http_param second_params[] = {
    TEXT("code", "Code"), TEXT("naar", "Pagina om daarna te openen"), {0}};
#define PROFILE                                                                                    \
    TEXT("naam", "Naam"), TEXT("functie", "Functie"), TEXT("organisatie", "Organisatie"),          \
        {"marktpartij", PARAM_FLAG, 0, 0, true, "Marktpartij"},                                    \
    {                                                                                              \
        "belang", PARAM_LINES, 0, ACCOUNTS_FIELD_MAX, true, "Belang"                               \
    }
static const struct http_param join_params[] = {PROFILE, TEXT("mailadres", "E-mailadres"), {0}};
static const struct http_param profile_params[] = {PROFILE, {0}};
static const struct http_param forgot_params[] = {TEXT("mailadres", "E-mailadres"), {0}};
static const struct http_param code_page_params[] = {TEXT("aanvraag", "Kenmerk"), {0}};
static const struct http_param code_params[] = {
    TEXT("aanvraag", "Kenmerk"), TEXT("code", "Code"), {0}};
static const struct http_param ticket_page_params[] = {
    {"kenmerk", PARAM_TEXT, 1, 100, false, "Kenmerk uit de link"}, {0}};
static const struct http_param ticket_params[] = {
    {"kenmerk", PARAM_TEXT, 1, 100, false, "Kenmerk uit de link"},
    TEXT("naam", "Naam"),
    TEXT("mailadres", "E-mailadres"),
    TEXT("wachtwoord", "Wachtwoord"),
    {0}};
static const struct http_param done_params[] = {DONE, {0}};
static const struct http_param password_params[] = {
    TEXT("wachtwoord", "Wachtwoord"), TEXT("nieuw", "Nieuw wachtwoord"), {0}};
static const struct http_param address_params[] = {
    TEXT("wachtwoord", "Wachtwoord"), TEXT("mailadres", "E-mailadres"), {0}};
static const struct http_param totp_params[] = {
    TEXT("sleutel", "Sleutel"), TEXT("code", "Code"), {0}};
static const struct http_param totp_off_params[] = {TEXT("code", "Code"), {0}};
static const struct http_param session_params[] = {NUMBER("Nummer van de sessie"), {0}};
static const struct http_param erase_params[] = {TEXT("wachtwoord", "Wachtwoord"), {0}};
static const struct http_param list_params[] = {
    TEXT("q", "Deel van naam, adres of organisatie"),
    {"pagina", PARAM_INT, 1, 100000, true, "Nummer van de pagina"},
    {0}};
static const struct http_param show_params[] = {NUMBER("Nummer van het account"), DONE, {0}};
static const struct http_param account_params[] = {NUMBER("Nummer van het account"), {0}};
static const struct http_param grant_params[] = {
    NUMBER("Nummer van het account"),
    TEXT("rol", "Rol die iemand krijgt"),
    TEXT("bereik", "Waar de rol geldt"),
    TEXT("welke", "Welk thema, welke regio of organisatie"),
    {0}};
static const struct http_param revoke_params[] = {
    NUMBER("Nummer van het account"),
    {"rol", PARAM_INT, 1, 1000000000000, false, "Nummer van de gegeven rol"},
    {0}};
static const struct http_param state_params[] = {
    NUMBER("Nummer van het account"),
    {"staat", PARAM_CHOICE, 0, 0, false, "Staat", "actief|uitgezet"},
    {0}};
static const struct http_param invite_params[] = {TEXT("naam", "Naam"),
                                                  TEXT("mailadres", "E-mailadres"),
                                                  TEXT("organisatie", "Organisatie"),
                                                  TEXT("rol", "Rol die iemand krijgt"),
                                                  {0}};
static const struct http_param view_params[] = {
    NUMBER("Nummer van het account"), TEXT("reden", "Reden"), {0}};

#define GET(path, function, permission, parameters, words)                                         \
    {                                                                                              \
        HTTP_GET, path, function, permission, parameters, .help = words                            \
    }
#define POST(path, function, permission, parameters, words)                                        \
    {                                                                                              \
        HTTP_POST, path, function, permission, parameters, .help = words, .cost = HTTP_COST_SEARCH \
    }

static const struct http_route routes[] = {
    GET("/inloggen", accounts_sign_in_page, PERM_PUBLIC, sign_in_page_params,
        "The page to sign in."),
    POST("/inloggen", accounts_sign_in_post, PERM_PUBLIC, sign_in_params,
         "Signs in with address and password."),
    GET("/inloggen/code", accounts_second_page, PERM_PUBLIC, second_page_params,
        "Asks the second factor."),
    POST("/inloggen/code", accounts_second_post, PERM_PUBLIC, second_params,
         "Takes the second factor."),
    POST("/uitloggen", accounts_sign_out, PERM_PUBLIC, NULL, "Signs the visitor out."),
    GET("/aanmelden", accounts_join_page, PERM_PUBLIC, NULL, "The page to make an account."),
    POST("/aanmelden", accounts_join_post, PERM_PUBLIC, join_params,
         "Asks for an account; the answer says not whether there is one."),
    GET("/wachtwoord-vergeten", accounts_forgot_page, PERM_PUBLIC, NULL,
        "The page for a forgotten password."),
    POST("/wachtwoord-vergeten", accounts_forgot_post, PERM_PUBLIC, forgot_params,
         "Asks for a mail to choose a new password."),
    GET("/bevestigen", accounts_code_page, PERM_PUBLIC, code_page_params,
        "Asks the code of a mail."),
    POST("/bevestigen", accounts_code_post, PERM_PUBLIC, code_params, "Takes the code of a mail."),
    {HTTP_GET, "/bevestigen/:kenmerk", accounts_ticket_page, PERM_PUBLIC, ticket_page_params,
     .help = "What the link of a mail opens; changes nothing.", .secret = true},
    {HTTP_POST, "/bevestigen/:kenmerk", accounts_ticket_post, PERM_PUBLIC, ticket_params,
     .help = "Does what the link of a mail is for.", .cost = HTTP_COST_SEARCH, .secret = true},
    GET("/account", accounts_own, PERM_ACCOUNT, done_params, "The own account."),
    GET("/account/gegevens", accounts_profile_page, PERM_ACCOUNT, NULL, "The own name and work."),
    POST("/account/gegevens", accounts_profile_post, PERM_SECURITY, profile_params,
         "Changes name and work."),
    GET("/account/wachtwoord", accounts_password_page, PERM_SECURITY, NULL,
        "The page to choose a password."),
    POST("/account/wachtwoord", accounts_password_post, PERM_SECURITY, password_params,
         "Changes the password."),
    GET("/account/adres", accounts_address_page, PERM_SECURITY, NULL,
        "The page to change the address."),
    POST("/account/adres", accounts_address_post, PERM_SECURITY, address_params,
         "Asks to confirm another address."),
    GET("/account/tweede-stap", accounts_totp_page, PERM_SECURITY, NULL,
        "The page to set up a second factor."),
    POST("/account/tweede-stap", accounts_totp_post, PERM_SECURITY, totp_params,
         "Sets up a second factor."),
    GET("/account/tweede-stap-uit", accounts_totp_off_page, PERM_SECURITY, NULL,
        "The page to switch the second factor off."),
    POST("/account/tweede-stap-uit", accounts_totp_off_post, PERM_SECURITY, totp_off_params,
         "Switches the second factor off."),
    GET("/account/sessies", accounts_sessions_page, PERM_SECURITY, done_params,
        "Where the own account is signed in."),
    POST("/account/sessies/:nummer/beeindigen", accounts_session_end, PERM_SECURITY, session_params,
         "Signs out elsewhere."),
    POST("/account/sessies/beeindigen", accounts_sessions_end, PERM_SECURITY, NULL,
         "Signs out everywhere else."),
    GET("/account/export", accounts_export, PERM_SECURITY, NULL,
        "All that is known of the own account, as JSON."),
    GET("/account/verwijderen", accounts_erase_page, PERM_SECURITY, NULL,
        "The page to erase the own account."),
    POST("/account/verwijderen", accounts_erase_post, PERM_SECURITY, erase_params,
         "Erases the own account."),
    GET("/beheer/accounts", accounts_admin_list, PERM_ACCOUNTS, list_params, "Lists accounts."),
    GET("/beheer/accounts/uitnodigen", accounts_admin_invite_page, PERM_ACCOUNTS, done_params,
        "The page to invite somebody."),
    POST("/beheer/accounts/uitnodigen", accounts_admin_invite_post, PERM_ACCOUNTS, invite_params,
         "Invites somebody."),
    GET("/beheer/accounts/:nummer", accounts_admin_show, PERM_ACCOUNTS, show_params,
        "Shows one account."),
    POST("/beheer/accounts/:nummer/rol", accounts_admin_grant, PERM_ACCOUNTS, grant_params,
         "Gives a role."),
    POST("/beheer/accounts/:nummer/rol-intrekken", accounts_admin_revoke, PERM_ACCOUNTS,
         revoke_params, "Takes a role back."),
    POST("/beheer/accounts/:nummer/staat", accounts_admin_state, PERM_ACCOUNTS, state_params,
         "Switches an account off or on."),
    POST("/beheer/accounts/:nummer/tweede-stap-uit", accounts_admin_totp_off, PERM_ACCOUNTS,
         account_params, "Switches somebody's second factor off."),
    POST("/beheer/accounts/:nummer/bekijk-als", accounts_admin_view, PERM_VIEW_AS, view_params,
         "Begins to look through somebody's eyes."),
    POST(ACCOUNTS_STOP_VIEW, accounts_admin_view_stop, PERM_ACCOUNT, NULL,
         "Ends looking through somebody's eyes."),
    GET("/beheer/rechten", accounts_rights, PERM_ACCOUNT, NULL, "Who may do what."),
};

static const struct job_kind jobs[] = {
    {.name = "account-mail",
     .run = accounts_mail_job,
     .help = "Mails about one request to join, to reset a password or to change an address."},
    {.name = "account-retention",
     .run = accounts_retention_job,
     .every_s = DAY,
     .help = "Takes away what is no longer needed, warns and erases unused accounts."},
};

const struct module accounts_module = {
    .name = "accounts",
    .routes = {routes, COUNT_OF(routes)},
    .jobs = jobs,
    .job_count = COUNT_OF(jobs),
    .commands = accounts_commands,
    .command_count = ACCOUNTS_COMMAND_COUNT,
};
