/* Passwords, codes, tokens, and the brake on guessing. */
#include "test.h"

#include <pthread.h>
#include <stdatomic.h>

#include "auth/brake.h"
#include "auth/password.h"
#include "auth/quality.h"
#include "auth/slots.h"
#include "auth/token.h"
#include "auth/totp.h"
#include "base/file.h"
#include "base/random.h"

/* Cheap: what these tests look at does not depend on the cost. */
static struct auth_options options(int slots, int wait_ms)
{
    struct auth_options o = {.cost = {64, 1}, .slots = slots, .wait_ms = wait_ms};
    memset(o.key, 7, sizeof o.key);
    return o;
}

static struct ctx begin(int slots, int wait_ms)
{
    struct ctx c = {.arena = arena_new()};
    struct auth_options o = options(slots, wait_ms);
    c.auth = auth_new(c.arena, &o);
    return c;
}

/* ---- passwords ---- */

static void a_password_is_known_again_and_no_other(void **state)
{
    (void)state;
    struct ctx c = begin(2, 1000);
    str hash, again;
    bool right = false;
    CHECK_OK(&c, password_hash(&c, S("vier losse woorden hier"), &hash));
    CHECK_OK(&c, password_hash(&c, S("vier losse woorden hier"), &again));
    CHECK(str_starts(hash, S("$argon2id$")));
    CHECK(!str_eq(hash, again));
    CHECK_OK(&c, password_check(&c, hash, S("vier losse woorden hier"), NULL, NULL, &right));
    CHECK(right);
    CHECK_OK(&c, password_check(&c, hash, S("vier losse woorden hie"), NULL, NULL, &right));
    CHECK(!right);
    CHECK_OK(&c, password_check(&c, hash, S(""), NULL, NULL, &right));
    CHECK(!right);
    CHECK(!password_outdated(&c, hash));
    struct auth dearer = *c.auth;
    dearer.options.cost.passes = 3;
    c.auth = &dearer;
    CHECK(password_outdated(&c, hash));
    arena_free(c.arena);
}

static void nobody_has_a_password_that_fits_nothing(void **state)
{
    (void)state;
    struct ctx c = begin(2, 1000);
    bool right = true;
    CHECK_OK(&c, password_check(&c, S(""), S(""), NULL, NULL, &right));
    CHECK(!right);
    /* A damaged row is no key to the account. */
    CHECK_OK(&c, password_check(&c, S("$argon2id$"), S("x"), NULL, NULL, &right));
    CHECK(!right);
    CHECK(!password_outdated(&c, c.auth->nobody));
    arena_free(c.arena);
}

struct crowd {
    struct ctx *c;
    atomic_int inside, most, done, busy;
};

static void *one_of_the_crowd(void *arg)
{
    struct crowd *crowd = arg;
    struct ctx c = *crowd->c;
    c.arena = arena_new();
    if (slots_take(&c, c.auth->slots) == 0) {
        int now = atomic_fetch_add(&crowd->inside, 1) + 1, most = atomic_load(&crowd->most);
        while (now > most && !atomic_compare_exchange_weak(&crowd->most, &most, now))
            continue;
        str hash;
        CHECK_OK(&c, crypto_password_hash(&c, S("x"), c.auth->options.cost, &hash));
        atomic_fetch_sub(&crowd->inside, 1);
        slots_give(c.auth->slots);
        atomic_fetch_add(&crowd->done, 1);
    } else {
        atomic_fetch_add(&crowd->busy, 1);
    }
    arena_free(c.arena);
    return NULL;
}

static void run_crowd(struct crowd *crowd)
{
    pthread_t threads[64];
    for (size_t i = 0; i < COUNT_OF(threads); i++)
        CHECK_INT(pthread_create(&threads[i], NULL, one_of_the_crowd, crowd), 0);
    for (size_t i = 0; i < COUNT_OF(threads); i++)
        (void)pthread_join(threads[i], NULL);
}

static void of_64_at_once_four_hash_and_all_get_their_turn(void **state)
{
    (void)state;
    struct ctx c = begin(4, 60000);
    struct crowd crowd = {.c = &c};
    run_crowd(&crowd);
    CHECK_INT(atomic_load(&crowd.done), 64);
    CHECK(atomic_load(&crowd.most) <= 4);
    CHECK(slots_most_used(c.auth->slots) <= 4);
    arena_free(c.arena);
}

