/* The words of the interface for the codes in an item, and what follows from them. Pure. */
#include "library/library_int.h"

#include "base/buf.h"

struct word {
    const char *code, *name;
};

static str word_of(const struct word *words, size_t count, str code)
{
    for (size_t i = 0; i < count; i++)
        if (str_eqz(code, words[i].code))
            return str_from(words[i].name);
    return code;
}

str library_type_name(str type)
{
    static const struct word words[] = {
        {"werkwijze", "Werkwijze"}, {"instrument", "Instrument"}, {"kennis", "Kennis"}};
    return word_of(words, COUNT_OF(words), type);
}

str library_kind_name(str kind)
{
    static const struct word words[] = {
        {"handreiking", "Handreiking"},
        {"praktijkvoorbeeld", "Praktijkvoorbeeld"},
        {"wet-en-regelgeving", "Wet- en regelgeving"},
        {"onderzoek", "Onderzoek"},
        {"model", "Model"},
    };
    return word_of(words, COUNT_OF(words), kind);
}

str library_evidence_name(str evidence)
{
    static const struct word words[] = {
        {"onvoldoende", "Onvoldoende bewijs"},
        {"praktijk", "Praktijkervaring"},
        {"gemeten-enkele", "Gemeten bij enkele gemeenten"},
        {"gemeten-meerdere", "Gemeten bij meerdere gemeenten"},
        {"onafhankelijk", "Onafhankelijk geëvalueerd"},
    };
    return word_of(words, COUNT_OF(words), evidence);
}

str library_effort_name(str effort)
{
    static const struct word words[] = {
        {"klein", "Klein"}, {"middel", "Gemiddeld"}, {"groot", "Groot"}};
    return word_of(words, COUNT_OF(words), effort);
}

bool library_is_checked(str certainty)
{
    return str_eqz(certainty, "gecontroleerd");
}

str library_licence_name(str id)
{
    return str_eqz(id, "CC-BY-4.0") ? S("CC BY 4.0") : id;
}

str library_licence_url(str id)
{
    return str_eqz(id, "CC-BY-4.0") ? S("https://creativecommons.org/licenses/by/4.0/") : S("");
}

enum page_kind library_page_kind(const struct item *item)
{
    if (item->steps_count)
        return PAGE_HOW_TO;
    return str_eqz(item->type, "instrument") ? PAGE_TECH_ARTICLE : PAGE_ARTICLE;
}

static bool is_space(char ch)
{
    return ch == ' ' || ch == '\n' || ch == '\r' || ch == '\t';
}

long long library_body_words(const struct item *item)
{
    long long words = 0;
    for (size_t i = 0; i < item->body.len; i++)
        words += !is_space(item->body.ptr[i]) && (!i || is_space(item->body.ptr[i - 1]));
    return words;
}

long long library_web_sources(const struct item *item)
{
    long long count = 0;
    for (size_t i = 0; i < item->sources_count; i++)
        count += item->sources[i].url.len > 0;
    return count;
}

static size_t phase_position(const struct taxonomy_list *phases, str code)
{
    size_t i = 0;
    while (i < phases->count && !str_eq(phases->terms[i].code, code))
        i++;
    return i;
}

str library_phase_words(struct ctx *c, const struct taxonomy *t, const struct item_texts *codes)
{
    const struct taxonomy_list *phases = &t->list[TAXONOMY_PHASE];
    size_t n = codes->items_count;
    str *names = arena_array(c->arena, n + 1, sizeof *names);
    bool run = true;
    if (n && n == phases->count)
        return S("Alle fasen");
    for (size_t i = 0; i < n; i++) {
        size_t at = phase_position(phases, codes->items[i]);
        names[i] = at < phases->count ? phases->terms[at].name : codes->items[i];
        run = run && at == phase_position(phases, codes->items[0]) + i;
    }
    if (run && n > 2)
        return str_fmt(c->arena, "%s tot en met %s", str_z(c->arena, names[0]),
                       str_z(c->arena, names[n - 1]));
    return str_join(c->arena, names, n, S(", "));
}

/* rows: of one item. An item that is there has terms: the format requires them. */
static void words_of_rows(struct ctx *c, const struct taxonomy *t, const struct item_term_row *rows,
                          size_t count, struct library_words *ret)
{
    struct item_texts phases = {arena_array(c->arena, count + 1, sizeof(str)), 0};
    *ret = (struct library_words){.bottlenecks = arena_array(c->arena, count + 1, sizeof(str)),
                                  .known = count > 0};
    if (!count)
        return;
    for (size_t i = 0; i < count; i++) {
        if (str_eqz(rows[i].kind, "fase"))
            phases.items[phases.items_count++] = rows[i].code;
        const struct taxonomy_term *term = NULL;
        if (str_eqz(rows[i].kind, "knelpunt"))
            term = taxonomy_by_code(t, TAXONOMY_BOTTLENECK, rows[i].code);
        if (term)
            ret->bottlenecks[ret->bottlenecks_count++] = term->name;
    }
    ret->phases = library_phase_words(c, t, &phases);
    ret->unchecked = !library_is_checked(rows[0].certainty);
}

