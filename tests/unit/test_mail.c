/* What a mail looks like on the wire. GMime, a library that our own code does not use, reads it
   back. */
#include "test.h"

#include <gmime/gmime.h>

#include "base/random.h"
#include "mail/mail_int.h"

static struct mail_parts parts(void)
{
    return (struct mail_parts){
        .from = S("noreply@aanjager.test"),
        .from_name = S("Aanjager"),
        .to = S("jan@gemeente.test"),
        .content = {.subject = S("Bevestig uw adres"), .text = S("Hallo\n")},
        .token = S("0123456789abcdef"),
        .at = 1795651200, /* 2026-11-26 00:00:00 */
    };
}

static str compose(struct ctx *c, const struct mail_parts *p)
{
    str bytes;
    CHECK_OK(c, mail_compose(c, p, &bytes));
    return bytes;
}

/* What must hold for every message: CRLF only, short lines of ASCII, no line with only a dot, and
   exactly these headers before the first empty line. */
static void check_wire(str bytes)
{
    size_t line = 0;
    for (size_t i = 0; i < bytes.len; i++) {
        unsigned char byte = (unsigned char)bytes.ptr[i];
        CHECK(byte < 0x7F && (byte >= ' ' || byte == '\r' || byte == '\n' || byte == '\t'));
        if (byte == '\r') {
            CHECK(i + 1 < bytes.len && bytes.ptr[i + 1] == '\n');
        } else if (byte == '\n') {
            CHECK(i > 0 && bytes.ptr[i - 1] == '\r');
            CHECK(i - line != 2 || bytes.ptr[line] != '.');
            line = i + 1;
        } else {
            CHECK(i - line < 200);
        }
    }
    CHECK(str_ends(bytes, S("\r\n")));
}

static size_t count_headers(str bytes)
{
    size_t count = 0;
    str line;
    while (str_line(&bytes, &line) && line.len)
        count += line.ptr[0] != ' ';
    return count;
}

static void on_warning(gint64 offset, GMimeParserWarning what, const gchar *item, gpointer arg)
{
    (void)offset, (void)what, (void)item;
    *(bool *)arg = true;
}

static GMimeMessage *parse(str bytes)
{
    GMimeStream *stream = g_mime_stream_mem_new_with_buffer(bytes.ptr, bytes.len);
    GMimeParser *parser = g_mime_parser_new_with_stream(stream);
    GMimeParserOptions *options = g_mime_parser_options_new();
    bool warned = false;
    g_mime_parser_options_set_warning_callback(options, on_warning, &warned);
    GMimeMessage *message = g_mime_parser_construct_message(parser, options);
    g_mime_parser_options_free(options);
    g_object_unref(parser);
    g_object_unref(stream);
    CHECK(message != NULL);
    CHECK(!warned);
    return message;
}

/* The decoded text of a part, with \n lines. */
static str part_text(struct arena *a, GMimeObject *part)
{
    char *text = g_mime_text_part_get_text(GMIME_TEXT_PART(part));
    struct buf b;
    buf_init(&b, a, 8 * 1024 * 1024);
    for (const char *p = text; *p; p++)
        if (*p != '\r')
            buf_add_byte(&b, *p);
    g_free(text);
    return buf_str(&b);
}

static void a_plain_message_is_what_it_says(void **state)
{
    (void)state;
    struct ctx c = {.arena = arena_new()};
    struct mail_parts p = parts();
    CHECK_STR(compose(&c, &p), S("Date: Thu, 26 Nov 2026 00:00:00 +0000\r\n"
                                 "From: \"Aanjager\"\r\n <noreply@aanjager.test>\r\n"
                                 "To: <jan@gemeente.test>\r\n"
                                 "Subject: Bevestig uw adres\r\n"
                                 "Message-ID: <0123456789abcdef@aanjager.test>\r\n"
                                 "Auto-Submitted: auto-generated\r\n"
                                 "X-Auto-Response-Suppress: All\r\n"
                                 "MIME-Version: 1.0\r\n"
                                 "Content-Type: text/plain; charset=utf-8\r\n"
                                 "Content-Transfer-Encoding: quoted-printable\r\n"
                                 "\r\n"
                                 "Hallo\r\n"));
    arena_free(c.arena);
}

