#include "html/markdown_guard.h"

enum {
    MAX_MARKERS = 32,       /* quote and list marks at the start of one line */
    MAX_DECLARATIONS = 500, /* "<?" and "<!" in the text */
    MAX_IMAGES = 500,       /* "![" in the text */
    MAX_RUN = 2000,         /* bytes without white space in which "www.", "://" or "@" stands */
    MAX_PIPES = 200,        /* in one line */
    MAX_RULERS = 40,        /* lines of only dashes, colons and pipes between two blank lines */
    MAX_TILDES = 500,       /* between two blank lines */
    MAX_COPIED = 4 << 20,   /* "[" in the text times bytes of the longest block with a definition:
                               each use of a definition copies its address and title */
    MAX_CELLS = 20000,      /* widest line times number of lines, where there is a ruler */
};

/* What has been counted since the last blank line, and in the whole text. */
struct counts {
    size_t lines, pipes_max, rulers, tildes;
    size_t declarations, images;
    size_t brackets, block, definitions; /* block: bytes since the last blank line */
    bool defines;                        /* "]:" stands in this block */
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

/* Length of the list or quote mark at the front of s, with the space after a list mark; 0 when
 * there is none. */
static size_t marker_length(str s)
{
    size_t n = 0;
    if (s.len && s.ptr[0] == '>')
        return 1;
    while (n < s.len && n < 9 && is_digit(s.ptr[n]))
        n++;
    const char *ends = n ? ".)" : "-+*";
    if (n == s.len || !s.ptr[n] || !strchr(ends, s.ptr[n]))
        return 0;
    n++;
    return n == s.len || is_blank(s.ptr[n]) ? n : 0;
}

static size_t count_markers(str line)
{
    size_t count = 0;
    while (line.len) {
        size_t n = is_blank(line.ptr[0]) ? 1 : marker_length(line);
        if (!n)
            break;
        count += !is_blank(line.ptr[0]);
        line = str_slice(line, n, line.len);
    }
    return count;
}

/* Could the table extension take the line for the ruler under a head? Marks before it count as part
 * of it. */
static bool is_ruler(str line)
{
    bool dash = false;
    for (size_t i = 0; i < line.len; i++) {
        if (!is_blank(line.ptr[i]) && !is_digit(line.ptr[i]) &&
            !(line.ptr[i] && strchr("|:->*+.)\v\f", line.ptr[i])))
            return false;
        dash = dash || line.ptr[i] == '-';
    }
    return dash;
}

static bool is_empty_line(str line)
{
    for (size_t i = 0; i < line.len; i++)
        if (!is_blank(line.ptr[i]) && line.ptr[i] != '>')
            return false;
    return true;
}

static bool starts_address(str s)
{
    return s.ptr[0] == '@' || str_starts(s, S("://")) ||
           (s.len >= 4 && str_eq_nocase(str_slice(s, 0, 4), S("www.")));
}

/* The longest run without white space that holds an address. */
static size_t longest_address(str line)
{
    size_t longest = 0, len = 0;
    bool address = false;
    for (size_t i = 0; i < line.len; i++) {
        len = is_blank(line.ptr[i]) ? 0 : len + 1;
        address = len && (address || starts_address(str_slice(line, i, line.len)));
        if (address && len > longest)
            longest = len;
    }
    return longest;
}

static size_t count_pairs(str line, char first, const char *second)
{
    size_t count = 0;
    for (size_t i = 0; i + 1 < line.len; i++)
        count += line.ptr[i] == first && line.ptr[i + 1] && strchr(second, line.ptr[i + 1]);
    return count;
}

static size_t count_byte(str line, char byte)
{
    size_t count = 0;
    for (size_t i = 0; i < line.len; i++)
        count += line.ptr[i] == byte;
    return count;
}

static void count_line(struct counts *n, str line)
{
    if (is_empty_line(line)) {
        n->lines = n->pipes_max = n->rulers = n->tildes = n->block = 0;
        n->defines = false;
        return;
    }
    size_t pipes = count_byte(line, '|');
    n->lines++;
    n->pipes_max = pipes > n->pipes_max ? pipes : n->pipes_max;
    n->rulers += is_ruler(line);
    n->tildes += count_byte(line, '~');
    n->declarations += count_pairs(line, '<', "?!");
    n->images += count_pairs(line, '!', "[");
    n->brackets += count_byte(line, '[');
    n->block += line.len;
    n->defines = n->defines || str_find(line, S("]:")) != STR_NONE;
    if (n->defines && n->block > n->definitions)
        n->definitions = n->block;
}

static const char *refusal(const struct counts *n, str line)
{
    if (count_markers(line) > MAX_MARKERS)
        return "er staan te veel citaat- of lijsttekens (> - *) achter elkaar. Gebruik er minder.";
    if (longest_address(line) > MAX_RUN)
        return "er staat een te lang webadres. Maak het korter of zet er spaties tussen.";
    if (n->pipes_max > MAX_PIPES)
        return "de regel heeft te veel kolommen (|). Maak de tabel smaller.";
    if (n->rulers > MAX_RULERS)
        return "er staan te veel streepjesregels bij elkaar. Zet er lege regels tussen.";
    if (n->tildes > MAX_TILDES)
        return "er staan te veel golfjes (~) bij elkaar. Zet er lege regels tussen.";
    if (n->rulers && n->lines * (n->pipes_max + 1) > MAX_CELLS)
        return "de tabel is te groot. Verdeel hem over meer tabellen.";
    if (n->declarations > MAX_DECLARATIONS)
        return "de tekens <! en <? komen te vaak voor. Haal ze weg.";
    if (n->images > MAX_IMAGES)
        return "er staan te veel afbeeldingen in. Verdeel de tekst.";
    if (n->brackets * n->definitions > MAX_COPIED)
        return "er zijn te veel verwijzingen ([ en ]) naar lange adressen. Zet lege regels tussen "
               "de "
               "adressen of verdeel de tekst.";
    return NULL;
}

bool markdown_guard(str source, struct markdown_refusal *ret)
{
    struct counts n = {0};
    str rest = source.ptr ? source : S(""), line;
    for (size_t number = 1; str_split(&rest, '\n', &line); number++) {
        count_line(&n, line);
        const char *words = refusal(&n, line);
        if (words) {
            *ret = (struct markdown_refusal){number, words};
            return false;
        }
    }
    return true;
}
