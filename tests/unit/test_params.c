#include "http_demo.h"

static struct ctx c;
static struct http_server *server;

static int set_up(void **state)
{
    (void)state;
    c = (struct ctx){.arena = arena_new()};
    server = demo_server(&c);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_free(c.arena);
    return 0;
}

static str get(const char *target, int status)
{
    struct http_response rs;
    str wire = str_fmt(c.arena, "GET %s HTTP/1.1\r\nHost: x\r\n\r\n", target);
    http_memory(server, &c, wire, &rs);
    CHECK_INT(rs.status, status);
    return demo_body(&rs);
}

static str post(const char *target, str form, int status)
{
    struct http_response rs;
    str head =
        str_fmt(c.arena,
                "POST %s HTTP/1.1\r\nHost: x\r\nSec-Fetch-Site: same-origin\r\nContent-Type: "
                "application/x-www-form-urlencoded\r\nContent-Length: %zu\r\n\r\n",
                target, form.len);
    http_memory(server, &c, str_join(c.arena, (str[]){head, form}, 2, S("")), &rs);
    CHECK_INT(rs.status, status);
    return demo_body(&rs);
}

static void values_arrive_typed(void **state)
{
    (void)state;
    CHECK_STR(post("/kennisbank/a-b", S("title=+Een+titel+&year=2026&tags=a&tags=B2&agree="), 200),
              S("year=2026 agree=1 tags=2 title=Een titel note="));
    CHECK_STR(post("/kennisbank/a-b", S("title=abc&year=&tags=&unknown=1"), 200),
              S("year=-1 agree=0 tags=0 title=abc note="));
    CHECK_STR(get("/zoeken?q=bouw%20plan+nu&page=7", 200), S("q=bouw plan nu page=7"));
    CHECK_STR(get("/zoeken", 200), S("q= page=1"));
    CHECK_STR(get("/zoeken?q=&page=", 200), S("q= page=1"));
}

static void lines_become_newlines(void **state)
{
    (void)state;
    str words =
        post("/kennisbank/a", S("title=abc&note=%0D%0Aeen%0D%0Atwee%0Ddrie%0Avier%09x%0A"), 200);
    CHECK(str_ends(words, S("note=een\ntwee\ndrie\nvier\tx")));
}

static void text_lengths_are_characters(void **state)
{
    (void)state;
    (void)post("/kennisbank/a", S("title=%C3%A9%C3%A9%C3%A9"), 200);
    CHECK(str_has(post("/kennisbank/a", S("title=%C3%A9%C3%A9"), 400),
                  "Het veld “Titel” is te kort. Gebruik minstens 3 tekens."));
    (void)post("/kennisbank/a", S("title=abcdefghijklmnopqrst"), 200);
    CHECK(str_has(post("/kennisbank/a", S("title=abcdefghijklmnopqrstu"), 400),
                  "Het veld “Titel” is te lang. Gebruik hoogstens 20 tekens."));
}

static void errors_name_the_field_and_what_to_do(void **state)
{
    (void)state;
    CHECK(str_has(post("/kennisbank/a", S(""), 400), "Het veld “Titel” is leeg. Vul het in."));
    CHECK(str_has(post("/kennisbank/a", S("title=+%0A+"), 400), "“Titel” is leeg"));
    CHECK(str_has(post("/kennisbank/a", S("title=ab%0Acd"), 400), "Typ de tekst opnieuw."));
    CHECK(str_has(post("/kennisbank/a", S("title=ab%C2%85cd"), 400), "Typ de tekst opnieuw."));
    CHECK(str_has(post("/kennisbank/a", S("title=abc&note=a%1Bb"), 400), "“Toelichting” bevat"));
    CHECK(str_has(post("/kennisbank/a", S("title=abc&title=def"), 400), "meer dan een keer"));
    static const char *const years[] = {
        "1989", "2101", "abc", "20x", "1e3", "2000.5", "99999999999999999999"};
    for (size_t i = 0; i < COUNT_OF(years); i++)
        CHECK(str_has(post("/kennisbank/a", str_fmt(c.arena, "title=abc&year=%s", years[i]), 400),
                      "Het veld “Jaar” klopt niet. Vul een heel getal in van 1990 tot en met "
                      "2100."));
    CHECK(str_has(post("/kennisbank/a", S("title=abc&tags=a&tags=b&tags=c&tags=d"), 400),
                  "“Onderwerpen” heeft te veel keuzes. Kies er hoogstens 3."));
    CHECK(str_has(post("/kennisbank/a", S("title=abc&tags=a%20b"), 400), "Kies opnieuw"));
}

