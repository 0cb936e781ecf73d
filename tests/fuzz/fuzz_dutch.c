/* Dutch analysis of running text: words, their folded and base forms, the parts of compounds. */
#include "dutch/dutch.h"
#include "fuzz.h"
#include "index/words.h"

static const struct dutch_extra *extra_words(void)
{
    static const str protect[] = {STR("Houten"), STR("BOPA"), STR("Rijnenburg")};
    static const str known[] = {STR("knelpunt"), STR("woondeal"), STR("flexwonen")};
    static struct dutch_extra *extra;
    if (!extra)
        extra = dutch_extra_new(arena_new(), protect, COUNT_OF(protect), known, COUNT_OF(known));
    return extra;
}

/* What stands between two parts, or after the last: linking letters and joining marks, after a
   consonant that is doubled before them (plan-n-en-maker). */
static bool is_link(str before, str letters)
{
    static const char *const links[] = {"", "s", "n", "e", "en", "er", "es", "ens", "ns"};
    for (size_t i = 0; i < COUNT_OF(links); i++)
        if (str_eqz(letters, links[i]))
            return true;
    return before.len && letters.len && letters.ptr[0] == before.ptr[before.len - 1] &&
           is_link(S(""), str_slice(letters, 1, letters.len));
}

static void check_gap(struct arena *a, str before, str gap)
{
    str letters = dutch_fold(a, gap);
    if (is_link(dutch_fold(a, before), letters))
        return;
    fprintf(stderr, "after \"%.*s\": \"%.*s\"\n", (int)before.len, before.ptr, (int)letters.len,
            letters.ptr);
    fuzz_broken(__FILE__, __LINE__, "parts cover the word but for linking letters");
}

static void check_parts(struct arena *a, str word, const struct dutch_word *w)
{
    size_t at = 0;
    HOLDS(w->part_count >= 1 && w->part_count <= DUTCH_MAX_PARTS);
    HOLDS(w->part_count > 1 || (w->part[0].start == 0 && w->part[0].end == word.len));
    for (size_t i = 0; i < w->part_count; i++) {
        const struct dutch_part *p = &w->part[i];
        HOLDS(p->start >= at && p->end > p->start && p->end <= word.len);
        HOLDS(utf8_valid(p->base) && (p->base.len || !w->folded.len));
        check_gap(a, str_slice(word, 0, at), str_slice(word, at, p->start));
        at = p->end;
    }
    if (w->part_count < DUTCH_MAX_PARTS)
        check_gap(a, str_slice(word, 0, at), str_slice(word, at, word.len));
}

static void check_word(struct arena *a, str word)
{
    struct dutch_word w, again;
    dutch_analyse(a, extra_words(), word, &w);
    HOLDS(w.folded.len <= word.len && utf8_valid(w.folded) && utf8_valid(w.base));
    HOLDS(str_eq(w.folded, dutch_fold(a, word)));
    HOLDS(str_eq(w.folded, dutch_fold(a, w.folded)));
    HOLDS(w.base.len || !w.folded.len);
    if (!word.len)
        return;
    check_parts(a, word, &w);
    dutch_analyse(a, extra_words(), word, &again);
    HOLDS(str_eq(w.base, again.base) && w.part_count == again.part_count);
}

static void check_index_word(struct analyser *an, struct arena *a, str text)
{
    struct word w;
    analyser_word(an, a, text, &w);
    HOLDS(utf8_valid(w.key) && (w.key.len || !w.folded.len));
    HOLDS(w.piece_count <= WORD_MAX_PIECES && w.part_count <= DUTCH_MAX_PARTS);
    HOLDS(word_token(w.key, w.folded) != 0);
    for (size_t i = 0; i < w.piece_count; i++)
        HOLDS(w.piece[i].start < w.piece[i].end && w.piece[i].end <= text.len &&
              utf8_valid(w.piece[i].key));
}

void fuzz_input(struct ctx *c, str in)
{
    str rest = in, word, before = S("");
    struct word joined;
    struct analyser *an = analyser_new(c->arena, extra_words());
    while (dutch_next_word(&rest, &word)) {
        HOLDS(word.len && fuzz_within(word, in) && rest.ptr >= word.ptr + word.len);
        HOLDS(utf8_valid(word));
        check_word(c->arena, word);
        check_index_word(an, c->arena, word);
        if (before.len)
            (void)analyser_join(an, c->arena, before, word, &joined);
        before = word;
    }
    HOLDS(!rest.len);
    check_word(c->arena, in); /* also what is no word */
}
