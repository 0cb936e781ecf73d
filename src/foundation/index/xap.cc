/* The one file that knows Xapian. */
#include <xapian.h>

#include <algorithm>
#include <memory>
#include <new>
#include <unordered_map>
#include <vector>

#define _Noreturn [[noreturn]]
extern "C" {
#include "index/xap.h"

#include "base/child.h"
#include "base/vec.h"
}

namespace
{

enum { SLOT_CHANGED = 0, SLOT_FACETS = 1, SLOT_TOKENS = 2 };
constexpr size_t spelling_min = 4, spelling_max = 64;
constexpr size_t verify_max =
    3000; /* texts read for one phrase; after that the tokens decide alone */
constexpr const char *values_key = "values";

std::string text(str s)
{
    return std::string(s.ptr, s.len);
}

str text_of(struct ctx *c, const std::string &s)
{
    return str_dup(c->arena, str_of(s.data(), s.size()));
}

/* Runs f; what it throws becomes a code. */
template <typename F> int guarded(struct ctx *c, const char *what, F f)
{
    try {
        return f();
    } catch (const Xapian::DatabaseModifiedError &e) {
        return err_detail(c, ERR_CONFLICT, "%s: %s", what, e.get_msg().c_str());
    } catch (const Xapian::DatabaseLockError &e) {
        return err_detail(c, ERR_BUSY, "%s: %s", what, e.get_msg().c_str());
    } catch (const Xapian::Error &e) {
        return err_detail(c, ERR_INTERNAL, "%s: %s: %s %s", what, e.get_type(), e.get_msg().c_str(),
                          e.get_error_string() ? e.get_error_string() : "");
    } catch (const std::bad_alloc &) {
        return err_memory(c, what);
    } catch (const std::exception &e) {
        return err_detail(c, ERR_INTERNAL, "%s: %s", what, e.what());
    } catch (...) {
        return err_detail(c, ERR_INTERNAL, "%s: unknown exception", what);
    }
}

/* ---- facet values by number ---- */

struct facet_value {
    unsigned facet;
    std::string value;
};

/* Each value of each facet has a number, kept in the metadata; a document stores numbers. */
struct value_table {
    std::vector<facet_value> values;
    std::unordered_map<std::string, unsigned> numbers; /* key: facet letter + value */
    std::string stored;
};

std::string value_key(unsigned facet, const std::string &value)
{
    return std::string(1, static_cast<char>('0' + facet)) + value;
}

/* One line per value: facet digit, value. */
void value_table_load(value_table &t, const std::string &stored)
{
    t.values.clear();
    t.numbers.clear();
    t.stored = stored;
    for (size_t at = 0, end; at < stored.size(); at = end + 1) {
        end = stored.find('\n', at);
        if (end == std::string::npos)
            end = stored.size();
        std::string line = stored.substr(at, end - at);
        if (line.empty())
            continue;
        t.numbers[line] = static_cast<unsigned>(t.values.size());
        t.values.push_back({static_cast<unsigned>(line[0] - '0'), line.substr(1)});
    }
}

unsigned value_number(value_table &t, unsigned facet, const std::string &value)
{
    std::string key = value_key(facet, value);
    auto found = t.numbers.find(key);
    if (found != t.numbers.end())
        return found->second;
    unsigned number = static_cast<unsigned>(t.values.size());
    t.numbers[key] = number;
    t.values.push_back({facet, value});
    t.stored += key + '\n';
    return number;
}

} // namespace

/* ---- reading ---- */

struct xap_reader {
    Xapian::Database db;
    value_table values;

    explicit xap_reader(const char *path) : db(path)
    {
        value_table_load(values, db.get_metadata(values_key));
    }
};

struct xap_writer {
    Xapian::WritableDatabase db;
    value_table values;

    xap_writer(const char *path, int flags) : db(path, flags)
    {
        value_table_load(values, db.get_metadata(values_key));
    }
};

namespace
{

/* Reads one value slot of many documents. Going up through them is much quicker than asking each
   document; the matcher goes up. */
class value_walk
{
    Xapian::Database db;
    Xapian::valueno slot;
    Xapian::ValueIterator at;
    Xapian::docid last = 0;

