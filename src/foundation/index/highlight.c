/* Which part of a text to show, and which bytes of it to mark: of a compound only the piece that
 * was asked for. */
#include "base/utf8.h"
#include "base/vec.h"
#include "index/index_int.h"

enum {
    SNIPPET = 200,
    BEFORE = 60,
    WINDOW = SNIPPET - BEFORE,
    MAX_SCAN = 64 * 1024,
    MAX_SPANS = 200,
    MAX_SUMMARY = 600
};

/* A found place: which of the marks it is. */
struct spot {
    size_t start, end;
    size_t mark;
};
struct spots {
    struct spot *items;
    size_t count, capacity;
    bool enough; /* a window with as many different marks as things were asked for */
    size_t at;   /* where it begins */
};

static bool is_marked(const struct plan *plan, str key, bool whole, size_t *ret_mark)
{
    for (size_t i = 0; i < plan->marks.count; i++)
        if (plan->marks.items[i].whole == whole && str_eq(plan->marks.items[i].key, key)) {
            *ret_mark = i;
            return true;
        }
    for (size_t i = 0; plan->marks_of_parts && !whole && i < plan->parts.count; i++)
        if (str_eq(plan->parts.items[i].key, key)) {
            *ret_mark = plan->marks.count + i;
            return true;
        }
    return false;
}

static bool is_covered(const struct spots *spots, size_t first, size_t start, size_t end)
{
    for (size_t i = first; i < spots->count; i++)
        if (spots->items[i].start <= start && end <= spots->items[i].end)
            return true;
    return false;
}

/* The whole word when its key was asked for, else each piece of it that was, the longest first. */
static void find_in_word(struct search *s, const struct plan *plan, const struct word *w,
                         size_t start, size_t len, struct spots *ret)
{
    struct arena *a = s->c->arena;
    size_t mark, first = ret->count;
    if (is_marked(plan, w->key, false, &mark) || is_marked(plan, w->folded, true, &mark)) {
        *vec_push(a, ret) = (struct spot){start, start + len, mark};
        return;
    }
    for (size_t i = w->piece_count; i-- > 0;) {
        size_t from = start + w->piece[i].start, to = start + w->piece[i].end;
        if (is_marked(plan, w->piece[i].key, false, &mark) && !is_covered(ret, first, from, to))
            *vec_push(a, ret) = (struct spot){from, to, mark};
    }
}

static int compare_spots(const void *a, const void *b)
{
    const struct spot *x = a, *y = b;
    return x->start < y->start ? -1 : x->start > y->start;
}

/* Are these two words next to each other a compound that was asked for, written apart? */
static bool is_apart(const struct plan *plan, struct arena *scratch, str before, str key,
                     size_t *ret_mark)
{
    return plan->has_compound && before.len &&
           is_marked(plan, str_join(scratch, (str[]){before, key}, 2, S("+")), false, ret_mark);
}

/* May the word be half of a compound that was asked for? */
static bool is_half(const struct plan *plan, str key)
{
    for (size_t i = 0; plan->has_compound && i < plan->marks.count; i++) {
        str mark = plan->marks.items[i].key;
        if (mark.len <= key.len)
            continue;
        if ((str_starts(mark, key) && mark.ptr[key.len] == '+') ||
            (str_ends(mark, key) && mark.ptr[mark.len - key.len - 1] == '+'))
            return true;
    }
    return false;
}

struct traits {
    uint32_t *items;
    size_t count, capacity;
};

/* Of all that find_spots looks for: the marks, and what may be half of one, as is_half says. */
static struct traits traits_of(const struct plan *plan, struct arena *scratch)
{
    struct traits traits = {0};
    for (size_t i = 0; i < plan->marks.count; i++) {
        str key = plan->marks.items[i].key;
        *vec_push(scratch, &traits) = word_trait(key);
        for (size_t at = 0; plan->has_compound && at < key.len; at++)
            if (key.ptr[at] == '+') {
                *vec_push(scratch, &traits) = word_trait(str_slice(key, 0, at));
                *vec_push(scratch, &traits) = word_trait(str_slice(key, at + 1, key.len));
            }
    }
    for (size_t i = 0; plan->marks_of_parts && i < plan->parts.count; i++)
        *vec_push(scratch, &traits) = word_trait(plan->parts.items[i].key);
    return traits;
}

