/* dutchc - makes the packed Dutch lexicon.

       dutchc AFF DIC WORDLIST LISTS_FOLDER BLOB ASSEMBLER_FILE

   BLOB is the table (engines/dutch/table.h); ASSEMBLER_FILE makes it the constant dutch_table_bytes
   of the program with .incbin, which costs the compiler nothing. */
#include "dutchc.h"

#include "base/utf8.h"
#include "dutch/fold.h"

_Noreturn void fail(const char *what, const char *path)
{
    fprintf(stderr, "dutchc: %s: %s\n", path, what);
    exit(1);
}

str read_file(struct arena *a, const char *path)
{
    FILE *f = fopen(path, "rb");
    if (!f || fseek(f, 0, SEEK_END))
        fail("cannot read", path);
    long size = ftell(f);
    rewind(f);
    if (size < 0 || size > 64 * 1024 * 1024)
        fail("size is not sane", path);
    char *bytes = arena_alloc(a, (size_t)size + 1);
    if (fread(bytes, 1, (size_t)size, f) != (size_t)size)
        fail("cannot read", path);
    fclose(f);
    return str_of(bytes, (size_t)size);
}

void words_init(struct words *w, struct arena *a)
{
    size_t slots = 1 << 21;
    *w = (struct words){.arena = a, .mask = slots - 1};
    w->slots = arena_array(a, slots, sizeof *w->slots);
}

static struct word **slot_of(const struct words *w, str text)
{
    size_t i = (size_t)str_hash(text) & w->mask;
    while (w->slots[i] && !str_eq(w->slots[i]->text, text))
        i = (i + 1) & w->mask;
    return &w->slots[i];
}

struct word *words_find(const struct words *w, str text)
{
    return *slot_of(w, text);
}

struct word *words_findz(const struct words *w, const char *z)
{
    return words_find(w, str_from(z));
}

struct word *words_add(struct words *w, str folded)
{
    struct word **slot = slot_of(w, folded);
    if (*slot)
        return *slot;
    if (w->count * 4 > w->mask * 3)
        fail("too many words", "lexicon");
    struct word *word = arena_new_of(w->arena, struct word);
    word->text = str_dup(w->arena, folded);
    word->link = LINK_NONE;
    *slot = word;
    w->count++;
    return word;
}

static bool is_tabled(str folded)
{
    for (size_t i = 0; i < folded.len; i++) {
        char c = folded.ptr[i];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')))
            return false;
    }
    return folded.len > 0;
}

struct word *words_put(struct words *w, str text, uint32_t flags)
{
    char folded[256];
    if (text.len > sizeof folded || str_find_byte(text, ' ') != STR_NONE)
        return NULL;
    str f = str_of(folded, fold_word(text, folded, NULL, NULL, NULL));
    if (!is_tabled(f))
        return NULL;
    struct word *word = words_add(w, f);
    char letters[2];
    uint32_t first = utf8_next(&text);
    bool is_capital = fold_letter(first, letters) && first != (unsigned char)letters[0] &&
                      (first < 'a' || (first >= 0xC0 && first <= 0xDE));
    word->capital |= is_capital;
    word->small |= !is_capital;
    word->flags |= flags;
    return word;
}

static size_t shared_front(str a, str b)
{
    size_t n = 0;
    while (n < a.len && n < b.len && a.ptr[n] == b.ptr[n])
        n++;
    return n;
}

/* heer beside her for heren: the same letters, one vowel doubled. */
static bool is_lengthened(str longer, str shorter)
{
    size_t n = shared_front(longer, shorter);
    return longer.len == shorter.len + 1 && n >= 1 && n + 1 == shorter.len &&
           longer.ptr[n] == longer.ptr[n - 1] &&
           longer.ptr[longer.len - 1] == shorter.ptr[shorter.len - 1];
}

