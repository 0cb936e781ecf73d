/* The verbs of the command line: aanjager organisation ... */
#include "organisations/organisations_int.h"

#include "base/clock.h"
#include "base/file.h"

static int wrong_use(struct ctx *c, const char *usage)
{
    return err_set(c, ERR_INVALID, "Gebruik: aanjager organisation %s", usage);
}

static int command_list(struct ctx *c, int argc, const char *const *argv)
{
    const struct organisations *list;
    str kind = argc == 1 ? str_from(argv[0]) : S("");
    if (argc > 1)
        return wrong_use(c, "list [SOORT]");
    if (kind.len && !organisation_kind_of(kind))
        return err_set(c, ERR_INVALID, "De soort \"%s\" bestaat niet.", argv[0]);
    TRY(organisations_load(c, &list));
    for (size_t i = 0; i < list->count; i++) {
        const struct organisation *o = &list->items[i];
        str name = organisation_full_name(c->arena, o);
        if (!kind.len || str_eq(o->kind, kind))
            printf("%-12.*s %.*s\n", (int)o->code.len, o->code.ptr, (int)name.len, name.ptr);
    }
    return 0;
}

struct import {
    const struct organisation_line *lines;
    size_t count, saved[3];
};

/* Places first: a region may stand above its municipalities in the file. */
static int import_kind(struct ctx *c, struct import *im, bool regions)
{
    for (size_t i = 0; i < im->count; i++) {
        enum organisation_saved saved;
        const struct organisation_line *line = &im->lines[i];
        if (organisation_kind_of(line->organisation.kind)->members != regions)
            continue;
        int code = organisations_store_save(c, line, &saved);
        if (code == ERR_INVALID || code == ERR_CONFLICT)
            return err_set(c, code, "rij %zu: %.*s", i + 2, (int)c->err.msg.len, c->err.msg.ptr);
        TRY(code);
        im->saved[saved]++;
    }
    return 0;
}

static int import_all(struct ctx *c, void *arg)
{
    struct import *im = arg;
    memset(im->saved, 0, sizeof im->saved); /* a repeated transaction counts anew */
    TRY(import_kind(c, im, false));
    return import_kind(c, im, true);
}

static int command_import(struct ctx *c, int argc, const char *const *argv)
{
    struct import im = {0};
    struct organisation_line *lines;
    str text;
    if (argc != 1)
        return wrong_use(c, "import BESTAND");
    TRY(file_read(c, str_from(argv[0]), ORGANISATIONS_MAX_FILE, &text));
    TRY(organisations_read(c, text, &lines, &im.count));
    im.lines = lines;
    TRY(organisations_store_transaction(c, import_all, &im));
    printf("%zu nieuw, %zu gewijzigd, %zu ongewijzigd\n", im.saved[ORGANISATION_NEW],
           im.saved[ORGANISATION_CHANGED], im.saved[ORGANISATION_SAME]);
    return 0;
}

static int command_domains(struct ctx *c, int argc, const char *const *argv _unused_)
{
    struct organisation_domain *domains;
    size_t count;
    if (argc)
        return wrong_use(c, "domains");
    TRY(organisations_store_domains(c, &domains, &count));
    for (size_t i = 0; i < count; i++)
        printf("%-30.*s %-12.*s %.*s, nagekeken op %s door %.*s\n", (int)domains[i].domain.len,
               domains[i].domain.ptr, (int)domains[i].code.len, domains[i].code.ptr,
               (int)domains[i].name.len, domains[i].name.ptr,
               clock_date(c->arena, domains[i].verified_at).ptr, (int)domains[i].verified_by.len,
               domains[i].verified_by.ptr);
    if (!count)
        printf("Er zijn nog geen maildomeinen nagekeken.\n");
    return 0;
}

static int command_add_domain(struct ctx *c, int argc, const char *const *argv)
{
    const struct organisations *list;
    str domain;
    if (argc != 2)
        return wrong_use(c, "add-domain CODE DOMEIN");
    TRY(organisation_domain_read(c, str_from(argv[1]), &domain));
    TRY(organisations_load(c, &list));
    const struct organisation *o = organisation_by_code(list, str_from(argv[0]));
    if (!o)
        return err_set(c, ERR_NOT_FOUND,
                       "Er is geen organisatie met code \"%s\". Bekijk de codes met aanjager "
                       "organisation list.",
                       argv[0]);
    TRY(organisations_store_add_domain(c, o, domain, S("opdrachtregel")));
    printf("Wie een bevestigd adres bij %s heeft, hoort nu bij %s.\n", str_z(c->arena, domain),
           str_z(c->arena, organisation_full_name(c->arena, o)));
    return 0;
}

static int command_remove_domain(struct ctx *c, int argc, const char *const *argv)
{
    str domain;
    if (argc != 1)
        return wrong_use(c, "remove-domain DOMEIN");
    domain = str_lower_ascii(c->arena, str_from(argv[0]));
    int code = organisations_store_remove_domain(c, domain);
    if (code == ERR_NOT_FOUND)
        return err_set(c, ERR_NOT_FOUND, "\"%s\" is geen nagekeken maildomein.", argv[0]);
    TRY(code);
    printf("%s is weggehaald.\n", str_z(c->arena, domain));
    return 0;
}

const struct command organisation_commands[ORGANISATION_COMMAND_COUNT] = {
    {"organisation list", "[SOORT]", "Toont organisaties met hun code.", command_list, false},
    {"organisation import", "BESTAND",
     "Slaat organisaties uit een CSV-bestand op, ook woondealregio's met hun gemeenten.",
     command_import, false},
    {"organisation domains", "", "Toont de nagekeken maildomeinen.", command_domains, false},
    {"organisation add-domain", "CODE DOMEIN",
     "Legt vast dat een maildomein bij een organisatie hoort.", command_add_domain, false},
    {"organisation remove-domain", "DOMEIN", "Haalt een maildomein weg.", command_remove_domain,
     false},
};
