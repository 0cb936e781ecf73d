/* The settings of mail, and what they mean together. */
#include "base/file.h"
#include "mail/mail_int.h"

enum { MAX_PASSWORD = 1024, PORT_SMTP = 587, PORT_SMTPS = 465 };

const struct config_setting mail_settings[MAIL_SETTING_COUNT] = {
    {"smtp_url", CONFIG_TEXT, "", 0, 0, false,
     "Mailserver: smtps://HOST:465, of smtp://HOST:587 met STARTTLS. Leeg: mail blijft in het "
     "postvak van de beheerder."},
    {"smtp_user", CONFIG_TEXT, "", 0, 0, false, "Naam voor de mailserver. Leeg: zonder inloggen."},
    {"smtp_password", CONFIG_TEXT, "", 0, 0, true,
     "Wachtwoord voor de mailserver. Zet het in het bestand of de omgeving, niet op de "
     "opdrachtregel."},
    {"smtp_password_file", CONFIG_TEXT, "", 0, 0, false,
     "Bestand met alleen het wachtwoord voor de mailserver, in plaats van smtp_password."},
    {"smtp_ca_file", CONFIG_TEXT, "", 0, 0, false,
     "Bestand met het certificaat dat de mailserver bewijst. Leeg: de certificaten van het "
     "systeem."},
    {"smtp_timeout_s", CONFIG_INT, "120", 1, 600, false,
     "Seconden waarin de mailserver moet antwoorden."},
    {"mail_from", CONFIG_TEXT, "", 0, 0, false,
     "Adres van de afzender, zoals noreply@aanjager.voorbeeld.nl."},
    {"mail_from_name", CONFIG_TEXT, "Aanjager", 0, 0, false, "Naam van de afzender."},
    {"mail_per_domain", CONFIG_INT, "300", 0, 1000000, false,
     "Nieuwsbrieven per minuut naar één domein. 0: geen grens."},
    {"mail_keep_days", CONFIG_INT, "30", 1, 3650, false,
     "Dagen dat verstuurde en mislukte mail bewaard blijft."},
};

bool mail_is_sent(const struct ctx *c)
{
    return config_text(c->config, "smtp_url").len > 0;
}

static bool is_host(str s)
{
    for (size_t i = 0; i < s.len; i++) {
        char b = s.ptr[i];
        bool letter = (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z') || (b >= '0' && b <= '9');
        if (!letter && b != '.' && b != '-')
            return false;
    }
    return s.len > 0 && s.len <= 253;
}

static bool is_ipv6(str s)
{
    for (size_t i = 1; i + 1 < s.len; i++)
        if (!strchr("0123456789abcdefABCDEF:.", s.ptr[i]))
            return false;
    return s.len > 3 && s.len < 48 && s.ptr[0] == '[' && s.ptr[s.len - 1] == ']';
}

/* A scheme, a host and perhaps a port: no name, password or path, which would be shown with it. */
bool smtp_url_split(str url, bool *ret_secure, str *ret_host, long long *ret_port)
{
    bool secure = str_starts(url, S("smtps://"));
    if (!secure && !str_starts(url, S("smtp://")))
        return false;
    str rest = str_slice(url, secure ? 8 : 7, url.len), host = rest;
    long long port = secure ? PORT_SMTPS : PORT_SMTP;
    size_t bracket = str_find_byte(rest, ']');
    size_t from = bracket == STR_NONE ? 0 : bracket;
    size_t colon = str_find_byte(str_slice(rest, from, rest.len), ':');
    if (colon != STR_NONE) {
        host = str_slice(rest, 0, from + colon);
        if (!str_int(str_slice(rest, from + colon + 1, rest.len), 1, 65535, &port))
            return false;
    }
    if (!is_host(host) && !is_ipv6(host))
        return false;
    *ret_secure = secure;
    *ret_host = host;
    *ret_port = port;
    return true;
}

static bool is_this_machine(str host)
{
    return str_starts(host, S("127.")) || str_eqz(host, "[::1]") || str_eqz(host, "localhost");
}

static int read_password(struct ctx *c, struct smtp_options *s)
{
    str path = config_text(c->config, "smtp_password_file"), line;
    s->user = config_text(c->config, "smtp_user");
    s->password = config_text(c->config, "smtp_password");
    if (!path.len)
        return 0;
    if (s->password.len)
        return err_set(c, ERR_INVALID, "Geef smtp_password of smtp_password_file, niet allebei.");
    TRY(file_read(c, path, MAX_PASSWORD, &s->password));
    while (s->password.len && strchr("\r\n", s->password.ptr[s->password.len - 1]))
        s->password.len--;
    str rest = s->password;
    (void)str_line(&rest, &line);
    if (!s->password.len || line.len != s->password.len || memchr(line.ptr, 0, line.len))
        return err_set(c, ERR_INVALID,
                       "In het bestand van smtp_password_file moet alleen het wachtwoord staan.");
    return 0;
}

static int read_server(struct ctx *c, struct smtp_options *s)
{
    bool secure;
    str host;
    long long port;
    if (!smtp_url_split(config_text(c->config, "smtp_url"), &secure, &host, &port))
        return err_set(c, ERR_INVALID,
                       "De instelling \"smtp_url\" klopt niet. Schrijf smtps://HOST:POORT of "
                       "smtp://HOST:POORT, zonder naam en wachtwoord.");
    s->ca_file = config_text(c->config, "smtp_ca_file");
    if (s->ca_file.len && !file_exists(c, s->ca_file))
        return err_set(c, ERR_INVALID,
                       "Het bestand van de instelling \"smtp_ca_file\" bestaat niet.");
    s->url = str_fmt(c->arena, "%s://%.*s:%lld", secure ? "smtps" : "smtp", (int)host.len, host.ptr,
                     port);
    /* Within the machine there is nobody to listen, and a server there often has no certificate. */
    s->tls = secure || s->ca_file.len || !is_this_machine(host);
    s->timeout_s = (int)config_int(c->config, "smtp_timeout_s");
    return read_password(c, s);
}

int mail_options_read(struct ctx *c, struct mail_options *ret)
{
    struct mail_options o = {
        .from = config_text(c->config, "mail_from"),
        .from_name = config_text(c->config, "mail_from_name"),
        .per_domain = config_int(c->config, "mail_per_domain"),
    };
    str data = config_text(c->config, "data");
    TRY(read_server(c, &o.smtp));
    if (!mail_address_valid(o.from))
        return err_set(c, ERR_INVALID,
                       "De instelling \"mail_from\" moet een mailadres zijn, zoals "
                       "noreply@aanjager.voorbeeld.nl.");
    TRY(mail_check_name(c, o.from_name));
    o.folder = str_fmt(c->arena, "%.*s/mail", (int)data.len, data.ptr);
    *ret = o;
    return 0;
}

int mail_check_settings(struct ctx *c)
{
    struct mail_options o;
    return mail_is_sent(c) ? mail_options_read(c, &o) : 0;
}
