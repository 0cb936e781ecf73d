/* random.h - unpredictable bytes from the kernel. */
#pragma once

#include "base/str.h"

void random_bytes(void *ret, size_t size);
str random_hex(struct arena *a, size_t bytes); /* lower-case, 2 characters a byte */