static void who_waits_too_long_hears_that_it_is_busy(void **state)
{
    (void)state;
    struct ctx c = begin(1, 1);
    CHECK_OK(&c, slots_take(&c, c.auth->slots));
    CHECK_INT(slots_take(&c, c.auth->slots), ERR_BUSY);
    struct crowd crowd = {.c = &c};
    run_crowd(&crowd);
    CHECK_INT(atomic_load(&crowd.busy), 64);
    slots_give(c.auth->slots);
    CHECK_OK(&c, slots_take(&c, c.auth->slots));
    slots_give(c.auth->slots);
    arena_free(c.arena);
}

static int never(struct ctx *c, void *arg)
{
    ++*(int *)arg;
    return err_set(c, ERR_LIMIT, "Wacht even.");
}

static void guesses_that_waited_in_line_are_looked_at_again(void **state)
{
    (void)state;
    struct ctx c = begin(1, 1000);
    int asked = 0;
    bool right = false;
    CHECK_INT(password_check(&c, S(""), S("x"), never, &asked, &right), ERR_LIMIT);
    CHECK_INT(asked, 1);
    CHECK_OK(&c, slots_take(&c, c.auth->slots)); /* the place was given back */
    slots_give(c.auth->slots);
    arena_free(c.arena);
}

static void weak_passwords_are_refused_and_good_ones_are_not(void **state)
{
    (void)state;
    struct ctx c = begin(1, 1000);
    static const struct {
        const char *password;
        int code;
    } cases[] = {
        {"kort", ERR_INVALID},
        {"elf tekens.", ERR_INVALID},
        {"wachtwoord2026", ERR_INVALID},
        {"Wachtwoord!123", ERR_INVALID},
        {"password1234", ERR_INVALID},
        {"P@ssw0rd12345", ERR_INVALID},
        {"123456789012", ERR_INVALID},
        {"aaaaaaaaaaaaaa", ERR_INVALID},
        {"abcabcabcabcabc", ERR_INVALID},
        {"woningbouw2026", ERR_INVALID},
        {"bestemmingsplannen", ERR_INVALID},
        {"iloveyouiloveyou", ERR_INVALID},
        {"qwertyuiop1234", ERR_INVALID},
        {"janssen-is-hier-weer", ERR_INVALID}, /* the own name */
        {"zaaghok-almelo-2", ERR_INVALID},     /* the own organisation */
        {"kalm paard stapelt nietjes", 0},
        {"xK9#vT2pLq7!", 0},
        {"de brug over 't water is open", 0},
    };
    const str own[] = {S("Truus Janssen"), S("t.janssen@almelo.nl"), S("Gemeente Almelo")};
    str folder = str_fmt(c.arena, "/tmp/aanjager-auth-%s", random_hex(c.arena, 8).ptr);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        int code = quality_check(&c, folder, str_from(cases[i].password), own, COUNT_OF(own));
        if (code != cases[i].code)
            print_error("%s: %d, %.*s\n", cases[i].password, code, (int)c.err.msg.len,
                        c.err.msg.ptr);
        CHECK_INT(code, cases[i].code);
    }
    str *left;
    size_t count;
    CHECK_OK(&c, file_list(&c, folder, S(""), 10, &left, &count));
    CHECK_INT(count, 0);
    CHECK_OK(&c, file_remove_tree(&c, folder));
    arena_free(c.arena);
}

/* ---- codes of a telephone ---- */

/* Appendix B of RFC 6238, SHA-1. */
static void totp_follows_the_rfc(void **state)
{
    (void)state;
    struct ctx c = begin(1, 1000);
    static const struct {
        long long at;
        const char *code;
    } vectors[] = {
        {59, "94287082"},         {1111111109, "07081804"}, {1111111111, "14050471"},
        {1234567890, "89005924"}, {2000000000, "69279037"}, {20000000000, "65353130"},
    };
    str secret = S("12345678901234567890");
    for (size_t i = 0; i < COUNT_OF(vectors); i++)
        CHECK_STR(totp_code(&c, secret, vectors[i].at, 8), str_from(vectors[i].code));
    CHECK_STR(totp_base32(&c, secret), S("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"));
    CHECK_STR(totp_uri(&c, secret, S("Aan jager"), S("a+b@c.nl")),
              S("otpauth://totp/Aan%20jager:a%2Bb@c.nl?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
                "&issuer=Aan%20jager"));
    arena_free(c.arena);
}

