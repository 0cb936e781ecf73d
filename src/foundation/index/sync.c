/* Following the change feed, and building a fresh generation beside the current one.

   Two locks: FOLDER/lock for whoever writes the current generation, held for one batch;
   FOLDER/rebuild.lock for whoever builds a new one, held for the whole build. So text that changes
   during a rebuild is still findable at once. Order: rebuild.lock before lock. */
#include <fcntl.h>
#include <limits.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/map.h"
#include "db/db.h"
#include "index/index_int.h"

enum {
    BATCH = 500,
    PAGE = 1000,
    COMMIT_EVERY = 5000,
    PROGRESS_EVERY = 100,
    WAIT_MS = 10000,
    BATCHES_MAX = 100000
};

/* One writing job. feed and load are calls of their own, so that memory and connections are given
 * back in between. */
struct job {
    struct ctx *c;
    struct index *ix;
    struct vocabulary *vocabulary;
    const char *path;          /* of the generation that is written */
    unsigned flags;            /* XAP_... */
    struct xap_writer *writer; /* NULL: not open */
    size_t uncommitted;        /* objects */
    struct ctx feed, load;
    long long last_change;
    size_t done;
    index_progress *progress;
    void *progress_arg;
    int broken; /* the first code of an object that could not be read, with its words in broken_err;
                   0: none */
    struct err broken_err;
};

static void job_begin(struct job *j, struct ctx *c, struct index *ix)
{
    *j = (struct job){.c = c, .ix = ix, .vocabulary = index_vocabulary_take(ix)};
    j->feed = j->load = *c;
    j->feed.arena = arena_new();
    j->load.arena = arena_new();
    j->feed.lease = j->load.lease = NULL;
}

static void job_end(struct job *j)
{
    xap_writer_close(j->writer);
    arena_free(j->load.arena);
    arena_free(j->feed.arena);
    index_vocabulary_give(j->ix, j->vocabulary);
}

/* Makes the error of an inner call the caller's, before the inner arena goes. */
static int pass_on(struct ctx *c, const struct ctx *inner, int code)
{
    err_pass(c, inner);
    c->err.code = code;
    return code;
}

/* What an index is made with: another layout than ours means that it must be built anew. The keys
   of a few words stand for the lexicon. */
static str layout_of(struct arena *a, const struct index *ix, const struct vocabulary *v)
{
    static const char *const probes[] = {"omgevingsvergunningsaanvraag",
                                         "stikstofruimte",
                                         "woningbouwopgaven",
                                         "plannen",
                                         "huizen",
                                         "gemeenteraadsbesluiten",
                                         "processen",
                                         "accessoires",
                                         "Houten",
                                         "bouwde",
                                         "grondexploitaties",
                                         "opgaven",
                                         "gevallen",
                                         "visies",
                                         "schepen",
                                         "netcongestie",
                                         "planologen",
                                         "kwaliteitsborging",
                                         "voorraad",
                                         "zwaarste"};
    struct buf b;
    buf_init(&b, a, 4096);
    buf_fmt(&b, "%d %s", INDEX_FORMAT, v->protect_mark.ptr);
    for (size_t i = 0; i < ix->facet_count; i++)
        buf_fmt(&b, " %s", ix->facets[i]);
    uint64_t hash = 0;
    for (size_t i = 0; i < COUNT_OF(probes); i++) {
        struct word w;
        analyser_word(v->analyser, a, str_from(probes[i]), &w);
        hash = hash * 31 + str_hash(w.key);
    }
    buf_fmt(&b, " %016llx", (unsigned long long)hash);
    return buf_str(&b);
}

/* ---- the writer, which is open from the first change to the commit ---- */

static int writer_open(struct job *j)
{
    return j->writer ? 0 : xap_writer_open(j->c, j->path, j->flags, &j->writer);
}

static void writer_close(struct job *j)
{
    xap_writer_close(j->writer);
    j->writer = NULL;
    j->uncommitted = 0;
}

