/* What a page is about, as JSON-LD with the words of schema.org. It stands in a script element
   whose type says that it is data: a browser does not run it. The JSON writer escapes <, > and &,
   so no value can end the element. Without public_url the addresses are paths, which readers
   complete with the address of the page. */
#include "html/frame.h"
#include "json/json.h"

enum { SCHEMA_MAX = 64 * 1024 };

struct schema {
    struct ctx *c;
    struct json j;
    const struct page *page;
    str origin;
};

static void key_url(struct schema *s, const char *key, str path)
{
    json_kstr(&s->j, key, str_join(s->c->arena, (str[]){s->origin, path}, 2, S("")));
}

static void object(struct schema *s, const char *type)
{
    json_object_begin(&s->j);
    json_kstr(&s->j, "@type", str_from(type));
}

static void key_object(struct schema *s, const char *key, const char *type)
{
    json_key(&s->j, key);
    object(s, type);
}

static void publisher(struct schema *s)
{
    key_object(s, "publisher", "Organization");
    json_kstr(&s->j, "name", S("Aanjager"));
    key_url(s, "url", S("/"));
    json_object_end(&s->j);
}

static void website(struct schema *s)
{
    object(s, "WebSite");
    key_url(s, "@id", S("/#website"));
    key_url(s, "url", S("/"));
    json_kstr(&s->j, "name", S("Aanjager"));
    json_kstr(&s->j, "description", s->page->description);
    json_kstr(&s->j, "inLanguage", S("nl"));
    publisher(s);
    key_object(s, "potentialAction", "SearchAction");
    key_object(s, "target", "EntryPoint");
    key_url(s, "urlTemplate", S("/zoeken?q={q}"));
    json_object_end(&s->j);
    json_kstr(&s->j, "query-input", S("required name=q"));
    json_object_end(&s->j);
    json_object_end(&s->j);
}

static void terms(struct schema *s)
{
    const struct page_about *about = &s->page->about;
    json_key(&s->j, "about");
    json_array_begin(&s->j);
    for (size_t i = 0; i < about->terms_count; i++) {
        object(s, "DefinedTerm");
        json_kstr(&s->j, "name", about->terms[i].name);
        key_url(s, "url", about->terms[i].url);
        json_object_end(&s->j);
    }
    json_array_end(&s->j);
}

static void steps(struct schema *s)
{
    const struct page_about *about = &s->page->about;
    json_key(&s->j, "step");
    json_array_begin(&s->j);
    for (size_t i = 0; i < about->steps_count; i++) {
        const struct page_step *step = &about->steps[i];
        object(s, "HowToStep");
        json_kint(&s->j, "position", (long long)i + 1);
        json_kstr(&s->j, "name", step->name);
        json_kstr(&s->j, "text", step->text.len ? step->text : step->name);
        json_object_end(&s->j);
    }
    json_array_end(&s->j);
}

static void part_of(struct schema *s)
{
    key_object(s, "isPartOf", "WebSite");
    key_url(s, "@id", S("/#website"));
    json_kstr(&s->j, "name", S("Aanjager"));
    key_url(s, "url", S("/"));
    json_object_end(&s->j);
}

static void author(struct schema *s)
{
    str name = s->page->about.author;
    key_object(s, "author", "Organization");
    json_kstr(&s->j, "name", name.len ? name : S("Aanjager"));
    json_object_end(&s->j);
}

static void article(struct schema *s, const char *type)
{
    const struct page *page = s->page;
    object(s, type);
    key_url(s, "@id", page->canonical);
    key_url(s, "url", page->canonical);
    json_kstr(&s->j, "name", page->title);
    json_kstr(&s->j, "headline", page->title);
    json_kstr(&s->j, "description", page->description);
    json_kstr(&s->j, "inLanguage", S("nl"));
    json_kstr(&s->j, "datePublished", page->about.published);
    json_kstr(&s->j, "dateModified", page->about.modified);
    json_kbool(&s->j, "isAccessibleForFree", true);
    if (page->about.licence_url.len)
        json_kstr(&s->j, "license", page->about.licence_url);
    author(s);
    publisher(s);
    part_of(s);
    terms(s);
    if (page->about.kind == PAGE_HOW_TO)
        steps(s);
    json_object_end(&s->j);
}

static void item_list(struct schema *s)
{
    const struct page *page = s->page;
    object(s, "ItemList");
    key_url(s, "@id", page->canonical);
    key_url(s, "url", page->canonical);
    json_kstr(&s->j, "name", page->title);
    json_kstr(&s->j, "description", page->description);
    json_kstr(&s->j, "itemListOrder", S("https://schema.org/ItemListOrderAscending"));
    json_kint(&s->j, "numberOfItems", (long long)page->about.items_count);
    json_key(&s->j, "itemListElement");
    json_array_begin(&s->j);
    for (size_t i = 0; i < page->about.items_count; i++) {
        object(s, "ListItem");
        json_kint(&s->j, "position", (long long)i + 1);
        json_kstr(&s->j, "name", page->about.items[i].name);
        key_url(s, "url", page->about.items[i].url);
        json_object_end(&s->j);
    }
    json_array_end(&s->j);
    json_object_end(&s->j);
}

static void crumbs(struct schema *s)
{
    const struct page *page = s->page;
    object(s, "BreadcrumbList");
    json_key(&s->j, "itemListElement");
    json_array_begin(&s->j);
    for (size_t i = 0; i < page->crumb_count; i++) {
        str url = page->crumbs[i].url.len ? page->crumbs[i].url : page->canonical;
        object(s, "ListItem");
        json_kint(&s->j, "position", (long long)i + 1);
        json_kstr(&s->j, "name", page->crumbs[i].name);
        if (url.len)
            key_url(s, "item", url);
        json_object_end(&s->j);
    }
    json_array_end(&s->j);
    json_object_end(&s->j);
}

static void graph(struct schema *s)
{
    static const char *const types[] = {
        [PAGE_ARTICLE] = "Article", [PAGE_TECH_ARTICLE] = "TechArticle", [PAGE_HOW_TO] = "HowTo"};
    enum page_kind kind = s->page->about.kind;
    json_object_begin(&s->j);
    json_kstr(&s->j, "@context", S("https://schema.org"));
    json_key(&s->j, "@graph");
    json_array_begin(&s->j);
    if (kind == PAGE_HOME)
        website(s);
    else if (kind == PAGE_ITEM_LIST)
        item_list(s);
    else if (kind != PAGE_PLAIN)
        article(s, types[kind]);
    if (s->page->crumb_count)
        crumbs(s);
    json_array_end(&s->j);
    json_object_end(&s->j);
}

html page_schema(struct ctx *c, const struct page *p)
{
    struct schema s = {.c = c, .page = p, .origin = http_public_origin(c)};
    struct buf b;
    struct out o;
    if (p->about.kind == PAGE_PLAIN && !p->crumb_count)
        return (html){S("")};
    out_begin(&o, &b, c->arena, SCHEMA_MAX);
    out_lit(&o, "<script type=\"application/ld+json\">");
    json_begin(&s.j, &b);
    graph(&s);
    out_lit(&o, "</script>");
    return out_take(&o);
}
