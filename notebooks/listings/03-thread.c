// cc: -pthread
// Where the stack of a thread lies.
// Linux, glibc: cc -Wall -Wextra -pthread 03-thread.c && ./a.out
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>

// #region worker
static void *worker(void *arg)
{
    static char line[512];
    static char below[64];
    char local;
    unsigned long start, end, below_start = 0, below_end = 0;
    char rights[5];
    FILE *maps = fopen("/proc/self/maps", "r");
    while (maps != NULL && fgets(line, sizeof line, maps) != NULL) {
        sscanf(line, "%lx-%lx %4s", &start, &end, rights);
        //! The mapping that holds a local of this thread, and the one right below it.
        if ((uintptr_t)&local >= start && (uintptr_t)&local < end) {
            printf("the stack:     %5lu kB %s\n", (end - start) / 1024, rights);
            printf("right below:   %5lu kB %s\n", (below_end - below_start) / 1024,
                   below);
            printf("between them:  %5lu kB\n", (start - below_end) / 1024);
        }
        below_start = start;
        below_end = end;
        snprintf(below, sizeof below, "%s", rights);
    }
    if (maps != NULL)
        fclose(maps);
    return arg;
}
// #endregion

// #region main
int main(void)
{
    pthread_t thread;
    pthread_create(&thread, NULL, worker, NULL);
    pthread_join(thread, NULL);
    return 0;
}
// #endregion
