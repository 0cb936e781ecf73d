/* bench_glossary - what it costs to explain terms on a page of 100 kB: items of the starter library
   with the starter glossary, and made-up text with 200 and with 1,000 terms, half of them phrases
   of two or three words. The made-up text is the worst case: each of its words begins a term.
   Prints microseconds of processor time a page, the median of 201 runs: other work of the machine
   hardly changes it. */
#include "glossary/glossary_int.h"
#include "library/library_int.h"

#include <stdio.h>
#include <time.h>

#include "base/buf.h"
#include "base/embedded.h"

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

static long long cpu_us(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (long long)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static int compare(const void *x, const void *y)
{
    long long a = *(const long long *)x, b = *(const long long *)y;
    return (a > b) - (a < b);
}

static void measure(const char *name, const struct glossary *g, html text, long long made)
{
    long long times[RUNS];
    size_t found = 0;
    for (int i = 0; i < RUNS; i++) {
        struct ctx c = {.arena = arena_new()};
        long long begin = cpu_us();
        struct glossary_reader *r = glossary_reader_new(&c, g);
        (void)glossary_explain(r, text);
        times[i] = cpu_us() - begin;
        found = glossary_reader_list(r).terms_count;
        arena_free(c.arena);
    }
    qsort(times, RUNS, sizeof *times, compare);
    printf("%s, %zu terms, %zu kB: %lld us a page (p95 %lld), %zu terms explained; made once in "
           "%lld us\n",
           name, g->count, text.s.len / 1000, times[RUNS / 2], times[RUNS * 95 / 100], found, made);
}

static void measure_made_up(size_t count)
{
    struct arena *a = arena_new();
    struct glossary g;
    struct glossary_term *terms = arena_array(a, count, sizeof *terms);
    for (size_t i = 0; i < count; i++)
        terms[i] = (struct glossary_term){.slug = str_fmt(a, "begrip-%zu", i),
                                          .name = phrase(a, (unsigned)i),
                                          .explanation = S("Een zin die het uitlegt."),
                                          .explained = true};
    html text = page(a, terms, count);
    long long begin = cpu_us();
    glossary_make(a, terms, count, &g);
    measure("worst case", &g, text, cpu_us() - begin);
    arena_free(a);
}

/* ---- the starter content ---- */

static size_t starter_terms(struct ctx *c, struct glossary_term *ret)
{
    size_t count = 0;
    for (size_t i = 0; i < embedded_content.count; i++) {
        const struct embedded_file *file = &embedded_content.files[i];
        if (str_starts(file->path, S("content/glossary/")) &&
            glossary_document_read(c, NULL, file->bytes, &ret[count]) == 0)
            count++;
    }
    return count;
}

static html starter_page(struct ctx *c)
{
    struct buf b;
    struct out o;
    struct item item;
    html body;
    out_begin(&o, &b, c->arena, PAGE * 2);
    for (size_t i = 0; i < embedded_content.count && b.len < PAGE; i++) {
        const struct embedded_file *file = &embedded_content.files[i];
        if (str_starts(file->path, S("content/library/")) &&
            library_document_read(c, NULL, file->bytes, &item) == 0 &&
            markdown_render(c, item.body, &body) == 0)
            out(&o, body);
    }
    return out_take(&o);
}

static void measure_starter(void)
{
    struct ctx c = {.arena = arena_new()};
    struct glossary g;
    struct glossary_term *terms = arena_array(c.arena, GLOSSARY_MAX_TERMS, sizeof *terms);
    size_t count = starter_terms(&c, terms);
    html text = starter_page(&c);
    long long begin = cpu_us();
    glossary_make(c.arena, terms, count, &g);
    measure("starter library", &g, text, cpu_us() - begin);
    arena_free(c.arena);
}

int main(void)
{
    measure_starter();
    measure_made_up(200);
    measure_made_up(1000);
    return 0;
}
