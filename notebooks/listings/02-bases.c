// Where text, heap, the first map and the stack begin: limits, and the other direction.
// Linux x86-64: cc -Wall -Wextra 02-bases.c && ./a.out
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/personality.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

// #region edge
//! The lowest start or the highest end of the mappings whose line holds `name`.
static unsigned long edge(const char *name, int highest)
{
    char line[512];
    unsigned long start, end, found = 0;
    FILE *maps = fopen("/proc/self/maps", "r");
    while (maps != NULL && fgets(line, sizeof line, maps) != NULL) {
        if (strstr(line, name) == NULL || sscanf(line, "%lx-%lx", &start, &end) != 2)
            continue;
        if (highest || found == 0)
            found = highest ? end : start;
    }
    if (maps != NULL)
        fclose(maps);
    return found;
}
// #endregion

// #region report
//! The dynamic linker is the first thing that is mapped: it shows where maps begin.
static void report(const char *title)
{
    int up = (personality(0xffffffff) & ADDR_COMPAT_LAYOUT) != 0;
    //! AT_PHDR points into the program's first page.
    printf("%-22s text 0x%lx, maps %s 0x%lx, stack ends 0x%lx\n", title,
           getauxval(AT_PHDR) & ~0xfffUL, up ? "from" : "below", edge("ld-linux", !up),
           edge("[stack]", 1));
}

static void run(const char *title, unsigned long persona, rlim_t stack)
{
    fflush(stdout);
    if (fork() == 0) {
        struct rlimit limit = { stack, RLIM_INFINITY };
        setrlimit(RLIMIT_STACK, &limit);
        personality(persona);
        char *argv[] = { "a.out", (char *)title, NULL }, *environment[] = { NULL };
        execve("/proc/self/exe", argv, environment);
        _exit(1);
    }
    wait(NULL);
}
// #endregion

// #region main
int main(int argc, char **argv)
{
    if (argc > 1) {
        report(argv[1]);
        return 0;
    }
    const rlim_t MiB = 1024 * 1024;
    run("stack limit 8 MiB", ADDR_NO_RANDOMIZE, 8 * MiB);
    run("stack limit 64 MiB", ADDR_NO_RANDOMIZE, 64 * MiB);
    run("stack limit 1 GiB", ADDR_NO_RANDOMIZE, 1024 * MiB);
    run("stack limit unlimited", ADDR_NO_RANDOMIZE, RLIM_INFINITY);
    run("legacy layout", ADDR_NO_RANDOMIZE | ADDR_COMPAT_LAYOUT, 8 * MiB);
    return 0;
}
// #endregion
