#include "organisations/organisations_int.h"

#include "base/clock.h"
#include "db/db.h"

#define FIELD(name, type)                                                                          \
    {                                                                                              \
#name, type, offsetof(struct organisation, name)                                           \
    }

static const struct db_field fields[] = {
    FIELD(id, DB_INT),          FIELD(kind, DB_STR),         FIELD(code, DB_STR),
    FIELD(slug, DB_STR),        FIELD(name, DB_STR),         FIELD(province, DB_STR),
    FIELD(inhabitants, DB_INT), FIELD(urbanisation, DB_INT), FIELD(starter_hash, DB_INT),
};

/* ---- reading ---- */

static int find_code(struct ctx *c, str code, struct organisation *ret)
{
    return db_one(c, fields, ret,
                  "SELECT id, kind, code, slug, name, province, inhabitants, urbanisation, "
                  "starter_hash FROM organisation WHERE code = $1",
                  code);
}

static int build(struct ctx *c, const void *arg _unused_, void **ret)
{
    struct organisations *list = arena_new_of(c->arena, struct organisations);
    struct organisation *items;
    TRY(db_all(c, fields, &items, &list->count,
               "SELECT id, kind, code, slug, name, province, inhabitants, urbanisation, "
               "starter_hash FROM organisation ORDER BY id LIMIT $1",
               ORGANISATIONS_MAX));
    for (size_t i = 0; i < list->count; i++)
        items[i].words = organisation_words(c->arena, organisation_full_name(c->arena, &items[i]));
    organisations_sort(c->arena, items, list->count);
    list->items = items;
    *ret = list;
    return 0;
}

int organisations_load(struct ctx *c, const struct organisations **ret)
{
    void *list;
    TRY(db_snapshot(c, "organisations", build, NULL, &list));
    *ret = list;
    return 0;
}

int organisations_store_members(struct ctx *c, long long region, str **ret, size_t *ret_count)
{
    static const struct db_field code[] = {{"code", DB_STR, 0}};
    return db_all(c, code, ret, ret_count,
                  "SELECT o.code FROM organisation_member m JOIN organisation o "
                  "ON o.id = m.member_id WHERE m.region_id = $1 ORDER BY o.code LIMIT $2",
                  region, ORGANISATION_MAX_MEMBERS);
}

/* ---- saving ---- */

int organisations_store_transaction(struct ctx *c, int (*body)(struct ctx *c, void *arg), void *arg)
{
    return db_transaction(c, body, arg);
}

static int check_slug(struct ctx *c, const struct organisation *o, long long id)
{
    str holder;
    int code = db_get_str(c, &holder, "SELECT code FROM organisation WHERE slug = $1 AND id <> $2",
                          o->slug, id);
    if (code == ERR_NOT_FOUND)
        return 0;
    TRY(code);
    return err_set(c, ERR_CONFLICT, "De naam \"%.*s\" is al van de organisatie met code %.*s.",
                   (int)o->name.len, o->name.ptr, (int)holder.len, holder.ptr);
}

static int check_province(struct ctx *c, const struct organisation *o)
{
    struct organisation province;
    if (!o->province.len)
        return 0;
    int code = find_code(c, o->province, &province);
    if (code == ERR_NOT_FOUND || (code == 0 && !str_eqz(province.kind, "provincie")))
        return err_set(c, ERR_INVALID, "Er is geen provincie met code %.*s.",
                       (int)str_slice(o->province, 0, 40).len, o->province.ptr);
    return code;
}

static int insert(struct ctx *c, const struct organisation *o, long long *ret_id)
{
    long long count;
    TRY(db_get_int(c, &count, "SELECT COUNT(*) AS count FROM organisation"));
    if (count >= ORGANISATIONS_MAX)
        return err_set(c, ERR_LIMIT, "Meer dan %d organisaties kan niet.", ORGANISATIONS_MAX);
    return db_get_int(c, ret_id,
                      "INSERT INTO organisation (kind, code, slug, name, province, inhabitants, "
                      "urbanisation, starter_hash) VALUES ($1, $2, $3, $4, $5, $6, $7, 0) "
                      "RETURNING id",
                      o->kind, o->code, o->slug, o->name, o->province, o->inhabitants,
                      o->urbanisation);
}

