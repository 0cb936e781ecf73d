/* What somebody else may choose of a mail; read back by a reader of its own, it is what was given:
   the known headers, each once, and the two texts. */
#include "fuzz.h"
#include "mail/mail_int.h"

enum { MAX_DECODED = 4 * 1024 * 1024 };

static const char *const known[] = {
    "Date",
    "From",
    "To",
    "Reply-To",
    "Subject",
    "Message-ID",
    "In-Reply-To",
    "References",
    "List-Id",
    "List-Unsubscribe",
    "List-Unsubscribe-Post",
    "Precedence",
    "Auto-Submitted",
    "X-Auto-Response-Suppress",
    "MIME-Version",
    "Content-Type",
    "Content-Transfer-Encoding",
};

struct reading {
    struct ctx *c;
    str rest;
    bool seen[COUNT_OF(known)];
    str values[COUNT_OF(known)];
};

/* A line without its CRLF; there is no other end of a line. */
static str wire_line(struct reading *r)
{
    size_t end = str_find(r->rest, S("\r\n"));
    HOLDS(end != STR_NONE && end < 998);
    str line = str_slice(r->rest, 0, end);
    for (size_t i = 0; i < line.len; i++)
        HOLDS((line.ptr[i] >= ' ' && line.ptr[i] <= '~') || line.ptr[i] == '\t');
    HOLDS(!str_eqz(line, "."));
    r->rest = str_slice(r->rest, end + 2, r->rest.len);
    return line;
}

static void read_header(struct reading *r, str line)
{
    size_t colon = str_find(line, S(": ")), at = 0;
    HOLDS(colon != STR_NONE);
    while (at < COUNT_OF(known) && !str_eqz(str_slice(line, 0, colon), known[at]))
        at++;
    HOLDS(at < COUNT_OF(known) && !r->seen[at]);
    r->seen[at] = true;
    r->values[at] = str_slice(line, colon + 2, line.len);
}

static void read_headers(struct reading *r)
{
    str line = wire_line(r);
    while (line.len) {
        str whole = line;
        for (line = wire_line(r); line.len && line.ptr[0] == ' '; line = wire_line(r))
            whole = str_join(r->c->arena, (str[]){whole, line}, 2, S(""));
        read_header(r, whole);
    }
}

static str value(const struct reading *r, const char *name)
{
    for (size_t i = 0; i < COUNT_OF(known); i++)
        if (strcmp(known[i], name) == 0)
            return r->values[i];
    return S("");
}

static int hex(char digit)
{
    return digit >= '0' && digit <= '9'   ? digit - '0'
           : digit >= 'A' && digit <= 'F' ? digit - 'A' + 10
                                          : -1;
}

static void add_hex(struct buf *b, str s, size_t at)
{
    HOLDS(at + 2 < s.len && hex(s.ptr[at + 1]) >= 0 && hex(s.ptr[at + 2]) >= 0);
    buf_add_byte(b, (char)(hex(s.ptr[at + 1]) * 16 + hex(s.ptr[at + 2])));
}

/* Encoded words, or text as it is. */
static str decode_words(struct ctx *c, str s)
{
    struct buf b;
    if (!str_starts(s, S("=?utf-8?Q?")))
        return s;
    buf_init(&b, c->arena, MAX_DECODED);
    while (s.len) {
        HOLDS(str_starts(s, S("=?utf-8?Q?")));
        s = str_slice(s, 10, s.len);
        size_t end = str_find(s, S("?="));
        HOLDS(end != STR_NONE && end + 12 <= 75);
        str word = str_slice(s, 0, end);
        size_t before = b.len;
        for (size_t i = 0; i < word.len; i++) {
            if (word.ptr[i] == '=') {
                add_hex(&b, word, i);
                i += 2;
            } else {
                HOLDS(word.ptr[i] != ' ' && word.ptr[i] != '?');
                buf_add_byte(&b, word.ptr[i] == '_' ? ' ' : word.ptr[i]);
            }
        }
        HOLDS(utf8_valid(str_of(b.ptr + before, b.len - before)));
        s = str_slice(s, end + 2, s.len);
        HOLDS(!s.len || s.ptr[0] == ' ');
        s = str_slice(s, 1, s.len);
    }
    return buf_str(&b);
}

