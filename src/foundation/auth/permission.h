/* permission.h - rights, roles, and the one function that decides. A right is not a role: roles are
   sets of rights, in one table. */
#pragma once

#include "base/ctx.h"

enum permission {
    PERM_NOBODY = 0, /* a forgotten permission denies */
    PERM_PUBLIC,     /* everybody, signed in or not */
    PERM_METRICS,    /* the machine itself: /metrics from a loopback address, not through a proxy */
    PERM_ACCOUNT,    /* who is signed in: the own account */
    PERM_SECURITY,   /* the same, but never by who views as somebody else */
    PERM_FOLLOW,     /* follow items and themes */
    PERM_PROPOSE,    /* propose items, changes, practice examples */
    PERM_CONFIDENTIAL, /* see what the own organisation shares with governments only */
    PERM_COORDINATE,   /* manage the members of an organisation */
    PERM_ANSWER,       /* answer questions as an expert */
    PERM_TRAIN,        /* manage courses */
    PERM_EDIT,         /* write and change items */
    PERM_PUBLISH,      /* publish what somebody else wrote */
    PERM_MODERATE,     /* hide contributions, judge reports */
    PERM_DATA,         /* manage data sets and organisations */
    PERM_ACCOUNTS,     /* manage accounts and their roles */
    PERM_VIEW_AS,      /* see the site as somebody else */
    PERM_AUDIT,        /* read the audit log */
    PERM_OPERATE,      /* outbox, health, settings, backups */
    PERM_COUNT,
};

enum role {
    ROLE_VISITOR, /* nobody is given it: who is not signed in */
    ROLE_MEMBER,  /* everybody with a confirmed address */
    ROLE_PROFESSIONAL,
    ROLE_COORDINATOR,
    ROLE_EXPERT,
    ROLE_TRAINER,
    ROLE_EDITOR,
    ROLE_MODERATOR,
    ROLE_STEWARD,
    ROLE_ADMIN,
    ROLE_COUNT,
};

/* Where a role holds. */
enum scope_kind {
    SCOPE_ALL, /* everywhere */
    SCOPE_THEME,
    SCOPE_REGION,
    SCOPE_ORGANISATION,
    SCOPE_COUNT,
};
struct scope {
    enum scope_kind kind;
    str id; /* the code of a theme or region, the id of an organisation; empty for SCOPE_ALL */
};
struct actor_role {
    enum role role;
    struct scope scope;
};

enum { ACTOR_MAX_ROLES = 32 };

/* Who asks. All zero: a visitor from elsewhere. */
struct actor {
    bool local;        /* the request comes straight from this machine */
    long long account; /* 0: a visitor */
    long long session;
    str name, address;
    str origin; /* address of the client; empty when there is no request */
    const struct actor_role *roles;
    size_t role_count;
    int trust; /* 0 new, 1 known by an organisation */
    bool confirmed, two_factor, market;
    /* Who looks through this account's eyes ("bekijk als"); 0: the person self. */
    long long viewer;
    str viewer_name;
};

enum permission_answer {
    PERMISSION_YES,
    PERMISSION_NO,
    PERMISSION_SIGN_IN,    /* nobody is signed in; somebody might be allowed */
    PERMISSION_TWO_FACTOR, /* a role gives it, but this session has no second factor */
};

/* May the actor do this, anywhere at all? What a route asks. NULL: a visitor. */
bool permission_allows(const struct actor *actor, enum permission permission);
/* May the actor do this to a thing that belongs to that theme, region or organisation? */
bool permission_allows_in(const struct actor *actor, enum permission permission,
                          struct scope scope);
/* The same as permission_allows, with what would help. */
enum permission_answer permission_answer(const struct actor *actor, enum permission permission);

/* Does a role give a right? */
bool role_has(enum role role, enum permission permission);
/* Must who has this role sign in with a second factor? */
bool role_needs_two_factor(enum role role);
bool actor_needs_two_factor(const struct actor *actor);

const char *permission_name(enum permission permission);  /* short, Dutch: for lists */
const char *permission_words(enum permission permission); /* Dutch, what it allows */
const char *role_name(enum role role);                    /* as it is stored: "data-steward" */
const char *role_words(enum role role);                   /* Dutch, for people */
bool role_find(str name, enum role *ret);
const char *scope_name(enum scope_kind kind); /* as it is stored: "thema" */
bool scope_find(str name, enum scope_kind *ret);