static int writer_commit(struct job *j)
{
    TRY(writer_open(j));
    int code = xap_writer_commit(j->c, j->writer);
    writer_close(j);
    return code;
}

/* ---- one object ---- */

static const struct index_source *source_of(const struct index *ix, str kind)
{
    for (size_t i = 0; i < ix->source_count; i++)
        if (str_eqz(kind, ix->sources[i].kind))
            return &ix->sources[i];
    return NULL;
}

/* An object that cannot be read is taken out of the index, so that one bad object does not stop the
   rest; its error is given back at the end. When the database is away, everything waits. */
static int put_broken(struct job *j, int code, str kind, long long id)
{
    if (code == ERR_BUSY || code == ERR_DB)
        return pass_on(j->c, &j->load, code);
    if (!j->broken) {
        pass_on(j->c, &j->load, code);
        err_context(j->c, "index %s %lld", str_z(j->c->arena, kind), id);
        j->broken = code;
        j->broken_err = j->c->err;
    }
    return xap_writer_remove(j->c, j->writer, terms_id(j->c->arena, kind, id));
}

static int put_object(struct job *j, const struct index_source *source, long long id)
{
    struct index_document d = {0};
    struct xap_document x;
    str kind = str_from(source->kind);
    TRY(writer_open(j));
    arena_reset(j->load.arena);
    int code = source->load(&j->load, id, &d);
    if (code == ERR_NOT_FOUND)
        return xap_writer_remove(j->c, j->writer, terms_id(j->load.arena, kind, id));
    if (code < 0)
        return put_broken(j, code, kind, id);
    terms_of(j->load.arena, j->ix, j->vocabulary->analyser, kind, id, &d, &x);
    return xap_writer_put(j->c, j->writer, &x);
}

static int count_object(struct job *j)
{
    j->done++;
    j->uncommitted++;
    if (j->progress && j->done % PROGRESS_EVERY == 0)
        j->progress(j->progress_arg, j->done);
    return 0;
}

/* ---- the change feed ---- */

/* Takes in one batch of changes, each object once; *ret_rows tells how many rows there were. Does
 * not commit. */
static int take_batch(struct job *j, size_t *ret_rows)
{
    struct db_change_row *rows;
    arena_reset(j->feed.arena);
    int code = db_changes(&j->feed, j->last_change, BATCH, &rows, ret_rows);
    if (code < 0)
        return pass_on(j->c, &j->feed, code);
    db_lease_release(&j->feed);
    struct map *seen = map_new(j->feed.arena, *ret_rows);
    for (size_t i = 0; i < *ret_rows; i++) {
        const struct index_source *source = source_of(j->ix, rows[i].kind);
        str id = terms_id(j->feed.arena, rows[i].kind, rows[i].object_id);
        if (!source || map_get(seen, id))
            continue;
        map_put(seen, id, &rows[i]);
        TRY(put_object(j, source, rows[i].object_id));
        TRY(count_object(j));
    }
    if (*ret_rows)
        j->last_change = rows[*ret_rows - 1].id;
    return 0;
}

/* What stands in the feed at j->last_change. A database that was put back from a backup, or another
   one, has something else there, or nothing: then this index is not of it. */
static int feed_mark(struct job *j, str *ret)
{
    *ret = S("0");
    if (!j->last_change)
        return 0;
    int code =
        db_get_str(&j->feed, ret,
                   "SELECT kind || ' ' || CAST(object_id AS TEXT) || ' ' || CAST(at AS TEXT) "
                   "FROM change WHERE id = $1",
                   j->last_change);
    if (code == ERR_NOT_FOUND)
        *ret = S("-");
    else if (code < 0)
        return pass_on(j->c, &j->feed, code);
    *ret = str_dup(j->c->arena, *ret);
    db_lease_release(&j->feed);
    return 0;
}

static int commit(struct job *j)
{
    str last = str_fmt(j->c->arena, "%lld", j->last_change), mark;
    TRY(feed_mark(j, &mark));
    TRY(writer_open(j));
    TRY(xap_writer_set_metadata(j->c, j->writer, "last_change", last));
    TRY(xap_writer_set_metadata(j->c, j->writer, "last_mark", mark));
    return writer_commit(j);
}