static int words_at_once(struct ctx *c, const struct taxonomy *t, const long long *ids,
                         size_t count, struct library_words *ret)
{
    struct item_term_row *rows;
    size_t row_count;
    TRY(library_store_terms(c, ids, count, &rows, &row_count));
    for (size_t i = 0; i < count; i++) {
        size_t from = 0, to;
        while (from < row_count && rows[from].item_id != ids[i])
            from++;
        for (to = from; to < row_count && rows[to].item_id == ids[i];)
            to++;
        words_of_rows(c, t, rows + from, to - from, &ret[i]);
    }
    return 0;
}

int library_words(struct ctx *c, const struct taxonomy *t, const long long *ids, size_t count,
                  struct library_words *ret)
{
    for (size_t done = 0; done < count; done += LIBRARY_AT_ONCE) {
        size_t some = count - done < LIBRARY_AT_ONCE ? count - done : LIBRARY_AT_ONCE;
        TRY(words_at_once(c, t, ids + done, some, ret + done));
    }
    return 0;
}

/* ---- in the lists of others ---- */

static int find_by_any_address(struct ctx *c, str slug, struct item_row *ret)
{
    str present;
    int code = library_store_head(c, slug, ret);
    if (code != ERR_NOT_FOUND)
        return code;
    TRY(library_store_redirect(c, slug, &present));
    return library_store_head(c, present, ret);
}

static int read_brief(struct ctx *c, const struct taxonomy *t, str slug, struct library_brief *ret)
{
    struct item_row row;
    const struct library_reading *reading;
    *ret = (struct library_brief){0};
    int code = find_by_any_address(c, slug, &row);
    if (code == ERR_NOT_FOUND)
        return 0;
    TRY(code);
    TRY(library_read(c, row.id, row.number, &reading));
    const struct item *item = &reading->item;
    *ret = (struct library_brief){
        .known = true,
        .unchecked = !library_is_checked(item->certainty),
        .slug = item->slug,
        .title = item->title,
        .summary = item->summary,
        .type = item->type,
        .type_name = item->kind.len ? library_kind_name(item->kind) : library_type_name(item->type),
        .phases = library_phase_words(c, t, &item->phases),
        .effort = library_effort_name(item->effort),
        .certainty = item->certainty,
        .evidence = item->evidence,
    };
    return 0;
}

int library_briefs(struct ctx *c, const struct taxonomy *t, const str *slugs, size_t count,
                   struct library_brief *ret)
{
    for (size_t i = 0; i < count; i++)
        TRY(read_brief(c, t, slugs[i], &ret[i]));
    return 0;
}

/* ---- for the index ---- */

static void add_line(struct buf *b, str text)
{
    if (!text.len)
        return;
    buf_add(b, text);
    /* A snippet may join lines: they read as sentences. */
    if (str_find(S(".?!:;"), str_slice(text, text.len - 1, text.len)) == STR_NONE)
        buf_add_byte(b, '.');
    buf_add_byte(b, '\n');
}

/* "Past goed als: dit; dat." on one line, because the parts are no sentences. */
static void add_list(struct ctx *c, struct buf *b, const char *lead, const struct item_texts *texts)
{
    if (!texts->items_count)
        return;
    buf_addz(b, lead);
    add_line(b, str_join(c->arena, texts->items, texts->items_count, S("; ")));
}

static void add_lines(struct buf *b, const struct item_texts *texts)
{
    for (size_t i = 0; i < texts->items_count; i++)
        add_line(b, texts->items[i]);
}

int library_item_text(struct ctx *c, const struct item *item, str *ret)
{
    struct buf b;
    str body, line;
    TRY(markdown_text(c, item->body, &body));
    buf_init(&b, c->arena, LIBRARY_MAX_DOCUMENT * 2);
    while (str_line(&body, &line))
        add_line(&b, str_trim(line));
    add_list(c, &b, "Past goed als: ", &item->when);
    add_list(c, &b, "Past niet als: ", &item->when_not);
    for (size_t i = 0; i < item->steps_count; i++) {
        add_line(&b, item->steps[i].title);
        add_line(&b, item->steps[i].text);
    }
    for (size_t i = 0; i < item->roles_count; i++)
        add_line(&b, item->roles[i].task);
    add_lines(&b, &item->risks);
    add_lines(&b, &item->lessons);
    for (size_t i = 0; i < item->legal_count; i++) {
        add_line(&b, item->legal[i].law);
        add_line(&b, item->legal[i].article);
        add_line(&b, item->legal[i].note);
    }
    for (size_t i = 0; i < item->sources_count; i++)
        add_line(&b, item->sources[i].title);
    *ret = buf_str(&b);
    return 0;
}
