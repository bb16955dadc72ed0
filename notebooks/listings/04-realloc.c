// When realloc() moves a block, when it does not, and when it moves pages without copying.
#define _GNU_SOURCE
#include <limits.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

enum { MIB = 1024 * 1024, TRIES = 3 };

static long minor_faults(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_minflt;
}

// #region step
//! Addresses as numbers: the old pointer may not even be looked at after realloc().
static size_t where;
static const char *answer[16];
static int steps;

static void *grow(void *block, size_t size)
{
    where = (size_t)block;
    void *grown = realloc(block, size);
    answer[steps++] = (size_t)grown == where ? "stays" : "moves";
    return grown;
}
// #endregion

int main(void)
{
    // #region heap
    char *block = malloc(100);
    //! 100 bytes have a chunk of 112: 104 fit without a change.
    block = grow(block, 104);
    //! Behind it lies the unused top.
    block = grow(block, 1000);
    char *wall = malloc(24);
    block = grow(block, 2000);
    //! The chunk behind is free now, but the block has moved on.
    block = grow(block, 100);
    // #endregion

    // #region mapped
    char *map = NULL, *maps[TRIES];
    long faults = LONG_MAX;
    //! The code of realloc() may fault by itself: the least of three tries counts.
    for (int i = 0; i < TRIES; i++) {
        map = malloc(8 * MIB);
        memset(map, 1, 8 * MIB);
        long before = minor_faults();
        map = maps[i] = grow(map, 16 * MIB);
        long counted = minor_faults() - before;
        faults = counted < faults ? counted : faults;
    }
    int first = map[0], last = map[8 * MIB - 1], fresh = map[8 * MIB];
    // #endregion

    printf("100 to 104 bytes: %s\n", answer[0]);
    printf("to 1000, the top behind it: %s\n", answer[1]);
    printf("to 2000, a block behind it: %s\n", answer[2]);
    printf("back to 100: %s, usable %zu\n", answer[3], malloc_usable_size(block));
    printf("8 MiB to 16 MiB: %s; faults: %ld; bytes %d %d %d\n", answer[4], faults,
           first, last, fresh);
    free(wall);
    free(block);
    for (int i = 0; i < TRIES; i++)
        free(maps[i]);
    return EXIT_SUCCESS;
}
