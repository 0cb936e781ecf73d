/* test.h - the few assertions that our tests use, over cmocka, so that the framework stays
   replaceable.

       static void plan_is_base_of_plannen(void **state) { (void)state; CHECK_STR(base, S("plan"));
   } TEST_MAIN(TEST(plan_is_base_of_plannen), ...)
*/
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/ctx.h"
#include "base/str.h"

#define CHECK(condition) _assert_true(!!(condition) ? 1UL : 0UL, #condition, __FILE__, __LINE__)
#define CHECK_INT(actual, expected)                                                                \
    check_int_((long long)(actual), (long long)(expected), #actual, __FILE__, __LINE__)
#define CHECK_STR(actual, expected) check_str_((actual), (expected), #actual, __FILE__, __LINE__)
/* A call that must succeed; on failure prints the words of ctx->err. */
#define CHECK_OK(c, expression) check_ok_((c), (expression), #expression, __FILE__, __LINE__)

#define TEST(function) cmocka_unit_test(function)
/* With a function before the first and one after the last test. */
#define TEST_MAIN_WITH(begin, end, ...)                                                            \
    int main(void)                                                                                 \
    {                                                                                              \
        const struct CMUnitTest tests[] = {__VA_ARGS__};                                           \
        return cmocka_run_group_tests(tests, begin, end);                                          \
    }

#define TEST_MAIN(...)                                                                             \
    int main(void)                                                                                 \
    {                                                                                              \
        const struct CMUnitTest tests[] = {__VA_ARGS__};                                           \
        return cmocka_run_group_tests(tests, NULL, NULL);                                          \
    }

static inline void check_int_(long long actual, long long expected, const char *what,
                              const char *file, int line)
{
    if (actual == expected)
        return;
    print_error("%s: %lld instead of %lld\n", what, actual, expected);
    _fail(file, line);
}

static inline void check_str_(str actual, str expected, const char *what, const char *file,
                              int line)
{
    if (str_eq(actual, expected))
        return;
    print_error("%s: \"%.*s\" instead of \"%.*s\"\n", what, (int)actual.len, actual.ptr,
                (int)expected.len, expected.ptr);
    _fail(file, line);
}

static inline void check_ok_(struct ctx *c, int code, const char *what, const char *file, int line)
{
    if (code == 0)
        return;
    print_error("%s: code %d, \"%.*s\" / \"%.*s\"\n", what, code, (int)c->err.msg.len,
                c->err.msg.ptr ? c->err.msg.ptr : "", (int)c->err.detail.len,
                c->err.detail.ptr ? c->err.detail.ptr : "");
    _fail(file, line);
}
