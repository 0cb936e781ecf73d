/* Joining, signing in, the own account: as a visitor does it, on both databases. */
#include "people.h"

#include "audit/audit.h"
#include "auth/auth.h"
#include "auth/slots.h"
#include "auth/totp.h"
#include "base/clock.h"
#include "organisations/organisations_int.h"
#include "store.h"
#include "json/json.h"

static struct web *w;

static int begin(void **state)
{
    (void)state;
    w = web_begin();
    return 0;
}

static int end(void **state)
{
    (void)state;
    web_end(w);
    return 0;
}

static str location(const struct http_response *rs)
{
    return web_header(rs, "Location");
}

static struct http_response join(struct browser *b, const char *address)
{
    return BROWSER_POST(b, "/aanmelden", "naam", "Truus Jansen", "mailadres", address, "functie",
                        "Planoloog", "organisatie", "Gemeente Almelo");
}

static struct http_response sign_in(struct browser *b, const char *address, const char *password)
{
    return BROWSER_POST(b, "/inloggen", "mailadres", address, "wachtwoord", password);
}

static bool is_signed_in(struct browser *b)
{
    return browser_get(b, "/account").status == 200;
}

/* ---- joining ---- */

static void somebody_joins_and_the_link_may_be_opened_ten_times(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct browser *b = browser_new(w), *scanner = browser_new(w);
    struct http_response rs = join(b, "Truus@Almelo.nl");
    CHECK_INT(rs.status, 303);
    CHECK(str_starts(location(&rs), S("/bevestigen?aanvraag=")));
    people_run_jobs(w);
    CHECK_INT(people_mail_count(w, "truus@almelo.nl"), 1);
    str link = people_link(a, people_mail(w, a, "truus@almelo.nl"));
    CHECK(link.len > 0);
    for (int i = 0; i < 10; i++) {
        rs = browser_get(scanner, link.ptr);
        CHECK_INT(rs.status, 200);
        CHECK(web_has(&rs, "Bevestig uw e-mailadres"));
    }
    CHECK(!is_signed_in(scanner));
    rs = BROWSER_POST(b, link.ptr, "x", "y");
    CHECK_INT(rs.status, 303);
    CHECK_STR(location(&rs), S("/account/wachtwoord"));
    rs = browser_get(scanner, link.ptr);
    CHECK(web_has(&rs, "al bevestigd"));
    rs = BROWSER_POST(scanner, link.ptr, "x", "y");
    CHECK(web_has(&rs, "al bevestigd"));
    CHECK(!is_signed_in(scanner));
    rs = BROWSER_POST(b, "/account/wachtwoord", "nieuw", "kort");
    CHECK_INT(rs.status, 400);
    CHECK(web_has(&rs, "ten minste 12 tekens"));
    rs = BROWSER_POST(b, "/account/wachtwoord", "nieuw", PEOPLE_PASSWORD);
    CHECK_INT(rs.status, 303);
    rs = browser_get(b, "/account");
    CHECK(web_has(&rs, "truus@almelo.nl"));
    CHECK(web_has(&rs, "Gemeente Almelo"));
    browser_free(b);
    browser_free(scanner);
    arena_free(a);
}

static void the_code_does_the_same_and_five_wrong_ones_end_it(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct browser *b = browser_new(w);
    struct http_response rs = join(b, "code@almelo.nl");
    str reference =
        str_dup(a, str_slice(location(&rs), sizeof "/bevestigen?aanvraag=" - 1, SIZE_MAX));
    people_run_jobs(w);
    str code = people_code(people_mail(w, a, "code@almelo.nl"));
    CHECK_INT(code.len, 6);
    const char *right = str_z(a, code);
    const char *wrong = str_eqz(code, "123456") ? "654321" : "123456";
    for (int i = 0; i < 4; i++) {
        rs = BROWSER_POST(b, "/bevestigen", "aanvraag", reference.ptr, "code", wrong);
        CHECK_INT(rs.status, 400);
    }
    rs = BROWSER_POST(b, "/bevestigen", "aanvraag", reference.ptr, "code", right);
    CHECK_INT(rs.status, 303);
    CHECK(str_starts(location(&rs), S("/bevestigen/")));
    rs = browser_get(b, str_z(a, location(&rs)));
    CHECK(web_has(&rs, "Ja, dit is mijn adres"));
    rs = BROWSER_POST(b, "/bevestigen", "aanvraag", reference.ptr, "code", right);
    CHECK_INT(rs.status, 400); /* the sixth try */
    browser_free(b);
    arena_free(a);
}

static void what_is_missing_is_said_at_the_field_and_kept(void **state)
{
    (void)state;
    struct browser *b = browser_new(w);
    struct http_response rs = BROWSER_POST(b, "/aanmelden", "naam", "Truus", "mailadres",
                                           "geen adres", "marktpartij", "ja");
    CHECK_INT(rs.status, 400);
    CHECK(web_has(&rs, "href=\"#veld-mailadres\""));
    CHECK(web_has(&rs, "id=\"veld-functie-fout\""));
    CHECK(web_has(&rs, "Schrijf op welk belang u hebt."));
    CHECK(web_has(&rs, "value=\"geen adres\""));
    CHECK(web_has(&rs, " checked"));
    browser_free(b);
}

