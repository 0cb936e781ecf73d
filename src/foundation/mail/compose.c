/* A message as bytes (RFC 5322, MIME). Pure: no clock, no database.

   Nothing that a caller gives can end a header: text goes out as it is only when every byte is a
   printable ASCII character, and as encoded words (RFC 2047) otherwise; addresses and ids are
   held to a short alphabet. Bodies are quoted-printable: lines of at most 76 characters, no line
   that is a dot. "=_" cannot occur in a body that is encoded so, which makes it a safe boundary. */
#include "base/clock.h"
#include "base/utf8.h"
#include "mail/mail_int.h"

enum {
    MAX_MESSAGE = 4 * (MAIL_MAX_TEXT + MAIL_MAX_HTML),
    MAX_LOCAL = 64,
    MAX_LABEL = 63,
    MAX_URL = 800,
    PLAIN_WIDTH = 60, /* longer header text is folded as encoded words */
    WORD_WIDTH = 64,  /* of an encoded word without its end: fits behind "Subject: " */
    MAX_FIELD_NAME = 40,
    LINE_WIDTH = 76,
};

/* ---- what may stand where ---- */

static bool is_letter(char b)
{
    return (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z') || (b >= '0' && b <= '9');
}

static bool is_of(str s, const char *more)
{
    for (size_t i = 0; i < s.len; i++)
        if (!is_letter(s.ptr[i]) && (!s.ptr[i] || !strchr(more, s.ptr[i])))
            return false;
    return s.len > 0;
}

static bool is_dotted(str s)
{
    return s.ptr[0] != '.' && s.ptr[s.len - 1] != '.' && str_find(s, S("..")) == STR_NONE;
}

static bool is_domain(str s)
{
    str rest = s, label;
    if (!is_of(s, "-.") || !is_dotted(s) || str_find_byte(s, '.') == STR_NONE)
        return false;
    while (str_split(&rest, '.', &label))
        if (label.len > MAX_LABEL || label.ptr[0] == '-' || label.ptr[label.len - 1] == '-')
            return false;
    return true;
}

bool mail_address_valid(str address)
{
    size_t at = str_find_byte(address, '@');
    if (at == STR_NONE || at == 0 || at > MAX_LOCAL || address.len > MAIL_MAX_ADDRESS)
        return false;
    str local = str_slice(address, 0, at);
    return is_of(local, ".!#$%&'*+-/=?^_`{|}~") && is_dotted(local) &&
           is_domain(str_slice(address, at + 1, address.len));
}

str mail_domain_of(struct arena *a, str address)
{
    return str_lower_ascii(a, str_slice(address, str_find_byte(address, '@') + 1, address.len));
}

static bool is_printable(str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.ptr[i] < ' ' || s.ptr[i] > '~')
            return false;
    return true;
}

static bool is_url(str s)
{
    return (str_starts(s, S("https://")) || str_starts(s, S("http://"))) && s.len <= MAX_URL &&
           is_printable(s) && str_find_byte(s, ' ') == STR_NONE &&
           str_find_byte(s, '<') == STR_NONE && str_find_byte(s, '>') == STR_NONE;
}

static bool is_message_id(str s)
{
    return s.len > 4 && s.len <= MAIL_MAX_ADDRESS && s.ptr[0] == '<' && s.ptr[s.len - 1] == '>' &&
           is_of(str_slice(s, 1, s.len - 1), "@.!#$%&'*+-/=?^_`{|}~") &&
           str_find_byte(s, '@') != STR_NONE;
}

/* ---- checks ---- */

static bool is_line(str s)
{
    return utf8_valid(s) && !utf8_has_control(s) && str_find_byte(s, '\n') == STR_NONE &&
           str_find_byte(s, '\r') == STR_NONE && str_find_byte(s, '\t') == STR_NONE;
}

int mail_check_name(struct ctx *c, str name)
{
    if (!is_line(name))
        return err_set(c, ERR_INVALID, "De naam boven een bericht past niet op één regel.");
    if (utf8_length(name) > MAIL_MAX_NAME)
        return err_set(c, ERR_LIMIT, "De naam boven een bericht is te lang.");
    return 0;
}

