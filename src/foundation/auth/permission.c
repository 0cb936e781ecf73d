#include "auth/permission.h"

enum { RIGHTS_OF_ACCOUNT = 1U << PERM_ACCOUNT | 1U << PERM_SECURITY };

#define R(right) (1U << PERM_##right)

/* What each role may. The rights of a member hold for everybody who is signed in. */
static const struct {
    const char *name, *words;
    unsigned rights;
    bool two_factor;
} roles[ROLE_COUNT] = {
    [ROLE_VISITOR] = {"bezoeker", "bezoeker", 0, false},
    [ROLE_MEMBER] = {"lid", "lid", RIGHTS_OF_ACCOUNT | R(FOLLOW), false},
    [ROLE_PROFESSIONAL] = {"professional", "professional", R(PROPOSE), false},
    [ROLE_COORDINATOR] = {"coordinator", "coördinator",
                          R(PROPOSE) | R(CONFIDENTIAL) | R(COORDINATE), true},
    [ROLE_EXPERT] = {"expert", "expert", R(PROPOSE) | R(ANSWER), false},
    [ROLE_TRAINER] = {"trainer", "trainer", R(PROPOSE) | R(TRAIN), false},
    [ROLE_EDITOR] = {"redacteur", "redacteur", R(PROPOSE) | R(EDIT) | R(PUBLISH), true},
    [ROLE_MODERATOR] = {"moderator", "moderator", R(MODERATE), true},
    [ROLE_STEWARD] = {"databeheerder", "databeheerder", R(CONFIDENTIAL) | R(DATA), true},
    [ROLE_ADMIN] = {"beheerder", "beheerder", R(ACCOUNTS) | R(VIEW_AS) | R(AUDIT) | R(OPERATE),
                    true},
};

static const struct {
    const char *name, *words;
} permissions[PERM_COUNT] = {
    [PERM_NOBODY] = {"niemand", "niets: dit mag niemand"},
    [PERM_PUBLIC] = {"iedereen", "lezen en zoeken"},
    [PERM_METRICS] = {"meetwaarden", "meetwaarden lezen op de server zelf"},
    [PERM_ACCOUNT] = {"account", "het eigen account zien"},
    [PERM_SECURITY] = {"beveiliging", "de beveiliging van het eigen account wijzigen"},
    [PERM_FOLLOW] = {"volgen", "onderwerpen en thema’s volgen"},
    [PERM_PROPOSE] = {"voorstellen", "onderwerpen en praktijkvoorbeelden voorstellen"},
    [PERM_CONFIDENTIAL] = {"vertrouwelijk", "zien wat de eigen organisatie vertrouwelijk deelt"},
    [PERM_COORDINATE] = {"coordineren", "leden van een organisatie beheren"},
    [PERM_ANSWER] = {"antwoorden", "vragen beantwoorden als expert"},
    [PERM_TRAIN] = {"opleiden", "opleidingen beheren"},
    [PERM_EDIT] = {"redigeren", "onderwerpen schrijven en wijzigen"},
    [PERM_PUBLISH] = {"publiceren", "publiceren wat een ander schreef"},
    [PERM_MODERATE] = {"modereren", "bijdragen verbergen en meldingen beoordelen"},
    [PERM_DATA] = {"data", "gegevens en organisaties beheren"},
    [PERM_ACCOUNTS] = {"accounts", "accounts en rollen beheren"},
    [PERM_VIEW_AS] = {"bekijken-als", "de site bekijken als iemand anders"},
    [PERM_AUDIT] = {"logboek", "het logboek van handelingen lezen"},
    [PERM_OPERATE] = {"beheer", "post, gezondheid en instellingen beheren"},
};

_Static_assert(PERM_COUNT <= 32, "the rights of a role are the bits of one number");

static bool is_permission(enum permission permission)
{
    return (int)permission > PERM_NOBODY && permission < PERM_COUNT;
}

bool role_has(enum role role, enum permission permission)
{
    return (int)role >= 0 && role < ROLE_COUNT && is_permission(permission) &&
           roles[role].rights & 1U << permission;
}