static void all_errors_are_collected(void **state)
{
    (void)state;
    str words = post("/kennisbank/a", S("title=&year=x&tags=%26"), 400);
    CHECK(str_has(words, "“Titel”") && str_has(words, "“Jaar”") && str_has(words, "“Onderwerpen”"));
}

static void a_bad_segment_is_not_found(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "/kennisbank/A",    "/kennisbank/a_b",       "/kennisbank/-a",     "/kennisbank/a-",
        "/kennisbank/a--b", "/kennisbank/a%20b",     "/kennisbank/%C3%A9", "/api/v1/dingen/0",
        "/api/v1/dingen/x", "/api/v1/dingen/1000001"};
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        (void)get(bad[i], 404);
    char wire[200] = "/kennisbank/";
    memset(wire + 12, 'a', 101);
    (void)get(wire, 404);
    wire[12 + 100] = '\0';
    (void)get(wire, 200);
    CHECK_STR(get("/api/v1/dingen/1000000", 200), S("{\"id\":1000000}"));
}

#define BODY(file)                                                                                 \
    "--q\r\nContent-Disposition: form-data; name=\"bestand\"; filename=\"a.txt\"\r\n\r\n" file     \
    "\r\n--q--\r\n"

static str upload(str body, int status)
{
    struct http_response rs;
    str head = str_fmt(c.arena,
                       "POST /upload HTTP/1.1\r\nHost: x\r\nSec-Fetch-Site: same-origin\r\n"
                       "Content-Type: multipart/form-data; boundary=q\r\nContent-Length: "
                       "%zu\r\n\r\n",
                       body.len);
    http_memory(server, &c, str_join(c.arena, (str[]){head, body}, 2, S("")), &rs);
    CHECK_INT(rs.status, status);
    return demo_body(&rs);
}

static void files(void **state)
{
    (void)state;
    CHECK_STR(upload(S(BODY("een\0twee")), 200), S("bytes=8"));
    CHECK(str_has(upload(S(BODY("")), 400), "Het veld “Bijlage” is leeg. Kies een bestand."));
    CHECK(str_has(upload(S("--q--"), 400), "Kies een bestand."));
    /* A text with the name of the file is no file. */
    CHECK(str_has(upload(S("--q\r\nContent-Disposition: form-data; name=\"bestand\"\r\n\r\nx\r\n"
                           "--q--"),
                         400),
                  "Kies een bestand."));
    char large[2049];
    memset(large, 'x', sizeof large);
    str parts[] = {S("--q\r\nContent-Disposition: form-data; name=\"bestand\"; "
                     "filename=\"a.txt\"\r\n\r\n"),
                   str_of(large, sizeof large), S("\r\n--q--")};
    CHECK(str_has(upload(str_join(c.arena, parts, 3, S("")), 400), "hoogstens 2 kB"));
    parts[1].len--;
    CHECK_STR(upload(str_join(c.arena, parts, 3, S("")), 200), S("bytes=2048"));
    CHECK(str_has(upload(S("--q\r\nbroken"), 400), "Wij konden het formulier niet lezen."));
}

#define T(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

TEST_MAIN(T(values_arrive_typed), T(lines_become_newlines), T(text_lengths_are_characters),
          T(errors_name_the_field_and_what_to_do), T(all_errors_are_collected),
          T(a_bad_segment_is_not_found), T(files))
