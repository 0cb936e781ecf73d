#include "dutch/suffix.h"

static bool is_vowel(char c)
{
    return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u' || c == 'y';
}

struct list {
    struct suffix_candidate *items;
    size_t count;
};

static void add(struct list *l, str stem, const char *tail, enum suffix_kind kind)
{
    size_t more = strlen(tail);
    if (l->count == SUFFIX_CANDIDATES || stem.len < 2 || stem.len + more > SUFFIX_MAX)
        return;
    struct suffix_candidate *c = &l->items[l->count++];
    memcpy(c->text, stem.ptr, stem.len);
    memcpy(c->text + stem.len, tail, more);
    c->len = stem.len + more;
    c->kind = kind;
}

/* What may stand before a lost ending that began with a vowel: plannen -> plan, huizen -> huis,
   planologen -> planoloog, vergunningen -> vergunning. */
static void add_stems(struct list *l, str s, enum suffix_kind kind)
{
    if (s.len < 2)
        return;
    char last = s.ptr[s.len - 1], before = s.ptr[s.len - 2];
    bool doubled = last == before && !is_vowel(last);
    if (doubled)
        add(l, str_slice(s, 0, s.len - 1), "", kind);
    bool soft = last == 'v' || last == 'z';
    char tail[3] = {last == 'v' ? 'f' : last == 'z' ? 's' : last, 0, 0};
    bool open = !is_vowel(last) && is_vowel(before) && before != 'i' && before != 'y' &&
                (s.len < 3 || !is_vowel(s.ptr[s.len - 3]));
    if (open) {
        char lengthened[3] = {before, tail[0], 0};
        add(l, str_slice(s, 0, s.len - 1), lengthened, kind);
    }
    if (soft)
        add(l, str_slice(s, 0, s.len - 1), tail, kind);
    add(l, s, "", kind);
}

static bool cut(str s, const char *ending, str *ret)
{
    str e = str_from(ending);
    if (!str_ends(s, e) || s.len < e.len + 2)
        return false;
    *ret = str_slice(s, 0, s.len - e.len);
    return true;
}

static void add_diminutives(struct list *l, str w)
{
    static const char *const endings[] = {"etje", "tje", "pje", "kje", "je"};
    str s = w, stem;
    if (str_ends(s, S("jes")))
        s = str_slice(s, 0, s.len - 1);
    for (size_t i = 0; i < COUNT_OF(endings); i++) {
        if (!cut(s, endings[i], &stem))
            continue;
        if (i == 0)
            add_stems(l, stem, SUFFIX_DIMINUTIVE);
        else if (i == 3)
            add(l, stem, "g", SUFFIX_DIMINUTIVE);
        add(l, stem, "", SUFFIX_DIMINUTIVE);
        if (stem.len > 3 && is_vowel(stem.ptr[stem.len - 1]) && /* autootje */
            stem.ptr[stem.len - 1] == stem.ptr[stem.len - 2])
            add(l, str_slice(stem, 0, stem.len - 1), "", SUFFIX_DIMINUTIVE);
    }
}

static void add_plurals(struct list *l, str w)
{
    str s;
    if (cut(w, "heden", &s))
        add(l, s, "heid", SUFFIX_PLURAL);
    if (cut(w, "en", &s)) {
        if (is_vowel(s.ptr[s.len - 1])) /* visien: visie; ideeen: idee */
            add(l, str_slice(w, 0, w.len - 1), "", SUFFIX_PLURAL);
        add_stems(l, s, SUFFIX_PLURAL);
        add(l, s, "e", SUFFIX_PLURAL);
    }
    if (cut(w, "eren", &s))
        add(l, s, "", SUFFIX_PLURAL);
    if (cut(w, "s", &s) && s.ptr[s.len - 1] != 's')
        add(l, s, "", SUFFIX_PLURAL);
    if (cut(w, "ici", &s))
        add(l, s, "icus", SUFFIX_PLURAL);
}

static void add_adjectives(struct list *l, str w)
{
    static const char *const endings[] = {"e", "ere", "dere", "er", "der", "ste", "st"};
    str s;
    for (size_t i = 0; i < COUNT_OF(endings); i++) {
        if (!cut(w, endings[i], &s))
            continue;
        if (endings[i][0] == 'e')
            add_stems(l, s, SUFFIX_ADJECTIVE);
        else
            add(l, s, "", SUFFIX_ADJECTIVE);
    }
}

