// Two thirds of the address space: once a safe place, now the program's own.
#define _GNU_SOURCE
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <unistd.h>

enum { PAGE = 4096 };

int main(int argc, char **argv)
{
    //! Without randomisation, so that each run is the same: the program starts itself anew.
    if (argc == 1) {
        personality(ADDR_NO_RANDOMIZE);
        execl("/proc/self/exe", argv[0], "again", NULL);
        perror("execl");
        return EXIT_FAILURE;
    }

    // #region two-thirds
    const uintptr_t task_size = 0x800000000000;
    uintptr_t third = task_size / 3 * 2 / PAGE * PAGE;
    void *map = mmap((void *)third, PAGE, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
    const char *answer = map == MAP_FAILED ? strerrorname_np(errno) : "ok";
    // #endregion

    printf("two thirds: 0x%zx\n", third);
    printf("MAP_FIXED_NOREPLACE there: %s\n", answer);
    return EXIT_SUCCESS;
}
