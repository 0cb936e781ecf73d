/* What runs without a visitor: loading the municipalities and provinces. */
#include "organisations/organisations_int.h"

#include "base/embedded.h"

struct loading {
    const struct organisation_line *lines;
    size_t count;
    long long fingerprint;
};

static int load(struct ctx *c, void *arg)
{
    const struct loading *l = arg;
    for (size_t i = 0; i < l->count; i++)
        TRY(organisations_store_save_starter(c, &l->lines[i]));
    return organisations_store_set_starter_hash(c, l->fingerprint);
}

int organisations_start(struct ctx *c)
{
    const struct embedded_file *file =
        embedded_find(&embedded_content, S("data/organisations.csv"));
    struct organisation_line *lines;
    long long loaded;
    if (!file)
        BUG("organisations.csv is missing from the binary");
    struct loading l = {.fingerprint = (long long)(str_hash(str_from(file->hash)) & INT64_MAX)};
    TRY(organisations_store_starter_hash(c, &loaded));
    if (loaded == l.fingerprint)
        return 0;
    TRY(organisations_read(c, file->bytes, &lines, &l.count));
    l.lines = lines;
    return organisations_store_transaction(c, load, &l);
}
