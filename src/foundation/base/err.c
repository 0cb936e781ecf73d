#include "base/err.h"

#include <stdarg.h>

#include "base/ctx.h"

_printf_(2, 0) static str err_format(struct ctx *c, const char *fmt, va_list args)
{
    va_list again;
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, fmt, args);
    if (n < 0)
        BUG("err: format");
    char *p = arena_alloc(c->arena, (size_t)n + 1);
    (void)vsnprintf(p, (size_t)n + 1, fmt, again);
    va_end(again);
    return str_of(p, (size_t)n);
}

int err_set_(struct ctx *c, int code, const char *file, int line, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    c->err =
        (struct err){.code = code, .msg = err_format(c, fmt, args), .file = file, .line = line};
    va_end(args);
    return code;
}

int err_detail_(struct ctx *c, int code, const char *file, int line, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    c->err =
        (struct err){.code = code, .detail = err_format(c, fmt, args), .file = file, .line = line};
    va_end(args);
    return code;
}

void err_context(struct ctx *c, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    str words = err_format(c, fmt, args);
    va_end(args);
    c->err.detail =
        c->err.detail.len ? str_join(c->arena, (str[]){words, c->err.detail}, 2, S(": ")) : words;
}

void err_pass(struct ctx *to, const struct ctx *from)
{
    to->err = from->err;
    to->err.msg = str_dup(to->arena, from->err.msg);
    to->err.detail = str_dup(to->arena, from->err.detail);
}

str err_words(const struct err *e)
{
    if (e->msg.len)
        return e->msg;
    switch (e->code) {
    case ERR_INVALID:
        return S("De invoer klopt niet. Controleer wat u hebt ingevuld.");
    case ERR_NOT_FOUND:
        return S("Wat u zoekt, bestaat niet of niet meer.");
    case ERR_FORBIDDEN:
        return S("U hebt hiervoor geen rechten.");
    case ERR_CONFLICT:
        return S("Iemand anders heeft dit intussen gewijzigd. Laad de pagina opnieuw.");
    case ERR_LIMIT:
        return S("Dit is te veel in één keer. Maak de invoer kleiner.");
    case ERR_BUSY:
        return S("Het is nu te druk of er is een storing. Probeer het over een minuut opnieuw.");
    default:
        return S("Er ging iets mis bij ons. Probeer het later opnieuw.");
    }
}

const char *err_name(int code)
{
    static const char *const names[] = {"ok",    "invalid", "not_found", "forbidden", "conflict",
                                        "limit", "busy",    "db",        "internal"};
    return code <= 0 && -code < (int)COUNT_OF(names) ? names[-code] : "unknown";
}
