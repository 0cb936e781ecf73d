/* What is done with a finished answer: compressed, kept for the next visitor, counted against an
   address. */
#include <stdlib.h>
#include <zlib.h>

#include "http/http_int.h"
#include "http_demo.h"

/* ---- compression ---- */

static void the_best_coding_is_chosen(void **state)
{
    (void)state;
    CHECK_INT(http_coding_choose(S("")), HTTP_IDENTITY);
    CHECK_INT(http_coding_choose(S("gzip, deflate, br, zstd")), HTTP_BROTLI);
    CHECK_INT(http_coding_choose(S("gzip")), HTTP_GZIP);
    CHECK_INT(http_coding_choose(S("br;q=0.5, gzip;q=0.8")), HTTP_GZIP);
    CHECK_INT(http_coding_choose(S("br;q=0, gzip")), HTTP_GZIP);
    CHECK_INT(http_coding_choose(S("br;q=0,gzip;q=0.000")), HTTP_IDENTITY);
    CHECK_INT(http_coding_choose(S(" BR ; Q=1 ")), HTTP_BROTLI);
    CHECK_INT(http_coding_choose(S("brotli, gzipped, *")), HTTP_IDENTITY);
    CHECK_INT(http_coding_choose(S(",,;;q=,;q=x,br;q=abc")), HTTP_BROTLI);
    CHECK_INT(http_coding_choose(S("a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,br")), HTTP_IDENTITY);
}

static str unzip(struct arena *a, str small, size_t room)
{
    z_stream z = {0};
    unsigned char *out = arena_alloc(a, room);
    CHECK_INT(inflateInit2(&z, 15 + 16), Z_OK);
    z.next_in = (Bytef *)(uintptr_t)small.ptr;
    z.avail_in = (uInt)small.len;
    z.next_out = out;
    z.avail_out = (uInt)room;
    CHECK_INT(inflate(&z, Z_FINISH), Z_STREAM_END);
    str got = str_of((const char *)out, z.total_out);
    CHECK_INT(inflateEnd(&z), Z_OK);
    return got;
}

static str long_text(struct arena *a)
{
    struct buf b;
    buf_init(&b, a, 100000);
    for (int i = 0; i < 1000; i++)
        buf_fmt(&b, "<li>woning %d</li>\n", i);
    return buf_str(&b);
}

static void gzip_gives_the_same_bytes_back(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    str text = long_text(a), small, brotli;
    for (int thorough = 0; thorough < 2; thorough++) {
        CHECK(http_compress(a, HTTP_GZIP, text, thorough, &small));
        CHECK(small.len < text.len / 3);
        CHECK_STR(unzip(a, small, text.len + 1), text);
        CHECK(http_compress(a, HTTP_BROTLI, text, thorough, &brotli));
        CHECK(brotli.len < small.len);
    }
    CHECK(!http_compress(a, HTTP_BROTLI, S("short"), true, &small));
    CHECK(!http_compress(a, HTTP_IDENTITY, text, true, &small));
    arena_free(a);
}

/* ---- over the whole way ---- */

static long long stamp;

static long long stamp_now(const struct ctx *c)
{
    (void)c;
    return stamp;
}

static int made; /* times that the page was made */

static int page(struct ctx *c, const struct http_request *rq, struct http_response *rs)
{
    made++;
    buf_add(&rs->body, long_text(c->arena));
    buf_fmt(&rs->body, "made %d q=", made);
    buf_add(&rs->body, http_text(rq, "q"));
    return 0;
}

static int picture(struct ctx *c, const struct http_request *rq, struct http_response *rs)
{
    (void)rq;
    rs->content_type = "image/png";
    buf_add(&rs->body, long_text(c->arena));
    return 0;
}

static int broken(struct ctx *c, const struct http_request *rq, struct http_response *rs)
{
    (void)rq;
    (void)rs;
    made++;
    return err_set(c, ERR_BUSY, "De database is even weg. Probeer het zo opnieuw.");
}

