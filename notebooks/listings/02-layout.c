// Where the parts of a program lie, with randomisation off and an empty environment.
// Linux x86-64, glibc: cc -Wall -Wextra 02-layout.c && ./a.out
#define _GNU_SOURCE
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>
#include <unistd.h>

// #region objects
static const char constant[] = "in the program's file, read only";
static int initialised = 1;
static int zeroed;
// #endregion

// #region locate
//! Prints the mapping that holds an address: its rights, and what it belongs to.
static void locate(const char *what, uintptr_t address)
{
    char line[512], rights[5], path[256];
    unsigned long start, end;
    FILE *maps = fopen("/proc/self/maps", "r");
    while (maps != NULL && fgets(line, sizeof line, maps) != NULL) {
        path[0] = '\0';
        sscanf(line, "%lx-%lx %4s %*s %*s %*s %255s", &start, &end, rights, path);
        if (address < start || address >= end)
            continue;
        char *slash = strrchr(path, '/');
        const char *name = slash != NULL ? slash + 1 : path;
        if (strcmp(name, program_invocation_short_name) == 0)
            name = "the program";
        printf("%-24s %s  %s\n", what, rights, name[0] != '\0' ? name : "(no name)");
    }
    if (maps != NULL)
        fclose(maps);
}
// #endregion

// #region restart
//! `setarch -R`, from inside: the flag is inherited by the program that exec starts.
static void without_randomisation(char **argv)
{
    char *empty[] = { NULL };
    if ((personality(0xffffffff) & ADDR_NO_RANDOMIZE) == 0) {
        personality(ADDR_NO_RANDOMIZE);
        execve("/proc/self/exe", argv, empty);
    }
}
// #endregion

// #region main
int main(int argc, char **argv)
{
    (void)argc;
    without_randomisation(argv);
    int local = zeroed;
    void *small = malloc(10), *large = malloc(1024 * 1024);
    locate("main()", (uintptr_t)main);
    locate("a constant", (uintptr_t)constant);
    locate("an initialised static", (uintptr_t)&initialised);
    locate("a zeroed static", (uintptr_t)&zeroed);
    locate("malloc(10)", (uintptr_t)small);
    locate("malloc(1 MiB)", (uintptr_t)large);
    locate("printf()", (uintptr_t)printf);
    locate("a local", (uintptr_t)&local);
    return 0;
}
// #endregion
