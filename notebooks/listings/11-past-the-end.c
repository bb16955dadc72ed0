// A file of 5000 bytes in a map of four pages: what lies behind its end, which moves.
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PAGE = 4096, PAGES = 4, LENGTH = 5000 };

// #region read
//! Reads a byte in a child, which the attempt may end: the byte, or minus the signal.
static int read_in_a_child(volatile char *p)
{
    int status;
    fflush(stdout);
    if (fork() == 0)
        _exit(*p);
    wait(&status);
    return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

static void show(const char *step, char *map)
{
    printf("%-22s", step);
    for (int i = 0; i < PAGES; i++) {
        int value = read_in_a_child(map + i * PAGE);
        if (value < 0)
            printf("  SIG%s", sigabbrev_np(-value));
        else
            printf("  %6d", value);
    }
    printf("\n");
}
// #endregion

int main(void)
{
    static char ones[LENGTH];
    char name[] = "end-XXXXXX", byte = 'x';
    int fd = mkstemp(name);
    unlink(name);
    memset(ones, 1, sizeof ones);
    if (write(fd, ones, LENGTH) != LENGTH) {
        perror("write");
        return EXIT_FAILURE;
    }

    // #region end
    char *map = mmap(NULL, PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (map == MAP_FAILED) {
        perror("mmap");
        return EXIT_FAILURE;
    }
    show("5000 bytes", map);
    printf("behind the last byte: %d\n", map[LENGTH]);
    //! Within the last page this is no error. The file has no place for it, though.
    map[LENGTH] = 9;
    printf("stored 9 there; pread() moves %zd bytes\n", pread(fd, &byte, 1, LENGTH));
    // #endregion

    // #region resize
    //! The same map, no new mmap(): a fault asks the file for its size.
    if (ftruncate(fd, 3 * PAGE) != 0)
        return EXIT_FAILURE;
    show("ftruncate() to 3 pages", map);
    if (ftruncate(fd, PAGE) != 0)
        return EXIT_FAILURE;
    show("ftruncate() to 1 page", map);
    if (ftruncate(fd, 2 * PAGE) != 0)
        return EXIT_FAILURE;
    show("ftruncate() to 2 pages", map);
    // #endregion
    return EXIT_SUCCESS;
}