/* ---- organisations ---- */

static void verify_domain(const char *code, const char *domain)
{
    struct ctx c = people_ctx(w);
    const struct organisations *all;
    CHECK_OK(&c, organisations_load(&c, &all));
    const struct organisation *o = organisation_by_code(all, str_from(code));
    CHECK(o != NULL);
    CHECK_OK(&c, organisations_store_add_domain(&c, o, str_from(domain), S("Test")));
    people_ctx_end(&c);
}

static void a_confirmed_address_in_a_verified_domain_links_by_itself(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct browser *b = browser_new(w);
    verify_domain("GM0141", "almelo.example");
    struct http_response rs = join(b, "planoloog@almelo.example");
    people_run_jobs(w);
    str link = people_link(a, people_mail(w, a, "planoloog@almelo.example"));
    rs = BROWSER_POST(b, link.ptr, "x", "y");
    CHECK_INT(rs.status, 303);
    rs = browser_get(b, "/account");
    CHECK(web_has(&rs, "Gemeente Almelo, door het domein"));
    CHECK(web_has(&rs, "professional"));
    /* With another address the link ends; the address itself must be confirmed first. */
    rs = BROWSER_POST(b, "/account/wachtwoord", "nieuw", PEOPLE_PASSWORD);
    rs = BROWSER_POST(b, "/account/adres", "mailadres", "planoloog@elders.example", "wachtwoord",
                      PEOPLE_PASSWORD);
    CHECK_INT(rs.status, 303);
    rs = browser_get(b, "/account");
    CHECK(web_has(&rs, "door het domein"));
    people_run_jobs(w);
    link = people_link(a, people_mail(w, a, "planoloog@elders.example"));
    rs = BROWSER_POST(b, link.ptr, "x", "y");
    rs = browser_get(b, "/account");
    CHECK(!web_has(&rs, "door het domein"));
    CHECK(!web_has(&rs, "professional"));
    browser_free(b);
    arena_free(a);
}

/* ---- nobody learns who has an account ---- */

static void strip(struct arena *a, str *body, str address)
{
    size_t at;
    while ((at = str_find(*body, address)) != STR_NONE)
        *body = str_join(
            a, (str[]){str_slice(*body, 0, at), str_slice(*body, at + address.len, body->len)}, 2,
            S(""));
}

static void known_and_unknown_addresses_get_the_same_answer(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct browser *b = browser_new(w);
    people_add(w, "bekend@proef.nl", "Bekend", ROLE_MEMBER, (struct scope){0});
    static const char *const paths[] = {"/aanmelden", "/wachtwoord-vergeten"};
    for (size_t i = 0; i < COUNT_OF(paths); i++) {
        struct http_response known = i ? BROWSER_POST(b, paths[i], "mailadres", "bekend@proef.nl")
                                       : join(b, "bekend@proef.nl");
        CHECK_INT(known.status, 303);
        str where = str_dup(a, str_slice(location(&known), 0, 21));
        struct http_response unknown = i ? BROWSER_POST(b, paths[i], "mailadres", "vreemd@proef.nl")
                                         : join(b, "vreemd@proef.nl");
        CHECK_INT(unknown.status, 303);
        CHECK_STR(str_slice(location(&unknown), 0, 21), where);
    }
    struct http_response rs = sign_in(b, "bekend@proef.nl", "dit is helemaal verkeerd");
    int status = rs.status;
    str known = str_dup(a, web_body(&rs));
    rs = sign_in(b, "vreemd@proef.nl", "dit is helemaal verkeerd");
    str unknown = str_dup(a, web_body(&rs));
    CHECK_INT(rs.status, status);
    strip(a, &known, S("bekend@proef.nl"));
    strip(a, &unknown, S("vreemd@proef.nl"));
    CHECK_STR(unknown, known);
    people_run_jobs(w);
    str mail = people_mail(w, a, "bekend@proef.nl");
    CHECK(str_find(mail, S("nieuw wachtwoord")) != STR_NONE);
    CHECK_INT(people_mail_count(w, "bekend@proef.nl"), 2); /* "you have one", and the reset */
    CHECK_INT(people_mail_count(w, "vreemd@proef.nl"), 1); /* to confirm; no reset */
    browser_free(b);
    arena_free(a);
}

static int compare(const void *x, const void *y)
{
    long long a = *(const long long *)x, b = *(const long long *)y;
    return (a > b) - (a < b);
}

