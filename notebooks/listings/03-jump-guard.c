// cc: -fno-stack-clash-protection
// A variable-length array so large that its first byte lies beyond the guard gap.
// Linux x86-64: cc -Wall -Wextra -fno-stack-clash-protection 03-jump-guard.c && ./a.out
#define _GNU_SOURCE
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MIB = 1024 * 1024 };

static unsigned char *first, *other;

static void store(char *p)
{
    *p = 42;
    first = (unsigned char *)p;
}

// #region jump
//! Only the first byte of the array is touched, `size` bytes below everything else.
static void jump(size_t size)
{
    char array[size];
    store(array);
}
// #endregion

// #region try
//! In a child, because some of them end it; what its array wrote it counts itself.
static void try(long mib)
{
    int status;
    fflush(stdout);
    if (fork() == 0) {
        long hits = 0;
        jump((size_t)mib * MIB);
        for (unsigned char *p = first; p < other + 4 * MIB; p++)
            hits += *p == 42;
        _exit((int)hits);
    }
    wait(&status);
    printf("array of %5ld MiB: ", mib);
    if (WIFSIGNALED(status))
        printf("killed by SIG%s\n", sigabbrev_np(WTERMSIG(status)));
    else
        printf("not stopped, bytes written into the other mapping: %d\n",
               WEXITSTATUS(status));
}
// #endregion

// #region main
int main(void)
{
    char here;
    //! Somebody else's memory: 4 MiB, 64 MiB below the stack. Stacks end at 8 MiB here.
    char *stack = (char *)((uintptr_t)&here & ~(uintptr_t)(MIB - 1));
    int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE;
    other = mmap(stack - 64 * MIB, 4 * MIB, PROT_READ | PROT_WRITE, flags, -1, 0);
    if (other == MAP_FAILED)
        return 1;
    //! Within the limit; below it, where nothing is; in the other mapping; below that.
    try(4);
    try(32);
    try(62);
    try(72);
    return 0;
}
// #endregion
