#include "app/modules.h"

#include "accounts/accounts.h"
#include "admin/admin.h"
#include "collections/collections.h"
#include "glossary/glossary.h"
#include "library/library.h"
#include "opendata/opendata.h"
#include "organisations/organisations.h"
#include "post/post.h"
#include "search/search.h"
#include "site/site.h"
#include "taxonomy/taxonomy.h"

/* In the order of their start functions: who needs another's rows comes after it. */
const struct module *const modules[] = {
    &taxonomy_module,    &organisations_module, &glossary_module, &library_module,
    &collections_module, &search_module,        &site_module,     &opendata_module,
    &accounts_module,    &post_module,          &admin_module,
};
const size_t module_count = COUNT_OF(modules);