static long long one_us(struct browser *b, const char *path, const char *who, int number)
{
    char address[64];
    (void)snprintf(address, sizeof address, "%s%d@proef.nl", who, number);
    long long from = clock_monotonic_us();
    struct http_response rs =
        BROWSER_POST(b, path, "mailadres", address, "wachtwoord", "dit is helemaal verkeerd",
                     "naam", "Naam", "functie", "Functie", "organisatie", "Organisatie");
    long long took = clock_monotonic_us() - from;
    CHECK(rs.status == 303 || rs.status == 400);
    return took;
}

/* By turns, so that both meet the same machine; the quick quarter, which others disturb least; and
   several rounds: a machine that is busy with something else is not a leak. */
static bool takes_as_long(const char *path)
{
    enum { TIMES = 25 };
    long long known[TIMES], unknown[TIMES];
    struct browser *b = browser_new(w);
    bool same = false;
    for (int round = 0; round < 5 && !same; round++) {
        for (int i = 0; i < TIMES; i++) {
            known[i] = one_us(b, path, "gemeten", i);
            unknown[i] = one_us(b, path, "nergens", i);
        }
        qsort(known, TIMES, sizeof *known, compare);
        qsort(unknown, TIMES, sizeof *unknown, compare);
        long long x = known[TIMES / 4], y = unknown[TIMES / 4];
        print_message("# %s: known %lld us, unknown %lld us\n", path, x, y);
        same = 4 * (x > y ? x - y : y - x) <= (x > y ? x : y);
    }
    browser_free(b);
    return same;
}

static void known_and_unknown_addresses_take_as_long(void **state)
{
    (void)state;
    char address[64];
    for (int i = 0; i < 25; i++) {
        (void)snprintf(address, sizeof address, "gemeten%d@proef.nl", i);
        people_add(w, address, "Gemeten", ROLE_MEMBER, (struct scope){0});
    }
    CHECK(takes_as_long("/inloggen"));
    CHECK(takes_as_long("/wachtwoord-vergeten"));
    CHECK(takes_as_long("/aanmelden"));
}

/* ---- signing in ---- */

static void signing_in_gives_a_new_session_and_out_ends_it(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct browser *b = browser_new(w);
    people_add(w, "in@proef.nl", "Ingrid In", ROLE_MEMBER, (struct scope){0});
    CHECK(!is_signed_in(b));
    struct http_response rs =
        BROWSER_POST(b, "/inloggen", "mailadres", "IN@proef.nl ", "wachtwoord", PEOPLE_PASSWORD,
                     "naar", "/kennisbank?soort=werkwijze");
    CHECK_INT(rs.status, 303);
    CHECK_STR(location(&rs), S("/kennisbank?soort=werkwijze"));
    str first = browser_cookie(b, HTTP_SESSION);
    CHECK_INT(first.len, 64);
    CHECK(is_signed_in(b));
    rs = browser_get(b, "/");
    CHECK(web_has(&rs, "Ingrid In"));
    CHECK_STR(web_header(&rs, "Cache-Control"), S("no-store"));
    rs = web_get(w, "/");
    CHECK(web_has(&rs, "Inloggen"));
    CHECK(!web_has(&rs, "Ingrid In"));
    /* The same browser once more: another token, and the old one is of no use. */
    rs = sign_in(b, "in@proef.nl", PEOPLE_PASSWORD);
    CHECK(!str_eq(browser_cookie(b, HTTP_SESSION), first));
    str wire =
        str_fmt(a, "GET /account HTTP/1.1\r\nHost: localhost:8080\r\nCookie: %s=%.*s\r\n\r\n",
                HTTP_SESSION, (int)first.len, first.ptr);
    rs = web_send(w, wire);
    CHECK_INT(rs.status, 403);
    rs = BROWSER_POST(b, "/uitloggen", "x", "y");
    CHECK_INT(rs.status, 303);
    CHECK(!is_signed_in(b));
    browser_free(b);
    arena_free(a);
}

static void a_planted_session_is_worth_nothing(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    people_add(w, "plant@proef.nl", "Piet", ROLE_MEMBER, (struct scope){0});
    struct browser *b = browser_new(w), *thief = browser_new(w);
    const char *planted =
        "Cookie: aanjager=00000000000000000000000000000000000000000000000000000000000000aa\r\n";
    b->extra = planted;
    struct http_response rs = sign_in(b, "plant@proef.nl", PEOPLE_PASSWORD);
    CHECK_INT(rs.status, 303);
    thief->extra = planted;
    CHECK(!is_signed_in(thief));
    b->extra = NULL;
    CHECK(is_signed_in(b));
    browser_free(b);
    browser_free(thief);
    arena_free(a);
}

