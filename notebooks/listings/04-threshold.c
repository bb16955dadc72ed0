// Where a large block comes from, the heap or a mapping of its own, and when.
#define _GNU_SOURCE
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static char *heap;

//! Inside the heap, which ends at the break? Else the block has its own mapping.
static const char *home_of(void *block)
{
    char *p = block;
    return p >= heap && p < (char *)sbrk(0) ? "heap" : "own mapping";
}

int main(void)
{
    heap = sbrk(0);
    // #region threshold
    //! 131049 + 8 bytes of header, rounded up to 16, are 128 KiB: the threshold.
    static const size_t request[] = { 131049, 131049, 131048 };
    const char *home[3];
    for (int i = 0; i < 3; i++)
        home[i] = home_of(malloc(request[i]));
    // #endregion

    // #region moving
    enum { MIB = 1024 * 1024 };
    char *one = malloc(MIB);
    const char *before = home_of(one);
    //! Freeing a mapped block raises the threshold to the block's size.
    free(one);
    char *two = malloc(MIB);
    const char *afterwards = home_of(two);
    char *three = malloc(2 * MIB);
    const char *larger = home_of(three);
    // #endregion

    for (int i = 0; i < 3; i++)
        printf("malloc(%zu): %s\n", request[i], home[i]);
    printf("malloc(1 MiB), the first time: %s\n", before);
    printf("malloc(1 MiB), after free(): %s\n", afterwards);
    printf("malloc(2 MiB): %s\n", larger);
    free(two);
    free(three);
    return EXIT_SUCCESS;
}
