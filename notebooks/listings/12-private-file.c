// A private map of a file: what is copied, when, and what others still change under it.
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { PAGE = 4096, SIZE = 2 * PAGE };

static int fd;
static char *map;

//! The first byte of both pages: through the map, and as read() gives them.
static void show(const char *step)
{
    char in_file[2];
    for (int i = 0; i < 2; i++)
        if (pread(fd, &in_file[i], 1, i * PAGE) != 1)
            exit(EXIT_FAILURE);
    printf("%-36smap %c %c  file %c %c\n", step, map[0], map[PAGE], in_file[0],
           in_file[1]);
}

static void put(const char *bytes, off_t where)
{
    if (pwrite(fd, bytes, strlen(bytes), where) != (ssize_t)strlen(bytes)) {
        perror("pwrite");
        exit(EXIT_FAILURE);
    }
}

int main(void)
{
    char name[] = "private-XXXXXX";
    fd = mkstemp(name);
    unlink(name);
    // #region private
    if (ftruncate(fd, SIZE) != 0)
        return EXIT_FAILURE;
    put("f", 0);
    put("f", PAGE);
    map = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
    if (map == MAP_FAILED) {
        perror("mmap");
        return EXIT_FAILURE;
    }
    show("mapped");
    map[0] = 'm';
    show("we write page 0 through the map");
    put("F", 0);
    put("F", PAGE);
    show("somebody writes both to the file");
    madvise(map, SIZE, MADV_DONTNEED);
    show("MADV_DONTNEED");
    // #endregion
    return EXIT_SUCCESS;
}
