/* Finding words and phrases: what is whole, what is longest, which capitals count. */
#include "test.h"

#include "base/buf.h"
#include "terms/terms.h"

static struct arena *a;

static int begin(void **state)
{
    (void)state;
    a = arena_new();
    return 0;
}

static int end(void **state)
{
    (void)state;
    arena_free(a);
    return 0;
}

static const struct terms_phrase phrases[] = {
    {STR("anterieure overeenkomst"), false, 0},
    {STR("overeenkomst"), false, 1},
    {STR("Omgevingswet"), false, 2},
    {STR("BOPA"), true, 3},
    {STR("Ow"), true, 4},
    {STR("publiek-private samenwerking"), false, 5},
    {STR("m.e.r."), true, 6},
    {STR("mer-beoordeling"), false, 7},
    {STR("mer"), true, 8},
    {STR("Wet kwaliteitsborging voor het bouwen"), false, 9},
    {STR("Wet kwaliteitsborging"), false, 10},
    {STR("thema's"), false, 11},
    {STR("één plan"), false, 12},
    {STR("gevolgklasse 1"), false, 13},
    {STR("B&W"), true, 14},
    {STR("kwaliteitsborging"), false, 15},
};

/* "0:anterieure overeenkomst|3:BOPA", all hits after each other. */
static str found_in(const struct terms *t, const char *text)
{
    struct buf b;
    struct terms_hit hit;
    str s = str_from(text);
    buf_init(&b, a, 4096);
    for (size_t from = 0; terms_next(t, s, from, &hit); from = hit.end) {
        CHECK(hit.start >= from && hit.end > hit.start && hit.end <= s.len);
        buf_fmt(&b, "%s%zu:%.*s", b.len ? "|" : "", hit.id, (int)(hit.end - hit.start),
                s.ptr + hit.start);
    }
    return buf_str(&b);
}

static void finds(const char *text, const char *expected)
{
    CHECK_STR(found_in(terms_new(a, phrases, COUNT_OF(phrases)), text), str_from(expected));
}

static void the_longest_phrase_wins(void **state)
{
    (void)state;
    finds("een anterieure overeenkomst sluiten", "0:anterieure overeenkomst");
    finds("een andere overeenkomst sluiten", "1:overeenkomst");
    finds("de Wet kwaliteitsborging voor het bouwen geldt",
          "9:Wet kwaliteitsborging voor het bouwen");
    finds("de Wet kwaliteitsborging voor het eerst", "10:Wet kwaliteitsborging");
    finds("de Wet kwaliteitsborging", "10:Wet kwaliteitsborging");
    finds("anterieure, overeenkomst", "1:overeenkomst");
    finds("mer-beoordeling en mer", "7:mer-beoordeling|8:mer");
}

static void only_whole_words(void **state)
{
    (void)state;
    finds("raamovereenkomst, overeenkomsten, overeenkomst2", "");
    finds("mijn-overeenkomst", "");
    finds("overeenkomst-oud", "");
    finds("www.overeenkomst.nl en info@overeenkomst", "");
    finds("(overeenkomst), \"overeenkomst\" of overeenkomst.",
          "1:overeenkomst|1:overeenkomst|1:overeenkomst");
    finds("overeenkomst/BOPA", "1:overeenkomst|3:BOPA");
    finds("de overeenkomst- en planfase", "1:overeenkomst");
    finds("overeenkomst", "1:overeenkomst");
    finds("de \xE2\x80\x9Covereenkomst\xE2\x80\x9D", "1:overeenkomst");
    finds("overeenkomst\xC3\xA9", "");
    finds("\xC3\xA9overeenkomst", "");
    finds("_overeenkomst_", "1:overeenkomst");
}

static void capitals_count_as_the_rule_says(void **state)
{
    (void)state;
    finds("Anterieure overeenkomst", "0:Anterieure overeenkomst");
    finds("Anterieure Overeenkomst", "1:Overeenkomst");
    finds("ANTERIEURE OVEREENKOMST", "");
    finds("omgevingswet en Omgevingswet", "2:Omgevingswet");
    finds("bopa, Bopa en BOPA", "3:BOPA");
    finds("ow, OW en Ow", "4:Ow");
    finds("Mer is geen mer", "8:mer");
    finds("MER-beoordeling", "");
    finds("Mer-beoordeling", "7:Mer-beoordeling");
    finds("\xC3\x89\xC3\xA9n plan", "12:\xC3\x89\xC3\xA9n plan");
}

static void an_abbreviation_stands_before_a_hyphen(void **state)
{
    (void)state;
    finds("de BOPA-procedure", "3:BOPA");
    finds("de pre-BOPA", "");
    finds("de BOPA's en BOPAs", "");
    finds("de anterieure overeenkomst-procedure", "");
}

static void white_space_and_apostrophes_have_many_forms(void **state)
{
    (void)state;
    finds("een anterieure\n  overeenkomst", "0:anterieure\n  overeenkomst");
    finds("een anterieure\xC2\xA0overeenkomst", "0:anterieure\xC2\xA0overeenkomst");
    finds("thema\xE2\x80\x99s en thema's", "11:thema\xE2\x80\x99s|11:thema's");
    finds("publiek-private\tsamenwerking", "5:publiek-private\tsamenwerking");
    finds("publiek private samenwerking", "");
    finds("de m.e.r. is klaar; m.e.r", "6:m.e.r.");
    finds("gevolgklasse 1, gevolgklasse 12", "13:gevolgklasse 1");
    finds("het college van B&W", "14:B&W");
}

