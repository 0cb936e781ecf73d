/* index_demo.h - an index over a source in memory and the change feed of a database in memory.

   Documents are kept in a table of this file; demo_put and demo_remove change it and note that in
   the feed, in a transaction, as a feature would. */
#pragma once

#include "test.h"

#include <pthread.h>
#include <unistd.h>

#include "base/file.h"
#include "base/vec.h"
#include "db/db.h"
#include "index/index.h"

enum { DEMO_MAX = 4000 };

struct demo_document {
    bool public;
    struct index_document d;
};

static struct demo {
    struct ctx c;
    struct ctx load; /* copies of texts live here */
    pthread_mutex_t lock;
    struct demo_document document[DEMO_MAX + 1];
    long long failing; /* the object that load cannot reach now; 0: none */
    int load_code;     /* when not 0: what load gives back for every object */
    struct index *ix;
    str folder;
} demo = {.lock = PTHREAD_MUTEX_INITIALIZER};

static const char *const demo_facets[] = {"soort", "fase", "knelpunt", "thema", "rol"};

static int demo_load(struct ctx *c, long long id, struct index_document *ret)
{
    pthread_mutex_lock(&demo.lock);
    bool found = id > 0 && id <= DEMO_MAX && demo.document[id].public;
    if (found)
        *ret = demo.document[id].d;
    pthread_mutex_unlock(&demo.lock);
    if (id == demo.failing)
        return err_detail(c, ERR_BUSY, "away");
    if (demo.load_code)
        return err_detail(c, demo.load_code, "told to fail");
    return found ? 0 : ERR_NOT_FOUND;
}

static int demo_list(struct ctx *c, long long after, size_t limit, long long **ret,
                     size_t *ret_count)
{
    long long *ids = arena_array(c->arena, limit, sizeof *ids);
    size_t count = 0;
    pthread_mutex_lock(&demo.lock);
    for (long long id = after < 0 ? 1 : after + 1; id <= DEMO_MAX && count < limit; id++)
        if (demo.document[id].public)
            ids[count++] = id;
    pthread_mutex_unlock(&demo.lock);
    *ret = ids;
    *ret_count = count;
    return 0;
}

static const struct index_source demo_sources[] = {{"item", demo_load, demo_list}};

static int demo_note(struct ctx *c, void *arg)
{
    return db_change(c, "item", *(const long long *)arg);
}

static inline void demo_change(long long id)
{
    CHECK_OK(&demo.c, db_transaction(&demo.c, demo_note, &id));
    db_lease_release(&demo.c);
}

static inline void demo_put(long long id, struct index_document d)
{
    pthread_mutex_lock(&demo.lock);
    demo.document[id] = (struct demo_document){true, d};
    if (!d.url.len)
        demo.document[id].d.url = str_fmt(demo.load.arena, "/kennisbank/%lld", id);
    pthread_mutex_unlock(&demo.lock);
    demo_change(id);
}

static inline void demo_text(long long id, const char *title, const char *body)
{
    demo_put(id, (struct index_document){
                     .title = str_from(title), .body = str_from(body), .type = S("kennis")});
}

static inline void demo_remove(long long id)
{
    pthread_mutex_lock(&demo.lock);
    demo.document[id].public = false;
    pthread_mutex_unlock(&demo.lock);
    demo_change(id);
}

static inline size_t demo_catch_up(void)
{
    size_t done = 0;
    CHECK_OK(&demo.c, index_catch_up(&demo.c, demo.ix, &done));
    return done;
}

static inline void demo_open_index(void)
{
    CHECK_OK(&demo.c, index_open(&demo.c, demo.folder, demo_sources, COUNT_OF(demo_sources),
                                 demo_facets, COUNT_OF(demo_facets), &demo.ix));
}

static inline int demo_begin(void **state)
{
    (void)state;
    struct db_options options = {.max_connections = 8, .busy_timeout_ms = 5000};
    char folder[] = "/tmp/index_test_XXXXXX";
    demo.c = (struct ctx){.arena = arena_new()};
    demo.load = (struct ctx){.arena = arena_new()};
    demo.load_code = 0;
    memset(demo.document, 0, sizeof demo.document);
    if (!mkdtemp(folder))
        return -1;
    demo.folder = str_fmt(demo.load.arena, "%s/index", folder);
    CHECK_OK(&demo.c, db_pool_open(&demo.c, S("sqlite::memory:"), &options, &demo.c.pool));
    CHECK_OK(&demo.c,
             db_exec(&demo.c,
                     "CREATE TABLE change (id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT "
                     "NULL, object_id BIGINT NOT NULL, at BIGINT NOT NULL)"));
    db_lease_release(&demo.c);
    demo_open_index();
    return 0;
}

static inline int demo_end(void **state)
{
    (void)state;
    index_close(demo.ix);
    str parent = str_slice(demo.folder, 0, demo.folder.len - strlen("/index"));
    CHECK_OK(&demo.c, file_remove_tree(&demo.c, parent));
    db_lease_release(&demo.c);
    db_pool_close(demo.c.pool);
    arena_free(demo.c.arena);
    arena_free(demo.load.arena);
    return 0;
}

/* ---- asking ---- */

static inline struct index_result demo_search_in(struct ctx *c, const char *text)
{
    struct index_result r;
    struct index_query q = {.text = str_from(text), .limit = 100};
    CHECK_OK(c, index_search(c, demo.ix, &q, &r));
    return r;
}

static inline struct index_result demo_search(const char *text)
{
    return demo_search_in(&demo.c, text);
}

static inline bool demo_has(const struct index_result *r, long long id)
{
    for (size_t i = 0; i < r->hit_count; i++)
        if (r->hits[i].id == id)
            return true;
    return false;
}

/* With all that was asked. */
static inline bool demo_has_complete(const struct index_result *r, long long id)
{
    for (size_t i = 0; i < r->hit_count; i++)
        if (r->hits[i].id == id)
            return !r->hits[i].partial;
    return false;
}

static inline bool demo_finds(const char *text, long long id)
{
    struct index_result r = demo_search(text);
    return demo_has_complete(&r, id) && !r.corrected.len;
}

static inline bool demo_same_hits(const char *a, const char *b)
{
    struct index_result x = demo_search(a), y = demo_search(b);
    if (x.complete != y.complete)
        return false;
    for (size_t i = 0; i < x.hit_count; i++)
        if (!x.hits[i].partial && !demo_has_complete(&y, x.hits[i].id))
            return false;
    return true;
}

/* The text with its spans in square brackets. */
static inline str demo_marked(struct arena *a, const struct index_text *t)
{
    str out = S("");
    size_t at = 0;
    for (size_t i = 0; i < t->span_count; i++) {
        CHECK(t->spans[i].start >= at && t->spans[i].end > t->spans[i].start &&
              t->spans[i].end <= t->text.len);
        out = str_join(a,
                       (str[]){out, str_slice(t->text, at, t->spans[i].start), S("["),
                               str_slice(t->text, t->spans[i].start, t->spans[i].end), S("]")},
                       5, S(""));
        at = t->spans[i].end;
    }
    return str_join(a, (str[]){out, str_slice(t->text, at, t->text.len)}, 2, S(""));
}
