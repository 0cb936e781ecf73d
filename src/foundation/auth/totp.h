/* totp.h - codes of an app on a telephone (RFC 6238: SHA-1, 30 seconds, six digits), by liboath. */
#pragma once

#include "base/ctx.h"

enum { TOTP_SECRET = 20, TOTP_STEP_S = 30 };

str totp_secret(struct arena *a); /* random bytes */
str totp_base32(struct ctx *c, str secret);
/* otpauth://totp/..., for a QR code. issuer and name are shown in the app. */
str totp_uri(struct ctx *c, str secret, str issuer, str name);
/* Is it the code of now, or of 30 seconds earlier or later? Only of a later step than used, so that
   nobody uses a code again; *ret_step is then the one to remember. code: six digits, spaces
   allowed. */
bool totp_check(struct ctx *c, str secret, str code, long long now_s, long long used,
                long long *ret_step);
/* The code of a moment, for tests and test vectors. */
str totp_code(struct ctx *c, str secret, long long now_s, unsigned digits);
