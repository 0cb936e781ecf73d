/* token.h - secrets that we hand out and later recognise: links, cookies, codes. Only their hashes
   are stored, so that who reads the database can use none of them. */
#pragma once

#include "auth/auth.h"

enum { TOKEN_LENGTH = 64, RECOVERY_CODES = 10 };

/* For a link or a cookie: 32 random bytes in hex. */
str token_new(struct arena *a);
bool token_is_sane(str token);
/* What is stored of it. */
str token_hash(struct arena *a, str token);

/* Six digits; and what is stored: a hash with our key and the purpose, since all million can be
   tried. */
str token_code(struct arena *a);
str token_code_hash(struct arena *a, const struct auth *auth, str purpose, str code);

/* "k7mp2-q9xtr": for when the telephone is lost. */
str token_recovery(struct arena *a);
/* Lower case, without spaces and hyphens: however it was typed. */
str token_recovery_plain(struct arena *a, str typed);