/* Of two bases equally well founded, the one that shares more letters with the form; but the
   regular spelling first (heer, not her, for heren), and -e loses (student, not studente, for
   studenten), except after v, z (opgave, not opgaaf, for opgaven). */
static bool base_is_better(str form, str fresh, str old)
{
    if (is_lengthened(fresh, old) || is_lengthened(old, fresh))
        return is_lengthened(fresh, old);
    if (str_ends(fresh, S("e")) != str_ends(old, S("e"))) {
        str with_e = str_ends(fresh, S("e")) ? fresh : old;
        bool wins = str_ends(with_e, S("ve")) || str_ends(with_e, S("ze"));
        return wins == (with_e.ptr == fresh.ptr);
    }
    return shared_front(form, fresh) > shared_front(form, old);
}

void words_link(struct word *form, struct word *base, int link)
{
    if (link > form->link)
        return;
    if (link == form->link && form->base &&
        !base_is_better(form->text, base->text, form->base->text))
        return;
    form->base = base;
    form->link = link;
}

static int by_text(const void *a, const void *b)
{
    return str_cmp((*(struct word *const *)a)->text, (*(struct word *const *)b)->text);
}

struct word **words_sorted(const struct words *w)
{
    struct word **sorted = arena_array(w->arena, w->count + 1, sizeof(struct word *));
    size_t n = 0;
    for (size_t i = 0; i <= w->mask; i++)
        if (w->slots[i])
            sorted[n++] = w->slots[i];
    qsort(sorted, n, sizeof *sorted, by_text);
    return sorted;
}

/* One line of our own lists: words parted by blanks; false for empty lines and comments. */
static size_t list_line(str line, str *ret, size_t max)
{
    size_t n = 0;
    str word;
    line = str_trim(line);
    if (!line.len || line.ptr[0] == '#')
        return 0;
    while (n < max && str_split(&line, ' ', &word))
        if (word.len)
            ret[n++] = word;
    return n;
}

static str list_file(struct words *w, const char *folder, const char *name)
{
    return read_file(w->arena, str_z(w->arena, str_fmt(w->arena, "%s/%s.txt", folder, name)));
}

/* Words of one list, all with the same flags; they stay their own base when `own` is set. */
static void read_list(struct words *w, const char *folder, const char *name, uint32_t flags,
                      bool own)
{
    str rest = list_file(w, folder, name), line, word[16];
    while (str_line(&rest, &line)) {
        size_t n = list_line(line, word, COUNT_OF(word));
        for (size_t i = 0; i < n; i++) {
            struct word *entry = words_put(w, word[i], flags);
            if (!entry)
                continue;
            entry->real = true;
            if (own)
                words_link(entry, entry, LINK_CURATED);
        }
    }
}

/* "-steden -stad": so for every word with this ending that has a base with the other ending. */
static void read_irregular_ending(struct words *w, str ending, str base_ending)
{
    struct word **sorted = words_sorted(w);
    size_t count = w->count;
    for (size_t i = 0; i < count; i++) {
        str t = sorted[i]->text;
        if (!str_ends(t, ending) || t.len < ending.len + 2)
            continue;
        str base = str_fmt(w->arena, "%.*s%.*s", (int)(t.len - ending.len), t.ptr,
                           (int)base_ending.len, base_ending.ptr);
        struct word *found = words_find(w, base);
        if (!found)
            continue;
        sorted[i]->flags = (sorted[i]->flags & ~(uint32_t)DUTCH_NOUN) | DUTCH_PLURAL;
        words_link(sorted[i], found, LINK_CURATED);
        words_link(found, found, LINK_CURATED);
    }
}