static int check_headers(struct ctx *c, const struct mail_content *m)
{
    if (m->reply_to.len && !mail_address_valid(m->reply_to))
        return err_set(c, ERR_INVALID, "Het antwoordadres van het bericht klopt niet.");
    if (m->list_id.len && (m->list_id.len > MAIL_MAX_ADDRESS || !is_domain(m->list_id)))
        return err_set(c, ERR_INVALID, "De naam van de verzendlijst klopt niet.");
    if (m->in_reply_to.len && !is_message_id(m->in_reply_to))
        return err_set(c, ERR_INVALID,
                       "Het bericht verwijst naar een bericht dat niet kan bestaan.");
    if (m->unsubscribe.len && !is_url(m->unsubscribe))
        return err_set(c, ERR_INVALID, "Het adres om af te melden klopt niet.");
    return 0;
}

int mail_check_content(struct ctx *c, const struct mail_content *m)
{
    if (!m->subject.len || !is_line(m->subject))
        return err_set(c, ERR_INVALID, "Een bericht heeft een onderwerp van één regel nodig.");
    if (!m->text.len)
        return err_set(c, ERR_INVALID, "Een bericht heeft tekst nodig.");
    if (!utf8_valid(m->text) || utf8_has_control(m->text) || !utf8_valid(m->html) ||
        utf8_has_control(m->html))
        return err_set(c, ERR_INVALID,
                       "Het bericht bevat een teken dat niet kan worden verstuurd.");
    if (utf8_length(m->subject) > MAIL_MAX_SUBJECT || m->text.len > MAIL_MAX_TEXT ||
        m->html.len > MAIL_MAX_HTML)
        return err_set(c, ERR_LIMIT, "Het bericht is te lang om te versturen.");
    return check_headers(c, m);
}

/* ---- {{names}} ---- */

static const struct mail_field *field_at(str rest, const struct mail_field *fields, size_t count,
                                         size_t *ret_end)
{
    size_t end = str_find(str_slice(rest, 0, MAX_FIELD_NAME), S("}}"));
    if (!str_starts(rest, S("{{")) || end == STR_NONE)
        return NULL;
    str name = str_slice(rest, 2, end);
    for (size_t i = 0; i < count; i++)
        if (str_eq(name, fields[i].name)) {
            *ret_end = end + 2;
            return &fields[i];
        }
    return NULL;
}

static void add_escaped(struct buf *b, str s)
{
    for (size_t i = 0; i < s.len; i++) {
        char byte = s.ptr[i];
        const char *escape = byte == '&'    ? "&amp;"
                             : byte == '<'  ? "&lt;"
                             : byte == '>'  ? "&gt;"
                             : byte == '"'  ? "&quot;"
                             : byte == '\'' ? "&#39;"
                                            : NULL;
        if (escape)
            buf_addz(b, escape);
        else
            buf_add_byte(b, byte);
    }
}

/* One pass: what a value brings is not looked at again. */
static int fill(struct ctx *c, str text, const struct mail_field *fields, size_t count, bool html,
                str *ret)
{
    struct buf b;
    buf_init(&b, c->arena, MAX_MESSAGE);
    while (text.len) {
        size_t brace = str_find_byte(text, '{'), end = 0;
        size_t plain = brace == STR_NONE ? text.len : brace;
        buf_add(&b, str_slice(text, 0, plain));
        text = str_slice(text, plain, text.len);
        const struct mail_field *f = field_at(text, fields, count, &end);
        if (f && html)
            add_escaped(&b, f->value);
        else if (f)
            buf_add(&b, f->value);
        else if (text.len)
            buf_add_byte(&b, text.ptr[0]);
        text = str_slice(text, f ? end : 1, text.len);
    }
    if (!buf_ok(&b))
        return err_set(c, ERR_LIMIT, "Het bericht is te lang om te versturen.");
    *ret = buf_str(&b);
    return 0;
}

