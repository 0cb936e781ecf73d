#include "test.h"

#include "auth/permission.h"

static void what_is_forgotten_is_denied(void **state)
{
    (void)state;
    struct actor local = {.local = true}, remote = {.local = false};
    CHECK(!permission_allows(&local, PERM_NOBODY));
    CHECK(!permission_allows(&local, PERM_COUNT));
    CHECK(permission_allows(NULL, PERM_PUBLIC));
    CHECK(permission_allows(&local, PERM_METRICS));
    CHECK(!permission_allows(&remote, PERM_METRICS));
    CHECK(!permission_allows(NULL, PERM_METRICS));
}

static void every_right_has_a_name(void **state)
{
    (void)state;
    CHECK_STR(str_from(permission_name(PERM_NOBODY)), S("niemand"));
    for (int p = 0; p < PERM_COUNT; p++)
        CHECK(strcmp(permission_name((enum permission)p), "onbekend") != 0);
    CHECK_STR(str_from(permission_name(PERM_COUNT)), S("onbekend"));
    CHECK_STR(str_from(permission_name((enum permission)(PERM_COUNT + 7))), S("onbekend"));
}

TEST_MAIN(TEST(what_is_forgotten_is_denied), TEST(every_right_has_a_name))
