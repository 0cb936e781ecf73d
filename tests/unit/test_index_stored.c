/* What the index keeps of a document: read back whole, and refused when it is damaged. */
#include "test.h"

#include "index/index_int.h"

static const struct stored full = {.kind = STR("item"),
                                   .id = -7,
                                   .slug = STR("een-plan"),
                                   .url = STR("/kennisbank/een-plan"),
                                   .type = STR("kennis"),
                                   .catalogue = STR("C036"),
                                   .title = STR("Titel: met 3:dubbele punten"),
                                   .name = STR(""),
                                   .keywords = STR("a, b"),
                                   .summary = STR("Samenvatting."),
                                   .body = STR("Tekst.")};

static void a_document_comes_back_as_it_was(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct stored back;
    CHECK(stored_unpack(stored_pack(a, &full), &back));
    CHECK_INT(back.id, -7);
    CHECK_STR(back.title, full.title);
    CHECK_STR(back.name, S(""));
    CHECK_STR(back.body, full.body);
    arena_free(a);
}

static void a_cut_document_is_refused(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct stored back;
    str data = stored_pack(a, &full);
    for (size_t len = 0; len < data.len; len++)
        CHECK(!stored_unpack(str_dup(a, str_slice(data, 0, len)), &back));
    arena_free(a);
}

static void a_length_that_lies_is_refused(void **state)
{
    (void)state;
    static const char *const lies[] = {
        "", "1", "x:a", "-1:a", "99999999999999999999:a", "2:-x4:item", "1:a", "1:74:item9:een"};
    struct stored back;
    for (size_t i = 0; i < COUNT_OF(lies); i++)
        CHECK(!stored_unpack(str_from(lies[i]), &back));
}

TEST_MAIN(TEST(a_document_comes_back_as_it_was), TEST(a_cut_document_is_refused),
          TEST(a_length_that_lies_is_refused))