static void a_code_works_once_and_half_a_minute_around_now(void **state)
{
    (void)state;
    struct ctx c = begin(1, 1000);
    long long step = 0, now = 1700000010;
    str secret = totp_secret(c.arena), code = totp_code(&c, secret, now, 6);
    CHECK(!totp_check(&c, secret, code, now - 61, 0, &step));
    CHECK(totp_check(&c, secret, code, now - 30, 0, &step));
    CHECK(totp_check(&c, secret, code, now + 30, 0, &step));
    CHECK(!totp_check(&c, secret, code, now + 90, 0, &step));
    str spaced = str_fmt(c.arena, "%.3s %.3s", code.ptr, code.ptr + 3);
    CHECK(totp_check(&c, secret, spaced, now, 0, &step));
    CHECK_INT(step, now / TOTP_STEP_S);
    CHECK(!totp_check(&c, secret, code, now, step, &step));
    CHECK(!totp_check(&c, secret, S(""), now, 0, &step));
    CHECK(!totp_check(&c, secret, S("0000000"), now, 0, &step));
    arena_free(c.arena);
}

/* ---- what is handed out ---- */

static void codes_and_tokens_are_what_they_should_be(void **state)
{
    (void)state;
    struct ctx c = begin(1, 1000);
    str token = token_new(c.arena), code = token_code(c.arena), lost = token_recovery(c.arena);
    long long n;
    CHECK(token_is_sane(token));
    CHECK(!token_is_sane(str_slice(token, 1, token.len)));
    CHECK(!token_is_sane(S("../../../../../../../../../../../../../../../../../../../../../etc")));
    CHECK(!str_eq(token, token_new(c.arena)));
    CHECK(str_find(token_hash(c.arena, token), token) == STR_NONE);
    CHECK_INT(code.len, 6);
    CHECK(str_int(code, 0, 999999, &n));
    CHECK_INT(lost.len, 11);
    str typed = str_fmt(c.arena, " %.*s ", (int)lost.len, lost.ptr);
    CHECK_STR(token_recovery_plain(c.arena, typed), token_recovery_plain(c.arena, lost));
    str hash = token_code_hash(c.arena, c.auth, S("a"), code);
    CHECK_STR(token_code_hash(c.arena, c.auth, S("a"), code), hash);
    CHECK(!str_eq(token_code_hash(c.arena, c.auth, S("b"), code), hash));
    struct auth_options other = options(1, 1000);
    other.key[0] = 8;
    CHECK(!str_eq(token_code_hash(c.arena, auth_new(c.arena, &other), S("a"), code), hash));
    arena_free(c.arena);
}

static void what_is_sealed_is_read_with_the_same_key_only(void **state)
{
    (void)state;
    struct ctx c = begin(1, 1000);
    str plain = S("geheim"), again, sealed = crypto_seal(c.arena, c.auth->seal_key, plain);
    CHECK(str_find(sealed, plain) == STR_NONE);
    CHECK(crypto_unseal(c.arena, c.auth->seal_key, sealed, &again));
    CHECK_STR(again, plain);
    CHECK(!crypto_unseal(c.arena, c.auth->code_key, sealed, &again));
    char *changed = (char *)(uintptr_t)str_z(c.arena, sealed);
    changed[sealed.len - 1] = changed[sealed.len - 1] == '0' ? '1' : '0';
    CHECK(!crypto_unseal(c.arena, c.auth->seal_key, str_from(changed), &again));
    CHECK(!crypto_unseal(c.arena, c.auth->seal_key, S("geen hex"), &again));
    CHECK(!crypto_unseal(c.arena, c.auth->seal_key, S(""), &again));
    arena_free(c.arena);
}

