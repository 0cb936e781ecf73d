/* dutchc_hunspell.c - hunspell-nl's entries and affix rules: forms, their bases, their kinds. */
#include "dutchc.h"

struct affix {
    struct affix *next;
    char flag[2];
    bool is_prefix;
    str strip, add, condition;
};

struct reader {
    struct words *words;
    struct affix *affixes[256 * 16]; /* by a hash of the flag */
};

static struct affix **bucket_of(struct reader *r, const char *flag)
{
    return &r->affixes[((unsigned char)flag[0] * 31U + (unsigned char)flag[1]) %
                       COUNT_OF(r->affixes)];
}

/* The word with hunspell's one-character ij as two letters. */
static str plain(struct arena *a, str s)
{
    char *out = arena_alloc(a, s.len + 1);
    size_t n = 0;
    for (size_t i = 0; i < s.len; i++) {
        bool is_ij = i + 1 < s.len && (unsigned char)s.ptr[i] == 0xC4 &&
                     ((unsigned char)s.ptr[i + 1] == 0xB2 || (unsigned char)s.ptr[i + 1] == 0xB3);
        if (is_ij) {
            memcpy(out + n, (unsigned char)s.ptr[i + 1] == 0xB2 ? "IJ" : "ij", 2);
            n += 2;
            i++;
        } else {
            out[n++] = s.ptr[i];
        }
    }
    return str_of(out, n);
}

static size_t fields_of(str line, str *ret, size_t max)
{
    size_t n = 0, i = 0;
    while (i < line.len && n < max) {
        while (i < line.len && (line.ptr[i] == ' ' || line.ptr[i] == '\t'))
            i++;
        size_t from = i;
        while (i < line.len && line.ptr[i] != ' ' && line.ptr[i] != '\t')
            i++;
        if (i > from)
            ret[n++] = str_slice(line, from, i);
    }
    return n;
}

static void read_affixes(struct reader *r, str rest)
{
    str line, f[6];
    while (str_line(&rest, &line)) {
        size_t n = fields_of(line, f, 6);
        bool is_prefix = n && str_eqz(f[0], "PFX");
        if (n < 4 || !(is_prefix || str_eqz(f[0], "SFX")) || f[1].len != 2)
            continue;
        if (str_eqz(f[2], "Y") || str_eqz(f[2], "N"))
            continue; /* the header line */
        struct affix *x = arena_new_of(r->words->arena, struct affix);
        size_t slash = str_find_byte(f[3], '/');
        *x = (struct affix){.is_prefix = is_prefix,
                            .strip = str_eqz(f[2], "0") ? S("") : f[2],
                            .add = slash == STR_NONE ? f[3] : str_slice(f[3], 0, slash),
                            .condition = n > 4 ? f[4] : S(".")};
        if (str_starts(x->condition, S("ts:")) || str_starts(x->condition, S("#")))
            x->condition = S(".");
        if (str_eqz(x->add, "0"))
            x->add = S("");
        x->add = plain(r->words->arena, x->add);
        memcpy(x->flag, f[1].ptr, 2);
        struct affix **bucket = bucket_of(r, x->flag);
        x->next = *bucket;
        *bucket = x;
    }
}

/* Does the end of word match hunspell's condition: letters and [..] or [^..] classes. */
static bool ends_as(str word, str condition)
{
    size_t at = word.len;
    if (str_eqz(condition, "."))
        return true;
    for (size_t i = condition.len; i > 0;) {
        if (!at)
            return false;
        char c = word.ptr[--at];
        if (condition.ptr[i - 1] != ']') {
            if (condition.ptr[--i] != c)
                return false;
            continue;
        }
        size_t open = i - 1;
        while (open && condition.ptr[open] != '[')
            open--;
        bool negated = condition.ptr[open + 1] == '^', found = false;
        for (size_t j = open + 1 + negated; j < i - 1; j++)
            found |= condition.ptr[j] == c;
        if (found == negated)
            return false;
        i = open;
    }
    return true;
}

struct kind_of_form {
    char group; /* first letter of the flag */
    uint32_t flags;
    int link;
};

