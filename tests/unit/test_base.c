#include "test.h"

#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/config.h"
#include "base/file.h"
#include "base/log.h"
#include "base/map.h"
#include "base/metrics.h"
#include "base/random.h"
#include "base/utf8.h"
#include "base/vec.h"

static struct ctx begin(void)
{
    return (struct ctx){.arena = arena_new()};
}

static void arena_zeroes_and_grows_in_place(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    unsigned char *p = arena_alloc(a, 100);
    for (size_t i = 0; i < 100; i++)
        CHECK_INT(p[i], 0);
    memset(p, 7, 100);
    unsigned char *q = arena_grow(a, p, 100, 200);
    CHECK(p == q);
    CHECK_INT(q[99], 7);
    CHECK_INT(q[100], 0);
    (void)arena_alloc(a, 1);
    CHECK(arena_grow(a, q, 200, 300) != q);
    CHECK(arena_alloc(a, 3 * 1024 * 1024) != NULL);
    arena_free(a);
}

static void note(void *object)
{
    int **at = object;
    *(*at)++ = 1;
}

static void arena_runs_deferred_calls_at_reset(void **state)
{
    (void)state;
    int marks[2] = {0}, *at = marks;
    struct arena *a = arena_new();
    arena_defer(a, note, &at);
    arena_defer(a, note, &at);
    CHECK(at == marks);
    arena_reset(a);
    CHECK(at == marks + 2);
    CHECK_INT(arena_used(a), 0);
    arena_free(a);
}

static void buf_stops_at_its_maximum(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct buf b;
    buf_init(&b, a, 10);
    buf_addz(&b, "12345");
    buf_fmt(&b, "%d", 6789);
    CHECK(buf_ok(&b));
    buf_addz(&b, "ab");
    CHECK(!buf_ok(&b));
    CHECK_STR(buf_str(&b), S("123456789"));
    arena_free(a);
}

static void buf_formats_long_text(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct buf b;
    buf_init(&b, a, 10000);
    buf_fmt(&b, "%0500d", 1);
    CHECK_INT(b.len, 500);
    arena_free(a);
}

static void str_splits_and_trims(void **state)
{
    (void)state;
    str rest = S("a,,b"), part;
    CHECK(str_split(&rest, ',', &part));
    CHECK_STR(part, S("a"));
    CHECK(str_split(&rest, ',', &part));
    CHECK_STR(part, S(""));
    CHECK(str_split(&rest, ',', &part));
    CHECK_STR(part, S("b"));
    CHECK(!str_split(&rest, ',', &part));
    CHECK_STR(str_trim(S(" \t x y\r\n")), S("x y"));
    CHECK_STR(str_trim(S("  ")), S(""));
}

static void str_reads_lines_of_both_kinds(void **state)
{
    (void)state;
    str rest = S("een\r\ntwee\n"), line;
    CHECK(str_line(&rest, &line));
    CHECK_STR(line, S("een"));
    CHECK(str_line(&rest, &line));
    CHECK_STR(line, S("twee"));
    CHECK(!str_line(&rest, &line));
}

static void str_int_takes_only_whole_numbers_in_range(void **state)
{
    (void)state;
    long long n = 5;
    CHECK(str_int(S("-9223372036854775808"), INT64_MIN, INT64_MAX, &n));
    CHECK(n == INT64_MIN);
    CHECK(str_int(S("9223372036854775807"), INT64_MIN, INT64_MAX, &n));
    CHECK(n == INT64_MAX);
    CHECK(!str_int(S("9223372036854775808"), INT64_MIN, INT64_MAX, &n));
    CHECK(!str_int(S(""), 0, 9, &n));
    CHECK(!str_int(S("-"), -9, 9, &n));
    CHECK(!str_int(S("1x"), 0, 9, &n));
    CHECK(!str_int(S(" 1"), 0, 9, &n));
    CHECK(!str_int(S("10"), 0, 9, &n));
    CHECK(n == INT64_MAX);
}

