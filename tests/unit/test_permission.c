#include "test.h"

#include "auth/permission.h"

static void what_is_forgotten_is_denied(void **state)
{
    (void)state;
    struct actor local = {.local = true}, remote = {.local = false};
    CHECK(!permission_allows(&local, PERM_NOBODY));
    CHECK(!permission_allows(&local, PERM_COUNT));
    CHECK(!permission_allows(&local, (enum permission) - 1));
    CHECK(permission_allows(NULL, PERM_PUBLIC));
    CHECK(permission_allows(&local, PERM_METRICS));
    CHECK(!permission_allows(&remote, PERM_METRICS));
    CHECK(!permission_allows(NULL, PERM_METRICS));
}

static void every_right_and_role_has_a_name(void **state)
{
    (void)state;
    CHECK_STR(str_from(permission_name(PERM_NOBODY)), S("niemand"));
    for (int p = 0; p < PERM_COUNT; p++) {
        CHECK(strcmp(permission_name((enum permission)p), "onbekend") != 0);
        CHECK(permission_words((enum permission)p)[0]);
    }
    CHECK_STR(str_from(permission_name(PERM_COUNT)), S("onbekend"));
    CHECK_STR(str_from(permission_name((enum permission)(PERM_COUNT + 7))), S("onbekend"));
    for (int i = 0; i < ROLE_COUNT; i++) {
        enum role found = ROLE_COUNT;
        CHECK(role_words((enum role)i)[0]);
        CHECK(role_find(str_from(role_name((enum role)i)), &found));
        CHECK_INT(found, i);
    }
    for (int i = 0; i < SCOPE_COUNT; i++) {
        enum scope_kind found = SCOPE_COUNT;
        CHECK(scope_find(str_from(scope_name((enum scope_kind)i)), &found));
        CHECK_INT(found, i);
    }
    CHECK_STR(str_from(role_name(ROLE_COUNT)), S("onbekend"));
    CHECK_STR(str_from(scope_name(SCOPE_COUNT)), S("onbekend"));
}

/* Every right but the public ones and those of the machine is somebody's, and no right is a
 * visitor's. */
static void no_right_is_left_over_and_visitors_have_none(void **state)
{
    (void)state;
    const struct actor visitor = {0};
    for (int p = PERM_ACCOUNT; p < PERM_COUNT; p++) {
        bool any = false;
        for (int i = 0; i < ROLE_COUNT; i++)
            any = any || role_has((enum role)i, (enum permission)p);
        CHECK(any);
        CHECK(!role_has(ROLE_VISITOR, (enum permission)p));
        CHECK_INT(permission_answer(&visitor, (enum permission)p), PERMISSION_SIGN_IN);
        CHECK_INT(permission_answer(NULL, (enum permission)p), PERMISSION_SIGN_IN);
    }
}

static struct actor somebody(const struct actor_role *roles, size_t count)
{
    return (struct actor){
        .account = 1, .confirmed = true, .two_factor = true, .roles = roles, .role_count = count};
}

static void a_role_gives_its_rights_and_no_others(void **state)
{
    (void)state;
    for (int i = ROLE_MEMBER; i < ROLE_COUNT; i++) {
        const struct actor_role roles[] = {{(enum role)i, {0}}};
        struct actor a = somebody(roles, 1);
        for (int p = PERM_ACCOUNT; p < PERM_COUNT; p++)
            CHECK_INT(permission_allows(&a, (enum permission)p),
                      role_has((enum role)i, (enum permission)p) ||
                          role_has(ROLE_MEMBER, (enum permission)p));
        a.confirmed = false;
        for (int p = PERM_ACCOUNT; p < PERM_COUNT; p++)
            CHECK(!permission_allows(&a, (enum permission)p));
    }
}