/* Where a written word is noted once nothing in it turned out to bear a mark. Texts repeat their
   words, and most of them have nothing to do with the question: they are analysed once for all hits
   together. */
static uint32_t *unmarked_place(const struct plan *plan, uint64_t hash)
{
    return &plan->unmarked[plan->marks_of_parts][hash % HIGHLIGHT_UNMARKED];
}

/* How many different marks stand in the spots from i on that end by `until`. */
static size_t different_marks(const struct spots *spots, size_t i, size_t until, size_t *ret_all)
{
    size_t different = 0, k = i;
    for (; k < spots->count && spots->items[k].end <= until; k++) {
        bool again = false;
        for (size_t x = i; x < k; x++)
            again = again || spots->items[x].mark == spots->items[k].mark;
        different += !again;
    }
    *ret_all = k - i;
    return different;
}

/* Does a window that ends with the newest spot have all that was asked for? Most texts have such a
   place near their beginning, and what comes after it need not be read. */
static void look_for_enough(const struct plan *plan, struct spots *spots)
{
    size_t i = spots->count - 1, end = spots->items[i].end, all;
    while (i && spots->items[i - 1].start + WINDOW >= end)
        i--;
    if (different_marks(spots, i, end, &all) < (plan->want_count ? plan->want_count : 1))
        return;
    spots->enough = true;
    spots->at = spots->items[i].start;
}

/* All places in the text, rising, up to one snippet past a window that has enough, and in the first
   `whole` bytes in any case. Of a compound written apart both words are marked, as one. */
static void find_spots(struct search *s, const struct plan *plan, struct arena *scratch, str text,
                       size_t whole, struct spots *ret)
{
    str rest = str_slice(text, 0, MAX_SCAN), written, before_key = {0};
    struct word w;
    size_t mark, before_start = 0;
    struct traits traits = traits_of(plan, scratch);
    while (traits.count && ret->count < MAX_SPANS && dutch_next_word(&rest, &written)) {
        size_t start = (size_t)(written.ptr - text.ptr), count = ret->count;
        if (ret->enough && start >= whole && start > ret->at + SNIPPET)
            break;
        if (!analyser_may_have(s->vocabulary->analyser, written, traits.items, traits.count)) {
            before_key = S("");
            continue;
        }
        uint64_t hash = str_hash_fast(written);
        uint32_t note = (uint32_t)(hash >> 32) | 1, *unmarked = unmarked_place(plan, hash);
        if (*unmarked == note) {
            before_key = S("");
            continue;
        }
        analyser_word(s->vocabulary->analyser, scratch, written, &w);
        if (is_apart(plan, scratch, before_key, w.key, &mark))
            *vec_push(s->c->arena, ret) = (struct spot){before_start, start + written.len, mark};
        else
            find_in_word(s, plan, &w, start, written.len, ret);
        if (ret->count == count && !is_half(plan, w.key))
            *unmarked = note;
        if (ret->count > count && !ret->enough)
            look_for_enough(plan, ret);
        before_key = w.key;
        before_start = start;
    }
    if (ret->count)
        qsort(ret->items, ret->count, sizeof *ret->items, compare_spots);
}

