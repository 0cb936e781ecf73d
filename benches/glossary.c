/* bench_glossary - what it costs to explain terms on a page: a page of 100 kB of Dutch-like text in
   paragraphs, with 200 and with 1,000 terms, half of them phrases of two or three words. Prints
   microseconds a page, the median of 201 runs. */
#include "glossary/glossary_int.h"

#include <stdio.h>

#include "base/buf.h"
#include "base/clock.h"

enum { RUNS = 201, PAGE = 100 * 1000 };

static unsigned seed = 1;

static unsigned next(unsigned below)
{
    seed = seed * 1103515245U + 12345U;
    return (seed >> 8) % below;
}

/* A made-up word of two to five syllables; the same number gives the same word. */
static void add_word(struct buf *b, unsigned number)
{
    static const char *const syllables[] = {"ge",    "meen", "te",  "plan", "wo", "ning",
                                            "bouw",  "ver",  "gun", "ning", "om", "gevings",
                                            "grond", "zaak", "re",  "gel"};
    for (unsigned n = 2 + number % 4; n; n--, number = number * 7 + 3)
        buf_addz(b, syllables[number % COUNT_OF(syllables)]);
}

static str phrase(struct arena *a, unsigned number)
{
    struct buf b;
    buf_init(&b, a, 256);
    for (unsigned i = 0; i <= number % 3; i++) {
        if (i)
            buf_add_byte(&b, ' ');
        add_word(&b, number * 31 + i * 17);
    }
    return buf_str(&b);
}

static html page(struct arena *a, const struct glossary_term *terms, size_t count)
{
    struct buf b;
    struct out o;
    out_begin(&o, &b, a, PAGE * 2);
    while (b.len < PAGE) {
        out_lit(&o, "<p>");
        for (int i = 0; i < 80; i++) {
            struct buf w;
            buf_init(&w, a, 64);
            add_word(&w, next(5000));
            out(&o, next(60) ? buf_str(&w) : terms[next((unsigned)count)].name);
            out_lit(&o, " ");
        }
        out_lit(&o, "&amp; zo.</p>\n");
    }
    return out_take(&o);
}

static int compare(const void *x, const void *y)
{
    long long a = *(const long long *)x, b = *(const long long *)y;
    return (a > b) - (a < b);
}

static void measure(size_t count)
{
    struct arena *a = arena_new();
    struct glossary g;
    long long times[RUNS], begin = clock_monotonic_us();
    struct glossary_term *terms = arena_array(a, count, sizeof *terms);
    for (size_t i = 0; i < count; i++)
        terms[i] = (struct glossary_term){.slug = str_fmt(a, "begrip-%zu", i),
                                          .name = phrase(a, (unsigned)i),
                                          .explanation = S("Een zin die het uitlegt."),
                                          .explained = true};
    html text = page(a, terms, count);
    begin = clock_monotonic_us();
    glossary_make(a, terms, count, &g);
    long long made = clock_monotonic_us() - begin;
    size_t found = 0;
    for (int i = 0; i < RUNS; i++) {
        struct ctx c = {.arena = arena_new()};
        begin = clock_monotonic_us();
        struct glossary_reader *r = glossary_reader_new(&c, &g);
        (void)glossary_explain(r, text);
        times[i] = clock_monotonic_us() - begin;
        found = glossary_reader_list(r).terms_count;
        arena_free(c.arena);
    }
    qsort(times, RUNS, sizeof *times, compare);
    printf("%5zu terms, %zu kB: %lld us a page (p95 %lld), %zu terms explained; made once in %lld "
           "us\n",
           count, text.s.len / 1000, times[RUNS / 2], times[RUNS * 95 / 100], found, made);
    arena_free(a);
}

int main(void)
{
    measure(200);
    measure(1000);
    return 0;
}
