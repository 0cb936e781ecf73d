/* What stands in the JSON of the library. The keys are those of docs/content-format.md in
 * camelCase. */
#include "library/library_api.h"

#define CERTAINTY_HELP                                                                             \
    "Hoe zeker de tekst is; alles behalve gecontroleerd is nog door niemand nagekeken"
#define EVIDENCE_HELP "Of is aangetoond dat het werkt"

static const struct json_field ref_fields[] = {
    {"code", JSON_TEXT(struct library_term_ref, code), .help = "Vaste code"},
    {"slug", JSON_TEXT(struct library_term_ref, slug), .help = "Waarde om op te filteren"},
    {"name", JSON_TEXT(struct library_term_ref, name), .help = "Naam op de site"},
};
static const struct json_shape ref_shape =
    JSON_SHAPE("TermReference", struct library_term_ref, ref_fields,
               "Verwijzing naar een fase, knelpunt, thema of rol.");

static const struct json_field related_fields[] = {
    {"slug", JSON_TEXT(struct library_related_item, slug), .help = "Laatste deel van het adres"},
    {"title", JSON_TEXT(struct library_related_item, title), .help = "Titel"},
    {"self", JSON_URL(struct library_related_item, self), .help = "Adres in deze API"},
};
static const struct json_shape related_shape =
    JSON_SHAPE("RelatedItem", struct library_related_item, related_fields,
               "Verwijzing naar een ander kennisitem.");

/* ---- in a list ---- */

static const struct json_field entry_fields[] = {
    {"slug", JSON_TEXT(struct library_entry, row.slug), .help = "Laatste deel van het adres"},
    {"title", JSON_TEXT(struct library_entry, row.title), .help = "Titel"},
    {"type", JSON_TEXT(struct library_entry, row.type), .choices = LIBRARY_TYPES, .help = "Soort"},
    {"catalogue", JSON_TEXT(struct library_entry, row.catalogue), .optional = true,
     .help = "Nummer in de catalogus"},
    {"summary", JSON_TEXT(struct library_entry, row.summary),
     .help = "Samenvatting in een of twee zinnen"},
    {"phases", JSON_OBJECTS(struct library_entry, phases.items, ref_shape), .help = "Fasen"},
    {"bottlenecks", JSON_OBJECTS(struct library_entry, bottlenecks.items, ref_shape),
     .help = "Knelpunten"},
    {"themes", JSON_OBJECTS(struct library_entry, themes.items, ref_shape), .help = "Thema's"},
    {"actors", JSON_OBJECTS(struct library_entry, actors.items, ref_shape), .help = "Rollen"},
    {"certainty", JSON_TEXT(struct library_entry, row.certainty), .choices = LIBRARY_CERTAINTIES,
     .help = CERTAINTY_HELP},
    {"evidence", JSON_TEXT(struct library_entry, row.evidence), .choices = LIBRARY_EVIDENCES,
     .help = EVIDENCE_HELP},
    {"review", JSON_DATE(struct library_entry, row.review), .optional = true,
     .help = "Datum waarvoor de tekst opnieuw wordt nagekeken"},
    {"version", JSON_INT(struct library_entry, row.number), .help = "Nummer van deze versie"},
    {"changedAt", JSON_TIME(struct library_entry, row.changed_at),
     .help = "Tijdstip van de laatste wijziging"},
    {"url", JSON_URL(struct library_entry, url), .help = "Adres van de pagina"},
    {"self", JSON_URL(struct library_entry, self), .help = "Adres in deze API"},
};
const struct json_shape library_entry_shape =
    JSON_SHAPE("ItemSummary", struct library_entry, entry_fields, "Een kennisitem in een lijst.");

/* ---- whole ---- */

static const struct json_field step_fields[] = {
    {"title", JSON_TEXT(struct item_step, title), .help = "Wat u doet"},
    {"text", JSON_TEXT(struct item_step, text), .optional = true, .help = "Hoe u het doet"},
    {"who", JSON_TEXT(struct item_step, who), .optional = true, .help = "Code van de rol"},
};
static const struct json_shape step_shape =
    JSON_SHAPE("Step", struct item_step, step_fields, "Een stap van de aanpak.");

static const struct json_field role_fields[] = {
    {"who", JSON_TEXT(struct item_role, who), .help = "Code van de rol"},
    {"task", JSON_TEXT(struct item_role, task), .help = "Wat die rol doet"},
};
static const struct json_shape role_shape =
    JSON_SHAPE("Role", struct item_role, role_fields, "Wie wat doet.");