  public:
    value_walk(const Xapian::Database &database, Xapian::valueno slot_number)
        : db(database), slot(slot_number)
    {
    }
    std::string get(Xapian::docid did)
    {
        if (last == 0 || did < last)
            at = db.valuestream_begin(slot);
        last = did;
        if (at == db.valuestream_end(slot))
            return std::string();
        at.skip_to(did);
        if (at == db.valuestream_end(slot) || at.get_docid() != did)
            return std::string();
        return *at;
    }
};

/* Counts facet values over the documents that the matcher looks at. */
class value_counter : public Xapian::MatchSpy
{
    value_walk walk;

  public:
    std::vector<size_t> counts;
    size_t seen = 0;

    value_counter(const Xapian::Database &db, size_t size) : walk(db, SLOT_FACETS), counts(size) {}
    void operator()(const Xapian::Document &d, double) override
    {
        const std::string packed = walk.get(d.get_docid());
        seen++;
        for (size_t i = 0; i + 1 < packed.size(); i += 2) {
            size_t number = static_cast<size_t>(static_cast<unsigned char>(packed[i])) << 8 |
                            static_cast<unsigned char>(packed[i + 1]);
            if (number < counts.size())
                counts[number]++;
        }
    }
};

/* Finds the documents whose token stream has a phrase, by walking the postings of its terms
   together and looking at the streams of the documents that have them all. */
class phrase_source : public Xapian::PostingSource
{
    const struct phrase &phrase;
    Xapian::Database db;
    std::vector<Xapian::PostingIterator> lists;
    std::unique_ptr<value_walk> walk;
    Xapian::docid at = 0;
    bool ended = false;
    Xapian::doccount most = 0;
    size_t verified = 0;

    bool has_sequence(const std::string &stream) const
    {
        const size_t n = phrase.token_count, count = stream.size() / 2;
        const char *bytes = stream.data();
        for (size_t i = 0; i + n <= count; i++) {
            size_t k = 0;
            for (uint16_t token; k < n; k++) {
                memcpy(&token, bytes + (i + k) * 2, 2);
                if ((token ^ phrase.tokens[k]) & phrase.mask)
                    break;
            }
            if (k == n)
                return true;
        }
        return false;
    }
    bool has_phrase(Xapian::docid did)
    {
        if (!has_sequence(walk->get(did)))
            return false;
        if (!phrase.verify || verified++ >= verify_max)
            return true;
        const std::string data = db.get_document(did, Xapian::DOC_ASSUME_VALID).get_data();
        return phrase.verify(phrase.arg, str_of(data.data(), data.size()));
    }
    /* The first document at or after did that has all terms; 0 when there is none. */
    Xapian::docid meet(Xapian::docid did)
    {
        const Xapian::PostingIterator end;
        for (size_t agreed = 0, i = 0; agreed < lists.size(); i = (i + 1) % lists.size()) {
            lists[i].skip_to(did);
            if (lists[i] == end)
                return 0;
            if (*lists[i] == did) {
                agreed++;
            } else {
                did = *lists[i];
                agreed = 1;
            }
        }
        return did;
    }

  public:
    explicit phrase_source(const struct phrase &p) : phrase(p) {}
    void init(const Xapian::Database &database) override
    {
        db = database;
        walk = std::make_unique<value_walk>(db, SLOT_TOKENS);
        at = 0;
        verified = 0;
        ended = phrase.term_count == 0;
        lists.clear();
        most = db.get_doccount();
        for (size_t i = 0; i < phrase.term_count; i++) {
            std::string term = text(phrase.terms[i]);
            most = std::min(most, db.get_termfreq(term));
            lists.push_back(db.postlist_begin(term));
        }
        ended = ended || most == 0;
    }
    Xapian::doccount get_termfreq_min() const override { return 0; }
    Xapian::doccount get_termfreq_est() const override { return most / 4; }
    Xapian::doccount get_termfreq_max() const override { return most; }
    void next(double least) override { skip_to(at + 1, least); }
    void skip_to(Xapian::docid did, double) override
    {
        if (did < at || ended)
            return;
        for (;;) {
            did = meet(did);
            if (did == 0) {
                ended = true;
                return;
            }
            if (did == at || has_phrase(did)) {
                at = did;
                return;
            }
            did++;
        }
    }
    bool check(Xapian::docid did, double) override
    {
        if (did <= at || ended)
            return true;
        Xapian::docid met = meet(did);
        ended = met == 0;
        if (ended)
            return true;
        if (met != did || !has_phrase(did))
            return false;
        at = did;
        return true;
    }
    bool at_end() const override { return ended; }
    Xapian::docid get_docid() const override { return at; }
};

/* The query and what must live as long as it does. OP_MAX is left alone: in Xapian 1.4 an OP_OR
   over an OP_MAX now and then reads memory that is not there. */
struct built {
    std::vector<std::unique_ptr<phrase_source>> sources;

