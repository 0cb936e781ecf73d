/* Atom feeds (RFC 4287): what is new and changed, of the whole library and of one theme. */
#include "library/library_int.h"

#include "base/clock.h"
#include "html/xml.h"

enum {
    FEED_ENTRIES = 50,
    FEED_MAX_ENTRY = 512 * 1024, /* bytes of one entry's markup */
    /* This part of an answer may be markup: escaped it becomes six times as large at most. */
    FEED_MARKUP_SHARE = 8,
};

struct feed {
    struct ctx *c;
    struct xml x;
    const struct taxonomy *t;
    const struct taxonomy_term *theme; /* NULL: all of the library */
    str origin, host;                  /* https://voorbeeld.nl and the name in it */
    size_t room;                       /* for markup that is still to come */
};

/* The name for tag: addresses (RFC 4151). Not the host that was asked: an id is the same for all.
 */
static str tag_host(struct ctx *c)
{
    str url = http_public_origin(c);
    size_t scheme = str_find(url, S("://"));
    str host = scheme == STR_NONE ? S("") : str_slice(url, scheme + 3, url.len);
    host = str_slice(host, 0, str_find_byte(host, ':'));
    return host.len && host.ptr[0] != '[' ? str_lower_ascii(c->arena, host) : S("localhost");
}

static str whole_url(const struct feed *f, str path)
{
    return str_join(f->c->arena, (str[]){f->origin, path}, 2, S(""));
}

static str page_path(const struct feed *f)
{
    if (!f->theme)
        return S("/kennisbank");
    return str_fmt(f->c->arena, "/themas/%s", str_z(f->c->arena, f->theme->slug));
}

static void link_to(struct feed *f, str rel, str type, str url)
{
    xml_open(&f->x, "link");
    xml_attr(&f->x, "rel", rel);
    if (type.len)
        xml_attr(&f->x, "type", type);
    xml_attr(&f->x, "href", url);
    xml_close(&f->x);
}

static void organisation(struct feed *f, str name)
{
    xml_open(&f->x, "author");
    xml_element(&f->x, "name", name);
    xml_close(&f->x);
}

static void licence(struct feed *f, str rights, str url)
{
    xml_element(&f->x, "rights", rights);
    if (url.len)
        link_to(f, S("license"), S(""), url);
}

/* ---- an entry ---- */

static void categories(struct feed *f, const struct item *item)
{
    for (size_t i = 0; i < item->themes.items_count; i++) {
        const struct taxonomy_term *term =
            taxonomy_by_code(f->t, TAXONOMY_THEME, item->themes.items[i]);
        if (!term)
            continue;
        xml_open(&f->x, "category");
        xml_attr(&f->x, "scheme", whole_url(f, S("/themas")));
        xml_attr(&f->x, "term", term->slug);
        xml_attr(&f->x, "label", term->name);
        xml_close(&f->x);
    }
}

/* The text of the item as markup, as long as there is room; without it the summary must do. */
static int content(struct feed *f, const struct item *item, str path)
{
    struct library_feed_view v = {.item = item, .unchecked = !library_is_checked(item->certainty)};
    struct buf b;
    struct out o;
    TRY(markdown_render_at(f->c, item->body, f->origin, path, &v.body));
    out_begin(&o, &b, f->c->arena, FEED_MAX_ENTRY);
    library_feed_html(&o, &v);
    html markup = out_take(&o);
    if (!markup.s.len || markup.s.len > f->room)
        return 0;
    f->room -= markup.s.len;
    xml_open(&f->x, "content");
    xml_attr(&f->x, "type", S("html"));
    xml_markup(&f->x, markup);
    xml_close(&f->x);
    return 0;
}

/* The id names the row, so it stays when the address of the item changes. */
static str entry_id(const struct feed *f, const struct item_row *row)
{
    struct arena *a = f->c->arena;
    return str_fmt(a, "tag:%s,%s:item/%lld", str_z(a, f->host),
                   str_z(a, clock_date(a, row->created_at)), row->id);
}