/* Spans within [from, to) of the text, moved by `shift`; overlapping ones become one. */
static void take_spans(struct arena *a, const struct spots *spots, size_t from, size_t to,
                       size_t shift, struct index_text *ret)
{
    struct index_span *spans = arena_array(a, spots->count + 1, sizeof *spans);
    size_t count = 0;
    for (size_t i = 0; i < spots->count; i++) {
        const struct spot *p = &spots->items[i];
        if (p->start < from || p->end > to)
            continue;
        size_t start = p->start - from + shift, end = p->end - from + shift;
        if (count && start < spans[count - 1].end) {
            if (end > spans[count - 1].end)
                spans[count - 1].end = end;
        } else {
            spans[count++] = (struct index_span){start, end};
        }
    }
    ret->spans = spans;
    ret->span_count = count;
}

void highlight_title(struct search *s, const struct plan *plan, struct arena *scratch, str title,
                     struct index_text *ret)
{
    struct spots spots = {0};
    find_spots(s, plan, scratch, title, title.len, &spots);
    ret->text = title;
    take_spans(s->c->arena, &spots, 0, title.len, 0, ret);
}

/* ---- the window ---- */

/* How good the window that begins at spot i is: different marks count most. */
static size_t value_of_window(const struct spots *spots, size_t i)
{
    size_t all, different = different_marks(spots, i, spots->items[i].start + WINDOW, &all);
    return different * 100 + (all > 99 ? 99 : all);
}

static size_t best_start(const struct spots *spots)
{
    size_t best = 0, best_value = 0;
    if (spots->enough)
        return spots->at;
    for (size_t i = 0; i < spots->count; i++) {
        size_t value = value_of_window(spots, i);
        if (value > best_value) {
            best_value = value;
            best = spots->items[i].start;
        }
    }
    return best;
}

static bool is_space(char ch)
{
    return ch == ' ' || ch == '\n' || ch == '\t' || ch == '\r';
}

/* A word boundary some way before `at`, the start of a line when there is one in between. */
static size_t window_start(str text, size_t at)
{
    size_t from = at > BEFORE ? at - BEFORE : 0, start = from;
    while (start && start < at && !is_space(text.ptr[start - 1]))
        start++;
    for (size_t i = at; i > from; i--)
        if (text.ptr[i - 1] == '\n')
            return i;
    return start;
}

static size_t window_end(str text, size_t start)
{
    if (text.len - start <= SNIPPET)
        return text.len;
    size_t end = start + SNIPPET;
    while (end > start && !is_space(text.ptr[end]))
        end--;
    if (end > start)
        return end;
    return start + utf8_cut(str_slice(text, start, text.len), SNIPPET).len; /* one very long word */
}

static str on_one_line(struct arena *a, str text)
{
    char *p = (char *)str_dup(a, text).ptr;
    for (size_t i = 0; i < text.len; i++)
        if (is_space(p[i]))
            p[i] = ' ';
    return str_of(p, text.len);
}

void highlight_snippet(struct search *s, const struct plan *plan, struct arena *scratch,
                       const struct stored *d, struct index_text *ret)
{
    struct arena *a = s->c->arena;
    struct spots spots = {0};
    str body = utf8_cut(d->body, MAX_SCAN);
    str text = str_join(scratch, (str[]){d->summary, body}, 2, d->summary.len ? S("\n") : S(""));
    bool short_summary = d->summary.len <= MAX_SUMMARY;
    find_spots(s, plan, scratch, text, short_summary ? d->summary.len : 0, &spots);
    size_t at = best_start(&spots);
    size_t start = at < WINDOW ? 0 : window_start(text, at);
    size_t end = window_end(text, start);
    if (start == 0 && d->summary.len && short_summary && at < d->summary.len)
        end = d->summary.len; /* the summary is short and whole sentences */
    bool cut_before = start > 0, cut_after = end < text.len;
    str shown = str_slice(text, start, end);
    ret->text = on_one_line(
        a,
        str_join(scratch, (str[]){cut_before ? S("… ") : S(""), shown, cut_after ? S(" …") : S("")},
                 3, S("")));
    take_spans(a, &spots, start, end, cut_before ? strlen("… ") : 0, ret);
}
