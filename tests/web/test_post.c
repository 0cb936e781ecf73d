/* /beheer/post: outgoing mail to be read by who runs the site, and by nobody else. */
#include "people.h"

#include "mail/mail.h"

static struct web *w;
static struct browser *admin;

static int begin(void **state _unused_)
{
    w = web_begin();
    admin = people_signed_in(
        w, people_add(w, "post@proef.nl", "Post", ROLE_ADMIN, (struct scope){0}), true);
    return 0;
}

static int end(void **state _unused_)
{
    browser_free(admin);
    web_end(w);
    return 0;
}

static long long queue(struct mail_message m)
{
    struct ctx c = ctx_child(&w->app.ctx);
    long long id = 0;
    CHECK_OK(&c, mail_queue(&c, &m, &id));
    arena_free(c.arena);
    return id;
}

static struct http_response get(long long id)
{
    char path[64];
    (void)snprintf(path, sizeof path, "/beheer/post/%lld", id);
    return browser_get(admin, path);
}

/* Without a mail server a newcomer confirms his address here. */
static void a_mail_is_read_with_its_link(void **state _unused_)
{
    struct http_response rs = browser_get(admin, "/beheer/post");
    CHECK_INT(rs.status, 200);
    CHECK(web_has(&rs, "Er is geen mailserver ingesteld"));
    CHECK(web_has(&rs, "Er zijn hier geen berichten."));
    long long id = queue((struct mail_message){
        .to = S("jan@gemeente.test"),
        .content =
            {.subject = S("Bevestig <uw> adres"),
             .text = S("Dag Jan,\n\nOpen (https://aanjager.test/bevestig?a=1&b=2).\nGroet <b>,\n")},
    });
    rs = browser_get(admin, "/beheer/post");
    CHECK(web_has(&rs, ">Bevestig &lt;uw&gt; adres</a>"));
    CHECK(web_has(&rs, "jan@gemeente.test"));
    CHECK(web_has(&rs, "wacht"));
    rs = get(id);
    CHECK_INT(rs.status, 200);
    CHECK(web_has(&rs, "<p>Dag Jan,</p>"));
    CHECK(web_has(&rs, "(<a href=\"https://aanjager.test/bevestig?a=1&amp;b=2\">"
                       "https://aanjager.test/bevestig?a=1&amp;b=2</a>).<br>"));
    CHECK(web_has(&rs, "Groet &lt;b&gt;,"));
    CHECK(!web_has(&rs, "<b>,"));
    CHECK_STR(web_header(&rs, "Cache-Control"), S("no-store"));
}

static void addresses_become_links_and_nothing_else_does(void **state _unused_)
{
    static const struct {
        const char *text, *markup;
    } cases[] = {
        {"http https http:// x", "<p>http https http:// x</p>"},
        {"javascript:alert(1)", "<p>javascript:alert(1)</p>"},
        {"ahttps://x.test/a, b", "<p>a<a href=\"https://x.test/a\">https://x.test/a</a>, b</p>"},
        {"https://x.test/\"onclick=\"a",
         "<p><a href=\"https://x.test/\">https://x.test/</a>&quot;"},
        {"httphttphttps://x.test", "<p>httphttp<a href=\"https://x.test\">https://x.test</a></p>"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct http_response rs = get(queue((struct mail_message){
            .to = S("jan@gemeente.test"),
            .content = {.subject = S("Proef"), .text = str_from(cases[i].text)},
        }));
        if (!web_has(&rs, cases[i].markup))
            print_error("%s\n", cases[i].text);
        CHECK(web_has(&rs, cases[i].markup));
    }
}

static void the_list_has_filters_and_pages(void **state _unused_)
{
    for (int i = 0; i < 60; i++)
        (void)queue((struct mail_message){
            .to = S("veel@gemeente.test"),
            .content = {.subject = S("Veel"), .text = S("x")},
        });
    struct http_response rs = browser_get(admin, "/beheer/post?toon=wachtend");
    CHECK_INT(rs.status, 200);
    CHECK(web_has(&rs, "Oudere berichten"));
    rs = browser_get(admin, "/beheer/post?toon=wachtend&voor=3");
    CHECK(!web_has(&rs, "Oudere berichten"));
    rs = browser_get(admin, "/beheer/post?toon=mislukt");
    CHECK(web_has(&rs, "Er zijn hier geen berichten."));
    CHECK_INT(browser_get(admin, "/beheer/post?toon=anders").status, 400);
    CHECK_INT(browser_get(admin, "/beheer/post/999999").status, 404);
    CHECK_INT(browser_get(admin, "/beheer/post/x").status, 404);
}

/* Not even who sits at the machine: a mail may hold the key to somebody's account. */
static void others_see_nothing(void **state _unused_)
{
    static const char *const paths[] = {"/beheer/post", "/beheer/post/1"};
    struct browser *editor = people_signed_in(
        w, people_add(w, "redactie@proef.nl", "Redactie", ROLE_EDITOR, (struct scope){0}), true);
    for (size_t i = 0; i < COUNT_OF(paths); i++) {
        CHECK_INT(web_get(w, paths[i]).status, 403);
        struct http_response rs = browser_get(editor, paths[i]);
        CHECK_INT(rs.status, 403);
        CHECK(!web_has(&rs, "gemeente.test"));
    }
    browser_free(editor);
}

TEST_MAIN_WITH(begin, end, TEST(a_mail_is_read_with_its_link),
               TEST(addresses_become_links_and_nothing_else_does),
               TEST(the_list_has_filters_and_pages), TEST(others_see_nothing))
