/* admin.h - how the program is doing: health, metrics, and the files that pages use. */
#pragma once

extern const struct module admin_module;
