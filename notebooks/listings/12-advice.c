// Four maps that hold a letter, and what a child finds: shared, copied, wiped, absent.
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PAGE = 4096, KINDS = 4 };

// #region make
static const char *const name[KINDS] = {
    "MAP_PRIVATE", "MAP_PRIVATE, MADV_WIPEONFORK", "MAP_PRIVATE, MADV_DONTFORK",
    "MAP_SHARED",
};
static const int advice[KINDS] = {
    MADV_NORMAL, MADV_WIPEONFORK, MADV_DONTFORK, MADV_NORMAL,
};

static char *make(int kind)
{
    int flags = (kind == 3 ? MAP_SHARED : MAP_PRIVATE) | MAP_ANONYMOUS;
    char *map = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, flags, -1, 0);
    if (map == MAP_FAILED || madvise(map, PAGE, advice[kind]) != 0) {
        perror("make");
        exit(EXIT_FAILURE);
    }
    *map = 'p';
    return map;
}
// #endregion

int main(void)
{
    // #region fork
    for (int kind = 0; kind < KINDS; kind++) {
        volatile char *map = make(kind);
        int status;
        fflush(stdout);
        if (fork() == 0) {
            char found = *map;
            *map = 'c';
            //! The exit status carries one byte: what the child has found.
            _exit(found);
        }
        wait(&status);
        if (WIFSIGNALED(status))
            printf("%s: the child is ended by signal %d", name[kind], WTERMSIG(status));
        else
            printf("%s: the child finds '%c'", name[kind],
                   WEXITSTATUS(status) ? WEXITSTATUS(status) : '0');
        printf(", the parent then has '%c'\n", *map);
    }
    // #endregion
    return EXIT_SUCCESS;
}