static void another_reader_reads_the_same(void **state)
{
    (void)state;
    static const char *const subjects[] = {
        "Gewoon",
        "Eén knelpunt, drie oplossingen: “vergunning” – €",
        "=?utf-8?Q?Bijzonder?=",
        " met spaties ",
        "Een heel lang onderwerp dat niet op één regel past omdat het maar doorgaat en doorgaat en "
        "doorgaat",
        "Zonder bijzondere letters maar met zoveel tekens dat het over de rand van een regel gaat",
        "\xF0\x9F\x8F\xA0\xF0\x9F\x8F\xA0\xF0\x9F\x8F\xA0\xF0\x9F\x8F\xA0\xF0\x9F\x8F\xA0"
        "\xF0\x9F\x8F\xA0\xF0\x9F\x8F\xA0\xF0\x9F\x8F\xA0\xF0\x9F\x8F\xA0\xF0\x9F\x8F\xA0",
        "\"Haken\" (en) <tekens>, \\ ; : @",
    };
    static const char *const texts[] = {
        "Hallo\n",
        ".\n..\n. begin\nFrom mij\n",
        "zonder einde",
        "spatie aan het eind \ntab\t\n\n\n",
        "één = 1, twee=2=\n=3D\n",
        "regel\r\nmet\r\nandere einden\r\n",
        "--=_0123456789abcdef\n--=_0123456789abcdef--\n",
    };
    struct ctx c = {.arena = arena_new()};
    for (size_t i = 0; i < COUNT_OF(subjects); i++)
        for (size_t k = 0; k < COUNT_OF(texts); k++) {
            struct mail_parts p = parts();
            p.content.subject = str_from(subjects[i]);
            p.to_name = p.content.subject;
            p.content.text = str_from(texts[k]);
            p.content.html = str_fmt(c.arena, "<p>%s</p>", texts[k]);
            str bytes = compose(&c, &p);
            check_wire(bytes);
            GMimeMessage *m = parse(bytes);
            CHECK_STR(str_from(g_mime_message_get_subject(m)), p.content.subject);
            InternetAddress *to = internet_address_list_get_address(
                g_mime_message_get_addresses(m, GMIME_ADDRESS_TYPE_TO), 0);
            CHECK_STR(str_from(internet_address_get_name(to)), str_trim(p.content.subject));
            GMimeMultipart *both = GMIME_MULTIPART(g_mime_message_get_mime_part(m));
            CHECK_INT(g_mime_multipart_get_count(both), 2);
            str want =
                str_fmt(c.arena, "%s%s", texts[k], str_ends(p.content.text, S("\n")) ? "" : "\n");
            str text = part_text(c.arena, g_mime_multipart_get_part(both, 0)), line, got;
            while (str_line(&want, &line)) {
                CHECK(str_line(&text, &got));
                CHECK_STR(got, line);
            }
            str html = part_text(c.arena, g_mime_multipart_get_part(both, 1));
            CHECK(str_starts(html, S("<p>")) && str_find(html, S("</p>")) != STR_NONE);
            g_object_unref(m);
        }
    arena_free(c.arena);
}

/* Random texts of all lengths around the width of a line, with letters of one to four bytes. */
static void long_lines_come_back_whole(void **state)
{
    (void)state;
    static const char *const letters[] = {"a", " ", "=", ".", "é", "€", "\xF0\x9F\x8F\xA0", "\t"};
    struct ctx c = {.arena = arena_new()};
    for (size_t length = 1; length < 400; length++) {
        struct buf b;
        unsigned char chance;
        buf_init(&b, c.arena, 4096);
        for (size_t i = 0; i < length; i++) {
            random_bytes(&chance, 1);
            buf_addz(&b, letters[chance % COUNT_OF(letters)]);
        }
        struct mail_parts p = parts();
        p.content.text = buf_str(&b);
        str bytes = compose(&c, &p);
        check_wire(bytes);
        GMimeMessage *m = parse(bytes);
        str text = part_text(c.arena, g_mime_message_get_mime_part(m)), line;
        CHECK(str_line(&text, &line));
        CHECK_STR(line, p.content.text);
        g_object_unref(m);
        arena_reset(c.arena);
    }
    arena_free(c.arena);
}

static void nothing_ends_a_header(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "a\r\nBcc: x@y.test",
        "a\nBcc: x@y.test",
        "a\rBcc: x@y.test",
        "\r\n\r\nbody",
        "a\tb",
        "a\x01"
        "b",
        "a\x7F"
        "b",
        "\xFF\xFE",
        "a\xC3",
    };
    struct ctx c = {.arena = arena_new()};
    str bytes;
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        str s = str_from(bad[i]);
        str *places[8];
        struct mail_parts p = parts();
        size_t n = 0;
        places[n++] = &p.content.subject;
        places[n++] = &p.from_name;
        places[n++] = &p.to_name;
        places[n++] = &p.from;
        places[n++] = &p.to;
        places[n++] = &p.content.reply_to;
        places[n++] = &p.content.list_id;
        places[n++] = &p.content.unsubscribe;
        for (size_t k = 0; k < n; k++) {
            str before = *places[k];
            *places[k] = s;
            CHECK_INT(mail_compose(&c, &p, &bytes), ERR_INVALID);
            CHECK(c.err.msg.len > 0);
            *places[k] = before;
        }
        p.content.in_reply_to = str_fmt(c.arena, "<%s@x.test>", bad[i]);
        CHECK_INT(mail_compose(&c, &p, &bytes), ERR_INVALID);
    }
    CHECK_INT(mail_compose(&c, &(struct mail_parts){.token = S("a")}, &bytes), ERR_INVALID);
    arena_free(c.arena);
}