bool role_needs_two_factor(enum role role)
{
    return (int)role >= 0 && role < ROLE_COUNT && roles[role].two_factor;
}

bool actor_needs_two_factor(const struct actor *actor)
{
    for (size_t i = 0; actor && i < actor->role_count; i++)
        if (role_needs_two_factor(actor->roles[i].role))
            return true;
    return false;
}

/* ---- deciding ---- */

/* A role for one organisation covers that organisation only; what a route asks (scope NULL) it
   covers always: the handler asks again with the thing itself. */
static bool covers(const struct scope *role, const struct scope *thing)
{
    return !thing || role->kind == SCOPE_ALL ||
           (role->kind == thing->kind && str_eq(role->id, thing->id));
}

static enum permission_answer by_role(const struct actor *actor, enum permission permission,
                                      const struct scope *thing)
{
    enum permission_answer answer = PERMISSION_NO;
    if (role_has(ROLE_MEMBER, permission))
        return PERMISSION_YES;
    for (size_t i = 0; i < actor->role_count; i++) {
        const struct actor_role *r = &actor->roles[i];
        if (!role_has(r->role, permission) || !covers(&r->scope, thing))
            continue;
        if (!role_needs_two_factor(r->role) || actor->two_factor)
            return PERMISSION_YES;
        answer = PERMISSION_TWO_FACTOR;
    }
    return answer;
}

/* The one place that decides. */
static enum permission_answer decide(const struct actor *actor, enum permission permission,
                                     const struct scope *thing)
{
    if (!is_permission(permission))
        return PERMISSION_NO;
    if (permission == PERM_PUBLIC)
        return PERMISSION_YES;
    if (permission == PERM_METRICS)
        return actor && actor->local ? PERMISSION_YES : PERMISSION_NO;
    if (!actor || !actor->account)
        return PERMISSION_SIGN_IN;
    if (!actor->confirmed)
        return PERMISSION_NO;
    /* Whatever role somebody gave by mistake. */
    if (permission == PERM_CONFIDENTIAL && actor->market)
        return PERMISSION_NO;
    /* Who looks through the eyes of another sees his pages, and does nothing in his name. */
    if (permission == PERM_SECURITY && actor->viewer)
        return PERMISSION_NO;
    return by_role(actor, permission, thing);
}

bool permission_allows(const struct actor *actor, enum permission permission)
{
    return decide(actor, permission, NULL) == PERMISSION_YES;
}

bool permission_allows_in(const struct actor *actor, enum permission permission, struct scope scope)
{
    return decide(actor, permission, &scope) == PERMISSION_YES;
}

enum permission_answer permission_answer(const struct actor *actor, enum permission permission)
{
    return decide(actor, permission, NULL);
}

/* ---- names ---- */

const char *permission_name(enum permission permission)
{
    return (int)permission >= 0 && permission < PERM_COUNT ? permissions[permission].name
                                                           : "onbekend";
}

const char *permission_words(enum permission permission)
{
    return (int)permission >= 0 && permission < PERM_COUNT ? permissions[permission].words
                                                           : "onbekend";
}

const char *role_name(enum role role)
{
    return (int)role >= 0 && role < ROLE_COUNT ? roles[role].name : "onbekend";
}

const char *role_words(enum role role)
{
    return (int)role >= 0 && role < ROLE_COUNT ? roles[role].words : "onbekend";
}

bool role_find(str name, enum role *ret)
{
    for (int i = 0; i < ROLE_COUNT; i++)
        if (str_eqz(name, roles[i].name)) {
            *ret = (enum role)i;
            return true;
        }
    return false;
}

static const char *const scopes[SCOPE_COUNT] = {"alles", "thema", "regio", "organisatie"};

const char *scope_name(enum scope_kind kind)
{
    return (int)kind >= 0 && kind < SCOPE_COUNT ? scopes[kind] : "onbekend";
}

bool scope_find(str name, enum scope_kind *ret)
{
    for (int i = 0; i < SCOPE_COUNT; i++)
        if (str_eqz(name, scopes[i])) {
            *ret = (enum scope_kind)i;
            return true;
        }
    return false;
}