/* "name" <address>, with backslashes, or encoded words, or the address alone. */
static void check_mailbox(struct ctx *c, str header, str name, str address)
{
    str end = str_fmt(c->arena, "<%.*s>", (int)address.len, address.ptr);
    HOLDS(str_ends(header, end));
    str shown = str_slice(header, 0, header.len - end.len);
    HOLDS(!shown.len || shown.ptr[shown.len - 1] == ' ');
    shown.len -= shown.len ? 1 : 0;
    if (!shown.len || shown.ptr[0] != '"') {
        HOLDS(str_eq(decode_words(c, shown), name));
        return;
    }
    struct buf b;
    buf_init(&b, c->arena, MAX_DECODED);
    HOLDS(shown.len >= 2 && shown.ptr[shown.len - 1] == '"');
    for (size_t i = 1; i + 1 < shown.len; i++) {
        HOLDS(shown.ptr[i] != '"');
        i += shown.ptr[i] == '\\';
        HOLDS(i + 1 < shown.len);
        buf_add_byte(&b, shown.ptr[i]);
    }
    HOLDS(str_eq(buf_str(&b), name));
}

/* Quoted-printable up to a boundary, or the end. */
static str decode_body(struct reading *r, str boundary)
{
    struct buf b;
    buf_init(&b, r->c->arena, MAX_DECODED);
    while (r->rest.len) {
        str line = wire_line(r);
        HOLDS(line.len <= 76);
        if (boundary.len && str_starts(line, boundary))
            break;
        bool soft = line.len && line.ptr[line.len - 1] == '=';
        for (size_t i = 0; i + soft < line.len; i++) {
            if (line.ptr[i] == '=') {
                add_hex(&b, line, i);
                i += 2;
            } else {
                buf_add_byte(&b, line.ptr[i]);
            }
        }
        if (!soft)
            buf_add_byte(&b, '\n');
    }
    return buf_str(&b);
}

/* The lines of a text, however they ended. */
static void check_text(struct ctx *c, str decoded, str given)
{
    struct buf b;
    str line, piece;
    buf_init(&b, c->arena, MAX_DECODED);
    while (str_line(&given, &line))
        while (str_split(&line, '\r', &piece)) {
            buf_add(&b, piece);
            buf_add_byte(&b, '\n');
        }
    HOLDS(buf_ok(&b) && str_starts(decoded, buf_str(&b)) && decoded.len - b.len <= 1);
}

static void check_bodies(struct reading *r, const struct mail_content *m)
{
    if (!m->html.len) {
        check_text(r->c, decode_body(r, S("")), m->text);
        return;
    }
    struct reading part = *r;
    memset(part.seen, 0, sizeof part.seen);
    HOLDS(str_eqz(wire_line(&part), "--=_t0"));
    read_headers(&part);
    check_text(r->c, decode_body(&part, S("--=_t0")), m->text);
    memset(part.seen, 0, sizeof part.seen);
    read_headers(&part);
    check_text(r->c, decode_body(&part, S("--=_t0--")), m->html);
    HOLDS(!part.rest.len);
}

static void check_message(struct ctx *c, str bytes, const struct mail_parts *p)
{
    struct reading r = {.c = c, .rest = bytes};
    read_headers(&r);
    HOLDS(str_eq(decode_words(c, value(&r, "Subject")), p->content.subject));
    check_mailbox(c, value(&r, "From"), p->from_name, p->from);
    check_mailbox(c, value(&r, "To"), p->to_name, p->to);
    HOLDS(str_eqz(value(&r, "Message-ID"), "<t0@aanjager.test>"));
    HOLDS(str_eq(value(&r, "In-Reply-To"), p->content.in_reply_to));
    HOLDS((value(&r, "Reply-To").len > 0) == (p->content.reply_to.len > 0));
    HOLDS((value(&r, "List-Unsubscribe").len > 0) == (p->content.unsubscribe.len > 0));
    check_bodies(&r, &p->content);
}

void fuzz_input(struct ctx *c, str in)
{
    struct mail_field field = {.name = S("naam"), .value = fuzz_part(&in)};
    struct mail_parts p = {.from = S("noreply@aanjager.test"), .token = S("t0"), .at = 1795651200};
    str bytes;
    p.to = fuzz_part(&in);
    p.to_name = p.from_name = fuzz_part(&in);
    p.content.subject = fuzz_part(&in);
    p.content.text = fuzz_part(&in);
    p.content.html = fuzz_part(&in);
    p.content.reply_to = fuzz_part(&in);
    p.content.list_id = fuzz_part(&in);
    p.content.unsubscribe = fuzz_part(&in);
    p.content.in_reply_to = fuzz_part(&in);
    p.bulk = p.content.list_id.len > 0;
    if (mail_fill(c, &p.content, &field, 1, &p.content) < 0)
        return;
    int code = mail_compose(c, &p, &bytes);
    if (code == ERR_LIMIT)
        return;
    fuzz_check_refusal(c, code, ERR_INVALID);
    if (code == 0)
        check_message(c, bytes, &p);
}
