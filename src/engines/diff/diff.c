#include "diff/diff.h"

#include "base/vec.h"

enum { DIFF_MAX_CELLS = 4000000 };

struct units {
    str *items;
    size_t count, capacity;
};

struct pieces {
    struct diff_piece *items;
    size_t count, capacity;
};

static bool is_space(char c)
{
    return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

/* End of the unit that starts at `from`: a line with its line feed, or a word, or a run of white
 * space. */
static size_t line_end(str s, size_t from)
{
    while (from < s.len && s.ptr[from] != '\n')
        from++;
    return from < s.len ? from + 1 : from;
}

static size_t word_end(str s, size_t from)
{
    bool space = is_space(s.ptr[from]);
    while (from < s.len && is_space(s.ptr[from]) == space)
        from++;
    return from;
}

static struct units units_of(struct arena *a, str s, size_t (*end_of)(str, size_t))
{
    struct units u = {0};
    for (size_t from = 0; from < s.len;) {
        size_t end = end_of(s, from);
        *vec_push(a, &u) = str_slice(s, from, end);
        from = end;
    }
    return u;
}

/* Adds units [from, to) as one piece, or lengthens the last piece when it is of the same kind:
 * units touch each other. */
static void add_run(struct arena *a, struct pieces *p, enum diff_kind kind, const struct units *u,
                    size_t from, size_t to)
{
    if (from >= to)
        return;
    const char *start = u->items[from].ptr, *end = u->items[to - 1].ptr + u->items[to - 1].len;
    if (p->count && p->items[p->count - 1].kind == kind)
        p->items[p->count - 1].text.len += (size_t)(end - start);
    else
        *vec_push(a, p) = (struct diff_piece){kind, str_of(start, (size_t)(end - start))};
}

/* Walks the table of common lengths; cell (i, j) is the length for old[i..) and new[j..). */
static void walk_table(struct arena *a, struct pieces *p, const struct units *old_units,
                       const struct units *new_units, size_t from, size_t old_end, size_t new_end)
{
    size_t rows = old_end - from, columns = new_end - from, width = columns + 1;
    uint32_t *length = arena_array(a, (rows + 1) * width, sizeof *length);
    for (size_t i = rows; i-- > 0;)
        for (size_t j = columns; j-- > 0;) {
            uint32_t down = length[(i + 1) * width + j], right = length[i * width + j + 1];
            bool equal = str_eq(old_units->items[from + i], new_units->items[from + j]);
            length[i * width + j] =
                equal ? length[(i + 1) * width + j + 1] + 1 : (down > right ? down : right);
        }
    size_t i = 0, j = 0;
    while (i < rows && j < columns) {
        if (str_eq(old_units->items[from + i], new_units->items[from + j])) {
            add_run(a, p, DIFF_SAME, old_units, from + i, from + i + 1);
            i++;
            j++;
        } else if (length[(i + 1) * width + j] >= length[i * width + j + 1]) {
            add_run(a, p, DIFF_REMOVED, old_units, from + i, from + i + 1);
            i++;
        } else {
            add_run(a, p, DIFF_ADDED, new_units, from + j, from + j + 1);
            j++;
        }
    }
    add_run(a, p, DIFF_REMOVED, old_units, from + i, old_end);
    add_run(a, p, DIFF_ADDED, new_units, from + j, new_end);
}

static void diff_units(struct arena *a, const struct units *old_units,
                       const struct units *new_units, struct pieces *p)
{
    size_t from = 0, old_end = old_units->count, new_end = new_units->count;
    while (from < old_end && from < new_end &&
           str_eq(old_units->items[from], new_units->items[from]))
        from++;
    while (old_end > from && new_end > from &&
           str_eq(old_units->items[old_end - 1], new_units->items[new_end - 1])) {
        old_end--;
        new_end--;
    }
    add_run(a, p, DIFF_SAME, old_units, 0, from);
    if ((old_end - from + 1) * (new_end - from + 1) > DIFF_MAX_CELLS) {
        add_run(a, p, DIFF_REMOVED, old_units, from, old_end);
        add_run(a, p, DIFF_ADDED, new_units, from, new_end);
    } else {
        walk_table(a, p, old_units, new_units, from, old_end, new_end);
    }
    add_run(a, p, DIFF_SAME, old_units, old_end, old_units->count);
}

static void diff_by(struct arena *a, str old_text, str new_text, size_t (*end_of)(str, size_t),
                    struct diff_piece **ret, size_t *ret_count)
{
    struct units old_units = units_of(a, old_text, end_of),
                 new_units = units_of(a, new_text, end_of);
    struct pieces p = {0};
    diff_units(a, &old_units, &new_units, &p);
    *ret = p.items;
    *ret_count = p.count;
}

void diff_lines(struct arena *a, str old_text, str new_text, struct diff_piece **ret,
                size_t *ret_count)
{
    diff_by(a, old_text, new_text, line_end, ret, ret_count);
}

void diff_words(struct arena *a, str old_text, str new_text, struct diff_piece **ret,
                size_t *ret_count)
{
    diff_by(a, old_text, new_text, word_end, ret, ret_count);
}
