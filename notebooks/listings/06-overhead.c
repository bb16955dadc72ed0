// What small items cost: malloc() against slabs, in bytes taken from the system.
// glibc on x86-64: cc -Wall -Wextra 06-overhead.c && ./a.out
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>

enum { COUNT = 10000, SLAB_BYTES = 4096, HEADER = 24 };

// #region price
//! The chunk that malloc() makes: what can be used, and 8 bytes before it.
static size_t malloc_bytes(size_t size)
{
    void *p = malloc(size);
    size_t bytes = malloc_usable_size(p) + 8;
    free(p);
    return bytes;
}

//! A slab's share: the whole slab, its header and its rest, divided by its items.
static double slab_bytes(size_t size)
{
    size_t item = (size + 7) / 8 * 8;
    return (double)SLAB_BYTES / ((SLAB_BYTES - HEADER) / item);
}
// #endregion

// #region main
int main(void)
{
    static const size_t sizes[] = { 8, 16, 24, 25, 32, 40, 48, 64, 100, 500 };
    printf("size   malloc     slab\n");
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        printf("%4zu  %7zu  %7.2f\n", sizes[i], malloc_bytes(sizes[i]),
               slab_bytes(sizes[i]));
    return 0;
}
// #endregion
