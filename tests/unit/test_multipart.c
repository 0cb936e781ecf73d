#include "http/http.h"
#include "test.h"

static struct arena *arena;

static int set_up(void **state)
{
    (void)state;
    arena = arena_new();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

#define TYPE S("multipart/form-data; boundary=XyZ")
#define PART(name, value)                                                                          \
    "--XyZ\r\nContent-Disposition: form-data; name=\"" name "\"\r\n\r\n" value "\r\n"

static bool parse(str type, str body, struct http_field **ret, size_t *ret_count)
{
    /* A copy of exactly the size, so that reading past it is seen. */
    char *exact = malloc(body.len ? body.len : 1);
    CHECK(exact != NULL);
    if (body.len)
        memcpy(exact, body.ptr, body.len);
    arena_defer(arena, free, exact);
    return http_parse_multipart(arena, type, str_of(exact, body.len), 8, ret, ret_count);
}

static bool takes(str type, str body)
{
    struct http_field *fields = NULL;
    size_t n = 0;
    return parse(type, body, &fields, &n);
}

static void fields_are_read(void **state)
{
    (void)state;
    struct http_field *f;
    size_t n;
    CHECK(parse(TYPE, S(PART("a", "één") PART("b", "") PART("a", "x\r\n--Xy\r\ny") "--XyZ--\r\n"),
                &f, &n));
    CHECK_INT(n, 3);
    CHECK_STR(f[0].name, S("a"));
    CHECK_STR(f[0].value, S("één"));
    CHECK_STR(f[1].name, S("b"));
    CHECK_STR(f[1].value, S(""));
    CHECK_STR(f[2].value, S("x\r\n--Xy\r\ny"));
    CHECK(!f[0].file_name.len && !f[0].content_type.len);
}

static void files_are_read(void **state)
{
    (void)state;
    struct http_field *f;
    size_t n;
    CHECK(parse(S("Multipart/Form-Data; charset=utf-8; boundary=\"XyZ\""),
                S("--XyZ\r\ncontent-disposition: form-data; name=\"file\"; "
                  "filename=\"C:\\map\\een %22twee%22.pdf\"\r\nContent-Type: "
                  "application/pdf\r\n\r\n\0\1\xff\r\n\r\n--XyZ--"),
                &f, &n));
    CHECK_INT(n, 1);
    CHECK_STR(f[0].file_name, S("een \"twee\".pdf"));
    CHECK_STR(f[0].content_type, S("application/pdf"));
    CHECK_STR(f[0].value, S("\0\1\xff\r\n"));
    /* No file chosen: an ordinary empty field. */
    CHECK(parse(TYPE,
                S("--XyZ\r\nContent-Disposition: form-data; name=file; filename=\"\"\r\n"
                  "Content-Type: application/octet-stream\r\n\r\n\r\n--XyZ--\r\n"),
                &f, &n));
    CHECK_INT(f[0].file_name.len + f[0].value.len, 0);
    CHECK(takes(TYPE, S("--XyZ--\r\n")));
}

static void content_types_are_checked(void **state)
{
    (void)state;
    static const str bad[] = {STR("multipart/form-data"),
                              STR("multipart/form-data; boundary="),
                              STR("multipart/form-data; boundary=\"\""),
                              STR("multipart/form-data; boundary=\"XyZ"),
                              STR("multipart/form-data; boundary=XyZ; boundary=XyZ"),
                              STR("multipart/form-data; boundary=Xy{Z"),
                              STR("multipart/form-data boundary=XyZ"),
                              STR("multipart/mixed; boundary=XyZ"),
                              STR("multipart/form-data; boundary=01234567890123456789012345678901"
                                  "234567890123456789012345678901234567890")};
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        CHECK(!takes(bad[i], S(PART("a", "b") "--XyZ--\r\n")));
}

static void malformed_bodies_are_refused(void **state)
{
    (void)state;
#define HEAD "--XyZ\r\nContent-Disposition: form-data; name=\"a\""
    static const str bad[] = {
        STR(""),
        STR("--XyZ"),
        STR("--XyZ\r\n"),
        STR("preamble\r\n" PART("a", "b") "--XyZ--"),
        STR(PART("a", "b")),
        STR(PART("a", "b") "--XyZ"),
        STR(PART("a", "b") "--XyZ-"),
        STR(PART("a", "b") "--XyZ--x"),
        STR(PART("a", "b") "--XyZ--\r\nepilogue"),
        STR(PART("a", "b") "--XyZW\r\n"),
        STR(HEAD "\r\n\r\nb--XyZ--\r\n"),
        STR(HEAD "\n\nb\n--XyZ--\n"),
        STR(HEAD "\r\nb\r\n--XyZ--"),
        STR("--XyZ\r\n\r\nb\r\n--XyZ--"),
        STR("--XyZ\r\nContent-Type: text/plain\r\n\r\nb\r\n--XyZ--"),
        STR("--XyZ\r\nContent-Disposition: attachment; name=\"a\"\r\n\r\nb\r\n--XyZ--"),
        STR("--XyZ\r\nContent-Disposition: form-data\r\n\r\nb\r\n--XyZ--"),
        STR("--XyZ\r\nContent-Disposition: form-data; name=\"\"\r\n\r\nb\r\n--XyZ--"),
        STR("--XyZ\r\nContent-Disposition: form-data; name=\"a\r\n\r\nb\r\n--XyZ--"),
        STR("--XyZ\r\nContent-Disposition form-data; name=\"a\"\r\n\r\nb\r\n--XyZ--"),
        STR(HEAD "; name=\"c\"\r\n\r\nb\r\n--XyZ--"),
        STR(HEAD "; filename*=utf-8''x\r\n\r\nb\r\n--XyZ--"),
        STR(HEAD "; filename=\"x\"; filename=\"y\"\r\n\r\nb\r\n--XyZ--"),
        STR(HEAD "; filename=\"a%0Ab\"\r\n\r\nb\r\n--XyZ--"),
        STR(HEAD "\r\nContent-Disposition: form-data; name=\"c\"\r\n\r\nb\r\n--XyZ--"),
        STR(HEAD "\r\nContent-Transfer-Encoding: base64\r\n\r\nb\r\n--XyZ--"),
        STR(HEAD "\r\nX-A: a\0b\r\n\r\nb\r\n--XyZ--"),
        STR(HEAD "\r\n\r\na\0b\r\n--XyZ--"),
        STR(HEAD "\r\n\r\n\xff\r\n--XyZ--"),
    };
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        if (takes(TYPE, bad[i]))
            print_error("taken: case %zu\n", i);
        CHECK(!takes(TYPE, bad[i]));
    }
}