/* What a suffix makes; flags 0 when the form is of no use to us. */
static struct kind_of_form kind_of(const char *flag)
{
    switch (flag[0]) {
    case 'Z':
        if (flag[1] == 'm')
            return (struct kind_of_form){'m', DUTCH_NOUN, 0};
        if (flag[1] == 'k')
            return (struct kind_of_form){'k', DUTCH_ADJECTIVE_FORM, LINK_ADJECTIVE_FORM};
        return (struct kind_of_form){'Z', DUTCH_PLURAL, LINK_PLURAL};
    case 'Y':
        return (struct kind_of_form){'Y', DUTCH_DIMINUTIVE, LINK_DIMINUTIVE};
    case 'A':
        if (flag[1] == '0')
            return (struct kind_of_form){0};
        return (struct kind_of_form){'A', DUTCH_ADJECTIVE_FORM, LINK_ADJECTIVE_FORM};
    case 'V':
        if (flag[1] == 'i' || flag[1] == 'e')
            return (struct kind_of_form){'i', DUTCH_VERB_FORM, LINK_NONE};
        return (struct kind_of_form){'V', DUTCH_VERB_FORM, LINK_VERB};
    case 'X':
        if (flag[1] == 'e')
            return (struct kind_of_form){'e', DUTCH_NOUN, 0};
        return (struct kind_of_form){0};
    case 'P':
        if (flag[1] == 'I' || flag[1] == 'J' || flag[1] == 'K')
            return (struct kind_of_form){'e', DUTCH_NOUN, 0};
        return (struct kind_of_form){0};
    default:
        return (struct kind_of_form){0};
    }
}

static void add_heid(struct reader *r, str form, struct word *made)
{
    (void)r;
    if (str_ends(form, S("heid")))
        words_link(made, made, LINK_LEMMA);
}

static void apply_suffix(struct reader *r, str word, struct word *entry, const struct affix *x)
{
    struct kind_of_form kind = kind_of(x->flag);
    if (!kind.group || !ends_as(word, x->condition) || !str_ends(word, x->strip) ||
        str_ends(x->add, S("-")))
        return;
    str stem = str_slice(word, 0, word.len - x->strip.len);
    str form =
        str_fmt(r->words->arena, "%.*s%.*s", (int)stem.len, stem.ptr, (int)x->add.len, x->add.ptr);
    struct word *made = words_put(r->words, form, kind.flags);
    if (!made || made == entry)
        return;
    if (kind.group == 'm' && str_ends(form, S("heden"))) {
        made->flags ^= DUTCH_NOUN | DUTCH_PLURAL;
        struct word *heid = words_put(
            r->words, str_fmt(r->words->arena, "%.*sheid", (int)word.len, word.ptr), DUTCH_NOUN);
        words_link(made, heid, LINK_PLURAL);
    } else if (kind.group == 'm') {
        add_heid(r, form, made);
    } else if (kind.group == 'e') {
        words_link(made, made, LINK_LEMMA);
    } else if (kind.group == 'V' && str_ends(x->strip, S("t"))) {
        words_link(made, words_put(r->words, stem, DUTCH_VERB_STEM), kind.link);
    } else if (kind.link < LINK_NONE) {
        words_link(made, entry, kind.link);
    }
}

/* What the entry itself is, from its flags. */
static uint32_t entry_kind(str flags)
{
    uint32_t kind = 0;
    bool compounds = false, is_verb = false;
    for (size_t i = 0; i + 1 < flags.len; i += 2) {
        const char *f = flags.ptr + i;
        if ((f[0] == 'Z' && f[1] != 'k' && f[1] != 'm') || f[0] == 'Y')
            kind |= DUTCH_NOUN;
        if (f[0] == 'C' &&
            (f[1] == 'a' || f[1] == 'b' || f[1] == 'A' || f[1] == 'B' || f[1] == 'e'))
            kind |= DUTCH_FIRST;
        if (f[0] == 'C' && f[1] == 'c')
            kind |= DUTCH_LAST;
        if (f[0] == 'C' && (f[1] == 'h' || f[1] == 'd'))
            kind |= DUTCH_TAKES_S;
        if (f[0] == 'C' && f[1] == 'x')
            kind |= DUTCH_BOUND;
        compounds |= f[0] == 'C' && (f[1] == 'c' || f[1] == 'h');
        if (f[0] == 'A' && f[1] != '0')
            kind |= DUTCH_ADJECTIVE;
        if (f[0] == 'V' && (f[1] == '3' || f[1] == 'p' || f[1] == 'q'))
            kind |= DUTCH_VERB_STEM;
        if (f[0] == 'V' && f[1] == 'i')
            kind |= DUTCH_INFINITIVE;
        if (f[0] == 'V' && f[1] == 'e')
            kind |= DUTCH_VERB_FORM;
        is_verb |= f[0] == 'V' || (f[0] == 'P' && f[1] >= 'a' && f[1] <= 't');
    }
    if (compounds && !is_verb && !(kind & DUTCH_ADJECTIVE))
        kind |= DUTCH_NOUN;
    return kind;
}