static const struct http_param page_params[] = {
    {"q", PARAM_TEXT, .max = 50, .optional = true, .help = "Woorden"}, {0}};
static const struct http_route page_routes[] = {
    {HTTP_GET, "/pagina", page, DEMO_PUBLIC, page_params, .help = "A page.", .cached = true},
    {HTTP_GET, "/vers", page, DEMO_PUBLIC, page_params, .help = "Never kept."},
    {HTTP_GET, "/zoek", page, DEMO_PUBLIC, page_params, .help = "Dear.", .cost = HTTP_COST_SEARCH},
    {HTTP_GET, "/gratis", page, DEMO_PUBLIC, page_params, .help = "Free.", .cost = HTTP_COST_FREE},
    {HTTP_GET, "/plaatje", picture, DEMO_PUBLIC, NULL, .help = "A picture.", .cached = true},
    {HTTP_GET, "/stuk", broken, DEMO_PUBLIC, NULL, .help = "Fails.", .cached = true},
    {HTTP_GET, "/geheim", page, DEMO_SECRET, page_params, .help = "Not for you.", .cached = true},
    {HTTP_GET, "/api/v1/ding", page, DEMO_PUBLIC, page_params, .help = "A thing.", .api = true},
};
static const struct http_table page_table = {page_routes, COUNT_OF(page_routes)};

struct fixture {
    struct ctx c; /* of the server */
    struct http_server *server;
    struct arena *page;
};

static struct fixture begin(size_t cache, int per_minute)
{
    struct fixture f = {.c = {.arena = arena_new()}, .page = arena_new()};
    struct http_server_options options = demo_options();
    options.tables = &page_table;
    options.table_count = 1;
    options.limits.max_response = 256 * 1024;
    options.limits.cache = cache;
    options.limits.per_minute = per_minute;
    options.hooks.content_stamp = stamp_now;
    options.trusted_proxies = S("127.0.0.1");
    f.server = demo_server_of(&f.c, &options);
    made = 0;
    stamp = 1;
    return f;
}

static void end(struct fixture *f)
{
    arena_free(f->page);
    arena_free(f->c.arena);
}

static struct http_response get(struct fixture *f, const char *path, const char *headers)
{
    struct http_response rs;
    arena_reset(f->page);
    struct ctx c = {.arena = f->page};
    str wire = str_fmt(f->page, "GET %s HTTP/1.1\r\nHost: x\r\n%s\r\n", path, headers);
    http_memory(f->server, &c, wire, &rs);
    return rs;
}

static void a_page_is_made_once_until_something_changes(void **state)
{
    (void)state;
    struct fixture f = begin(1024 * 1024, 0);
    struct http_response rs = get(&f, "/pagina?q=a", "");
    CHECK(str_ends(demo_body(&rs), S("made 1 q=a")));
    rs = get(&f, "/pagina?q=a", "");
    CHECK(str_ends(demo_body(&rs), S("made 1 q=a")));
    CHECK_STR(demo_header_of(&rs, "Cache-Control"), S("no-cache"));
    CHECK(demo_header_of(&rs, "Content-Security-Policy").len > 0);
    rs = get(&f, "/pagina?q=b", "");
    CHECK(str_ends(demo_body(&rs), S("made 2 q=b")));
    stamp = 2;
    rs = get(&f, "/pagina?q=a", "");
    CHECK(str_ends(demo_body(&rs), S("made 3 q=a")));
    CHECK_INT((long long)http_server_cache(f.server).hits, 1);
    end(&f);
}

