/* dutch.c - how well and how fast the Dutch engine works.

       bench_dutch COMPOUNDS.tsv NON_COMPOUNDS.tsv [TEXT]

   The lists are gold lists with a header line and the columns form and split_lemma (parts joined by
   underscores) or lemma; they are not part of the project. Prints the curve of right splits against
   false splits over the threshold, the two figures at the threshold that the program uses, and the
   running words per second on one core over the text. Says so when a file is absent. */
#include "dutch/dutch.h"
#include "base/arena.h"
#include "base/vec.h"

struct gold {
    str form;
    str parts[DUTCH_MAX_PARTS];
    size_t count;
};

struct golds {
    struct gold *items;
    size_t count, capacity;
};

static bool file_of(struct arena *a, const char *path, str *ret)
{
    FILE *f = fopen(path, "rb");
    if (!f) {
        printf("%s: absent, skipped\n", path);
        return false;
    }
    char *bytes = NULL;
    size_t len = 0, capacity = 0, got;
    do {
        bytes = arena_grow(a, bytes, capacity, capacity + (1 << 20));
        capacity += 1 << 20;
        got = fread(bytes + len, 1, capacity - len, f);
        len += got;
    } while (got);
    fclose(f);
    *ret = str_of(bytes, len);
    return true;
}

static void gold_read(struct arena *a, str rest, bool compounds, struct golds *ret)
{
    str line, form, lemma, part;
    str_line(&rest, &line); /* the header */
    while (str_line(&rest, &line)) {
        if (!str_split(&line, '\t', &form) || !str_split(&line, '\t', &lemma))
            continue;
        struct gold *g = vec_push(a, ret);
        *g = (struct gold){.form = form, .count = compounds ? 0 : 1};
        while (compounds && g->count < DUTCH_MAX_PARTS && str_split(&lemma, '_', &part))
            g->parts[g->count++] = dutch_fold(a, part);
    }
}

static bool is_right(const struct gold *g, const struct dutch_word *w)
{
    if (w->part_count != g->count)
        return false;
    for (size_t i = 0; i < g->count && g->count > 1; i++)
        if (!str_eq(w->part[i].base, g->parts[i]))
            return false;
    return true;
}

/* Percentage of the list that comes out right at the threshold. */
static double share_right(const struct golds *list, double threshold)
{
    struct arena *keep = arena_new(), *a = arena_new();
    struct dutch_extra *extra = dutch_extra_new(keep, NULL, 0, NULL, 0);
    dutch_extra_set_threshold(extra, threshold);
    size_t right = 0;
    for (size_t i = 0; i < list->count; i++) {
        struct dutch_word w;
        dutch_analyse(a, extra, list->items[i].form, &w);
        right += is_right(&list->items[i], &w);
        arena_reset(a);
    }
    arena_free(a);
    arena_free(keep);
    return list->count ? 100.0 * (double)right / (double)list->count : 0;
}

static void print_curve(const struct golds *compounds, const struct golds *others)
{
    printf("threshold\tright splits %%\tfalse splits %%\n");
    for (int i = -8; i <= 8; i++)
        printf("%.2f\t%.1f\t%.1f\n", i / 4.0, share_right(compounds, i / 4.0),
               100 - share_right(others, i / 4.0));
    printf("\nat %.2f: %.1f %% of %zu compounds right, %.1f %% of %zu other words split\n",
           DUTCH_THRESHOLD, share_right(compounds, DUTCH_THRESHOLD), compounds->count,
           100 - share_right(others, DUTCH_THRESHOLD), others->count);
}

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Analyses the whole text once; the arena is emptied now and then as a job would. */
static size_t run_text(struct arena *a, str text)
{
    struct dutch_word w;
    str word;
    size_t words = 0;
    while (dutch_next_word(&text, &word)) {
        dutch_analyse(a, NULL, word, &w);
        if (++words % 4096 == 0)
            arena_reset(a);
    }
    arena_reset(a);
    return words;
}

static void print_speed(str text)
{
    struct arena *a = arena_new();
    size_t words = 0;
    double begin = seconds(), took;
    do {
        words += run_text(a, text);
        took = seconds() - begin;
    } while (words && took < 2);
    printf("%.0f running words a second on one core (%zu words, %.1f s)\n", (double)words / took,
           words, took);
    arena_free(a);
}

int main(int argc, char **argv)
{
    struct arena *a = arena_new();
    str compounds, others, text;
    struct golds right = {0}, wrong = {0};
    if (argc < 3) {
        printf("use: bench_dutch COMPOUNDS.tsv NON_COMPOUNDS.tsv [TEXT]; no lists given, nothing "
               "measured\n");
        arena_free(a);
        return 0;
    }
    if (file_of(a, argv[1], &compounds) && file_of(a, argv[2], &others)) {
        gold_read(a, compounds, true, &right);
        gold_read(a, others, false, &wrong);
        print_curve(&right, &wrong);
    }
    if (argc > 3 && file_of(a, argv[3], &text))
        print_speed(text);
    arena_free(a);
    return 0;
}
