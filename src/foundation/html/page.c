#include "html/page.h"

#include "auth/permission.h"
#include "base/embedded.h"
#include "html/frame.h"

static const struct {
    const char *section, *name, *url;
} menu[] = {
    {"kennisbank", "Kennisbank", "/kennisbank"},
    {"collecties", "Collecties", "/collecties"},
    {"fasen", "Fasen", "/fasen"},
    {"knelpunten", "Knelpunten", "/knelpunten"},
    {"rollen", "Rollen", "/rollen"},
    {"over", "Over ons", "/over"},
};

str page_origin(struct ctx *c, const struct http_request *rq)
{
    str url = http_public_origin(c);
    if (url.len)
        return url;
    return str_fmt(c->arena, "%s://%.*s", rq->secure ? "https" : "http",
                   rq->host.len ? (int)rq->host.len : 9, rq->host.len ? rq->host.ptr : "localhost");
}

/* An address that holds everywhere; empty when public_url is not set. */
static str absolute(struct ctx *c, str path)
{
    return path.len && http_public_origin(c).len ? http_absolute(c, path) : S("");
}

/* With the hash of the bytes, so that browsers may keep it for good. */
static str asset_url(struct ctx *c, const char *path)
{
    const struct embedded_file *file = embedded_find(&embedded_assets, str_from(path));
    if (!file)
        BUG("a file of the page frame is missing from the binary");
    return str_fmt(c->arena, "/assets/%s?v=%s", path, file->hash);
}

static void frame_menu(struct ctx *c, const struct page *p, struct frame_view *v)
{
    struct frame_menu_item *items = arena_array(c->arena, COUNT_OF(menu), sizeof *items);
    for (size_t i = 0; i < COUNT_OF(menu); i++)
        items[i] = (struct frame_menu_item){str_from(menu[i].name), str_from(menu[i].url),
                                            str_eqz(p->section, menu[i].section)};
    v->menu = items;
    v->menu_count = COUNT_OF(menu);
}

static void frame_account(struct ctx *c, const struct page *p, struct frame_view *v)
{
    const struct actor *actor = c->actor;
    v->signing_in = str_eqz(p->section, "account");
    if (!actor || !actor->account)
        return;
    v->account_name = actor->name;
    v->viewer_name = actor->viewer ? actor->viewer_name : S("");
}

int page_send(struct ctx *c, const struct http_request *rq, struct http_response *rs,
              const struct page *p)
{
    struct frame_view v = {
        .page = p,
        .canonical = absolute(c, p->canonical),
        .css_url = asset_url(c, "app.css"),
        .js_url = asset_url(c, "app.js"),
        .icon_url = asset_url(c, "favicon.svg"),
        .crumbs = p->crumbs,
        .crumbs_count = p->crumb_count,
        .search = {.text = p->search_text, .label = S("Zoek in de kennisbank"), .in_header = true},
        .schema = page_schema(c, p),
        .og_type = p->about.kind > PAGE_HOME ? S("article") : S("website"),
        .body = p->body,
    };
    struct out o = {&rs->body};
    /* What out_take gives when the markup passed its bounds: no page is empty by itself. */
    if (!p->body.s.len)
        return err_detail(c, ERR_INTERNAL, "page %s: the body is empty or too large",
                          str_z(c->arena, rq->path));
    frame_menu(c, p, &v);
    frame_account(c, p, &v);
    frame_html(&o, &v);
    return 0;
}
