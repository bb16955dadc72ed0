// Where the first items of 64 slabs fall in a cache of 64 sets, with and without colours.
// Any system: cc -Wall -Wextra 06-colour.c && ./a.out
#include <stdio.h>
#include <string.h>

enum { SLAB_BYTES = 4096, HEADER = 24, LINE = 64, SETS = 64, SLABS = 64 };

// #region sets
//! A first-level data cache of 32 KiB: 64 sets, 8 lines in each. Bits 6 to 11 choose the set.
static int set_of(unsigned long address)
{
    return (int)(address / LINE % SETS);
}

//! The number of different sets that the first item of each slab uses.
static int different_sets(size_t item, int coloured)
{
    char seen[SETS];
    int count = 0, colours = 1;
    size_t items = (SLAB_BYTES - HEADER) / item;
    if (coloured)
        colours += (int)((SLAB_BYTES - HEADER - items * item) / LINE);
    memset(seen, 0, sizeof seen);
    for (int slab = 0; slab < SLABS; slab++) {
        //! Each further slab starts its items one line later, as far as the rest allows.
        unsigned long first = (unsigned long)slab * SLAB_BYTES + HEADER;
        first += (unsigned long)(slab % colours) * LINE;
        count += !seen[set_of(first)];
        seen[set_of(first)] = 1;
    }
    return count;
}
// #endregion

// #region main
int main(void)
{
    static const size_t sizes[] = { 64, 320, 560, 600, 700, 1000 };
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        printf("items of %4zu bytes: %d set without, %d with colours\n", sizes[i],
               different_sets(sizes[i], 0), different_sets(sizes[i], 1));
    return 0;
}
// #endregion