static void headers_of_a_newsletter(void **state)
{
    (void)state;
    struct ctx c = {.arena = arena_new()};
    struct mail_parts p = parts();
    size_t plain = count_headers(compose(&c, &p));
    p.bulk = true;
    p.content.list_id = S("nieuws.aanjager.test");
    p.content.unsubscribe = S("https://aanjager.test/afmelden/abc");
    p.content.reply_to = S("redactie@aanjager.test");
    p.content.in_reply_to = S("<vraag.1@gemeente.test>");
    str bytes = compose(&c, &p);
    check_wire(bytes);
    CHECK_INT(count_headers(bytes), plain + 7);
    GMimeMessage *m = parse(bytes);
    GMimeObject *o = GMIME_OBJECT(m);
    CHECK_STR(str_from(g_mime_object_get_header(o, "List-Id")), S("<nieuws.aanjager.test>"));
    CHECK_STR(str_from(g_mime_object_get_header(o, "List-Unsubscribe")),
              S("<https://aanjager.test/afmelden/abc>"));
    CHECK_STR(str_from(g_mime_object_get_header(o, "List-Unsubscribe-Post")),
              S("List-Unsubscribe=One-Click"));
    CHECK_STR(str_from(g_mime_object_get_header(o, "Precedence")), S("bulk"));
    CHECK_STR(str_from(g_mime_object_get_header(o, "In-Reply-To")), S("<vraag.1@gemeente.test>"));
    CHECK_STR(str_from(g_mime_object_get_header(o, "References")), S("<vraag.1@gemeente.test>"));
    CHECK_STR(str_from(g_mime_object_get_header(o, "Auto-Submitted")), S("auto-generated"));
    g_object_unref(m);
    arena_free(c.arena);
}

static void addresses(void **state)
{
    (void)state;
    static const char *const good[] = {"a@b.nl", "jan.de-vries+x@sub.gemeente-x.nl",
                                       "o'neil@x.test", "A_1@X9.example"};
    static const char *const bad[] = {
        "",
        "a",
        "a@",
        "@b.nl",
        "a@b",
        "a b@c.nl",
        "a@b c.nl",
        "a@b..nl",
        ".a@b.nl",
        "a.@b.nl",
        "a..b@c.nl",
        "a@-b.nl",
        "a@b-.nl",
        "<a@b.nl>",
        "a@b.nl>",
        "a@b.nl,c@d.nl",
        "\"a\"@b.nl",
        "a@[127.0.0.1]",
        "a@b.nl\r\n",
        "a\n@b.nl",
        "jos\xC3\xA9@b.nl",
        "a@b@c.nl",
        "a@b.nl\x01",
        "a(x)@b.nl",
        "a;b@c.nl",
        "a:b@c.nl",
        "a\\b@c.nl",
    };
    struct arena *a = arena_new();
    for (size_t i = 0; i < COUNT_OF(good); i++)
        CHECK(mail_address_valid(str_from(good[i])));
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        if (mail_address_valid(str_from(bad[i])))
            print_error("taken: %s\n", bad[i]);
        CHECK(!mail_address_valid(str_from(bad[i])));
    }
    CHECK(!mail_address_valid(str_of("a\0@b.nl", 7)));
    char *long_local = arena_alloc(a, 80);
    memset(long_local, 'a', 65);
    CHECK(!mail_address_valid(str_fmt(a, "%s@b.nl", long_local)));
    CHECK(mail_address_valid(str_fmt(a, "%s@b.nl", long_local + 1)));
    CHECK_STR(mail_domain_of(a, S("Jan@GEMEENTE.Test")), S("gemeente.test"));
    arena_free(a);
}