static void read_irregular(struct words *w, const char *folder)
{
    str rest = list_file(w, folder, "irregular"), line, word[2];
    while (str_line(&rest, &line)) {
        if (list_line(line, word, 2) != 2)
            continue;
        if (word[0].ptr[0] == '-') {
            read_irregular_ending(w, str_slice(word[0], 1, 99), str_slice(word[1], 1, 99));
            continue;
        }
        bool is_first = !words_find(w, word[0]);
        struct word *form = words_put(w, word[0], is_first ? DUTCH_BOUND : 0);
        struct word *base = words_put(w, word[1], 0);
        if (form != base)
            form->flags &= ~(uint32_t)(DUTCH_NOUN | DUTCH_VERB_STEM);
        if (form != base && !is_first)
            form->flags |= DUTCH_PLURAL;
        words_link(form, base, LINK_CURATED);
        words_link(base, base, LINK_CURATED);
    }
}

static void read_particles(struct words *w, const char *folder)
{
    str rest = list_file(w, folder, "particles"), line, word[2];
    while (str_line(&rest, &line)) {
        if (list_line(line, word, 2) != 2)
            continue;
        struct word *entry = words_put(w, word[0], 0);
        entry->flags |= word[1].ptr[0] == 'p' ? DUTCH_BOUND : DUTCH_PARTICLE;
        if (word[1].ptr[0] == 'o')
            entry->flags |= DUTCH_FIRST;
        words_link(entry, entry, LINK_CURATED);
    }
}

/* Forms without a known kind: dictionary words whose flags say nothing are taken as nouns when
   nothing else claimed them. */
static void read_word_list(struct words *w, str rest)
{
    str line;
    while (str_line(&rest, &line)) {
        struct word *word = words_put(w, str_trim(line), 0);
        if (word)
            word->real = true;
    }
}

static void settle_flags(struct words *w)
{
    for (size_t i = 0; i <= w->mask; i++) {
        struct word *word = w->slots[i];
        if (!word)
            continue;
        if (word->capital && !word->small)
            word->flags |= DUTCH_PROPER;
        if (!word->base)
            words_link(word, word, LINK_GUESS);
        for (int hops = 0; hops < 3 && word->base->base && word->base->base != word->base; hops++)
            word->base = word->base->base; /* zieken, zieke, ziek */
        if (word->flags & DUTCH_STOP)
            words_link(word, word, LINK_CURATED);
    }
}

static void write_assembler(const char *path, const char *blob)
{
    FILE *f = fopen(path, "wb");
    if (!f)
        fail("cannot write", path);
    fprintf(f,
            "    .section .rodata\n    .global dutch_table_bytes\n    .balign 16\n"
            "dutch_table_bytes:\n    .incbin \"%s\"\n    .byte 0\n"
            "    .section .note.GNU-stack,\"\",%%progbits\n",
            blob);
    if (fclose(f))
        fail("cannot write", path);
}

int main(int argc, char **argv)
{
    if (argc != 7) {
        fprintf(stderr, "use: dutchc AFF DIC WORDLIST LISTS_FOLDER BLOB ASSEMBLER_FILE\n");
        return 2;
    }
    struct arena *a = arena_new();
    struct words w;
    words_init(&w, a);
    hunspell_read(&w, read_file(a, argv[1]), read_file(a, argv[2]));
    read_word_list(&w, read_file(a, argv[3]));
    read_list(&w, argv[4], "domain", DUTCH_NOUN, false);
    read_irregular(&w, argv[4]);
    read_particles(&w, argv[4]);
    read_list(&w, argv[4], "stopwords", DUTCH_STOP, true);
    verbs_inflect(&w, list_file(&w, argv[4], "strong_verbs"));
    guess_bases(&w);
    read_list(&w, argv[4], "places", DUTCH_PROTECTED, false);
    read_list(&w, argv[4], "protected", DUTCH_PROTECTED, false);
    read_list(&w, argv[4], "no_part", DUTCH_NO_PART, false);
    read_list(&w, argv[4], "field", DUTCH_FIELD, false);
    settle_flags(&w);
    families_count(&w);
    table_write(&w, argv[5]);
    char *real = realpath(argv[5], NULL);
    write_assembler(argv[6], real ? real : argv[5]);
    free(real);
    arena_free(a);
    return 0;
}