static void sizes_are_bounded(void **state)
{
    (void)state;
    struct buf b;
    struct http_field *f;
    size_t n;
    buf_init(&b, arena, 100000);
    for (int i = 0; i < 8; i++)
        buf_addz(&b, PART("a", "b"));
    str eight = str_join(arena, (str[]){buf_str(&b), S("--XyZ--")}, 2, S(""));
    CHECK(parse(TYPE, eight, &f, &n));
    CHECK_INT(n, 8);
    buf_addz(&b, PART("a", "b") "--XyZ--");
    CHECK(!takes(TYPE, buf_str(&b)));
    b.len = 0;
    buf_addz(&b, "--XyZ\r\nContent-Disposition: form-data; name=\"a\"\r\n");
    for (int i = 0; i < 8; i++)
        buf_addz(&b, "X: y\r\n");
    buf_addz(&b, "\r\nb\r\n--XyZ--");
    CHECK(!takes(TYPE, buf_str(&b)));
    b.len = 0;
    buf_addz(&b, "--XyZ\r\nX: ");
    for (int i = 0; i < 3000; i++)
        buf_addz(&b, "y");
    buf_addz(&b, "\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nb\r\n--XyZ--");
    CHECK(!takes(TYPE, buf_str(&b)));
}

/* Every prefix of a good body, and every body with one byte changed, is taken or refused without
 * harm. */
static void cut_and_changed_bodies(void **state)
{
    (void)state;
    str good = S(PART("a", "een") "--XyZ\r\nContent-Disposition: form-data; name=\"f\"; "
                                  "filename=\"g.txt\"\r\nContent-Type: text/plain\r\n\r\nx\r\n"
                                  "--XyZ--\r\n");
    CHECK(takes(TYPE, good));
    for (size_t i = 0; i < good.len; i++)
        CHECK_INT(takes(TYPE, str_slice(good, 0, i)), i == good.len - 2);
    size_t taken = 0;
    for (size_t i = 0; i < good.len; i++) {
        for (int byte = 0; byte < 256; byte += 5) {
            str copy = str_dup(arena, good);
            char *p = (char *)(uintptr_t)copy.ptr;
            p[i] = (char)byte;
            taken += takes(TYPE, copy);
        }
        arena_reset(arena);
    }
    CHECK(taken > 0);
}

#define T(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

TEST_MAIN(T(fields_are_read), T(files_are_read), T(content_types_are_checked),
          T(malformed_bodies_are_refused), T(sizes_are_bounded), T(cut_and_changed_bodies))
