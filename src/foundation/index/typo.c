/* Typing mistakes: a word that no text has becomes the nearest one that does occur. */
#include <limits.h>

#include "base/utf8.h"
#include "index/index_int.h"

enum { MAX_LETTERS = 40, MIN_PART = 4, LONG_PART = 12 };

unsigned typo_allowed(size_t letters)
{
    return letters >= 9 ? 2 : letters >= 5 ? 1 : 0;
}

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

/* Three rows of the table are enough: a swap looks back two. Bytes stand for letters: folded words
 * are ASCII. */
unsigned typo_distance(str a, str b, unsigned limit)
{
    unsigned row[3][MAX_LETTERS + 2];
    size_t gap = a.len > b.len ? a.len - b.len : b.len - a.len;
    if (gap > limit || a.len > MAX_LETTERS || b.len > MAX_LETTERS)
        return limit + 1;
    for (size_t k = 0; k <= b.len; k++)
        row[0][k] = (unsigned)k;
    for (size_t i = 1; i <= a.len; i++) {
        unsigned *now = row[i % 3], *last = row[(i + 2) % 3], *before = row[(i + 1) % 3];
        now[0] = (unsigned)i;
        for (size_t k = 1; k <= b.len; k++) {
            bool same = a.ptr[i - 1] == b.ptr[k - 1];
            now[k] = least(least(last[k], now[k - 1]) + 1, last[k - 1] + (same ? 0 : 1));
            if (i > 1 && k > 1 && a.ptr[i - 1] == b.ptr[k - 2] && a.ptr[i - 2] == b.ptr[k - 1])
                now[k] = least(now[k], before[k - 2] + 1);
        }
    }
    return least(row[a.len % 3][b.len], limit + 1);
}

static int frequency_of_word(struct search *s, str text, size_t *ret)
{
    struct word w;
    analyser_word(s->vocabulary->analyser, s->c->arena, text, &w);
    *ret = 0;
    return w.key.len ? xap_frequency(s->c, s->reader, xap_name(s->c->arena, 0, w.key), ret) : 0;
}

/* The nearest word of the texts within so many mistakes that is still there. */
static int nearest(struct search *s, str word, unsigned edits, str *ret)
{
    size_t found = 0;
    TRY(xap_nearest_word(s->c, s->reader, word, edits, ret));
    if (ret->len && typo_distance(word, *ret, edits) <= edits)
        TRY(frequency_of_word(s, *ret, &found));
    if (!found)
        *ret = S("");
    return 0;
}

/* A compound with a mistake in one part: the best that was found. */
struct mending {
    str best;
    unsigned mistakes; /* of best */
};

/* One side of the word occurs, the other side is mended: bouw|vergunnnig. It counts when the
 * analyser sees the seam. */
static int mend_side(struct search *s, str known, str other, bool known_first, struct mending *m)
{
    struct arena *a = s->c->arena;
    size_t found;
    str better, left, right;
    struct word w;
    unsigned edits = other.len < LONG_PART ? least(typo_allowed(other.len), 1) : 2;
    TRY(frequency_of_word(s, known, &found));
    if (!found || !edits)
        return 0;
    TRY(nearest(s, other, edits, &better));
    left = known_first ? known : better;
    right = known_first ? better : known;
    if (!better.len || !analyser_join(s->vocabulary->analyser, a, left, right, &w))
        return 0;
    unsigned mistakes = typo_distance(other, better, edits);
    if (mistakes < m->mistakes)
        *m = (struct mending){str_join(a, (str[]){left, right}, 2, S("")), mistakes};
    return 0;
}

static int mend_part(struct search *s, str folded, str *ret)
{
    struct mending m = {.best = S(""), .mistakes = UINT_MAX};
    for (size_t at = folded.len - MIN_PART; at >= MIN_PART && m.mistakes > 1; at--) {
        str left = str_slice(folded, 0, at), right = str_slice(folded, at, folded.len);
        TRY(mend_side(s, left, right, true, &m));
        TRY(mend_side(s, right, left, false, &m));
    }
    *ret = m.best;
    return 0;
}

int typo_mend(struct search *s, str folded, str *ret)
{
    unsigned edits = typo_allowed(utf8_length(folded));
    *ret = S("");
    if (!edits || folded.len > MAX_LETTERS)
        return 0;
    TRY(nearest(s, folded, edits, ret));
    if (!ret->len && folded.len >= 2 * MIN_PART)
        TRY(mend_part(s, folded, ret));
    return 0;
}
