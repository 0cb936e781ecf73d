#include <math.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "test.h"
#include "json/json.h"

static struct ctx c;
static struct buf b;
static struct json j;

static int set_up(void **state)
{
    (void)state;
    c = (struct ctx){.arena = arena_new()};
    buf_init(&b, c.arena, 4096);
    json_begin(&j, &b);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_free(c.arena);
    return 0;
}

/* ---- writer ---- */

static void commas_and_nesting(void **state)
{
    (void)state;
    json_object_begin(&j);
    json_kstr(&j, "a", S("b"));
    json_key(&j, "list");
    json_array_begin(&j);
    json_int(&j, 1);
    json_array_begin(&j);
    json_array_end(&j);
    json_object_begin(&j);
    json_object_end(&j);
    json_null_value(&j);
    json_bool(&j, false);
    json_array_end(&j);
    json_kint(&j, "n", -9223372036854775807LL - 1);
    json_kbool(&j, "t", true);
    json_object_end(&j);
    CHECK_STR(buf_str(&b), S("{\"a\":\"b\",\"list\":[1,[],{},null,false],"
                             "\"n\":-9223372036854775808,\"t\":true}"));
}

static void strings_are_escaped(void **state)
{
    (void)state;
    json_array_begin(&j);
    json_str(&j, S("a\"b\\c\n\r\t\x01\x7f\0z"));
    json_str(&j, S("é€🏠"));
    json_str(&j, S("</script>&"));
    json_str(&j, S("a\xff\xc3z\xed\xa0\x80"));
    json_str(&j, S("\xe2\x80\xa8"));
    json_str(&j, S(""));
    json_array_end(&j);
    CHECK_STR(buf_str(&b), S("[\"a\\\"b\\\\c\\n\\r\\t\\u0001\\u007f\\u0000z\",\"é€🏠\","
                             "\"\\u003c/script\\u003e\\u0026\","
                             "\"a\xef\xbf\xbd\xef\xbf\xbdz\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\","
                             "\"\\u2028\",\"\"]"));
}

static void numbers(void **state)
{
    (void)state;
    json_array_begin(&j);
    json_double(&j, 1.5, 2);
    json_double(&j, -0.125, 3);
    json_double(&j, 3, 0);
    json_double(&j, 1e300, 0);
    json_double(&j, NAN, 2);
    json_double(&j, INFINITY, 2);
    json_double(&j, 0.1, 99);
    json_array_end(&j);
    CHECK(str_starts(buf_str(&b), S("[1.50,-0.125,3,1000000")));
    CHECK(str_ends(buf_str(&b), S(",null,null,0.10000000000000001]")));
}

static void the_buffer_is_bounded(void **state)
{
    (void)state;
    buf_init(&b, c.arena, 10);
    json_array_begin(&j);
    for (int i = 0; i < 100; i++)
        json_str(&j, S("longer than the buffer"));
    json_array_end(&j);
    CHECK(!buf_ok(&b));
    CHECK(b.len <= 10);
}

/* Whether a call stops the program, as a programming mistake must: tried in a child. */
static bool stops(void (*call)(void))
{
    int status = 0;
    pid_t child = fork();
    if (child == 0) {
        const struct rlimit none = {0};
        (void)setrlimit(RLIMIT_CORE, &none);
        (void)close(STDERR_FILENO);
        (void)signal(SIGABRT, SIG_DFL); /* not the test framework's */
        call();
        _exit(0);
    }
    return child > 0 && waitpid(child, &status, 0) == child && WIFSIGNALED(status) &&
           WTERMSIG(status) == SIGABRT;
}

static void value_without_key(void)
{
    json_object_begin(&j);
    json_int(&j, 1);
}

static void key_in_array(void)
{
    json_array_begin(&j);
    json_key(&j, "a");
}

static void two_keys(void)
{
    json_object_begin(&j);
    json_key(&j, "a");
    json_key(&j, "b");
}

static void key_without_value(void)
{
    json_object_begin(&j);
    json_key(&j, "a");
    json_object_end(&j);
}

static void crossed_ends(void)
{
    json_array_begin(&j);
    json_object_end(&j);
}

static void end_too_many(void)
{
    json_array_end(&j);
}

static void two_at_the_top(void)
{
    json_int(&j, 1);
    json_int(&j, 2);
}

static void too_deep(void)
{
    for (int i = 0; i < 32; i++)
        json_array_begin(&j);
}

static void not_quite_too_deep(void)
{
    for (int i = 0; i < 31; i++)
        json_array_begin(&j);
}

static void wrong_nesting_is_a_bug(void **state)
{
    (void)state;
    CHECK(stops(value_without_key));
    CHECK(stops(key_in_array));
    CHECK(stops(two_keys));
    CHECK(stops(key_without_value));
    CHECK(stops(crossed_ends));
    CHECK(stops(end_too_many));
    CHECK(stops(two_at_the_top));
    CHECK(stops(too_deep));
    CHECK(!stops(not_quite_too_deep));
}

