// Where the first items of 64 slabs fall in a cache of 64 sets, with colours or not.
// Linux, C11: cc -Wall -Wextra 06-colour.c && ./a.out
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SLAB_BYTES = 4096, HEADER = 24, LINE = 64, SETS = 64, SLABS = 64 };

// #region sets
//! A first-level cache of 32 KiB: 64 sets of 8 lines. Bits 6 to 11 choose the set.
static int set_of(void *item)
{
    return (int)((uintptr_t)item / LINE % SETS);
}

//! Each further slab starts its items one line later, as far as the rest allows.
static void *first_item(char *slab, size_t item, int number, int coloured)
{
    size_t rest = (SLAB_BYTES - HEADER) % item;
    int colours = coloured ? 1 + (int)(rest / LINE) : 1;
    return slab + HEADER + (number % colours) * LINE;
}

//! The number of different sets that the first item of each slab uses.
static int different_sets(size_t item, int coloured)
{
    char seen[SETS], *slabs[SLABS];
    int count = 0;
    memset(seen, 0, sizeof seen);
    for (int i = 0; i < SLABS; i++) {
        slabs[i] = aligned_alloc(SLAB_BYTES, SLAB_BYTES);
        int set = set_of(first_item(slabs[i], item, i, coloured));
        count += !seen[set];
        seen[set] = 1;
    }
    for (int i = 0; i < SLABS; i++)
        free(slabs[i]);
    return count;
}
// #endregion

// #region main
int main(void)
{
    static const size_t sizes[] = { 64, 320, 560, 600, 704, 1000 };
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        printf("items of %4zu bytes: %d set without, %d with colours\n", sizes[i],
               different_sets(sizes[i], 0), different_sets(sizes[i], 1));
    return 0;
}
// #endregion