static int take_all(struct job *j)
{
    for (size_t batch = 0, rows = BATCH; rows == BATCH && batch < BATCHES_MAX; batch++) {
        TRY(take_batch(j, &rows));
        if (rows)
            TRY(commit(j));
    }
    return 0;
}

static int read_last_change(struct job *j)
{
    str last;
    TRY(xap_writer_metadata(j->c, j->writer, "last_change", &last));
    j->last_change = 0;
    if (last.len && !str_int(last, 0, LLONG_MAX, &j->last_change))
        return err_detail(j->c, ERR_INTERNAL, "last_change is no number");
    return 0;
}

/* Opens generation `number` and takes in all changes. Called under FOLDER/lock. */
static int follow_feed(struct job *j, long long number)
{
    j->path = str_z(j->c->arena, folder_generation(j->c->arena, j->ix, number));
    j->flags = 0;
    TRY(writer_open(j));
    TRY(read_last_change(j));
    int code = take_all(j);
    writer_close(j);
    return code;
}

/* ---- rebuild ---- */

static int put_source(struct job *j, const struct index_source *source)
{
    long long after = LLONG_MIN;
    for (;;) {
        long long *ids;
        size_t count;
        arena_reset(j->feed.arena);
        int code = source->list(&j->feed, after, PAGE, &ids, &count);
        if (code < 0)
            return pass_on(j->c, &j->feed, code);
        if (j->feed.lease)
            db_lease_release(&j->feed);
        for (size_t i = 0; i < count; i++) {
            TRY(put_object(j, source, ids[i]));
            TRY(count_object(j));
            if (j->uncommitted == COMMIT_EVERY)
                TRY(writer_commit(j));
            after = ids[i];
        }
        if (!count)
            return 0;
    }
}

/* The place in the feed is read first: what changes during the build comes again afterwards. */
static int fill(struct job *j)
{
    int code = db_get_int(&j->feed, &j->last_change, "SELECT COALESCE(MAX(id), 0) FROM change");
    if (code < 0)
        return pass_on(j->c, &j->feed, code);
    db_lease_release(&j->feed);
    for (size_t i = 0; i < j->ix->source_count; i++)
        TRY(put_source(j, &j->ix->sources[i]));
    TRY(writer_open(j));
    TRY(xap_writer_set_metadata(j->c, j->writer, "layout",
                                layout_of(j->c->arena, j->ix, j->vocabulary)));
    TRY(commit(j));
    return take_all(j);
}

/* The build went without fsync: only a finished generation must survive a power cut. */
static int sync_folder(struct ctx *c, str path)
{
    str *names;
    size_t count;
    TRY(file_list(c, path, S(""), 100, &names, &count));
    for (size_t i = 0; i <= count; i++) {
        str file = i < count ? str_join(c->arena, (str[]){path, names[i]}, 2, S("/")) : path;
        int fd = open(str_z(c->arena, file), O_RDONLY | O_CLOEXEC);
        if (fd < 0)
            return err_detail(c, ERR_INTERNAL, "sync %s", str_z(c->arena, file));
        int result = fsync(fd);
        close(fd);
        if (result != 0)
            return err_detail(c, ERR_INTERNAL, "fsync %s", str_z(c->arena, file));
    }
    return 0;
}

static int build(struct job *j, long long number)
{
    struct ctx *c = j->c;
    str path = folder_generation(c->arena, j->ix, number);
    str beside = str_join(c->arena, (str[]){path, S("build")}, 2, S("."));
    j->path = str_z(c->arena, beside);
    j->flags = XAP_CREATE | XAP_QUICK;
    int code = fill(j);
    writer_close(j);
    TRY(code);
    TRY(xap_compact(c, str_z(c->arena, beside), str_z(c->arena, path)));
    TRY(file_remove_tree(c, beside));
    return sync_folder(c, path);
}

