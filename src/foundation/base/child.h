/* child.h - work that may end the program, done by a copy of it.

   For libraries that write in places where a failure cannot be caught. The child has everything in
   memory as it was at the call; nothing that it changes there comes back. It may start no thread
   and take no lock that another thread can hold. */
#pragma once

#include "base/ctx.h"

enum { CHILD_REASON = 300 };

/* Runs in the child: true when all went well; else it may leave a reason, English, for the log. */
typedef bool child_work(void *arg, char reason[CHILD_REASON]);

/* Waits for the child. 0, or ERR_BUSY with log words: it failed, died, or could not be made. */
int child_run(struct ctx *c, const char *what, child_work *work, void *arg) _nodiscard_;
