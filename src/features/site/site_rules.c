/* National figures for the home page. Pure. */
#include "site/site_int.h"

#include "base/embedded.h"
#include "table/csv.h"

/* The comment "# source: ..." of a data file. */
static str comment_of(str text, str key)
{
    str line;
    while (str_line(&text, &line) && line.len && line.ptr[0] == '#') {
        line = str_trim(str_slice(line, 1, line.len));
        if (str_starts(line, key))
            return str_trim(str_slice(line, key.len, line.len));
    }
    return S("");
}

static str with_comma(struct ctx *c, str number)
{
    char *copy = (char *)str_dup(c->arena, number).ptr;
    for (size_t i = 0; i < number.len; i++)
        if (copy[i] == '.')
            copy[i] = ',';
    return str_of(copy, number.len);
}

/* "2025 Q4" -> "peildatum vierde kwartaal 2025"; other words as they are. */
static str vintage_words(struct ctx *c, str vintage)
{
    static const char *const quarters[] = {"eerste", "tweede", "derde", "vierde"};
    long long quarter;
    if (vintage.len != 7 || vintage.ptr[5] != 'Q' ||
        !str_int(str_slice(vintage, 6, 7), 1, 4, &quarter))
        return vintage;
    return str_fmt(c->arena, "peildatum %s kwartaal %.4s", quarters[quarter - 1], vintage.ptr);
}

/* "23.4" -> 234; 0 when it is no such number. */
static long long tenths(str number)
{
    str whole, part = S("0");
    long long a, b;
    if (!str_split(&number, '.', &whole))
        return 0;
    (void)str_split(&number, '.', &part);
    return str_int(whole, 0, 10000, &a) && str_int(part, 0, 9, &b) ? a * 10 + b : 0;
}

int site_figures_read(struct ctx *c, struct site_figures_data *ret)
{
    const struct embedded_file *file =
        embedded_find(&embedded_content, S("data/national_completions.csv"));
    struct csv table;
    *ret = (struct site_figures_data){0};
    if (!file)
        BUG("national_completions.csv is missing from the binary");
    TRY(csv_read(c, file->bytes, SITE_MAX_YEARS + 1, &table));
    int year = csv_column(&table, "year"), homes = csv_column(&table, "completions"),
        median = csv_column(&table, "median_months");
    ret->years = arena_array(c->arena, table.count + 1, sizeof *ret->years);
    ret->vintage = vintage_words(c, comment_of(file->bytes, S("vintage:")));
    for (size_t i = 1; i < table.count; i++) {
        struct site_year *y = &ret->years[ret->years_count];
        if (!str_int(csv_cell(&table, i, year), 1900, 2200, &y->year) ||
            !str_int(csv_cell(&table, i, homes), 0, 10000000, &y->completions))
            return err_detail(c, ERR_INTERNAL, "national_completions.csv, row %zu", i);
        y->median_months = with_comma(c, csv_cell(&table, i, median));
        y->median_tenths = tenths(csv_cell(&table, i, median));
        ret->years_count++;
    }
    return 0;
}

/* A percentage with two decimals, of hundredths. */
static str percent(struct ctx *c, long long hundredths)
{
    return str_fmt(c->arena, "%lld.%02lld%%", hundredths / 100, hundredths % 100);
}

size_t site_bars(struct ctx *c, const struct site_figures_data *f, struct site_bar **ret)
{
    enum { BASE = 188, HIGHEST = 160, ABOVE = 8 };
    size_t n = f->years_count, peak = 0;
    struct site_bar *bars = arena_array(c->arena, n + 1, sizeof *bars);
    for (size_t i = 0; i < n; i++)
        if (f->years[i].completions >= f->years[peak].completions)
            peak = i;
    for (size_t i = 0; i < n; i++) {
        long long slot = 10000 / (long long)n, from = (long long)i * slot;
        long long most = f->years[peak].completions > 0 ? f->years[peak].completions : 1;
        long long height = f->years[i].completions * HIGHEST / most;
        bars[i] = (struct site_bar){
            .x = percent(c, from + slot / 10),
            .width = percent(c, slot * 8 / 10),
            .label_x = percent(c, from + slot / 2),
            .y = BASE - height,
            .height = height,
            .value_y = BASE - height - ABOVE,
            .completions = f->years[i].completions,
            .labelled = (n - 1 - i) % 2 == 0,
            .valued = i == 0 || i == peak || i + 1 == n,
            .last = i + 1 == n,
            .year = str_fmt(c->arena, "%lld", f->years[i].year),
        };
    }
    *ret = bars;
    return n;
}