static int update(struct ctx *c, const struct organisation *o, long long id)
{
    return db_exec(c,
                   "UPDATE organisation SET kind = $2, slug = $3, name = $4, province = $5, "
                   "inhabitants = $6, urbanisation = $7 WHERE id = $1",
                   id, o->kind, o->slug, o->name, o->province, o->inhabitants, o->urbanisation);
}

static int member_id(struct ctx *c, str code, long long *ret)
{
    struct organisation member;
    int found = find_code(c, code, &member);
    if (found == ERR_NOT_FOUND || (found == 0 && !str_eqz(member.kind, "gemeente")))
        return err_set(c, ERR_INVALID, "Er is geen gemeente met code %.*s.",
                       (int)str_slice(code, 0, 40).len, code.ptr);
    TRY(found);
    *ret = member.id;
    return 0;
}

/* True in *ret when the members are others than before. */
static int save_members(struct ctx *c, const struct organisation_line *line, long long region,
                        bool *ret)
{
    long long before, kept = 0, id = 0;
    TRY(db_get_int(c, &before,
                   "SELECT COUNT(*) AS count FROM organisation_member WHERE region_id = $1",
                   region));
    for (size_t i = 0; i < line->member_count; i++) {
        long long there;
        TRY(member_id(c, line->members[i], &id));
        TRY(db_get_int(c, &there,
                       "SELECT COUNT(*) AS count FROM organisation_member "
                       "WHERE region_id = $1 AND member_id = $2",
                       region, id));
        kept += there;
    }
    *ret = kept != before || kept != (long long)line->member_count;
    if (!*ret)
        return 0;
    TRY(db_exec(c, "DELETE FROM organisation_member WHERE region_id = $1", region));
    for (size_t i = 0; i < line->member_count; i++) {
        TRY(member_id(c, line->members[i], &id));
        TRY(db_exec(c,
                    "INSERT INTO organisation_member (region_id, member_id) VALUES ($1, $2) "
                    "ON CONFLICT DO NOTHING",
                    region, id));
    }
    return 0;
}

static int save_row(struct ctx *c, const struct organisation *o, long long *ret_id,
                    enum organisation_saved *ret)
{
    struct organisation stored;
    int code = find_code(c, o->code, &stored);
    if (code != 0 && code != ERR_NOT_FOUND)
        return code;
    *ret_id = code == 0 ? stored.id : 0;
    *ret = code == ERR_NOT_FOUND ? ORGANISATION_NEW : ORGANISATION_SAME;
    TRY(check_slug(c, o, *ret_id));
    TRY(check_province(c, o));
    if (*ret == ORGANISATION_NEW)
        return insert(c, o, ret_id);
    if (organisation_hash(c->arena, &stored) == organisation_hash(c->arena, o))
        return 0;
    *ret = ORGANISATION_CHANGED;
    return update(c, o, stored.id);
}

int organisations_store_save(struct ctx *c, const struct organisation_line *line,
                             enum organisation_saved *ret)
{
    long long id;
    bool moved = false;
    TRY(save_row(c, &line->organisation, &id, ret));
    if (line->names_members)
        TRY(save_members(c, line, id, &moved));
    if (*ret == ORGANISATION_SAME && moved)
        *ret = ORGANISATION_CHANGED;
    return *ret == ORGANISATION_SAME ? 0 : db_change(c, ORGANISATION_KIND, id);
}

/* ---- starter content ---- */