int mail_fill(struct ctx *c, const struct mail_content *m, const struct mail_field *fields,
              size_t count, struct mail_content *ret)
{
    struct mail_content filled = *m;
    TRY(fill(c, m->subject, fields, count, false, &filled.subject));
    TRY(fill(c, m->text, fields, count, false, &filled.text));
    TRY(fill(c, m->html, fields, count, true, &filled.html));
    TRY(fill(c, m->unsubscribe, fields, count, false, &filled.unsubscribe));
    *ret = filled;
    return 0;
}

/* ---- headers ---- */

/* One character inside an encoded word. */
static void add_q(struct buf *b, str character)
{
    char first = character.ptr[0];
    if (character.len == 1 && (is_letter(first) || strchr("!*+-/", first)))
        buf_add_byte(b, first);
    else if (character.len == 1 && first == ' ')
        buf_add_byte(b, '_');
    else
        for (size_t i = 0; i < character.len; i++)
            buf_fmt(b, "=%02X", (unsigned)(unsigned char)character.ptr[i]);
}

/* In words of whole characters, as RFC 2047 asks; each on a line of its own. Not base64: some
   readers paste the words together before they decode them, and stop at its padding. */
static void add_encoded(struct buf *b, str s)
{
    size_t begun = b->len;
    buf_addz(b, "=?utf-8?Q?");
    while (s.len) {
        str rest = s;
        (void)utf8_next(&rest);
        str character = str_slice(s, 0, s.len - rest.len);
        if (b->len - begun + 3 * character.len > WORD_WIDTH) {
            buf_addz(b, "?=\r\n ");
            begun = b->len;
            buf_addz(b, "=?utf-8?Q?");
        }
        add_q(b, character);
        s = rest;
    }
    buf_addz(b, "?=");
}

static bool goes_plain(str s)
{
    return is_printable(s) && s.len <= PLAIN_WIDTH && str_find(s, S("=?")) == STR_NONE &&
           s.ptr[0] != ' ' && s.ptr[s.len - 1] != ' ';
}

static void add_text(struct buf *b, const char *name, str value)
{
    buf_fmt(b, "%s: ", name);
    if (goes_plain(value))
        buf_add(b, value);
    else
        add_encoded(b, value);
    buf_addz(b, "\r\n");
}

static void add_mailbox(struct buf *b, const char *header, str name, str address)
{
    buf_fmt(b, "%s: ", header);
    if (name.len && goes_plain(name)) {
        buf_add_byte(b, '"');
        for (size_t i = 0; i < name.len; i++) {
            if (name.ptr[i] == '"' || name.ptr[i] == '\\')
                buf_add_byte(b, '\\');
            buf_add_byte(b, name.ptr[i]);
        }
        buf_addz(b, "\"\r\n ");
    } else if (name.len) {
        add_encoded(b, name);
        buf_addz(b, "\r\n ");
    }
    buf_fmt(b, "<%.*s>\r\n", (int)address.len, address.ptr);
}

static void add_bracketed(struct buf *b, const char *name, str value)
{
    buf_fmt(b, "%s: <%.*s>\r\n", name, (int)value.len, value.ptr);
}

static void add_list(struct buf *b, const struct mail_content *m)
{
    if (m->list_id.len)
        add_bracketed(b, "List-Id", m->list_id);
    if (!m->unsubscribe.len)
        return;
    add_bracketed(b, "List-Unsubscribe", m->unsubscribe);
    if (str_starts(m->unsubscribe, S("https://")))
        buf_addz(b, "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n");
}

