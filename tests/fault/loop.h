/* loop.h - SQLite's fault loop: the same work again and again, with the first, second, third ...
   call of one kind failing, until a run gets through without reaching the fault. Calls that come
   from the same place are many: see place.h for which of them are tried. With FAULT_ALL=N in
   the environment all of work that makes at most N calls. */
#pragma once

#include "fault.h"
#include "web.h"

enum loop_outcome {
    LOOP_RIGHT,  /* as without a fault */
    LOOP_CLEAN,  /* an error that says so, and nothing half-done */
    LOOP_UNSURE, /* an error, though all was done: only when the fault hit a commit or came after
                    it */
    LOOP_WRONG,
};

/* One kind of work. Everything but `run` goes without faults. */
struct loop_work {
    const char *name;
    /* Before each run with a fault, and when it writes also before the one after that. NULL:
     * nothing. */
    void (*begin)(struct web *w, void *arg);
    /* The work itself. What it has to tell goes into arg, in memory that was there before. */
    void (*run)(struct web *w, void *arg);
    enum loop_outcome (*judge)(struct web *w, void *arg); /* what came of the last run */
    void *arg;
    bool cold;  /* each run with a fault makes its connections and readers anew */
    bool reads; /* it changes nothing: the database is checked once a loop */
    /* Only for what shared values are built from: when all of it was met in other loops, then only
       failing queries are tried. */
    bool builders;
    size_t may_lose; /* bytes that a whole pass may lose inside a library */
};

/* Runs the loops of all kinds of faults over the work; a failure ends the test. */
void loop_run(struct web *w, const struct loop_work *work);