static void cookies_are_closed_and_over_https_of_this_host_only(void **state)
{
    (void)state;
    people_add(w, "koek@proef.nl", "Koek", ROLE_MEMBER, (struct scope){0});
    struct browser *b = browser_new(w);
    struct http_response rs = sign_in(b, "koek@proef.nl", PEOPLE_PASSWORD);
    size_t seen = 0;
    for (size_t i = 0; i < rs.headers.count; i++)
        if (str_eqz(rs.headers.items[i].name, "Set-Cookie")) {
            str v = rs.headers.items[i].value;
            CHECK(str_find(v, S("; Path=/; HttpOnly; SameSite=Lax")) != STR_NONE);
            seen++;
        }
    CHECK_INT(seen, 2);
    struct ctx c = people_ctx(w);
    struct http_request rq = {.secure = true};
    struct http_response out = {.status = 200};
    http_own_cookie_set(&c, &rq, &out, HTTP_SESSION, S("abc"), 60);
    CHECK_STR(out.headers.items[0].value,
              S("__Host-aanjager=abc; Path=/; HttpOnly; SameSite=Lax; Max-Age=60; Secure"));
    const struct http_header plain[] = {{S("Cookie"), S("aanjager=van-een-buur")}};
    rq.headers = plain;
    rq.header_count = 1;
    CHECK_STR(http_own_cookie(&rq, HTTP_SESSION), S(""));
    people_ctx_end(&c);
    browser_free(b);
}

static void one_is_led_to_pages_of_our_own_only(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "https://kwaad.nl/",     "//kwaad.nl", "/\\kwaad.nl", "javascript:x",
        "/a\r\nSet-Cookie: x=y", "",           "/inloggen",   "kwaad"};
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        CHECK_STR(accounts_target(str_from(bad[i])), S("/account"));
    CHECK_STR(accounts_target(S("/beheer/accounts?q=a%20b")), S("/beheer/accounts?q=a%20b"));
}

static void strangers_guess_slower_and_the_owner_gets_in(void **state)
{
    (void)state;
    people_add(w, "doelwit@proef.nl", "Doelwit", ROLE_MEMBER, (struct scope){0});
    struct browser *owner = browser_new(w), *stranger = browser_new(w);
    struct http_response rs = sign_in(owner, "doelwit@proef.nl", PEOPLE_PASSWORD);
    CHECK_INT(rs.status, 303);
    int refused = 0;
    for (int i = 0; i < 20; i++) {
        rs = sign_in(stranger, "doelwit@proef.nl", "een gok die niet klopt");
        refused += rs.status == 429;
    }
    CHECK_INT(refused, 14); /* five are free, the sixth begins to cost */
    CHECK(web_has(&rs, "Wachtwoord vergeten"));
    rs = sign_in(stranger, "doelwit@proef.nl", PEOPLE_PASSWORD);
    CHECK_INT(rs.status, 429);
    /* Where the owner signed in before, nobody else's guesses count. */
    rs = BROWSER_POST(owner, "/uitloggen", "x", "y");
    rs = sign_in(owner, "doelwit@proef.nl", PEOPLE_PASSWORD);
    CHECK_INT(rs.status, 303);
    /* And a stolen name of a browser is slowed down by itself. */
    refused = 0;
    for (int i = 0; i < 10; i++)
        refused += sign_in(owner, "doelwit@proef.nl", "nog een gok ernaast").status == 429;
    CHECK_INT(refused, 4);
    browser_free(owner);
    browser_free(stranger);
}

static void a_form_from_elsewhere_changes_nothing(void **state)
{
    (void)state;
    long long id = people_add(w, "csrf@proef.nl", "Carla", ROLE_MEMBER, (struct scope){0});
    struct browser *b = people_signed_in(w, id, false);
    struct arena *a = arena_new();
    str token = browser_cookie(b, HTTP_SESSION);
    static const char *const from[] = {"Origin: https://kwaad.nl", "Sec-Fetch-Site: cross-site",
                                       "Sec-Fetch-Site: same-site", "X-Niets: x"};
    for (size_t i = 0; i < COUNT_OF(from); i++) {
        struct http_response rs = web_send(
            w, str_fmt(a,
                       "POST /account/gegevens HTTP/1.1\r\nHost: localhost:8080\r\n%s\r\nCookie: "
                       "%s=%.*s\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                       "Content-Length: 9\r\n\r\nnaam=Boef",
                       from[i], HTTP_SESSION, (int)token.len, token.ptr));
        CHECK_INT(rs.status, 403);
    }
    struct http_response rs = browser_get(b, "/account");
    CHECK(web_has(&rs, "Carla"));
    browser_free(b);
    arena_free(a);
}

/* ---- a forgotten password ---- */

