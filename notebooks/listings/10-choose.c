// Asking for an address: a hint, a command, and a command that looks first.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { PAGE = 4096, SIZE = 4 * PAGE };

static char *const home = (char *)0x100000000000;

static char *map_at(char *address, int flags)
{
    return mmap(address, SIZE, PROT_READ | PROT_WRITE,
                MAP_PRIVATE | MAP_ANONYMOUS | flags, -1, 0);
}

// #region mapped
//! mincore() answers ENOMEM where a page of the range is in no mapping.
static int is_mapped(char *page)
{
    unsigned char in_core;
    return mincore(page, PAGE, &in_core) == 0;
}
// #endregion

static void tell(const char *step, char *map)
{
    if (map == MAP_FAILED)
        printf("%-38s%s\n", step, strerrorname_np(errno));
    else if (map >= home && map < home + 16 * PAGE)
        printf("%-38shome+0x%tx\n", step, map - home);
    else
        printf("%-38selsewhere\n", step);
}

int main(void)
{
    // #region hint
    tell("a hint, and the place is free", map_at(home, 0));
    strcpy(home, "data");
    tell("the same hint again", map_at(home, 0));
    tell("a hint in the midst of a page", map_at(home + 5 * PAGE + 123, 0));
    // #endregion

    // #region fixed
    tell("MAP_FIXED_NOREPLACE on our data", map_at(home, MAP_FIXED_NOREPLACE));
    printf("%-38s\"%s\"\n", "our data", home);
    tell("MAP_FIXED on our data", map_at(home, MAP_FIXED));
    printf("%-38s\"%s\"\n", "our data", home);
    tell("MAP_FIXED in the midst of a page", map_at(home + 123, MAP_FIXED));
    tell("MAP_FIXED at address 0x800000000000",
         map_at((char *)0x800000000000, MAP_FIXED));
    // #endregion

    // #region hole
    munmap(home + PAGE, PAGE);
    for (int i = 0; i < 4; i++)
        printf("page %d of it is mapped: %s\n", i,
               is_mapped(home + i * PAGE) ? "yes" : "no");
    // #endregion
    return EXIT_SUCCESS;
}