static void kept_pages_carry_a_tag_and_answer_304(void **state)
{
    (void)state;
    struct fixture f = begin(1024 * 1024, 0);
    for (int i = 0; i < 2; i++) { /* made, then kept */
        struct http_response rs = get(&f, "/pagina", "Accept-Encoding: gzip\r\n");
        str tag = demo_header_of(&rs, "ETag");
        CHECK(str_ends(tag, S("-gz\"")));
        char header[200];
        (void)snprintf(header, sizeof header, "Accept-Encoding: gzip\r\nIf-None-Match: %.*s\r\n",
                       (int)tag.len, tag.ptr);
        rs = get(&f, "/pagina", header);
        CHECK_INT(rs.status, 304);
        CHECK_INT((long long)demo_body(&rs).len, 0);
        CHECK_STR(demo_header_of(&rs, "Content-Encoding"), S(""));
        CHECK_STR(demo_header_of(&rs, "Vary"), S("Accept-Encoding"));
        CHECK(demo_header_of(&rs, "ETag").len > 0);
    }
    CHECK_INT(made, 1);
    end(&f);
}

static void each_coding_is_kept_apart(void **state)
{
    (void)state;
    struct fixture f = begin(1024 * 1024, 0);
    struct http_response rs = get(&f, "/pagina", "Accept-Encoding: gzip\r\n");
    CHECK_STR(demo_header_of(&rs, "Content-Encoding"), S("gzip"));
    CHECK(str_ends(unzip(f.page, demo_body(&rs), 200000), S("made 1 q=")));
    rs = get(&f, "/pagina", "");
    CHECK_STR(demo_header_of(&rs, "Content-Encoding"), S(""));
    CHECK(str_ends(demo_body(&rs), S("made 2 q=")));
    rs = get(&f, "/pagina", "Accept-Encoding: br\r\n");
    CHECK_STR(demo_header_of(&rs, "Content-Encoding"), S("br"));
    rs = get(&f, "/pagina", "Accept-Encoding: gzip\r\n");
    CHECK(str_ends(unzip(f.page, demo_body(&rs), 200000), S("made 1 q=")));
    rs = get(&f, "/plaatje", "Accept-Encoding: gzip\r\n");
    CHECK_STR(demo_header_of(&rs, "Content-Encoding"), S(""));
    CHECK_STR(demo_header_of(&rs, "Vary"), S(""));
    end(&f);
}

/* Or one visitor would choose what the next one sees. */
static void the_body_of_a_get_changes_nothing(void **state)
{
    (void)state;
    struct fixture f = begin(1024 * 1024, 0);
    struct ctx c = {.arena = f.page};
    struct http_response rs;
    http_memory(f.server, &c,
                S("GET /pagina HTTP/1.1\r\nHost: x\r\n"
                  "Content-Type: application/x-www-form-urlencoded\r\n"
                  "Content-Length: 6\r\n\r\nq=boos"),
                &rs);
    CHECK_INT(rs.status, 200);
    CHECK(str_ends(demo_body(&rs), S("made 1 q=")));
    rs = get(&f, "/pagina", "");
    CHECK(str_ends(demo_body(&rs), S("made 1 q=")));
    end(&f);
}

static void nothing_personal_failed_or_forbidden_is_kept(void **state)
{
    (void)state;
    struct fixture f = begin(1024 * 1024, 0);
    (void)get(&f, "/pagina", "Cookie: sessie=1\r\n");
    (void)get(&f, "/pagina", "Authorization: Bearer x\r\n");
    (void)get(&f, "/vers", "");
    (void)get(&f, "/vers", "");
    CHECK_INT(made, 4);
    (void)get(&f, "/stuk", "");
    CHECK_INT(get(&f, "/stuk", "").status, 503);
    CHECK_INT(made, 6);
    (void)get(&f, "/geheim", "");
    CHECK_INT(get(&f, "/geheim", "").status, 403);
    CHECK_INT((long long)http_server_cache(f.server).bytes, 0);
    end(&f);
}