    Xapian::Query all(const struct node *n, Xapian::Query::op op, size_t first)
    {
        std::vector<Xapian::Query> children;
        for (size_t i = first; i < n->count; i++)
            children.push_back(build(n->child[i]));
        return Xapian::Query(op, children.begin(), children.end());
    }
    Xapian::Query with_first(const struct node *n, Xapian::Query::op op)
    {
        Xapian::Query first = build(n->child[0]);
        return n->count < 2 ? first : Xapian::Query(op, first, all(n, Xapian::Query::OP_OR, 1));
    }
    Xapian::Query build_phrase(const struct node *n)
    {
        sources.push_back(std::make_unique<phrase_source>(*n->phrase));
        return Xapian::Query(sources.back().get());
    }
    Xapian::Query build(const struct node *n)
    {
        switch (n->kind) {
        /* Not Query::MatchAll and MatchNothing: those are shared, with a count of users that no
           lock guards. */
        case NODE_NONE:
            return Xapian::Query();
        case NODE_ALL:
            return Xapian::Query(std::string());
        case NODE_TERM:
            return Xapian::Query(text(n->term));
        case NODE_AND:
            return all(n, Xapian::Query::OP_AND, 0);
        case NODE_OR:
            return all(n, Xapian::Query::OP_OR, 0);
        case NODE_MAYBE:
            return with_first(n, Xapian::Query::OP_AND_MAYBE);
        case NODE_FILTER:
            return all(n, Xapian::Query::OP_FILTER, 0);
        case NODE_NOT:
            return with_first(n, Xapian::Query::OP_AND_NOT);
        case NODE_SCALE:
            return Xapian::Query(Xapian::Query::OP_SCALE_WEIGHT, build(n->child[0]), n->scale);
        case NODE_PHRASE:
            return build_phrase(n);
        case NODE_PREFIX:
            return Xapian::Query(Xapian::Query::OP_WILDCARD, text(n->term),
                                 static_cast<Xapian::termcount>(n->limit),
                                 Xapian::Query::WILDCARD_LIMIT_FIRST, Xapian::Query::OP_SYNONYM);
        }
        return Xapian::Query();
    }
};

void take_counts(struct ctx *c, struct xap_reader *r, const struct xap_request *q,
                 const value_counter &spy, struct xap_result *ret)
{
    std::vector<struct xap_count> counts;
    for (size_t i = 0; i < spy.counts.size(); i++) {
        const facet_value &v = r->values.values[i];
        size_t count = spy.counts[i];
        if (!count || !(q->facets >> v.facet & 1))
            continue;
        if (spy.seen && spy.seen < ret->total)
            count =
                static_cast<size_t>(static_cast<double>(count) * static_cast<double>(ret->total) /
                                    static_cast<double>(spy.seen));
        counts.push_back({v.facet, text_of(c, v.value), count});
    }
    std::sort(counts.begin(), counts.end(), [](const xap_count &a, const xap_count &b) {
        if (a.facet != b.facet)
            return a.facet < b.facet;
        return a.count != b.count ? a.count > b.count : str_cmp(a.value, b.value) < 0;
    });
    auto *copy = static_cast<struct xap_count *>(
        arena_array(c->arena, counts.size() + 1, sizeof(struct xap_count)));
    std::copy(counts.begin(), counts.end(), copy);
    ret->counts = copy;
    ret->count_count = counts.size();
}

/* The document's terms that begin with one of the prefixes. */
void take_terms(struct ctx *c, const Xapian::Document &d, const char *prefixes, struct xap_hit *hit)
{
    struct {
        str *items;
        size_t count, capacity;
    } found = {};
    for (; *prefixes; prefixes++) {
        const std::string prefix(1, *prefixes);
        auto i = d.termlist_begin();
        for (i.skip_to(prefix); i != d.termlist_end() && (*i)[0] == *prefixes; ++i) {
            found.items = static_cast<str *>(
                vec_grow_(c->arena, found.items, found.count, &found.capacity, sizeof(str)));
            found.items[found.count++] = text_of(c, *i);
        }
    }
    hit->terms = found.items;
    hit->term_count = found.count;
}

void take_hits(struct ctx *c, const Xapian::MSet &found, const char *prefixes,
               struct xap_result *ret)
{
    auto *hits = static_cast<struct xap_hit *>(
        arena_array(c->arena, found.size() + 1, sizeof(struct xap_hit)));
    size_t count = 0;
    for (auto i = found.begin(); i != found.end(); ++i) {
        struct xap_hit *hit = &hits[count++];
        *hit = {};
        hit->document = *i;
        hit->weight = i.get_weight();
        if (prefixes)
            take_terms(c, i.get_document(), prefixes, hit);
        else
            hit->data = text_of(c, i.get_document().get_data());
    }
    ret->hits = hits;
    ret->hit_count = count;
}

int match(struct ctx *c, struct xap_reader *r, const struct xap_request *q, struct xap_result *ret)
{
    built parts;
    Xapian::Enquire enquire(r->db);
    value_counter spy(r->db, r->values.values.size());
    enquire.set_query(parts.build(q->query));
    if (q->newest_first) {
        enquire.set_weighting_scheme(Xapian::BoolWeight());
        enquire.set_sort_by_value(SLOT_CHANGED, true);
    } else if (q->any_order) {
        enquire.set_weighting_scheme(Xapian::BoolWeight());
    } else {
        enquire.set_weighting_scheme(Xapian::BM25Weight(2.0, 0, 1, 0.4, 0.5));
    }
    if (q->facets)
        enquire.add_matchspy(&spy);
    Xapian::MSet found = enquire.get_mset(static_cast<Xapian::doccount>(q->offset),
                                          static_cast<Xapian::doccount>(q->limit),
                                          static_cast<Xapian::doccount>(q->check_at_least));
    *ret = {};
    ret->exact = found.get_matches_lower_bound() == found.get_matches_upper_bound();
    ret->total = found.get_matches_estimated();
    ret->best_weight = found.get_max_possible();
    if (q->facets && spy.seen < ret->total)
        ret->exact =
            false; /* the least fitting documents were not looked at: the counts are scaled up */
    take_hits(c, found, q->prefixes, ret);
    if (q->facets)
        take_counts(c, r, q, spy, ret);
    return 0;
}

int terms(struct ctx *c, struct xap_reader *r, str prefix, str from, size_t limit, str **ret,
          size_t *ret_count)
{
    struct {
        str *items;
        size_t count, capacity;
    } found = {};
    auto i = r->db.allterms_begin(text(prefix));
    if (from.len)
        i.skip_to(text(from));
    for (; i != r->db.allterms_end(text(prefix)) && found.count < limit; ++i) {
        found.items = static_cast<str *>(
            vec_grow_(c->arena, found.items, found.count, &found.capacity, sizeof(str)));
        found.items[found.count++] = text_of(c, *i);
    }
    *ret = found.items;
    *ret_count = found.count;
    return 0;
}

} // namespace

