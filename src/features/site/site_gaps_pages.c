/* The editors' list of what is missing, open to everybody. */
#include "site/site_gaps_int.h"

#include "base/clock.h"

enum { SHOWN = 500, FOLDED_FROM = 13 };

static const struct {
    const char *id, *heading, *intro, *none;
} texts[SITE_GAPS] = {
    [SITE_GAP_FEW] =
        {"weinig", "Te weinig onderwerpen",
         "Fasen, knelpunten, thema’s en rollen waarover minder dan vier onderwerpen gaan.",
         "Over elke fase, elk knelpunt, elk thema en elke rol gaan ten minste vier onderwerpen."},
    [SITE_GAP_COLLECTION] =
        {"collecties", "Nog geen collectie",
         "Rollen en knelpunten waarvoor nog niemand een volgorde heeft gemaakt.",
         "Voor elke rol en elk knelpunt is er een collectie."},
    [LIBRARY_GAP_UNCHECKED] =
        {"niet-nagekeken", "Nog niet nagekeken",
         "Geen redacteur of jurist heeft deze teksten nagekeken. Controleer artikelen en termijnen "
         "voordat u ze gebruikt.",
         "Alle onderwerpen zijn nagekeken."},
    [LIBRARY_GAP_OVERDUE] =
        {"verouderd", "Opnieuw nakijken is te laat",
         "De dag waarop deze teksten opnieuw nagekeken moesten zijn, is voorbij.",
         "Van geen enkel onderwerp is de datum voor opnieuw nakijken voorbij."},
    [LIBRARY_GAP_THIN] =
        {"kort", "Nog geen volledige handleiding",
         "De uitleg bij deze onderwerpen is korter dan 300 woorden. U kunt er nog niet meteen mee "
         "aan het werk.",
         "Alle onderwerpen hebben een uitleg van ten minste 300 woorden."},
    [LIBRARY_GAP_SOURCE] =
        {"bronnen", "Geen bron om door te lezen",
         "Bij deze onderwerpen staat wel een bron, maar geen enkele met een webadres.",
         "Elk onderwerp heeft ten minste één bron met een webadres."},
};

static int view_gap(struct ctx *c, enum site_gap gap, struct site_gap_view *v)
{
    struct site_gap_subject *subjects;
    TRY(site_gap_count(c, gap, &v->count));
    TRY(site_gap_subjects(c, gap, 0, SHOWN, &subjects, &v->subjects_count));
    v->id = str_from(texts[gap].id);
    v->heading = str_from(texts[gap].heading);
    v->intro = str_from(v->count ? texts[gap].intro : texts[gap].none);
    v->count_words = out_number_words(c->arena, v->count);
    v->subjects = subjects;
    v->folded = v->subjects_count >= FOLDED_FROM;
    if (v->count > SHOWN)
        v->more_words = str_fmt(c->arena, "Hier staan de eerste %d.", SHOWN);
    return 0;
}

/* What the page tells, in a sentence. */
static str finding(struct ctx *c, const struct site_gaps_view *v)
{
    long long left = v->gaps[LIBRARY_GAP_UNCHECKED].count;
    const char *total = out_number_words(c->arena, v->total).ptr;
    if (!v->total)
        return S("Er staan nog geen onderwerpen in de kennisbank.");
    if (!left)
        return str_fmt(c->arena, "Alle %s onderwerpen zijn nagekeken.", total);
    if (left == v->total)
        return str_fmt(c->arena, "Van de %s onderwerpen is er nog geen enkel nagekeken.", total);
    return str_fmt(c->arena, "Van de %s onderwerpen zijn er %s nog niet nagekeken.", total,
                   out_number_words(c->arena, left).ptr);
}

int site_gaps(struct ctx *c, const struct http_request *rq, struct http_response *rs)
{
    struct site_gap_view *gaps = arena_array(c->arena, SITE_GAPS, sizeof *gaps);
    struct site_gaps_view v = {
        .gaps = gaps, .gaps_count = SITE_GAPS, .contact = config_text(c->config, "contact")};
    const struct page_link crumbs[] = {{S("Over ons"), S("/over")},
                                       {S("Wat er nog ontbreekt"), S("")}};
    struct buf b;
    struct out o;
    TRY(library_count(c, &v.total));
    for (int i = 0; i < SITE_GAPS; i++)
        TRY(view_gap(c, (enum site_gap)i, &gaps[i]));
    v.date = clock_date_dutch(c->arena, clock_date(c->arena, clock_now()));
    v.finding = finding(c, &v);
    out_begin(&o, &b, c->arena, SITE_MAX_HTML * 4);
    site_gaps_html(&o, &v);
    struct page page = {
        .title = S("Wat er nog ontbreekt"),
        .description = S("Welke teksten nog niet zijn nagekeken, te kort zijn of ontbreken."),
        .section = S("over"),
        .crumbs = crumbs,
        .crumb_count = COUNT_OF(crumbs),
        .canonical = rq->path,
    };
    return site_send(c, rq, rs, &page, &o);
}
