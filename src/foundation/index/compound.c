/* Compounds in a query: typed apart or together, whole in the texts, apart in them, or in parts. */
#include "base/vec.h"
#include "index/reading.h"

enum { MIN_JOINED = 8 };

/* ---- typed apart ---- */

static bool only_space_between(str before, str after)
{
    for (const char *p = before.ptr + before.len; p < after.ptr; p++)
        if (*p != ' ')
            return false;
    return true;
}

/* Could word i be part of a longer one, together with the word before it? */
static bool may_join(const struct reading *r, size_t i, bool first)
{
    return reading_plain_word(r, i) && !r->word[i].is_stop && !r->word[i].is_protected &&
           (first || only_space_between(r->p->clause[i - 1].text, r->p->clause[i].text));
}

/* The lexicon may not see that the word falls apart (snel kook pan): it counts when a text has it.
 */
static int join_as_written(struct reading *r, size_t i, size_t count, struct word *ret,
                           bool *ret_is)
{
    str parts[MAX_RUN];
    size_t found, bytes = 0;
    *ret_is = false;
    for (size_t k = 0; k < count; k++) {
        if (!may_join(r, i + k, k == 0))
            return 0;
        parts[k] = r->p->clause[i + k].text;
        bytes += parts[k].len;
    }
    if (bytes < MIN_JOINED || bytes > WORD_MAX_BYTES / 2)
        return 0;
    analyser_word(r->s->vocabulary->analyser, r->a, str_join(r->a, parts, count, S("")), ret);
    TRY(reading_frequency(r, 0, ret->key, &found));
    *ret_is = found > 0 && !ret->is_stop;
    return 0;
}

static int join_by_seam(struct reading *r, size_t i, struct word *ret, size_t *ret_count)
{
    str left = r->p->clause[i].text;
    for (size_t n = 1; n < MAX_RUN && may_join(r, i + n, false); n++) {
        struct word joined;
        size_t found;
        str right = r->p->clause[i + n].text;
        if (!analyser_join(r->s->vocabulary->analyser, r->a, left, right, &joined))
            return 0;
        TRY(reading_frequency(r, 'S', joined.folded, &found));
        if (found || analyser_known(r->s->vocabulary->analyser, joined.folded)) {
            *ret = joined;
            *ret_count = n + 1;
        }
        left = str_join(r->a, (str[]){left, right}, 2, S(""));
    }
    return 0;
}

int compound_join(struct reading *r, size_t i, struct word *ret, size_t *ret_count)
{
    bool is = false;
    *ret_count = 0;
    if (!may_join(r, i, true))
        return 0;
    for (size_t n = MAX_RUN; n > 1 && !is; n--) {
        TRY(join_as_written(r, i, n, ret, &is));
        if (is)
            *ret_count = n;
    }
    return is ? 0 : join_by_seam(r, i, ret, ret_count);
}

/* ---- some of it ---- */

/* Of the parts that many compounds share (plan, regel, onderzoek) little. */
static double weight_of_piece(str key)
{
    if (str_find_byte(key, '+') != STR_NONE)
        return WEIGHT_RUN;
    return WEIGHT_PART * (light_word(key) ? WEIGHT_LIGHT : 1);
}

const struct node *compound_pieces(struct reading *r, const struct word *w)
{
    const struct node *nodes[WORD_MAX_PIECES];
    if (w->part_count < 2)
        return NULL;
    for (size_t i = 0; i < w->piece_count; i++)
        nodes[i] =
            node_scale(r->a, reading_key(r, w->piece[i].key), weight_of_piece(w->piece[i].key));
    return node_of(r->a, NODE_OR, nodes, w->piece_count);
}

void compound_mark(struct reading *r, const struct word *w)
{
    for (size_t i = 0; i < w->piece_count; i++)
        *vec_push(r->a, &r->plan->parts) = (struct mark){w->piece[i].key, false};
}

/* ---- not in the texts ---- */

/* All parts. A part can have two keys: as it was split off, and as a word by itself. */
static int all_parts(struct reading *r, const struct word *w, struct want *ret)
{
    const struct node *same[WORD_MAX_PIECES], *all[DUTCH_MAX_PARTS];
    size_t parts = 0, least = SIZE_MAX;
    for (size_t i = 0; i < w->piece_count && parts < w->part_count; parts++) {
        size_t start = w->piece[i].start, end = w->piece[i].end, n = 0, documents = 0, found;
        for (; i < w->piece_count && w->piece[i].start == start && w->piece[i].end == end; i++) {
            TRY(reading_frequency(r, 0, w->piece[i].key, &found));
            documents += found;
            same[n++] = node_term(r->a, 0, w->piece[i].key);
        }
        all[parts] = node_of(r->a, NODE_OR, same, n);
        least = documents < least ? documents : least;
    }
    if (!parts || !least)
        return 0;
    *ret = (struct want){.node = node_of(r->a, NODE_AND, all, parts),
                         .loose = compound_pieces(r, w),
                         .frequency = least};
    return 0;
}

/* Written apart, in two words at each seam or in all its parts: woningbouw opgave, woning bouw
   opgave. Texts have most of those under the compound's own key (terms.c); this looks for the rest.
   NULL when it has no parts. */
static const struct node *apart_node(struct reading *r, str key)
{
    const struct node *ways[DUTCH_MAX_PARTS + 1];
    str *parts = arena_array(r->a, DUTCH_MAX_PARTS, sizeof *parts), rest = key;
    size_t count = 0, n = 0;
    while (count < DUTCH_MAX_PARTS && str_split(&rest, '+', &parts[count]))
        count++;
    if (count < 2 || count == DUTCH_MAX_PARTS)
        return NULL;
    for (size_t at = 0; at + 1 < count; at++) {
        str *halves = arena_array(r->a, 2, sizeof *halves);
        size_t seam = (size_t)(parts[at].ptr + parts[at].len - key.ptr);
        halves[0] = str_slice(key, 0, seam);
        halves[1] = str_slice(key, seam + 1, key.len);
        ways[n++] = phrase_node(r->s, halves, NULL, 2, false);
    }
    if (count == 3)
        ways[n++] = phrase_node(r->s, parts, NULL, count, false);
    return node_of(r->a, NODE_OR, ways, n);
}

static int count_hits(struct reading *r, const struct node *n, size_t *ret)
{
    struct xap_result found;
    struct xap_request request = {.query = n, .limit = 1};
    TRY(xap_match(r->s->c, r->s->reader, &request, &found));
    *ret = found.hit_count ? found.total : 0;
    return 0;
}

int compound_unseen(struct reading *r, const struct word *w, struct want *ret, bool *ret_parts)
{
    size_t found = 0;
    const struct node *apart = apart_node(r, w->key);
    *ret = (struct want){0};
    *ret_parts = false;
    if (apart)
        TRY(count_hits(r, apart, &found));
    if (found)
        *ret = (struct want){.node = apart, .loose = compound_pieces(r, w), .frequency = found};
    else if (w->part_count > 1)
        TRY(all_parts(r, w, ret));
    *ret_parts = !found && ret->frequency;
    return 0;
}
