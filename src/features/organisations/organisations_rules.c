/* What an organisation is called, where it stands, and how a file of them reads. Pure. */
#include "organisations/organisations_int.h"

#include "base/buf.h"
#include "base/utf8.h"
#include "base/vec.h"
#include "dutch/dutch.h"
#include "table/csv.h"

enum { MAX_SLUG = 100, MAX_CODE = 20, MAX_INHABITANTS = 20000000 };

const struct organisation_kind organisation_kinds[] = {
    {"gemeente", "Gemeente", "Gemeenten", false, false},
    {"provincie", "Provincie", "Provincies", false, false},
    {"woondealregio", "Woondealregio", "Woondealregio’s", false, true},
    {"rijk", "Rijk", "Rijksorganisaties", false, false},
    {"overheid", "Andere overheid", "Andere overheden", false, false},
    {"corporatie", "Woningcorporatie", "Woningcorporaties", false, false},
    {"marktpartij", "Marktpartij", "Marktpartijen", true, false},
    {"kennisinstelling", "Kennisinstelling", "Kennisinstellingen", false, false},
    {"maatschappelijk", "Maatschappelijke organisatie", "Maatschappelijke organisaties", false,
     false},
};
const size_t organisation_kind_count = COUNT_OF(organisation_kinds);

const struct organisation_kind *organisation_kind_of(str code)
{
    for (size_t i = 0; i < organisation_kind_count; i++)
        if (str_eqz(code, organisation_kinds[i].code))
            return &organisation_kinds[i];
    return NULL;
}

/* ---- finding ---- */

const struct organisation *organisation_by_code(const struct organisations *list, str code)
{
    for (size_t i = 0; i < list->count; i++)
        if (str_eq(list->items[i].code, code))
            return &list->items[i];
    return NULL;
}

const struct organisation *organisation_by_slug(const struct organisations *list, str slug)
{
    for (size_t i = 0; i < list->count; i++)
        if (str_eq(list->items[i].slug, slug))
            return &list->items[i];
    return NULL;
}

const struct organisation *organisation_by_id(const struct organisations *list, long long id)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i].id == id)
            return &list->items[i];
    return NULL;
}

/* Names of these kinds are names of places: without the kind nobody knows which of the two is
 * meant. */
static bool is_place(str kind)
{
    return str_eqz(kind, "gemeente") || str_eqz(kind, "provincie") ||
           str_eqz(kind, "woondealregio");
}

str organisation_full_name(struct arena *a, const struct organisation *o)
{
    if (!is_place(o->kind))
        return o->name;
    return str_fmt(a, "%s %.*s", organisation_kind_of(o->kind)->name, (int)o->name.len,
                   o->name.ptr);
}

/* Words without accents, capitals and marks. Hyphens and apostrophes part them: inside a word the
 * analysis takes them as joining marks. */
static str words_of(struct arena *a, str text, char between)
{
    struct buf b;
    char *spaced = arena_alloc(a, text.len + 1);
    for (size_t i = 0; i < text.len; i++)
        spaced[i] = text.ptr[i] == '-' || text.ptr[i] == '\'' ? ' ' : text.ptr[i];
    str rest = str_of(spaced, text.len), word;
    buf_init(&b, a, text.len * 4 + 1); /* folding may write one letter as several */
    while (dutch_next_word(&rest, &word)) {
        if (b.len)
            buf_add_byte(&b, between);
        buf_add(&b, dutch_fold(a, word));
    }
    return buf_str(&b);
}

str organisation_words(struct arena *a, str text)
{
    return words_of(a, text, ' ');
}

bool organisation_fits(const struct organisation *o, str words)
{
    return str_find(o->words, words) != STR_NONE;
}