static int entry(struct feed *f, const struct item_row *row)
{
    const struct library_reading *reading;
    struct arena *a = f->c->arena;
    TRY(library_read(f->c, row->id, row->number, &reading));
    const struct item *item = &reading->item;
    str path = str_fmt(a, "/kennisbank/%s", str_z(a, row->slug));
    xml_open(&f->x, "entry");
    xml_element(&f->x, "id", entry_id(f, row));
    xml_element(&f->x, "title", item->title);
    xml_element(&f->x, "updated", clock_rfc3339(a, row->changed_at));
    xml_element(&f->x, "published", clock_rfc3339(a, row->created_at));
    if (item->owner.len)
        organisation(f, item->owner);
    link_to(f, S("alternate"), S("text/html"), whole_url(f, path));
    categories(f, item);
    licence(f, library_licence_name(item->licence), library_licence_url(item->licence));
    xml_element(&f->x, "summary", item->summary);
    TRY(content(f, item, path));
    xml_close(&f->x);
    return 0;
}

/* ---- the feed ---- */

static str feed_id(const struct feed *f, long long first)
{
    struct arena *a = f->c->arena;
    return str_fmt(a, "tag:%s,%s:kennisbank%s%s", str_z(a, f->host), str_z(a, clock_date(a, first)),
                   f->theme ? "/thema/" : "", f->theme ? str_z(a, f->theme->code) : "");
}

static str feed_title(const struct feed *f)
{
    if (!f->theme)
        return S("Aanjager: nieuw en gewijzigd in de kennisbank");
    return str_fmt(f->c->arena, "Aanjager: nieuw en gewijzigd bij %s",
                   str_z(f->c->arena, f->theme->name));
}

static void head(struct feed *f, str self, long long first, long long updated)
{
    struct arena *a = f->c->arena;
    xml_attr(&f->x, "xmlns", S("http://www.w3.org/2005/Atom"));
    xml_attr(&f->x, "xml:lang", S("nl"));
    xml_element(&f->x, "id", feed_id(f, first));
    xml_element(&f->x, "title", feed_title(f));
    if (f->theme && f->theme->summary.len)
        xml_element(&f->x, "subtitle", f->theme->summary);
    xml_element(&f->x, "updated", clock_rfc3339(a, updated));
    organisation(f, S("Aanjager"));
    link_to(f, S("self"), S("application/atom+xml"), whole_url(f, self));
    link_to(f, S("alternate"), S("text/html"), whole_url(f, page_path(f)));
    licence(f, S("CC BY 4.0, tenzij er bij een item iets anders staat"),
            library_licence_url(S("CC-BY-4.0")));
}

static void validators(struct ctx *c, struct http_response *rs, long long updated)
{
    rs->content_type = "application/atom+xml; charset=utf-8";
    rs->max_age = 0;
    rs->etag = str_fmt(c->arena, "%016llx", (unsigned long long)str_hash_fast(buf_str(&rs->body)));
    http_header_add(c, rs, "Last-Modified", clock_http_date(c->arena, updated));
}

static int send_feed(struct ctx *c, const struct http_request *rq, struct http_response *rs,
                     struct feed *f)
{
    struct item_row *rows;
    size_t count;
    long long first;
    TRY(library_store_first(c, &first));
    TRY(library_store_latest(c, f->theme ? f->theme->code : S(""), FEED_ENTRIES, &rows, &count));
    long long updated = count ? rows[0].changed_at : first;
    f->c = c;
    f->origin = page_origin(c, rq);
    f->host = tag_host(c);
    f->room = rs->body.max / FEED_MARKUP_SHARE;
    xml_begin(&f->x, &rs->body);
    xml_open(&f->x, "feed");
    head(f, rq->path, first, updated);
    for (size_t i = 0; i < count; i++)
        TRY(entry(f, &rows[i]));
    xml_close(&f->x);
    validators(c, rs, updated);
    return 0;
}

int library_feed(struct ctx *c, const struct http_request *rq, struct http_response *rs)
{
    struct feed f = {0};
    TRY(taxonomy_load(c, &f.t));
    return send_feed(c, rq, rs, &f);
}

int library_theme_feed(struct ctx *c, const struct http_request *rq, struct http_response *rs)
{
    struct feed f = {0};
    TRY(taxonomy_load(c, &f.t));
    f.theme = taxonomy_by_slug(f.t, TAXONOMY_THEME, http_text(rq, "slug"));
    if (!f.theme)
        return err_set(c, ERR_NOT_FOUND, "Dit thema bestaat niet. Bekijk de lijst met thema's.");
    return send_feed(c, rq, rs, &f);
}