static void a_forgotten_password_ends_all_sessions(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    long long id = people_add(w, "vergeten@proef.nl", "Vera", ROLE_MEMBER, (struct scope){0});
    struct browser *old = people_signed_in(w, id, false), *b = browser_new(w);
    struct http_response rs =
        BROWSER_POST(b, "/wachtwoord-vergeten", "mailadres", "vergeten@proef.nl");
    CHECK_INT(rs.status, 303);
    people_run_jobs(w);
    str link = people_link(a, people_mail(w, a, "vergeten@proef.nl"));
    rs = browser_get(b, link.ptr);
    CHECK(web_has(&rs, "Kies een nieuw wachtwoord"));
    CHECK(is_signed_in(old));
    rs = BROWSER_POST(b, link.ptr, "wachtwoord", "vera-vera-vera-vera");
    CHECK_INT(rs.status, 400); /* the own name */
    rs = BROWSER_POST(b, link.ptr, "wachtwoord", "heel andere paarse wolken");
    CHECK_INT(rs.status, 303);
    CHECK(!is_signed_in(old));
    CHECK(!is_signed_in(b));
    rs = sign_in(b, "vergeten@proef.nl", PEOPLE_PASSWORD);
    CHECK_INT(rs.status, 400);
    rs = sign_in(b, "vergeten@proef.nl", "heel andere paarse wolken");
    CHECK_INT(rs.status, 303);
    rs = BROWSER_POST(b, link.ptr, "wachtwoord", "nog weer andere woorden");
    CHECK(web_has(&rs, "al gebruikt"));
    rs = browser_get(b, "/bevestigen/../../etc/passwd");
    CHECK(rs.status == 400 || rs.status == 404);
    rs = browser_get(b, "/bevestigen/onzin");
    CHECK_INT(rs.status, 404);
    browser_free(old);
    browser_free(b);
    arena_free(a);
}

static void nobody_floods_a_mailbox(void **state)
{
    (void)state;
    struct browser *b = browser_new(w);
    people_add(w, "vol@proef.nl", "Vol", ROLE_MEMBER, (struct scope){0});
    for (int i = 0; i < 8; i++)
        CHECK_INT(BROWSER_POST(b, "/wachtwoord-vergeten", "mailadres", "vol@proef.nl").status, 303);
    people_run_jobs(w);
    CHECK_INT(people_mail_count(w, "vol@proef.nl"), ACCOUNTS_MAX_SENT);
    browser_free(b);
}

/* ---- the second factor ---- */

/* The key as it stands on the page, under the picture. */
static str shown_secret(struct arena *a, const struct http_response *rs)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    str body = web_body(rs);
    size_t at = str_find(body, S("aj-scan__secret\"><code>"));
    CHECK(at != STR_NONE);
    body = str_slice(body, at + sizeof "aj-scan__secret\"><code>" - 1, body.len);
    body = str_slice(body, 0, str_find_byte(body, '<'));
    char *bytes = arena_alloc(a, TOTP_SECRET);
    size_t bits = 0, n = 0;
    unsigned value = 0;
    for (size_t i = 0; i < body.len && n < TOTP_SECRET; i++) {
        value = value << 5 | (unsigned)(strchr(letters, body.ptr[i]) - letters);
        bits += 5;
        if (bits >= 8) {
            bits -= 8;
            bytes[n++] = (char)(value >> bits & 0xFF);
        }
    }
    return str_of(bytes, n);
}

static str hidden(struct arena *a, const struct http_response *rs, const char *name)
{
    str begin = str_fmt(a, "name=\"%s\" value=\"", name), body = web_body(rs);
    size_t at = str_find(body, begin);
    CHECK(at != STR_NONE);
    body = str_slice(body, at + begin.len, body.len);
    return str_dup(a, str_slice(body, 0, str_find_byte(body, '"')));
}

static void an_admin_does_nothing_without_a_second_factor(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct ctx c = people_ctx(w);
    people_add(w, "baas@proef.nl", "Baas", ROLE_ADMIN, (struct scope){0});
    struct browser *b = browser_new(w);
    struct http_response rs = sign_in(b, "baas@proef.nl", PEOPLE_PASSWORD);
    CHECK_INT(rs.status, 303);
    rs = browser_get(b, "/beheer/accounts");
    CHECK_INT(rs.status, 403);
    CHECK(web_has(&rs, "/account/tweede-stap"));
    rs = browser_get(b, "/account/tweede-stap");
    CHECK_INT(rs.status, 200);
    CHECK(web_has(&rs, "<svg class=\"aj-qr\""));
    str secret = shown_secret(a, &rs), key = hidden(a, &rs, "sleutel");
    CHECK_INT(secret.len, TOTP_SECRET);
    long long now = clock_now();
    str code = totp_code(&c, secret, now, 6);
    rs = BROWSER_POST(b, "/account/tweede-stap", "sleutel", key.ptr, "code", "000000x");
    CHECK_INT(rs.status, 400);
    rs = BROWSER_POST(b, "/account/tweede-stap", "sleutel", key.ptr, "code", code.ptr);
    CHECK_INT(rs.status, 200);
    CHECK(web_has(&rs, "Bewaar uw herstelcodes"));
    size_t at = str_find(web_body(&rs), S("<li><code>"));
    str lost = str_dup(a, str_slice(web_body(&rs), at + 10, at + 21));
    CHECK_INT(browser_get(b, "/beheer/accounts").status, 200);
    /* In a new browser: password, then the code; the one that was used counts no more. */
    struct browser *other = browser_new(w);
    rs = sign_in(other, "baas@proef.nl", PEOPLE_PASSWORD);
    CHECK(str_starts(location(&rs), S("/inloggen/code")));
    CHECK(!is_signed_in(other));
    rs = BROWSER_POST(other, "/inloggen/code", "code", code.ptr);
    CHECK_INT(rs.status, 400);
    code = totp_code(&c, secret, now + TOTP_STEP_S, 6);
    rs = BROWSER_POST(other, "/inloggen/code", "code", code.ptr);
    CHECK_INT(rs.status, 303);
    CHECK_INT(browser_get(other, "/beheer/accounts").status, 200);
    /* The telephone is lost. */
    struct browser *third = browser_new(w);
    rs = sign_in(third, "baas@proef.nl", PEOPLE_PASSWORD);
    rs = BROWSER_POST(third, "/inloggen/code", "code", lost.ptr);
    CHECK_INT(rs.status, 303);
    CHECK_INT(browser_get(third, "/beheer/accounts").status, 200);
    rs = BROWSER_POST(third, "/uitloggen", "x", "y");
    rs = sign_in(third, "baas@proef.nl", PEOPLE_PASSWORD);
    rs = BROWSER_POST(third, "/inloggen/code", "code", lost.ptr);
    CHECK_INT(rs.status, 400); /* once */
    browser_free(b);
    browser_free(other);
    browser_free(third);
    people_ctx_end(&c);
    arena_free(a);
}