int xap_reader_open(struct ctx *c, const char *path, struct xap_reader **ret)
{
    return guarded(c, "open the index", [&] {
        *ret = new xap_reader(path);
        return 0;
    });
}

/* Closes the files and lets go of the lock, also when a search or a write that was stopped by lack
   of memory has left something behind in the library that still holds the database. */
template <typename T> static void close_database(T *x)
{
    try {
        x->db.close();
    } catch (...) {
    }
    try {
        delete x;
    } catch (...) {
    }
}

void xap_reader_close(struct xap_reader *r)
{
    if (r)
        close_database(r);
}

int xap_reader_refresh(struct ctx *c, struct xap_reader *r)
{
    return guarded(c, "reopen the index", [&] {
        if (r->db.reopen()) {
            std::string stored = r->db.get_metadata(values_key);
            if (stored != r->values.stored)
                value_table_load(r->values, stored);
        }
        return 0;
    });
}

int xap_match(struct ctx *c, struct xap_reader *r, const struct xap_request *q,
              struct xap_result *ret)
{
    return guarded(c, "search", [&] { return match(c, r, q, ret); });
}

int xap_frequency(struct ctx *c, struct xap_reader *r, str term, size_t *ret)
{
    return guarded(c, "frequency of a term", [&] {
        *ret = r->db.get_termfreq(text(term));
        return 0;
    });
}

