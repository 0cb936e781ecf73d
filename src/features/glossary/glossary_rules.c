/* What follows from the terms: their order, their words, how they are found. Pure. */
#include "glossary/glossary_int.h"

#include "base/buf.h"
#include "base/vec.h"
#include "dutch/dutch.h"

const struct glossary_term *glossary_by_slug(const struct glossary *g, str slug)
{
    for (size_t i = 0; i < g->count; i++)
        if (str_eq(g->terms[i].slug, slug))
            return &g->terms[i];
    return NULL;
}

str glossary_title(struct arena *a, const struct glossary_term *t)
{
    bool small = t->name.len && t->name.ptr[0] >= 'a' && t->name.ptr[0] <= 'z';
    if (!small)
        return t->name;
    return str_fmt(a, "%c%.*s", t->name.ptr[0] - 'a' + 'A', (int)t->name.len - 1, t->name.ptr + 1);
}

str glossary_full_name(struct arena *a, const struct glossary_term *t)
{
    str title = glossary_title(a, t);
    if (!t->abbreviations.items_count)
        return title;
    str abbreviations = str_join(a, t->abbreviations.items, t->abbreviations.items_count, S(", "));
    return str_fmt(a, "%.*s (%.*s)", (int)title.len, title.ptr, (int)abbreviations.len,
                   abbreviations.ptr);
}

struct glossary_words glossary_words_of(struct arena *a, const struct glossary_term *t)
{
    size_t count = 0;
    str *words =
        arena_array(a, 1 + t->abbreviations.items_count + t->forms.items_count, sizeof *words);
    words[count++] = t->name;
    for (size_t i = 0; i < t->abbreviations.items_count; i++)
        words[count++] = t->abbreviations.items[i];
    for (size_t i = 0; i < t->forms.items_count; i++)
        words[count++] = t->forms.items[i];
    return (struct glossary_words){words, count};
}

/* ---- order ---- */

struct place { /* where a term stands in the list */
    str key;
    struct glossary_term term;
};

static int compare_places(const void *a, const void *b)
{
    const struct place *x = a, *y = b;
    int order = str_cmp(x->key, y->key);
    return order ? order : str_cmp(x->term.slug, y->term.slug);
}

/* As a dictionary does: capitals, accents and marks do not count. */
static void sort(struct arena *a, struct glossary_term *terms, size_t count)
{
    struct place *places = arena_array(a, count + 1, sizeof *places);
    for (size_t i = 0; i < count; i++)
        places[i] = (struct place){dutch_fold(a, terms[i].name), terms[i]};
    if (count)
        qsort(places, count, sizeof *places, compare_places);
    for (size_t i = 0; i < count; i++) {
        char first = places[i].key.len ? places[i].key.ptr[0] : '#';
        terms[i] = places[i].term;
        terms[i].letter = first >= 'a' && first <= 'z' ? first : '#';
    }
}

/* Words without capitals and accents, one space between them. */
static str folded_words(struct arena *a, str text)
{
    struct buf b;
    str word;
    buf_init(&b, a, GLOSSARY_MAX_DOCUMENT);
    while (dutch_next_word(&text, &word)) {
        if (b.len)
            buf_add_byte(&b, ' ');
        buf_add(&b, dutch_fold(a, word));
    }
    return buf_str(&b);
}

bool glossary_fits(struct arena *a, const struct glossary_term *t, str words)
{
    struct glossary_words names = glossary_words_of(a, t);
    str wanted = folded_words(a, words);
    for (size_t i = 0; i < names.items_count && wanted.len; i++)
        if (str_find(folded_words(a, names.items[i]), wanted) != STR_NONE)
            return true;
    return wanted.len && str_find(folded_words(a, t->explanation), wanted) != STR_NONE;
}

/* Only the letters and digits of a text, folded. */
static str letters_of(struct arena *a, str text)
{
    struct buf b;
    str folded = dutch_fold(a, text);
    buf_init(&b, a, folded.len + 1);
    for (size_t i = 0; i < folded.len; i++)
        if (!strchr(" -.,/'", folded.ptr[i]))
            buf_add_byte(&b, folded.ptr[i]);
    return buf_str(&b);
}

/* loose: by letters and digits only. */
static const struct glossary_term *term_called(struct arena *a, const struct glossary *g, str word,
                                               bool loose)
{
    for (size_t i = 0; i < g->count; i++) {
        struct glossary_words names = glossary_words_of(a, &g->terms[i]);
        for (size_t k = 0; k < names.items_count; k++)
            if (str_eq(loose ? letters_of(a, names.items[k]) : names.items[k], word))
                return &g->terms[i];
    }
    return NULL;
}

/* As it is written first: the MER is a report and the mer a procedure. */
const struct glossary_term *glossary_by_word(struct arena *a, const struct glossary *g, str word)
{
    const struct glossary_term *t = term_called(a, g, word, false);
    str letters = letters_of(a, word);
    return t || !letters.len ? t : term_called(a, g, letters, true);
}

/* ---- the matcher ---- */

struct phrases {
    struct terms_phrase *items;
    size_t count, capacity;
};

static void add_phrases(struct arena *a, struct phrases *phrases, const struct glossary_words *w,
                        bool abbreviations, size_t id)
{
    for (size_t i = 0; i < w->items_count; i++)
        *vec_push(a, phrases) = (struct terms_phrase){w->items[i], abbreviations, id};
}

static uint64_t hash_of(const struct glossary_term *terms, size_t count)
{
    uint64_t hash = count;
    for (size_t i = 0; i < count; i++) {
        const str said[] = {terms[i].document, terms[i].slug, terms[i].explanation,
                            terms[i].certainty};
        for (size_t k = 0; k < COUNT_OF(said); k++)
            hash = hash * 31 + str_hash_fast(said[k]);
        hash = hash * 31 + terms[i].explained;
    }
    return hash;
}

void glossary_make(struct arena *a, struct glossary_term *terms, size_t count, struct glossary *ret)
{
    struct phrases phrases = {0};
    sort(a, terms, count);
    for (size_t i = 0; i < count; i++) {
        if (!terms[i].explained)
            continue;
        struct glossary_words name = {&terms[i].name, 1};
        add_phrases(a, &phrases, &name, false, i);
        add_phrases(a, &phrases, &terms[i].forms, false, i);
        add_phrases(a, &phrases, &terms[i].abbreviations, true, i);
    }
    *ret = (struct glossary){terms, count, terms_new(a, phrases.items, phrases.count),
                             hash_of(terms, count)};
}