static void who_edits_moderates_or_sees_secrets_needs_two_factors(void **state)
{
    (void)state;
    static const enum permission guarded[] = {
        PERM_CONFIDENTIAL, PERM_COORDINATE, PERM_EDIT,    PERM_PUBLISH, PERM_MODERATE,
        PERM_DATA,         PERM_ACCOUNTS,   PERM_VIEW_AS, PERM_AUDIT,   PERM_OPERATE};
    for (size_t g = 0; g < COUNT_OF(guarded); g++)
        for (int i = 0; i < ROLE_COUNT; i++)
            CHECK(!role_has((enum role)i, guarded[g]) || role_needs_two_factor((enum role)i));
    const struct actor_role roles[] = {{ROLE_EDITOR, {0}}};
    struct actor a = somebody(roles, 1);
    a.two_factor = false;
    CHECK(actor_needs_two_factor(&a));
    CHECK_INT(permission_answer(&a, PERM_EDIT), PERMISSION_TWO_FACTOR);
    CHECK(!permission_allows(&a, PERM_EDIT));
    CHECK(permission_allows(&a, PERM_ACCOUNT));
    CHECK_INT(permission_answer(&a, PERM_AUDIT), PERMISSION_NO);
}

static void a_role_for_one_place_holds_nowhere_else(void **state)
{
    (void)state;
    const struct actor_role roles[] = {{ROLE_COORDINATOR, {SCOPE_ORGANISATION, S("12")}},
                                       {ROLE_EDITOR, {SCOPE_THEME, S("grond")}}};
    struct actor a = somebody(roles, COUNT_OF(roles));
    CHECK(permission_allows(&a, PERM_COORDINATE));
    CHECK(permission_allows_in(&a, PERM_COORDINATE, (struct scope){SCOPE_ORGANISATION, S("12")}));
    CHECK(!permission_allows_in(&a, PERM_COORDINATE, (struct scope){SCOPE_ORGANISATION, S("13")}));
    CHECK(!permission_allows_in(&a, PERM_COORDINATE, (struct scope){SCOPE_THEME, S("12")}));
    CHECK(!permission_allows_in(&a, PERM_COORDINATE, (struct scope){0}));
    CHECK(permission_allows_in(&a, PERM_EDIT, (struct scope){SCOPE_THEME, S("grond")}));
    CHECK(!permission_allows_in(&a, PERM_EDIT, (struct scope){SCOPE_ORGANISATION, S("12")}));
    const struct actor_role everywhere[] = {{ROLE_EDITOR, {0}}};
    struct actor b = somebody(everywhere, 1);
    CHECK(permission_allows_in(&b, PERM_EDIT, (struct scope){SCOPE_THEME, S("grond")}));
}

static void a_market_party_never_sees_what_is_confidential(void **state)
{
    (void)state;
    for (int i = 0; i < ROLE_COUNT; i++) {
        const struct actor_role roles[] = {{(enum role)i, {0}}, {ROLE_STEWARD, {0}}};
        struct actor a = somebody(roles, COUNT_OF(roles));
        a.market = true;
        CHECK(!permission_allows(&a, PERM_CONFIDENTIAL));
        CHECK(!permission_allows_in(&a, PERM_CONFIDENTIAL,
                                    (struct scope){SCOPE_ORGANISATION, S("1")}));
    }
}

static void who_views_as_another_cannot_touch_his_security(void **state)
{
    (void)state;
    struct actor a = somebody(NULL, 0);
    CHECK(permission_allows(&a, PERM_SECURITY));
    a.viewer = 2;
    CHECK(permission_allows(&a, PERM_ACCOUNT));
    CHECK(!permission_allows(&a, PERM_SECURITY));
}

TEST_MAIN(TEST(what_is_forgotten_is_denied), TEST(every_right_and_role_has_a_name),
          TEST(no_right_is_left_over_and_visitors_have_none),
          TEST(a_role_gives_its_rights_and_no_others),
          TEST(who_edits_moderates_or_sees_secrets_needs_two_factors),
          TEST(a_role_for_one_place_holds_nowhere_else),
          TEST(a_market_party_never_sees_what_is_confidential),
          TEST(who_views_as_another_cannot_touch_his_security))