static void map_keeps_every_key_while_it_grows(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct map *m = map_new(a, 0);
    static int values[500];
    for (int i = 0; i < 500; i++)
        map_put(m, str_fmt(a, "k%d", i), &values[i]);
    map_put(m, S("k7"), &values[0]);
    CHECK_INT(map_count(m), 500);
    CHECK(map_get(m, S("k7")) == &values[0]);
    CHECK(map_get(m, S("k499")) == &values[499]);
    CHECK(map_get(m, S("k500")) == NULL);
    arena_free(a);
}

static void vec_grows(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct {
        int *items;
        size_t count, capacity;
    } v = {0};
    for (int i = 0; i < 100; i++) {
        *vec_push(a, &v) = i;
        (void)arena_alloc(a, 3);
    }
    for (int i = 0; i < 100; i++)
        CHECK_INT(v.items[i], i);
    arena_free(a);
}

static void utf8_refuses_what_is_not_well_formed(void **state)
{
    (void)state;
    CHECK(utf8_valid(S("coördinatie \xF0\x9F\x8F\xA0")));
    CHECK(!utf8_valid(S("\xC0\xAF")));         /* overlong */
    CHECK(!utf8_valid(S("\xED\xA0\x80")));     /* surrogate */
    CHECK(!utf8_valid(S("\xF5\x80\x80\x80"))); /* past U+10FFFF */
    CHECK(!utf8_valid(S("ab\xE2\x82")));       /* cut short */
    CHECK(utf8_has_control(S("a\x01")));
    CHECK(!utf8_has_control(S("a\tb\n")));
    CHECK_INT(utf8_length(S("één")), 3);
    CHECK_STR(utf8_cut(S("één"), 1), S(""));
    CHECK_STR(utf8_cut(S("één"), 4), S("é"
                                       "é"));
}

static void utf8_round_trip(void **state)
{
    (void)state;
    static const uint32_t points[] = {0x41, 0xE9, 0x20AC, 0x1F3E0, 0x10FFFF};
    for (size_t i = 0; i < COUNT_OF(points); i++) {
        char bytes[4];
        str s = {bytes, utf8_encode(points[i], bytes)};
        CHECK_INT(utf8_next(&s), points[i]);
        CHECK_INT(s.len, 0);
    }
    str bad = S("\xFFx");
    CHECK_INT(utf8_next(&bad), 0xFFFD);
    CHECK_STR(bad, S("x"));
}

static void clock_writes_dates(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    CHECK_STR(clock_rfc3339(a, 0), S("1970-01-01T00:00:00Z"));
    CHECK_STR(clock_rfc3339(a, 1732406400), S("2024-11-24T00:00:00Z"));
    CHECK_STR(clock_http_date(a, 784111777), S("Sun, 06 Nov 1994 08:49:37 GMT"));
    CHECK_STR(clock_date(a, 1719784800),
              S("2024-07-01")); /* 30 June 22:00 UTC is 1 July in summer */
    CHECK_STR(clock_date(a, 1735682400),
              S("2024-12-31")); /* 31 December 22:00 UTC is the 31st in winter */
    CHECK_STR(clock_date_dutch(a, S("2026-03-01")), S("1 maart 2026"));
    CHECK_STR(clock_date_dutch(a, S("binnenkort")), S("binnenkort"));
    CHECK(clock_date_valid(S("2024-02-29")));
    CHECK(!clock_date_valid(S("2023-02-29")));
    CHECK(!clock_date_valid(S("2023-13-01")));
    arena_free(a);
}

static void dutch_summer_time_begins_and_ends_on_the_right_hour(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    /* 31 March 2024 01:00 UTC: from 02:00 to 03:00; the date changes at 22:00 UTC from then on. */
    CHECK_STR(clock_date(a, 1711922399), S("2024-03-31")); /* 31 March 21:59:59 UTC */
    CHECK_STR(clock_date(a, 1711839600 - 1), S("2024-03-30"));
    CHECK_STR(clock_date(a, 1711839600), S("2024-03-31")); /* 30 March 23:00 UTC, winter time */
    CHECK_STR(clock_date(a, 1711922400), S("2024-04-01")); /* 31 March 22:00 UTC, summer time */
    arena_free(a);
}

