/* Words that a question needs and that say little about its subject: they add to the weight of a
   hit, but no hit must have them. By base form, in which a verb is its stem; sorted. */
#include "index/index_int.h"

static const char *const words[] = {
    "aanpak",     "aantal",   "bedoel",      "begin",     "behandel",   "belangrijk",   "bereken",
    "best",       "bestaan",  "bestaand",    "beter",     "betreffend", "blijf",        "breng",
    "dag",        "deel",     "ding",        "doel",      "eigen",      "ervaren",      "ervaring",
    "gebruik",    "geef",     "gemakkelijk", "geschikt",  "geval",      "gewoon",       "goed",
    "groot",      "haal",     "help",        "hoeft",     "houd",       "huidig",       "hulp",
    "informatie", "inhoud",   "jaar",        "keer",      "kies",       "klaar",        "klein",
    "kom",        "krijg",    "laat",        "leg",       "lig",        "loop",         "lukken",
    "maak",       "maand",    "manier",      "mens",      "mogelijk",   "mogelijkheid", "moment",
    "neem",       "nieuw",    "nodig",       "onderwerp", "oud",        "paar",         "persoon",
    "plaats",     "probleem", "recent",      "regel",     "samen",      "slim",         "snel",
    "soort",      "spreek",   "sta",         "stap",      "start",      "tijd",         "uitleg",
    "uitvoer",    "veel",     "vind",        "voorbeeld", "vraag",      "week",         "weet",
    "werk",       "zaak",     "zeg",         "zelf",      "zet",        "zie",          "zoek",
    "zorg",
};

static int compare(const void *key, const void *word)
{
    return str_cmp(*(const str *)key, str_from(*(const char *const *)word));
}

bool light_word(str key)
{
    return bsearch(&key, words, COUNT_OF(words), sizeof *words, compare) != NULL;
}
