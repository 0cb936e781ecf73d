#include "glossary/glossary_int.h"

static const struct index_source term_source = {GLOSSARY_KIND, glossary_index_load,
                                                glossary_index_list};

const struct module glossary_module = {
    .name = "glossary",
    .index = &term_source,
    .commands = glossary_commands,
    .command_count = GLOSSARY_COMMAND_COUNT,
    .start = glossary_start,
};