static const struct config_setting settings[] = {
    {"port", CONFIG_INT, "8080", 1, 65535, false, "Poort."},
    {"secret_word", CONFIG_TEXT, "", 0, 0, true, "Geheim."},
    {"loud", CONFIG_BOOL, "nee", 0, 0, false, "Luid."},
};

static void config_knows_where_a_value_came_from(void **state)
{
    (void)state;
    struct ctx c = begin();
    struct config *cfg = config_new(c.arena);
    struct config_view view;
    config_declare(cfg, settings, COUNT_OF(settings));
    CHECK_INT(config_int(cfg, "port"), 8080);
    CHECK_OK(&c, config_set(&c, cfg, S("port"), S("90"), CONFIG_COMMAND_LINE));
    CHECK_OK(&c, config_set(&c, cfg, S("port"), S("91"), CONFIG_FILE));
    CHECK_INT(config_int(cfg, "port"), 90);
    CHECK(config_at(cfg, 0, &view));
    CHECK_INT(view.origin, CONFIG_COMMAND_LINE);
    CHECK_OK(&c, config_set(&c, cfg, S("secret_word"), S("x"), CONFIG_ENVIRONMENT));
    CHECK(config_at(cfg, 1, &view));
    CHECK_STR(view.value, S("***"));
    CHECK(!config_at(cfg, 3, &view));
    arena_free(c.arena);
}

static void config_refuses_what_cannot_be(void **state)
{
    (void)state;
    struct ctx c = begin();
    struct config *cfg = config_new(c.arena);
    config_declare(cfg, settings, COUNT_OF(settings));
    CHECK_INT(config_set(&c, cfg, S("port"), S("0"), CONFIG_FILE), ERR_INVALID);
    CHECK_INT(config_set(&c, cfg, S("port"), S("veel"), CONFIG_FILE), ERR_INVALID);
    CHECK_INT(config_set(&c, cfg, S("loud"), S("misschien"), CONFIG_FILE), ERR_INVALID);
    CHECK_INT(config_set(&c, cfg, S("onbekend"), S("1"), CONFIG_FILE), ERR_INVALID);
    CHECK(str_find(c.err.msg, S("onbekend")) != STR_NONE);
    arena_free(c.arena);
}

static void config_file_errors_name_the_line(void **state)
{
    (void)state;
    struct ctx c = begin();
    struct config *cfg = config_new(c.arena);
    str folder = str_fmt(c.arena, "/tmp/aanjager-test-%s", random_hex(c.arena, 8).ptr);
    str path = str_fmt(c.arena, "%s/a.conf", folder.ptr);
    config_declare(cfg, settings, COUNT_OF(settings));
    CHECK_OK(&c, file_make_dirs(&c, folder));
    CHECK_OK(&c, file_write(&c, path, S("# a\nport = 81\n\nloud = wel\n")));
    CHECK_INT(config_read_file(&c, cfg, path), ERR_INVALID);
    CHECK(str_find(c.err.msg, S("regel 4")) != STR_NONE);
    CHECK_INT(config_int(cfg, "port"), 81);
    CHECK_OK(&c, file_remove_tree(&c, folder));
    arena_free(c.arena);
}

