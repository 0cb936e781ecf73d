/* audit_int.h - shared inside the audit room. */
#pragma once

#include "audit/audit.h"

enum { AUDIT_PAGE = 500 };

/* The hash of a row after one with that hash. */
str audit_hash(struct arena *a, str before, const struct audit_row *row);
/* The details of the row that records a cut. */
str audit_cut_details(struct arena *a, long long number, str hash);
#define AUDIT_CUT_VERB "audit.cut"