/* ---- the own account ---- */

static void own_sessions_are_listed_and_ended(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    long long id = people_add(w, "sessies@proef.nl", "Sessie", ROLE_MEMBER, (struct scope){0});
    long long stranger = people_add(w, "ander@proef.nl", "Ander", ROLE_MEMBER, (struct scope){0});
    struct browser *b = people_signed_in(w, id, false), *other = people_signed_in(w, id, false);
    struct browser *foreign = people_signed_in(w, stranger, false);
    struct http_response rs = browser_get(b, "/account/sessies");
    CHECK(web_has(&rs, "dit apparaat"));
    size_t at = str_find(web_body(&rs), S("/account/sessies/"));
    CHECK(at != STR_NONE);
    str path = str_slice(web_body(&rs), at, at + 100);
    path = str_dup(a, str_slice(path, 0, str_find_byte(path, '"')));
    rs = BROWSER_POST(foreign, path.ptr, "x", "y"); /* not his to end */
    CHECK(is_signed_in(other));
    rs = BROWSER_POST(b, path.ptr, "x", "y");
    CHECK_INT(rs.status, 303);
    CHECK(!is_signed_in(other));
    CHECK(is_signed_in(b));
    CHECK(is_signed_in(foreign));
    browser_free(b);
    browser_free(other);
    browser_free(foreign);
    arena_free(a);
}

static void an_address_changes_when_the_new_one_is_confirmed(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    long long id = people_add(w, "oud@proef.nl", "Otto", ROLE_MEMBER, (struct scope){0});
    struct browser *b = people_signed_in(w, id, false);
    struct http_response rs = BROWSER_POST(b, "/account/adres", "mailadres", "nieuw@proef.nl",
                                           "wachtwoord", "verkeerd wachtwoord");
    CHECK_INT(rs.status, 400);
    rs = BROWSER_POST(b, "/account/adres", "mailadres", "nieuw@proef.nl", "wachtwoord",
                      PEOPLE_PASSWORD);
    CHECK_INT(rs.status, 303);
    people_run_jobs(w);
    CHECK_INT(people_mail_count(w, "oud@proef.nl"), 1);
    rs = browser_get(b, "/account");
    CHECK(web_has(&rs, "oud@proef.nl"));
    str link = people_link(a, people_mail(w, a, "nieuw@proef.nl"));
    rs = BROWSER_POST(b, link.ptr, "x", "y");
    CHECK_INT(rs.status, 200);
    rs = browser_get(b, "/account");
    CHECK(web_has(&rs, "nieuw@proef.nl"));
    browser_free(b);
    arena_free(a);
}