static void files_are_read_listed_and_bounded(void **state)
{
    (void)state;
    struct ctx c = begin();
    str text, *names;
    size_t count;
    str folder = str_fmt(c.arena, "/tmp/aanjager-test-%s/x/y", random_hex(c.arena, 8).ptr);
    CHECK_OK(&c, file_make_dirs(&c, folder));
    CHECK_OK(&c, file_write(&c, str_fmt(c.arena, "%s/b.md", folder.ptr), S("tekst")));
    CHECK_OK(&c, file_write(&c, str_fmt(c.arena, "%s/a.md", folder.ptr), S("")));
    CHECK_OK(&c, file_write(&c, str_fmt(c.arena, "%s/c.txt", folder.ptr), S("")));
    CHECK_OK(&c, file_list(&c, folder, S(".md"), 10, &names, &count));
    CHECK_INT(count, 2);
    CHECK_STR(names[0], S("a.md"));
    CHECK_INT(file_list(&c, folder, S(".md"), 1, &names, &count), ERR_LIMIT);
    CHECK_OK(&c, file_read(&c, str_fmt(c.arena, "%s/b.md", folder.ptr), 5, &text));
    CHECK_STR(text, S("tekst"));
    CHECK_INT(file_read(&c, str_fmt(c.arena, "%s/b.md", folder.ptr), 4, &text), ERR_LIMIT);
    CHECK_INT(file_read(&c, S("/tmp/er/is/niets"), 4, &text), ERR_NOT_FOUND);
    CHECK_INT(file_read(&c, folder, 4, &text), ERR_INVALID);
    const char *pipe_path = str_fmt(c.arena, "%s/pijp", folder.ptr).ptr;
    CHECK_INT(mkfifo(pipe_path, 0600), 0);
    alarm(20); /* nobody writes: reading must not wait */
    CHECK_OK(&c, file_read(&c, str_from(pipe_path), 4, &text));
    alarm(0);
    CHECK_INT(text.len, 0);
    CHECK_INT(remove(pipe_path), 0);
    CHECK_OK(&c, file_remove_tree(&c, folder));
    CHECK(!file_exists(&c, folder));
    arena_free(c.arena);
}

static void errors_keep_words_and_detail_apart(void **state)
{
    (void)state;
    struct ctx c = begin();
    CHECK_INT(err_detail(&c, ERR_DB, "disk %d", 3), ERR_DB);
    err_context(&c, "saving");
    CHECK_STR(c.err.detail, S("saving: disk 3"));
    CHECK(str_find(err_words(&c.err), S("disk")) == STR_NONE);
    CHECK_INT(err_set(&c, ERR_LIMIT, "Te %s.", "veel"), ERR_LIMIT);
    CHECK_STR(err_words(&c.err), S("Te veel."));
    CHECK_INT(c.err.detail.len, 0);
    arena_free(c.arena);
}

/* A folder of this test's own. */
static str own_folder(struct ctx *c)
{
    str folder = str_fmt(c->arena, "/tmp/aanjager-test-%s", random_hex(c->arena, 8).ptr);
    CHECK_OK(c, file_make_dirs(c, folder));
    return folder;
}

static void a_file_that_cannot_be_written_leaves_nothing(void **state)
{
    (void)state;
    struct ctx c = begin();
    str *names, folder = own_folder(&c);
    size_t count;
    str inside = str_fmt(c.arena, "%s/map", folder.ptr);
    CHECK_OK(&c, file_make_dirs(&c, inside));
    CHECK_INT(file_write(&c, inside, S("tekst")), ERR_INVALID); /* there is a folder there */
    CHECK_INT(file_write(&c, str_fmt(c.arena, "%s/a/b", folder.ptr), S("x")), ERR_NOT_FOUND);
    CHECK(str_find(c.err.detail, S("schrijven")) != STR_NONE);
    CHECK_OK(&c, file_list(&c, folder, S(""), 10, &names, &count));
    CHECK_INT(count, 1);
    CHECK_OK(&c, file_remove_tree(&c, folder));
    arena_free(c.arena);
}

static void a_full_disk_is_told_and_the_old_file_stays(void **state)
{
    (void)state;
    struct ctx c = begin();
    str text, folder = own_folder(&c);
    str path = str_fmt(c.arena, "%s/a", folder.ptr);
    const char *temporary = str_fmt(c.arena, "%s.nieuw", path.ptr).ptr;
    CHECK_OK(&c, file_write(&c, path, S("oud")));
    CHECK_INT(symlink("/dev/full", temporary), 0);
    CHECK_INT(file_write(&c, path, S("nieuw")), ERR_BUSY);
    CHECK(str_find(c.err.msg, S("schijf is vol")) != STR_NONE);
    CHECK_OK(&c, file_read(&c, path, 10, &text));
    CHECK_STR(text, S("oud"));
    CHECK(!file_exists(&c, str_from(temporary)));
    CHECK_OK(&c, file_remove_tree(&c, folder));
    arena_free(c.arena);
}