int xap_nearest_word(struct ctx *c, struct xap_reader *r, str word, unsigned max_edits, str *ret)
{
    *ret = str_of("", 0);
    return guarded(c, "nearest word", [&] {
        *ret = text_of(c, r->db.get_spelling_suggestion(text(word), max_edits));
        return 0;
    });
}

int xap_terms(struct ctx *c, struct xap_reader *r, str prefix, str from, size_t limit, str **ret,
              size_t *ret_count)
{
    return guarded(c, "list terms",
                   [&] { return terms(c, r, prefix, from, limit, ret, ret_count); });
}

int xap_facet_values(struct ctx *c, struct xap_reader *r, unsigned facet, str **ret,
                     size_t *ret_count)
{
    return guarded(c, "facet values", [&] {
        *ret = static_cast<str *>(arena_array(c->arena, r->values.values.size() + 1, sizeof(str)));
        *ret_count = 0;
        for (const facet_value &v : r->values.values)
            if (v.facet == facet)
                (*ret)[(*ret_count)++] = text_of(c, v.value);
        return 0;
    });
}

int xap_metadata(struct ctx *c, struct xap_reader *r, const char *key, str *ret)
{
    return guarded(c, "metadata", [&] {
        *ret = text_of(c, r->db.get_metadata(key));
        return 0;
    });
}

size_t xap_document_count(struct xap_reader *r)
{
    try {
        return r->db.get_doccount();
    } catch (...) {
        return 0;
    }
}

/* ---- writing ---- */

