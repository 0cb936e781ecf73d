#include "dutch/fold.h"

#include "base/utf8.h"

/* U+00C0 ... U+017F, one entry each; "" is no letter. */
static const char latin[][3] = {
    "a", "a", "a",  "a",  "a", "a", "ae", "c", "e", "e", "e", "e", "i", "i", "i",  "i",
    "d", "n", "o",  "o",  "o", "o", "o",  "",  "o", "u", "u", "u", "u", "y", "th", "ss",
    "a", "a", "a",  "a",  "a", "a", "ae", "c", "e", "e", "e", "e", "i", "i", "i",  "i",
    "d", "n", "o",  "o",  "o", "o", "o",  "",  "o", "u", "u", "u", "u", "y", "th", "y", /* U+0100 */
    "a", "a", "a",  "a",  "a", "a", "c",  "c", "c", "c", "c", "c", "c", "c", "d",  "d",
    "d", "d", "e",  "e",  "e", "e", "e",  "e", "e", "e", "e", "e", "g", "g", "g",  "g",
    "g", "g", "g",  "g",  "h", "h", "h",  "h", "i", "i", "i", "i", "i", "i", "i",  "i",
    "i", "i", "ij", "ij", "j", "j", "k",  "k", "k", "l", "l", "l", "l", "l", "l",  "l",
    "l", "l", "l",  "n",  "n", "n", "n",  "n", "n", "n", "n", "n", "o", "o", "o",  "o",
    "o", "o", "oe", "oe", "r", "r", "r",  "r", "r", "r", "s", "s", "s", "s", "s",  "s",
    "s", "s", "t",  "t",  "t", "t", "t",  "t", "u", "u", "u", "u", "u", "u", "u",  "u",
    "u", "u", "u",  "u",  "w", "w", "y",  "y", "y", "z", "z", "z", "z", "z", "z",  "s",
};

size_t fold_letter(uint32_t cp, char ret[2])
{
    if (cp >= 'a' && cp <= 'z') {
        ret[0] = (char)cp;
        return 1;
    }
    if (cp >= 'A' && cp <= 'Z') {
        ret[0] = (char)(cp + ('a' - 'A'));
        return 1;
    }
    if (cp < 0xC0 || cp > 0x17F)
        return 0;
    const char *letters = latin[cp - 0xC0];
    size_t n = strlen(letters);
    memcpy(ret, letters, n);
    return n;
}

static bool is_apostrophe(uint32_t cp)
{
    return cp == '\'' || cp == '`' || cp == 0xB4 || cp == 0x2018 || cp == 0x2019 || cp == 0x2BC;
}

/* Soft hyphens, zero-width joiners and combining marks: inside a word, but nothing of it. */
static bool is_mark(uint32_t cp)
{
    return cp == 0xAD || cp == 0x200C || cp == 0x200D || (cp >= 0x300 && cp <= 0x36F);
}

/* Letters outside Latin, roughly: everything but the blocks of signs and spaces. */
static bool is_foreign_letter(uint32_t cp)
{
    if (cp < 0x180 || cp == 0xFFFD)
        return false;
    if (cp >= 0x2000 && cp <= 0x2BFF)
        return false;
    if (cp >= 0x3000 && cp <= 0x3004)
        return false;
    return !(cp >= 0xE000 && cp <= 0xFAFF) && !(cp >= 0xFE00 && cp <= 0xFFFF) && cp < 0x1F000;
}

enum fold_kind fold_kind(uint32_t cp)
{
    char letters[2];
    if (cp >= '0' && cp <= '9')
        return FOLD_DIGIT;
    if (fold_letter(cp, letters) || is_mark(cp) || is_foreign_letter(cp))
        return FOLD_LETTER;
    if (cp == '-' || cp == 0x2010 || cp == 0x2011)
        return FOLD_HYPHEN;
    if (is_apostrophe(cp))
        return FOLD_APOSTROPHE;
    return cp == '.' ? FOLD_STOP : FOLD_OTHER;
}

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

/* Writes what remains of the character cp, whose bytes are word[at .. end); returns its length. */
static size_t fold_one(uint32_t cp, str word, size_t at, size_t end, char *out)
{
    enum fold_kind kind = fold_kind(cp);
    if (kind == FOLD_LETTER && !is_mark(cp)) {
        size_t n = fold_letter(cp, out);
        if (n)
            return n;
        memcpy(out, word.ptr + at, end - at);
        return end - at;
    }
    bool inner_stop = kind == FOLD_STOP && at && end < word.len && is_digit(word.ptr[at - 1]) &&
                      is_digit(word.ptr[end]);
    if (kind != FOLD_DIGIT && !inner_stop)
        return 0;
    *out = (char)cp;
    return 1;
}

size_t fold_word(str word, char *out, uint32_t *from, uint32_t *to, uint64_t *joins)
{
    size_t n = 0;
    str rest = word;
    while (rest.len) {
        size_t at = word.len - rest.len;
        uint32_t cp = utf8_next(&rest);
        size_t end = word.len - rest.len;
        /* Two letters from two bytes at most, so out never runs ahead of word. */
        size_t added = fold_one(cp, word, at, end, out + n);
        if (joins && !added && n && fold_kind(cp) == FOLD_HYPHEN)
            joins[n / 64] |= (uint64_t)1 << (n % 64);
        for (size_t i = 0; i < added && from; i++) {
            from[n + i] = (uint32_t)at;
            to[n + i] = (uint32_t)end;
        }
        n += added;
    }
    return n;
}
