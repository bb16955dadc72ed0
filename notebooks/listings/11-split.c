// One file, two ways: a map that can only be read, and pwrite() for whoever writes.
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PAGE = 4096, SIZE = 4 * PAGE };

static char *map;

//! The line Private_Dirty of smaps, of the map.
static long dirty_kb(void)
{
    static char text[256 * 1024];
    char header[32];
    int fd = open("/proc/self/smaps", O_RDONLY);
    size_t length = 0;
    ssize_t got;
    while ((got = read(fd, text + length, sizeof text - 1 - length)) > 0)
        length += (size_t)got;
    close(fd);
    text[length] = '\0';
    snprintf(header, sizeof header, "%lx-", (unsigned long)map);
    return atol(strstr(strstr(text, header), "\nPrivate_Dirty:") + 15);
}

static void show(const char *step)
{
    printf("%-24s map \"%.4s\"  dirty %ld kB\n", step, map, dirty_kb());
}

int main(void)
{
    static char page[PAGE] = "old!", out[1024];
    setvbuf(stdout, out, _IOFBF, sizeof out);
    char name[] = "split-XXXXXX";
    int fd = mkstemp(name);
    if (fd < 0) {
        perror("mkstemp");
        return EXIT_FAILURE;
    }
    unlink(name);
    for (int i = 0; i < SIZE / PAGE; i++)
        if (write(fd, page, PAGE) != PAGE) {
            perror("write");
            return EXIT_FAILURE;
        }
    fsync(fd);

    // #region split
    //! Who reads has the map. Who writes has the descriptor.
    map = mmap((void *)0x100000000000, SIZE, PROT_READ, MAP_SHARED, fd, 0);
    if (map == MAP_FAILED) {
        perror("mmap");
        return EXIT_FAILURE;
    }
    show("mapped, to be read");
    if (pwrite(fd, "new!", 4, 0) != 4) {
        perror("pwrite");
        return EXIT_FAILURE;
    }
    show("pwrite()");
    fdatasync(fd);
    show("fdatasync()");
    // #endregion

    // #region stray
    //! A stray pointer, in a child, since it ends whoever follows it.
    fflush(stdout);
    int status;
    if (fork() == 0) {
        map[0] = '?';
        _exit(EXIT_SUCCESS);
    }
    wait(&status);
    printf("a store into the map: %s\n",
           WIFSIGNALED(status) ? sigdescr_np(WTERMSIG(status)) : "nothing noticed");
    show("then");
    // #endregion
    return EXIT_SUCCESS;
}