namespace
{

/* The words that typing mistakes are mended to: words as written (prefix S) and base forms, not
   keys of compounds or numbers. Derived from a document's terms, so that what a document brought
   can be taken away exactly. */
bool is_spelling_word(const std::string &term, std::string *ret)
{
    size_t from = term[0] == 'S' ? 1 : 0;
    *ret = term.substr(from);
    if (ret->size() < spelling_min || ret->size() > spelling_max)
        return false;
    for (char byte : *ret)
        if ((byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') || byte == '+' ||
            byte == '~' || byte == '.')
            return false;
    return true;
}

void remove_spelling(struct xap_writer *w, Xapian::docid did)
{
    std::string word;
    for (auto i = w->db.termlist_begin(did); i != w->db.termlist_end(did); ++i)
        if (is_spelling_word(*i, &word))
            w->db.remove_spelling(word);
}

Xapian::docid find_id(struct xap_writer *w, const std::string &id)
{
    auto i = w->db.postlist_begin(id);
    return i == w->db.postlist_end(id) ? 0 : *i;
}

std::string packed_number(unsigned long long n, unsigned bytes)
{
    std::string s;
    for (unsigned i = bytes; i-- > 0;)
        s += static_cast<char>(n >> (8 * i) & 0xFF);
    return s;
}

int put(struct xap_writer *w, const struct xap_document *d)
{
    Xapian::Document x;
    std::string id = text(d->id), packed, word;
    x.set_data(text(d->data));
    for (size_t i = 0; i < d->term_count; i++)
        x.add_term(text(d->terms[i].term), d->terms[i].wdf);
    x.add_boolean_term(id);
    for (size_t i = 0; i < d->value_count; i++) {
        unsigned number = value_number(w->values, d->values[i].facet, text(d->values[i].value));
        if (number <= 0xFFFF)
            packed += packed_number(number, 2);
    }
    x.add_value(SLOT_FACETS, packed);
    x.add_value(SLOT_TOKENS, text(d->tokens));
    x.add_value(SLOT_CHANGED,
                packed_number(static_cast<unsigned long long>(d->changed_at) + (1ULL << 63), 8));
    Xapian::docid did = find_id(w, id);
    if (did) {
        remove_spelling(w, did);
        w->db.replace_document(did, x);
    } else {
        w->db.add_document(x);
    }
    for (auto i = x.termlist_begin(); i != x.termlist_end(); ++i)
        if (is_spelling_word(*i, &word))
            w->db.add_spelling(word);
    return 0;
}

} // namespace

int xap_writer_open(struct ctx *c, const char *path, unsigned flags, struct xap_writer **ret)
{
    int mode = flags & XAP_CREATE ? Xapian::DB_CREATE_OR_OPEN : Xapian::DB_OPEN;
    if (flags & XAP_QUICK)
        mode |= Xapian::DB_NO_SYNC;
    return guarded(c, "open the index for writing", [&] {
        *ret = new xap_writer(path, mode);
        return 0;
    });
}

void xap_writer_close(struct xap_writer *w)
{
    if (!w)
        return;
    try {
        w->db.begin_transaction(false); /* so that closing drops instead of commits */
    } catch (...) {
    }
    close_database(w);
}

int xap_writer_put(struct ctx *c, struct xap_writer *w, const struct xap_document *d)
{
    return guarded(c, "index a document", [&] { return put(w, d); });
}

int xap_writer_remove(struct ctx *c, struct xap_writer *w, str id)
{
    return guarded(c, "remove a document", [&] {
        Xapian::docid did = find_id(w, text(id));
        if (did) {
            remove_spelling(w, did);
            w->db.delete_document(did);
        }
        return 0;
    });
}

int xap_writer_set_metadata(struct ctx *c, struct xap_writer *w, const char *key, str value)
{
    return guarded(c, "set metadata", [&] {
        w->db.set_metadata(key, text(value));
        return 0;
    });
}

int xap_writer_metadata(struct ctx *c, struct xap_writer *w, const char *key, str *ret)
{
    return guarded(c, "metadata", [&] {
        *ret = text_of(c, w->db.get_metadata(key));
        return 0;
    });
}

namespace
{

bool commit(void *arg, char reason[CHILD_REASON])
{
    auto *w = static_cast<struct xap_writer *>(arg);
    try {
        w->db.commit();
        return true;
    } catch (const Xapian::Error &e) {
        const char *words = e.get_error_string();
        (void)snprintf(reason, CHILD_REASON, "%s: %s", e.get_msg().c_str(), words ? words : "");
    } catch (...) {
    }
    return false;
}

} // namespace

/* Xapian writes in destructors, where a failure (a full disk, no memory) ends the program: so the
   commit is made by a child, which has all that is to be written in its copy of our memory. When it
   dies, the index on disk is still the last commit. */
int xap_writer_commit(struct ctx *c, struct xap_writer *w)
{
    TRY(guarded(c, "commit", [&] {
        if (w->db.get_metadata(values_key) != w->values.stored)
            w->db.set_metadata(values_key, w->values.stored);
        return 0;
    }));
    return child_run(c, "commit", commit, w);
}

int xap_compact(struct ctx *c, const char *from, const char *to)
{
    return guarded(c, "compact", [&] {
        Xapian::Database(from).compact(std::string(to),
                                       Xapian::DBCOMPACT_NO_RENUMBER | Xapian::Compactor::FULL);
        return 0;
    });
}

str xap_name(struct arena *a, char prefix, str s)
{
    size_t front = prefix ? 1 : 0;
    bool cut = s.len + front > XAP_MAX_TERM;
    size_t kept = cut ? XAP_MAX_TERM - 40 : s.len;
    char *p = static_cast<char *>(
        arena_alloc(a, XAP_MAX_TERM + 1 > s.len ? s.len + 32 : XAP_MAX_TERM + 32));
    size_t n = 0;
    if (prefix)
        p[n++] = prefix;
    memcpy(p + n, s.ptr, kept);
    n += kept;
    if (cut)
        n += static_cast<size_t>(
            snprintf(p + n, 20, "~%016llx", static_cast<unsigned long long>(str_hash(s))));
    return str_of(p, n);
}
