/* The terms of the taxonomy as links, for the pages of other features. */
#include "taxonomy/taxonomy_int.h"

#include "html/page.h"

str taxonomy_url(struct arena *a, enum taxonomy_kind kind, const struct taxonomy_term *term)
{
    return str_fmt(a, "/%s/%.*s", taxonomy_kind_folder(kind), (int)term->slug.len, term->slug.ptr);
}

const struct page_link *taxonomy_links(struct arena *a, const struct taxonomy *t,
                                       enum taxonomy_kind kind, const str *codes, size_t count,
                                       size_t *ret_count)
{
    struct page_link *links = arena_array(a, count + 1, sizeof *links);
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        const struct taxonomy_term *term = taxonomy_by_code(t, kind, codes[i]);
        if (term)
            links[n++] = (struct page_link){term->name, taxonomy_url(a, kind, term)};
    }
    *ret_count = n;
    return links;
}
