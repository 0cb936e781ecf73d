/* What reads text through a library, with each allocation failing in turn: the whole result or
   ERR_BUSY, never a part of it or the blame for the text. */
#include "loop.h"

#include "html/html.h"
#include "table/csv.h"
#include "yaml/yaml.h"
#include "json/json.h"

enum { RESULT_MAX = 64 * 1024 };

struct reading {
    int (*read)(struct ctx *c, str *ret);
    int code;
    size_t first_len, len;
    char first[RESULT_MAX], text[RESULT_MAX];
};

static int read_markdown(struct ctx *c, str *ret)
{
    html h;
    TRY(markdown_render(
        c,
        S("# Één *kop*\n\nEen [koppeling](https://voorbeeld.nl \"titel\") en ~~weg~~ "
          "www.voorbeeld.nl\n\n| a | b |\n|---|--:|\n| 1 | `2` |\n\n1. een\n   - "
          "twee\n\n> Aan&eacute;en\n\n[ver]: /kennisbank/x\n\nZie [ver].\n"),
        &h));
    *ret = h.s;
    return 0;
}

static int read_yaml(struct ctx *c, str *ret)
{
    const struct yaml *y, *list;
    str parts[8];
    size_t count = 0;
    TRY(yaml_parse(c,
                   S("titel: \"Een lange titel met aanhalingstekens\"\nfasen: [\"5\", '6']\n"
                     "bronnen:\n  - titel: Eén\n    jaar: 2026\ntekst: |\n  regel een\n  regel "
                     "twee\n"),
                   1, &y));
    for (size_t i = 0; i < yaml_count(y) && count < 6; i++) {
        parts[count++] = yaml_key_at(y, i);
        parts[count++] = yaml_text(yaml_at(y, i));
    }
    list = yaml_get(y, "fasen");
    parts[count++] = yaml_text(yaml_at(list, 1));
    *ret = str_join(c->arena, parts, count, S("|"));
    return 0;
}

static int read_csv(struct ctx *c, str *ret)
{
    struct csv table;
    str cells[8];
    size_t count = 0;
    TRY(csv_read(c, S("naam,aantal\n\"Een lange naam, met een komma erin en nog veel meer\",12\n"),
                 10, &table));
    for (size_t r = 0; r < table.count; r++)
        for (int k = 0; k < 2; k++)
            cells[count++] = csv_cell(&table, r, k);
    *ret = str_join(c->arena, cells, count, S("|"));
    return 0;
}

static int read_json(struct ctx *c, str *ret)
{
    const struct json_value *v;
    long long n = 0;
    TRY(json_parse(c,
                   S("{\"naam\": \"Eén \\u00e9\", \"rij\": [1, 2, {\"x\": [true, null]}], "
                     "\"getal\": 12345}"),
                   10, &v));
    if (!json_as_int(json_get(v, "getal"), &n))
        return ERR_INTERNAL;
    str name = json_as_str(json_get(v, "naam"));
    *ret = str_fmt(c->arena, "%.*s %lld %zu", (int)name.len, name.ptr, n,
                   json_count(json_get(v, "rij")));
    return 0;
}

static void run(struct web *w, void *arg)
{
    struct reading *r = arg;
    struct ctx c = w->app.ctx;
    str text = S("");
    c.arena = w->page;
    c.lease = NULL;
    r->code = r->read(&c, &text);
    if (text.len > RESULT_MAX)
        BUG("a result larger than 64 kB");
    memcpy(r->text, text.ptr, text.len);
    r->len = text.len;
    arena_reset(w->page);
}

static enum loop_outcome judge(struct web *w _unused_, void *arg)
{
    struct reading *r = arg;
    if (r->code == 0 && !r->first_len) {
        memcpy(r->first, r->text, r->len);
        r->first_len = r->len;
    }
    if (r->code != 0)
        return r->code == ERR_BUSY ? LOOP_CLEAN : LOOP_WRONG;
    return r->len && str_eq(str_of(r->text, r->len), str_of(r->first, r->first_len)) ? LOOP_RIGHT
                                                                                     : LOOP_WRONG;
}

static void every_reader(void **state _unused_)
{
    static const struct {
        const char *name;
        int (*read)(struct ctx *c, str *ret);
    } readers[] = {
        {"Markdown", read_markdown}, {"YAML", read_yaml}, {"CSV", read_csv}, {"JSON", read_json}};
    static struct reading r;
    struct web *w = web_begin();
    for (size_t i = 0; i < COUNT_OF(readers); i++) {
        r = (struct reading){.read = readers[i].read};
        loop_run(
            w, &(struct loop_work){
                   .name = readers[i].name, .run = run, .judge = judge, .arg = &r, .reads = true});
    }
    web_end(w);
}

TEST_MAIN(TEST(every_reader))
