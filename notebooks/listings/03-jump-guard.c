// cc: -fno-stack-clash-protection
// A variable-length array so large that its first byte lies beyond the guard gap.
// Linux x86-64: cc -Wall -Wextra -fno-stack-clash-protection 03-jump-guard.c && ./a.out
#define _GNU_SOURCE
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

enum { MIB = 1024 * 1024 };

static void store(char *p)
{
    *p = 42;
}

// #region jump
//! Only the first byte of the array is touched, `size` bytes below everything else.
static void jump(size_t size)
{
    char array[size];
    store(array);
}
// #endregion

// #region main
int main(void)
{
    char here;
    //! Somebody else's memory: 4 MiB, 64 MiB below the stack. Stacks end at 8 MiB here.
    char *stack = (char *)((uintptr_t)&here & ~(uintptr_t)(MIB - 1));
    int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE;
    unsigned char *other = mmap(stack - 64 * MIB, 4 * MIB, PROT_READ | PROT_WRITE,
                                flags, -1, 0);
    if (other == MAP_FAILED)
        return 1;
    jump(62 * MIB);
    long hits = 0;
    for (long i = 0; i < 4 * MIB; i++)
        hits += other[i] == 42;
    printf("the program was not stopped\n");
    printf("bytes written into the other mapping: %ld\n", hits);
    return 0;
}
// #endregion