static void broken_text_is_passed_over(void **state)
{
    (void)state;
    finds("\xFF\xC3 overeenkomst \xC3", "1:overeenkomst");
    finds("\xE2\x80overeenkomst", "1:overeenkomst");
    finds("", "");
    struct terms_hit hit;
    str with_nul = S("BOPA\0BOPA");
    CHECK(terms_next(terms_new(a, phrases, COUNT_OF(phrases)), with_nul, 1, &hit));
    CHECK_INT(hit.start, 5);
}

static void what_stands_before_from_still_counts(void **state)
{
    (void)state;
    struct terms_hit hit;
    const struct terms *t = terms_new(a, phrases, COUNT_OF(phrases));
    CHECK(!terms_next(t, S("raamovereenkomst"), 4, &hit));
    CHECK(terms_next(t, S("raam overeenkomst"), 4, &hit));
}

static void phrases_that_can_never_be_found_do_no_harm(void **state)
{
    (void)state;
    char *long_one = arena_alloc(a, 1001);
    for (size_t i = 0; i < 1000; i++)
        long_one[i] = i % 2 ? ' ' : 'x';
    const struct terms_phrase odd[] = {
        {S(""), false, 1},     {S("-x"), false, 2},   {str_of(long_one, 999), false, 3},
        {S("goed"), false, 4}, {S("goed"), false, 5}, {S(" "), true, 6},
    };
    const struct terms *t = terms_new(a, odd, COUNT_OF(odd));
    CHECK_STR(found_in(t, "- x goed -x"), S("4:goed"));
    CHECK_STR(found_in(t, long_one), S(""));
    CHECK_STR(found_in(terms_new(a, NULL, 0), "niets"), S(""));
}

/* The same by the simplest way: at every place, every phrase, the longest that fits. */
static bool is_letter(str s, size_t at)
{
    return at < s.len &&
           ((s.ptr[at] >= 'a' && s.ptr[at] <= 'z') || (s.ptr[at] >= '0' && s.ptr[at] <= '9'));
}

static size_t longest_at(const struct terms_phrase *p, size_t count, str text, size_t at,
                         size_t *id)
{
    size_t best = 0;
    if (at && is_letter(text, at - 1))
        return 0;
    for (size_t i = 0; i < count; i++) {
        size_t len = p[i].text.len;
        if (len > best && str_eq(str_slice(text, at, at + len), p[i].text) &&
            !is_letter(text, at + len)) {
            best = len;
            *id = p[i].id;
        }
    }
    return best;
}

/* 1,000 phrases of one to three made-up words over 200 kB of such words. */
static void a_thousand_phrases_in_a_long_text(void **state)
{
    (void)state;
    enum { PHRASES = 1000, BYTES = 200 * 1024, VOCABULARY = 700 };
    struct terms_phrase *p = arena_array(a, PHRASES, sizeof *p);
    unsigned seed = 7;
    struct buf b;
    buf_init(&b, a, BYTES + 64);
    for (size_t i = 0; i < PHRASES; i++) {
        struct buf w;
        buf_init(&w, a, 64);
        size_t words = 1 + i % 3;
        for (size_t k = 0; k < words; k++) {
            seed = seed * 1103515245U + 12345U;
            buf_fmt(&w, "%sw%u", k ? " " : "", seed >> 16 & 1023U);
        }
        p[i] = (struct terms_phrase){buf_str(&w), false, i};
    }
    while (b.len < BYTES) {
        seed = seed * 1103515245U + 12345U;
        buf_fmt(&b, "w%u%s", (seed >> 16) % VOCABULARY, seed >> 28 ? " " : ", ");
    }
    const struct terms *t = terms_new(a, p, PHRASES);
    str text = buf_str(&b);
    struct terms_hit hit;
    size_t hits = 0, from = 0;
    for (size_t at = 0; at < text.len;) {
        size_t id = 0, len = longest_at(p, PHRASES, text, at, &id);
        if (!len) {
            at++;
            continue;
        }
        CHECK(terms_next(t, text, from, &hit));
        CHECK_INT(hit.start, at);
        CHECK_INT(hit.end, at + len);
        CHECK_STR(p[hit.id].text, p[id].text);
        from = at = hit.end;
        hits++;
    }
    CHECK(!terms_next(t, text, from, &hit));
    CHECK(hits > 5000);
}

TEST_MAIN_WITH(begin, end, TEST(the_longest_phrase_wins), TEST(only_whole_words),
               TEST(capitals_count_as_the_rule_says), TEST(an_abbreviation_stands_before_a_hyphen),
               TEST(white_space_and_apostrophes_have_many_forms), TEST(broken_text_is_passed_over),
               TEST(what_stands_before_from_still_counts),
               TEST(phrases_that_can_never_be_found_do_no_harm),
               TEST(a_thousand_phrases_in_a_long_text))