static void folders_that_cannot_be_say_so(void **state)
{
    (void)state;
    struct ctx c = begin();
    str *names, folder = own_folder(&c);
    size_t count;
    str file = str_fmt(c.arena, "%s/a", folder.ptr);
    CHECK_OK(&c, file_write(&c, file, S("x")));
    CHECK_OK(&c, file_make_dirs(&c, folder)); /* there already */
    CHECK_INT(file_make_dirs(&c, str_fmt(c.arena, "%s/b/c", file.ptr)), ERR_NOT_FOUND);
    CHECK_INT(file_list(&c, str_fmt(c.arena, "%s/z", folder.ptr), S(""), 9, &names, &count),
              ERR_NOT_FOUND);
    CHECK_INT(file_list(&c, file, S(""), 9, &names, &count), ERR_NOT_FOUND);
    CHECK_OK(&c, file_remove_tree(&c, folder));
    CHECK_OK(&c, file_remove_tree(&c, folder)); /* gone already */
    arena_free(c.arena);
}

static void each_code_has_words_and_a_name(void **state)
{
    (void)state;
    struct ctx c = begin();
    for (int code = ERR_INTERNAL; code <= ERR_INVALID; code++) {
        struct err e = {.code = code};
        CHECK(str_ends(err_words(&e), S(".")));
        for (int other = ERR_INTERNAL; other < code; other++)
            CHECK(strcmp(err_name(code), err_name(other)) != 0);
    }
    CHECK_STR(str_from(err_name(0)), S("ok"));
    CHECK_STR(str_from(err_name(1)), S("unknown"));
    CHECK_STR(str_from(err_name(ERR_INTERNAL - 1)), S("unknown"));
    err_context(&c, "first"); /* nothing before it: the words alone */
    CHECK_STR(c.err.detail, S("first"));
    arena_free(c.arena);
}

static void a_call_within_a_call_hands_its_words_up(void **state)
{
    (void)state;
    struct ctx c = begin();
    struct ctx child = ctx_child(&c);
    CHECK(child.arena != c.arena);
    CHECK_INT(ctx_child_end(&c, &child, 0), 0);
    CHECK_INT(c.err.code, 0);
    child = ctx_child(&c);
    int code = err_set(&child, ERR_BUSY, "Straks.");
    CHECK_INT(ctx_child_end(&c, &child, code), ERR_BUSY);
    CHECK_STR(c.err.msg, S("Straks."));
    arena_free(c.arena);
}

static void config_is_read_from_the_environment(void **state)
{
    (void)state;
    struct ctx c = begin();
    struct config *cfg = config_new(c.arena);
    struct config_view view;
    config_declare(cfg, settings, COUNT_OF(settings));
    CHECK_INT(setenv("AANJAGER_SECRET_WORD", "zesam", 1), 0);
    CHECK_INT(setenv("AANJAGER_LOUD", "1", 1), 0);
    CHECK_OK(&c, config_read_environment(&c, cfg));
    CHECK_STR(config_text(cfg, "secret_word"), S("zesam"));
    CHECK(config_bool(cfg, "loud"));
    CHECK(config_at(cfg, 1, &view) && view.origin == CONFIG_ENVIRONMENT);
    CHECK_STR(str_from(config_origin_name(view.origin)), S("omgeving"));
    CHECK(config_at(cfg, 0, &view) && view.origin == CONFIG_DEFAULT);
    CHECK_INT(setenv("AANJAGER_PORT", "0", 1), 0);
    CHECK_INT(config_read_environment(&c, cfg), ERR_INVALID);
    CHECK_INT(config_int(cfg, "port"), 8080);
    unsetenv("AANJAGER_SECRET_WORD");
    unsetenv("AANJAGER_LOUD");
    unsetenv("AANJAGER_PORT");
    arena_free(c.arena);
}

static void yes_and_no_may_be_written_in_several_ways(void **state)
{
    (void)state;
    struct ctx c = begin();
    struct config *cfg = config_new(c.arena);
    config_declare(cfg, settings, COUNT_OF(settings));
    static const char *const pairs[][2] = {{"ja", "nee"}, {"true", "false"}, {"1", "0"}};
    for (size_t i = 0; i < COUNT_OF(pairs); i++) {
        CHECK_OK(&c, config_set(&c, cfg, S("loud"), str_from(pairs[i][0]), CONFIG_FILE));
        CHECK(config_bool(cfg, "loud"));
        CHECK_OK(&c, config_set(&c, cfg, S("loud"), str_from(pairs[i][1]), CONFIG_FILE));
        CHECK(!config_bool(cfg, "loud"));
    }
    arena_free(c.arena);
}

