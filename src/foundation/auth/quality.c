/* cracklib keeps its dictionary in a static variable and its answer in another, so there is one
   dictionary for the program, under a lock. It reads files by name: ours are written to a folder of
   their own, opened, and removed again. */
#include "auth/quality.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/types.h>

#define IN_CRACKLIB
#include <packer.h>

#include "auth/password.h"
#include "base/embedded.h"
#include "base/file.h"
#include "base/random.h"
#include "base/utf8.h"

enum { MIN_OWN = 4, MIN_UNIT = 8 };

extern const struct embedded_set embedded_passwords; /* dictionary.hwm, .pwd, .pwi */

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static PWDICT *dictionary; /* under the mutex; opened at the first question, then kept */

/* ---- the dictionary ---- */

static int write_files(struct ctx *c, str folder)
{
    TRY(file_make_dirs(c, folder));
    for (size_t i = 0; i < embedded_passwords.count; i++) {
        const struct embedded_file *f = &embedded_passwords.files[i];
        TRY(file_write(c, str_join(c->arena, (str[]){folder, f->path}, 2, S("/")), f->bytes));
    }
    return 0;
}

static int open_dictionary(struct ctx *c, str parent)
{
    char mode[] = "r";
    if (dictionary)
        return 0;
    str folder = str_fmt(c->arena, "%.*s/passwords-%s", (int)parent.len, parent.ptr,
                         random_hex(c->arena, 8).ptr);
    int code = write_files(c, folder);
    if (code == 0) {
        dictionary = PWOpen(str_fmt(c->arena, "%s/dictionary", folder.ptr).ptr, mode);
        if (!dictionary)
            code = err_detail(c, ERR_INTERNAL, "cracklib cannot open its dictionary");
    }
    struct err kept = c->err;
    IGNORE(file_remove_tree(c, folder)); /* what stays is a copy of what is in the binary */
    c->err = kept;
    return code;
}

/* What cracklib says of it, in English; empty when it is good. */
static int ask(struct ctx *c, str folder, str password, str *ret)
{
    char *z = arena_alloc(c->arena, password.len + 1), user[] = "", gecos[] = "";
    memcpy(z, password.len ? password.ptr : "", password.len);
    (void)pthread_mutex_lock(&mutex);
    int code = open_dictionary(c, folder);
    if (code == 0)
        *ret = str_dup(c->arena, str_from(FascistLookUser(dictionary, z, user, gecos)));
    (void)pthread_mutex_unlock(&mutex);
    return code;
}

/* ---- what cracklib does not see ---- */

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (unsigned char)c >= 0x80;
}

/* "7welkom2026!" without what people put around a word. */
static str core_of(str lower)
{
    while (lower.len && !is_letter(lower.ptr[0]))
        lower = str_slice(lower, 1, lower.len);
    while (lower.len && !is_letter(lower.ptr[lower.len - 1]))
        lower.len--;
    return lower;
}

/* "p@ssw0rd" as it is meant. */
static str spelled(struct arena *a, str s)
{
    static const char from[] = "@4301!5$7", to[] = "aaeoiisst";
    char *plain = arena_alloc(a, s.len + 1);
    for (size_t i = 0; i < s.len; i++) {
        const char *at = s.ptr[i] ? strchr(from, s.ptr[i]) : NULL;
        plain[i] = at ? to[at - from] : s.ptr[i];
    }
    return str_of(plain, s.len);
}

/* The part that a text is made of by repeating it: "abcabc" gives "abc". */
static str unit_of(str s)
{
    for (size_t n = 1; n < s.len; n++) {
        size_t at = n;
        while (at < s.len && s.ptr[at] == s.ptr[at - n])
            at++;
        if (at == s.len && s.len % n == 0)
            return str_slice(s, 0, n);
    }
    return s;
}

static bool has_own_word(struct arena *a, str lower, str own)
{
    str rest = str_lower_ascii(a, own);
    size_t from = 0;
    for (size_t i = 0; i <= rest.len; i++) {
        if (i < rest.len && is_letter(rest.ptr[i]))
            continue;
        str word = str_slice(rest, from, i);
        from = i + 1;
        if (word.len >= MIN_OWN && str_find(lower, word) != STR_NONE)
            return true;
    }
    return false;
}

/* ---- in words ---- */

static int too_common(struct ctx *c)
{
    return err_set(
        c, ERR_INVALID,
        "Dit wachtwoord is te makkelijk te raden: het lijkt op een gewoon woord of op een "
        "bekend wachtwoord. Zet bijvoorbeeld vier losse woorden achter elkaar.");
}

static int too_regular(struct ctx *c)
{
    return err_set(c, ERR_INVALID,
                   "Dit wachtwoord is te eenvoudig opgebouwd. Wissel meer af, of zet vier losse "
                   "woorden achter elkaar.");
}

static int check_length(struct ctx *c, str password)
{
    size_t length = utf8_length(password);
    if (length < PASSWORD_MIN)
        return err_set(c, ERR_INVALID, "Kies een wachtwoord van ten minste %d tekens.",
                       PASSWORD_MIN);
    if (length > PASSWORD_MAX)
        return err_set(c, ERR_INVALID, "Kies een wachtwoord van hoogstens %d tekens.",
                       PASSWORD_MAX);
    return 0;
}

int quality_check(struct ctx *c, str folder, str password, const str *own, size_t own_count)
{
    str lower = str_lower_ascii(c->arena, password), said;
    TRY(check_length(c, password));
    for (size_t i = 0; i < own_count; i++)
        if (has_own_word(c->arena, lower, own[i]))
            return err_set(c, ERR_INVALID,
                           "Gebruik uw naam, e-mailadres of organisatie niet in uw wachtwoord.");
    if (unit_of(lower).len < MIN_UNIT)
        return too_regular(c);
    TRY(ask(c, folder, password, &said));
    if (str_find(said, S("dictionary")) != STR_NONE)
        return too_common(c);
    if (said.len)
        return too_regular(c);
    const str parts[] = {core_of(lower), spelled(c->arena, core_of(lower)), unit_of(lower)};
    for (size_t i = 0; i < COUNT_OF(parts); i++) {
        TRY(ask(c, folder, parts[i], &said));
        if (parts[i].len >= MIN_OWN && str_find(said, S("dictionary")) != STR_NONE)
            return too_common(c);
    }
    return 0;
}
