/* words.c - finding words in running text. */
#include "base/utf8.h"
#include "dutch/dutch.h"
#include "dutch/fold.h"

static bool is_word_kind(enum fold_kind kind)
{
    return kind == FOLD_LETTER || kind == FOLD_DIGIT;
}

/* The kind of the character at the front of rest, which it is taken off. */
static enum fold_kind take(str *rest)
{
    unsigned char byte = (unsigned char)rest->ptr[0];
    if (byte >= 0x80)
        return fold_kind(utf8_next(rest));
    rest->ptr++;
    rest->len--;
    if ((byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z'))
        return FOLD_LETTER;
    return byte <= ' ' ? FOLD_OTHER : fold_kind(byte);
}

static enum fold_kind peek(str rest)
{
    return rest.len ? take(&rest) : FOLD_OTHER;
}

/* May a full stop stand between what was and what comes: 16.62, e.d. */
static bool joins_stop(enum fold_kind before, size_t run, str after)
{
    if (!after.len)
        return false;
    enum fold_kind next = take(&after);
    if (before == FOLD_DIGIT)
        return next == FOLD_DIGIT;
    return before == FOLD_LETTER && run == 1 && next == FOLD_LETTER && peek(after) != FOLD_LETTER;
}

/* Most of every text: letters and digits of ASCII. */
static const unsigned char ascii_kinds[256] = {
    ['0' ... '9'] = FOLD_DIGIT, ['A' ... 'Z'] = FOLD_LETTER, ['a' ... 'z'] = FOLD_LETTER};

/* Takes the letters and digits of ASCII at the front of rest off; *kind is the last one's. */
static size_t take_ascii(str *rest, enum fold_kind *kind)
{
    size_t n = 0;
    while (n < rest->len && ascii_kinds[(unsigned char)rest->ptr[n]])
        n++;
    if (n)
        *kind = (enum fold_kind)ascii_kinds[(unsigned char)rest->ptr[n - 1]];
    rest->ptr += n;
    rest->len -= n;
    return n;
}

bool dutch_next_word(str *text, str *ret_word)
{
    str rest = *text, at = rest;
    enum fold_kind kind = FOLD_OTHER;
    while (rest.len) {
        at = rest;
        kind = take(&rest);
        if (is_word_kind(kind))
            break;
    }
    if (!is_word_kind(kind)) {
        *text = str_slice(*text, text->len, text->len);
        return false;
    }
    size_t run = 1; /* characters since the last joining mark */
    for (;;) {
        run += take_ascii(&rest, &kind);
        if (!rest.len)
            break;
        str after = rest;
        enum fold_kind next = take(&after);
        bool joins = next == FOLD_HYPHEN || next == FOLD_APOSTROPHE
                         ? is_word_kind(peek(after))
                         : next == FOLD_STOP && joins_stop(kind, run, after);
        if (!is_word_kind(next) && !joins)
            break;
        run = joins ? 0 : run + 1;
        kind = next;
        rest = after;
    }
    *ret_word = str_slice(at, 0, at.len - rest.len);
    *text = rest;
    return true;
}