static void a_settings_file_without_sense_is_refused(void **state)
{
    (void)state;
    struct ctx c = begin();
    struct config *cfg = config_new(c.arena);
    str folder = own_folder(&c), path = str_fmt(c.arena, "%s/a.conf", folder.ptr);
    config_declare(cfg, settings, COUNT_OF(settings));
    CHECK_INT(config_read_file(&c, cfg, path), ERR_NOT_FOUND);
    CHECK_OK(&c, file_write(&c, path, S("port 81\n")));
    CHECK_INT(config_read_file(&c, cfg, path), ERR_INVALID);
    CHECK(str_find(c.err.msg, S("regel 1: Schrijf elke instelling")) != STR_NONE);
    CHECK_OK(&c, file_write(&c, path, S("\t# remark\nport = 82\nsecret_word =\n")));
    CHECK_OK(&c, config_read_file(&c, cfg, path));
    CHECK_INT(config_int(cfg, "port"), 82);
    CHECK_OK(&c, file_remove_tree(&c, folder));
    arena_free(c.arena);
}

/* What log_line writes while body runs. */
static str logged(struct ctx *c, void (*body)(void))
{
    char text[4096];
    int kept = dup(STDERR_FILENO), ends[2];
    CHECK(kept >= 0 && pipe(ends) == 0);
    (void)fflush(stderr);
    CHECK(dup2(ends[1], STDERR_FILENO) >= 0);
    body();
    (void)fflush(stderr);
    CHECK(dup2(kept, STDERR_FILENO) >= 0);
    (void)close(ends[1]);
    ssize_t n = read(ends[0], text, sizeof text);
    (void)close(ends[0]);
    (void)close(kept);
    return str_dup(c->arena, str_of(text, n > 0 ? (size_t)n : 0));
}

static void log_everything(void)
{
    const struct log_field fields[] = {
        {"plain", S("a-b/c")},           {"empty", S("")},     {"quote", S("a\"b\\c")},
        {"forged", S("x\nlevel=error")}, {"equals", S("a=b")}, {"delete", S("\x7f")},
    };
    log_line(LOG_WARNING, "proef", fields, COUNT_OF(fields));
    log_text(LOG_INFO, "vrij", "%d woningen", 12);
    log_text(LOG_DEBUG, "stil", "not at this level");
}

static void a_log_line_cannot_be_forged(void **state)
{
    (void)state;
    struct ctx c = begin();
    log_set_level(LOG_INFO);
    str text = logged(&c, log_everything), line;
    CHECK(str_line(&text, &line));
    CHECK(str_starts(line, S("time=")));
    CHECK(str_ends(line, S(" level=warning event=proef plain=a-b/c empty=\"\" "
                           "quote=\"a\\\"b\\\\c\" forged=\"x\\x0alevel=error\" "
                           "equals=\"a=b\" delete=\"\\x7f\"")));
    CHECK(str_line(&text, &line));
    CHECK(str_ends(line, S(" level=info event=vrij text=\"12 woningen\"")));
    CHECK(!str_line(&text, &line));
    arena_free(c.arena);
}

static void figures_put_each_request_in_its_place(void **state)
{
    (void)state;
    struct ctx c = begin();
    struct metrics *m = metrics_new(c.arena);
    struct buf b;
    buf_init(&b, c.arena, 8192);
    metrics_request(m, 200, 250);
    metrics_request(m, 200, 251);
    metrics_request(m, 503, 3000000); /* slower than the last step */
    metrics_request(m, 99, -1);       /* no status, no time: counted, in no class */
    metrics_write(m, &b);
    str text = buf_str(&b);
    CHECK(str_find(text, S("{status=\"2xx\"} 2\n")) != STR_NONE);
    CHECK(str_find(text, S("{status=\"5xx\"} 1\n")) != STR_NONE);
    CHECK(str_find(text, S("{le=\"0.00025\"} 2\n")) != STR_NONE);
    CHECK(str_find(text, S("{le=\"0.0005\"} 3\n")) != STR_NONE);
    CHECK(str_find(text, S("{le=\"2.5\"} 3\n")) != STR_NONE);
    CHECK(str_find(text, S("{le=\"+Inf\"} 4\n")) != STR_NONE);
    CHECK(str_find(text, S("_sum 3.000501\n")) != STR_NONE);
    arena_free(c.arena);
}