static void the_key_is_made_once_and_kept(void **state)
{
    (void)state;
    struct ctx c = begin(1, 1000);
    unsigned char one[CRYPTO_KEY], two[CRYPTO_KEY];
    str folder = str_fmt(c.arena, "/tmp/aanjager-auth-%s", random_hex(c.arena, 8).ptr);
    str path = str_fmt(c.arena, "%s/secret.key", folder.ptr);
    CHECK_OK(&c, file_make_dirs(&c, folder));
    CHECK_OK(&c, auth_key(&c, S(""), path, one));
    CHECK_OK(&c, auth_key(&c, S(""), path, two));
    CHECK(memcmp(one, two, sizeof one) == 0);
    CHECK_OK(&c, auth_key(&c, random_hex(c.arena, CRYPTO_KEY), path, two));
    CHECK(memcmp(one, two, sizeof one) != 0);
    CHECK_INT(auth_key(&c, S("kort"), path, two), ERR_INVALID);
    CHECK_OK(&c, file_write(&c, path, S("stuk\n")));
    CHECK_INT(auth_key(&c, S(""), path, two), ERR_INVALID);
    CHECK_OK(&c, file_remove_tree(&c, folder));
    arena_free(c.arena);
}

/* ---- the brake ---- */

static void guessing_costs_more_and_more_time(void **state)
{
    (void)state;
    static const struct brake_rule rule = {"proef", 3, 10, 60, 1000};
    struct arena *a = arena_new();
    struct brake *b = brake_new(a);
    long long now = 1000;
    for (int i = 0; i < 3; i++) {
        CHECK_INT(brake_wait(b, &rule, S("x"), now), 0);
        brake_failed(b, &rule, S("x"), now);
    }
    CHECK_INT(brake_wait(b, &rule, S("x"), now), 0);
    brake_failed(b, &rule, S("x"), now);
    CHECK_INT(brake_wait(b, &rule, S("x"), now), 10);
    CHECK_INT(brake_wait(b, &rule, S("x"), now + 4), 6);
    CHECK_INT(brake_wait(b, &rule, S("x"), now + 10), 0);
    brake_failed(b, &rule, S("x"), now);
    CHECK_INT(brake_wait(b, &rule, S("x"), now), 20);
    for (int i = 0; i < 50; i++)
        brake_failed(b, &rule, S("x"), now);
    CHECK_INT(brake_wait(b, &rule, S("x"), now), 60);
    CHECK_INT(brake_wait(b, &rule, S("x"), now + 1000), 0);
    CHECK_INT(brake_wait(b, &rule, S("y"), now), 0);
    brake_release(b, &rule, S("x"));
    CHECK_INT(brake_wait(b, &rule, S("x"), now), 0);
    arena_free(a);
}

static void made_up_names_do_not_rub_out_ones_own(void **state)
{
    (void)state;
    static const struct brake_rule rule = {"proef", 1, 100, 1000, 10000};
    struct arena *a = arena_new();
    struct brake *b = brake_new(a);
    for (int i = 0; i < 5; i++)
        brake_failed(b, &rule, S("slachtoffer"), 1000);
    for (int i = 0; i < 100000; i++) {
        char name[32];
        (void)snprintf(name, sizeof name, "verzonnen-%d", i);
        brake_failed(b, &rule, str_from(name), 1001);
    }
    CHECK(brake_wait(b, &rule, S("slachtoffer"), 1001) > 700);
    arena_free(a);
}

TEST_MAIN(TEST(a_password_is_known_again_and_no_other),
          TEST(nobody_has_a_password_that_fits_nothing),
          TEST(of_64_at_once_four_hash_and_all_get_their_turn),
          TEST(who_waits_too_long_hears_that_it_is_busy),
          TEST(guesses_that_waited_in_line_are_looked_at_again),
          TEST(weak_passwords_are_refused_and_good_ones_are_not), TEST(totp_follows_the_rfc),
          TEST(a_code_works_once_and_half_a_minute_around_now),
          TEST(codes_and_tokens_are_what_they_should_be),
          TEST(what_is_sealed_is_read_with_the_same_key_only), TEST(the_key_is_made_once_and_kept),
          TEST(guessing_costs_more_and_more_time), TEST(made_up_names_do_not_rub_out_ones_own))
