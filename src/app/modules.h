/* modules.h - the one list of what this program is made of. */
#pragma once

#include "module/module.h"

extern const struct module *const modules[];
extern const size_t module_count;
