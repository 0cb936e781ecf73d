/* auth.h - what signing in shares between requests: the server's key, the places where passwords
   are hashed, and the brake on guessing. One for the program, in ctx->auth. */
#pragma once

#include "crypto/crypto.h"

struct auth_options {
    unsigned char key[CRYPTO_KEY];
    struct crypto_cost cost;
    int slots;   /* passwords that are hashed at once */
    int wait_ms; /* how long one waits for a place */
};

struct brake;
struct slots;
struct auth {
    struct auth_options options;
    unsigned char code_key[CRYPTO_KEY], seal_key[CRYPTO_KEY]; /* of the key, for one purpose each */
    struct slots *slots;
    struct brake *brake;
    str nobody; /* a hash that fits no password: for addresses that we do not know */
};

struct auth *auth_new(struct arena *a, const struct auth_options *options);
void auth_free(struct auth *auth); /* forgets the keys; NULL allowed */

/* The key: of the setting, when it is not empty (64 hex digits), else of the file at path, which is
   made when it is not there. ERR_INVALID with words. */
int auth_key(struct ctx *c, str setting, str path, unsigned char ret[CRYPTO_KEY]) _nodiscard_;