size_t suffix_candidates(str w, struct suffix_candidate *ret)
{
    static const char *const endings[] = {"t", "de", "den", "te", "ten"};
    struct list l = {ret, 0};
    str s;
    if (w.len > SUFFIX_MAX - 4)
        return 0;
    add_plurals(&l, w);
    add_diminutives(&l, w);
    add_adjectives(&l, w);
    for (size_t i = 0; i < COUNT_OF(endings); i++)
        if (cut(w, endings[i], &s))
            add(&l, s, "", SUFFIX_VERB);
    return l.count;
}

static bool ends_in_any(str w, const char *const *endings, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (str_ends(w, str_from(endings[i])))
            return true;
    return false;
}

/* Endings of adjectives that are nothing else. */
static const struct {
    str from, to;
} adjectives[] = {
    {STR("bare"), STR("baar")},    {STR("loze"), STR("loos")},    {STR("zame"), STR("zaam")},
    {STR("ieve"), STR("ief")},     {STR("euze"), STR("eus")},     {STR("ele"), STR("eel")},
    {STR("ale"), STR("aal")},      {STR("ende"), STR("end")},     {STR("erde"), STR("erd")},
    {STR("aire"), STR("air")},     {STR("ige"), STR("ig")},       {STR("iger"), STR("ig")},
    {STR("igere"), STR("ig")},     {STR("igst"), STR("ig")},      {STR("igste"), STR("ig")},
    {STR("lijke"), STR("lijk")},   {STR("lijker"), STR("lijk")},  {STR("lijkere"), STR("lijk")},
    {STR("lijkst"), STR("lijk")},  {STR("lijkste"), STR("lijk")}, {STR("ische"), STR("isch")},
    {STR("baarder"), STR("baar")}, {STR("vrije"), STR("vrij")},   {STR("volle"), STR("vol")},
    {STR("rijke"), STR("rijk")},
};

static size_t adjective_base(str w, char *out)
{
    for (size_t i = 0; i < COUNT_OF(adjectives); i++) {
        str from = adjectives[i].from, to = adjectives[i].to;
        if (w.len < from.len + 3 || !str_ends(w, from))
            continue;
        memcpy(out, w.ptr, w.len - from.len);
        memcpy(out + w.len - from.len, to.ptr, to.len);
        return w.len - from.len + to.len;
    }
    return 0;
}

static size_t keep(str s, char *out)
{
    size_t n = s.len > SUFFIX_MAX ? SUFFIX_MAX : s.len;
    memcpy(out, s.ptr, n);
    return n;
}

static size_t take_first(str s, char *out)
{
    struct suffix_candidate c[SUFFIX_CANDIDATES];
    struct list l = {c, 0};
    add_stems(&l, s, SUFFIX_PLURAL);
    /* An unstressed last syllable keeps its one vowel: artikelen, sleutelen. */
    static const char *const unstressed[] = {"el", "er", "em", "en", "ig", "ik"};
    if (s.len > 4 && ends_in_any(s, unstressed, COUNT_OF(unstressed)) && s.ptr[s.len - 1] != 'n')
        return keep(s, out);
    return l.count ? keep(str_of(c[0].text, c[0].len), out) : keep(s, out);
}

size_t suffix_base(str w, char *out)
{
    static const char *const plural_s[] = {"ies",  "ers", "els", "ens", "ems",  "oos", "eaus",
                                           "ors",  "ees", "ges", "res", "les",  "nes", "tes",
                                           "aars", "os",  "as",  "ums", "ings", "ts",  "ps"};
    str s;
    if (w.len < 5 || w.len > SUFFIX_MAX - 4)
        return keep(w, out);
    if (cut(w, "heden", &s)) {
        memcpy(out, s.ptr, s.len);
        memcpy(out + s.len, "heid", 4);
        return s.len + 4;
    }
    if (cut(w, "etjes", &s) || cut(w, "etje", &s))
        return take_first(s, out);
    if (cut(w, "kjes", &s) || cut(w, "kje", &s)) {
        memcpy(out, s.ptr, s.len);
        out[s.len] = 'g';
        return s.len + 1;
    }
    if (cut(w, "tjes", &s) || cut(w, "tje", &s) || cut(w, "pjes", &s) || cut(w, "pje", &s))
        return keep(s, out);
    if (w.len > 5 && (cut(w, "jes", &s) || cut(w, "je", &s)) && !is_vowel(s.ptr[s.len - 1]))
        return keep(s, out);
    if (cut(w, "ien", &s) || cut(w, "een", &s))
        return keep(str_slice(w, 0, w.len - (str_ends(w, S("een")) ? 2 : 1)), out);
    if (cut(w, "en", &s) && s.len > 2)
        return take_first(s, out);
    if (cut(w, "s", &s) && ends_in_any(w, plural_s, COUNT_OF(plural_s)))
        return keep(s, out);
    size_t n = adjective_base(w, out);
    if (n)
        return n;
    return keep(w, out);
}
