/* What a visitor types in the search box, on a small index in a temporary folder: the question, and
   what is offered while typing. */
#include "fuzz.h"

#include "index_demo.h"

static void end(void)
{
    (void)demo_end(NULL);
}

static void put(long long id, const char *title, const char *body, const char *phase)
{
    struct index_facet_values *facets = arena_new_of(demo.load.arena, struct index_facet_values);
    str *code = arena_new_of(demo.load.arena, str);
    *code = str_from(phase);
    *facets = (struct index_facet_values){"fase", code, 1};
    demo_put(id, (struct index_document){.title = str_from(title),
                                         .short_title = id % 3 ? S("") : S("Bouwstroom"),
                                         .keywords = S("versnellen, parkeren, 's-Gravenhage"),
                                         .summary = S("Een korte samenvatting met Coördinatie."),
                                         .body = str_from(body),
                                         .type = id % 2 ? S("kennis") : S("instrument"),
                                         .catalogue = S("C036"),
                                         .changed_at = id,
                                         .facets = facets,
                                         .facet_count = 1});
}

static void begin(void)
{
    static const struct index_synonym synonyms[] = {
        {STR("huis"), STR("woning"), true}, {STR("bopa"), STR("buitenplanse afwijking"), false}};
    static const str protect[] = {STR("Houten"), STR("BOPA")};
    HOLDS(demo_begin(NULL) == 0);
    atexit(end);
    put(1, "De omgevingsvergunning", "Over vergunningen, de bouw van huizen en een plan.", "start");
    put(2, "Woningbouwopgave in Houten", "Meer woningen bouwen met gemeenten en provincies.",
        "plan");
    put(3, "Coördinatie van plannen", "De coördinatieregeling \"bundelt\" besluiten.", "plan");
    put(4, "Parkeren bij stations", "Een parkeernorm is geen wet; fietsen telt mee.", "start");
    put(5, "Grondbank", "Strategische grondaankoop door de gemeente, art. 16.62 en e.d.", "eind");
    put(6, "BOPA", "Een buitenplanse omgevingsplanactiviteit wijkt af van het plan.", "plan");
    (void)demo_catch_up();
    struct index_vocabulary v = {synonyms, COUNT_OF(synonyms), protect, COUNT_OF(protect)};
    HOLDS(index_set_vocabulary(&demo.c, demo.ix, &v) == 0);
    db_lease_release(&demo.c);
}

static void check_marked(const struct index_text *t)
{
    size_t at = 0;
    HOLDS(utf8_valid(t->text));
    for (size_t i = 0; i < t->span_count; i++) {
        HOLDS(t->spans[i].start >= at && t->spans[i].end > t->spans[i].start);
        HOLDS(t->spans[i].end <= t->text.len);
        HOLDS(utf8_valid(str_slice(t->text, t->spans[i].start, t->spans[i].end)));
        at = t->spans[i].end;
    }
}

/* Readable text in, readable text out. */
static void check_words(str words, str asked)
{
    HOLDS(utf8_valid(words) || !utf8_valid(asked));
}

static void check_result(const struct index_result *r, str asked, size_t limit)
{
    HOLDS(r->hit_count <= limit && r->hit_count <= r->total && r->total <= 6 && r->total_exact);
    check_words(r->corrected, asked);
    check_words(r->suggestion, asked);
    HOLDS(!r->total || !r->suggestion.len);
    for (size_t i = 0; i < r->hit_count; i++) {
        const struct index_hit *hit = &r->hits[i];
        HOLDS(hit->id >= 1 && hit->id <= 6 && hit->score >= 0 && hit->score <= 100.0001);
        HOLDS(!i || hit->score <= r->hits[i - 1].score + 0.0001);
        for (size_t k = 0; k < i; k++)
            HOLDS(r->hits[k].id != hit->id);
        check_marked(&hit->title);
        check_marked(&hit->snippet);
        check_words(hit->explanation, asked);
    }
    for (size_t f = 0; f < r->facet_count; f++)
        for (size_t i = 0; i < r->facets[f].count; i++)
            HOLDS(r->facets[f].counts[i].count >= 1 && r->facets[f].counts[i].count <= 6);
}

static int ask(struct ctx *c, str text, bool explain, struct index_result *ret)
{
    struct index_query q = {.text = text, .limit = 5, .explain = explain};
    int code = index_search(c, demo.ix, &q, ret);
    HOLDS((code == 0) == (text.len <= INDEX_MAX_QUERY) && (code == 0 || code == ERR_INVALID));
    if (code == 0)
        check_result(ret, text, 5);
    return code;
}

/* What is offered or mended has hits itself. */
static void check_offer(struct ctx *c, str text)
{
    struct index_result r;
    if (text.len && text.len <= INDEX_MAX_QUERY && ask(c, text, false, &r) == 0)
        HOLDS(r.total > 0);
}

static void check_suggestions(struct ctx *c, str text)
{
    struct index_suggestion *s;
    size_t count;
    int code = index_suggest(c, demo.ix, text, 4, &s, &count);
    HOLDS((code == 0) == (text.len <= INDEX_MAX_QUERY) && count <= 4);
    for (size_t i = 0; code == 0 && i < count; i++) {
        HOLDS(s[i].text.len && utf8_valid(s[i].text));
        for (size_t k = 0; k < i; k++)
            HOLDS(!str_eq(s[k].url, s[i].url));
    }
}

void fuzz_input(struct ctx *c, str in)
{
    struct index_result r, again;
    if (!demo.ix)
        begin();
    if (ask(c, in, in.len % 2, &r) == 0) {
        check_offer(c, r.suggestion);
        HOLDS(ask(c, in, false, &again) == 0 && again.total == r.total);
    }
    check_suggestions(c, in);
}