static void the_cache_stays_within_its_bounds(void **state)
{
    (void)state;
    struct fixture f = begin(800 * 1024, 0); /* of which a quarter for some ten of 19 kB */
    for (int i = 0; i < 100; i++) {
        char path[40];
        (void)snprintf(path, sizeof path, "/pagina?q=%d", i);
        (void)get(&f, path, "");
        (void)get(&f, "/pagina?q=0", ""); /* what is used stays */
        CHECK(http_server_cache(f.server).bytes <= 200 * 1024);
    }
    CHECK_INT(made, 100);
    end(&f);
}

/* Anybody can think of as many as he likes. */
static void made_up_queries_push_no_page_out(void **state)
{
    (void)state;
    struct fixture f = begin(800 * 1024, 0);
    (void)get(&f, "/pagina", "");
    for (int i = 0; i < 100; i++) {
        char path[40];
        (void)snprintf(path, sizeof path, "/pagina?x=%d", i);
        (void)get(&f, path, "");
    }
    struct http_response rs = get(&f, "/pagina", "");
    CHECK(str_ends(demo_body(&rs), S("made 1 q=")));
    end(&f);
}

static void one_page_is_kept_once_however_its_address_is_written(void **state)
{
    (void)state;
    struct fixture f = begin(1024 * 1024, 0);
    struct ctx c = {.arena = f.page};
    struct http_response rs = get(&f, "/pagina", "");
    rs = get(&f, "/%70agin%61", "");
    CHECK(str_ends(demo_body(&rs), S("made 1 q=")));
    rs = get(&f, "http://x/pagina?", "");
    CHECK(str_ends(demo_body(&rs), S("made 1 q=")));
    http_memory(f.server, &c, S("GET /pagina HTTP/1.1\r\nHost: X\r\n\r\n"), &rs);
    CHECK(str_ends(demo_body(&rs), S("made 1 q=")));
    CHECK_INT(get(&f, "/pagina%3Fq=a", "").status, 404);
    end(&f);
}

static void an_answer_outlives_its_entry(void **state)
{
    (void)state;
    struct fixture f = begin(1024 * 1024, 0);
    (void)get(&f, "/pagina", "");
    struct http_response rs = get(&f, "/pagina", "");
    struct arena *other = arena_new();
    struct ctx c = {.arena = other};
    struct http_response fresh;
    stamp = 2; /* drops the entry that rs still sends */
    http_memory(f.server, &c, S("GET /pagina HTTP/1.1\r\nHost: x\r\n\r\n"), &fresh);
    CHECK(str_ends(demo_body(&rs), S("made 1 q=")));
    CHECK(str_ends(demo_body(&fresh), S("made 2 q=")));
    arena_free(other);
    end(&f);
}

/* ---- how often ---- */

#define FROM(address) "X-Forwarded-For: " address "\r\n"

static void who_asks_too_much_must_wait(void **state)
{
    (void)state;
    struct fixture f = begin(0, 10);
    for (int i = 0; i < 10; i++)
        CHECK_INT(get(&f, "/vers", FROM("192.0.2.1")).status, 200);
    struct http_response rs = get(&f, "/vers", FROM("192.0.2.1"));
    long long wait = 0;
    CHECK_INT(rs.status, 429);
    CHECK(str_int(demo_header_of(&rs, "Retry-After"), 1, 6, &wait));
    CHECK_STR(demo_header_of(&rs, "RateLimit-Limit"), S("10"));
    CHECK_STR(demo_header_of(&rs, "RateLimit-Remaining"), S("0"));
    CHECK(str_has(demo_body(&rs), "Wacht"));
    CHECK_INT(get(&f, "/bestaat-niet", FROM("192.0.2.1")).status, 429);
    CHECK_INT(get(&f, "/gratis", FROM("192.0.2.1")).status, 200);
    CHECK_INT(get(&f, "/vers", FROM("192.0.2.2")).status, 200);
    /* As a proxy writes IPv4 that listens on IPv6 for both: the same visitor, and not all of them.
     */
    CHECK_INT(get(&f, "/vers", FROM("::ffff:192.0.2.1")).status, 429);
    for (int i = 0; i < 10; i++)
        CHECK_INT(get(&f, "/vers", FROM("::ffff:192.0.2.3")).status, 200);
    CHECK_INT(get(&f, "/vers", FROM("::ffff:192.0.2.4")).status, 200);
    CHECK_INT(get(&f, "/vers", "").status, 200); /* the machine itself */
    end(&f);
}

