#include "search/search_int.h"

#include "json/json.h"

enum { SEARCH_MAX_JSON = 512 * 1024 };

static void write_hit(struct json *j, const struct index_hit *hit)
{
    json_object_begin(j);
    json_kstr(j, "slug", hit->slug);
    json_kstr(j, "title", hit->title.text);
    json_kstr(j, "type", hit->type);
    if (hit->catalogue.len) {
        json_kstr(j, "catalogue", hit->catalogue);
    } else {
        json_key(j, "catalogue");
        json_null_value(j);
    }
    json_key(j, "score");
    json_double(j, hit->score, 2);
    json_kstr(j, "url", hit->url);
    json_kstr(j, "snippet", hit->snippet.text);
    json_object_end(j);
}

static void write_facet(struct json *j, const struct index_facet *facet)
{
    json_key(j, facet->name);
    json_array_begin(j);
    for (size_t i = 0; i < facet->count; i++) {
        json_object_begin(j);
        json_kstr(j, "value", facet->counts[i].value);
        json_kint(j, "count", (long long)facet->counts[i].count);
        json_object_end(j);
    }
    json_array_end(j);
}

static void write_result(struct json *j, const struct search_request *r,
                         const struct index_result *result)
{
    json_object_begin(j);
    json_kstr(j, "query", r->text);
    json_kint(j, "total", (long long)result->total);
    json_kbool(j, "totalExact", result->total_exact);
    json_kbool(j, "relaxed", result->relaxed);
    json_kstr(j, "corrected", result->corrected);
    json_kstr(j, "suggestion", result->suggestion);
    json_kint(j, "page", (long long)r->page);
    json_key(j, "results");
    json_array_begin(j);
    for (size_t i = 0; i < result->hit_count; i++)
        write_hit(j, &result->hits[i]);
    json_array_end(j);
    json_key(j, "facets");
    json_object_begin(j);
    for (size_t i = 0; i < result->facet_count; i++)
        write_facet(j, &result->facets[i]);
    json_object_end(j);
    json_object_end(j);
}

int search_api(struct ctx *c, const struct http_request *rq, struct http_response *rs)
{
    struct search_request r;
    struct index_result result;
    struct json j;
    search_request_read(rq, &r);
    TRY(search_run(c, &r, false, &result));
    buf_init(&rs->body, c->arena, SEARCH_MAX_JSON);
    json_begin(&j, &rs->body);
    write_result(&j, &r, &result);
    rs->content_type = "application/json; charset=utf-8";
    return 0;
}
