// Which bits of an address change from run to run: 200 runs of the same program.
// Linux x86-64: cc -Wall -Wextra 02-random.c && ./a.out
#define _GNU_SOURCE
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { RUNS = 200, PARTS = 4 };

// #region sample
//! Each run answers with four addresses, through a pipe, and ends.
static void answer(int to)
{
    char local;
    uintptr_t part[PARTS] = { (uintptr_t)answer, (uintptr_t)malloc(1),
                              (uintptr_t)mmap(NULL, 4096, PROT_NONE,
                                              MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
                              (uintptr_t)&local };
    if (write(to, part, sizeof part) != sizeof part)
        _exit(1);
    _exit(0);
}

static void sample(uintptr_t part[PARTS])
{
    int ends[2];
    char number[12];
    if (pipe(ends) != 0)
        exit(1);
    snprintf(number, sizeof number, "%d", ends[1]);
    if (fork() == 0) {
        execl("/proc/self/exe", "a.out", number, (char *)NULL);
        _exit(1);
    }
    if (read(ends[0], part, PARTS * sizeof *part) < 0)
        exit(1);
    wait(NULL);
    close(ends[0]);
    close(ends[1]);
}
// #endregion

// #region main
int main(int argc, char **argv)
{
    static const char *const names[PARTS] = { "text", "heap", "mmap", "stack" };
    uintptr_t first[PARTS], now[PARTS], changed[PARTS] = { 0 };
    if (argc > 1)
        answer(atoi(argv[1]));
    sample(first);
    int ordered = 1;
    for (int run = 1; run < RUNS; run++) {
        sample(now);
        //! A bit that ever differs from the first run's is one that changes.
        for (int i = 0; i < PARTS; i++)
            changed[i] |= first[i] ^ now[i];
        ordered &= now[0] < now[1] && now[1] < now[2] && now[2] < now[3];
    }
    for (int i = 0; i < PARTS; i++)
        printf("%-6s lowest changing bit %2d\n", names[i], __builtin_ctzl(changed[i]));
    printf("text < heap < mmap < stack in all runs: %s\n", ordered ? "yes" : "no");
    return 0;
}
// #endregion