static void own_data_leave_as_json_and_then_are_gone(void **state)
{
    (void)state;
    const struct json_value *v;
    long long id = people_add(w, "weg@proef.nl", "Wegwezen", ROLE_EXPERT, (struct scope){0});
    struct browser *b = people_signed_in(w, id, false);
    struct http_response rs = browser_get(b, "/account/export");
    struct ctx c = people_ctx(w);
    CHECK_OK(&c, json_parse(&c, web_body(&rs), 10, &v));
    CHECK_STR(json_as_str(json_get(v, "naam")), S("Wegwezen"));
    CHECK_STR(json_as_str(json_get(json_at(json_get(v, "rollen"), 0), "rol")), S("expert"));
    CHECK(str_find(web_body(&rs), S("argon2")) == STR_NONE);
    rs = BROWSER_POST(b, "/account/verwijderen", "wachtwoord", "verkeerd wachtwoord");
    CHECK_INT(rs.status, 400);
    rs = BROWSER_POST(b, "/account/verwijderen", "wachtwoord", PEOPLE_PASSWORD);
    CHECK_INT(rs.status, 303);
    CHECK(!is_signed_in(b));
    struct account a;
    CHECK_OK(&c, accounts_store_find(&c, id, &a));
    CHECK_INT(a.state, ACCOUNT_ERASED);
    CHECK_STR(a.name, S("Verwijderd account"));
    CHECK_INT(a.address.len + a.organisation.len + a.password.len, 0);
    rs = sign_in(b, "weg@proef.nl", PEOPLE_PASSWORD);
    CHECK_INT(rs.status, 400);
    people_add(w, "weg@proef.nl", "Terug", ROLE_MEMBER,
               (struct scope){0}); /* the address is free */
    people_ctx_end(&c);
    browser_free(b);
}

/* ---- the audit log ---- */

static void what_happens_is_noted_without_secrets(void **state)
{
    (void)state;
    struct ctx c = people_ctx(w);
    struct audit_head before, after;
    struct audit_row *rows;
    size_t count;
    long long seen;
    long long id = people_add(w, "log@proef.nl", "Lodewijk Log", ROLE_MEMBER, (struct scope){0});
    CHECK_OK(&c, audit_verify(&c, NULL, &before, &seen));
    struct browser *b = browser_new(w);
    CHECK_INT(sign_in(b, "log@proef.nl", PEOPLE_PASSWORD).status, 303);
    struct http_response rs = BROWSER_POST(b, "/account/gegevens", "naam", "Lodewijk", "functie",
                                           "Logger", "organisatie", "Archief");
    CHECK_INT(rs.status, 303);
    rs = BROWSER_POST(b, "/account/wachtwoord", "wachtwoord", PEOPLE_PASSWORD, "nieuw",
                      "vijf heel andere gele kranen");
    CHECK_INT(rs.status, 303);
    CHECK_OK(&c, audit_rows(&c, before.number, 10, &rows, &count));
    static const char *const verbs[] = {"account.sign_in", "account.profile_changed",
                                        "account.password_changed"};
    CHECK_INT(count, COUNT_OF(verbs));
    for (size_t i = 0; i < count; i++) {
        CHECK_STR(rows[i].verb, str_from(verbs[i]));
        CHECK_INT(rows[i].object_id, id);
        CHECK_INT(rows[i].account, id);
        CHECK(str_find(rows[i].details, S("kranen")) == STR_NONE);
        CHECK(str_find(rows[i].details, S("nijlpaarden")) == STR_NONE);
    }
    CHECK_STR(rows[1].who, S("Lodewijk Log"));
    CHECK_OK(&c, audit_verify(&c, &before, &after, &seen));
    people_ctx_end(&c);
    browser_free(b);
}

/* ---- retention ---- */

static void what_is_not_needed_any_more_goes_with_a_report(void **state)
{
    (void)state;
    struct ctx c = people_ctx(w);
    struct retention *reports;
    size_t count;
    struct account a;
    long long id = people_add(w, "slaper@proef.nl", "Slaper", ROLE_MEMBER, (struct scope){0});
    long long now = clock_now(), long_ago = now - ACCOUNTS_UNUSED_S - DAY;
    CHECK_OK(&c, accounts_store_session_seen(&c, 0, id, long_ago));
    CHECK_OK(&c, accounts_retention_job(&c, S("")));
    CHECK_OK(&c, accounts_store_find(&c, id, &a));
    CHECK(a.warned_at > 0);
    CHECK_INT(people_mail_count(w, "slaper@proef.nl"), 1);
    CHECK_OK(&c, accounts_retention_job(&c, S("")));
    CHECK_INT(people_mail_count(w, "slaper@proef.nl"), 1);
    CHECK_OK(&c, accounts_store_warned(&c, id, now - ACCOUNTS_NOTICE_S - DAY));
    CHECK_OK(&c, accounts_retention_job(&c, S("")));
    CHECK_OK(&c, accounts_store_find(&c, id, &a));
    CHECK_INT(a.state, ACCOUNT_ERASED);
    CHECK_OK(&c, accounts_store_retentions(&c, &reports, &count));
    CHECK(count >= 2);
    CHECK_INT(reports[0].erased, 1);
    people_ctx_end(&c);
}

/* ---- the first admin ---- */

