/* The editors' list of what is missing, as JSON. */
#include "site/site_gaps_int.h"

#include "json/shape.h"

struct record {
    str gap;
    struct site_gap_subject subject;
    str url;
};

static const struct json_field fields[] = {
    {"gap", JSON_TEXT(struct record, gap), .choices = SITE_GAP_CODES, .help = "Wat er ontbreekt"},
    {"kind", JSON_TEXT(struct record, subject.kind), .choices = "item|fase|knelpunt|thema|rol",
     .help = "Waarbij het ontbreekt: een kennisitem, of een fase, knelpunt, thema of rol"},
    {"slug", JSON_TEXT(struct record, subject.slug), .help = "Laatste deel van het adres daarvan"},
    {"name", JSON_TEXT(struct record, subject.name), .help = "Naam of titel daarvan"},
    {"items", JSON_INT(struct record, subject.items),
     .help = "Bij te-weinig: hoeveel kennisitems erover gaan; anders 0"},
    {"url", JSON_URL(struct record, url), .help = "Adres van de pagina"},
};
const struct json_shape site_gap_shape =
    JSON_SHAPE("Gap", struct record, fields, "Iets wat de redactie nog moet doen.");

static void fill(struct ctx *c, enum site_gap gap, const struct site_gap_subject *subject,
                 struct record *ret)
{
    *ret = (struct record){
        .gap = str_from(site_gap_code(gap)),
        .subject = *subject,
        .url = http_absolute(c, subject->url),
    };
}

/* The gaps stand after each other in one list: of each, what falls within the page. */
static int fill_page(struct ctx *c, enum site_gap gap, const struct http_page *page, size_t before,
                     struct record *records, size_t *count)
{
    struct site_gap_subject *subjects;
    size_t subject_count, offset = page->offset > before ? page->offset - before : 0;
    if (*count == page->size)
        return 0;
    TRY(site_gap_subjects(c, gap, offset, page->size - *count, &subjects, &subject_count));
    for (size_t i = 0; i < subject_count; i++)
        fill(c, gap, &subjects[i], &records[(*count)++]);
    return 0;
}

int site_gaps_api(struct ctx *c, const struct http_request *rq, struct http_response *rs)
{
    struct http_page page = http_page_of(rq);
    struct record *records = arena_array(c->arena, page.size, sizeof *records);
    str wanted = http_text(rq, "soort");
    size_t total = 0, count = 0;
    for (int i = 0; i < SITE_GAPS; i++) {
        long long of_gap;
        if (wanted.len && !str_eqz(wanted, site_gap_code((enum site_gap)i)))
            continue;
        TRY(site_gap_count(c, (enum site_gap)i, &of_gap));
        TRY(fill_page(c, (enum site_gap)i, &page, total, records, &count));
        total += (size_t)of_gap;
    }
    return http_reply_list(c, rq, rs, records, count, (long long)total);
}