int organisations_store_save_starter(struct ctx *c, const struct organisation_line *line)
{
    struct organisation stored;
    enum organisation_saved saved;
    const struct organisation *o = &line->organisation;
    long long hash = organisation_hash(c->arena, o);
    int code = find_code(c, o->code, &stored);
    if (code != 0 && code != ERR_NOT_FOUND)
        return code;
    if (code == 0 && organisation_hash(c->arena, &stored) != stored.starter_hash)
        return 0; /* somebody changed it: theirs stays */
    code = organisations_store_save(c, line, &saved);
    if (code == ERR_CONFLICT || code == ERR_INVALID)
        return 0; /* its address is somebody's, or its province is none any more: theirs stays */
    TRY(code);
    return db_exec(c, "UPDATE organisation SET starter_hash = $2 WHERE code = $1", o->code, hash);
}

int organisations_store_starter_hash(struct ctx *c, long long *ret)
{
    return db_get_int(c, ret, "SELECT starter_hash FROM organisation_state WHERE id = 1");
}

int organisations_store_set_starter_hash(struct ctx *c, long long hash)
{
    return db_exec(c, "UPDATE organisation_state SET starter_hash = $1 WHERE id = 1", hash);
}

/* ---- mail domains ---- */

static const struct db_field domain_fields[] = {
    {"domain", DB_STR, offsetof(struct organisation_domain, domain)},
    {"code", DB_STR, offsetof(struct organisation_domain, code)},
    {"name", DB_STR, offsetof(struct organisation_domain, name)},
    {"verified_by", DB_STR, offsetof(struct organisation_domain, verified_by)},
    {"verified_at", DB_INT, offsetof(struct organisation_domain, verified_at)},
};

int organisations_store_domains(struct ctx *c, struct organisation_domain **ret, size_t *ret_count)
{
    return db_all(c, domain_fields, ret, ret_count,
                  "SELECT d.domain, o.code, o.name, d.verified_by, d.verified_at "
                  "FROM organisation_domain d JOIN organisation o ON o.id = d.organisation_id "
                  "ORDER BY d.domain LIMIT $1",
                  ORGANISATIONS_MAX);
}

struct adding {
    const struct organisation *organisation;
    str domain, verified_by;
};

static int add_domain(struct ctx *c, void *arg)
{
    const struct adding *a = arg;
    str holder;
    int code = db_get_str(c, &holder,
                          "SELECT o.name FROM organisation_domain d JOIN organisation o "
                          "ON o.id = d.organisation_id WHERE d.domain = $1 AND o.id <> $2",
                          a->domain, a->organisation->id);
    if (code == 0)
        return err_set(c, ERR_CONFLICT, "%.*s is al van %.*s. Haal het daar eerst weg.",
                       (int)a->domain.len, a->domain.ptr, (int)holder.len, holder.ptr);
    if (code != ERR_NOT_FOUND)
        return code;
    TRY(db_exec(c,
                "INSERT INTO organisation_domain (domain, organisation_id, verified_by, "
                "verified_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
                a->domain, a->organisation->id, a->verified_by, clock_now()));
    return db_change(c, ORGANISATION_KIND, a->organisation->id);
}

int organisations_store_add_domain(struct ctx *c, const struct organisation *o, str domain,
                                   str verified_by)
{
    struct adding a = {o, domain, verified_by};
    return db_transaction(c, add_domain, &a);
}

static int remove_domain(struct ctx *c, void *arg)
{
    const str *domain = arg;
    long long id;
    TRY(db_get_int(c, &id,
                   "DELETE FROM organisation_domain WHERE domain = $1 "
                   "RETURNING organisation_id",
                   *domain));
    return db_change(c, ORGANISATION_KIND, id);
}

int organisations_store_remove_domain(struct ctx *c, str domain)
{
    return db_transaction(c, remove_domain, &domain);
}

int organisation_of_address(struct ctx *c, str address, long long *ret_id)
{
    size_t at = str_find_byte(address, '@');
    *ret_id = 0;
    if (at == STR_NONE)
        return 0;
    str domain = str_lower_ascii(c->arena, str_slice(address, at + 1, address.len));
    int code = db_get_int(
        c, ret_id, "SELECT organisation_id FROM organisation_domain WHERE domain = $1", domain);
    return code == ERR_NOT_FOUND ? 0 : code;
}
