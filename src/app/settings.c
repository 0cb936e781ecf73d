#include "app/app.h"
#include "base/file.h"

static const struct config_setting settings[] = {
    {"data", CONFIG_TEXT, "var", 0, 0, false, "Map voor de database en de zoekindex."},
    {"database", CONFIG_TEXT, "", 0, 0, false,
     "Database: sqlite:PAD of postgresql:ADRES. Leeg: aanjager.db in de map met gegevens."},
    {"address", CONFIG_TEXT, "127.0.0.1", 0, 0, false, "Adres waarop de server luistert."},
    {"port", CONFIG_INT, "8080", 1, 65535, false, "Poort waarop de server luistert."},
    {"public_url", CONFIG_TEXT, "", 0, 0, false,
     "Adres waaronder bezoekers de site zien, zoals https://aanjager.voorbeeld.nl."},
    {"trusted_proxies", CONFIG_TEXT, "", 0, 0, false,
     "Adressen van proxy's waarvan het doorgegeven bezoekersadres wordt geloofd."},
    {"contact", CONFIG_TEXT, "", 0, 0, false,
     "Adres voor meldingen over veiligheid, in security.txt: mailto: of https://."},
    {"max_body_kb", CONFIG_INT, "1024", 1, 1048576, false, "Grootste verzoek in kB."},
    {"max_connections", CONFIG_INT, "128", 4, 4096, false, "Verbindingen tegelijk."},
    {"database_connections", CONFIG_INT, "32", 2, 256, false, "Verbindingen met de database."},
    {"timeout_s", CONFIG_INT, "20", 1, 300, false,
     "Seconden waarin een verzoek binnen moet zijn; ook tot een stille verbinding sluit."},
    {"min_rate_kb", CONFIG_INT, "8", 1, 1024, false,
     "Traagste snelheid van een verzoek of antwoord in kB per seconde."},
    {"connections_per_address", CONFIG_INT, "0", 0, 4096, false,
     "Verbindingen tegelijk van een adres. 0: geen grens, voor achter een proxy."},
    {"connection_memory_kb", CONFIG_INT, "64", 32, 1024, false,
     "Geheugen per verbinding voor het lezen van een verzoek in kB."},
    {"max_page_kb", CONFIG_INT, "4096", 256, 65536, false, "Grootste antwoord in kB."},
    {"page_cache_kb", CONFIG_INT, "8192", 0, 1048576, false,
     "Geheugen voor gemaakte pagina's in kB. 0: elke pagina wordt telkens gemaakt."},
    {"item_cache_kb", CONFIG_INT, "16384", 0, 1048576, false,
     "Geheugen voor gelezen items in kB. 0: elk item wordt telkens gelezen."},
    {"requests_per_minute", CONFIG_INT, "3000", 0, 1000000, false,
     "Verzoeken per minuut van een adres; zoeken, de lijst van items, feeds en pdf-bestanden "
     "tellen voor vier. 0: geen grens."},
    {"secret_key", CONFIG_TEXT, "", 0, 0, true,
     "Sleutel van 64 tekens (0-9, a-f) voor codes en tweede stappen. Leeg: secret.key bij de "
     "data."},
    {"password_memory_kb", CONFIG_INT, "65536", 1024, 1048576, false,
     "Geheugen dat het controleren van een wachtwoord kost in kB."},
    {"password_slots", CONFIG_INT, "4", 1, 64, false,
     "Wachtwoorden die tegelijk worden gecontroleerd."},
    {"job_threads", CONFIG_INT, "1", 1, 16, false, "Taken die tegelijk op de achtergrond lopen."},
    {"log_level", CONFIG_INT, "2", 0, 3, false,
     "0 fouten, 1 waarschuwingen, 2 verzoeken, 3 alles."},
};

/* Words with hyphens that are no setting. */
static bool is_verb(str word)
{
    return str_eqz(word, "--help") || str_eqz(word, "--json") || str_eqz(word, "--version");
}

/* Ways of writing --name=value and --name value; takes it out of argv. */
static int take_option(struct app *app, int *argc, const char **argv, int at)
{
    struct ctx *c = &app->ctx;
    str option = str_slice(str_from(argv[at]), 2, SIZE_MAX), value;
    size_t equals = str_find_byte(option, '=');
    int used = 1;
    if (equals != STR_NONE) {
        value = str_slice(option, equals + 1, option.len);
        option = str_slice(option, 0, equals);
    } else if (at + 1 < *argc) {
        value = str_from(argv[at + 1]);
        used = 2;
    } else {
        return err_set(c, ERR_INVALID, "Achter \"%s\" hoort een waarde.", argv[at]);
    }
    char name[64] = "";
    for (size_t i = 0; i < option.len && i < sizeof name - 1; i++)
        name[i] = option.ptr[i] == '-' ? '_' : option.ptr[i];
    TRY(config_set(c, app->config, str_from(name), value, CONFIG_COMMAND_LINE));
    for (int i = at; i + used <= *argc; i++)
        argv[i] = argv[i + used];
    *argc -= used;
    return 0;
}

static int take_options(struct app *app, int *argc, const char **argv)
{
    for (int i = 0; i < *argc;) {
        str word = str_from(argv[i]);
        if (str_eqz(word, "--"))
            return 0;
        if (str_starts(word, S("--")) && !is_verb(word))
            TRY(take_option(app, argc, argv, i));
        else
            i++;
    }
    return 0;
}

/* The file is aanjager.conf in the data folder, which itself comes from environment or command
 * line. */
static int read_file(struct app *app)
{
    struct ctx *c = &app->ctx;
    str path = str_fmt(app->arena, "%s/aanjager.conf",
                       str_z(app->arena, config_text(app->config, "data")));
    return file_exists(c, path) ? config_read_file(c, app->config, path) : 0;
}

int app_settings(struct app *app, int *argc, const char **argv)
{
    app->config = config_new(app->arena);
    app->ctx.config = app->config;
    config_declare(app->config, settings, COUNT_OF(settings));
    for (size_t i = 0; i < module_count; i++)
        config_declare(app->config, modules[i]->settings, modules[i]->setting_count);
    TRY(config_read_environment(&app->ctx, app->config));
    TRY(take_options(app, argc, argv));
    return read_file(app);
}