static void add_headers(struct ctx *c, struct buf *b, const struct mail_parts *p)
{
    const struct mail_content *m = &p->content;
    str date = clock_http_date(c->arena, p->at), domain = mail_domain_of(c->arena, p->from);
    buf_fmt(b, "Date: %.*s +0000\r\n", (int)date.len - 4, date.ptr);
    add_mailbox(b, "From", p->from_name, p->from);
    add_mailbox(b, "To", p->to_name, p->to);
    if (m->reply_to.len)
        add_bracketed(b, "Reply-To", m->reply_to);
    add_text(b, "Subject", m->subject);
    buf_fmt(b, "Message-ID: <%.*s@%.*s>\r\n", (int)p->token.len, p->token.ptr, (int)domain.len,
            domain.ptr);
    if (m->in_reply_to.len)
        buf_fmt(b, "In-Reply-To: %.*s\r\nReferences: %.*s\r\n", (int)m->in_reply_to.len,
                m->in_reply_to.ptr, (int)m->in_reply_to.len, m->in_reply_to.ptr);
    add_list(b, m);
    if (p->bulk)
        buf_addz(b, "Precedence: bulk\r\n");
    /* No answers of machines to a machine. */
    buf_addz(b, "Auto-Submitted: auto-generated\r\nX-Auto-Response-Suppress: All\r\n");
    buf_addz(b, "MIME-Version: 1.0\r\n");
}

/* ---- bodies ---- */

static bool is_plain(str line, size_t i, size_t column)
{
    char byte = line.ptr[i];
    if (byte == ' ' || byte == '\t')
        return i + 1 < line.len;
    return byte > ' ' && byte <= '~' && byte != '=' && !(byte == '.' && column == 0);
}

static void add_quoted_line(struct buf *b, str line)
{
    size_t column = 0;
    for (size_t i = 0; i < line.len; i++) {
        size_t width = is_plain(line, i, column) ? 1 : 3;
        if (column + width >= LINE_WIDTH) {
            buf_addz(b, "=\r\n");
            column = 0;
        }
        if (is_plain(line, i, column)) {
            buf_add_byte(b, line.ptr[i]);
            column++;
        } else {
            buf_fmt(b, "=%02X", (unsigned)(unsigned char)line.ptr[i]);
            column += 3;
        }
    }
    buf_addz(b, "\r\n");
}

/* A lone \r is the end of a line too: no reader may see one. */
static void add_quoted(struct buf *b, str text)
{
    str line, piece;
    while (str_line(&text, &line))
        while (str_split(&line, '\r', &piece))
            add_quoted_line(b, piece);
}

static void add_part(struct buf *b, const char *type, str body)
{
    buf_fmt(
        b, "Content-Type: %s; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n",
        type);
    add_quoted(b, body);
}

static void add_alternative(struct buf *b, const struct mail_parts *p)
{
    const char *token = p->token.ptr;
    int n = (int)p->token.len;
    buf_fmt(b, "Content-Type: multipart/alternative; boundary=\"=_%.*s\"\r\n\r\n", n, token);
    buf_fmt(b, "--=_%.*s\r\n", n, token);
    add_part(b, "text/plain", p->content.text);
    buf_fmt(b, "\r\n--=_%.*s\r\n", n, token);
    add_part(b, "text/html", p->content.html);
    buf_fmt(b, "\r\n--=_%.*s--\r\n", n, token);
}

static int check_parts(struct ctx *c, const struct mail_parts *p)
{
    if (!mail_address_valid(p->from))
        return err_set(c, ERR_INVALID, "Het adres van de afzender klopt niet.");
    if (!mail_address_valid(p->to))
        return err_set(c, ERR_INVALID, "Het adres van de ontvanger klopt niet.");
    if (!is_of(p->token, ".-") || p->token.len > 60)
        BUG("a token of a mail is not a short word");
    TRY(mail_check_name(c, p->from_name));
    TRY(mail_check_name(c, p->to_name));
    return mail_check_content(c, &p->content);
}

int mail_compose(struct ctx *c, const struct mail_parts *p, str *ret)
{
    struct buf b;
    TRY(check_parts(c, p));
    buf_init(&b, c->arena, MAX_MESSAGE);
    add_headers(c, &b, p);
    if (p->content.html.len)
        add_alternative(&b, p);
    else
        add_part(&b, "text/plain", p->content.text);
    if (!buf_ok(&b))
        return err_set(c, ERR_LIMIT, "Het bericht is te lang om te versturen.");
    *ret = buf_str(&b);
    return 0;
}
