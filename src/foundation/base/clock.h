/* clock.h - time. Stored times are whole seconds UTC; dates are text "YYYY-MM-DD". */
#pragma once

#include "base/str.h"

long long clock_now(void);          /* seconds since 1970, UTC */
long long clock_monotonic_us(void); /* microseconds that never go back, for measuring */

str clock_rfc3339(struct arena *a, long long seconds);   /* 2026-11-24T00:42:36Z */
str clock_http_date(struct arena *a, long long seconds); /* Tue, 24 Nov 2026 00:42:36 GMT */
str clock_date(struct arena *a, long long seconds);      /* 2026-11-24, Dutch local date */
bool clock_date_valid(str date);                         /* a real day written YYYY-MM-DD */
str clock_date_dutch(struct arena *a,
                     str date); /* "24 november 2026"; the input when it is no date */