static bool inflects(str flags)
{
    for (size_t i = 0; i + 1 < flags.len; i += 2)
        if (flags.ptr[i] == 'Z' || flags.ptr[i] == 'Y')
            return true;
    return false;
}

static void link_entry(struct word *entry, uint32_t kind, str flags)
{
    /* An entry with compounding flags only may well be the plural of another: raden, studenten. */
    bool compounds = kind & (DUTCH_FIRST | DUTCH_LAST | DUTCH_TAKES_S);
    entry->bare |= compounds && !inflects(flags);
    int noun = inflects(flags) ? LINK_LEMMA : LINK_BARE;
    if (kind & DUTCH_NOUN)
        words_link(entry, entry, str_ends(entry->text, S("e")) ? LINK_NOUN_IN_E : noun);
    if (kind & DUTCH_ADJECTIVE && !(kind & DUTCH_VERB_FORM))
        words_link(entry, entry, LINK_ADJECTIVE);
    if (kind & DUTCH_VERB_STEM)
        words_link(entry, entry, LINK_INFINITIVE);
}

static void apply_flags(struct reader *r, str word, struct word *entry, str flags)
{
    for (size_t i = 0; i + 1 < flags.len; i += 2) {
        for (struct affix *x = *bucket_of(r, flags.ptr + i); x; x = x->next)
            if (!memcmp(x->flag, flags.ptr + i, 2) && !x->is_prefix)
                apply_suffix(r, word, entry, x);
    }
}

/* Verbs with the prefixes that the entry allows: aan + bouw, with all of bouw's own suffixes. */
static void apply_prefixes(struct reader *r, str word, uint32_t kind, str flags)
{
    uint32_t verbal = kind & (DUTCH_VERB_STEM | DUTCH_INFINITIVE | DUTCH_VERB_FORM);
    for (size_t i = 0; i + 1 < flags.len; i += 2) {
        for (struct affix *x = *bucket_of(r, flags.ptr + i); x; x = x->next) {
            if (memcmp(x->flag, flags.ptr + i, 2) || !x->is_prefix || x->flag[0] != 'P')
                continue;
            str form = str_fmt(r->words->arena, "%.*s%.*s", (int)x->add.len, x->add.ptr,
                               (int)word.len, word.ptr);
            struct word *made = words_put(r->words, form, verbal ? verbal : DUTCH_VERB_FORM);
            if (!made)
                continue;
            link_entry(made, verbal, S(""));
            for (size_t j = 0; j + 1 < flags.len; j += 2)
                if (flags.ptr[j] == 'V')
                    apply_flags(r, form, made, str_slice(flags, j, j + 2));
        }
    }
}

static void read_entry(struct reader *r, str line)
{
    size_t slash = str_find_byte(line, '/');
    str word = plain(r->words->arena, str_slice(line, 0, slash == STR_NONE ? line.len : slash));
    str flags = slash == STR_NONE ? S("") : str_slice(line, slash + 1, line.len);
    size_t blank = str_find_byte(flags, '\t');
    if (blank != STR_NONE)
        flags = str_slice(flags, 0, blank);
    for (size_t i = 0; i + 1 < flags.len; i += 2)
        if (!memcmp(flags.ptr + i, "Fw", 2))
            return;
    uint32_t kind = entry_kind(flags);
    struct word *entry = words_put(r->words, word, kind);
    if (!entry)
        return;
    entry->real = true;
    link_entry(entry, kind, flags);
    apply_flags(r, word, entry, flags);
    apply_prefixes(r, word, kind, flags);
}

void hunspell_read(struct words *w, str aff, str dic)
{
    struct reader *r = arena_new_of(w->arena, struct reader);
    r->words = w;
    read_affixes(r, aff);
    str line;
    str_line(&dic, &line); /* the number of entries */
    while (str_line(&dic, &line)) {
        line = str_trim(line);
        if (line.len)
            read_entry(r, line);
    }
}
