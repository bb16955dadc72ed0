// A slab allocator: items of one size in page-aligned slabs, the free list inside them.
// Linux, C11: cc -Wall -Wextra 06-slab.c && ./a.out
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { SLAB_BYTES = 4096 };

// #region types
//! At the start of each slab, 24 bytes.
struct slab {
    struct slab *next;
    //! The first free item; each free item holds the address of the next.
    void *free;
    unsigned used;
    unsigned colour;
};

struct cache {
    size_t item_bytes;
    struct slab *slabs;
};
// #endregion

// #region grow
static struct slab *grow(struct cache *cache)
{
    //! The alignment is what makes slab_of() possible.
    struct slab *slab = aligned_alloc(SLAB_BYTES, SLAB_BYTES);
    if (slab == NULL)
        return NULL;
    size_t count = (SLAB_BYTES - sizeof *slab) / cache->item_bytes;
    char *item = (char *)(slab + 1);
    slab->free = item;
    for (size_t i = 1; i < count; i++, item += cache->item_bytes)
        *(void **)item = item + cache->item_bytes;
    *(void **)item = NULL;
    slab->used = slab->colour = 0;
    slab->next = cache->slabs;
    cache->slabs = slab;
    return slab;
}
// #endregion

// #region alloc
static void *cache_alloc(struct cache *cache)
{
    struct slab *slab = cache->slabs;
    while (slab != NULL && slab->free == NULL)
        slab = slab->next;
    if (slab == NULL && (slab = grow(cache)) == NULL)
        return NULL;
    //! Pop: the item is the head of the list, its first bytes are the rest.
    void *item = slab->free;
    slab->free = *(void **)item;
    slab->used++;
    return item;
}

//! No search, and no header before each item: the slab is found by rounding down.
static struct slab *slab_of(void *item)
{
    return (struct slab *)((uintptr_t)item & ~(uintptr_t)(SLAB_BYTES - 1));
}

static void cache_free(void *item)
{
    struct slab *slab = slab_of(item);
    *(void **)item = slab->free;
    slab->free = item;
    slab->used--;
}
// #endregion

// #region main
static long offset(void *item)
{
    return (char *)item - (char *)slab_of(item);
}

int main(void)
{
    struct cache cache = { .item_bytes = 48 };
    void *a = cache_alloc(&cache), *b = cache_alloc(&cache), *c = cache_alloc(&cache);
    printf("three items at %ld %ld %ld\n", offset(a), offset(b), offset(c));
    cache_free(a);
    cache_free(c);
    cache_free(b);
    printf("the free list begins %ld", offset(slab_of(a)->free));
    printf(", then %ld", offset(*(void **)b));
    printf(", then %ld\n", offset(*(void **)c));
    void *again = cache_alloc(&cache);
    printf("the next item is the one freed last: %s\n", again == b ? "yes" : "no");
    int count = 1;
    while (slab_of(cache_alloc(&cache)) == slab_of(again))
        count++;
    printf("items in a slab: %d\n", count);
    printf("bytes an item: %.2f\n", (double)SLAB_BYTES / count);
    return 0;
}
// #endregion
