/* reserve.h - memory for when there is none; for base only.

   A fixed piece of the program's own memory, in pages that cost nothing until they are used. Arenas
   take blocks from it when the C library has none left, so that what runs can end with a clean
   error. Safe from all threads. */
#pragma once

#include "base/base.h"

/* At least *size bytes, which becomes what was really taken; not zeroed. NULL: it is used up. */
void *reserve_take(size_t *size);
/* Gives back what reserve_take gave; false when p is not from the reserve. */
bool reserve_give(void *p, size_t size);
size_t reserve_used(void); /* bytes that are taken now */
