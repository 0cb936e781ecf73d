#include "auth/brake.h"

#include <pthread.h>

#include "base/random.h"

enum { SETS = 4096, WAYS = 4, LOCKS = 16 };

struct mark {
    uint64_t name; /* hash of rule and name; 0: unused */
    int failures;
    long long at_s; /* of the last failure */
};

struct brake {
    uint64_t seed; /* nobody can choose names that meet in one set */
    pthread_mutex_t locks[LOCKS];
    struct mark marks[SETS][WAYS];
};

struct brake *brake_new(struct arena *a)
{
    struct brake *b = arena_new_of(a, struct brake);
    random_bytes(&b->seed, sizeof b->seed);
    for (int i = 0; i < LOCKS; i++)
        if (pthread_mutex_init(&b->locks[i], NULL) != 0)
            BUG("pthread_mutex_init");
    return b;
}

/* splitmix64: two hashes and a seed become one number in which every bit depends on all. */
static uint64_t mix(uint64_t x)
{
    x ^= x >> 30;
    x *= 0xBF58476D1CE4E5B9ULL;
    x ^= x >> 27;
    x *= 0x94D049BB133111EBULL;
    return x ^ x >> 31;
}

static uint64_t name_of(const struct brake *b, const struct brake_rule *rule, str name)
{
    uint64_t hash = mix(mix(b->seed ^ str_hash(str_from(rule->kind))) ^ str_hash(name));
    return hash ? hash : 1;
}

static struct mark *set_of(struct brake *b, uint64_t name)
{
    return b->marks[(name >> 32) % SETS];
}

static pthread_mutex_t *lock_of(struct brake *b, uint64_t name)
{
    return &b->locks[(name >> 32) % SETS % LOCKS];
}

static struct mark *find(struct mark *set, uint64_t name)
{
    for (int i = 0; i < WAYS; i++)
        if (set[i].name == name)
            return &set[i];
    return NULL;
}

static struct mark *make(struct mark *set, uint64_t name, long long now_s)
{
    struct mark *least = set;
    for (int i = 1; i < WAYS; i++)
        if (set[i].failures < least->failures ||
            (set[i].failures == least->failures && set[i].at_s < least->at_s))
            least = &set[i];
    *least = (struct mark){name, 0, now_s};
    return least;
}

static bool is_forgotten(const struct mark *m, const struct brake_rule *rule, long long now_s)
{
    return now_s - m->at_s >= rule->forget_s;
}

static long long pause_of(const struct mark *m, const struct brake_rule *rule)
{
    long long pause = rule->first_s;
    if (m->failures <= rule->free)
        return 0;
    for (int i = rule->free + 1; i < m->failures && pause < rule->most_s; i++)
        pause *= 2;
    return pause < rule->most_s ? pause : rule->most_s;
}

int brake_wait(struct brake *b, const struct brake_rule *rule, str name, long long now_s)
{
    uint64_t hash = name_of(b, rule, name);
    long long wait = 0;
    (void)pthread_mutex_lock(lock_of(b, hash));
    const struct mark *m = find(set_of(b, hash), hash);
    if (m && !is_forgotten(m, rule, now_s))
        wait = m->at_s + pause_of(m, rule) - now_s;
    (void)pthread_mutex_unlock(lock_of(b, hash));
    return wait > 0 ? (int)wait : 0;
}

void brake_failed(struct brake *b, const struct brake_rule *rule, str name, long long now_s)
{
    uint64_t hash = name_of(b, rule, name);
    (void)pthread_mutex_lock(lock_of(b, hash));
    struct mark *m = find(set_of(b, hash), hash);
    if (!m)
        m = make(set_of(b, hash), hash, now_s);
    if (is_forgotten(m, rule, now_s))
        m->failures = 0;
    if (m->failures < 1000000)
        m->failures++;
    m->at_s = now_s;
    (void)pthread_mutex_unlock(lock_of(b, hash));
}

void brake_release(struct brake *b, const struct brake_rule *rule, str name)
{
    uint64_t hash = name_of(b, rule, name);
    (void)pthread_mutex_lock(lock_of(b, hash));
    struct mark *m = find(set_of(b, hash), hash);
    if (m)
        *m = (struct mark){0};
    (void)pthread_mutex_unlock(lock_of(b, hash));
}
