/* store.h - a database for store tests: the same test runs on SQLite and on PostgreSQL.

   AANJAGER_STORE=sqlite takes SQLite. AANJAGER_STORE=postgres takes the cluster at
   AANJAGER_TEST_DATABASE, and ends the program with an error when that is not set. Without
   AANJAGER_STORE: PostgreSQL when there is an address, else SQLite. Databases are made for this
   program only and dropped at its end. */
#pragma once

#include "test.h"

#include "db/db.h"

bool store_is_postgres(void);

/* A new ctx with an arena of its own, on this program's migrated database. It lives until the end
 * of the program. */
struct ctx *store_ctx(void);

/* The same for one thread or one part of a test; end it with store_end. Safe from several threads
   after the first store_ctx. */
struct ctx store_begin(void);
void store_end(struct ctx *c);

/* The address of a new, empty database. */
str store_new_url(struct arena *a);
/* A pool on that address, closed at the end of the program. */
struct db_pool *store_pool(str url, int max_connections, int busy_timeout_ms);

/* Runs body(number, arg) on `count` threads at once, numbered from 0, and waits for them. */
void store_threads(int count, void (*body)(int number, void *arg), void *arg);
