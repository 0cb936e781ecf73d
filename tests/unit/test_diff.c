#include "test.h"

#include "diff/diff.h"

/* Old text is what stayed and went; new text is what stayed and came: for every pair of texts. */
static void check_covers(struct arena *a, str from, str to)
{
    struct diff_piece *p;
    size_t count;
    str old_parts[200], new_parts[200];
    size_t olds = 0, news = 0;
    diff_lines(a, from, to, &p, &count);
    for (size_t i = 0; i < count; i++) {
        if (p[i].kind != DIFF_ADDED)
            old_parts[olds++] = p[i].text;
        if (p[i].kind != DIFF_REMOVED)
            new_parts[news++] = p[i].text;
    }
    CHECK_STR(str_join(a, old_parts, olds, S("")), from);
    CHECK_STR(str_join(a, new_parts, news, S("")), to);
}

static void shows_the_changed_line(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct diff_piece *p;
    size_t count;
    diff_lines(a, S("a\nb\nc\n"), S("a\nx\nc\n"), &p, &count);
    CHECK_INT(count, 4);
    CHECK_STR(p[0].text, S("a\n"));
    CHECK_INT(p[1].kind, DIFF_REMOVED);
    CHECK_STR(p[1].text, S("b\n"));
    CHECK_INT(p[2].kind, DIFF_ADDED);
    CHECK_STR(p[2].text, S("x\n"));
    CHECK_STR(p[3].text, S("c\n"));
    arena_free(a);
}

static void shows_the_changed_words(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct diff_piece *p;
    size_t count;
    diff_words(a, S("acht weken wachten"), S("zes weken wachten"), &p, &count);
    CHECK_INT(count, 3);
    CHECK_STR(p[0].text, S("acht"));
    CHECK_STR(p[1].text, S("zes"));
    CHECK_STR(p[2].text, S(" weken wachten"));
    arena_free(a);
}

static void pieces_always_make_both_texts(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    unsigned seed = 1;
    for (int round = 0; round < 300; round++) {
        char texts[2][64];
        size_t len[2];
        for (int t = 0; t < 2; t++) {
            seed = seed * 1103515245U + 12345U;
            len[t] = (seed >> 16) % 40;
            for (size_t i = 0; i < len[t]; i++) {
                seed = seed * 1103515245U + 12345U;
                texts[t][i] = "ab\n"[(seed >> 16) % 3];
            }
        }
        check_covers(a, str_of(texts[0], len[0]), str_of(texts[1], len[1]));
        arena_reset(a);
    }
    arena_free(a);
}

static void huge_texts_stay_bounded(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct diff_piece *p;
    size_t count, size = 20000;
    char *from = arena_alloc(a, size), *to = arena_alloc(a, size);
    for (size_t i = 0; i < size; i += 2) {
        from[i] = 'a';
        to[i] = 'b';
        from[i + 1] = to[i + 1] = '\n';
    }
    diff_lines(a, str_of(from, size), str_of(to, size), &p, &count);
    CHECK_INT(count, 2);
    CHECK_INT(p[0].text.len, size);
    arena_free(a);
}

TEST_MAIN(TEST(shows_the_changed_line), TEST(shows_the_changed_words),
          TEST(pieces_always_make_both_texts), TEST(huge_texts_stay_bounded))
