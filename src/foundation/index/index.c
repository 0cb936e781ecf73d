/* Opening, closing, the vocabulary in use, and figures. */
#include <limits.h>
#include <sys/stat.h>

#include "base/file.h"
#include "index/index_int.h"

enum { MAX_ATTEMPTS = 20, OPEN_WAIT_MS = 10000 };

int index_facet_number(const struct index *ix, str name)
{
    for (size_t i = 0; i < ix->facet_count; i++)
        if (str_eqz(name, ix->facets[i]))
            return (int)i;
    return -1;
}

/* ---- vocabulary ---- */

struct vocabulary *index_vocabulary_take(struct index *ix)
{
    pthread_mutex_lock(&ix->lock);
    struct vocabulary *v = ix->vocabulary;
    v->users++;
    pthread_mutex_unlock(&ix->lock);
    return v;
}

void index_vocabulary_give(struct index *ix, struct vocabulary *v)
{
    pthread_mutex_lock(&ix->lock);
    bool last = --v->users == 0;
    pthread_mutex_unlock(&ix->lock);
    if (last)
        vocabulary_free(v);
}

static bool is_in_use(struct index *ix, uint64_t hash)
{
    pthread_mutex_lock(&ix->lock);
    bool same = ix->vocabulary && ix->vocabulary->hash == hash;
    pthread_mutex_unlock(&ix->lock);
    return same;
}

int index_set_vocabulary(struct ctx *c, struct index *ix, const struct index_vocabulary *v)
{
    struct vocabulary *made;
    if (is_in_use(ix, vocabulary_hash(v)))
        return 0;
    TRY(vocabulary_new(c, v, &made));
    made->users = 1;
    pthread_mutex_lock(&ix->lock);
    struct vocabulary *old = ix->vocabulary;
    ix->vocabulary = made;
    pthread_mutex_unlock(&ix->lock);
    if (old)
        index_vocabulary_give(ix, old);
    return 0;
}

/* ---- opening ---- */

/* An empty generation without a layout: the first catch-up then builds a full one. */
static int make_empty(struct ctx *c, struct index *ix)
{
    long long number = folder_free_number(c, ix);
    struct xap_writer *w;
    TRY(xap_writer_open(c, str_z(c->arena, folder_generation(c->arena, ix, number)), XAP_CREATE,
                        &w));
    int code = xap_writer_commit(c, w);
    xap_writer_close(w);
    TRY(code);
    return folder_switch(c, ix, number);
}

static int read_nothing(struct search *s _unused_, void *arg _unused_)
{
    return 0;
}

/* No generation yet, or one that cannot be read. Anything else that goes wrong may pass by itself.
 */
static bool needs_generation(struct ctx *c, struct index *ix, int code)
{
    return code == ERR_INTERNAL ||
           (code < 0 && !file_exists(c, folder_path(c->arena, ix, "current")));
}

/* A folder without a usable generation gets an empty one. */
static int open_folder(struct ctx *c, struct index *ix)
{
    int fd = -1, code = index_with_reader(c, ix, read_nothing, NULL);
    if (!needs_generation(c, ix, code))
        return code;
    TRY(folder_lock(c, ix, "lock", OPEN_WAIT_MS, &fd));
    code = index_with_reader(c, ix, read_nothing, NULL); /* another process may have made it */
    if (needs_generation(c, ix, code))
        code = make_empty(c, ix);
    folder_unlock(fd);
    return code;
}

int index_open(struct ctx *c, str folder, const struct index_source *sources, size_t source_count,
               const char *const *facets, size_t facet_count, struct index **ret)
{
    struct arena *a = arena_new();
    struct index *ix = arena_new_of(a, struct index);
    if (facet_count > INDEX_MAX_FACETS)
        BUG("too many facets");
    *ix = (struct index){.arena = a,
                         .folder = str_dup(a, folder),
                         .sources = sources,
                         .source_count = source_count,
                         .facets = facets,
                         .facet_count = facet_count};
    pthread_mutex_init(&ix->lock, NULL);
    int code = arena_strained(a) ? err_memory(c, "the index") : 0;
    if (code == 0)
        code = index_set_vocabulary(c, ix, &(struct index_vocabulary){0});
    if (code == 0)
        code = file_make_dirs(c, folder);
    if (code == 0)
        code = open_folder(c, ix);
    if (code < 0) {
        index_close(ix);
        return code;
    }
    *ret = ix;
    return 0;
}

void index_close(struct index *ix)
{
    if (!ix)
        return;
    folder_close(ix);
    if (ix->vocabulary)
        index_vocabulary_give(ix, ix->vocabulary);
    pthread_mutex_destroy(&ix->lock);
    arena_free(ix->arena);
}

/* ---- figures ---- */

static long long size_of_folder(struct ctx *c, str path)
{
    str *names;
    size_t count;
    long long size = 0;
    if (file_list(c, path, S(""), 100, &names, &count) < 0)
        return 0;
    for (size_t i = 0; i < count; i++) {
        struct stat st;
        str file = str_join(c->arena, (str[]){path, names[i]}, 2, S("/"));
        if (stat(file.ptr, &st) == 0)
            size += (long long)st.st_size;
    }
    return size;
}

static int read_status(struct search *s, void *arg)
{
    struct index_status *ret = arg;
    str last;
    TRY(xap_metadata(s->c, s->reader, "last_change", &last));
    *ret = (struct index_status){.documents = xap_document_count(s->reader),
                                 .size_bytes = size_of_folder(s->c, s->path)};
    if (last.len && !str_int(last, 0, LLONG_MAX, &ret->last_change))
        return err_detail(s->c, ERR_INTERNAL, "last_change is no number");
    return 0;
}

int index_status(struct ctx *c, struct index *ix, struct index_status *ret)
{
    return index_with_reader(c, ix, read_status, ret);
}

/* ---- reading ---- */

static int with_reader_once(struct ctx *c, struct index *ix, search_body *body, void *arg)
{
    struct lent_reader lent;
    TRY(folder_reader_take(c, ix, &lent));
    struct search s = {c, ix, index_vocabulary_take(ix), lent.reader, lent.generation->path};
    int code = body(&s, arg);
    index_vocabulary_give(ix, s.vocabulary);
    if (code == ERR_BUSY || code == ERR_INTERNAL) {
        /* It may have been stopped halfway by lack of memory: nobody gets it after us. */
        xap_reader_close(lent.reader);
        lent.reader = NULL;
    }
    folder_reader_give(ix, &lent);
    return code;
}

int index_with_reader(struct ctx *c, struct index *ix, search_body *body, void *arg)
{
    struct err before = c->err;
    int code = ERR_CONFLICT;
    for (int attempt = 0; attempt < MAX_ATTEMPTS && code == ERR_CONFLICT; attempt++) {
        if (attempt)
            (void)nanosleep(&(struct timespec){.tv_nsec = attempt * 1000000L}, NULL);
        code = with_reader_once(c, ix, body, arg);
    }
    if (code == ERR_CONFLICT)
        return err_detail(c, ERR_BUSY, "the index changes too often");
    if (code == 0)
        c->err = before;
    return code;
}
