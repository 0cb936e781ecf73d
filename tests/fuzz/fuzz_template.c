/* The template compiler. What it lets through must be C of the few shapes that it writes: nothing
   of the template reaches the program but inside a literal or as a name. */
#include <setjmp.h>

#include "fuzz.h"
#include "tmplc.h"

static jmp_buf refused;
static char words[512];

static void on_die(const char *text)
{
    (void)snprintf(words, sizeof words, "%s", text);
    longjmp(refused, 1);
}

/* ---- the C that came out ---- */

struct checker {
    const char *at;
    int braces;
};

static bool is_known_word(const char *word, size_t len)
{
    static const char *const called[] = {
        "out_lit",    "out",     "out_attr", "out_url_of", "out_url_part_of", "out_number",
        "out_truthy", "str_eqz", "if",       "for",        "__typeof__"};
    for (size_t i = 0; i < COUNT_OF(called); i++)
        if (strlen(called[i]) == len && memcmp(called[i], word, len) == 0)
            return true;
    return len > 5 && memcmp(word + len - 5, "_html", 5) == 0;
}

/* A literal ends on its line, and has no escape but the ones that add_literal_byte writes. */
static void take_literal(struct checker *k)
{
    for (k->at++; *k->at != '"'; k->at++) {
        HOLDS((unsigned char)*k->at >= 0x20 && *k->at != 0x7F);
        if (*k->at != '\\')
            continue;
        k->at++;
        HOLDS(*k->at && strchr("\"\\?n01", *k->at));
    }
    k->at++;
}

static void take_word(struct checker *k)
{
    const char *from = k->at;
    while (is_name(*k->at))
        k->at++;
    size_t len = (size_t)(k->at - from);
    if (*k->at == '(' && !(from[0] >= '0' && from[0] <= '9'))
        HOLDS(is_known_word(from, len));
}

static void take_code(struct checker *k)
{
    k->braces += *k->at == '{';
    k->braces -= *k->at == '}';
    HOLDS(k->braces >= 0);
    HOLDS(strchr(" \n\t(){}[];,=!<+*&.->", *k->at));
    k->at++;
}

/* The head: includes of plain headers and the function, no more. */
static const char *check_head(const char *code)
{
    const char *function = strstr(code, "void library_show_html(struct out *o_, const struct ");
    HOLDS(function);
    for (const char *p = code; p < function; p = strchr(p, '\n') + 1)
        HOLDS(*p == '\n' || strncmp(p, "#include \"", 10) == 0 || strncmp(p, "/* Made", 7) == 0);
    return function;
}

/* From the function on. */
static void check_code(const char *code)
{
    struct checker k = {.at = strchr(code, '{')};
    HOLDS(k.at);
    while (*k.at) {
        if (*k.at == '"')
            take_literal(&k);
        else if (strncmp(k.at, "#line ", 6) == 0 && k.at[-1] == '\n')
            k.at = strchr(k.at, '\n');
        else if (is_name(*k.at))
            take_word(&k);
        else
            take_code(&k);
        HOLDS(k.at);
    }
    HOLDS(k.braces == 0);
}

void fuzz_input(struct ctx *c, str in)
{
    struct compiler *compiler = arena_new_of(c->arena, struct compiler);
    *compiler = (struct compiler){.file = "features/library/library_show.html", .line = 1};
    tool_on_die(on_die);
    if (setjmp(refused) == 0) {
        text_add(&compiler->source, in.ptr, in.len);
        tmplc_compile(compiler);
        check_code(check_head(compiler->code.ptr));
    } else {
        HOLDS(strncmp(words, "features/library/library_show.html:", 35) == 0);
    }
    tool_forget();
}
