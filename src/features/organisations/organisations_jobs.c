/* What runs without a visitor: loading the municipalities and provinces. */
#include "organisations/organisations_int.h"

#include "module/starter.h"

static int load_starter(struct ctx *c, const void *arg _unused_, str bytes)
{
    struct organisation_line *lines;
    size_t count;
    TRY(organisations_read(c, bytes, &lines, &count));
    for (size_t i = 0; i < count; i++)
        TRY(organisations_store_save_starter(c, &lines[i]));
    return 0;
}

int organisations_start(struct ctx *c)
{
    static const struct starter starter = {
        "data/organisations",
        ".csv",
        organisations_store_starter_hash,
        organisations_store_set_starter_hash,
        load_starter,
        organisations_store_transaction,
    };
    return starter_load(c, &starter, NULL);
}