static const struct json_field source_fields[] = {
    {"title", JSON_TEXT(struct item_source, title), .help = "Titel"},
    {"url", JSON_URL(struct item_source, url), .optional = true, .help = "Webadres"},
    {"published", JSON_TEXT(struct item_source, date), .optional = true,
     .help = "Wanneer het verscheen, in woorden: een dag, een maand of een jaar"},
    {"note", JSON_TEXT(struct item_source, note), .optional = true, .help = "Toelichting"},
};
static const struct json_shape source_shape =
    JSON_SHAPE("Source", struct item_source, source_fields, "Een bron of een sjabloon.");

static const struct json_field legal_fields[] = {
    {"law", JSON_TEXT(struct item_legal, law), .help = "Wet of regeling"},
    {"article", JSON_TEXT(struct item_legal, article), .optional = true, .help = "Artikel"},
    {"url", JSON_URL(struct item_legal, url), .optional = true, .help = "Webadres"},
    {"validFrom", JSON_DATE(struct item_legal, valid_from), .optional = true,
     .help = "Eerste dag waarop het geldt"},
    {"validTo", JSON_DATE(struct item_legal, valid_to), .optional = true,
     .help = "Laatste dag waarop het geldt"},
    {"note", JSON_TEXT(struct item_legal, note), .optional = true, .help = "Toelichting"},
};
static const struct json_shape legal_shape =
    JSON_SHAPE("LegalBasis", struct item_legal, legal_fields, "Een wettelijke grondslag.");

static const struct json_field record_fields[] = {
    {"slug", JSON_TEXT(struct library_record, item.slug), .help = "Laatste deel van het adres"},
    {"title", JSON_TEXT(struct library_record, item.title), .help = "Titel"},
    {"short", JSON_TEXT(struct library_record, item.short_title), .optional = true,
     .help = "Korte titel"},
    {"type", JSON_TEXT(struct library_record, item.type), .choices = LIBRARY_TYPES,
     .help = "Soort"},
    {"kind", JSON_TEXT(struct library_record, item.kind), .choices = LIBRARY_KINDS,
     .optional = true, .help = "Wat voor kennis het is"},
    {"catalogue", JSON_TEXT(struct library_record, item.catalogue), .optional = true,
     .help = "Nummer in de catalogus"},
    {"summary", JSON_TEXT(struct library_record, item.summary),
     .help = "Samenvatting in een of twee zinnen"},
    {"phases", JSON_OBJECTS(struct library_record, phases.items, ref_shape), .help = "Fasen"},
    {"bottlenecks", JSON_OBJECTS(struct library_record, bottlenecks.items, ref_shape),
     .help = "Knelpunten"},
    {"themes", JSON_OBJECTS(struct library_record, themes.items, ref_shape), .help = "Thema's"},
    {"actors", JSON_OBJECTS(struct library_record, actors.items, ref_shape), .help = "Rollen"},
    {"keywords", JSON_TEXTS(struct library_record, item.keywords.items), .help = "Zoekwoorden"},
    {"effort", JSON_TEXT(struct library_record, item.effort), .choices = LIBRARY_EFFORTS,
     .optional = true, .help = "Hoeveel werk het is om in te voeren"},
    {"cost", JSON_TEXT(struct library_record, item.cost), .optional = true, .help = "Wat het kost"},
    {"introductionTime", JSON_TEXT(struct library_record, item.introduction_time), .optional = true,
     .help = "Hoe lang invoeren duurt"},
    {"when", JSON_TEXTS(struct library_record, item.when.items),
     .help = "Maakt de zin af: past goed als"},
    {"whenNot", JSON_TEXTS(struct library_record, item.when_not.items),
     .help = "Maakt de zin af: past niet als"},
    {"steps", JSON_OBJECTS(struct library_record, item.steps, step_shape),
     .help = "Zo pakt u het aan"},
    {"roles", JSON_OBJECTS(struct library_record, item.roles, role_shape), .help = "Wie wat doet"},
    {"risks", JSON_TEXTS(struct library_record, item.risks.items), .help = "Waar het mis kan gaan"},
    {"lessons", JSON_TEXTS(struct library_record, item.lessons.items),
     .help = "Wat elders misging"},
    {"body", JSON_TEXT(struct library_record, item.body), .help = "De tekst als Markdown"},
    {"bodyHtml", JSON_TEXT(struct library_record, body_html),
     .help = "De tekst als HTML, zoals op de site"},
    {"legal", JSON_OBJECTS(struct library_record, item.legal, legal_shape),
     .help = "Wettelijke grondslagen"},
    {"templates", JSON_OBJECTS(struct library_record, item.templates, source_shape),
     .help = "Sjablonen"},
    {"sources", JSON_OBJECTS(struct library_record, item.sources, source_shape), .help = "Bronnen"},
    {"buildsOn", JSON_OBJECTS(struct library_record, builds_on.items, related_shape),
     .help = "Bouwt voort op"},
    {"alternative", JSON_OBJECTS(struct library_record, alternative.items, related_shape),
     .help = "Alternatieven"},
    {"precondition", JSON_OBJECTS(struct library_record, precondition.items, related_shape),
     .help = "Nodig vooraf"},
    {"namedBy", JSON_OBJECTS(struct library_record, named_by.items, related_shape),
     .help = "Kennisitems die dit item noemen"},
    {"formerSlugs", JSON_TEXTS(struct library_record, item.former_slugs.items),
     .help = "Vroegere adressen; ze verwijzen door"},
    {"owner", JSON_TEXT(struct library_record, item.owner), .optional = true,
     .help = "Organisatie die het bijhoudt"},
    {"contact", JSON_TEXT(struct library_record, item.contact), .optional = true,
     .help = "Waar u vragen stelt"},
    {"checked", JSON_DATE(struct library_record, item.checked), .optional = true,
     .help = "Datum waarop een redacteur de tekst nakeek"},
    {"review", JSON_DATE(struct library_record, item.review), .optional = true,
     .help = "Datum waarvoor de tekst opnieuw wordt nagekeken"},
    {"licence", JSON_TEXT(struct library_record, item.licence),
     .help = "Licentie van de tekst, als SPDX-code"},
    {"certainty", JSON_TEXT(struct library_record, item.certainty), .choices = LIBRARY_CERTAINTIES,
     .help = CERTAINTY_HELP},
    {"evidence", JSON_TEXT(struct library_record, item.evidence), .choices = LIBRARY_EVIDENCES,
     .help = EVIDENCE_HELP},
    {"version", JSON_INT(struct library_record, version), .help = "Nummer van deze versie"},
    {"createdAt", JSON_TIME(struct library_record, created_at),
     .help = "Tijdstip van de eerste versie"},
    {"changedAt", JSON_TIME(struct library_record, changed_at), .help = "Tijdstip van deze versie"},
    {"versions", JSON_URL(struct library_record, versions),
     .help = "Adres van de lijst met alle versies"},
    {"url", JSON_URL(struct library_record, url), .help = "Adres van de pagina"},
    {"self", JSON_URL(struct library_record, self), .help = "Adres in deze API"},
};
const struct json_shape library_record_shape =
    JSON_SHAPE("Item", struct library_record, record_fields, "Een kennisitem.");