static void sizes_are_bounded(void **state)
{
    (void)state;
    struct ctx c = {.arena = arena_new()};
    struct mail_parts p = parts();
    str bytes;
    char *large = arena_alloc(c.arena, MAIL_MAX_HTML + 2);
    memset(large, 'e', MAIL_MAX_HTML + 1);
    p.content.subject = str_of(large, MAIL_MAX_SUBJECT + 1);
    CHECK_INT(mail_compose(&c, &p, &bytes), ERR_LIMIT);
    p = parts();
    p.to_name = str_of(large, MAIL_MAX_NAME + 1);
    CHECK_INT(mail_compose(&c, &p, &bytes), ERR_LIMIT);
    p = parts();
    p.content.text = str_of(large, MAIL_MAX_TEXT + 1);
    CHECK_INT(mail_compose(&c, &p, &bytes), ERR_LIMIT);
    p = parts();
    p.content.html = str_of(large, MAIL_MAX_HTML + 1);
    CHECK_INT(mail_compose(&c, &p, &bytes), ERR_LIMIT);
    /* The largest, of bytes that all need three characters. */
    memset(large, '=', MAIL_MAX_HTML);
    p.content.text = str_of(large, MAIL_MAX_TEXT);
    p.content.html = str_of(large, MAIL_MAX_HTML);
    check_wire(compose(&c, &p));
    p.content.text = S("");
    CHECK_INT(mail_compose(&c, &p, &bytes), ERR_INVALID);
    arena_free(c.arena);
}

static void names_are_filled_once_and_escaped(void **state)
{
    (void)state;
    struct ctx c = {.arena = arena_new()};
    const struct mail_field fields[] = {{S("naam"), S("<b>{{token}}</b> & 'x' \"y\"")},
                                        {S("token"), S("abc")}};
    const struct mail_content m = {
        .subject = S("Voor {{naam}}"),
        .text = S("{{naam}} {{ naam }} {{onbekend}} {{token}} {{ {{{token}} {{token"),
        .html = S("<a title=\"{{naam}}\">{{token}}</a>"),
        .unsubscribe = S("https://x.test/{{token}}"),
    };
    struct mail_content filled;
    CHECK_OK(&c, mail_fill(&c, &m, fields, 2, &filled));
    CHECK_STR(filled.subject, S("Voor <b>{{token}}</b> & 'x' \"y\""));
    CHECK_STR(filled.text,
              S("<b>{{token}}</b> & 'x' \"y\" {{ naam }} {{onbekend}} abc {{ {abc {{token"));
    CHECK_STR(filled.html, S("<a title=\"&lt;b&gt;{{token}}&lt;/b&gt; &amp; &#39;x&#39; "
                             "&quot;y&quot;\">abc</a>"));
    CHECK_STR(filled.unsubscribe, S("https://x.test/abc"));
    arena_free(c.arena);
}

static void addresses_of_servers(void **state)
{
    (void)state;
    static const struct {
        const char *url, *host;
        long long port;
        bool secure;
    } good[] = {
        {"smtp://mail.test", "mail.test", 587, false},
        {"smtps://mail.test", "mail.test", 465, true},
        {"smtp://127.0.0.1:2525", "127.0.0.1", 2525, false},
        {"smtp://[::1]:25", "[::1]", 25, false},
        {"smtp://[::1]", "[::1]", 587, false},
    };
    static const char *const bad[] = {
        "",
        "mail.test",
        "http://mail.test",
        "smtp://",
        "smtp://a:b@mail.test",
        "smtp://mail.test:0",
        "smtp://mail.test:99999",
        "smtp://mail.test/x",
        "smtp://mail.test?x",
        "smtp://mail test",
        "smtp://:25",
        "smtp://[::1",
        "smtp://[x]",
        "smtp://mail.test:",
        "smtp://mail.test\r\n",
    };
    bool secure;
    str host;
    long long port;
    for (size_t i = 0; i < COUNT_OF(good); i++) {
        CHECK(smtp_url_split(str_from(good[i].url), &secure, &host, &port));
        CHECK_STR(host, str_from(good[i].host));
        CHECK_INT(port, good[i].port);
        CHECK_INT(secure, good[i].secure);
    }
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        if (smtp_url_split(str_from(bad[i]), &secure, &host, &port))
            print_error("taken: %s\n", bad[i]);
        CHECK(!smtp_url_split(str_from(bad[i]), &secure, &host, &port));
    }
}

static int begin(void **state)
{
    (void)state;
    g_mime_init();
    return 0;
}

static int end(void **state)
{
    (void)state;
    g_mime_shutdown();
    return 0;
}

TEST_MAIN_WITH(begin, end, TEST(a_plain_message_is_what_it_says),
               TEST(another_reader_reads_the_same), TEST(long_lines_come_back_whole),
               TEST(nothing_ends_a_header), TEST(headers_of_a_newsletter), TEST(addresses),
               TEST(sizes_are_bounded), TEST(names_are_filled_once_and_escaped),
               TEST(addresses_of_servers))
