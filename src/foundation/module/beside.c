#include "module/beside.h"

static int add_block(struct ctx *c, const struct beside_source *source, const str *slugs,
                     size_t count, struct beside_block *blocks, size_t *block_count)
{
    struct beside_link *links;
    size_t link_count;
    TRY(source->links(c, slugs, count, &links, &link_count));
    if (link_count)
        blocks[(*block_count)++] =
            (struct beside_block){str_from(source->heading), links, link_count};
    return 0;
}

int beside_blocks(struct ctx *c, const char *kind, const str *slugs, size_t count,
                  struct beside_block **ret, size_t *ret_count)
{
    const struct besides *all = c->besides;
    size_t source_count = all ? all->count : 0, block_count = 0;
    struct beside_block *blocks = arena_array(c->arena, source_count + 1, sizeof *blocks);
    for (size_t i = 0; i < source_count; i++)
        if (str_eqz(str_from(kind), all->sources[i]->kind))
            TRY(add_block(c, all->sources[i], slugs, count, blocks, &block_count));
    *ret = blocks;
    *ret_count = block_count;
    return 0;
}
