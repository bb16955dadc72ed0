// The stack's mapping while a recursion goes down and comes back.
// Linux: cc -Wall -Wextra 03-growth.c && ./a.out
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

// #region stack-kb
//! The line of /proc/self/maps that ends in [stack]: its size in kB.
static long stack_kb(void)
{
    static char line[512];
    unsigned long start = 0, end = 0;
    FILE *maps = fopen("/proc/self/maps", "r");
    while (maps != NULL && fgets(line, sizeof line, maps) != NULL)
        if (strstr(line, "[stack]") != NULL)
            sscanf(line, "%lx-%lx", &start, &end);
    if (maps != NULL)
        fclose(maps);
    return (long)(end - start) / 1024;
}
// #endregion

static void touch(char *p)
{
    *p = 1;
}

// #region descend
static long deepest;

//! Each call takes 64 KiB and touches its lowest byte: the kernel makes the mapping longer.
static void descend(int calls)
{
    char block[65536];
    touch(block);
    if (calls > 1)
        descend(calls - 1);
    else
        deepest = stack_kb();
}

int main(void)
{
    struct rlimit limit;
    getrlimit(RLIMIT_STACK, &limit);
    printf("at the start                 %5ld kB\n", stack_kb());
    descend(1);
    printf("one call with 64 KiB         %5ld kB\n", deepest);
    descend(100);
    //! Rounded to 100 kB: how much lies above main() depends on the environment.
    printf("100 calls with 64 KiB, about %5ld kB\n", (deepest + 50) / 100 * 100);
    printf("back in main(), about        %5ld kB\n", (stack_kb() + 50) / 100 * 100);
    printf("the limit                    %5ld kB\n", (long)limit.rlim_cur / 1024);
    return 0;
}
// #endregion