/* ---- versions ---- */

static const struct json_field version_fields[] = {
    {"number", JSON_INT(struct library_version, number), .help = "Nummer"},
    {"createdAt", JSON_TIME(struct library_version, created_at),
     .help = "Tijdstip waarop zij is bewaard"},
    {"author", JSON_TEXT(struct library_version, author), .help = "Wie haar bewaarde"},
    {"note", JSON_TEXT(struct library_version, note), .optional = true, .help = "Waarom"},
    {"current", JSON_BOOL(struct library_version, current),
     .help = "Of dit de versie is die nu op de site staat"},
    {"url", JSON_URL(struct library_version, url), .help = "Adres van de pagina"},
    {"self", JSON_URL(struct library_version, self), .help = "Adres in deze API"},
};
const struct json_shape library_version_shape =
    JSON_SHAPE("Version", struct library_version, version_fields, "Een versie van een kennisitem.");

/* ---- the taxonomy ---- */

static const struct json_field term_fields[] = {
    {"code", JSON_TEXT(struct library_term, term.code), .help = "Vaste code"},
    {"slug", JSON_TEXT(struct library_term, term.slug), .help = "Waarde om op te filteren"},
    {"name", JSON_TEXT(struct library_term, term.name), .help = "Naam op de site"},
    {"formal", JSON_TEXT(struct library_term, term.formal), .optional = true,
     .help = "Naam in beleidsstukken"},
    {"summary", JSON_TEXT(struct library_term, term.summary),
     .help = "Wat het is, in een of twee zinnen"},
    {"text", JSON_TEXT(struct library_term, term.text), .optional = true, .help = "Toelichting"},
    {"endsWith", JSON_TEXT(struct library_term, term.ends_with), .optional = true,
     .help = "Waarmee de fase eindigt"},
    {"group", JSON_TEXT(struct library_term, term.section), .optional = true,
     .help = "Groep op de site"},
    {"planmonitor", JSON_TEXTS(struct library_term, planmonitor.items),
     .help = "Waarden in planmonitors die hetzelfde betekenen"},
    {"position", JSON_INT(struct library_term, term.position),
     .help = "Plaats in de volgorde, vanaf 1"},
    {"itemCount", JSON_INT(struct library_term, items), .help = "Aantal kennisitems"},
    {"url", JSON_URL(struct library_term, url), .help = "Adres van de pagina"},
    {"self", JSON_URL(struct library_term, self), .help = "Adres in deze API"},
};
const struct json_shape library_term_shape =
    JSON_SHAPE("Term", struct library_term, term_fields, "Een fase, knelpunt, thema of rol.");
