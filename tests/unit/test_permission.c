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

TEST_MAIN(TEST(what_is_forgotten_is_denied))