/* ---- reader ---- */

static void values_are_read(void **state)
{
    (void)state;
    const struct json_value *v = NULL;
    long long n = 7;
    CHECK_OK(&c, json_parse(&c,
                            S(" {\"s\":\"\\u00e9\",\"n\":-5,\"t\":true,\"f\":false,\"z\":null,"
                              "\"d\":1.5,\"l\":[1,\"a\",{\"x\":2}]} "),
                            4, &v));
    CHECK_STR(json_as_str(json_get(v, "s")), S("é"));
    CHECK(json_as_int(json_get(v, "n"), &n));
    CHECK_INT(n, -5);
    CHECK(json_as_bool(json_get(v, "t")) && !json_as_bool(json_get(v, "f")));
    CHECK(!json_as_bool(json_get(v, "z")) && !json_as_bool(json_get(v, "n")));
    CHECK_INT(json_count(json_get(v, "l")), 3);
    CHECK(json_as_int(json_get(json_at(json_get(v, "l"), 2), "x"), &n));
    CHECK_INT(n, 2);
    CHECK(!json_as_int(json_get(v, "d"), &n) && !json_as_int(json_get(v, "s"), &n));
    CHECK_INT(n, 2);
    CHECK_OK(&c, json_parse(&c, S("\"alone\""), 0, &v));
    CHECK_STR(json_as_str(v), S("alone"));
}

static void what_is_absent_is_null(void **state)
{
    (void)state;
    const struct json_value *v = NULL;
    long long n;
    CHECK_OK(&c, json_parse(&c, S("{\"a\":[1]}"), 4, &v));
    CHECK(!json_get(v, "b") && !json_get(json_get(v, "b"), "c"));
    CHECK(!json_at(json_get(v, "a"), 1) && !json_at(v, 0) && !json_get(json_get(v, "a"), "x"));
    CHECK_INT(json_count(v), 0);
    CHECK_INT(json_count(NULL), 0);
    CHECK(!json_at(NULL, 0) && !json_get(NULL, "a"));
    CHECK_STR(json_as_str(NULL), S(""));
    CHECK_STR(json_as_str(json_get(v, "a")), S(""));
    CHECK(!json_as_int(NULL, &n) && !json_as_bool(NULL));
}

static void malformed_texts_are_refused(void **state)
{
    (void)state;
    static const str bad[] = {STR(""),
                              STR("{"),
                              STR("{\"a\":1,}"),
                              STR("[1 2]"),
                              STR("'a'"),
                              STR("nul"),
                              STR("[1]x"),
                              STR("\"\xff\""),
                              STR("\"a\\u0000b\""),
                              STR("[1e999999]"),
                              STR("{\"a\":1,\"a\":2}"),
                              STR("[99999999999999999999999]"),
                              STR("\"a"),
                              STR("\"\\"),
                              STR("[\0]")};
    const struct json_value *v = NULL;
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        c.err = (struct err){0};
        CHECK_INT(json_parse(&c, bad[i], 8, &v), ERR_INVALID);
        CHECK_INT(c.err.code, ERR_INVALID);
        CHECK(c.err.msg.len > 0);
    }
    CHECK(!v);
}

static void nesting_is_bounded(void **state)
{
    (void)state;
    const struct json_value *v = NULL;
    char bomb[100000];
    memset(bomb, '[', sizeof bomb);
    CHECK_INT(json_parse(&c, str_of(bomb, sizeof bomb), 8, &v), ERR_INVALID);
    CHECK(str_find(c.err.msg, S("hoogstens 8 niveaus")) != STR_NONE);
    CHECK_OK(&c, json_parse(&c, S("[[[]]]"), 3, &v));
    CHECK_INT(json_parse(&c, S("[[[]]]"), 2, &v), ERR_INVALID);
    CHECK_OK(&c, json_parse(&c, S("[\"[[[[\\\"[[\", {}]"), 2, &v));
}

static void what_is_written_can_be_read(void **state)
{
    (void)state;
    const struct json_value *v = NULL;
    char all[255];
    for (size_t i = 0; i < sizeof all; i++)
        all[i] = (char)(i + 1);
    json_array_begin(&j);
    json_str(&j, str_of(all, 0x7F)); /* all of ASCII but NUL */
    json_str(&j, str_of(all, sizeof all));
    json_array_end(&j);
    CHECK_OK(&c, json_parse(&c, buf_str(&b), 2, &v));
    CHECK_STR(json_as_str(json_at(v, 0)), str_of(all, 0x7F));
    CHECK(json_as_str(json_at(v, 1)).len > 0x7F);
}

#define T(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

TEST_MAIN(T(commas_and_nesting), T(strings_are_escaped), T(numbers), T(the_buffer_is_bounded),
          T(wrong_nesting_is_a_bug), T(values_are_read), T(what_is_absent_is_null),
          T(malformed_texts_are_refused), T(nesting_is_bounded), T(what_is_written_can_be_read))
