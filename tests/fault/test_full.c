/* A full disk, by calls that fail: for where test_disk.c may not make a small one. */
#include "fault.h"
#include "web.h"

#include <errno.h>

#include "library/library_int.h"

static const struct fault disk_full = {FAULT_FILE, 0, true, ENOSPC};

#define ITEM(text)                                                                                 \
    "---\nslug: vol\ntitle: Proef\ntype: werkwijze\nsummary: Een proef.\n"                         \
    "phases: [\"5\"]\nbottlenecks: [PRO]\nthemes: [grond]\nactors: [planoloog]\n"                  \
    "sources:\n  - title: Bron\nlicence: CC-BY-4.0\ncertainty: opgezocht\n"                        \
    "evidence: onvoldoende\n---\n" text "\n"

static int save_body(struct ctx *c, void *arg)
{
    struct item item;
    enum library_saved saved;
    TRY(library_document_read(c, NULL, str_from(arg), &item));
    return library_store_save(c, &item, S("Test"), S("Test"), &saved);
}

static struct ctx fresh(const struct web *w)
{
    struct ctx c = w->app.ctx;
    c.arena = arena_new();
    c.lease = NULL;
    return c;
}

static void reading_goes_on_and_writing_says_so(void **state _unused_)
{
    struct web *w = web_begin();
    struct ctx c = fresh(w);
    web_save(w, ITEM("Eerst."));
    fault_arm(&disk_full);
    CHECK_INT(library_store_transaction(&c, save_body, (void *)(uintptr_t)ITEM("Niet.")), ERR_BUSY);
    CHECK_STR(c.err.msg, S("De schijf is vol. Maak ruimte vrij en probeer het opnieuw."));
    struct http_response rs = web_get(w, "/kennisbank/vol");
    CHECK_INT(rs.status, 200);
    CHECK(web_has(&rs, "Eerst."));
    rs = web_get(w, "/zoeken?q=grond");
    CHECK_INT(rs.status, 200);
    CHECK(fault_disarm().failed > 0);
    CHECK_OK(&c, library_store_transaction(&c, save_body, (void *)(uintptr_t)ITEM("Weer wel.")));
    rs = web_get(w, "/kennisbank/vol");
    CHECK(web_has(&rs, "Weer wel."));
    CHECK_OK(&c, db_integrity_check(&c));
    arena_free(c.arena);
    web_end(w);
}

static void the_index_catches_up_later(void **state _unused_)
{
    struct web *w = web_begin();
    struct ctx c = fresh(w);
    size_t done;
    CHECK_OK(&c, library_store_transaction(&c, save_body, (void *)(uintptr_t)ITEM("Roerdomp.")));
    fault_arm(&disk_full);
    CHECK(index_catch_up(&c, c.index, &done) < 0);
    struct http_response rs = web_get(w, "/zoeken?q=roerdomp");
    CHECK_INT(rs.status, 200);
    CHECK(!web_has(&rs, "/kennisbank/vol"));
    CHECK(fault_disarm().failed > 0);
    CHECK_OK(&c, index_catch_up(&c, c.index, &done));
    rs = web_get(w, "/zoeken?q=roerdomp");
    CHECK(web_has(&rs, "/kennisbank/vol"));
    arena_free(c.arena);
    web_end(w);
}

TEST_MAIN(TEST(reading_goes_on_and_writing_says_so), TEST(the_index_catches_up_later))
