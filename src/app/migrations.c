#include "app/migrations.h"

#include "base/embedded.h"

extern const struct embedded_set embedded_migrations; /* files NNNN_name.sql, sorted */

static struct migration migration_of(struct ctx *c, const struct embedded_file *file)
{
    long long number = 0;
    if (!str_int(str_slice(file->path, 0, 4), 1, 9999, &number) || file->path.len < 10)
        BUG("a migration is not named NNNN_name.sql");
    return (struct migration){(int)number,
                              str_z(c->arena, str_slice(file->path, 5, file->path.len - 4)),
                              str_z(c->arena, file->bytes)};
}

size_t migrations_list(struct ctx *c, const struct migration **ret)
{
    size_t count = embedded_migrations.count;
    struct migration *list = arena_array(c->arena, count + 1, sizeof *list);
    for (size_t i = 0; i < count; i++)
        list[i] = migration_of(c, &embedded_migrations.files[i]);
    *ret = list;
    return count;
}

int migrations_apply(struct ctx *c)
{
    const struct migration *list;
    size_t count = migrations_list(c, &list);
    return db_migrate(c, list, count);
}
