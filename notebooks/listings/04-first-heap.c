// The program break before and after the first allocations, and what one block costs.
// glibc only (malloc_usable_size, and the numbers).
#define _GNU_SOURCE
#include <malloc.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int main(void)
{
    // #region break
    //! sbrk(0) moves nothing: it answers where the break is.
    char *heap = sbrk(0);
    char *first = malloc(24);
    char *after = sbrk(0);
    char *second = malloc(24);
    char *then = sbrk(0);
    // #endregion

    // #region requests
    static const size_t request[] = { 0, 1, 24, 25, 40, 41, 1000, 1032, 1033 };
    enum { REQUESTS = sizeof request / sizeof *request };
    size_t usable[REQUESTS];
    ptrdiff_t stride[REQUESTS];
    for (int i = 0; i < REQUESTS; i++) {
        //! Two of a kind, taken from the same unused stretch, lie side by side.
        char *one = malloc(request[i]);
        char *two = malloc(request[i]);
        usable[i] = malloc_usable_size(one);
        stride[i] = two - one;
    }
    // #endregion

    //! stdio allocates its buffer here: after everything that is measured.
    printf("first block at heap+0x%tx\n", first - heap);
    printf("second block at heap+0x%tx\n", second - heap);
    printf("break moved by 0x%tx, then by 0x%tx\n", after - heap, then - after);
    printf("%8s%8s%8s\n", "request", "usable", "stride");
    for (int i = 0; i < REQUESTS; i++)
        printf("%8zu%8zu%8td\n", request[i], usable[i], stride[i]);
    return EXIT_SUCCESS;
}