static void searching_takes_four_and_the_api_tells_what_is_left(void **state)
{
    (void)state;
    struct fixture f = begin(0, 10);
    CHECK_INT(get(&f, "/zoek", FROM("2001:db8::1")).status, 200);
    struct http_response rs = get(&f, "/api/v1/ding", FROM("2001:db8::2")); /* the same network */
    CHECK_STR(demo_header_of(&rs, "RateLimit-Limit"), S("10"));
    CHECK_STR(demo_header_of(&rs, "RateLimit-Remaining"), S("5"));
    CHECK_INT(get(&f, "/zoek", FROM("2001:db8::3")).status, 200);
    rs = get(&f, "/api/v1/ding", FROM("2001:db8::1"));
    CHECK_INT(rs.status, 200);
    rs = get(&f, "/api/v1/ding", FROM("2001:db8::1"));
    CHECK_INT(rs.status, 429);
    CHECK_STR(demo_header_of(&rs, "Content-Type"), S("application/problem+json"));
    CHECK_INT(get(&f, "/zoek", FROM("2001:db8:0:1::1")).status, 200);
    end(&f);
}

static void an_allowance_fills_with_time(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct http_limiter *limiter = http_limiter_new(a, 60);
    str address = S("192.0.2.7");
    long long second = 1000000;
    for (int i = 0; i < 60; i++)
        CHECK(http_limiter_take(limiter, address, 1, 0).allowed);
    struct http_allowance left = http_limiter_take(limiter, address, 1, 0);
    CHECK(!left.allowed);
    CHECK_INT(left.retry_s, 1);
    CHECK_INT(left.reset_s, 60);
    CHECK(!http_limiter_take(limiter, address, 1, second / 2).allowed);
    CHECK(http_limiter_take(limiter, address, 1, second).allowed);
    CHECK(!http_limiter_take(limiter, address, 4, 4 * second).allowed);
    CHECK(http_limiter_take(limiter, address, 4, 5 * second).allowed);
    left = http_limiter_take(limiter, address, 1, 1000 * second);
    CHECK_INT(left.remaining, 59);
    CHECK(http_limiter_take(limiter, S("no address"), 1, 0).allowed);
    arena_free(a);
}

/* More addresses than the table has room for: the memory is fixed and everybody is served. */
static void many_addresses_fit(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct http_limiter *limiter = http_limiter_new(a, 2);
    for (int i = 0; i < 50000; i++) {
        char address[32];
        (void)snprintf(address, sizeof address, "10.%d.%d.%d", i >> 16, i >> 8 & 255, i & 255);
        CHECK(http_limiter_take(limiter, str_from(address), 1, i).allowed);
    }
    arena_free(a);
}

TEST_MAIN(TEST(the_best_coding_is_chosen), TEST(gzip_gives_the_same_bytes_back),
          TEST(a_page_is_made_once_until_something_changes),
          TEST(kept_pages_carry_a_tag_and_answer_304), TEST(each_coding_is_kept_apart),
          TEST(the_body_of_a_get_changes_nothing),
          TEST(nothing_personal_failed_or_forbidden_is_kept),
          TEST(the_cache_stays_within_its_bounds), TEST(made_up_queries_push_no_page_out),
          TEST(one_page_is_kept_once_however_its_address_is_written),
          TEST(an_answer_outlives_its_entry), TEST(who_asks_too_much_must_wait),
          TEST(searching_takes_four_and_the_api_tells_what_is_left),
          TEST(an_allowance_fills_with_time), TEST(many_addresses_fit))
