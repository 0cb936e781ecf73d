/* Reading and reckoning only: no search, so that it can be tested by itself. */
#include "judged.h"

#include <math.h>

#include "base/map.h"
#include "base/vec.h"

enum { MAX_QUERIES = 5000, BEST_GRADE = 3 };

static const char *const kinds[] = {
    "samenstelling", "verbuiging", "los-of-aaneen",  "typefout",      "afkorting",
    "vraag",         "rol",        "andere-woorden", "fase",          "wet-of-regeling",
    "versmald",      "onderwerp",  "begrip",         "geen-antwoord",
};

struct judgements {
    struct judgement *items;
    size_t count, capacity;
};

static bool is_kind(str kind)
{
    for (size_t i = 0; i < COUNT_OF(kinds); i++)
        if (str_eqz(kind, kinds[i]))
            return true;
    return false;
}

static int add_grade(struct ctx *c, struct judgements *all, str names, unsigned grade)
{
    str name;
    if (str_eqz(names, "-"))
        return 0;
    while (str_split(&names, ' ', &name)) {
        struct judgement j = {.name = name, .grade = grade};
        j.is_term = str_starts(name, S("begrip:"));
        if (j.is_term)
            j.name = str_slice(name, strlen("begrip:"), name.len);
        if (!j.name.len)
            return err_set(c, ERR_INVALID, "an empty name");
        for (size_t i = 0; i < all->count; i++)
            if (all->items[i].is_term == j.is_term && str_eq(all->items[i].name, j.name))
                return err_set(c, ERR_INVALID, "%s is judged twice", str_z(c->arena, name));
        *vec_push(c->arena, all) = j;
    }
    return 0;
}

static int read_line(struct ctx *c, str line, struct judged *ret)
{
    struct judgements all = {0};
    str column[4 + BEST_GRADE];
    size_t count = 0;
    while (count < COUNT_OF(column) && str_split(&line, '\t', &column[count]))
        count++;
    if (count != COUNT_OF(column) || line.ptr)
        return err_set(c, ERR_INVALID, "not %zu columns", COUNT_OF(column));
    if (!str_eqz(column[1], "A") && !str_eqz(column[1], "B"))
        return err_set(c, ERR_INVALID, "half is neither A nor B");
    if (!is_kind(column[2]) || !column[3].len)
        return err_set(c, ERR_INVALID, "no such kind, or no query");
    for (size_t i = 0; i < BEST_GRADE; i++)
        TRY(add_grade(c, &all, column[4 + i], BEST_GRADE - (unsigned)i));
    *ret = (struct judged){column[0], column[1], column[2], column[3], all.items, all.count};
    if (judged_has_no_answer(ret) != !all.count)
        return err_set(c, ERR_INVALID, "judgements do not fit the kind");
    return 0;
}

int judged_read(struct ctx *c, str text, struct judged **ret, size_t *ret_count)
{
    struct map *seen = map_new(c->arena, 1024);
    struct {
        struct judged *items;
        size_t count, capacity;
    } all = {0};
    str line;
    for (int number = 1; str_line(&text, &line); number++) {
        struct judged q;
        if (!line.len || line.ptr[0] == '#')
            continue;
        int code = read_line(c, line, &q);
        if (code == 0 && (map_get(seen, q.id) || all.count == MAX_QUERIES))
            code = err_set(c, ERR_INVALID, "the id is there already, or there are too many");
        if (code < 0) {
            err_context(c, "line %d", number);
            return code;
        }
        map_put(seen, q.id, seen);
        *vec_push(c->arena, &all) = q;
    }
    *ret = all.items;
    *ret_count = all.count;
    return 0;
}

bool judged_has_no_answer(const struct judged *q)
{
    return str_eqz(q->kind, "geen-antwoord");
}

unsigned judged_grade(const struct judged *q, bool is_term, str name)
{
    for (size_t i = 0; i < q->count; i++)
        if (q->judgements[i].is_term == is_term && str_eq(q->judgements[i].name, name))
            return q->judgements[i].grade;
    return 0;
}

static double gain(unsigned grade, size_t rank)
{
    return (double)((1U << grade) - 1) / log2((double)rank + 1);
}

double judged_ndcg(const struct judged *q, bool with_terms, const unsigned *grades, size_t count)
{
    double found = 0, best = 0;
    size_t rank = 1;
    bool any = false;
    for (size_t i = 0; i < count && i < JUDGED_DEPTH; i++)
        found += gain(grades[i], i + 1);
    for (unsigned grade = BEST_GRADE; grade > 0; grade--)
        for (size_t i = 0; i < q->count && rank <= JUDGED_DEPTH; i++) {
            const struct judgement *j = &q->judgements[i];
            if (j->grade != grade || (j->is_term && !with_terms))
                continue;
            best += gain(grade, rank++);
            any = any || grade == BEST_GRADE;
        }
    return any ? found / best : -1;
}
