#include "search/search_int.h"

#include "db/db.h"

int search_store_vocabulary(struct ctx *c, struct index_vocabulary *ret)
{
    static const struct db_field synonym_fields[] = {
        {"from_words", DB_STR, offsetof(struct index_synonym, from)},
        {"to_words", DB_STR, offsetof(struct index_synonym, to)},
        {"both_ways", DB_BOOL, offsetof(struct index_synonym, both)},
    };
    static const struct db_field word_field[] = {{"word", DB_STR, 0}};
    struct index_synonym *synonyms;
    str *words;
    *ret = (struct index_vocabulary){0};
    TRY(db_all(c, synonym_fields, &synonyms, &ret->synonym_count,
               "SELECT from_words, to_words, both_ways FROM search_synonym ORDER BY id"));
    TRY(db_all(c, word_field, &words, &ret->protect_count,
               "SELECT word FROM search_protected ORDER BY word"));
    ret->synonyms = synonyms;
    ret->protect = words;
    return 0;
}

int search_store_starter_hash(struct ctx *c, str *ret)
{
    int code = db_get_str(c, ret, "SELECT hash FROM search_starter WHERE id = 1");
    if (code != ERR_NOT_FOUND)
        return code;
    *ret = S("");
    return 0;
}

struct starter {
    const struct index_vocabulary *vocabulary;
    str hash;
};

/* Replaces what the starter content brought before; what editors added stays. */
static int save_starter(struct ctx *c, void *arg)
{
    const struct starter *s = arg;
    const struct index_vocabulary *v = s->vocabulary;
    TRY(db_exec(c, "DELETE FROM search_synonym WHERE starter = 1"));
    TRY(db_exec(c, "DELETE FROM search_protected WHERE starter = 1"));
    for (size_t i = 0; i < v->synonym_count; i++)
        TRY(db_exec(c,
                    "INSERT INTO search_synonym (from_words, to_words, both_ways, starter) "
                    "VALUES ($1, $2, $3, 1) ON CONFLICT DO NOTHING",
                    v->synonyms[i].from, v->synonyms[i].to, v->synonyms[i].both));
    for (size_t i = 0; i < v->protect_count; i++)
        TRY(db_exec(c,
                    "INSERT INTO search_protected (word, starter) VALUES ($1, 1) "
                    "ON CONFLICT DO NOTHING",
                    v->protect[i]));
    return db_exec(c,
                   "INSERT INTO search_starter (id, hash) VALUES (1, $1) "
                   "ON CONFLICT (id) DO UPDATE SET hash = $1",
                   s->hash);
}

int search_store_starter(struct ctx *c, const struct index_vocabulary *v, str hash)
{
    struct starter s = {v, hash};
    return db_transaction(c, save_starter, &s);
}