/* Empty when the name has letters that an address cannot have. */
static str slug_of(struct arena *a, const struct organisation *o)
{
    str slug = words_of(a, organisation_full_name(a, o), '-');
    for (size_t i = 0; i < slug.len; i++) {
        char byte = slug.ptr[i];
        if (!((byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9') || byte == '-'))
            return S("");
    }
    slug = str_slice(slug, 0, MAX_SLUG);
    return str_ends(slug, S("-")) ? str_slice(slug, 0, slug.len - 1) : slug;
}

/* ---- order ---- */

struct place {
    size_t kind;
    str key;
    struct organisation organisation;
};

static int compare_places(const void *a, const void *b)
{
    const struct place *x = a, *y = b;
    if (x->kind != y->kind)
        return x->kind < y->kind ? -1 : 1;
    int order = str_cmp(x->key, y->key);
    return order ? order : str_cmp(x->organisation.code, y->organisation.code);
}

void organisations_sort(struct arena *a, struct organisation *items, size_t count)
{
    struct place *places = arena_array(a, count + 1, sizeof *places);
    for (size_t i = 0; i < count; i++) {
        const struct organisation_kind *kind = organisation_kind_of(items[i].kind);
        places[i] =
            (struct place){kind ? (size_t)(kind - organisation_kinds) : organisation_kind_count,
                           words_of(a, items[i].name, ' '), items[i]};
    }
    if (count)
        qsort(places, count, sizeof *places, compare_places);
    for (size_t i = 0; i < count; i++)
        items[i] = places[i].organisation;
}

long long organisation_hash(struct arena *a, const struct organisation *o)
{
    str all = str_fmt(a, "%.*s\x1f%.*s\x1f%.*s\x1f%.*s\x1f%lld\x1f%lld", (int)o->kind.len,
                      o->kind.ptr, (int)o->code.len, o->code.ptr, (int)o->name.len, o->name.ptr,
                      (int)o->province.len, o->province.ptr, o->inhabitants, o->urbanisation);
    return (long long)(str_hash(all) & INT64_MAX);
}

/* ---- a file ---- */

struct columns {
    int kind, code, name, province, inhabitants, urbanisation, members;
};

static bool is_code(str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (!((s.ptr[i] >= 'A' && s.ptr[i] <= 'Z') || (s.ptr[i] >= '0' && s.ptr[i] <= '9') ||
              s.ptr[i] == '-'))
            return false;
    return s.len && s.len <= MAX_CODE;
}

static int find_columns(struct ctx *c, const struct csv *t, struct columns *ret)
{
    *ret = (struct columns){
        csv_column(t, "soort"),     csv_column(t, "code"),     csv_column(t, "naam"),
        csv_column(t, "provincie"), csv_column(t, "inwoners"), csv_column(t, "stedelijkheid"),
        csv_column(t, "leden"),
    };
    if (ret->kind < 0 || ret->code < 0 || ret->name < 0)
        return err_set(c, ERR_INVALID,
                       "De eerste rij moet de kolommen soort, code en naam noemen. Ook mogelijk: "
                       "provincie, inwoners, stedelijkheid, leden.");
    return 0;
}

static int read_number(struct ctx *c, size_t row, const char *name, str text, long long max,
                       long long *ret)
{
    *ret = 0;
    if (text.len && !str_int(text, 0, max, ret))
        return err_set(c, ERR_INVALID, "rij %zu: %s moet een getal van 0 tot en met %lld zijn.",
                       row, name, max);
    return 0;
}

static int read_members(struct ctx *c, size_t row, str text, struct organisation_line *line)
{
    const struct organisation_kind *kind = organisation_kind_of(line->organisation.kind);
    str *members = arena_array(c->arena, ORGANISATION_MAX_MEMBERS, sizeof *members);
    str rest = text, word;
    while (rest.len && str_split(&rest, ' ', &word)) {
        if (!word.len)
            continue;
        if (line->member_count == ORGANISATION_MAX_MEMBERS)
            return err_set(c, ERR_LIMIT, "rij %zu: meer dan %d leden kan niet.", row,
                           ORGANISATION_MAX_MEMBERS);
        members[line->member_count++] = word;
    }
    if (line->member_count && !kind->members)
        return err_set(c, ERR_INVALID, "rij %zu: alleen een woondealregio heeft leden.", row);
    line->members = members;
    line->names_members = kind->members;
    return 0;
}

static int check_line(struct ctx *c, size_t row, const struct organisation *o)
{
    if (!organisation_kind_of(o->kind))
        return err_set(
            c, ERR_INVALID,
            "rij %zu: de soort \"%.*s\" bestaat niet. Kies gemeente, provincie, "
            "woondealregio, rijk, overheid, corporatie, marktpartij, kennisinstelling of "
            "maatschappelijk.",
            row, (int)str_slice(o->kind, 0, 40).len, o->kind.ptr);
    if (!is_code(o->code))
        return err_set(
            c, ERR_INVALID,
            "rij %zu: een code bestaat uit hoofdletters, cijfers en streepjes, hoogstens "
            "%d tekens.",
            row, MAX_CODE);
    if (!o->name.len || !utf8_valid(o->name) || utf8_has_control(o->name) ||
        utf8_length(o->name) > ORGANISATION_MAX_NAME)
        return err_set(c, ERR_INVALID, "rij %zu: vul een naam in van hoogstens %d tekens.", row,
                       ORGANISATION_MAX_NAME);
    return 0;
}

static int read_line(struct ctx *c, const struct csv *t, const struct columns *at, size_t row,
                     struct organisation_line *ret)
{
    struct organisation *o = &ret->organisation;
    *ret = (struct organisation_line){0};
    o->kind = str_trim(csv_cell(t, row, at->kind));
    o->code = str_trim(csv_cell(t, row, at->code));
    o->name = str_trim(csv_cell(t, row, at->name));
    o->province = str_trim(csv_cell(t, row, at->province));
    TRY(check_line(c, row + 1, o));
    TRY(read_number(c, row + 1, "inwoners", str_trim(csv_cell(t, row, at->inhabitants)),
                    MAX_INHABITANTS, &o->inhabitants));
    TRY(read_number(c, row + 1, "stedelijkheid", str_trim(csv_cell(t, row, at->urbanisation)), 5,
                    &o->urbanisation));
    o->slug = slug_of(c->arena, o);
    if (!o->slug.len)
        return err_set(c, ERR_INVALID, "rij %zu: schrijf de naam met gewone letters en cijfers.",
                       row + 1);
    return at->members < 0 ? 0 : read_members(c, row + 1, csv_cell(t, row, at->members), ret);
}

int organisations_read(struct ctx *c, str text, struct organisation_line **ret, size_t *ret_count)
{
    struct csv t;
    struct columns at;
    TRY(csv_read(c, text, ORGANISATIONS_MAX, &t));
    if (!t.count)
        return err_set(c, ERR_INVALID, "Het bestand is leeg.");
    TRY(find_columns(c, &t, &at));
    struct organisation_line *lines = arena_array(c->arena, t.count, sizeof *lines);
    for (size_t i = 1; i < t.count; i++)
        TRY(read_line(c, &t, &at, i, &lines[i - 1]));
    *ret = lines;
    *ret_count = t.count - 1;
    return 0;
}

/* ---- mail domains ---- */

/* Where anybody can have an address: such a domain says nothing about an organisation. */
static const char *const open_domains[] = {
    "gmail.com",    "googlemail.com", "outlook.com",    "hotmail.com", "hotmail.nl",
    "live.nl",      "live.com",       "msn.com",        "icloud.com",  "me.com",
    "mac.com",      "yahoo.com",      "yahoo.nl",       "proton.me",   "gmx.com",
    "gmx.net",      "aol.com",        "protonmail.com", "ziggo.nl",    "kpnmail.nl",
    "xs4all.nl",    "planet.nl",      "home.nl",        "hetnet.nl",   "upcmail.nl",
    "casema.nl",    "chello.nl",      "tele2.nl",       "zonnet.nl",   "quicknet.nl",
    "kpnplanet.nl", "solcon.nl",      "caiway.nl",      "caiway.net",  "zeelandnet.nl",
    "telfort.nl",   "online.nl",      "outlook.nl",     "freedom.nl",  "mailbox.org",
};

static bool is_label(str s)
{
    for (size_t i = 0; i < s.len; i++) {
        bool letter = (s.ptr[i] >= 'a' && s.ptr[i] <= 'z') || (s.ptr[i] >= '0' && s.ptr[i] <= '9');
        if (!letter && (s.ptr[i] != '-' || i == 0 || i + 1 == s.len))
            return false;
    }
    return s.len >= 1 && s.len <= 63;
}

static bool is_domain(str s)
{
    size_t labels = 0;
    str rest = s, label;
    while (rest.ptr && str_split(&rest, '.', &label)) {
        if (!is_label(label))
            return false;
        labels++;
    }
    return labels >= 2 && s.len <= ORGANISATION_MAX_DOMAIN;
}

int organisation_domain_read(struct ctx *c, str text, str *ret)
{
    str domain = str_lower_ascii(c->arena, str_trim(text));
    if (!is_domain(domain))
        return err_set(c, ERR_INVALID,
                       "Schrijf een maildomein als \"gemeente.nl\": wat achter het apenstaartje "
                       "staat.");
    for (size_t i = 0; i < COUNT_OF(open_domains); i++)
        if (str_eqz(domain, open_domains[i]))
            return err_set(c, ERR_INVALID,
                           "Bij %s kan iedereen een adres krijgen. Zo'n domein hoort niet bij één "
                           "organisatie.",
                           open_domains[i]);
    *ret = domain;
    return 0;
}
