// Several sizes: a cache of slabs for each class, and what rounding up wastes.
// Linux, C11: cc -Wall -Wextra 06-sizes.c && ./a.out
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { SLAB_BYTES = 4096, HEADER = 24 };

// #region classes
//! Steps of 16, then four steps to each doubling: at most a fifth is wasted above 64.
static const int classes[] = { 16,  32,  48,  64,  80,  96,  112, 128, 160, 192,
                               224, 256, 320, 384, 448, 512, 640, 768, 896, 1024 };
enum { CLASSES = sizeof classes / sizeof *classes };

static int class_of(int size)
{
    int i = 0;
    while (i < CLASSES && size > classes[i])
        i++;
    return i;
}
// #endregion

// #region sized
struct slab {
    struct slab *next;
    void *free;
    unsigned used, item_bytes;
};

static struct slab *slabs[CLASSES];

static struct slab *grow(int class)
{
    struct slab *slab = aligned_alloc(SLAB_BYTES, SLAB_BYTES);
    int bytes = classes[class], count = (SLAB_BYTES - HEADER) / bytes;
    char *item = (char *)slab + HEADER;
    *slab = (struct slab){ slabs[class], item, 0, (unsigned)bytes };
    for (int i = 1; i < count; i++, item += bytes)
        *(void **)item = item + bytes;
    *(void **)item = NULL;
    return slabs[class] = slab;
}

//! One cache a class: a slab holds items of one size only.
static void *sized_alloc(int size)
{
    int class = class_of(size);
    struct slab *slab = slabs[class];
    if (slab == NULL || slab->free == NULL)
        slab = grow(class);
    void *item = slab->free;
    slab->free = *(void **)item;
    slab->used++;
    return item;
}

//! The size need not be told: the header, found by rounding down, knows its class.
static unsigned item_bytes(void *item)
{
    uintptr_t slab = (uintptr_t)item & ~(uintptr_t)(SLAB_BYTES - 1);
    return ((struct slab *)slab)->item_bytes;
}
// #endregion

// #region main
int main(void)
{
    static const int sizes[] = { 1, 16, 17, 65, 100, 129, 300, 513, 1000 };
    for (int i = 0; i < (int)(sizeof sizes / sizeof *sizes); i++) {
        sized_alloc(sizes[i]);
        void *second = sized_alloc(sizes[i]);
        int bytes = (int)item_bytes(second), at = (int)((uintptr_t)second % SLAB_BYTES);
        printf("%4d bytes in a class of %4d, wasted %3d, at %4d in its slab\n",
               sizes[i], bytes, bytes - sizes[i], at);
    }
    int worst = 0, worst_at = 0;
    for (int size = 65; size <= 1024; size++) {
        int bytes = classes[class_of(size)], wasted = (bytes - size) * 1000 / bytes;
        if (wasted > worst) {
            worst = wasted;
            worst_at = size;
        }
    }
    printf("worst above 64: %d.%d %% at %d bytes\n", worst / 10, worst % 10, worst_at);
    return 0;
}
// #endregion
