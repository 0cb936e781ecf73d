/* audit.h - who did what: an append-only log in a chain of hashes.

   A note is written in the transaction of what it tells, or that fails too. Each row's hash covers
   the row and the hash before it, so that nobody changes, adds or removes a row in the middle
   without audit_verify finding the place. What it cannot find is a log of which the end was cut off
   or that was made anew from some row on: for that a head (number and hash) must be kept elsewhere,
   and audit_verify compares. */
#pragma once

#include "base/buf.h"
#include "base/ctx.h"

enum { AUDIT_MAX_WHO = 200, AUDIT_MAX_VERB = 60, AUDIT_MAX_DETAILS = 4000 };

struct audit_entry {
    long long account; /* 0: the program, or the command line */
    str who;           /* the name as it is now; "systeem", "opdrachtregel" */
    str verb;          /* what, with a dot: item.publish */
    str object;        /* of what kind of thing: item; empty: none */
    long long object_id;
    str details; /* a JSON object without secrets; empty: {} */
    str origin;  /* address of the request; only its network is kept; empty: none */
};
/* Must be called inside db_transaction; the row is written just before the commit. ERR_LIMIT or
   ERR_INVALID for what is no note. */
int audit_note(struct ctx *c, const struct audit_entry *entry) _nodiscard_;

struct audit_row {
    long long number, at, account, object_id;
    str who, verb, object, details, origin, hash;
};
/* Rows after a number, oldest first, at most limit. */
int audit_rows(struct ctx *c, long long after, size_t limit, struct audit_row **ret,
               size_t *ret_count) _nodiscard_;

struct audit_head {
    long long number; /* 0: the log is empty */
    str hash;
};
/* Walks the whole log. ERR_CONFLICT with words that name the first row that is wrong. known: a head
   that was seen before and must still be in the log; NULL: none. ret_rows: how many were looked at.
 */
int audit_verify(struct ctx *c, const struct audit_head *known, struct audit_head *ret_head,
                 long long *ret_rows) _nodiscard_;
/* "17:0a1b..." as audit_verify's head is written. */
bool audit_head_parse(str text, struct audit_head *ret);

/* Removes the rows before a moment, and records that as by "who"; ret_rows: how many. */
int audit_cut(struct ctx *c, long long before, const struct audit_entry *who,
              long long *ret_rows) _nodiscard_;

/* A line of CSV, RFC 4180; a cell cannot become a formula. NULL: the line of names. */
void audit_csv(struct buf *b, const struct audit_row *row);
/* The network of an address: 192.0.2.0/24, 2001:db8:1::/48; empty for what is no address. */
str audit_network(struct arena *a, str address);
