/* fault.h - makes the nth allocation, query or file write of this thread fail.

   fault.c defines malloc and its kin, and the calls that write files, in the test program itself,
   so that the failures also reach the libraries. Other threads and what is not armed go their
   ordinary way. Not for builds with sanitizers, which bring a malloc of their own. */
#pragma once

#include "place.h"
#include "test.h"

#include "db/db.h"

enum fault_kind {
    FAULT_ALLOC,  /* malloc, calloc, realloc, aligned memory */
    FAULT_QUERY,  /* a function of struct db_driver */
    FAULT_COMMIT, /* the end of a query or transaction, which is done but reported as failed */
    FAULT_FILE,   /* write, fsync, ftruncate, rename, open for writing */
};

struct fault {
    enum fault_kind kind;
    long after;    /* so many calls succeed first */
    bool for_good; /* all later calls fail too; else only one */
    int reason;    /* errno of a file write, ERR_* of a query */
    bool places;   /* note where the calls come from */
};

struct fault_seen {
    long calls, failed;
};

void fault_arm(const struct fault *f);
struct fault_seen fault_disarm(void);
/* Of each call that was counted with `places`, in their order; at most PLACE_MAX_CALLS. */
const struct place *fault_places(void);

/* Puts a driver around the pool's own, through which queries can fail. */
void fault_wrap(struct db_pool *pool);
/* Closes the connections that nobody holds, so that the next query makes one. */
void fault_cold(struct db_pool *pool);
/* Whether nobody holds a connection or lock of the pool. */
bool fault_pool_is_free(struct db_pool *pool);