static void the_first_admin_is_made_once(void **state)
{
    (void)state;
    struct web *fresh = web_begin();
    struct arena *a = arena_new();
    struct ctx c = people_ctx(fresh);
    str url, older;
    CHECK_OK(&c, accounts_first_admin(&c, &older));
    CHECK_OK(&c, accounts_first_admin(&c, &url));
    struct browser *b = browser_new(fresh);
    str link = people_link(a, url), old_link = people_link(a, older);
    CHECK_INT(browser_get(b, old_link.ptr).status, 404);
    struct http_response rs = browser_get(b, link.ptr);
    CHECK(web_has(&rs, "eerste beheerder"));
    rs = BROWSER_POST(b, link.ptr, "naam", "Noor", "mailadres", "noor@proef.nl", "wachtwoord",
                      PEOPLE_PASSWORD);
    CHECK_INT(rs.status, 303);
    rs = BROWSER_POST(b, link.ptr, "naam", "Boef", "mailadres", "boef@proef.nl", "wachtwoord",
                      PEOPLE_PASSWORD);
    CHECK(web_has(&rs, "al gebruikt"));
    CHECK_OK(&c, accounts_first_admin(&c, &url));
    CHECK_INT(url.len, 0);
    browser_free(b);
    people_ctx_end(&c);
    web_end(fresh);
    arena_free(a);
}

/* ---- many at once ---- */

enum { CROWD = 64 };
struct crowd {
    int status[CROWD];
    char token[CROWD][65];
};

static void one_signs_in(int number, void *arg)
{
    struct crowd *crowd = arg;
    struct http_response rs;
    struct ctx c = w->app.ctx;
    c.arena = arena_new();
    str body =
        str_fmt(c.arena, "mailadres=menigte%d%%40proef.nl&wachtwoord=%s", number,
                number % 4 == 3 ? "een+gok+die+niet+klopt" : "vier+losse+groene+nijlpaarden");
    str wire = str_fmt(c.arena,
                       "POST /inloggen HTTP/1.1\r\nHost: localhost:8080\r\nSec-Fetch-Site: "
                       "same-origin\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                       "Content-Length: %zu\r\n\r\n%s",
                       body.len, body.ptr);
    http_memory(w->server, &c, wire, &rs);
    crowd->status[number] = rs.status;
    for (size_t i = 0; i < rs.headers.count; i++)
        if (str_starts(rs.headers.items[i].value, S("aanjager=")))
            memcpy(crowd->token[number], rs.headers.items[i].value.ptr + 9, 64);
    arena_free(c.arena);
}

static void check_is(const char *token, const char *name)
{
    struct arena *a = arena_new();
    struct http_response rs = web_send(
        w,
        str_fmt(a, "GET /account HTTP/1.1\r\nHost: localhost:8080\r\nCookie: aanjager=%s\r\n\r\n",
                token));
    CHECK_INT(rs.status, 200);
    CHECK(web_has(&rs, name));
    arena_free(a);
}

static void sixty_four_sign_in_at_once_each_as_himself(void **state)
{
    (void)state;
    static struct crowd crowd;
    char address[64], name[64];
    for (int i = 0; i < CROWD; i++) {
        (void)snprintf(address, sizeof address, "menigte%d@proef.nl", i);
        (void)snprintf(name, sizeof name, "Menigte nummer %d.", i);
        people_add(w, address, name, ROLE_MEMBER, (struct scope){0});
    }
    store_threads(CROWD, one_signs_in, &crowd);
    CHECK(slots_most_used(w->app.ctx.auth->slots) <= 4);
    for (int i = 0; i < CROWD; i++) {
        bool right = i % 4 != 3;
        CHECK_INT(crowd.status[i], right ? 303 : 400);
        CHECK_INT(strlen(crowd.token[i]), right ? 64 : 0);
        (void)snprintf(name, sizeof name, "Menigte nummer %d.", i);
        if (right)
            check_is(crowd.token[i], name);
    }
}

TEST_MAIN_WITH(
    begin, end, TEST(somebody_joins_and_the_link_may_be_opened_ten_times),
    TEST(the_code_does_the_same_and_five_wrong_ones_end_it),
    TEST(what_is_missing_is_said_at_the_field_and_kept),
    TEST(a_confirmed_address_in_a_verified_domain_links_by_itself),
    TEST(known_and_unknown_addresses_get_the_same_answer),
    TEST(known_and_unknown_addresses_take_as_long),
    TEST(signing_in_gives_a_new_session_and_out_ends_it), TEST(a_planted_session_is_worth_nothing),
    TEST(cookies_are_closed_and_over_https_of_this_host_only),
    TEST(one_is_led_to_pages_of_our_own_only), TEST(strangers_guess_slower_and_the_owner_gets_in),
    TEST(a_form_from_elsewhere_changes_nothing), TEST(a_forgotten_password_ends_all_sessions),
    TEST(nobody_floods_a_mailbox), TEST(an_admin_does_nothing_without_a_second_factor),
    TEST(own_sessions_are_listed_and_ended), TEST(an_address_changes_when_the_new_one_is_confirmed),
    TEST(own_data_leave_as_json_and_then_are_gone), TEST(what_happens_is_noted_without_secrets),
    TEST(what_is_not_needed_any_more_goes_with_a_report), TEST(the_first_admin_is_made_once),
    TEST(sixty_four_sign_in_at_once_each_as_himself))