/* What changed since the build, then the switch, while nobody writes the old generation. */
static int go_over(struct job *j, long long number)
{
    int fd = -1;
    TRY(folder_lock(j->c, j->ix, "lock", WAIT_MS, &fd));
    int code = follow_feed(j, number);
    if (code == 0)
        code = folder_switch(j->c, j->ix, number);
    folder_unlock(fd);
    return code;
}

static int rebuild(struct job *j, int wait_ms)
{
    int fd, code = folder_lock(j->c, j->ix, "rebuild.lock", wait_ms, &fd);
    if (code == ERR_BUSY && wait_ms == 0)
        return 0; /* another process builds it */
    TRY(code);
    folder_clean(j->c, j->ix);
    long long number = folder_free_number(j->c, j->ix);
    code = build(j, number);
    if (code == 0)
        code = go_over(j, number);
    folder_clean(j->c, j->ix);
    folder_unlock(fd);
    return code;
}

/* Gives back what went wrong with single objects, when all else went well. */
static int finish(struct job *j, int code, size_t *ret_done)
{
    if (ret_done)
        *ret_done = j->done;
    if (code == 0 && j->broken) {
        j->c->err = j->broken_err;
        code = j->broken;
    }
    job_end(j);
    return code;
}

int index_rebuild(struct ctx *c, struct index *ix, index_progress *progress, void *arg)
{
    struct job j;
    job_begin(&j, c, ix);
    j.progress = progress;
    j.progress_arg = arg;
    int code = rebuild(&j, WAIT_MS);
    if (code == 0 && progress)
        progress(arg, j.done);
    return finish(&j, code, NULL);
}

/* ---- catching up ---- */

struct marks {
    str layout, last_change, last_mark;
};

static int read_marks(struct search *s, void *arg)
{
    struct marks *m = arg;
    TRY(xap_metadata(s->c, s->reader, "layout", &m->layout));
    TRY(xap_metadata(s->c, s->reader, "last_mark", &m->last_mark));
    return xap_metadata(s->c, s->reader, "last_change", &m->last_change);
}

/* Looks without a lock whether there is anything to do: most times there is not. */
static int look(struct job *j, bool *ret_stale, bool *ret_changed)
{
    struct marks m = {0};
    struct db_change_row *rows;
    size_t count;
    int code = index_with_reader(j->c, j->ix, read_marks, &m);
    *ret_stale = code == ERR_INTERNAL; /* damaged: build it anew */
    if (*ret_stale)
        return 0;
    TRY(code);
    *ret_stale = !str_eq(m.layout, layout_of(j->c->arena, j->ix, j->vocabulary)) ||
                 !str_int(m.last_change, 0, LLONG_MAX, &j->last_change);
    if (*ret_stale)
        return 0;
    str mark;
    TRY(feed_mark(j, &mark));
    *ret_stale = !str_eq(mark, m.last_mark);
    if (*ret_stale)
        return 0;
    code = db_changes(&j->feed, j->last_change, 1, &rows, &count);
    if (code < 0)
        return pass_on(j->c, &j->feed, code);
    db_lease_release(&j->feed);
    *ret_changed = count > 0;
    return 0;
}

static int follow_current_feed(struct job *j)
{
    int fd = -1;
    long long number;
    TRY(folder_lock(j->c, j->ix, "lock", WAIT_MS, &fd));
    int code = folder_current(j->c, j->ix, &number);
    if (code == 0)
        code = follow_feed(j, number);
    folder_unlock(fd);
    return code;
}

int index_catch_up(struct ctx *c, struct index *ix, size_t *ret_done)
{
    struct job j;
    bool stale = false, changed = false;
    job_begin(&j, c, ix);
    int code = look(&j, &stale, &changed);
    if (code == 0 && changed && !stale) {
        code = follow_current_feed(&j);
        stale = code ==
                ERR_INTERNAL; /* a commit died half-way: what is there can be read, not written */
        writer_close(&j);
    }
    if (stale)
        code = rebuild(&j, 0);
    return finish(&j, code, ret_done);
}