static void dates_keep_to_the_calendar(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    static const char *const good[] = {"2000-02-29", "2024-12-31", "0001-01-01", "9999-04-30"};
    static const char *const bad[] = {"1900-02-29", "2024-04-31", "2024-00-10", "2024-01-00",
                                      "2024/01-01", "2024-01/01", "24-01-01",   "0000-01-01",
                                      "2024-1a-01", "2024-01-1a", "20a4-01-01", ""};
    for (size_t i = 0; i < COUNT_OF(good); i++)
        CHECK(clock_date_valid(str_from(good[i])));
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        CHECK(!clock_date_valid(str_from(bad[i])));
        CHECK_STR(clock_date_dutch(a, str_from(bad[i])), str_from(bad[i]));
    }
    CHECK_STR(clock_rfc3339(a, -1), S("1969-12-31T23:59:59Z"));
    CHECK_STR(clock_rfc3339(a, -62135596800LL), S("0001-01-01T00:00:00Z"));
    CHECK_STR(clock_date(a, 1706738400), S("2024-01-31")); /* 22:00 UTC in January: winter */
    CHECK_STR(clock_date(a, 1729979999), S("2024-10-26")); /* the last second before midnight */
    CHECK_STR(clock_date(a, 1730066400), S("2024-10-27")); /* 22:00 UTC, winter again */
    arena_free(a);
}

static void every_byte_counts_in_a_fast_hash(void **state)
{
    (void)state;
    char text[40] = {0};
    CHECK(str_hash_fast(S("")) != str_hash_fast(str_of(text, 1)));
    for (size_t len = 1; len <= sizeof text; len++) { /* zero bytes: only their number differs */
        uint64_t hash = str_hash_fast(str_of(text, len));
        CHECK(hash == str_hash_fast(str_of(text, len)));
        CHECK(len == sizeof text || hash != str_hash_fast(str_of(text, len + 1)));
        for (size_t i = 0; i < len; i++) {
            text[i] = 1;
            CHECK(hash != str_hash_fast(str_of(text, len)));
            text[i] = 0;
        }
    }
}

TEST_MAIN(TEST(arena_zeroes_and_grows_in_place), TEST(arena_runs_deferred_calls_at_reset),
          TEST(buf_stops_at_its_maximum), TEST(buf_formats_long_text), TEST(str_splits_and_trims),
          TEST(str_reads_lines_of_both_kinds), TEST(str_int_takes_only_whole_numbers_in_range),
          TEST(map_keeps_every_key_while_it_grows), TEST(vec_grows),
          TEST(utf8_refuses_what_is_not_well_formed), TEST(utf8_round_trip),
          TEST(clock_writes_dates), TEST(dutch_summer_time_begins_and_ends_on_the_right_hour),
          TEST(config_knows_where_a_value_came_from), TEST(config_refuses_what_cannot_be),
          TEST(config_file_errors_name_the_line), TEST(files_are_read_listed_and_bounded),
          TEST(errors_keep_words_and_detail_apart),
          TEST(a_file_that_cannot_be_written_leaves_nothing),
          TEST(a_full_disk_is_told_and_the_old_file_stays), TEST(folders_that_cannot_be_say_so),
          TEST(each_code_has_words_and_a_name), TEST(a_call_within_a_call_hands_its_words_up),
          TEST(config_is_read_from_the_environment),
          TEST(yes_and_no_may_be_written_in_several_ways),
          TEST(a_settings_file_without_sense_is_refused), TEST(a_log_line_cannot_be_forged),
          TEST(figures_put_each_request_in_its_place), TEST(dates_keep_to_the_calendar),
          TEST(every_byte_counts_in_a_fast_hash))
